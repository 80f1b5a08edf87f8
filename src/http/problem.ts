import { at, below, type Place, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { ownValue, readField, readFunction, readName, readQuestion, readRecord } from "../core/base/readers.js";
import type { Decision, Denied } from "../core/decisions/decision.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import type { Policy } from "../core/types/index.js";

/**
 * How much of a refusal is told: the whole decision with its repair; the reason alone, which names no connection; nothing
 * but the status; or not even that there is something, as for a post that does not exist.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain } from "channel-grants";
 * import { problem, type Telling } from "channel-grants/http";
 *
 * const tell: Telling = "not-found";
 * const decision = explain(createUser(engage, { id: "ana", role: "viewer" }), "publish.view", { connections: ["fb"] });
 * problem(decision, { tell }).status; // 404
 * ```
 */
export type Telling = "decision" | "reason" | "nothing" | "not-found";

/**
 * What a problem says of a decision.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, explain } from "channel-grants";
 * import { problem, type ProblemOptions } from "channel-grants/http";
 *
 * const options: ProblemOptions<Engage> = { describe: ({ action }) => `You may not do this: ${action}.` };
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * problem(explain(ana, "publish.create"), options).detail; // "You may not do this: publish.create."
 * ```
 */
export interface ProblemOptions<P extends Policy = Policy> {
  /** Puts the decision into a sentence, in place of `formatDecision`. */
  readonly describe?: (decision: Denied<P>) => string;
  /** How much is told: `"decision"` by default. */
  readonly tell?: Telling;
  /** Whether the reader may learn of a connection. A decision that names another one is told as its reason alone. */
  readonly shows?: (connection: string) => boolean;
}

/**
 * A problem document of RFC 9457, with the decision as a further member.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, explain } from "channel-grants";
 * import { type Problem, problem } from "channel-grants/http";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } });
 * const document: Problem<Engage> = problem(explain(ana, "publish.edit", { connections: ["fb"] }));
 * document.decision?.blockers?.[0]?.needs; // { publish: "needs-approval", approver: false }
 * ```
 */
export interface Problem<P extends Policy = Policy> {
  readonly type: "about:blank";
  /** The name of the status. */
  readonly title: string;
  readonly status: 401 | 403 | 404 | 500;
  /** The decision in one sentence. */
  readonly detail?: string;
  /** The whole decision, or its action and reason alone. */
  readonly decision?: Partial<Denied<P>> & Pick<Denied<P>, "allowed" | "action" | "reason">;
}

const titles = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error" } as const;
const tellings = /* @__PURE__ */ new Set<string>(["decision", "reason", "nothing", "not-found"] satisfies Telling[]);

/** The keys of `ProblemOptions`. */
export const problemKeys = ["describe", "tell", "shows"] as const;

/**
 * Gives the problem document of a decision that is a no: status 403, the decision in one sentence, and the decision with
 * its repair.
 *
 * @param decision what `explain` returned; one that came as JSON will do.
 * @throws `PolicyError` `invalid-decision` if it is a yes, or no decision; `invalid-guard` for other options.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain } from "channel-grants";
 * import { problem } from "channel-grants/http";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * const decision = explain(ana, "publish.post-now", { connections: ["fb"] });
 * const { title, status, detail } = problem(decision);
 * [title, status]; // ["Forbidden", 403]
 * detail; // "ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access."
 * problem(decision, { tell: "reason" }).decision; // { allowed: false, action: "publish.post-now", reason: "level-too-low" }
 * ```
 */
export function problem<P extends Policy>(decision: Decision<P>, options: ProblemOptions<P> = {}): Problem<P> {
  const place = at("invalid-guard");
  return problemOf(decision, readTelling<P>(readQuestion(options, place, problemKeys), place));
}

/** How decisions are told, once the options are read. */
export interface CheckedTelling<P extends Policy, Context extends readonly unknown[] = []> {
  readonly describe: ((decision: Denied<P>, ...context: Context) => string) | undefined;
  readonly tell: Telling;
  readonly shows: (connection: string, ...context: Context) => boolean;
}

/** Reads how decisions are told. */
export function readTelling<P extends Policy, Context extends readonly unknown[] = []>(
  fields: ReadonlyMap<string, unknown>,
  place: Place,
): CheckedTelling<P, Context> {
  const read = <Field>(key: string, otherwise: Field) =>
    fields.has(key) ? (readField(fields, place, key, readFunction) as Field) : otherwise;
  return {
    describe: read("describe", undefined),
    tell: fields.has("tell") ? (readName(fields.get("tell"), below(place, "tell"), tellings) as Telling) : "decision",
    shows: read("shows", () => true),
  };
}

/** Tells of a decision what may be told. */
export function problemOf<P extends Policy, Context extends readonly unknown[]>(
  decision: Decision<P>,
  { describe, tell, shows }: CheckedTelling<P, Context>,
  ...context: Context
): Problem<P> {
  const denied = readDenied(decision);
  if (tell === "not-found") return problemFor(404);
  if (tell === "nothing") return problemFor(403);
  const { allowed, action, reason } = denied;
  const isTold = tell === "decision" && connectionsIn(denied).every((id) => shows(id, ...context) === true);
  if (!isTold) return freeze({ ...problemFor(403), decision: { allowed, action, reason } }) as Problem<P>;
  const detail = describe ? describe(denied, ...context) : formatDecision(denied as unknown as Denied);
  return freeze({ ...problemFor(403), detail, decision: denied }) as Problem<P>;
}

function readDenied<P extends Policy>(decision: Decision<P>): Denied<P> {
  const fields = readRecord(decision, at("invalid-decision"), undefined, "a decision");
  if (fields.get("allowed") === false && Array.isArray(fields.get("blockers"))) return decision as Denied<P>;
  return refuse(at("invalid-decision"), "a decision that is no refusal; expected one that explain denied");
}

function connectionsIn<P extends Policy>(decision: Denied<P>): readonly string[] {
  const target = ownValue(decision, "target");
  const named = typeof target === "string" ? [target] : (target?.connections ?? []);
  return [...named, ...decision.blockers.map(({ connection }) => connection)];
}

/** Gives a problem that says no more than its status. */
export function problemFor(status: Problem["status"]): Pick<Problem, "type" | "title" | "status"> {
  return freeze({ type: "about:blank", title: titles[status], status });
}

/** The headers of every problem. Nobody may keep one for the next user, who may hold more. */
export const problemHeaders = { "content-type": "application/problem+json", "cache-control": "no-store" } as const;

/**
 * Makes the response of a problem document: its status, the media type of RFC 9457, and `Cache-Control: no-store`.
 *
 * A document of your own will do, too.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain } from "channel-grants";
 * import { problem, problemResponse } from "channel-grants/http";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * const response = problemResponse(problem(explain(ana, "publish.create")));
 * response.status; // 403
 * response.headers.get("content-type"); // "application/problem+json"
 * problemResponse({ type: "about:blank", title: "Conflict", status: 409 }).status; // 409
 * ```
 */
export function problemResponse<Document extends { readonly status: number }>(problem: Document): Response {
  return new Response(JSON.stringify(problem), { status: problem.status, headers: problemHeaders });
}
