import { addFault, at, below, type Place, refuse, refuseLookAlike } from "../base/faults.js";
import { freeze } from "../base/freeze.js";
import { expected, showValue } from "../base/message.js";
import {
  isRecord,
  ownValue,
  readField,
  readIterable,
  readList,
  readRecord,
  readString,
  readStrings,
} from "../base/readers.js";
import { registryOf } from "../base/registry.js";
import { ACCOUNT } from "../engine/area.js";
import { type Engine, engineOf, type Role } from "../engine/compiled-policy.js";
import { decodeAbove, encodeGrant } from "../engine/grant-bits.js";
import type { Policy, User, UserInput, UserRow } from "../types/policy.js";

/** What a user holds, and the account that it knows. */
export interface Holdings {
  readonly engine: Engine;
  readonly id: string;
  readonly role: Role;
  /** The bits of each connection that the user was granted something on, or that was listed with it. */
  readonly held: ReadonlyMap<string, number>;
  /** The union of what is held. */
  readonly union: number;
  /** The connections that the user knows beside its own, if it is in a matrix. */
  readonly account: Connections | undefined;
  /** The user's row, once it was asked for: most users of a matrix are never looked at. */
  row?: UserRow;
}

/** Connections that can be looked up, counted and listed. */
export type Connections = Pick<ReadonlyMap<string, unknown>, "has" | "size" | "keys">;

// Keyed by the user, so that nobody can reach what it holds and a look-alike is told at once.
const holdings = /* @__PURE__ */ registryOf<Holdings>("user");

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
  return makeUser(engineOf(policy), input);
}

/** Makes a user that has the methods of a prototype. */
export function makeUser<P extends Policy>(engine: Engine, input: unknown, prototype?: object): User<P> {
  const { id, role, grants, connections } = readWhole(engine, input, at("invalid-user"));
  for (const connection of connections) if (!grants.has(connection)) grants.set(connection, role.base);
  return admit({ engine, id, role, held: grants, account: undefined }, prototype);
}

/** A user's fields, its grants as they were read; what was given up is missing. */
interface Fields<Reading> {
  readonly given: ReadonlyMap<string, unknown>;
  readonly id: string | undefined;
  readonly role: Role | undefined;
  readonly grants: Map<string, Reading> | undefined;
  readonly connections: readonly string[] | undefined;
}

type Whole<Parts> = { readonly [Key in keyof Parts]: NonNullable<Parts[Key]> };

type ReadGrant<Reading> = (engine: Engine, role: Role | undefined, grant: unknown, place: Place) => Reading;

/** Reads a user, each of its grants by the given reader. A `User` is read as its row. */
export function readUser<Reading>(
  engine: Engine,
  input: unknown,
  place: Place,
  readGrant: ReadGrant<Reading>,
): Fields<Reading> {
  const source = holdings.has(input as object) ? (input as User).toJSON() : input;
  const given = readRecord(source, place, ["id", "role", "grants", "connections"]);
  const id = readField(given, place, "id", (value, each) => readString(value, each, "a user id"));
  const role = readField(given, place, "role", (value, each) => readRole(engine, value, each));
  const grants = readField(given, { ...place, code: "invalid-grant" }, "grants", (value = {}, each) =>
    readGrants(value, each, (grant, inside) => readGrant(engine, role, grant, inside)),
  );
  const connections = readField(given, place, "connections", (list = [], each) => readStrings(list, each));
  return { given, id, role, grants, connections };
}

/** Reads a user where the first fault is thrown, so that nothing is missing, and encodes what it holds. */
export function readWhole(engine: Engine, input: unknown, place: Place): Whole<Fields<number>> {
  return readUser(engine, input, place, encodeFor) as Whole<Fields<number>>;
}

/** Reads the name of a role. */
export function readRole({ roles }: Engine, source: unknown, place: Place): Role {
  return roles.get(source as string) ?? refuse(place, `${showValue(source)} is not a role; ${expected(roles.keys())}`);
}

/** Checks and encodes a grant for a user of a role. */
export function encodeFor({ keys }: Engine, role: Role | undefined, grant: unknown, place: Place): number {
  if (!role?.fixed) return encodeGrant(keys, grant, place);
  addFault(place, `the role ${showValue(role.name)} holds the same everywhere; expected no grant`);
  return role.base;
}

