import { at, below, refuse } from "../core/base/faults.js";
import { expected, showValue } from "../core/base/message.js";
import { isRecord, ownValue, readQuestion, readStrings } from "../core/base/readers.js";
import { actionOf, areaOf, compileClause } from "../core/engine/compiled-policy.js";
import type { ActionOf, Policy, TargetKind } from "../core/types/index.js";
import { ALIAS, column, type Host, meetsAny, meetsRule, storedLevel, table } from "./aggregates.js";
import { type Fragment, identifier, joined, raw, type SqlValue, sql } from "./fragment.js";
import { isStored, readIdentifier, type TableKind } from "./tables.js";

/**
 * A query as database drivers take it: its text with placeholders, and the value of each placeholder.
 *
 * `strings` is the same text, split at the values. With `sql(query.strings, ...query.values)`, the query becomes part
 * of a larger one in every library that has such a template tag.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type SqlQuery } from "channel-grants/sql";
 *
 * const grants = createGrantsSql(engage, { dialect: "postgresql" });
 * const query: SqlQuery = grants.usersFor({ account: "acme", action: "publish.approve", group: "p1" });
 * query.values.slice(0, 2); // ["p1", "acme"]
 * query.text.includes("$2"); // true
 * query.strings.length === query.values.length + 1; // true
 * ```
 */
export interface SqlQuery {
  readonly text: string;
  readonly values: SqlValue[];
  readonly strings: TemplateStringsArray;
}

/**
 * The one row that a query is limited to: the row with this id, or the row whose id is in a column of the surrounding
 * query.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type Only } from "channel-grants/sql";
 *
 * const only: Only = { column: ["p", "id"] };
 * const { groupsFor } = createGrantsSql(engage, { dialect: "postgresql" });
 * const { text } = groupsFor({ account: "acme", user: "ana", action: "publish.view", only });
 * `SELECT p.* FROM posts p WHERE EXISTS (${text})`.includes(`= "p"."id"`); // true
 * ```
 */
export type Only = SqlValue | { readonly column: readonly [table: string, column: string] };

/**
 * The question of `usersFor`: an account, an action, and the target if the action has one.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsSql, type UsersQuery } from "channel-grants/sql";
 *
 * const admins: UsersQuery<Engage> = { account: "acme", action: "connections.assign-users" };
 * const { usersFor } = createGrantsSql(engage, { dialect: "sqlite" });
 * usersFor(admins).values; // ["acme", "admin"]
 * ```
 */
export type UsersQuery<P extends Policy = Policy> = {
  readonly account: SqlValue;
  readonly only?: Only;
} & (
  | { readonly action: ActionOf<P, "group">; readonly group: SqlValue }
  | { readonly action: ActionOf<P, "connection">; readonly connection: SqlValue }
  | { readonly action: ActionOf<P, "none"> }
);

/**
 * A question about one user: an account, the user's id in the users table, and the row to limit the query to.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type UserQuery } from "channel-grants/sql";
 *
 * const ana: UserQuery = { account: "acme", user: "ana" };
 * const { groupLevels } = createGrantsSql(engage, { dialect: "sqlite" });
 * groupLevels({ ...ana, area: "publish" }).text.includes('AS "level"'); // true
 * ```
 */
export interface UserQuery {
  readonly account: SqlValue;
  readonly user: SqlValue;
  readonly only?: Only;
}

/** Writes the query for the post groups on which a user may do an action. */
export function groupsFor(host: Host, source: unknown): SqlQuery {
  const query = readQuery(source, ["user", "action"]);
  const action = readAction(host, query.get("action"), ["group"]);
  return select(host, "links", "group", query, {
    and: raw(""),
    from: [theUser(host, "links", query), theirConnections(host), theGrants(host)],
    having: sql` HAVING ${meetsRule(host, action, "group")}`,
  });
}

