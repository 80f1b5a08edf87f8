import { describe, expect, test } from "vitest";
import { type ErrorPath, engage, type Policy, PolicyError } from "../../src/index.js";
import { createGrantsSql, type SqlOptions } from "../../src/sql/index.js";
import { define } from "../support/arbitraries.js";

describe("what cannot be meant is refused, with its name and what would do", () => {
  const sql = createGrantsSql(engage, { dialect: "postgresql" });
  const ana = { account: "acme", user: "ana" };
  const make = (options: unknown, policy: Policy = engage) => createGrantsSql(policy, options as SqlOptions);
  const ask = (name: "groupsFor" | "usersFor" | "connectionsFor" | "groupLevels", query: unknown) =>
    (sql[name] as (query: unknown) => unknown)(query);
  const odd = (name: string, holder: "levels" | "roles"): Policy => {
    const levels = ["none", holder === "levels" ? name : "all"];
    const roles = { [holder === "roles" ? name : "author"]: {} };
    const allow = { area: "a", level: levels[1] };
    return define({
      name: "odd",
      levels,
      areas: { a: { levels } },
      roles,
      actions: { act: { target: "group", allow } },
    });
  };

  const levels = ["none", "all"];
  const related = define({
    name: "related",
    levels,
    areas: { a: { levels }, money: { levels, of: "account" } },
    roles: { user: {} },
    relations: ["author", "assigned-to"],
    actions: {
      edit: { target: "group", allow: { area: "a", level: "all", is: "author" } },
      look: { target: "connection", allow: { area: "a", level: "all" } },
    },
  });
  const askRelated = (name: "usersFor" | "connectionsFor" | "groupLevels", query: object) =>
    (make({ dialect: "sqlite" }, related)[name] as (query: unknown) => unknown)(query);

  const refusals: [what: string, call: () => unknown, code: string, path: ErrorPath | undefined, says: RegExp][] = [
    ["no policy", () => make({ dialect: "sqlite" }, {} as Policy), "invalid-policy", undefined, /not a policy/],
    ["no options", () => make(undefined), "invalid-tables", undefined, /undefined/],
    [
      "an unknown dialect",
      () => make({ dialect: "oracle" }),
      "invalid-tables",
      ["dialect"],
      /"oracle".*"postgresql", "sqlite" or "mysql"/,
    ],
    [
      "another form of levels",
      () => make({ dialect: "sqlite", levels: "enum" }),
      "invalid-tables",
      ["levels"],
      /"enum".*"text" or "integer"/,
    ],
    [
      "an unknown table",
      () => make({ dialect: "sqlite", posts: {} }),
      "invalid-tables",
      ["posts"],
      /"posts".*"groups"/,
    ],
    [
      "an unknown column",
      () => make({ dialect: "sqlite", users: { name: "n" } }),
      "invalid-tables",
      ["users", "name"],
      /^unknown key "name"; expected "table", "account", "id" or "role" /,
    ],
    [
      "columns of grants in another table",
      () => make({ dialect: "sqlite", users: { columns: {} } }),
      "invalid-tables",
      ["users", "columns"],
      /"columns".*"role"/,
    ],
    [
      "an empty name",
      () => make({ dialect: "sqlite", users: { table: "" } }),
      "invalid-tables",
      ["users", "table"],
      /""/,
    ],
    [
      "a name with NUL",
      () => make({ dialect: "sqlite", users: { role: "a\0b" } }),
      "invalid-tables",
      ["users", "role"],
      /NUL/,
    ],
    [
      "a name with half a pair",
      () => make({ dialect: "sqlite", users: { role: "\ud800" } }),
      "invalid-tables",
      ["users", "role"],
      /ud800/,
    ],
    [
      "a name that would be cut",
      () => make({ dialect: "sqlite", users: { id: "é".repeat(32) } }),
      "invalid-tables",
      ["users", "id"],
      /63 bytes/,
    ],
    [
      "a number for a name",
      () => make({ dialect: "sqlite", users: { id: 1 } }),
      "invalid-tables",
      ["users", "id"],
      /1 is not/,
    ],
    [
      "three parts of a name",
      () => make({ dialect: "sqlite", users: { table: ["a", "b", "c"] } }),
      "invalid-tables",
      ["users", "table"],
      /schema and a table/,
    ],
    [
      "a part that is none",
      () => make({ dialect: "sqlite", users: { table: ["a", ""] } }),
      "invalid-tables",
      ["users", "table", 1],
      /""/,
    ],
    [
      "a column twice",
      () => make({ dialect: "sqlite", users: { id: "role" } }),
      "invalid-tables",
      ["users", "role"],
      /second column "role"/,
    ],
    [
      "one column to SQLite for two keys",
      () => make({ dialect: "sqlite", grants: { columns: { approver: "Publish" } } }),
      "invalid-tables",
      ["grants", "columns", "approver"],
      /second column "Publish"/,
    ],
    [
      "one column for two keys",
      () => make({ dialect: "sqlite", grants: { columns: { approver: "publish" } } }),
      "invalid-tables",
      ["grants", "columns", "approver"],
      /second column "publish"/,
    ],
    [
      "a column for no key",
      () => make({ dialect: "sqlite", grants: { columns: { posting: "p" } } }),
      "invalid-tables",
      ["grants", "columns", "posting"],
      /"posting".*"approver"/,
    ],
    [
      "a level that is not stored",
      () => make({ dialect: "sqlite" }, odd("a\0", "levels")),
      "invalid-policy",
      undefined,
      /the level "a\\u0000"/,
    ],
    [
      "a role that is not stored",
      () => make({ dialect: "sqlite", levels: "integer" }, odd("\udc00", "roles")),
      "invalid-policy",
      undefined,
      /the role "\\udc00"/,
    ],
    [
      "a column of grants for an area of the account",
      () => make({ dialect: "sqlite", grants: { columns: { money: "m" } } }, related),
      "invalid-tables",
      ["grants", "columns", "money"],
      /"money".*"a"/,
    ],
    [
      "a column for two uses of a user",
      () => make({ dialect: "sqlite", users: { columns: { money: "ROLE" } } }, related),
      "invalid-tables",
      ["users", "columns", "money"],
      /second column "ROLE"/,
    ],
    [
      "relations in a policy without any",
      () => make({ dialect: "sqlite", groups: { relations: {} } }),
      "invalid-tables",
      ["groups", "relations"],
      /"relations".*"id"/,
    ],
    [
      "an unknown relation",
      () => make({ dialect: "sqlite", groups: { relations: { writer: "w" } } }, related),
      "invalid-tables",
      ["groups", "relations", "writer"],
      /"writer".*"author" or "assigned-to"/,
    ],
    [
      "a table for a relation",
      () => make({ dialect: "sqlite", groups: { relations: { author: { table: "authors" } } } }, related),
      "invalid-tables",
      ["groups", "relations", "author"],
      /an object is not accepted; expected a string/,
    ],
    [
      "an area of the account for the level of groups",
      () => askRelated("groupLevels", { ...ana, area: "money" }),
      "unknown-area",
      undefined,
      /money is held in the account; expected an area of connections/,
    ],
    [
      "no author of the post to be",
      () => askRelated("connectionsFor", { ...ana, action: "edit" }),
      "invalid-query",
      ["relations", "author"],
      /no author for edit; expected an id, a list of ids, or null for nobody/,
    ],
    [
      "an author that was not found",
      () => askRelated("usersFor", { account: "a", action: "edit", group: "g", relations: { author: undefined } }),
      "invalid-query",
      ["relations", "author"],
      /undefined/,
    ],
    [
      "null among authors",
      () => askRelated("connectionsFor", { ...ana, action: "edit", relations: { author: ["ana", null] } }),
      "invalid-query",
      ["relations", "author", 1],
      /null is not an id/,
    ],
    [
      "a relation that the policy does not have",
      () => askRelated("connectionsFor", { ...ana, action: "edit", relations: { author: null, writer: null } }),
      "invalid-query",
      ["relations", "writer"],
      /"writer".*"author" or "assigned-to"/,
    ],
    [
      "relations of a connection",
      () => askRelated("usersFor", { account: "a", action: "look", connection: "c", relations: { author: null } }),
      "invalid-query",
      ["relations"],
      /"relations"/,
    ],
    [
      "relations where there are none",
      () => ask("connectionsFor", { ...ana, action: "publish.edit", relations: {} }),
      "invalid-query",
      ["relations"],
      /"relations"/,
    ],
    ["no query", () => ask("groupsFor", undefined), "invalid-query", undefined, /undefined/],
    [
      "an unknown action",
      () => ask("groupsFor", { ...ana, action: "publish.pots" }),
      "unknown-action",
      undefined,
      /"publish.pots".*"publish.edit"/,
    ],
    [
      "an action on one connection",
      () => ask("groupsFor", { ...ana, action: "analytics.view" }),
      "wrong-target",
      undefined,
      /"analytics.view" is asked about connection; expected "publish.view", /,
    ],
    [
      "an action on the account",
      () => ask("connectionsFor", { ...ana, action: "publish.create" }),
      "wrong-target",
      undefined,
      /"publish.create" is asked about none; expected "publish.select", /,
    ],
    ["no action", () => ask("usersFor", { account: "a" }), "unknown-action", undefined, /undefined/],
    ["no query of users", () => ask("usersFor", null), "unknown-action", undefined, /undefined/],
    [
      "no group",
      () => ask("usersFor", { account: "a", action: "publish.edit" }),
      "invalid-query",
      ["group"],
      /undefined/,
    ],
    [
      "a group where a connection belongs",
      () => ask("usersFor", { account: "a", action: "analytics.view", group: "g" }),
      "invalid-query",
      ["group"],
      /"group".*"connection"/,
    ],
    [
      "a target where none belongs",
      () => ask("usersFor", { account: "a", action: "publish.create", group: "g" }),
      "invalid-query",
      ["group"],
      /"group"/,
    ],
    [
      "a target of no target",
      () => ask("usersFor", { account: "a", action: "publish.create", none: "n" }),
      "invalid-query",
      ["none"],
      /"none".*"action"/,
    ],
    [
      "an unknown area",
      () => ask("groupLevels", { ...ana, area: "posting" }),
      "unknown-area",
      undefined,
      /"posting".*"publish"/,
    ],
    [
      "no account",
      () => ask("groupsFor", { user: "ana", action: "publish.edit" }),
      "invalid-query",
      ["account"],
      /undefined/,
    ],
    [
      "an inherited account",
      () => ask("groupsFor", Object.assign(Object.create({ account: "a" }), { user: "ana", action: "publish.edit" })),
      "invalid-query",
      ["account"],
      /undefined/,
    ],
    [
      "a list of users",
      () => ask("groupsFor", { ...ana, user: ["ana"], action: "publish.edit" }),
      "invalid-query",
      ["user"],
      /an array/,
    ],
    [
      "a user with NUL",
      () => ask("groupsFor", { ...ana, user: "a\0", action: "publish.edit" }),
      "invalid-query",
      ["user"],
      /NUL/,
    ],
    [
      "a user with half a pair",
      () => ask("groupsFor", { ...ana, user: "\ud800", action: "publish.edit" }),
      "invalid-query",
      ["user"],
      /ud800/,
    ],
    [
      "a part of a number",
      () => ask("groupsFor", { ...ana, user: 1.5, action: "publish.edit" }),
      "invalid-query",
      ["user"],
      /1.5/,
    ],
    [
      "a number that is rounded",
      () => ask("groupsFor", { ...ana, user: 2 ** 53, action: "publish.edit" }),
      "invalid-query",
      ["user"],
      /9007199254740992/,
    ],
    [
      "null for the one",
      () => ask("groupsFor", { ...ana, action: "publish.edit", only: null }),
      "invalid-query",
      ["only"],
      /null/,
    ],
    [
      "a column without its table",
      () => ask("groupsFor", { ...ana, action: "publish.edit", only: { column: ["id"] } }),
      "invalid-query",
      ["only", "column"],
      /1 name/,
    ],
    [
      "a column of the query itself",
      () => ask("groupsFor", { ...ana, action: "publish.edit", only: { column: ["CG_link", "id"] } }),
      "invalid-query",
      ["only", "column", 0],
      /"CG_link".*"cg_"/,
    ],
    [
      "a column of no name",
      () => ask("groupsFor", { ...ana, action: "publish.edit", only: { column: ["p", ""] } }),
      "invalid-query",
      ["only", "column", 1],
      /""/,
    ],
    [
      "another key of the one",
      () => ask("groupsFor", { ...ana, action: "publish.edit", only: { colum: [] } }),
      "invalid-query",
      ["only", "colum"],
      /"colum".*"column"/,
    ],
  ];

  test.each(refusals)("%s", (_, call, code, path, says) => {
    expect.assertions(4);
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(PolicyError);
      expect((error as PolicyError).code).toBe(code);
      expect((error as PolicyError).path).toEqual(path);
      expect((error as PolicyError).message).toMatch(says);
    }
  });
});

