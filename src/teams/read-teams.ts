import { addFault, at, below, type Place } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { showValue } from "../core/base/message.js";
import {
  type Names,
  readList,
  readName,
  readNames,
  readQuestion,
  readRecord,
  readString,
  readStrings,
} from "../core/base/readers.js";
import type { Bits } from "../core/engine/bits.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import { decodeAbove, type Key } from "../core/engine/grant-bits.js";
import type { Role } from "../core/engine/rule.js";
import { readAccountOf, readGrantOf, readRole } from "../core/users/create-user.js";
import { type Ending, isAhead, isEnding } from "../core/users/ends.js";
import { readGrants } from "../core/users/read-grants.js";
import type { AccountSource, GrantSource } from "./folded-teams.js";

/** A grant that was given to a user or a team and has not ended, as bits, and as it is shown. */
export interface Given {
  readonly bits: Bits;
  readonly until: string | undefined;
  readonly source: GrantSource | AccountSource;
}

/** What was given to one user or one team, by place. */
export interface Holder {
  readonly id: string;
  readonly connections: ReadonlyMap<string, Given>;
  readonly brands: ReadonlyMap<string, Given>;
  readonly everywhere: Given | undefined;
  readonly account: Given | undefined;
}

/** A user with its own grants. */
export interface CheckedUser extends Holder {
  readonly role: Role;
}

/** The checked input of a fold. */
export interface CheckedTeams {
  /** The first end of a grant. */
  readonly validUntil: string | undefined;
  readonly connections: ReadonlySet<string>;
  readonly brands: ReadonlyMap<string, { readonly connections: readonly string[] }>;
  readonly users: ReadonlyMap<string, CheckedUser>;
  readonly teams: ReadonlyMap<string, Holder & { readonly members: readonly string[] }>;
}

/** Reads an account with teams and brands, and leaves out the grants that have ended. The first fault is thrown. */
export function readTeams(engine: CompiledPolicy, input: unknown, now: string | undefined): CheckedTeams {
  const place = at("invalid-matrix");
  const fields = readQuestion(input, place, ["users", "connections", "teams", "brands"]);
  const listOf = (key: string): unknown => (fields.has(key) ? fields.get(key) : []);
  const connections = new Set(readStrings(fields.get("connections"), below(place, "connections")));
  const brands = readById(listOf("brands"), below(place, "brands"), "brand", (brand, each) => {
    const given = readRecord(brand, each, ["id", "connections"]);
    const names = readNames(given.get("connections"), below(each, "connections"), connections);
    return { id: readId(given, each, "brand"), connections: names };
  });
  const ends: string[] = [];
  const context = { engine, connections, brands, now, ends };
  const users = readById(fields.get("users"), below(place, "users"), "user", (user, inMatrix) => {
    const each: Place = { ...inMatrix, code: "invalid-user" };
    const given = readRecord(user, each, holderKeys(engine, "role"));
    const id = readId(given, each, "user");
    const role = readRole(engine, given.get("role"), below(each, "role"));
    return { ...readHolder(context, { user: id }, role, given, each), id, role };
  });
  const teams = readById(listOf("teams"), below(place, "teams"), "team", (team, each) => {
    const given = readRecord(team, each, holderKeys(engine, "members"));
    const id = readId(given, each, "team");
    const members = readNames(given.get("members"), below(each, "members"), users);
    return { ...readHolder(context, { team: id }, undefined, given, each), id, members };
  });
  return { connections, brands, users, teams, validUntil: firstOf(ends) };
}

function readById<Item extends { readonly id: string }>(
  source: unknown,
  place: Place,
  what: "user" | "team" | "brand",
  read: (item: unknown, place: Place) => Item,
): ReadonlyMap<string, Item> {
  const items = new Map<string, Item>();
  readList(source, place, (item, each) => {
    const made = read(item, each);
    if (items.has(made.id)) {
      const code = what === "user" ? "duplicate-user" : place.code;
      addFault({ ...each, code }, `a second ${what} ${showValue(made.id)}; expected one`, "id");
    }
    items.set(made.id, made);
  });
  return items;
}

function readId(given: ReadonlyMap<string, unknown>, place: Place, what: string): string {
  return readString(given.get("id"), below(place, "id"), `a ${what} id`);
}

function holderKeys({ accountKeys }: CompiledPolicy, key: "role" | "members"): readonly string[] {
  return ["id", key, "grants", ...(accountKeys.length > 0 ? ["account"] : [])];
}

interface Context extends Readonly<Record<"connections" | "brands", Names>> {
  readonly engine: CompiledPolicy;
  readonly now: string | undefined;
  /** Collects the ends of the grants that have not ended. */
  readonly ends: string[];
}

/** Reads what was given to a user of a role, or to a team. */
function readHolder(
  context: Context,
  whom: { readonly user: string } | { readonly team: string },
  role: Role | undefined,
  given: ReadonlyMap<string, unknown>,
  holder: Place,
): Omit<Holder, "id"> {
  const { engine, now, ends } = context;
  const place = below({ ...holder, code: "invalid-grant" }, "grants");
  const grants = given.has("grants")
    ? readRecord(given.get("grants"), place, ["everywhere", "brands", "connections"])
    : new Map<string, unknown>();
  const made = (keys: readonly Key[], held: Bits | Ending, on: object): Given | undefined => {
    const { bits, until } = isEnding(held) ? held : { bits: held, until: undefined };
    if (until !== undefined) {
      if (!isAhead(until, now)) return undefined;
      ends.push(until);
    }
    return { bits, until, source: freeze({ ...whom, ...on, grant: grantOf(keys, bits, until) }) };
  };
  const read = (grant: unknown, each: Place, on: object) =>
    made(engine.keys, readGrantOf(engine, role, grant, each, now !== undefined), on);
  const readBy = (key: "connections" | "brands", on: "connection" | "brand") => {
    const all = grants.has(key)
      ? readGrants(grants.get(key), below(place, key), (grant, each) =>
          read(grant, each, { [on]: readName(each.key, each, context[key]) }),
        )
      : new Map<string, Given | undefined>();
    return new Map([...all].flatMap(([id, each]): [string, Given][] => (each ? [[id, each]] : [])));
  };
  const inAccount = below({ ...holder, code: "invalid-grant" }, "account");
  return {
    connections: readBy("connections", "connection"),
    brands: readBy("brands", "brand"),
    everywhere: grants.has("everywhere")
      ? read(grants.get("everywhere"), below(place, "everywhere"), { everywhere: true })
      : undefined,
    account: given.has("account")
      ? made(engine.accountKeys, readAccountOf(engine, role, given.get("account"), inAccount, now !== undefined), {})
      : undefined,
  };
}

/** Spells out what a grant has above the lowest, and its end. */
export function grantOf(keys: readonly Key[], bits: Bits, until: string | undefined): object {
  return freeze({ ...decodeAbove(keys, bits), ...(until !== undefined && { until }) });
}

/** Gives the first of some instants. */
export function firstOf(instants: readonly string[]): string | undefined {
  return instants.reduce<string | undefined>(
    (first, each) => (first === undefined || each < first ? each : first),
    undefined,
  );
}
