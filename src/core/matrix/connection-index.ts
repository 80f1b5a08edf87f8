import { type Bits, isSameBits } from "../engine/bits.js";
import {
  bitsAt,
  type ConnectionIndex,
  heldIn,
  type PackedUser,
  packHoldings,
  withHolding,
} from "../users/packed-user.js";

/** Lists the connections that an account knows whatever ends. */
export function lastingIn({ numbers, leaving }: ConnectionIndex): readonly string[] {
  return [...numbers.keys()].filter((connection) => !leaving.has(connection));
}

/** Gives an account with these connections listed behind its own; the same where it has them. */
export function withListed(account: ConnectionIndex, connections: Iterable<string>): ConnectionIndex {
  const added = [...connections].filter((each) => !account.numbers.has(each) || account.leaving.has(each));
  if (added.length === 0) return account;
  const listed = new Set([...lastingIn(account), ...added]);
  const leaving = new Map([...account.leaving].filter(([connection]) => !listed.has(connection)));
  const names = [...account.names];
  const numbers = new Map<string, number>();
  for (const connection of [...listed, ...leaving.keys()]) {
    numbers.set(connection, account.numbers.get(connection) ?? names.push(connection) - 1);
  }
  return { ...account, numbers, names, leaving };
}

/** How many numbers of removed connections are kept beside as many as are in use. */
const SPARE = 64;

/**
 * Removes a connection from an account and its rows. Where most numbers are of removed connections, all are given anew:
 * an account of a few connections stays small, however many came and went.
 */
export function withoutListed(
  account: ConnectionIndex,
  rows: readonly PackedUser[],
  connection: string,
): { readonly account: ConnectionIndex; readonly rows: readonly PackedUser[] } {
  const number = account.numbers.get(connection) as number;
  const left = [...account.numbers.keys()].filter((other) => other !== connection);
  const stripped = rows.map((row) => withoutConnection(row, number));
  if (account.names.length <= 2 * left.length + SPARE) {
    const numbers = new Map(left.map((other) => [other, account.numbers.get(other) as number]));
    return { account: { ...account, numbers }, rows: stripped };
  }
  const index = { ...account, numbers: new Map(left.map((other, place) => [other, place])), names: left };
  return { account: index, rows: stripped.map((row) => renumbered(row, heldIn(account, row), index)) };
}

/** Packs what a user holds by connection with the numbers of an account. */
export function renumbered(
  user: Omit<PackedUser, "union" | "cells">,
  held: ReadonlyMap<string, Bits>,
  { numbers }: ConnectionIndex,
): PackedUser {
  return packHoldings(user, held, (connection) => numbers.get(connection) as number);
}

/** Takes a connection out of what a row holds now; the same row where it is not in it. */
export function withoutConnection(row: PackedUser, connection: number): PackedUser {
  return isSameBits(bitsAt(row, connection), row.role.base) ? row : withHolding(row, connection);
}
