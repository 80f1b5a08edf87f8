import { freeze } from "../base/freeze.js";
import { elementAt } from "../base/readers.js";
import type { Area } from "../engine/area.js";
import { actionOf, clausesOf, type Rule, rolesOf, ruleFor } from "../engine/compiled-policy.js";
import { highestOf, levelOf, meets } from "../engine/standing.js";
import type { ActionOf, Policy, TargetOf, User } from "../types/index.js";
import { grantedTo, type Holdings, holdingsOf, standingOn } from "../users/holdings.js";
import type { Decision, Denied, Reason } from "./decision.js";
import { blockersOf, nearestObstacle, type Obstacle } from "./nearest-clause.js";
import { readIds, standingOver } from "./target.js";

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
