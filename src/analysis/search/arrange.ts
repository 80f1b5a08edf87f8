import { statesIn, unionOf } from "../../core/engine/standing.js";
import type { ConnectionLiteral } from "./literals.js";
import { kindsAmong, subsets, tuples } from "./subsets.js";

/** The states of one area in the group, its first connection's first, and the states beyond the group. */
export interface Arrangement {
  readonly group: readonly number[];
  readonly beyond: readonly number[];
}

/** What an arrangement in one area may be made of. */
export interface Material {
  readonly states: number;
  /** The state of a stranger that is in the group. */
  readonly stranger: number;
  readonly inGroup: boolean;
  /** The state of the group's first connection, and the one that replaces it. */
  readonly swap: { readonly from: number; readonly to: number } | undefined;
  /** How many connections there are beside the one with the replaced state, at least. */
  readonly beside: number;
  /** How many connections the group has, if it is asked about each of them. */
  readonly size: number | undefined;
}

/** Finds the smallest arrangement in one area that meets all literals about it. */
export function arrange(literals: readonly ConnectionLiteral[], material: Material): Arrangement | undefined {
  const { inGroup, states, swap, size: exact } = material;
  const isMet = (group: readonly number[], beyond: readonly number[]) =>
    literals.every((literal) => isMetBy(literal, group, beyond, material));
  if (exact !== undefined) return arrangeEach(literals, states, exact, isMet);
  const least = inGroup ? 1 : 0;
  const within = inGroup ? largest(literals, material) : 0;
  const ofAll = literals.filter(({ scope }) => scope === "none");
  const free = ofAll.reduce((mask, { holds, require }) => (holds ? mask : mask & ~require), states);
  const most = statesIn(within);
  const others = statesIn(free);
  const firsts = swap ? [swap.from] : most.length > 0 ? most : [0];
  if (!firsts.some((first) => isMet([first, ...most], others))) return undefined;
  // A state that every literal treats like a lower one can be left out.
  const kinds = kindsAmong(most, literals);
  const apart = kindsAmong(others, literals);
  if (swap) {
    for (let size = material.beside; size <= kinds.length; size++) {
      for (const rest of subsets(kinds, size)) if (isMet([swap.from, ...rest], [])) return group([swap.from, ...rest]);
    }
    return undefined;
  }
  const firstOf = (length: number, size: number): Arrangement | undefined => {
    for (const group of firstEach(subsets(kinds, length))) {
      for (const beyond of subsets(apart, size - length)) if (isMet(group, beyond)) return { group, beyond };
    }
    return undefined;
  };
  let found: Arrangement | undefined;
  for (let size = least; !found && size <= kinds.length + apart.length; size++) {
    for (let length = size; !found && length >= least; length--) found = firstOf(length, size);
  }
  return found;
}

function group(states: readonly number[]): Arrangement {
  return { group: states, beyond: [] };
}

/** Tells whether a literal holds, or fails, as it is to. */
export function isMetBy(
  { scope, forbid, require, holds, isAfter }: ConnectionLiteral,
  group: readonly number[],
  beyond: readonly number[],
  { stranger, swap }: Pick<Material, "stranger" | "swap">,
): boolean {
  const its = swap && isAfter ? [swap.to, ...group.slice(1)] : group;
  const standing =
    typeof scope === "number"
      ? unionOf(its.slice(scope, scope + 1))
      : unionOf(its) | (scope === "none" ? unionOf(beyond) : stranger);
  return ((standing & forbid) === 0 && (standing & require) !== 0) === holds;
}

/** Finds states for a group of so many connections, each of which is asked about by itself. */
function arrangeEach(
  literals: readonly ConnectionLiteral[],
  states: number,
  size: number,
  isMet: (group: readonly number[], beyond: readonly number[]) => boolean,
): Arrangement | undefined {
  const kinds = kindsAmong(statesIn(states), literals);
  const choices = Array.from({ length: size }, (_, place) => {
    const own = literals.filter(({ scope }) => scope === place);
    return kinds.filter((state) =>
      own.every(({ forbid, require, holds }) => ((state & forbid) === 0 && (state & require) !== 0) === holds),
    );
  });
  for (const tuple of tuples(choices)) if (isMet(tuple, [])) return group(tuple);
  return undefined;
}

/** Returns the largest set of states that contains every solution for a group. */
function largest(literals: readonly ConnectionLiteral[], { states, stranger, swap }: Material): number {
  let left = states;
  for (const { scope, forbid, require, holds } of literals) {
    if (scope === "group" && holds) left &= ~forbid;
    // A clause about the account forbids nothing, and the group is part of the account.
    if (scope === "none" && !holds) left &= ~require;
  }
  for (let before = 0; before !== left; ) {
    before = left;
    for (const { scope, forbid, require, holds, isAfter } of literals) {
      const forced = stranger | (swap ? (isAfter ? swap.to : swap.from) : 0);
      if (scope === "group" && !holds && ((left | forced) & forbid) === 0) left &= ~require;
    }
  }
  return left;
}

/** Lists each set with each of its states first, because a clause may be about the first connection. */
function* firstEach(sets: Iterable<readonly number[]>): Generator<readonly number[]> {
  for (const set of sets) {
    yield set;
    for (const first of set.slice(1)) yield [first, ...set.filter((state) => state !== first)];
  }
}
