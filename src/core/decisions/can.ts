import { at, refuse } from "../base/faults.js";
import { showId } from "../base/message.js";
import { elementAt, readLastArgument } from "../base/readers.js";
import { areaOf, ruleFor, rulesAbout } from "../engine/compiled-policy.js";
import { levelOf, meets } from "../engine/standing.js";
import { inWords } from "../targets/prepared-group.js";
import { readRelations, relationsInGroups, ruleOfUser } from "../targets/relations.js";
import { readTarget, standingOverTarget } from "../targets/target.js";
import type {
  ActionOf,
  AreaOf,
  KindOf,
  LevelOf,
  LevelTargetOf,
  Policy,
  PostGroup,
  TargetOf,
  User,
} from "../types/index.js";
import { type Holdings, holdingsOf, standingOn } from "../users/holdings.js";

/**
 * Answers whether a user may do something: the one question that the library is for.
 *
 * The answer is the policy's rule on the standing of the target, so it depends neither on the order of a group's
 * connections nor on repetitions (law 2), and nothing is allowed on an empty group (E8). A group is read, and its ids
 * are checked, until the answer is certain.
 *
 * @param target what the action is asked about: `{ connections }` for "group", an id for "connection", nothing for
 * "none". Further fields of a group are ignored, so a host's own post object will do.
 * @throws `PolicyError` `invalid-user`, `unknown-action` or `wrong-target`.
 *
 * @example
 * ```ts
 * import { can, createUser, engage } from "channel-grants";
 *
 * const ana = createUser(engage, {
 *   id: "ana",
 *   role: "viewer",
 *   grants: { "fb-acme": { publish: "full-access" }, "ig-acme": { publish: "needs-approval" } },
 * });
 * can(ana, "publish.post-now", { connections: ["fb-acme"] }); // true
 * can(ana, "publish.post-now", { connections: ["fb-acme", "ig-acme"] }); // false
 * can(ana, "publish.select", "ig-acme"); // true
 * can(ana, "publish.create"); // true
 * ```
 */
export function can<P extends Policy, A extends ActionOf<P>>(
  user: User<P>,
  action: A,
  ...target: TargetOf<P, A>
): boolean {
  const holdings = holdingsOf(user);
  const rule = ruleFor(holdings, action);
  const given = elementAt(target, 0);
  const standing = standingOverTarget(holdings, rule.target, given, action, rule.words, rule.certain);
  if (!rule.isConditional) return meets(standing, rule);
  return meets(standing, ruleOfUser(rule, readRelations(given, rule.relations, action), holdings));
}

/**
 * Gives a user's level in an area on a connection or a post group: the lowest over the group's connections.
 *
 * Where the area says what no access counts as beside an accessible connection, it does (E6); a group without
 * connections is at the lowest level (E8).
 *
 * @param target a connection's id or `{ connections }`; nothing for an area of the account.
 * @throws `PolicyError` `invalid-user`, `unknown-area` or `wrong-target`.
 *
 * @example
 * ```ts
 * import { accessLevel, createUser, engage } from "channel-grants";
 *
 * const ana = createUser(engage, {
 *   id: "ana",
 *   role: "viewer",
 *   grants: { "fb-acme": { publish: "full-access" }, "ig-acme": { publish: "needs-approval" } },
 * });
 * accessLevel(ana, "publish", { connections: ["fb-acme", "ig-acme"] }); // "needs-approval"
 * accessLevel(ana, "publish", { connections: ["fb-acme", "x-acme"] }); // "view-only"
 * accessLevel(ana, "analytics", "fb-acme"); // "no-access"
 * ```
 */
export function accessLevel<P extends Policy, A extends AreaOf<P>>(
  user: User<P>,
  area: A,
  ...target: LevelTargetOf<P, NoInfer<A>>
): LevelOf<P, A> {
  const holdings = holdingsOf(user);
  const found = areaOf(holdings.engine, area);
  const given = elementAt(target, 0);
  if (found.isOfAccount) {
    readTarget(given, "none", area, ["none"]);
    return found.levels[levelOf(holdings.account, found)] as LevelOf<P, A>;
  }
  const kind = typeof given === "string" ? "connection" : "group";
  const standing = standingOverTarget(holdings, kind, given, area, [found.word], undefined, levelTargets);
  return found.levels[levelOf(standing, found)] as LevelOf<P, A>;
}

/**
 * Lists what a user may do to a target: every allowed action of that kind of target, in the policy's order.
 *
 * The same as asking `can` of each (law 8), with one reading of the target. On a group, the target carries every relation
 * that any "group" action names.
 *
 * @param target a connection's id for the "connection" actions, `{ connections }` for the "group" actions, nothing for
 * the "none" actions.
 * @throws `PolicyError` `invalid-user` or `wrong-target`.
 *
 * @example
 * ```ts
 * import { allowedActions, createUser, engage } from "channel-grants";
 *
 * const ben = createUser(engage, { id: "ben", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * allowedActions(ben); // ["publish.create"]
 * allowedActions(ben, "fb"); // ["publish.select", "connections.reconnect"]
 * ```
 */
export function allowedActions<P extends Policy, Target extends string | PostGroup | undefined = undefined>(
  user: User<P>,
  target?: Target,
): readonly ActionOf<P, KindOf<Target>>[] {
  const holdings = holdingsOf(user);
  const kind = target === undefined ? "none" : typeof target === "string" ? "connection" : "group";
  const { words } = holdings.engine;
  const standing = standingOverTarget(holdings, kind, target, "allowedActions", words, undefined, actionTargets);
  const related = kind === "group" ? relationsInGroups(holdings) : [];
  const users = readRelations(target, related, "allowedActions");
  const actions: string[] = [];
  for (const rule of rulesAbout(holdings, kind)) {
    if (meets(standing, ruleOfUser(rule, users, holdings))) actions.push(rule.action);
  }
  return Object.freeze(actions) as readonly ActionOf<P, KindOf<Target>>[];
}

/** Lists on which of some connections a user may do something; a "group" action is asked of each as a group of one. */
export function connectionsAmong(
  holdings: Holdings,
  connections: Iterable<string>,
  action: string,
  relations: readonly [relations?: object],
): readonly string[] {
  const rule = ruleFor(holdings, action);
  if (rule.target === "none") {
    refuse(at("wrong-target"), `${showId(action)} has no target; expected an action on a connection or a post group`);
  }
  const given = readLastArgument(relations, at("wrong-target", "relations"), {});
  const asked = ruleOfUser(rule, readRelations(given, rule.relations, action), holdings);
  const isAllowed = (connection: string) => meets(inWords(standingOn(holdings, connection), rule.words), asked);
  return Object.freeze([...connections].filter(isAllowed));
}

const levelTargets = ["connection", "group"] as const;
const actionTargets = ["none", "connection", "group"] as const;
