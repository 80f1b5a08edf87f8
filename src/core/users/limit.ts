import { at, below, type Place, refuse } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { showValue } from "../base/message.js";
import { isRecord, readField, readQuestion } from "../base/readers.js";
import type { Bits } from "../engine/bits.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import { bitsOfGrant, decodeAbove, decodeGrant, encodeGrant, type Key } from "../engine/grant-bits.js";
import type { Role } from "../engine/rule.js";
import type { Cap, Policy, User } from "../types/index.js";
import {
  connectionsOf,
  type Holdings,
  holdingsOf,
  type Limit,
  type OwnHoldings,
  standingOn,
  userHolding,
} from "./holdings.js";
import { readGrants } from "./read-grants.js";

/**
 * Gives a user who may do only what both the user and a cap allow: for an API key, an agent, or "view as".
 *
 * On each connection and in the account, it holds the lower of the two levels, and the flags that both have. What the
 * user's role holds everywhere counts as held. A clause that names a role is for the limited user only if the cap says
 * `role: "keep"`: a key made of an admin is no admin. Relations to a post stay the user's. A limited user may do nothing
 * that the user may not (law 11), except through an action that asks for a level exactly; the
 * check `raising` of `checkPolicy` lists those.
 *
 * @param cap `{ grants?, account?, role? }`, with grants as one grant for every connection, or by connection. What is left
 * out is capped at the lowest level.
 * @returns a frozen `User` with its `limit`. Its row is input for `createUser`; a matrix refuses it.
 * @throws `PolicyError` `invalid-user`, or `invalid-grant` with the path to the fault.
 *
 * @example
 * ```ts
 * import { can, createUser, engage, limit } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "admin", grants: { fb: { publish: "full-access" } } });
 * const key = limit(ana, { grants: { publish: "needs-approval" } });
 * can(key, "publish.edit", { connections: ["fb"] }); // true
 * can(key, "publish.post-now", { connections: ["fb"] }); // false
 * can(key, "connections.create"); // false
 * can(limit(ana, { role: "keep" }), "connections.create"); // true
 * ```
 */
export function limit<P extends Policy>(user: User<P>, cap: Cap<P>): User<P> {
  const holdings = holdingsOf(user);
  const { engine, limit: before } = holdings;
  const added = readCap(engine, cap, at("invalid-grant"));
  return userHolding(limited(holdings, before ? bothLimits(engine, before, added) : added));
}

/** Reads a cap. */
export function readCap(engine: CompiledPolicy, source: unknown, place: Place): Limit {
  const { keys, accountKeys } = engine;
  const given = readQuestion(source, place, ["grants", "role", ...(accountKeys.length > 0 ? ["account"] : [])]);
  const nothing = encodeGrant(keys, {}, place);
  const isForAll = isOneGrant(given.get("grants"));
  const read = (grant: unknown, each: Place) => encodeGrant(keys, grant, each);
  const grants = readField(given, place, "grants", (value = {}, each) =>
    isForAll ? read(value, each) : readGrants(value, each, read),
  ) as Bits | ReadonlyMap<string, Bits>;
  const role = readField(given, place, "role", (value, each) =>
    value === undefined || value === "keep"
      ? value
      : refuse(each, `${showValue(value)} is not accepted; expected "keep"`),
  );
  const account = encodeGrant(accountKeys, given.get("account") ?? {}, below(place, "account"));
  const [otherwise, on] =
    grants instanceof Map ? [nothing, grants as ReadonlyMap<string, Bits>] : [grants as Bits, new Map<string, Bits>()];
  return limitFrom(engine, { on, otherwise, account }, role === "keep");
}

/** Tells whether grants are one for every connection: its values are levels and flags. */
function isOneGrant(grants: unknown): boolean {
  return (
    grants === undefined || (isRecord(grants) && Object.values(grants).every((value) => typeof value !== "object"))
  );
}

/** Makes a limit, with the cap that says the same. */
export function limitFrom(engine: CompiledPolicy, limit: Omit<Limit, "cap">, keepsRole: boolean): Limit {
  const { keys, accountKeys } = engine;
  const grants =
    limit.on.size > 0
      ? Object.fromEntries([...limit.on].map(([connection, bits]) => [connection, decodeAbove(keys, bits)]))
      : decodeAbove(keys, limit.otherwise);
  const account = decodeAbove(accountKeys, limit.account);
  const cap = {
    ...(Object.keys(grants).length > 0 && { grants }),
    ...(Object.keys(account).length > 0 && { account }),
    ...(keepsRole && { role: "keep" as const }),
  };
  return { ...limit, cap: freeze(cap) as Cap };
}

/** Gives what a user holds under a limit, which takes the place of one that it has already. */
export function limited(holdings: Omit<Holdings, "union">, limit: Limit): OwnHoldings {
  const { engine, id, role, account, time, origin } = holdings;
  const held = new Map<string, Bits>();
  for (const connection of connectionsOf(holdings)) {
    held.set(connection, lowerOf(engine.keys, standingOn(holdings, connection), limitOn(limit, connection)));
  }
  const unnamed = engine.unnamedRoles.get(role.name) as Role;
  return {
    engine,
    id,
    role: limit.cap.role === undefined ? unnamed : role,
    held,
    account: lowerOf(engine.accountKeys, account, limit.account),
    member: undefined,
    origin,
    time,
    limit,
  };
}

function bothLimits(engine: CompiledPolicy, one: Limit, other: Limit): Limit {
  const connections = new Set([...one.on.keys(), ...other.on.keys()]);
  const lower = (first: Bits, second: Bits) => lowerOf(engine.keys, first, second);
  return limitFrom(
    engine,
    {
      on: new Map([...connections].map((each) => [each, lower(limitOn(one, each), limitOn(other, each))])),
      otherwise: lower(one.otherwise, other.otherwise),
      account: lowerOf(engine.accountKeys, one.account, other.account),
    },
    one.cap.role === "keep" && other.cap.role === "keep",
  );
}

/** Gives what a limit leaves on a connection. */
export function limitOn({ on, otherwise }: Limit, connection: string): Bits {
  return on.get(connection) ?? otherwise;
}

/** Gives the lower of two: in each area the lower level, with the flags that both have. It is a state, as one of the two may have them. */
export function lowerOf(keys: readonly Key[], one: Bits, other: Bits): Bits {
  const [first, second] = [decodeGrant(keys, one), decodeGrant(keys, other)];
  const lower = ({ name, values, area }: Key) =>
    area.flags.has(name)
      ? first[name] && second[name]
      : values[Math.min(values.indexOf(first[name]), values.indexOf(second[name]))];
  return bitsOfGrant(keys, Object.fromEntries(keys.map((key) => [key.name, lower(key)])));
}