/** Writes the query for the connections on which a user may do an action; one on post groups is asked of groups of one. */
export function connectionsFor(host: Host, source: unknown): SqlQuery {
  const query = readQuery(source, ["user", "action"]);
  const action = readAction(host, query.get("action"), ["connection", "group"]);
  return select(host, "connections", "id", query, {
    and: raw(""),
    from: [theUser(host, "connections", query), theGrants(host)],
    having: sql` HAVING ${meetsRule(host, action, "connection")}`,
  });
}

/** Writes the query for the users who may do an action on a target. */
export function usersFor(host: Host, source: unknown): SqlQuery {
  const action = isRecord(source) ? ownValue(source, "action") : undefined;
  const { target } = actionOf(host.engine, action as string);
  const query = readQuery(source, target === "none" ? ["action"] : ["action", target]);
  const account = column(host, "users", "account");
  const from: Readonly<Record<TargetKind, () => readonly Fragment[]>> = {
    none: () => [
      join(host, "LEFT JOIN", "grants", { account, user: column(host, "users", "id") }),
      join(host, "LEFT JOIN", "connections", {
        account: column(host, "grants", "account"),
        id: column(host, "grants", "connection"),
      }),
    ],
    connection: () => {
      const id = readValue(query, "connection");
      return [join(host, "LEFT JOIN", "connections", { account, id }), theGrants(host, sql`= ${id}`)];
    },
    group: () => [
      join(host, "JOIN", "links", { account, group: readValue(query, "group") }),
      theirConnections(host),
      theGrants(host, sql`IN (${connectionsOf(host, query)})`),
    ],
  };
  return select(host, "users", "id", query, {
    and: raw(""),
    from: from[target](),
    having: sql` HAVING ${meetsRule(host, action as string, target)}`,
  });
}

/** Writes the query for a user's level in an area, post group by post group. */
export function groupLevels(host: Host, source: unknown): SqlQuery {
  const query = readQuery(source, ["user", "area"]);
  const area = areaOf(host.engine, query.get("area") as string);
  const type = raw(host.tables.levels === "text" ? "TEXT" : "INTEGER");
  const stored = (level: string) => sql`CAST(${storedLevel(host, level)} AS ${type})`;
  const [lowest, ...levels] = area.levels as readonly [string, ...string[]];
  const group = { account: column(host, "groups", "account"), group: column(host, "groups", "id") };
  // The group's level is the highest of which "this level or higher" holds.
  const level = levels.reduce((lower, each) => {
    const clause = compileClause([area], { area: area.name, level: each });
    return sql`CASE WHEN ${meetsAny(host, "group", () => [clause])} THEN ${stored(each)} ELSE ${lower} END`;
  }, stored(lowest));
  return select(host, "groups", "id", query, {
    and: sql`, ${level} AS "level"`,
    from: [
      theUser(host, "groups", query, "LEFT JOIN"),
      join(host, "LEFT JOIN", "links", group),
      theirConnections(host),
      theGrants(host),
    ],
    having: raw(""),
  });
}

/** Joins a table to those before it. */
function join(
  host: Host,
  how: "JOIN" | "LEFT JOIN",
  kind: TableKind,
  on: Readonly<Record<string, Fragment | SqlValue>>,
): Fragment {
  const conditions = Object.entries(on).map(([use, value]) => sql`${column(host, kind, use)} = ${value}`);
  return sql` ${raw(how)} ${table(host, kind)} ON ${joined(conditions, " AND ")}`;
}

function theUser(host: Host, beside: TableKind, query: Query, how: "JOIN" | "LEFT JOIN" = "JOIN"): Fragment {
  return join(host, how, "users", { account: column(host, beside, "account"), id: readValue(query, "user") });
}

/** Joins the connections of the links; that of another account stays a stranger. */
function theirConnections(host: Host): Fragment {
  const account = column(host, "links", "account");
  return join(host, "LEFT JOIN", "connections", { account, id: column(host, "links", "connection") });
}

/**
 * Joins what the user holds on each connection, which counts on the account's own alone. Where all users are asked
 * about, it says again which connections those are: a database would else read every grant of the account.
 */
