import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  accessLevel,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  type GrantMatrix,
  type Policy,
  type UserRow,
} from "../../src/index.js";
import {
  type AccountPage,
  createGrantsSql,
  type GrantsSql,
  type RowsQuery,
  type SqlOptions,
  type SqlValue,
} from "../../src/sql/index.js";
import { matrices } from "../../src/testing/arbitraries/index.js";
import { define, postOf, wholeDefinitions } from "../support/arbitraries.js";
import {
  type Database,
  databases,
  fill,
  insert,
  inTransaction,
  keysOf,
  keyText,
  openBetterSqlite,
  storable,
} from "../support/databases.js";
import type { Definition } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

// Rows to users, and back: what is read from the rows is what `createUser` and `createMatrix` make of the input.

let rowsRead = 0;
afterAll(() => {
  process.stdout.write(`\n${rowsRead.toLocaleString("en")} rows read as users, and compared with their input\n`);
});

const ends = ["2026-03-31T09:00:00.000Z", "2026-12-31T23:59:59.999Z"];
const aroundEnds = ends.flatMap((end) => [-1, 0, 1].map((after) => new Date(Date.parse(end) + after).toISOString()));
const connections = ["fb", "ig", "x", "O'Hara; --"];

/** A policy with an area of the account, and a role that holds everything everywhere. */
const desk = definePolicy({
  name: "desk",
  levels: ["none", "read", "write", "pay"],
  areas: {
    posts: { levels: ["none", "read", "write"], flags: { lead: ["write"] } },
    billing: { levels: ["none", "pay"], of: "account" },
  },
  roles: { writer: {}, chief: { holds: { posts: "write", billing: "pay" } } },
  actions: {
    edit: { target: "group", allow: { area: "posts", level: "write" } },
    pay: { target: "none", allow: { area: "billing", level: "pay" } },
  },
});

/** How the tables of a random policy are described: every column has a name that any database takes. */
function optionsFor(policy: Policy, given: Pick<SqlOptions, "dialect" | "levels">, mayEnd: boolean): SqlOptions {
  const columnsOf = (ofAccount: boolean) =>
    keysOf({
      areas: Object.fromEntries(
        Object.entries(policy.areas).filter(([, { of }]) => (of === "account") === ofAccount),
      ) as never,
    });
  const named = (keys: readonly string[]) => Object.fromEntries(keys.map((key, index) => [key, `key ${index}`]));
  const until = mayEnd ? { until: "ends at" } : {};
  const ofAccount = columnsOf(true);
  const relations = policy.relations ?? [];
  return {
    ...given,
    grants: { columns: named(columnsOf(false)), ...until },
    ...(ofAccount.length > 0 && { users: { columns: named(ofAccount), ...until } }),
    ...(relations.length > 0 && { groups: { relations: named(relations) } }),
  };
}

const worlds = wholeDefinitions
  .map(storable)
  .map(define)
  // A policy that holds nothing on connections has no grants to store.
  .filter(({ areas }) => Object.values(areas).some(({ of }) => of !== "account"))
  .chain((policy) =>
    fc.boolean().chain((mayEnd) =>
      fc.record({
        policy: fc.constant(policy),
        mayEnd: fc.constant(mayEnd),
        input: matrices(policy, connections, ...(mayEnd ? [ends] : [])),
        at: fc.constantFrom(...aroundEnds),
        levels: fc.constantFrom("text" as const, "integer" as const),
        asked: fc.uniqueArray(fc.constantFrom(...connections, "stranger"), { minLength: 1, maxLength: 3 }),
        limit: fc.integer({ min: 1, max: 4 }),
        choice: fc.nat(10),
      }),
    ),
  );

/** Takes what some connections are granted. */
function only(grants: UserRow["grants"], among: readonly string[]) {
  return Object.fromEntries(Object.entries(grants ?? {}).filter(([connection]) => among.includes(connection)));
}

/** Gives a matrix as data, in one order. */
function asData(matrix: GrantMatrix): unknown {
  const { users, connections } = JSON.parse(JSON.stringify(matrix));
  const sorted = users.map((user: UserRow) => ({ ...user, connections: [...(user.connections ?? [])].sort() }));
  return [sorted.sort((one: UserRow, other: UserRow) => (one.id < other.id ? -1 : 1)), [...connections].sort()];
}

