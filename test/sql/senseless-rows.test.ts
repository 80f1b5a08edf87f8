import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffer, engage, type Policy } from "../../src/index.js";
import { createGrantsSql, type SqlOptions } from "../../src/sql/index.js";
import { define, definitions, isFixed } from "../support/arbitraries.js";
import {
  caselessText,
  type Database,
  databases,
  insert,
  inTransaction,
  keysOf,
  keyText,
  storable,
  storageOf,
} from "../support/databases.js";
import { type Definition, modelCan, modelLevel, type Person, type Target } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// Rows that are no grants, as a table without constraints may hold them. What they mean is written down here a second
// time, on top of the model in `model.ts`: a row is senseless in an area unless it is one of the area's states there, and
// a clause that asks about that area is then unsatisfied. Every row of every query is compared with this.

/** A row of grants as it is stored, by the keys of a grant. */
type Row = Readonly<Record<string, unknown>>;

interface Someone {
  readonly id: string;
  readonly role: string | null;
  readonly held: ReadonlyMap<string, Row>;
}

interface Account {
  readonly users: readonly Someone[];
  readonly connections: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** How levels are stored: as text, in a column that ignores case, or as ranks. */
type Storage = "text" | "caseless text" | "integer";

/** Whether a row is one of an area's states. */
function isState(definition: Definition, area: string, row: Row): boolean {
  const { levels, flags = {} } = definition.areas[area] as Definition["areas"][string];
  const level = row[area];
  return (
    typeof level === "string" &&
    levels.includes(level) &&
    Object.entries(flags).every(
      ([flag, beside]) => row[flag] === false || (row[flag] === true && beside.includes(level)),
    )
  );
}

/** Whether a row that is no grant is in the way: a role that holds the same everywhere has no grants. */
function isInTheWay(definition: Definition, { role, held }: Someone, area: string, asked: readonly string[]): boolean {
  const isSenseless = (row: Row | undefined) => row !== undefined && !isState(definition, area, row);
  return !isFixed(definition, String(role)) && asked.some((connection) => isSenseless(held.get(connection)));
}

/** The user to the model, which is given the asked rows, of each the areas that it is a state of. */
function personFor(definition: Definition, account: Account, user: Someone, asked: readonly string[]): Person {
  const { id, role, held } = user;
  const rows = isFixed(definition, String(role)) ? [] : asked.filter((connection) => held.has(connection));
  return {
    id,
    role: String(role),
    connections: [...account.connections],
    grants: rows.map((connection) => {
      const row = held.get(connection) as Row;
      const areas = Object.keys(definition.areas).filter((area) => isState(definition, area, row));
      const keys = areas.flatMap((area) => [area, ...Object.keys(definition.areas[area]?.flags ?? {})]);
      return [connection, Object.fromEntries(keys.map((key) => [key, row[key] as string | boolean]))];
    }),
  };
}

function hasRole(definition: Definition, { role }: Someone): boolean {
  return role !== null && Object.hasOwn(definition.roles, role);
}

/** What may be done: as the model says, but that no clause holds which asks about an area of a senseless row. */
function may(definition: Definition, account: Account, user: Someone, action: string, target?: Target): boolean {
  if (!hasRole(definition, user)) return false;
  const asked = target === undefined ? [] : typeof target === "string" ? [target] : target.connections;
  const person = personFor(definition, account, user, target === undefined ? [...user.held.keys()] : asked);
  const { target: kind, allow } = definition.actions[action] as Definition["actions"][string];
  return [allow].flat().some((clause) => {
    if (clause.area !== undefined && isInTheWay(definition, user, clause.area, asked)) return false;
    return modelCan({ ...definition, actions: { [action]: { target: kind, allow: clause } } }, person, action, target);
  });
}

function levelOf(definition: Definition, account: Account, user: Someone, area: string, group: readonly string[]) {
  if (!hasRole(definition, user) || isInTheWay(definition, user, area, group)) return definition.levels[0] as string;
  return modelLevel(definition, personFor(definition, account, user, group), area, [...group]);
}

/** A name in letters of the other case. */
function otherCase(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
}

/** What a column of levels may hold: every level of the policy, and what is none. */
function levelsIn({ levels }: Definition, storage: Storage): readonly unknown[] {
  if (storage === "integer") return [...levels, -1, levels.length, 32_767, null];
  return [
    ...new Set([...levels, ...levels.map(otherCase), "nonsense", "", ` ${levels.at(-1)}`, `${levels.at(-1)} `, null]),
  ];
}

/** Every row that an area's columns may hold; the other areas are at their highest. */
function rowsOf(definition: Definition, area: string, storage: Storage, dialect: Database["dialect"]): Row[] {
  const others = Object.entries(definition.areas).flatMap(([name, { levels, flags = {} }]) => [
    [name, levels.at(-1)],
    ...Object.keys(flags).map((flag) => [flag, false]),
  ]);
  // SQLite takes any value for a boolean.
  const told = [true, false, null, ...{ sqlite: [2, "yes"], mysql: [2], postgresql: [] }[dialect]];
  return Object.keys(definition.areas[area]?.flags ?? {}).reduce<Row[]>(
    (rows, flag) => rows.flatMap((row) => told.map((on) => ({ ...row, [flag]: on }))),
    levelsIn(definition, storage).map((level) => ({ ...Object.fromEntries(others), [area]: level })),
  );
}

/** An account in which every such row is held on a connection of its own, by itself and beside every state there is. */
function accountOf(definition: Definition, storage: Storage, dialect: Database["dialect"]): Account {
  const areas = Object.keys(definition.areas);
  const groups = new Map<string, string[]>();
  const held = areas.flatMap((area, which) => {
    const rows = rowsOf(definition, area, storage, dialect);
    const all = rows.map((row, index): [string, Row] => [`${which}-${index}`, row]);
    const states = all.filter(([, row]) => isState(definition, area, row)).map(([connection]) => connection);
    for (const [connection] of all) {
      groups.set(connection, [connection]);
      for (const other of [...states, "never granted", "stranger"]) {
        groups.set(`${connection} beside ${other}`, [connection, other]);
      }
    }
    return all;
  });
  const named = Object.keys(definition.roles);
  const roles = [...new Set([...named, otherCase(named[0] as string), "no such role", null])];
  const grantable = Object.keys(definition.roles).filter((role) => !isFixed(definition, role));
  // What is asked of the whole account is asked of who holds one row alone, and of who holds a state beside it.
  const grants = held.filter(([, row]) => areas.every((area) => isState(definition, area, row)));
  const few = held.flatMap((each) => [[each], [each, ...grants.slice(-1)]]);
  return {
    users: [
      ...roles.map((role, index) => ({ id: `u${index}`, role, held: new Map(held) })),
      ...few.map((held, index) => {
        return { id: `f${index}`, role: grantable[index % grantable.length] ?? null, held: new Map(held) };
      }),
    ],
    connections: [...held.map(([connection]) => connection), "never granted"],
    groups,
  };
}

/** Makes tables without constraints, and fills them. */
async function store(database: Database, policy: Policy, storage: Storage, options: SqlOptions, account: Account) {
  const { columns, stored } = storageOf(policy, options);
  const id = keyText[database.dialect];
  const text = storage === "caseless text" ? caselessText[database.dialect] : id;
  const typeOf = (key: string) =>
    !Object.hasOwn(policy.areas, key) ? "BOOLEAN" : storage === "integer" ? "SMALLINT" : text;
  const grants = [...columns].map(([key, column]) => `"${column}" ${typeOf(key)}`);
  if (text === "citext") await database.run("CREATE EXTENSION IF NOT EXISTS citext");
  await database.run(`
    CREATE TABLE users (account_id ${id}, id ${id}, role ${text});
    CREATE TABLE connections (account_id ${id}, id ${id});
    CREATE TABLE grants (account_id ${id}, user_id ${id}, connection_id ${id}, ${grants.join(", ")});
    CREATE TABLE post_groups (account_id ${id}, id ${id});
    CREATE TABLE post_group_connections (account_id ${id}, post_group_id ${id}, connection_id ${id});
    CREATE INDEX held ON grants (account_id, user_id, connection_id);
    CREATE INDEX links ON post_group_connections (account_id, post_group_id);
    CREATE INDEX connection ON connections (account_id, id);
  `);
  const add = (table: string, names: readonly string[], rows: readonly (readonly unknown[])[]) =>
    insert(
      database,
      table,
      ["account_id", ...names],
      rows.map((row) => ["a", ...row]),
    );
  const keys = keysOf(policy);
  await add(
    "users",
    ["id", "role"],
    account.users.map(({ id, role }) => [id, role]),
  );
  await add(
    "connections",
    ["id"],
    account.connections.map((id) => [id]),
  );
  await add(
    "grants",
    ["user_id", "connection_id", ...columns.values()],
    account.users.flatMap(({ id, held }) =>
      [...held].map(([connection, row]) => [id, connection, ...keys.map((key) => stored(row[key]))]),
    ),
  );
  await add(
    "post_groups",
    ["id"],
    [...account.groups.keys()].map((id) => [id]),
  );
  await add(
    "post_group_connections",
    ["post_group_id", "connection_id"],
    [...account.groups].flatMap(([id, its]) => its.map((connection) => [id, connection])),
  );
}

/** Takes some twenty of a list, evenly. */
function some<Item>(items: readonly Item[]): readonly Item[] {
  return items.filter((_, index) => index % Math.ceil(items.length / 20) === 0);
}

/** Asks every query, and compares each row with what the model says. */
async function compare(database: Database, policy: Policy, definition: Definition, options: SqlOptions, of: Account) {
  const sql = createGrantsSql(policy, options);
  const ids = async (query: { text: string; values: unknown[] }) =>
    (await database.rows(query as never)).map(({ id }) => String(id)).sort();
  const everything = of.users.filter(({ id }) => id.startsWith("u"));
  const asked = [
    ...new Map(Object.entries(definition.actions).map((each) => [JSON.stringify(each[1]), each])).values(),
  ];
  for (const [action, { target }] of asked) {
    for (const user of everything) {
      const about = { account: "a", user: user.id, action };
      const isAllowed = (target?: Target) => may(definition, of, user, action, target);
      if (target === "group") {
        const allowed = [...of.groups].filter(([, its]) => isAllowed({ connections: [...its] }));
        expect(await ids(sql.groupsFor(about)), JSON.stringify(about)).toEqual(allowed.map(([id]) => id).sort());
      }
      if (target !== "none") {
        const allowed = of.connections.filter((id) => isAllowed(target === "group" ? { connections: [id] } : id));
        expect(await ids(sql.connectionsFor(about)), JSON.stringify(about)).toEqual(allowed.sort());
      }
    }
    const targets: [query: object, target: Target][] =
      target === "none"
        ? [[{}, undefined]]
        : target === "connection"
          ? some(of.connections).map((connection) => [{ connection }, connection])
          : some([...of.groups]).map(([group, its]) => [{ group }, { connections: [...its] }]);
    for (const [query, on] of targets) {
      const allowed = of.users.filter((user) => may(definition, of, user, action, on)).map(({ id }) => id);
      const about = { account: "a", action, ...query };
      expect(await ids(sql.usersFor(about as never)), JSON.stringify(about)).toEqual(allowed.sort());
    }
  }
  for (const area of Object.keys(definition.areas)) {
    for (const user of everything) {
      const rows = await database.rows(sql.groupLevels({ account: "a", user: user.id, area }));
      const levels = new Map(rows.map(({ id, level }) => [id, level]));
      const said = [...of.groups].map(([id, its]): [string, unknown] => {
        const level = levelOf(definition, of, user, area, its);
        return [id, options.levels === "integer" ? policy.levels.indexOf(level) : level];
      });
      expect(levels, `${area} of ${user.id}`).toEqual(new Map(said));
    }
  }
}

describe.each(databases)("on %s, a row that is no grant is in the way of whatever asks about its area", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  async function agree(definition: Definition, policy: Policy, storage: Storage, columns = {}): Promise<void> {
    const levels = storage === "integer" ? "integer" : "text";
    const options: SqlOptions = { dialect: database.dialect, levels, grants: { columns } };
    const account = accountOf(definition, storage, database.dialect);
    await inTransaction(database, async () => {
      await store(database, policy, storage, options, account);
      await compare(database, policy, definition, options, account);
    });
  }

  const storages = ["text", "caseless text", "integer"] as const;
  test.each(storages.flatMap((storage) => [engage, buffer].map((policy) => [policy.name, storage, policy] as const)))(
    "in %s, levels as %s",
    async (_, storage, policy) => {
      await agree(policy as unknown as Definition, policy, storage);
    },
  );

  test("in random policies", async () => {
    const few = definitions
      .map(storable)
      .filter((definition) =>
        Object.keys(definition.areas).every((area) => rowsOf(definition, area, "text", "postgresql").length <= 60),
      );
    await fc.assert(
      fc.asyncProperty(few, fc.constantFrom(...storages), async (definition, storage) => {
        const columns = Object.fromEntries(keysOf(definition).map((key, index) => [key, `key ${index}`]));
        await agree(definition, define(definition), storage, columns);
      }),
      { numRuns: runs(100) },
    );
  });
});
