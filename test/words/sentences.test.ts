import { describe, expect, it } from "vitest";
import { createUser, type Decision, definePolicy, explain, formatDecision, limit } from "../../src/index.js";
import { createWords, english, german, type WordsInput } from "../../src/words/index.js";

// Every reason in every form, in both languages, written by hand. Read the tables aloud: they are what people see.

const policy = definePolicy({
  name: "studio",
  levels: ["none", "view", "draft", "full"],
  relations: ["author", "assignee"],
  areas: {
    posts: { levels: ["none", "view", "draft", "full"], flags: { approver: ["view", "full"], lead: ["full"] } },
    mail: { levels: ["none", "view"] },
    billing: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {}, owner: {}, chief: { holds: { posts: "draft" } } },
  actions: {
    publish: { target: "group", allow: { area: "posts", level: "full" } },
    approve: { target: "group", allow: { area: "posts", every: "approver" } },
    decide: { target: "group", allow: { area: "posts", every: { level: "full", flags: ["approver", "lead"] } } },
    ask: { target: "group", allow: { area: "posts", exactly: "draft" } },
    edit: { target: "group", allow: { area: "posts", level: "view", is: ["author", "assignee"] } },
    review: { target: "group", allow: { area: "posts", level: "view", isNot: "author" } },
    send: {
      target: "group",
      allow: {
        and: [
          { area: "posts", level: "draft" },
          { area: "mail", level: "view" },
          { area: "billing", level: "full" },
        ],
      },
    },
    pay: { target: "none", allow: { area: "billing", level: "full" } },
    write: { target: "none", allow: { area: "posts", some: "draft" } },
    team: { target: "none", allow: { role: ["owner", "chief"] } },
    list: { target: "none", allow: { role: "member" } },
    reconnect: { target: "connection", allow: { role: "member" } },
    archive: { target: "group", allow: { role: "member" } },
  },
});

const shared = {
  users: { ana: "Ana", ben: "Ben", cy: "Cy" },
  connections: { fb: "Facebook – Acme", ig: "Instagram – Acme", li: "LinkedIn – Acme" },
};
const inEnglish = {
  ...shared,
  language: english,
  actions: {
    ...{ publish: "publish this now", approve: "approve this", decide: "decide about this", ask: "ask for approval" },
    ...{ edit: "edit this", review: "review this", send: "send this", pay: "pay bills", write: "write a post" },
    ...{ team: "manage the team", list: "list accounts", reconnect: "reconnect this", archive: "archive this" },
  },
  areas: { posts: "Posts", mail: "Mail", billing: "Billing" },
  levels: { none: "No access", view: "View only", draft: "Needs approval", full: "Full access" },
  flags: { approver: "Approver", lead: "Lead" },
  roles: { member: "Member", owner: "Owner", chief: "Chief" },
  relations: { author: "author", assignee: "assignee" },
} satisfies WordsInput<typeof policy>;
const inGerman = {
  ...shared,
  language: german,
  actions: {
    ...{ publish: "Jetzt veröffentlichen", approve: "Freigeben", decide: "Entscheiden", ask: "Freigabe anfragen" },
    ...{ edit: "Bearbeiten", review: "Prüfen", send: "Senden", pay: "Rechnungen zahlen", write: "Beitrag schreiben" },
    ...{ team: "Team verwalten", list: "Konten auflisten", reconnect: "Neu verbinden", archive: "Archivieren" },
  },
  areas: { posts: "Beiträge", mail: "Nachrichten", billing: "Abrechnung" },
  levels: { none: "Kein Zugriff", view: "Nur ansehen", draft: "Freigabe nötig", full: "Vollzugriff" },
  flags: { approver: "Freigabe", lead: "Leitung" },
  roles: { member: "Mitglied", owner: "Inhaber", chief: "Chef" },
  relations: { author: "Autor", assignee: "Bearbeiter" },
} satisfies WordsInput<typeof policy>;

const ana = createUser(policy, {
  id: "ana",
  role: "member",
  grants: { fb: { posts: "full", mail: "view" }, ig: { posts: "draft" }, li: { posts: "draft" } },
});
const newcomer = createUser(policy, { id: "ana", role: "member" });
const chief = createUser(policy, { id: "ana", role: "chief", connections: ["fb"] });
const owner = createUser(policy, {
  id: "ana",
  role: "owner",
  grants: { fb: { posts: "full" }, ig: { posts: "full" } },
});
const key = limit(owner, { grants: { posts: "view" } });
const to = (...connections: string[]) => ({ connections });
const many = ["a", "b", "c", "d", "e", "f", "g", "h"];

