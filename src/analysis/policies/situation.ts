import { ACCOUNT } from "../../core/engine/area.js";
import { oneWord } from "../../core/engine/bits.js";
import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import type { Clause, Role } from "../../core/engine/rule.js";
import { meets, unionOf } from "../../core/engine/standing.js";
import type { TargetKind } from "../../core/types/index.js";

/** Clauses of which one is to hold, or none, over a connection (the group's first), the group, or all that is held. */
export interface Requirement {
  readonly scope: TargetKind;
  readonly clauses: readonly Clause[];
  readonly holds: boolean;
}

/** The states that a user holds on the connections of a group, and on others. */
export interface Situation {
  readonly group: readonly number[];
  readonly beyond: readonly number[];
  /** True if a stranger is in the group too. */
  readonly isStrange: boolean;
}

/** A requirement on a user whom no grant applies to. */
export interface FixedRequirement extends Requirement {
  readonly engine: CompiledPolicy;
  /** The role, which says what the user holds on every connection. */
  readonly role: Role;
}

/** Tells whether a situation meets a requirement; a stranger in the group adds these states. */
export function isMet(
  { scope, clauses, holds }: Requirement,
  { group, beyond, isStrange }: Situation,
  stranger = 0,
): boolean {
  const [connection = 0] = group;
  const inGroup = unionOf(group) | (isStrange ? stranger : 0);
  const standing = { connection, group: inGroup, none: ACCOUNT | inGroup | unionOf(beyond) }[scope];
  return meets(standing, { clauses }) === holds;
}

/** The kinds of situations that count. */
export interface Counted {
  /** True if a situation without a connection counts. Otherwise it only replaces one whose connection changes nothing. */
  readonly withoutConnection: boolean;
  /** True if a situation with a stranger in the group counts. */
  readonly withStranger: boolean;
}

/**
 * Finds the smallest situation that meets all requirements on a user whom no grant applies to.
 *
 * Such a user holds the same on every known connection, so each kind of situation is one standing.
 */
export function findFixedSituation(
  requirements: readonly FixedRequirement[],
  { withoutConnection, withStranger }: Counted,
): Situation | undefined {
  const isFound = (situationFor: (role: Role) => Situation) =>
    requirements.every((requirement) =>
      isMet(requirement, situationFor(requirement.role), oneWord(requirement.engine.stranger)),
    );
  const empty = () => ({ group: [], beyond: [], isStrange: false });
  const beyondGroup = ({ base }: Role) => ({ ...empty(), beyond: [oneWord(base)] });
  const inGroup = ({ base }: Role) => ({ ...empty(), group: [oneWord(base)] });
  const besideStranger = (role: Role) => ({ ...inGroup(role), isStrange: true });
  const candidates = requirements.some(({ scope }) => scope !== "none")
    ? [inGroup, ...(withStranger ? [besideStranger] : [])]
    : [...(withoutConnection || isFound(beyondGroup) ? [empty] : []), beyondGroup];
  return candidates.find(isFound)?.((requirements[0] as FixedRequirement).role);
}

/** Orders situations: the fewest connections first, then the lowest states. */
export function bySize(one: Situation, other: Situation): number {
  const size = ({ group, beyond, isStrange }: Situation) => group.length + beyond.length + Number(isStrange);
  const height = ({ group, beyond }: Situation) => [...group, ...beyond].reduce((sum, bits) => sum + bits, 0);
  return size(one) - size(other) || height(one) - height(other);
}
