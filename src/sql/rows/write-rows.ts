import { at, type Place, refuse } from "../../core/base/faults.js";
import { decodeGrant } from "../../core/engine/grant-bits.js";
import { isEnding, readGrant } from "../../core/users/ends.js";
import { allOf } from "../aggregates.js";
import { boundInstant, isSameId, queryOf, type SqlContext, storedLevel } from "../columns.js";
import { concat, type Fragment, raw, sql } from "../fragment.js";
import type { SqlQuery } from "../queries/query-types.js";
import { type Query, readKeys, readValue } from "../queries/read-query.js";

/** Writes the statement that gives a user a grant on a connection, in place of the one before. */
export function assign(context: SqlContext, source: unknown): SqlQuery {
  const query = readKeys(context, source, ["user", "connection", "grant"]);
  const ids = idsOf(context, query, "grants", { user: "user", connection: "connection" });
  const held = heldIn(context, query, "grants");
  const values = [...ids, ...held];
  const inserted = sql`INSERT INTO ${context.tables.of.grants.name} (${list(values.map(({ column }) => column))}) VALUES (${list(values.map(({ value }) => value))})`;
  if (context.tables.dialect !== "mysql") {
    const changes = held.map(({ column }) => sql`${column} = EXCLUDED.${column}`);
    return queryOf(
      context,
      sql`${inserted} ON CONFLICT (${list(ids.map(({ column }) => column))}) DO UPDATE SET ${list(changes)}`,
    );
  }
  // A key of MySQL may take an id for another one, such as `ANA` for `ana`: what that holds then stays as it is.
  const isIt = isRow(context, ids);
  const changes = held.map(({ column, value }) => sql`${column} = IF(${isIt}, ${value}, ${column})`);
  return queryOf(context, sql`${inserted} ON DUPLICATE KEY UPDATE ${list(changes)}`);
}

/** Writes the statement that takes a grant away. */
export function revoke(context: SqlContext, source: unknown): SqlQuery {
  const query = readKeys(context, source, ["user", "connection"]);
  const ids = idsOf(context, query, "grants", { user: "user", connection: "connection" });
  return queryOf(context, sql`DELETE FROM ${context.tables.of.grants.name} WHERE ${isRow(context, ids)}`);
}

/** Writes the statement that gives a user what it holds in the account as a whole, in place of what it held before. */
export function assignAccount(context: SqlContext, source: unknown): SqlQuery {
  const query = readKeys(context, source, ["user", "grant"]);
  const ids = idsOf(context, query, "users", { id: "user" });
  const changes = heldIn(context, query, "users").map(({ column, value }) => sql`${column} = ${value}`);
  return queryOf(
    context,
    sql`UPDATE ${context.tables.of.users.name} SET ${list(changes)} WHERE ${isRow(context, ids)}`,
  );
}

/** A column, and what is stored in it. */
interface Stored {
  readonly column: Fragment;
  readonly value: Fragment;
}

/** Gives the columns that say which row is meant: that of the account first, where there are many. */
function idsOf(
  { tables }: SqlContext,
  query: Query,
  kind: "grants" | "users",
  keys: Readonly<Record<string, string>>,
): readonly Stored[] {
  const all = Object.entries(tables.accounts === "one" ? keys : { account: "account", ...keys });
  return all.map(([use, key]) => ({
    column: tables.of[kind].columns.get(use) as Fragment,
    value: sql`${readValue(query, key)}`,
  }));
}

function isRow(context: SqlContext, ids: readonly Stored[]): Fragment {
  return allOf(ids.map(({ column, value }) => isSameId(context, column, value)));
}

/** Reads a grant, and gives every column of it: a key that is left out is stored as its lowest. */
function heldIn(context: SqlContext, query: Query, kind: "grants" | "users"): readonly Stored[] {
  const { engine, tables } = context;
  const { columns, named } = tables.of[kind];
  const place = at("invalid-grant");
  const keys = kind === "grants" ? engine.keys : engine.accountKeys;
  if (keys.length === 0) refuseNothing(kind, place);
  const until = columns.get("until");
  const held = readGrant(keys, query.get("grant"), place, until !== undefined);
  const [bits, end] = isEnding(held) ? [held.bits, held.until] : [held, undefined];
  const stored = Object.entries(decodeGrant(keys, bits)).map(([name, value]) => ({
    column: named.get(name) as Fragment,
    value: typeof value === "boolean" ? raw(value ? "TRUE" : "FALSE") : sql`${storedLevel(context, value)}`,
  }));
  if (!until) return stored;
  return [...stored, { column: until, value: end === undefined ? raw("NULL") : boundInstant(context, end) }];
}

function refuseNothing(kind: "grants" | "users", place: Place): never {
  const where = kind === "grants" ? "on connections" : "in the account";
  return refuse(place, `the policy has nothing to hold ${where}; expected a policy with such an area`);
}

function list(fragments: readonly Fragment[]): Fragment {
  return concat(fragments, ", ");
}
