import type { AreaClause, Rule } from "../engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../engine/grant-bits.js";
import { isInTheWay, keepsFlags, levelOf, servingStates } from "../engine/standing.js";
import type { Holdings } from "../users/holdings.js";
import type { Blocker } from "./decision.js";

interface Held {
  readonly connection: string;
  readonly bits: number;
}

/** What stands between a user and one clause: connections to change, every one or any one of them. */
export interface Obstacle {
  readonly clause: AreaClause;
  readonly connections: readonly Held[];
  readonly unblock: "every" | "any";
}

/** Finds the obstacle that the fewest changes remove, the first of several. */
export function nearestObstacle({ clauses }: Rule, connections: readonly Held[]): Obstacle | undefined {
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

export function blockersOf({ engine }: Holdings, { clause, connections }: Obstacle): readonly Blocker[] {
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
