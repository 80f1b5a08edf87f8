import { type Place, refuse } from "../../core/base/faults.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { elementAt } from "../../core/base/readers.js";
import type { Area } from "../../core/engine/area.js";
import type { Clause } from "../../core/engine/rule.js";
import { lowestState, statesIn, unionOf } from "../../core/engine/standing.js";
import type { TargetKind } from "../../core/types/index.js";
import { bySize, isMet, type Requirement, type Situation } from "./situation.js";
import { kindsAmong, subsets } from "./subsets.js";

/** The states that a user may have. */
export interface AllowedStates {
  readonly areas: readonly Area[];
  readonly states: number;
}

/** The most choices of clauses to try. Conditions with many clauses each can have more than anybody can wait for. */
const MOST_CHOICES = 50_000;

/**
 * Finds the smallest situation that meets all requirements: the fewest connections, then the lowest states.
 *
 * It is exact. An answer depends on which states occur in each area, and areas are independent once it is chosen which
 * clause is to hold. A clause is chosen only for a requirement that the smallest situation of the choices so far does not
 * meet. Because a further clause never makes a situation smaller, the first one that meets all requirements is the smallest.
 *
 * @param place the place to refuse if there are too many choices to try.
 * @param stranger the states of a stranger that is in the group, which all requirements are about.
 */
export function findSituation(
  allowed: AllowedStates,
  requirements: readonly Requirement[],
  place: Place,
  stranger = 0,
): Situation | undefined {
  const numbered = numberClauses(requirements);
  const wanted = numbered.filter(({ holds }) => holds);
  // Also a rule without a clause for the role is asked about a group.
  const inGroup = requirements.some(({ scope }) => scope !== "none");
  const solve = solver(allowed, inGroup, stranger);
  const open: Choice[] = [];
  const seen = new Set<string>();
  let tried = 0;
  const choose = (required: readonly ClauseRequirement[]): readonly Choice[] => {
    if (++tried > MOST_CHOICES) {
      refuse(
        place,
        "too many combinations of clauses to try; expected fewer conditions, or conditions of fewer clauses",
      );
    }
    const situation = solve(required);
    return situation ? [{ required, situation }] : [];
  };
  let [next] = choose(numbered.flatMap(({ holds, required }) => (holds ? [] : required)));
  while (next) {
    const { required, situation } = next;
    const unmet = wanted.filter((requirement) => !isMet(requirement, situation, stranger));
    if (unmet.length === 0) return situation;
    // The requirement that leaves the fewest choices is decided first: one that leaves none ends this branch at once.
    const [fewest = []] = unmet
      .map((requirement) => requirement.required.flatMap((added) => choose(withRequired(required, added))))
      .toSorted((one, other) => one.length - other.length);
    for (const choice of fewest) {
      const key = choice.required.map(({ id }) => id).join();
      if (!seen.has(key)) insert(open, choice);
      seen.add(key);
    }
    next = open.pop();
  }
  return undefined;
}

/** One clause that must hold, or must fail. */
interface ClauseRequirement {
  readonly id: number;
  readonly scope: TargetKind;
  readonly clause: Clause;
  readonly holds: boolean;
}

/** Chosen clauses, and the smallest situation that meets them. */
interface Choice {
  readonly required: readonly ClauseRequirement[];
  readonly situation: Situation;
}

/** Numbers the clauses of requirements. Clauses that require the same have the same number. */
function numberClauses(
  requirements: readonly Requirement[],
): readonly (Requirement & { readonly required: readonly ClauseRequirement[] })[] {
  const known = new Map<string, ClauseRequirement>();
  return requirements.map((requirement) => {
    const { scope, clauses, holds } = requirement;
    const required = clauses.map((clause) => {
      const key = JSON.stringify([scope, holds, clause.area?.name, clause.forbid, clause.require]);
      return getOrInsert(known, key, () => ({ id: known.size, scope, clause, holds }));
    });
    return { ...requirement, required };
  });
}

/** Adds a clause that must hold, and leaves out those that it implies. */
function withRequired(required: readonly ClauseRequirement[], added: ClauseRequirement): readonly ClauseRequirement[] {
  const isImplied = ({ scope, clause, holds }: ClauseRequirement) =>
    holds &&
    scope === added.scope &&
    clause.area === added.clause.area &&
    (clause.forbid & ~added.clause.forbid) === 0 &&
    (added.clause.require & ~clause.require) === 0;
  return [...required.filter((each) => !isImplied(each)), added].toSorted((one, other) => one.id - other.id);
}

