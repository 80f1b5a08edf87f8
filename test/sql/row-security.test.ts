import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffer, can, createMatrix, definePolicy, engage, type Policy } from "../../src/index.js";
import type { RowActions, SqlOptions } from "../../src/sql/index.js";
import { isFixed } from "../support/arbitraries.js";
import { grantsOf } from "../support/brute-force.js";
import { type Database, databases, inSql, type World } from "../support/databases.js";
import type { Definition } from "../support/reference-model.js";
import { type Secured, type Session, secure } from "../support/row-security.js";
import { isThorough } from "../support/runs.js";

let rowsCompared = 0;
afterAll(() => {
  process.stdout.write(`\n${rowsCompared.toLocaleString("en")} rows seen, changed or refused compared with can\n`);
});

/** What the language has and the two models have not: relations, areas of the account, lifts, roles that hold something, odd names. */
const desk = definePolicy({
  name: "desk",
  levels: ["none", "it's draft", "needs", "full"],
  areas: {
    "front page": { levels: ["none", "needs", "full"], flags: { approver: ["needs", "full"] } },
    mail: { levels: ["none", "it's draft", "full"], noAccessCountsAs: "it's draft" },
    billing: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {}, "o'chief": { holds: { "front page": "full", mail: "it's draft" } } },
  relations: ["author", "assigned-to"],
  actions: {
    see: {
      target: "group",
      allow: [
        { area: "mail", level: "it's draft" },
        { area: "front page", some: "needs" },
      ],
    },
    put: { target: "group", allow: { area: "front page", every: [{ exactly: "needs" }, "approver"] } },
    edit: {
      target: "group",
      allow: [
        { area: "front page", level: "needs", is: ["author", "assigned-to"] },
        { area: "front page", level: "full", isNot: "author" },
        { role: "o'chief" },
      ],
    },
    drop: {
      target: "group",
      allow: {
        and: [
          { area: "front page", level: "needs" },
          { area: "billing", level: "full" },
        ],
      },
    },
    start: { target: "none", allow: { area: "front page", some: "needs" } },
    rule: { target: "none", allow: { area: "billing", level: "full" } },
  },
});

const engageActions = {
  select: "publish.view",
  insert: "publish.submit",
  update: "publish.edit",
  delete: "publish.delete",
  create: "publish.create",
  manage: "connections.assign-users",
} as const;
type Case = readonly [name: string, policy: Policy, actions: RowActions, options: Omit<SqlOptions, "dialect">];
const cases: readonly Case[] = [
  ["Engage", engage, engageActions, {}],
  [
    "Buffer",
    buffer,
    {
      select: "drafts.edit",
      insert: "drafts.create",
      update: "drafts.edit",
      delete: "drafts.reject",
      manage: "team.manage",
    },
    { levels: "integer" },
  ],
  [
    "a policy with all there is",
    desk,
    { select: "see", insert: "put", update: "edit", delete: "drop", create: "start", manage: "rule" },
    {},
  ],
];

/** An account in which people stand in all states, by turns, and groups of up to two connections, of all, and of strangers. */
function worldOf(definition: Definition): World {
  const isOfAccount = (key: string) =>
    Object.entries(definition.areas).some(
      ([name, { of, flags = {} }]) => of === "account" && (name === key || key in flags),
    );
  const half = (grant: object, ofAccount: boolean) =>
    Object.fromEntries(Object.entries(grant).filter(([key]) => isOfAccount(key) === ofAccount));
  const all = grantsOf(definition);
  // Neighbours differ, so that a group of two is a mixed one.
  const states = all.length > 8 ? all.filter((_, index) => index % Math.floor(all.length / 7) === 0) : all;
  const connections = states.map((_, index) => `c${index}`);
  const users = Object.keys(definition.roles).flatMap((role) => [
    { id: `${role} nowhere`, role },
    ...(isFixed(definition, role) ? [] : states).map((_, turn) => ({
      id: `${role} ${turn}`,
      role,
      grants: Object.fromEntries(
        connections.map((id, index) => [id, half(states[(index + turn) % states.length] as object, false)]),
      ),
      ...ofAccount(half(all[turn % 2 === 0 ? 0 : all.length - 1] as object, true)),
    })),
  ]);
  const groups = [
    [],
    ...connections.map((id) => [id]),
    ...connections.flatMap((id, index) => connections.slice(index + 1).map((other) => [id, other])),
    connections,
    ["gone"],
    ["c0", "gone"],
  ].map((its, index) => [`g${index}`, its] as const);
  const relations = definition.relations ?? [];
  const related = groups.map(([id], index) => {
    const by = (turn: number) => (turn % 4 === 3 ? null : (users[turn % users.length]?.id ?? null));
    return [id, Object.fromEntries(relations.map((relation, other) => [relation, by(index + other * 3)]))] as const;
  });
  return { account: "ours", users: users as World["users"], connections, groups, related: new Map(related) };
}

