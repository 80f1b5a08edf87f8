import { areaOf, type Engine, engineOf, ruleFor, ruleOf } from "./compile.js";
import { isAllowed } from "./decide.js";
import { show } from "./errors.js";
import { freeze } from "./frozen.js";
import { decodeGrant } from "./grant.js";
import type {
  ActionOf,
  AreaOf,
  Grant,
  GrantInput,
  MatrixInput,
  Policy,
  TargetOf,
  User,
  UserInput,
  UserRow,
} from "./language.js";
import { levelOf } from "./mask.js";
import { at, type Place, refuse, report } from "./place.js";
import { readField, readList, readRecord, readStrings } from "./record.js";
import { first, readId, readIds } from "./target.js";
import { admit, encodeFor, type Holdings, type Row, readRow, rowOf, standingOn, withHeld } from "./user.js";

/**
 * Holds every user's grants on every connection of an account, and never changes: what changes a grant gives a new
 * matrix, which shares with the old one what is the same.
 *
 * Every method checks its arguments first: an id that is no user's throws `unknown-user`, an action or area that the
 * policy lacks `unknown-action` or `unknown-area`, and anything but a string for a connection `wrong-target`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 *
 * const before = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const after = before.assign("ana", "fb", { publish: "full-access" });
 * after.visibleConnections("ana", "publish"); // ["fb"]
 * before.visibleConnections("ana", "publish"); // []
 * ```
 */
export interface GrantMatrix<P extends Policy = Policy> {
  /** Gives the user of an id: the same object until the user is assigned, revoked or put anew, or a connection comes or goes. */
  user(id: string): User<P>;
  /** Lists the ids of all users, in order. */
  users(): readonly string[];
  /** Lists the ids of all connections, in order; one stays until it is removed, also without grants. */
  connections(): readonly string[];
  /** Spells out what a user holds on a connection: every area and flag, lowest where absent, the held one where a role holds. */
  grant(userId: string, connectionId: string): Grant<P>;
  /** Lists who may do it, in order: the approver drop-down, or the assignee's. Throws `wrong-target`, as `can` does. */
  usersFor<A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>): readonly string[];
  /**
   * Lists where a user may do it, a "group" action asked of each connection as a group of one: the picker of the compose
   * step. Throws `wrong-target` for an action on the account as a whole.
   */
  connectionsFor(userId: string, action: ActionOf<P, "connection" | "group">): readonly string[];
  /** Lists where a user is above the lowest level in an area: the account picker. */
  visibleConnections(userId: string, area: AreaOf<P>): readonly string[];
  /** Replaces, and never merges, what a user holds on a connection, which is listed from then on. Throws `invalid-grant`. */
  assign(userId: string, connectionId: string, grant: GrantInput<P>): GrantMatrix<P>;
  /** Takes away what a user holds on a connection; the same matrix where that is nothing. */
  revoke(userId: string, connectionId: string): GrantMatrix<P>;
  /** Adds a user, or replaces the one of the same id with all its grants. Throws `invalid-user` or `invalid-grant`. */
  putUser(user: UserInput<P>): GrantMatrix<P>;
  /** Removes a user with its grants. */
  removeUser(id: string): GrantMatrix<P>;
  /** Lists a connection; the same matrix where it is listed. */
  addConnection(id: string): GrantMatrix<P>;
  /** Removes a connection with every grant on it; the same matrix where it is not listed. */
  removeConnection(id: string): GrantMatrix<P>;
  /** Gives the input shape back: a row for each user, and all connections. */
  toJSON(): MatrixJSON<P>;
}

/** What a matrix is in JSON: an input for `createMatrix` again. */
export interface MatrixJSON<P extends Policy = Policy> {
  readonly users: readonly UserRow<P>[];
  readonly connections: readonly string[];
}

/**
 * Builds the grant matrix of an account: its users, its connections, and what each user holds on each.
 *
 * The connections are the listed ones, then those that a user lists or is granted something on, and every user of the
 * matrix knows all of them. Its lists agree with `can` asked one by one (law 8), and its JSON gives it back (law 9).
 *
 * @param input `{ users, connections? }`, the users as `createUser` takes them.
 * @throws `PolicyError` `duplicate-user`, `invalid-user`, `invalid-grant` or `invalid-matrix`, with the path to the fault.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 *
 * const matrix = createMatrix(engage, {
 *   users: [
 *     { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
 *     { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
 *   ],
 *   connections: ["fb", "ig"],
 * });
 * matrix.usersFor("publish.approve", { connections: ["fb"] }); // ["ben"]
 * matrix.connectionsFor("ana", "publish.select"); // ["fb"]
 * matrix.assign("ana", "ig", { publish: "full-access" }).connectionsFor("ana", "publish.select"); // ["fb", "ig"]
 * ```
 */
export function createMatrix<P extends Policy>(policy: P, input: MatrixInput<P>): GrantMatrix<P> {
  const engine = engineOf(policy);
  const { users, connections } = readMatrix(input, at("invalid-matrix"), (user, place) => readRow(engine, user, place));
  const listed = new Set(connections);
  for (const { held } of users) for (const connection of held.keys()) listed.add(connection);
  return matrixOf(engine, accountOf(listed), new Map(users.map((row) => [row.id, row])));
}

