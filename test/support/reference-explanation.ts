import {
  type Clause,
  type Definition,
  type GrantData,
  type Group,
  holdsOf,
  isOfAccount,
  modelCan,
  modelLevel,
  type Part,
  type Pattern,
  type Person,
  type Target,
} from "./reference-model.js";

/**
 * Why an answer is no, and what would make it yes, found by trying: which states can stand beside which others is asked
 * of the second model, one clause at a time. It shares nothing with the engine, and knows no masks.
 */
export interface Explanation {
  reason: string;
  roles?: string[];
  relations?: string[];
  area?: string;
  level?: string;
  blockers: { connection: string; holds: GrantData; needs: GrantData }[];
  unblock?: "every" | "any";
  account?: { holds: GrantData; needs: GrantData };
}

/** What keeps a clause from holding. */
interface Obstacle {
  parts: Part[];
  inTheWay: string[];
  unmet: Part | undefined;
  lacking: Part[];
  changes: number;
  isRemovable: boolean;
}

const known = "a known connection";

export function modelExplain(
  definition: Definition,
  person: Person,
  action: string,
  target: Target,
): Explanation | undefined {
  if (modelCan(definition, person, action, target)) return undefined;
  const { target: kind, allow } = definition.actions[action] as Definition["actions"][string];
  const clauses = [allow].flat();
  const ids = [...new Set(target === undefined ? heldBy(definition, person) : [target].flatMap(connectionsOf))];
  const forRole = clauses.filter(({ role }) => role === undefined || [role].flat().includes(person.role));
  const isRelated = (names: string | string[] = []) =>
    [names].flat().filter((name) => [(target as Group)[name] ?? []].flat().includes(person.id));
  const lacks = ({ is }: Clause) => is !== undefined && isRelated(is).length === 0;
  const fitting = forRole.filter((clause) => !lacks(clause) && isRelated(clause.isNot).length === 0);

  const obstacles = fitting.flatMap((clause) => obstacleOf(definition, person, clause, ids) ?? []);
  const nearest = obstacles.reduce<Obstacle | undefined>(
    (best, next) => (best === undefined || isNearer(next, best) ? next : best),
    undefined,
  );
  const first = nearest && firstLacking(definition, person, nearest, ids);
  const area = first?.area as string;
  const level = first && levelOf(definition, person, area, kind, ids);
  const about = first ? { area, level: level as string } : {};

  if (kind === "group" && ids.length === 0) return { reason: "empty-group", ...about, blockers: [] };
  if (forRole.length === 0) {
    const wanted = clauses.flatMap(({ role = [] }) => role);
    return {
      reason: "role-required",
      roles: Object.keys(definition.roles).filter((role) => wanted.includes(role)),
      blockers: [],
    };
  }
  if (fitting.length === 0) {
    const missing = forRole.filter(lacks).flatMap(({ is = [] }) => is);
    const named = missing.length > 0 ? missing : forRole.flatMap(({ isNot }) => isRelated(isNot));
    return {
      reason: missing.length > 0 ? "relation-required" : "relation-excluded",
      relations: (definition.relations ?? []).filter((relation) => named.includes(relation)),
      blockers: [],
    };
  }
  if (!nearest) return { reason: "unknown-connection", blockers: [] };
  const withoutGrants = { ...person, grants: [], connections: [known] };
  const givesItWhereKnown = fitting.some((clause) => clauseAllows(definition, withoutGrants, clause, [known]));
  const blockers = nearest.isRemovable ? blockersOf(definition, person, nearest, ids) : [];
  const account = nearest.isRemovable ? accountChange(definition, person, nearest) : undefined;
  return {
    reason: givesItWhereKnown
      ? "unknown-connection"
      : nearest.isRemovable
        ? reasonFor(definition, person, nearest, first as Part, ids, about.level as string)
        : "fixed-by-role",
    ...about,
    blockers,
    ...(blockers.length > 0 && { unblock: nearest.inTheWay.length > 0 ? "every" : "any" }),
    ...(account && { account }),
  };
}

function connectionsOf(target: string | Group): string[] {
  return typeof target === "string" ? [target] : target.connections;
}

/** The connections on which something is held, in the order in which JSON would bring them back. */
function heldBy(definition: Definition, person: Person): string[] {
  if (holdsOf(definition, person, false)) return person.connections;
  const [lowest] = definition.levels;
  const isSomething = (grant: GrantData) =>
    Object.values(grant).some((value) => ![undefined, false, lowest].includes(value));
  const held = person.grants.filter(([, grant]) => isSomething(grant));
  return Object.keys(Object.fromEntries(held));
}

