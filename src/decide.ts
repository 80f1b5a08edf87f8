import type { Area } from "./area.js";
import type { Rule } from "./compile.js";
import { expected, PolicyError, show } from "./errors.js";
import type { ActionOf, AreaOf, LevelOf, Policy, PostGroup, TargetKind, TargetOf, User } from "./language.js";
import { levelOf, meets } from "./mask.js";
import { refusal } from "./record.js";
import { type Holdings, holdingsOf, standingOn } from "./user.js";

/**
 * Answers whether a user may do something: the one question that the library is for.
 *
 * The answer is the policy's rule on the standing of the target, so it depends neither on the order of a group's
 * connections nor on repetitions (law 2), and nothing is allowed on an empty group (E8).
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
  const rule = ruleOf(holdings.role.rules, action);
  return isAllowed(holdings, rule, readTarget(target[0], rule.target, action));
}

/**
 * Gives a user's level in an area on a connection or a post group: the lowest over the group's connections.
 *
 * Where the area says what no access counts as beside an accessible connection, it does (E6); a group without
 * connections is at the lowest level (E8).
 *
 * @param target a connection's id or `{ connections }`.
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
  target: string | PostGroup,
): LevelOf<P, A> {
  const holdings = holdingsOf(user);
  const found = areaOf(holdings.engine.areas, area);
  const kind = typeof target === "string" ? "connection" : "group";
  const standing = standingOver(holdings, kind, readTarget(target, kind, area));
  return found.levels[levelOf(standing, found)] as LevelOf<P, A>;
}

/**
 * Lists what a user may do to a target: every allowed action of that kind of target, in the policy's order.
 *
 * The same as asking `can` of each (law 8), with one reading of the target.
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
  const standing = standingOver(holdings, kind, readTarget(target, kind, "allowedActions"));
  const actions: string[] = [];
  for (const rule of holdings.role.rules.values()) {
    if (rule.target === kind && meets(standing, rule.clauses)) actions.push(rule.action);
  }
  return Object.freeze(actions) as readonly ActionOf<P, KindOf<Target>>[];
}

type KindOf<Target> = Target extends string ? "connection" : Target extends PostGroup ? "group" : "none";

export function isAllowed(holdings: Holdings, rule: Rule, connections: readonly unknown[]): boolean {
  return meets(standingOver(holdings, rule.target, connections), rule.clauses);
}

/** Checks the form of a target and gives its connections, whose ids are checked as they are read. */
export function readTarget(target: unknown, kind: TargetKind, asked: string): readonly unknown[] {
  if (kind === "none" && target === undefined) return [];
  if (kind === "connection" && typeof target === "string") return [target];
  if (kind === "group" && typeof target === "object" && target !== null) {
    const { connections } = target as { readonly connections?: unknown };
    if (Array.isArray(connections)) return connections;
  }
  const what = target === undefined ? `no target for ${asked}` : `${show(target)} is not a target of ${asked}`;
  throw new PolicyError("wrong-target", `${what}; expected ${forms[kind]}`);
}

const forms: Readonly<Record<TargetKind, string>> = {
  none: "none",
  connection: "the id of a connection",
  group: "a post group, { connections: [ids] }",
};

/** Copies the ids of a target, for what reads them more than once. */
export function readIds(target: unknown, kind: TargetKind, asked: string): readonly string[] {
  const connections = readTarget(target, kind, asked);
  return Array.from({ length: connections.length }, (_, index) => readId(connections[index], index));
}

/** Checks an id, which may be an element of a group. */
export function readId(id: unknown, index?: number): string {
  if (typeof id === "string") return id;
  const path = index === undefined ? [] : ["connections", index];
  return refusal("wrong-target", ...path)(`${show(id)} is not a connection's id; expected a string`);
}

/** The standing of a user over the connections of a target. */
export function standingOver(holdings: Holdings, kind: TargetKind, connections: readonly unknown[]): number {
  if (kind === "none") return holdings.everywhere;
  let standing = 0;
  for (let index = 0; index < connections.length; index++) {
    standing |= standingOn(holdings, readId(connections[index], index));
  }
  return standing;
}

/** The rule of an action, from all rules or from those of a role. */
export function ruleOf(rules: ReadonlyMap<string, Rule>, action: string): Rule {
  const rule = rules.get(action);
  if (rule) return rule;
  throw new PolicyError("unknown-action", `${show(action)} is not an action; ${expected(rules.keys())}`);
}

export function areaOf(areas: readonly Area[], name: string): Area {
  const area = areas.find((one) => one.name === name);
  if (area) return area;
  throw new PolicyError("unknown-area", `${show(name)} is not an area; ${expected(areas.map((one) => one.name))}`);
}
