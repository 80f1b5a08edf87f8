import { getOrInsert } from "../base/get-or-insert.js";
import { type Bits, isSameBits, joinBits, wordOf } from "../engine/bits.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import type { Role, Rule } from "../engine/rule.js";
import { meets } from "../engine/standing.js";
import type { Endings } from "../users/ends.js";

/** A user of a matrix. What it holds above the lowest is packed: a connection's number, then its bits, and so on. */
export interface PackedUser {
  readonly id: string;
  readonly role: Role;
  /** The union of what it holds. */
  readonly union: Bits;
  /** What it holds in the account as a whole. */
  readonly account: Bits;
  readonly cells: Int32Array;
  /** What ends, also what has ended already. */
  readonly ends: Endings;
  /** The instant up to which it was brought: what it holds is without what has ended by then. */
  readonly now: string | undefined;
}

/** The connections of a matrix, which all its users know. Each keeps its number, so that rows can be shared. */
export interface ConnectionIndex {
  readonly numbers: ReadonlyMap<string, number>;
  /** Every connection that has a number, also those that were removed since the numbers were last given anew. */
  readonly names: readonly string[];
  /** Of the numbers, those that are known only because of grants that end, each with the last end. They come last. */
  readonly leaving: ReadonlyMap<string, string>;
}

/** Packs what a user holds, without what is at its lowest; every connection that it is held on gets its number. */
export function packHoldings<Connection>(
  { id, role, account, ends, now }: Omit<PackedUser, "union" | "cells">,
  held: ReadonlyMap<Connection, Bits>,
  numberOf: (connection: Connection) => number,
): PackedUser {
  const cells: number[] = [];
  let union: Bits = typeof role.base === "number" ? 0 : role.base.map(() => 0);
  for (const [connection, bits] of held) {
    const number = numberOf(connection);
    union = joinBits(union, bits);
    if (isSameBits(bits, role.base)) continue;
    if (typeof bits === "number") cells.push(number, bits);
    else cells.push(number, ...bits);
  }
  return { id, role, union, account, cells: new Int32Array(cells), ends, now };
}

/** Packs what a user holds by the numbers of connections. */
export function repack(user: PackedUser, held: ReadonlyMap<number, Bits>): PackedUser {
  return packHoldings(user, held, (number) => number);
}

/** Gives what a user holds by the numbers of connections. */
export function unpackHoldings(user: PackedUser): Map<number, Bits> {
  const { cells } = user;
  const held = new Map<number, Bits>();
  for (let index = 0; index < cells.length; index += widthOf(user))
    held.set(cells[index] as number, bitsIn(user, index));
  return held;
}

/** Gives how many numbers a cell has: that of its connection, and one for each word. */
function widthOf({ role: { base } }: PackedUser): number {
  return typeof base === "number" ? 2 : base.length + 1;
}

function bitsIn({ cells, role: { base } }: PackedUser, index: number): Bits {
  if (typeof base === "number") return cells[index + 1] as number;
  return [...cells.subarray(index + 1, index + 1 + base.length)];
}

/** Gives what a user holds by connection. */
export function heldIn({ names }: ConnectionIndex, row: PackedUser): Map<string, Bits> {
  return new Map([...unpackHoldings(row)].map(([number, bits]) => [names[number] as string, bits]));
}

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
  return { numbers, names, leaving };
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
  const held = unpackHoldings(row);
  return held.delete(connection) ? repack(row, held) : row;
}

/** How many cells of columns are kept: they make a second question fast, and must not outgrow what they are made of. */
const CELLS_KEPT = 1 << 22;

/** Makes what gives one word of the standing of every row over some connections, in the order of the rows. */
export function standingsOf(
  { stranger }: CompiledPolicy,
  { numbers }: ConnectionIndex,
  rows: readonly PackedUser[],
): (connections: ReadonlySet<string>, word: number) => Int32Array {
  const columns = new Map<number, Map<number, Int32Array>>();
  let kept = 0;
  const columnOf = (number: number, word: number) => {
    const inWord = getOrInsert(columns, word, () => new Map<number, Int32Array>());
    const known = inWord.get(number);
    if (known) return known;
    const column = Int32Array.from(rows, (row) => wordOf(bitsAt(row, number), word));
    if (kept * rows.length > CELLS_KEPT) {
      columns.clear();
      kept = 0;
    }
    kept++;
    getOrInsert(columns, word, () => new Map<number, Int32Array>()).set(number, column);
    return column;
  };
  return (connections, word) => {
    const hasStranger = [...connections].some((connection) => !numbers.has(connection));
    const standings = new Int32Array(rows.length).fill(hasStranger ? wordOf(stranger, word) : 0);
    // One after the other: a column for each of a hostile group's ids, all at once, would take a gigabyte.
    for (const connection of connections) {
      const number = numbers.get(connection);
      if (number === undefined) continue;
      const column = columnOf(number, word);
      for (let index = 0; index < standings.length; index++) {
        standings[index] = (standings[index] as number) | (column[index] as number);
      }
    }
    return standings;
  };
}

/** Makes what lists those whose standing meets the rule for them: one word of each standing, or several. */
export function whoMeets(
  rows: readonly PackedUser[],
): (standings: readonly Int32Array[], words: readonly number[], ruleOf: RuleOf) => readonly string[] {
  // Beside each other, and the rule looked up where the role changes: of thousands of users, each step aside is felt.
  const ids = rows.map(({ id }) => id);
  const roles = rows.map(({ role }) => role);
  return (standings, words, { ofRole, ofUser }) => {
    const who: string[] = [];
    const [first] = standings as readonly [Int32Array];
    let last: Role | undefined;
    let rule: Rule | undefined;
    for (let index = 0; index < ids.length; index++) {
      const role = roles[index] as Role;
      if (role !== last) rule = ofRole(role);
      last = role;
      const asked = (rule as Rule).isConditional ? ofUser(rule as Rule, rows[index] as PackedUser) : (rule as Rule);
      const standing = words.length === 1 ? (first[index] as number) : standingAt(standings, words, index);
      if (meets(standing, asked)) who.push(ids[index] as string);
    }
    return Object.freeze(who);
  };
}

/** Gives the rule of a role, and what is left of one that asks something of the account or of the post. */
interface RuleOf {
  ofRole(role: Role): Rule;
  ofUser(rule: Rule, user: PackedUser): Pick<Rule, "clauses">;
}

function standingAt(standings: readonly Int32Array[], words: readonly number[], index: number): readonly number[] {
  const standing: number[] = [];
  for (const [place, word] of words.entries()) standing[word] = standings[place]?.[index] as number;
  return standing;
}

/** Gives what a user holds on the connection of a number. */
export function bitsAt(user: PackedUser, number: number): Bits {
  const { cells, role } = user;
  const width = widthOf(user);
  for (let index = 0; index < cells.length; index += width) if (cells[index] === number) return bitsIn(user, index);
  return role.base;
}
