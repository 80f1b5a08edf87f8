import { accessLevel, allowedActions } from "channel-grants";
import { availableEvents, timeline } from "channel-grants/approval";
import type { SqlQuery } from "channel-grants/sql";
import type { FastifyInstance } from "fastify";
import sql, { type Sql } from "sql-template-tag";
import type { Database } from "./database.js";
import { type Turn, take } from "./gate.js";
import { readMatrix } from "./matrix.js";
import { grantsSql, policy } from "./policy.js";
import { findPost, type Post, type PostRow, postOf, selectPost, submissionOf } from "./posts.js";
import { behind, page, paged, postPath, read } from "./request.js";
import { readStandIns } from "./stand-ins.js";

/** A post as one user sees it: the badge, and which buttons there are. */
export type ShownPost = Awaited<ReturnType<typeof showPost>>;

export async function showPost({ queries, account, user }: Turn, post: Post) {
  const matrix = await readMatrix(queries, account, post.connections);
  const standIns = await readStandIns(queries, account);
  return {
    ...post,
    level: accessLevel(user, "publish", post),
    actions: allowedActions(user, post),
    events: availableEvents(matrix, submissionOf(post), user.id, { standIns, at: new Date() }),
    timeline: timeline(submissionOf(post), policy).steps,
  };
}

/** Makes a query of the library a part of a larger one. */
export function part({ strings, values }: SqlQuery): Sql {
  return sql(strings, ...values);
}

/** The routes that only read posts. */
export function readingRoutes(server: FastifyInstance, database: Database): void {
  // The database leaves out what the user may not see, so nobody is turned away, and no page comes out shorter.
  server.get("/posts", (request) => {
    const { limit, before } = read(page, request.query);
    return take(database, request, "read", async ({ queries, account, user }) => {
      const asked = { account, user: user.id, only: { column: ["p", "id"] } } as const;
      const visible = part(grantsSql.groupsFor({ ...asked, action: "publish.view" }));
      const badge = part(grantsSql.groupLevels({ ...asked, area: "publish" }));
      const rows = await queries.query<PostRow & { position: string }>(sql`
        ${selectPost}, p.position::text AS position, (SELECT badge.level FROM (${badge}) badge) AS level
        FROM posts p
        WHERE p.account_id = ${account} AND EXISTS (${visible}) ${behind("p.position", before)}
        ORDER BY p.position DESC LIMIT ${limit + 1}`);
      return paged(rows, limit, ({ position, ...row }) => ({ ...postOf(row), actions: allowedActions(user, row) }));
    });
  });

  server.get("/posts/:post", (request) => {
    const path = read(postPath, request.params);
    return take(database, request, "read", async (turn) => {
      const post = await findPost(turn.queries, turn.account, path.post);
      turn.require("publish.view", post);
      return showPost(turn, post);
    });
  });

  // The drop-down is for whoever submits (E13); the author is not in it, whom the flow does not let approve.
  server.get("/posts/:post/approvers", (request) => {
    const path = read(postPath, request.params);
    return take(database, request, "read", async ({ queries, account, require }) => {
      const post = await findPost(queries, account, path.post);
      require("publish.submit", post);
      const approvers = part(grantsSql.usersFor({ account, action: "publish.approve", group: post.id }));
      const rows = await queries.query<{ id: string }>(sql`
        SELECT approver.id FROM (${approvers}) approver WHERE approver.id <> ${post.author} ORDER BY approver.id`);
      return { items: rows.map(({ id }) => id) };
    });
  });
}
