import { at } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import type { Area } from "../../core/engine/area.js";
import { oneWord } from "../../core/engine/bits.js";
import { type CompiledPolicy, compiledPolicyOf, plainPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../../core/engine/grant-bits.js";
import type { Clause, Role } from "../../core/engine/rule.js";
import { lowestState, meets, statesIn, unionOf } from "../../core/engine/standing.js";
import type { Policy } from "../../core/types/index.js";
import { findSituation } from "./find-situation.js";
import { bySize, findFixedSituation, type Situation } from "./situation.js";
import { type Witness, witnessOf } from "./witness.js";

/**
 * A verdict on the second of two policies: equal to the first, stricter, looser, or stricter in one place and looser in
 * another.
 *
 * @example
 * ```ts
 * import { buffer } from "channel-grants";
 * import { comparePolicies, type Verdict } from "channel-grants/analysis";
 *
 * const verdict: Verdict = comparePolicies(buffer, buffer).verdict;
 * verdict; // "equal"
 * ```
 */
export type Verdict = "equal" | "stricter" | "looser" | "different";

/**
 * The difference between two policies in one action.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { type ActionComparison, comparePolicies } from "channel-grants/analysis";
 *
 * const [first]: readonly ActionComparison[] = comparePolicies(engage, engage).actions;
 * first; // { action: "publish.create", verdict: "equal" }
 * ```
 */
export interface ActionComparison {
  readonly action: string;
  /** "different" without a witness means that the action has another target in the other policy. */
  readonly verdict: Verdict;
  /** The policy that has the action, if the other one lacks it. */
  readonly only?: "first" | "second";
  /** A situation in which only the second policy allows the action. */
  readonly looser?: Witness;
  /** A situation in which only the first policy allows the action. */
  readonly stricter?: Witness;
}

/**
 * The difference between two policies, action by action.
 *
 * @example
 * ```ts
 * import { buffer, engage } from "channel-grants";
 * import { comparePolicies, type PolicyComparison } from "channel-grants/analysis";
 *
 * const comparison: PolicyComparison = comparePolicies(engage, buffer);
 * comparison.verdict; // "different"
 * comparison.roles[0]; // { role: "admin", only: "first" }
 * ```
 */
export interface PolicyComparison {
  readonly first: string;
  readonly second: string;
  readonly verdict: Verdict;
  readonly actions: readonly ActionComparison[];
  /** Roles that only one policy has, or that take grants in one policy and hold the same everywhere in the other. */
  readonly roles: readonly { readonly role: string; readonly only: "first" | "second"; readonly grants?: true }[];
  /** States of an area that only one policy has, and what each allows there on one connection. */
  readonly states: readonly {
    readonly area: string;
    readonly grant: Readonly<Record<string, string | boolean>>;
    readonly only: "first" | "second";
    readonly allows: readonly string[];
  }[];
}

/**
 * Compares what two policies allow: the second is equal, stricter or looser, with a witness for each difference.
 *
 * The comparison is exact for every role and every standing that both policies have, strangers included. Actions,
 * roles, areas, levels and flags are matched by name, and the lowest levels always match. Names that only one policy
 * has are listed. The settings of the approval flow are not compared.
 *
 * @returns a frozen `PolicyComparison`, as plain JSON; `formatComparison` makes a text of it.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { can, createUser, definePolicy, engage } from "channel-grants";
 * import { comparePolicies } from "channel-grants/analysis";
 *
 * const relaxed = definePolicy({
 *   ...engage,
 *   actions: { ...engage.actions, "analytics.view": { target: "connection", allow: { area: "publish", level: "view-only" } } },
 * } as never);
 * const { verdict, actions } = comparePolicies(engage, relaxed);
 * verdict; // "different"
 * const difference = actions.find(({ action }) => action === "analytics.view");
 * difference?.looser?.user.grants; // { c1: { publish: "view-only" } }
 * difference?.stricter?.user.grants; // { c1: { analytics: "full-access" } }
 * can(createUser(engage, difference?.looser?.user as never), "analytics.view", "c1"); // false
 * ```
 */
export function comparePolicies(first: Policy, second: Policy): PolicyComparison {
  const [one, other] = [first, second].map((policy) => plainPolicy(compiledPolicyOf(policy), "comparePolicies")) as [
    CompiledPolicy,
    CompiledPolicy,
  ];
  const [forth, back] = [directionOf(one, other), directionOf(other, one)];
  const states = [...ownStates(forth, "first"), ...ownStates(back, "second")];
  const roles = [...ownRoles(one, other, "first"), ...ownRoles(other, one, "second")];
  const added = [...other.actions.keys()].filter((action) => !one.actions.has(action));
  const actions = [
    ...[...one.actions.keys()].map((action) => compareAction(forth, back, action)),
    ...added.map((action): ActionComparison => ({ action, verdict: "looser", only: "second" })),
  ];
  const all = [...states, ...roles].map(({ only }) => (only === "first" ? "stricter" : "looser"));
  const verdict = verdictOf([...all, ...actions.map((action) => action.verdict)]);
  return freeze({ first: first.name, second: second.name, verdict, actions, roles, states });
}

function verdictOf(verdicts: readonly Verdict[]): Verdict {
  const found = new Set(verdicts.filter((verdict) => verdict !== "equal"));
  const [verdict = "equal", more] = found;
  return more ? "different" : verdict;
}

function ownRoles(one: CompiledPolicy, other: CompiledPolicy, only: "first" | "second"): PolicyComparison["roles"] {
  return [...one.roles.values()].flatMap(({ name: role, fixed }) => {
    const otherRole = other.roles.get(role);
    if (!otherRole) return [{ role, only }];
    return !fixed && otherRole.fixed ? [{ role, only, grants: true as const }] : [];
  });
}

/** Two policies, and by area which states of the first are which of the other's. */
interface Direction {
  readonly one: CompiledPolicy;
  readonly other: CompiledPolicy;
  readonly pairs: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

function directionOf(one: CompiledPolicy, other: CompiledPolicy): Direction {
  return { one, other, pairs: new Map(one.areas.map((area) => [area.name, sharedStates(one, other, area)])) };
}

/** Lists the states that exist under one policy only. */
function ownStates({ one, pairs }: Direction, only: "first" | "second"): PolicyComparison["states"] {
  return one.areas.flatMap((area) => {
    const shared = new Set(pairs.get(area.name)?.keys());
    const keys = keysIn(one.keys, area);
    return statesIn(area.states)
      .filter((state) => !shared.has(state))
      .map((state) => ({
        area: area.name,
        grant: decodeGrant(keys, state),
        only,
        allows: allowedBy(one, area, state),
      }));
  });
}

/** Lists the actions that a state alone allows on one connection. */
function allowedBy(engine: CompiledPolicy, area: Area, state: number): readonly string[] {
  const held = unionOf(engine.areas.map((each) => (each === area ? state : lowestState(each))));
  const roles = [...engine.roles.values()].filter(({ fixed }) => !fixed);
  return [...engine.actions.keys()].filter((action) =>
    roles.some((role) => {
      const rule = ruleFor({ engine, role }, action);
      return meets(held, rule) && !meets(role.base, rule);
    }),
  );
}

/**
 * Pairs the states of an area with those of the same names under another policy; nothing held is the same everywhere.
 */
function sharedStates(one: CompiledPolicy, other: CompiledPolicy, area: Area): ReadonlyMap<number, number> {
  const otherArea = other.areas.find(({ name }) => name === area.name);
  const lowest = lowestState(area);
  if (!otherArea) return new Map([[lowest, 0]]);
  const nameOf = (engine: CompiledPolicy, of: Area, state: number) => {
    const grant = Object.entries(decodeGrant(keysIn(engine.keys, of), state)).filter(([, value]) => value !== false);
    return grant
      .map((entry) => JSON.stringify(entry))
      .sort()
      .join();
  };
  const byName = new Map(statesIn(otherArea.states).map((state) => [nameOf(other, otherArea, state), state]));
  const pairs = statesIn(area.states).flatMap((state): [number, number][] => {
    const same = state === lowest ? lowestState(otherArea) : byName.get(nameOf(one, area, state));
    return same === undefined ? [] : [[state, same]];
  });
  return new Map(pairs);
}

function compareAction(forth: Direction, back: Direction, action: string): ActionComparison {
  const { one, other } = forth;
  const target = one.actions.get(action)?.target;
  const otherTarget = other.actions.get(action)?.target;
  if (!otherTarget) return { action, verdict: "stricter", only: "first" };
  if (target !== otherTarget) return { action, verdict: "different" };
  const roles = [...one.roles.keys()].filter((role) => other.roles.has(role));
  const stricter = smallestWitness(forth, roles, action);
  const looser = smallestWitness(back, roles, action);
  const verdict = verdictOf([stricter ? "stricter" : "equal", looser ? "looser" : "equal"]);
  return { action, verdict, ...(looser && { looser }), ...(stricter && { stricter }) };
}

/** Shows the smallest situation in which a user may do an action under the first policy only. */
function smallestWitness(direction: Direction, roles: readonly string[], action: string): Witness | undefined {
  const { one } = direction;
  const [smallest] = roles
    .flatMap((name) => {
      const found = onlyFirst(direction, name, action);
      return found ? [{ ...found, role: one.roles.get(name) as Role }] : [];
    })
    .toSorted(bySize);
  return smallest && witnessOf(one, smallest.role, smallest);
}

/** Finds the smallest situation in which a user of a role may do an action under the first policy only. */
function onlyFirst(direction: Direction, name: string, action: string): Situation | undefined {
  const { one, other, pairs } = direction;
  const role = one.roles.get(name) as Role;
  const otherRole = other.roles.get(name) as Role;
  const { target: scope, clauses } = ruleFor({ engine: one, role }, action);
  const { clauses: otherClauses } = ruleFor({ engine: other, role: otherRole }, action);
  const permitted = { scope, clauses, holds: true };
  const denied = { scope, holds: false };
  if (role.fixed || otherRole.fixed) {
    const requirements = [
      { ...permitted, engine: one, role },
      { ...denied, clauses: otherClauses, engine: other, role: otherRole },
    ];
    return findFixedSituation(requirements, { withoutConnection: true, withStranger: true });
  }
  const shared = [...pairs.values()].flatMap((states) => [...states.keys()]);
  const search = (stranger?: number) =>
    findSituation(
      { areas: one.areas, states: unionOf(shared) },
      [permitted, { ...denied, clauses: otherClauses.flatMap((clause) => translated(direction, clause)) }],
      at("invalid-policy"),
      stranger,
    );
  return search() ?? (scope === "group" ? search(oneWord(one.stranger)) : undefined);
}

/**
 * Translates a clause of the other policy into the states of the first. Returns no clause if the first policy lacks its
 * area.
 */
function translated({ one, pairs }: Direction, clause: Clause): readonly Clause[] {
  if (!clause.area) return [clause];
  const { name } = clause.area;
  const area = one.areas.find((each) => each.name === name);
  if (!area) return [];
  const states = [...(pairs.get(name) as ReadonlyMap<number, number>)];
  const mask = (otherMask: number) => unionOf(states.flatMap(([state, same]) => (same & otherMask ? [state] : [])));
  return [{ ...clause, area, forbid: mask(clause.forbid), require: mask(clause.require) }];
}