/** Inserts a choice into a list that ends with the smallest situation; of equal ones, the first comes first. */
function insert(choices: Choice[], added: Choice): void {
  let [from, to] = [0, choices.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (bySize((choices[middle] as Choice).situation, added.situation) > 0) from = middle + 1;
    else to = middle;
  }
  choices.splice(from, 0, added);
}

/**
 * Makes a function that finds the smallest situation in which some clauses hold and others fail. Each area is solved
 * once and cached.
 */
function solver(
  { areas, states }: AllowedStates,
  inGroup: boolean,
  stranger: number,
): (required: readonly ClauseRequirement[]) => Situation | undefined {
  const known = new Map<string, Arrangement | undefined>();
  const arrangementOf = (area: Area, required: readonly ClauseRequirement[]) => {
    const about = required.filter(({ clause }) => clause.area === area);
    const key = `${area.name} ${about.map(({ id }) => id).join()}`;
    if (!known.has(key)) known.set(key, arrange(about, states & area.states, stranger, inGroup));
    return known.get(key);
  };
  return (required) => {
    // A role alone is enough, except over a group with a stranger.
    if (required.some(({ clause, holds }) => !clause.area && holds === (stranger !== 0))) return undefined;
    const parts: (readonly [lowest: number, part: Arrangement])[] = [];
    for (const area of areas) {
      const part = arrangementOf(area, required);
      if (!part) return undefined;
      parts.push([lowestState(area), part]);
    }
    const dealt = (key: keyof Arrangement) =>
      Array.from({ length: Math.max(...parts.map(([, part]) => part[key].length)) }, (_, index) =>
        unionOf(parts.map(([lowest, part]) => pick(part[key], index, lowest))),
      );
    return { group: dealt("group"), beyond: dealt("beyond"), isStrange: stranger !== 0 };
  };
}

/** Picks the state of a connection from the states of an area, or the lowest if there are none. */
function pick(states: readonly number[], index: number, lowest: number): number {
  return states.length > 0 ? (states[index % states.length] as number) : lowest;
}

/** The states of one area in the group, its first connection's first, and the states beyond the group. */
interface Arrangement {
  readonly group: readonly number[];
  readonly beyond: readonly number[];
}

/** Finds the smallest arrangement in one area that meets all clauses about it. */
function arrange(
  required: readonly ClauseRequirement[],
  states: number,
  stranger: number,
  inGroup: boolean,
): Arrangement | undefined {
  const least = inGroup ? 1 : 0;
  const forced = stranger & states;
  const within = inGroup ? largest(required, states, forced) : 0;
  const account = required.filter(({ scope }) => scope === "none");
  const free = account.reduce((mask, { holds, clause }) => (holds ? mask : mask & ~clause.require), states);
  const isMet = (group: readonly number[], beyond: readonly number[]) =>
    required.every(({ scope, clause: { forbid, require }, holds }) => {
      const standing =
        scope === "connection"
          ? ((elementAt(group, 0) as number | undefined) ?? 0)
          : unionOf(group) | (scope === "none" ? unionOf(beyond) : forced);
      return ((standing & forbid) === 0 && (standing & require) !== 0) === holds;
    });
  const most = statesIn(within);
  const others = statesIn(free);
  const firsts = most.length > 0 ? most : [0];
  if (!firsts.some((first) => isMet([first, ...most], others))) return undefined;
  // A state that every clause treats like a lower one can be left out.
  const clauses = required.map(({ clause }) => clause);
  const kinds = kindsAmong(most, clauses);
  const apart = kindsAmong(others, clauses);
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

/** Returns the largest set of states that contains every solution for a group. */
function largest(required: readonly ClauseRequirement[], states: number, forced: number): number {
  let left = states;
  for (const { scope, clause, holds } of required) {
    if (scope === "group" && holds) left &= ~clause.forbid;
    // A clause about the account forbids nothing, and the group is part of the account.
    if (scope === "none" && !holds) left &= ~clause.require;
  }
  for (let before = 0; before !== left; ) {
    before = left;
    for (const { scope, clause, holds } of required) {
      if (scope === "group" && !holds && ((left | forced) & clause.forbid) === 0) left &= ~clause.require;
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
