import { STATUS_CODES } from "node:http";
import { type Denied, PolicyError } from "channel-grants";
import type { RefusalReason } from "channel-grants/approval";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

/** What a problem document has beside the members of RFC 9457. */
interface Extension {
  /** The engine's answer, where the flow goes by one. */
  readonly decision?: Denied | undefined;
  /** Why something was refused that the policy alone would allow: by the flow, or because nobody gives more than they have. */
  readonly refusal?: Readonly<Record<string, unknown>> & { readonly reason: RefusalReason | "beyond" };
  /** The faults of a request, each with its path. */
  readonly issues?: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** An answer other than success: thrown where it is found, and sent as a problem document. Gates make their own. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly extension: Extension = {},
  ) {
    super(detail);
  }
}

export function notFound(what: string): Problem {
  return new Problem(404, `There is no such ${what}.`);
}

/** Sends a problem document for whatever was thrown. */
export function sendProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message: detail, extension } = problemOf(error, request);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  reply.code(status).type("application/problem+json").header("cache-control", "no-store");
  return reply.send({ type: "about:blank", title: STATUS_CODES[status], status, detail, ...extension });
}

/** Gives the answer to whatever was thrown; what nobody expected is told to the log alone. */
export function problemOf(error: FastifyError | Error, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  // Of Fastify and its plugins: a body that is no JSON, a token that is none.
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500) return new Problem(status, error.message);
  // A PolicyError is among these. What a request brings is read by schemas before the library sees it, so one that is
  // thrown is about a stored row or this service's own call. The log has its code and path, the sender has no use for them.
  const details = error instanceof PolicyError ? { code: error.code, path: error.path } : {};
  request.log.error({ err: error, ...details });
  return new Problem(500, "Something went wrong here.");
}
