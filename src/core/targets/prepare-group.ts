import { defineValue } from "../base/define-value.js";
import { at } from "../base/faults.js";
import { ownValue } from "../base/readers.js";
import { type CompiledPolicy, compiledPolicyOf } from "../engine/compiled-policy.js";
import type { GroupOf, Policy, PreparedGroup } from "../types/index.js";
import { keepPrepared } from "./prepared-group.js";
import { readRelated } from "./relations.js";
import { readIds } from "./target.js";

/**
 * Looks the connections of a post up once, for questions about several users and actions.
 *
 * The group carries the relations of the post, and stands wherever a post group does. Its answers are those of the post,
 * for every user of the policy, whatever account the user is of. What `group` of a matrix makes is quicker for the users
 * of that matrix, and refused for those of another account.
 *
 * @param post a post group; your own post object will do. It is copied.
 * @returns a frozen `PreparedGroup`.
 * @throws `PolicyError` `wrong-target`, also for a relation of the post in a form that no action accepts.
 *
 * @example
 * ```ts
 * import { allowedActions, can, createUser, engage, prepareGroup } from "channel-grants";
 *
 * const group = prepareGroup(engage, { connections: ["fb", "ig"] });
 * const both = { fb: { publish: "view-only" }, ig: { publish: "full-access" } } as const;
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: both });
 * can(ana, "publish.view", group); // true
 * allowedActions(ana, group); // ["publish.view", "publish.tag", "publish.assign", "publish.clone"]
 * ```
 */
export function prepareGroup<P extends Policy>(policy: P, post: GroupOf<P>): PreparedGroup<P> {
  return prepareIn(compiledPolicyOf(policy), undefined, post) as PreparedGroup<P>;
}

/** Prepares a group for an account, or for everybody. */
export function prepareIn(engine: CompiledPolicy, origin: object | undefined, post: unknown): object {
  const asked = origin === undefined ? "prepareGroup" : "group";
  const ids = readIds(post, "group", asked, { engine, origin });
  const group: Record<string, unknown> = { connections: Object.freeze([...ids]) };
  for (const relation of engine.relations) {
    const given = ownValue(post as Record<string, unknown>, relation);
    if (given === undefined) continue;
    const users = readRelated(given, at("wrong-target", relation), relation, asked);
    // As it was given: what a reader of the post gets is the same.
    defineValue(group, relation, typeof given === "object" && given !== null ? Object.freeze([...users]) : given, true);
  }
  keepPrepared(group, { engine, origin }, ids);
  return Object.freeze(group);
}
