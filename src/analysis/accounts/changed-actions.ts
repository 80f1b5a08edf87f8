import { type Engine, type Role, type Rule, rulesAbout } from "../../core/engine/compiled-policy.js";
import { meets } from "../../core/engine/standing.js";
import type { TargetKind } from "../../core/types/policy.js";

/** An action that is gained or lost. */
export interface Flip {
  readonly action: string;
  readonly change: "gained" | "lost";
}

/** Gives which actions on some kinds of target flip from one standing to another, each pair worked out once. */
export function flipsAbout(
  engine: Engine,
  kinds: readonly TargetKind[],
): (roles: readonly [Role | undefined, Role | undefined], before: number, after: number) => readonly Flip[] {
  const known = new Map<Role | undefined, Map<Role | undefined, Map<string, readonly Flip[]>>>();
  const order = [...engine.actions.keys()];
  const rulesOf = (role: Role | undefined): readonly Rule[] =>
    role ? kinds.flatMap((kind) => rulesAbout({ engine, role }, kind)) : [];
  const work = (roles: readonly [Role | undefined, Role | undefined], before: number, after: number) => {
    const [was, is] = [roles[0], roles[1]].map((role, side) => {
      const allowed = rulesOf(role).filter((rule) => meets(side === 0 ? before : after, rule));
      return new Set(allowed.map(({ action }) => action));
    }) as [Set<string>, Set<string>];
    return order.flatMap((action): Flip[] => {
      if (was.has(action) === is.has(action)) return [];
      return [{ action, change: is.has(action) ? "gained" : "lost" }];
    });
  };
  return (roles, before, after) => {
    const [was, is] = roles;
    const from = known.get(was) ?? new Map<Role | undefined, Map<string, readonly Flip[]>>();
    const flips = from.get(is) ?? new Map<string, readonly Flip[]>();
    known.set(was, from.set(is, flips));
    const key = `${before} ${after}`;
    const found = flips.get(key) ?? work(roles, before, after);
    flips.set(key, found);
    return found;
  };
}
