import { accessLevel, allowedActions } from "channel-grants";
import { availableEvents, inbox, timeline } from "channel-grants/approval";
import type { FastifyInstance } from "fastify";
import sql, { type Sql } from "sql-template-tag";
import { gate, open, type Turn } from "./gate.js";
import { grantsSql, loadMatrix, part, policy } from "./policy.js";
import { type Post, type PostRow, postIn, postOf, readStandIns, selectPost, submissionOf } from "./posts.js";
import { behind, page, paged, read } from "./request.js";

/** A post as one user sees it: the badge, and which buttons there are. */
export async function showPost({ queries, account, user }: Turn, post: Post) {
  const matrix = await loadMatrix(queries, account, post.connections);
  const standIns = await readStandIns(queries, account);
  return {
    ...post,
    level: accessLevel(user, "publish", post),
    actions: allowedActions(user, post),
    events: availableEvents(matrix, submissionOf(post), user.id, { standIns, at: new Date() }),
    timeline: timeline(submissionOf(post), policy).steps,
  };
}

/** The routes that only read posts. */
export function readingRoutes(server: FastifyInstance): void {
  /** Selects a page of posts on which the user may do something: the database leaves out the others, so no page comes out shorter. */
  const select = async <Row>(
    { queries, account, user }: Turn,
    query: unknown,
    action: "publish.view" | "publish.approve",
    and: Sql,
    where: Sql,
  ) => {
    const { limit, before } = read(page, query);
    const may = part(grantsSql.groupsFor({ account, user: user.id, action, only: { column: ["p", "id"] } }));
    const rows = await queries.query<PostRow & Row & { position: string }>(sql`
      ${selectPost}, p.position::text AS position${and} FROM posts p
      WHERE p.account_id = ${account} AND EXISTS (${may}) ${where} ${behind("p.position", before)}
      ORDER BY p.position DESC LIMIT ${limit + 1}`);
    return paged(rows, limit, ({ position, ...row }) => postOf(row as PostRow & Row));
  };

  server.get("/posts", { preHandler: open }, async ({ turn, query }) => {
    const { account, user } = turn;
    const badge = part(
      grantsSql.groupLevels({ account, user: user.id, area: "publish", only: { column: ["p", "id"] } }),
    );
    const level = sql`, (SELECT badge.level FROM (${badge}) badge) AS level`;
    const { items, next } = await select<{ level: string }>(turn, query, "publish.view", level, sql``);
    return { items: items.map((post) => ({ ...post, actions: allowedActions(user, post) })), next };
  });

  // What waits for the user. Of those that the user may approve, the flow picks those in which the user is asked now.
  server.get("/inbox", { preHandler: open }, async ({ turn, query }) => {
    const { queries, account, user } = turn;
    const { items, next } = await select(turn, query, "publish.approve", sql``, sql`AND p.status = 'pending'`);
    const matrix = await loadMatrix(
      queries,
      account,
      items.flatMap(({ connections }) => connections),
    );
    const standIns = await readStandIns(queries, account);
    const waiting = inbox(matrix, items.map(submissionOf), user.id, { standIns, at: new Date() });
    return { items: waiting.map(({ index, ...asked }) => ({ ...items[index], ...asked })), next };
  });

  const mayView = gate("publish.view", postIn);
  server.get("/posts/:post", { preHandler: mayView }, (request) =>
    showPost(request.turn, mayView.granted(request).target),
  );

  // The drop-down is for whoever submits (E13); the author is not in it, whom the flow does not let approve.
  const maySubmit = gate("publish.submit", postIn);
  server.get("/posts/:post/approvers", { preHandler: maySubmit }, async (request) => {
    const { queries, account } = request.turn;
    const post = maySubmit.granted(request).target;
    const approvers = part(grantsSql.usersFor({ account, action: "publish.approve", group: post.id }));
    const rows = await queries.query<{ id: string }>(sql`
      SELECT approver.id FROM (${approvers}) approver WHERE approver.id <> ${post.author} ORDER BY approver.id`);
    return { items: rows.map(({ id }) => id) };
  });
}
