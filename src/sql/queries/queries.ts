import { at, refuse } from "../../core/base/faults.js";
import { showId } from "../../core/base/message.js";
import { isRecord, ownValue } from "../../core/base/readers.js";
import { actionOf, areaOf, ruleFor } from "../../core/engine/compiled-policy.js";
import { compileClause } from "../../core/engine/rule.js";
import type { TargetKind } from "../../core/types/index.js";
import { allOf, meetsAny, meetsRule, type Related } from "../aggregates.js";
import {
  ALIAS,
  column,
  exactIds,
  inAccount,
  isId,
  isOneOfIds,
  isSameId,
  namedColumn,
  queryOf,
  type SqlContext,
  sqlJoin,
  storedLevel,
  table,
} from "../columns.js";
import { concat, type Fragment, identifier, raw, type SqlValue, sql } from "../fragment.js";
import type { TableKind } from "../tables.js";
import type { SqlQuery } from "./query-types.js";
import {
  type Given,
  type Query,
  readAction,
  readIds,
  readOnly,
  readQuery,
  readRelations,
  readValue,
  relationsKey,
} from "./read-query.js";

/** Writes the query for the post groups on which a user may do an action. */
export function groupsFor(tables: SqlContext, source: unknown): SqlQuery {
  const [query, context] = readQuery(tables, source, ["user", "action"]);
  const action = readAction(context, query.get("action"), ["group"]);
  return select(context, "links", "group", query, {
    and: raw(""),
    by: [],
    from: [
      joinUser(context, "links", query),
      ...joinPosts(context, relationsOf(context, action)),
      joinConnections(context),
      joinGrants(context),
    ],
    having: sql` HAVING ${meetsRule(context, action, "group", stored(context))}`,
  });
}

/** Writes the query for the connections on which a user may do an action. An action on post groups is asked about each connection as a group of one. */
export function connectionsFor(tables: SqlContext, source: unknown): SqlQuery {
  const [query, context] = readQuery(tables, source, ["user", "action", ...relationsKey(tables)]);
  const action = readAction(context, query.get("action"), ["connection", "group"]);
  const given = readRelations(context, query);
  for (const relation of relationsOf(context, action)) {
    if (given.has(relation)) continue;
    refuse(
      at("invalid-query", "relations", relation),
      `no ${showId(relation)} for ${showId(action)}; expected an id, a list of ids, or null for nobody`,
    );
  }
  return select(context, "connections", "id", query, {
    and: raw(""),
    by: [],
    from: [joinUser(context, "connections", query), joinGrants(context)],
    having: sql` HAVING ${meetsRule(context, action, "connection", among(context, given))}`,
  });
}

/** Writes the query for the users who may do an action on a target. */
export function usersFor(tables: SqlContext, source: unknown): SqlQuery {
  const action = isRecord(source) ? ownValue(source, "action") : undefined;
  const { target } = actionOf(tables.engine, action as string);
  // A page of post groups: each row then says whose it is.
  const isPage = isRecord(source) && Object.hasOwn(source, "groups");
  const asked = isPage ? "groups" : "group";
  const keys = { none: [], connection: ["connection"], group: [asked, ...relationsKey(tables)] }[target];
  const [query, context] = readQuery(tables, source, ["action", ...keys]);
  const given = readRelations(context, query);
  const unread = relationsOf(context, action as string).filter((relation) => !given.has(relation));
  const from: Readonly<Record<TargetKind, () => readonly Fragment[]>> = {
    none: () => [
      sqlJoin(context, "LEFT JOIN", "grants", "users", { user: column(context, "users", "id") }),
      sqlJoin(context, "LEFT JOIN", "connections", "grants", { id: column(context, "grants", "connection") }),
    ],
    connection: () => {
      const id = readValue(query, "connection");
      return [sqlJoin(context, "LEFT JOIN", "connections", "users", { id }), joinGrants(context, sql`= ${id}`)];
    },
    group: () => {
      const group = isPage ? readIds(query, "groups") : readValue(query, "group");
      return [
        sqlJoin(context, "JOIN", "links", "users", { group }),
        ...joinPosts(context, unread),
        joinConnections(context),
        joinGrants(context, sql`IN (${connectionsOf(context, query, group)})`),
      ];
    },
  };
  const [fromPost, fromQuery] = [stored(context), among(context, given)];
  const related: Related = (relation) => (given.has(relation) ? fromQuery : fromPost)(relation);
  const group = isPage ? [column(context, "links", "group")] : [];
  return select(context, "users", "id", query, {
    and: concat(
      group.map((each) => sql`, ${each} AS ${identifier("group", context.tables.dialect)}`),
      "",
    ),
    by: group,
    from: from[target](),
    having: sql` HAVING ${meetsRule(context, action as string, target, related)}`,
  });
}

