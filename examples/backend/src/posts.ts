import type { PostGroup } from "channel-grants";
import type { Submission } from "channel-grants/approval";
import sql from "sql-template-tag";
import type { Queries } from "./database.js";
import { notFound } from "./problem.js";

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
  return {
    ...row,
    ...(expires !== null && { expires: expires.toISOString() }),
    ...(editors !== null && { editors }),
  };
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

export async function insertPost({ query }: Queries, account: string, post: Post): Promise<void> {
  await query(sql`
    INSERT INTO posts (account_id, id, text, scheduled_at, author_id, status, steps, approvals, revision, expires,
      editors)
    VALUES (${account}, ${post.id}, ${post.text}, ${post.scheduledAt}, ${post.author}, ${post.status},
      ${JSON.stringify(post.steps)}, ${JSON.stringify(post.approvals)}, ${post.revision}, ${post.expires ?? null},
      ${editorsIn(post)})`);
  await link({ query }, account, post.id, post);
}

/** Stores what became of a post that was locked, and gives it in its next version. */
export async function updatePost({ query }: Queries, account: string, next: Post): Promise<Post> {
  const post = { ...next, version: next.version + 1 };
  await query(sql`
    UPDATE posts SET text = ${post.text}, scheduled_at = ${post.scheduledAt}, status = ${post.status},
      steps = ${JSON.stringify(post.steps)}, approvals = ${JSON.stringify(post.approvals)}, revision = ${post.revision}, version = ${post.version},
      expires = ${post.expires ?? null}, editors = ${editorsIn(post)}
    WHERE account_id = ${account} AND id = ${post.id}`);
  await query(sql`
    DELETE FROM post_connections
    WHERE account_id = ${account} AND post_id = ${post.id} AND connection_id <> ALL(${post.connections})`);
  await link({ query }, account, post.id, post);
  return post;
}

async function link({ query }: Queries, account: string, id: string, { connections }: PostGroup): Promise<void> {
  await query(sql`
    INSERT INTO post_connections (account_id, post_id, connection_id)
    SELECT ${account}, ${id}, unnest(${connections}::text[])
    ON CONFLICT DO NOTHING`);
}

function editorsIn({ editors }: Post): string | null {
  return editors ? JSON.stringify(editors) : null;
}

/** Gives what the approval flow takes: a post without its content. */
export function submissionOf({ id: _, text: _text, scheduledAt: _time, version: _version, ...post }: Post): Submission {
  return post;
}

/** Gives a post with what became of its submission; a deadline that is no longer there does not stay. */
export function withSubmission({ id, text, scheduledAt, version }: Post, submission: Submission): Post {
  return { id, text, scheduledAt, version, ...submission };
}
