import { randomUUID } from "node:crypto";
import { beyond, can, type Grant, type GrantInput } from "channel-grants";
import { grantSchema } from "channel-grants/schema";
import type { FastifyInstance, FastifyRequest } from "fastify";
import sql from "sql-template-tag";
import * as z from "zod";
import { gate, open, type Turn } from "./gate.js";
import { type Backend, grantsSql, loadMatrix, part, policy } from "./policy.js";
import { notFound, Problem } from "./problem.js";
import { connectionPath, content, id, read } from "./request.js";

const connectionBody = z.strictObject({ network: content.min(1), name: content.min(1) });
const govern = { hold: "govern" } as const;

/** Finds the connection in a request's path, and refuses one that the account does not have. */
async function connectionIn({ turn: { queries, account }, params }: FastifyRequest): Promise<string> {
  const { connection } = read(connectionPath, params);
  const [found] = await queries.query(
    sql`SELECT id FROM connections WHERE account_id = ${account} AND id = ${connection}`,
  );
  if (!found) throw notFound("connection");
  return connection;
}

/** The routes of the connections themselves, and the picker of the compose step. */
export function connectionRoutes(server: FastifyInstance): void {
  // As in the feed, the database leaves out what the user may not choose (E11).
  server.get("/compose/connections", { preHandler: open }, async ({ turn: { queries, account, user } }) => {
    const selectable = part(grantsSql.connectionsFor({ account, user: user.id, action: "publish.select" }));
    const items = await queries.query(sql`
      SELECT c.id, c.network, c.name FROM connections c JOIN (${selectable}) selectable ON selectable.id = c.id
      WHERE c.account_id = ${account} ORDER BY c.id`);
    return { items };
  });

  server.post(
    "/connections",
    { preHandler: gate("connections.create"), config: govern },
    async ({ turn, body }, reply) => {
      const { network, name } = read(connectionBody, body);
      const id = randomUUID();
      await turn.queries.query(sql`
      INSERT INTO connections (account_id, id, network, name) VALUES (${turn.account}, ${id}, ${network}, ${name})`);
      return reply.code(201).send({ id, network, name });
    },
  );

  const mayReconnect = gate("connections.reconnect", connectionIn);
  server.post("/connections/:connection/reconnect", { preHandler: mayReconnect }, async (request, reply) => {
    const { queries, account } = request.turn;
    await queries.query(sql`
      UPDATE connections SET connected_at = now() WHERE account_id = ${account} AND id = ${mayReconnect.granted(request).target}`);
    return reply.code(204).send();
  });

  // Its grants go with it. Its posts keep their links: a post that lost one would be allowed more than before.
  const mayRemove = gate("connections.remove");
  server.delete("/connections/:connection", { preHandler: mayRemove, config: govern }, async (request, reply) => {
    const { queries, account } = request.turn;
    const connection = await connectionIn(request);
    const before = await loadMatrix(queries, account, [connection]);
    const after = before.removeConnection(connection);
    for (const id of before.users().filter((each) => Object.hasOwn(before.user(each).grants, connection))) {
      await recordGrantChange(request.turn, id, connection, before.grant(id, connection), after.grant(id, connection));
    }
    await queries.query(sql`DELETE FROM connections WHERE account_id = ${account} AND id = ${connection}`);
    return reply.code(204).send();
  });
}

const grantBody = grantSchema(policy);
const roleBody = z.strictObject({ role: z.enum(["admin", "viewer"]) });
const grantsBody = z
  .record(id, grantBody)
  .refine((grants) => Object.keys(grants).length <= 100, "expected 100 at most");
const memberBody = roleBody.extend({ id, grants: grantsBody.default({}) });
const memberPath = z.object({ user: id });

