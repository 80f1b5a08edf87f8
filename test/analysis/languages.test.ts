import { describe, expect, it } from "vitest";
import {
  type AnalysisLanguage,
  type AnalysisTexts,
  checkPolicy,
  comparePolicies,
  diffMatrices,
  englishAnalysis,
  formatAccess,
  formatComparison,
  formatDiff,
  formatMigration,
  formatReport,
  formatReview,
  germanAnalysis,
  migrateGrants,
  reviewAccess,
  type TextOptions,
  whoCan,
} from "../../src/analysis/index.js";
import { buffer, createMatrix, definePolicy, engage } from "../../src/index.js";
import { createWords, english, german } from "../../src/words/index.js";
import { refusal } from "../support/refusal.js";

// What an analysis finds, in the words of an application.

const levels = ["none", "draft", "full"] as const;
const desk = definePolicy({
  name: "desk",
  levels,
  areas: {
    stories: { levels, flags: { lead: ["full"], idle: ["full"] } },
    billing: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {}, chief: {} },
  relations: ["author"],
  actions: {
    edit: { target: "group", allow: { area: "stories", exactly: "draft", is: "author" } },
    print: {
      target: "group",
      allow: {
        role: "member",
        and: [
          { area: "stories", every: [{ level: "draft", flags: ["lead"] }, "full"] },
          { area: "billing", level: "full" },
        ],
      },
    },
    look: { target: "group", allow: { area: "stories", some: "draft", isNot: "author" } },
    hire: { target: "none", allow: { role: "chief" } },
    quit: { target: "none", allow: [{ role: ["member", "chief"] }] },
    drop: { target: "connection", allow: { area: "stories", level: "draft" } },
    spare: { target: "none", allow: { area: "billing", exactly: "full" } },
  },
});

const other = definePolicy({
  name: "desk-2",
  levels,
  areas: {
    stories: { levels: ["none", "full"] },
    notes: { levels },
    billing: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {}, chief: { holds: { stories: "full" } }, guest: { holds: { billing: "full" } } },
  actions: {
    edit: { target: "connection", allow: { area: "stories", level: "full" } },
    look: { target: "group", allow: { area: "stories", level: "full" } },
    hire: { target: "none", allow: { role: ["chief", "member"] } },
    spare: { target: "none", allow: { area: "billing", exactly: "full" } },
    write: { target: "connection", allow: { area: "notes", level: "full" } },
  },
});

const account = createMatrix(
  engage,
  {
    users: [
      { id: "ana", role: "admin" },
      {
        id: "ben",
        role: "viewer",
        grants: { fb: { publish: "view-only", approver: true, until: "2026-12-01T00:00:00Z" } },
      },
      { id: "cat", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "needs-approval" } } },
    ],
    connections: ["x"],
  },
  { at: "2026-11-27T00:00:00Z" },
);
const waiting = {
  author: "cat",
  connections: ["fb"],
  status: "pending",
  steps: [["ben"]],
  approvals: [],
  revision: 0,
} as const;

const later = account
  .removeUser("ana")
  .putUser({ id: "ben", role: "admin" })
  .putUser({ id: "dan", role: "viewer", grants: { y: { analytics: "full-access" } } })
  .assign("cat", "fb", { publish: "view-only" })
  .removeConnection("x");

const mild = definePolicy({
  name: "mild",
  levels: ["none", "draft", "full"],
  areas: { posts: { levels: ["none", "draft", "full"] }, notes: { levels: ["none", "full"] } },
  roles: { member: {} },
  actions: {
    write: { target: "connection", allow: { area: "posts", level: "draft" } },
    read: { target: "connection", allow: { area: "posts", level: "full" } },
    note: { target: "connection", allow: { area: "notes", level: "full" } },
    ask: { target: "group", allow: { area: "posts", level: "full" } },
  },
});
const strict = definePolicy({
  ...mild,
  name: "strict",
  actions: { ...mild.actions, write: { target: "connection", allow: { area: "posts", level: "full" } } },
});
const moved = migrateGrants(
  mild,
  definePolicy({
    name: "moved",
    levels: ["no", "full"],
    areas: { texts: { levels: ["no", "full"] } },
    roles: { writer: {} },
    actions: {
      write: { target: "connection", allow: { area: "texts", level: "full" } },
      read: { target: "connection", allow: { role: "writer" } },
      ask: { target: "connection", allow: { area: "texts", level: "full" } },
      sell: { target: "none", allow: { role: "writer" } },
    },
  }),
  {
    levels: { none: "no", draft: "full" },
    areas: { posts: "texts", notes: null },
    roles: { member: "writer" },
  } as never,
);
const lossy = migrateGrants(mild, strict);

const writers = { users: [{ id: "ana", role: "member", grants: { fb: { stories: "full" } } }] } as const;
const before = createMatrix(desk, writers);
const ofDesk = [
  before,
  before.assign("ana", "fb", { stories: "draft" }).assignAccount("ana", { billing: "full" }),
] as const;

