import { at, refuse, refuseLookAlike } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { showId, showValue } from "../base/message.js";
import { elementAt, readLastArgument } from "../base/readers.js";
import { registryOf } from "../base/registry.js";
import { readRelations, ruleOfUser } from "../decisions/relations.js";
import { readId, readIds } from "../decisions/target.js";
import { type Bits, wordOf } from "../engine/bits.js";
import { actionOf, areaOf, type CompiledPolicy, compiledPolicyOf, ruleFor } from "../engine/compiled-policy.js";
import { decodeGrant } from "../engine/grant-bits.js";
import type { Role, Rule } from "../engine/rule.js";
import { levelOf, meets } from "../engine/standing.js";
import type { AccountGrant, Grant, MatrixInput, Policy, User } from "../types/index.js";
import { encodeAccountOf, encodeGrantOf, readUserStrictly } from "../users/create-user.js";
import { holdingsOf, standingOfAll, standingOn, userFrom, userRow } from "../users/holdings.js";
import type { GrantMatrix, MatrixJSON } from "./grant-matrix.js";
import {
  type ConnectionIndex,
  heldIn,
  type PackedUser,
  packHoldings,
  repack,
  standingsOf,
  unpackHoldings,
  whoMeets,
  withListed,
  withoutConnection,
  withoutListed,
} from "./packed-users.js";
import { readMatrix } from "./read-matrix.js";

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
  const engine = compiledPolicyOf(policy);
  const names = new Map<string, number>();
  const numberOf = (connection: string) => {
    const known = names.get(connection);
    if (known !== undefined) return known;
    names.set(connection, names.size);
    return names.size - 1;
  };
  const { users, connections } = readMatrix(input, at("invalid-matrix"), (user, place) => {
    const { id, role, grants, connections, account } = readUserStrictly(engine, user, place);
    const row = packHoldings({ id, role, account }, grants, numberOf);
    connections.forEach(numberOf);
    return row;
  });
  connections?.forEach(numberOf);
  const listed = new Set([...(connections ?? []), ...names.keys()]);
  const numbers = new Map([...listed].map((connection) => [connection, numberOf(connection)]));
  return matrixOf(engine, { numbers, names: [...names.keys()] }, new Map(users.map((row) => [row.id, row])));
}

/** What a matrix is made of. */
export interface MatrixInternals {
  readonly engine: CompiledPolicy;
  readonly account: ConnectionIndex;
  readonly rows: ReadonlyMap<string, PackedUser>;
}

// Keyed by the matrix, so that a look-alike is told at once.
const insides = /* @__PURE__ */ registryOf<MatrixInternals>("matrix");

/** Gives what a matrix is made of. */
export function internalsOf(matrix: object): MatrixInternals {
  return insides.get(matrix) ?? refuseLookAlike("matrix", matrix, "createMatrix");
}

// By account and row: who did not change is the same user in the next matrix, as long as the connections are the same.
const admitted = new WeakMap<ConnectionIndex, WeakMap<PackedUser, User>>();

/** Gives of a connection's bits what a rule reads: of one word, a number. */
function inWords(bits: Bits, { words }: Rule): Bits {
  return words.length === 1 ? wordOf(bits, words[0] as number) : bits;
}

function matrixOf<P extends Policy>(
  engine: CompiledPolicy,
  account: ConnectionIndex,
  rows: ReadonlyMap<string, PackedUser>,
): GrantMatrix<P> {
  const { numbers } = account;
  const users = admitted.get(account) ?? new WeakMap<PackedUser, User>();
  admitted.set(account, users);
  const rowBy = (id: string): PackedUser =>
    rows.get(id) ??
    refuse(at("unknown-user"), `${showValue(id)} is not a user of this matrix; expected one of its users()`);
  const userBy = (id: string): User => {
    const row = rowBy(id);
    const user = users.get(row) ?? userFrom({ engine, ...row, held: heldIn(account, row), knownConnections: numbers });
    users.set(row, user);
    return user;
  };
  const withRow = (listed: ConnectionIndex, row: PackedUser): GrantMatrix<P> =>
    matrixOf(engine, listed, new Map(rows).set(row.id, row));
  const list = [...rows.values()];
  // What an action reads is the same for every role.
  const anyRole = engine.roles.values().next().value as Role;
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
      const given = elementAt(target, 0);
      const ids = new Set(readIds(given, kind, action));
      const ofRole = (role: Role) => ruleFor({ engine, role }, action);
      const { words, relations } = ofRole(anyRole);
      const related = readRelations(given, relations, action);
      const standings = words.map((word) =>
        kind === "none"
          ? Int32Array.from(list, (row) => wordOf(standingOfAll({ ...row, knownConnections: numbers }), word))
          : standingsOver(ids, word),
      );
      who ??= whoMeets(list);
      return who(standings, words, { ofRole, ofUser: (rule, row) => ruleOfUser(rule, related, row) });
    },
    connectionsFor(userId, action, ...last) {
      const holdings = holdingsOf(userBy(userId));
      const rule = ruleFor(holdings, action);
      if (rule.target === "none") {
        refuse(
          at("wrong-target"),
          `${showId(action)} has no target; expected an action on a connection or a post group`,
        );
      }
      const given = readLastArgument(last, at("wrong-target", "relations"), {});
      const asked = ruleOfUser(rule, readRelations(given, rule.relations, action), holdings);
      const isAllowed = (connection: string) => meets(inWords(standingOn(holdings, connection), rule), asked);
      return Object.freeze([...numbers.keys()].filter(isAllowed));
    },
    visibleConnections(userId, areaName) {
      const holdings = holdingsOf(userBy(userId));
      const area = areaOf(engine, areaName);
      if (area.isOfAccount) {
        refuse(at("unknown-area"), `${showId(area.name)} is held in the account; expected an area of connections`);
      }
      const isVisible = (connection: string) => levelOf(standingOn(holdings, connection), area) > 0;
      return Object.freeze([...numbers.keys()].filter(isVisible));
    },
    assign(userId, connectionId, grant) {
      const row = rowBy(userId);
      const listed = withListed(account, [readId(connectionId)]);
      const bits = encodeGrantOf(engine, row.role, grant, at("invalid-grant"));
      const number = listed.numbers.get(connectionId) as number;
      return withRow(listed, repack(row, unpackHoldings(row).set(number, bits)));
    },
    accountGrant(userId) {
      return Object.freeze(decodeGrant(engine.accountKeys, rowBy(userId).account)) as AccountGrant<P>;
    },
    assignAccount(userId, grant) {
      const row = rowBy(userId);
      return withRow(account, { ...row, account: encodeAccountOf(engine, row.role, grant, at("invalid-grant")) });
    },
    revoke(userId, connectionId) {
      const row = rowBy(userId);
      const number = numbers.get(readId(connectionId));
      const without = number === undefined ? row : withoutConnection(row, number);
      return without === row ? matrix : withRow(account, without);
    },
    putUser(user) {
      const read = readUserStrictly(engine, user, at("invalid-user"));
      const { grants, connections } = read;
      const listed = withListed(account, [...grants.keys(), ...connections]);
      return withRow(
        listed,
        packHoldings(read, grants, (connection) => listed.numbers.get(connection) as number),
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
      const users = [...rows.values()].map((row) => userRow({ engine, ...row, held: heldIn(account, row) }, []));
      return freeze({ users, connections: [...numbers.keys()] }) as unknown as MatrixJSON<P>;
    },
  };
  insides.set(matrix, { engine, account, rows });
  return Object.freeze(matrix);
}
