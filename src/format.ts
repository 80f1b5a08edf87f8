import { join, show } from "./errors.js";
import { type Blocker, type Decision, type Denied, reasons } from "./explain.js";
import type { Grant } from "./language.js";
import { at, refuse } from "./place.js";
import { isRecord, own } from "./record.js";

const handful = 5;

/**
 * Puts a decision into one plain sentence, which names the connections: a handful, then how many more.
 *
 * It says what `explain` found and nothing else (law 7): it reads the decision alone, so one that came as JSON will do.
 *
 * @throws `PolicyError` `invalid-decision`.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain, formatDecision } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * formatDecision(explain(ana, "publish.edit", { connections: ["fb"] })); // "ana may publish.edit on fb."
 * formatDecision(explain(ana, "publish.post-now", { connections: ["fb"] })); // "ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access."
 * formatDecision(explain(ana, "connections.create")); // "ana may not connections.create: it takes the role admin."
 * ```
 */
export function formatDecision(decision: Decision): string {
  if (!isDecision(decision)) {
    return refuse(at("invalid-decision"), `${show(decision)} is not a decision; expected what explain returns`);
  }
  const { action, user } = decision;
  const target = own(decision, "target");
  const ids = target === undefined ? [] : typeof target === "string" ? [target] : [...new Set(target.connections)];
  const on = ids.length > 0 ? ` on ${listed(ids, "and")}` : "";
  if (decision.allowed) return `${name(user)} may ${action}${on}.`;
  return `${name(user)} may not ${action}${on}: ${because(decision, ids)}.`;
}

/** Tells whether a value, which may have come over a network, has what the sentence is made of. */
function isDecision(value: unknown): value is Decision {
  if (!isRecord(value) || typeof own(value, "action") !== "string" || typeof own(value, "user") !== "string")
    return false;
  const target = own(value, "target");
  if (!areStrings(isRecord(target) ? own(target, "connections") : given(target))) return false;
  if (own(value, "allowed") === true) return true;
  const blockers = own(value, "blockers");
  return (
    own(value, "allowed") === false &&
    reasons.some((reason) => reason === own(value, "reason")) &&
    areStrings(given(own(value, "area"))) &&
    given(own(value, "roles")).every(areStrings) &&
    Array.isArray(blockers) &&
    blockers.every(
      (each) =>
        isRecord(each) &&
        isRecord(own(each, "holds")) &&
        isRecord(own(each, "needs")) &&
        areStrings([own(each, "connection")]),
    )
  );
}

function given(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}

function areStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function because(decision: Denied, ids: readonly string[]): string {
  const { reason, roles = [], area, blockers, unblock } = decision;
  if (reason === "empty-group") return "the post group has no connection";
  if (reason === "role-required") return `it takes the role ${join(roles, "or")}`;
  if (reason === "fixed-by-role") return `what the role holds in ${area} is fixed, and no grant can change it`;
  if (reason === "unknown-connection") return strangers(ids);
  if (blockers.length === 0) return `nothing is held in ${area}`;
  const one = unblock === "any" && blockers.length > 1;
  return `${one ? "it is enough to change one of these: " : ""}${repairs(blockers, area as string, one ? "or" : "and")}`;
}

function strangers(ids: readonly string[]): string {
  if (ids.length === 0) return "the account has no connection";
  if (ids.length === 1) return "it is no connection of the account";
  return "not all of them are connections of the account";
}

/** Says what to change, once for all connections that hold and need the same. */
function repairs(blockers: readonly Blocker[], area: string, conjunction: "and" | "or"): string {
  const alike = new Map<string, { holds: string; needs: string; connections: string[] }>();
  for (const { connection, holds, needs } of blockers) {
    const change = { holds: state(holds, area), needs: state(needs, area), connections: [] };
    const key = JSON.stringify([change.holds, change.needs]);
    const known = alike.get(key) ?? change;
    known.connections.push(connection);
    alike.set(key, known);
  }
  const sentences = [...alike.values()].map(({ holds, needs, connections }) => {
    const s = connections.length > 1 && conjunction === "and" ? "" : "s";
    return `${listed(connections, conjunction)} hold${s} ${holds} in ${area} and need${s} ${needs}`;
  });
  return sentences.join("; ");
}

function state(grant: Partial<Grant>, area: string): string {
  const flags = Object.keys(grant).filter((key) => grant[key] === true);
  return flags.length > 0 ? `${grant[area]} with ${join(flags, "and")}` : String(grant[area]);
}

function listed(ids: readonly string[], conjunction: "and" | "or"): string {
  const names = ids.slice(0, handful).map(name);
  return join(ids.length > handful ? [...names, `${ids.length - handful} more`] : names, conjunction);
}

/** An id as it is where it can be mistaken for nothing else; otherwise quoted, escaped and cut. */
function name(id: string): string {
  return /^[\w.:@/-]{1,60}$/.test(id) ? id : show(id);
}
