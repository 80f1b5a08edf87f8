import type { ActionOf, Policy } from "../../core/types/index.js";
import type { Accounts, TableName } from "../tables.js";

/**
 * Where the database finds who asks, or for which account: in a setting that your application makes for each transaction; in
 * Supabase, in the token, as the user's id (`"auth.uid()"`) or as a field of `app_metadata`.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type RowIdentity } from "channel-grants/sql";
 *
 * const account: RowIdentity = { appMetadata: "account_id" };
 * const { rowSecurity } = createGrantsSql(engage, { dialect: "postgresql" });
 * const statements = rowSecurity({ user: "auth.uid()", account, per: "row", actions: { select: "publish.view" } });
 * statements.some((text) => text.includes("(SELECT auth.uid())::text")); // true
 * ```
 */
export type RowIdentity = { readonly setting: string } | { readonly appMetadata: string } | "auth.uid()";

/**
 * The action that each change of a row needs. What is left out is allowed to nobody.
 *
 * @example
 * ```ts
 * import { type Buffer, buffer } from "channel-grants";
 * import { createGrantsSql, type RowActions } from "channel-grants/sql";
 *
 * const actions: RowActions<Buffer> = { select: "drafts.edit", update: "drafts.edit", manage: "team.manage" };
 * const session = { user: { setting: "app.user" }, account: { setting: "app.account" }, role: "app" };
 * const { rowSecurity } = createGrantsSql(buffer, { dialect: "postgresql" });
 * rowSecurity({ ...session, per: "row", actions }).some((text) => text.includes("may_manage")); // true
 * ```
 */
export interface RowActions<P extends Policy = Policy> {
  /** To see a post group and its links. */
  readonly select: ActionOf<P, "group">;
  /** To give a post group a link, asked of the group with that link. If it has links already, `update` is asked of these, too. */
  readonly insert?: ActionOf<P, "group">;
  /** To change a post group, to give it a further link, and to take one from it. */
  readonly update?: ActionOf<P, "group">;
  /** To delete a post group. */
  readonly delete?: ActionOf<P, "group">;
  /** To insert a post group, which has no links yet. */
  readonly create?: ActionOf<P, "none">;
  /** To write users, connections and grants of the account. */
  readonly manage?: ActionOf<P, "none">;
}

/**
 * The question of `rowSecurity`: who asks, what is asked of whom, and how. Where the tables hold one account alone, it names none.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsSql, type RowSecurityOptions } from "channel-grants/sql";
 *
 * const options: RowSecurityOptions<Engage> = {
 *   user: { setting: "app.user_id" },
 *   account: { setting: "app.account_id" },
 *   role: "app",
 *   per: "row",
 *   actions: { select: "publish.view", update: "publish.edit" },
 * };
 * createGrantsSql(engage, { dialect: "postgresql" }).rowSecurity(options).length > 20; // true
 * ```
 */
export type RowSecurityOptions<P extends Policy = Policy, A extends Accounts = "many"> = ([A] extends ["one"]
  ? { readonly account?: never }
  : { readonly account: RowIdentity }) & {
  readonly user: RowIdentity;
  /** `"row"` asks about each row that is read: for pages and single rows. `"statement"` asks once for all rows: for whole lists. */
  readonly per: "row" | "statement";
  readonly actions: RowActions<P>;
  /** The role that your application reads and writes as. In Supabase, by default `authenticated`. */
  readonly role?: string;
  /** The schema of the functions: one that nothing else uses, and that is not exposed. By default `channel_grants`. */
  readonly schema?: string;
  /** Your own views over the tables. Each is made to ask as the user who reads it. */
  readonly views?: readonly TableName[];
};
