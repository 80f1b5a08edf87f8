import { createParamDecorator, type ExecutionContext, HttpException, SetMetadata } from "@nestjs/common";
import { ModulesContainer, Reflector } from "@nestjs/core";
import { type Place, refuse } from "../core/base/faults.js";
import { showId, showValue } from "../core/base/message.js";
import { readField, readFunction, readMap } from "../core/base/readers.js";
import { actionOf, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { ActionOf, Policy } from "../core/types/index.js";
import { type Gate, gatesOf, guardPlace, readGuard } from "../http/gate.js";
import type { Passed } from "../http/guard-types.js";
import { readUnguarded } from "../http/guarded-route.js";
import { handlersOf } from "./handlers.js";
import type { GrantsNest } from "./nest-types.js";

/** What a decorator says of a handler: that it is open, or which action it is and what loads its target. */
interface Requirement {
  readonly action?: string;
  readonly target?: string | undefined;
}

/**
 * Makes the decorators and the guard of a NestJS application, version 11 or 12.
 *
 * The guard loads the user and the target, asks the policy, and lets a request pass only after a yes. Otherwise it throws
 * an `HttpException` with a problem document: 401, 403 or 404. A handler without a decorator lets nobody pass.
 *
 * @throws `PolicyError` `invalid-policy`; `RequireGrant` throws `unknown-action`, and `guard` throws `invalid-guard`, also
 * if it lacks what loads a target.
 *
 * @example
 * ```ts
 * import { applyDecorators, Post } from "@nestjs/common";
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsNest } from "channel-grants/nestjs";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
 * const posts = new Map([["1", { text: "Hello", connections: ["fb"] }]]);
 * const { RequireGrant, guard } = createGrantsNest(engage);
 *
 * // A decorator of your own, for handlers of controllers.
 * const PublishRoute = () => applyDecorators(Post(":id/publish"), RequireGrant("publish.post-now", "post"));
 * typeof PublishRoute(); // "function"
 *
 * // Register it under APP_GUARD.
 * const appGuard = guard({ user: () => ana, targets: { post: ({ params }) => posts.get(params.id ?? "") } });
 * typeof appGuard.canActivate; // "function"
 * ```
 */
export function createGrantsNest<P extends Policy>(policy: P): GrantsNest<P> {
  const engine = compiledPolicyOf(policy);
  const key = Symbol(policy.name);
  const reflector = new Reflector();
  const requirements = new Set<Requirement>();
  const decorated = new WeakSet<object>();
  const guards = new WeakSet<object>();
  const passed = new WeakMap<object, Passed<P>>();

  const decorator = (requirement: Requirement) => {
    const set = SetMetadata(key, requirement);
    const decorate = (target: object, name?: string | symbol, descriptor?: TypedPropertyDescriptor<never>) => {
      const subject: object = descriptor?.value ?? target;
      // Of two, only one would count.
      if (decorated.has(subject)) refuse(guardPlace, "a second decorator; expected one RequireGrant or Open");
      decorated.add(subject);
      return set(target, name as never, descriptor as never);
    };
    return Object.assign(decorate, { KEY: key }) as ReturnType<GrantsNest<P>["Open"]>;
  };
  const requirementOf = (handler: () => unknown, controller: () => unknown) =>
    reflector.getAllAndOverride<Requirement | undefined>(key, [handler as never, controller as never]);

  return {
    RequireGrant<A extends ActionOf<P>>(action: A, ...[target]: readonly string[]) {
      const { target: kind } = actionOf(engine, action);
      if (kind === "none" ? target !== undefined : typeof target !== "string") {
        const expected = kind === "none" ? "nothing, for it has no target" : `the name of what loads the ${kind}`;
        refuse(guardPlace, `${showValue(target)} for ${showId(action)}; expected ${expected}`);
      }
      const requirement = { action, target };
      requirements.add(requirement);
      return decorator(requirement);
    },
    Open: () => decorator({}),
    Granted: createParamDecorator((_: unknown, context: ExecutionContext) => {
      const found = passed.get(context.switchToHttp().getRequest());
      return found ?? refuse(guardPlace, "nothing that was let pass; expected a handler with RequireGrant");
    }),
    guard(options) {
      const fields = readGuard(options, "targets");
      const makeGate = gatesOf<P, object>(policy, fields);
      const readTargets = (given: unknown = {}, place: Place) => readMap(given, place, readFunction);
      const loaders = readField(fields, guardPlace, "targets", readTargets) as ReadonlyMap<string, unknown>;
      const gates = new Map<Requirement, Gate<P, object, never>>();
      const gateOf = (requirement: Requirement) => {
        const { action, target } = requirement;
        if (target !== undefined && !loaders.has(target)) {
          refuse(
            guardPlace,
            `${showValue(target)} for ${showId(action as string)}; expected one of targets`,
            "targets",
          );
        }
        const load = target === undefined ? [] : [loaders.get(target)];
        const gate = gates.get(requirement) ?? makeGate<never, never>(action as never, load as never);
        gates.set(requirement, gate);
        return gate;
      };
      // What the controllers name is checked now, and not at the first request.
      for (const requirement of requirements) gateOf(requirement);
      const guard = {
        async canActivate(context: ExecutionContext): Promise<boolean> {
          const requirement = requirementOf(context.getHandler() as never, context.getClass() as never);
          const name = `${context.getClass().name}.${context.getHandler().name}`;
          if (!requirement) refuse(guardPlace, `no gate before ${showValue(name)}; expected RequireGrant or Open`);
          if (requirement.action === undefined) return true;
          if (context.getType() !== "http") refuse(guardPlace, `${showValue(name)} is not for HTTP; expected Open`);
          const request = context.switchToHttp().getRequest<object>();
          const answer = await gateOf(requirement)(request);
          if (answer.allowed) {
            passed.set(request, answer);
            return true;
          }
          const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
          // NestJS sends exceptions as JSON, and warns of any other type that is set before.
          const { "content-type": _, ...headers } = answer.headers;
          for (const [header, value] of Object.entries(headers)) response.header(header, value);
          throw new HttpException({ ...answer.problem }, answer.problem.status);
        },
      };
      guards.add(guard);
      return guard;
    },
    assertGuarded(app, options = {}) {
      const refuseUnguarded = readUnguarded(options);
      const { config } = app as unknown as { readonly config?: { getGlobalGuards(): readonly object[] } };
      if (!config?.getGlobalGuards().some((guard) => guards.has(guard))) {
        refuse(guardPlace, "an application without the guard; expected it under APP_GUARD or useGlobalGuards");
      }
      const handlers = handlersOf(app.get(ModulesContainer), reflector);
      refuseUnguarded(
        handlers.filter(({ handler, controller }) => !requirementOf(handler, controller)).map(({ name }) => name),
      );
    },
  };
}