const decisions = {
  "a yes": explain(ana, "write"),
  "a yes on connections": explain(ana, "publish", to("fb")),
  "level-too-low": explain(ana, "publish", to("fb", "li")),
  "level-too-low, of two": explain(ana, "publish", to("fb", "ig", "li")),
  "level-too-high": explain(ana, "ask", to("fb")),
  "level-too-high, of several": explain(owner, "ask", to("fb", "ig")),
  "flag-missing": explain(ana, "approve", to("fb")),
  "flag-missing, two of them": explain(ana, "decide", to("fb")),
  "no-access": explain(ana, "publish", to("tt")),
  "no-access, on many": explain(newcomer, "publish", to(...many)),
  "no-access, of all": explain(newcomer, "write"),
  "no-access, in the account": explain(ana, "pay"),
  "several areas and the account": explain(ana, "send", to("ig", "tt")),
  "limited on a connection": explain(key, "publish", to("fb")),
  "limited on two": explain(key, "publish", to("fb", "ig")),
  "limited in the account": explain(
    limit(createUser(policy, { id: "ana", role: "member", account: { billing: "full" } }), {}),
    "pay",
  ),
  "role-required": explain(ana, "team"),
  "role-required, and limited": explain(key, "team"),
  "relation-required": explain(ana, "edit", { ...to("fb"), author: "ben", assignee: null }),
  "relation-excluded": explain(ana, "review", { ...to("fb"), author: "ana" }),
  "unknown-connection": explain(ana, "reconnect", "tt"),
  "unknown-connection, of several": explain(ana, "archive", to("fb", "tt")),
  "fixed-by-role": explain(chief, "publish", to("fb")),
  "empty-group": explain(ana, "publish", to()),
  "unknown-connection, of none": {
    allowed: false,
    action: "list",
    user: "ana",
    reason: "unknown-connection",
    blockers: [],
  },
} satisfies Record<string, Decision<typeof policy>>;
type Case = keyof typeof decisions;

type Tables = Readonly<
  Record<"you, short" | "you, long" | "another, short" | "another, long", Readonly<Record<Case, string>>>
>;

