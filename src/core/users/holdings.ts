import { defineValue } from "../base/define-value.js";
import { refuseLookAlike } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { registryOf } from "../base/registry.js";
import { ACCOUNT } from "../engine/area.js";
import { type Bits, isSameBits, joinBits, withBit } from "../engine/bits.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import { decodeAbove } from "../engine/grant-bits.js";
import type { Role } from "../engine/rule.js";
import type { Cap, Policy, User, UserRow } from "../types/index.js";
import { type Endings, endOf } from "./ends.js";
import type { ConnectionIndex, Member } from "./packed-user.js";

/** What a user holds, and the account that it knows. */
export interface Holdings {
  readonly engine: CompiledPolicy;
  readonly id: string;
  readonly role: Role;
  /**
   * The bits of each connection that the user was granted something on, or that was listed with it. For a user of a matrix
   * it is made when it is first asked for, of the packed row: `heldBy` gives it.
   */
  held: ReadonlyMap<string, Bits> | undefined;
  /** The union of what is held. */
  readonly union: Bits;
  /** What it holds in the account as a whole. */
  readonly account: Bits;
  /** The user's place in a matrix, if it is in one. */
  readonly member: Member | undefined;
  /** The account whose prepared groups the user may be asked about; `null` for nobody, who may be asked about those of each. */
  readonly origin: object | null | undefined;
  /** When the user is asked about, if an instant was given, and what changes after it. */
  readonly time: Time | undefined;
  /** What it was limited to, if it was. */
  readonly limit: Limit | undefined;
  /** The user's row, once it was asked for: most users of a matrix are never looked at. */
  shown?: UserRow | undefined;
}

/** What a user was limited to: on the connections that it names, on all others, and in the account. */
export interface Limit {
  readonly on: ReadonlyMap<string, Bits>;
  readonly otherwise: Bits;
  readonly account: Bits;
  /** The limit as data, as `limit` takes it. */
  readonly cap: Cap;
}

/** An instant at which a user is asked about. */
export interface Time {
  readonly now: string;
  /** What the user holds until later. */
  readonly ends: Endings;
  /** The connections that it will not know any more, each with the instant. */
  readonly leaving: ReadonlyMap<string, string>;
}

// Keyed by the user, so that nobody can reach what it holds and a look-alike is told at once.
const holdings = /* @__PURE__ */ registryOf<Holdings>("user");

/** Makes the `User` of what is held in an account. */
export function userFrom<P extends Policy>(holding: Holdings, prototype: object = userPrototype): User<P> {
  const { engine, id, role, held, union, account, member, origin, time, limit } = holding;
  const user = { __proto__: prototype, id, role: role.name } as unknown as User<P>;
  Reflect.defineProperty(user, "grants", shownGrants);
  Reflect.defineProperty(user, "connections", shownConnections);
  if (engine.accountKeys.length > 0) Reflect.defineProperty(user, "account", shownAccount);
  if (limit) defineValue(user, "limit", limit.cap, true);
  // All of one shape: a question is quicker if every user looks alike to it.
  holdings.set(user, { engine, id, role, held, union, account, member, origin, time, limit, shown: undefined });
  return Object.freeze(user);
}

/** Makes the `User` of what is held by connection. */
export function userHolding<P extends Policy>(holding: OwnHoldings, prototype?: object): User<P> {
  return userFrom({ ...holding, union: unionOfBits(holding.engine, holding.held.values()) }, prototype);
}

/** What a user holds by connection, who is in no matrix. */
export interface OwnHoldings extends Omit<Holdings, "union"> {
  readonly held: ReadonlyMap<string, Bits>;
  readonly member: undefined;
}

/** Tells whether a value is a user that the library has made. */
export function isUser(value: unknown): value is User {
  return holdings.has(value as object);
}

/** Gives what a user holds. */
export function holdingsOf(user: unknown): Holdings {
  return holdings.get(user as object) ?? refuseLookAlike("user", user, "createUser or a matrix");
}

/** Gives the account of a user's prepared groups; nothing for a value that is no user. */
export function originOf(value: unknown): object | null | undefined {
  return holdings.get(value as object)?.origin;
}

/** Gives the union of some bits. */
export function unionOfBits({ words }: Pick<CompiledPolicy, "words">, all: Iterable<Bits>): Bits {
  if (words.length > 1) {
    let list: Bits = words.map(() => 0);
    for (const bits of all) list = joinBits(list, bits);
    return list;
  }
  let union = 0;
  for (const bits of all) union |= bits as number;
  return union;
}

