import { getOrInsert } from "../core/base/get-or-insert.js";
import type { Area } from "../core/engine/area.js";
import { oneWord } from "../core/engine/bits.js";
import { type CompiledPolicy, ruleFor } from "../core/engine/compiled-policy.js";
import { keysIn } from "../core/engine/grant-bits.js";
import type { Clause, Role } from "../core/engine/rule.js";
import { statesIn } from "../core/engine/standing.js";
import type { Policy, TargetKind } from "../core/types/index.js";
import { concat, type Fragment, raw, sql } from "./fragment.js";
import type { TableKind, Tables } from "./tables.js";

/** A policy and the tables of an application: what queries are written for. */
export interface SqlContext {
  readonly policy: Policy;
  readonly engine: CompiledPolicy;
  readonly tables: Tables;
}

/** The prefix of every alias in a query. An application's own aliases must not begin with it. */
export const ALIAS = "cg_";

const aliases: Readonly<Record<TableKind, string>> = {
  users: "cg_user",
  connections: "cg_connection",
  grants: "cg_grant",
  groups: "cg_group",
  links: "cg_link",
};

/** Writes a table with its alias, for FROM. */
export function table({ tables }: SqlContext, kind: TableKind): Fragment {
  return sql`${tables.of[kind].name} AS ${raw(aliases[kind])}`;
}

/** Writes a column of a table. `use` says what the column is for: `account`, `id`, `role`. */
export function column({ tables }: SqlContext, kind: TableKind, use: string): Fragment {
  return sql`${raw(aliases[kind])}.${tables.of[kind].columns.get(use) as Fragment}`;
}

/** Writes the condition that a user may do an action on the target whose rows are grouped. */
export function meetsRule(context: SqlContext, action: string, kind: TargetKind): Fragment {
  const { engine } = context;
  return meetsAny(context, kind, (role) => ruleFor({ engine, role }, action).clauses);
}

/** Writes the condition that the rows of a target satisfy one of the clauses for the user's role. */
export function meetsAny(
  context: SqlContext,
  kind: TargetKind,
  clausesFor: (role: Role) => readonly Clause[],
): Fragment {
  const ways = groupByFragment(
    [...context.engine.roles.values()].flatMap((role) =>
      clausesFor(role).flatMap((clause) => {
        const condition = satisfies(context, clause, role, kind);
        return condition ? [[condition, role.name] as const] : [];
      }),
    ),
  );
  const role = byBytes(context, column(context, "users", "role"));
  return anyOf(ways.map(([condition, names]) => sql`(${role} IN ${boundList(names)} AND ${condition})`));
}

/** Returns a level as it is stored. */
export function storedLevel({ policy, tables }: SqlContext, level: string): string | number {
  return tables.levels === "text" ? level : policy.levels.indexOf(level);
}

/**
 * Writes the condition that the rows of a target satisfy a clause: each of its two masks becomes an aggregate. Returns
 * `undefined` if no rows can satisfy the clause.
 */
function satisfies(
  context: SqlContext,
  { area, forbid, require }: Clause,
  role: Role,
  kind: TargetKind,
): Fragment | undefined {
  if (!area) return kind === "none" ? raw("TRUE") : every(isKnown(context));
  if (role.fixed) {
    if ((oneWord(role.base) & require) === 0) return undefined;
    if (kind === "none") return hasConnection(context);
    return (oneWord(context.engine.stranger) & forbid) === 0 ? some(isKnown(context)) : every(isKnown(context));
  }
  const enough = isIn(context, area, require);
  // A grant counts only on a connection of the account, so the condition tests the joined connection, too.
  if (kind === "none") return some(sql`${isKnown(context)} AND (${enough})`);
  // Tests for the states that are left and not for the forbidden ones, even if none is forbidden: a row that is no grant
  // is in none of the area's states, and has to lead to a no.
  const left = area.states & ~forbid;
  return left === require ? every(enough) : sql`${every(isIn(context, area, left))} AND ${some(enough)}`;
}

