import { describe, expect, it } from "vitest";
import { formatRefusal, type Refusal } from "../../src/approval/index.js";
import { createUser, type Denied, engage, explain } from "../../src/index.js";
import { formatDecision } from "../../src/react/index.js";
import { createWords, english, german } from "../../src/words/index.js";
import { refusal } from "../support/refusal.js";

// Every reason of the approval flow, and the no before a user is loaded, written by hand in both languages.

const ben = createUser(engage, { id: "ben", role: "viewer", grants: { fb: { publish: "view-only" } } });
const decision = explain(ben, "publish.approve", { connections: ["fb"] }) as Denied;
const about = { user: "ben", decision };
const labels = {
  users: { ana: "Ana", ben: "Ben", cy: "Cy" },
  connections: { fb: "Facebook" },
};
const inEnglish = {
  ...labels,
  language: english,
  actions: { "publish.approve": "approve this" },
  levels: { "view-only": "View only" },
  flags: { approver: "Approver" },
  areas: { publish: "Posts" },
} as const;
const inGerman = {
  ...labels,
  language: german,
  actions: { "publish.approve": "Freigeben" },
  levels: { "view-only": "Nur ansehen" },
  flags: { approver: "Freigabe" },
  areas: { publish: "Beiträge" },
} as const;

const short = "needs View only with Approver (you have View only).";
const kurz = "erfordert „Nur ansehen“ mit „Freigabe“ (du hast „Nur ansehen“).";

