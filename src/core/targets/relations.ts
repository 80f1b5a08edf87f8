import { at, type Place, refuse } from "../base/faults.js";
import { showId, showValue } from "../base/message.js";
import { ownValue, readStrings } from "../base/readers.js";
import type { Bits } from "../engine/bits.js";
import { type CompiledPolicy, rulesAbout } from "../engine/compiled-policy.js";
import type { Clause, Role, Rule } from "../engine/rule.js";
import { heldRule, meets } from "../engine/standing.js";
import type { Holdings } from "../users/holdings.js";

/** Who is in each relation to a post, by the relation's name. */
export type RelatedUsers = ReadonlyMap<string, readonly string[]>;

/**
 * Reads who is in each of some relations to a post. A relation without a key of its own is refused, and never a silent no:
 * `null` says that it is nobody.
 */
export function readRelations(target: unknown, relations: readonly string[], asked: string): RelatedUsers {
  if (relations.length === 0) return nobody;
  const given = target as Record<string, unknown>;
  return new Map(
    relations.map((relation) => [
      relation,
      readRelated(ownValue(given, relation), at("wrong-target", relation), relation, asked),
    ]),
  );
}

const nobody: RelatedUsers = new Map();

/** Reads who is in a relation to a post. */
export function readRelated(value: unknown, place: Place, relation: string, asked: string): readonly string[] {
  const forms = "an id, a list of ids, or null for nobody";
  if (value === null) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return readStrings(value, place);
  const what =
    value === undefined ? `no ${showId(relation)} for ${showId(asked)}` : `${showValue(value)} is not accepted`;
  return refuse(place, `${what}; expected ${forms}`);
}

/** Leaves the clauses that a user's relations to a post fit. */
export function relatedRule(
  { clauses }: Pick<Rule, "clauses">,
  users: RelatedUsers,
  id: string,
): Pick<Rule, "clauses"> {
  return { clauses: clauses.filter((clause) => !lacksRelation(clause, users, id) && !isExcluded(clause, users, id)) };
}

/** Tells whether a user has none of the relations that a clause is for. */
export function lacksRelation({ is }: Clause, users: RelatedUsers, id: string): boolean {
  return is !== undefined && !is.some((relation) => users.get(relation)?.includes(id));
}

/** Tells whether a user has one of the relations that a clause is not for. */
export function isExcluded({ isNot }: Clause, users: RelatedUsers, id: string): boolean {
  return isNot.some((relation) => users.get(relation)?.includes(id));
}

/** Leaves the clauses that are for a user, once what it holds in the account and its relations to the post are known. */
export function ruleOfUser(rule: Rule, users: RelatedUsers, { account, id }: Pick<Holdings, "account" | "id">) {
  return rule.isConditional ? heldRule(relatedRule(rule, users, id), account) : rule;
}

/** Tells whether a user can be to some post what a clause asks. */
export function isForSomePost({ is, isNot }: Clause): boolean {
  return is === undefined || is.some((relation) => !isNot.includes(relation));
}

/** Tells whether a rule holds on some post: whatever the user has to be to it, if one user can be that. */
export function meetsOnSomePost(standing: Bits, rule: Rule, account: Bits): boolean {
  return rule.isConditional
    ? meets(standing, { clauses: heldRule(rule, account).clauses.filter(isForSomePost) })
    : meets(standing, rule);
}

/** Lists the relations that the actions on a post group name. */
export function relationsInGroups(of: { readonly engine: CompiledPolicy; readonly role: Role }): readonly string[] {
  if (of.engine.relations.length === 0) return of.engine.relations;
  return [...new Set(rulesAbout(of, "group").flatMap(({ relations }) => relations))];
}
