import { STATUS_CODES } from "node:http";
import { type Denied, formatDecision, PolicyError } from "channel-grants";
import type { RefusalReason } from "channel-grants/approval";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

/** What a problem document has beside the members of RFC 9457. */
interface Extension {
  /** The engine's answer, where it said no. */
  readonly decision?: Denied | undefined;
  /** The approval flow's answer, where it said no. */
  readonly refusal?:
    | { readonly reason: RefusalReason; readonly user?: string | undefined; readonly for?: string | undefined }
    | undefined;
  /** The faults of a request, each with its path. */
  readonly issues?: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] | undefined;
}

/** An answer other than success: thrown where it is found, and sent as a problem document. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly extension: Extension = {},
  ) {
    super(detail);
  }
}

export function denied(decision: Denied): Problem {
  return new Problem(403, formatDecision(decision), { decision });
}

export function notFound(what: string): Problem {
  return new Problem(404, `There is no such ${what}.`);
}

/** Sends a problem document for whatever was thrown. */
export function sendProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message, extension } = problemOf(error, request);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  return reply
    .code(status)
    .type("application/problem+json")
    .send({
      type: typeOf(extension),
      title: STATUS_CODES[status],
      status,
      detail: message,
      instance: request.url,
      ...extension,
    });
}

/** A type is a name, and need not lead to a page; without one, the status says it all. */
function typeOf({ decision, refusal, issues }: Extension): string {
  const name = refusal ? "refused" : decision ? "denied" : issues ? "invalid-request" : undefined;
  return name ? `tag:channel-grants.example,2025:${name}` : "about:blank";
}

function problemOf(error: FastifyError | Error, request: FastifyRequest): Problem {
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
