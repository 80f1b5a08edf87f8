import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffer, createUser, engage, type Policy } from "../../src/index.js";
import { createGrantsSql, type GrantsSql, type SqlOptions, type SqlQuery } from "../../src/sql/index.js";
import { connectionIds, define, definitions, groups, isFixed, personOf } from "../support/arbitraries.js";
import {
  type Database,
  databases,
  fill,
  insert,
  inTransaction,
  keysOf,
  storable,
  storageOf,
  type World,
} from "../support/databases.js";
import type { Definition } from "../support/reference-model.js";
import { runs } from "../support/runs.js";
import { compareAnswers, wholeWorld } from "../support/sql-answers.js";

let rowsCompared = 0;
afterAll(() => {
  process.stdout.write(`\n${rowsCompared.toLocaleString("en")} rows of answers in SQL compared with can\n`);
});

async function compareCounted(...asked: Parameters<typeof compareAnswers>): Promise<void> {
  rowsCompared += await compareAnswers(...asked);
}

/** Makes the tables, fills them, asks, and leaves nothing behind. */
async function inWorlds<Answer>(
  database: Database,
  policy: Policy,
  options: SqlOptions,
  worlds: readonly World[],
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const { tables, indexes } = createGrantsSql(policy, options);
  return inTransaction(database, async () => {
    for (const text of [...Object.values(tables), ...indexes]) await database.run(text);
    const { columns, stored } = storageOf(policy, options);
    for (const world of worlds) await fill(database, world, columns, stored);
    return ask();
  });
}

/** The same ids in another account, where everybody may do everything. */
function opposite(policy: Policy, { users, connections, groups }: World): World {
  const highest = Object.fromEntries(Object.entries(policy.areas).map(([area, { levels }]) => [area, levels.at(-1)]));
  const all = [...connections, "another account's"];
  const roles = Object.keys(policy.roles);
  return {
    account: "theirs",
    users: users.map(({ id }) => ({
      id,
      role: roles[0] as string,
      grants: Object.fromEntries(all.map((connection) => [connection, highest])),
    })) as World["users"],
    connections: all,
    groups: groups.map(([id]) => [id, connections.slice(0, 1)]),
  };
}

/** A random policy over an account with its people, and how its tables hold it. */
const randomWorlds = definitions.map(storable).chain((definition) => {
  const columns = Object.fromEntries(keysOf(definition).map((key, index) => [key, `key ${index}`]));
  return fc
    .record({
      levels: fc.constantFrom("text" as const, "integer" as const),
      people: fc.uniqueArray(personOf(definition), { minLength: 1, maxLength: 4, selector: ({ id }) => id }),
      connections: fc.array(connectionIds, { maxLength: 3 }),
      its: fc.array(groups, { minLength: 1, maxLength: 6 }),
    })
    .map(({ levels, people, connections, its }) => {
      const world: World = storable({
        account: "ours",
        users: people.map(({ id, role, grants }) => ({ id, role, grants: Object.fromEntries(grants) })),
        connections: [...new Set([...connections, ...people.flatMap(({ grants }) => grants.map(([id]) => id))])],
        groups: its.map((connections, index) => [`g${index}`, connections]),
      });
      return { definition, options: { levels, grants: { columns } }, world };
    });
});

/** Inserts every grant there is, one by one: the tables take it or refuse it as `createUser` does. */
async function takesExactlyGrants(database: Database, policy: Policy, options: Partial<SqlOptions>): Promise<void> {
  const { tables } = createGrantsSql(policy, { ...options, dialect: database.dialect });
  const { columns, stored } = storageOf(policy, options);
  for (const kind of ["users", "connections", "grants"] as const) await database.run(tables[kind]);
  const role = Object.keys(policy.roles).find((name) => policy.roles[name]?.holds === undefined) as string;
  await fill(database, { account: "a", users: [{ id: "u", role }], connections: ["c"], groups: [] }, new Map());
  for (const grant of anyGrants(policy)) {
    const row = ["a", "u", "c", ...keysOf(policy).map((key) => stored(grant[key]))];
    const taken = await insert(
      database,
      "grants",
      ["account_id", "user_id", "connection_id", ...columns.values()],
      [row],
    ).then(
      () => true,
      () => false,
    );
    expect(taken, JSON.stringify(grant)).toBe(accepts(policy, grant));
    if (taken) await database.run("DELETE FROM grants");
  }
  await database.run("DROP TABLE grants; DROP TABLE connections; DROP TABLE users");
}

