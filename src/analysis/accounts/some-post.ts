import type { Bits } from "../../core/engine/bits.js";
import type { Clause, Rule } from "../../core/engine/rule.js";
import { heldRule, meets } from "../../core/engine/standing.js";

/** Tells whether a rule holds on some post: whatever the user has to be to it, if one user can be that. */
export function meetsOnSomePost(standing: Bits, rule: Rule, account: Bits): boolean {
  return rule.isConditional
    ? meets(standing, { clauses: heldRule(rule, account).clauses.filter(isForSomePost) })
    : meets(standing, rule);
}

/** Tells whether a user can be what a clause asks to some post. */
export function isForSomePost({ is, isNot }: Clause): boolean {
  return is === undefined || is.some((relation) => !isNot.includes(relation));
}
