import { at, refuse, refuseLookAlike } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { expected, showValue } from "../base/message.js";
import { ownValue } from "../base/readers.js";
import { registryOf } from "../base/registry.js";
import type { ApprovalDefinition, ClauseDefinition, DefinePolicy, Policy, TargetKind } from "../types/index.js";
import { type Area, layOut, STRANGER } from "./area.js";
import { encodeGrant, type Key, keysOf } from "./grant-bits.js";

/** The two masks of a clause. */
interface Masks {
  /** No connection may be in one of these states. */
  readonly forbid: number;
  /** Some connection must be in one of these states. */
  readonly require: number;
}

/** A clause that a role alone satisfies. */
interface RoleClause extends Masks {
  readonly area: undefined;
}

/** A clause about an area, and what explanations say of it. */
export interface AreaClause extends Masks {
  readonly area: Area;
  /** What is asked of the level that has this rank; of a flag alone, nothing, and every rank is above it. */
  readonly asks: "level" | "exactly" | "some" | undefined;
  readonly rank: number;
}

export type Clause = RoleClause | AreaClause;

/** What one action takes of a role: those clauses alone that the role fits. */
export interface Rule {
  readonly action: string;
  readonly target: TargetKind;
  readonly clauses: readonly Clause[];
  /** Once a standing has any of these states, the answer is certain: every clause forbids it, or one that forbids none requires it. */
  readonly certain: number;
}

export interface Role {
  readonly name: string;
  /** What a known connection gives without a grant. */
  readonly base: number;
  /** Whether `base` holds everywhere, so that grants do not apply. */
  readonly fixed: boolean;
  /** The rules that were asked for, by action. */
  readonly rules: Map<string, Rule>;
  /** The lists of rules that were asked for, by kind of target. */
  readonly rulesAbout: Map<TargetKind, readonly Rule[]>;
}

/** A policy as bits and masks. */
export interface CompiledPolicy {
  readonly definition: Policy;
  readonly areas: readonly Area[];
  /** The keys of a grant. */
  readonly keys: readonly Key[];
  /** What a stranger gives. */
  readonly stranger: number;
  readonly roles: ReadonlyMap<string, Role>;
  readonly actions: ReadonlyMap<string, AnyAction>;
  readonly approval: ApprovalDefinition | undefined;
}

/** The definition of an action, and of a clause, of any policy. */
export type AnyAction = Policy["actions"][string];
export type AnyClause = ClauseDefinition<string, string, string, string>;

// Keyed by the policy, so that masks stay out of reach and a look-alike is told at once.
const engines = /* @__PURE__ */ registryOf<CompiledPolicy>("policy");

/** Gives the engine of a policy. */
export function compiledPolicyOf(policy: object): CompiledPolicy {
  return engines.get(policy) ?? refuseLookAlike("policy", policy, "definePolicy");
}

/** Tells whether two policies say the same: a module that is loaded twice defines its policy twice. */
export function isSamePolicy(one: CompiledPolicy, other: CompiledPolicy): boolean {
  return one === other || JSON.stringify(one.definition) === JSON.stringify(other.definition);
}

/** Gives the definition of an action. */
export function actionOf({ actions }: CompiledPolicy, action: string): AnyAction {
  return (
    actions.get(action) ??
    refuse(at("unknown-action"), `${showValue(action)} is not an action; ${expected(actions.keys())}`)
  );
}

/** Lists the clauses of an action. */
export function clausesOf({ allow }: AnyAction): readonly AnyClause[] {
  return [allow].flat() as AnyClause[];
}

/** Lists the roles that a clause is for; any role where there is none. */
export function rolesOf(clause: AnyClause): readonly string[] | undefined {
  const role = ownValue(clause, "role");
  return role === undefined ? role : ([role].flat() as string[]);
}

/** Tells whether a clause is for a role. */
export function isFor(clause: AnyClause, { name }: Role): boolean {
  return rolesOf(clause)?.includes(name) ?? true;
}

