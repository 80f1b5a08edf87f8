import type { AccountGrantInput, GrantInput, Instant, Policy, UserRow } from "../../core/types/index.js";
import type { SqlValue } from "../fragment.js";
import type { InAccount, SqlQuery } from "../queries/query-types.js";
import type { Accounts } from "../tables.js";

/**
 * A query that loads what a question needs, and the function that reads its rows.
 *
 * Every column comes as text, so that it is the same from each driver: numbers keep their digits, and ends their zone. Its
 * names are in small letters, without underscores.
 *
 * @example
 * ```ts
 * import { can, type Engage, engage, type User } from "channel-grants";
 * import { createGrantsSql, type RowsQuery } from "channel-grants/sql";
 *
 * const grants = createGrantsSql(engage, { dialect: "postgresql" });
 * const query: RowsQuery<User<Engage> | undefined> = grants.loadUser({ account: "acme", user: "ana", connections: ["fb"] });
 * query.read([]); // undefined
 * ```
 */
export interface RowsQuery<Result> extends SqlQuery {
  /**
   * Reads the rows of this query, as the driver returned them.
   *
   * @throws `PolicyError` `invalid-user` or `invalid-grant` for a row that is no user or no grant, with the path to it;
   * `invalid-query` for rows that are not of this query.
   */
  readonly read: (rows: readonly unknown[]) => Result;
}

/**
 * The question of `loadUser`: an account, a user, and the connections that will be asked about; all of the account's if
 * they are left out.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type LoadUser } from "channel-grants/sql";
 *
 * const ana: LoadUser = { account: "acme", user: "ana", connections: ["fb", "ig"] };
 * const { loadUser } = createGrantsSql(engage, { dialect: "sqlite" });
 * loadUser(ana).values; // ["acme", "fb", "ig", "fb", "ig", "acme", "ana"]
 * ```
 */
export type LoadUser<A extends Accounts = "many"> = LoadMatrix<A> & { readonly user: SqlValue };

/**
 * The question of `loadMatrix`: an account, and the connections that will be asked about; all of the account's if they are
 * left out.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type LoadMatrix } from "channel-grants/sql";
 *
 * const post: LoadMatrix = { account: "acme", connections: ["fb"] };
 * const { loadMatrix } = createGrantsSql(engage, { dialect: "sqlite" });
 * loadMatrix(post).values; // ["acme", "fb", "fb", "acme"]
 * ```
 */
export type LoadMatrix<A extends Accounts = "many"> = InAccount<A> & {
  readonly connections?: readonly SqlValue[];
  /** The instant at which is asked: needed exactly if a table has a column `until`. */
  readonly at?: Instant;
};

/**
 * The question of `loadPage`: an account, the `next` of the page before (`null` for the first page), and how many users a
 * page has at most.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type LoadPage } from "channel-grants/sql";
 *
 * const first: LoadPage = { account: "acme", after: null, limit: 500 };
 * createGrantsSql(engage, { dialect: "sqlite" }).loadPage(first).text.includes("LIMIT 500"); // true
 * ```
 */
export type LoadPage<A extends Accounts = "many"> = InAccount<A> & {
  readonly after: SqlValue | null;
  readonly limit: number;
};

/**
 * A page of an account: some users with all their grants, the ends included. The users of all pages, and the connections
 * of the first, are an input of `createMatrix`.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage } from "channel-grants";
 * import { type AccountPage, createGrantsSql } from "channel-grants/sql";
 *
 * const query = createGrantsSql(engage, { dialect: "sqlite" }).loadPage({ account: "acme", after: null, limit: 500 });
 * const page: AccountPage<Engage> = query.read([]);
 * page; // { users: [], connections: [], next: null }
 * createMatrix(engage, { users: page.users, connections: page.connections }).users(); // []
 * ```
 */
export interface AccountPage<P extends Policy = Policy> {
  readonly users: readonly UserRow<P>[];
  /** All connections of the account on the first page, and none on the others. */
  readonly connections: readonly string[];
  /** What the next page comes `after`; `null` if this is the last page. */
  readonly next: SqlValue | null;
}

/**
 * What `revoke` takes: whose grant, and on which connection.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type GrantPlace } from "channel-grants/sql";
 *
 * const held: GrantPlace = { account: "acme", user: "ana", connection: "fb" };
 * createGrantsSql(engage, { dialect: "sqlite" }).revoke(held).values; // ["acme", "ana", "fb"]
 * ```
 */
export type GrantPlace<A extends Accounts = "many"> = InAccount<A> & {
  readonly user: SqlValue;
  readonly connection: SqlValue;
};

/**
 * What `assign` takes: a grant, whose it will be, and on which connection.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsSql, type GrantAssignment } from "channel-grants/sql";
 *
 * const given: GrantAssignment<Engage> = { account: "acme", user: "ana", connection: "fb", grant: { publish: "view-only" } };
 * createGrantsSql(engage, { dialect: "sqlite" }).assign(given).text.startsWith('INSERT INTO "grants"'); // true
 * ```
 */
export type GrantAssignment<P extends Policy = Policy, A extends Accounts = "many"> = GrantPlace<A> & {
  readonly grant: GrantInput<P>;
};

/**
 * What `assignAccount` takes: what a user will hold in the account as a whole.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { type AccountAssignment, createGrantsSql } from "channel-grants/sql";
 *
 * const shop = definePolicy({
 *   name: "shop",
 *   levels: ["none", "pay"],
 *   areas: { billing: { levels: ["none", "pay"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { pay: { target: "none", allow: { area: "billing", level: "pay" } } },
 * });
 * const given: AccountAssignment<typeof shop> = { account: 7, user: 1, grant: { billing: "pay" } };
 * createGrantsSql(shop, { dialect: "sqlite" }).assignAccount(given).values; // ["pay", 7, 1]
 * ```
 */
export type AccountAssignment<P extends Policy = Policy, A extends Accounts = "many"> = InAccount<A> & {
  readonly user: SqlValue;
  readonly grant: AccountGrantInput<P>;
};
