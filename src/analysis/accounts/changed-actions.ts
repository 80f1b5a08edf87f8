import { at, refuse } from "../../core/base/faults.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { showId } from "../../core/base/message.js";
import type { Bits } from "../../core/engine/bits.js";
import { type CompiledPolicy, rulesAbout } from "../../core/engine/compiled-policy.js";
import type { Role, Rule } from "../../core/engine/rule.js";
import { heldRule, meets } from "../../core/engine/standing.js";
import { type RelatedUsers, relatedRule } from "../../core/targets/relations.js";
import type { TargetKind } from "../../core/types/index.js";

/** An action that is gained or lost. */
export interface ActionChange {
  readonly action: string;
  readonly change: "gained" | "lost";
  /** The relations to the post that the user has where it changes; absent if it changes whatever they are. */
  readonly as?: readonly string[];
}

/** A user of an account: its role, and what it holds in the account as a whole. */
export interface Member {
  readonly role: Role;
  readonly account: Bits;
}

/** The same user before and after. */
export type Members = readonly [before: Member | undefined, after: Member | undefined];

/** The most relations that one action may name: each set of them is a post of its own. */
const MOST_RELATIONS = 8;

/**
 * Makes a lookup of the actions that a user gains or loses between two standings. Each pair of standings is compared
 * once.
 *
 * @param related who is in each relation to the post, if it is known; otherwise every post that there can be is compared.
 */
export function changedActions(
  engine: CompiledPolicy,
  kinds: readonly TargetKind[],
  related?: { readonly users: RelatedUsers; readonly id: string },
): (members: Members, before: Bits, after: Bits) => readonly ActionChange[] {
  const known = new Map<string, readonly ActionChange[]>();
  const rulesOf = (member: Member | undefined) =>
    new Map(
      (member ? kinds.flatMap((kind) => rulesAbout({ engine, role: member.role }, kind)) : []).map((rule) => [
        rule.action,
        rule,
      ]),
    );
  const isAllowed = (member: Member | undefined, rule: Rule | undefined, standing: Bits, as: readonly string[]) => {
    if (!member || !rule) return false;
    if (!rule.isConditional) return meets(standing, rule);
    const users = related?.users ?? new Map(as.map((relation) => [relation, [""]]));
    return meets(standing, heldRule(relatedRule(rule, users, related?.id ?? ""), member.account));
  };
  const compare = ([was, is]: Members, before: Bits, after: Bits) => {
    const [old, next] = [rulesOf(was), rulesOf(is)];
    return [...engine.actions.keys()].flatMap((action): ActionChange[] => {
      const [rule, now] = [old.get(action), next.get(action)];
      const named = related ? [] : ((rule ?? now)?.relations ?? []);
      const changes = setsOf(named, action).flatMap((as): ActionChange[] => {
        const [had, has] = [isAllowed(was, rule, before, as), isAllowed(is, now, after, as)];
        return had === has ? [] : [{ action, change: has ? "gained" : "lost", as }];
      });
      const [first] = changes;
      if (!first) return [];
      const isAlways = changes.length === 2 ** named.length && changes.every(({ change }) => change === first.change);
      return isAlways ? [{ action, change: first.change }] : changes;
    });
  };
  const keyOf = (member: Member | undefined, standing: Bits) =>
    member ? [member.role.name, member.account, standing] : [];
  return (members, before, after) =>
    getOrInsert(known, JSON.stringify([keyOf(members[0], before), keyOf(members[1], after)]), () =>
      compare(members, before, after),
    );
}

/** Lists every set of the relations that an action names. */
function setsOf(relations: readonly string[], action: string): readonly (readonly string[])[] {
  if (relations.length > MOST_RELATIONS) {
    const count = `${relations.length} relations in ${showId(action)}`;
    refuse(at("invalid-policy"), `${count}; diffMatrices expected at most ${MOST_RELATIONS} in an action`);
  }
  return relations.reduce<string[][]>((sets, relation) => sets.flatMap((set) => [set, [...set, relation]]), [[]]);
}
