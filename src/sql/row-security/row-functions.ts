import { byBytes, column, type SqlContext, table } from "../columns.js";
import { concat, type Fragment, literal, raw, sql } from "../fragment.js";
import { groupsFor, usersFor } from "../queries/queries.js";
import type { SqlQuery } from "../queries/query-types.js";
import { endKey } from "../queries/read-query.js";
import { literals, textOf } from "../table-definitions.js";
import type { TableKind } from "../tables.js";
import type { RowSecurity } from "./read-row-security.js";

/** The functions that policies ask, by name: the statement that makes each. */
export type RowFunctions = ReadonlyMap<string, Fragment>;

/**
 * What stands for the ids of a question while its query is written: afterwards, a function has an expression instead of
 * each. No other value of a query is a bigint.
 */
const [ACCOUNT, USER, GROUP] = [0n, 1n, 2n];

// It belongs to who makes it, and reads what the user who asks must not. Names in its body are those of that moment; what is
// looked up later is looked up in the catalogue alone, and not where the user could have put something.
const reads = /* @__PURE__ */ raw("STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = ''");

/** Writes the functions that policies ask. Where there is one account alone, none of them is asked about an account. */
export function rowFunctions(context: SqlContext, { schema, per, actions, ...session }: RowSecurity): RowFunctions {
  const { of } = context.tables;
  const functions = new Map<string, Fragment>();
  const add = (name: string, types: readonly Fragment[], returns: Fragment, body: Fragment) => {
    const signature = sql`${schema}.${raw(name)}(${concat(types, ", ")})`;
    functions.set(name, sql`CREATE OR REPLACE FUNCTION ${signature} RETURNS ${returns} ${body}`);
  };
  const typeOf = (kind: TableKind, name: Fragment) => sql`${of[kind].name}.${name}%TYPE`;
  const typesOf = (kind: TableKind, uses: readonly string[]) =>
    columnsIn(context, kind, uses).map((each) => typeOf(kind, each));
  const tell = (name: string, types: readonly Fragment[], condition: Fragment, how = reads) =>
    add(name, types, raw("BOOLEAN"), sql`LANGUAGE sql ${how} RETURN ${condition}`);
  const once = (name: string) => sql`(SELECT ${schema}.${raw(name)}())`;

  // PL/pgSQL reads a text as whatever type the column of ids has.
  const tellId = (name: string, use: string, id: Fragment) => {
    const body = literal(`BEGIN RETURN ${textOf(id)}; END`, "postgresql");
    add(name, [], concat(typesOf("users", [use]), ""), sql`LANGUAGE plpgsql ${reads} AS ${body}`);
  };
  tellId("user_id", "id", session.user);
  const roles = literals(context, [...context.engine.roles.keys()]);
  const isKnown = sql`${column(context, "users", "id")} = ${once("user_id")} AND ${byBytes(context, column(context, "users", "role"))} IN (${roles})`;
  if (session.account) {
    tellId("asked_account", "account", session.account);
    // There is no account without a user who belongs to it.
    const account = column(context, "users", "account");
    const found = sql`SELECT ${account} FROM ${table(context, "users")} WHERE ${account} = ${once("asked_account")} AND ${isKnown} LIMIT 1`;
    add("account_id", [], concat(typesOf("users", ["account"]), ""), sql`LANGUAGE sql ${reads} RETURN (${found})`);
  } else {
    tell("knows_user", [], sql`EXISTS (SELECT FROM ${table(context, "users")} WHERE ${isKnown})`);
  }

  const question = {
    ...(session.account && { account: ACCOUNT }),
    // A function asks when its statement begins.
    ...(endKey(context).length > 0 && { at: new Date(0) }),
  };
  const ids = [once("account_id"), once("user_id")];
  const onRow = (action: string, account: string, tables = context) => {
    const query = groupsFor(tables, { ...question, user: USER, action, only: GROUP });
    return sql`EXISTS (${filled(query, [raw(account), once("user_id"), raw("$1")])})`;
  };
  for (const command of ["select", "update", "delete"] as const) {
    const action = actions[command];
    if (action === undefined) continue;
    const isAskedOfLinks = command === "update" && actions.insert !== undefined;
    if (per === "row" || isAskedOfLinks) tell(`may_${command}`, typesOf("groups", ofGroups), onRow(action, "$2"));
    if (per === "row") continue;
    const all = filled(groupsFor(context, { ...question, user: USER, action }), ids);
    const returns = sql`SETOF ${concat(typesOf("links", ["group"]), "")}`;
    add(`groups_to_${command}`, [], returns, sql`LANGUAGE sql ${reads} BEGIN ATOMIC ${all}; END`);
  }
  if (actions.update !== undefined && of.groups.named.size > 0) {
    const relations = [...of.groups.named.values()].map((each) => typeOf("groups", each));
    const isMet = onRow(actions.update, "$2", withNewGroup(context));
    tell("may_change", [...typesOf("groups", ofGroups), ...relations], isMet);
  }
  if (actions.insert !== undefined) {
    const isNew = sql`NOT EXISTS (${itsLinks(context)})`;
    const group = session.account ? raw("$1, $3") : raw("$1");
    const mayAdd = functions.has("may_update") ? sql`(${isNew} OR ${schema}.may_update(${group}))` : isNew;
    const isMet = onRow(actions.insert, "$3", withNewLink(context));
    // A stable function does not see what the same statement has inserted so far.
    const how = raw(textOf(reads).replace("STABLE", "VOLATILE"));
    tell("may_link", typesOf("links", ofLinks), sql`${mayAdd} AND ${isMet}`, how);
  }
  for (const command of ["create", "manage"] as const) {
    const action = actions[command];
    if (action === undefined) continue;
    tell(`may_${command}`, [], sql`EXISTS (${filled(usersFor(context, { ...question, action, only: USER }), ids)})`);
  }
  return functions;
}