function every(condition: Fragment): Fragment {
  return sql`MIN(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 1`;
}

function some(condition: Fragment): Fragment {
  return sql`MAX(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 1`;
}

/** Writes the condition that the connection of a row belongs to the account. */
function isKnown(context: SqlContext): Fragment {
  return sql`${column(context, "connections", "id")} IS NOT NULL`;
}

/** Writes the condition that the user's account has a connection. */
function hasConnection(context: SqlContext): Fragment {
  const isSameAccount = sql`${column(context, "connections", "account")} = ${column(context, "users", "account")}`;
  return sql`EXISTS (SELECT 1 FROM ${table(context, "connections")} WHERE ${isSameAccount})`;
}

/**
 * Writes the condition that the grant of a row is a state in a mask. Without a grant, the state is the lowest. A row that
 * is no grant is in no state, because each alternative names a level and says for every flag whether it is on or off.
 */
function isIn(context: SqlContext, area: Area, mask: number): Fragment {
  const [levelColumn, ...flags] = keysIn(context.engine.keys, area).map(({ name }) => grantColumn(context, name));
  const masks = [...area.flags.values()];
  const ways = area.levels.flatMap((level, rank) => {
    const states = area.atLevel[rank] as number;
    // If the mask has all states of the level, one alternative is enough: each flag of the level is on or off.
    const asked = (states & ~mask) === 0 ? [states] : statesIn(states & mask);
    const beside = (some: number) =>
      flags.map((flag, index) => {
        const on = masks[index] as number;
        return sql` AND ${flag} IN (${raw(some & on ? (some & ~on ? "FALSE, TRUE" : "TRUE") : "FALSE")})`;
      });
    return asked.map((some) => [concat(beside(some), ""), storedLevel(context, level)] as const);
  });
  const level = levelIn(context, levelColumn as Fragment);
  const granted = groupByFragment(ways).map(([beside, levels]) => sql`${level} IN ${boundList(levels)}${beside}`);
  // x & -x is the lowest bit of x: of 0b0110 it is 0b0010. Here, it is the lowest state of the area.
  const none = (mask & area.states & -area.states) === 0 ? [] : [sql`${column(context, "grants", "user")} IS NULL`];
  return anyOf([...none, ...granted]);
}

/** Writes a column of levels as it is compared: names byte by byte, ranks as numbers. */
export function levelIn(context: SqlContext, column: Fragment): Fragment {
  return context.tables.levels === "text" ? byBytes(context, column) : column;
}

/**
 * Compares a text byte by byte, whatever the collation of its column: if that ignores case, `FULL-ACCESS` would be a level.
 * Ids keep the collation of their column, because with another one PostgreSQL uses no index, and SQLite plans worse.
 */
function byBytes({ tables }: SqlContext, column: Fragment): Fragment {
  // PostgreSQL: citext and enums need a cast, as only texts have this collation. SQLite: a cast would turn numbers into texts.
  return tables.dialect === "postgresql" ? sql`CAST(${column} AS TEXT) COLLATE "C"` : sql`${column} COLLATE BINARY`;
}

function grantColumn({ tables }: SqlContext, key: string): Fragment {
  return sql`${raw(aliases.grants)}.${tables.keys.get(key) as Fragment}`;
}

/** Groups values by their fragment, so that each condition is written once. */
function groupByFragment<Of>(
  pairs: readonly (readonly [Fragment, Of])[],
): readonly (readonly [Fragment, readonly Of[]])[] {
  const found = new Map<string, readonly [Fragment, Set<Of>]>();
  for (const [fragment, of] of pairs) {
    getOrInsert(found, JSON.stringify(fragment), () => [fragment, new Set<Of>()] as const)[1].add(of);
  }
  return [...found.values()].map(([fragment, all]) => [fragment, [...all]]);
}

function anyOf(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? raw("FALSE") : concat(conditions, " OR ");
}

function boundList(values: readonly (string | number)[]): Fragment {
  return sql`(${concat(
    values.map((value) => sql`${value}`),
    ", ",
  )})`;
}
