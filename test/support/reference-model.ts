/**
 * What a policy means, written down a second time: plain lists and names, as the rules are told, sharing nothing
 * with the engine. Every answer of the engine is compared with this one's.
 */
export interface States {
  level?: string;
  exactly?: string;
  flags?: string[];
}
export type Pattern = string | States | (string | States)[];
export interface Part {
  area?: string;
  level?: string;
  exactly?: string;
  some?: Pattern;
  every?: Pattern;
}
export interface Clause extends Part {
  role?: string | string[];
  and?: Part[];
  is?: string | string[];
  isNot?: string | string[];
}
export type GrantData = Record<string, string | boolean | undefined>;
export interface Area {
  levels: string[];
  flags?: Record<string, string[]>;
  noAccessCountsAs?: string;
  of?: "account";
}
export interface Definition {
  name: string;
  levels: string[];
  areas: Record<string, Area>;
  roles: Record<string, { holds?: GrantData }>;
  relations?: string[];
  actions: Record<string, { target: "none" | "connection" | "group"; allow: Clause | Clause[] }>;
}
export interface Person {
  id: string;
  role: string;
  grants: [connection: string, grant: GrantData][];
  connections: string[];
  account?: GrantData;
}
export type Group = { connections: string[]; [relation: string]: string | string[] | null };
export type Target = undefined | string | Group;

export function modelCan(definition: Definition, person: Person, action: string, target?: Target): boolean {
  const clauses = [definition.actions[action]?.allow ?? []].flat();
  return clauses.some((clause) => clauseHolds(definition, person, clause, target));
}

export function modelLevel(definition: Definition, person: Person, area: string, connections: string[]): string {
  const { noAccessCountsAs, of } = definition.areas[area] as Area;
  if (of === "account") return accountStanding(definition, person, area).level;
  const noAccess = definition.levels[0] as string;
  const levels = connections.map((connection) => standing(definition, person, area, connection).level);
  if (levels.every((level) => level === noAccess)) return noAccess;
  const counted = levels.map((level) => (level === noAccess ? (noAccessCountsAs ?? noAccess) : level));
  return definition.levels.find((level) => counted.includes(level)) as string;
}

function clauseHolds(definition: Definition, person: Person, clause: Clause, target: Target): boolean {
  const isOneOf = (relations: string | string[]) =>
    [relations].flat().some((relation) => [(target as Group)[relation] ?? []].flat().includes(person.id));
  if (clause.role !== undefined && ![clause.role].flat().includes(person.role)) return false;
  if (clause.is !== undefined && !isOneOf(clause.is)) return false;
  if (clause.isNot !== undefined && isOneOf(clause.isNot)) return false;
  const parts = clause.and ?? (clause.area === undefined ? [] : [clause]);
  const connections =
    target === undefined ? held(definition, person) : typeof target === "string" ? [target] : target.connections;
  // What asks nothing of connections reaches those that the user knows; an empty group is allowed to nobody.
  if (parts.every(({ area }) => isOfAccount(definition, area as string))) {
    const reached = connections.length > 0 && connections.every((id) => knows(person, id));
    if (target !== undefined && !reached) return false;
  } else if (connections.length === 0) return false;
  return parts.every((part) => partHolds(definition, person, part, connections));
}

function partHolds(definition: Definition, person: Person, part: Part, connections: string[]): boolean {
  const rank = (level: string) => definition.levels.indexOf(level);
  const area = part.area as string;
  const states = isOfAccount(definition, area)
    ? [accountStanding(definition, person, area)]
    : connections.map((connection) => standing(definition, person, area, connection));
  const level = modelLevel(definition, person, area, connections);
  const { level: least, exactly, some, every } = part;
  return (
    (least === undefined || rank(level) >= rank(least)) &&
    (exactly === undefined || level === exactly) &&
    (some === undefined || states.some((state) => fits(definition, state, some))) &&
    (every === undefined || states.every((state) => fits(definition, state, every)))
  );
}

/** Whether a state is one of those that a pattern names. */
function fits(definition: Definition, state: State, pattern: Pattern): boolean {
  const rank = (level: string) => definition.levels.indexOf(level);
  if (Array.isArray(pattern)) return pattern.some((each) => fits(definition, state, each));
  if (typeof pattern === "string") {
    return rank(pattern) >= 0 ? rank(state.level) >= rank(pattern) : state.flags.includes(pattern);
  }
  const { level, exactly, flags = [] } = { __proto__: null, ...pattern } as States;
  return (
    (level === undefined || rank(state.level) >= rank(level)) &&
    (exactly === undefined || state.level === exactly) &&
    flags.every((flag) => state.flags.includes(flag))
  );
}

interface State {
  level: string;
  flags: string[];
}

function standing(definition: Definition, person: Person, area: string, connection: string): State {
  const holds = holdsOf(definition, person, false);
  const own = person.grants.find(([id]) => id === connection)?.[1];
  return stateIn(definition, area, (holds ? knows(person, connection) && holds : own) || {});
}

function accountStanding(definition: Definition, person: Person, area: string): State {
  return stateIn(definition, area, holdsOf(definition, person, true) ?? person.account ?? {});
}

function stateIn(definition: Definition, area: string, grant: GrantData): State {
  const entries = Object.entries(grant);
  const flags = Object.keys((definition.areas[area] as Area).flags ?? {});
  return {
    level: (entries.find(([key, level]) => key === area && level !== undefined)?.[1] ?? definition.levels[0]) as string,
    flags: flags.filter((flag) => entries.some(([key, on]) => key === flag && on)),
  };
}

/** What a role holds: on every known connection, or in the account. Each half is fixed by itself. */
export function holdsOf(
  definition: Definition,
  { role }: Pick<Person, "role">,
  ofAccount: boolean,
): GrantData | undefined {
  const holds = Object.entries(definition.roles).find(([name]) => name === role)?.[1].holds;
  if (!holds) return undefined;
  const keysOf = (half: boolean) =>
    Object.entries(definition.areas).flatMap(([area, { of, flags }]) =>
      (of === "account") === half ? [area, ...Object.keys(flags ?? {})] : [],
    );
  const names = (half: boolean) => Object.keys(holds).some((key) => keysOf(half).includes(key));
  // A role that names nothing holds nothing on every connection.
  return names(ofAccount) || (!ofAccount && !names(true)) ? holds : undefined;
}

export function isOfAccount(definition: Definition, area: string): boolean {
  return definition.areas[area]?.of === "account";
}

function knows(person: Person, connection: string): boolean {
  return person.connections.includes(connection) || person.grants.some(([id]) => id === connection);
}

function held(definition: Definition, person: Person): string[] {
  return holdsOf(definition, person, false) ? person.connections : person.grants.map(([id]) => id);
}
