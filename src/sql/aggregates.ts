import { getOrInsert } from "../core/base/get-or-insert.js";
import type { Area } from "../core/engine/area.js";
import { ruleFor } from "../core/engine/compiled-policy.js";
import { keysIn } from "../core/engine/grant-bits.js";
import type { Clause, Part, Role } from "../core/engine/rule.js";
import { isInTheWay, isMetBy, statesIn } from "../core/engine/standing.js";
import type { TargetKind } from "../core/types/index.js";
import {
  boundList,
  byBytes,
  column,
  inAccount,
  isThere,
  levelIn,
  namedColumn,
  type SqlContext,
  storedLevel,
  table,
} from "./columns.js";
import { concat, type Fragment, raw, sql } from "./fragment.js";

/** Writes the condition that the user of a row has a relation to the post. */
export type Related = (relation: string) => Fragment;

/** Writes the condition that a user may do an action on the target whose rows are grouped. */
export function meetsRule(context: SqlContext, action: string, kind: TargetKind, related: Related): Fragment {
  const { engine } = context;
  return meetsAny(context, kind, (role) => ruleFor({ engine, role }, action).clauses, related);
}

/** Writes the condition that the rows of a target satisfy one of the clauses for the user's role. */
export function meetsAny(
  context: SqlContext,
  kind: TargetKind,
  clausesFor: (role: Role) => readonly Clause[],
  related: Related,
): Fragment {
  const ways = groupByFragment(
    [...context.engine.roles.values()].flatMap((role) =>
      clausesFor(role).flatMap((clause) => {
        const conditions = [
          onConnections(context, clause, role, kind),
          heldInAccount(context, clause, role),
          toPost(clause, related),
        ];
        return conditions.every((each) => each !== undefined) ? [[allOf(conditions.flat()), role.name] as const] : [];
      }),
    ),
  );
  const role = byBytes(context, column(context, "users", "role"));
  return anyOf(
    ways.map(([condition, names]) => sql`(${ofGroup(context, sql`${role} IN ${boundList(names)}`)} AND ${condition})`),
  );
}

/**
 * Writes a condition about what the rows are grouped by. MariaDB 10.11 answers some of these wrongly if they stand in both
 * sides of an OR after HAVING, beside an aggregate: there, it is an aggregate too.
 */
function ofGroup({ tables }: SqlContext, condition: Fragment): Fragment {
  return tables.dialect === "mysql" ? some(condition) : condition;
}

/**
 * Writes what a clause asks of the connections of a target: each of its two masks becomes an aggregate. Returns
 * `undefined` if no rows can satisfy it.
 */
function onConnections(
  context: SqlContext,
  clause: Clause,
  role: Role,
  kind: TargetKind,
): readonly Fragment[] | undefined {
  const parts = clause.parts.filter(({ area }) => !area.isOfAccount);
  if (parts.length === 0) return kind === "none" ? [] : [every(isKnown(context))];
  if (role.fixed) {
    if (!parts.every((part) => isMetBy(role.base, part))) return undefined;
    if (kind === "none") return [ofGroup(context, hasConnection(context))];
    return [isInTheWay(context.engine.stranger, clause) ? every(isKnown(context)) : some(isKnown(context))];
  }
  // At most one part asks of some connection only. Of the others, every connection is asked.
  const required = parts.find(({ asksSome }) => asksSome);
  const enough = (part: Part) => isIn(context, "grants", part.area, part.require);
  // A grant counts only on a connection of the account, so the condition tests the joined connection, too.
  if (kind === "none") return [some(sql`${isKnown(context)} AND (${enough(required as Part)})`)];
  // Tests for the states that are left and not for the forbidden ones, even if none is forbidden: a row that is no grant
  // is in none of the area's states, and has to lead to a no.
  const left = new Map<Area, number>();
  for (const { area, forbid } of parts) left.set(area, (left.get(area) ?? area.states) & ~forbid);
  const nothingInTheWay = every(bothOf([...left].map(([area, states]) => isIn(context, "grants", area, states))));
  const isImplied = !required || ((left.get(required.area) as number) & ~required.require) === 0;
  return isImplied ? [nothingInTheWay] : [nothingInTheWay, some(enough(required))];
}

/** Writes what a clause asks of the account. Returns `undefined` if nobody in the role holds it. */
function heldInAccount(context: SqlContext, { account }: Clause, role: Role): readonly Fragment[] | undefined {
  if (account.length === 0) return [];
  if (role.fixedAccount) return account.every((part) => isMetBy(role.account, part)) ? [] : undefined;
  const held = account.map(({ area, require, forbid }) => isIn(context, "users", area, require & ~forbid));
  return [some(bothOf([...held, ...isThere(context, "users")]))];
}

