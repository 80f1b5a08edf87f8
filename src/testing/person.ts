import { at } from "../core/base/faults.js";
import { ownCopy } from "../core/base/readers.js";
import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { AccountGrantInput, At, GrantInput, Policy, RoleOf, User, UserRow } from "../core/types/index.js";
import { createUserWith } from "../core/users/create-user.js";
import { readAt } from "../core/users/ends.js";
import { holdingsOf, userPrototype } from "../core/users/holdings.js";

/**
 * A user for tests. Each method returns a new person with one thing changed.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type Person, person } from "channel-grants/testing";
 *
 * const editor: Person<Engage> = person(engage).on(["fb", "ig"], { publish: "needs-approval" });
 * editor.on("ig", { publish: "full-access" }).toJSON().grants; // { fb: { publish: "needs-approval" }, ig: { publish: "full-access" } }
 * ```
 */
export interface Person<P extends Policy = Policy> extends User<P> {
  /** Replaces the grant on a connection, or on each of several. */
  on(connections: string | readonly string[], grant: GrantInput<P>): Person<P>;
  /** Replaces what the person holds in the account as a whole. */
  holding(grant: AccountGrantInput<P>): Person<P>;
  /** Replaces the role. */
  as(role: RoleOf<P>): Person<P>;
  /** Replaces the id, so that messages name the person. */
  named(id: string): Person<P>;
  /** Adds connections of the account that the person knows without a grant. */
  knowing(...connections: readonly string[]): Person<P>;
}

/**
 * Makes a user for a test, in few words: `person(engage).on("fb", { publish: "full-access" })`.
 *
 * A person is a `User` for every function of the library. It starts with the id "somebody", without grants, and with
 * the policy's last role that takes grants: "viewer" in Engage, "member" in Buffer.
 *
 * @param options `{ at }`, as `createUser` takes it, for grants that end.
 * @throws `PolicyError` `invalid-policy`; the methods throw `invalid-grant` or `invalid-user`, as `createUser` does.
 *
 * @example
 * ```ts
 * import { buffer, can, engage } from "channel-grants";
 * import { person } from "channel-grants/testing";
 *
 * const ana = person(engage).on("fb", { publish: "full-access" }).on("ig", { publish: "view-only", approver: true });
 * can(ana, "publish.post-now", { connections: ["fb"] }); // true
 * can(ana, "publish.post-now", { connections: ["fb", "ig"] }); // false
 * can(person(buffer).as("owner").knowing("fb"), "queue.add", { connections: ["fb"] }); // true
 * ```
 */
export function person<P extends Policy>(policy: P, options?: At): Person<P> {
  const engine = compiledPolicyOf(policy);
  const roles = [...engine.roles.values()];
  const free = roles.filter(({ fixed }) => !fixed);
  const role = free.findLast(({ fixedAccount }) => !fixedAccount) ?? free.at(-1) ?? roles.at(-1);
  const now = readAt(options, at("invalid-user"));
  return createUserWith(engine, { id: "somebody", role: role?.name }, now, personPrototype) as Person<P>;
}

const personPrototype = /* @__PURE__ */ Object.freeze({
  __proto__: userPrototype,
  on(this: Person, connections: string | readonly string[], grant: GrantInput): Person {
    const granted = [connections].flat().map((connection) => [connection, grant] as const);
    return changed(this, ({ grants }) => ({ grants: new Map([...Object.entries(grants ?? {}), ...granted]) }));
  },
  holding(this: Person, account: AccountGrantInput): Person {
    return changed(this, () => ({ account }));
  },
  as(this: Person, role: string): Person {
    return changed(this, () => ({ role }));
  },
  named(this: Person, id: string): Person {
    return changed(this, () => ({ id }));
  },
  knowing(this: Person, ...known: readonly string[]): Person {
    return changed(this, ({ connections = [] }) => ({ connections: [...connections, ...known] }));
  },
});

function changed(person: Person, change: (row: UserRow) => object): Person {
  const row = person.toJSON();
  const { engine, time } = holdingsOf(person);
  return createUserWith(engine, { ...row, ...change(ownCopy(row)) }, time?.now, personPrototype) as Person;
}
