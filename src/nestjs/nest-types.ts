import type { CanActivate, CustomDecorator, INestApplicationContext } from "@nestjs/common";
import type { Awaitable } from "../core/types/awaitable.js";
import type { ActionOf, Policy, PostGroup, User } from "../core/types/index.js";
import type { GuardOptions } from "../http/guard-types.js";
import type { UnguardedOptions } from "../http/guarded-route.js";

/**
 * What requests of Express and of Fastify have in common, for guards that do not say which they get.
 *
 * @example
 * ```ts
 * import type { NestRequest } from "channel-grants/nestjs";
 *
 * const request: NestRequest = { headers: { "x-user": "ana" }, params: { id: "1" } };
 * request.params.id; // "1"
 * ```
 */
export interface NestRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * How the guard of a NestJS application finds users and targets.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGrantsNest, type NestGuardOptions } from "channel-grants/nestjs";
 *
 * const posts = new Map([["1", { text: "Hello", connections: ["fb"] }]]);
 * const options: NestGuardOptions<Engage> = {
 *   user: () => createUser(engage, { id: "ana", role: "admin" }),
 *   targets: { post: ({ params }) => posts.get(params.id ?? "") },
 * };
 * typeof createGrantsNest(engage).guard(options).canActivate; // "function"
 * ```
 */
export interface NestGuardOptions<P extends Policy = Policy, Incoming = NestRequest> extends GuardOptions<P, Incoming> {
  /** The functions that load targets from storage, by the names that `RequireGrant` is given. */
  readonly targets?: Readonly<
    Record<string, (request: Incoming, user: User<P>) => Awaitable<string | PostGroup | null | undefined>>
  >;
}

/**
 * What `RequireGrant` takes after the action: the name of what loads the target, for an action that has one.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { NamedTarget } from "channel-grants/nestjs";
 *
 * const named: NamedTarget<Engage, "publish.edit"> = ["post"];
 * const none: NamedTarget<Engage, "publish.create"> = [];
 * [...named, ...none]; // ["post"]
 * ```
 */
export type NamedTarget<P extends Policy, A extends ActionOf<P>> = [P["actions"][A]["target"]] extends ["none"]
  ? []
  : [target: string];

/**
 * Decorators for controllers of NestJS, the guard that reads them, and the check that no handler is without one.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsNest, type GrantsNest } from "channel-grants/nestjs";
 *
 * const grants: GrantsNest<Engage> = createGrantsNest(engage);
 * Object.keys(grants); // ["RequireGrant", "Open", "Granted", "guard", "assertGuarded"]
 * ```
 */
export interface GrantsNest<P extends Policy = Policy> {
  /** Says which action a handler, or every handler of a controller, is. A wrong action throws here. */
  RequireGrant<A extends ActionOf<P>>(action: A, ...target: NamedTarget<P, A>): CustomDecorator<symbol>;
  /** Says that everybody may use a handler, or a controller. */
  Open(): CustomDecorator<symbol>;
  /** Gives a handler what the guard let pass, a `Passed` of `channel-grants/http`: user, decision and target. */
  Granted(): ParameterDecorator;
  /** Makes the guard, to be registered for the whole application. A handler without a decorator is refused by it. */
  guard<Incoming extends object = NestRequest>(options: NestGuardOptions<P, Incoming>): CanActivate;
  /** Throws if the guard is not for the whole application, or a handler has no decorator. */
  assertGuarded(app: INestApplicationContext, options?: UnguardedOptions): void;
}
