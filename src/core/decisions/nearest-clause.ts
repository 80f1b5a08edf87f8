import { getOrInsert } from "../base/get-or-insert.js";
import { type Area, STRANGER } from "../engine/area.js";
import { type Bits, wordOf } from "../engine/bits.js";
import { decodeGrant, keysIn } from "../engine/grant-bits.js";
import type { Clause, Part } from "../engine/rule.js";
import { isInTheWay, isMetBy, keepsFlags, levelOf, statesIn } from "../engine/standing.js";
import type { Holdings } from "../users/holdings.js";
import { limitOn, lowerOf } from "../users/limit.js";
import type { Blocker, Denied } from "./decision.js";

export interface Held {
  readonly connection: string;
  readonly bits: Bits;
}

/** What stands between a user and one clause. */
export interface Obstacle {
  readonly clause: Clause;
  /** Connections to change: every one, or any one of them. */
  readonly connections: readonly Held[];
  readonly unblock: "every" | "any";
  /** The part that asks of some connection only, where none is what it asks for. */
  readonly unmet: Part | undefined;
  /** The parts that the account lacks. */
  readonly account: readonly Part[];
  /** Whether changes of grants can remove it; where the role holds what is lacking, they cannot. */
  readonly isRemovable: boolean;
}

/** Finds the obstacle that the fewest changes remove, the first of several. */
export function nearestObstacle(
  holdings: Holdings,
  clauses: readonly Clause[],
  connections: readonly Held[],
): Obstacle | undefined {
  let nearest: Obstacle | undefined;
  for (const clause of clauses) {
    const obstacle = obstacleOf(holdings, clause, connections);
    if (obstacle && (!nearest || isNearer(obstacle, nearest))) nearest = obstacle;
  }
  return nearest;
}

function obstacleOf(holdings: Holdings, clause: Clause, connections: readonly Held[]): Obstacle | undefined {
  const { role, account: held } = holdings;
  const inTheWay = connections.filter(({ bits }) => isInTheWay(bits, clause));
  const ofConnection = clause.parts.filter(({ area }) => !area.isOfAccount);
  const account = clause.account.filter((part) => !isMetBy(held, part));
  // No grant helps where a clause asks no more of connections than that they are known, and they are not.
  if (ofConnection.length === 0 && (account.length === 0 || inTheWay.length > 0)) return undefined;
  const unmet = ofConnection.find(
    (part) =>
      (part.asksSome || connections.length === 0) &&
      !connections.some(({ bits }) => wordOf(bits, part.area.word) & part.require),
  );
  const isEvery = inTheWay.length > 0;
  const changed = isEvery ? inTheWay : unmet ? connections : [];
  return {
    clause,
    connections: changed,
    unblock: isEvery ? "every" : "any",
    unmet,
    account,
    isRemovable: !(
      (role.fixed && (isEvery || unmet) && !isOfLimit(holdings, clause, changed, unmet)) ||
      (role.fixedAccount &&
        account.length > 0 &&
        !(holdings.limit && account.every((part) => isMetBy(role.account, part))))
    ),
  };
}

/** Tells whether a limit alone is in the way: what the role holds everywhere would do. */
function isOfLimit(
  { limit, role, engine }: Holdings,
  clause: Clause,
  connections: readonly Held[],
  unmet: Part | undefined,
): boolean {
  const { base } = role;
  const isEnough = !isInTheWay(base, clause) && (!unmet || isMetBy(base, unmet));
  return limit !== undefined && isEnough && connections.every(({ bits }) => bits !== engine.stranger);
}

function isNearer(one: Obstacle, other: Obstacle): boolean {
  if (one.isRemovable !== other.isRemovable) return one.isRemovable;
  return changes(one) < changes(other);
}

/** Counts the grants to change: one for each connection, however many areas, and one of the account. */
function changes({ unblock, connections, unmet, account }: Obstacle): number {
  const onConnections = unblock === "every" ? connections.length : unmet ? 1 : 0;
  return onConnections + (account.length > 0 ? 1 : 0);
}

