import { at, refuse } from "../../core/base/faults.js";
import type { Area } from "../../core/engine/area.js";
import type { Key } from "../../core/engine/grant-bits.js";
import type { Role } from "../../core/engine/rule.js";
import { lowestState, statesIn } from "../../core/engine/standing.js";
import { anyOf, waysIn } from "../aggregates.js";
import { ALIAS, type SqlContext, storedLevel } from "../columns.js";
import { concat, type Fragment, identifier, raw, sql } from "../fragment.js";
import {
  checksOf,
  constraint,
  definitionsOf,
  grantColumns,
  literals,
  namedChecks,
  textOf,
} from "../table-definitions.js";
import type { Table } from "../tables.js";
import type { CheckedPlan, Source } from "./read-plan.js";

/** A migration between two policies, and the tables under each. */
export interface Move {
  readonly before: SqlContext;
  readonly after: SqlContext;
  readonly plan: CheckedPlan;
}

type Kind = "grants" | "users";

/** Writes the statements that move one table; none where nothing changes in it. */
export function moveTable(move: Move, kind: Kind): readonly string[] {
  const { before, after, plan } = move;
  const columns = columnsOf(move, kind);
  const isSame = JSON.stringify([rolesOf(before), [...plan.roles]]);
  const isRoleKept =
    kind === "grants" || isSame === JSON.stringify([rolesOf(after), rolesOf(after).map((role) => [role, role])]);
  const checks = (context: SqlContext) => checksOf(context, kind, keysIn(context, kind)).map(textOf).join();
  if (columns.every(({ isKept }) => isKept) && isRoleKept && checks(before) === checks(after))
    return dropped(move, kind);
  const role = isRoleKept ? undefined : roleValue(move);
  const statements =
    after.tables.dialect === "sqlite" ? madeAnew(move, kind, columns, role) : inPlace(move, kind, columns, role);
  return [...dropped(move, kind), ...statements].map((each) => (typeof each === "string" ? each : textOf(each)));
}

/** A column of the table afterwards: its key, the value of each row, and whether the column is as before. */
interface Column {
  readonly key: Key;
  readonly name: Fragment;
  readonly value: Fragment;
  readonly isKept: boolean;
}

function keysIn({ engine }: SqlContext, kind: Kind): readonly Key[] {
  return kind === "grants" ? engine.keys : engine.accountKeys;
}

function rolesOf({ engine }: SqlContext): readonly string[] {
  return [...engine.roles.keys()];
}

function columnsOf({ before, after, plan }: Move, kind: Kind): readonly Column[] {
  const table = after.tables.of[kind];
  return keysIn(after, kind).map((key): Column => {
    const name = table.named.get(key.name) as Fragment;
    const stored = (state: number) => storedIn(after, key, state);
    const source = plan.sources.get(key.area);
    if (!source) return { key, name, value: stored(lowestState(key.area)), isKept: false };
    const columnOf = (each: string) => before.tables.of[kind].named.get(each) as Fragment;
    const isKept = isSameArea({ before, after, plan }, kind, key.area, source);
    const groups = new Map<string, number>();
    for (const [state, next] of source.states) {
      const value = textOf(stored(next));
      groups.set(value, (groups.get(value) ?? 0) | state);
    }
    const whens = [...groups].map(([value, mask]) => {
      const ways = waysIn(before, source.area, mask, columnOf, (levels) => sql`(${literals(before, levels)})`);
      return sql`WHEN ${anyOf(ways)} THEN ${raw(value)}`;
    });
    return { key, name, value: isKept ? name : sql`CASE ${concat(whens, " ")} END`, isKept };
  });
}

/** Tells whether an area has the same columns, and every state is stored in them as it was. */
function isSameArea({ before, after }: Move, kind: Kind, area: Area, source: Source): boolean {
  const shown = (context: SqlContext, of: Area, state: number) =>
    keysIn(context, kind)
      .filter((key) => key.area === of)
      .map(
        (key) =>
          `${textOf(context.tables.of[kind].named.get(key.name) as Fragment)} ${textOf(storedIn(context, key, state))}`,
      )
      .sort()
      .join();
  const states = [...source.states];
  if (states.length !== statesIn(area.states).length) return false;
  return states.every(([state, next]) => shown(before, source.area, state) === shown(after, area, next));
}

