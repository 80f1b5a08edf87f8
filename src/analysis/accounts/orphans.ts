import { askedOf, needsOf, type Submission, turnOf, usersOf } from "../../approval/machine/submission.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { ownValue } from "../../core/base/readers.js";
import type { Bits } from "../../core/engine/bits.js";
import { approvalOf, approveActionOf, ruleFor } from "../../core/engine/compiled-policy.js";
import { meets } from "../../core/engine/standing.js";
import type { MatrixInternals } from "../../core/matrix/matrix-internals.js";
import { rowOf } from "../../core/matrix/user-rows.js";
import { meetsOnSomePost, ruleOfUser } from "../../core/targets/relations.js";
import { unionOfBits } from "../../core/users/holdings.js";
import { heldIn, type PackedUser, unpackHoldings } from "../../core/users/packed-user.js";
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
    for (const row of rows.list) {
      // Also if no action is watched, because then nothing is lost.
      if (left.size === 0) break;
      const { role } = row;
      const rule = ruleFor({ engine, role }, action);
      const held = unpackHoldings(row);
      // If the role alone is not enough, only a grant can be.
      const { account } = row;
      for (const number of meetsOnSomePost(role.base, rule, account) ? [...left.keys()] : held.keys()) {
        if (meetsOnSomePost(held.get(number) ?? role.base, rule, account)) left.delete(number);
      }
    }
    return [...left.values()].map((connection) => ({ connection, nobody }));
  });
}

/** Finds steps of pending posts that enough users could approve before, and too few can approve now. */
export function stuckAmong(
  submissions: readonly Submission[],
  before: MatrixInternals,
  after: MatrixInternals,
): MatrixDiff["submissions"] {
  const [stepsBefore, stepsNow] = [openSteps(before), openSteps(after)];
  return submissions.flatMap((submission, index) => {
    const { author, connections, status } = submission;
    if (status !== "pending") return [];
    const now = stepsNow(submission);
    return stepsBefore(submission).flatMap(({ step, missing, able }, offset) => {
      const left = new Set(now[offset]?.able);
      if (left.size >= missing || able.length < missing) return [];
      return [{ submission: index, step, author, connections, lost: able.filter((user) => !left.has(user)) }];
    });
  });
}

/** A step that a pending post still needs: how many approvals are missing, and who can give one. */
interface OpenStep {
  readonly step: number;
  readonly missing: number;
  readonly able: readonly string[];
}

/** Makes a lookup of the steps that pending posts still need in an account. */
function openSteps(matrix: MatrixInternals): (post: Submission) => readonly OpenStep[] {
  const { engine, account, rows } = matrix;
  const known = new Map<PackedUser, ReadonlyMap<string, Bits>>();
  return (post) => {
    const { author, connections, steps } = post;
    const approval = approvalOf(engine);
    const { step: first, given } = turnOf(post);
    const out = new Set(ownValue(post, "editors"));
    if (!approval.authorMayApprove) out.add(author);
    const counted = new Set(given.flatMap((each) => [each.by, askedOf(each)]));
    const canApprove = (user: string, step: number) => {
      const row = rowOf(rows, user);
      if (!row || out.has(user) || (step === first && counted.has(user))) return false;
      const held = getOrInsert(known, row, () => heldIn(account, row));
      const bits = connections.map((each) => held.get(each) ?? bitsWithoutGrant(matrix, row.role, each));
      const rule = ruleFor({ engine, role: row.role }, approveActionOf(approval, step));
      return meets(unionOfBits(engine, bits), ruleOfUser(rule, new Map([["author", [author]]]), row));
    };
    const open = approval.approvers === "named" ? steps.slice(first) : [[...rows.places.keys()]];
    return open.map((each, offset) => {
      const step = first + offset;
      const missing = needsOf(each) - (offset === 0 ? given.length : 0);
      return { step, missing, able: [...new Set(usersOf(each))].filter((user) => canApprove(user, step)) };
    });
  };
}
