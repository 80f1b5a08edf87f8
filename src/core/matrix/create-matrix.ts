import { addFault, at, type Place, refuse, refuseLookAlike } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { showId, showValue } from "../base/message.js";
import { elementAt, readField, readList, readRecord, readStrings } from "../base/readers.js";
import { registryOf } from "../base/registry.js";
import { readId, readIds } from "../decisions/target.js";
import { actionOf, areaOf, type Engine, engineOf, ruleFor } from "../engine/compiled-policy.js";
import { decodeGrant } from "../engine/grant-bits.js";
import { levelOf, meets } from "../engine/standing.js";
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
} from "../types/policy.js";
import { admit, encodeFor, holdingsOf, readWhole, rowOf, standingOfAll, standingOn } from "../users/create-user.js";
import {
  type Account,
  heldIn,
  pack,
  type Row,
  repack,
  standingsOf,
  unpack,
  whoMeets,
  withListed,
  withoutConnection,
  withoutListed,
} from "./packed-users.js";

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
  const names = new Map<string, number>();
  const numberOf = (connection: string) => {
    const known = names.get(connection);
    if (known !== undefined) return known;
    names.set(connection, names.size);
    return names.size - 1;
  };
  const { users, connections } = readMatrix(input, at("invalid-matrix"), (user, place) => {
    const { id, role, grants, connections } = readWhole(engine, user, place);
    const row = pack(id, role, grants, numberOf);
    connections.forEach(numberOf);
    return row;
  });
  connections?.forEach(numberOf);
  const listed = new Set([...(connections ?? []), ...names.keys()]);
  const numbers = new Map([...listed].map((connection) => [connection, numberOf(connection)]));
  return matrixOf(engine, { numbers, names: [...names.keys()] }, new Map(users.map((row) => [row.id, row])));
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
        addFault({ ...userPlace, code: "duplicate-user" }, `a second user ${showValue(id)}; expected one`, "id");
      ids.add(id);
      return user;
    }),
  );
  const connections = fields.has("connections") ? readField(fields, place, "connections", readStrings) : undefined;
  return { users: users ?? [], connections };
}

/** What a matrix is made of. */
export interface Insides {
  readonly engine: Engine;
  readonly account: Account;
  readonly rows: ReadonlyMap<string, Row>;
}

// Keyed by the matrix, so that a look-alike is told at once.
const insides = /* @__PURE__ */ registryOf<Insides>("matrix");

/** Gives what a matrix is made of. */
export function insidesOf(matrix: object): Insides {
  return insides.get(matrix) ?? refuseLookAlike("matrix", matrix, "createMatrix");
}

// By account and row: who did not change is the same user in the next matrix, as long as the connections are the same.
const admitted = new WeakMap<Account, WeakMap<Row, User>>();

function matrixOf<P extends Policy>(engine: Engine, account: Account, rows: ReadonlyMap<string, Row>): GrantMatrix<P> {
  const { numbers } = account;
  const users = admitted.get(account) ?? new WeakMap<Row, User>();
  admitted.set(account, users);
  const rowBy = (id: string): Row =>
    rows.get(id) ??
    refuse(at("unknown-user"), `${showValue(id)} is not a user of this matrix; expected one of its users()`);
  const userBy = (id: string): User => {
    const row = rowBy(id);
    const user = users.get(row) ?? admit({ engine, id, role: row.role, held: heldIn(account, row), account: numbers });
    users.set(row, user);
    return user;
  };
  const withRow = (listed: Account, row: Row): GrantMatrix<P> =>
    matrixOf(engine, listed, new Map(rows).set(row.id, row));
  const list = [...rows.values()];
  const standingsOver = standingsOf(engine, account, list);
  let who: ReturnType<typeof whoMeets> | undefined;

  const matrix: GrantMatrix<P> = {
    user: (id) => userBy(id) as User<P>,
    users: () => Object.freeze([...rows.keys()]),
    connections: () => Object.freeze([...numbers.keys()]),
    grant(userId, connectionId) {
      const bits = standingOn(holdingsOf(userBy(userId)), readId(connectionId));
      return Object.freeze(decodeGrant(engine.keys, bits)) as Grant<P>;
    },
    usersFor(action, ...target) {
      const { target: kind } = actionOf(engine, action);
      const ids = readIds(elementAt(target, 0), kind, action);
      const standings =
        kind === "none"
          ? Int32Array.from(list, ({ role, union }) => standingOfAll({ role, union, account: numbers }))
          : standingsOver(new Set(ids));
      who ??= whoMeets(list);
      return who(standings, (role) => ruleFor({ engine, role }, action));
    },
    connectionsFor(userId, action) {
      const holdings = holdingsOf(userBy(userId));
      const rule = ruleFor(holdings, action);
      if (rule.target === "none") {
        refuse(
          at("wrong-target"),
          `${showId(action)} has no target; expected an action on a connection or a post group`,
        );
      }
      const isAllowed = (connection: string) => meets(standingOn(holdings, connection), rule);
      return Object.freeze([...numbers.keys()].filter(isAllowed));
    },
    visibleConnections(userId, areaName) {
      const holdings = holdingsOf(userBy(userId));
      const area = areaOf(engine, areaName);
      const isVisible = (connection: string) => levelOf(standingOn(holdings, connection), area) > 0;
      return Object.freeze([...numbers.keys()].filter(isVisible));
    },
    assign(userId, connectionId, grant) {
      const row = rowBy(userId);
      const listed = withListed(account, [readId(connectionId)]);
      const bits = encodeFor(engine, row.role, grant, at("invalid-grant"));
      const number = listed.numbers.get(connectionId) as number;
      return withRow(listed, repack(row, unpack(row).set(number, bits)));
    },
    revoke(userId, connectionId) {
      const row = rowBy(userId);
      const number = numbers.get(readId(connectionId));
      const without = number === undefined ? row : withoutConnection(row, number);
      return without === row ? matrix : withRow(account, without);
    },
    putUser(user) {
      const { id, role, grants, connections } = readWhole(engine, user, at("invalid-user"));
      const listed = withListed(account, [...grants.keys(), ...connections]);
      return withRow(
        listed,
        pack(id, role, grants, (connection) => listed.numbers.get(connection) as number),
      );
    },
    removeUser(id) {
      const { id: removed } = rowBy(id);
      return matrixOf(engine, account, new Map([...rows].filter(([other]) => other !== removed)));
    },
    addConnection(id) {
      const listed = withListed(account, [readId(id)]);
      return listed === account ? matrix : matrixOf(engine, listed, rows);
    },
    removeConnection(id) {
      if (!numbers.has(readId(id))) return matrix;
      const left = withoutListed(account, list, id);
      return matrixOf(engine, left.account, new Map(left.rows.map((row) => [row.id, row])));
    },
    toJSON() {
      const users = [...rows.values()].map((row) => rowOf({ engine, ...row, held: heldIn(account, row) }, []));
      return freeze({ users, connections: [...numbers.keys()] }) as MatrixJSON<P>;
    },
  };
  insides.set(matrix, { engine, account, rows });
  return Object.freeze(matrix);
}
