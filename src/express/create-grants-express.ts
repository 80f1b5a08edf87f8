import type { Express, Request, RequestHandler, Router } from "express";
import type { ActionOf, Policy, TargetOf } from "../core/types/index.js";
import type { GuardOptions, Loading, Passed } from "../http/guard-types.js";
import { keptGatesOf, markAsGuarding, readUnguarded, type UnguardedOptions } from "../http/guarded-route.js";
import { unguardedIn } from "./unguarded-routes.js";

/**
 * A gate for the routes of Express.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGrantsExpress, type ExpressGate } from "channel-grants/express";
 *
 * const ana = createUser(engage, { id: "ana", role: "admin" });
 * const { gate } = createGrantsExpress(engage, { user: () => ana });
 * const mayConnect: ExpressGate<Engage, undefined> = gate("connections.create");
 * mayConnect.length; // 3
 * ```
 */
export interface ExpressGate<P extends Policy = Policy, Target = unknown> extends RequestHandler {
  /** Returns the user, the decision and the target of a request that this gate let pass; throws for any other. */
  granted(request: object): Passed<P, Target>;
}

/**
 * Gates for the routes of Express, and the check that no route is without one.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGrantsExpress, type GrantsExpress } from "channel-grants/express";
 *
 * const grants: GrantsExpress<Engage> = createGrantsExpress(engage, { user: () => undefined });
 * Object.keys(grants); // ["gate", "open", "assertGuarded"]
 * ```
 */
export interface GrantsExpress<P extends Policy = Policy> {
  /** Makes the gate of an action; a wrong action throws here. What it loads is the target. */
  gate<A extends ActionOf<P>, Target extends TargetOf<P, A>[0] = TargetOf<P, A>[0]>(
    action: A,
    ...load: Loading<P, A, Request, Target>
  ): ExpressGate<P, Target>;
  /** Stands in place of a gate where everybody may pass. */
  readonly open: RequestHandler;
  /** Throws if a route of an application or a router has neither a gate nor `open` before its handler. */
  assertGuarded(app: Express | Router, options?: UnguardedOptions): void;
}

/**
 * Makes gates for the routes of an Express application, version 5.
 *
 * A gate loads the user and the target, asks the policy, and calls the next handler only after a yes. Otherwise it answers
 * with a problem document: 401, 403 or 404. Whatever fails goes to the error handler of your application.
 *
 * @throws `PolicyError` `invalid-policy` or `invalid-guard`; `gate` throws `unknown-action`.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsExpress } from "channel-grants/express";
 * import express from "express";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
 * const posts = new Map([["1", { text: "Hello", connections: ["fb"] }]]);
 * const { gate, open, assertGuarded } = createGrantsExpress(engage, { user: () => ana }); // your session
 * const mayPost = gate("publish.post-now", (request) => posts.get(String(request.params.id)));
 *
 * const app = express();
 * app.get("/health", open, (_, response) => void response.send("fine"));
 * app.post("/posts/:id/publish", mayPost, (request, response) => {
 *   const { target, decision } = mayPost.granted(request);
 *   response.json({ published: target.text, by: decision.user });
 * });
 * assertGuarded(app); // undefined
 * ```
 */
export function createGrantsExpress<P extends Policy>(policy: P, options: GuardOptions<P, Request>): GrantsExpress<P> {
  const makeGate = keptGatesOf<P, Request>(policy, options);
  return {
    gate(action, ...load) {
      const { ask, granted } = makeGate(action, load);
      const handler: RequestHandler = async (request, response, next) => {
        const answer = await ask(request);
        if (answer.allowed) return next();
        response.status(answer.problem.status).set(answer.headers).end(JSON.stringify(answer.problem));
      };
      return markAsGuarding(Object.assign(handler, { granted }) as never);
    },
    open: markAsGuarding<RequestHandler>((_request, _response, next) => next()),
    assertGuarded(app, options = {}) {
      readUnguarded(options)(unguardedIn(app));
    },
  };
}
