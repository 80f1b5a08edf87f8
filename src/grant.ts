import { type Area, levelsBeside } from "./area.js";
import { expected, show } from "./errors.js";
import { type Place, report, within } from "./place.js";
import { isRecord, readRecord } from "./record.js";

/** A key of grants: the name of an area, or of a flag beside its level. */
export interface Key {
  readonly name: string;
  readonly area: Area;
  /** The states that each value leaves. */
  readonly values: ReadonlyMap<unknown, number>;
  /** The states that are left where the key is absent. */
  readonly absent: number;
}

/** Gives the keys of the grants in some areas, each area's own before those of its flags. */
export function keysOf(areas: readonly Area[]): readonly Key[] {
  return areas.flatMap((area) => {
    const { name, levels, atLevel, flags, states } = area;
    const byLevel = levels.map((level, rank): [string, number] => [level, atLevel[rank] as number]);
    const flagged = [...flags].map(([flag, on]): Key => {
      const off = states - on;
      return { name: flag, area, values: new Map([[true, on] as const, [false, off] as const]), absent: off };
    });
    return [{ name, area, values: new Map(byLevel), absent: atLevel[0] as number }, ...flagged];
  });
}

/**
 * Checks a grant and turns it into one bit per area: each key leaves some of its area's states, and together they leave one.
 * Only the grant's own keys count, and `undefined` is absent. Where a connection is given, the place is that of all its grants.
 */
export function encodeGrant(keys: readonly Key[], grant: unknown, place: Place, connection?: string): number {
  if (!isRecord(grant)) {
    report(within(place, connection), `${show(grant)} is not a grant; expected a plain object`);
    return 0;
  }
  const given = Object.keys(grant);
  let bits = 0;
  let known = 0;
  for (const key of keys) {
    const { name, area, values, absent } = key;
    const value = given.includes(name) ? grant[name] : undefined;
    if (value !== undefined) known++;
    const leaves = value === undefined ? absent : values.get(value);
    const before = bits & area.states || area.states;
    const left = before & (leaves ?? 0);
    if (left === 0) report(within(place, connection), problemWith(key, value, before, leaves), name);
    bits = (bits & ~area.states) | (left || before);
  }
  // To count them is quicker than to look each of them up.
  if (given.length > known) {
    readRecord(
      grant,
      within(place, connection),
      keys.map(({ name }) => name),
    );
  }
  return bits;
}

/** Gives the keys of an area: its own, and those of its flags. */
export function keysIn(keys: readonly Key[], area: Area): readonly Key[] {
  return keys.filter((key) => key.area === area);
}

/** Spells a grant out in some keys: levels and flags. */
export function decodeGrant(keys: readonly Key[], bits: number): Readonly<Record<string, string | boolean>> {
  const spelt = ({ values }: Key) => [...values.keys()].find((value) => bits & (values.get(value) as number));
  return Object.fromEntries(keys.map((key) => [key.name, spelt(key) as string | boolean]));
}

/** Spells out what a grant has above the lowest. */
export function decodeAbove(keys: readonly Key[], bits: number): Readonly<Record<string, string | boolean>> {
  return decodeGrant(
    keys.filter(({ absent }) => (bits & absent) === 0),
    bits,
  );
}

function problemWith({ name, area, values }: Key, value: unknown, before: number, leaves: number | undefined): string {
  if (leaves === undefined) {
    return `${show(value)} is not a ${area.flags.has(name) ? "value" : "level"} of ${name}; ${expected(values.keys())}`;
  }
  const level = area.levels[area.atLevel.findIndex((states) => before & states)];
  return `${name} does not go with ${area.name} ${show(level)}; ${expected(levelsBeside(area, name))}`;
}
