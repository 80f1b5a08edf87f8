import { freeze } from "../base/freeze.js";
import { elementAt } from "../base/readers.js";
import type { Area } from "../engine/area.js";
import { type AreaClause, actionOf, clausesOf, type Rule, rolesOf, ruleFor } from "../engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../engine/grant-bits.js";
import { highestOf, isInTheWay, keepsFlags, levelOf, meets, servingStates } from "../engine/standing.js";
import type { ActionOf, AreaOf, Grant, LevelOf, Policy, PostGroup, RoleOf, TargetOf, User } from "../types/policy.js";
import { grantedTo, type Holdings, holdingsOf, standingOn } from "../users/create-user.js";
import { readIds, standingOver } from "./target.js";

export const reasons = [
  "empty-group",
  "role-required",
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
 * A connection that stands in the way: what the user holds there in the decision's area, and needs instead.
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
  /** The area of the nearest clause. */
  readonly area?: AreaOf<P>;
  /** The level of the target in it; of the account as a whole, the best that is held. */
  readonly level?: LevelOf<P>;
  readonly blockers: readonly Blocker<P>[];
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

/**
 * Answers as `can` does, and says why: which connections stand in the way, and what each would need.
 *
 * Read from the same masks as the answer itself (law 7): `allowed` is what `can` says, and giving every blocker
 * (or any one, as `unblock` says) what it `needs` makes the answer yes. `{ ...grant, ...needs }` is the repair.
 *
 * @param target as in `can`.
 * @returns a frozen `Decision`, about the nearest clause: the one that the fewest changed grants satisfy.
 * @throws `PolicyError` `invalid-user`, `unknown-action` or `wrong-target`.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain } from "channel-grants";
 *
 * const ana = createUser(engage, {
 *   id: "ana",
 *   role: "viewer",
 *   grants: { fb: { publish: "full-access" }, ig: { publish: "needs-approval" } },
 * });
 * const decision = explain(ana, "publish.post-now", { connections: ["fb", "ig"] });
 * decision.allowed || decision.reason; // "level-too-low"
 * decision.allowed || decision.blockers[0]?.connection; // "ig"
 * decision.allowed || decision.blockers[0]?.needs; // { publish: "full-access", approver: false }
 * ```
 */
export function explain<P extends Policy, A extends ActionOf<P>>(
  user: User<P>,
  action: A,
  ...target: TargetOf<P, A>
): Decision<P> {
  const holdings = holdingsOf(user);
  const rule = ruleFor(holdings, action);
  const ids = readIds(elementAt(target, 0), rule.target, action);
  const standing = standingOver(holdings, rule.target, ids);
  const about = { none: {}, connection: { target: ids[0] }, group: { target: { connections: ids } } }[rule.target];
  const allowed = meets(standing, rule);
  const why = allowed ? {} : denial(holdings, action, ids, standing);
  return freeze({ allowed, action, user: holdings.id, ...about, ...why }) as unknown as Decision<P>;
}

/** Explains an answer about an action that is known by its name only. */
export function decisionOn(user: object, action: string, target: unknown): Decision {
  return explain(user as User, action, ...([target] as unknown as TargetOf<Policy, string>));
}

type Why = Pick<Denied, "reason" | "roles" | "area" | "level" | "blockers" | "unblock">;

function denial(holdings: Holdings, action: string, ids: readonly string[], standing: number): Why {
  const rule = ruleFor(holdings, action);
  const connections = new Set(rule.target === "none" ? grantedConnections(holdings) : ids);
  const nearest = nearestObstacle(
    rule,
    [...connections].map((connection) => ({ connection, bits: standingOn(holdings, connection) })),
  );
  const reason = reasonFor(holdings, rule, ids, standing, nearest);
  if (!nearest)
    return { reason, ...(reason === "role-required" && { roles: rolesFor(holdings, action) }), blockers: [] };
  const { area } = nearest.clause;
  const blockers = holdings.role.fixed ? [] : blockersOf(holdings, nearest);
  return {
    reason,
    area: area.name,
    level: area.levels[rankOf(standing, rule, area)] as string,
    blockers,
    ...(blockers.length > 0 && { unblock: nearest.unblock }),
  };
}

function reasonFor(
  { role }: Holdings,
  rule: Rule,
  ids: readonly string[],
  standing: number,
  nearest: Obstacle | undefined,
): Reason {
  if (rule.target === "group" && ids.length === 0) return "empty-group";
  if (rule.clauses.length === 0) return "role-required";
  if (!nearest || meets(role.base, rule)) return "unknown-connection";
  if (role.fixed) return "fixed-by-role";
  const { area, asks, rank } = nearest.clause;
  if (rankOf(standing, rule, area) === 0) return "no-access";
  const reached = asks === "some" ? highestOf(standing, area) : levelOf(standing, area);
  if (reached < rank) return "level-too-low";
  return asks === "exactly" && reached > rank ? "level-too-high" : "flag-missing";
}

/** Gives the rank that a decision reports: of the account as a whole, the best. */
function rankOf(standing: number, rule: Rule, area: Area): number {
  return rule.target === "none" ? highestOf(standing, area) : levelOf(standing, area);
}

/** Lists the roles that would do, where the user's does not, in the policy's order. */
function rolesFor({ engine }: Holdings, action: string): readonly string[] {
  const fitting = new Set(
    clausesOf(actionOf(engine, action)).flatMap((clause) => rolesOf(clause) as readonly string[]),
  );
  return [...engine.roles.keys()].filter((name) => fitting.has(name));
}

/** Lists what the account as a whole is asked of, in the order in which JSON would bring it back. */
function grantedConnections(holdings: Holdings): readonly string[] {
  return Object.keys(Object.fromEntries(grantedTo(holdings)));
}

interface Held {
  readonly connection: string;
  readonly bits: number;
}

/** What stands between a user and one clause: connections to change, every one or any one of them. */
interface Obstacle {
  readonly clause: AreaClause;
  readonly connections: readonly Held[];
  readonly unblock: "every" | "any";
}

/** Finds the obstacle that the fewest changes remove, the first of several. */
function nearestObstacle({ clauses }: Rule, connections: readonly Held[]): Obstacle | undefined {
  let nearest: Obstacle | undefined;
  for (const clause of clauses) {
    if (!clause.area) continue;
    const inTheWay = connections.filter(({ bits }) => isInTheWay(bits, clause));
    const obstacle: Obstacle =
      inTheWay.length > 0
        ? { clause, connections: inTheWay, unblock: "every" }
        : { clause, connections, unblock: "any" };
    if (!nearest || changes(obstacle) < changes(nearest)) nearest = obstacle;
  }
  return nearest;
}

function changes({ unblock, connections }: Obstacle): number {
  return unblock === "every" ? connections.length : 1;
}

function blockersOf({ engine }: Holdings, { clause, connections }: Obstacle): readonly Blocker[] {
  const { area } = clause;
  const keys = keysIn(engine.keys, area);
  const changes = new Map<number, Pick<Blocker, "holds" | "needs">>();
  const changeOf = (held: number) => {
    const known = changes.get(held);
    if (known) return known;
    const change = { holds: decodeGrant(keys, held), needs: decodeGrant(keys, neededState(held, clause)) };
    changes.set(held, change);
    return change;
  };
  return connections.map(({ connection, bits }) => ({ connection, ...changeOf(bits & area.states) }));
}

/**
 * Gives the state to move to: the lowest that serves and takes nothing away; else the lowest higher level; else the
 * highest lower one. States come by level, each set of flags after its subsets, so the first that fits has the fewest.
 */
function neededState(held: number, clause: AreaClause): number {
  const { area } = clause;
  const serving = servingStates(clause);
  const rank = levelOf(held, area);
  const keeping = serving.find((state) => levelOf(state, area) >= rank && keepsFlags(state, held, area));
  const higher = serving.find((state) => levelOf(state, area) > rank);
  const highest = levelOf(serving.at(-1) as number, area);
  return (keeping ?? higher ?? serving.find((state) => levelOf(state, area) === highest)) as number;
}