test("whoever changes a query changes no other", () => {
  const sql = createGrantsSql(engage, { dialect: "postgresql" });
  const asked = { account: "acme", user: "ana", action: "publish.edit" } as const;
  const first = sql.groupsFor(asked);
  first.values.length = 0;
  expect(sql.groupsFor(asked).values).toContain("ana");
  for (const frozen of [sql, sql.tables, sql.checks, sql.indexes, first, first.strings, first.strings.raw]) {
    expect(Object.isFrozen(frozen)).toBe(true);
  }
});

test("to PostgreSQL, names that differ in case are two", () => {
  const { tables } = createGrantsSql(engage, {
    dialect: "postgresql",
    grants: { columns: { publish: "level", analytics: "Level" } },
  });
  expect(tables.grants).toContain('"level" TEXT');
  expect(tables.grants).toContain('"Level" TEXT');
});

test("a name has 63 bytes at most, and may say its schema", () => {
  const longest = `${"é".repeat(31)}z`;
  const { tables } = createGrantsSql(engage, { dialect: "sqlite", users: { table: ["app", longest] } });
  expect(tables.users).toContain(`CREATE TABLE "app"."${longest}" (`);
});

test("to SQLite, names are one that differ in the case of a letter, and not that are written alike in capitals", () => {
  const make = (publish: string, analytics: string) =>
    createGrantsSql(engage, { dialect: "sqlite", grants: { columns: { publish, analytics } } });
  expect(() => make("level", "LEVEL")).toThrow(/a second column "LEVEL"/);
  expect(make("ß", "SS").tables.grants).toContain('"SS" TEXT');
});