async function readFrom<Result>(database: Database, query: RowsQuery<Result>): Promise<Result> {
  const rows = await database.rows(query);
  rowsRead += rows.length;
  return query.read(rows);
}

/** Loads all pages of an account. */
async function pagesOf(database: Database, sql: GrantsSql, limit: number): Promise<AccountPage[]> {
  const pages: AccountPage[] = [];
  let after: SqlValue | null = null;
  do {
    const page: AccountPage = await readFrom(database, sql.loadPage({ account: "ours", after, limit }));
    pages.push(page);
    after = page.next;
  } while (after !== null);
  return pages;
}

/** Makes the tables, and stores an account by the library's own statements; the same ids are in another account. */
async function inAccount(
  database: Database,
  sql: GrantsSql,
  policy: Policy,
  users: readonly UserRow[],
  ask: () => Promise<void>,
): Promise<void> {
  const run = async (query: { text: string; values: SqlValue[] }) => {
    await database.rows(query as never);
  };
  await inTransaction(database, async () => {
    for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
    const some = Object.keys(policy.roles)[0] as string;
    const people = users.map(({ id, role }) => ({ id, role }));
    await fill(database, { account: "ours", users: people, connections, groups: [] }, new Map());
    const others = [...people.map(({ id }) => ({ id, role: some })), { id: "theirs alone", role: some }];
    await fill(
      database,
      { account: "theirs", users: others, connections: [...connections, "stranger"], groups: [] },
      new Map(),
    );
    for (const { id, grants, account } of users) {
      for (const [connection, grant] of Object.entries(grants ?? {})) {
        await run(sql.assign({ account: "ours", user: id, connection, grant: grant as never }));
      }
      if (account) await run(sql.assignAccount({ account: "ours", user: id, grant: account }));
    }
    await ask();
  });
}

