import { columns, indent } from "../core/base/columns.js";
import { showId } from "../core/base/message.js";
import { ownValue } from "../core/base/readers.js";
import type { Blocker } from "../core/decisions/decision.js";
import { decisionOn } from "../core/decisions/explain.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import { grantText } from "../core/decisions/grant-text.js";
import type { Area } from "../core/engine/area.js";
import { actionOf } from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { clausesOf } from "../core/engine/rule.js";
import { highestOf } from "../core/engine/standing.js";
import type { PostGroup } from "../core/types/index.js";
import { grantedTo, holdingsOf, standingOn } from "../core/users/holdings.js";

/**
 * Writes a decision and its reason: a sentence, and below it a table of the states held and needed on each connection.
 */
export function decisionReport(user: object, action: string, target: unknown): string {
  const decision = decisionOn(user, action, target);
  const holding = holdingsOf(user);
  const granted = () => ({ connections: grantedTo(holding).map(([connection]) => connection) });
  const named = new Set(clausesOf(actionOf(holding.engine, action)).map((clause) => ownValue(clause, "area")));
  const table = heldOn(
    user,
    ownValue(decision, "target") ?? granted(),
    holding.engine.areas.filter((area) => (decision.allowed ? named.has(area.name) : decision.area === area.name)),
    decision.allowed ? [] : decision.blockers,
  );
  return `${formatDecision(decision)}${table}`;
}

/**
 * Writes a table of what a user holds on each connection of a target, in some areas or in all, and what blockers need.
 */
export function heldOn(
  user: object,
  target: string | PostGroup,
  areas: readonly Area[],
  blockers: readonly Blocker[],
): string {
  const connections = new Set(typeof target === "string" ? [target] : target.connections);
  if (connections.size === 0) return "";
  const needs = new Map(blockers.map((blocker) => [blocker.connection, grantText(blocker.needs)]));
  const rows = [...connections].map((connection) => {
    const held = heldText(user, connection, areas);
    return [showId(connection), held, ...(needs.has(connection) ? [needs.get(connection) as string] : [])];
  });
  const head = ["connection", "holds", ...(needs.size > 0 ? ["needs"] : [])];
  return `\n\n${indent(columns([head, ...rows]))}`;
}

/** Writes what a user holds on a connection: in one area, or in several if above the lowest level there. */
function heldText(user: object, connection: string, areas: readonly Area[]): string {
  const holding = holdingsOf(user);
  const bits = standingOn(holding, connection);
  const { keys, areas: all } = holding.engine;
  const shown = areas.length > 0 ? areas : all;
  const held = shown.filter((area) => shown.length === 1 || highestOf(bits, area) > 0);
  const texts = held.map((area) => {
    return `${shown.length === 1 ? "" : `${showId(area.name)} `}${grantText(decodeGrant(keysIn(keys, area), bits))}`;
  });
  return texts.join(", ") || "nothing";
}
