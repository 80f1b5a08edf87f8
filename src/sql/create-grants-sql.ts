import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { ActionOf, ConnectionAreaOf, Policy, User } from "../core/types/index.js";
import { connectionsFor, groupLevels, groupsFor, usersFor } from "./queries/queries.js";
import type { ConnectionsQuery, SqlQuery, UserQuery, UsersQuery } from "./queries/query-types.js";
import { rowSecurity } from "./row-security/row-security.js";
import type { RowSecurityOptions } from "./row-security/row-security-options.js";
import { loadMatrix, loadPage, loadUser } from "./rows/load-rows.js";
import type {
  AccountAssignment,
  AccountPage,
  GrantAssignment,
  GrantPlace,
  LoadMatrix,
  LoadPage,
  LoadUser,
  RowsQuery,
} from "./rows/row-types.js";
import { assign, assignAccount, revoke } from "./rows/write-rows.js";
import { definitionsOf } from "./table-definitions.js";
import { type Accounts, readTables, type SqlOptions } from "./tables.js";

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
export interface GrantsSql<P extends Policy = Policy, A extends Accounts = "many"> {
  /** Returns the query for the ids of the post groups on which a user may do an action: the feed. */
  groupsFor(query: UserQuery<A> & { readonly action: ActionOf<P, "group"> }): SqlQuery;
  /**
   * Returns the query for the ids of the users who may do an action on a target: the approver drop-down. Asked about the
   * `groups` of a page, it returns a row, `group` and `id`, for each of them and each such user.
   */
  usersFor(query: UsersQuery<P, A>): SqlQuery;
  /** Returns the query for the ids of the connections on which a user may do an action: the picker. */
  connectionsFor(query: ConnectionsQuery<P, A>): SqlQuery;
  /** Returns the query for a user's level in an area on every post group, as `id` and `level`: the badge. */
  groupLevels(query: UserQuery<A> & { readonly area: ConnectionAreaOf<P> }): SqlQuery;
  /**
   * Returns the query that loads a user with the grants on some connections, or on all: enough for every decision about
   * these. `read` gives the `User`, or `undefined` if the account has no such user.
   */
  loadUser(query: LoadUser<A>): RowsQuery<User<P> | undefined>;
  /**
   * Returns the query that loads all users with their grants on some connections, or on all: what a drop-down and the
   * approval flow need. `read` gives the `GrantMatrix`.
   */
  loadMatrix(query: LoadMatrix<A>): RowsQuery<GrantMatrix<P>>;
  /** Returns the query that loads some users with all their grants. `read` gives them, and what the next page comes after. */
  loadPage(query: LoadPage<A>): RowsQuery<AccountPage<P>>;
  /** Returns the statement that stores a grant in place of the one before. */
  assign(query: GrantAssignment<P, A>): SqlQuery;
  /** Returns the statement that deletes a grant. */
  revoke(query: GrantPlace<A>): SqlQuery;
  /** Returns the statement that stores what a user holds in the account as a whole, in the user's row. */
  assignAccount(query: AccountAssignment<P, A>): SqlQuery;
  /**
   * Returns the statements that make PostgreSQL or Supabase ask the policy about every row, so that the database refuses what
   * your application forgot. Run them in one transaction, as a superuser or a role with `BYPASSRLS`.
   */
  rowSecurity(options: RowSecurityOptions<P, A>): readonly string[];
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
 * is the lowest. The same is true of a user's row and the areas of the account. The queries that load users refuse such a
 * row when it is read. Levels and roles are compared byte by byte. A relation is a column of the post groups: an id, or
 * `NULL` for nobody. Where a table has a column `until`, every query is asked `at` an instant, and what it holds is not there
 * from its end on (law 12).
 *
 * @param options `{ dialect, levels?, accounts?, users?, connections?, grants?, groups?, links? }`; see `SqlOptions`.
 * @returns the queries, and the definitions of the tables; deeply frozen.
 * @throws `PolicyError` `invalid-tables` or `invalid-policy` if something cannot be a name or a value in SQL. The
 * queries throw `unknown-action`, `unknown-area`, `wrong-target` and `invalid-query`; `assign` and `assignAccount` also
 * `invalid-grant`.
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
export function createGrantsSql<P extends Policy, A extends Accounts = "many">(
  policy: P,
  options: SqlOptions<P, A>,
): GrantsSql<P, A> {
  const engine = compiledPolicyOf(policy);
  const context = { policy, engine, tables: readTables(engine, options), at: undefined };
  return Object.freeze({
    groupsFor: (query: unknown) => groupsFor(context, query),
    usersFor: (query: unknown) => usersFor(context, query),
    connectionsFor: (query: unknown) => connectionsFor(context, query),
    groupLevels: (query: unknown) => groupLevels(context, query),
    loadUser: (query: unknown) => loadUser<P>(context, query),
    loadMatrix: (query: unknown) => loadMatrix<P>(context, query),
    loadPage: (query: unknown) => loadPage<P>(context, query),
    assign: (query: unknown) => assign(context, query),
    revoke: (query: unknown) => revoke(context, query),
    assignAccount: (query: unknown) => assignAccount(context, query),
    rowSecurity: (options: unknown) => rowSecurity(context, options),
    ...definitionsOf(context),
  });
}
