import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessLevel, can, createMatrix, engage } from "../../src/index.js";
import { createGrantsSql, type SqlOptions, type SqlQuery } from "../../src/sql/index.js";
import { groups, matrices } from "../../src/testing/arbitraries/index.js";
import { type Database, databases, fill, insert, inTransaction, storageOf } from "../support/databases.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

// Law 12 in SQL: a grant is there before its end, and is not there from its end on.

const ends = ["2026-03-31T09:00:00.000Z", "2026-12-31T23:59:59.999Z"];
const aroundEnds = ends.flatMap((end) => [-1, 0, 1].map((after) => new Date(Date.parse(end) + after).toISOString()));
const [end] = ends as [string];
const [before, , after] = aroundEnds as [string, string, string];
const optionsFor = (dialect: Database["dialect"]): SqlOptions<typeof engage> => ({
  dialect,
  grants: { until: "ends_at" },
});
/** How an end is stored: MariaDB takes UTC without a zone. */
const storedAs = (dialect: Database["dialect"]) => (value: string | boolean) =>
  dialect === "mysql" && typeof value === "string" ? value.replace(/^(\d{4}-\d\d-\d\d)T(.*)Z$/, "$1 $2") : value;
const accounts = fc.record({
  input: matrices(engage, ["fb", "ig", "x"], ends),
  posts: fc.array(groups(["fb", "ig", "x"]), { maxLength: 4 }),
  at: fc.constantFrom(...aroundEnds),
});

describe.each(databases)("on %s", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const ids = async (query: SqlQuery) => (await database.rows(query)).map(({ id }) => id as string).sort();

  /** Makes the tables of an account, asks, and leaves nothing behind. */
  async function inAccount(input: Parameters<typeof fill>[1], ask: () => Promise<void>): Promise<void> {
    const options = optionsFor(database.dialect);
    const { tables, indexes } = createGrantsSql(engage, options);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(tables), ...indexes]) await database.run(text);
      const { columns } = storageOf(engage, options);
      await fill(database, input, columns.set("until", "ends_at"), storedAs(database.dialect));
      await ask();
    });
  }

  it("every query answers as can does at the instant, right up to an end, at it, and after it", async () => {
    await fc.assert(
      fc.asyncProperty(accounts, async ({ input, posts, at }) => {
        const sql = createGrantsSql(engage, optionsFor(database.dialect));
        const connections = ["fb", "ig", "x"];
        const matrix = createMatrix(engage, { ...input, connections }, { at });
        const world = {
          account: "ours",
          users: input.users as never,
          connections,
          groups: posts.map((post, index) => [`p${index}`, post.connections] as const),
        };
        await inAccount(world, async () => {
          const asked = { account: "ours", at } as const;
          expect(await ids(sql.usersFor({ ...asked, action: "publish.create" }))).toEqual(
            matrix.usersFor("publish.create").toSorted(),
          );
          for (const connection of connections) {
            expect(await ids(sql.usersFor({ ...asked, action: "conversations.reply", connection }))).toEqual(
              matrix.usersFor("conversations.reply", connection).toSorted(),
            );
          }
          for (const [group, its] of world.groups) {
            expect(await ids(sql.usersFor({ ...asked, action: "publish.approve", group }))).toEqual(
              matrix.usersFor("publish.approve", { connections: its }).toSorted(),
            );
          }
          for (const user of matrix.users()) {
            expect(await ids(sql.connectionsFor({ ...asked, user, action: "connections.reconnect" }))).toEqual(
              matrix.connectionsFor(user, "connections.reconnect").toSorted(),
            );
            const may = world.groups.filter(([, its]) => can(matrix.user(user), "publish.edit", { connections: its }));
            expect(await ids(sql.groupsFor({ ...asked, user, action: "publish.edit" }))).toEqual(
              may.map(([id]) => id).toSorted(),
            );
            const levels = await database.rows(sql.groupLevels({ ...asked, user, area: "publish" }));
            expect(new Map(levels.map(({ id, level }) => [id, level]))).toEqual(
              new Map(
                world.groups.map(([id, its]) => [id, accessLevel(matrix.user(user), "publish", { connections: its })]),
              ),
            );
          }
        });
      }),
      { numRuns: runs(200) },
    );
  });

  it("an end is compared to the millisecond, in any zone, and NULL is none", async () => {
    const { connectionsFor } = createGrantsSql(engage, optionsFor(database.dialect));
    const stored = (until: string | undefined) => ({
      account: "ours",
      users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "full-access", ...(until && { until }) } } }],
      connections: ["fb"],
      groups: [],
    });
    const isThere = async (at: string | Date) =>
      (await ids(connectionsFor({ account: "ours", user: "ana", action: "publish.post-now", at }))).length === 1;
    await inAccount(stored(end), async () => {
      expect(await isThere(before)).toBe(true);
      expect(await isThere(end)).toBe(false);
      expect(await isThere(after)).toBe(false);
      expect(await isThere(new Date(before))).toBe(true);
      expect(await isThere("2026-03-31T11:59:59.999+03:00")).toBe(true);
      expect(await isThere("2026-03-31T12:00:00+03:00")).toBe(false);
    });
    await inAccount(stored(undefined), async () => expect(await isThere("9999-12-31T23:59:59.999Z")).toBe(true));
    if (database.dialect === "postgresql") {
      await inAccount(stored("2026-03-31T09:00:00.000900Z"), async () => expect(await isThere(end)).toBe(false));
      await inAccount(stored("infinity"), async () => expect(await isThere("9999-12-31T23:59:59.999Z")).toBe(true));
    }
  });

  it("an end that is none, or of another form, is refused by the table, or is past", async () => {
    const { tables, checks, connectionsFor } = createGrantsSql(engage, optionsFor(database.dialect));
    if (database.dialect !== "sqlite") {
      expect(tables.grants).toMatch(/.ends_at. (TIMESTAMPTZ|DATETIME\(3\))/);
      expect(checks.join()).not.toContain("ends_at");
      return;
    }
    expect(checks.at(-1)).toContain('"ends_at" IS NULL OR "ends_at" GLOB');
    const wrong = ["2026-09-01T02:00:00.000+02:00", "2026-09-01 00:00:00", "9999", "soon", 5];
    const world = { account: "ours", users: [{ id: "ana", role: "viewer" }], connections: ["fb"], groups: [] };
    for (const until of wrong) {
      const row = ["account_id", "user_id", "connection_id", "publish", "ends_at"];
      const values = [["ours", "ana", "fb", "full-access", until]];
      await inAccount(world, async () => {
        await expect(insert(database, "grants", row, values)).rejects.toThrow(/CHECK/);
      });
      await inAccount(world, async () => {
        await database.run("PRAGMA ignore_check_constraints = ON");
        await insert(database, "grants", row, values);
        await database.run("PRAGMA ignore_check_constraints = OFF");
        const asked = { account: "ours", user: "ana", action: "publish.select", at: "2026-01-01T00:00:00Z" } as const;
        expect(await ids(connectionsFor(asked))).toEqual([]);
      });
    }
  });
});

