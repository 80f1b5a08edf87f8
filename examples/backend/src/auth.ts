import fastifyJwt from "@fastify/jwt";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { Problem } from "./problem.js";
import { id } from "./request.js";

// A STAND-IN. Who somebody is, is out of this example's scope: there is no sign-in, no refresh and no revocation here,
// and by default the tokens are signed with a secret that everybody can read below. A real service replaces this file by
// its own sessions. All that the rest needs is `request.user`: an account, and the id of one of its users. A token says
// no more than that. Roles and grants are read from the database for each request, so they are never out of date.

/** Whose request it is. */
export interface Session {
  readonly account: string;
  readonly user: string;
}

declare module "@fastify/jwt" {
  interface FastifyJWT {
    payload: { account: string; sub: string };
    user: Session;
  }
}

const DEMO_SECRET = "everybody knows this secret";
const claims = z.object({ account: id, sub: id });

/** Lets nobody in, on any route, whose token is missing, forged or expired. */
export async function authenticate(server: FastifyInstance, secret = DEMO_SECRET): Promise<void> {
  if (secret === DEMO_SECRET && process.env.NODE_ENV === "production") {
    throw new Error("the demo secret is for demos; set JWT_SECRET");
  }
  await server.register(fastifyJwt, { secret, sign: { expiresIn: "1h" }, verify: { algorithms: ["HS256"] } });
  server.addHook("onRequest", async (request) => {
    const { data, success } = claims.safeParse(await request.jwtVerify());
    if (!success) throw new Problem(401, "The token names no account and user.");
    request.user = { account: data.account, user: data.sub };
  });
}

/** Signs a token for a user, without asking for a password: for the demo and the tests. */
export function tokenFor(server: FastifyInstance, { account, user }: Session): string {
  return server.jwt.sign({ account, sub: user });
}
