import { type Place, refuse } from "../../core/base/faults.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import type { Area } from "../../core/engine/area.js";
import { type Bits, wordOf } from "../../core/engine/bits.js";
import { lowestState } from "../../core/engine/standing.js";
import { type Arrangement, arrange, isMetBy, type Material } from "./arrange.js";
import type { AccountLiteral, ConnectionLiteral, Demand, Literal } from "./literals.js";
import { bySize, type Situation, withState } from "./situation.js";

/** What a situation may be made of. */
export interface Search {
  /** The states that a user may have in an area. */
  statesOf(area: Area): number;
  /** What a known connection gives without a grant, and what the account does. */
  readonly base: Bits;
  readonly account: Bits;
  readonly isStrange: boolean;
  readonly inGroup: boolean;
  /** The connections, if no grant applies. */
  readonly fixed?: Pick<Situation, "group" | "beyond">;
  /** A state of one area, on the group's first connection or in the account, and the one that replaces it. */
  readonly swap?: { readonly area: Area; readonly from: number; readonly to: number };
  /** How many connections the group has, if it is asked about each of them. */
  readonly size?: number;
}

/** The most choices of clauses to try. Conditions with many clauses each can have more than anybody can wait for. */
const MOST_CHOICES = 50_000;
/** The same if each connection is asked about by itself, which takes longer. */
const MOST_CHOICES_OF_EACH = 10_000;

/**
 * Finds the smallest situation that meets all demands: the fewest connections, then the lowest states.
 *
 * It is exact. An answer depends on which states occur in each area, and areas are independent once it is chosen which
 * alternatives are to hold. One is chosen only for a demand that the smallest situation of the choices so far does not
 * meet. Because a further literal never makes a situation smaller, the first one that meets all demands is the smallest.
 *
 * @param place the place to refuse if there are too many choices to try.
 */
