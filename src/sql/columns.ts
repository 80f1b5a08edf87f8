import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import type { Policy } from "../core/types/index.js";
import { concat, type Fragment, raw, type SqlValue, sql } from "./fragment.js";
import type { SqlQuery } from "./queries/query-types.js";
import type { TableKind, Tables } from "./tables.js";

/** A policy and the tables of an application: what queries are written for. */
export interface SqlContext {
  readonly policy: Policy;
  readonly engine: CompiledPolicy;
  readonly tables: Tables;
  /** The instant at which a query asks, if grants may end. */
  readonly at: string | undefined;
}

/** The prefix of every alias in a query. An application's own aliases must not begin with it. */
export const ALIAS = "cg_";

const aliases: Readonly<Record<TableKind, string>> = {
  users: "cg_user",
  connections: "cg_connection",
  grants: "cg_grant",
  groups: "cg_group",
  links: "cg_link",
};

/** Writes a table with its alias, for FROM. */
export function table({ tables }: SqlContext, kind: TableKind): Fragment {
  return sql`${tables.of[kind].name} AS ${raw(aliases[kind])}`;
}

/** Writes a column of a table. `use` says what the column is for: `account`, `id`, `role`. */
export function column({ tables }: SqlContext, kind: TableKind, use: string): Fragment {
  return sql`${raw(aliases[kind])}.${tables.of[kind].columns.get(use) as Fragment}`;
}

/** Writes a column that has the name of an area, a flag or a relation. */
export function namedColumn({ tables }: SqlContext, kind: TableKind, name: string): Fragment {
  return sql`${raw(aliases[kind])}.${tables.of[kind].named.get(name) as Fragment}`;
}

/** Returns a level as it is stored. */
export function storedLevel({ policy, tables }: SqlContext, level: string): string | number {
  return tables.levels === "text" ? level : policy.levels.indexOf(level);
}

/** Joins a table to another one before it, both of the same account. A column may be one of several ids. */
export function sqlJoin(
  context: SqlContext,
  how: "JOIN" | "LEFT JOIN",
  kind: TableKind,
  beside: TableKind,
  on: Readonly<Record<string, Fragment | SqlValue | readonly SqlValue[]>>,
): Fragment {
  const own = Object.entries(on).map(([use, value]) => isId(context, column(context, kind, use), value));
  const conditions = [...inAccount(context, kind, () => column(context, beside, "account")), ...own];
  if (kind === "grants") conditions.push(...isThere(context, kind));
  return sql` ${raw(how)} ${table(context, kind)} ON ${concat(conditions, " AND ")}`;
}

/** Writes the condition that the rows of a table are of an account; nothing where there is one account alone. */
export function inAccount(
  context: SqlContext,
  kind: TableKind,
  accountOf: () => Fragment | SqlValue,
): readonly Fragment[] {
  return context.tables.accounts === "one" ? [] : [isSameId(context, column(context, kind, "account"), accountOf())];
}

/** The form in which SQLite stores an end, so that ends compare as texts: UTC, to the millisecond. */
export function storedInstant(): Fragment {
  return raw(`'${"0000-00-00T00:00:00.000Z".replaceAll("0", "[0-9]")}'`);
}

/** Binds an instant, as the column of an end stores it. */
export function boundInstant({ tables }: SqlContext, instant: string): Fragment {
  if (tables.dialect === "postgresql") return sql`CAST(${instant} AS TIMESTAMPTZ)`;
  // MySQL has no zones: all instants are in UTC.
  return tables.dialect === "sqlite"
    ? sql`${instant}`
    : sql`CAST(${instant.replace("T", " ").slice(0, -1)} AS DATETIME(3))`;
}

/**
 * Writes the condition that what a row grants has not ended: half open, so that at its end it is not there. In SQLite, an
 * end of another form is taken as past.
 */