/** Writes what a column holds in a state. */
function storedIn(context: SqlContext, { name, area }: Key, state: number): Fragment {
  const flag = area.flags.get(name);
  if (flag !== undefined) return raw(state & flag ? "TRUE" : "FALSE");
  const level = area.levels[area.atLevel.findIndex((states) => states & state)] as string;
  return literals(context, [storedLevel(context, level)]);
}

function roleValue({ before, plan }: Move): Fragment {
  const column = before.tables.of.users.columns.get("role") as Fragment;
  const whens = [...plan.roles].map(
    ([old, next]) => sql`WHEN ${literals(before, [old])} THEN ${literals(before, [next])}`,
  );
  return sql`CASE ${column} ${concat(whens, " ")} END`;
}

/**
 * Deletes what users hold by themselves whose role holds the same for everybody, before or afterwards: rows that nothing
 * read before would come alive.
 */
function dropped({ before, after, plan }: Move, kind: Kind): readonly string[] {
  const { users, grants } = before.tables.of;
  const roles = [...plan.roles].flatMap(([old, next]) => {
    const [was, is] = [before.engine.roles.get(old) as Role, after.engine.roles.get(next) as Role];
    const isDropped = kind === "grants" ? was.fixed !== is.fixed : was.fixedAccount !== is.fixedAccount;
    return isDropped ? [old] : [];
  });
  if (roles.length === 0) return [];
  const isInRole = sql`${users.columns.get("role") as Fragment} IN (${literals(before, roles)})`;
  const columns = (table: Table, ...uses: string[]) =>
    concat(
      uses.flatMap((use) => table.columns.get(use) ?? []),
      ", ",
    );
  if (kind === "grants") {
    const those = sql`SELECT ${columns(users, "account", "id")} FROM ${users.name} WHERE ${isInRole}`;
    return [textOf(sql`DELETE FROM ${grants.name} WHERE (${columns(grants, "account", "user")}) IN (${those})`)];
  }
  const nothing = keysIn(before, "users").map((key) => {
    const column = users.named.get(key.name) as Fragment;
    return sql`${column} = ${storedIn(before, key, lowestState(key.area))}`;
  });
  return nothing.length === 0 ? [] : [textOf(sql`UPDATE ${users.name} SET ${concat(nothing, ", ")} WHERE ${isInRole}`)];
}

/** PostgreSQL: changes a table in place, without its old conditions and with its new ones. */
function inPlace(move: Move, kind: Kind, columns: readonly Column[], role: Fragment | undefined): readonly Fragment[] {
  const { before, after } = move;
  const { name, columns: uses } = after.tables.of[kind];
  const [oldKeys, keys] = [keysIn(before, kind), keysIn(after, kind)];
  const old = new Map(oldKeys.map((key) => [textOf(before.tables.of[kind].named.get(key.name) as Fragment), key]));
  const definitions = grantColumns(after, kind, keys);
  const added = columns.flatMap(({ key, name: column }, index) => {
    const was = old.get(textOf(column));
    if (!was) return [sql`ADD COLUMN ${definitions[index] as Fragment}`];
    if (isFlag(was) === isFlag(key)) return [];
    const text = textOf(column);
    return refuse(
      at("invalid-tables", "after", kind),
      `the column ${text} holds both a level and a flag; expected another name`,
    );
  });
  const names = new Set(columns.map((column) => textOf(column.name)));
  const removed = [...old.keys()]
    .filter((column) => !names.has(column))
    .map((column) => sql`DROP COLUMN ${raw(column)}`);
  const defaults = columns.flatMap(({ key, name: column }) => {
    const was = old.get(textOf(column));
    const next = storedIn(after, key, lowestState(key.area));
    if (!was || textOf(storedIn(before, was, lowestState(was.area))) === textOf(next)) return [];
    return [sql`ALTER COLUMN ${column} SET DEFAULT ${next}`];
  });
  const roles = after.tables.of.users.columns.get("role") as Fragment;
  const isRole = sql`${constraint(after, "users", "role")}CHECK (${roles} IN (${literals(after, rolesOf(after))}))`;
  const checks = [...(role ? [isRole] : []), ...namedChecks(after, kind, checksOf(after, kind, keys))];
  const oldChecks = checksOf(before, kind, oldKeys).map((_, index) => constraint(before, kind, index + 1));
  const dropping = [...(role ? [constraint(before, "users", "role")] : []), ...oldChecks].map(
    (each) => sql`DROP ${ifThere(each)}`,
  );
  const changed = columns.filter(({ isKept }) => !isKept).map(({ name: column, value }) => sql`${column} = ${value}`);
  const assigned = [...(role ? [sql`${uses.get("role") as Fragment} = ${role}`] : []), ...changed];
  // Where anything changes, there is a condition or a column that comes, and one that goes.
  const alter = (changes: readonly Fragment[]) => sql`ALTER TABLE ${name} ${concat(changes, ", ")}`;
  return [
    alter([...dropping, ...added]),
    ...(assigned.length > 0 ? [sql`UPDATE ${name} SET ${concat(assigned, ", ")}`] : []),
    alter([...removed, ...defaults, ...checks.map((check) => sql`ADD ${check}`)]),
  ];
}

