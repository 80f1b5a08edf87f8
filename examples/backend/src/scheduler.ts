import { explain } from "channel-grants";
import { type ApprovalResult, transition } from "channel-grants/approval";
import sql from "sql-template-tag";
import type { Database, Queries } from "./database.js";
import { hold, recordDecisions } from "./gate.js";
import { loadMatrix } from "./policy.js";
import { findPost, submissionOf, updatePost, withSubmission } from "./posts.js";

interface Due {
  readonly account: string;
  readonly id: string;
}

const isDue = sql`status = 'approved' AND scheduled_at <= now()`;

/**
 * Releases the approved posts whose time has come, each in a transaction of its own.
 *
 * The service does this itself, and is no user. So the flow looks at every approval once more: where one would not be
 * given today, or the deadline has passed, the post is held back. It stays approved and loses its time, until somebody edits or releases it.
 */
export async function releaseDue(
  database: Database,
): Promise<readonly PromiseSettledResult<ApprovalResult | undefined>[]> {
  const due = await database.query<Due>(sql`SELECT account_id AS account, id FROM posts WHERE ${isDue}`);
  return Promise.allSettled(due.map((post) => database.transaction((queries) => release(queries, post))));
}

async function release(queries: Queries, { account, id }: Due): Promise<ApprovalResult | undefined> {
  await hold(queries, account, "act");
  const [still] = await queries.query(sql`
    SELECT id FROM posts WHERE account_id = ${account} AND id = ${id} AND ${isDue} FOR UPDATE`);
  if (!still) return undefined;
  const post = await findPost(queries, account, id);
  const matrix = await loadMatrix(queries, account, post.connections);
  const event = { type: "auto-release", revision: post.revision, at: new Date() } as const;
  const result = transition(matrix, submissionOf(post), event);
  const next = result.ok ? withSubmission(post, result.submission) : { ...post, scheduledAt: null };
  await updatePost(queries, account, next);

  const present = post.approvals.filter(({ by }) => matrix.users().includes(by));
  const decisions = present.map(({ by }) => explain(matrix.user(by), "publish.approve", post));
  const refusal = result.ok ? undefined : result.reason;
  await recordDecisions(queries, { account, user: null, request: "scheduler", refusal, decisions });
  return result;
}
