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
 * Every user's grants on every connection of an account. It never changes: what changes a grant gives a new matrix,
 * which shares with the old one what is the same.
 */
export interface GrantMatrix<P extends Policy = Policy> {
  /** The user of an id; `unknown-user`. */
  user(id: string): User<P>;
  /** The ids of all users, in order. */
  users(): readonly string[];
  /** The ids of all connections: the listed ones, then the granted. */
  connections(): readonly string[];
  /** The whole grant that a user holds on a connection, every area and flag spelt out; `unknown-user`. */
  grant(userId: string, connectionId: string): Grant<P>;
  /** Who may do it, in order: the approver drop-down, or the assignee's. */
  usersFor<A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>): readonly string[];
  /** Where a user may do it, each connection by itself: the picker of the compose step. */
  connectionsFor(userId: string, action: ActionOf<P, "connection" | "group">): readonly string[];
  /** Where a user is above the lowest level in an area: the account picker. */
  visibleConnections(userId: string, area: AreaOf<P>): readonly string[];
  /** Replaces what a user holds on a connection, which is listed from then on. */
  assign(userId: string, connectionId: string, grant: GrantInput<P>): GrantMatrix<P>;
  /** Takes away what a user holds on a connection, if anything. */
  revoke(userId: string, connectionId: string): GrantMatrix<P>;
  /** Adds a user, or replaces the one of the same id with all its grants. */
  putUser(user: UserInput<P>): GrantMatrix<P>;
  /** Removes a user with its grants; `unknown-user`. */
  removeUser(id: string): GrantMatrix<P>;
  /** Lists a connection, if it is not listed yet. */
  addConnection(id: string): GrantMatrix<P>;
  /** Removes a connection, if it is listed, with every grant on it. */
  removeConnection(id: string): GrantMatrix<P>;
  /** Gives the input shape back. */
  toJSON(): MatrixJSON<P>;
}

/** A matrix as JSON: a row for each user, and all connections. */
export interface MatrixJSON<P extends Policy = Policy> {
  readonly users: readonly UserRow<P>[];
  readonly connections: readonly string[];
}

/**
 * Builds the grant matrix of an account: its users, its connections, and what each user holds on each.
 *
 * The connections are the listed and the granted ones, and every user of the matrix knows all of them. Lists from
 * the matrix agree with `can` asked one by one (law 8).
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
