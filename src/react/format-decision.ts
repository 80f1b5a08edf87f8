import { at } from "../core/base/faults.js";
import { showId } from "../core/base/message.js";
import { isRecord, ownValue, readString } from "../core/base/readers.js";
import type { Decision } from "../core/decisions/decision.js";
import { formatDecision as formatLoaded } from "../core/decisions/format-decision.js";
import { type Words, writerOf } from "../core/decisions/words.js";
import type { NotLoaded } from "./types.js";

/**
 * Puts a decision into one plain sentence, like the root's `formatDecision`. It also takes the no before the user is
 * loaded.
 *
 * @param words as in the root's.
 * @throws `PolicyError` `invalid-decision` or `invalid-words`.
 *
 * @example
 * ```tsx
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsReact, formatDecision } from "channel-grants/react";
 * import { renderToStaticMarkup } from "react-dom/server";
 *
 * const { Can, GrantsProvider } = createGrantsReact(engage);
 * const bar = <Can do="connections.create">{(decision) => <p>{formatDecision(decision)}</p>}</Can>;
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * renderToStaticMarkup(<GrantsProvider user={ana}>{bar}</GrantsProvider>); // "<p>ana may not connections.create: it takes the role admin.</p>"
 * renderToStaticMarkup(<GrantsProvider user={undefined}>{bar}</GrantsProvider>); // "<p>nobody may connections.create yet: the user is not loaded.</p>"
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
