import { formatDecision } from "channel-grants";
import {
  type ApprovalEvent,
  type ApprovalResult,
  type Refusal,
  type RefusalReason,
  type Submission,
  transition,
} from "channel-grants/approval";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import type { Database } from "./database.js";
import { type Turn, take } from "./gate.js";
import { readMatrix } from "./matrix.js";
import { lockPost, type Post, submissionOf, updatePost, withSubmission } from "./posts.js";
import { Problem } from "./problem.js";
import { type ShownPost, showPost } from "./reading.js";
import { postPath, read, stepList, time, version } from "./request.js";
import { readStandIns } from "./stand-ins.js";

/** What the flow's answers are in HTTP, and in words where the engine has none. */
const refusals: { readonly [Reason in RefusalReason]: readonly [status: number, detail: string] } = {
  "no-connections": [400, "A post goes to one connection at least."],
  "wrong-steps": [400, "Name who is to approve: one step at least, five at most, and somebody in each."],
  "unknown-user": [400, "Somebody who was named is not in this account."],
  "not-an-approver": [400, "Somebody who was named may not approve this post."],
  "not-allowed": [403, "You may not do this."],
  "not-author": [403, "Only the author may do this."],
  "is-author": [403, "Authors do not approve their own posts."],
  "not-asked": [403, "Others are asked to approve this post now."],
  "is-editor": [403, "You edited this post, so others approve it."],
  "already-approved": [409, "You have approved this post."],
  expired: [409, "The deadline of this post has passed. Edit it, and submit it again."],
  "wrong-status": [409, "The post is not in a status for this, or no longer."],
  "stale-revision": [409, "The post was changed since you saw it."],
  "no-approver": [409, "Nobody is there who may approve this post."],
  "approval-lapsed": [409, "An approval of this post would not be given today."],
};

/** Gives the submission that the flow made, or answers with its refusal. */
export function accepted(result: ApprovalResult): Submission {
  if (result.ok) return result.submission;
  throw refused(result);
}

export function refused({ reason, user, for: asked, decision }: Refusal): Problem {
  const [status, detail] = refusals[reason];
  return new Problem(status, decision ? formatDecision(decision) : detail, {
    decision,
    refusal: { reason, user, for: asked },
  });
}

/**
 * Lets an event happen to a post that is locked, by the grants and stand-ins as this transaction sees them.
 *
 * It happens now: whoever waited for the lock until the deadline had passed is late.
 */
export async function advance(turn: Turn, post: Post, event: ApprovalEvent): Promise<Post> {
  const added = event.type === "edit" ? (event.connections ?? []) : [];
  const matrix = await readMatrix(turn.queries, turn.account, [...post.connections, ...added]);
  const standIns = await readStandIns(turn.queries, turn.account);
  const result = transition(matrix, submissionOf(post), { ...event, at: new Date() }, { standIns });
  return withSubmission(post, accepted(result));
}

/**
 * Refuses what is about a version of a post that is no longer there; to be asked behind the gate, of a post that is locked.
 *
 * So of two who act at once, one alone succeeds, also where both would be allowed one after the other. The flow's own
 * `revision` counts edits alone.
 */
export function checkVersion(post: Post, version: number): void {
  if (post.version !== version) throw refused({ reason: "stale-revision" });
}

const seenBody = z.strictObject({ version });
const reassignBody = seenBody.extend({ steps: stepList });
const submitBody = reassignBody.extend({ expires: time.optional() });
const scheduleBody = seenBody.extend({ at: time });

/** The policy's part in each route; the flow's is in the event. To withdraw and to reassign is no right of the policy. */
type FlowAction =
  | "publish.view"
  | "publish.submit"
  | "publish.approve"
  | "publish.reject"
  | "publish.schedule"
  | "publish.post-now";

/** The routes that lead a post from draft to release. */
export function approvalRoutes(server: FastifyInstance, database: Database): void {
  /** The gate comes first: whoever has no right to it is not told how far the post is. */
  const send = (
    request: FastifyRequest,
    action: FlowAction,
    version: number,
    eventOf: (post: Post, by: string) => ApprovalEvent,
    change: Partial<Post> = {},
  ): Promise<ShownPost> => {
    const path = read(postPath, request.params);
    return take(database, request, "act", async (turn) => {
      const post = await lockPost(turn.queries, turn.account, path.post);
      turn.require(action, post);
      checkVersion(post, version);
      const next = await advance(turn, post, eventOf(post, turn.user.id));
      return showPost(turn, await updatePost(turn.queries, turn.account, { ...next, ...change }));
    });
  };

  server.post("/posts/:post/submit", (request) => {
    const { version, steps, expires } = read(submitBody, request.body);
    const deadline = expires && { expires };
    return send(request, "publish.submit", version, (_, by) => ({ type: "submit", by, steps, ...deadline }));
  });

  server.post("/posts/:post/approve", (request) => {
    const { version } = read(seenBody, request.body);
    return send(request, "publish.approve", version, ({ revision }, by) => ({ type: "approve", by, revision }));
  });

  server.post("/posts/:post/reject", (request) => {
    const { version } = read(seenBody, request.body);
    return send(request, "publish.reject", version, ({ revision }, by) => ({ type: "reject", by, revision }));
  });

  server.post("/posts/:post/withdraw", (request) => {
    const { version } = read(seenBody, request.body);
    return send(request, "publish.view", version, (_, by) => ({ type: "withdraw", by }));
  });

  server.post("/posts/:post/reassign", (request) => {
    const { version, steps } = read(reassignBody, request.body);
    return send(request, "publish.view", version, (_, by) => ({ type: "reassign", by, steps }));
  });

  const release = ({ revision }: Post, by: string): ApprovalEvent => ({ type: "release", by, revision });

  server.post("/posts/:post/schedule", (request) => {
    const { version, at } = read(scheduleBody, request.body);
    return send(request, "publish.schedule", version, release, { scheduledAt: at });
  });

  server.post("/posts/:post/post-now", (request) => {
    const { version } = read(seenBody, request.body);
    return send(request, "publish.post-now", version, release, { scheduledAt: new Date() });
  });
}
