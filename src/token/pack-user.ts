import { getOrInsert } from "../core/base/get-or-insert.js";
import type { Policy, User } from "../core/types/index.js";
import { connectionsOf, type Holdings, holdingsOf, standingOn } from "../core/users/holdings.js";
import {
  FIELD,
  fingerprintOf,
  KEPT,
  LEFT_OUT,
  STATE,
  widthOf,
  writeBits,
  writeId,
  writeInstant,
  writeState,
} from "./format.js";

/**
 * Writes a user as a short string for a token or a cookie, in characters that a URL leaves as they are.
 *
 * Fifty grants in Engage take at most 500 bytes if their ids are whole numbers, and 2.7 kB if they are UUIDs.
 * **The string is not signed**: put it into a token or a cookie that your server signs.
 *
 * @returns the string, for `unpackUser` with a policy of the same areas and roles.
 * @throws `PolicyError` `invalid-user`.
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
  const caps = limit ? [...limit.on].map(([each, bits]) => [each, writeBits(bits)] as const) : [];
  const held = [...connectionsOf(holdings)].map((each) => [each, stateOf(holdings, each)] as const);
  const states = new Map<string, number>();
  for (const [, state] of [...caps, ...held]) getOrInsert(states, state, () => states.size);
  const width = widthOf(states.size);
  const entry = ([connection, state]: readonly [string, string]) =>
    (states.get(state) as number).toString(36).padStart(width, "0") + writeId(connection);
  const mark = limit ? (limit.cap.role === undefined ? LEFT_OUT : KEPT) : "";
  return [
    fingerprintOf(engine),
    [...engine.roles.keys()].indexOf(role.name).toString(36) + mark,
    writeId(id),
    time && time.ends.size + time.leaving.size > 0 ? writeInstant(time.now) : "",
    [...states.keys()].join(STATE),
    writeState(role.fixedAccount ? role.account : account, time?.ends.get(null)?.until, undefined),
    ...(limit ? [writeBits(limit.account), writeBits(limit.otherwise), caps.length.toString(36)] : []),
    ...caps.map(entry),
    ...held.map(entry),
  ].join(FIELD);
}

/** Writes what a user holds on a connection; of a role that holds everywhere, that, whatever the user is limited to. */
function stateOf(holdings: Holdings, connection: string): string {
  const { role, time } = holdings;
  const bits = role.fixed ? role.base : standingOn(holdings, connection);
  return writeState(bits, time?.ends.get(connection)?.until, time?.leaving.get(connection));
}
