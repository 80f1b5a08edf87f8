import { getOrInsert } from "../../core/base/get-or-insert.js";
import { type CompiledPolicy, rulesAbout } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import { meets } from "../../core/engine/standing.js";
import type { TargetKind } from "../../core/types/index.js";

/** An action that is gained or lost. */
export interface ActionChange {
  readonly action: string;
  readonly change: "gained" | "lost";
}

/** The roles of a user before and after. */
export type RoleChange = readonly [before: Role | undefined, after: Role | undefined];

/**
 * Makes a lookup of the actions that a user gains or loses between two standings. Each pair of standings is compared
 * once.
 */
export function changedActions(
  engine: CompiledPolicy,
  kinds: readonly TargetKind[],
): (roles: RoleChange, before: number, after: number) => readonly ActionChange[] {
  type ByStandings = Map<string, readonly ActionChange[]>;
  const known = new Map<Role | undefined, Map<Role | undefined, ByStandings>>();
  const allowedTo = (role: Role | undefined, standing: number) => {
    const rules = role ? kinds.flatMap((kind) => rulesAbout({ engine, role }, kind)) : [];
    return new Set(rules.filter((rule) => meets(standing, rule)).map(({ action }) => action));
  };
  const compare = ([was, is]: RoleChange, before: number, after: number) => {
    const [old, next] = [allowedTo(was, before), allowedTo(is, after)];
    return [...engine.actions.keys()].flatMap((action): ActionChange[] =>
      old.has(action) === next.has(action) ? [] : [{ action, change: next.has(action) ? "gained" : "lost" }],
    );
  };
  return (roles, before, after) => {
    const byRole = getOrInsert(known, roles[0], () => new Map<Role | undefined, ByStandings>());
    const byStandings = getOrInsert(byRole, roles[1], (): ByStandings => new Map());
    return getOrInsert(byStandings, `${before} ${after}`, () => compare(roles, before, after));
  };
}
