import type { Allowed, Decision, Denied } from "../core/decisions/decision.js";
import type { Awaitable } from "../core/types/awaitable.js";
import type { ActionOf, Policy, TargetOf, User } from "../core/types/index.js";
import type { Problem, Telling } from "./problem.js";

/**
 * How a guard finds the user of a request, and what it tells of a refusal.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGuard, type GuardOptions } from "channel-grants/http";
 *
 * const options: GuardOptions<Engage> = {
 *   user: (request) => {
 *     const id = request.headers.get("x-user"); // your session
 *     return id === null ? null : createUser(engage, { id, role: "viewer" });
 *   },
 *   shows: (connection, user) => Object.hasOwn(user.grants, connection),
 * };
 * const guard = createGuard(engage, { ...options, onError: () => {} });
 * (await guard(new Request("https://x.test"), "publish.create")).problem?.status; // 401
 * ```
 */
export interface GuardOptions<P extends Policy = Policy, Incoming = Request> {
  /** Loads the user of a request with its grants. Nobody is `undefined` or `null`, and is answered with 401. */
  readonly user: (request: Incoming) => Awaitable<User<P> | null | undefined>;
  /** Puts a refusal into a sentence, in place of `formatDecision`. */
  readonly describe?: (decision: Denied<P>, user: User<P>, request: Incoming) => string;
  /** How much of a refusal is told: `"decision"` by default. */
  readonly tell?: Telling;
  /** Whether the user may learn of a connection. A refusal that names another one is told as its reason alone. */
  readonly shows?: (connection: string, user: User<P>, request: Incoming) => boolean;
  /**
   * Hears of each decision, a yes or a no, before the request passes or is answered: for a log. If it throws, the request
   * does not pass.
   */
  readonly onDecision?: (decision: Decision<P>, user: User<P>, request: Incoming) => Awaitable<void>;
  /** The value of `WWW-Authenticate` in an answer with 401: `"Bearer"` by default. */
  readonly challenge?: string;
}

/**
 * What a guard takes after the action: for an action on a post group or a connection, a function that loads the target
 * from storage. It is called once the user is known; nothing found is `undefined` or `null`, and is answered with 404.
 *
 * @example
 * ```ts
 * import type { Engage, PostGroup } from "channel-grants";
 * import type { Loading } from "channel-grants/http";
 *
 * const posts = new Map<string, PostGroup>();
 * const loading: Loading<Engage, "publish.edit", Request, PostGroup> = [({ url }) => posts.get(url)];
 * loading.length; // 1
 * ```
 */
export type Loading<P extends Policy, A extends ActionOf<P>, Incoming, Target> = [P["actions"][A]["target"]] extends [
  "none",
]
  ? []
  : [load: (request: Incoming, user: User<P>) => Awaitable<Target | null | undefined>];

/**
 * What a guard hands on when it lets a request pass.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGuard, type Passed } from "channel-grants/http";
 *
 * const ana = createUser(engage, { id: "ana", role: "admin" });
 * const guard = createGuard(engage, { user: () => ana, onError: () => {} });
 * const answer = await guard(new Request("https://x.test"), "connections.create");
 * const passed: Passed<Engage, undefined> | undefined = answer.allowed ? answer : undefined;
 * passed?.decision; // { allowed: true, action: "connections.create", user: "ana" }
 * ```
 */
export interface Passed<P extends Policy = Policy, Target = unknown> {
  readonly user: User<P>;
  readonly decision: Allowed<P>;
  /** What was loaded as the target; `undefined` where the action has none. */
  readonly target: Target;
}

/**
 * What a guard gives when it stops a request: the response to send, and why.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGuard, type Stopped } from "channel-grants/http";
 *
 * const guard = createGuard(engage, { user: () => undefined, onError: () => {} });
 * const answer = await guard(new Request("https://x.test"), "connections.create");
 * const stopped: Stopped<Engage> | undefined = answer.allowed ? undefined : answer;
 * stopped?.response.headers.get("www-authenticate"); // "Bearer"
 * ```
 */
export interface Stopped<P extends Policy = Policy> {
  readonly problem: Problem<P>;
  readonly response: Response;
}

/**
 * The answer of a guard.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGuard, type GuardAnswer } from "channel-grants/http";
 *
 * const guard = createGuard(engage, { user: () => undefined, onError: () => {} });
 * const answer: GuardAnswer<Engage, undefined> = await guard(new Request("https://x.test"), "publish.create");
 * answer.allowed; // false
 * ```
 */
export type GuardAnswer<P extends Policy = Policy, Target = unknown> =
  | ({ readonly allowed: true; readonly problem?: never; readonly response?: never } & Passed<P, Target>)
  | ({ readonly allowed: false } & Stopped<P>);

/**
 * A function that asks whether a request may go on.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGuard, type Guard } from "channel-grants/http";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
 * const guard: Guard<Engage> = createGuard(engage, { user: () => ana, onError: () => {} });
 * const { allowed } = await guard(new Request("https://x.test"), "publish.select", () => "fb");
 * allowed; // true
 * ```
 */
export type Guard<P extends Policy = Policy, Incoming = Request> = <
  A extends ActionOf<P>,
  Target extends TargetOf<P, A>[0] = TargetOf<P, A>[0],
>(
  request: Incoming,
  action: A,
  ...load: Loading<P, A, Incoming, Target>
) => Promise<GuardAnswer<P, Target>>;
