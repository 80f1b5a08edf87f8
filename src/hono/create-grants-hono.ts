import type { Context, Env, Hono, MiddlewareHandler } from "hono";
import type { ActionOf, Policy, TargetOf } from "../core/types/index.js";
import type { GuardOptions, Loading, Passed } from "../http/guard-types.js";
import {
  isGuarding,
  keptGatesOf,
  markAsGuarding,
  readUnguarded,
  type UnguardedOptions,
} from "../http/guarded-route.js";

/**
 * A gate for the routes of Hono.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsHono, type HonoGate } from "channel-grants/hono";
 *
 * const { gate } = createGrantsHono(engage, { user: () => undefined });
 * const mayConnect: HonoGate<Engage, undefined> = gate("connections.create");
 * mayConnect.length; // 2
 * ```
 */
export interface HonoGate<P extends Policy = Policy, Target = unknown, E extends Env = Env>
  extends MiddlewareHandler<E> {
  /** Returns the user, the decision and the target of a request that this gate let pass; throws for any other. */
  granted(context: object): Passed<P, Target>;
}

/**
 * Gates for the routes of Hono, and the check that no route is without one.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsHono, type GrantsHono } from "channel-grants/hono";
 *
 * const grants: GrantsHono<Engage> = createGrantsHono(engage, { user: () => undefined });
 * Object.keys(grants); // ["gate", "open", "assertGuarded"]
 * ```
 */
export interface GrantsHono<P extends Policy = Policy, E extends Env = Env> {
  /** Makes the gate of an action; a wrong action throws here. What it loads is the target. */
  gate<A extends ActionOf<P>, Target extends TargetOf<P, A>[0] = TargetOf<P, A>[0]>(
    action: A,
    ...load: Loading<P, A, Context<E>, Target>
  ): HonoGate<P, Target, E>;
  /** Stands in place of a gate where everybody may pass. */
  readonly open: MiddlewareHandler;
  /** Throws if a route of an application has neither a gate nor `open` before its handler. */
  assertGuarded(app: Pick<Hono, "routes">, options?: UnguardedOptions): void;
}

/**
 * Makes gates for the routes of a Hono application.
 *
 * A gate loads the user and the target, asks the policy, and calls the next handler only after a yes. Otherwise it answers
 * with a problem document: 401, 403 or 404. Whatever fails goes to `onError` of your application.
 *
 * @throws `PolicyError` `invalid-policy` or `invalid-guard`; `gate` throws `unknown-action`.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsHono } from "channel-grants/hono";
 * import { Hono } from "hono";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
 * const posts = new Map([["1", { text: "Hello", connections: ["fb"] }]]);
 * const { gate, open, assertGuarded } = createGrantsHono(engage, { user: () => ana }); // your session
 * const mayPost = gate("publish.post-now", (context) => posts.get(context.req.param("id") ?? ""));
 *
 * const app = new Hono();
 * app.get("/health", open, (context) => context.text("fine"));
 * app.post("/posts/:id/publish", mayPost, (context) => {
 *   const { target, decision } = mayPost.granted(context);
 *   return context.json({ published: target.text, by: decision.user });
 * });
 * assertGuarded(app);
 *
 * const response = await app.request("/posts/1/publish", { method: "POST" });
 * await response.json(); // { published: "Hello", by: "ana" }
 * (await app.request("/posts/2/publish", { method: "POST" })).status; // 404
 * ```
 */
export function createGrantsHono<P extends Policy, E extends Env = Env>(
  policy: P,
  options: GuardOptions<P, Context<E>>,
): GrantsHono<P, E> {
  const makeGate = keptGatesOf<P, Context<E>>(policy, options);
  return {
    gate(action, ...load) {
      const { ask, granted } = makeGate(action, load);
      const handler: MiddlewareHandler<E> = async (context, next) => {
        const answer = await ask(context);
        if (answer.allowed) return next();
        return context.body(JSON.stringify(answer.problem), answer.problem.status, { ...answer.headers });
      };
      return markAsGuarding(Object.assign(handler, { granted }) as never);
    },
    open: markAsGuarding<MiddlewareHandler>((_context, next) => next()),
    assertGuarded({ routes }, options = {}) {
      readUnguarded(options)(unguardedIn(routes));
    },
  };
}

type Route = Hono["routes"][number];

/** Routes are tried in order, so a gate is for those behind it, and only for those that its method and path cover. */
function unguardedIn(routes: readonly Route[]): readonly string[] {
  const unguarded = routes.filter((route, index) => {
    if (isGuarding(handlerOf(route)) || !answers(route, routes.slice(index + 1))) return false;
    return !routes.slice(0, index).some((gate) => isGuarding(handlerOf(gate)) && covers(gate, route));
  });
  return unguarded.map(({ method, path }) => `${method} ${path}`);
}

/**
 * Tells whether a handler answers: it takes no `next`, or it is the last one of its route. Under `ALL`, those that take
 * `next` are middleware.
 */
function answers(route: Route, behind: readonly Route[]): boolean {
  if (handlerOf(route).length < 2) return true;
  if (route.method === "ALL") return false;
  return !behind.some(
    (next) => next.method === route.method && next.path === route.path && !isGuarding(handlerOf(next)),
  );
}

function covers(gate: Route, route: Route): boolean {
  if (gate.method !== "ALL" && gate.method !== route.method) return false;
  return gate.path === route.path || (gate.path.endsWith("/*") && `${route.path}/`.startsWith(gate.path.slice(0, -1)));
}

/** An application that has an error handler of its own is wrapped when it is mounted in another one. */
function handlerOf({ handler }: Route): { readonly length: number } {
  return (handler as { readonly __COMPOSED_HANDLER?: typeof handler }).__COMPOSED_HANDLER ?? handler;
}
