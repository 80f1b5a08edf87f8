import { at, below } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { readLastArgument, readRecord, readStrings } from "../core/base/readers.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Policy } from "../core/types/index.js";
import { cannotSelect, contextOf } from "./machine/approval-context.js";
import type { ApprovalEvent, EventType } from "./machine/events.js";
import { acceptedEvents, answerTo, isRefusal } from "./machine/flow.js";
import { checkInstant, readEvent } from "./machine/read-event.js";
import { readSubmission, readUser } from "./machine/read-submission.js";
import type { Refusal } from "./machine/refusal.js";
import { type ApprovalOptions, readApprovalOptions, readTransitionOptions } from "./machine/stand-ins.js";
import type { Submission } from "./machine/submission.js";

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
  const context = contextOf(matrix);
  const place = at("invalid-submission");
  const fields = readRecord(input, place, ["author", "connections"]);
  const author = readUser(fields.get("author"), below(place, "author"));
  const connections = [...new Set(readStrings(fields.get("connections"), below(place, "connections")))];
  const refusal = cannotSelect(context, author, { connections, author }, connections);
  return resultOf(refusal ?? { connections, author, status: "draft", steps: [], approvals: [], revision: 0 });
}

/**
 * Applies an event to a submission, or says why it is refused.
 *
 * Every right is asked of the matrix as it is now. The flow adds when a right may be used, and whose post it is (E13 to
 * E17, B2 to B4, B8, B12). Neither argument is changed, and nothing is remembered.
 *
 * @param last `{ standIns? }`: a user who stands in for another may do what that one is asked for, if it holds the right.
 * @returns `{ ok: true, submission }` with the next submission, or `{ ok: false, reason, user?, for?, decision? }`.
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
  ...last: readonly [options?: Pick<ApprovalOptions, "standIns">]
): ApprovalResult {
  const { approval } = contextOf(matrix);
  const before = readSubmission(approval, submission, at("invalid-submission"));
  const read = readEvent(event, at("invalid-event"));
  checkInstant(before, read.at);
  const standIns = readTransitionOptions(readLastArgument(last, at("invalid-event"), {}), read.at);
  return resultOf(answerTo(contextOf(matrix, standIns, read.at), before, read));
}

/**
 * Lists the types of events that a user may cause now: the buttons to show.
 *
 * An event is listed if `transition` accepts it with some payload. `auto-release` is your application's own event and
 * is never listed.
 *
 * @param last `{ standIns?, at? }`, the instant as the events would carry it.
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
  ...last: readonly [options?: ApprovalOptions]
): readonly EventType[] {
  const { approval } = contextOf(matrix);
  const read = readSubmission(approval, submission, at("invalid-submission"));
  const by = readUser(userId, at("invalid-event", "by"));
  const { standIns, at: instant } = readApprovalOptions(readLastArgument(last, at("invalid-event"), {}));
  checkInstant(read, instant);
  const accepted = acceptedEvents(contextOf(matrix, standIns, instant), read, by);
  return Object.freeze(accepted.map(({ type }) => type));
}

function resultOf(answer: Submission | Refusal): ApprovalResult {
  return freeze(isRefusal(answer) ? { ok: false, ...answer } : { ok: true, submission: answer });
}