/** Gives what a user holds by connection. */
export function heldBy(holding: Pick<Holdings, "held" | "member" | "time">): ReadonlyMap<string, Bits> {
  holding.held ??= (holding.member as Member).held(holding.time?.ends);
  return holding.held;
}

/** Gives the standing on one connection. */
export function standingOn(holding: Omit<Holdings, "union">, connection: string): Bits {
  const { engine, held, member } = holding;
  return member
    ? member.standingOn(connection)
    : ((held as ReadonlyMap<string, Bits>).get(connection) ?? engine.stranger);
}

/** Gives the standing of the account as a whole; of a role that holds everywhere, on all connections that there are. */
export function standingOfAll(
  { role, union }: Pick<Holdings, "role" | "union">,
  index: ConnectionIndex | undefined,
): Bits {
  return withBit(role.fixed && index?.numbers.size ? joinBits(union, role.base) : union, ACCOUNT);
}

/** Lists what was granted above the lowest, connection by connection; of a role that holds everywhere, what the limit left. */
export function grantedTo(holding: Holdings) {
  const { role, limit } = holding;
  return [...heldBy(holding)].filter(([, bits]) => (limit && role.fixed) || !isSameBits(bits, role.base));
}

/**
 * Gives a user's row: its grants, less what is at its lowest, and those of the given connections that have none. One on
 * which nothing is held until an instant keeps that grant, for it is known until then.
 */
export function userRow(
  holding: Pick<OwnHoldings, "engine" | "id" | "role" | "held" | "account" | "limit">,
  connections: Iterable<string>,
  ends: Endings | undefined,
): UserRow {
  const { engine, id, role, limit } = holding;
  const listed = new Set(connections);
  const isGranted = (connection: string, bits: Bits) =>
    !isSameBits(bits, role.base) || (listed.has(connection) && ends?.has(connection));
  // What a role holds everywhere is no grant of the user's, whatever it is limited to.
  const grants = Object.fromEntries(
    (role.fixed ? [] : [...holding.held])
      .filter(([connection, bits]) => isGranted(connection, bits))
      .map(([connection, bits]) => [connection, { ...decodeAbove(engine.keys, bits), ...endOf(ends, connection) }]),
  );
  const others = [...listed].filter((connection) => !Object.hasOwn(grants, connection));
  const account = role.fixedAccount
    ? {}
    : { ...decodeAbove(engine.accountKeys, holding.account), ...endOf(ends, null) };
  return freeze({
    id,
    role: role.name,
    ...(Object.keys(grants).length > 0 && { grants }),
    ...(others.length > 0 && { connections: others }),
    ...(Object.keys(account).length > 0 && { account }),
    ...(limit && { limit: limit.cap }),
  }) as UserRow;
}

/** Gives a user's row, with those of the given connections on which nothing is held. */
export function ownRow(holding: Holdings, connections: Iterable<string>): UserRow {
  return userRow({ ...holding, held: heldBy(holding) }, connections, holding.time?.ends);
}

/** Lists the connections that a user knows, in order. */
export function connectionsOf(holding: Pick<Holdings, "held" | "member" | "time">): ReadonlySet<string> {
  return new Set([...heldBy(holding).keys(), ...(holding.member?.index.numbers.keys() ?? [])]);
}

// Shared by all users, so that a user's own keys are its data.
export const userPrototype = /* @__PURE__ */ Object.freeze({
  toJSON(this: User): UserRow {
    const holding = holdingsOf(this);
    const row = holding.shown ?? ownRow(holding, connectionsOf(holding));
    holding.shown = row;
    return row;
  },
  get validUntil(): string | undefined {
    const { time } = holdingsOf(this);
    if (time === undefined) return undefined;
    return [...[...time.ends.values()].map(({ until }) => until), ...time.leaving.values()].sort().at(0);
  },
});

// Own and enumerable, so that a comparison, a spread and a clone miss nothing. All users share the getters, which take no
// room in any of them. Bundlers would keep a property that is read here, so each getter has a name.
const nothing = /* @__PURE__ */ Object.freeze({});
const shownGrants = /* @__PURE__ */ shownAs("grants", nothing);
const shownConnections = /* @__PURE__ */ shownAs("connections", /* @__PURE__ */ Object.freeze([]));
const shownAccount = /* @__PURE__ */ shownAs("account", nothing);

function shownAs(field: "grants" | "connections" | "account", none: object): PropertyDescriptor {
  return {
    __proto__: null,
    enumerable: true,
    get(this: User) {
      return userPrototype.toJSON.call(this)[field] ?? none;
    },
  } as PropertyDescriptor;
}
