import {
  type ApprovalEvent,
  type ApprovalResult,
  formatRefusal,
  type Refusal,
  type RefusalReason,
  type Submission,
  transition,
} from "channel-grants/approval";
import { createWords, english } from "channel-grants/words";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { gate, type Turn } from "./gate.js";
import { loadMatrix, policy } from "./policy.js";
import { type Post, postIn, readStandIns, submissionOf, updatePost, withSubmission } from "./posts.js";
import { Problem } from "./problem.js";
import { showPost } from "./reading.js";
import { read, stepList, time, version } from "./request.js";

/** What the flow's answers are in HTTP; the others are conflicts with what became of the post. */
const statuses: { readonly [Reason in RefusalReason]?: number } = {
  ...{ "no-connections": 400, "wrong-steps": 400, "unknown-user": 400, "not-an-approver": 400 },
  ...{ "not-allowed": 403, "not-author": 403, "is-author": 403, "not-asked": 403, "is-editor": 403 },
};

const words = createWords(policy, { language: english });

/** Gives the submission that the flow made, or answers with its refusal. */
export function accepted(result: ApprovalResult): Submission {
  if (result.ok) return result.submission;
  throw refused(result);
}

export function refused(refusal: Refusal): Problem {
  const { reason, user, for: asked, decision } = refusal;
  const told = { reason, user, for: asked };
  return new Problem(statuses[reason] ?? 409, formatRefusal(refusal, words), { decision, refusal: told });
}

/**
 * Lets an event happen to a post that is locked, by the grants and stand-ins as this transaction sees them.
 *
 * It happens now: whoever waited for the lock until the deadline had passed is late.
 */
export async function advance({ queries, account }: Turn, post: Post, event: ApprovalEvent): Promise<Post> {
  const added = event.type === "edit" ? (event.connections ?? []) : [];
  const matrix = await loadMatrix(queries, account, [...post.connections, ...added]);
  const standIns = await readStandIns(queries, account);
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
type FlowAction = `publish.${"view" | "submit" | "approve" | "reject" | "schedule" | "post-now"}`;

/** The routes that lead a post from draft to release. */
export function approvalRoutes(server: FastifyInstance): void {
  /** The gate comes first: whoever has no right to it is not told how far the post is. */
  const step = <Body extends { version: number }>(
    name: string,
    action: FlowAction,
    schema: z.ZodType<Body>,
    eventOf: (by: string, post: Post, body: Body) => ApprovalEvent,
    changesOf: (body: Body) => Partial<Post> = () => ({}),
  ) => {
    const may = gate(action, postIn);
    server.post(`/posts/:post/${name}`, { preHandler: may }, async (request) => {
      const { queries, account, user } = request.turn;
      const post = may.granted(request).target;
      const body = read(schema, request.body);
      checkVersion(post, body.version);
      const next = await advance(request.turn, post, eventOf(user.id, post, body));
      return showPost(request.turn, await updatePost(queries, account, { ...next, ...changesOf(body) }));
    });
  };
  const release = (by: string, { revision }: Post): ApprovalEvent => ({ type: "release", by, revision });

  step("submit", "publish.submit", submitBody, (by, _, { steps, expires }) => {
    return { type: "submit", by, steps, ...(expires && { expires }) };
  });
  step("approve", "publish.approve", seenBody, (by, { revision }) => ({ type: "approve", by, revision }));
  step("reject", "publish.reject", seenBody, (by, { revision }) => ({ type: "reject", by, revision }));
  step("withdraw", "publish.view", seenBody, (by) => ({ type: "withdraw", by }));
  step("reassign", "publish.view", reassignBody, (by, _, { steps }) => ({ type: "reassign", by, steps }));
  step("schedule", "publish.schedule", scheduleBody, release, ({ at }) => ({ scheduledAt: at }));
  step("post-now", "publish.post-now", seenBody, release, () => ({ scheduledAt: new Date() }));
}
