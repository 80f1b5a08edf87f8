import { at, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { showValue } from "../core/base/message.js";
import { readLastArgument } from "../core/base/readers.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Policy } from "../core/types/index.js";
import { approversOf, contextOf } from "./machine/approval-context.js";
import { readSubmission } from "./machine/read-submission.js";
import { type ApprovalOptions, readApprovalOptions } from "./machine/stand-ins.js";
import { type Submission, turnOf } from "./machine/submission.js";

/**
 * A user who may be asked for an approval, and the users who stand in for it now.
 *
 * @example
 * ```ts
 * import type { Approver } from "channel-grants/approval";
 *
 * const labelOf = ({ user, standIns }: Approver) => [user, ...standIns].join(", for whom stands in: ");
 * labelOf({ user: "ben", standIns: ["cy"] }); // "ben, for whom stands in: cy"
 * ```
 */
export interface Approver {
  readonly user: string;
  readonly standIns: readonly string[];
}

/**
 * Lists the users who may be asked in a step: the drop-down of approvers.
 *
 * They hold the right that the step asks for on the whole group. The author is not among them, nor whoever edited, where
 * the policy says so.
 *
 * @param last `{ step?, standIns?, at? }`, the step counted from zero. By default it is the one whose turn it is.
 * @throws `PolicyError` as `availableEvents` does.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { approversFor, draft } from "channel-grants/approval";
 *
 * const approver = { fb: { publish: "view-only", approver: true } } as const;
 * const account = createMatrix(engage, {
 *   users: [
 *     { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
 *     ...["ben", "cy"].map((id) => ({ id, role: "viewer", grants: approver }) as const),
 *   ],
 * });
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * const standIns = [{ for: "ben", by: "cy" }];
 * result.ok && approversFor(account, result.submission, { standIns }); // [{ user: "ben", standIns: ["cy"] }, { user: "cy", standIns: [] }]
 * ```
 */
export function approversFor<P extends Policy>(
  matrix: GrantMatrix<P>,
  submission: Submission,
  ...last: readonly [options?: ApprovalOptions & { readonly step?: number }]
): readonly Approver[] {
  const place = at("invalid-event");
  const { approval } = contextOf(matrix);
  const read = readSubmission(approval, submission, at("invalid-submission"));
  const options = readApprovalOptions(readLastArgument(last, place, {}), ["step"]);
  const step = options.fields.has("step") ? options.fields.get("step") : Math.max(turnOf(read).step, 0);
  if (!Number.isSafeInteger(step) || (step as number) < 0) {
    refuse(place, `${showValue(step)} is not a step; expected a whole number, counted from 0`, "step");
  }
  const context = contextOf(matrix, options.standIns, options.at);
  const users = approversOf(context, read, step as number);
  const able = new Set(users);
  const standIns = new Map(users.map((user): [string, string[]] => [user, []]));
  for (const [by, others] of options.standIns) {
    // Who may be asked may stand in, but for the author: it does so for nobody.
    if (!able.has(by) || by === read.author) continue;
    for (const user of others) standIns.get(user)?.push(by);
  }
  return freeze([...standIns].map(([user, each]) => ({ user, standIns: each })));
}
