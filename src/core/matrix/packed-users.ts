import type { CompiledPolicy, Role, Rule } from "../engine/compiled-policy.js";
import { meets } from "../engine/standing.js";

/** A user of a matrix. What it holds above the lowest is packed: a connection's number, then its bits, and so on. */
export interface PackedUser {
  readonly id: string;
  readonly role: Role;
  /** The union of what it holds. */
  readonly union: number;
  readonly cells: Int32Array;
}

/** The connections of a matrix, which all its users know. Each keeps its number, so that rows can be shared. */
export interface ConnectionIndex {
  readonly numbers: ReadonlyMap<string, number>;
  /** Every connection that has a number, also those that were removed since the numbers were last given anew. */
  readonly names: readonly string[];
}

/** Packs what a user holds, without what is at its lowest; every connection that it is held on gets its number. */
export function packHoldings<Connection>(
  id: string,
  role: Role,
  held: ReadonlyMap<Connection, number>,
  numberOf: (connection: Connection) => number,
): PackedUser {
  const cells: number[] = [];
  let union = 0;
  for (const [connection, bits] of held) {
    const number = numberOf(connection);
    union |= bits;
    if (bits !== role.base) cells.push(number, bits);
  }
  return { id, role, union, cells: new Int32Array(cells) };
}

/** Packs what a user holds by the numbers of connections. */
export function repack({ id, role }: PackedUser, held: ReadonlyMap<number, number>): PackedUser {
  return packHoldings(id, role, held, (number) => number);
}

/** Gives what a user holds by the numbers of connections. */
export function unpackHoldings({ cells }: PackedUser): Map<number, number> {
  const held = new Map<number, number>();
  for (let index = 0; index < cells.length; index += 2) held.set(cells[index] as number, cells[index + 1] as number);
  return held;
}

/** Gives what a user holds by connection. */
export function heldIn({ names }: ConnectionIndex, row: PackedUser): Map<string, number> {
  return new Map([...unpackHoldings(row)].map(([number, bits]) => [names[number] as string, bits]));
}

/** Gives an account with these connections listed behind its own; the same where it has them. */
export function withListed(account: ConnectionIndex, connections: Iterable<string>): ConnectionIndex {
  const added = new Set([...connections].filter((connection) => !account.numbers.has(connection)));
  if (added.size === 0) return account;
  const names = [...account.names];
  const numbers = new Map(account.numbers);
  for (const connection of added) numbers.set(connection, names.push(connection) - 1);
  return { numbers, names };
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
  const numbers = new Map(left.map((other, index) => [other, index]));
  const renumbered = stripped.map((row) =>
    packHoldings(row.id, row.role, heldIn(account, row), (other) => numbers.get(other) as number),
  );
  return { account: { numbers, names: left }, rows: renumbered };
}

/** Takes a connection out of a row; the same row where it is not in it. */
export function withoutConnection(row: PackedUser, connection: number): PackedUser {
  const held = unpackHoldings(row);
  return held.delete(connection) ? repack(row, held) : row;
}

/** How many cells of columns are kept: they make a second question fast, and must not outgrow what they are made of. */
const CELLS_KEPT = 1 << 22;

/** Makes what gives the standing of every row over some connections, in the order of the rows. */
export function standingsOf(
  { stranger }: CompiledPolicy,
  { numbers }: ConnectionIndex,
  rows: readonly PackedUser[],
): (connections: ReadonlySet<string>) => Int32Array {
  const columns = new Map<number, Int32Array>();
  const columnOf = (number: number) => {
    const known = columns.get(number);
    if (known) return known;
    const column = Int32Array.from(rows, (row) => bitsAt(row, number));
    if (columns.size * rows.length > CELLS_KEPT) columns.clear();
    columns.set(number, column);
    return column;
  };
  return (connections) => {
    const hasStranger = [...connections].some((connection) => !numbers.has(connection));
    const standings = new Int32Array(rows.length).fill(hasStranger ? stranger : 0);
    // One after the other: a column for each of a hostile group's ids, all at once, would take a gigabyte.
    for (const connection of connections) {
      const number = numbers.get(connection);
      if (number === undefined) continue;
      const column = columnOf(number);
      for (let index = 0; index < standings.length; index++) {
        standings[index] = (standings[index] as number) | (column[index] as number);
      }
    }
    return standings;
  };
}

/** Makes what lists those whose standing meets the rule for their role. */
export function whoMeets(
  rows: readonly PackedUser[],
): (standings: Int32Array, ruleOf: (role: Role) => Rule) => readonly string[] {
  // Beside each other, and the rule looked up where the role changes: of thousands of users, each step aside is felt.
  const ids = rows.map(({ id }) => id);
  const roles = rows.map(({ role }) => role);
  return (standings, ruleOf) => {
    const who: string[] = [];
    let last: Role | undefined;
    let rule: Rule | undefined;
    for (let index = 0; index < standings.length; index++) {
      const role = roles[index] as Role;
      if (role !== last) rule = ruleOf(role);
      last = role;
      if (meets(standings[index] as number, rule as Rule)) who.push(ids[index] as string);
    }
    return Object.freeze(who);
  };
}

/** Gives what a user holds on the connection of a number. */
export function bitsAt({ cells, role }: PackedUser, number: number): number {
  for (let index = 0; index < cells.length; index += 2) if (cells[index] === number) return cells[index + 1] as number;
  return role.base;
}
