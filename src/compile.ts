import { type Area, layOut, maskOf, STRANGER, type State } from "./area.js";
import { expected, PolicyError, show } from "./errors.js";
import { freeze } from "./frozen.js";
import { encodeGrant } from "./grant.js";
import type { ClauseDefinition, DefinePolicy, Policy, TargetKind } from "./language.js";
import { refusal } from "./record.js";

/** The two masks of a clause, and what explanations say of it. */
export interface Clause {
  /** No connection may be in one of these states. */
  readonly forbid: number;
  /** Some connection must be in one of these states. */
  readonly require: number;
  /** The roles that the clause is for; any role where it names none. */
  readonly roles: readonly string[] | undefined;
  readonly area: Area | undefined;
  /** The rank of the level that the clause asks for, if it asks for one. */
  readonly rank: number;
  readonly kind: "level" | "exactly" | "some" | "flag";
}

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
  /** Every action's rule, with those clauses alone that the role fits. */
  readonly rules: ReadonlyMap<string, Rule>;
}

/** A policy as bits and masks. */
export interface Engine {
  readonly areas: readonly Area[];
  /** What a stranger gives. */
  readonly stranger: number;
  readonly roles: ReadonlyMap<string, Role>;
  /** Every action's rule, whole. */
  readonly rules: ReadonlyMap<string, Rule>;
}

/** The definition of an action, and of a clause, of any policy. */
export type AnyAction = Policy["actions"][string];
export type AnyClause = ClauseDefinition<string, string, string, string>;

// Keyed by the policy, so that masks stay out of reach and a look-alike is told at once.
const engines = new WeakMap<object, Engine>();

/** The engine of a policy, for every function that is given one. */
export function engineOf(policy: object): Engine {
  const engine = engines.get(policy);
  if (engine) return engine;
  throw new PolicyError("invalid-policy", `${show(policy)} is not a policy; expected what definePolicy returns`);
}

/** The rule of an action, from all rules or from those of a role. */
export function ruleOf(rules: ReadonlyMap<string, Rule>, action: string): Rule {
  const rule = rules.get(action);
  if (rule) return rule;
  throw new PolicyError("unknown-action", `${show(action)} is not an action; ${expected(rules.keys())}`);
}

export function areaOf(areas: readonly Area[], name: string): Area {
  const area = areas.find((one) => one.name === name);
  if (area) return area;
  throw new PolicyError("unknown-area", `${show(name)} is not an area; ${expected(areas.map((one) => one.name))}`);
}

/** Freezes a definition that is known to be right, and compiles it; `definePolicy` is the one that checks. */
export const compile: DefinePolicy = (definition) => {
  engines.set(definition, engineFor(definition as unknown as Policy));
  return freeze(definition);
};

/**
 * Turns a clause into its masks. Two conditions in one clause forbid the union and require the intersection:
 * a union would let "some connection at full access, every one with the flag" pass on a flag at a lower level.
 */
export function compileClause(areas: readonly Area[], clause: AnyClause): Clause {
  const { role, level, exactly, some, every } = clause;
  const roles = role === undefined ? undefined : [role].flat();
  const area = areas.find(({ name }) => name === clause.area);
  if (!area) return { forbid: STRANGER, require: ~STRANGER, roles, area, rank: 0, kind: "flag" };
  const { levels, states, lift } = area;
  const wanted = level ?? exactly ?? some;
  const rank = wanted === undefined ? 0 : levels.indexOf(wanted);
  const kind = level !== undefined ? "level" : exactly !== undefined ? "exactly" : some !== undefined ? "some" : "flag";
  const flagged = (state: State) => every === undefined || state.flags.includes(every);
  const tooLow = (state: State) => state.level < rank && !(state.level === 0 && lift >= rank);
  const enough = (state: State) => (kind === "exactly" ? state.level === rank : state.level >= rank);
  return {
    forbid: maskOf(states, (state) => !flagged(state) || (kind !== "some" && tooLow(state))),
    require: maskOf(states, (state) => flagged(state) && enough(state)),
    roles,
    area,
    rank,
    kind,
  };
}

function engineFor({ areas: shapes, roles, actions }: Policy): Engine {
  const areas = layOut(shapes);
  const lowest = areas.reduce((bits, { states }) => bits | maskOf(states, ({ level }) => level === 0), 0);
  const rules = Object.entries(actions).map(([action, { target, allow }]): [string, Rule] => [
    action,
    { action, target, clauses: ([allow].flat() as AnyClause[]).map((clause) => compileClause(areas, clause)) },
  ]);
  const compiledRoles = Object.entries(roles).map(([name, { holds }]): [string, Role] => {
    const fits = (clause: Clause) => clause.roles === undefined || clause.roles.includes(name);
    const fitting = rules.map(([action, rule]): [string, Rule] => [
      action,
      { ...rule, clauses: rule.clauses.filter(fits) },
    ]);
    const base =
      holds === undefined ? lowest : encodeGrant(areas, holds, refusal("invalid-policy", "roles", name, "holds"));
    return [name, { name, base, fixed: holds !== undefined, rules: new Map(fitting) }];
  });
  return { areas, stranger: lowest | STRANGER, roles: new Map(compiledRoles), rules: new Map(rules) };
}
