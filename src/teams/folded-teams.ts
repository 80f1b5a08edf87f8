import type { AccountGrantInput, GrantInput, MatrixInput, Policy } from "../core/types/index.js";

/**
 * An account whose teams and brands are folded: one grant for each user and connection, and where it came from.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage } from "channel-grants";
 * import { type FoldedTeams, foldTeams } from "channel-grants/teams";
 *
 * const folded: FoldedTeams<Engage> = foldTeams(engage, {
 *   users: [{ id: "ana", role: "viewer" }],
 *   connections: ["fb"],
 *   teams: [{ id: "emea", members: ["ana"], grants: { everywhere: { publish: "view-only" } } }],
 * });
 * createMatrix(engage, folded.input).grant("ana", "fb").publish; // "view-only"
 * ```
 */
export interface FoldedTeams<P extends Policy = Policy> {
  /** The account for `createMatrix`, as plain data. Each user's `grants` is made when it is read. */
  readonly input: MatrixInput<P>;
  /** The next instant at which a fold may come out otherwise, because a grant ends, in UTC. */
  readonly validUntil: string | undefined;
  /** Lists the grants that a user's grant on a connection was made of: none, one, or several that are equally specific. */
  sources(userId: string, connectionId: string): readonly GrantSource<P>[];
  /** Lists the grants that what a user holds in the account as a whole was made of. */
  accountSources(userId: string): readonly AccountSource<P>[];
  /** Gives the grants of all users one by one, as rows of a table. */
  rows(): Iterable<FoldedGrant<P>>;
  /** Gives what the users hold in the account as a whole one by one. */
  accountRows(): Iterable<FoldedAccountGrant<P>>;
}

/**
 * A grant as it was given: to a user or a team, on a connection, a brand or everywhere. Of each, exactly one is there.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { foldTeams, type GrantSource } from "channel-grants/teams";
 *
 * const folded = foldTeams(engage, {
 *   users: [{ id: "ana", role: "viewer" }],
 *   connections: ["fb"],
 *   teams: [{ id: "emea", members: ["ana"], grants: { everywhere: { publish: "view-only" } } }],
 * });
 * const [source]: readonly GrantSource<Engage>[] = folded.sources("ana", "fb");
 * source; // { team: "emea", everywhere: true, grant: { publish: "view-only" } }
 * ```
 */
export interface GrantSource<P extends Policy = Policy> {
  readonly user?: string;
  readonly team?: string;
  readonly connection?: string;
  readonly brand?: string;
  readonly everywhere?: true;
  /** What was given, without the areas at the lowest level. */
  readonly grant: GrantInput<P>;
}

/**
 * What was given to a user or a team in the account as a whole.
 *
 * @example
 * ```ts
 * import type { AccountSource } from "channel-grants/teams";
 *
 * const source: AccountSource = { team: "finance", grant: { billing: "manage" } };
 * source.user; // undefined
 * ```
 */
export interface AccountSource<P extends Policy = Policy> {
  readonly user?: string;
  readonly team?: string;
  /** What was given, without the areas at the lowest level. */
  readonly grant: AccountGrantInput<P>;
}

/**
 * One user's grant on one connection, and the grants that it was made of.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type FoldedGrant, foldTeams } from "channel-grants/teams";
 *
 * const folded = foldTeams(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { everywhere: { publish: "view-only" } } }],
 *   connections: ["fb"],
 * });
 * const rows: FoldedGrant<Engage>[] = [...folded.rows()];
 * rows.map(({ user, connection, grant }) => [user, connection, grant]); // [["ana", "fb", { publish: "view-only" }]]
 * ```
 */
export interface FoldedGrant<P extends Policy = Policy> {
  readonly user: string;
  readonly connection: string;
  readonly grant: GrantInput<P>;
  readonly sources: readonly GrantSource<P>[];
}

/**
 * What one user holds in the account as a whole, and the grants that it was made of.
 *
 * @example
 * ```ts
 * import type { FoldedAccountGrant } from "channel-grants/teams";
 *
 * const row: FoldedAccountGrant = {
 *   user: "ana",
 *   account: { billing: "manage" },
 *   sources: [{ team: "finance", grant: { billing: "manage" } }],
 * };
 * row.sources.length; // 1
 * ```
 */
export interface FoldedAccountGrant<P extends Policy = Policy> {
  readonly user: string;
  readonly account: AccountGrantInput<P>;
  readonly sources: readonly AccountSource<P>[];
}