/** Reads an account, and each of its users by the given reader. */
export function readMatrix<Reading extends { readonly id: string | undefined }>(
  input: unknown,
  place: Place,
  readUser: (user: unknown, place: Place) => Reading,
): { readonly users: readonly Reading[]; readonly connections: readonly string[] | undefined } {
  const fields = readRecord(input, place, ["users", "connections"]);
  const ids = new Set<string>();
  const users = readField(fields, place, "users", (list, usersPlace) =>
    readList(list, usersPlace, (each, userPlace) => {
      const user = readUser(each, { ...userPlace, code: "invalid-user" });
      const { id } = user;
      if (id === undefined) return user;
      if (ids.has(id))
        report({ ...userPlace, code: "duplicate-user" }, `a second user ${show(id)}; expected one`, "id");
      ids.add(id);
      return user;
    }),
  );
  const connections = fields.has("connections") ? readField(fields, place, "connections", readStrings) : undefined;
  return { users: users ?? [], connections };
}

/** The connections that all users of a matrix know, and the users that were asked for since. */
interface Account {
  readonly connections: ReadonlySet<string>;
  // By row: who did not change is the same user in the next matrix, as long as the connections are the same.
  readonly users: WeakMap<Row, User>;
}

function accountOf(connections: ReadonlySet<string>): Account {
  return { connections, users: new WeakMap() };
}

/** What a matrix is made of. */
interface Insides {
  readonly engine: Engine;
  readonly rows: ReadonlyMap<string, Row>;
}

// Keyed by the matrix, so that a look-alike is told at once.
const insides = new WeakMap<object, Insides>();

/** Gives what a matrix is made of. */
export function insidesOf(matrix: object): Insides {
  return (
    insides.get(matrix) ??
    refuse(at("invalid-matrix"), `${show(matrix)} is not a matrix; expected what createMatrix returns`)
  );
}

function matrixOf<P extends Policy>(engine: Engine, account: Account, rows: ReadonlyMap<string, Row>): GrantMatrix<P> {
  const { connections } = account;
  const rowBy = (id: string): Row =>
    rows.get(id) ?? refuse(at("unknown-user"), `${show(id)} is not a user of this matrix; expected one of its users()`);
  const inAccount = (row: Row): Holdings => ({ ...row, account: connections });
  const listing = (ids: Iterable<string>): Account => {
    const added = [...ids].filter((id) => !connections.has(id));
    return added.length > 0 ? accountOf(new Set([...connections, ...added])) : account;
  };
  const withRow = (listed: Account, row: Row): GrantMatrix<P> =>
    matrixOf(engine, listed, new Map(rows).set(row.id, row));

  const matrix: GrantMatrix<P> = {
    user(id) {
      const row = rowBy(id);
      const user = account.users.get(row) ?? admit(row, connections);
      account.users.set(row, user);
      return user as User<P>;
    },
    users: () => Object.freeze([...rows.keys()]),
    connections: () => Object.freeze([...connections]),
    grant(userId, connectionId) {
      const bits = standingOn(inAccount(rowBy(userId)), readId(connectionId));
      return Object.freeze(decodeGrant(engine.areas, bits)) as Grant<P>;
    },
    usersFor(action, ...target) {
      const ids = readIds(first(target), ruleOf(engine, action).target, action);
      const allowed = [...rows.values()].filter((row) => isAllowed(inAccount(row), ruleFor(row, action), ids));
      return Object.freeze(allowed.map(({ id }) => id));
    },
    connectionsFor(userId, action) {
      const holdings = inAccount(rowBy(userId));
      const rule = ruleFor(holdings, action);
      if (rule.target === "none") {
        refuse(at("wrong-target"), `${action} has no target; expected an action on a connection or a post group`);
      }
      return Object.freeze([...connections].filter((connection) => isAllowed(holdings, rule, [connection])));
    },
    visibleConnections(userId, areaName) {
      const holdings = inAccount(rowBy(userId));
      const area = areaOf(engine, areaName);
      const isVisible = (connection: string) => levelOf(standingOn(holdings, connection), area) > 0;
      return Object.freeze([...connections].filter(isVisible));
    },
    assign(userId, connectionId, grant) {
      const row = rowBy(userId);
      const listed = listing([readId(connectionId)]);
      const bits = encodeFor(engine, row.role, grant, at("invalid-grant"));
      return withRow(listed, withHeld(row, new Map(row.held).set(connectionId, bits)));
    },
    revoke(userId, connectionId) {
      const row = rowBy(userId);
      const { base } = row.role;
      const granted = (row.held.get(readId(connectionId)) ?? base) !== base;
      return granted ? withRow(account, withoutConnection(row, connectionId)) : matrix;
    },
    putUser(user) {
      const row = readRow(engine, user, at("invalid-user"));
      return withRow(listing(row.held.keys()), row);
    },
    removeUser(id) {
      const { id: removed } = rowBy(id);
      return matrixOf(engine, account, new Map([...rows].filter(([other]) => other !== removed)));
    },
    addConnection(id) {
      const listed = listing([readId(id)]);
      return listed === account ? matrix : matrixOf(engine, listed, rows);
    },
    removeConnection(id) {
      if (!connections.has(readId(id))) return matrix;
      const left = accountOf(new Set([...connections].filter((connection) => connection !== id)));
      const stripped = [...rows].map(([userId, row]): [string, Row] => [userId, withoutConnection(row, id)]);
      return matrixOf(engine, left, new Map(stripped));
    },
    toJSON() {
      const users = [...rows.values()].map((row) => rowOf(row, []));
      return freeze({ users, connections: [...connections] }) as MatrixJSON<P>;
    },
  };
  insides.set(matrix, { engine, rows });
  return Object.freeze(matrix);
}

/** Takes a connection out of a row; the same row where it is not in it. */
function withoutConnection(row: Row, connection: string): Row {
  if (!row.held.has(connection)) return row;
  return withHeld(row, new Map([...row.held].filter(([other]) => other !== connection)));
}
