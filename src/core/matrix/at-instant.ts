import { type Ending, isAhead } from "../users/ends.js";
import { type ConnectionIndex, heldIn, type PackedUser } from "../users/packed-user.js";
import { lastingIn, renumbered } from "./connection-index.js";
import { type UserRows, withEveryRow } from "./user-rows.js";

/** The connections and users of a matrix. */
export interface Rows {
  readonly account: ConnectionIndex;
  readonly rows: UserRows;
}

/**
 * Gives an account at an instant (law 12): its users hold what has not ended by then, and it knows the connections that
 * are listed or granted for good, and those on which a grant has not ended. A user for whom nothing changes keeps its row.
 */
export function atInstant({ account, rows }: Rows, now: string | undefined): Rows {
  // Where no instant is known, nothing ends.
  if (now === undefined) return { account, rows };
  const timed = rows.list.filter(({ ends }) => ends.size > 0);
  if (timed.length + account.leaving.size === 0) return { account, rows };
  const lasting = lastingIn(account);
  const leaving = leavingAt(timed, now, new Set(lasting));
  const isSame = JSON.stringify([...leaving]) === JSON.stringify([...account.leaving]);
  const names = [...lasting, ...leaving.keys()];
  const index = isSame
    ? account
    : { ...account, numbers: new Map(names.map((name, number) => [name, number])), names, leaving };
  return { account: index, rows: withEveryRow(rows, (row) => rowAt(row, now, account, index)) };
}

/** Gives the connections that are known only because of grants that end, by their ids: each with the last of its ends. */
function leavingAt(
  rows: readonly PackedUser[],
  now: string | undefined,
  lasting: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const leaving = new Map<string, string>();
  for (const [connection, { until }] of rows.flatMap(({ ends }) => [...ends])) {
    if (connection === null || lasting.has(connection) || !isAhead(until, now)) continue;
    if (isAhead(until, leaving.get(connection) ?? "")) leaving.set(connection, until);
  }
  // Nothing else gives an order: JSON has them as keys only.
  return new Map([...leaving.keys()].sort().map((connection) => [connection, leaving.get(connection) as string]));
}

function rowAt(row: PackedUser, now: string | undefined, from: ConnectionIndex, to: ConnectionIndex): PackedUser {
  const ends = [...row.ends];
  const stays = ends.every(([, { until }]) => row.now !== undefined && isAhead(until, row.now) === isAhead(until, now));
  if (stays && from === to) return row;
  const held = heldIn(from, row);
  let { account } = row;
  for (const [where, { bits, until }] of ends) {
    const isHeld = isAhead(until, now);
    if (where === null) account = isHeld ? bits : row.role.account;
    else if (isHeld) held.set(where, bits);
    else held.delete(where);
  }
  return renumbered({ ...row, account, now }, held, to);
}

/** Replaces what ends at one place. The row is then brought to an instant again. */
export function withEnding(row: PackedUser, where: string | null, ending?: Ending): PackedUser {
  const ends = new Map(row.ends);
  ends.delete(where);
  if (ending) ends.set(where, ending);
  return { ...row, ends, now: undefined };
}
