import { freeze } from "../core/base/freeze.js";
import { levelsBeside } from "../core/engine/area.js";
import { ALIAS, type Host, levelIn, storedLevel } from "./aggregates.js";
import { type Fragment, identifier, joined, literal, raw, sql } from "./fragment.js";
import type { TableKind } from "./tables.js";

/** Tables, their checks and their indexes, as definitions. */
export interface Definitions {
  readonly tables: Readonly<Record<TableKind, string>>;
  readonly checks: readonly string[];
  readonly indexes: readonly string[];
}

/** Writes the definitions of the host's tables. */
export function definitionsOf(host: Host): Definitions {
  const { engine, tables } = host;
  const name = (kind: TableKind) => tables.of[kind].name;
  const columns = (kind: TableKind, ...uses: string[]) =>
    joined(
      uses.map((use) => tables.of[kind].columns.get(use) as Fragment),
      ", ",
    );
  const ids = (kind: TableKind, ...uses: string[]) =>
    joined(
      uses.map((use) => sql`${columns(kind, use)} TEXT NOT NULL`),
      ",\n  ",
    );
  const unique = (kind: TableKind, ...uses: string[]) => sql`PRIMARY KEY (${columns(kind, "account", ...uses)})`;
  // SQLite wants the schema before the name of an index, and neither behind ON nor in a foreign key, which cannot leave
  // the schema of its table.
  const isSqlite = tables.dialect === "sqlite";
  const schemaOf = (kind: TableKind) => (isSqlite ? tables.of[kind].parts.slice(0, -1) : []);
  const inSchema = (kind: TableKind) => text(joined(schemaOf(kind), "")).toLowerCase() || '"main"';
  const beside = (kind: TableKind) => (isSqlite ? (tables.of[kind].parts.at(-1) as Fragment) : name(kind));
  const belongs = (kind: TableKind, use: string, to: TableKind) =>
    inSchema(kind) === inSchema(to)
      ? [
          sql`FOREIGN KEY (${columns(kind, "account", use)}) REFERENCES ${beside(to)} (${columns(to, "account", "id")}) ON DELETE CASCADE`,
        ]
      : [];
  const index = joined([...schemaOf("grants"), identifier(`${ALIAS}grants_by_connection`)], ".");
  const create = (kind: TableKind, ...lines: Fragment[]) =>
    text(sql`CREATE TABLE ${name(kind)} (\n  ${joined(lines, ",\n  ")}\n)`);

  const checks = grantChecks(host);
  const roles = listed([...engine.roles.keys()]);
  return freeze({
    tables: {
      users: create(
        "users",
        ids("users", "account", "id"),
        sql`${columns("users", "role")} TEXT NOT NULL CHECK (${columns("users", "role")} IN (${roles}))`,
        unique("users", "id"),
      ),
      connections: create("connections", ids("connections", "account", "id"), unique("connections", "id")),
      grants: create(
        "grants",
        ids("grants", "account", "user", "connection"),
        ...grantColumns(host),
        ...checks.map((check) => sql`CHECK (${check})`),
        unique("grants", "user", "connection"),
        ...belongs("grants", "user", "users"),
        ...belongs("grants", "connection", "connections"),
      ),
      groups: create("groups", ids("groups", "account", "id"), unique("groups", "id")),
      // A link stays when its connection is deleted: without the link, more might be allowed on the group than before.
      links: create(
        "links",
        ids("links", "account", "group", "connection"),
        unique("links", "group", "connection"),
        ...belongs("links", "group", "groups"),
      ),
    },
    checks: checks.map(text),
    indexes: [
      text(sql`CREATE INDEX ${index} ON ${beside("grants")} (${columns("grants", "account", "connection", "user")})`),
    ],
  });
}

function grantColumns(host: Host): readonly Fragment[] {
  const { engine, tables } = host;
  const type = raw(tables.levels === "text" ? "TEXT" : "SMALLINT");
  return engine.keys.map(({ name, area }) => {
    const column = tables.keys.get(name) as Fragment;
    const lowest = listed([storedLevel(host, area.levels[0] as string)]);
    return area.flags.has(name)
      ? sql`${column} BOOLEAN NOT NULL DEFAULT FALSE`
      : sql`${column} ${type} NOT NULL DEFAULT ${lowest}`;
  });
}

/**
 * Says of a grant what makes it one: the levels of each area, and those that each flag may stand beside. A `CHECK` passes
 * where it is NULL, so each column is said not to be.
 */
function grantChecks(host: Host): readonly Fragment[] {
  const { engine, tables } = host;
  return engine.keys.flatMap(({ name, area }) => {
    const column = tables.keys.get(name) as Fragment;
    const own = levelIn(host, tables.keys.get(area.name) as Fragment);
    const levels = (accepted: readonly string[]) => listed(accepted.map((level) => storedLevel(host, level)));
    const isThere = sql`${column} IS NOT NULL`;
    if (!area.flags.has(name)) return [sql`${isThere} AND ${own} IN (${levels(area.levels)})`];
    const beside = levelsBeside(area, name);
    // SQLite would take any value for a boolean.
    const isBoolean = sql`${isThere} AND ${column} IN (FALSE, TRUE)`;
    return [isBoolean, beside.length > 0 ? sql`NOT ${column} OR ${own} IN (${levels(beside)})` : sql`NOT ${column}`];
  });
}

function listed(values: readonly (string | number)[]): Fragment {
  return joined(
    values.map((value) => (typeof value === "string" ? literal(value) : raw(String(value)))),
    ", ",
  );
}

/** Gives the text of a piece in which nothing is bound. */
function text({ strings }: Fragment): string {
  return strings[0] as string;
}
