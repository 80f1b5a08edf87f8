import { areaOf, type Engine, engineOf, ruleOf } from "./compile.js";
import { isAllowed } from "./decide.js";
import { below, refusal, show } from "./errors.js";
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
import { readList, readRecord, readStrings } from "./record.js";
import { readId, readIds } from "./target.js";
import { admit, encodeFor, holdingsOf, type Row, readUser, rowOf, standingOn } from "./user.js";

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
  /** Gives the user of an id; the same object as long as nothing of the user changes. */
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
  const refuse = refusal("invalid-matrix");
  const fields = readRecord(input, refuse, ["users", "connections"]);
  const listed = fields.has("connections") ? fields.get("connections") : [];
  const account = new Set(readStrings(listed, below(refuse, "connections")));
  const rows = new Map<string, Row>();
  for (const [index, user] of readList(fields.get("users"), below(refuse, "users")).entries()) {
    const row = readUser(engine, user, "users", index);
    if (rows.has(row.id))
      refusal("duplicate-user", "users", index, "id")(`a second user ${show(row.id)}; expected one`);
    rows.set(row.id, row);
    for (const connection of row.held.keys()) account.add(connection);
  }
  const users = new Map([...rows].map(([id, row]): [string, User<P>] => [id, admit(row, account)]));
  return matrixOf(engine, account, users);
}

function matrixOf<P extends Policy>(
  engine: Engine,
  account: ReadonlySet<string>,
  users: ReadonlyMap<string, User<P>>,
): GrantMatrix<P> {
  const userOf = (id: string): User<P> =>
    users.get(id) ?? refusal("unknown-user")(`${show(id)} is not a user of this matrix; expected one of its users()`);

  /** The matrix with these connections and this row; whoever is touched by neither stays the same user. */
  const changed = (connections: ReadonlySet<string>, row?: Row): GrantMatrix<P> => {
    const next = new Map(users);
    if (connections !== account) for (const [id, user] of users) next.set(id, admit(holdingsOf(user), connections));
    if (row) next.set(row.id, admit(row, connections));
    return matrixOf(engine, connections, next);
  };
  const listing = (ids: Iterable<string>): ReadonlySet<string> => {
    const added = [...ids].filter((id) => !account.has(id));
    return added.length > 0 ? new Set([...account, ...added]) : account;
  };

  const matrix: GrantMatrix<P> = {
    user: userOf,
    users: () => Object.freeze([...users.keys()]),
    connections: () => Object.freeze([...account]),
    grant(userId, connectionId) {
      const bits = standingOn(holdingsOf(userOf(userId)), readId(connectionId));
      return Object.freeze(decodeGrant(engine.areas, bits)) as Grant<P>;
    },
    usersFor(action, ...[target]) {
      const { target: kind } = ruleOf(engine, action);
      const ids = readIds(target, kind, action);
      const may = (user: User<P>) => {
        const holdings = holdingsOf(user);
        return isAllowed(holdings, ruleOf(holdings.role, action), ids);
      };
      return Object.freeze([...users.values()].filter(may).map(({ id }) => id));
    },
    connectionsFor(userId, action) {
      const holdings = holdingsOf(userOf(userId));
      const rule = ruleOf(holdings.role, action);
      if (rule.target === "none") {
        refusal("wrong-target")(`${action} has no target; expected an action on a connection or a post group`);
      }
      return Object.freeze([...account].filter((connection) => isAllowed(holdings, rule, [connection])));
    },
    visibleConnections(userId, areaName) {
      const holdings = holdingsOf(userOf(userId));
      const area = areaOf(engine, areaName);
      return Object.freeze([...account].filter((connection) => levelOf(standingOn(holdings, connection), area) > 0));
    },
    assign(userId, connectionId, grant) {
      const row = holdingsOf(userOf(userId));
      const connections = listing([readId(connectionId)]);
      const bits = encodeFor(engine, row.role, grant, refusal("invalid-grant"));
      return changed(connections, { ...row, held: new Map(row.held).set(connectionId, bits) });
    },
    revoke(userId, connectionId) {
      const holdings = holdingsOf(userOf(userId));
      if (!holdings.held.has(readId(connectionId))) return matrix;
      return changed(account, { ...holdings, held: without(holdings.held, connectionId) });
    },
    putUser(user) {
      const row = readUser(engine, user);
      return changed(listing(row.held.keys()), row);
    },
    removeUser(id) {
      return matrixOf(engine, account, without(users, userOf(id).id));
    },
    addConnection(id) {
      const connections = listing([readId(id)]);
      return connections === account ? matrix : changed(connections);
    },
    removeConnection(id) {
      if (!account.has(readId(id))) return matrix;
      const connections = new Set([...account].filter((connection) => connection !== id));
      const stripped = [...users].map(([userId, user]): [string, User<P>] => {
        const holdings = holdingsOf(user);
        return [userId, admit({ ...holdings, held: without(holdings.held, id) }, connections)];
      });
      return matrixOf(engine, connections, new Map(stripped));
    },
    toJSON() {
      const rows = [...users.values()].map((user) => rowOf(holdingsOf(user), []));
      return freeze({ users: rows, connections: [...account] }) as MatrixJSON<P>;
    },
  };
  return Object.freeze(matrix);
}

/** A map without a key; the same map where it has none. */
function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  return map.has(key) ? new Map([...map].filter(([other]) => other !== key)) : map;
}
