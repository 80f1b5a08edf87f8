import type { Area } from "../core/engine/area.js";
import { type Bits, joinBits, wordOf } from "../core/engine/bits.js";

/**
 * Joins grants, given as the union of their bits: in each area the highest level, with the flags that any of them has.
 * Gives `undefined` if any two of them do not join to a grant: one has a flag, and the other a higher level that may not
 * carry it. A third grant does not help: to take it back would otherwise break what was right.
 */
export function joinGrants(areas: readonly Area[], union: Bits): Bits | undefined {
  const words = typeof union === "number" ? [union] : [...union];
  for (const { word, atLevel, flags, states } of areas) {
    const given = wordOf(union, word) & states;
    let lower = 0;
    let joined = 0;
    for (const level of atLevel) {
      if ((given & level) === 0) continue;
      for (const flag of flags.values()) if (lower & flag && !(level & flag)) return undefined;
      lower |= given & level;
      joined = level;
    }
    for (const flag of flags.values()) joined &= given & flag ? flag : ~flag;
    words[word] = ((words[word] as number) & ~states) | joined;
  }
  return typeof union === "number" ? words[0] : words;
}

/** Finds the first two grants that do not join to one. Some two of them do not. */
export function clashAmong<Given extends { readonly bits: Bits }>(
  areas: readonly Area[],
  grants: readonly Given[],
): readonly [Given, Given] {
  const clashes = (one: Bits, other: Bits) => joinGrants(areas, joinBits(one, other)) === undefined;
  let union = (grants[0] as Given).bits;
  // Those before it join, so it clashes with one of them.
  const later = grants.find(({ bits }) => {
    if (clashes(union, bits)) return true;
    union = joinBits(union, bits);
    return false;
  }) as Given;
  return [grants.find(({ bits }) => clashes(bits, later.bits)) as Given, later];
}