const opened = [...databases, ["better-sqlite3", openBetterSqlite] as const];
describe.each(opened)("on %s", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it("a user, a matrix and an account in pages, read from rows, are what their input makes", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ policy, mayEnd, input, at, levels, asked, limit, choice }) => {
        const options = optionsFor(policy, { dialect: database.dialect, levels }, mayEnd);
        const sql = createGrantsSql(policy, options);
        const when = mayEnd ? { at } : {};
        const then = mayEnd ? { at } : undefined;
        const whole = createMatrix(policy, { ...input, connections }, then);
        const known = asked.filter((connection) => connections.includes(connection));
        const users = input.users as readonly UserRow[];
        await inAccount(database, sql, policy, users, async () => {
          for (const { connections: _, ...user } of users) {
            const question = { account: "ours", user: user.id, ...when };
            const all = await readFrom(database, sql.loadUser(question));
            expect(new Set(all?.connections.concat(Object.keys(all.grants)))).toEqual(new Set(connections));
            const expected = createUser(policy, { ...user, connections } as never, then);
            expect(all?.grants).toEqual(expected.grants);
            expect([all?.role, all?.account, all?.validUntil]).toEqual([
              expected.role,
              expected.account,
              expected.validUntil,
            ]);
            const some = await readFrom(database, sql.loadUser({ ...question, connections: asked }));
            const grants = only(user.grants, known);
            const less = createUser(policy, { ...user, grants, connections: known } as never, then);
            expect(some?.grants).toEqual(less.grants);
            expect(some?.connections.toSorted()).toEqual(less.connections.toSorted());
            // The question's connections are enough for its answer.
            const member = whole.user(user.id);
            const post = postOf(policy as unknown as Definition, asked, whole.users() as string[], choice);
            for (const [action, { target }] of Object.entries(policy.actions)) {
              const on = { group: post, connection: asked[0], none: undefined }[target];
              const from = target === "none" ? all : some;
              expect(can(from as never, action, on as never), action).toBe(can(member, action, on as never));
            }
          }
          const matrix = await readFrom(database, sql.loadMatrix({ account: "ours", ...when }));
          expect(asData(matrix)).toEqual(asData(whole));
          const few = await readFrom(database, sql.loadMatrix({ account: "ours", connections: asked, ...when }));
          const fewer = users.map(({ connections: _, ...user }) => ({ ...user, grants: only(user.grants, known) }));
          expect(asData(few)).toEqual(
            asData(createMatrix(policy, { users: fewer, connections: known } as never, then)),
          );
          const pages = await pagesOf(database, sql, limit);
          expect(pages.slice(0, -1).every((page) => page.users.length === limit)).toBe(true);
          const together = { users: pages.flatMap((page) => page.users), connections: pages[0]?.connections };
          expect(asData(createMatrix(policy, together as never, then))).toEqual(asData(whole));
          expect(await readFrom(database, sql.loadUser({ account: "ours", user: "theirs alone", ...when }))).toBe(
            undefined,
          );
        });
      }),
      { numRuns: runs(150) },
    );
  });

  describe("with two users on two connections", () => {
    const options = {
      dialect: "sqlite" as Database["dialect"],
      users: { until: "ends_at" },
      grants: { until: "ends_at" },
    };
    let sql: GrantsSql<typeof desk>;
    const ids = async (query: { text: string; values: SqlValue[] }) =>
      (await database.rows(query as never)).map((row) => row as { id: string; group?: string });

    /** Stores `ana` with a grant on `fb`, and `ben` with none; then runs statements that a test writes. */
    async function withRows(statements: string, ask: () => Promise<void>): Promise<void> {
      sql = createGrantsSql(desk, { ...options, dialect: database.dialect });
      await inTransaction(database, async () => {
        const key = keyText[database.dialect];
        const instant = { sqlite: "TEXT", postgresql: "TIMESTAMPTZ", mysql: "DATETIME(3)" }[database.dialect];
        // Tables without conditions, as an application may have them.
        await database.run(`
          CREATE TABLE users (account_id ${key}, id ${key}, role ${key}, billing ${key}, ends_at ${instant});
          CREATE TABLE connections (account_id ${key}, id ${key});
          CREATE TABLE grants (account_id ${key}, user_id ${key}, connection_id ${key}, posts ${key}, lead ${database.dialect === "sqlite" ? "BLOB" : "BOOLEAN"}, ends_at ${instant});
          INSERT INTO users VALUES ('a', 'ana', 'writer', 'none', NULL), ('a', 'ben', 'writer', 'pay', NULL);
          INSERT INTO connections VALUES ('a', 'fb'), ('a', 'ig');
          INSERT INTO grants VALUES ('a', 'ana', 'fb', 'write', TRUE, NULL);
          ${statements}
        `);
        await ask();
      });
    }

    const at = "2026-06-01T00:00:00.000Z";
    const loadAna = () => readFrom(database, sql.loadUser({ account: "a", user: "ana", at }));
    const loadAll = () => readFrom(database, sql.loadMatrix({ account: "a", at }));
    const loadPage = () => readFrom(database, sql.loadPage({ account: "a", after: null, limit: 5 }));

    it.each([
      ["a level of another case", "UPDATE grants SET posts = 'Write'", "invalid-grant", ["grants", "fb", "posts"]],
      ["no level", "UPDATE grants SET posts = NULL", "invalid-grant", ["grants", "fb", "posts"]],
      ["a flag that is neither on nor off", "UPDATE grants SET lead = NULL", "invalid-grant", ["grants", "fb", "lead"]],
      [
        "a flag beside a level that may not carry it",
        "UPDATE grants SET posts = 'none'",
        "invalid-grant",
        ["grants", "fb", "lead"],
      ],
      ["a second grant", "INSERT INTO grants SELECT * FROM grants", "invalid-grant", ["grants", "fb"]],
      ["an unknown role", "UPDATE users SET role = 'boss' WHERE id = 'ana'", "invalid-user", ["role"]],
      ["no role", "UPDATE users SET role = NULL WHERE id = 'ana'", "invalid-user", ["role"]],
      [
        "a level of the account that is none",
        "UPDATE users SET billing = 'all' WHERE id = 'ana'",
        "invalid-grant",
        ["account", "billing"],
      ],
      ["a second row that differs", "INSERT INTO users VALUES ('a', 'ana', 'chief', 'none', NULL)", "invalid-user", []],
    ])("a row with %s is refused by its name, whoever asks", async (_, statement, code, path) => {
      await withRows(statement, async () => {
        for (const load of [loadAna, loadAll, loadPage]) {
          const fault = await load().then(
            () => undefined,
            (error) => error,
          );
          expect(fault).toMatchObject({ code, path: ["users", "ana", ...path] });
        }
      });
    });

    it("a row of a stranger gives nothing, and so does a grant of a user whose role holds everywhere", async () => {
      const rows = `
        INSERT INTO grants VALUES ('a', 'ben', 'gone', 'nonsense', NULL, NULL), ('a', 'nobody', 'fb', 'write', FALSE, NULL);
        INSERT INTO users VALUES ('a', 'cat', 'chief', 'nonsense', NULL);
        INSERT INTO grants VALUES ('a', 'cat', 'fb', 'nonsense', NULL, NULL);
      `;
      await withRows(rows, async () => {
        const matrix = await loadAll();
        expect(matrix.users().toSorted()).toEqual(["ana", "ben", "cat"]);
        expect(matrix.connections().toSorted()).toEqual(["fb", "ig"]);
        expect(matrix.grant("cat", "ig")).toEqual({ posts: "write", lead: false });
        expect(matrix.accountGrant("cat")).toEqual({ billing: "pay" });
        expect(matrix.user("ben").grants).toEqual({});
        expect((await loadPage()).users.map(({ id }) => id)).toEqual(["ana", "ben", "cat"]);
      });
    });

    it("an end of no form that the queries know is refused, and infinity is none", async () => {
      const stored = { sqlite: "'2026-09-01T02:00:00+02:00'", postgresql: "'-infinity'", mysql: "NULL" }[
        database.dialect
      ];
      await withRows(`UPDATE grants SET ends_at = ${stored}`, async () => {
        if (database.dialect === "mysql") return;
        await expect(loadAna()).rejects.toMatchObject({ path: ["users", "ana", "grants", "fb", "until"] });
      });
      if (database.dialect !== "postgresql") return;
      await withRows("UPDATE grants SET ends_at = 'infinity'", async () => {
        expect((await loadAna())?.validUntil).toBe(undefined);
      });
    });

    it("what is assigned, ended and revoked is what a matrix has after the same", async () => {
      const end = "2026-07-01T00:00:00.000Z";
      // A key is what a second grant is known by.
      await withRows("CREATE UNIQUE INDEX one ON grants (account_id, user_id, connection_id)", async () => {
        const run = async (query: { text: string; values: SqlValue[] }) => {
          await database.rows(query as never);
        };
        let matrix = await loadAll();
        const agree = async () => expect(asData((await loadAll()) as never)).toEqual(asData(matrix as never));
        const place = { account: "a", user: "ana", connection: "fb" } as const;
        await run(sql.assign({ ...place, grant: { posts: "read", until: end } }));
        matrix = matrix.assign("ana", "fb", { posts: "read", until: end });
        await agree();
        expect((await loadAna())?.validUntil).toBe(end);
        await run(sql.assign({ ...place, connection: "ig", grant: { posts: "write", lead: true } }));
        matrix = matrix.assign("ana", "ig", { posts: "write", lead: true });
        await agree();
        await run(sql.assign({ ...place, grant: {} }));
        matrix = matrix.assign("ana", "fb", {});
        await agree();
        await run(sql.revoke({ ...place, connection: "ig" }));
        matrix = matrix.revoke("ana", "ig");
        await agree();
        await run(sql.assignAccount({ account: "a", user: "ana", grant: { billing: "pay", until: end } }));
        matrix = matrix.assignAccount("ana", { billing: "pay", until: end });
        await agree();
        const mayPay = async (instant: string) =>
          (await ids(sql.usersFor({ account: "a", action: "pay", at: instant }))).map(({ id }) => id).sort();
        expect(await mayPay(at)).toEqual(["ana", "ben"]);
        expect(await mayPay(end)).toEqual(["ben"]);
        expect(matrix.at(end).usersFor("pay")).toEqual(["ben"]);
        await run(sql.assignAccount({ account: "a", user: "ana", grant: {} }));
        matrix = matrix.assignAccount("ana", {});
        await agree();
      });
    });
  });

  it("who may approve each post of a page, in one query, is who may approve it alone", async () => {
    const users = [
      { id: "ana", role: "viewer", grants: { fb: { publish: "full-access", approver: true } } },
      {
        id: "ben",
        role: "viewer",
        grants: { fb: { publish: "view-only", approver: true }, ig: { publish: "view-only", approver: true } },
      },
    ];
    const posts: [string, string[]][] = [
      ["p1", ["fb"]],
      ["p2", ["fb", "ig"]],
      ["p3", ["ig"]],
      ["p4", []],
      ["p5", ["fb"]],
    ];
    const sql = createGrantsSql(engage, { dialect: database.dialect });
    await inTransaction(database, async () => {
      for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
      const world = { account: "a", users, connections: ["fb", "ig"], groups: posts };
      await fill(database, world, new Map(keysOf(engage).map((key) => [key, key])));
      await fill(
        database,
        { ...world, account: "b", groups: [["p3", ["fb"]]] },
        new Map(keysOf(engage).map((key) => [key, key])),
      );
      const matrix = createMatrix(engage, { users, connections: ["fb", "ig"] } as never);
      const approversOf = async (groups: readonly string[], rest = {}) => {
        const found = await database.rows(sql.usersFor({ account: "a", action: "publish.approve", groups, ...rest }));
        return found.map(({ group, id }) => `${group} ${id}`).sort();
      };
      const page = ["p1", "p2", "p3", "p4", "no such"];
      const expected = posts
        .slice(0, 4)
        .flatMap(([post, its]) =>
          matrix.usersFor("publish.approve", { connections: its }).map((id) => `${post} ${id}`),
        );
      expect(await approversOf(page)).toEqual(expected.sort());
      expect(await approversOf(page, { only: "ana" })).toEqual(["p1 ana"]);
      expect(await approversOf([])).toEqual([]);
    });
  });

  it("ids that are numbers keep all their digits, and levels may be numbers, too", async () => {
    const sql = createGrantsSql(engage, { dialect: database.dialect, levels: "integer" });
    await inTransaction(database, async () => {
      await database.run(`
        CREATE TABLE users (account_id BIGINT, id BIGINT, role ${keyText[database.dialect]});
        CREATE TABLE connections (account_id BIGINT, id BIGINT);
        CREATE TABLE grants (account_id BIGINT, user_id BIGINT, connection_id BIGINT, conversations SMALLINT,
          publish SMALLINT, approver ${database.dialect === "mysql" ? "BIT(1)" : "BOOLEAN"}, analytics SMALLINT);
        CREATE UNIQUE INDEX one ON grants (account_id, user_id, connection_id);
        INSERT INTO users VALUES (1, 9007199254740993, 'viewer'), (1, 7, 'viewer'), (1, 12, 'viewer'), (2, 7, 'admin');
        INSERT INTO connections VALUES (1, 9007199254740995), (1, 10);
        INSERT INTO grants VALUES (1, 9007199254740993, 9007199254740995, 0, 3, TRUE, 0);
      `);
      await database.rows(sql.assign({ account: 1, user: 7, connection: 10, grant: { publish: "needs-approval" } }));
      const matrix = await readFrom(database, sql.loadMatrix({ account: 1, connections: [10, 9007199254740995n] }));
      expect(matrix.user("9007199254740993").grants).toEqual({
        "9007199254740995": { publish: "full-access", approver: true },
      });
      expect(matrix.user("7").grants).toEqual({ "10": { publish: "needs-approval" } });
      // By number, as the column sorts: 7 comes before 12.
      const first = await readFrom(database, sql.loadPage({ account: 1, after: null, limit: 2 }));
      expect(first.users.map(({ id }) => id)).toEqual(["7", "12"]);
      const second = sql.loadPage({ account: 1, after: first.next, limit: 2 });
      const rest = (await database.rows(second)).map((row) => ({ ...row, next: String(row.next) }));
      expect(second.read(rest)).toMatchObject({ users: [{ id: "9007199254740993" }], connections: [], next: null });
      await database.run("UPDATE grants SET publish = 4 WHERE user_id = 7");
      const fault = { code: "invalid-grant", path: ["users", "7", "grants", "10", "publish"] };
      await expect(readFrom(database, sql.loadUser({ account: 1, user: 7 }))).rejects.toMatchObject(fault);
    });
  });

  it("tables of one account have no column for it, and answer as those of many do", async () => {
    await fc.assert(
      fc.asyncProperty(matrices(engage, connections), async (input) => {
        const sql = createGrantsSql(engage, { dialect: database.dialect, accounts: "one" });
        await inTransaction(database, async () => {
          for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
          await insert(
            database,
            "users",
            ["id", "role"],
            input.users.map(({ id, role }) => [id, role]),
          );
          await insert(
            database,
            "connections",
            ["id"],
            connections.map((id) => [id]),
          );
          await insert(database, "post_groups", ["id"], [["p1"]]);
          const post = { connections: ["fb", "ig"] };
          await insert(
            database,
            "post_group_connections",
            ["post_group_id", "connection_id"],
            post.connections.map((id) => ["p1", id]),
          );
          for (const { id, grants } of input.users) {
            for (const [connection, grant] of Object.entries(grants ?? {})) {
              await database.rows(sql.assign({ user: id, connection, grant: grant ?? {} }));
            }
          }
          const whole = createMatrix(engage, { users: input.users, connections });
          expect(asData((await readFrom(database, sql.loadMatrix({}))) as never)).toEqual(asData(whole as never));
          const page = await readFrom(database, sql.loadPage({ after: null, limit: 100 }));
          expect(page.users.map(({ id }) => id).sort()).toEqual(whole.users().toSorted());
          const idsOf = async (query: { text: string; values: SqlValue[] }) =>
            (await database.rows(query as never)).map(({ id }) => String(id)).sort();
          expect(await idsOf(sql.usersFor({ action: "publish.approve", group: "p1" }))).toEqual(
            whole.usersFor("publish.approve", post).toSorted(),
          );
          expect(await idsOf(sql.usersFor({ action: "publish.create" }))).toEqual(
            whole.usersFor("publish.create").toSorted(),
          );
          for (const user of whole.users()) {
            const member = whole.user(user);
            expect((await readFrom(database, sql.loadUser({ user, connections: ["fb"] })))?.grants).toEqual(
              only(member.grants, ["fb"]),
            );
            expect(await idsOf(sql.groupsFor({ user, action: "publish.edit" }))).toEqual(
              can(member, "publish.edit", post) ? ["p1"] : [],
            );
            expect(await idsOf(sql.connectionsFor({ user, action: "publish.select" }))).toEqual(
              whole.connectionsFor(user, "publish.select").toSorted(),
            );
            const [badge] = await database.rows(sql.groupLevels({ user, area: "publish" }));
            expect(badge).toEqual({ id: "p1", level: accessLevel(member, "publish", post) });
            await database.rows(sql.revoke({ user, connection: "fb" }));
          }
          const without = await readFrom(database, sql.loadMatrix({ connections: ["fb"] }));
          expect(without.users().flatMap((user) => Object.keys(without.user(user).grants))).toEqual([]);
        });
      }),
      { numRuns: runs(30) },
    );
  });
});

