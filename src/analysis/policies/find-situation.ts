import type { Area } from "../../core/engine/area.js";
import type { Clause } from "../../core/engine/compiled-policy.js";
import { statesIn } from "../../core/engine/standing.js";
import type { TargetKind } from "../../core/types/policy.js";

/** Clauses of which one is to hold, or none, over a connection (the group's first), the group, or all that is held. */
export interface Demand {
  readonly scope: TargetKind;
  readonly clauses: readonly Clause[];
  readonly holds: boolean;
  /** States that count beside those of the situation: of a connection that is replaced. */
  readonly beside?: number;
}

/** The states in which a user may be found. */
export interface Space {
  readonly areas: readonly Area[];
  readonly states: number;
}

/** What a user holds on the connections of a group, and on others. */
export interface Situation {
  readonly group: readonly number[];
  readonly beyond: readonly number[];
  /** Whether a stranger is in the group, too. */
  readonly isStrange: boolean;
}

/** What a search is about beside its demands. */
export interface Terms {
  /** The states of a stranger that is in the group, which all demands are about. */
  readonly stranger?: number;
  /** The area in which the group's first connection is replaced. */
  readonly replaced?: Area;
}

/**
 * Finds the smallest situation that meets all demands: the fewest connections, then the lowest states.
 *
 * It is exact. An answer depends on which states occur in each area, and areas are independent once it is chosen which
 * clause is to hold. The states that may occur are a greatest set: what a clause to hold forbids goes, and what a clause
 * that must not hold requires goes, unless something that it forbids is left. Every solution lies within that set.
 */
export function findSituation(space: Space, demands: readonly Demand[], terms: Terms = {}): Situation | undefined {
  // Also a rule without a clause for the role is asked about a group.
  const inGroup = demands.some(({ scope }) => scope !== "none");
  const found = choicesOf(demands).flatMap((asks) => solve(space, asks, inGroup, terms) ?? []);
  return found.toSorted(bySize)[0];
}

/** Orders situations: the fewest connections first, then the lowest states. */
export function bySize(one: Situation, other: Situation): number {
  const size = ({ group, beyond, isStrange }: Situation) => group.length + beyond.length + Number(isStrange);
  const height = ({ group, beyond }: Situation) => [...group, ...beyond].reduce((sum, bits) => sum + bits, 0);
  return size(one) - size(other) || height(one) - height(other);
}

/** One clause that is to hold, or must not. */
interface Ask {
  readonly scope: TargetKind;
  readonly clause: Clause;
  readonly holds: boolean;
  readonly beside: number;
}

/** Lists every choice of one clause for each demand to hold, with all clauses that must not. */
function choicesOf(demands: readonly Demand[]): readonly (readonly Ask[])[] {
  const asksOf = ({ scope, clauses, holds, beside = 0 }: Demand): readonly Ask[] =>
    clauses.map((clause) => ({ scope, clause, holds, beside }));
  let choices: readonly (readonly Ask[])[] = [demands.filter(({ holds }) => !holds).flatMap(asksOf)];
  for (const demand of demands) {
    if (demand.holds) choices = choices.flatMap((chosen) => asksOf(demand).map((ask) => [...chosen, ask]));
  }
  return choices;
}

function solve({ areas, states }: Space, asks: readonly Ask[], inGroup: boolean, terms: Terms): Situation | undefined {
  const { stranger = 0, replaced } = terms;
  // A role alone is enough, except over a group with a stranger.
  if (asks.some(({ clause, holds }) => !clause.area && holds === (stranger !== 0))) return;
  const about = (area: Area) => asks.filter(({ clause }) => clause.area === area);
  const least = inGroup ? 1 : 0;
  const parts = new Map<Area, Arrangement>();
  for (const area of areas) {
    // Where one connection is asked about, nothing is beside the state that is replaced.
    const alone = area === replaced && asks.some(({ scope }) => scope === "connection");
    const part = arrange(about(area), states & area.states, stranger, area === replaced ? 0 : least, inGroup && !alone);
    if (!part) return;
    parts.set(area, part);
  }
  // Wherever something else is asked of the other areas, one connection that holds nothing there denies it: it takes no
  // more connections than the replaced one, unless some are beside it.
  const sizes = [...parts].map(([area, { group }]) => group.length + (area === replaced ? 1 : 0));
  const count = Math.max(...sizes);
  const bitsAt = (index: number, key: keyof Arrangement) =>
    areas.reduce((bits, area) => {
      const part = parts.get(area) as Arrangement;
      if (area === replaced && index === 0) return bits;
      return bits | pick(part[key], index, states & area.states);
    }, 0);
  const beyond = Math.max(...[...parts.values()].map((part) => part.beyond.length));
  return {
    group: Array.from({ length: count }, (_, index) => bitsAt(index, "group")),
    beyond: Array.from({ length: beyond }, (_, index) => bitsAt(index, "beyond")),
    isStrange: stranger !== 0,
  };
}

