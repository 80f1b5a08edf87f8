import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import type { Policy, UserRow } from "../../core/types/index.js";
import { userRow } from "../../core/users/holdings.js";
import type { Situation } from "./situation.js";

/**
 * A situation that proves a finding: a user, in the form that `createUser` takes, and a post group.
 *
 * Ask a "group" action about `connections`, a "connection" action about the first of them, and an action on the account
 * without a target. The witness is the smallest one: it has the fewest connections, then the lowest levels.
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
}

/** Turns a situation of a role into a witness. */
export function witnessOf<P extends Policy>(
  engine: CompiledPolicy,
  role: Role,
  { group, beyond, isStrange }: Situation,
): Witness<P> {
  const all = [...group, ...beyond].map((bits, index): [string, number] => [`c${index + 1}`, bits]);
  const names = all.map(([name]) => name);
  const user = userRow({ engine, id: "user", role, held: new Map(all), account: role.account }, names);
  return {
    user: user as UserRow<P>,
    connections: [...names.slice(0, group.length), ...(isStrange ? ["stranger"] : [])],
  };
}