/** Whether a clause alone, of some parts only, allows a group; whom it is for is not asked. */
function partsAllow(definition: Definition, person: Person, parts: Part[], connections: string[]): boolean {
  const [one = {}] = parts;
  const allow: Clause =
    parts.length > 1 ? { and: parts } : parts.length === 1 ? one : { role: Object.keys(definition.roles) };
  return clauseAllows(definition, person, allow, connections);
}

function clauseAllows(definition: Definition, person: Person, clause: Clause, connections: string[]): boolean {
  const { is: _, isNot: __, role: ___, ...rest } = clause;
  const allow = Object.keys(rest).length > 0 ? rest : { role: person.role };
  const alone: Definition = { ...definition, actions: { act: { target: "group", allow } } };
  return modelCan(alone, person, "act", { connections });
}

function partsIn(clause: Clause): Part[] {
  const { role: _, is: __, isNot: ___, and, ...part } = clause;
  return and ?? (part.area === undefined ? [] : [part]);
}

function obstacleOf(definition: Definition, person: Person, clause: Clause, ids: string[]): Obstacle | undefined {
  const parts = partsIn(clause);
  const onConnections = parts.filter(({ area }) => !isOfAccount(definition, area as string));
  const lacking = parts.filter(
    (part) => !onConnections.includes(part) && !partsAllow(definition, knowing(person), [part], [known]),
  );
  const inTheWay =
    onConnections.length > 0
      ? ids.filter((id) => isInTheWay(definition, onConnections, grantOn(definition, person, id)))
      : ids.filter((id) => !isKnown(person, id));
  if (onConnections.length === 0 && (lacking.length === 0 || inTheWay.length > 0)) return undefined;
  const unmet = onConnections.find(
    (part) =>
      (ids.length === 0 || asksSome(definition, part)) &&
      !ids.some((id) => allowsGroup(definition, [part], [grantOn(definition, person, id)])),
  );
  const isFixed = (ofAccount: boolean) => holdsOf(definition, person, ofAccount) !== undefined;
  return {
    parts,
    inTheWay,
    unmet,
    lacking,
    changes: (inTheWay.length > 0 ? inTheWay.length : unmet ? 1 : 0) + (lacking.length > 0 ? 1 : 0),
    isRemovable: !(
      (isFixed(false) && (inTheWay.length > 0 || unmet !== undefined)) ||
      (isFixed(true) && lacking.length > 0)
    ),
  };
}

function isNearer(one: Obstacle, other: Obstacle): boolean {
  if (one.isRemovable !== other.isRemovable) return one.isRemovable;
  return one.changes < other.changes;
}

function knowing(person: Person): Person {
  return { ...person, connections: [...person.connections, known] };
}

function isKnown({ connections, grants }: Person, id: string): boolean {
  return connections.includes(id) || grants.some(([granted]) => granted === id);
}

/** Whether a part asks of some connection only. */
function asksSome({ levels, areas }: Definition, { area, level, exactly, some }: Part): boolean {
  const { noAccessCountsAs } = areas[area as string] ?? { noAccessCountsAs: undefined };
  const isLifted = (name: string) => levels.indexOf(noAccessCountsAs ?? "") >= levels.indexOf(name);
  return some !== undefined || exactly !== undefined || (level !== undefined && isLifted(level));
}

/** What is held on one connection, of every area and flag; a stranger is at the lowest levels. */
function grantOn(definition: Definition, person: Person, id: string): GrantData {
  const ofRole = isKnown(person, id) ? holdsOf(definition, person, false) : undefined;
  const own = person.grants.find(([granted]) => granted === id)?.[1];
  return spelt(definition, false, (holdsOf(definition, person, false) ? ofRole : own) ?? {});
}

function accountOf(definition: Definition, person: Person): GrantData {
  return spelt(definition, true, holdsOf(definition, person, true) ?? person.account ?? {});
}

function spelt(definition: Definition, ofAccount: boolean, grant: GrantData): GrantData {
  const entries = new Map(Object.entries(grant));
  const areas = Object.entries(definition.areas).filter(([, { of }]) => (of === "account") === ofAccount);
  return Object.fromEntries(
    areas.flatMap(([area, { flags = {} }]) => [
      [area, entries.get(area) ?? (definition.levels[0] as string)],
      ...Object.keys(flags).map((flag): [string, boolean] => [flag, entries.get(flag) === true]),
    ]),
  );
}