/** Whether `createUser` accepts a grant. */
function accepts(policy: Policy, grant: object): boolean {
  try {
    const role = Object.keys(policy.roles).find((name) => policy.roles[name]?.holds === undefined);
    createUser(policy, { id: "u", role, grants: { c: grant } } as never);
    return true;
  } catch (error) {
    expect(error).toHaveProperty("code", "invalid-grant");
    return false;
  }
}

/** Every grant that can be written with the names of a policy, impossible ones among them. */
function anyGrants(policy: Policy): Record<string, unknown>[] {
  return Object.entries(policy.areas).reduce<Record<string, unknown>[]>(
    (grants, [area, { flags = {} }]) =>
      Object.keys(flags).reduce(
        (all, flag) => all.flatMap((grant) => [true, false, null].map((on) => ({ ...grant, [flag]: on }))),
        grants.flatMap((grant) => [...policy.levels, "nonsense", null].map((level) => ({ ...grant, [area]: level }))),
      ),
    [{}],
  );
}

describe.each(databases)("on %s", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const models = [engage, buffer].flatMap((policy) =>
    (["text", "integer"] as const).map((levels) => [policy.name, levels, policy] as const),
  );

  test.each(models)("every answer in %s is what can says, levels as %s", async (_, levels, policy) => {
    const world = wholeWorld(policy as unknown as Definition);
    const options: SqlOptions = { dialect: database.dialect, levels };
    await inWorlds(database, policy, options, [world, opposite(policy, world)], () =>
      compareCounted(database, policy, options, world),
    );
  });

  test("every answer in random policies is what can says", async () => {
    await fc.assert(
      fc.asyncProperty(randomWorlds, async ({ definition, options, world }) => {
        const policy = define(definition);
        const asked = { dialect: database.dialect, ...options };
        await inWorlds(database, policy, asked, [world, opposite(policy, world)], () =>
          compareCounted(database, policy, asked, world),
        );
      }),
      { numRuns: runs(database.dialect === "sqlite" ? 300 : 60) },
    );
  });

  const quoted = define({
    name: "a policy with quotes",
    levels: ["none", "l'eau", '"'],
    areas: { "a'": { levels: ["none", "l'eau", '"'], flags: { '"b"': ["l'eau"] } } },
    roles: { "o'hara": {} },
    actions: { act: { target: "group", allow: { area: "a'", level: "l'eau" } } },
  });
  const checked: [string, Policy][] = [engage, buffer, quoted].map((policy) => [policy.name, policy]);
  test.each(checked)("E2, E3: the tables of %s take exactly the grants that createUser takes", async (_, policy) => {
    await takesExactlyGrants(database, policy, {});
  });

  test("the tables of random policies take exactly the grants that createUser takes", async () => {
    const takesGrants = randomWorlds.filter(
      ({ definition }) =>
        Object.keys(definition.roles).some((role) => !isFixed(definition, role)) &&
        anyGrants(define(definition)).length < 300,
    );
    await fc.assert(
      fc.asyncProperty(takesGrants, async ({ definition, options }) => {
        await takesExactlyGrants(database, define(definition), options);
      }),
      { numRuns: runs(30) },
    );
  });

  describe("with an account of four", () => {
    const full = { publish: "full-access" };
    const world: World = {
      account: "acme",
      users: [
        { id: "admin", role: "admin" },
        { id: "ana", role: "viewer", grants: { fb: { ...full, approver: true }, ig: full } },
        { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
        { id: "O'Hara; --", role: "viewer", grants: { ig: { publish: "needs-approval" } } },
      ],
      connections: ["fb", "ig"],
      groups: [
        ["p1", ["fb"]],
        ["p2", ["fb", "ig"]],
        ["p3", ["ig"]],
        ["p4", []],
        ["p5", ["fb", "gone"]],
      ],
    };
    const edit = { account: "acme", user: "ana", action: "publish.edit" } as const;
    const idsOf = async (query: { text: string; values: never[] | SqlQuery["values"] }) =>
      (await database.rows(query)).map(({ id }) => id);
    let sql: GrantsSql<typeof engage>;

    beforeAll(async () => {
      sql = createGrantsSql(engage, { dialect: database.dialect });
      for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
      await fill(database, world, new Map(keysOf(engage).map((key) => [key, key])));
      await fill(database, opposite(engage, world), new Map(keysOf(engage).map((key) => [key, key])));
    });
    afterAll(async () => {
      const names = ["post_group_connections", "post_groups", "grants", "connections", "users"];
      for (const name of names) await database.run(`DROP TABLE ${name}`);
    });

    test("every answer is what can says", async () => {
      await compareCounted(database, engage, { dialect: database.dialect }, world);
    });

    test("a query is sorted, paged, joined, and asked for what exists", async () => {
      const { text, values } = sql.groupsFor(edit);
      const next = database.dialect !== "postgresql" ? ["?", "?"] : [`$${values.length + 1}`, `$${values.length + 2}`];
      const page = `${text} ORDER BY "id" DESC LIMIT ${next[0]} OFFSET ${next[1]}`;
      expect(await idsOf({ text: page, values: [...values, 1, 1] })).toEqual(["p2"]);
      const join = `SELECT p.id FROM post_groups p JOIN (${text}) f ON f.id = p.id WHERE p.account_id = 'acme' ORDER BY p.id`;
      expect(await idsOf({ text: join, values })).toEqual(["p1", "p2", "p3"]);
      const among = `SELECT id FROM post_groups WHERE id IN (${text}) AND account_id = 'acme' ORDER BY id`;
      expect(await idsOf({ text: among, values })).toEqual(["p1", "p2", "p3"]);
    });

    test("only one row, by its id or by a column of the query around it", async () => {
      expect(await idsOf(sql.groupsFor({ ...edit, only: "p2" }))).toEqual(["p2"]);
      expect(await idsOf(sql.groupsFor({ ...edit, only: "p5" }))).toEqual([]);
      expect(await idsOf(sql.connectionsFor({ ...edit, only: "ig" }))).toEqual(["ig"]);
      const approvers = { account: "acme", action: "publish.approve", group: "p1" } as const;
      expect((await idsOf(sql.usersFor(approvers))).sort()).toEqual(["ana", "ben"]);
      expect(await idsOf(sql.usersFor({ ...approvers, only: "ben" }))).toEqual(["ben"]);
      expect(
        await database.rows(sql.groupLevels({ account: "acme", user: "ana", area: "publish", only: "p4" })),
      ).toEqual([{ id: "p4", level: "no-access" }]);
      const { text, values } = sql.groupsFor({ ...edit, only: { column: ["p", "id"] } });
      const around = `SELECT p.id FROM post_groups p WHERE p.account_id = 'acme' AND EXISTS (${text}) ORDER BY p.id`;
      expect(await idsOf({ text: around, values })).toEqual(["p1", "p2", "p3"]);
    });

    test("no account, user, group, connection or role that has no row is given anything", async () => {
      expect(await idsOf(sql.groupsFor({ ...edit, account: "nobody's" }))).toEqual([]);
      expect(await idsOf(sql.groupsFor({ ...edit, user: "nobody" }))).toEqual([]);
      expect(await idsOf(sql.usersFor({ account: "acme", action: "publish.edit", group: "none" }))).toEqual([]);
      expect(await idsOf(sql.usersFor({ account: "acme", action: "connections.reconnect", connection: "x" }))).toEqual(
        [],
      );
      const levels = await database.rows(sql.groupLevels({ account: "acme", user: "nobody", area: "publish" }));
      expect(new Set(levels.map(({ level }) => level))).toEqual(new Set(["no-access"]));
      expect(levels).toHaveLength(world.groups.length);
    });

    test("a value is never read as SQL", async () => {
      const hostile = `p1' OR '1'='1`;
      expect(await idsOf(sql.groupsFor({ ...edit, only: hostile }))).toEqual([]);
      expect(await idsOf(sql.groupsFor({ ...edit, user: "O'Hara; --" }))).toEqual(["p3"]);
      expect(sql.groupsFor({ ...edit, user: hostile }).text).toBe(sql.groupsFor(edit).text);
    });
  });

  test("the host's own tables do, with names that need quotes, numbers as ids, and links twice", async () => {
    const odd = 'select "x" --';
    const named = { postgresql: "current_schema()", mysql: "database()", sqlite: "'main'" }[database.dialect];
    const schemaOf = async () =>
      String(
        (await database.rows({ text: `SELECT ${named} AS "schema"`, values: [] } as unknown as SqlQuery))[0]?.schema,
      );
    const schema = database.dialect === "mysql" ? await inTransaction(database, schemaOf) : await schemaOf();
    const sql = createGrantsSql(buffer, {
      dialect: database.dialect,
      levels: "integer",
      users: {
        table: [schema, odd],
        account: "tenant",
        id: "key",
        role: "KIND",
      },
      connections: { table: "channels", account: "tenant", id: "no." },
      grants: { table: "held", account: "tenant", user: "who", connection: "where", columns: { posting: "at most" } },
      groups: { table: "posts", account: "tenant", id: "key" },
      links: { table: "sent to", account: "tenant", group: "post", connection: "channel" },
    });
    await inTransaction(database, async () => {
      await database.run(`
        CREATE TABLE "select ""x"" --" (tenant INTEGER, "key" INTEGER, "KIND" TEXT);
        CREATE TABLE channels (tenant INTEGER, "no." INTEGER);
        CREATE TABLE held (tenant INTEGER, who INTEGER, "where" INTEGER, "at most" SMALLINT);
        CREATE TABLE posts (tenant INTEGER, "key" INTEGER);
        CREATE TABLE "sent to" (tenant INTEGER, post INTEGER, channel INTEGER);
      `);
      await insert(
        database,
        odd,
        ["tenant", "key", "KIND"],
        [
          [1, 7, "owner"],
          [1, 8, "member"],
        ],
      );
      await insert(
        database,
        "channels",
        ["tenant", "no."],
        [
          [1, 1],
          [1, 2],
        ],
      );
      await insert(
        database,
        "held",
        ["tenant", "who", "where", "at most"],
        [
          [1, 8, 1, 2],
          [1, 8, 2, 1],
        ],
      );
      await insert(
        database,
        "posts",
        ["tenant", "key"],
        [
          [1, 10],
          [1, 11],
          [1, 12],
        ],
      );
      await insert(
        database,
        "sent to",
        ["tenant", "post", "channel"],
        [
          [1, 10, 1],
          [1, 10, 1],
          [1, 11, 1],
          [1, 11, 2],
          [1, 11, 2],
          [1, 12, 3],
        ],
      );
      const asked = { account: 1, user: 8, action: "drafts.approve" } as const;
      expect(await database.rows(sql.groupsFor(asked))).toEqual([{ id: 10 }]);
      expect(await database.rows(sql.groupsFor({ ...asked, account: 1n, user: 7n, only: 11 }))).toEqual([{ id: 11 }]);
      const levels = await database.rows(sql.groupLevels({ account: 1, user: 8, area: "posting" }));
      expect(levels.sort((left, right) => Number(left.id) - Number(right.id))).toEqual([
        { id: 10, level: 2 },
        { id: 11, level: 1 },
        { id: 12, level: 0 },
      ]);
      expect(await database.rows(sql.usersFor({ account: 1, action: "drafts.approve", group: 11 }))).toEqual([
        { id: 7 },
      ]);
    });
  });
});
