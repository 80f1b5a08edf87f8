import type { Area, State } from "./area.js";
import type { AreaClause, Clause } from "./compile.js";

/** Tells whether a standing satisfies any one of the clauses; an empty standing satisfies none, for `require` fails. */
export function meets(standing: number, clauses: readonly Clause[]): boolean {
  return clauses.some(({ forbid, require }) => (standing & forbid) === 0 && (standing & require) !== 0);
}

/** Gives the rank of a group's level in an area: the lowest over its connections, no access lifted where it is. */
export function levelOf(standing: number, { states, lift }: Area): number {
  const present = states.filter((state) => standing & state.bit);
  const lowest = present.at(0)?.level ?? 0;
  const accessible = present.find((state) => state.level > 0);
  return lowest === 0 && accessible ? Math.min(accessible.level, lift) : lowest;
}

/** Gives the rank of the highest level that any connection is at in an area. */
export function highestOf(standing: number, { states }: Area): number {
  return states.findLast((state) => standing & state.bit)?.level ?? 0;
}

/** Gives the state that a connection is in: each is in exactly one. */
export function stateOf(bits: number, { states }: Area): State {
  return states.find((state) => bits & state.bit) as State;
}

/** Gives the states that satisfy a clause by themselves. */
export function servingStates({ forbid, require, area }: AreaClause): readonly State[] {
  return area.states.filter(({ bit }) => bit & require & ~forbid);
}

/** Tells whether a connection is in a state that the clause forbids. */
export function isInTheWay(bits: number, { forbid }: Clause): boolean {
  return (bits & forbid) !== 0;
}
