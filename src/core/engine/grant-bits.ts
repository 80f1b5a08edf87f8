import { addFault, type Place } from "../base/faults.js";
import { expected, showId, showValue } from "../base/message.js";
import { isRecord, ownValue, readRecord } from "../base/readers.js";
import { type Area, levelsBeside } from "./area.js";
import { type Bits, wordOf } from "./bits.js";

/** A key of grants: the name of an area, or of a flag beside its level. */
export interface Key {
  readonly name: string;
  readonly area: Area;
  readonly values: readonly unknown[];
  /** The states that each of the values leaves. */
  readonly leaves: readonly number[];
  /** The states that are left where the key is absent. */
  readonly absent: number;
}

/** Gives the keys of the grants in some areas, each area's own before those of its flags. */
export function keysOf(areas: readonly Area[]): readonly Key[] {
  return areas.flatMap((area) => {
    const { name, levels, atLevel, flags, states } = area;
    const flagged = [...flags].map(([flag, on]): Key => {
      const off = states - on;
      return { name: flag, area, values: [true, false], leaves: [on, off], absent: off };
    });
    // A copy, because the definition is frozen, and to walk a frozen list takes twice as long.
    return [{ name, area, values: [...levels], leaves: atLevel, absent: atLevel[0] as number }, ...flagged];
  });
}

/** Gives the states of an area that a key's value leaves, of those that are left before it: none if it does not fit. */
function leftBy({ values, leaves, absent }: Key, value: unknown, before: number): number {
  if (value === undefined) return before & absent;
  // To compare a few strings is quicker than to hash one.
  for (let index = 0; index < values.length; index++)
    if (values[index] === value) return before & (leaves[index] as number);
  return 0;
}

/**
 * Turns a grant that is known to be right into one bit per area. Other keys than these are of no concern: what a role holds
 * is read by halves. Without the checks, programs that never read a grant leave them out.
 */
export function bitsOfGrant(keys: readonly Key[], grant: Readonly<Record<string, unknown>>): Bits {
  const last = keys.at(-1);
  if (!last) return 1;
  const words: number[] = new Array(last.area.word + 1).fill(0);
  for (const key of keys) {
    const { word, states } = key.area;
    const bits = words[word] as number;
    words[word] = (bits & ~states) | leftBy(key, ownValue(grant, key.name), bits & states || states);
  }
  return words.length > 1 ? words : (words[0] as number);
}

/**
 * Checks a grant and turns it into one bit per area: each key leaves some of its area's states, and together they leave one.
 * The keys come word by word. Where there is none, one bit says that the connection is known.
 * Only the grant's own keys count, and `undefined` is absent. The further keys are read by the caller.
 */
export function encodeGrant(
  keys: readonly Key[],
  grant: unknown,
  place: Place,
  further: readonly string[] = noKeys,
): Bits {
  if (!isRecord(grant)) {
    addFault(place, `${showValue(grant)} is not a grant; expected a plain object`);
    return 0;
  }
  let words: number[] | undefined;
  const given = Object.keys(grant);
  let bits = keys.length === 0 ? 1 : 0;
  let word = 0;
  let known = 0;
  for (const key of keys) {
    const { name, area } = key;
    const value = given.includes(name) ? grant[name] : undefined;
    if (value !== undefined) known++;
    if (area.word !== word) {
      words = [...(words ?? []), bits];
      word = area.word;
      bits = 0;
    }
    const before = bits & area.states || area.states;
    const left = leftBy(key, value, before);
    if (left === 0) addFault(place, problemWith(key, value, before), name);
    bits = (bits & ~area.states) | (left || before);
  }
  // To count them is quicker than to look each of them up.
  if (given.length > known) {
    readRecord(grant, place, [...keys.map(({ name }) => name), ...further]);
  }
  return words ? [...words, bits] : bits;
}

const noKeys: readonly string[] = [];

/**
 * Encodes a grant of a policy of one word as `encodeGrant` does, if nothing is wrong with it and it has no further keys;
 * otherwise gives nothing. By index, and without a place: an account has a million grants, and nearly all are like this.
 */
export function encodePlain(keys: readonly Key[], grant: unknown): number | undefined {
  if (!isRecord(grant)) return undefined;
  const given = Object.keys(grant);
  let bits = 0;
  let known = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as Key;
    const { states, word } = key.area;
    const value = given.includes(key.name) ? grant[key.name] : undefined;
    if (value !== undefined) known++;
    const before = bits & states || states;
    const left = leftBy(key, value, before);
    if (left === 0 || word > 0) return undefined;
    bits = (bits & ~states) | left;
  }
  return given.length === known ? bits || undefined : undefined;
}

/** Gives the keys of an area: its own, and those of its flags. */
export function keysIn(keys: readonly Key[], area: Area): readonly Key[] {
  return keys.filter((key) => key.area === area);
}

/** Spells a grant out in some keys: levels and flags. */
export function decodeGrant(keys: readonly Key[], bits: Bits): Readonly<Record<string, string | boolean>> {
  const spelt = ({ area, values, leaves }: Key) =>
    values.find((_, index) => wordOf(bits, area.word) & (leaves[index] as number));
  return Object.fromEntries(keys.map((key) => [key.name, spelt(key) as string | boolean]));
}

/** Spells out what a grant has above the lowest. */
export function decodeAbove(keys: readonly Key[], bits: Bits): Readonly<Record<string, string | boolean>> {
  return decodeGrant(
    keys.filter(({ area, absent }) => (wordOf(bits, area.word) & absent) === 0),
    bits,
  );
}

function problemWith({ name: key, area, values }: Key, value: unknown, before: number): string {
  if (!values.includes(value)) {
    return `${showValue(value)} is not a ${area.flags.has(key) ? "value" : "level"} of ${showId(key)}; ${expected(values)}`;
  }
  const level = area.levels[area.atLevel.findIndex((states) => before & states)];
  return `${showId(key)} does not go with ${showId(area.name)} ${showValue(level)}; ${expected(levelsBeside(area, key))}`;
}

/** Checks a grant that names one area only, with its flags, and gives the state of that area. */
export function encodeState(keys: readonly Key[], area: Area, grant: unknown, place: Place): number {
  const bits = encodeGrant(keysIn(keys, area), grant, place);
  // Of one area alone, the last word is its own.
  return (typeof bits === "number" ? bits : (bits.at(-1) as number)) & area.states;
}
