import fastify, { type FastifyInstance } from "fastify";
import { approvalRoutes } from "./approval.js";
import { assignmentRoutes } from "./assignments.js";
import { authenticate } from "./auth.js";
import { connectionRoutes } from "./connections.js";
import type { Database } from "./database.js";
import { editingRoutes } from "./editing.js";
import { logRoutes } from "./log.js";
import { notFound, sendProblem } from "./problem.js";
import { readingRoutes } from "./reading.js";

export interface ServerOptions {
  readonly secret?: string | undefined;
  /** Of Fastify's log; errors are written there in full, and never to the client. */
  readonly logLevel?: string | undefined;
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
  for (const routes of [readingRoutes, editingRoutes, approvalRoutes, connectionRoutes, assignmentRoutes, logRoutes]) {
    routes(server, database);
  }
  return server;
}