function theGrants(host: Host, among?: Fragment): Fragment {
  const grants = join(host, "LEFT JOIN", "grants", {
    account: column(host, "connections", "account"),
    connection: column(host, "connections", "id"),
    user: column(host, "users", "id"),
  });
  return among ? sql`${grants} AND ${column(host, "grants", "connection")} ${among}` : grants;
}

/** Selects the connections of the post group that is asked about; a query within one has names of its own. */
function connectionsOf(host: Host, query: Query): Fragment {
  const { name, columns } = host.tables.of.links;
  const its = (use: string) => sql`${raw(`${ALIAS}its`)}.${columns.get(use) as Fragment}`;
  const where = sql`${its("account")} = ${readValue(query, "account")} AND ${its("group")} = ${readValue(query, "group")}`;
  return sql`SELECT ${its("connection")} FROM ${name} AS ${raw(`${ALIAS}its`)} WHERE ${where}`;
}

/** Selects the ids from one table: those of one account, one row for each. */
function select(
  host: Host,
  kind: TableKind,
  use: string,
  query: Query,
  // Each part is spelt out: one that is left out would be inherited, as SQL.
  { and, from, having }: { and: Fragment; from: readonly Fragment[]; having: Fragment },
): SqlQuery {
  const id = column(host, kind, use);
  const account = column(host, kind, "account");
  const only = query.has("only") ? sql` AND ${id} = ${readOnly(query)}` : raw("");
  return finish(
    host,
    sql`SELECT ${id} AS "id"${and} FROM ${table(host, kind)}${joined(from, "")} WHERE ${account} = ${readValue(query, "account")}${only} GROUP BY ${account}, ${id}, ${column(host, "users", "role")}${having}`,
  );
}

function finish({ tables }: Host, { strings, values }: Fragment): SqlQuery {
  const placeholder = (index: number) => (tables.dialect === "postgresql" ? `$${index}` : "?");
  const text = strings.reduce((before, string, index) => `${before}${placeholder(index)}${string}`);
  const template = Object.assign([...strings], { raw: Object.freeze([...strings]) });
  return Object.freeze({ text, values: [...values], strings: Object.freeze(template) });
}

/** What is asked, read but for its values. */
type Query = ReadonlyMap<string, unknown>;

function readQuery(source: unknown, keys: readonly string[]): Query {
  return readQuestion(source, at("invalid-query"), ["account", ...keys, "only"]);
}

function readAction({ engine }: Host, action: unknown, kinds: readonly TargetKind[]): string {
  const { target } = actionOf(engine, action as string);
  if (!kinds.includes(target)) {
    const accepted = [...engine.actions].filter(([, { target }]) => kinds.includes(target)).map(([name]) => name);
    refuse(at("wrong-target"), `${showValue(action)} is asked about ${target}; ${expected(accepted)}`);
  }
  return action as string;
}

/** Reads a value to bind, which a database has to keep as it is. */
function readValue(query: Query, key: string): SqlValue {
  const value = query.get(key);
  if (typeof value === "string" ? isStored(value) : typeof value === "bigint" || Number.isSafeInteger(value)) {
    return value as SqlValue;
  }
  return refuse(
    at("invalid-query", key),
    `${showValue(value)} is not an id in SQL; expected a string without NUL, or an integer`,
  );
}

/** Reads which row is wanted; an alias of this query would name its own column, and want every row. */
function readOnly(query: Query): Fragment | SqlValue {
  const only = query.get("only");
  if (!isRecord(only)) return readValue(query, "only");
  const place = at("invalid-query", "only");
  const names = below(place, "column");
  const given = readStrings(readQuestion(only, place, ["column"]).get("column"), names);
  if (given.length !== 2) refuse(names, `${given.length} names are not a column; expected a table and its column`);
  if (given[0]?.toLowerCase().startsWith(ALIAS)) {
    refuse(
      names,
      `${showValue(given[0])} is kept for this query; expected a name that does not begin with ${showValue(ALIAS)}`,
      0,
    );
  }
  const quoted = given.map((name, index) => identifier(readIdentifier(name, below(names, index))));
  return joined(quoted, ".");
}