/** Deals an area's states out to connections; where there are none, the lowest. */
function pick(states: readonly number[], index: number, all: number): number {
  return states.length > 0 ? (states[index % states.length] as number) : all & -all;
}

/** Which states of one area occur in the group, the first of them on its first connection, and which beyond it. */
interface Arrangement {
  readonly group: readonly number[];
  readonly beyond: readonly number[];
}

/** Finds the smallest arrangement in one area that meets what is asked there. */
function arrange(
  asks: readonly Ask[],
  states: number,
  stranger: number,
  least: number,
  inGroup: boolean,
): Arrangement | undefined {
  const forced = stranger & states;
  const within = inGroup ? largest(asks, states, forced) : 0;
  const account = asks.filter(({ scope }) => scope === "none");
  const free = account.reduce((mask, { holds, clause }) => (holds ? mask : mask & ~clause.require), states);
  const isMet = (group: readonly number[], beyond: readonly number[]) =>
    asks.every(({ scope, clause: { forbid, require }, holds, beside }) => {
      const here = scope === "connection" ? (group[0] ?? 0) : join(group) | (scope === "none" ? join(beyond) : forced);
      const standing = here | beside;
      return ((standing & forbid) === 0 && (standing & require) !== 0) === holds;
    });
  const most = statesIn(within);
  const others = statesIn(free);
  const firsts = most.length > 0 ? most : [0];
  if (!firsts.some((first) => isMet([first, ...most], others))) return undefined;
  // Each state that does not differ from a lower one in what is asked can be left out.
  const kinds = distinct(most, asks);
  const apart = distinct(others, asks);
  for (let size = least; size <= kinds.length + apart.length; size++) {
    for (let length = size; length >= least; length--) {
      for (const group of firstEach(subsets(kinds, length))) {
        for (const beyond of subsets(apart, size - length)) if (isMet(group, beyond)) return { group, beyond };
      }
    }
  }
  return undefined;
}

/** Gives the greatest set of states within which every solution for a group lies. */
function largest(asks: readonly Ask[], states: number, forced: number): number {
  let left = states;
  for (const { scope, clause, holds } of asks) {
    if (scope === "group" && holds) left &= ~clause.forbid;
    // A clause about the account forbids nothing, and the group is part of the account.
    if (scope === "none" && !holds) left &= ~clause.require;
  }
  for (let before = 0; before !== left; ) {
    before = left;
    for (const { scope, clause, holds, beside } of asks) {
      if (scope === "group" && !holds && ((left | forced | beside) & clause.forbid) === 0) left &= ~clause.require;
    }
  }
  return left;
}

/** Lists the lowest state of each kind: of those that the same clauses forbid and require. */
function distinct(states: readonly number[], asks: readonly Ask[]): readonly number[] {
  const kinds = new Map<string, number>();
  for (const state of states) {
    const kind = JSON.stringify(
      asks.map(({ clause }) => [state & clause.forbid ? 1 : 0, state & clause.require ? 1 : 0]),
    );
    if (!kinds.has(kind)) kinds.set(kind, state);
  }
  return [...kinds.values()];
}

/** Lists the sets of so many states, the lowest first. */
function* subsets(states: readonly number[], size: number): Generator<readonly number[]> {
  if (size === 0) yield [];
  else
    for (const [index, state] of states.entries()) {
      for (const rest of subsets(states.slice(index + 1), size - 1)) yield [state, ...rest];
    }
}

/** Lists each set with each of its states first: something may be asked of the first connection. */
function* firstEach(sets: Iterable<readonly number[]>): Generator<readonly number[]> {
  for (const set of sets) {
    yield set;
    for (const first of set.slice(1)) yield [first, ...set.filter((state) => state !== first)];
  }
}

function join(states: readonly number[]): number {
  return states.reduce((bits, state) => bits | state, 0);
}
