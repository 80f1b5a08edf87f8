import { at, type Place } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { showId as nameIn } from "../../core/base/message.js";
import { readLastArgument } from "../../core/base/readers.js";
import { actionOf, type CompiledPolicy, compiledPolicyOf, ruleFor } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import { meetsOnSomePost } from "../../core/targets/relations.js";
import type { Policy } from "../../core/types/index.js";
import { findForRole } from "../search/find-for-role.js";
import { smallestOf } from "../search/situation.js";
import { type CheckedCondition, type PolicyProperties, readProperties } from "./claims.js";
import { groupDifferences } from "./group-differences.js";
import type { Finding, PolicyCheck, PolicyReport } from "./policy-report.js";
import { alikeIn, lossesIn } from "./replaced-states.js";
import { witnessOf } from "./witness.js";

/**
 * Checks what a policy means, for every role and every standing, and so for groups of every size.
 *
 * Every policy is checked for this: nothing is allowed without a grant or a role that gives it (law 1); a higher level
 * never takes an action away (law 4), except where the author lists it; somebody can do each action, and no action is
 * for everybody; no two levels or flags mean the same. Your properties add actions that must be separate, claims, and
 * whether a group is what each of its connections is.
 * The result is a proof. A check that fails comes with its smallest counterexample, among groups of connections that
 * the user knows.
 *
 * @param last `{ exceptions?, separate?, group?, claims? }`.
 * @returns a frozen `PolicyReport`, as plain JSON; `formatReport` makes a text of it.
 * @throws `PolicyError` `invalid-policy`, with the path to the fault in the properties. A claim whose conditions have
 * too many combinations of clauses is a fault too.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { checkPolicy } from "channel-grants/analysis";
 *
 * const { holds, checks } = checkPolicy(engage, {
 *   separate: [["publish.submit", "publish.approve"]],
 *   claims: [{ name: "E16", when: [{ area: "publish", exactly: "needs-approval" }], never: ["publish.approve"] }],
 * });
 * holds; // false
 * checks.filter((each) => !each.holds).map(({ about }) => about); // ["publish.submit and publish.approve"]
 * checks.at(-2)?.findings[0]?.witness?.user.grants; // { c1: { publish: "full-access", approver: true } }
 * ```
 */
export function checkPolicy<P extends Policy>(
  policy: P,
  ...last: readonly [properties?: PolicyProperties<P>]
): PolicyReport<P> {
  const engine = compiledPolicyOf(policy);
  const { exceptions, separate, group, claims } = readProperties(
    engine,
    readLastArgument(last, at("invalid-policy", "properties"), {}),
  );
  const actions = [...engine.actions.keys()];
  const roles = [...engine.roles.values()];
  const isMeant = ({ action }: Finding) => exceptions.includes(action as string);
  const given = actions.flatMap((action) => givenBy(engine, action));
  const counter = (wanted: boolean) => (action: string) => {
    const { target: scope } = actionOf(engine, action);
    return roles.some((role) => {
      const { clauses } = ruleFor({ engine, role }, action);
      const requirements = [{ role, scope, clauses, holds: wanted }];
      return findForRole({ role, requirements, place: at("invalid-policy"), withoutConnection: true });
    });
  };
  const without = (isDone: (action: string) => boolean) =>
    actions.filter((action) => !isDone(action)).map((action): Finding => ({ action }));
  const checks = [
    resultOf("default-deny", given, (finding) => byRole(engine, finding)),
    resultOf("raising", lossesIn(engine), isMeant),
    resultOf("nobody", without(counter(true))),
    resultOf("everybody", without(counter(false))),
    resultOf(
      "told-apart",
      engine.areas.flatMap((area) => alikeIn(engine, area)),
    ),
    ...(group
      ? [
          resultOf("group", groupDifferences(engine, group.place), ({ action }) =>
            group.exceptions.includes(action as string),
          ),
        ]
      : []),
    ...separate.map(({ place, pair: [one, other] }) => ({
      ...resultOf("separate", counterexample(engine, place, [one], other, true)),
      about: [one, other].map(({ condition }) => nameIn(condition as string)).join(" and "),
      actions: [one, other].map(({ condition }) => condition as string),
    })),
    ...claims.map(({ place, name, when, always, never }) => ({
      ...resultOf("claim", [
        ...always.flatMap((condition) => counterexample(engine, place, when, condition, false)),
        ...never.flatMap((condition) => counterexample(engine, place, when, condition, true)),
      ]),
      about: name,
    })),
  ];
  const holds = checks.every((check) => check.holds);
  return freeze({ policy: policy.name, holds, checks }) as unknown as PolicyReport<P>;
}

function resultOf(
  check: PolicyCheck["check"],
  found: readonly Finding[],
  isMeant: (finding: Finding) => boolean = () => false,
): PolicyCheck {
  const findings = found.filter((finding) => !isMeant(finding));
  return { check, holds: findings.length === 0, findings, exceptions: found.filter(isMeant) };
}

/** Finds the roles that may do an action without a grant, whatever they have to be to a post for it. */
function givenBy(engine: CompiledPolicy, action: string): readonly Finding[] {
  const roles = [...engine.roles.values()].filter((role) =>
    meetsOnSomePost(role.base, ruleFor({ engine, role }, action), role.account),
  );
  return roles.length > 0 ? [{ action, roles: roles.map(({ name }) => name) }] : [];
}

/** Tells whether each of these roles holds something everywhere, or is given it by a clause that asks of no area. */
function byRole(engine: CompiledPolicy, { action, roles = [] }: Finding): boolean {
  return roles.every((name) => {
    const role = engine.roles.get(name) as Role;
    const { clauses } = ruleFor({ engine, role }, action as string);
    return role.fixed || role.fixedAccount || clauses.some(({ parts }) => parts.length === 0);
  });
}

/**
 * Finds the smallest situation of a user with at least one known connection in which all conditions hold, and the last
 * one holds or fails as asked.
 */
function counterexample(
  engine: CompiledPolicy,
  place: Place,
  when: readonly CheckedCondition[],
  last: CheckedCondition,
  holds: boolean,
): readonly Finding[] {
  const found = [...engine.roles.values()].flatMap((role) => {
    const requirements = [...when.map((condition) => condition.requirement(role, true)), last.requirement(role, holds)];
    const situation = findForRole({ role, requirements, place, withoutConnection: false });
    return situation ? [{ ...situation, role }] : [];
  });
  const smallest = smallestOf(found);
  if (!smallest) return [];
  return [{ condition: last.condition, witness: witnessOf(engine, smallest.role, smallest) }];
}
