import { at, below } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { readRecord, readString, readStrings } from "../core/base/readers.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Policy } from "../core/types/index.js";
import { type ApprovalEvent, type EventType, readEvent } from "./events.js";
import { acceptedEvents, accountOf, answerTo, cannotSelect, isRefusal, type Refusal } from "./flow.js";
import { readSubmission, type Submission } from "./submission.js";

/**
 * The result of an event: the next submission, or why the event was refused.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type ApprovalResult, draft } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }] });
 * const result: ApprovalResult = draft(account, { author: "ana", connections: [] });
 * result.ok ? result.submission : result.reason; // "no-connections"
 * ```
 */
export type ApprovalResult =
  | { readonly ok: true; readonly submission: Submission }
  | ({ readonly ok: false } & Refusal);

/**
 * Starts a post as a draft, if its author may select each of its connections (E11, B2).
 *
 * @param input `{ author, connections }`, with the id of a user of the matrix.
 * @returns `{ ok: true, submission }`, a draft at revision 0, or `{ ok: false, reason, user?, decision? }`.
 * @throws `PolicyError` `invalid-matrix`, `invalid-policy` if the policy has no approval flow, or `invalid-submission`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { draft } from "channel-grants/approval";
 *
 * const matrix = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } }],
 *   connections: ["ig"],
 * });
 * const result = draft(matrix, { author: "ana", connections: ["fb"] });
 * result.ok && result.submission.status; // "draft"
 * draft(matrix, { author: "ana", connections: ["fb", "ig"] }).ok; // false
 * ```
 */
export function draft<P extends Policy>(
  matrix: GrantMatrix<P>,
  input: { readonly author: string; readonly connections: readonly string[] },
): ApprovalResult {
  const account = accountOf(matrix);
  const place = at("invalid-submission");
  const fields = readRecord(input, place, ["author", "connections"]);
  const author = readString(fields.get("author"), below(place, "author"), "a user id");
  const connections = [...new Set(readStrings(fields.get("connections"), below(place, "connections")))];
  const refusal = cannotSelect(account, author, connections, connections);
  return resultOf(refusal ?? { connections, author, status: "draft", steps: [], approvals: [], revision: 0 });
}

/**
 * Applies an event to a submission, or says why it is refused.
 *
 * Every right is asked of the matrix as it is now. The flow adds when a right may be used, and whose post it is (E13 to
 * E17, B2 to B4, B8, B12). Neither argument is changed, and nothing is remembered.
 *
 * @returns `{ ok: true, submission }` with the next submission, or `{ ok: false, reason, user?, decision? }`.
 * @throws `PolicyError` `invalid-matrix`, `invalid-policy` if the policy has no approval flow, `invalid-submission` if
 * the flow could not have made the submission, or `invalid-event`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { draft, transition } from "channel-grants/approval";
 *
 * const matrix = createMatrix(engage, {
 *   users: [
 *     { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
 *     { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
 *   ],
 * });
 * let result = draft(matrix, { author: "ana", connections: ["fb"] });
 * if (result.ok) result = transition(matrix, result.submission, { type: "submit", by: "ana", steps: [["ben"]] });
 * if (result.ok) result = transition(matrix, result.submission, { type: "approve", by: "ben", revision: 0 });
 * result.ok && result.submission.status; // "approved"
 * ```
 */
export function transition<P extends Policy>(
  matrix: GrantMatrix<P>,
  submission: Submission,
  event: ApprovalEvent,
): ApprovalResult {
  const account = accountOf(matrix);
  const before = readSubmission(account.approval, submission, at("invalid-submission"));
  return resultOf(answerTo(account, before, readEvent(event)));
}

/**
 * Lists the types of events that a user may cause now: the buttons to show.
 *
 * An event is listed if `transition` accepts it with some payload. `auto-release` is your application's own event and
 * is never listed.
 *
 * @throws `PolicyError` as `transition` does.
 *
 * @example
 * ```ts
 * import { buffer, createMatrix } from "channel-grants";
 * import { availableEvents, draft } from "channel-grants/approval";
 *
 * const matrix = createMatrix(buffer, {
 *   users: [
 *     { id: "ana", role: "member", grants: { fb: { posting: "approval-required" } } },
 *     { id: "ben", role: "member", grants: { fb: { posting: "full-posting" } } },
 *   ],
 * });
 * const result = draft(matrix, { author: "ana", connections: ["fb"] });
 * result.ok && availableEvents(matrix, result.submission, "ana"); // ["submit", "edit"]
 * result.ok && availableEvents(matrix, result.submission, "ben"); // ["edit", "release"]
 * ```
 */
export function availableEvents<P extends Policy>(
  matrix: GrantMatrix<P>,
  submission: Submission,
  userId: string,
): readonly EventType[] {
  const account = accountOf(matrix);
  const read = readSubmission(account.approval, submission, at("invalid-submission"));
  const by = readString(userId, at("invalid-event", "by"), "a user id");
  return Object.freeze(acceptedEvents(account, read, by).map(({ type }) => type));
}

function resultOf(answer: Submission | Refusal): ApprovalResult {
  return freeze(isRefusal(answer) ? { ok: false, ...answer } : { ok: true, submission: answer });
}
