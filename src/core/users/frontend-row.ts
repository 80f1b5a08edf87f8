import { rulesAbout } from "../engine/compiled-policy.js";
import { heldRule, meets } from "../engine/standing.js";
import type { Policy, User, UserRow } from "../types/index.js";
import { type Holdings, holdingsOf, ownRow } from "./holdings.js";

/**
 * Gives the row of a user for its own frontend: without the connections that it may not see (E5), which a matrix lets
 * every user know.
 *
 * Every answer is the same as with the whole row. So is every explanation, except that a question about an area of the
 * account may be refused with `unknown-connection` on a connection that the row leaves out. The connections without a
 * grant stay only if the user's role gives something on them: an Engage admin reconnects any connection, a Buffer owner
 * holds all.
 *
 * @returns a frozen row for `createUser`.
 * @throws `PolicyError` `invalid-user`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage, frontendRow } from "channel-grants";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }, { id: "ben", role: "admin" }],
 *   connections: ["fb", "secret"],
 * });
 * frontendRow(account.user("ana")); // { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }
 * frontendRow(account.user("ben")); // { id: "ben", role: "admin", connections: ["fb", "secret"] }
 * ```
 */
export function frontendRow<P extends Policy>(user: User<P>): UserRow<P> {
  const holdings = holdingsOf(user);
  return (givesUngranted(holdings) ? user.toJSON() : ownRow(holdings, [])) as UserRow<P>;
}

/** Tells whether a role gives anything on a connection that is known and not granted: else such a one is as a stranger. */
function givesUngranted(holdings: Holdings): boolean {
  const kinds = ["none", "connection", "group"] as const;
  const { account } = holdings;
  const { base, fixed } = holdings.role;
  // Of the account as a whole, a role alone asks for no connection, and what it holds everywhere needs one.
  return kinds.some(
    (kind) =>
      (kind !== "none" || fixed) && rulesAbout(holdings, kind).some((rule) => meets(base, heldRule(rule, account))),
  );
}
