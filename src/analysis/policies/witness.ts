import type { Bits } from "../../core/engine/bits.js";
import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import type { Policy, UserRow } from "../../core/types/index.js";
import { userRow } from "../../core/users/holdings.js";
import type { Situation } from "../search/situation.js";

/**
 * A situation that proves a finding: a user, in the form that `createUser` takes, and a post group.
 *
 * Ask a "group" action about `connections`, a "connection" action about the first of them, and an action on the account
 * without a target. If the policy names relations, ask a "group" action about `{ connections, ...relations }`. The witness is the smallest one: it has the fewest connections, then the lowest levels.
 *
 * @example
 * ```ts
 * import { buffer, can, createUser } from "channel-grants";
 * import { comparePolicies, type Witness } from "channel-grants/analysis";
 *
 * const witness: Witness = { user: { id: "user", role: "member", grants: { c1: { posting: "full-posting" } } }, connections: ["c1"] };
 * can(createUser(buffer, witness.user as never), "queue.add", witness); // true
 * comparePolicies(buffer, buffer).verdict; // "equal"
 * ```
 */
export interface Witness<P extends Policy = Policy> {
  readonly user: UserRow<P>;
  readonly connections: readonly string[];
  /** Who is in each relation to the post: the user, or nobody. Only if there is a post and the policy names relations. */
  readonly relations?: Readonly<Record<string, string | null>>;
}

/** Turns a situation of a role into a witness; the relations are those of the policies that it is about. */
export function witnessOf<P extends Policy>(
  engine: CompiledPolicy,
  role: Role,
  { group, beyond, isStrange, account, relations }: Situation,
  named: readonly string[] = engine.relations,
): Witness<P> {
  const all = [...group, ...beyond].map((bits, index): [string, Bits] => [`c${index + 1}`, bits]);
  const names = all.map(([name]) => name);
  const user = userRow({ engine, id: "user", role, held: new Map(all), account, limit: undefined }, names, undefined);
  const hasPost = group.length > 0 && named.length > 0;
  return {
    user: user as UserRow<P>,
    connections: [...names.slice(0, group.length), ...(isStrange ? ["stranger"] : [])],
    ...(hasPost && {
      relations: Object.fromEntries(named.map((relation) => [relation, relations.has(relation) ? "user" : null])),
    }),
  };
}
