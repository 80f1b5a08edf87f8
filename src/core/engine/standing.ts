import type { Area } from "./area.js";
import type { AreaClause, Clause, Rule } from "./compiled-policy.js";

/** Tells whether a standing satisfies any one of a rule's clauses; an empty one satisfies none, for `require` fails. */
export function meets(standing: number, { clauses }: Pick<Rule, "clauses">): boolean {
  return clauses.some(({ forbid, require }) => (standing & forbid) === 0 && (standing & require) !== 0);
}

/** Gives the rank of a group's level in an area: the lowest over its connections, no access lifted where it is. */
export function levelOf(standing: number, { atLevel, lift }: Area): number {
  const lowest = atLevel.findIndex((states) => standing & states);
  if (lowest > 0) return lowest;
  const accessible = atLevel.findIndex((states, rank) => rank > 0 && standing & states);
  return Math.max(Math.min(accessible, lift), 0);
}

/** Gives the rank of the highest level that any connection is at in an area. */
export function highestOf(standing: number, { atLevel }: Area): number {
  return Math.max(
    atLevel.findLastIndex((states) => standing & states),
    0,
  );
}

/** Gives the states that satisfy a clause by themselves, lowest first. */
export function servingStates({ forbid, require }: AreaClause): readonly number[] {
  return statesIn(require & ~forbid);
}

/** Lists the states in a mask, lowest first. */
export function statesIn(mask: number): readonly number[] {
  const states: number[] = [];
  for (let left = mask; left !== 0; left &= left - 1) states.push(left & -left);
  return states;
}

/** Gives the state of an area in which nothing is held. */
export function lowestState({ states }: Area): number {
  return states & -states;
}

/** Gives the states that occur in several masks. */
export function unionOf(masks: readonly number[]): number {
  return masks.reduce((union, mask) => union | mask, 0);
}

/** Tells whether a connection is in a state that the clause forbids. */
export function isInTheWay(bits: number, { forbid }: Clause): boolean {
  return (bits & forbid) !== 0;
}

/** Tells whether a state has all the flags of another. */
export function keepsFlags(state: number, of: number, { flags }: Area): boolean {
  return [...flags.values()].every((flag) => (of & flag) === 0 || (state & flag) !== 0);
}
