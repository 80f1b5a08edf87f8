import type { Denied } from "../decisions/decision.js";
import type { Policy } from "../types/index.js";

/**
 * The answer to every question before the user is loaded: no.
 *
 * @example
 * ```ts
 * import { formatDecision, type NotLoaded } from "channel-grants/vue";
 *
 * const answer: NotLoaded = { allowed: false, action: "publish.create", reason: "not-loaded", blockers: [] };
 * formatDecision(answer); // "nobody may publish.create yet: the user is not loaded."
 * ```
 */
export interface NotLoaded<P extends Policy = Policy> extends Pick<Denied<P>, "action" | "target"> {
  readonly allowed: false;
  readonly reason: "not-loaded";
  readonly blockers: readonly [];
}