function isFlag({ name, area }: Key): boolean {
  return area.flags.has(name);
}

function ifThere(named: Fragment): Fragment {
  return raw(textOf(named).replace("CONSTRAINT", "CONSTRAINT IF EXISTS"));
}

/** SQLite: makes a table anew, copies the rows, and takes the place of the old one. */
function madeAnew(move: Move, kind: Kind, columns: readonly Column[], role: Fragment | undefined): readonly string[] {
  const { before, after } = move;
  const table = after.tables.of[kind];
  const own = table.parts.at(-1) as Fragment;
  const parts = [...table.parts.slice(0, -1), identifier(`${ALIAS}next_${kind}`, after.tables.dialect)];
  const next: Table = { ...table, parts, name: concat(parts, ".") };
  const { tables } = definitionsOf({ ...after, tables: { ...after.tables, of: { ...after.tables.of, [kind]: next } } });
  const uses = [...table.columns].map(([use, column]) => ({ column, value: use === "role" && role ? role : column }));
  const all = [...uses, ...columns.map(({ name, value }) => ({ column: name, value }))];
  const list = (fragments: readonly Fragment[]) => concat(fragments, ", ");
  const copy = sql`INSERT INTO ${next.name} (${list(all.map(({ column }) => column))}) SELECT ${list(all.map(({ value }) => value))} FROM ${table.name}`;
  return [
    guarded(before, kind),
    tables[kind],
    textOf(copy),
    textOf(sql`DROP TABLE ${table.name}`),
    textOf(sql`ALTER TABLE ${next.name} RENAME TO ${own}`),
    ...(kind === "grants" ? definitionsOf(after).indexes : []),
  ];
}

/** Fails where a table has more than a table of `createGrantsSql` has, because that would be lost. */
function guarded(before: SqlContext, kind: Kind): string {
  const { parts, columns, named } = before.tables.of[kind];
  const texts = parts.map((part) => literals(before, [textOf(part).slice(1, -1).replaceAll('""', '"')]));
  const [name, parents] = [texts.at(-1) as Fragment, texts.slice(0, -1)];
  const catalogue = concat([...parts.slice(0, -1), raw("sqlite_master")], ".");
  const count = columns.size + named.size;
  const isOwn = sql`(SELECT COUNT(*) FROM pragma_table_info(${concat([name, ...parents], ", ")})) = ${raw(String(count))}`;
  const others = sql`(SELECT COUNT(*) FROM ${catalogue} WHERE tbl_name = ${name} COLLATE NOCASE AND (type = 'trigger' OR type = 'index' AND sql IS NOT NULL AND name <> '${raw(ALIAS)}grants_by_connection')) = 0`;
  const off = kind === "users" ? raw("(SELECT foreign_keys FROM pragma_foreign_keys)") : raw("0");
  return textOf(sql`INSERT INTO "cg_guard" SELECT ${isOwn} AND ${others}, ${off}`);
}
