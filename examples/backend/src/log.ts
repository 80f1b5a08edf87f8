import type { FastifyInstance } from "fastify";
import sql, { type Sql } from "sql-template-tag";
import { gate } from "./gate.js";
import { behind, page, paged, read } from "./request.js";

/** The routes of the log, for admins. */
export function logRoutes(server: FastifyInstance): void {
  const list = (url: string, selected: Sql) =>
    server.get(url, { preHandler: gate("audit.view") }, async ({ turn: { queries, account }, query }) => {
      const { limit, before } = read(page, query);
      const rows = await queries.query<{ position: string }>(sql`
        SELECT id::text AS position, ${selected} WHERE account_id = ${account} ${behind("id", before)}
        ORDER BY id DESC LIMIT ${limit + 1}`);
      return paged(rows, limit, ({ position, ...row }) => row);
    });
  list(
    "/audit/decisions",
    sql`decided_at AS at, user_id AS "user", request, action, connections, allowed, refusal, decision FROM decisions`,
  );
  list(
    "/audit/grants",
    sql`changed_at AS at, changed_by AS by, user_id AS "user", connection_id AS connection, before, after FROM grant_changes`,
  );
}
