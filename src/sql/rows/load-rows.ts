import { at, refuse } from "../../core/base/faults.js";
import { showValue } from "../../core/base/message.js";
import { createMatrix } from "../../core/matrix/create-matrix.js";
import type { GrantMatrix } from "../../core/matrix/grant-matrix.js";
import type { At, Policy, User } from "../../core/types/index.js";
import { createUser } from "../../core/users/create-user.js";
import { allOf } from "../aggregates.js";
import { column, inAccount, isId, namedColumn, queryOf, type SqlContext, sqlJoin, table } from "../columns.js";
import { concat, type Fragment, identifier, raw, type SqlValue, sql } from "../fragment.js";
import { endKey, type Query, readEnd, readIds, readKeys, readValue } from "../queries/read-query.js";
import type { TableKind } from "../tables.js";
import { accountCell, grantCell, type LoadedRows, readRows } from "./read-rows.js";
import type { AccountPage, RowsQuery } from "./row-types.js";

/** Writes the query for a user with the grants on some connections. */
export function loadUser<P extends Policy>(
  context: SqlContext & { readonly policy: P },
  source: unknown,
): RowsQuery<User<P> | undefined> {
  const query = readKeys(context, source, ["user", "connections", ...endKey(context)]);
  const asked = readAsked(context, query);
  const isUser = isId(context, column(context, "users", "id"), readValue(query, "user"));
  return withReader(context, rowsOf(context, query, asked.connections, isUser), ({ users, connections }) => {
    if (users.length > 1) refuse(at("invalid-query", "rows"), `${users.length} users; expected the rows of one`);
    return users[0] && createUser<P>(context.policy, { ...users[0], connections } as never, asked.options);
  });
}

/** Writes the query for all users with their grants on some connections. */
export function loadMatrix<P extends Policy>(
  context: SqlContext & { readonly policy: P },
  source: unknown,
): RowsQuery<GrantMatrix<P>> {
  const query = readKeys(context, source, ["connections", ...endKey(context)]);
  const { connections, options } = readAsked(context, query);
  return withReader(context, rowsOf(context, query, connections), (rows) =>
    createMatrix<P>(context.policy, { users: rows.users, connections: rows.connections } as never, options),
  );
}

/** Writes the query for some users with all their grants: those behind the last one of the page before. */
export function loadPage<P extends Policy>(
  context: SqlContext & { readonly policy: P },
  source: unknown,
): RowsQuery<AccountPage<P>> {
  const query = readKeys(context, source, ["after", "limit"]);
  const limit = query.get("limit");
  if (!Number.isSafeInteger(limit) || (limit as number) < 1) {
    refuse(at("invalid-query", "limit"), `${showValue(limit)} is not accepted; expected how many users, 1 at least`);
  }
  const id = column(context, "users", "id");
  const isFirst = query.get("after") === null;
  const isNext = isFirst ? [] : [sql`${id} > ${readValue(query, "after")}`];
  const where = allOf([...inAccount(context, "users", () => readValue(query, "account")), ...isNext]);
  // A page is of users, not of rows: each comes with all that it holds.
  const users = sql`(SELECT ${raw("cg_user")}.* FROM ${table(context, "users")} WHERE ${where} ORDER BY ${id} LIMIT ${raw(String(limit))}) AS ${raw("cg_user")}`;
  const next = { name: "next", of: "users", value: id } as const;
  const selected = [next, ...cellsOf(context)];
  const found = sql`${select(context, selected, ["users", "grants", "connections"])} FROM ${users}${joinGrants(context)}`;
  const all = isFirst ? sql`${selectConnections(context, query, selected)} UNION ALL ${found}` : found;
  return withReader(
    context,
    sql`${all} ORDER BY ${identifier("next", context.tables.dialect)}`,
    ({ users, connections, last }) =>
      Object.freeze({ users, connections, next: users.length < (limit as number) ? null : last }) as AccountPage<P>,
  );
}

/** What a question about some connections asks. */
interface Asked {
  readonly connections: readonly SqlValue[] | undefined;
  readonly options: At | undefined;
}

function readAsked(context: SqlContext, query: Query): Asked {
  const connections = query.has("connections") ? readIds(query, "connections") : undefined;
  const end = readEnd(context, query);
  return { connections, options: end === undefined ? undefined : { at: end } };
}

