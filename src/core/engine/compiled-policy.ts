import { at, refuse, refuseLookAlike } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { expected, showValue } from "../base/message.js";
import { ownValue } from "../base/readers.js";
import { registryOf } from "../base/registry.js";
import type { ApprovalDefinition, DefinePolicy, Policy, TargetKind } from "../types/index.js";
import { type Area, layOut, STRANGER } from "./area.js";
import { type Bits, withBit } from "./bits.js";
import { bitsOfGrant, type Key, keysOf } from "./grant-bits.js";
import { type AnyAction, makeRule, type Role, type Rule } from "./rule.js";

/** A policy as bits and masks. */
export interface CompiledPolicy {
  readonly definition: Policy;
  readonly areas: readonly Area[];
  /** The keys of a grant on a connection. */
  readonly keys: readonly Key[];
  /** The keys of what is held in the account. */
  readonly accountKeys: readonly Key[];
  /** The words of a grant on a connection. */
  readonly words: readonly number[];
  /** The relations of users to a post. */
  readonly relations: readonly string[];
  /** What a stranger gives. */
  readonly stranger: Bits;
  /** What a user holds in the account without any grant. */
  readonly nothingInAccount: Bits;
  readonly roles: ReadonlyMap<string, Role>;
  /** The roles again, for limited users whom no clause about a role is for. */
  readonly unnamedRoles: ReadonlyMap<string, Role>;
  readonly actions: ReadonlyMap<string, AnyAction>;
  readonly approval: ApprovalDefinition | undefined;
}

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

/** Refuses a user or a matrix of another policy: its rules would answer. */
export function checkPolicyOf(kind: "user" | "matrix", found: CompiledPolicy, wanted: CompiledPolicy): void {
  if (isSamePolicy(found, wanted)) return;
  const name = showValue(wanted.definition.name);
  refuse(at(`invalid-${kind}`), `a ${kind} of another policy; expected a ${kind} of ${name}`);
}

/** Gives the definition of an action. */
export function actionOf({ actions }: CompiledPolicy, action: string): AnyAction {
  return (
    actions.get(action) ??
    refuse(at("unknown-action"), `${showValue(action)} is not an action; ${expected(actions.keys())}`)
  );
}

/** Gives the rule of an action for a role: made when it is first asked for, as many roles need few of many rules. */
export function ruleFor(
  { engine, role }: { readonly engine: CompiledPolicy; readonly role: Role },
  action: string,
): Rule {
  return role.rules.get(action) ?? keepRule(engine, role, action);
}

function keepRule(engine: CompiledPolicy, role: Role, action: string): Rule {
  const rule = makeRule(engine.areas, role, action, actionOf(engine, action));
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
  return freeze(definition) as never;
};

function engineFor(policy: Policy): CompiledPolicy {
  const { areas: shapes, roles, actions } = policy;
  const areas = layOut(shapes);
  const keys = keysOf(areas.filter(({ isOfAccount }) => !isOfAccount));
  const accountKeys = keysOf(areas.filter(({ isOfAccount }) => isOfAccount));
  const half = (of: readonly Key[], holds: Readonly<Record<string, unknown>>) => ({
    bits: bitsOfGrant(of, holds),
    fixed: of.some(({ name }) => ownValue(holds, name) !== undefined),
  });
  const compiledRoles = Object.entries(roles).map(([name, role]): Role => {
    const holds = ownValue(role, "holds");
    const [connection, account] = [half(keys, holds ?? {}), half(accountKeys, holds ?? {})];
    // A role that names nothing at all holds nothing everywhere, as it always did.
    const fixed = connection.fixed || (holds !== undefined && !account.fixed);
    const fixedAccount = account.fixed;
    const compiled = { name, base: connection.bits, fixed, account: account.bits, fixedAccount, isNamed: true };
    return { ...compiled, rules: new Map(), rulesAbout: new Map() };
  });
  const unnamedRoles = compiledRoles.map(
    (role): Role => ({ ...role, isNamed: false, rules: new Map(), rulesAbout: new Map() }),
  );
  const byName = (all: readonly Role[]) => new Map(all.map((role) => [role.name, role]));
  const nothing = bitsOfGrant(keys, {});
  return {
    definition: policy,
    areas,
    keys,
    accountKeys,
    words: typeof nothing === "number" ? [0] : nothing.map((_, word) => word),
    relations: ownValue(policy, "relations") ?? [],
    stranger: withBit(nothing, STRANGER),
    nothingInAccount: bitsOfGrant(accountKeys, {}),
    roles: byName(compiledRoles),
    unnamedRoles: byName(unnamedRoles),
    actions: new Map(Object.entries(actions)),
    approval: ownValue(policy, "approval"),
  };
}
