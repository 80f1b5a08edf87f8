import { at } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import type { Area } from "../../core/engine/area.js";
import { type CompiledPolicy, compiledPolicyOf, ruleFor } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import { lowestState, statesIn, unionOf } from "../../core/engine/standing.js";
import { meetsOnSomePost } from "../../core/targets/relations.js";
import type { Policy } from "../../core/types/index.js";
import { findForRole } from "../search/find-for-role.js";
import type { Translation } from "../search/literals.js";
import { type Situation, smallestOf, withState } from "../search/situation.js";
import { spellState } from "../search/spell-state.js";
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
  /**
   * Roles that only one policy has, or that take grants in one policy and hold the same everywhere in the other; the same
   * for what is held in the account.
   */
  readonly roles: readonly {
    readonly role: string;
    readonly only: "first" | "second";
    readonly grants?: true;
    readonly account?: true;
  }[];
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
  const [one, other] = [compiledPolicyOf(first), compiledPolicyOf(second)];
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
  return [...one.roles.values()].flatMap(({ name: role, fixed, fixedAccount }) => {
    const otherRole = other.roles.get(role);
    if (!otherRole) return [{ role, only }];
    const takesAccount = one.accountKeys.length > 0 && !fixedAccount;
    return [
      ...(!fixed && otherRole.fixed ? [{ role, only, grants: true as const }] : []),
      ...(takesAccount && otherRole.fixedAccount ? [{ role, only, account: true as const }] : []),
    ];
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
    return statesIn(area.states)
      .filter((state) => !shared.has(state))
      .map((state) => ({
        area: area.name,
        grant: spellState(one, area, state),
        only,
        allows: allowedBy(one, area, state),
      }));
  });
}

/**
 * Lists the actions that a state alone allows on one connection, or in the account, to a user who is to the post what a
 * clause asks.
 */
function allowedBy(engine: CompiledPolicy, area: Area, state: number): readonly string[] {
  const { isOfAccount } = area;
  const roles = [...engine.roles.values()].filter((role) => !(isOfAccount ? role.fixedAccount : role.fixed));
  return [...engine.actions.keys()].filter((action) =>
    roles.some((role) => {
      const rule = ruleFor({ engine, role }, action);
      const { base, account } = role;
      const [bits, held] = isOfAccount
        ? [base, withState(account, area, state)]
        : [withState(base, area, state), account];
      return meetsOnSomePost(bits, rule, held) && !meetsOnSomePost(base, rule, account);
    }),
  );
}

/**
 * Pairs the states of an area with those of the same names under another policy; nothing held is the same everywhere.
 */
function sharedStates(one: CompiledPolicy, other: CompiledPolicy, area: Area): ReadonlyMap<number, number> {
  const otherArea = sameArea(other, area);
  const lowest = lowestState(area);
  if (!otherArea) return new Map([[lowest, 0]]);
  const nameOf = (engine: CompiledPolicy, of: Area, state: number) => {
    const grant = Object.entries(spellState(engine, of, state)).filter(([, value]) => value !== false);
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

/** Finds the area of another policy that has the same name and is held in the same way. */
function sameArea({ areas }: CompiledPolicy, { name, isOfAccount }: Area): Area | undefined {
  return areas.find((area) => area.name === name && area.isOfAccount === isOfAccount);
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
  const { one, other } = direction;
  const found = roles.flatMap((name) => {
    const situation = onlyFirst(direction, name, action);
    return situation ? [{ ...situation, role: one.roles.get(name) as Role }] : [];
  });
  const smallest = smallestOf(found);
  const relations = [...new Set([...one.relations, ...other.relations])];
  return smallest && witnessOf(one, smallest.role, smallest, relations);
}

/** Finds the smallest situation in which a user of a role may do an action under the first policy only. */
function onlyFirst(direction: Direction, name: string, action: string): Situation | undefined {
  const { one, other, pairs } = direction;
  const role = one.roles.get(name) as Role;
  const otherRole = other.roles.get(name) as Role;
  const { target: scope, clauses } = ruleFor({ engine: one, role }, action);
  const { clauses: otherClauses } = ruleFor({ engine: other, role: otherRole }, action);
  const translate = (area: Area) => translationOf(direction, area);
  return findForRole({
    role,
    otherRole,
    requirements: [
      { role, scope, clauses, holds: true },
      { role: otherRole, scope, clauses: otherClauses, holds: false, translate },
    ],
    place: at("invalid-policy"),
    withoutConnection: true,
    withStranger: scope === "group",
    statesOf: ({ name }) => unionOf([...(pairs.get(name) as ReadonlyMap<number, number>).keys()]),
  });
}

/** Translates an area of the other policy into the first's. Returns nothing if the first policy lacks it. */
function translationOf({ one, pairs }: Direction, otherArea: Area): Translation | undefined {
  const area = sameArea(one, otherArea);
  if (!area) return undefined;
  const states = [...(pairs.get(area.name) as ReadonlyMap<number, number>)];
  return { area, mask: (of) => unionOf(states.flatMap(([state, same]) => (same & of ? [state] : []))) };
}