test("a column has the name of its area or flag, and what a name in SQL cannot have without quotes is an underscore", () => {
  const levels = ["none", "all"];
  const policy = define({
    name: "own",
    levels,
    areas: { "by-e-mail": { levels } },
    roles: { user: {} },
    actions: { act: { target: "group", allow: { area: "by-e-mail", level: "all" } } },
  });
  expect(createGrantsSql(policy, { dialect: "sqlite" }).checks).toEqual([
    `"by_e_mail" IS NOT NULL AND "by_e_mail" COLLATE BINARY IN ('none', 'all')`,
  ]);
});

test("a level that no text can hold is stored as a number", () => {
  const levels = ["none", "a\0"];
  const policy = define({
    name: "own",
    levels,
    areas: { a: { levels } },
    roles: { user: {} },
    actions: { act: { target: "group", allow: { area: "a", level: "a\0" } } },
  });
  expect(createGrantsSql(policy, { dialect: "sqlite", levels: "integer" }).checks).toEqual([
    '"a" IS NOT NULL AND "a" IN (0, 1)',
  ]);
});

test.each([
  ["sqlite", () => "?"],
  ["postgresql", (index: number) => `$${index + 1}`],
] as const)("for %s, the text is the strings with a placeholder for each value", (dialect, placeholder) => {
  const { text, strings, values } = createGrantsSql(engage, { dialect }).groupsFor({
    account: "acme",
    user: "ana",
    action: "publish.edit",
  });
  expect(values.length).toBeGreaterThan(2);
  expect(strings).toHaveLength(values.length + 1);
  expect(text).toBe(strings.map((string, index) => (index === 0 ? "" : placeholder(index - 1)) + string).join(""));
  expect([...strings.raw]).toEqual([...strings]);
});