/** Each refusal, as Ben reads it and another does: in a tooltip and, if that says more, in a paragraph. */
const cases: readonly {
  readonly refusal: Refusal;
  readonly en: Said;
  readonly de: Said;
}[] = [
  {
    refusal: { reason: "no-connections" },
    en: { you: ["The post goes to no connection."] },
    de: { you: ["Der Beitrag geht an keinen Kanal."] },
  },
  {
    refusal: { reason: "wrong-status" },
    en: { you: ["The status of the post does not allow this."] },
    de: { you: ["Der Status des Beitrags lässt das nicht zu."] },
  },
  {
    refusal: { reason: "stale-revision" },
    en: {
      you: ["The post was edited in the meantime.", "The post was edited in the meantime. Read it again first."],
    },
    de: {
      you: [
        "Der Beitrag wurde inzwischen bearbeitet.",
        "Der Beitrag wurde inzwischen bearbeitet. Lies ihn zuerst noch einmal.",
      ],
    },
  },
  {
    refusal: { reason: "unknown-user", user: "ben" },
    en: { you: ["You are not a user of this account."], they: ["Ben is not a user of this account."] },
    de: { you: ["Du gehörst nicht zu diesem Konto."], they: ["Ben gehört nicht zu diesem Konto."] },
  },
  {
    refusal: { reason: "not-allowed", ...about },
    en: {
      you: [
        `You can't approve this: Facebook ${short}`,
        "You can't approve this on Facebook: Facebook needs View only with Approver in Posts (you have View only).",
      ],
      they: [
        "Ben can't approve this: Facebook needs View only with Approver (Ben has View only).",
        "Ben can't approve this on Facebook: Facebook needs View only with Approver in Posts (Ben has View only).",
      ],
    },
    de: {
      you: [
        `„Freigeben“ ist dir nicht erlaubt: Facebook ${kurz}`,
        "„Freigeben“ ist dir für Facebook nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ in „Beiträge“ (du hast „Nur ansehen“).",
      ],
      they: [
        "„Freigeben“ ist Ben nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ (Ben hat „Nur ansehen“).",
        "„Freigeben“ ist Ben für Facebook nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ in „Beiträge“ (Ben hat „Nur ansehen“).",
      ],
    },
  },
  {
    refusal: { reason: "not-author", user: "ben" },
    en: { you: ["Only the author of the post can do this."] },
    de: { you: ["Das darf nur, wer den Beitrag verfasst hat."] },
  },
  {
    refusal: { reason: "is-author", user: "ben" },
    en: { you: ["You can't approve your own post."], they: ["Ben can't approve a post of their own."] },
    de: {
      you: ["Du kannst deinen eigenen Beitrag nicht freigeben."],
      they: ["Ben kann den eigenen Beitrag nicht freigeben."],
    },
  },
  {
    refusal: { reason: "not-asked", user: "ben" },
    en: { you: ["You are not asked to approve now."], they: ["Ben is not asked to approve now."] },
    de: { you: ["Du bist jetzt nicht um Freigabe gebeten."], they: ["Ben ist jetzt nicht um Freigabe gebeten."] },
  },
  {
    refusal: { reason: "is-editor", user: "ben" },
    en: {
      you: ["You can't approve this post, because you edited it."],
      they: ["Ben can't approve this post after editing it."],
    },
    de: {
      you: ["Du kannst diesen Beitrag nicht freigeben, weil du ihn bearbeitet hast."],
      they: ["Ben hat diesen Beitrag bearbeitet und kann ihn deshalb nicht freigeben."],
    },
  },
  {
    refusal: { reason: "already-approved", user: "ben" },
    en: { you: ["You have already approved this post."], they: ["Ben has already approved this post."] },
    de: { you: ["Du hast diesen Beitrag schon freigegeben."], they: ["Ben hat diesen Beitrag schon freigegeben."] },
  },
  {
    refusal: { reason: "expired" },
    en: { you: ["The deadline has passed."] },
    de: { you: ["Die Frist ist abgelaufen."] },
  },
  {
    refusal: { reason: "wrong-steps" },
    en: {
      you: [
        "These approval steps are not possible.",
        "These approval steps are not possible: there are too few or too many, one asks too few people, or one that is done was changed.",
      ],
    },
    de: {
      you: [
        "Diese Freigabeschritte sind nicht möglich.",
        "Diese Freigabeschritte sind nicht möglich: Es sind zu wenige oder zu viele, einer bittet zu wenige Personen, oder ein erledigter wurde geändert.",
      ],
    },
  },
  {
    refusal: { reason: "not-an-approver", ...about },
    en: {
      you: [
        `You can't approve this: Facebook ${short}`,
        "You are asked to approve. You can't approve this on Facebook: Facebook needs View only with Approver in Posts (you have View only).",
      ],
      they: [
        "Ben can't approve this: Facebook needs View only with Approver (Ben has View only).",
        "Ben is asked to approve. Ben can't approve this on Facebook: Facebook needs View only with Approver in Posts (Ben has View only).",
      ],
    },
    de: {
      you: [
        `„Freigeben“ ist dir nicht erlaubt: Facebook ${kurz}`,
        "Du bist um Freigabe gebeten. „Freigeben“ ist dir für Facebook nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ in „Beiträge“ (du hast „Nur ansehen“).",
      ],
      they: [
        "„Freigeben“ ist Ben nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ (Ben hat „Nur ansehen“).",
        "Ben ist um Freigabe gebeten. „Freigeben“ ist Ben für Facebook nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ in „Beiträge“ (Ben hat „Nur ansehen“).",
      ],
    },
  },
  {
    refusal: { reason: "no-approver" },
    en: { you: ["Nobody else can approve this post."] },
    de: { you: ["Sonst kann niemand diesen Beitrag freigeben."] },
  },
  {
    refusal: { reason: "approval-lapsed", user: "ben" },
    en: {
      you: ["You approved this post, but can't approve it any more."],
      they: ["Ben approved this post, but can't approve it any more."],
    },
    de: {
      you: ["Du hast diesen Beitrag freigegeben, darfst es aber nicht mehr."],
      they: ["Ben hat diesen Beitrag freigegeben, darf es aber nicht mehr."],
    },
  },
  {
    refusal: { reason: "approval-lapsed", ...about },
    en: {
      you: [
        "You approved this post, but can't approve it any more.",
        "You approved this post, but can't approve it any more. You can't approve this on Facebook: Facebook needs View only with Approver in Posts (you have View only).",
      ],
      they: [
        "Ben approved this post, but can't approve it any more.",
        "Ben approved this post, but can't approve it any more. Ben can't approve this on Facebook: Facebook needs View only with Approver in Posts (Ben has View only).",
      ],
    },
    de: {
      you: [
        "Du hast diesen Beitrag freigegeben, darfst es aber nicht mehr.",
        "Du hast diesen Beitrag freigegeben, darfst es aber nicht mehr. „Freigeben“ ist dir für Facebook nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ in „Beiträge“ (du hast „Nur ansehen“).",
      ],
      they: [
        "Ben hat diesen Beitrag freigegeben, darf es aber nicht mehr.",
        "Ben hat diesen Beitrag freigegeben, darf es aber nicht mehr. „Freigeben“ ist Ben für Facebook nicht erlaubt: Facebook erfordert „Nur ansehen“ mit „Freigabe“ in „Beiträge“ (Ben hat „Nur ansehen“).",
      ],
    },
  },
  {
    refusal: { reason: "is-author", user: "ben", for: "cy" },
    en: {
      you: ["You can't approve your own post.", "You can't approve your own post. You stand in for Cy."],
      they: ["Ben can't approve a post of their own.", "Ben can't approve a post of their own. Ben stands in for Cy."],
    },
    de: {
      you: [
        "Du kannst deinen eigenen Beitrag nicht freigeben.",
        "Du kannst deinen eigenen Beitrag nicht freigeben. Du vertrittst Cy.",
      ],
      they: [
        "Ben kann den eigenen Beitrag nicht freigeben.",
        "Ben kann den eigenen Beitrag nicht freigeben. Ben vertritt Cy.",
      ],
    },
  },
];

