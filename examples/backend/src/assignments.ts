import { grantSchema } from "channel-grants/schema";
import type { FastifyInstance } from "fastify";
import sql from "sql-template-tag";
import { recordGrantChange } from "./audit.js";
import { findConnection } from "./connections.js";
import type { Database } from "./database.js";
import { take } from "./gate.js";
import { readMatrix } from "./matrix.js";
import { policy } from "./policy.js";
import { notFound } from "./problem.js";
import { connectionPath, id, read } from "./request.js";

const assignmentPath = connectionPath.extend({ user: id });
const grantBody = grantSchema(policy);

/** The routes of "Assign users": who holds what on a connection. */
export function assignmentRoutes(server: FastifyInstance, database: Database): void {
  server.get("/connections/:connection/assignments", (request) => {
    const { connection } = read(connectionPath, request.params);
    return take(database, request, "read", async ({ queries, account, require }) => {
      require("connections.assign-users");
      await findConnection(queries, account, connection);
      const matrix = await readMatrix(queries, account, [connection]);
      return { items: matrix.users().map((user) => ({ user, grant: matrix.grant(user, connection) })) };
    });
  });

  // A grant takes the place of the one before; an area that is left out is at its lowest level, so `{}` takes all away.
  server.put("/connections/:connection/assignments/:user", (request) => {
    const path = read(assignmentPath, request.params);
    const grant = read(grantBody, request.body);
    return take(database, request, "govern", async ({ queries, account, user, require }) => {
      require("connections.assign-users");
      await findConnection(queries, account, path.connection);
      const matrix = await readMatrix(queries, account, [path.connection]);
      if (!matrix.users().includes(path.user)) throw notFound("user");
      const before = matrix.grant(path.user, path.connection);
      const after = matrix.assign(path.user, path.connection, grant).grant(path.user, path.connection);
      await queries.query(sql`
        INSERT INTO grants (account_id, user_id, connection_id, conversations, publish, approver, analytics)
        VALUES (${account}, ${path.user}, ${path.connection}, ${after.conversations}, ${after.publish}, ${after.approver},
          ${after.analytics})
        ON CONFLICT (account_id, user_id, connection_id) DO UPDATE SET conversations = EXCLUDED.conversations,
          publish = EXCLUDED.publish, approver = EXCLUDED.approver, analytics = EXCLUDED.analytics`);
      await recordGrantChange(queries, { account, by: user.id, ...path, before, after });
      return { ...path, grant: after };
    });
  });
}
