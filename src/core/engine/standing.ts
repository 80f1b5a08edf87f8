import type { Area } from "./area.js";
import { type Bits, wordOf } from "./bits.js";
import type { Clause, Masks, Part, Rule } from "./rule.js";

/**
 * Tells whether a standing satisfies any one of some clauses; an empty one satisfies none, for `require` fails. A standing
 * that is one number is of the one word that all the clauses read.
 */
export function meets(standing: Bits, { clauses }: Pick<Rule, "clauses">): boolean {
  // Not by an iterator: every object may inherit a `return` that is called when a loop ends early.
  for (let index = 0; index < clauses.length; index++) {
    const clause = clauses[index] as Clause;
    if (typeof standing === "number" ? meetsOne(standing, clause) : meetsAll(standing, clause)) return true;
  }
  return false;
}

function meetsAll(standing: readonly number[], clause: Clause): boolean {
  return meetsIn(standing, clause) && clause.more.every((masks) => meetsIn(standing, masks));
}

function meetsIn(standing: readonly number[], masks: Masks): boolean {
  return meetsOne(standing[masks.word] as number, masks);
}

function meetsOne(standing: number, { forbid, require }: Masks): boolean {
  return (standing & forbid) === 0 && (standing & require) !== 0;
}

/** Leaves those of a rule's clauses that what is held in the account meets. */
export function heldRule({ clauses }: Pick<Rule, "clauses">, account: Bits): Pick<Rule, "clauses"> {
  return { clauses: clauses.filter((clause) => clause.account.every((part) => isMetBy(account, part))) };
}

/** Tells whether a state, of the account or of a connection, is what a part of a clause asks for. */
export function isMetBy(bits: Bits, { area, forbid, require }: Part): boolean {
  return (wordOf(bits, area.word) & require & ~forbid) !== 0;
}

/** Gives the rank of a group's level in an area: the lowest over its connections, no access lifted where it is. */
export function levelOf(standing: Bits, { atLevel, lift, word }: Area): number {
  const inArea = wordOf(standing, word);
  const lowest = atLevel.findIndex((states) => inArea & states);
  if (lowest > 0) return lowest;
  const accessible = atLevel.findIndex((states, rank) => rank > 0 && inArea & states);
  return Math.max(Math.min(accessible, lift), 0);
}

/** Gives the rank of the highest level that any connection is at in an area. */
export function highestOf(standing: Bits, { atLevel, word }: Area): number {
  const inArea = wordOf(standing, word);
  return Math.max(
    atLevel.findLastIndex((states) => inArea & states),
    0,
  );
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
export function isInTheWay(bits: Bits, clause: Clause): boolean {
  if ((wordOf(bits, clause.word) & clause.forbid) !== 0) return true;
  return clause.more.some(({ word, forbid }) => (wordOf(bits, word) & forbid) !== 0);
}

/** Tells whether a state has all the flags of another. */
export function keepsFlags(state: number, of: number, { flags }: Area): boolean {
  return [...flags.values()].every((flag) => (of & flag) === 0 || (state & flag) !== 0);
}
