import { PolicyError } from "../core/base/policy-error.js";
import { ownCopy } from "../core/base/readers.js";
import type { Policy } from "../core/types/index.js";
import type { DecisionPoint, DecisionPointOptions } from "./decision-point-types.js";
import { type Ask, readEvaluation, readEvaluations } from "./evaluations.js";
import { lookupFor } from "./lookup.js";
import { type CheckedOptions, readOptions } from "./read-options.js";
import { type Members, readBody, readMembers } from "./read-request.js";
import { readActionSearch, readResourceSearch, readSubjectSearch } from "./searches.js";

/**
 * Makes a decision point that speaks AuthZEN 1.0: it answers evaluations and searches by the policy, from what your
 * application loads by id.
 *
 * A no is 200 with `decision: false` and the reason in `context`. Subjects, actions and resources that there are not are a
 * no, or an empty list. What is wrong with a request is 400, and whatever fails is 500, also what your loaders throw or a
 * user that the library did not make. Of the request, types, ids and names are read; its properties are not believed.
 *
 * It does not ask who calls it: authenticate callers before.
 *
 * @returns a function that answers a request, and rejects only if `onError` throws.
 * @throws `PolicyError` `invalid-policy` or `invalid-decision-point`.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createDecisionPoint } from "channel-grants/authzen";
 *
 * const users = new Map([["ana", createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } })]]);
 * const posts = new Map([["post-1", { connections: ["fb"] }]]);
 * const point = createDecisionPoint(engage, {
 *   account: "acme",
 *   loadUser: (id) => users.get(id),
 *   loadGroup: (id) => posts.get(id),
 *   onError: (error) => console.error(error),
 * });
 *
 * async function ask(name: string) {
 *   const question = { subject: { type: "user", id: "ana" }, action: { name }, resource: { type: "group", id: "post-1" } };
 *   const response = await point(
 *     new Request("https://pdp.test/access/v1/evaluation", {
 *       method: "POST",
 *       headers: { "content-type": "application/json" },
 *       body: JSON.stringify(question),
 *     }),
 *   );
 *   return (await response.json()) as { decision: boolean; context?: { reason: string } };
 * }
 * await ask("publish.view"); // { decision: true }
 * (await ask("publish.edit")).context?.reason; // "level-too-low"
 * ```
 */
export function createDecisionPoint<P extends Policy>(policy: P, options: DecisionPointOptions<P>): DecisionPoint {
  const checked = readOptions(policy, options);
  const { url, onError } = checked;
  const base = url === undefined ? "" : new URL(url).pathname.replace(/\/$/, "");
  const endpoints = endpointsOf(checked);
  const paths = new Map(endpoints.map((endpoint) => [base + endpoint.path, endpoint]));
  const configuration = `/.well-known/authzen-configuration${base}`;

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, origin } = new URL(request.url);
    if (pathname === configuration) {
      if (request.method !== "GET") return failure(405, "expected GET", { allow: "GET" });
      return json(configurationOf(url ?? origin, endpoints));
    }
    const endpoint = paths.get(pathname);
    if (!endpoint) return failure(404, "there is no such endpoint");
    if (request.method !== "POST") return failure(405, "expected POST", { allow: "POST" });
    if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
      return failure(400, "expected the content type application/json");
    }
    let ask: Ask;
    try {
      const body = await readBody(request, checked.mostBytes);
      if (body === undefined) return failure(413, `the body is too long; expected at most ${checked.mostBytes} bytes`);
      ask = endpoint.read(readMembers(body), request);
    } catch (error) {
      if (error instanceof PolicyError) return failure(400, error.message);
      throw error;
    }
    return json(await ask(lookupFor(checked, request)));
  };

  return async (request) => {
    const response = await answer(request).catch((error: unknown) => {
      onError(error, request);
      return failure(500, "the decision point failed");
    });
    const id = request.headers.get("x-request-id");
    if (id !== null) response.headers.set("x-request-id", id);
    return response;
  };
}

/** An endpoint of the standard. */
interface Endpoint {
  /** Its path, below that of the decision point. */
  readonly path: string;
  /** Its key in the configuration. */
  readonly key: string;
  /** Reads a request. What is wrong with it is thrown as a `PolicyError`. */
  read(members: Members, request: Request): Ask;
}

function endpointsOf(options: CheckedOptions): readonly Endpoint[] {
  const endpoint = (name: string, key: string, read: Endpoint["read"]): Endpoint => ({
    path: `/access/v1/${name}`,
    key: `${key}_endpoint`,
    read,
  });
  return [
    endpoint("evaluation", "access_evaluation", (members) => readEvaluation(members)),
    endpoint("evaluations", "access_evaluations", (members) => readEvaluations(members, options.mostEvaluations)),
    ...(options.loadAccount
      ? [endpoint("search/subject", "search_subject", (members) => readSubjectSearch(members, options))]
      : []),
    endpoint("search/resource", "search_resource", (members, request) => readResourceSearch(members, options, request)),
    endpoint("search/action", "search_action", (members) => readActionSearch(members, options)),
  ];
}

function configurationOf(url: string, endpoints: readonly Endpoint[]): object {
  return {
    policy_decision_point: url,
    ...Object.fromEntries(endpoints.map(({ key, path }) => [key, url + path])),
  };
}

/** Nobody may keep an answer: the next one may be another. */
const always = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

function json(body: object): Response {
  return responseOf(200, JSON.stringify(body), { "content-type": "application/json" });
}

function failure(status: number, problem: string, headers: Readonly<Record<string, string>> = {}): Response {
  return responseOf(status, problem, { "content-type": "text/plain; charset=utf-8", ...headers });
}

function responseOf(status: number, body: string, headers: Readonly<Record<string, string>>): Response {
  return new Response(body, ownCopy({ status, headers: { ...always, ...headers } }));
}