/** Writes the connections, and then the users with what they hold on these. */
function rowsOf(
  context: SqlContext,
  query: Query,
  among: readonly SqlValue[] | undefined,
  ...isUser: readonly Fragment[]
): Fragment {
  const cells = cellsOf(context);
  const where = allOf([...inAccount(context, "users", () => readValue(query, "account")), ...isUser]);
  return sql`${selectConnections(context, query, cells, among)} UNION ALL ${select(context, cells, ["users", "grants", "connections"])} FROM ${table(context, "users")}${joinGrants(context, among)} WHERE ${where}`;
}

function selectConnections(
  context: SqlContext,
  query: Query,
  cells: readonly Cell[],
  among?: readonly SqlValue[],
): Fragment {
  const isAmong = among ? [isId(context, column(context, "connections", "id"), among)] : [];
  const where = allOf([...inAccount(context, "connections", () => readValue(query, "account")), ...isAmong]);
  return sql`${select(context, cells, ["connections"])} FROM ${table(context, "connections")} WHERE ${where}`;
}

/** Joins the grants of each user. One on a connection that the account does not have gives nothing, so it names none. */
function joinGrants(context: SqlContext, among?: readonly SqlValue[]): Fragment {
  const user = column(context, "users", "id");
  const on = among ? { user, connection: among } : { user };
  const grants = sqlJoin({ ...context, at: undefined }, "LEFT JOIN", "grants", "users", on);
  const id = column(context, "grants", "connection");
  return sql`${grants}${sqlJoin(context, "LEFT JOIN", "connections", "grants", { id })}`;
}

/** A column of the rows. */
interface Cell {
  readonly name: string;
  readonly of: TableKind;
  readonly value: Fragment;
}

/** Lists the columns of the rows: as texts, because each driver returns numbers, booleans and instants in its own way. */
function cellsOf(context: SqlContext): readonly Cell[] {
  const { engine, tables } = context;
  const cell = (name: string, of: TableKind, use: string): Cell => ({
    name,
    of,
    value: asText(context, column(context, of, use)),
  });
  const held = (of: "users" | "grants"): readonly Cell[] => {
    const [keys, nameOf] = of === "users" ? [engine.accountKeys, accountCell] : [engine.keys, grantCell];
    const own = keys.map(({ name, area }, index): Cell => {
      const stored = namedColumn(context, of, name);
      // A BIT of MySQL is no text, but a number.
      const isBit = tables.dialect === "mysql" && area.flags.has(name);
      return { name: nameOf(index), of, value: asText(context, isBit ? sql`${stored} + 0` : stored) };
    });
    const until = tables.of[of].columns.has("until") ? [column(context, of, "until")] : [];
    return [...own, ...until.map((each): Cell => ({ name: nameOf("until"), of, value: instantAsText(context, each) }))];
  };
  return [
    cell("user", "users", "id"),
    cell("role", "users", "role"),
    cell("connection", "connections", "id"),
    ...held("users"),
    ...held("grants"),
  ];
}

/** Selects the columns of some tables, with NULL in place of the others. */
function select({ tables }: SqlContext, cells: readonly Cell[], from: readonly TableKind[]): Fragment {
  const columns = cells.map(
    ({ name, of, value }) => sql`${from.includes(of) ? value : raw("NULL")} AS ${identifier(name, tables.dialect)}`,
  );
  return sql`SELECT ${concat(columns, ", ")}`;
}

function asText({ tables }: SqlContext, value: Fragment): Fragment {
  return tables.dialect === "mysql" ? sql`CONVERT(${value} USING utf8mb4)` : sql`CAST(${value} AS TEXT)`;
}

/** Writes an end as its text in ISO 8601, whatever the session's settings. Never to end is the same as no end. */
function instantAsText({ tables }: SqlContext, until: Fragment): Fragment {
  const asIso = {
    postgresql: () => sql`to_json(NULLIF(${until}, 'infinity')) #>> '{}'`,
    sqlite: () => sql`CAST(${until} AS TEXT)`,
    mysql: () => sql`CONVERT(DATE_FORMAT(${until}, '%Y-%m-%dT%H:%i:%s.%fZ') USING utf8mb4)`,
  };
  return asIso[tables.dialect]();
}

function withReader<Result>(
  context: SqlContext,
  fragment: Fragment,
  resultOf: (rows: LoadedRows) => Result,
): RowsQuery<Result> {
  const read = (rows: unknown) => resultOf(readRows(context, rows));
  return Object.freeze({ ...queryOf(context, fragment), read });
}
