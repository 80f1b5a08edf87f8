import type { ActionOf, Instant, Policy, RelationOf } from "../../core/types/index.js";
import type { SqlValue } from "../fragment.js";
import type { Accounts } from "../tables.js";

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
 * The account that a question is about, or no such key where the tables hold one account alone.
 *
 * @example
 * ```ts
 * import type { InAccount } from "channel-grants/sql";
 *
 * const acme: InAccount = { account: "acme" };
 * const alone: InAccount<"one"> = {};
 * [Object.keys(acme), Object.keys(alone)]; // [["account"], []]
 * ```
 */
export type InAccount<A extends Accounts = "many"> = [A] extends ["one"]
  ? { readonly account?: never }
  : { readonly account: SqlValue };

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
 * The question of `usersFor`: an account, an action, and the target if the action has one. A relation that is left out is
 * read from the post group's row.
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
export type UsersQuery<P extends Policy = Policy, A extends Accounts = "many"> = InAccount<A> & {
  readonly only?: Only;
  readonly at?: Instant;
} & (
    | { readonly action: ActionOf<P, "group">; readonly group: SqlValue; readonly relations?: SqlRelations<P> }
    | {
        readonly action: ActionOf<P, "group">;
        /** The post groups of a page: each row has its `group`, too. */
        readonly groups: readonly SqlValue[];
        readonly relations?: SqlRelations<P>;
      }
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
export type UserQuery<A extends Accounts = "many"> = InAccount<A> & {
  readonly user: SqlValue;
  readonly only?: Only;
  /** The instant at which is asked: needed exactly if a table has a column `until`. */
  readonly at?: Instant;
};

/**
 * The question of `connectionsFor`: an account, a user, an action, and every relation to the future post that the action
 * names.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type ConnectionsQuery, createGrantsSql } from "channel-grants/sql";
 *
 * const picker: ConnectionsQuery<Engage> = { account: "acme", user: "ana", action: "publish.select" };
 * createGrantsSql(engage, { dialect: "sqlite" }).connectionsFor(picker).values.slice(0, 2); // ["ana", "acme"]
 * ```
 */
export type ConnectionsQuery<P extends Policy = Policy, A extends Accounts = "many"> = UserQuery<A> & {
  readonly action: ActionOf<P, "group" | "connection">;
  readonly relations?: SqlRelations<P>;
};

/**
 * Who is in each relation to a post: an id from the users table, a list of ids, or `null` for nobody.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { createGrantsSql, type SqlRelations } from "channel-grants/sql";
 *
 * const desk = definePolicy({
 *   name: "desk",
 *   levels: ["none", "write"],
 *   areas: { stories: { levels: ["none", "write"] } },
 *   roles: { writer: {} },
 *   relations: ["author"],
 *   actions: { edit: { target: "group", allow: { area: "stories", level: "write", is: "author" } } },
 * });
 * const relations: SqlRelations<typeof desk> = { author: 7 };
 * const grants = createGrantsSql(desk, { dialect: "sqlite" });
 * grants.connectionsFor({ account: 1, user: 7, action: "edit", relations }).values; // [7, 1, "writer", "write", 7]
 * ```
 */
export type SqlRelations<P extends Policy = Policy> = {
  readonly [R in RelationOf<P>]?: SqlValue | readonly SqlValue[] | null;
};
