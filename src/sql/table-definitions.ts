import { freeze } from "../core/base/freeze.js";
import { levelsBeside } from "../core/engine/area.js";
import type { Key } from "../core/engine/grant-bits.js";
import { ALIAS, levelIn, type SqlContext, storedInstant, storedLevel } from "./columns.js";
import { concat, type Fragment, identifier, literal, raw, sql } from "./fragment.js";
import type { TableKind } from "./tables.js";

/** Tables, their checks and their indexes, as definitions. */
export interface Definitions {
  readonly tables: Readonly<Record<TableKind, string>>;
  readonly checks: readonly string[];
  readonly accountChecks: readonly string[];
  readonly indexes: readonly string[];
}

/** Writes the definitions of the application's tables. */
export function definitionsOf(context: SqlContext): Definitions {
  const { engine, tables } = context;
  const name = (kind: TableKind) => tables.of[kind].name;
  const columns = (kind: TableKind, ...uses: string[]) =>
    concat(
      uses.flatMap((use) => tables.of[kind].columns.get(use) ?? []),
      ", ",
    );
  const ids = (kind: TableKind, ...uses: string[]) =>
    concat(
      uses.flatMap((use) =>
        tables.of[kind].columns.has(use) ? sql`${columns(kind, use)} ${textType(context)} NOT NULL` : [],
      ),
      ",\n  ",
    );
  const unique = (kind: TableKind, ...uses: string[]) => sql`PRIMARY KEY (${columns(kind, "account", ...uses)})`;
  // SQLite takes a schema before the name of an index, and none after ON or in a foreign key: a foreign key cannot leave
  // the schema of its table.
  const isSqlite = tables.dialect === "sqlite";
  const schemaOf = (kind: TableKind) => (isSqlite ? tables.of[kind].parts.slice(0, -1) : []);
  const inSchema = (kind: TableKind) => textOf(concat(schemaOf(kind), "")).toLowerCase() || '"main"';
  const beside = (kind: TableKind) => (isSqlite ? (tables.of[kind].parts.at(-1) as Fragment) : name(kind));
  const belongs = (kind: TableKind, use: string, to: TableKind) =>
    inSchema(kind) === inSchema(to)
      ? [
          sql`FOREIGN KEY (${columns(kind, "account", use)}) REFERENCES ${beside(to)} (${columns(to, "account", "id")}) ON DELETE CASCADE`,
        ]
      : [];
  const index = concat([...schemaOf("grants"), identifier(`${ALIAS}grants_by_connection`, tables.dialect)], ".");
  const create = (kind: TableKind, ...lines: Fragment[]) =>
    textOf(sql`CREATE TABLE ${name(kind)} (\n  ${concat(lines, ",\n  ")}\n)`);

  const untilOf = (kind: TableKind) => tables.of[kind].columns.get("until");
  const untilColumn = (kind: TableKind) => {
    const until = untilOf(kind);
    return until ? [sql`${until} ${raw(instantTypes[tables.dialect])}`] : [];
  };
  const isEnd = (kind: TableKind) => {
    const until = untilOf(kind);
    return until && isSqlite ? [sql`${until} IS NULL OR ${until} GLOB ${storedInstant()}`] : [];
  };
  const checks = [...checksOf(context, "grants", engine.keys), ...isEnd("grants")];
  const accountChecks = [...checksOf(context, "users", engine.accountKeys), ...isEnd("users")];
  const roles = literals(context, [...engine.roles.keys()]);
  return freeze({
    tables: {
      users: create(
        "users",
        ids("users", "account", "id"),
        sql`${columns("users", "role")} ${textType(context)} NOT NULL ${constraint(context, "users", "role")}CHECK (${columns("users", "role")} IN (${roles}))`,
        ...grantColumns(context, "users", engine.accountKeys),
        ...untilColumn("users"),
        ...namedChecks(context, "users", accountChecks),
        unique("users", "id"),
      ),
      connections: create("connections", ids("connections", "account", "id"), unique("connections", "id")),
      grants: create(
        "grants",
        ids("grants", "account", "user", "connection"),
        ...grantColumns(context, "grants", engine.keys),
        ...untilColumn("grants"),
        ...namedChecks(context, "grants", checks),
        unique("grants", "user", "connection"),
        ...belongs("grants", "user", "users"),
        ...belongs("grants", "connection", "connections"),
      ),
      // A relation has no foreign key: a post stays when its author is deleted.
      groups: create(
        "groups",
        ids("groups", "account", "id"),
        ...[...tables.of.groups.named.values()].map((relation) => sql`${relation} ${textType(context)}`),
        unique("groups", "id"),
      ),
      // A link stays when its connection is deleted: without the link, more might be allowed on the group than before.
      links: create(
        "links",
        ids("links", "account", "group", "connection"),
        unique("links", "group", "connection"),
        ...belongs("links", "group", "groups"),
      ),
    },
    checks: checks.map(textOf),
    accountChecks: accountChecks.map(textOf),
    indexes: [
      textOf(sql`CREATE INDEX ${index} ON ${beside("grants")} (${columns("grants", "account", "connection", "user")})`),
    ],
  });
}