const shop = definePolicy({
  name: "shop",
  levels,
  areas: { posts: { levels }, billing: { levels, of: "account" } },
  roles: { member: {}, boss: { holds: { billing: "full" } } },
  actions: {
    mix: {
      target: "group",
      allow: [
        { area: "posts", every: { exactly: "draft" } },
        { area: "posts", level: "full" },
      ],
    },
    pay: { target: "none", allow: { area: "billing", exactly: "draft" } },
    sum: {
      target: "group",
      allow: {
        and: [
          { area: "billing", level: "draft" },
          { area: "posts", level: "draft" },
        ],
      },
    },
  },
});
const shopOfAll = definePolicy({ ...shop, roles: { member: {}, boss: {} } } as never);
const at = "2026-11-27T00:00:00Z";
const ofShop = createMatrix(
  shop,
  { users: [{ id: "ana", role: "member", account: { billing: "draft", until: "2026-11-28T00:00:00Z" } }] },
  { at },
);

/** Every kind of text about some account or policy, by a function of how it is written. */
const all: readonly ((options?: TextOptions) => string)[] = [
  (options) => formatReport(checkPolicy(engage), options),
  (options) => formatReport(checkPolicy(buffer), options),
  (options) =>
    formatReport(
      checkPolicy(desk, {
        group: {},
        separate: [["edit", "drop"]],
        claims: [
          { name: "c", when: ["drop"], never: [{ area: "stories", level: "draft" }] },
          { name: "d", when: ["look"], always: [{ area: "stories", some: "full" }] },
        ],
      }),
      options,
    ),
  (options) => formatComparison(comparePolicies(desk, other), options),
  (options) => formatComparison(comparePolicies(other, desk), options),
  (options) => formatComparison(comparePolicies(engage, engage), options),
  (options) => formatDiff(diffMatrices(account, later, { submissions: [waiting], groups: [waiting] }), options),
  (options) => formatDiff(diffMatrices(later, account), options),
  (options) => formatComparison(comparePolicies(mild, strict), options),
  (options) => formatComparison(comparePolicies(strict, mild), options),
  (options) => formatDiff(diffMatrices(...ofDesk), options),
  (options) => formatDiff(diffMatrices(before, before.revoke("ana", "fb")), options),
  (options) => formatReview(reviewAccess(ofDesk[1].assign("ana", "fb", { stories: "full", lead: true })), options),
  (options) => formatReport(checkPolicy(shop, { group: {}, separate: [["sum", "mix"]] }), options),
  (options) => formatComparison(comparePolicies(shop, shopOfAll), options),
  (options) => formatReview(reviewAccess(ofShop, { endsWithin: "7d" }), options),
  (options) => formatMigration(moved, options),
  (options) => formatMigration(lossy, options),
  (options) => formatMigration(migrateGrants(engage, engage), options),
  (options) => formatReview(reviewAccess(account, { endsWithin: "7d" }), options),
  (options) => formatReview(reviewAccess(account, { endsWithin: "1d" }), options),
  (options) => formatReview(reviewAccess(createMatrix(engage, { users: [] })), options),
  (options) => formatAccess(whoCan(account, "publish.approve", { connections: ["fb"] }), options),
  (options) => formatAccess(whoCan(later, "connections.create"), options),
  (options) => formatAccess(whoCan(ofDesk[1], "edit", { connections: ["fb"], author: "ana" }), options),
  (options) => formatAccess([], options),
];

/** A language whose texts are their own keys, beside their placeholders. */
function marked(said: Set<string>): AnalysisLanguage {
  const texts = Object.fromEntries(
    Object.entries(englishAnalysis.texts).map(([key, text]) => {
      const names = JSON.stringify(text).match(/\{\w+\}/g) ?? [];
      said.add(key);
      return [key, `<${key}>${[...new Set(names)].join("")}`];
    }),
  );
  return { locale: "en", texts: texts as unknown as AnalysisTexts };
}

describe("the languages", () => {
  it("have no text that is never said", () => {
    const keys = new Set<string>();
    const language = marked(keys);
    const text = all.map((each) => each({ language })).join("");
    expect([...keys].filter((key) => !text.includes(`<${key}>`))).toEqual([]);
  });

  it("say English if none is given, as before", () => {
    for (const each of all) {
      expect(each({ language: englishAnalysis })).toBe(each());
      expect(each({})).toBe(each());
    }
  });

  it("name in each text what the English one names", () => {
    const placeholders = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();
    for (const [key, text] of Object.entries(englishAnalysis.texts)) {
      expect(placeholders(germanAnalysis.texts[key as keyof AnalysisTexts]), key).toEqual(placeholders(text));
    }
  });
});