describe("the queries that load users", () => {
  const sql = createGrantsSql(engage, { dialect: "postgresql" });
  const alone = createGrantsSql(engage, { dialect: "postgresql", accounts: "one" });
  const inQuery = (path: readonly unknown[]) => ({ code: "invalid-query", path });

  it.each([
    ["an account that is undefined", () => sql.loadUser({ account: undefined, user: "ana" } as never), ["account"]],
    ["no account", () => sql.loadMatrix({} as never), ["account"]],
    ["no user", () => sql.loadUser({ account: "a" } as never), ["user"]],
    [
      "connections that are undefined",
      () => sql.loadMatrix({ account: "a", connections: undefined } as never),
      ["connections"],
    ],
    [
      "a connection that is no id",
      () => sql.loadMatrix({ account: "a", connections: [1.5] } as never),
      ["connections", 0],
    ],
    [
      "connections that are no list",
      () => sql.loadMatrix({ account: "a", connections: "fb" } as never),
      ["connections"],
    ],
    ["an instant where nothing ends", () => sql.loadMatrix({ account: "a", at: "2026-01-01T00:00:00Z" }), ["at"]],
    ["a page without its start", () => sql.loadPage({ account: "a", limit: 5 } as never), ["after"]],
    ["a page of nobody", () => sql.loadPage({ account: "a", after: null, limit: 0 }), ["limit"]],
    ["a page of text", () => sql.loadPage({ account: "a", after: null, limit: "5; --" } as never), ["limit"]],
    ["an account where there is one", () => alone.loadUser({ account: "a", user: "ana" } as never), ["account"]],
    [
      "both a group and groups",
      () => sql.usersFor({ account: "a", action: "publish.approve", group: "p", groups: [] } as never),
      ["group"],
    ],
  ])("refuse %s", (_, ask, path) => {
    expect(refusal(ask)).toMatchObject(inQuery(path));
  });

  const query = sql.loadUser({ account: "a", user: "ana" });
  const row = {
    user: "ana",
    role: "viewer",
    connection: "fb",
    held0: "no-access",
    held1: "view-only",
    held2: "true",
    held3: "no-access",
  };

  it("rows are read as drivers give them, whatever else they carry", () => {
    const ana = query.read([
      { ...row, user: null, role: null, held0: null, held1: null, held2: null, held3: null, ctid: "(0,1)" },
      Object.assign(Object.create(null), row),
    ]);
    expect(ana?.toJSON()).toEqual({
      id: "ana",
      role: "viewer",
      grants: { fb: { publish: "view-only", approver: true } },
    });
    expect(can(ana as never, "publish.approve", { connections: ["fb"] })).toBe(true);
    expect(query.read([])).toBe(undefined);
  });

  it.each([
    ["a result in place of its rows", { rows: [row] }, ["rows"]],
    ["a list as a row", [Object.values(row)], ["rows", 0]],
    ["a row whose keys were changed", [{ ...row, held0: undefined }], ["rows", 0, "held0"]],
    ["a row that inherits what it says", [Object.create(row)], ["rows", 0, "connection"]],
    ["a value that was converted", [{ ...row, held2: true }], ["rows", 0, "held2"]],
    ["the rows of two users", [row, { ...row, user: "ben" }], ["rows"]],
  ])("refuse %s", (_, rows, path) => {
    expect(refusal(() => query.read(rows as never))).toMatchObject(inQuery(path));
  });

  it("in MySQL, each column is a text of its own, also a flag that is a BIT, and an end", () => {
    const options = { dialect: "mysql", grants: { until: "ends_at" } } as const;
    const { text } = createGrantsSql(engage, options).loadMatrix({ account: "a", at: "2026-01-01T00:00:00Z" });
    expect(text).toContain("CONVERT(cg_user.`id` USING utf8mb4) AS `user`");
    expect(text).toContain("CONVERT(cg_grant.`approver` + 0 USING utf8mb4) AS `held2`");
    expect(text).toContain(
      "CONVERT(DATE_FORMAT(cg_grant.`ends_at`, '%Y-%m-%dT%H:%i:%s.%fZ') USING utf8mb4) AS `until`",
    );
    expect(text).not.toContain('"');
  });

  it("nothing of what they return can be changed", () => {
    expect(Object.isFrozen(query)).toBe(true);
    const page = sql.loadPage({ account: "a", after: null, limit: 1 }).read([{ ...row, next: 7n }]);
    expect(page).toEqual({
      users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } }],
      connections: [],
      next: 7n,
    });
    expect(Object.isFrozen(page)).toBe(true);
    expect(
      refusal(() => sql.loadPage({ account: "a", after: null, limit: 1 }).read([{ ...row, next: 0.5 }])),
    ).toMatchObject(inQuery(["rows", 0, "next"]));
  });
});

