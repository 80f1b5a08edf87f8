import { addFault, at, type Place, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import { isRecord, readField, readRecord, readString, readStrings } from "../base/readers.js";
import type { Bits } from "../engine/bits.js";
import { type CompiledPolicy, compiledPolicyOf } from "../engine/compiled-policy.js";
import { encodePlain } from "../engine/grant-bits.js";
import type { Role } from "../engine/rule.js";
import type { At, Policy, User, UserInput } from "../types/index.js";
import { type Ending, type Endings, isEnding, liveAt, readAt, readGrant } from "./ends.js";
import { isUser, userHolding } from "./holdings.js";
import { limited, readCap } from "./limit.js";
import { readGrants } from "./read-grants.js";

/**
 * Checks a user's grants and encodes them for every later decision.
 *
 * A connection is known to the user if it is listed in `connections` or granted; what a role gives reaches known
 * connections only (E4, B5). Only own keys count, a key that is `undefined` is absent, one that is unknown is refused,
 * and the input is copied. A `User` will do as input too: it is read as its row.
 *
 * A grant with `until` is there before that instant, and is not there from it on (law 12). The library has no clock, so the
 * call says at which instant the user is asked about; `validUntil` is the next one at which an answer may change.
 *
 * @param input `{ id, role, grants?, connections?, account? }`, with grants as an object by connection, a `Map` or entries;
 * the row of a limited user has its `limit`, too.
 * @param options `{ at }`, which is needed where a grant ends.
 * @returns a frozen `User`; `JSON.stringify` gives the input shape back, without what is at its lowest.
 * @throws `PolicyError` `invalid-user` or `invalid-grant`, with the path to the fault.
 *
 * @example
 * ```ts
 * import { can, createUser, engage } from "channel-grants";
 *
 * const ben = createUser(engage, {
 *   id: "ben",
 *   role: "viewer",
 *   grants: { "fb-acme": { publish: "view-only", approver: true, analytics: "no-access" } },
 * });
 * can(ben, "publish.approve", { connections: ["fb-acme"] }); // true
 * ben.toJSON().grants; // { "fb-acme": { publish: "view-only", approver: true } }
 *
 * const grants = { "fb-acme": { publish: "full-access", until: "2026-09-01T00:00:00+02:00" } } as const;
 * const temp = createUser(engage, { id: "temp", role: "viewer", grants }, { at: "2026-08-31T12:00:00Z" });
 * can(temp, "publish.post-now", { connections: ["fb-acme"] }); // true
 * temp.validUntil; // "2026-08-31T22:00:00.000Z"
 * ```
 */
export function createUser<P extends Policy>(policy: P, input: UserInput<P>, options?: At): User<P> {
  return createUserWith(compiledPolicyOf(policy), input, readAt(options, at("invalid-user")));
}

/** Makes a user, who is asked about at an instant, with the methods of a prototype. */
export function createUserWith<P extends Policy>(
  engine: CompiledPolicy,
  input: unknown,
  now: string | undefined,
  prototype?: object,
): User<P> {
  const read = readUserStrictly(engine, input, at("invalid-user"), now, ["limit"]);
  const { given, id, role, grants, connections } = read;
  const ends = liveAt(read.ends, now);
  for (const where of read.ends.keys()) if (!ends.has(where)) grants.delete(where as string);
  for (const connection of connections) if (!grants.has(connection)) grants.set(connection, role.base);
  const account = ends.get(null)?.bits ?? read.account;
  const time = now === undefined ? undefined : { now, ends, leaving: new Map<string, string>() };
  const alone = { member: undefined, origin: undefined, limit: undefined };
  const holdings = { engine, id, role, held: grants, account, time, ...alone };
  const cap = given.get("limit");
  return userHolding(
    cap === undefined ? holdings : limited(holdings, readCap(engine, cap, at("invalid-grant", "limit"))),
    prototype,
  );
}

/** A user's fields, its grants as they were read; what was given up is missing. */
interface Fields<Reading> {
  readonly given: ReadonlyMap<string, unknown>;
  readonly id: string | undefined;
  readonly role: Role | undefined;
  readonly grants: Map<string, Reading> | undefined;
  readonly connections: readonly string[] | undefined;
  readonly account: Reading | undefined;
}

type Whole<Parts> = { readonly [Key in keyof Parts]: NonNullable<Parts[Key]> };

type ReadGrant<Reading> = (engine: CompiledPolicy, role: Role | undefined, grant: unknown, place: Place) => Reading;

/** Reads a user, each of its grants, and what it holds in the account, by the given readers. A `User` is read as its row. */
export function readUser<Reading>(
  engine: CompiledPolicy,
  input: unknown,
  place: Place,
  readGrant: ReadGrant<Reading>,
  readAccount: ReadGrant<Reading>,
  furtherKeys: readonly string[] = [],
  readPlain?: (engine: CompiledPolicy, role: Role | undefined) => (grant: unknown) => Reading | undefined,
): Fields<Reading> {
  const source = isUser(input) ? (input as User).toJSON() : input;
  const keys = ["id", "role", "grants", "connections", ...furtherKeys];
  if (engine.accountKeys.length > 0) keys.push("account");
  const given = readRecord(source, place, keys);
  const id = readField(given, place, "id", (value, each) => readString(value, each, "a user id"));
  const role = readField(given, place, "role", (value, each) => readRole(engine, value, each));
  const grants = readField(given, { ...place, code: "invalid-grant" }, "grants", (value = {}, each) =>
    readGrants(value, each, (grant, inside) => readGrant(engine, role, grant, inside), readPlain?.(engine, role)),
  );
  const connections = readField(given, place, "connections", (list = [], each) => readStrings(list, each));
  const account = readField(given, { ...place, code: "invalid-grant" }, "account", (value = {}, each) =>
    readAccount(engine, role, value, each),
  );
  return { given, id, role, grants, connections, account };
}

/** A user as it was read, and what of it ends: that is among its grants, but apart from what it holds in the account. */
interface ReadHoldings extends Whole<Fields<Bits>> {
  readonly ends: Endings;
}

/**
 * Reads a user where the first fault is thrown, so that nothing is missing, and encodes what it holds. What ends is
 * refused where no instant is known.
 */
export function readUserStrictly(
  engine: CompiledPolicy,
  input: unknown,
  place: Place,
  now: string | undefined,
  furtherKeys?: readonly string[],
): ReadHoldings {
  const mayEnd = now !== undefined;
  const reader =
    (read: typeof readGrantOf): ReadGrant<Bits | Ending> =>
    (of, role, grant, each) =>
      read(of, role, grant, each, mayEnd);
  const read = readUser(engine, input, place, reader(readGrantOf), reader(readAccountOf), furtherKeys, plainReader);
  const fields = read as Whole<Fields<Bits | Ending>>;
  const { grants, account } = fields;
  const ends = new Map<string | null, Ending>();
  // Nothing ends where no instant is known.
  for (const [connection, held] of now === undefined ? [] : grants) {
    if (!isEnding(held)) continue;
    ends.set(connection, held);
    grants.set(connection, held.bits);
  }
  if (isEnding(account)) ends.set(null, account);
  const lasting = isEnding(account) ? fields.role.account : account;
  return { ...fields, grants: grants as Map<string, Bits>, account: lasting, ends };
}

/** Makes the reader of plain grants for a role; nothing is one for a role that holds everywhere. */
function plainReader({ keys }: CompiledPolicy, role: Role | undefined): (grant: unknown) => number | undefined {
  return (grant) => (role?.fixed ? undefined : encodePlain(keys, grant));
}

/** Reads the name of a role. */
export function readRole({ roles }: CompiledPolicy, source: unknown, place: Place): Role {
  return roles.get(source as string) ?? refuse(place, `${showValue(source)} is not a role; ${expected(roles.keys())}`);
}

/** Checks and encodes a grant for a user of a role. */
export function readGrantOf(
  { keys }: CompiledPolicy,
  role: Role | undefined,
  grant: unknown,
  place: Place,
  mayEnd: boolean,
): Bits | Ending {
  if (!role?.fixed) return readGrant(keys, grant, place, mayEnd);
  addFault(place, `the role ${showValue(role.name)} holds the same everywhere; expected no grant`);
  return role.base;
}

/** Checks and encodes what a user of a role holds in the account as a whole. */
export function readAccountOf(
  { accountKeys }: CompiledPolicy,
  role: Role | undefined,
  grant: unknown,
  place: Place,
  mayEnd: boolean,
): Bits | Ending {
  // A copy of a user of such a role shows that it was given nothing.
  if (!role?.fixedAccount || (isRecord(grant) && Object.values(grant).every((value) => value === undefined))) {
    const held = readGrant(accountKeys, grant, place, mayEnd);
    return role?.fixedAccount ? role.account : held;
  }
  addFault(place, `the role ${showValue(role.name)} holds the same in the account for everybody; expected nothing`);
  return role.account;
}