/** Writes which relations to the post a clause asks for. A post may have several rows: one for each user in a relation. */
function toPost({ is, isNot }: Clause, related: Related): readonly Fragment[] {
  return [
    ...(is ? [some(anyOf(is.map(related)))] : []),
    ...(isNot.length > 0 ? [none(anyOf(isNot.map(related)))] : []),
  ];
}

function every(condition: Fragment): Fragment {
  return sql`MIN(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 1`;
}

function some(condition: Fragment): Fragment {
  return sql`MAX(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 1`;
}

function none(condition: Fragment): Fragment {
  return sql`MAX(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 0`;
}

/** Writes the condition that the connection of a row belongs to the account. */
function isKnown(context: SqlContext): Fragment {
  return sql`${column(context, "connections", "id")} IS NOT NULL`;
}

/** Writes the condition that the user's account has a connection. */
function hasConnection(context: SqlContext): Fragment {
  const isSameAccount = allOf(inAccount(context, "connections", () => column(context, "users", "account")));
  return sql`EXISTS (SELECT 1 FROM ${table(context, "connections")} WHERE ${isSameAccount})`;
}

/**
 * Writes the condition that the grant of a row, or what its user holds in the account, is a state in a mask. Without a
 * grant, the state is the lowest. A row that is no grant is in no state, because each alternative names a level and says
 * for every flag whether it is on or off.
 */
function isIn(context: SqlContext, kind: "grants" | "users", area: Area, mask: number): Fragment {
  const columnOf = (name: string) => namedColumn(context, kind, name);
  // x & -x is the lowest bit of x: of 0b0110 it is 0b0010. Here, it is the lowest state of the area.
  const ungranted =
    (mask & area.states & -area.states) === 0 ? [] : [sql`${column(context, "grants", "user")} IS NULL`];
  return anyOf([...ungranted, ...waysIn(context, area, mask, columnOf, boundList)]);
}

/** Writes the alternatives in which a row is in a state of a mask; a row that is no grant is in none. */
export function waysIn(
  context: SqlContext,
  area: Area,
  mask: number,
  columnOf: (name: string) => Fragment,
  listOf: (levels: readonly (string | number)[]) => Fragment,
): readonly Fragment[] {
  const { keys, accountKeys } = context.engine;
  const [levelColumn, ...flags] = keysIn(area.isOfAccount ? accountKeys : keys, area).map(({ name }) => columnOf(name));
  const ways = area.levels.flatMap((level, rank) => {
    const states = area.atLevel[rank] as number;
    // If the mask has all states of the level, one alternative is enough: each flag of the level is on or off.
    const asked = (states & ~mask) === 0 ? [states] : statesIn(states & mask);
    const beside = (some: number) =>
      flags.map((flag, index) => {
        const on = [...area.flags.values()][index] as number;
        return sql` AND ${flag} IN (${raw(some & on ? (some & ~on ? "FALSE, TRUE" : "TRUE") : "FALSE")})`;
      });
    return asked.map((some) => [concat(beside(some), ""), storedLevel(context, level)] as const);
  });
  const level = levelIn(context, levelColumn as Fragment);
  return groupByFragment(ways).map(([beside, levels]) => sql`${level} IN ${listOf(levels)}${beside}`);
}

/** Groups values by their fragment, so that each condition is written once. */
function groupByFragment<Of>(
  pairs: readonly (readonly [Fragment, Of])[],
): readonly (readonly [Fragment, readonly Of[]])[] {
  const found = new Map<string, readonly [Fragment, Set<Of>]>();
  for (const [fragment, of] of pairs) {
    // A bigint is no JSON; in an array, it differs from every other value.
    const key = JSON.stringify(fragment, (_, value) => (typeof value === "bigint" ? [String(value)] : value));
    getOrInsert(found, key, () => [fragment, new Set<Of>()] as const)[1].add(of);
  }
  return [...found.values()].map(([fragment, all]) => [fragment, [...all]]);
}

export function allOf(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? raw("TRUE") : concat(conditions, " AND ");
}

/** Joins alternatives, of which one in each has to hold. */
function bothOf(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 1 ? (conditions[0] as Fragment) : allOf(conditions.map((each) => sql`(${each})`));
}

export function anyOf(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? raw("FALSE") : concat(conditions, " OR ");
}
