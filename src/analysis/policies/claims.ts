import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { showValue } from "../../core/base/message.js";
import { readList, readName, readQuestion, readString } from "../../core/base/readers.js";
import { actionOf, type CompiledPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import { type AnyClause, compileClause, isFor, type Role } from "../../core/engine/rule.js";
import { readClause } from "../../core/policies/read-clause.js";
import type {
  ActionOf,
  AreaOf,
  ClauseDefinition,
  FlagOf,
  LevelOf,
  Policy,
  RelationOf,
  RoleOf,
} from "../../core/types/index.js";
import type { Requirement } from "../search/literals.js";

/**
 * A condition of a claim: the name of an action, which must be allowed, or a clause, which must hold.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { Condition } from "channel-grants/analysis";
 *
 * const conditions: Condition<Engage>[] = ["publish.approve", { area: "publish", exactly: "needs-approval" }];
 * conditions.length; // 2
 * ```
 */
export type Condition<P extends Policy = Policy> =
  | ActionOf<P>
  | ClauseDefinition<AreaOf<P>, LevelOf<P>, FlagOf<P>, RoleOf<P>, RelationOf<P>>;

/**
 * A statement about a policy that its author wants proved: whenever all of `when` hold, each of `always` holds too, and
 * none of `never`.
 *
 * A claim is about any user and any post group of one or more connections that the user knows. If an action has the
 * target "connection", it is asked about one connection of the group, the same for all conditions. A clause is asked
 * about the group; a clause of role or areas of the account alone, about the user. What the user is to the post is the
 * same for all conditions. If all conditions are about the account as a whole, the
 * claim covers only users who know a connection: without one, a role that holds everywhere holds nothing.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type Claim, checkPolicy } from "channel-grants/analysis";
 *
 * const e16: Claim<Engage> = {
 *   name: "E16",
 *   when: [{ area: "publish", exactly: "needs-approval" }],
 *   never: ["publish.approve", "publish.reject"],
 * };
 * checkPolicy(engage, { claims: [e16] }).holds; // true
 * ```
 */
export interface Claim<P extends Policy = Policy> {
  readonly name: string;
  readonly when?: readonly Condition<P>[];
  readonly always?: readonly Condition<P>[];
  readonly never?: readonly Condition<P>[];
}

/**
 * The properties of one policy that its author wants checked, beside those that are checked of every policy.
 *
 * @example
 * ```ts
 * import { type Buffer, buffer } from "channel-grants";
 * import { checkPolicy, type PolicyProperties } from "channel-grants/analysis";
 *
 * const properties: PolicyProperties<Buffer> = {
 *   exceptions: ["drafts.request-approval"],
 *   separate: [["drafts.request-approval", "drafts.approve"]],
 * };
 * checkPolicy(buffer, properties).holds; // true
 * ```
 */
export interface PolicyProperties<P extends Policy = Policy> {
  /** Actions that a higher level may take away on purpose, such as B8's. */
  readonly exceptions?: readonly ActionOf<P>[];
  /** Pairs of actions that must be separate: nobody may do both on the same group. */
  readonly separate?: readonly (readonly [ActionOf<P>, ActionOf<P>])[];
  /**
   * Asks that what is allowed on a group is allowed on each of its connections alone, and the other way round, except for
   * the actions that differ on purpose: those that use `some`, `exactly` or a lift.
   */
  readonly group?: { readonly exceptions?: readonly ActionOf<P>[] };
  readonly claims?: readonly Claim<P>[];
}

/** A claim that was checked: its conditions, each with its requirement of a role. */
export interface CheckedClaim {
  readonly place: Place;
  readonly name: string;
  readonly when: readonly CheckedCondition[];
  readonly always: readonly CheckedCondition[];
  readonly never: readonly CheckedCondition[];
}

export interface CheckedCondition {
  readonly condition: Condition;
  requirement(role: Role, holds: boolean): Requirement;
}

/** Properties that were read. */
export interface CheckedProperties {
  readonly exceptions: readonly string[];
  readonly separate: readonly { readonly place: Place; readonly pair: readonly [CheckedCondition, CheckedCondition] }[];
  /** The actions that differ on a group on purpose; nothing if groups are not checked. */
  readonly group: { readonly place: Place; readonly exceptions: readonly string[] } | undefined;
  readonly claims: readonly CheckedClaim[];
}

/** Reads the author's properties of a policy. */
export function readProperties(
  engine: CompiledPolicy,
  source: unknown,
  place: Place = at("invalid-policy"),
): CheckedProperties {
  const fields = readQuestion(source, place, ["exceptions", "separate", "group", "claims"]);
  const list = <Item>(key: string, read: (value: unknown, place: Place) => Item): readonly Item[] =>
    fields.has(key) ? readList(fields.get(key), below(place, key), read) : [];
  return {
    exceptions: list("exceptions", (value, each) => readName(value, each, engine.actions)),
    separate: list("separate", (value, each) => readPair(engine, value, each)),
    group: fields.has("group") ? readGroup(engine, fields.get("group"), below(place, "group")) : undefined,
    claims: list("claims", (value, each) => readClaim(engine, value, each)),
  };
}

function readGroup(engine: CompiledPolicy, source: unknown, place: Place): CheckedProperties["group"] {
  const fields = readQuestion(source, place, ["exceptions"]);
  if (!fields.has("exceptions")) return { place, exceptions: [] };
  const exceptions = readList(fields.get("exceptions"), below(place, "exceptions"), (value, each) => {
    const action = readName(value, each, engine.actions);
    if (actionOf(engine, action).target === "group") return action;
    return refuse(each, `${showValue(action)} is not about a group; expected an action with the target "group"`);
  });
  return { place, exceptions };
}

function readPair(engine: CompiledPolicy, source: unknown, place: Place): CheckedProperties["separate"][number] {
  const [one, other, ...more] = readList(source, place, (value, each) => readName(value, each, engine.actions));
  if (one === undefined || other === undefined || more.length > 0) {
    return refuse(place, "a list that is no pair; expected two actions");
  }
  return { place, pair: [ofAction(engine, one), ofAction(engine, other)] };
}

function readClaim(engine: CompiledPolicy, source: unknown, place: Place): CheckedClaim {
  const fields = readQuestion(source, place, ["name", "when", "always", "never"]);
  const list = (key: string) =>
    fields.has(key)
      ? readList(fields.get(key), below(place, key), (value, each) => readCondition(engine, value, each))
      : [];
  const name = readString(fields.get("name"), below(place, "name"), "a name");
  const claim = { place, name, when: list("when"), always: list("always"), never: list("never") };
  if (claim.always.length + claim.never.length > 0) return claim;
  return refuse(place, `${showValue(name)} claims nothing; expected what is always so, or never`);
}

function readCondition(engine: CompiledPolicy, source: unknown, place: Place): CheckedCondition {
  if (typeof source === "string") return ofAction(engine, readName(source, place, engine.actions));
  const areas = new Map(engine.areas.map((area) => [area.name, area]));
  const relations = new Set(engine.relations);
  return ofClause(engine, readClause(source, place, "group", { areas, roles: engine.roles, relations }));
}

function ofAction(engine: CompiledPolicy, action: string): CheckedCondition {
  const { target: scope } = actionOf(engine, action);
  return {
    condition: action,
    requirement: (role, holds) => ({ role, scope, clauses: ruleFor({ engine, role }, action).clauses, holds }),
  };
}

function ofClause({ areas }: CompiledPolicy, clause: AnyClause): CheckedCondition {
  const compiled = compileClause(areas, clause);
  const { parts, account, is, isNot } = compiled;
  // What asks nothing of connections is asked of the user: over a group, a stranger would be a reason for no.
  const isOfUser = parts.length === account.length && is === undefined && isNot.length === 0;
  const scope = isOfUser ? "none" : "group";
  return {
    condition: clause as Condition,
    requirement: (role, holds) => ({ role, scope, clauses: isFor(clause, role) ? [compiled] : [], holds }),
  };
}