export function findSituation(search: Search, demands: readonly Demand[], place: Place): Situation | undefined {
  const numbered = numberLiterals(demands);
  const solve = solver(search);
  const open: Choice[] = [];
  const seen = new Set<string>();
  let tried = 0;
  const choose = (required: readonly Numbered[]): readonly Choice[] => {
    if (++tried > (search.size === undefined ? MOST_CHOICES : MOST_CHOICES_OF_EACH)) {
      refuse(
        place,
        "too many combinations of clauses to try; expected fewer conditions, or conditions of fewer clauses",
      );
    }
    const situation = solve(required);
    return situation ? [{ required, situation }] : [];
  };
  const certain = numbered.filter(({ length }) => length === 1).flat(2);
  let [next] = choose(certain.reduce(withRequired, []));
  while (next) {
    const { required, situation } = next;
    const unmet = numbered.filter((_, index) => !isMet(demands[index] as Demand, situation, search));
    if (unmet.length === 0) return situation;
    // The demand that leaves the fewest choices is decided first: one that leaves none ends this branch at once.
    const [fewest = []] = unmet
      .map((demand) => demand.flatMap((added) => choose(added.reduce(withRequired, required))))
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

/** Tells whether a situation meets a demand. */
export function isMet(demand: Demand, situation: Situation, search: Pick<Search, "swap">): boolean {
  return demand.some((literals) => literals.every((literal) => isSo(literal, situation, search)));
}

function isSo(
  literal: Literal,
  { group, beyond, account, isStrange, relations }: Situation,
  { swap }: Pick<Search, "swap">,
) {
  if (literal.about === "relation") return relations.has(literal.relation) === literal.holds;
  const { area } = literal;
  const inArea = (bits: Bits) => wordOf(bits, area.word) & area.states;
  const swapped = swap?.area === area ? swap : undefined;
  if (literal.about === "account") {
    return ((swapped && literal.isAfter ? swapped.to : inArea(account)) & literal.states) !== 0;
  }
  const stranger = isStrange ? lowestState(area) : 0;
  return isMetBy(literal, group.map(inArea), beyond.map(inArea), { stranger, swap: swapped });
}

/** A literal with its number. */
interface Numbered {
  readonly id: number;
  readonly literal: Literal;
}

/** Chosen literals, and the smallest situation that meets them. */
interface Choice {
  readonly required: readonly Numbered[];
  readonly situation: Situation;
}

/** Numbers the literals of demands. Those that require the same have the same number. */
function numberLiterals(demands: readonly Demand[]): readonly (readonly (readonly Numbered[])[])[] {
  const known = new Map<string, Numbered>();
  const numbered = (literal: Literal) => {
    const key = JSON.stringify(literal, (name, value) => (name === "area" ? value.name : value));
    return getOrInsert(known, key, () => ({ id: known.size, literal }));
  };
  return demands.map((demand) => demand.map((literals) => literals.map(numbered)));
}

/** Adds a literal that must hold, and leaves out those that it implies. */
function withRequired(required: readonly Numbered[], added: Numbered): readonly Numbered[] {
  const left = required.filter((each) => each.id !== added.id && !isImplied(each.literal, added.literal));
  return [...left, added].toSorted((one, other) => one.id - other.id);
}

function isImplied(literal: Literal, by: Literal): boolean {
  return (
    literal.about === "connections" &&
    by.about === "connections" &&
    literal.holds &&
    by.holds &&
    literal.scope === by.scope &&
    literal.area === by.area &&
    literal.isAfter === by.isAfter &&
    (literal.forbid & ~by.forbid) === 0 &&
    (by.require & ~literal.require) === 0
  );
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
 * Makes a function that finds the smallest situation in which some literals are so. Each area is solved once and
 * cached.
 */
function solver(search: Search): (required: readonly Numbered[]) => Situation | undefined {
  const solveConnections = connectionSolver(search);
  return (required) => {
    const relations = relationsOf(required);
    const account = accountOf(required, search);
    if (!relations || account === undefined) return undefined;
    const connections = search.fixed ?? solveConnections(required);
    return connections && { ...connections, isStrange: search.isStrange, account, relations };
  };
}

/** Returns the relations that the user is in; nothing if one is asked for and excluded. */
function relationsOf(required: readonly Numbered[]): ReadonlySet<string> | undefined {
  const literals = required.flatMap(({ literal }) => (literal.about === "relation" ? [literal] : []));
  const named = (wanted: boolean) => literals.filter(({ holds }) => holds === wanted).map(({ relation }) => relation);
  const relations = new Set(named(true));
  return named(false).some((relation) => relations.has(relation)) ? undefined : relations;
}

/** Returns the lowest that the account must be held at; nothing if no state will do. */
function accountOf(required: readonly Numbered[], { account, statesOf, swap }: Search): Bits | undefined {
  const byArea = new Map<Area, AccountLiteral[]>();
  for (const { literal } of required) {
    if (literal.about === "account") getOrInsert(byArea, literal.area, () => []).push(literal);
  }
  if (swap?.area.isOfAccount) getOrInsert(byArea, swap.area, () => []);
  let bits = account;
  for (const [area, literals] of byArea) {
    const swapped = swap?.area === area ? swap : undefined;
    let left = swapped ? swapped.from : statesOf(area);
    for (const { states, isAfter } of literals) {
      if (!swapped || !isAfter) left &= states;
      else if ((swapped.to & states) === 0) left = 0;
    }
    if (left === 0) return undefined;
    bits = withState(bits, area, left & -left);
  }
  return bits;
}

function connectionSolver(search: Search) {
  const { statesOf, base, isStrange, inGroup, size } = search;
  const swap = search.swap && !search.swap.area.isOfAccount ? search.swap : undefined;
  const known = new Map<string, Arrangement | undefined>();
  const arrangementOf = (
    area: Area,
    literals: readonly (Numbered & { readonly literal: ConnectionLiteral })[],
    beside = 0,
  ) => {
    const key = `${area.name} ${beside} ${literals.map(({ id }) => id).join()}`;
    if (!known.has(key)) {
      const material: Material = {
        states: statesOf(area),
        stranger: isStrange ? lowestState(area) : 0,
        inGroup,
        swap: swap?.area === area ? swap : undefined,
        beside,
        size,
      };
      known.set(
        key,
        arrange(
          literals.map(({ literal }) => literal),
          material,
        ),
      );
    }
    return known.get(key);
  };
  return (required: readonly Numbered[]): Pick<Situation, "group" | "beyond"> | undefined => {
    const byArea = new Map<Area, (Numbered & { readonly literal: ConnectionLiteral })[]>();
    for (const { id, literal } of required) {
      if (literal.about === "connections") getOrInsert(byArea, literal.area, () => []).push({ id, literal });
    }
    const ofSwap = swap && (byArea.get(swap.area) ?? []);
    if (swap) byArea.delete(swap.area);
    const parts = new Map<Area, Arrangement>();
    for (const [area, literals] of byArea) {
      const part = arrangementOf(area, literals);
      if (!part) return undefined;
      parts.set(area, part);
    }
    const longest = (key: keyof Arrangement) => Math.max(0, ...[...parts.values()].map((part) => part[key].length));
    if (swap && ofSwap) {
      // A connection that another area asks for must not be one more with the state that is replaced.
      const part = arrangementOf(swap.area, ofSwap, longest("group") > 1 ? 1 : 0);
      if (!part) return undefined;
      parts.set(swap.area, part);
    }
    const dealt = (key: keyof Arrangement, least: number) =>
      Array.from({ length: Math.max(least, longest(key)) }, (_, index) =>
        [...parts].reduce<Bits>(
          (bits, [area, part]) => withState(bits, area, pick(part[key], index, area, swap)),
          base,
        ),
      );
    return { group: dealt("group", size ?? (inGroup ? 1 : 0)), beyond: dealt("beyond", 0) };
  };
}

/** Picks the state of a connection from the states of an area, or the lowest if there are none. */
function pick(states: readonly number[], index: number, area: Area, swap: Search["swap"]): number {
  if (states.length === 0) return lowestState(area);
  if (index < states.length) return states[index] as number;
  return (
    swap?.area === area ? states[1 + ((index - 1) % (states.length - 1))] : states[index % states.length]
  ) as number;
}
