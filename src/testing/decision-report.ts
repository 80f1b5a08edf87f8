import { columns, indent } from "../core/base/columns.js";
import { showId } from "../core/base/message.js";
import { ownValue } from "../core/base/readers.js";
import type { Blocker, Denied } from "../core/decisions/decision.js";
import { decisionOn } from "../core/decisions/explain.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import { grantText } from "../core/decisions/grant-text.js";
import type { Area } from "../core/engine/area.js";
import { actionOf, type CompiledPolicy } from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { highestOf } from "../core/engine/standing.js";
import { readRelations } from "../core/targets/relations.js";
import type { PostGroup } from "../core/types/index.js";
import { grantedTo, holdingsOf, standingOn } from "../core/users/holdings.js";
import { areasNamed } from "./cases.js";
import { relationsNamed } from "./relation-forms.js";

/**
 * Writes a decision and its reason: a sentence, and below it a table of the states held and needed on each connection. It
 * also says what is held in the account and who is in which relation to the post, where the action asks it.
 */
export function decisionReport(user: object, action: string, target: unknown): string {
  const decision = decisionOn(user, action, target);
  const holding = holdingsOf(user);
  const granted = () => ({ connections: grantedTo(holding).map(([connection]) => connection) });
  const named = areasNamed(holding.engine, action);
  const ofConnections = named.filter(({ isOfAccount }) => !isOfAccount);
  const table = heldOn(
    user,
    ownValue(decision, "target") ?? granted(),
    decision.allowed ? ofConnections : holding.engine.areas.filter((area) => !area.isOfAccount && isIn(decision, area)),
    decision.allowed ? [] : decision.blockers,
  );
  const account = accountText(
    user,
    named.filter(({ isOfAccount }) => isOfAccount),
  );
  return `${formatDecision(decision)}${table}${account}${relationsText(user, action, target)}`;
}

/** Tells whether an area is the one that a denial is about, or one in which a blocker lacks something. */
function isIn(decision: Denied, { name }: Area): boolean {
  return ownValue(decision, "area") === name || decision.blockers.some(({ needs }) => Object.hasOwn(needs, name));
}

/** Writes what a user holds in the account, in some areas of it. */
export function accountText(user: object, areas: readonly Area[]): string {
  if (areas.length === 0) return "";
  const { engine, account } = holdingsOf(user);
  const texts = areas.map(
    (area) => `${showId(area.name)} ${grantText(decodeGrant(keysIn(engine.accountKeys, area), account))}`,
  );
  return `\n\n${indent(`in the account: ${texts.join(", ")}`)}`;
}

/** Writes who is in each relation to the post that an action asks about. */
function relationsText(user: object, action: string, target: unknown): string {
  const { engine } = holdingsOf(user);
  const texts = relatedTexts(engine, action, target);
  return texts.length === 0 ? "" : `\n\n${indent(`of the post: ${texts.join(", ")}`)}`;
}

/** Lists who is in each relation to a post that an action asks about, in words. */
export function relatedTexts(engine: CompiledPolicy, action: string, target: unknown): readonly string[] {
  const users = readRelations(target, relationsNamed(actionOf(engine, action), engine.relations), action);
  return [...users].map(([relation, ids]) => `${showId(relation)} ${ids.map(showId).join(" + ") || "nobody"}`);
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
  const isOne = blockers.every((blocker) => levelsIn(blocker.needs) < 2);
  const needs = new Map(blockers.map((blocker) => [blocker.connection, grantText(blocker.needs, !isOne)]));
  const rows = [...connections].map((connection) => {
    const held = heldText(user, connection, areas);
    return [showId(connection), held, ...(needs.has(connection) ? [needs.get(connection) as string] : [])];
  });
  const head = ["connection", "holds", ...(needs.size > 0 ? ["needs"] : [])];
  return `\n\n${indent(columns([head, ...rows]))}`;
}

function levelsIn(grant: object): number {
  return Object.values(grant).filter((value) => typeof value === "string").length;
}

/** Writes what a user holds on a connection: in one area, or in several if above the lowest level there. */
function heldText(user: object, connection: string, areas: readonly Area[]): string {
  const holding = holdingsOf(user);
  const bits = standingOn(holding, connection);
  const { keys, areas: every } = holding.engine;
  const shown = areas.length > 0 ? areas : every.filter(({ isOfAccount }) => !isOfAccount);
  const held = shown.filter((area) => shown.length === 1 || highestOf(bits, area) > 0);
  const texts = held.map((area) => {
    return `${shown.length === 1 ? "" : `${showId(area.name)} `}${grantText(decodeGrant(keysIn(keys, area), bits))}`;
  });
  return texts.join(", ") || "nothing";
}
