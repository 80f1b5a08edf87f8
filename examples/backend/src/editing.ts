import { randomUUID } from "node:crypto";
import { draft } from "channel-grants/approval";
import type { FastifyInstance } from "fastify";
import sql from "sql-template-tag";
import * as z from "zod";
import { accepted, advance, checkVersion, refused } from "./approval.js";
import { gate } from "./gate.js";
import { loadMatrix } from "./policy.js";
import { postIn, savePost, updatePost } from "./posts.js";
import { showPost } from "./reading.js";
import { connectionList, content, read, time, version } from "./request.js";

const draftBody = z.strictObject({
  text: content,
  connections: connectionList,
  scheduledAt: time.nullable().default(null),
});
const editBody = draftBody.partial().extend({ version, scheduledAt: time.nullable().optional() });

/** The routes that write posts. */
export function editingRoutes(server: FastifyInstance): void {
  server.post("/posts", { preHandler: gate("publish.create") }, async ({ turn, body }, reply) => {
    const { queries, account, user } = turn;
    const { connections, ...written } = read(draftBody, body);
    const matrix = await loadMatrix(queries, account, connections);
    const submission = accepted(draft(matrix, { author: user.id, connections }));
    const post = await savePost(queries, account, { ...submission, ...written, id: randomUUID(), version: 0 });
    return reply
      .code(201)
      .header("location", `/posts/${post.id}`)
      .send(await showPost(turn, post));
  });

  const mayEdit = gate("publish.edit", postIn);
  server.patch("/posts/:post", { preHandler: mayEdit }, async (request) => {
    const { queries, account, user } = request.turn;
    const post = mayEdit.granted(request).target;
    const { version, connections, text, scheduledAt } = read(editBody, request.body);
    checkVersion(post, version);
    const edited = await advance(request.turn, post, { type: "edit", by: user.id, connections });
    const changes = { ...(text !== undefined && { text }), ...(scheduledAt !== undefined && { scheduledAt }) };
    return showPost(request.turn, await updatePost(queries, account, { ...edited, ...changes }));
  });

  const mayDelete = gate("publish.delete", postIn);
  server.delete("/posts/:post", { preHandler: mayDelete }, async (request, reply) => {
    const { queries, account } = request.turn;
    const post = mayDelete.granted(request).target;
    // The flow leaves deletion to its host. What was released is out, and its row says so.
    if (post.status === "released") throw refused({ reason: "wrong-status" });
    await queries.query(sql`DELETE FROM posts WHERE account_id = ${account} AND id = ${post.id}`);
    return reply.code(204).send();
  });
}
