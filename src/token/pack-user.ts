import { at, refuse } from "../core/base/faults.js";
import { getOrInsert } from "../core/base/get-or-insert.js";
import type { Bits } from "../core/engine/bits.js";
import type { Policy, User } from "../core/types/index.js";
import { connectionsOf, type Holdings, holdingsOf, standingOn } from "../core/users/holdings.js";
import { FIELD, fingerprintOf, KEPT, LEFT_OUT, STATE, widthOf, writeBits, writeId } from "./format.js";

/**
 * Writes a user as a short string for a token or a cookie, in characters that a URL leaves as they are.
 *
 * Fifty grants in Engage take at most 500 bytes if their ids are whole numbers, and 2.7 kB if they are UUIDs.
 * **The string is not signed**: put it into a token or a cookie that your server signs.
 *
 * @returns the string, for `unpackUser` with a policy of the same areas and roles.
 * @throws `PolicyError` `invalid-user`, also for a user whose grants end.
 *
 * @example
 * ```ts
 * import { can, createUser, engage } from "channel-grants";
 * import { packUser, unpackUser } from "channel-grants/token";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { "7": { publish: "full-access" } } });
 * const text = packUser(ana);
 * can(unpackUser(engage, text), "publish.post-now", { connections: ["7"] }); // true
 * ```
 */
export function packUser<P extends Policy>(user: User<P>): string {
  const holdings = holdingsOf(user);
  const { engine, role, id, account, limit, time } = holdings;
  if (time && time.ends.size > 0) {
    refuse(at("invalid-user"), "a user whose grants end cannot be packed; expected one whose grants do not");
  }
  const caps = limit ? [...limit.on] : [];
  const held = [...connectionsOf(holdings)].map((each): [string, Bits] => [each, ownBits(holdings, each)]);
  const states = new Map<string, number>();
  for (const [, bits] of [...caps, ...held]) getOrInsert(states, writeBits(bits), () => states.size);
  const width = widthOf(states.size);
  const entry = ([connection, bits]: readonly [string, Bits]) =>
    (states.get(writeBits(bits)) as number).toString(36).padStart(width, "0") + writeId(connection);
  const mark = limit ? (limit.cap.role === undefined ? LEFT_OUT : KEPT) : "";
  return [
    fingerprintOf(engine),
    [...engine.roles.keys()].indexOf(role.name).toString(36) + mark,
    writeId(id),
    [...states.keys()].join(STATE),
    writeBits(role.fixedAccount ? role.account : account),
    ...(limit ? [writeBits(limit.account), writeBits(limit.otherwise), caps.length.toString(36)] : []),
    ...caps.map(entry),
    ...held.map(entry),
  ].join(FIELD);
}

/** Gives what a user holds on a connection; of a role that holds everywhere, that, whatever the user is limited to. */
function ownBits(holdings: Holdings, connection: string): Bits {
  return holdings.role.fixed ? holdings.role.base : standingOn(holdings, connection);
}
