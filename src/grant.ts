import { type Area, levelsBeside } from "./area.js";
import { expected, show } from "./errors.js";
import { type Place, report } from "./place.js";
import { readRecord } from "./record.js";

/** Checks a grant and turns it into one bit per area; only its own keys count, and `undefined` is absent. */
export function encodeGrant(areas: readonly Area[], grant: unknown, place: Place): number {
  const given = readRecord(grant, place, undefined, "a grant");
  let bits = 0;
  for (const area of areas) bits |= encodeArea(area, given, place);
  for (const key of given.keys()) {
    if (!areas.some(({ name, flags }) => name === key || flags.has(key))) {
      const keys = areas.flatMap(({ name, flags }) => [name, ...flags.keys()]);
      report(place, `unknown key ${show(key)} in a grant; ${expected(keys)}`, key);
    }
  }
  return bits;
}

/** Spells a grant out: each area's level and flags. */
export function decodeGrant(areas: readonly Area[], bits: number): Readonly<Record<string, string | boolean>> {
  const spelt = areas.flatMap(({ name, levels, atLevel, flags }): [string, string | boolean | undefined][] => [
    [name, levels[atLevel.findIndex((mask) => bits & mask)]],
    ...[...flags].map(([flag, mask]): [string, boolean] => [flag, (bits & mask) !== 0]),
  ]);
  return Object.fromEntries(spelt) as Record<string, string | boolean>;
}

function encodeArea(area: Area, grant: ReadonlyMap<string, unknown>, place: Place): number {
  const { name, levels, atLevel, flags } = area;
  const level = grant.get(name);
  const rank = level === undefined ? 0 : levels.indexOf(level as string);
  if (rank < 0) report(place, `${show(level)} is not a level of ${name}; ${expected(levels)}`, name);
  let bits = atLevel[rank] ?? 0;
  for (const [flag, mask] of flags) {
    const on = grant.get(flag);
    if (on !== undefined && typeof on !== "boolean") {
      report(place, `${show(on)} is not a value of ${flag}; expected true or false`, flag);
    } else if (on && rank >= 0 && (bits & mask) === 0) {
      const beside = expected(levelsBeside(area, flag));
      report(place, `${flag} does not go with ${name} ${show(levels[rank])}; ${beside}`, flag);
    } else bits &= on ? mask : ~mask;
  }
  return bits;
}
