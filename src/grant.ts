import { type Area, levelsBeside } from "./area.js";
import { expected, type Refuse, show } from "./errors.js";
import { isRecord, own } from "./record.js";

/** Checks a grant and turns it into one bit per area; only its own keys count, and `undefined` is absent. */
export function encodeGrant(areas: readonly Area[], grant: unknown, refuse: Refuse): number {
  if (!isRecord(grant)) return refuse(`${show(grant)} is not a grant; expected a plain object`);
  let bits = 0;
  for (const area of areas) bits |= encodeArea(area, grant, refuse);
  for (const key of Object.keys(grant)) {
    const known = areas.some(({ name, flags }) => name === key || flags.has(key));
    if (!known && grant[key] !== undefined) {
      const keys = areas.flatMap(({ name, flags }) => [name, ...flags.keys()]);
      refuse(`unknown key ${show(key)} in a grant; ${expected(keys)}`, key);
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

function encodeArea(area: Area, grant: Readonly<Record<string, unknown>>, refuse: Refuse): number {
  const { name, levels, atLevel, flags } = area;
  const level = own(grant, name);
  const rank = level === undefined ? 0 : levels.indexOf(level as string);
  let bits = atLevel[rank] ?? refuse(`${show(level)} is not a level of ${name}; ${expected(levels)}`, name);
  for (const [flag, mask] of flags) {
    const on = own(grant, flag);
    if (on !== undefined && typeof on !== "boolean") {
      refuse(`${show(on)} is not a value of ${flag}; expected true or false`, flag);
    }
    bits &= on ? mask : ~mask;
    if (bits === 0) {
      refuse(`${flag} does not go with ${name} ${show(levels[rank])}; ${expected(levelsBeside(area, flag))}`, flag);
    }
  }
  return bits;
}
