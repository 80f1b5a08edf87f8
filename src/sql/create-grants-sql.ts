import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { ActionOf, ConnectionAreaOf, Policy } from "../core/types/index.js";
import type { SqlContext } from "./columns.js";
import { connectionsFor, groupLevels, groupsFor, usersFor } from "./queries/queries.js";
import type { ConnectionsQuery, SqlQuery, UserQuery, UsersQuery } from "./queries/query-types.js";
import { definitionsOf } from "./table-definitions.js";
import { readTables, type SqlOptions } from "./tables.js";

/**
 * Queries that answer a policy's questions over your application's tables, and the definitions of such tables.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsSql, type GrantsSql } from "channel-grants/sql";
 *
 * const grants: GrantsSql<Engage> = createGrantsSql(engage, { dialect: "sqlite" });
 * grants.connectionsFor({ account: "acme", user: "ana", action: "publish.select" }).values.slice(0, 1); // ["ana"]
 * ```
 */
export interface GrantsSql<P extends Policy = Policy> {
  /** Returns the query for the ids of the post groups on which a user may do an action: the feed. */
  groupsFor(query: UserQuery & { readonly action: ActionOf<P, "group"> }): SqlQuery;
  /** Returns the query for the ids of the users who may do an action on a target: the approver drop-down. */
  usersFor(query: UsersQuery<P>): SqlQuery;
  /** Returns the query for the ids of the connections on which a user may do an action: the picker. */
  connectionsFor(query: ConnectionsQuery<P>): SqlQuery;
  /** Returns the query for a user's level in an area on every post group, as `id` and `level`: the badge. */
  groupLevels(query: UserQuery & { readonly area: ConnectionAreaOf<P> }): SqlQuery;
  /**
   * A `CREATE TABLE` for each table, with ids as text. In SQLite, no foreign key crosses from one schema to another.
   */
  readonly tables: Readonly<Record<"users" | "connections" | "grants" | "groups" | "links", string>>;
  /**
   * Conditions for `CHECK`s on your own table of grants: they refuse each row that is no grant, `Full-Access` included.
   */
  readonly checks: readonly string[];
  /** The same for your own table of users, if the policy has areas of the account. */
  readonly accountChecks: readonly string[];
  /** A `CREATE INDEX` for each index that the queries use beside the primary keys. */
  readonly indexes: readonly string[];
}

/**
 * Writes the decisions of a policy as SQL over your application's tables: a query returns exactly the rows for which
 * `can` says yes.
 *
 * Each rule is two masks, and each mask becomes one aggregate over the rows of a group, in standard SQL. Every value is
 * bound, and every query reads the rows of one account. A user without a row, or with a role that the policy does not
 * have, may do nothing. A connection without a row in the account is a stranger, whatever is granted on it. A row that
 * is no grant in an area (a misspelt level, a flag that may not stand beside its level, `NULL`) is in none of the
 * area's states. If a group has such a row, every action that asks for the area is denied on it, and the group's level
 * is the lowest. The same is true of a user's row and the areas of the account. Levels and roles are compared byte by
 * byte. A relation is a column of the post groups: an id, or `NULL` for nobody. Where the table of grants has a column
 * `until`, every query is asked `at` an instant, and a grant is not there from its end on (law 12).
 *
 * @param options `{ dialect, levels?, users?, connections?, grants?, groups?, links? }`; see `SqlOptions`.
 * @returns the queries, and the definitions of the tables; deeply frozen.
 * @throws `PolicyError` `invalid-tables` or `invalid-policy` if something cannot be a name or a value in SQL. The
 * queries throw `unknown-action`, `unknown-area`, `wrong-target` and `invalid-query`.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql } from "channel-grants/sql";
 *
 * const grants = createGrantsSql(engage, { dialect: "postgresql", groups: { table: "posts" } });
 * const { text, values } = grants.groupsFor({ account: "acme", user: "ana", action: "publish.edit" });
 * text.startsWith('SELECT cg_link."post_group_id" AS "id" FROM'); // true
 * values; // ["ana", "acme", "admin", "viewer", "needs-approval", "full-access"]
 * ```
 */
export function createGrantsSql<P extends Policy>(policy: P, options: SqlOptions<P>): GrantsSql<P> {
  const engine = compiledPolicyOf(policy);
  const context: SqlContext = { policy, engine, tables: readTables(engine, options), at: undefined };
  return Object.freeze({
    groupsFor: (query: unknown) => groupsFor(context, query),
    usersFor: (query: unknown) => usersFor(context, query),
    connectionsFor: (query: unknown) => connectionsFor(context, query),
    groupLevels: (query: unknown) => groupLevels(context, query),
    ...definitionsOf(context),
  });
}