/** The routes of "Assign users": who is in the account, in which role, and who holds what on a connection. */
export function memberRoutes(server: FastifyInstance): void {
  const mayAssign = gate("connections.assign-users");
  server.get("/connections/:connection/assignments", { preHandler: mayAssign }, async (request) => {
    const { queries, account } = request.turn;
    const connection = await connectionIn(request);
    const matrix = await loadMatrix(queries, account, [connection]);
    return { items: matrix.users().map((user) => ({ user, grant: matrix.grant(user, connection) })) };
  });

  // A grant takes the place of the one before; an area that is left out is at its lowest level, so `{}` takes all away.
  const mayShare = gate("connections.share", connectionIn);
  server.put(
    "/connections/:connection/assignments/:user",
    { preHandler: mayShare, config: govern },
    async (request) => {
      const path = read(connectionPath.extend(memberPath.shape), request.params);
      const matrix = await assign(request.turn, path.user, { [path.connection]: read(grantBody, request.body) });
      return { ...path, grant: matrix.grant(path.user, path.connection) };
    },
  );

  // Stands for an invitation that was accepted: no letter is sent here.
  server.post("/members", { preHandler: gate("members.invite"), config: govern }, async ({ turn, body }, reply) => {
    const { queries, account } = turn;
    const { id, role, grants } = read(memberBody, body);
    // A role can give more than any grant.
    if (role !== "viewer" && !can(turn.user, "members.assign-roles")) throw refusedBeyond({ role });
    const added = await queries.query(sql`
      INSERT INTO users (account_id, id, role) VALUES (${account}, ${id}, ${role}) ON CONFLICT DO NOTHING RETURNING id`);
    if (added.length === 0) throw new Problem(409, "Somebody of this id is in the account.");
    await assign(turn, id, grants);
    return reply.code(201).send({ id, role, grants });
  });

  const mayGiveRoles = gate("members.assign-roles");
  server.put("/members/:user/role", { preHandler: mayGiveRoles, config: govern }, async ({ turn, params, body }) => {
    const [{ user }, { role }] = [read(memberPath, params), read(roleBody, body)];
    const changed = await turn.queries.query(sql`
      UPDATE users SET role = ${role} WHERE account_id = ${turn.account} AND id = ${user} RETURNING id`);
    if (changed.length === 0) throw notFound("user");
    const admins = await turn.queries.query(sql`
      SELECT id FROM users WHERE account_id = ${turn.account} AND role = 'admin' LIMIT 1`);
    if (admins.length === 0) throw new Problem(409, "An account keeps one admin at least.");
    return { user, role };
  });
}

/**
 * Gives a user grants, and writes down each change. Nobody gives more than they have, or takes more away: but whoever may
 * assign all users of the account, who holds nothing by that (E20).
 */
async function assign(turn: Turn, id: string, grants: Readonly<Record<string, GrantInput<Backend>>>) {
  const { queries, account, user } = turn;
  let matrix = await loadMatrix(queries, account, Object.keys(grants));
  if (!matrix.users().includes(id)) throw notFound("user");
  for (const [connection, grant] of Object.entries(grants)) {
    if (!matrix.connections().includes(connection)) throw notFound("connection");
    const before = matrix.grant(id, connection);
    matrix = matrix.assign(id, connection, grant);
    const after = matrix.grant(id, connection);
    const more = { ...beyond(user, connection, before), ...beyond(user, connection, after) };
    if (Object.keys(more).length > 0 && !can(user, "connections.assign-users")) throw refusedBeyond(more, connection);
    await queries.query(grantsSql.assign({ account, user: id, connection, grant }));
    await recordGrantChange(turn, id, connection, before, after);
  }
  return matrix;
}

function refusedBeyond(more: object, connection?: string): Problem {
  return new Problem(403, "Nobody gives more than they have, or takes more away.", {
    refusal: { reason: "beyond", connection, more },
  });
}

/** Writes down what became of a grant, in the transaction that changes it. */
async function recordGrantChange(
  { queries, account, user }: Turn,
  id: string,
  connection: string,
  before: Grant<Backend>,
  after: Grant<Backend>,
): Promise<void> {
  await queries.query(sql`
    INSERT INTO grant_changes (account_id, changed_by, user_id, connection_id, before, after)
    VALUES (${account}, ${user.id}, ${id}, ${connection}, ${JSON.stringify(before)}, ${JSON.stringify(after)})`);
}