describe("in German", () => {
  const options: TextOptions = { language: germanAnalysis };
  const lines = (text: string) => text.split("\n").map((line) => line.trim());

  it("a report", () => {
    const text = formatReport(checkPolicy(buffer), options);
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        "buffer: 1 von 5 Prüfungen schlägt fehl",
        "✗ Eine höhere Stufe nimmt nichts weg",
        "✗ drafts.request-approval: member mit posting approval-required auf c1, für c1 verliert das mit full-posting auf c1",
      ]),
    );
    expect(lines(formatReport(checkPolicy(desk, { separate: [["edit", "drop"]] }), options))).toEqual(
      expect.arrayContaining([
        "desk: 4 von 6 Prüfungen schlagen fehl",
        "außer was member und chief durch die Rolle darf: quit",
        "✗ Niemand darf beides: edit und drop",
        "✗ gilt nicht für member mit stories draft auf c1, für c1 als author",
      ]),
    );
  });

  it("a comparison", () => {
    expect(lines(formatComparison(comparePolicies(mild, strict), options))).toEqual([
      "Die zweite, strict, ist strenger als die erste, mild",
      "- write: nur die erste erlaubt es member mit posts draft auf c1, für c1",
      "",
    ]);
  });

  it("a diff", () => {
    expect(lines(formatDiff(diffMatrices(...ofDesk), options))).toEqual([
      "Es ändern sich 2 Rechte und 2 Antworten",
      "~ ana auf fb: stories full wird stories draft",
      "+ ana im Konto: billing full",
      "ana",
      "+ edit auf fb als author",
      "+ spare",
      "",
    ]);
  });

  it("a migration", () => {
    expect(lines(formatMigration(moved, options))).toEqual(
      expect.arrayContaining(["~ Rolle member wird writer", "~ Bereich posts wird texts", "- Bereich notes entfällt"]),
    );
  });

  it("a review, in Markdown too", () => {
    const text = formatReview(reviewAccess(account), { ...options, form: "markdown" });
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        "### fb",
        "- ✗ Niemand kann freigeben",
        "| Person | Rolle | hat | durch | darf |",
        "### das Konto als Ganzes",
      ]),
    );
  });
});

describe("with the words of an application", () => {
  const words = createWords(engage, {
    language: german,
    users: { ben: "Ben", cat: "Cat" },
    roles: { viewer: "Gast", admin: "Verwaltung" },
    connections: { fb: "Facebook – Acme" },
    actions: { "publish.approve": "Freigeben" },
    areas: { publish: "Beiträge" },
    levels: { "view-only": "Nur ansehen", "needs-approval": "Mit Freigabe", "full-access": "Voll" },
    flags: (flag, area) => (flag === "approver" && area === "publish" ? "Freigeber" : undefined),
  });

  it("everything is called by its label, and what has none by its id", () => {
    const text = formatReview(reviewAccess(account), { language: germanAnalysis, words });
    const cells = text.split("\n").map((line) => line.trim().split(/ {2,}/));
    expect(cells).toContainEqual(["Facebook – Acme"]);
    const held = "Beiträge Nur ansehen + Freigeber";
    expect(cells.find(([user]) => user === "Ben")?.slice(0, 3)).toEqual(["Ben", "Gast", held]);
    expect(text).toContain("Beiträge überall Freigeber");
    expect(text).toContain("Beiträge irgendwo Mit Freigabe  publish.create");
  });

  it("also in English, and a level or flag that makes no difference too", () => {
    const labels = createWords(desk, { language: english, areas: { stories: "Stories" }, flags: { lead: "Lead" } });
    expect(formatReport(checkPolicy(desk), { words: labels })).toContain("Lead in Stories makes no difference");
  });
});

describe("what is no language, and what are no options, is refused", () => {
  const withText = (key: string, text: unknown) => ({
    ...englishAnalysis,
    texts: { ...englishAnalysis.texts, [key]: text },
  });
  it.each([
    [{ language: "de" }, '"de" is not a language; expected one such as englishAnalysis', ["language"]],
    [
      { language: { ...englishAnalysis, locale: "??" } },
      '"??" is not a locale; expected the tag of a language',
      ["language", "locale"],
    ],
    [{ language: { locale: "en", texts: {} } }, "undefined is not a text", ["language", "texts", "inArea"]],
    [
      { language: withText("notSo", "{whom}") },
      '"{whom}" is not known here; expected "{who}"',
      ["language", "texts", "notSo"],
    ],
    [
      { language: withText("grants", { one: "" }) },
      "undefined is not a text",
      ["language", "texts", "grants", "other"],
    ],
    [{ language: withText("more", "") }, 'unknown key "more"', ["language", "texts", "more"]],
    [{ tongue: "de" }, 'unknown key "tongue"', ["tongue"]],
    [{ words: { locale: "de", form: "short" } }, "an object is no words; expected what createWords returns", undefined],
  ])("%#", (options, message, path) => {
    const found = refusal(() => formatReport(checkPolicy(engage), options as never));
    expect(found).toMatchObject({ code: "invalid-words", message: expect.stringContaining(message) });
    expect((found as { readonly path?: unknown }).path).toEqual(path);
  });
});
