import { at } from "../base/faults.js";
import { readString } from "../base/readers.js";
import { type Bits, wordOf } from "../engine/bits.js";
import { decodeGrant, type Key } from "../engine/grant-bits.js";
import { levelOf } from "../engine/standing.js";
import type { AccountGrantInput, GrantInput, Policy, User } from "../types/index.js";
import { type Ending, isEnding, readGrant } from "./ends.js";
import { holdingsOf, standingOn } from "./holdings.js";

/**
 * Lists the parts of a grant that a giver does not hold on a connection: nobody gives more than they have.
 *
 * A level is beyond the giver if it is higher than the giver's; a flag, if the giver does not have it. What the giver's
 * role holds everywhere counts as held; on a connection that the giver does not know, nothing is. A limited user gives no
 * more than its limit leaves. Of a grant that outlasts the giver's own, all is beyond the giver.
 *
 * @param grant the grant that the giver wants to give, as `assign` takes it.
 * @returns a frozen part of the grant: `{}` if the giver may give it.
 * @throws `PolicyError` `invalid-user`, `wrong-target` or `invalid-grant`.
 *
 * @example
 * ```ts
 * import { beyond, createUser, engage } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * beyond(ana, "fb", { publish: "view-only" }); // {}
 * beyond(ana, "fb", { publish: "full-access", approver: true }); // { publish: "full-access", approver: true }
 * ```
 */
export function beyond<P extends Policy>(
  user: User<P>,
  connection: string,
  grant: GrantInput<P>,
): Readonly<GrantInput<P>> {
  const holdings = holdingsOf(user);
  const { keys } = holdings.engine;
  const id = readString(connection, at("wrong-target"), "a connection's id");
  const given = readGrant(keys, grant, at("invalid-grant"), true);
  const { engine, time } = holdings;
  const held = outlasts(given, time?.ends.get(id)) ? engine.stranger : standingOn(holdings, id);
  return partsBeyond(keys, given, held) as GrantInput<P>;
}

/**
 * Lists the parts of what is to be held in the account that a giver does not hold there.
 *
 * @returns a frozen part of the grant: `{}` if the giver may give it.
 * @throws `PolicyError` `invalid-user` or `invalid-grant`.
 *
 * @example
 * ```ts
 * import { beyondAccount, createUser, definePolicy } from "channel-grants";
 *
 * const agency = definePolicy({
 *   name: "agency",
 *   levels: ["none", "view", "manage"],
 *   areas: { billing: { levels: ["none", "view", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * const ana = createUser(agency, { id: "ana", role: "member", account: { billing: "view" } });
 * beyondAccount(ana, { billing: "manage" }); // { billing: "manage" }
 * ```
 */
export function beyondAccount<P extends Policy>(
  user: User<P>,
  grant: AccountGrantInput<P>,
): Readonly<AccountGrantInput<P>> {
  const { engine, account, time } = holdingsOf(user);
  const given = readGrant(engine.accountKeys, grant, at("invalid-grant"), true);
  const held = outlasts(given, time?.ends.get(null)) ? engine.nothingInAccount : account;
  return partsBeyond(engine.accountKeys, given, held) as AccountGrantInput<P>;
}

/** Tells whether a grant is there for longer than what the giver holds. */
function outlasts(given: Bits | Ending, own: Ending | undefined): boolean {
  return own !== undefined && !(isEnding(given) && given.until <= own.until);
}

function partsBeyond(keys: readonly Key[], grant: Bits | Ending, held: Bits): object {
  const given = isEnding(grant) ? grant.bits : grant;
  const parts = Object.entries(decodeGrant(keys, given)).filter(([key, value]) => {
    const { area } = keys.find(({ name }) => name === key) as Key;
    const wanted = wordOf(given, area.word) & area.states;
    const has = wordOf(held, area.word) & area.states;
    if (typeof value === "string") return levelOf(wanted, area) > levelOf(has, area);
    return value && ((area.flags.get(key) as number) & has) === 0;
  });
  return Object.freeze(Object.fromEntries(parts));
}
