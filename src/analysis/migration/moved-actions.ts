import { at } from "../../core/base/faults.js";
import type { Area } from "../../core/engine/area.js";
import { type CompiledPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import { unionOf } from "../../core/engine/standing.js";
import { findForRole } from "../search/find-for-role.js";
import type { Translation } from "../search/literals.js";
import { type Situation, smallestOf } from "../search/situation.js";
import type { CheckedMapping } from "./read-mapping.js";

/** How an action changes for users who are moved to another policy: the smallest situation in which it is gained, or lost. */
export interface MovedAction {
  readonly action: string;
  /** The policy that has the action, if the other one lacks it. */
  readonly only?: "first" | "second";
  /** True if the action is about another kind of target afterwards. */
  readonly isOtherTarget?: true;
  readonly gained?: RoleSituation;
  readonly lost?: RoleSituation;
}

/** A situation of a role under the first policy. */
export type RoleSituation = Situation & { readonly role: Role };

/** Compares what users may do under one policy with what they may do under another once they are moved to it. */
export function movedActions(
  from: CompiledPolicy,
  to: CompiledPolicy,
  { roles, areas }: CheckedMapping,
): readonly MovedAction[] {
  const added = [...to.actions.keys()].filter((action) => !from.actions.has(action));
  const sources = new Map(
    [...areas].flatMap(([area, moved]) => (moved ? [[moved.area, { area, moved }] as const] : [])),
  );
  const translate = (other: Area): Translation | undefined => {
    const source = sources.get(other);
    if (!source) return undefined;
    const states = [...source.moved.states];
    return {
      area: source.area,
      mask: (of) => unionOf(states.flatMap(([state, next]) => (next & of ? [state] : []))),
    };
  };
  const smallest = (action: string, isGain: boolean): RoleSituation | undefined => {
    const found = [...roles].flatMap(([role, otherRole]) => {
      const { target: scope, clauses } = ruleFor({ engine: from, role }, action);
      const { clauses: otherClauses } = ruleFor({ engine: to, role: otherRole }, action);
      const situation = findForRole({
        role,
        otherRole,
        hasGrants: true,
        requirements: [
          { role, scope, clauses, holds: !isGain },
          { role: otherRole, scope, clauses: otherClauses, holds: isGain, translate },
        ],
        place: at("invalid-policy"),
        withoutConnection: true,
        withStranger: scope === "group",
      });
      return situation ? [{ ...situation, role }] : [];
    });
    return smallestOf(found);
  };
  const compared = [...from.actions].map(([action, { target }]): MovedAction => {
    const otherTarget = to.actions.get(action)?.target;
    if (otherTarget === undefined) return { action, only: "first" };
    if (otherTarget !== target) return { action, isOtherTarget: true };
    const [gained, lost] = [smallest(action, true), smallest(action, false)];
    return { action, ...(gained && { gained }), ...(lost && { lost }) };
  });
  return [...compared, ...added.map((action): MovedAction => ({ action, only: "second" }))];
}
