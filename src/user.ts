import { ACCOUNT } from "./area.js";
import { type Engine, engineOf, type Role } from "./compile.js";
import { expected, show } from "./errors.js";
import { freeze } from "./frozen.js";
import { decodeGrant, encodeGrant } from "./grant.js";
import type { Policy, TargetKind, User, UserInput, UserRow } from "./language.js";
import { at, attempt, below, type Place, refuse, report } from "./place.js";
import {
  isIterable,
  isRecord,
  lengthOf,
  own,
  readField,
  readIterable,
  readList,
  readRecord,
  readString,
  readStrings,
} from "./record.js";
import { readId } from "./target.js";

/** A user as it was read: checked and encoded, not yet told what account it is in. */
export interface Row {
  readonly engine: Engine;
  readonly id: string;
  readonly role: Role;
  /** The bits of each connection that the user was granted something on, or that was listed with it. */
  readonly held: ReadonlyMap<string, number>;
  /** The union of what is held. */
  readonly union: number;
}

/** A row in its account: the connections that the user knows beside its own. */
export interface Holdings extends Row {
  readonly account: ReadonlySet<string>;
}

// Keyed by the user, so that nobody can reach what it holds and a look-alike is told at once.
const holdings = new WeakMap<object, Holdings>();

const noAccount: ReadonlySet<string> = /* @__PURE__ */ new Set();

/**
 * Checks a user's grants and encodes them for every later decision.
 *
 * A connection is known to the user if it is listed in `connections` or granted; what a role gives reaches known
 * connections only (E4, B5). Only own keys count, a key that is `undefined` is absent, one that is unknown is refused,
 * and the input is copied. A `User` will do as input too: it is read as its row.
 *
 * @param input `{ id, role, grants?, connections? }`, with grants as an object by connection, a `Map` or entries.
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
 * ```
 */
export function createUser<P extends Policy>(policy: P, input: UserInput<P>): User<P> {
  return admit(readRow(engineOf(policy), input, at("invalid-user")), noAccount);
}

/** A user's fields, its grants as they are read; what was given up is missing. */
export interface UserFields<Reading> {
  readonly id: string | undefined;
  readonly role: Role | undefined;
  readonly grants: ReadonlyMap<string, Reading> | undefined;
  readonly connections: readonly string[] | undefined;
}

/** Reads a user, and each of its grants by the given reader; a `User` is read as the row that it would be in JSON. */
export function readUser<Reading>(
  engine: Engine,
  input: unknown,
  place: Place,
  readGrant: (grant: unknown, place: Place, role: Role | undefined) => Reading,
): UserFields<Reading> {
  const source = holdings.has(input as object) ? (input as User).toJSON() : input;
  const fields = readRecord(source, place, ["id", "role", "grants", "connections"]);
  const id = readField(fields, place, "id", (value, each) => readString(value, each, "a user id"));
  const role = readField(fields, place, "role", (value, each) => readRole(engine, value, each));
  const grantsPlace: Place = { ...below(place, "grants"), code: "invalid-grant" };
  const grants = fields.has("grants") ? new Map<string, Reading>() : undefined;
  const entries = grants && attempt(place, () => grantEntries(fields.get("grants"), grantsPlace));
  for (const [connection, grant] of entries ?? []) {
    attempt(place, () => grants?.set(connection, readGrant(grant, below(grantsPlace, connection), role)));
  }
  const connections = fields.has("connections") ? readField(fields, place, "connections", readStrings) : undefined;
  return { id, role, grants, connections };
}

/** Reads the name of a role. */
export function readRole({ roles }: Engine, source: unknown, place: Place): Role {
  return roles.get(source as string) ?? refuse(place, `${show(source)} is not a role; ${expected(roles.keys())}`);
}

/** Reads a user and encodes what it holds. */
export function readRow(engine: Engine, input: unknown, place: Place): Row {
  const fields = readUser(engine, input, place, (grant, grantPlace, role) =>
    encodeFor(engine, role, grant, grantPlace),
  );
  // The first fault was thrown, so nothing is missing.
  const { id, role } = fields as { readonly id: string; readonly role: Role };
  const held = new Map(fields.grants);
  for (const connection of fields.connections ?? []) if (!held.has(connection)) held.set(connection, role.base);
  return withHeld({ engine, id, role }, held);
}

/** Gives a row with something else held. */
export function withHeld(row: Omit<Row, "held" | "union">, held: ReadonlyMap<string, number>): Row {
  const { engine, id, role } = row;
  let union = 0;
  for (const bits of held.values()) union |= bits;
  return { engine, id, role, held, union };
}

