import type { Submission } from "../../approval/submission.js";
import { approvalOf, approveActionOf, type Engine } from "../../core/engine/compiled-policy.js";
import type { Side } from "./aligned-matrix.js";
import type { Watched } from "./diff-options.js";
import type { DecisionChange, MatrixDiff } from "./matrix-diff.js";

/** Finds the connections on which nobody can do any more what somebody lost. */
export function orphansAmong(
  decisions: readonly DecisionChange[],
  watched: Watched,
  { knows, withNobody }: Side,
): MatrixDiff["orphans"] {
  return (["approve", "post"] as const).flatMap((nobody) => {
    const action = watched[nobody];
    const losses = decisions.filter((each) => each.action === action && each.change === "lost");
    const connections = [...new Set(losses.flatMap(({ connections: lost = [] }) => lost))].filter(knows);
    // Without an action there is no loss of it, and so no connection.
    if (connections.length === 0) return [];
    return withNobody(action as string, connections).map((connection) => ({ connection, nobody }));
  });
}

/** Finds the steps of pending posts that somebody could approve before, and nobody can now. */
export function stuckAmong(
  engine: Engine,
  submissions: readonly Submission[],
  before: Side,
  after: Side,
): MatrixDiff["submissions"] {
  return submissions.flatMap((submission, index) => {
    const { author, connections, status, steps, approvals } = submission;
    if (status !== "pending") return [];
    const approval = approvalOf(engine);
    const { approvers, authorMayApprove } = approval;
    const isAble =
      ({ rows, isAllowed }: Side, offset: number) =>
      (id: string) => {
        const approve = approveActionOf(approval, approvals.length + offset);
        const row = rows.get(id);
        return row !== undefined && (id !== author || authorMayApprove) && isAllowed(row, approve, connections);
      };
    const asked = (side: Side): readonly (readonly string[])[] =>
      approvers === "named" ? steps.slice(approvals.length) : [[...side.rows.keys()]];
    const now = asked(after);
    return asked(before).flatMap((step, offset) => {
      if (now[offset]?.some(isAble(after, offset))) return [];
      const lost = step.filter(isAble(before, offset));
      return lost.length > 0 ? [{ submission: index, step: approvals.length + offset, author, connections, lost }] : [];
    });
  });
}