/** Gives the rule of an action for a role: made when it is first asked for, as many roles need few of many rules. */
export function ruleFor(
  { engine, role }: { readonly engine: CompiledPolicy; readonly role: Role },
  action: string,
): Rule {
  return role.rules.get(action) ?? makeRule(engine, role, action);
}

function makeRule(engine: CompiledPolicy, role: Role, action: string): Rule {
  const definition = actionOf(engine, action);
  const clauses = clausesOf(definition)
    .filter((clause) => isFor(clause, role))
    .map((clause) => compileClause(engine.areas, clause));
  let no = ~0;
  let yes = 0;
  for (const { forbid, require } of clauses) {
    no &= forbid;
    if (forbid === 0) yes |= require;
  }
  const rule = { action, target: definition.target, clauses, certain: no | yes };
  role.rules.set(action, rule);
  return rule;
}

/** Gives the rules of all actions on a kind of target for a role, in the policy's order. */
export function rulesAbout(
  of: { readonly engine: CompiledPolicy; readonly role: Role },
  kind: TargetKind,
): readonly Rule[] {
  const { engine, role } = of;
  const known = role.rulesAbout.get(kind);
  if (known) return known;
  const actions = [...engine.actions].filter(([, { target }]) => target === kind);
  const rules = actions.map(([action]) => ruleFor(of, action));
  role.rulesAbout.set(kind, rules);
  return rules;
}

/** Gives how a policy takes part in the approval flow. */
export function approvalOf({ approval }: CompiledPolicy): ApprovalDefinition {
  return (
    approval ?? refuse(at("invalid-policy"), "a policy without approval; expected one that defines its approval flow")
  );
}

/** Gives the action that approves in a step, counted from zero: of a list, the last one is asked in all further steps. */
export function approveActionOf({ approve }: ApprovalDefinition, step: number): string {
  return typeof approve === "string" ? approve : (approve[Math.min(step, approve.length - 1)] as string);
}

/** Gives an area by its name. */
export function areaOf({ areas }: CompiledPolicy, name: string): Area {
  return (
    areas.find((area) => area.name === name) ??
    refuse(at("unknown-area"), `${showValue(name)} is not an area; ${expected(areas.map((area) => area.name))}`)
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
  const area = areas.find(({ name }) => name === ownValue(definition, "area"));
  if (!area) return { forbid: STRANGER, require: ~STRANGER, area };
  const { levels, atLevel, flags, states, lift } = area;
  const asks = (["level", "exactly", "some"] as const).find((key) => ownValue(definition, key) !== undefined);
  const rank = levels.indexOf((asks && definition[asks]) as string);
  const flagged = flags.get(ownValue(definition, "every") as string) ?? states;
  let tooLow = 0;
  let enough = 0;
  for (const [each, bits] of atLevel.entries()) {
    if (asks === "exactly" ? each === rank : each >= rank) enough |= bits;
    if (asks !== "some" && each < rank && (each > 0 || lift < rank)) tooLow |= bits;
  }
  return { forbid: (states & ~flagged) | tooLow, require: flagged & enough, area, asks, rank };
}

function engineFor(policy: Policy): CompiledPolicy {
  const { areas: shapes, roles, actions } = policy;
  const areas = layOut(shapes);
  const keys = keysOf(areas);
  const encode = (grant: object) => encodeGrant(keys, grant, at("invalid-policy"));
  const compiledRoles = Object.entries(roles).map(([name, role]): [string, Role] => {
    const holds = ownValue(role, "holds");
    return [
      name,
      { name, base: encode(holds ?? {}), fixed: holds !== undefined, rules: new Map(), rulesAbout: new Map() },
    ];
  });
  return {
    definition: policy,
    areas,
    keys,
    stranger: encode({}) | STRANGER,
    roles: new Map(compiledRoles),
    actions: new Map(Object.entries(actions)),
    approval: ownValue(policy, "approval"),
  };
}
