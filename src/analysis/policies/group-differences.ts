import type { Place } from "../../core/base/faults.js";
import { type CompiledPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import type { Clause, Role } from "../../core/engine/rule.js";
import { unionOf } from "../../core/engine/standing.js";
import { findForRole } from "../search/find-for-role.js";
import type { Requirement } from "../search/literals.js";
import { type Situation, smallestOf } from "../search/situation.js";
import type { Finding } from "./policy-report.js";
import { witnessOf } from "./witness.js";

/**
 * Finds the actions whose answer on a group is not the same as on each of its connections alone: allowed on the group
 * and denied on a connection, or denied on the group and allowed on each connection.
 */
export function groupDifferences(engine: CompiledPolicy, place: Place): readonly Finding[] {
  // On connections that all give the same, a group is what each of them is.
  const roles = [...engine.roles.values()].filter(({ fixed }) => !fixed);
  return [...engine.actions].flatMap(([action, { target }]) => {
    if (target !== "group") return [];
    const show = (
      onGroup: "allowed" | "denied",
      find: (role: Role, clauses: readonly Clause[]) => Situation | undefined,
    ) => {
      const found = roles.flatMap((role) => {
        const situation = find(role, ruleFor({ engine, role }, action).clauses);
        return situation ? [{ ...situation, role }] : [];
      });
      const smallest = smallestOf(found);
      return smallest ? [{ action, onGroup, witness: witnessOf(engine, smallest.role, smallest) }] : [];
    };
    return [
      ...show("allowed", (role, clauses) => allowedOnGroup(role, clauses, place)),
      ...show("denied", (role, clauses) => deniedOnGroup(role, clauses, place)),
    ];
  });
}

function allowedOnGroup(role: Role, clauses: readonly Clause[], place: Place): Situation | undefined {
  const requirements: readonly Requirement[] = [
    { role, scope: "group", clauses, holds: true },
    { role, scope: "connection", clauses, holds: false },
  ];
  return findForRole({ role, requirements, place, withoutConnection: false });
}

/** Finds the smallest group that is denied though each of its connections is allowed, through different clauses. */
function deniedOnGroup(role: Role, clauses: readonly Clause[], place: Place): Situation | undefined {
  const onGroup: Requirement = { role, scope: "group", clauses, holds: false };
  const about = { role, place, withoutConnection: false };
  const area = clauses[0]?.area;
  if (area && clauses.every((clause) => clause.area === area && clause.is === undefined && clause.isNot.length === 0)) {
    // Each connection alone is allowed if its state is one that serves a clause.
    const serving = unionOf(clauses.map(({ forbid, require }) => area.states & require & ~forbid));
    return findForRole({ ...about, requirements: [onGroup], statesOf: () => serving });
  }
  // A clause fails on the group because of one connection at most, so that there is no need of more than clauses.
  for (let size = 2; size <= clauses.length; size++) {
    const alone = Array.from(
      { length: size },
      (_, place): Requirement => ({ role, scope: place, clauses, holds: true }),
    );
    const found = findForRole({ ...about, requirements: [...alone, onGroup], size });
    if (found) return found;
  }
  return undefined;
}
