import type { StandIn, Submission } from "channel-grants/approval";
import type { FastifyRequest } from "fastify";
import sql from "sql-template-tag";
import type { Queries } from "./database.js";
import { notFound } from "./problem.js";
import { postPath, read } from "./request.js";

/** A post as its rows hold it: content, and what the approval flow knows of it. */
export interface Post extends Submission {
  readonly id: string;
  readonly text: string;
  /** When it shall go out, or went. */
  readonly scheduledAt: Date | null;
  /** Raised by every change, of whichever kind. */
  readonly version: number;
}

/** A post as it is selected: what the flow leaves out is null in its column. */
export type PostRow = Omit<Post, "expires" | "editors"> & {
  readonly expires: Date | null;
  readonly editors: readonly string[] | null;
};

/** Selects a post of the table `posts p`, with its links. */
export const selectPost = sql`
  SELECT p.id, p.text, p.scheduled_at AS "scheduledAt", p.author_id AS author, p.status, p.steps, p.approvals, p.revision, p.version,
    p.expires, p.editors,
    ARRAY(
      SELECT l.connection_id FROM post_connections l
      WHERE l.account_id = p.account_id AND l.post_id = p.id ORDER BY l.connection_id
    ) AS connections`;

export function postOf<Row extends PostRow>({ expires, editors, ...row }: Row) {
  return { ...row, ...(expires && { expires: expires.toISOString() }), ...(editors && { editors }) };
}

/** Finds a post of an account; that of another one is not found. */
export async function findPost({ query }: Queries, account: string, id: string): Promise<Post> {
  const [row] = await query<PostRow>(sql`${selectPost} FROM posts p WHERE p.account_id = ${account} AND p.id = ${id}`);
  if (!row) throw notFound("post");
  return postOf(row);
}

/**
 * Finds a post, and keeps all others from changing it until the transaction ends.
 *
 * It takes two statements. One alone that had to wait for the lock would see the post as it is now, and its links as they
 * were before the wait.
 */
export async function lockPost(queries: Queries, account: string, id: string): Promise<Post> {
  await queries.query(sql`SELECT id FROM posts WHERE account_id = ${account} AND id = ${id} FOR UPDATE`);
  return findPost(queries, account, id);
}

/** Loads the post in a request's path for its gate: locked, unless the request only reads. */
export function postIn({ method, turn: { queries, account }, params }: FastifyRequest): Promise<Post> {
  return (method === "GET" ? findPost : lockPost)(queries, account, read(postPath, params).post);
}

/** Stores a new post, or a post that was locked. */
export async function savePost({ query }: Queries, account: string, post: Post): Promise<Post> {
  const { id, connections, editors } = post;
  await query(sql`
    INSERT INTO posts (account_id, id, text, scheduled_at, author_id, status, steps, approvals, revision, version, expires, editors)
    VALUES (${account}, ${id}, ${post.text}, ${post.scheduledAt}, ${post.author}, ${post.status}, ${JSON.stringify(post.steps)},
      ${JSON.stringify(post.approvals)}, ${post.revision}, ${post.version}, ${post.expires ?? null},
      ${editors ? JSON.stringify(editors) : null})
    ON CONFLICT (account_id, id) DO UPDATE SET text = EXCLUDED.text, scheduled_at = EXCLUDED.scheduled_at,
      status = EXCLUDED.status, steps = EXCLUDED.steps, approvals = EXCLUDED.approvals, revision = EXCLUDED.revision,
      version = EXCLUDED.version, expires = EXCLUDED.expires, editors = EXCLUDED.editors`);
  await query(sql`
    DELETE FROM post_connections WHERE account_id = ${account} AND post_id = ${id} AND connection_id <> ALL(${connections})`);
  await query(sql`
    INSERT INTO post_connections (account_id, post_id, connection_id)
    SELECT ${account}, ${id}, unnest(${connections}::text[]) ON CONFLICT DO NOTHING`);
  return post;
}

/** Stores what became of a post that was locked, and gives it in its next version. */
export function updatePost(queries: Queries, account: string, next: Post): Promise<Post> {
  return savePost(queries, account, { ...next, version: next.version + 1 });
}

/** Gives what the approval flow takes: a post without its content. */
export function submissionOf({ id: _, text: _text, scheduledAt: _time, version: _version, ...post }: Post): Submission {
  return post;
}

/** Gives a post with what became of its submission; a deadline that is no longer there does not stay. */
export function withSubmission({ id, text, scheduledAt, version }: Post, submission: Submission): Post {
  return { id, text, scheduledAt, version, ...submission };
}

/** Reads who stands in for whom in an account, each with its period: which of them count now is the flow's to say. */
export async function readStandIns({ query }: Queries, account: string): Promise<readonly StandIn[]> {
  const rows = await query<{ standIn: StandIn }>(sql`
    SELECT jsonb_strip_nulls(jsonb_build_object('for', user_id, 'by', by_id, 'from', starts_at, 'until', ends_at)) AS "standIn"
    FROM stand_ins WHERE account_id = ${account} ORDER BY user_id, by_id, starts_at`);
  return rows.map(({ standIn }) => standIn);
}
