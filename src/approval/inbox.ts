import { at } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { ownValue, readLastArgument, readList } from "../core/base/readers.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Policy } from "../core/types/index.js";
import { approvalBy, contextOf } from "./machine/approval-context.js";
import { answerTo, isRefusal } from "./machine/flow.js";
import { checkInstant } from "./machine/read-event.js";
import { readSubmission, readUser } from "./machine/read-submission.js";
import { type ApprovalOptions, readApprovalOptions } from "./machine/stand-ins.js";
import { type Approval, type Submission, turnOf } from "./machine/submission.js";

/**
 * A submission that waits for a user.
 *
 * @example
 * ```ts
 * import type { InboxItem } from "channel-grants/approval";
 *
 * const label = ({ step, for: other }: InboxItem) => `step ${step + 1}${other === undefined ? "" : `, for ${other}`}`;
 * label({ index: 4, step: 0, for: "ben", events: ["approve", "reject"] }); // "step 1, for ben"
 * ```
 */
export interface InboxItem {
  /** The place of the submission in the list. */
  readonly index: number;
  /** The step in which the user is asked, counted from zero. */
  readonly step: number;
  /** The user for whom the user would approve, as a stand-in. */
  readonly for?: string;
  /** What the user may do: approve, and perhaps reject or edit. */
  readonly events: readonly ("approve" | "reject" | "edit")[];
}

/**
 * Lists which submissions wait for a user, and for what: those that the user may approve now.
 *
 * All of them are asked of one matrix, which has every connection of the page. The time is proportional to the
 * submissions and their connections.
 *
 * @throws `PolicyError` as `availableEvents` does, with the index of the submission in its path.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { inbox, type Submission } from "channel-grants/approval";
 *
 * const approver = { fb: { publish: "view-only", approver: true } } as const;
 * const account = createMatrix(engage, { users: [{ id: "ben", role: "viewer", grants: approver }] });
 * const waiting = (...steps: string[][]): Submission => ({
 *   ...{ connections: ["fb"], author: "ana", status: "pending", steps, approvals: [], revision: 0 },
 * });
 * const page = [waiting(["ben"]), waiting(["cat"], ["ben"])];
 * inbox(account, page, "ben"); // [{ index: 0, step: 0, events: ["approve", "reject"] }]
 * ```
 */
export function inbox<P extends Policy>(
  matrix: GrantMatrix<P>,
  submissions: readonly Submission[],
  userId: string,
  ...last: readonly [options?: ApprovalOptions]
): readonly InboxItem[] {
  const { approval } = contextOf(matrix);
  const all = readList(submissions, at("invalid-submission"), (each, place) => readSubmission(approval, each, place));
  const by = readUser(userId, at("invalid-event", "by"));
  const options = readApprovalOptions(readLastArgument(last, at("invalid-event"), {}));
  for (const submission of all) checkInstant(submission, options.at);
  const context = contextOf(matrix, options.standIns, options.at);
  return freeze(
    all.flatMap((submission, index): readonly InboxItem[] => {
      const { revision } = submission;
      const candidates = [
        { type: "approve", by, revision },
        { type: "reject", by, revision },
        { type: "edit", by, connections: undefined },
      ] as const;
      const accepted = candidates.filter((event) => !isRefusal(answerTo(context, submission, event)));
      if (accepted[0]?.type !== "approve") return [];
      const asked = ownValue(approvalBy(context, submission, by) as Approval, "for");
      const events = accepted.map(({ type }) => type);
      return [{ index, step: turnOf(submission).step, ...(asked !== undefined && { for: asked }), events }];
    }),
  );
}