export function isThere(context: SqlContext, kind: "grants" | "users"): readonly Fragment[] {
  const { at, tables } = context;
  if (at === undefined || !tables.of[kind].columns.has("until")) return [];
  const until = column(context, kind, "until");
  const isAhead = {
    postgresql: () => sql`date_trunc('milliseconds', ${until}) > ${boundInstant(context, at)}`,
    sqlite: () => sql`${until} GLOB ${storedInstant()} AND ${until} > ${boundInstant(context, at)}`,
    mysql: () => sql`${until} > ${boundInstant(context, at)}`,
  };
  return [sql`(${until} IS NULL OR ${isAhead[tables.dialect]()})`];
}

/** Writes a column of levels as it is compared: names byte by byte, ranks as numbers. */
export function levelIn(context: SqlContext, column: Fragment): Fragment {
  return context.tables.levels === "text" ? byBytes(context, column) : column;
}

/**
 * Compares a text byte by byte, whatever the collation of its column: if that ignores case, `FULL-ACCESS` would be a level.
 * Ids keep the collation of their column, because with another one PostgreSQL uses no index, and SQLite plans worse.
 */
export function byBytes({ tables }: SqlContext, column: Fragment): Fragment {
  // PostgreSQL: citext and enums need a cast, as only texts have this collation. SQLite: a cast would turn numbers into texts.
  if (tables.dialect === "postgresql") return sql`CAST(${column} AS TEXT) COLLATE "C"`;
  return tables.dialect === "sqlite" ? sql`${column} COLLATE BINARY` : exactly(column);
}

/** Gives the bytes of a text, in MySQL. MariaDB and MySQL have no collation in common that compares those, and no more. */
export function exactly(value: Fragment | SqlValue): Fragment {
  return sql`CAST(CONVERT(${value} USING utf8mb4) AS BINARY)`;
}

/**
 * Writes the condition that two ids are the same. Under the usual collations of MySQL, `ANA`, `aná` and `ana` with a space
 * behind it are one id, so their bytes are compared, too; the first comparison is for the index.
 */
export function isSameId({ tables }: SqlContext, id: Fragment, other: Fragment | SqlValue): Fragment {
  const isAlike = sql`${id} = ${other}`;
  return tables.dialect === "mysql" ? sql`${isAlike} AND ${exactly(id)} = ${exactly(other)}` : isAlike;
}

/** Writes the condition that an id is another, or one of some. */
export function isId(context: SqlContext, id: Fragment, wanted: Fragment | SqlValue | readonly SqlValue[]): Fragment {
  return isList(wanted) ? isOneOfIds(context, id, wanted) : isSameId(context, id, wanted);
}

function isList(wanted: Fragment | SqlValue | readonly SqlValue[]): wanted is readonly SqlValue[] {
  return Array.isArray(wanted);
}

/** Writes the condition that an id is one of some. */
export function isOneOfIds({ tables }: SqlContext, id: Fragment, others: readonly SqlValue[]): Fragment {
  if (others.length === 0) return raw("FALSE");
  const isAlike = sql`${id} IN ${boundList(others)}`;
  if (tables.dialect !== "mysql") return isAlike;
  return sql`${isAlike} AND ${exactly(id)} IN (${concat(others.map(exactly), ", ")})`;
}

/** Gives what tells ids apart that MySQL takes for one. */
export function exactIds({ tables }: SqlContext, ids: readonly Fragment[]): readonly Fragment[] {
  return tables.dialect === "mysql" ? ids.map(exactly) : [];
}

/** Lists values, each bound. */
export function boundList(values: readonly SqlValue[]): Fragment {
  return sql`(${concat(
    values.map((value) => sql`${value}`),
    ", ",
  )})`;
}

/** Makes a query of a fragment, as drivers take it. */
export function queryOf({ tables }: SqlContext, { strings, values }: Fragment): SqlQuery {
  const placeholder = (index: number) => (tables.dialect === "postgresql" ? `$${index}` : "?");
  const text = strings.reduce((before, string, index) => `${before}${placeholder(index)}${string}`);
  const template = Object.assign([...strings], { raw: Object.freeze([...strings]) });
  return Object.freeze({ text, values: [...values], strings: Object.freeze(template) });
}
