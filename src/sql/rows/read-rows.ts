import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { readInstant } from "../../core/base/instant.js";
import { showId, showValue } from "../../core/base/message.js";
import { isRecord, ownValue, readList } from "../../core/base/readers.js";
import { decodeAbove, encodeGrant, type Key } from "../../core/engine/grant-bits.js";
import { readRole } from "../../core/users/create-user.js";
import type { SqlContext } from "../columns.js";
import type { SqlValue } from "../fragment.js";
import { readId } from "../queries/read-query.js";

/** What rows hold: users in `createUser`'s input shape, and the account's connections. */
export interface LoadedRows {
  readonly users: readonly LoadedUser[];
  readonly connections: readonly string[];
  /** The id of the last user, as the driver gives it. */
  readonly last: SqlValue | null;
}

interface LoadedUser {
  readonly id: string;
  readonly role: string;
  readonly grants: Readonly<Record<string, object>>;
  readonly account?: object;
}

/** Names the column of a key that grants have, or of their end. The names survive libraries that change letters or underscores. */
export function grantCell(key: number | "until"): string {
  return key === "until" ? "until" : `held${key}`;
}

/** Names the column of a key that is held in the account, or of its end. */
export function accountCell(key: number | "until"): string {
  return `account${key}`;
}

/**
 * Reads the rows of a query that loads users. A row that is no user, or no grant, is refused: for a user whose role the
 * policy has, a senseless row would otherwise be taken for no grant, and nobody would hear of it.
 */
export function readRows(context: SqlContext, source: unknown): LoadedRows {
  const { engine, tables } = context;
  const place = at("invalid-query", "rows");
  const connections = new Set<string>();
  const users = new Map<string, ReadUser>();
  let last: SqlValue | null = null;

  readList(source, place, (row, each) => {
    if (!isRecord(row)) refuse(each, `${showValue(row)} is not a row; expected a plain object`);
    const cell = (name: string) => readCell(row as Row, each, name);
    const connection = cell("connection");
    const id = cell("user");
    if (id === null) {
      connections.add(connection as string);
      return;
    }
    if (Object.hasOwn(row as Row, "next")) last = readId((row as Row).next, below(each, "next"));
    const inAccount = cellsIn(engine.accountKeys, tables.of.users.columns.has("until"), accountCell, cell);
    const role = cell("role");
    const itself = JSON.stringify([role, ...inAccount.values()]);
    const user = getOrInsert(users, id, () => readUser(context, id, itself, role, inAccount));
    const inUsers = at("invalid-user", "users", id);
    if (user.itself !== itself) refuse(inUsers, `two rows of the user ${showId(id)} that differ; expected one`);
    // What a role holds everywhere counts alone, so that what its user was granted before does not.
    if (connection === null || user.isFixed) return;
    const inGrants = at("invalid-grant", "users", id, "grants", connection);
    if (user.grants.has(connection))
      refuse(inGrants, `two rows of ${showId(id)} on ${showId(connection)}; expected one`);
    const held = cellsIn(engine.keys, tables.of.grants.columns.has("until"), grantCell, cell);
    user.grants.set(connection, readHeld(context, engine.keys, held, inGrants));
  });

  const all = [...users].map(([id, { role, grants, account }]): LoadedUser => {
    return { id, role, grants: Object.fromEntries(grants), ...account };
  });
  return { users: all, connections: [...connections], last };
}

/** A user while its rows are read. */
interface ReadUser {
  /** The columns of the users' table, which each of its rows repeats. */
  readonly itself: string;
  readonly role: string;
  readonly isFixed: boolean;
  readonly account: { readonly account: object } | undefined;
  readonly grants: Map<string, object>;
}

function readUser(
  context: SqlContext,
  id: string,
  itself: string,
  roleName: string | null,
  inAccount: ReadonlyMap<string, string | null>,
): ReadUser {
  const { engine } = context;
  const role = readRole(engine, roleName, at("invalid-user", "users", id, "role"));
  const isHeld = engine.accountKeys.length > 0 && !role.fixedAccount;
  const place = at("invalid-grant", "users", id, "account");
  return {
    itself,
    role: role.name,
    isFixed: role.fixed,
    account: isHeld ? { account: readHeld(context, engine.accountKeys, inAccount, place) } : undefined,
    grants: new Map(),
  };
}

type Row = Readonly<Record<string, unknown>>;

function readCell(row: Row, place: Place, name: string): string | null {
  const value = ownValue(row, name);
  if (value === null || typeof value === "string") return value;
  return refuse(
    place,
    `${showValue(value)} in the column ${showId(name)}; expected the rows of this query as the driver returns them`,
    name,
  );
}

/** Reads the columns of a grant, by the names of its keys. */
function cellsIn(
  keys: readonly Key[],
  mayEnd: boolean,
  nameOf: (key: number | "until") => string,
  cell: (name: string) => string | null,
): ReadonlyMap<string, string | null> {
  const cells = new Map(keys.map(({ name }, index) => [name, cell(nameOf(index))]));
  return mayEnd ? cells.set("until", cell(nameOf("until"))) : cells;
}

/** Reads what a row grants, and leaves out what is at its lowest. */
function readHeld(
  context: SqlContext,
  keys: readonly Key[],
  cells: ReadonlyMap<string, string | null>,
  place: Place,
): object {
  const held = keys.map(({ name, area }) => {
    const stored = cells.get(name) as string | null;
    return [name, area.flags.has(name) ? flagOf(stored) : levelOf(context, stored)];
  });
  const until = cells.get("until") ?? undefined;
  return {
    ...decodeAbove(keys, encodeGrant(keys, Object.fromEntries(held), place)),
    ...(until !== undefined && { until: readStoredEnd(context, until, below(place, "until")) }),
  };
}

const flags = /* @__PURE__ */ new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** Gives a flag, or the text that is none, for the message that refuses it. */
function flagOf(stored: string | null): unknown {
  return flags.get(stored as string) ?? stored;
}

/** Gives a level, or the text that is none. */
function levelOf({ policy, tables }: SqlContext, stored: string | null): unknown {
  if (tables.levels === "text") return stored;
  const rank = policy.levels.findIndex((_, index) => String(index) === stored);
  return policy.levels[rank] ?? stored;
}

function readStoredEnd({ tables }: SqlContext, stored: string, place: Place): string {
  const until = readInstant(stored, place);
  // The queries compare ends in SQLite as texts, so that one of another form would have ended for them.
  if (tables.dialect === "sqlite" && until !== stored) {
    refuse(place, `${showValue(stored)} is not stored in the one form of SQLite; expected ${showValue(until)}`);
  }
  return until;
}
