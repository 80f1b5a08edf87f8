import { type Area, levelsBeside } from "./area.js";
import { type ErrorPath, expected, show } from "./errors.js";
import { type Place, report } from "./place.js";
import { isRecord, own } from "./record.js";

/** A key of grants: the name of an area, or of a flag beside its level. */
export interface Key {
  readonly area: Area;
  /** The states that each value leaves. */
  readonly values: ReadonlyMap<unknown, number>;
  /** The states that are left where the key is absent. */
  readonly absent: number;
}

/** Gives the keys of the grants in some areas, each area's own before those of its flags. */
export function keysOf(areas: readonly Area[]): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>();
  for (const area of areas) {
    const { name, levels, atLevel, flags, states } = area;
    const byLevel = levels.map((level, rank): [string, number] => [level, atLevel[rank] as number]);
    keys.set(name, { area, values: new Map(byLevel), absent: atLevel[0] as number });
    for (const [flag, mask] of flags) {
      const absent = states - mask;
      const values = new Map([
        [true, mask],
        [false, absent],
      ]);
      keys.set(flag, { area, values, absent });
    }
  }
  return keys;
}

/**
 * Checks a grant and turns it into one bit per area: each key leaves some of its area's states, and together they leave one.
 * Only the grant's own keys count, and `undefined` is absent. The place is what the path leads on from.
 */
export function encodeGrant(keys: ReadonlyMap<string, Key>, grant: unknown, place: Place, ...path: ErrorPath): number {
  if (!isRecord(grant)) {
    report(place, `${show(grant)} is not a grant; expected a plain object`, ...path);
    return 0;
  }
  let bits = 0;
  for (const [key, { area, values, absent }] of keys) {
    const value = own(grant, key);
    const leaves = value === undefined ? absent : values.get(value);
    const before = bits & area.states || area.states;
    const left = before & (leaves ?? 0);
    if (left === 0) report(place, problemWith(key, value, area, before, leaves), ...path, key);
    bits = (bits & ~area.states) | (left || before);
  }
  for (const key of Object.keys(grant)) {
    if (!keys.has(key) && grant[key] !== undefined) {
      report(place, `unknown key ${show(key)} in a grant; ${expected(keys.keys())}`, ...path, key);
    }
  }
  return bits;
}

/** Spells a grant out in some keys: levels and flags. */
export function decodeGrant(keys: ReadonlyMap<string, Key>, bits: number): Readonly<Record<string, string | boolean>> {
  const spelt = ({ values }: Key) => [...values].find(([, states]) => bits & states)?.[0];
  return Object.fromEntries([...keys].map(([name, key]) => [name, spelt(key) as string | boolean]));
}

function problemWith(key: string, value: unknown, area: Area, before: number, leaves: number | undefined): string {
  const { name, levels, atLevel, flags } = area;
  if (leaves !== undefined) {
    const level = levels[atLevel.findIndex((states) => before & states)];
    return `${key} does not go with ${name} ${show(level)}; ${expected(levelsBeside(area, key))}`;
  }
  return flags.has(key)
    ? `${show(value)} is not a value of ${key}; expected true or false`
    : `${show(value)} is not a level of ${name}; ${expected(levels)}`;
}