const expectedEnglish: Tables = {
  "you, short": {
    "a yes": "You can write a post.",
    "a yes on connections": "You can publish this now.",
    "level-too-low": "You can't publish this now: LinkedIn – Acme needs Full access (you have Needs approval).",
    "level-too-low, of two":
      "You can't publish this now: Instagram – Acme and LinkedIn – Acme need Full access (you have Needs approval).",
    "level-too-high": "You can't ask for approval: Facebook – Acme needs Needs approval (you have Full access).",
    "level-too-high, of several":
      "You can't ask for approval: Facebook – Acme or Instagram – Acme needs Needs approval (you have Full access).",
    "flag-missing": "You can't approve this: Facebook – Acme needs Full access with Approver (you have Full access).",
    "flag-missing, two of them":
      "You can't decide about this: Facebook – Acme needs Full access with Approver and Lead (you have Full access).",
    "no-access": "You can't publish this now: tt needs Full access (you have No access).",
    "no-access, on many": "You can't publish this now: a, b, c, and 5 more need Full access (you have No access).",
    "no-access, of all": "You can't write a post: you have no access to Posts.",
    "no-access, in the account": "You can't pay bills: in the account, you need Full access (you have No access).",
    "several areas and the account":
      "You can't send this: in the account, you need Full access (you have No access); Instagram – Acme needs View only (you have No access); tt needs Needs approval in Posts and View only in Mail (you have No access in Posts and No access in Mail).",
    "limited on a connection":
      "You can't publish this now: Facebook – Acme needs Full access (your access is limited to View only).",
    "limited on two":
      "You can't publish this now: Facebook – Acme and Instagram – Acme need Full access (your access is limited to View only).",
    "limited in the account":
      "You can't pay bills: in the account, you need Full access (your access is limited to No access).",
    "role-required": "You can't manage the team: this needs the role Owner or Chief.",
    "role-required, and limited":
      "You can't manage the team: this needs the role Owner or Chief, which your limited access leaves out.",
    "relation-required": "You can't edit this: only the author or assignee of the post can do this.",
    "relation-excluded": "You can't review this: the author of the post can't do this.",
    "unknown-connection": "You can't reconnect this: this connection is not part of the account.",
    "unknown-connection, of several": "You can't archive this: not all of these connections are part of the account.",
    "fixed-by-role": "You can't publish this now: your role alone decides about your access to Posts.",
    "empty-group": "You can't publish this now: no connection is chosen.",
    "unknown-connection, of none": "You can't list accounts: the account has no connection.",
  },
  "you, long": {
    "a yes": "You can write a post.",
    "a yes on connections": "You can publish this now on Facebook – Acme.",
    "level-too-low":
      "You can't publish this now on Facebook – Acme and LinkedIn – Acme: LinkedIn – Acme needs Full access in Posts (you have Needs approval).",
    "level-too-low, of two":
      "You can't publish this now on Facebook – Acme, Instagram – Acme, and LinkedIn – Acme: Instagram – Acme and LinkedIn – Acme need Full access in Posts (you have Needs approval).",
    "level-too-high":
      "You can't ask for approval on Facebook – Acme: Facebook – Acme needs Needs approval in Posts (you have Full access).",
    "level-too-high, of several":
      "You can't ask for approval on Facebook – Acme and Instagram – Acme: Facebook – Acme or Instagram – Acme needs Needs approval in Posts (you have Full access).",
    "flag-missing":
      "You can't approve this on Facebook – Acme: Facebook – Acme needs Full access with Approver in Posts (you have Full access).",
    "flag-missing, two of them":
      "You can't decide about this on Facebook – Acme: Facebook – Acme needs Full access with Approver and Lead in Posts (you have Full access).",
    "no-access": "You can't publish this now on tt: tt needs Full access in Posts (you have No access).",
    "no-access, on many":
      "You can't publish this now on a, b, c, d, e, and 3 more: a, b, c, d, e, and 3 more need Full access in Posts (you have No access).",
    "no-access, of all": "You can't write a post: you have no access to Posts.",
    "no-access, in the account":
      "You can't pay bills: in the account, you need Full access in Billing (you have No access).",
    "several areas and the account":
      "You can't send this on Instagram – Acme and tt: in the account, you need Full access in Billing (you have No access); Instagram – Acme needs View only in Mail (you have No access); tt needs Needs approval in Posts and View only in Mail (you have No access in Posts and No access in Mail).",
    "limited on a connection":
      "You can't publish this now on Facebook – Acme: Facebook – Acme needs Full access in Posts (your access is limited to View only).",
    "limited on two":
      "You can't publish this now on Facebook – Acme and Instagram – Acme: Facebook – Acme and Instagram – Acme need Full access in Posts (your access is limited to View only).",
    "limited in the account":
      "You can't pay bills: in the account, you need Full access in Billing (your access is limited to No access).",
    "role-required": "You can't manage the team: this needs the role Owner or Chief.",
    "role-required, and limited":
      "You can't manage the team: this needs the role Owner or Chief, which your limited access leaves out.",
    "relation-required": "You can't edit this on Facebook – Acme: only the author or assignee of the post can do this.",
    "relation-excluded": "You can't review this on Facebook – Acme: the author of the post can't do this.",
    "unknown-connection": "You can't reconnect this on tt: this connection is not part of the account.",
    "unknown-connection, of several":
      "You can't archive this on Facebook – Acme and tt: not all of these connections are part of the account.",
    "fixed-by-role":
      "You can't publish this now on Facebook – Acme: your role alone decides about your access to Posts.",
    "empty-group": "You can't publish this now: no connection is chosen.",
    "unknown-connection, of none": "You can't list accounts: the account has no connection.",
  },
  "another, short": {
    "a yes": "Ana can write a post.",
    "a yes on connections": "Ana can publish this now.",
    "level-too-low": "Ana can't publish this now: LinkedIn – Acme needs Full access (Ana has Needs approval).",
    "level-too-low, of two":
      "Ana can't publish this now: Instagram – Acme and LinkedIn – Acme need Full access (Ana has Needs approval).",
    "level-too-high": "Ana can't ask for approval: Facebook – Acme needs Needs approval (Ana has Full access).",
    "level-too-high, of several":
      "Ana can't ask for approval: Facebook – Acme or Instagram – Acme needs Needs approval (Ana has Full access).",
    "flag-missing": "Ana can't approve this: Facebook – Acme needs Full access with Approver (Ana has Full access).",
    "flag-missing, two of them":
      "Ana can't decide about this: Facebook – Acme needs Full access with Approver and Lead (Ana has Full access).",
    "no-access": "Ana can't publish this now: tt needs Full access (Ana has No access).",
    "no-access, on many": "Ana can't publish this now: a, b, c, and 5 more need Full access (Ana has No access).",
    "no-access, of all": "Ana can't write a post: Ana has no access to Posts.",
    "no-access, in the account": "Ana can't pay bills: in the account, Ana needs Full access (Ana has No access).",
    "several areas and the account":
      "Ana can't send this: in the account, Ana needs Full access (Ana has No access); Instagram – Acme needs View only (Ana has No access); tt needs Needs approval in Posts and View only in Mail (Ana has No access in Posts and No access in Mail).",
    "limited on a connection":
      "Ana can't publish this now: Facebook – Acme needs Full access (Ana is limited to View only).",
    "limited on two":
      "Ana can't publish this now: Facebook – Acme and Instagram – Acme need Full access (Ana is limited to View only).",
    "limited in the account":
      "Ana can't pay bills: in the account, Ana needs Full access (Ana is limited to No access).",
    "role-required": "Ana can't manage the team: this needs the role Owner or Chief.",
    "role-required, and limited":
      "Ana can't manage the team: this needs the role Owner or Chief, which the limited access of Ana leaves out.",
    "relation-required": "Ana can't edit this: only the author or assignee of the post can do this.",
    "relation-excluded": "Ana can't review this: the author of the post can't do this.",
    "unknown-connection": "Ana can't reconnect this: this connection is not part of the account.",
    "unknown-connection, of several": "Ana can't archive this: not all of these connections are part of the account.",
    "fixed-by-role": "Ana can't publish this now: the role of Ana alone decides about the access to Posts.",
    "empty-group": "Ana can't publish this now: no connection is chosen.",
    "unknown-connection, of none": "Ana can't list accounts: the account has no connection.",
  },
  "another, long": {
    "a yes": "Ana can write a post.",
    "a yes on connections": "Ana can publish this now on Facebook – Acme.",
    "level-too-low":
      "Ana can't publish this now on Facebook – Acme and LinkedIn – Acme: LinkedIn – Acme needs Full access in Posts (Ana has Needs approval).",
    "level-too-low, of two":
      "Ana can't publish this now on Facebook – Acme, Instagram – Acme, and LinkedIn – Acme: Instagram – Acme and LinkedIn – Acme need Full access in Posts (Ana has Needs approval).",
    "level-too-high":
      "Ana can't ask for approval on Facebook – Acme: Facebook – Acme needs Needs approval in Posts (Ana has Full access).",
    "level-too-high, of several":
      "Ana can't ask for approval on Facebook – Acme and Instagram – Acme: Facebook – Acme or Instagram – Acme needs Needs approval in Posts (Ana has Full access).",
    "flag-missing":
      "Ana can't approve this on Facebook – Acme: Facebook – Acme needs Full access with Approver in Posts (Ana has Full access).",
    "flag-missing, two of them":
      "Ana can't decide about this on Facebook – Acme: Facebook – Acme needs Full access with Approver and Lead in Posts (Ana has Full access).",
    "no-access": "Ana can't publish this now on tt: tt needs Full access in Posts (Ana has No access).",
    "no-access, on many":
      "Ana can't publish this now on a, b, c, d, e, and 3 more: a, b, c, d, e, and 3 more need Full access in Posts (Ana has No access).",
    "no-access, of all": "Ana can't write a post: Ana has no access to Posts.",
    "no-access, in the account":
      "Ana can't pay bills: in the account, Ana needs Full access in Billing (Ana has No access).",
    "several areas and the account":
      "Ana can't send this on Instagram – Acme and tt: in the account, Ana needs Full access in Billing (Ana has No access); Instagram – Acme needs View only in Mail (Ana has No access); tt needs Needs approval in Posts and View only in Mail (Ana has No access in Posts and No access in Mail).",
    "limited on a connection":
      "Ana can't publish this now on Facebook – Acme: Facebook – Acme needs Full access in Posts (Ana is limited to View only).",
    "limited on two":
      "Ana can't publish this now on Facebook – Acme and Instagram – Acme: Facebook – Acme and Instagram – Acme need Full access in Posts (Ana is limited to View only).",
    "limited in the account":
      "Ana can't pay bills: in the account, Ana needs Full access in Billing (Ana is limited to No access).",
    "role-required": "Ana can't manage the team: this needs the role Owner or Chief.",
    "role-required, and limited":
      "Ana can't manage the team: this needs the role Owner or Chief, which the limited access of Ana leaves out.",
    "relation-required": "Ana can't edit this on Facebook – Acme: only the author or assignee of the post can do this.",
    "relation-excluded": "Ana can't review this on Facebook – Acme: the author of the post can't do this.",
    "unknown-connection": "Ana can't reconnect this on tt: this connection is not part of the account.",
    "unknown-connection, of several":
      "Ana can't archive this on Facebook – Acme and tt: not all of these connections are part of the account.",
    "fixed-by-role":
      "Ana can't publish this now on Facebook – Acme: the role of Ana alone decides about the access to Posts.",
    "empty-group": "Ana can't publish this now: no connection is chosen.",
    "unknown-connection, of none": "Ana can't list accounts: the account has no connection.",
  },
};

