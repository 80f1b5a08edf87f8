import type { FastifyInstance } from "fastify";
import sql from "sql-template-tag";
import type { Database } from "./database.js";
import { take } from "./gate.js";
import { behind, page, paged, read } from "./request.js";

/** The routes of the log, for admins. */
export function logRoutes(server: FastifyInstance, database: Database): void {
  server.get("/audit/decisions", (request) => {
    const { limit, before } = read(page, request.query);
    return take(database, request, "read", async ({ queries, account, require }) => {
      require("audit.view");
      const rows = await queries.query<{ position: string }>(sql`
        SELECT id::text AS position, decided_at AS at, user_id AS "user", request, action, connections, allowed, refusal,
          decision
        FROM decisions
        WHERE account_id = ${account} ${behind("id", before)}
        ORDER BY id DESC LIMIT ${limit + 1}`);
      return paged(rows, limit, ({ position, ...row }) => row);
    });
  });

  server.get("/audit/grants", (request) => {
    const { limit, before } = read(page, request.query);
    return take(database, request, "read", async ({ queries, account, require }) => {
      require("audit.view");
      const rows = await queries.query<{ position: string }>(sql`
        SELECT id::text AS position, changed_at AS at, changed_by AS by, user_id AS "user", connection_id AS connection,
          before, after
        FROM grant_changes
        WHERE account_id = ${account} ${behind("id", before)}
        ORDER BY id DESC LIMIT ${limit + 1}`);
      return paged(rows, limit, ({ position, ...row }) => row);
    });
  });
}
