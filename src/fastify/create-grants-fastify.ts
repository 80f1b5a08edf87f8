import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { refuse } from "../core/base/faults.js";
import type { ActionOf, Policy, TargetOf } from "../core/types/index.js";
import { guardPlace } from "../http/gate.js";
import type { GuardOptions, Loading, Passed } from "../http/guard-types.js";
import {
  isGuarding,
  keptGatesOf,
  markAsGuarding,
  readUnguarded,
  type UnguardedOptions,
} from "../http/guarded-route.js";

/**
 * A gate for the routes of Fastify: a hook for `onRequest`, `preParsing`, `preValidation` or `preHandler`.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsFastify, type FastifyGate } from "channel-grants/fastify";
 *
 * const { gate } = createGrantsFastify(engage, { user: () => undefined });
 * const mayConnect: FastifyGate<Engage, undefined> = gate("connections.create");
 * mayConnect.length; // 2
 * ```
 */
export interface FastifyGate<P extends Policy = Policy, Target = unknown> {
  (request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /** Returns the user, the decision and the target of a request that this gate let pass; throws for any other. */
  granted(request: object): Passed<P, Target>;
}

/**
 * Gates for the routes of Fastify, and the check that no route is without one.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsFastify, type GrantsFastify } from "channel-grants/fastify";
 *
 * const grants: GrantsFastify<Engage> = createGrantsFastify(engage, { user: () => undefined });
 * Object.keys(grants); // ["gate", "open", "assertGuarded"]
 * ```
 */
export interface GrantsFastify<P extends Policy = Policy> {
  /** Makes the gate of an action; a wrong action throws here. What it loads is the target. */
  gate<A extends ActionOf<P>, Target extends TargetOf<P, A>[0] = TargetOf<P, A>[0]>(
    action: A,
    ...load: Loading<P, A, FastifyRequest, Target>
  ): FastifyGate<P, Target>;
  /** Stands in place of a gate where everybody may pass. */
  readonly open: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Refuses, from now on, every route that is defined without a gate or `open`. Call it before the first route. */
  assertGuarded(app: Pick<FastifyInstance, "addHook" | "printRoutes">, options?: UnguardedOptions): void;
}

/**
 * Makes gates for the routes of a Fastify application, version 5.
 *
 * A gate loads the user and the target, asks the policy, and goes on only after a yes. Otherwise it answers with a problem
 * document: 401, 403 or 404. Whatever fails goes to the error handler of your application.
 *
 * @throws `PolicyError` `invalid-policy` or `invalid-guard`; `gate` throws `unknown-action`.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsFastify } from "channel-grants/fastify";
 * import fastify from "fastify";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
 * const posts = new Map([["1", { text: "Hello", connections: ["fb"] }]]);
 * const { gate, open, assertGuarded } = createGrantsFastify(engage, { user: () => ana }); // your session
 * const mayPost = gate("publish.post-now", ({ params }) => posts.get((params as { id: string }).id));
 *
 * const app = fastify();
 * assertGuarded(app);
 * app.get("/health", { onRequest: open }, () => "fine");
 * app.post("/posts/:id/publish", { onRequest: mayPost }, (request) => {
 *   const { target, decision } = mayPost.granted(request);
 *   return { published: target.text, by: decision.user };
 * });
 *
 * const response = await app.inject({ method: "POST", url: "/posts/1/publish" });
 * response.json(); // { published: "Hello", by: "ana" }
 * (await app.inject({ method: "POST", url: "/posts/2/publish" })).statusCode; // 404
 * ```
 */
export function createGrantsFastify<P extends Policy>(
  policy: P,
  options: GuardOptions<P, FastifyRequest>,
): GrantsFastify<P> {
  const makeGate = keptGatesOf<P, FastifyRequest>(policy, options);
  return {
    gate(action, ...load) {
      const { ask, granted } = makeGate(action, load);
      const hook = async (request: FastifyRequest, reply: FastifyReply) => {
        const answer = await ask(request);
        if (answer.allowed) return undefined;
        return reply.code(answer.problem.status).headers(answer.headers).send(JSON.stringify(answer.problem));
      };
      return markAsGuarding(Object.assign(hook, { granted }) as never);
    },
    open: markAsGuarding(async (_request: FastifyRequest, _reply: FastifyReply) => {}),
    assertGuarded(app, options = {}) {
      const refuseUnguarded = readUnguarded(options);
      if (app.printRoutes() !== "(empty tree)") {
        refuse(guardPlace, "an application that has routes already; expected assertGuarded before the first one");
      }
      app.addHook("onRoute", (route) => {
        if (!stages.some((stage) => [route[stage]].flat().some(isGuarding))) refuseUnguarded(routesOf(route));
      });
    },
  };
}

/** What runs before a handler. */
const stages = ["onRequest", "preParsing", "preValidation", "preHandler"] as const;

function routesOf({ method, url }: Pick<RouteOptions, "method" | "url">): readonly string[] {
  return [method].flat().map((each) => `${each} ${url}`);
}
