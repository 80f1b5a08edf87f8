import { at } from "../base/faults.js";
import { showId } from "../base/message.js";
import { isRecord, ownValue, readString } from "../base/readers.js";
import type { Decision } from "../decisions/decision.js";
import { formatDecision as formatLoaded } from "../decisions/format-decision.js";
import { type Words, writerOf } from "../decisions/words.js";
import type { NotLoaded } from "./not-loaded.js";

/**
 * Puts a decision into one plain sentence, like the root's `formatDecision`. It also takes the no before the user is
 * loaded.
 *
 * @param words as in the root's.
 * @throws `PolicyError` `invalid-decision` or `invalid-words`.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain } from "channel-grants";
 * import { formatDecision, type NotLoaded } from "channel-grants/react"; // or "channel-grants/vue"
 *
 * const waiting: NotLoaded = { allowed: false, action: "connections.create", reason: "not-loaded", blockers: [] };
 * formatDecision(waiting); // "nobody may connections.create yet: the user is not loaded."
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * formatDecision(explain(ana, "connections.create")); // "ana may not connections.create: it takes the role admin."
 * ```
 */
export function formatDecision(decision: Decision | NotLoaded, words?: Words | number): string {
  if (!isRecord(decision) || ownValue(decision, "reason") !== "not-loaded" || ownValue(decision, "allowed") !== false) {
    return formatLoaded(decision as Decision, words);
  }
  const action = readString(ownValue(decision, "action"), at("invalid-decision", "action"));
  if (words !== undefined && typeof words !== "number") return writerOf(words).notLoaded(action);
  return `nobody may ${showId(action)} yet: the user is not loaded.`;
}