/** Writes the query for a user's level in an area on every post group. */
export function groupLevels(tables: SqlContext, source: unknown): SqlQuery {
  const [query, context] = readQuery(tables, source, ["user", "area"]);
  const area = areaOf(context.engine, query.get("area") as string);
  if (area.isOfAccount) {
    refuse(at("unknown-area"), `${showId(area.name)} is held in the account; expected an area of connections`);
  }
  const { dialect, levels: storage } = context.tables;
  const types = dialect === "mysql" ? { text: "CHAR", integer: "SIGNED" } : { text: "TEXT", integer: "INTEGER" };
  const type = raw(types[storage]);
  const asStored = (level: string) => sql`CAST(${storedLevel(context, level)} AS ${type})`;
  const [lowest, ...levels] = area.levels as readonly [string, ...string[]];
  // The group's level is the highest level for which the clause "at least this level" holds.
  const level = levels.reduce((lower, each) => {
    const clause = compileClause([area], { area: area.name, level: each });
    return sql`CASE WHEN ${meetsAny(context, "group", () => [clause], stored(context))} THEN ${asStored(each)} ELSE ${lower} END`;
  }, asStored(lowest));
  return select(context, "groups", "id", query, {
    and: sql`, ${level} AS ${identifier("level", context.tables.dialect)}`,
    by: [],
    from: [
      joinUser(context, "groups", query, "LEFT JOIN"),
      sqlJoin(context, "LEFT JOIN", "links", "groups", { group: column(context, "groups", "id") }),
      joinConnections(context),
      joinGrants(context),
    ],
    having: raw(""),
  });
}

function joinUser(context: SqlContext, beside: TableKind, query: Query, how: "JOIN" | "LEFT JOIN" = "JOIN"): Fragment {
  return sqlJoin(context, how, "users", beside, { id: readValue(query, "user") });
}

/** Joins the connections of the links. A connection of another account finds no row, so it stays a stranger. */
function joinConnections(context: SqlContext): Fragment {
  return sqlJoin(context, "LEFT JOIN", "connections", "links", { id: column(context, "links", "connection") });
}

/**
 * Joins what the user holds on each connection of the account. If all users are asked about, `among` repeats which
 * connections those are: without it, a database reads every grant of the account.
 */
function joinGrants(context: SqlContext, among?: Fragment): Fragment {
  const grants = sqlJoin(context, "LEFT JOIN", "grants", "connections", {
    connection: column(context, "connections", "id"),
    user: column(context, "users", "id"),
  });
  return among ? sql`${grants} AND ${column(context, "grants", "connection")} ${among}` : grants;
}

/** Joins the posts of the links, if relations are read. A link to a post without a row leads to a no. */
function joinPosts(context: SqlContext, relations: readonly string[]): readonly Fragment[] {
  if (relations.length === 0) return [];
  return [sqlJoin(context, "JOIN", "groups", "links", { id: column(context, "links", "group") })];
}

/** Reads relations from the columns of a post. */
function stored(context: SqlContext): Related {
  return (relation) => isSameId(context, namedColumn(context, "groups", relation), column(context, "users", "id"));
}

/** Reads relations from what was given with the question. */
function among(context: SqlContext, given: Given): Related {
  return (relation) => isOneOfIds(context, column(context, "users", "id"), given.get(relation) as readonly SqlValue[]);
}

/** Lists the relations that an action names. */
function relationsOf({ engine }: SqlContext, action: string): readonly string[] {
  return [...new Set([...engine.roles.values()].flatMap((role) => ruleFor({ engine, role }, action).relations))];
}

/** Selects the connections of the post groups in question. This is a query inside another, so it has an alias of its own. */
function connectionsOf(context: SqlContext, query: Query, group: SqlValue | readonly SqlValue[]): Fragment {
  const { name, columns } = context.tables.of.links;
  const linkColumn = (use: string) => sql`${raw(`${ALIAS}its`)}.${columns.get(use) as Fragment}`;
  const wanted = context.tables.accounts === "one" ? { group } : { account: readValue(query, "account"), group };
  const where = allOf(Object.entries(wanted).map(([use, ids]) => isId(context, linkColumn(use), ids)));
  return sql`SELECT ${linkColumn("connection")} FROM ${name} AS ${raw(`${ALIAS}its`)} WHERE ${where}`;
}

/** Parts of a query: what it selects beside an id, what else its rows are grouped by, and where it finds them. */
interface Parts {
  readonly and: Fragment;
  readonly by: readonly Fragment[];
  readonly from: readonly Fragment[];
  readonly having: Fragment;
}

/** Writes the query for ids of one table and one account, each id once. */
function select(
  context: SqlContext,
  kind: TableKind,
  use: string,
  query: Query,
  // All parts are required: one that is left out could come from a polluted `Object.prototype`, as SQL.
  { and, by, from, having }: Parts,
): SqlQuery {
  const id = column(context, kind, use);
  const isOnly = query.has("only") ? [isSameId(context, id, readOnly(context, query))] : [];
  const where = allOf([...inAccount(context, kind, () => readValue(query, "account")), ...isOnly]);
  const account = context.tables.accounts === "one" ? [] : [column(context, kind, "account")];
  const groupedBy = [...account, id, column(context, "users", "role"), ...by, ...exactIds(context, [id, ...by])];
  return queryOf(
    context,
    sql`SELECT ${id} AS ${identifier("id", context.tables.dialect)}${and} FROM ${table(context, kind)}${concat(from, "")} WHERE ${where} GROUP BY ${concat(groupedBy, ", ")}${having}`,
  );
}
