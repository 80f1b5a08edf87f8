import { name } from "../core/base/policy-error.js";
import { own } from "../core/base/readers.js";
import { type Blocker, type Decision, explain } from "../core/decisions/explain.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import type { Area } from "../core/engine/area.js";
import { actionOf, clausesOf } from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { highestOf } from "../core/engine/standing.js";
import type { Policy, PostGroup, TargetOf, User } from "../core/types/policy.js";
import { grantedTo, holdingsOf, standingOn } from "../core/users/create-user.js";

/** Explains an answer about an action that is known by its name only. */
export function decisionOn(user: object, action: string, target: unknown): Decision {
  return explain(user as User, action, ...([target] as unknown as TargetOf<Policy, string>));
}

/** Says what the answer is and why: the sentence, and below it what is held and needed on each connection. */
export function report(user: object, action: string, target: unknown): string {
  const decision = decisionOn(user, action, target);
  const holding = holdingsOf(user);
  const granted = () => ({ connections: grantedTo(holding).map(([connection]) => connection) });
  const named = new Set(clausesOf(actionOf(holding.engine, action)).map((clause) => own(clause, "area")));
  const table = heldOn(
    user,
    decision.target ?? granted(),
    holding.engine.areas.filter((area) => (decision.allowed ? named.has(area.name) : decision.area === area.name)),
    decision.allowed ? [] : decision.blockers,
  );
  return `${formatDecision(decision)}${table}`;
}

/** Lays out what a user holds on each connection of a target, in some areas or in all, and what blockers need. */
export function heldOn(
  user: object,
  target: string | PostGroup,
  areas: readonly Area[],
  blockers: readonly Blocker[],
): string {
  const connections = new Set(typeof target === "string" ? [target] : target.connections);
  if (connections.size === 0) return "";
  const needs = new Map(blockers.map((blocker) => [blocker.connection, spell(blocker.needs)]));
  const rows = [...connections].map((connection) => {
    const held = spellHeld(user, connection, areas);
    return [name(connection), held, ...(needs.has(connection) ? [needs.get(connection) as string] : [])];
  });
  const head = ["connection", "holds", ...(needs.size > 0 ? ["needs"] : [])];
  return `\n\n${indent(columns([head, ...rows]))}`;
}

/** Lays cells out in columns. */
export function columns(rows: readonly (readonly string[])[]): string {
  return [...columnLines(rows)].join("\n");
}

/** Lays cells out in columns, and gives the lines one by one. */
export function* columnLines(rows: readonly (readonly string[])[]): Iterable<string> {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  for (const row of rows) {
    yield row
      .map((cell, index) => cell.padEnd(widths[index] as number))
      .join("  ")
      .trimEnd();
  }
}

export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** Spells out what a user holds on a connection: in one area, or where it is above the lowest in several. */
function spellHeld(user: object, connection: string, areas: readonly Area[]): string {
  const holding = holdingsOf(user);
  const bits = standingOn(holding, connection);
  const { keys, areas: all } = holding.engine;
  const shown = areas.length > 0 ? areas : all;
  const held = shown.filter((area) => shown.length === 1 || highestOf(bits, area) > 0);
  const spelt = held.map((area) => {
    const its = keysIn(keys, area);
    return `${shown.length === 1 ? "" : `${name(area.name)} `}${spell(decodeGrant(its, bits))}`;
  });
  return spelt.join(", ") || "nothing";
}

/** Spells out a grant in one area: its level, and the flags that are on. */
export function spell(grant: Readonly<Record<string, unknown>>): string {
  return Object.entries(grant)
    .flatMap(([key, value]) => (value === true ? [name(key)] : typeof value === "string" ? [name(value)] : []))
    .join(" + ");
}
