import fastifyJwt from "@fastify/jwt";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { Problem } from "./problem.js";
import { id } from "./request.js";

// A STAND-IN. There is no sign-in, no refresh and no revocation here, and by default the tokens are signed with a secret
// that everybody can read below. A real service replaces this file by its own sessions. All that the rest needs is
// `request.user`: an account, and the id of one of its users. Roles and grants are read from the database each time.

declare module "@fastify/jwt" {
  interface FastifyJWT {
    payload: { account: string; sub: string };
    user: Session;
  }
}

/** Whose request it is. */
export interface Session {
  readonly account: string;
  readonly user: string;
}

const DEMO_SECRET = "everybody knows this secret";
/** As many bytes as HS256 makes of it: RFC 7518, 3.2. */
const SHORTEST = 32;
/** A token that never ends is none of this service. */
const claims = z.object({ account: id, sub: id, iat: z.number(), exp: z.number() });

/** Tells whether this is a demo, whose account and tokens are anybody's: one without a secret of its own, and never in production. */
export function isDemo({ JWT_SECRET, NODE_ENV }: NodeJS.ProcessEnv): boolean {
  return JWT_SECRET === undefined && NODE_ENV !== "production";
}

/** Gives what to sign with, and refuses what others know or can guess. */
export function signingSecret(secret = DEMO_SECRET): string {
  if (secret === DEMO_SECRET && process.env.NODE_ENV === "production") {
    throw new Error("the demo secret is for demos; set JWT_SECRET");
  }
  if (secret !== DEMO_SECRET && Buffer.byteLength(secret) < SHORTEST) {
    throw new Error(`JWT_SECRET is too short; expected ${SHORTEST} bytes at least, drawn at random`);
  }
  return secret;
}

/** Lets nobody in, on any route, whose token is missing, forged or expired. */
export async function authenticate(server: FastifyInstance, given: string | undefined): Promise<void> {
  const secret = signingSecret(given);
  await server.register(fastifyJwt, { secret, sign: { expiresIn: "1h" }, verify: { algorithms: ["HS256"] } });
  server.addHook("onRequest", async (request) => {
    // Whatever is wrong with a token is said in many ways, and not all of them bear a status.
    const token: unknown = await request.jwtVerify().catch((error: Error) => {
      throw new Problem(401, error.message);
    });
    const { data, success } = claims.safeParse(token);
    if (!success) throw new Problem(401, "The token names no account, user and end.");
    request.user = { account: data.account, user: data.sub };
  });
}

/** Signs a token for a user, without asking for a password: for the demo and the tests. */
export function tokenFor(server: FastifyInstance, { account, user }: Session): string {
  return server.jwt.sign({ account, sub: user });
}