test("one aggregate says that nothing is in the way, and where that is not enough, another that something is given", () => {
  const levels = ["none", "some", "all"];
  const policy = define({
    name: "own",
    levels,
    areas: { a: { levels, noAccessCountsAs: "some" }, b: { levels, noAccessCountsAs: "all" } },
    roles: { user: {} },
    actions: {
      every: { target: "group", allow: { area: "a", level: "all" } },
      some: { target: "group", allow: { area: "a", some: "all" } },
      least: { target: "group", allow: { area: "a", level: "some" } },
      beside: { target: "group", allow: { area: "b", level: "all" } },
    },
  });
  const sql = createGrantsSql(policy, { dialect: "sqlite" });
  const aggregates = Object.keys(policy.actions).map((action) => {
    const { strings } = sql.groupsFor({ account: "acme", user: "ana", action });
    return [action, strings.join("?").match(/MIN|MAX/g)];
  });
  expect(aggregates).toEqual([
    ["every", ["MIN"]],
    // No state is in the way, but a row that is no grant is.
    ["some", ["MIN", "MAX"]],
    ["least", ["MIN", "MAX"]],
    // No access counts as all beside it, and is nothing by itself.
    ["beside", ["MIN", "MAX"]],
  ]);
});

test("beside the tables are the checks of a grant, and the index by which a drop-down is found", () => {
  const { checks, indexes } = createGrantsSql(engage, { dialect: "postgresql" });
  expect(checks).toEqual([
    `"conversations" IS NOT NULL AND CAST("conversations" AS TEXT) COLLATE "C" IN ('no-access', 'view-only', 'full-access')`,
    `"publish" IS NOT NULL AND CAST("publish" AS TEXT) COLLATE "C" IN ('no-access', 'view-only', 'needs-approval', 'full-access')`,
    `"approver" IS NOT NULL AND "approver" IN (FALSE, TRUE)`,
    `NOT "approver" OR CAST("publish" AS TEXT) COLLATE "C" IN ('view-only', 'full-access')`,
    `"analytics" IS NOT NULL AND CAST("analytics" AS TEXT) COLLATE "C" IN ('no-access', 'full-access')`,
  ]);
  expect(indexes).toEqual([
    'CREATE INDEX "cg_grants_by_connection" ON "grants" ("account_id", "connection_id", "user_id")',
  ]);
});

