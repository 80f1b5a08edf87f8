import type { Area } from "../core/engine/area.js";
import { type Clause, type CompiledPolicy, type Role, ruleFor } from "../core/engine/compiled-policy.js";
import { keysIn } from "../core/engine/grant-bits.js";
import { statesIn } from "../core/engine/standing.js";
import type { Policy, TargetKind } from "../core/types/index.js";
import { type Fragment, joined, raw, sql } from "./fragment.js";
import type { TableKind, Tables } from "./tables.js";

/** What queries are written for. */
export interface Host {
  readonly policy: Policy;
  readonly engine: CompiledPolicy;
  readonly tables: Tables;
}

/** What each table is called in a query: names that begin with this are no others'. */
export const ALIAS = "cg_";

const aliases: Readonly<Record<TableKind, string>> = {
  users: "cg_user",
  connections: "cg_connection",
  grants: "cg_grant",
  groups: "cg_group",
  links: "cg_link",
};

/** Names a table, for a FROM. */
export function table({ tables }: Host, kind: TableKind): Fragment {
  return sql`${tables.of[kind].name} AS ${raw(aliases[kind])}`;
}

/** Names a column of a table, by what it is for. */
export function column({ tables }: Host, kind: TableKind, use: string): Fragment {
  return sql`${raw(aliases[kind])}.${tables.of[kind].columns.get(use) as Fragment}`;
}

/** Says that a user may do an action, of the rows of a target. */
export function meetsRule(host: Host, action: string, kind: TargetKind): Fragment {
  const { engine } = host;
  return meetsAny(host, kind, (role) => ruleFor({ engine, role }, action).clauses);
}

/** Says that the rows of a target satisfy any one of the clauses that the user's role is given. */
export function meetsAny(host: Host, kind: TargetKind, clausesFor: (role: Role) => readonly Clause[]): Fragment {
  const ways = together(
    [...host.engine.roles.values()].flatMap((role) =>
      clausesFor(role).flatMap((clause) => {
        const condition = satisfies(host, clause, role, kind);
        return condition ? [[condition, role.name] as const] : [];
      }),
    ),
  );
  const role = byBytes(host, column(host, "users", "role"));
  return either(ways.map(([condition, names]) => sql`(${role} IN ${list(names)} AND ${condition})`));
}

/** Writes a level as it is stored. */
export function storedLevel({ policy, tables }: Host, level: string): string | number {
  return tables.levels === "text" ? level : policy.levels.indexOf(level);
}

/** Says that the rows of a target satisfy a clause: its two masks are two aggregates. Where no rows can, there is nothing to say. */
function satisfies(host: Host, { area, forbid, require }: Clause, role: Role, kind: TargetKind): Fragment | undefined {
  if (!area) return kind === "none" ? raw("TRUE") : every(isKnown(host));
  if (role.fixed) {
    if ((role.base & require) === 0) return undefined;
    if (kind === "none") return hasConnection(host);
    return (host.engine.stranger & forbid) === 0 ? some(isKnown(host)) : every(isKnown(host));
  }
  const enough = isIn(host, area, require);
  // Joined to the grants, and not these to it: what is granted on a stranger counts for nothing.
  if (kind === "none") return some(sql`${isKnown(host)} AND (${enough})`);
  // Asked of the states that are left, and not of those that are forbidden, also where none is: a row that is no grant
  // is in none of the area's states, and so in the way.
  const left = area.states & ~forbid;
  return left === require ? every(enough) : sql`${every(isIn(host, area, left))} AND ${some(enough)}`;
}

function every(condition: Fragment): Fragment {
  return sql`MIN(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 1`;
}

function some(condition: Fragment): Fragment {
  return sql`MAX(CASE WHEN ${condition} THEN 1 ELSE 0 END) = 1`;
}

/** Says that the connection of a row is one of the account's. */
function isKnown(host: Host): Fragment {
  return sql`${column(host, "connections", "id")} IS NOT NULL`;
}

/** Says that the user's account has a connection. */
function hasConnection(host: Host): Fragment {
  const isTheirs = sql`${column(host, "connections", "account")} = ${column(host, "users", "account")}`;
  return sql`EXISTS (SELECT 1 FROM ${table(host, "connections")} WHERE ${isTheirs})`;
}

/**
 * Says that what is granted on the connection of a row is a state in a mask; to have no grant is the lowest state. A row
 * that is no grant is in no state: each way names the level and says of every flag whether it is on or off.
 */
function isIn(host: Host, area: Area, mask: number): Fragment {
  const [own, ...flags] = keysIn(host.engine.keys, area).map(({ name }) => grantColumn(host, name));
  const masks = [...area.flags.values()];
  const ways = area.levels.flatMap((level, rank) => {
    const states = area.atLevel[rank] as number;
    // Where every set of the level's own flags will do, one way says so: such a flag is on or off.
    const asked = (states & ~mask) === 0 ? [states] : statesIn(states & mask);
    const beside = (some: number) =>
      flags.map((flag, index) => {
        const on = masks[index] as number;
        return sql` AND ${flag} IN (${raw(some & on ? (some & ~on ? "FALSE, TRUE" : "TRUE") : "FALSE")})`;
      });
    return asked.map((some) => [joined(beside(some), ""), storedLevel(host, level)] as const);
  });
  const level = levelIn(host, own as Fragment);
  const granted = together(ways).map(([beside, levels]) => sql`${level} IN ${list(levels)}${beside}`);
  const none = (mask & area.states & -area.states) === 0 ? [] : [sql`${column(host, "grants", "user")} IS NULL`];
  return either([...none, ...granted]);
}

/** Gives a column of levels as it is compared: names byte by byte, ranks as numbers. */
export function levelIn(host: Host, column: Fragment): Fragment {
  return host.tables.levels === "text" ? byBytes(host, column) : column;
}

/**
 * Compares a text byte by byte, whatever its column does: to one that ignores case, `FULL-ACCESS` would be a level. Ids
 * are not compared so: with a collation of its own, a condition uses no index in PostgreSQL, and worse plans in SQLite.
 */
function byBytes({ tables }: Host, column: Fragment): Fragment {
  // Of citext and of an enum, only the text has such a collation. In SQLite a cast would take other types for texts.
  return tables.dialect === "postgresql" ? sql`CAST(${column} AS TEXT) COLLATE "C"` : sql`${column} COLLATE BINARY`;
}

function grantColumn({ tables }: Host, key: string): Fragment {
  return sql`${raw(aliases.grants)}.${tables.keys.get(key) as Fragment}`;
}

/** Puts together, once each, what the same is said of. */
function together<Of>(said: readonly (readonly [Fragment, Of])[]): readonly (readonly [Fragment, readonly Of[]])[] {
  const found = new Map<string, readonly [Fragment, Set<Of>]>();
  for (const [fragment, of] of said) {
    const key = JSON.stringify(fragment);
    const [, all] = found.get(key) ?? [fragment, new Set()];
    found.set(key, [fragment, all.add(of)]);
  }
  return [...found.values()].map(([fragment, all]) => [fragment, [...all]]);
}

function either(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? raw("FALSE") : joined(conditions, " OR ");
}

function list(values: readonly (string | number)[]): Fragment {
  return sql`(${joined(
    values.map((value) => sql`${value}`),
    ", ",
  )})`;
}
