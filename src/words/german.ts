import type { Language } from "./language.js";

/**
 * German, which says "du". Labels of actions stand in quotation marks, as on a button: `"Jetzt veröffentlichen"`.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain, formatDecision } from "channel-grants";
 * import { createWords, german } from "channel-grants/words";
 *
 * const decision = explain(createUser(engage, { id: "ana", role: "viewer" }), "connections.create");
 * const labels = { actions: { "connections.create": "Konto verbinden" }, roles: { admin: "Admin" } };
 * formatDecision(decision, createWords(engage, { language: german, reader: "ana", ...labels })); // "„Konto verbinden“ ist dir nicht erlaubt: Dafür ist die Rolle „Admin“ nötig."
 * ```
 */
export const german: Language = {
  locale: "de",
  decisions: {
    allowed: { you: "{action} ist dir erlaubt.", they: "{action} ist {user} erlaubt." },
    allowedOn: {
      short: { you: "{action} ist dir erlaubt.", they: "{action} ist {user} erlaubt." },
      long: {
        you: "{action} ist dir für {connections} erlaubt.",
        they: "{action} ist {user} für {connections} erlaubt.",
      },
    },
    denied: { you: "{action} ist dir nicht erlaubt: {why}.", they: "{action} ist {user} nicht erlaubt: {why}." },
    deniedOn: {
      short: { you: "{action} ist dir nicht erlaubt: {why}.", they: "{action} ist {user} nicht erlaubt: {why}." },
      long: {
        you: "{action} ist dir für {connections} nicht erlaubt: {why}.",
        they: "{action} ist {user} für {connections} nicht erlaubt: {why}.",
      },
    },
    notLoaded: "{action} ist noch nicht möglich: Deine Rechte werden noch geladen.",
    emptyGroup: "Es ist kein Kanal ausgewählt",
    role: "Dafür ist die Rolle {roles} nötig",
    roleLimited: {
      you: "Dafür ist die Rolle {roles} nötig, die dein eingeschränkter Zugang ausschließt",
      they: "Dafür ist die Rolle {roles} nötig, die der eingeschränkte Zugang von {user} ausschließt",
    },
    relation: "Das darf nur, wer {relations} des Beitrags ist",
    notRelation: "Wer {relations} des Beitrags ist, darf das nicht",
    noConnection: "Das Konto hat keinen Kanal",
    unknown: {
      one: "Dieser Kanal gehört nicht zum Konto",
      other: "Nicht alle diese Kanäle gehören zum Konto",
    },
    fixed: {
      you: "Über deinen Zugang zu {area} entscheidet allein deine Rolle",
      they: "Über den Zugang von {user} zu {area} entscheidet allein die Rolle",
    },
    nothing: { you: "Du hast keinen Zugang zu {area}", they: "{user} hat keinen Zugang zu {area}" },
    change: {
      short: { one: "{connections} erfordert {needs} ({has})", other: "{connections} erfordern {needs} ({has})" },
      long: { one: "{connections} erfordert {needsIn} ({has})", other: "{connections} erfordern {needsIn} ({has})" },
    },
    account: {
      short: { you: "Im Konto brauchst du {needs} ({has})", they: "Im Konto braucht {user} {needs} ({has})" },
      long: { you: "Im Konto brauchst du {needsIn} ({has})", they: "Im Konto braucht {user} {needsIn} ({has})" },
    },
    has: { you: "du hast {holds}", they: "{user} hat {holds}" },
    hasLimited: { you: "dein Zugang ist auf {holds} beschränkt", they: "{user} ist auf {holds} beschränkt" },
    also: "{first}; {next}",
    moreChanges: "{count} weitere Änderungen",
    more: "{count} weitere",
    withFlags: "{level} mit {flags}",
    inArea: "{state} in {area}",
    name: "„{name}“",
  },
  refusals: {
    "no-connections": "Der Beitrag geht an keinen Kanal.",
    "wrong-status": "Der Status des Beitrags lässt das nicht zu.",
    "stale-revision": {
      short: "Der Beitrag wurde inzwischen bearbeitet.",
      long: "Der Beitrag wurde inzwischen bearbeitet. Lies ihn zuerst noch einmal.",
    },
    "unknown-user": { you: "Du gehörst nicht zu diesem Konto.", they: "{user} gehört nicht zu diesem Konto." },
    "not-allowed": "{decision}",
    "not-author": "Das darf nur, wer den Beitrag verfasst hat.",
    "is-author": {
      you: "Du kannst deinen eigenen Beitrag nicht freigeben.",
      they: "{user} kann den eigenen Beitrag nicht freigeben.",
    },
    "not-asked": {
      you: "Du bist jetzt nicht um Freigabe gebeten.",
      they: "{user} ist jetzt nicht um Freigabe gebeten.",
    },
    "is-editor": {
      you: "Du kannst diesen Beitrag nicht freigeben, weil du ihn bearbeitet hast.",
      they: "{user} hat diesen Beitrag bearbeitet und kann ihn deshalb nicht freigeben.",
    },
    "already-approved": {
      you: "Du hast diesen Beitrag schon freigegeben.",
      they: "{user} hat diesen Beitrag schon freigegeben.",
    },
    expired: "Die Frist ist abgelaufen.",
    "wrong-steps": {
      short: "Diese Freigabeschritte sind nicht möglich.",
      long: "Diese Freigabeschritte sind nicht möglich: Es sind zu wenige oder zu viele, einer bittet zu wenige Personen, oder ein erledigter wurde geändert.",
    },
    "not-an-approver": {
      short: "{decision}",
      long: { you: "Du bist um Freigabe gebeten. {decision}", they: "{user} ist um Freigabe gebeten. {decision}" },
    },
    "no-approver": "Sonst kann niemand diesen Beitrag freigeben.",
    "approval-lapsed": {
      short: {
        you: "Du hast diesen Beitrag freigegeben, darfst es aber nicht mehr.",
        they: "{user} hat diesen Beitrag freigegeben, darf es aber nicht mehr.",
      },
      long: {
        you: "Du hast diesen Beitrag freigegeben, darfst es aber nicht mehr. {decision}",
        they: "{user} hat diesen Beitrag freigegeben, darf es aber nicht mehr. {decision}",
      },
    },
    "stand-in": {
      short: "{refusal}",
      long: { you: "{refusal} Du vertrittst {for}.", they: "{refusal} {user} vertritt {for}." },
    },
  },
};
