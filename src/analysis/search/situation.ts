import { elementAt } from "../../core/base/readers.js";
import type { Area } from "../../core/engine/area.js";
import { type Bits, wordOf } from "../../core/engine/bits.js";

/** What a user holds, on the connections of a group, on others and in the account, and what the user is to the post. */
export interface Situation {
  readonly group: readonly Bits[];
  readonly beyond: readonly Bits[];
  /** True if a stranger is in the group too. */
  readonly isStrange: boolean;
  readonly account: Bits;
  /** The relations that the user is in. */
  readonly relations: ReadonlySet<string>;
}

/** Orders situations: the fewest connections first, then the lowest states, then the fewest relations. */
export function bySize(one: Situation, other: Situation): number {
  const size = ({ group, beyond, isStrange }: Situation) => group.length + beyond.length + Number(isStrange);
  const height = ({ group, beyond, account }: Situation) =>
    [...group, ...beyond, account].flat().reduce((sum, bits) => sum + bits, 0);
  return size(one) - size(other) || height(one) - height(other) || one.relations.size - other.relations.size;
}

/** Returns bits with another state in an area. */
export function withState(bits: Bits, { word, states }: Area, state: number): Bits {
  const replaced = (wordOf(bits, word) & ~states) | state;
  return typeof bits === "number" ? replaced : bits.map((each, index) => (index === word ? replaced : each));
}

/** Returns the smallest of some situations; of equal ones, the first. */
export function smallestOf<Found extends Situation>(situations: readonly Found[]): Found | undefined {
  return elementAt(situations.toSorted(bySize), 0) as Found | undefined;
}