/** Gives the first part of the clause that is lacking. */
export function firstLacking({ clause, connections, unblock, unmet, account }: Obstacle): Part {
  return clause.parts.find(
    (part) =>
      part === unmet ||
      account.includes(part) ||
      (!part.area.isOfAccount && unblock === "every" && connections.some(({ bits }) => isHit(bits, part))),
  ) as Part;
}

function isHit(bits: Bits, { area, forbid }: Part): boolean {
  const inArea = wordOf(bits, area.word);
  // A stranger is at the lowest level, like a connection that nothing is granted on.
  return (inArea & forbid & ~STRANGER) !== 0;
}

/** Gives what each connection in the way holds and needs, in every area that it lacks something in. */
export function blockersOf({ engine, limit }: Holdings, obstacle: Obstacle): readonly Blocker[] {
  const { clause, connections, unblock, unmet } = obstacle;
  const changes = new Map<string, Change>();
  return connections.map(({ connection, bits }) => {
    const cap = limit && limitOn(limit, connection);
    const change = getOrInsert(changes, `${bits} ${cap}`, () => {
      const hit = unblock === "every" ? clause.parts.filter((part) => !part.area.isOfAccount && isHit(bits, part)) : [];
      const areas = new Set([...hit, ...(unmet ? [unmet] : [])].map(({ area }) => area));
      const inOrder = engine.areas.filter((area) => areas.has(area));
      return changeOf(engine.keys, clause, inOrder, bits, cap);
    });
    return { connection, ...change };
  });
}

/** Gives what the account holds and needs, in the areas that it lacks something in. */
export function accountChange(
  { engine, account: held, limit }: Holdings,
  { clause, account }: Obstacle,
): Denied["account"] {
  const areas = engine.areas.filter((area) => account.some((part) => part.area === area));
  return areas.length > 0 ? changeOf(engine.accountKeys, clause, areas, held, limit?.account) : undefined;
}

type Change = Omit<Blocker, "connection">;

function changeOf(
  keys: Parameters<typeof keysIn>[0],
  { parts }: Clause,
  areas: readonly Area[],
  bits: Bits,
  cap: Bits | undefined,
): Change {
  const changes = areas.map((area) => {
    const held = wordOf(bits, area.word) & area.states;
    const keysOfArea = keysIn(keys, area);
    const serving = servingIn(parts, area);
    const needed = neededState(held, area, serving);
    return {
      holds: decodeGrant(keysOfArea, held),
      needs: decodeGrant(keysOfArea, needed),
      isLimited: cap !== undefined && !serving.includes(wordOf(lowerOf(keysOfArea, needed, cap), area.word)),
    };
  });
  const merged = (key: "holds" | "needs") => Object.fromEntries(changes.flatMap((each) => Object.entries(each[key])));
  return {
    holds: merged("holds"),
    needs: merged("needs"),
    ...(changes.some(({ isLimited }) => isLimited) && { limited: true }),
  };
}

/** Lists the states that serve every part of a clause about an area: no other repair would do. */
export function servingIn(parts: readonly Part[], area: Area): readonly number[] {
  const about = parts.filter((part) => part.area === area);
  return statesIn(about.reduce((left, { forbid, require }) => left & require & ~forbid, area.states));
}

/**
 * Gives the state to move to: the lowest that serves and takes nothing away; else the lowest higher level; else the
 * highest lower one. States come by level, the fewest flags first.
 */
export function neededState(held: number, area: Area, serving: readonly number[]): number {
  const rank = levelOf(held, area);
  const keeping = serving.find((state) => levelOf(state, area) >= rank && keepsFlags(state, held, area));
  const higher = serving.find((state) => levelOf(state, area) > rank);
  const highest = levelOf(serving.at(-1) as number, area);
  return (keeping ?? higher ?? serving.find((state) => levelOf(state, area) === highest)) as number;
}