/** The keys of an area: itself, and its flags. */
function keysOf({ areas }: Definition, area: string): string[] {
  return [area, ...Object.keys(areas[area]?.flags ?? {})];
}

function only(definition: Definition, grant: GrantData, areas: string[]): GrantData {
  const keys = areas.flatMap((area) => keysOf(definition, area));
  return Object.fromEntries(Object.entries(grant).filter(([key]) => keys.includes(key)));
}

/** Every state of an area as a grant, by level, with the fewest flags first. */
function statesOf({ areas }: Definition, area: string): GrantData[] {
  const { levels, flags = {} } = areas[area] as Definition["areas"][string];
  return levels.flatMap((level) => {
    const beside = Object.keys(flags).filter((flag) => flags[flag]?.includes(level));
    const sets = beside.reduce<string[][]>((all, flag) => all.concat(all.map((set) => [...set, flag])), [[]]);
    const grants = sets.map((set) =>
      Object.fromEntries([[area, level], ...Object.keys(flags).map((flag) => [flag, set.includes(flag)])]),
    );
    return grants.sort((one, other) => countFlags(one) - countFlags(other));
  });
}

function countFlags(grant: GrantData): number {
  return Object.values(grant).filter((value) => value === true).length;
}

/** Every grant in some areas. */
function grantsIn(definition: Definition, areas: string[]): GrantData[] {
  return [...new Set(areas)].reduce<GrantData[]>(
    (grants, area) => grants.flatMap((grant) => statesOf(definition, area).map((state) => ({ ...grant, ...state }))),
    [{}],
  );
}

function areasOf(parts: Part[]): string[] {
  return [...new Set(parts.map(({ area }) => area as string))];
}

function allowsGroup(definition: Definition, parts: Part[], grants: GrantData[]): boolean {
  const role = "somebody";
  const somebody: Person = {
    id: "somebody",
    role,
    grants: grants.map((grant, index): [string, GrantData] => [`${index}`, only(definition, grant, areasOf(parts))]),
    connections: [],
  };
  const plain = { ...definition, roles: { [role]: {} } };
  return partsAllow(
    plain,
    somebody,
    parts,
    somebody.grants.map(([id]) => id),
  );
}

/** Whether no other connection beside it would make a group of it that the parts allow. */
function isInTheWay(definition: Definition, parts: Part[], grant: GrantData): boolean {
  return !grantsIn(definition, areasOf(parts)).some((other) => allowsGroup(definition, parts, [grant, other]));
}

/** Whether a connection is in the way by what it holds in one area, whatever it holds in the others. */
function isHitIn(definition: Definition, parts: Part[], grant: GrantData, area: string): boolean {
  return isInTheWay(
    definition,
    parts.filter((part) => part.area === area),
    grant,
  );
}

function firstLacking(definition: Definition, person: Person, obstacle: Obstacle, ids: string[]): Part {
  const { parts, unmet, lacking, inTheWay } = obstacle;
  return parts.find(
    (part) =>
      part === unmet ||
      lacking.includes(part) ||
      (!isOfAccount(definition, part.area as string) &&
        ids.some((id) => inTheWay.includes(id) && isInTheWay(definition, [part], grantOn(definition, person, id)))),
  ) as Part;
}

function levelOf(definition: Definition, person: Person, area: string, kind: string, ids: string[]): string {
  if (kind !== "none" || isOfAccount(definition, area)) return modelLevel(definition, person, area, ids);
  const rank = (id: string) => definition.levels.indexOf(grantOn(definition, person, id)[area] as string);
  return definition.levels[Math.max(0, ...ids.map(rank))] as string;
}

function blockersOf(
  definition: Definition,
  person: Person,
  { parts, inTheWay, unmet }: Obstacle,
  ids: string[],
): Explanation["blockers"] {
  const onConnections = parts.filter(({ area }) => !isOfAccount(definition, area as string));
  const changed = inTheWay.length > 0 ? inTheWay : unmet ? ids : [];
  return changed.map((connection) => {
    const grant = grantOn(definition, person, connection);
    const areas = Object.keys(definition.areas).filter(
      (area) =>
        area === unmet?.area ||
        (inTheWay.length > 0 &&
          onConnections.some((part) => part.area === area) &&
          isHitIn(definition, onConnections, grant, area)),
    );
    return { connection, ...changeIn(definition, onConnections, areas, grant) };
  });
}