/** A policy without areas of the account takes no `account`. */
const ofAccount = (account: object) => (Object.keys(account).length > 0 ? { account } : {});

/** The same ids in another account, where the first role holds the most. */
function opposite(definition: Definition, { users, connections, groups, related }: World): World {
  const highest = grantsOf(definition).at(-1) as Record<string, string>;
  const keys = (ofAccount: boolean) =>
    Object.fromEntries(
      Object.entries(definition.areas).flatMap(([name, { of, flags = {} }]) =>
        (of === "account") === ofAccount ? [name, ...Object.keys(flags)].map((key) => [key, highest[key]]) : [],
      ),
    );
  const role = Object.keys(definition.roles).find((each) => !isFixed(definition, each)) as string;
  return {
    account: "theirs",
    users: users.map(({ id }) => ({
      id,
      role,
      grants: Object.fromEntries(connections.map((connection) => [connection, keys(false)])),
      ...ofAccount(keys(true)),
    })) as World["users"],
    connections,
    groups: groups.map(([id]) => [id, connections.slice(0, 1)]),
    ...(related && { related }),
  };
}

const servers = databases.filter(([name]) => name === "PGlite" || name === "PostgreSQL");

const lines = (kind: string, rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => [kind, ...row].join(" ")).sort();

/** Compares what somebody sees, changes and is refused with what `can` says. */
async function compare(
  policy: Policy,
  actions: RowActions,
  world: World,
  user: string,
  session: Session,
): Promise<void> {
  const { connections, groups, related } = world;
  const person = createMatrix(policy, { users: world.users, connections } as never).user(user);
  const may = (command: keyof RowActions, on?: unknown): boolean => {
    const action = actions[command];
    return action !== undefined && can(person, action, on as never);
  };
  const postOf = ([id, its]: World["groups"][number]) => ({ ...related?.get(id), connections: its });
  const agree = (found: unknown, said: readonly unknown[], asked: string, of: number) => {
    rowsCompared += of;
    expect(found, `${user}: ${asked}`).toEqual(said);
  };
  const idsWith = (command: "select" | "update" | "delete") =>
    groups.filter((each) => may(command, postOf(each))).map(([id]) => [id]);
  const linksWith = (command: "select" | "update") =>
    groups
      .filter((each) => may(command, postOf(each)))
      .flatMap(([id, its]) => its.map((connection) => [id, connection]));
  const links = groups.flatMap(([, its]) => its).length;

  const seen = await session.rows("SELECT * FROM post_groups");
  agree(seen.map(({ id }) => id).sort(), idsWith("select").flat().sort(), "groups", groups.length);
  expect(new Set(seen.map(({ account_id }) => account_id)).size).toBeLessThan(2);
  const linked = await session.rows("SELECT post_group_id, connection_id FROM post_group_connections");
  agree(
    lines(
      "",
      linked.map((row) => Object.values(row)),
    ),
    lines("", linksWith("select")),
    "links",
    links,
  );

  const tries: [text: string, said: readonly string[], of: number][] = [
    ["UPDATE post_groups SET note = 'x'", lines("UPDATE post_groups", idsWith("update")), groups.length],
    ["DELETE FROM post_group_connections", lines("DELETE post_group_connections", linksWith("update")), links],
    ["UPDATE post_group_connections SET connection_id = 'c0'", [], links],
  ];
  for (const [text, said, of] of tries) agree(await session.attempt(text), said, text, of);
  const deleted = await session.attempt("DELETE FROM post_groups");
  const gone = (deleted as string[]).filter((line) => line.startsWith("DELETE post_groups"));
  agree(gone, lines("DELETE post_groups", idsWith("delete")), "DELETE", groups.length);

  const insert = async (kind: string, values: string, isAllowed: boolean) => {
    rowsCompared++;
    const found = await session.attempt(`INSERT INTO ${kind} VALUES ${values}`);
    if (isAllowed) expect(found, `${user}: ${values}`).toBeInstanceOf(Array);
    else expect(String(found), `${user}: ${values}`).toContain("violates row-level security policy");
  };
  for (const each of groups.filter((_, index) => index % (isThorough ? 1 : 4) === 0)) {
    const [id, its] = each;
    for (const connection of [...connections, "strange"].filter((other) => !its.includes(other))) {
      const mayAdd = its.length === 0 || may("update", postOf(each));
      const isAllowed = mayAdd && may("insert", { ...postOf(each), connections: [...its, connection] });
      await insert("post_group_connections", `('ours', ${inSql(id)}, ${inSql(connection)})`, isAllowed);
      await insert("post_group_connections", `('theirs', ${inSql(id)}, ${inSql(connection)})`, false);
    }
  }
  await insert("post_groups", "('ours', 'new')", may("create"));
  await insert("post_groups", "('theirs', 'new')", false);
  await insert("connections", "('ours', 'new')", may("manage"));
  await insert("connections", "('theirs', 'new')", false);
  const role = Object.keys(policy.roles)[0] as string;
  await insert("users", `('ours', 'new', ${inSql(role)})`, may("manage"));
  for (const [kind, count] of [
    ["users", world.users.length],
    ["connections", connections.length],
  ] as const) {
    const all = await session.rows(`SELECT account_id, count(*)::int AS count FROM ${kind} GROUP BY account_id`);
    agree(all, [{ account_id: "ours", count }], kind, count);
  }
  const removed = await session.attempt("DELETE FROM grants");
  const all = world.users.flatMap(({ grants = {} }) => Object.keys(grants));
  agree(
    removed,
    may("manage")
      ? lines(
          "DELETE grants",
          all.map((id) => [id]),
        )
      : [],
    "DELETE FROM grants",
    all.length,
  );
  const promoted = await session.attempt("UPDATE users SET role = role");
  agree(
    promoted,
    may("manage")
      ? lines(
          "UPDATE users",
          world.users.map(({ id }) => [id]),
        )
      : [],
    "UPDATE users",
    world.users.length,
  );
}

describe.each(servers)("on %s", (name, open) => {
  let database: Database;
  const opened: Secured[] = [];
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
    await database.close();
  });
  const secured = async (...given: Parameters<typeof secure> extends [Database, ...infer Rest] ? Rest : never) => {
    const made = await secure(database, ...given);
    opened.push(made);
    return made;
  };

  // In this process, what the two ways have in common is asked once; a server is asked for all.
  const isAskedAll = isThorough || name === "PostgreSQL";
  describe.each(["row", "statement"] as const)("asked for each %s", (per) => {
    const some = cases.filter((_, index) => isAskedAll || (index === 0) === (per === "statement"));
    test.each(some)(
      "in %s, every row that a role sees or changes is one that can allows",
      async (_, policy, actions, options) => {
        const world = worldOf(policy as unknown as Definition);
        const others = opposite(policy as unknown as Definition, world);
        const { as } = await secured(policy, options, { per, actions }, [world, others]);
        for (const { id } of world.users) {
          await as({ user: id, account: "ours" }, (session) => compare(policy, actions, world, id, session));
        }
      },
    );
  });
});
