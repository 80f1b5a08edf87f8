import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import sql from "sql-template-tag";
import * as z from "zod";
import { recordGrantChange } from "./audit.js";
import type { Database, Queries } from "./database.js";
import { take } from "./gate.js";
import { readMatrix } from "./matrix.js";
import { grantsSql } from "./policy.js";
import { notFound } from "./problem.js";
import { part } from "./reading.js";
import { connectionPath, content, read } from "./request.js";

const connectionBody = z.strictObject({ network: content.min(1), name: content.min(1) });

/** Refuses a connection that the account does not have. */
export async function findConnection({ query }: Queries, account: string, id: string): Promise<void> {
  const [found] = await query(sql`SELECT id FROM connections WHERE account_id = ${account} AND id = ${id}`);
  if (!found) throw notFound("connection");
}

/** The routes of the connections themselves, and the picker of the compose step. */
export function connectionRoutes(server: FastifyInstance, database: Database): void {
  // As in the feed, the database leaves out what the user may not choose (E11).
  server.get("/compose/connections", (request) =>
    take(database, request, "read", async ({ queries, account, user }) => {
      const selectable = part(grantsSql.connectionsFor({ account, user: user.id, action: "publish.select" }));
      const items = await queries.query(sql`
        SELECT c.id, c.network, c.name FROM connections c JOIN (${selectable}) selectable ON selectable.id = c.id
        WHERE c.account_id = ${account} ORDER BY c.id`);
      return { items };
    }),
  );

  server.post("/connections", async (request, reply) => {
    const { network, name } = read(connectionBody, request.body);
    const connection = await take(database, request, "govern", async ({ queries, account, require }) => {
      require("connections.create");
      const id = randomUUID();
      await queries.query(sql`
        INSERT INTO connections (account_id, id, network, name) VALUES (${account}, ${id}, ${network}, ${name})`);
      return { id, network, name };
    });
    return reply.code(201).send(connection);
  });

  server.post("/connections/:connection/reconnect", async (request, reply) => {
    const { connection } = read(connectionPath, request.params);
    await take(database, request, "act", async ({ queries, account, require }) => {
      await findConnection(queries, account, connection);
      require("connections.reconnect", connection);
      await queries.query(sql`
        UPDATE connections SET connected_at = now() WHERE account_id = ${account} AND id = ${connection}`);
    });
    return reply.code(204).send();
  });

  // Its grants go with it. Its posts keep their links: a post that lost one would be allowed more than before.
  server.delete("/connections/:connection", async (request, reply) => {
    const { connection } = read(connectionPath, request.params);
    await take(database, request, "govern", async ({ queries, account, user, require }) => {
      require("connections.remove");
      await findConnection(queries, account, connection);
      const before = await readMatrix(queries, account, [connection]);
      const after = before.removeConnection(connection);
      for (const holder of await holdersOf(queries, account, connection)) {
        await recordGrantChange(queries, {
          account,
          by: user.id,
          user: holder,
          connection,
          before: before.grant(holder, connection),
          after: after.grant(holder, connection),
        });
      }
      await queries.query(sql`DELETE FROM connections WHERE account_id = ${account} AND id = ${connection}`);
    });
    return reply.code(204).send();
  });
}

async function holdersOf({ query }: Queries, account: string, connection: string): Promise<readonly string[]> {
  const rows = await query<{ user: string }>(sql`
    SELECT user_id AS "user" FROM grants WHERE account_id = ${account} AND connection_id = ${connection}`);
  return rows.map(({ user }) => user);
}