/** Checks and encodes a grant for a user of a role. */
export function encodeFor(engine: Engine, role: Role | undefined, grant: unknown, place: Place): number {
  if (role?.fixed) refuse(place, `the role ${show(role.name)} holds the same everywhere; expected no grant`);
  return encodeGrant(engine.areas, grant, place);
}

/** Makes the `User` of a row in an account. */
export function admit<P extends Policy>(row: Row, account: ReadonlySet<string>): User<P> {
  const user = Object.freeze({ __proto__: userPrototype, id: row.id, role: row.role.name }) as unknown as User<P>;
  holdings.set(user, { ...row, account });
  return user;
}

/** Gives what a user holds. */
export function holdingsOf(user: unknown): Holdings {
  return (
    holdings.get(user as object) ??
    refuse(at("invalid-user"), `${show(user)} is not a user; expected what createUser or a matrix returns`)
  );
}

/** Gives the standing on one connection. */
export function standingOn({ engine, role, held, account }: Holdings, connection: string): number {
  return held.get(connection) ?? (account.has(connection) ? role.base : engine.stranger);
}

const inGroup = /* @__PURE__ */ at("wrong-target", "connections");

/** Gives the standing over the connections of a target, or over all that the user holds where there is none. */
export function standingOver(holding: Holdings, kind: TargetKind, connections: readonly unknown[]): number {
  const { role, account, union } = holding;
  if (kind === "none") return ACCOUNT | union | (role.fixed && account.size > 0 ? role.base : 0);
  let standing = 0;
  const length = lengthOf(connections, inGroup);
  for (let index = 0; index < length; index++) {
    standing |= standingOn(holding, readId(own(connections, index), index));
  }
  return standing;
}

/** Lists what was granted above the lowest, connection by connection. */
export function grantedTo({ held, role }: Row): readonly (readonly [string, number])[] {
  return [...held].filter(([, bits]) => bits !== role.base);
}

/** Gives a user's row: its grants, less what is at its lowest, and those of the given connections that have none. */
export function rowOf(row: Row, connections: Iterable<string>): UserRow {
  const { engine, id, role, held } = row;
  const nothing = decodeGrant(engine.areas, engine.stranger);
  const shorten = (bits: number) =>
    Object.fromEntries(
      Object.entries(decodeGrant(engine.areas, bits)).filter(([key, value]) => value !== nothing[key]),
    );
  // Many grants are alike: each is spelt out once.
  const spelt = new Map([...new Set(held.values())].map((bits) => [bits, shorten(bits)]));
  const granted = grantedTo(row);
  const grants = Object.fromEntries(granted.map(([connection, bits]) => [connection, spelt.get(bits)]));
  const others = [...connections].filter((connection) => !Object.hasOwn(grants, connection));
  return freeze({
    id,
    role: role.name,
    ...(granted.length > 0 && { grants }),
    ...(others.length > 0 && { connections: others }),
  }) as UserRow;
}

// Shared by all users, so that a user's own keys are its data.
const userPrototype = /* @__PURE__ */ Object.freeze({
  toJSON(this: User): UserRow {
    const holding = holdingsOf(this);
    return rowOf(holding, new Set([...holding.held.keys(), ...holding.account]));
  },
});

/** Reads grants by connection from any of their three forms, and leaves out those that are `undefined`. */
function grantEntries(grants: unknown, place: Place): readonly (readonly [string, unknown])[] {
  if (isRecord(grants)) return Object.entries(grants).filter(([, grant]) => grant !== undefined);
  const entries: [string, unknown][] = [];
  const listed = new Set<string>();
  const readEntry = (entry: unknown, entryPlace: Place) => {
    const connection: unknown = Array.isArray(entry) && entry.length === 2 ? own(entry, 0) : undefined;
    if (typeof connection !== "string") {
      return refuse(entryPlace, `${show(entry)} is not an entry; expected [connection, grant]`);
    }
    const grant: unknown = own(entry as readonly unknown[], 1);
    if (grant === undefined) return;
    if (listed.has(connection)) report(place, `two grants on ${show(connection)}; expected one`, connection);
    listed.add(connection);
    entries.push([connection, grant]);
  };
  if (Array.isArray(grants)) readList(grants, place, readEntry);
  else if (isIterable(grants)) readIterable(grants, place, forms, readEntry);
  else refuse(place, `${show(grants)} is not accepted; ${forms}`);
  return entries;
}

const forms = "expected a plain object by connection, a Map or entries";
