import { type Area, layOut, maskOf, STRANGER, type State } from "./area.js";
import { expected, show } from "./errors.js";
import { freeze } from "./frozen.js";
import { encodeGrant } from "./grant.js";
import type { ApprovalDefinition, ClauseDefinition, DefinePolicy, Policy, TargetKind } from "./language.js";
import { at, refuse } from "./place.js";
import { own } from "./record.js";

/** The two masks of a clause, and the roles that it is for: any role where it names none. */
interface Masks {
  /** No connection may be in one of these states. */
  readonly forbid: number;
  /** Some connection must be in one of these states. */
  readonly require: number;
  readonly roles: ReadonlySet<string> | undefined;
}

/** A clause that a role alone satisfies. */
interface RoleClause extends Masks {
  readonly area: undefined;
}

/** A clause about an area, and what explanations say of it. */
export interface AreaClause extends Masks {
  readonly area: Area;
  /** What is asked of the level that has this rank; of a flag alone, nothing, and the rank is 0. */
  readonly asks: "level" | "exactly" | "some" | "flag";
  readonly rank: number;
}

export type Clause = RoleClause | AreaClause;

/** What one action takes. */
export interface Rule {
  readonly action: string;
  readonly target: TargetKind;
  readonly clauses: readonly Clause[];
}

export interface Role {
  readonly name: string;
  /** What a known connection gives without a grant. */
  readonly base: number;
  /** Whether `base` holds everywhere, so that grants do not apply. */
  readonly fixed: boolean;
  /** The rules that were asked for, with those clauses alone that the role fits. */
  readonly rules: Map<string, Rule>;
}

/** A policy as bits and masks. */
export interface Engine {
  readonly areas: readonly Area[];
  /** What a stranger gives. */
  readonly stranger: number;
  readonly roles: ReadonlyMap<string, Role>;
  /** Every action's rule, whole. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly approval: ApprovalDefinition | undefined;
}

/** The definition of an action, and of a clause, of any policy. */
export type AnyAction = Policy["actions"][string];
export type AnyClause = ClauseDefinition<string, string, string, string>;

// Keyed by the policy, so that masks stay out of reach and a look-alike is told at once.
const engines = new WeakMap<object, Engine>();

/** Gives the engine of a policy. */
export function engineOf(policy: object): Engine {
  return (
    engines.get(policy) ??
    refuse(at("invalid-policy"), `${show(policy)} is not a policy; expected what definePolicy returns`)
  );
}

/** Gives the rule of an action. */
export function ruleOf({ rules }: Engine, action: string): Rule {
  return (
    rules.get(action) ?? refuse(at("unknown-action"), `${show(action)} is not an action; ${expected(rules.keys())}`)
  );
}

/** Gives the rule of an action as it is for a role: made when it is first asked for, as many roles need few of many rules. */
export function ruleFor({ engine, role }: { readonly engine: Engine; readonly role: Role }, action: string): Rule {
  const known = role.rules.get(action);
  if (known) return known;
  const rule = ruleOf(engine, action);
  const fitting = { ...rule, clauses: rule.clauses.filter(({ roles }) => roles === undefined || roles.has(role.name)) };
  role.rules.set(action, fitting);
  return fitting;
}

/** Gives how a policy takes part in the approval flow. */
export function approvalOf({ approval }: Engine): ApprovalDefinition {
  return (
    approval ?? refuse(at("invalid-policy"), "a policy without approval; expected one that defines its approval flow")
  );
}

/** Gives an area by its name. */
export function areaOf({ areas }: Engine, name: string): Area {
  return (
    areas.find((area) => area.name === name) ??
    refuse(at("unknown-area"), `${show(name)} is not an area; ${expected(areas.map((area) => area.name))}`)
  );
}

/** Compiles a definition and freezes it. It is known to be right: `definePolicy` has checked it. */
export const compile: DefinePolicy = (definition) => {
  engines.set(definition, engineFor(definition as unknown as Policy));
  return freeze(definition);
};

/**
 * Turns a clause into its masks. Two conditions in one clause forbid the union and require the intersection:
 * a union would let "some connection at full access, every one with the flag" pass on a flag at a lower level.
 */
export function compileClause(areas: readonly Area[], definition: AnyClause): Clause {
  const role = own(definition, "role");
  const every = own(definition, "every");
  const roles = role === undefined ? undefined : new Set([role].flat());
  const area = areas.find(({ name }) => name === own(definition, "area"));
  if (!area) return { forbid: STRANGER, require: ~STRANGER, roles, area: undefined };
  const { levels, states, lift } = area;
  const asks = (["level", "exactly", "some"] as const).find((key) => own(definition, key) !== undefined) ?? "flag";
  const rank = asks === "flag" ? 0 : levels.indexOf(definition[asks] as string);
  const flagged = (state: State) => every === undefined || state.flags.includes(every);
  const tooLow = (state: State) => state.level < rank && !(state.level === 0 && lift >= rank);
  const enough = (state: State) => (asks === "exactly" ? state.level === rank : state.level >= rank);
  return {
    forbid: maskOf(states, (state) => !flagged(state) || (asks !== "some" && tooLow(state))),
    require: maskOf(states, (state) => flagged(state) && enough(state)),
    roles,
    area,
    asks,
    rank,
  };
}

function engineFor(policy: Policy): Engine {
  const { areas: shapes, roles, actions } = policy;
  const areas = layOut(shapes);
  const lowest = areas.reduce((bits, { states }) => bits | maskOf(states, ({ level }) => level === 0), 0);
  const rules = Object.entries(actions).map(([action, { target, allow }]): [string, Rule] => [
    action,
    { action, target, clauses: ([allow].flat() as AnyClause[]).map((clause) => compileClause(areas, clause)) },
  ]);
  const compiledRoles = Object.entries(roles).map(([name, role]): [string, Role] => {
    const holds = own(role, "holds");
    const base = holds === undefined ? lowest : encodeGrant(areas, holds, at("invalid-policy"));
    return [name, { name, base, fixed: holds !== undefined, rules: new Map() }];
  });
  return {
    areas,
    stranger: lowest | STRANGER,
    roles: new Map(compiledRoles),
    rules: new Map(rules),
    approval: own(policy, "approval"),
  };
}