/** Makes the `User` of what is held in an account. */
export function admit<P extends Policy>(holding: Omit<Holdings, "union">, prototype: object = userPrototype): User<P> {
  const { id, role, held } = holding;
  let union = 0;
  for (const bits of held.values()) union |= bits;
  const user = Object.defineProperties({ __proto__: prototype, id, role: role.name }, shown) as unknown as User<P>;
  holdings.set(user, { ...holding, union });
  return Object.freeze(user);
}

/** Gives what a user holds. */
export function holdingsOf(user: unknown): Holdings {
  return holdings.get(user as object) ?? refuseLookAlike("user", user, "createUser or a matrix");
}

/** Gives the standing on one connection. */
export function standingOn({ engine, role, held, account }: Holdings, connection: string): number {
  return held.get(connection) ?? (account?.has(connection) ? role.base : engine.stranger);
}

/** Gives the standing of the account as a whole. */
export function standingOfAll({ role, union, account }: Pick<Holdings, "role" | "union" | "account">): number {
  return ACCOUNT | union | (role.fixed && account?.size ? role.base : 0);
}

/** Lists what was granted above the lowest, connection by connection. */
export function grantedTo({ held, role }: Pick<Holdings, "held" | "role">): readonly (readonly [string, number])[] {
  return [...held].filter(([, bits]) => bits !== role.base);
}

/** Gives a user's row: its grants, less what is at its lowest, and those of the given connections that have none. */
export function rowOf(
  holding: Pick<Holdings, "engine" | "id" | "role" | "held">,
  connections: Iterable<string>,
): UserRow {
  const { engine, id, role } = holding;
  const grants = Object.fromEntries(
    grantedTo(holding).map(([connection, bits]) => [connection, decodeAbove(engine.keys, bits)]),
  );
  const others = [...connections].filter((connection) => !Object.hasOwn(grants, connection));
  return freeze({
    id,
    role: role.name,
    ...(Object.keys(grants).length > 0 && { grants }),
    ...(others.length > 0 && { connections: others }),
  }) as UserRow;
}

/** Lists the connections that a user knows, in order. */
export function connectionsOf({ held, account }: Holdings): ReadonlySet<string> {
  return new Set([...held.keys(), ...(account?.keys() ?? [])]);
}

// Shared by all users, so that a user's own keys are its data.
export const userPrototype = /* @__PURE__ */ Object.freeze({
  toJSON(this: User): UserRow {
    const holding = holdingsOf(this);
    const row = ownValue(holding, "row") ?? rowOf(holding, connectionsOf(holding));
    holding.row = row;
    return row;
  },
});

// Own and enumerable, so that a comparison, a spread and a clone miss nothing. All users share the getters, which take no
// room in any of them.
const shown = {
  grants: /* @__PURE__ */ shownAs("grants", /* @__PURE__ */ Object.freeze({})),
  connections: /* @__PURE__ */ shownAs("connections", /* @__PURE__ */ Object.freeze([])),
};

function shownAs(field: "grants" | "connections", none: object): PropertyDescriptor {
  return {
    __proto__: null,
    enumerable: true,
    get(this: User) {
      return userPrototype.toJSON.call(this)[field] ?? none;
    },
  } as PropertyDescriptor;
}

/** Reads grants in any of the three forms by connection, and leaves out those that are `undefined`. */
function readGrants<Reading>(
  source: unknown,
  place: Place,
  read: (grant: unknown, place: Place) => Reading,
): Map<string, Reading> {
  const grants = new Map<string, Reading>();
  const add = (connection: string, grant: unknown) => {
    if (grant !== undefined) grants.set(connection, read(grant, below(place, connection)));
  };
  const addEntry = (entry: unknown, entryPlace: Place) => {
    const connection: unknown = Array.isArray(entry) && entry.length === 2 ? ownValue(entry, 0) : undefined;
    if (typeof connection !== "string") {
      return refuse(entryPlace, `${showValue(entry)} is not an entry; expected [connection, grant]`);
    }
    const grant: unknown = ownValue(entry as readonly unknown[], 1);
    if (grant !== undefined && grants.has(connection)) {
      addFault(place, `two grants on ${showValue(connection)}; expected one`, connection);
    }
    add(connection, grant);
  };
  // By key: to make a pair of each would take half as long again.
  if (isRecord(source)) for (const connection of Object.keys(source)) add(connection, ownValue(source, connection));
  else if (Array.isArray(source)) readList(source, place, addEntry);
  else readIterable(source, place, "expected a plain object by connection, a Map or entries", addEntry);
  return grants;
}
