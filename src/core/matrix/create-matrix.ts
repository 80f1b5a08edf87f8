import { at, refuse } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { readInstant } from "../base/instant.js";
import { showId, showValue } from "../base/message.js";
import { elementAt } from "../base/readers.js";
import { connectionsAmong } from "../decisions/can.js";
import { wordOf } from "../engine/bits.js";
import { actionOf, areaOf, type CompiledPolicy, compiledPolicyOf, ruleFor } from "../engine/compiled-policy.js";
import { decodeGrant } from "../engine/grant-bits.js";
import type { Role } from "../engine/rule.js";
import { levelOf } from "../engine/standing.js";
import { prepareIn } from "../targets/prepare-group.js";
import { readRelations, ruleOfUser } from "../targets/relations.js";
import { readId, readIds } from "../targets/target.js";
import type { AccountGrant, At, Grant, MatrixInput, Policy, PreparedGroup, User } from "../types/index.js";
import { readAccountOf, readGrantOf, readUserStrictly } from "../users/create-user.js";
import { endOf, isEnding, liveAt, readAt } from "../users/ends.js";
import { holdingsOf, standingOfAll, standingOn, userFrom, userRow } from "../users/holdings.js";
import {
  type ConnectionIndex,
  heldWith,
  memberOf,
  type PackedUser,
  packHoldings,
  withHolding,
} from "../users/packed-user.js";
import { atInstant, type Rows, withEnding } from "./at-instant.js";
import { type Columns, noColumns, standingsOver, whoMeets } from "./columns.js";
import { lastingIn, renumbered, withListed, withoutConnection, withoutListed } from "./connection-index.js";
import type { GrantMatrix, MatrixJSON } from "./grant-matrix.js";
import { keepInternals, type MatrixInternals } from "./matrix-internals.js";
import { readMatrix } from "./read-matrix.js";
import { rowOf, rowsOf, withRow } from "./user-rows.js";

/**
 * Builds the grant matrix of an account: its users, its connections, and what each user holds on each.
 *
 * The connections are the listed ones, then those that a user lists or is granted something on, and every user of the
 * matrix knows all of them. Its lists agree with `can` asked one by one (law 8), and its JSON gives it back (law 9).
 *
 * Grants may end, as those of `createUser` do (law 12). A connection that is known only because of them is known until the
 * last of them ends.
 *
 * @param input `{ users, connections? }`, the users as `createUser` takes them.
 * @param options `{ at }`, which is needed where a grant ends.
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
export function createMatrix<P extends Policy>(policy: P, input: MatrixInput<P>, options?: At): GrantMatrix<P> {
  const engine = compiledPolicyOf(policy);
  const now = readAt(options, at("invalid-matrix"));
  const names = new Map<string, number>();
  const numberOf = (connection: string) => {
    const known = names.get(connection);
    if (known !== undefined) return known;
    names.set(connection, names.size);
    return names.size - 1;
  };
  // The connections that are known whatever ends; where no instant is known, all that are named.
  const lasting = new Set<string>();
  const { users, connections } = readMatrix(input, at("invalid-matrix"), (user, place) => {
    const read = readUserStrictly(engine, user, place, now);
    const row = packHoldings({ ...read, now: undefined }, read.grants, numberOf);
    read.connections.forEach(numberOf);
    if (now !== undefined) for (const connection of lastingOf(read)) lasting.add(connection);
    return row;
  });
  connections?.forEach(numberOf);
  const listed = new Set([...(connections ?? []), ...(now === undefined ? names.keys() : lasting)]);
  const numbers = new Map([...listed].map((connection) => [connection, numberOf(connection)]));
  const account = { numbers, names: [...names.keys()], leaving: new Map<string, string>(), origin: {} };
  return matrixOf(engine, atInstant({ account, rows: rowsOf(users) }, now), now, noColumns());
}

/** Lists the connections that a user lists, or is granted something on for good. */
function lastingOf({ grants, connections, ends }: ReturnType<typeof readUserStrictly>): readonly string[] {
  return [...[...grants.keys()].filter((connection) => !ends.has(connection)), ...connections];
}

// By account and row: who did not change is the same user in the next matrix, as long as the connections are the same.
const admitted = new WeakMap<ConnectionIndex, WeakMap<PackedUser, User>>();

