import { randomUUID } from "node:crypto";
import { draft } from "channel-grants/approval";
import type { FastifyInstance } from "fastify";
import sql from "sql-template-tag";
import * as z from "zod";
import { accepted, advance, checkVersion, refused } from "./approval.js";
import type { Database } from "./database.js";
import { take } from "./gate.js";
import { readMatrix } from "./matrix.js";
import { insertPost, lockPost, updatePost } from "./posts.js";
import { showPost } from "./reading.js";
import { connectionList, content, postPath, read, time, version } from "./request.js";

const draftBody = z.strictObject({
  text: content,
  connections: connectionList,
  scheduledAt: time.nullable().default(null),
});

const editBody = z.strictObject({
  version,
  text: content.optional(),
  connections: connectionList.optional(),
  scheduledAt: time.nullable().optional(),
});

/** The routes that write posts. */
export function editingRoutes(server: FastifyInstance, database: Database): void {
  server.post("/posts", async (request, reply) => {
    const { connections, ...written } = read(draftBody, request.body);
    const post = await take(database, request, "act", async (turn) => {
      turn.require("publish.create");
      const matrix = await readMatrix(turn.queries, turn.account, connections);
      const submission = accepted(draft(matrix, { author: turn.user.id, connections }));
      const post = { ...submission, ...written, id: randomUUID(), version: 0 };
      await insertPost(turn.queries, turn.account, post);
      return showPost(turn, post);
    });
    return reply.code(201).header("location", `/posts/${post.id}`).send(post);
  });

  server.patch("/posts/:post", (request) => {
    const path = read(postPath, request.params);
    const { version, connections, text, scheduledAt } = read(editBody, request.body);
    return take(database, request, "act", async (turn) => {
      const post = await lockPost(turn.queries, turn.account, path.post);
      turn.require("publish.edit", post);
      checkVersion(post, version);
      const edited = await advance(turn, post, { type: "edit", by: turn.user.id, connections });
      const next = {
        ...edited,
        text: text ?? post.text,
        scheduledAt: scheduledAt === undefined ? post.scheduledAt : scheduledAt,
      };
      return showPost(turn, await updatePost(turn.queries, turn.account, next));
    });
  });

  server.delete("/posts/:post", async (request, reply) => {
    const path = read(postPath, request.params);
    await take(database, request, "act", async ({ queries, account, require }) => {
      const post = await lockPost(queries, account, path.post);
      require("publish.delete", post);
      // The flow leaves deletion to its host. What was released is out, and its row says so.
      if (post.status === "released") throw refused({ reason: "wrong-status" });
      await queries.query(sql`DELETE FROM posts WHERE account_id = ${account} AND id = ${post.id}`);
    });
    return reply.code(204).send();
  });
}
