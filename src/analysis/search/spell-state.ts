import type { Area } from "../../core/engine/area.js";
import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../../core/engine/grant-bits.js";
import { withState } from "./situation.js";

/** Spells out a state of one area in a grant's shape. */
export function spellState(
  { stranger, keys, accountKeys }: CompiledPolicy,
  area: Area,
  state: number,
): Readonly<Record<string, string | boolean>> {
  const bits = area.isOfAccount ? Array.from({ length: area.word + 1 }, () => 0) : stranger;
  return decodeGrant(keysIn(area.isOfAccount ? accountKeys : keys, area), withState(bits, area, state));
}