function matrixOf<P extends Policy>(
  engine: CompiledPolicy,
  { account, rows }: Rows,
  now: string | undefined,
  columns: Columns,
): GrantMatrix<P> {
  const { numbers, leaving, origin } = account;
  const users = admitted.get(account) ?? new WeakMap<PackedUser, User>();
  admitted.set(account, users);
  const rowBy = (id: string): PackedUser =>
    rowOf(rows, id) ??
    refuse(at("unknown-user"), `${showValue(id)} is not a user of this matrix; expected one of its users()`);
  const userBy = (id: string): User => {
    const row = rowBy(id);
    const known = users.get(row);
    if (known) return known;
    const time = now === undefined ? undefined : { now, ends: liveAt(row.ends, now), leaving };
    const member = memberOf(engine, account, row);
    const user = userFrom({ engine, ...row, held: undefined, member, origin, time, limit: undefined });
    users.set(row, user);
    return user;
  };
  const changedTo = (changed: Rows, then = now): GrantMatrix<P> =>
    matrixOf(engine, atInstant(changed, then), then, columns);
  const changedRow = (listed: ConnectionIndex, row: PackedUser): GrantMatrix<P> =>
    changedTo({ account: listed, rows: withRow(rows, row) });
  const { list } = rows;
  // What an action reads is the same for every role.
  const anyRole = engine.roles.values().next().value as Role;

  const internals: MatrixInternals = { engine, account, rows, now, columns };
  const matrix: GrantMatrix<P> = {
    user: (id) => userBy(id) as User<P>,
    users: () => Object.freeze([...rows.places.keys()]),
    connections: () => Object.freeze([...numbers.keys()]),
    grant(userId, connectionId) {
      const holdings = holdingsOf(userBy(userId));
      const bits = standingOn(holdings, readId(connectionId));
      return Object.freeze({
        ...decodeGrant(engine.keys, bits),
        ...endOf(holdings.time?.ends, connectionId),
      }) as Grant<P>;
    },
    usersFor(action, ...target) {
      const { target: kind } = actionOf(engine, action);
      const given = elementAt(target, 0);
      const ids = new Set(readIds(given, kind, action, { engine, origin }));
      const ofRole = (role: Role) => ruleFor({ engine, role }, action);
      const { words, relations } = ofRole(anyRole);
      const related = readRelations(given, relations, action);
      const standings = words.map((word) =>
        kind === "none"
          ? Int32Array.from(list, (row) => wordOf(standingOfAll(row, account), word))
          : standingsOver(internals, list, ids, word),
      );
      return whoMeets(columns, list, standings, words, {
        ofRole,
        ofUser: (rule, row) => ruleOfUser(rule, related, row),
      });
    },
    connectionsFor(userId, action, ...last) {
      return connectionsAmong(holdingsOf(userBy(userId)), numbers.keys(), action, last);
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
      const held = readGrantOf(engine, row.role, grant, at("invalid-grant"), now !== undefined);
      const number = listed.numbers.get(connectionId) as number;
      const [bits, ending] = isEnding(held) ? [held.bits, held] : [held];
      return changedRow(listed, withEnding(withHolding(row, number, bits), connectionId, ending));
    },
    accountGrant(userId) {
      const { account: held, time } = holdingsOf(userBy(userId));
      return Object.freeze({ ...decodeGrant(engine.accountKeys, held), ...endOf(time?.ends, null) }) as AccountGrant<P>;
    },
    assignAccount(userId, grant) {
      const row = rowBy(userId);
      const held = readAccountOf(engine, row.role, grant, at("invalid-grant"), now !== undefined);
      const [bits, ending] = isEnding(held) ? [held.bits, held] : [held];
      return changedRow(account, withEnding({ ...row, account: bits }, null, ending));
    },
    revoke(userId, connectionId) {
      const row = rowBy(userId);
      const number = numbers.get(readId(connectionId));
      const without = number === undefined ? row : withoutConnection(row, number);
      const isHeld = without !== row || row.ends.has(connectionId);
      return isHeld ? changedRow(account, withEnding(without, connectionId)) : matrix;
    },
    putUser(user) {
      const read = readUserStrictly(engine, user, at("invalid-user"), now);
      const listed = withListed(account, lastingOf(read));
      // The other ones are known again only if their ends lie ahead.
      const held = new Map([...read.grants].filter(([connection]) => listed.numbers.has(connection)));
      return changedRow(listed, renumbered({ ...read, now: undefined }, held, listed));
    },
    removeUser(id) {
      const { id: removed } = rowBy(id);
      return changedTo({ account, rows: rowsOf(list.filter((row) => row.id !== removed)) });
    },
    addConnection(id) {
      const listed = withListed(account, [readId(id)]);
      return listed === account ? matrix : changedTo({ account: listed, rows });
    },
    removeConnection(id) {
      if (!numbers.has(readId(id)) && !list.some(({ ends }) => ends.has(id))) return matrix;
      const without = list.map((row) => (row.ends.has(id) ? withEnding(row, id) : row));
      const left = withoutListed(account, without, id);
      return changedTo({ account: left.account, rows: rowsOf(left.rows) });
    },
    at(instant) {
      const then = readInstant(instant, at("invalid-matrix"));
      return then === now ? matrix : changedTo({ account, rows }, then);
    },
    group: (post) => prepareIn(engine, origin, post) as PreparedGroup<P>,
    toJSON() {
      const users = list.map((row) => {
        // What has ended is kept too: at another instant, it may be there.
        const held = heldWith(account, row, row.ends);
        const inAccount = row.ends.get(null)?.bits ?? row.account;
        return userRow({ engine, ...row, held, account: inAccount, limit: undefined }, held.keys(), row.ends);
      });
      return freeze({ users, connections: lastingIn(account) }) as unknown as MatrixJSON<P>;
    },
  };
  keepInternals(matrix, internals);
  return Object.freeze(matrix);
}