const expectedGerman: Tables = {
  "you, short": {
    "a yes": "„Beitrag schreiben“ ist dir erlaubt.",
    "a yes on connections": "„Jetzt veröffentlichen“ ist dir erlaubt.",
    "level-too-low":
      "„Jetzt veröffentlichen“ ist dir nicht erlaubt: LinkedIn – Acme erfordert „Vollzugriff“ (du hast „Freigabe nötig“).",
    "level-too-low, of two":
      "„Jetzt veröffentlichen“ ist dir nicht erlaubt: Instagram – Acme und LinkedIn – Acme erfordern „Vollzugriff“ (du hast „Freigabe nötig“).",
    "level-too-high":
      "„Freigabe anfragen“ ist dir nicht erlaubt: Facebook – Acme erfordert „Freigabe nötig“ (du hast „Vollzugriff“).",
    "level-too-high, of several":
      "„Freigabe anfragen“ ist dir nicht erlaubt: Facebook – Acme oder Instagram – Acme erfordert „Freigabe nötig“ (du hast „Vollzugriff“).",
    "flag-missing":
      "„Freigeben“ ist dir nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ (du hast „Vollzugriff“).",
    "flag-missing, two of them":
      "„Entscheiden“ ist dir nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ und „Leitung“ (du hast „Vollzugriff“).",
    "no-access": "„Jetzt veröffentlichen“ ist dir nicht erlaubt: tt erfordert „Vollzugriff“ (du hast „Kein Zugriff“).",
    "no-access, on many":
      "„Jetzt veröffentlichen“ ist dir nicht erlaubt: a, b, c und 5 weitere erfordern „Vollzugriff“ (du hast „Kein Zugriff“).",
    "no-access, of all": "„Beitrag schreiben“ ist dir nicht erlaubt: Du hast keinen Zugang zu „Beiträge“.",
    "no-access, in the account":
      "„Rechnungen zahlen“ ist dir nicht erlaubt: Im Konto brauchst du „Vollzugriff“ (du hast „Kein Zugriff“).",
    "several areas and the account":
      "„Senden“ ist dir nicht erlaubt: Im Konto brauchst du „Vollzugriff“ (du hast „Kein Zugriff“); Instagram – Acme erfordert „Nur ansehen“ (du hast „Kein Zugriff“); tt erfordert „Freigabe nötig“ in „Beiträge“ und „Nur ansehen“ in „Nachrichten“ (du hast „Kein Zugriff“ in „Beiträge“ und „Kein Zugriff“ in „Nachrichten“).",
    "limited on a connection":
      "„Jetzt veröffentlichen“ ist dir nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ (dein Zugang ist auf „Nur ansehen“ beschränkt).",
    "limited on two":
      "„Jetzt veröffentlichen“ ist dir nicht erlaubt: Facebook – Acme und Instagram – Acme erfordern „Vollzugriff“ (dein Zugang ist auf „Nur ansehen“ beschränkt).",
    "limited in the account":
      "„Rechnungen zahlen“ ist dir nicht erlaubt: Im Konto brauchst du „Vollzugriff“ (dein Zugang ist auf „Kein Zugriff“ beschränkt).",
    "role-required": "„Team verwalten“ ist dir nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig.",
    "role-required, and limited":
      "„Team verwalten“ ist dir nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig, die dein eingeschränkter Zugang ausschließt.",
    "relation-required":
      "„Bearbeiten“ ist dir nicht erlaubt: Das darf nur, wer Autor oder Bearbeiter des Beitrags ist.",
    "relation-excluded": "„Prüfen“ ist dir nicht erlaubt: Wer Autor des Beitrags ist, darf das nicht.",
    "unknown-connection": "„Neu verbinden“ ist dir nicht erlaubt: Dieser Kanal gehört nicht zum Konto.",
    "unknown-connection, of several": "„Archivieren“ ist dir nicht erlaubt: Nicht alle diese Kanäle gehören zum Konto.",
    "fixed-by-role":
      "„Jetzt veröffentlichen“ ist dir nicht erlaubt: Über deinen Zugang zu „Beiträge“ entscheidet allein deine Rolle.",
    "empty-group": "„Jetzt veröffentlichen“ ist dir nicht erlaubt: Es ist kein Kanal ausgewählt.",
    "unknown-connection, of none": "„Konten auflisten“ ist dir nicht erlaubt: Das Konto hat keinen Kanal.",
  },
  "you, long": {
    "a yes": "„Beitrag schreiben“ ist dir erlaubt.",
    "a yes on connections": "„Jetzt veröffentlichen“ ist dir für Facebook – Acme erlaubt.",
    "level-too-low":
      "„Jetzt veröffentlichen“ ist dir für Facebook – Acme und LinkedIn – Acme nicht erlaubt: LinkedIn – Acme erfordert „Vollzugriff“ in „Beiträge“ (du hast „Freigabe nötig“).",
    "level-too-low, of two":
      "„Jetzt veröffentlichen“ ist dir für Facebook – Acme, Instagram – Acme und LinkedIn – Acme nicht erlaubt: Instagram – Acme und LinkedIn – Acme erfordern „Vollzugriff“ in „Beiträge“ (du hast „Freigabe nötig“).",
    "level-too-high":
      "„Freigabe anfragen“ ist dir für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Freigabe nötig“ in „Beiträge“ (du hast „Vollzugriff“).",
    "level-too-high, of several":
      "„Freigabe anfragen“ ist dir für Facebook – Acme und Instagram – Acme nicht erlaubt: Facebook – Acme oder Instagram – Acme erfordert „Freigabe nötig“ in „Beiträge“ (du hast „Vollzugriff“).",
    "flag-missing":
      "„Freigeben“ ist dir für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ in „Beiträge“ (du hast „Vollzugriff“).",
    "flag-missing, two of them":
      "„Entscheiden“ ist dir für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ und „Leitung“ in „Beiträge“ (du hast „Vollzugriff“).",
    "no-access":
      "„Jetzt veröffentlichen“ ist dir für tt nicht erlaubt: tt erfordert „Vollzugriff“ in „Beiträge“ (du hast „Kein Zugriff“).",
    "no-access, on many":
      "„Jetzt veröffentlichen“ ist dir für a, b, c, d, e und 3 weitere nicht erlaubt: a, b, c, d, e und 3 weitere erfordern „Vollzugriff“ in „Beiträge“ (du hast „Kein Zugriff“).",
    "no-access, of all": "„Beitrag schreiben“ ist dir nicht erlaubt: Du hast keinen Zugang zu „Beiträge“.",
    "no-access, in the account":
      "„Rechnungen zahlen“ ist dir nicht erlaubt: Im Konto brauchst du „Vollzugriff“ in „Abrechnung“ (du hast „Kein Zugriff“).",
    "several areas and the account":
      "„Senden“ ist dir für Instagram – Acme und tt nicht erlaubt: Im Konto brauchst du „Vollzugriff“ in „Abrechnung“ (du hast „Kein Zugriff“); Instagram – Acme erfordert „Nur ansehen“ in „Nachrichten“ (du hast „Kein Zugriff“); tt erfordert „Freigabe nötig“ in „Beiträge“ und „Nur ansehen“ in „Nachrichten“ (du hast „Kein Zugriff“ in „Beiträge“ und „Kein Zugriff“ in „Nachrichten“).",
    "limited on a connection":
      "„Jetzt veröffentlichen“ ist dir für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ in „Beiträge“ (dein Zugang ist auf „Nur ansehen“ beschränkt).",
    "limited on two":
      "„Jetzt veröffentlichen“ ist dir für Facebook – Acme und Instagram – Acme nicht erlaubt: Facebook – Acme und Instagram – Acme erfordern „Vollzugriff“ in „Beiträge“ (dein Zugang ist auf „Nur ansehen“ beschränkt).",
    "limited in the account":
      "„Rechnungen zahlen“ ist dir nicht erlaubt: Im Konto brauchst du „Vollzugriff“ in „Abrechnung“ (dein Zugang ist auf „Kein Zugriff“ beschränkt).",
    "role-required": "„Team verwalten“ ist dir nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig.",
    "role-required, and limited":
      "„Team verwalten“ ist dir nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig, die dein eingeschränkter Zugang ausschließt.",
    "relation-required":
      "„Bearbeiten“ ist dir für Facebook – Acme nicht erlaubt: Das darf nur, wer Autor oder Bearbeiter des Beitrags ist.",
    "relation-excluded":
      "„Prüfen“ ist dir für Facebook – Acme nicht erlaubt: Wer Autor des Beitrags ist, darf das nicht.",
    "unknown-connection": "„Neu verbinden“ ist dir für tt nicht erlaubt: Dieser Kanal gehört nicht zum Konto.",
    "unknown-connection, of several":
      "„Archivieren“ ist dir für Facebook – Acme und tt nicht erlaubt: Nicht alle diese Kanäle gehören zum Konto.",
    "fixed-by-role":
      "„Jetzt veröffentlichen“ ist dir für Facebook – Acme nicht erlaubt: Über deinen Zugang zu „Beiträge“ entscheidet allein deine Rolle.",
    "empty-group": "„Jetzt veröffentlichen“ ist dir nicht erlaubt: Es ist kein Kanal ausgewählt.",
    "unknown-connection, of none": "„Konten auflisten“ ist dir nicht erlaubt: Das Konto hat keinen Kanal.",
  },
  "another, short": {
    "a yes": "„Beitrag schreiben“ ist Ana erlaubt.",
    "a yes on connections": "„Jetzt veröffentlichen“ ist Ana erlaubt.",
    "level-too-low":
      "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: LinkedIn – Acme erfordert „Vollzugriff“ (Ana hat „Freigabe nötig“).",
    "level-too-low, of two":
      "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: Instagram – Acme und LinkedIn – Acme erfordern „Vollzugriff“ (Ana hat „Freigabe nötig“).",
    "level-too-high":
      "„Freigabe anfragen“ ist Ana nicht erlaubt: Facebook – Acme erfordert „Freigabe nötig“ (Ana hat „Vollzugriff“).",
    "level-too-high, of several":
      "„Freigabe anfragen“ ist Ana nicht erlaubt: Facebook – Acme oder Instagram – Acme erfordert „Freigabe nötig“ (Ana hat „Vollzugriff“).",
    "flag-missing":
      "„Freigeben“ ist Ana nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ (Ana hat „Vollzugriff“).",
    "flag-missing, two of them":
      "„Entscheiden“ ist Ana nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ und „Leitung“ (Ana hat „Vollzugriff“).",
    "no-access": "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: tt erfordert „Vollzugriff“ (Ana hat „Kein Zugriff“).",
    "no-access, on many":
      "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: a, b, c und 5 weitere erfordern „Vollzugriff“ (Ana hat „Kein Zugriff“).",
    "no-access, of all": "„Beitrag schreiben“ ist Ana nicht erlaubt: Ana hat keinen Zugang zu „Beiträge“.",
    "no-access, in the account":
      "„Rechnungen zahlen“ ist Ana nicht erlaubt: Im Konto braucht Ana „Vollzugriff“ (Ana hat „Kein Zugriff“).",
    "several areas and the account":
      "„Senden“ ist Ana nicht erlaubt: Im Konto braucht Ana „Vollzugriff“ (Ana hat „Kein Zugriff“); Instagram – Acme erfordert „Nur ansehen“ (Ana hat „Kein Zugriff“); tt erfordert „Freigabe nötig“ in „Beiträge“ und „Nur ansehen“ in „Nachrichten“ (Ana hat „Kein Zugriff“ in „Beiträge“ und „Kein Zugriff“ in „Nachrichten“).",
    "limited on a connection":
      "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ (Ana ist auf „Nur ansehen“ beschränkt).",
    "limited on two":
      "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: Facebook – Acme und Instagram – Acme erfordern „Vollzugriff“ (Ana ist auf „Nur ansehen“ beschränkt).",
    "limited in the account":
      "„Rechnungen zahlen“ ist Ana nicht erlaubt: Im Konto braucht Ana „Vollzugriff“ (Ana ist auf „Kein Zugriff“ beschränkt).",
    "role-required": "„Team verwalten“ ist Ana nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig.",
    "role-required, and limited":
      "„Team verwalten“ ist Ana nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig, die der eingeschränkte Zugang von Ana ausschließt.",
    "relation-required":
      "„Bearbeiten“ ist Ana nicht erlaubt: Das darf nur, wer Autor oder Bearbeiter des Beitrags ist.",
    "relation-excluded": "„Prüfen“ ist Ana nicht erlaubt: Wer Autor des Beitrags ist, darf das nicht.",
    "unknown-connection": "„Neu verbinden“ ist Ana nicht erlaubt: Dieser Kanal gehört nicht zum Konto.",
    "unknown-connection, of several": "„Archivieren“ ist Ana nicht erlaubt: Nicht alle diese Kanäle gehören zum Konto.",
    "fixed-by-role":
      "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: Über den Zugang von Ana zu „Beiträge“ entscheidet allein die Rolle.",
    "empty-group": "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: Es ist kein Kanal ausgewählt.",
    "unknown-connection, of none": "„Konten auflisten“ ist Ana nicht erlaubt: Das Konto hat keinen Kanal.",
  },
  "another, long": {
    "a yes": "„Beitrag schreiben“ ist Ana erlaubt.",
    "a yes on connections": "„Jetzt veröffentlichen“ ist Ana für Facebook – Acme erlaubt.",
    "level-too-low":
      "„Jetzt veröffentlichen“ ist Ana für Facebook – Acme und LinkedIn – Acme nicht erlaubt: LinkedIn – Acme erfordert „Vollzugriff“ in „Beiträge“ (Ana hat „Freigabe nötig“).",
    "level-too-low, of two":
      "„Jetzt veröffentlichen“ ist Ana für Facebook – Acme, Instagram – Acme und LinkedIn – Acme nicht erlaubt: Instagram – Acme und LinkedIn – Acme erfordern „Vollzugriff“ in „Beiträge“ (Ana hat „Freigabe nötig“).",
    "level-too-high":
      "„Freigabe anfragen“ ist Ana für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Freigabe nötig“ in „Beiträge“ (Ana hat „Vollzugriff“).",
    "level-too-high, of several":
      "„Freigabe anfragen“ ist Ana für Facebook – Acme und Instagram – Acme nicht erlaubt: Facebook – Acme oder Instagram – Acme erfordert „Freigabe nötig“ in „Beiträge“ (Ana hat „Vollzugriff“).",
    "flag-missing":
      "„Freigeben“ ist Ana für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ in „Beiträge“ (Ana hat „Vollzugriff“).",
    "flag-missing, two of them":
      "„Entscheiden“ ist Ana für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ mit „Freigabe“ und „Leitung“ in „Beiträge“ (Ana hat „Vollzugriff“).",
    "no-access":
      "„Jetzt veröffentlichen“ ist Ana für tt nicht erlaubt: tt erfordert „Vollzugriff“ in „Beiträge“ (Ana hat „Kein Zugriff“).",
    "no-access, on many":
      "„Jetzt veröffentlichen“ ist Ana für a, b, c, d, e und 3 weitere nicht erlaubt: a, b, c, d, e und 3 weitere erfordern „Vollzugriff“ in „Beiträge“ (Ana hat „Kein Zugriff“).",
    "no-access, of all": "„Beitrag schreiben“ ist Ana nicht erlaubt: Ana hat keinen Zugang zu „Beiträge“.",
    "no-access, in the account":
      "„Rechnungen zahlen“ ist Ana nicht erlaubt: Im Konto braucht Ana „Vollzugriff“ in „Abrechnung“ (Ana hat „Kein Zugriff“).",
    "several areas and the account":
      "„Senden“ ist Ana für Instagram – Acme und tt nicht erlaubt: Im Konto braucht Ana „Vollzugriff“ in „Abrechnung“ (Ana hat „Kein Zugriff“); Instagram – Acme erfordert „Nur ansehen“ in „Nachrichten“ (Ana hat „Kein Zugriff“); tt erfordert „Freigabe nötig“ in „Beiträge“ und „Nur ansehen“ in „Nachrichten“ (Ana hat „Kein Zugriff“ in „Beiträge“ und „Kein Zugriff“ in „Nachrichten“).",
    "limited on a connection":
      "„Jetzt veröffentlichen“ ist Ana für Facebook – Acme nicht erlaubt: Facebook – Acme erfordert „Vollzugriff“ in „Beiträge“ (Ana ist auf „Nur ansehen“ beschränkt).",
    "limited on two":
      "„Jetzt veröffentlichen“ ist Ana für Facebook – Acme und Instagram – Acme nicht erlaubt: Facebook – Acme und Instagram – Acme erfordern „Vollzugriff“ in „Beiträge“ (Ana ist auf „Nur ansehen“ beschränkt).",
    "limited in the account":
      "„Rechnungen zahlen“ ist Ana nicht erlaubt: Im Konto braucht Ana „Vollzugriff“ in „Abrechnung“ (Ana ist auf „Kein Zugriff“ beschränkt).",
    "role-required": "„Team verwalten“ ist Ana nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig.",
    "role-required, and limited":
      "„Team verwalten“ ist Ana nicht erlaubt: Dafür ist die Rolle „Inhaber“ oder „Chef“ nötig, die der eingeschränkte Zugang von Ana ausschließt.",
    "relation-required":
      "„Bearbeiten“ ist Ana für Facebook – Acme nicht erlaubt: Das darf nur, wer Autor oder Bearbeiter des Beitrags ist.",
    "relation-excluded":
      "„Prüfen“ ist Ana für Facebook – Acme nicht erlaubt: Wer Autor des Beitrags ist, darf das nicht.",
    "unknown-connection": "„Neu verbinden“ ist Ana für tt nicht erlaubt: Dieser Kanal gehört nicht zum Konto.",
    "unknown-connection, of several":
      "„Archivieren“ ist Ana für Facebook – Acme und tt nicht erlaubt: Nicht alle diese Kanäle gehören zum Konto.",
    "fixed-by-role":
      "„Jetzt veröffentlichen“ ist Ana für Facebook – Acme nicht erlaubt: Über den Zugang von Ana zu „Beiträge“ entscheidet allein die Rolle.",
    "empty-group": "„Jetzt veröffentlichen“ ist Ana nicht erlaubt: Es ist kein Kanal ausgewählt.",
    "unknown-connection, of none": "„Konten auflisten“ ist Ana nicht erlaubt: Das Konto hat keinen Kanal.",
  },
};

describe.each([
  ["English", inEnglish, expectedEnglish],
  ["German", inGerman, expectedGerman],
] as const)("in %s", (_, input, tables) => {
  it.each(Object.entries(tables))("a decision is said to %s form", (to, expected) => {
    const [reader, form] = to.split(", ") as ["you" | "another", "short" | "long"];
    const words = createWords(policy, { ...input, form, reader: { you: "ana", another: "ben" }[reader] });
    const said = Object.entries(decisions).map(([name, decision]) => [name, formatDecision(decision, words)]);
    expect(Object.fromEntries(said)).toEqual(expected);
  });
});