function accountChange(definition: Definition, person: Person, { parts, lacking }: Obstacle): Explanation["account"] {
  if (lacking.length === 0) return undefined;
  const ofAccount = parts.filter(({ area }) => isOfAccount(definition, area as string));
  const areas = Object.keys(definition.areas).filter((area) => lacking.some((part) => part.area === area));
  return changeIn(definition, ofAccount, areas, accountOf(definition, person));
}

function changeIn(
  definition: Definition,
  parts: Part[],
  areas: string[],
  grant: GrantData,
): { holds: GrantData; needs: GrantData } {
  const needs = areas.map((area) => neededIn(definition, parts, area, grant));
  const together = needs.flatMap((state) => Object.entries(state));
  return { holds: only(definition, grant, areas), needs: Object.fromEntries(together) };
}

/** The states that do for every part about an area, on a group of one connection. */
function servingIn(definition: Definition, parts: Part[], area: string): GrantData[] {
  const about = parts.filter((part) => part.area === area);
  return statesOf(definition, area).filter((state) => {
    if (!isOfAccount(definition, area)) return allowsGroup(definition, about, [state]);
    const plain = { ...definition, roles: { somebody: {} } };
    const somebody = { id: "somebody", role: "somebody", grants: [], connections: [known], account: state };
    return partsAllow(plain, somebody, about, [known]);
  });
}

/** The lowest that takes nothing away; else the lowest higher level; else the highest lower one; with the fewest flags. */
function neededIn(definition: Definition, parts: Part[], area: string, grant: GrantData): GrantData {
  const rank = (state: GrantData) => definition.levels.indexOf(state[area] as string);
  const serving = servingIn(definition, parts, area);
  const flags = keysOf(definition, area).slice(1);
  const keepsFlags = (state: GrantData) => flags.every((flag) => !grant[flag] || state[flag] === true);
  const highest = Math.max(...serving.map(rank));
  return (serving.find((state) => rank(state) >= rank(grant) && keepsFlags(state)) ??
    serving.find((state) => rank(state) > rank(grant)) ??
    serving.find((state) => rank(state) === highest)) as GrantData;
}

function reasonFor(
  definition: Definition,
  person: Person,
  obstacle: Obstacle,
  part: Part,
  ids: string[],
  level: string,
): string {
  const area = part.area as string;
  const rank = (name: string) => definition.levels.indexOf(name);
  if (rank(level) === 0) return "no-access";
  const held = isOfAccount(definition, area)
    ? [accountOf(definition, person)]
    : ids.map((id) => grantOn(definition, person, id));
  const ranks = held.map((grant) => rank(grant[area] as string));
  const reached = part.some === undefined ? rank(level) : Math.max(...ranks);
  const asked = part.level ?? part.exactly ?? part.some ?? part.every;
  const wanted = lowestNamed(definition, asked as Pattern);
  if (reached < wanted) return "level-too-low";
  if (part.exactly !== undefined && reached > wanted) return "level-too-high";
  const isPlain = part.every === undefined || lowestNamed(definition, part.every) < 0;
  if (isPlain && (part.some === undefined || typeof part.some === "string")) return "flag-missing";
  // Of a pattern with gaps, what the worst of those in the way needs says which way the level is wrong, or the best of all.
  const inTheWay = held.filter((grant) => isInTheWay(definition, [part], grant));
  const changed = (inTheWay.length > 0 ? inTheWay : held).reduce((one, other) =>
    isBelow(definition, area, other, one) === inTheWay.length > 0 ? other : one,
  );
  const needed = rank(neededIn(definition, obstacle.parts, area, changed)[area] as string);
  if (needed === reached) return "flag-missing";
  return needed > reached ? "level-too-low" : "level-too-high";
}

function isBelow(definition: Definition, area: string, one: GrantData, other: GrantData): boolean {
  const place = (grant: GrantData) =>
    statesOf(definition, area).findIndex((state) => keysOf(definition, area).every((key) => state[key] === grant[key]));
  return place(one) < place(other);
}

/** The lowest level that a pattern names; below all where one of its alternatives names a flag only. */
function lowestNamed(definition: Definition, pattern: Pattern): number {
  if (Array.isArray(pattern)) return Math.min(...pattern.map((each) => lowestNamed(definition, each)));
  if (typeof pattern === "string") return definition.levels.indexOf(pattern);
  const named = new Map(Object.entries(pattern));
  return Math.max(...["level", "exactly"].map((key) => definition.levels.indexOf(String(named.get(key)))));
}