describe("a query about grants that end", () => {
  const sql = createGrantsSql(engage, { dialect: "postgresql", grants: { until: "ends_at" } });
  const feed = { account: "acme", user: "ana", action: "publish.edit" } as const;

  it("has one more condition in its join, and binds its instant", () => {
    const { text, values } = sql.groupsFor({ ...feed, at: new Date(end) });
    expect(text.split("ends_at")).toHaveLength(3);
    expect(text).toMatch(/IS NULL OR date_trunc\('milliseconds', cg_grant."ends_at"\) > CAST\(\$\d AS TIMESTAMPTZ\)/);
    expect(values).toContain(end);
  });

  it.each([
    ["no instant", undefined],
    ["null", null],
    ["a time without its zone", "2026-09-01T00:00:00"],
    ["a number", 0],
  ])("refuses %s", (_, at) => {
    const fault = { code: "invalid-query", path: ["at"] };
    const given = at === undefined ? {} : { at };
    expect(refusal(() => sql.groupsFor({ ...feed, ...given } as never))).toMatchObject(fault);
    expect(refusal(() => sql.connectionsFor({ ...feed, ...given } as never))).toMatchObject(fault);
    expect(refusal(() => sql.usersFor({ account: "acme", action: "publish.create", ...given } as never))).toMatchObject(
      fault,
    );
    expect(
      refusal(() => sql.groupLevels({ account: "acme", user: "ana", area: "publish", ...given } as never)),
    ).toMatchObject(fault);
    expect(refusal(() => sql.groupsFor({ ...feed, at: undefined } as never))).toMatchObject(fault);
  });

  it("is refused an instant where the table says of no end", () => {
    const { groupsFor } = createGrantsSql(engage, { dialect: "sqlite" });
    expect(refusal(() => groupsFor({ ...feed, at: end }))).toMatchObject({ code: "invalid-query", path: ["at"] });
  });

  it("needs a column of its own, which only the table of grants has", () => {
    const tables = (options: object) =>
      refusal(() => createGrantsSql(engage, { dialect: "sqlite", ...options } as never));
    for (const until of ["user_id", "publish", "", undefined, 5]) {
      expect(tables({ grants: { until } })).toMatchObject({ code: "invalid-tables" });
    }
    expect(tables({ users: { until: "ends_at" } })).toMatchObject({ code: "invalid-tables", path: ["users", "until"] });
  });
});
