import { at, below, type Place } from "../base/faults.js";
import { getOrInsert } from "../base/get-or-insert.js";
import { readBoolean, readList, readName, readRecord, readString, readStrings } from "../base/readers.js";
import { type Reason, reasons } from "./decision.js";

/** A decision as it was read: whoever writes it in words needs to check nothing. */
export interface ReadDecision {
  readonly action: string;
  readonly user: string;
  /** The connections of the target, each once. */
  readonly connections: readonly string[];
  /** Why it is a no. */
  readonly why: Why | undefined;
}

/** Why a decision is a no. What its reason says nothing of is empty. */
export interface Why {
  readonly reason: Reason;
  readonly isLimited: boolean;
  /** The roles or relations that would do, or are in the way. */
  readonly names: readonly string[];
  readonly area: string;
  readonly account: Change | undefined;
  /** What to change, each with all connections that hold and need the same. */
  readonly changes: readonly (Change & { readonly connections: readonly string[] })[];
  /** Whether any one of several connections is enough. */
  readonly isAnyOne: boolean;
}

/** What is held and needed. */
export interface Change {
  readonly holds: readonly State[];
  readonly needs: readonly State[];
  readonly isLimited: boolean;
}

/** A level with its flags, in an area. */
export interface State {
  readonly area: string;
  readonly level: string;
  readonly flags: readonly string[];
}

type Fields = ReadonlyMap<string, unknown>;

/** Reads a decision. It may have come as JSON, so each field that is needed is checked. */
export function readDecision(decision: unknown): ReadDecision {
  const place = at("invalid-decision");
  const fields = readRecord(decision, place, undefined, "a decision");
  const connections = connectionsOf(fields.get("target"), below(place, "target"));
  const action = textOf(fields, place, "action");
  const isAllowed = readBoolean(fields.get("allowed"), below(place, "allowed"));
  const user = textOf(fields, place, "user");
  return { action, user, connections, why: isAllowed ? undefined : readWhy(fields, place) };
}

function connectionsOf(target: unknown, place: Place): readonly string[] {
  if (target === undefined) return [];
  if (typeof target === "string") return [target];
  const connections = readRecord(target, place).get("connections");
  return [...new Set(readStrings(connections, below(place, "connections")))];
}

function readWhy(fields: Fields, place: Place): Why {
  const reason = readName(fields.get("reason"), below(place, "reason"), new Set<string>(reasons)) as Reason;
  const named = reason === "role-required" ? "roles" : reason.startsWith("relation") ? "relations" : undefined;
  const why: Why = {
    reason,
    isLimited: isLimited(fields, place),
    names: named ? readStrings(fields.get(named), below(place, named)) : [],
    area: "",
    account: undefined,
    changes: [],
    isAnyOne: false,
  };
  if (named || reason === "empty-group" || reason === "unknown-connection") return why;
  const area = textOf(fields, place, "area");
  if (reason === "fixed-by-role") return { ...why, area };
  const blockers = readList(fields.get("blockers"), below(place, "blockers"), (each, inside) => {
    const blocker = readRecord(each, inside);
    return [textOf(blocker, inside, "connection"), readChange(blocker, inside, area)] as const;
  });
  const account = below(place, "account");
  return {
    ...why,
    area,
    account: fields.has("account") ? readChange(readRecord(fields.get("account"), account), account, area) : undefined,
    changes: alike(blockers),
    isAnyOne: fields.get("unblock") === "any" && blockers.length > 1,
  };
}

function textOf(fields: Fields, place: Place, key: string): string {
  return readString(fields.get(key), below(place, key));
}

function isLimited(fields: Fields, place: Place): boolean {
  return fields.has("limited") && readBoolean(fields.get("limited"), below(place, "limited"));
}

function readChange(fields: Fields, place: Place, area: string): Change {
  const states = (key: "holds" | "needs") =>
    readStates(readRecord(fields.get(key), below(place, key)), below(place, key), area);
  return { holds: states("holds"), needs: states("needs"), isLimited: isLimited(fields, place) };
}

/** Reads a grant: an area with its level, and behind it the flags that are on. */
function readStates(grant: Fields, place: Place, area: string): readonly State[] {
  const states: (State & { readonly flags: string[] })[] = [];
  const early: string[] = [];
  for (const [key, value] of grant) {
    if (typeof value === "string") states.push({ area: key, level: value, flags: states.length === 0 ? early : [] });
    if (value === true) (states.at(-1)?.flags ?? early).push(key);
  }
  if (states.length === 0) textOf(grant, place, area);
  return states;
}

/** Gathers the connections that hold and need the same. */
function alike(blockers: readonly (readonly [connection: string, change: Change])[]): Why["changes"] {
  const groups = new Map<string, Change & { readonly connections: string[] }>();
  for (const [connection, change] of blockers) {
    getOrInsert(groups, JSON.stringify(change), () => ({ ...change, connections: [] })).connections.push(connection);
  }
  return [...groups.values()];
}
