import { freeze } from "../../core/base/freeze.js";
import { ALIAS, type SqlContext } from "../columns.js";
import { concat, type Fragment, identifier, literal, raw, sql } from "../fragment.js";
import { textOf } from "../table-definitions.js";
import type { TableKind } from "../tables.js";
import { type RowSecurity, readRowSecurity } from "./read-row-security.js";
import { columnsIn, ofGroups, ofLinks, type RowFunctions, rowFunctions } from "./row-functions.js";

/** Writes the statements that make a database ask the policy about each row. */
export function rowSecurity(context: SqlContext, source: unknown): readonly string[] {
  const security = readRowSecurity(context, source);
  const { schema, role, views } = security;
  const functions = rowFunctions(context, security);
  const statements = [
    checkRoles(role.text),
    sql`CREATE SCHEMA IF NOT EXISTS ${schema}`,
    ...functions.values(),
    sql`REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC`,
    sql`REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schema} FROM PUBLIC`,
    // Without the right to use the schema, the role reaches them through the policies alone.
    sql`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role.name}`,
    ...Object.entries(conditionsOf(context, security, functions)).flatMap(([kind, conditions]) =>
      policiesOf(context, security, kind as TableKind, conditions),
    ),
    ...views.map((view) => sql`ALTER VIEW ${view} SET (security_invoker = TRUE)`),
  ];
  return freeze(statements.map(textOf));
}

/** Which rows a command reaches: those that are there, and those that it writes. Not every command has both. */
interface Condition {
  readonly stored: readonly Fragment[] | undefined;
  readonly written: readonly Fragment[] | undefined;
}

// Both parts are spelt out: one that is left out could come from a polluted `Object.prototype`, as SQL.
const where = (...stored: readonly Fragment[]): Condition => ({ stored, written: undefined });
const becoming = (...written: readonly Fragment[]): Condition => ({ stored: undefined, written });

type Conditions = Readonly<Record<"select" | "insert" | "update" | "delete", Condition>>;

/** Writes what each command needs on each table, besides that a row is of the account. */
function conditionsOf(
  context: SqlContext,
  { schema, per, actions }: RowSecurity,
  functions: RowFunctions,
): Readonly<Record<TableKind, Conditions>> {
  const nobody = raw("FALSE");
  /** Writes the call of a function, if there is one: where no action is named, nobody may. */
  const ask = (name: string, given: readonly Fragment[]) =>
    functions.has(name) ? sql`${schema}.${raw(name)}(${concat(given, ", ")})` : nobody;
  /** The same for a function that knows no row: the database asks it once. */
  const askOnce = (name: string) => (functions.has(name) ? sql`(SELECT ${ask(name, [])})` : nobody);
  const mayDo = (command: "select" | "update" | "delete", kind: "groups" | "links") => {
    const [group, ...account] = columnsIn(context, kind, kind === "groups" ? ofGroups : ["group", "account"]);
    if (per === "row") return ask(`may_${command}`, [group as Fragment, ...account]);
    return actions[command] === undefined
      ? nobody
      : sql`${group as Fragment} IN (SELECT ${ask(`groups_to_${command}`, [])})`;
  };
  const mayChange = functions.has("may_change")
    ? ask("may_change", [...columnsIn(context, "groups", ofGroups), ...context.tables.of.groups.named.values()])
    : mayDo("update", "groups");
  const manage = askOnce("may_manage");
  const managed: Conditions = {
    select: where(),
    insert: becoming(manage),
    update: { stored: [manage], written: [manage] },
    delete: where(manage),
  };
  return {
    users: managed,
    connections: managed,
    grants: managed,
    groups: {
      select: where(mayDo("select", "groups")),
      // It has no links yet, so that each link is checked when it comes.
      insert: becoming(askOnce("may_create")),
      update: { stored: [mayDo("update", "groups")], written: [mayChange] },
      delete: where(mayDo("delete", "groups")),
    },
    links: {
      select: where(mayDo("select", "links")),
      insert: becoming(ask("may_link", columnsIn(context, "links", ofLinks))),
      // Another link is a link taken away and a new one.
      update: { stored: [nobody], written: [nobody] },
      delete: where(mayDo("update", "links")),
    },
  };
}

/** Writes the policies of a table, each instead of an earlier one. */
function policiesOf(context: SqlContext, { schema, role }: RowSecurity, kind: TableKind, conditions: Conditions) {
  const { name, columns } = context.tables.of[kind];
  const account = columns.get("account");
  const inAccount = account ? sql`${account} = (SELECT ${schema}.account_id())` : sql`(SELECT ${schema}.knows_user())`;
  const policy = (ending: string, how: string, clauses: readonly Fragment[]) => {
    const named = identifier(`${ALIAS}${ending}`, "postgresql");
    return [
      sql`DROP POLICY IF EXISTS ${named} ON ${name}`,
      sql`CREATE POLICY ${named} ON ${name} ${raw(how)} TO ${role.name} ${concat(clauses, " ")}`,
    ];
  };
  const clause = (word: string, conditions: readonly Fragment[] | undefined) =>
    conditions ? [sql`${raw(word)} (${concat([inAccount, ...conditions], " AND ")})`] : [];
  return [
    // Its owner would pass otherwise.
    sql`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    // What these allow asks no policy. What everybody may, the role may, too.
    sql`REVOKE TRUNCATE, REFERENCES, TRIGGER ON ${name} FROM ${role.name}, PUBLIC`,
    // What others permit adds to this one, and takes nothing from the restrictive ones.
    ...policy("base", "AS PERMISSIVE FOR ALL", [sql`USING (${inAccount})`]),
    ...Object.entries(conditions).flatMap(([command, { stored, written }]) =>
      policy(command, `AS RESTRICTIVE FOR ${command.toUpperCase()}`, [
        ...clause("USING", stored),
        ...clause("WITH CHECK", written),
      ]),
    ),
  ];
}

/**
 * Writes the statement that fails where policies would be in vain: if who makes the functions does not pass row level security,
 * they see nothing, and if the role of the application passes it, nothing is checked.
 */
function checkRoles(role: string): Fragment {
  const passes = (name: string) =>
    `EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${name} AND (rolsuper OR rolbypassrls))`;
  const body = `BEGIN
  IF NOT ${passes("current_user")} THEN
    RAISE EXCEPTION 'the role % may not make these policies; expected a superuser, or a role with BYPASSRLS', current_user;
  END IF;
  IF ${passes(textOf(literal(role, "postgresql")))} THEN
    RAISE EXCEPTION 'a role of the application passes row level security; expected one without SUPERUSER and BYPASSRLS';
  END IF;
END`;
  return sql`DO ${literal(body, "postgresql")}`;
}
