import { readField, readFunction } from "../core/base/readers.js";
import type { Policy } from "../core/types/index.js";
import { gatesOf, guardPlace, readGuard } from "./gate.js";
import type { Guard, GuardOptions } from "./guard-types.js";
import { type Problem, problemFor, problemHeaders } from "./problem.js";

/**
 * Makes a guard for handlers of the Fetch API: it finds the user, loads the target, asks the policy, and either lets a
 * request pass or gives the response to send.
 *
 * A request passes only with a decision that says yes. Nobody is answered with 401, a target that is not there with 404, a
 * refusal with 403, and whatever fails with 500, also what your loaders throw or a user that the library did not make.
 *
 * @param options how to find the user, what to tell, and `onError`, which hears of everything that is answered with 500.
 * @throws `PolicyError` `invalid-policy` or `invalid-guard`.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createGuard } from "channel-grants/http";
 *
 * const users = new Map([["ana", createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } })]]);
 * const posts = new Map([["/posts/1", { text: "Hello", connections: ["fb"] }]]);
 * const guard = createGuard(engage, {
 *   user: (request) => users.get(request.headers.get("x-user") ?? ""), // your session
 *   onError: (error) => console.error(error),
 * });
 *
 * async function handle(request: Request, action: "publish.view" | "publish.edit"): Promise<Response> {
 *   const answer = await guard(request, action, () => posts.get(new URL(request.url).pathname));
 *   if (!answer.allowed) return answer.response;
 *   return Response.json({ text: answer.target.text, by: answer.decision.user });
 * }
 *
 * const request = (path: string, user: string) => new Request(`https://x.test${path}`, { headers: { "x-user": user } });
 * await (await handle(request("/posts/1", "ana"), "publish.view")).json(); // { text: "Hello", by: "ana" }
 * (await handle(request("/posts/1", "ana"), "publish.edit")).status; // 403
 * (await handle(request("/posts/2", "ana"), "publish.view")).status; // 404
 * (await handle(request("/posts/1", "eve"), "publish.view")).status; // 401
 * ```
 */
export function createGuard<P extends Policy, Incoming = Request>(
  policy: P,
  options: GuardOptions<P, Incoming> & { readonly onError: (error: unknown, request: Incoming) => void },
): Guard<P, Incoming> {
  const fields = readGuard(options, "onError");
  const makeGate = gatesOf<P, Incoming>(policy, fields);
  const onError = readField(fields, guardPlace, "onError", readFunction) as typeof options.onError;
  return async (request, action, ...load) => {
    try {
      const answer = await makeGate(action, load)(request);
      return answer.allowed ? answer : stoppedBy(answer);
    } catch (error) {
      onError(error, request);
      return stoppedBy({ problem: problemFor(500), headers: problemHeaders });
    }
  };
}

/** What was decided, as a response. */
interface Refused<P extends Policy> {
  readonly problem: Problem<P>;
  readonly headers: Readonly<Record<string, string>>;
}

function stoppedBy<P extends Policy>({ problem, headers }: Refused<P>) {
  const response = new Response(JSON.stringify(problem), { status: problem.status, headers });
  return { allowed: false, problem, response } as const;
}
