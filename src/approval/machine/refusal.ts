import type { Denied } from "../../core/decisions/decision.js";

/**
 * The reason why the flow refuses an event.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { draft, type RefusalReason } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, { users: [] });
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * const reason: RefusalReason | undefined = result.ok ? undefined : result.reason;
 * reason; // "unknown-user"
 * ```
 */
export type RefusalReason =
  /** The post has no connections. */
  | "no-connections"
  /** A submission in this status does not take the event. */
  | "wrong-status"
  /** The post was edited, and the event is about an earlier revision. Or no further edit can be counted. */
  | "stale-revision"
  /** `user` is no user of the matrix. */
  | "unknown-user"
  /** `user` lacks the right, as `decision` explains. */
  | "not-allowed"
  /** Only the author may do this. */
  | "not-author"
  /** `user` is the author, who may not approve. */
  | "is-author"
  /** `user` is not asked in the current step, and stands in for nobody who is. */
  | "not-asked"
  /** `user` edited the post, and editors may not approve under this policy. */
  | "is-editor"
  /** `user`, or the one for whom it stands in, has approved in this step; or in any, where approvers are different. */
  | "already-approved"
  /** The deadline has passed. */
  | "expired"
  /** There are too few steps or too many, a step is empty or needs more users than it asks, or passed steps were changed. */
  | "wrong-steps"
  /** `user` is named in a step but may not approve, as `decision` explains. */
  | "not-an-approver"
  /** No user may approve the post, except perhaps its author. */
  | "no-approver"
  /** `user` approved the post and may not do so any more, as `decision` explains, unless the user is gone. */
  | "approval-lapsed";

/**
 * A refusal of the flow. It is an answer, not an error.
 *
 * @example
 * ```ts
 * import { createMatrix, engage, formatDecision } from "channel-grants";
 * import { draft, type Refusal } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * const refusal: Refusal | undefined = result.ok ? undefined : result;
 * refusal?.reason; // "not-allowed"
 * refusal?.decision && formatDecision(refusal.decision); // "ana may not publish.select on fb: fb holds no-access in publish and needs needs-approval."
 * ```
 */
export interface Refusal {
  readonly reason: RefusalReason;
  /** The user whom the refusal is about. */
  readonly user?: string;
  /** The user for whom `user` stands in, if it does. */
  readonly for?: string;
  /** The explanation of the missing right, if a right is missing. */
  readonly decision?: Denied;
}
