import type {
  AccountGrant,
  AccountGrantInput,
  ActionOf,
  ConnectionAreaOf,
  Grant,
  GrantInput,
  GroupOf,
  Instant,
  Policy,
  PreparedGroup,
  RelationsOf,
  TargetOf,
  Until,
  User,
  UserInput,
  UserRow,
} from "../types/index.js";

/**
 * Holds every user's grants on every connection of an account, and never changes: what changes a grant gives a new
 * matrix, which shares with the old one what is the same.
 *
 * Every method checks its arguments first: an id that is no user's throws `unknown-user`, an action or area that the
 * policy lacks `unknown-action` or `unknown-area`, and anything but a string for a connection `wrong-target`.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage, type GrantMatrix } from "channel-grants";
 *
 * const users = [{ id: "ana", role: "viewer" }] as const;
 * const before: GrantMatrix<Engage> = createMatrix(engage, { users, connections: ["fb"] });
 * const after = before.assign("ana", "fb", { publish: "full-access" });
 * after.visibleConnections("ana", "publish"); // ["fb"]
 * before.visibleConnections("ana", "publish"); // []
 * ```
 */
export interface GrantMatrix<P extends Policy = Policy> {
  /**
   * Gives the user of an id: the same object until the user is assigned, revoked or put anew, a grant of the user's ends,
   * or a connection comes or goes.
   */
  user(id: string): User<P>;
  /** Lists the ids of all users, in order. */
  users(): readonly string[];
  /**
   * Lists the ids of all connections, in order; one stays until it is removed, also without grants. Those that are known
   * only because of grants that end come last, by id, and stay as long as one of these.
   */
  connections(): readonly string[];
  /**
   * Spells out what a user holds on a connection: every area and flag, lowest where absent, the held one where a role
   * holds, and until when, if the grant ends.
   */
  grant(userId: string, connectionId: string): Grant<P> & Until;
  /** Lists who may do it, in order: the approver drop-down, or the assignee's. Throws `wrong-target`, as `can` does. */
  usersFor<A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>): readonly string[];
  /**
   * Lists where a user may do it, a "group" action asked of each connection as a group of one: the picker of the compose
   * step. What users are to the post is given last, where the action's rule asks it. Throws `wrong-target` for an action on
   * the account as a whole.
   */
  connectionsFor(
    userId: string,
    action: ActionOf<P, "connection" | "group">,
    ...relations: [relations?: RelationsOf<P>]
  ): readonly string[];
  /**
   * Looks the connections of a post up once, for questions about many users and actions. The group carries the post's
   * relations. This matrix takes it, every matrix that was made of this one by changes, and their users. It is never out of
   * date: a connection that comes or goes later counts. Another account refuses it with `wrong-target`.
   */
  group(post: GroupOf<P>): PreparedGroup<P>;
  /** Lists where a user is above the lowest level in an area: the account picker. */
  visibleConnections(userId: string, area: ConnectionAreaOf<P>): readonly string[];
  /** Replaces, and never merges, what a user holds on a connection, which is listed from then on. Throws `invalid-grant`. */
  assign(userId: string, connectionId: string, grant: GrantInput<P>): GrantMatrix<P>;
  /** Spells out what a user holds in the account as a whole: every such area and flag, and until when, if it ends. */
  accountGrant(userId: string): AccountGrant<P> & Until;
  /** Replaces, and never merges, what a user holds in the account as a whole. Throws `invalid-grant`. */
  assignAccount(userId: string, grant: AccountGrantInput<P>): GrantMatrix<P>;
  /** Takes away what a user holds on a connection, or held until an instant; the same matrix where that is nothing. */
  revoke(userId: string, connectionId: string): GrantMatrix<P>;
  /** Adds a user, or replaces the one of the same id with all its grants. Throws `invalid-user` or `invalid-grant`. */
  putUser(user: UserInput<P>): GrantMatrix<P>;
  /** Removes a user with its grants. */
  removeUser(id: string): GrantMatrix<P>;
  /** Lists a connection; the same matrix where it is listed. */
  addConnection(id: string): GrantMatrix<P>;
  /** Removes a connection with every grant on it; the same matrix where it is not listed. */
  removeConnection(id: string): GrantMatrix<P>;
  /**
   * Gives the same account at another instant (law 12): without the grants that have ended by then, and with those that
   * have not; the same matrix where it is its own instant. Throws `invalid-matrix` for anything but an instant.
   */
  at(instant: Instant): GrantMatrix<P>;
  /**
   * Gives the input shape back: a row for each user, with all that ends or has ended, and the connections that are known
   * whatever ends.
   */
  toJSON(): MatrixJSON<P>;
}

/**
 * What a matrix is in JSON: an input for `createMatrix` again.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage, type MatrixJSON } from "channel-grants";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const json: MatrixJSON<Engage> = account.toJSON();
 * createMatrix(engage, json).users(); // ["ana"]
 * ```
 */
export interface MatrixJSON<P extends Policy = Policy> {
  readonly users: readonly UserRow<P>[];
  readonly connections: readonly string[];
}