const instantTypes = { postgresql: "TIMESTAMPTZ", sqlite: "TEXT", mysql: "DATETIME(3)" };

/** Names the conditions of a table, so that a migration finds them. */
export function namedChecks(context: SqlContext, kind: TableKind, checks: readonly Fragment[]): readonly Fragment[] {
  return checks.map((check, index) => sql`${constraint(context, kind, index + 1)}CHECK (${check})`);
}

/**
 * Begins a condition with its name: that of the column of roles, or of a condition by its number. In MySQL, a schema has each
 * name once, so conditions have none there.
 */
export function constraint({ tables }: SqlContext, kind: TableKind, which: number | "role"): Fragment {
  if (tables.dialect === "mysql") return raw("");
  return sql`CONSTRAINT ${identifier(`${ALIAS}${kind}_${which}`, tables.dialect)} `;
}

export function grantColumns(context: SqlContext, kind: TableKind, keys: readonly Key[]): readonly Fragment[] {
  const { tables } = context;
  const { levels } = context.policy;
  const type =
    tables.levels === "text" ? textType(context, Math.max(...levels.map(({ length }) => length), 1)) : raw("SMALLINT");
  return keys.map(({ name, area }) => {
    const column = tables.of[kind].named.get(name) as Fragment;
    const lowest = literals(context, [storedLevel(context, area.levels[0] as string)]);
    return area.flags.has(name)
      ? sql`${column} BOOLEAN NOT NULL DEFAULT FALSE`
      : sql`${column} ${type} NOT NULL DEFAULT ${lowest}`;
  });
}

/**
 * Writes the conditions that make a row a grant, or what a user holds in the account: the levels of each area, and the levels that each flag may stand beside.
 * A `CHECK` that is NULL passes, so each column is said not to be NULL.
 */
export function checksOf(context: SqlContext, kind: TableKind, keys: readonly Key[]): Fragment[] {
  const { named } = context.tables.of[kind];
  return keys.flatMap(({ name, area }) => {
    const column = named.get(name) as Fragment;
    const levelColumn = levelIn(context, named.get(area.name) as Fragment);
    const levels = (accepted: readonly string[]) =>
      literals(
        context,
        accepted.map((level) => storedLevel(context, level)),
      );
    const isThere = sql`${column} IS NOT NULL`;
    if (!area.flags.has(name)) return [sql`${isThere} AND ${levelColumn} IN (${levels(area.levels)})`];
    const beside = levelsBeside(area, name);
    // SQLite stores any value in a boolean column.
    const isBoolean = sql`${isThere} AND ${column} IN (FALSE, TRUE)`;
    return [
      isBoolean,
      beside.length > 0 ? sql`NOT ${column} OR ${levelColumn} IN (${levels(beside)})` : sql`NOT ${column}`,
    ];
  });
}

export function literals({ tables }: SqlContext, values: readonly (string | number)[]): Fragment {
  return concat(
    values.map((value) => (typeof value === "string" ? literal(value, tables.dialect) : raw(String(value)))),
    ", ",
  );
}

/**
 * Writes the type of a text. In MySQL, a key needs a length, and the usual collations take different texts for one: those
 * that do not have other names in MariaDB and in MySQL, and each of the two reads its own comment. A row has a limit, so that a
 * level is no longer than the longest.
 */
function textType({ tables }: SqlContext, length = 255): Fragment {
  if (tables.dialect !== "mysql") return raw("TEXT");
  return raw(
    `VARCHAR(${length}) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */`,
  );
}

/** Returns the text of a fragment without bound values. */
export function textOf({ strings }: Fragment): string {
  return strings[0] as string;
}
