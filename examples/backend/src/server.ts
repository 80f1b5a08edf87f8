import fastify, { type FastifyInstance } from "fastify";
import { connectionRoutes, memberRoutes } from "./account.js";
import { approvalRoutes } from "./approval.js";
import { authenticate } from "./auth.js";
import type { Database } from "./database.js";
import { editingRoutes } from "./editing.js";
import { assertGuarded, takeTurns } from "./gate.js";
import { logRoutes } from "./log.js";
import { notFound, sendProblem } from "./problem.js";
import { readingRoutes } from "./reading.js";

/** Of Fastify's log: errors are written there in full, and never to the client. */
interface ServerOptions {
  readonly secret?: string | undefined;
  readonly logLevel?: string;
}

/** Makes the service over a database that has its tables. */
export async function createServer(database: Database, options: ServerOptions = {}): Promise<FastifyInstance> {
  const server = fastify({
    logger: { level: options.logLevel ?? "silent" },
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: sendProblem,
  });
  server.setErrorHandler(sendProblem);
  server.setNotFoundHandler(() => {
    throw notFound("route");
  });
  await authenticate(server, options.secret);
  takeTurns(server, database);
  // A route that nobody gated stops the service before it starts.
  assertGuarded(server);
  for (const routes of [readingRoutes, editingRoutes, approvalRoutes, connectionRoutes, memberRoutes, logRoutes]) {
    routes(server);
  }
  return server;
}