test("an id as a number, a bigint and a text are three users in a relation", () => {
  const levels = ["none", "all"];
  const policy = define({
    name: "three",
    levels,
    areas: {},
    roles: { one: {}, two: {}, three: {} },
    relations: ["first", "second", "third"],
    actions: {
      act: {
        target: "group",
        allow: [
          { role: "one", is: "first" },
          { role: "two", is: "second" },
          { role: "three", is: "third" },
        ],
      },
    },
  });
  const relations = { first: 7, second: 7n, third: "7n" };
  const sql = createGrantsSql(policy, { dialect: "sqlite" });
  const { values } = sql.connectionsFor({ account: "a", user: "u", action: "act", relations });
  expect(values).toEqual(["u", "a", "one", 7, "two", 7n, "three", "7n"]);
});

test("a relation is a column of the post groups, and an area of the account one of the users", () => {
  const levels = ["none", "all"];
  const policy = define({
    name: "related",
    levels,
    areas: { "bank-account": { levels, of: "account", flags: { signer: ["all"] } } },
    roles: { user: {} },
    relations: ["assigned-to"],
    actions: { act: { target: "group", allow: { area: "bank-account", level: "all", is: "assigned-to" } } },
  });
  const { tables, checks, accountChecks } = createGrantsSql(policy, {
    dialect: "sqlite",
    users: { columns: { signer: "may_sign" } },
  });
  expect(tables.groups).toContain('"assigned_to_id" TEXT,');
  expect(tables.users).toContain(`"bank_account" TEXT NOT NULL DEFAULT 'none'`);
  expect(tables.users).toContain('"may_sign" BOOLEAN NOT NULL DEFAULT FALSE');
  expect(checks).toEqual([]);
  expect(accountChecks).toEqual([
    `"bank_account" IS NOT NULL AND "bank_account" COLLATE BINARY IN ('none', 'all')`,
    '"may_sign" IS NOT NULL AND "may_sign" IN (FALSE, TRUE)',
    `NOT "may_sign" OR "bank_account" COLLATE BINARY IN ('all')`,
  ]);
});
