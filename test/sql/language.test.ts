import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessLevel, can, createMatrix, createUser, definePolicy, type Policy } from "../../src/index.js";
import { createGrantsSql, type SqlOptions } from "../../src/sql/index.js";
import { connectionIds, define, groups, personOf, postOf, wholeDefinitions } from "../support/arbitraries.js";
import {
  caselessText,
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

let rowsCompared = 0;
afterAll(() => {
  process.stdout.write(
    `\n${rowsCompared.toLocaleString("en")} rows of answers in SQL compared with can, whole language\n`,
  );
});

/** Asks every query there is, and compares each row with what `can` says of it. */
async function compare(database: Database, policy: Policy, options: SqlOptions, world: World): Promise<void> {
  const { account, users, connections, groups, related } = world;
  const matrix = createMatrix(policy, { users, connections } as never);
  const sql = createGrantsSql(policy, options);
  const agree = async (
    query: { text: string; values: never[] | unknown[] },
    said: readonly string[],
    asked: unknown,
  ) => {
    rowsCompared += said.length + 1;
    const found = (await database.rows(query as never)).map(({ id }) => String(id));
    expect(found.sort(), JSON.stringify(asked)).toEqual([...said].sort());
  };
  const ids = users.map(({ id }) => id);
  const relationsOf = (choice: number) => {
    const { connections: _, ...relations } = postOf(policy as unknown as Definition, [], ids, choice);
    return relations;
  };
  const given = (relations: object) => ((policy.relations ?? []).length > 0 ? { relations } : {});
  const allowed = (action: string, of: readonly string[], on: unknown) =>
    of.filter((id) => can(matrix.user(id), action, on as never));
  for (const [action, { target, allow }] of Object.entries(policy.actions)) {
    const isRelated = [allow].flat().some((clause) => "is" in clause || "isNot" in clause);
    for (const [index, user] of ids.entries()) {
      const asked = { account, user, action };
      const may = (on: unknown) => can(matrix.user(user), action, on as never);
      if (target === "group") {
        const said = groups.filter(([id, its]) => may({ ...related?.get(id), connections: its })).map(([id]) => id);
        await agree(sql.groupsFor(asked), said, asked);
        for (const choice of isRelated ? [index, index + 1] : [index]) {
          const relations = relationsOf(choice);
          const picked = connections.filter((id) => may({ ...relations, connections: [id] }));
          await agree(sql.connectionsFor({ ...asked, ...given(relations) } as never), picked, { asked, relations });
        }
      }
      if (target === "connection") await agree(sql.connectionsFor(asked), connections.filter(may), asked);
    }
    if (target === "none") {
      await agree(sql.usersFor({ account, action } as never), allowed(action, ids, undefined), action);
    } else if (target === "connection") {
      for (const connection of [...connections, "no such"]) {
        const asked = { account, action, connection };
        await agree(sql.usersFor(asked as never), allowed(action, ids, connection), asked);
      }
    } else {
      for (const [index, [group, its]] of groups.entries()) {
        const asked = { account, action, group };
        const stored = { ...related?.get(group), connections: its };
        await agree(sql.usersFor(asked as never), allowed(action, ids, stored), asked);
        if (!isRelated) continue;
        const relations = relationsOf(index);
        const said = allowed(action, ids, { ...relations, connections: its });
        await agree(sql.usersFor({ ...asked, ...given(relations) } as never), said, { asked, relations });
      }
    }
  }
  const areas = Object.keys(policy.areas).filter((area) => policy.areas[area]?.of !== "account");
  for (const area of areas) {
    for (const user of ids.slice(0, 3)) {
      const found = await database.rows(sql.groupLevels({ account, user, area }));
      const said = groups.map(([id, its]): [string, unknown] => {
        const level = accessLevel(matrix.user(user), area, { connections: its });
        return [id, options.levels === "integer" ? policy.levels.indexOf(level) : level];
      });
      rowsCompared += said.length;
      expect(new Map(found.map(({ id, level }) => [id, level])), `${area} of ${user}`).toEqual(new Map(said));
    }
  }
}

async function agree(database: Database, policy: Policy, options: Omit<SqlOptions, "dialect">, world: World) {
  const asked: SqlOptions = { ...options, dialect: database.dialect };
  const { tables, indexes } = createGrantsSql(policy, asked);
  await inTransaction(database, async () => {
    for (const text of [...Object.values(tables), ...indexes]) await database.run(text);
    const { columns, stored } = storageOf(policy, asked);
    await fill(database, world, columns, stored);
    // The same ids in another account, where everybody may do everything.
    const others = opposite(policy, world);
    if (others) await fill(database, others, columns, stored);
    await compare(database, policy, asked, world);
  });
}

function opposite(policy: Policy, { users, groups, connections }: World): World | undefined {
  const role = Object.keys(policy.roles).find((name) => policy.roles[name]?.holds === undefined);
  if (role === undefined) return undefined;
  const highest = (ofAccount: boolean) =>
    Object.fromEntries(
      Object.entries(policy.areas)
        .filter(([, { of }]) => (of === "account") === ofAccount)
        .map(([area, { levels }]) => [area, levels.at(-1) as string]),
    );
  return {
    account: "theirs",
    users: users.map(({ id }) => ({
      id,
      role,
      grants: Object.fromEntries(connections.map((connection) => [connection, highest(false)])),
      account: highest(true),
    })),
    connections,
    groups: groups.map(([id]) => [id, connections.slice(0, 1)]),
    related: new Map(
      groups.map(([id], index) => [
        id,
        Object.fromEntries(
          (policy.relations ?? []).map((relation) => [relation, users[index % users.length]?.id ?? null]),
        ),
      ]),
    ),
  };
}

/** A random policy of the whole language over an account with its people and posts, and how its tables hold it. */
const randomWorlds = wholeDefinitions.map(storable).chain((definition) => {
  const named = (keys: readonly string[]) => Object.fromEntries(keys.map((key, index) => [key, `key ${index}`]));
  const halves = (ofAccount: boolean) =>
    named(
      keysOf({
        areas: Object.fromEntries(
          Object.entries(definition.areas).filter(([, { of }]) => (of === "account") === ofAccount),
        ),
      } as never),
    );
  return fc
    .record({
      levels: fc.constantFrom("text" as const, "integer" as const),
      people: fc.uniqueArray(personOf(definition), { minLength: 1, maxLength: 4, selector: ({ id }) => id }),
      connections: fc.array(connectionIds, { maxLength: 3 }),
      its: fc.array(groups, { minLength: 1, maxLength: 5 }),
      choice: fc.nat(10),
    })
    .map(({ levels, people, connections, its, choice }) => {
      const ids = people.map(({ id }) => id);
      const forms = [ids[0] as string, null, ids[1] ?? null, "somebody else"];
      const world = storable({
        account: "ours",
        users: people.map(({ id, role, grants, account }) => {
          return { id, role, grants: Object.fromEntries(grants), ...(account && { account }) };
        }),
        connections: [...new Set([...connections, ...people.flatMap(({ grants }) => grants.map(([id]) => id))])],
        groups: its.map((group, index) => [`g${index}`, group] as [string, string[]]),
        posts: its.map((_, index) => [
          `g${index}`,
          Object.fromEntries(
            (definition.relations ?? []).map((relation, other) => [
              relation,
              forms[(choice + index + other * 2) % forms.length] as string | null,
            ]),
          ),
        ]) as [string, Record<string, string | null>][],
      });
      const { posts, ...rest } = world;
      const ofAccount = halves(true);
      const options = {
        levels,
        grants: { columns: halves(false) },
        ...(Object.keys(ofAccount).length > 0 && { users: { columns: ofAccount } }),
      };
      return { definition, options, world: { ...rest, related: new Map(posts) } as World };
    });
});

/** The table of cases that the language was made for, in one policy. */
const desk = definePolicy({
  name: "desk",
  levels: ["none", "draft", "needs", "jobs-manager", "editor", "full"],
  areas: {
    profile: { levels: ["none", "needs", "full"], flags: { approver: ["needs", "full"] } },
    page: { levels: ["none", "jobs-manager", "editor"], noAccessCountsAs: "jobs-manager" },
    mail: { levels: ["none", "draft", "full"] },
    billing: { levels: ["none", "full"], of: "account", flags: { signer: ["full"] } },
    team: { levels: ["none", "needs", "full"], of: "account" },
  },
  roles: {
    member: {},
    bookkeeper: { holds: { billing: "full", signer: true } },
    chief: { holds: { profile: "full", page: "editor", mail: "draft" } },
  },
  relations: ["author", "assigned-to"],
  actions: {
    approve: { target: "group", allow: { area: "profile", every: ["full", "approver"] } },
    jobs: { target: "group", allow: { area: "page", every: [{ exactly: "jobs-manager" }, "editor"] } },
    gap: {
      target: "group",
      allow: { area: "profile", every: [{ exactly: "needs" }, { level: "full", flags: ["approver"] }] },
    },
    "my-approvals": { target: "none", allow: { area: "profile", some: "approver" } },
    mute: {
      target: "group",
      allow: {
        and: [
          { area: "page", level: "editor" },
          { area: "mail", level: "full" },
        ],
      },
    },
    beside: {
      target: "group",
      allow: {
        and: [
          { area: "page", level: "jobs-manager" },
          { area: "mail", every: "draft" },
        ],
      },
    },
    narrow: {
      target: "group",
      allow: {
        and: [
          { area: "profile", every: "needs" },
          { area: "profile", some: "approver" },
        ],
      },
    },
    "on-one": {
      target: "connection",
      allow: {
        and: [
          { area: "mail", exactly: "draft" },
          { area: "team", level: "needs" },
        ],
      },
    },
    pay: { target: "none", allow: { area: "billing", every: "signer" } },
    "pay-once-approved": {
      target: "none",
      allow: {
        and: [
          { area: "profile", some: "full" },
          { area: "billing", level: "full" },
          { area: "team", exactly: "needs" },
        ],
      },
    },
    invite: { target: "connection", allow: { area: "team", level: "full" } },
    "publish-billed": { target: "group", allow: { role: "member", area: "billing", level: "full" } },
    "edit-own": { target: "group", allow: { area: "mail", level: "draft", is: "author" } },
    "approve-others": { target: "group", allow: { area: "profile", every: "approver", isNot: "author" } },
    mine: {
      target: "group",
      allow: [{ is: ["author", "assigned-to"] }, { role: "chief", isNot: ["author", "assigned-to"] }],
    },
    "handed-on": { target: "group", allow: { is: "assigned-to", isNot: "author", role: ["member", "chief"] } },
  },
});

const ways = [
  { profile: "none" },
  { profile: "needs", page: "jobs-manager", mail: "draft" },
  { profile: "needs", approver: true, page: "editor", mail: "full" },
  { profile: "full", page: "editor", mail: "draft" },
  { profile: "full", approver: true, page: "editor" },
] as const;
const connectionsOfDesk = [...ways.map((_, index) => `c${index}`), "bare"];
const pairs = [...connectionsOfDesk, "stranger"].flatMap((one, index, all) => [
  [one],
  ...all.slice(index + 1).map((other) => [one, other]),
]);
const inDesk: World = {
  account: "ours",
  users: [
    ...ways.map((grant, index) => ({
      id: `one ${index}`,
      role: "member",
      grants: { [`c${index}`]: grant },
      account: [
        {},
        { team: "needs" },
        { team: "full" },
        { billing: "full" },
        { billing: "full", signer: true, team: "needs" },
      ][index] as Record<string, string | boolean>,
    })),
    { id: "ana", role: "member", grants: Object.fromEntries(ways.map((grant, index) => [`c${index}`, grant])) },
    { id: "ben", role: "bookkeeper", grants: { c2: ways[2] } },
    { id: "chief", role: "chief", account: { team: "needs", billing: "full", signer: true } },
  ],
  connections: connectionsOfDesk,
  groups: [["empty", []], ...pairs.map((its, index): [string, string[]] => [`g${index}`, its])],
  related: new Map(
    ["empty", ...pairs.map((_, index) => `g${index}`)].map((id, index) => [
      id,
      {
        author: ["ana", null, "chief", "one 2", "nobody"][index % 5] as string | null,
        "assigned-to": ["ben", "ana", null][index % 3] as string | null,
      },
    ]),
  ),
};

/** A hundred and forty toggles on each connection, ten for the account: as many words as there are. */
function toggles(): { policy: Policy; world: World } {
  const levels = ["off", "on"];
  const names = Array.from({ length: 140 }, (_, index) => `toggle-${index}`);
  const ticks = Array.from({ length: 40 }, (_, index) => `tick-${index}`);
  const policy = define({
    name: "toggles",
    levels,
    areas: Object.fromEntries([
      ...names.map((name) => [name, { levels }]),
      ...ticks.map((tick) => [tick, { levels, of: "account" }]),
    ]),
    roles: { member: {}, all: { holds: Object.fromEntries(names.map((name) => [name, "on"])) } },
    actions: {
      first: { target: "group", allow: { area: "toggle-0", level: "on" } },
      last: { target: "group", allow: { area: "toggle-139", level: "on" } },
      far: {
        target: "group",
        allow: {
          and: [
            { area: "toggle-1", level: "on" },
            { area: "toggle-138", level: "on" },
          ],
        },
      },
      all: { target: "connection", allow: { and: names.map((area) => ({ area, level: "on" })) } },
      any: { target: "none", allow: names.map((area) => ({ area, some: "on" })) },
      tick: { target: "none", allow: { and: ticks.map((area) => ({ area, level: "on" })) } },
      both: {
        target: "group",
        allow: {
          and: [
            { area: "tick-39", level: "on" },
            { area: "toggle-75", level: "on" },
          ],
        },
      },
    },
  });
  const on = (some: readonly string[]) => Object.fromEntries(some.map((name) => [name, "on"]));
  const even = names.filter((_, index) => index % 2 === 0);
  return {
    policy,
    world: {
      account: "ours",
      users: [
        { id: "full", role: "member", grants: { a: on(names), b: on(names) }, account: on(ticks) },
        { id: "half", role: "member", grants: { a: on(even), b: on(names) }, account: on(ticks.slice(1)) },
        { id: "odd", role: "member", grants: { a: on(["toggle-139", "toggle-75"]) }, account: on(["tick-39"]) },
        { id: "nothing", role: "member" },
        { id: "all", role: "all" },
      ],
      connections: ["a", "b", "c"],
      groups: [
        ["a", ["a"]],
        ["b", ["b"]],
        ["ab", ["a", "b"]],
        ["ac", ["a", "c"]],
        ["x", ["x", "a"]],
      ],
    },
  };
}

describe.each(databases)("on %s", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  test.each(["text", "integer"] as const)(
    "every answer to the cases of the language is what can says, levels as %s",
    async (levels) => {
      await agree(database, desk as unknown as Policy, { levels }, inDesk);
    },
  );

  test("every answer in random policies of the whole language is what can says", async () => {
    await fc.assert(
      fc.asyncProperty(randomWorlds, async ({ definition, options, world }) => {
        await agree(database, define(definition), options as never, world);
      }),
      { numRuns: runs(database.dialect === "sqlite" ? 500 : 60) },
    );
  });

  test("a policy of 140 toggles, and 40 ticks of the account, is answered as can does", async () => {
    const { policy, world } = toggles();
    await agree(database, policy, {}, world);
  });

  test("a view with a row for each user in a relation is a relation to all of them", async () => {
    const sql = createGrantsSql(desk, {
      dialect: database.dialect,
      groups: { table: "posts", relations: { author: "author", "assigned-to": "assignee" } },
    });
    await inTransaction(database, async () => {
      for (const kind of ["users", "connections", "grants", "links"] as const) {
        await database.run(sql.tables[kind].replace(/,\n {2}FOREIGN KEY .* REFERENCES ["`]posts["`].*/, ""));
      }
      await database.run(`
        CREATE TABLE plain (account_id TEXT, id TEXT, author TEXT);
        CREATE TABLE assignees (account_id TEXT, post_id TEXT, assignee TEXT);
        CREATE VIEW posts AS SELECT p.account_id, p.id, p.author, a.assignee FROM plain p
          LEFT JOIN assignees a ON a.account_id = p.account_id AND a.post_id = p.id;
        INSERT INTO users (account_id, id, role) VALUES ('a', 'ana', 'member'), ('a', 'ben', 'member'), ('a', 'cy', 'chief');
        INSERT INTO connections VALUES ('a', 'fb');
        INSERT INTO plain VALUES ('a', 'p1', 'ana'), ('a', 'p2', NULL);
        INSERT INTO post_group_connections VALUES ('a', 'p1', 'fb'), ('a', 'p2', 'fb'), ('a', 'unwritten', 'fb');
        INSERT INTO assignees VALUES ('a', 'p1', 'ben'), ('a', 'p1', 'ana'), ('a', 'p1', 'cy');
      `);
      const found = async (action: "mine" | "handed-on") => {
        const all = [];
        for (const group of ["p1", "p2", "unwritten"]) {
          const rows = await database.rows(sql.usersFor({ account: "a", action, group }));
          for (const { id } of rows) {
            const posts = await database.rows(sql.groupsFor({ account: "a", action, user: String(id), only: group }));
            all.push(...posts.map((post) => `${id} on ${post.id}`));
          }
        }
        return all.sort();
      };
      expect(await found("mine")).toEqual(["ana on p1", "ben on p1", "cy on p1", "cy on p2"]);
      expect(await found("handed-on")).toEqual(["ben on p1", "cy on p1"]);
    });
  });

  // What a user's columns may hold in a table without constraints, and whether that is somebody who may pay, or invite.
  const rows: [billing: unknown, signer: unknown, team: unknown, role: string | null, may: string[]][] = [
    ["full", true, "full", "member", ["invite", "pay"]],
    ["full", false, "needs", "member", []],
    ["none", false, "full", "member", ["invite"]],
    ["none", true, "full", "member", ["invite"]],
    ["FULL", true, "Full", "member", []],
    ["full", null, "full ", "member", []],
    [null, true, null, "member", []],
    ["needs", true, "none", "member", []],
    ["full", true, "full", null, []],
    ["full", true, "full", "MEMBER", []],
    // A role that names an area of the account fixes all of them, so the row's own columns do not count.
    [null, null, "full", "bookkeeper", ["pay"]],
    [null, null, "nonsense", "bookkeeper", ["pay"]],
  ];
  test.each(["TEXT", "caseless"])(
    "a user's row that is no state of an area of the account gives nothing there, in %s",
    async (type) => {
      const sql = createGrantsSql(desk, { dialect: database.dialect });
      const caseless = caselessText[database.dialect];
      const text = type === "TEXT" ? type : caseless;
      await inTransaction(database, async () => {
        if (database.dialect === "postgresql") await database.run("CREATE EXTENSION IF NOT EXISTS citext");
        await database.run(`
        CREATE TABLE users (account_id TEXT, id TEXT, role ${text}, billing ${text}, signer BOOLEAN, team ${text});
        CREATE TABLE connections (account_id TEXT, id TEXT);
        CREATE TABLE grants (account_id TEXT, user_id TEXT, connection_id TEXT, profile TEXT, approver BOOLEAN, page TEXT, mail TEXT);
        INSERT INTO connections VALUES ('a', 'fb');
      `);
        await insert(
          database,
          "users",
          ["account_id", "id", "role", "billing", "signer", "team"],
          rows.map(([billing, signer, team, role], index) => ["a", `u${index}`, role, billing, signer, team]),
        );
        // A grant on a connection that is not the account's counts nowhere.
        await database.run(`
          INSERT INTO grants (account_id, user_id, connection_id, profile, approver) VALUES
            ('a', 'u0', 'fb', 'full', TRUE), ('a', 'u1', 'gone', 'full', TRUE);
        `);
        const somewhere = await database.rows(sql.usersFor({ account: "a", action: "my-approvals" }));
        expect(somewhere).toEqual([{ id: "u0" }]);
        for (const action of ["pay", "invite"] as const) {
          const asked = action === "pay" ? { account: "a", action } : { account: "a", action, connection: "fb" };
          const found = await database.rows(sql.usersFor(asked as never));
          const said = rows.flatMap(([, , , , may], index) => (may.includes(action) ? [`u${index}`] : []));
          expect(found.map(({ id }) => String(id)).sort(), action).toEqual(said.sort());
        }
      });
    },
  );

  test("the table of users takes exactly what createUser takes in the account", async () => {
    const { tables, accountChecks } = createGrantsSql(desk, { dialect: database.dialect });
    expect(accountChecks).toHaveLength(4);
    await inTransaction(database, async () => {
      await database.run(tables.users);
      for (const billing of ["none", "full", "Full", "needs", null]) {
        for (const signer of [true, false, null]) {
          for (const team of ["none", "needs", "draft", null]) {
            // PostgreSQL goes on after a refusal from a savepoint alone; MySQL, where a definition ends a transaction, has none.
            const isMysql = database.dialect === "mysql";
            await database.run(isMysql ? "START TRANSACTION" : "SAVEPOINT before");
            const taken = await insert(
              database,
              "users",
              ["account_id", "id", "role", "billing", "signer", "team"],
              [["a", "u", "member", billing, signer, team]],
            ).then(
              () => true,
              () => false,
            );
            await database.run(isMysql ? "ROLLBACK AND NO CHAIN" : "ROLLBACK TO before");
            const account = { billing, signer, team };
            expect(taken, JSON.stringify(account)).toBe(accepts(account));
          }
        }
      }
    });
  });
});

function accepts(account: object): boolean {
  try {
    createUser(desk, { id: "u", role: "member", account } as never);
    return true;
  } catch {
    return false;
  }
}
