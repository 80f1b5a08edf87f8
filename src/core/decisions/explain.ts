import { freeze } from "../base/freeze.js";
import { elementAt, ownValue } from "../base/readers.js";
import type { Area } from "../engine/area.js";
import { type Bits, wordOf } from "../engine/bits.js";
import { actionOf, ruleFor } from "../engine/compiled-policy.js";
import { type AnyPattern, clausesOf, ownStates, type Part, type Rule, rolesOf } from "../engine/rule.js";
import { heldRule, highestOf, levelOf, meets, statesIn } from "../engine/standing.js";
import { lacksRelation, type RelatedUsers, readRelations, relatedRule, ruleOfUser } from "../targets/relations.js";
import { readIds, standingOver } from "../targets/target.js";
import type { ActionOf, Policy, StatesDefinition, TargetOf, User } from "../types/index.js";
import { grantedTo, type Holdings, heldBy, holdingsOf, standingOn } from "../users/holdings.js";
import { lowerOf } from "../users/limit.js";
import type { Decision, Denied, Reason } from "./decision.js";
import {
  accountChange,
  blockersOf,
  firstLacking,
  nearestObstacle,
  neededState,
  type Obstacle,
  servingIn,
} from "./nearest-clause.js";

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
  const given = elementAt(target, 0);
  const ids = readIds(given, rule.target, action, holdings);
  const users = readRelations(given, rule.relations, action);
  const standing = standingOver(holdings, rule.target, ids);
  const about = { none: {}, connection: { target: ids[0] }, group: { target: { connections: ids } } }[rule.target];
  const allowed = meets(standing, ruleOfUser(rule, users, holdings));
  const why = allowed ? {} : denial(holdings, rule, users, ids, standing);
  return freeze({ allowed, action, user: holdings.id, ...about, ...why }) as unknown as Decision<P>;
}

/** Explains an answer about an action that is known by its name only. */
export function decisionOn(user: object, action: string, target: unknown): Decision {
  return explain(user as User, action, ...([target] as unknown as TargetOf<Policy, string>));
}

type Why = Omit<Denied, "allowed" | "action" | "user" | "target">;

function denial(holdings: Holdings, rule: Rule, users: RelatedUsers, ids: readonly string[], standing: Bits): Why {
  const { clauses } = relatedRule(rule, users, holdings.id);
  const connections = new Set(rule.target === "none" ? grantedConnections(holdings) : ids);
  const nearest = nearestObstacle(
    holdings,
    clauses,
    [...connections].map((connection) => ({ connection, bits: standingOn(holdings, connection) })),
  );
  if (rule.target === "group" && ids.length === 0) return { reason: "empty-group", ...lackOf(), blockers: [] };
  if (rule.clauses.length === 0) {
    const roles = rolesFor(holdings, rule.action);
    const isLimited = roles.includes(holdings.role.name);
    return { reason: "role-required", roles, blockers: [], ...(isLimited && { limited: true }) };
  }
  if (clauses.length === 0) return { ...wrongRelation(holdings, rule, users), blockers: [] };
  const { role, limit } = holdings;
  const given = limit ? lowerOf(holdings.engine.keys, role.base, limit.otherwise) : role.base;
  const isGivenWhereKnown = meets(given, heldRule({ clauses }, holdings.account));
  if (!nearest) return { reason: "unknown-connection", blockers: [] };
  const reason = isGivenWhereKnown ? "unknown-connection" : reasonFor(holdings, rule, standing, nearest);
  const blockers = nearest.isRemovable ? blockersOf(holdings, nearest) : [];
  const account = nearest.isRemovable ? accountChange(holdings, nearest) : undefined;
  return {
    reason,
    ...lackOf(),
    blockers,
    ...(blockers.length > 0 && { unblock: nearest.unblock }),
    ...(account && { account }),
  };

  function lackOf(): Pick<Why, "area" | "level"> {
    if (!nearest) return {};
    const { area } = firstLacking(nearest);
    return { area: area.name, level: area.levels[rankOf(holdings, rule, standing, area)] as string };
  }
}

/** Says which relation is missing or in the way, where no clause is for the user's relations to the post. */
function wrongRelation(
  { engine, id }: Holdings,
  { clauses }: Rule,
  users: RelatedUsers,
): Pick<Why, "reason" | "relations"> {
  const lacking = clauses.filter((clause) => lacksRelation(clause, users, id));
  const wanted = lacking.flatMap(({ is = [] }) => is);
  const inTheWay = clauses.flatMap(({ isNot }) => isNot).filter((relation) => users.get(relation)?.includes(id));
  const [reason, named] =
    lacking.length > 0 ? (["relation-required", wanted] as const) : (["relation-excluded", inTheWay] as const);
  return { reason, relations: engine.relations.filter((relation) => named.includes(relation)) };
}

function reasonFor(holdings: Holdings, rule: Rule, standing: Bits, nearest: Obstacle): Reason {
  if (!nearest.isRemovable) return "fixed-by-role";
  const part = firstLacking(nearest);
  const { area } = part;
  const { asks, rank, isOfFlags } = wantedBy(part);
  if (rankOf(holdings, rule, standing, area) === 0) return "no-access";
  const inArea = area.isOfAccount ? holdings.account : standing;
  const reached = asks === "some" ? highestOf(inArea, area) : levelOf(inArea, area);
  if (reached < rank) return "level-too-low";
  if (asks === "exactly" && reached > rank) return "level-too-high";
  if (isOfFlags) return "flag-missing";
  // Of a pattern with gaps, what is needed says which way the level is wrong.
  const needed = levelOf(neededState(changedIn(inArea, part), area, servingIn(nearest.clause.parts, area)), area);
  if (needed === reached) return "flag-missing";
  return needed > reached ? "level-too-low" : "level-too-high";
}

/** Gives what a part asks of the level, and the rank it asks it of: of a pattern, the lowest that it names. */
function wantedBy({ area, definition }: Part) {
  const asks = (["level", "exactly", "some"] as const).find((key) => ownValue(definition, key) !== undefined);
  const asked = asks && (ownValue(definition, asks) as AnyPattern);
  const every = ownValue(definition, "every");
  const named = asked ?? (every as AnyPattern);
  const isOfFlags =
    (every === undefined || lowestNamed(area, every) < 0) && (asks !== "some" || typeof asked === "string");
  return { asks, rank: lowestNamed(area, named), isOfFlags };
}

/** Gives the lowest rank that a pattern names; below all ranks if one of its alternatives names a flag only. */
function lowestNamed(area: Area, pattern: AnyPattern): number {
  if (Array.isArray(pattern)) return Math.min(...pattern.map((each: AnyPattern) => lowestNamed(area, each)));
  if (typeof pattern === "string") return area.levels.indexOf(pattern);
  const { level, exactly } = ownStates(pattern as StatesDefinition<string, string>);
  return Math.max(area.levels.indexOf(level as string), area.levels.indexOf(exactly as string));
}

/** Gives the lowest state that a part forbids; of one that asks of some connection, the highest that there is. */
function changedIn(standing: Bits, { area, forbid }: Part): number {
  const states = statesIn(wordOf(standing, area.word) & area.states);
  return states.find((state) => state & forbid) ?? (states.at(-1) as number);
}

/** Gives the rank that a decision reports: of the account as a whole, the best. */
function rankOf({ account }: Holdings, rule: Rule, standing: Bits, area: Area): number {
  if (area.isOfAccount) return levelOf(account, area);
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
  return Object.keys(Object.fromEntries(holdings.role.fixed ? heldBy(holdings) : grantedTo(holdings)));
}