/** What a function about a post group takes, and one about a link. Where there is one account alone, the last is left out. */
export const ofGroups = ["id", "account"];
export const ofLinks = ["group", "connection", "account"];

/** Lists the columns that a table has of these uses. */
export function columnsIn({ tables }: SqlContext, kind: TableKind, uses: readonly string[]): readonly Fragment[] {
  const { columns } = tables.of[kind];
  return uses.flatMap((use) => columns.get(use) ?? []);
}

/** Writes a query without bound values: its ids are expressions, its instant is now, and every other value is a literal. */
function filled({ strings, values }: SqlQuery, ids: readonly Fragment[]): Fragment {
  const written = values.map((value, index) => {
    if (typeof value === "bigint") return textOf(ids[Number(value)] as Fragment);
    // Nothing but an instant is read as one.
    if (strings[index + 1]?.startsWith(" AS TIMESTAMPTZ)")) return "statement_timestamp()";
    return typeof value === "string" ? textOf(literal(value, "postgresql")) : String(value);
  });
  return raw(strings.reduce((before, next, index) => `${before}${written[index - 1]}${next}`));
}

/** Reads a table from a sub-query. */
function readingFrom(context: SqlContext, kind: TableKind, name: Fragment): SqlContext {
  const { tables } = context;
  return { ...context, tables: { ...tables, of: { ...tables.of, [kind]: { ...tables.of[kind], name } } } };
}

/** Selects the links that the post group of the arguments has. */
function itsLinks(context: SqlContext): Fragment {
  const columns = columnsIn(context, "links", ofLinks);
  const [isIts, , ...isInAccount] = columns.map((each, index) => sql`${each} = ${raw(`$${index + 1}`)}`);
  const where = concat([isIts as Fragment, ...isInAccount], " AND ");
  return sql`SELECT ${concat(columns, ", ")} FROM ${context.tables.of.links.name} WHERE ${where}`;
}

/** Has one link more: that of the arguments. */
function withNewLink(context: SqlContext): SqlContext {
  const given = columnsIn(context, "links", ofLinks).map((_, index) => raw(`$${index + 1}`));
  return readingFrom(context, "links", sql`(${itsLinks(context)} UNION ALL SELECT ${concat(given, ", ")})`);
}

/** Has one post group: that of the arguments, which are not stored yet. */
function withNewGroup(context: SqlContext): SqlContext {
  const columns = [...columnsIn(context, "groups", ofGroups), ...context.tables.of.groups.named.values()];
  const given = columns.map((each, index) => sql`${raw(`$${index + 1}`)} AS ${each}`);
  return readingFrom(context, "groups", sql`(SELECT ${concat(given, ", ")})`);
}