describe("the statements that store grants", () => {
  const sql = createGrantsSql(engage, { dialect: "mysql" });
  const place = { account: "a", user: "ana", connection: "fb" } as const;

  it.each([
    ["a level that there is not", { publish: "all" }, ["publish"]],
    ["a flag beside a level that may not carry it", { approver: true }, ["approver"]],
    ["an end where the table has no column for it", { publish: "view-only", until: "2026-01-01T00:00:00Z" }, ["until"]],
    ["no grant", undefined, ["grant"]],
  ])("refuse %s", (_, grant, path) => {
    const code = path[0] === "grant" ? "invalid-query" : "invalid-grant";
    expect(refusal(() => sql.assign({ ...place, grant } as never))).toMatchObject({ code, path });
  });

  it("refuse what the policy holds nowhere", () => {
    expect(refusal(() => sql.assignAccount({ account: "a", user: "ana", grant: {} }))).toMatchObject({
      code: "invalid-grant",
    });
    const onlyAccount = definePolicy({
      name: "account",
      levels: ["none", "pay"],
      areas: { billing: { levels: ["none", "pay"], of: "account" } },
      roles: { member: {} },
      actions: { pay: { target: "none", allow: { area: "billing", level: "pay" } } },
    });
    const { assign } = createGrantsSql(onlyAccount, { dialect: "sqlite" });
    expect(refusal(() => assign({ ...place, grant: {} } as never))).toMatchObject({ code: "invalid-grant" });
  });

  it("in MySQL, a key that takes an id for another one leaves what that one holds as it is", () => {
    const { text, values } = sql.assign({ ...place, grant: { publish: "view-only" } });
    expect(text).toMatch(
      /ON DUPLICATE KEY UPDATE `conversations` = IF\(`account_id` = \? AND CAST\(CONVERT\(`account_id`/,
    );
    expect(text.match(/\?/g)).toHaveLength(values.length);
  });
});
