import type { Submission } from "../../approval/submission.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { approvalOf, approveActionOf, ruleFor } from "../../core/engine/compiled-policy.js";
import { meets, unionOf } from "../../core/engine/standing.js";
import type { MatrixInternals } from "../../core/matrix/create-matrix.js";
import { heldIn, type PackedUser, unpackHoldings } from "../../core/matrix/packed-users.js";
import type { Watched } from "./diff-options.js";
import type { DecisionChange, MatrixDiff } from "./matrix-diff.js";
import { bitsWithoutGrant } from "./without-grant.js";

/** Finds connections where the last user who could approve or post has lost that right. */
export function orphansAmong(
  decisions: readonly DecisionChange[],
  watched: Watched,
  { engine, account: { numbers }, rows }: MatrixInternals,
): MatrixDiff["orphans"] {
  return (["approve", "post"] as const).flatMap((nobody) => {
    const action = watched[nobody] as string;
    const losses = decisions.filter((each) => each.action === action && each.change === "lost");
    const left = new Map<number, string>();
    for (const connection of losses.flatMap(({ connections = [] }) => connections)) {
      const number = numbers.get(connection);
      if (number !== undefined) left.set(number, connection);
    }
    for (const row of rows.values()) {
      // Also if no action is watched, because then nothing is lost.
      if (left.size === 0) break;
      const { role } = row;
      const rule = ruleFor({ engine, role }, action);
      const held = unpackHoldings(row);
      // If the role alone is not enough, only a grant can be.
      for (const number of meets(role.base, rule) ? [...left.keys()] : held.keys()) {
        if (meets(held.get(number) ?? role.base, rule)) left.delete(number);
      }
    }
    return [...left.values()].map((connection) => ({ connection, nobody }));
  });
}

/** Finds steps of pending posts that somebody could approve before, and nobody can approve now. */
export function stuckAmong(
  submissions: readonly Submission[],
  before: MatrixInternals,
  after: MatrixInternals,
): MatrixDiff["submissions"] {
  const [stepsBefore, stepsNow] = [openSteps(before), openSteps(after)];
  return submissions.flatMap((submission, index) => {
    const { author, connections, status, approvals } = submission;
    if (status !== "pending") return [];
    const [was, is] = [stepsBefore(submission), stepsNow(submission)];
    return was.steps.flatMap((step, offset) => {
      if (is.steps[offset]?.some(is.canApprove(offset))) return [];
      const lost = step.filter(was.canApprove(offset));
      return lost.length > 0 ? [{ submission: index, step: approvals.length + offset, author, connections, lost }] : [];
    });
  });
}

/** The users of each step that a pending post still needs, and who of them can approve it. */
interface OpenSteps {
  readonly steps: readonly (readonly string[])[];
  canApprove(step: number): (user: string) => boolean;
}

/** Makes a lookup of the steps that pending posts still need in an account. */
function openSteps(matrix: MatrixInternals): (post: Submission) => OpenSteps {
  const { engine, account, rows } = matrix;
  const known = new Map<PackedUser, ReadonlyMap<string, number>>();
  return ({ author, connections, steps, approvals }) => {
    const approval = approvalOf(engine);
    const { approvers, authorMayApprove } = approval;
    return {
      steps: approvers === "named" ? steps.slice(approvals.length) : [[...rows.keys()]],
      canApprove: (offset) => (user) => {
        const row = rows.get(user);
        if (!row || (user === author && !authorMayApprove)) return false;
        const held = getOrInsert(known, row, () => heldIn(account, row));
        const bits = connections.map((each) => held.get(each) ?? bitsWithoutGrant(matrix, row.role, each));
        const approve = approveActionOf(approval, approvals.length + offset);
        return meets(unionOf(bits), ruleFor({ engine, role: row.role }, approve));
      },
    };
  };
}
