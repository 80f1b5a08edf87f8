import { type Bits, isSameBits, joinBits, noBitsLike } from "../engine/bits.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import type { Role } from "../engine/rule.js";
import type { Endings } from "./ends.js";

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
  /** The account: the same for every matrix that was made from one by changes. */
  readonly origin: object;
}

/** Packs what a user holds, without what is at its lowest; every connection that it is held on gets its number. */
export function packHoldings<Connection>(
  { id, role, account, ends, now }: Omit<PackedUser, "union" | "cells">,
  held: ReadonlyMap<Connection, Bits>,
  numberOf: (connection: Connection) => number,
): PackedUser {
  const cells: number[] = [];
  let union = noBitsLike(role.base);
  for (const [connection, bits] of held) {
    const number = numberOf(connection);
    union = joinBits(union, bits);
    if (isSameBits(bits, role.base)) continue;
    if (typeof bits === "number") cells.push(number, bits);
    else cells.push(number, ...bits);
  }
  return { id, role, union, account, cells: new Int32Array(cells), ends, now };
}

/** Replaces what a user holds on one connection; nothing is held there if no bits are given. */
export function withHolding(user: PackedUser, number: number, bits: Bits = user.role.base): PackedUser {
  const { cells, role } = user;
  const width = widthOf(user);
  const cell = isSameBits(bits, role.base) ? [] : [number, ...([bits].flat() as number[])];
  let place = 0;
  while (place < cells.length && cells[place] !== number) place += width;
  const after = cells.subarray(place + width);
  const next = new Int32Array(place + cell.length + after.length);
  next.set(cells.subarray(0, place));
  next.set(cell, place);
  next.set(after, place + cell.length);
  const changed = { ...user, cells: next };
  let union = noBitsLike(role.base);
  for (let index = 0; index < next.length; index += width) union = joinBits(union, bitsIn(changed, index));
  return { ...changed, union };
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

/** Gives what a user holds on the connection of a number. */
export function bitsAt(user: PackedUser, number: number): Bits {
  const { cells, role } = user;
  const width = widthOf(user);
  for (let index = 0; index < cells.length; index += width) if (cells[index] === number) return bitsIn(user, index);
  return role.base;
}

/** Gives what a user holds by connection. */
export function heldIn({ names }: ConnectionIndex, row: PackedUser): Map<string, Bits> {
  return new Map([...unpackHoldings(row)].map(([number, bits]) => [names[number] as string, bits]));
}

/** Gives what a user holds by connection, with those endings of it that are given. */
export function heldWith(account: ConnectionIndex, row: PackedUser, ends: Endings): Map<string, Bits> {
  const held = heldIn(account, row);
  for (const [where, { bits }] of ends) if (where !== null) held.set(where, bits);
  return held;
}

/** A user of a matrix, who knows all its connections. Only a matrix brings the code for it. */
export interface Member {
  readonly index: ConnectionIndex;
  /** What the user holds by number, once it was asked for. */
  bits: BitsByNumber | undefined;
  /** Gives what the user holds by number. */
  unpacked(): BitsByNumber;
  standingOn(connection: string): Bits;
  /** Gives what the user holds by connection, with those of its endings that are given. */
  held(ends: Endings | undefined): ReadonlyMap<string, Bits>;
}

/** The bits of a user by the numbers of connections: a list of all where it holds something on many, or a map. */
export type BitsByNumber = Int32Array | ReadonlyMap<number, Bits>;

/** Makes a user of a matrix. What it holds is unpacked for the first question. */
export function memberOf({ stranger }: CompiledPolicy, index: ConnectionIndex, row: PackedUser): Member {
  const member: Member = {
    index,
    bits: undefined,
    unpacked() {
      member.bits ??= bitsByNumber(index, row);
      return member.bits;
    },
    standingOn(connection) {
      const number = index.numbers.get(connection);
      if (number === undefined) return stranger;
      const held = member.bits ?? member.unpacked();
      return held instanceof Int32Array ? (held[number] as number) : (held.get(number) ?? row.role.base);
    },
    held: (ends = new Map()) => heldWith(index, row, ends),
  };
  return member;
}

/** How many connections a list has room for beside sixteen for each that something is held on. */
const SPARE = 64;

/** A list is the quickest to ask, and is not for who holds little in a large account. */
function bitsByNumber({ names }: ConnectionIndex, user: PackedUser): BitsByNumber {
  const { cells, role } = user;
  if (typeof role.base !== "number" || names.length > 8 * cells.length + SPARE) return unpackHoldings(user);
  const all = new Int32Array(names.length).fill(role.base);
  for (let index = 0; index < cells.length; index += 2) all[cells[index] as number] = cells[index + 1] as number;
  return all;
}