type Forms = readonly [short: string, long?: string];
interface Said {
  readonly you: Forms;
  readonly they?: Forms;
}

describe.each(cases)("the refusal of reason $refusal.reason", ({ refusal: refused, en, de }) => {
  it.each([
    ["English", inEnglish, en],
    ["German", inGerman, de],
  ] as const)("is said in %s to the user and to others, short and long", (_, input, expected) => {
    const said = (reader: string, form: "short" | "long") =>
      formatRefusal(refused, createWords(engage, { ...input, reader, form }));
    for (const [reader, [brief, paragraph = brief]] of [
      ["ben", expected.you],
      ["ana", expected.they ?? expected.you],
    ] as const) {
      expect(said(reader, "short")).toBe(brief);
      expect(said(reader, "long")).toBe(paragraph);
    }
  });
});

it("every reason is in the table", () => {
  const reasons = cases.map((each) => each.refusal.reason);
  const { "stand-in": _, ...texts } = english.refusals;
  expect(new Set(reasons)).toEqual(new Set(Object.keys(texts)));
});

it("before the user is loaded, the no of React is said to who reads", () => {
  const notLoaded = { allowed: false, action: "publish.approve", reason: "not-loaded", blockers: [] } as const;
  const said = (input: typeof inEnglish | typeof inGerman) => formatDecision(notLoaded, createWords(engage, input));
  expect(said(inEnglish)).toBe("You can't approve this yet: your permissions are still loading.");
  expect(said(inGerman)).toBe("„Freigeben“ ist noch nicht möglich: Deine Rechte werden noch geladen.");
  expect(formatDecision(notLoaded)).toBe("nobody may publish.approve yet: the user is not loaded.");
  expect([notLoaded].map(formatDecision)).toEqual(["nobody may publish.approve yet: the user is not loaded."]);
  expect(formatDecision(decision, createWords(engage, { ...inEnglish, reader: "ben" }))).toBe(
    `You can't approve this: Facebook ${short}`,
  );
});

it("what is no refusal is refused", () => {
  const words = createWords(engage, inEnglish);
  const said = (value: unknown, by: unknown = words) => refusal(() => formatRefusal(value as never, by as never));
  expect(said(5)).toMatchObject({ code: "invalid-decision", message: "5 is not a refusal; expected a plain object" });
  expect(said({ reason: "stand-in" })).toMatchObject({ code: "invalid-decision", path: ["reason"] });
  expect(said({ reason: "bogus" }).message).toContain('"bogus" is not accepted; expected "no-connections", ');
  expect(said({ reason: "expired", user: 5 })).toMatchObject({ code: "invalid-decision", path: ["user"] });
  expect(said({ reason: "not-allowed", decision: {} })).toMatchObject({ code: "invalid-decision", path: ["action"] });
  expect(said({ reason: "expired" }, {})).toEqual({
    code: "invalid-words",
    message: "an object is no words; expected what createWords returns",
  });
});
