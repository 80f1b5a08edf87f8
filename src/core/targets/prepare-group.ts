import { defineValue } from "../base/define-value.js";
import { at, refuse } from "../base/faults.js";
import { showId } from "../base/message.js";
import { ownValue } from "../base/readers.js";
import type { Bits } from "../engine/bits.js";
import { type CompiledPolicy, compiledPolicyOf, isSamePolicy } from "../engine/compiled-policy.js";
import type { GroupOf, Policy, PreparedGroup } from "../types/index.js";
import { type Holdings, standingOn, unionOfBits } from "../users/holdings.js";
import type { ConnectionIndex } from "../users/packed-user.js";
import { type Asker, inWords, type Prepared, preparedGroups } from "./prepared-group.js";
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
  preparedGroups.set(group, {
    engine,
    origin,
    ids,
    alike: engine,
    index: undefined,
    numbers: [],
    isStrange: false,
    last: undefined,
    standing: 0,
    ways,
  });
  return Object.freeze(group);
}

const ways = { check, standingOf };

function check(group: Prepared, asker: Asker, asked: string): void {
  const { engine, origin } = group;
  if (origin !== undefined && asker.origin !== null && origin !== asker.origin) {
    refuseOther("by the matrix of another account", "of this account, or by prepareGroup", asked);
  }
  if (group.alike === asker.engine || engine === asker.engine) return;
  if (!isSamePolicy(engine, asker.engine)) refuseOther("for another policy", "for this policy", asked);
  group.alike = asker.engine;
}

function refuseOther(made: string, expected: string, asked: string): never {
  const problem = `a group prepared ${made} is not a target of ${showId(asked)}`;
  refuse(at("wrong-target"), `${problem}; expected one prepared ${expected}`);
}

function standingOf(group: Prepared, holding: Holdings, words: readonly number[]): Bits {
  const { member } = holding;
  const bits = member && (member.bits ?? member.unpacked());
  if (!(member && bits instanceof Int32Array)) return inWords(standingByIds(group, holding), words);
  if (group.index !== member.index) lookUp(group, member.index);
  const { numbers } = group;
  let standing = group.isStrange ? (group.engine.stranger as number) : 0;
  for (let index = 0; index < numbers.length; index++) standing |= bits[numbers[index] as number] as number;
  return standing;
}

function lookUp(group: Prepared, index: ConnectionIndex): void {
  const numbers = new Set(group.ids.map((id) => index.numbers.get(id)));
  group.isStrange = numbers.delete(undefined);
  group.numbers = [...numbers] as number[];
  group.index = index;
}

function standingByIds(group: Prepared, holding: Holdings): Bits {
  if (group.last === holding) return group.standing;
  const ids = [...new Set(group.ids)];
  group.standing = unionOfBits(
    holding.engine,
    ids.map((id) => standingOn(holding, id)),
  );
  group.last = holding;
  return group.standing;
}
