import { ownOf } from "../core/base/readers.js";
import { engineOf } from "../core/engine/compiled-policy.js";
import type { GrantInput, Policy, RoleOf, User, UserRow } from "../core/types/policy.js";
import { holdingsOf, makeUser, userPrototype } from "../core/users/create-user.js";

/**
 * A user of a test, who is told what it holds step by step; each step gives a new one.
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
  /** Grants something on a connection, or on each of several, in place of what was granted there. */
  on(connections: string | readonly string[], grant: GrantInput<P>): Person<P>;
  /** Gives it another role. */
  as(role: RoleOf<P>): Person<P>;
  /** Gives it another id, for a message that names it. */
  named(id: string): Person<P>;
  /** Lets it know connections of the account that nothing is granted on. */
  knowing(...connections: readonly string[]): Person<P>;
}

/**
 * Makes a user in as few words as a case has: `person(engage).on("fb", { publish: "full-access" })`.
 *
 * It is a `User` for every function of the library. It begins with the id "somebody", without grants, in the policy's
 * last role that grants apply to: "viewer" in Engage, "member" in Buffer.
 *
 * @throws `PolicyError` `invalid-policy`; its steps throw `invalid-grant` or `invalid-user`, as `createUser` does.
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
export function person<P extends Policy>(policy: P): Person<P> {
  const engine = engineOf(policy);
  const roles = [...engine.roles.values()];
  const role = roles.findLast(({ fixed }) => !fixed) ?? roles.at(-1);
  return makeUser(engine, { id: "somebody", role: role?.name }, personPrototype) as Person<P>;
}

const personPrototype = /* @__PURE__ */ Object.freeze({
  __proto__: userPrototype,
  on(this: Person, connections: string | readonly string[], grant: GrantInput): Person {
    const granted = [connections].flat().map((connection) => [connection, grant] as const);
    return changed(this, ({ grants }) => ({ grants: new Map([...Object.entries(grants ?? {}), ...granted]) }));
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
  return makeUser(holdingsOf(person).engine, { ...row, ...change(ownOf(row)) }, personPrototype) as Person;
}
