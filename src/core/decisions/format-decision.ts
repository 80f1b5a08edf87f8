import { at, below, type Place } from "../base/faults.js";
import { sentenceList, showId } from "../base/message.js";
import { readBoolean, readList, readName, readRecord, readString, readStrings } from "../base/readers.js";
import { type Decision, reasons } from "./decision.js";

const handful = 5;
/** Of what a policy names, and not its connections, most is told. */
const mostNames = 60;

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
  const place = at("invalid-decision");
  const fields = readRecord(decision, place, undefined, "a decision");
  const text = (key: string) => readString(fields.get(key), below(place, key));
  const ids = connectionsOf(fields.get("target"), below(place, "target"));
  const about = `${showId(text("action"))}${ids.length > 0 ? ` on ${listed(ids, "and")}` : ""}`;
  if (readBoolean(fields.get("allowed"), below(place, "allowed"))) return `${showId(text("user"))} may ${about}.`;
  return `${showId(text("user"))} may not ${about}: ${because(fields, place, ids)}.`;
}

function connectionsOf(target: unknown, place: Place): readonly string[] {
  if (target === undefined) return [];
  if (typeof target === "string") return [target];
  const connections = readRecord(target, place).get("connections");
  return [...new Set(readStrings(connections, below(place, "connections")))];
}

type Fields = ReadonlyMap<string, unknown>;

function because(fields: Fields, place: Place, ids: readonly string[]): string {
  const reason = readName(fields.get("reason"), below(place, "reason"), new Set<string>(reasons));
  if (reason === "empty-group") return "the post group has no connection";
  if (reason === "role-required") {
    const roles = listed(readStrings(fields.get("roles"), below(place, "roles")), "or", mostNames);
    return `it takes the role ${roles}${isLimited(fields, place) ? ", which the limit of the user leaves out" : ""}`;
  }
  const relations = () => listed(readStrings(fields.get("relations"), below(place, "relations")), "or", mostNames);
  if (reason === "relation-required") return `it is for the ${relations()} of the post`;
  if (reason === "relation-excluded") return `it is not for the ${relations()} of the post`;
  if (reason === "unknown-connection") return strangers(ids);
  const area = readString(fields.get("area"), below(place, "area"));
  if (reason === "fixed-by-role") return `what the role holds in ${showId(area)} is fixed, and no grant can change it`;
  const blockers = readList(fields.get("blockers"), below(place, "blockers"), (each, inside) =>
    readBlocker(each, inside, area),
  );
  const account = fields.has("account") ? [accountText(fields.get("account"), below(place, "account"), area)] : [];
  if (blockers.length === 0) return account[0] ?? `nothing is held in ${showId(area)}`;
  const one = fields.get("unblock") === "any" && blockers.length > 1;
  const onConnections = `${one ? "it is enough to change one of these: " : ""}${repairs(blockers, one ? "or" : "and")}`;
  return [...account, onConnections].join("; and ");
}

/** Says what is held in the account and needed instead. */
function accountText(source: unknown, place: Place, area: string): string {
  const { holds, needs, limited } = readChange(readRecord(source, place), place, area);
  return `in the account, the user ${limited ? "is limited to" : "holds"} ${holds} and needs ${needs}`;
}

function isLimited(fields: Fields, place: Place): boolean {
  return fields.has("limited") && readBoolean(fields.get("limited"), below(place, "limited"));
}

/** What is held and needed in words. */
interface Change {
  readonly holds: string;
  readonly needs: string;
  readonly limited: boolean;
}

/** The change of a blocker. */
interface Repair extends Change {
  readonly connection: string;
}

function readBlocker(source: unknown, place: Place, area: string): Repair {
  const fields = readRecord(source, place);
  return {
    connection: readString(fields.get("connection"), below(place, "connection")),
    ...readChange(fields, place, area),
  };
}

function readChange(fields: Fields, place: Place, area: string): Change {
  const part = (key: "holds" | "needs") => readRecord(fields.get(key), below(place, key));
  const [holds, needs] = [part("holds"), part("needs")];
  const isOne = levelsIn(holds).length <= 1;
  return {
    holds: state(holds, below(place, "holds"), area, true),
    // Of one area, its name is told once.
    needs: state(needs, below(place, "needs"), area, !isOne),
    limited: isLimited(fields, place),
  };
}

function strangers(ids: readonly string[]): string {
  if (ids.length === 0) return "the account has no connection";
  if (ids.length === 1) return "it is no connection of the account";
  return "not all of them are connections of the account";
}

/** Says what to change, once for all connections that hold and need the same. */
function repairs(blockers: readonly Repair[], conjunction: "and" | "or"): string {
  const alike = new Map<string, Repair & { readonly connections: string[] }>();
  for (const change of blockers) {
    const key = JSON.stringify([change.holds, change.needs, change.limited]);
    const known = alike.get(key) ?? { ...change, connections: [] };
    known.connections.push(change.connection);
    alike.set(key, known);
  }
  const sentences = [...alike.values()].map(({ holds, needs, limited, connections }) => {
    const isMany = connections.length > 1 && conjunction === "and";
    const s = isMany ? "" : "s";
    const has = limited ? `${isMany ? "are" : "is"} limited to` : `hold${s}`;
    return `${listed(connections, conjunction)} ${has} ${holds} and need${s} ${needs}`;
  });
  const more = sentences.length - mostNames;
  return [...sentences.slice(0, mostNames), ...(more > 0 ? [`${more} more in other ways`] : [])].join("; ");
}

function levelsIn(grant: Fields): readonly (readonly [string, string])[] {
  return [...grant].flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
}

function state(grant: Fields, place: Place, area: string, withAreas: boolean): string {
  const levels = levelsIn(grant);
  if (levels.length === 0) readString(grant.get(area), below(place, area));
  const states = levels.map(([key, level]) => ({ key, level, flags: [] as string[] }));
  let last = -1;
  for (const [key, value] of grant) {
    if (typeof value === "string") last += 1;
    // A flag stands behind its area.
    if (value === true) states[Math.max(last, 0)]?.flags.push(key);
  }
  const named = states.map(({ key, level, flags }) => {
    const flagged = flags.length > 0 ? ` with ${listed(flags, "and", mostNames)}` : "";
    return `${showId(level)}${flagged}${withAreas ? ` in ${showId(key)}` : ""}`;
  });
  return sentenceList(named, "and");
}

function listed(ids: readonly string[], conjunction: "and" | "or", most = handful): string {
  const names = ids.slice(0, most).map(showId);
  return sentenceList(ids.length > most ? [...names, `${ids.length - most} more`] : names, conjunction);
}
