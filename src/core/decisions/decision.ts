import type {
  AccountGrant,
  ActionOf,
  AreaOf,
  Grant,
  LevelOf,
  Policy,
  PostGroup,
  RelationOf,
  RoleOf,
} from "../types/index.js";

export const reasons = [
  "empty-group",
  "role-required",
  "relation-required",
  "relation-excluded",
  "unknown-connection",
  "fixed-by-role",
  "no-access",
  "level-too-low",
  "level-too-high",
  "flag-missing",
] as const;

/**
 * Why the answer is no. Where several apply, it is the first in this order.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain, type Reason } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * const decision = explain(ana, "publish.schedule", { connections: ["fb"] });
 * const reason: Reason | undefined = decision.allowed ? undefined : decision.reason;
 * reason; // "level-too-low"
 * ```
 */
export type Reason = (typeof reasons)[number];

/**
 * A connection that stands in the way: what the user holds there in each area that lacks something, and needs instead.
 *
 * @example
 * ```ts
 * import { type Blocker, createUser, type Engage, engage, explain } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * const decision = explain(ana, "publish.schedule", { connections: ["fb"] });
 * const blockers: readonly Blocker<Engage>[] = decision.allowed ? [] : decision.blockers;
 * blockers.map(({ connection, needs }) => [connection, needs.publish]); // [["fb", "full-access"]]
 * ```
 */
export interface Blocker<P extends Policy = Policy> {
  readonly connection: string;
  readonly holds: Partial<Grant<P>>;
  readonly needs: Partial<Grant<P>>;
  /** Whether what the user was limited to is in the way: a higher grant of the user's would not help. */
  readonly limited?: true;
}

/** What a decision answers. */
interface Question<P extends Policy> {
  readonly action: ActionOf<P>;
  /** The user's id. */
  readonly user: string;
  /** Absent for an action on the account as a whole. */
  readonly target?: string | PostGroup;
}

/**
 * A yes.
 *
 * @example
 * ```ts
 * import { type Allowed, createUser, engage, explain } from "channel-grants";
 *
 * const decision = explain(createUser(engage, { id: "ana", role: "admin" }), "connections.create");
 * const yes: Allowed | undefined = decision.allowed ? decision : undefined;
 * yes; // { allowed: true, action: "connections.create", user: "ana" }
 * ```
 */
export interface Allowed<P extends Policy = Policy> extends Question<P> {
  readonly allowed: true;
}

/**
 * A no, and why.
 *
 * @example
 * ```ts
 * import { createUser, type Denied, engage, explain } from "channel-grants";
 *
 * const decision = explain(createUser(engage, { id: "ana", role: "viewer" }), "connections.create");
 * const no: Denied | undefined = decision.allowed ? undefined : decision;
 * no?.reason; // "role-required"
 * no?.roles; // ["admin"]
 * ```
 */
export interface Denied<P extends Policy = Policy> extends Question<P> {
  readonly allowed: false;
  readonly reason: Reason;
  /** Every role that would do, where the user's does not. */
  readonly roles?: readonly RoleOf<P>[];
  /** Every relation to the post that would do, or those that are in the way. */
  readonly relations?: readonly RelationOf<P>[];
  /** The area of the nearest clause. */
  readonly area?: AreaOf<P>;
  /** The level of the target in it; of the account as a whole, the best that is held. */
  readonly level?: LevelOf<P>;
  readonly blockers: readonly Blocker<P>[];
  /** What is held in the account and needed instead, beside what the blockers need; absent where it is enough. */
  readonly account?: {
    readonly holds: Partial<AccountGrant<P>>;
    readonly needs: Partial<AccountGrant<P>>;
    readonly limited?: true;
  };
  /** Whether the user has one of the roles, and is limited to what needs no role. */
  readonly limited?: true;
  /** Whether every blocker must be given what it needs, or any one of them; absent where there are none. */
  readonly unblock?: "every" | "any";
}

/**
 * An answer with its reasons, as plain JSON.
 *
 * @example
 * ```ts
 * import { createUser, type Decision, type Engage, engage, explain, formatDecision } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * const decision: Decision<Engage> = explain(ana, "publish.view", { connections: [] });
 * formatDecision(JSON.parse(JSON.stringify(decision))); // "ana may not publish.view: the post group has no connection."
 * ```
 */
export type Decision<P extends Policy = Policy> = Allowed<P> | Denied<P>;
