/**
 * What a policy means, written down a second time: plain lists and names, as the rules are told, sharing nothing
 * with the engine. Every answer of the engine is compared with this one's.
 */
export interface Clause {
  role?: string | string[];
  area?: string;
  level?: string;
  exactly?: string;
  some?: string;
  every?: string;
}
export type GrantData = Record<string, string | boolean | undefined>;
export interface Area {
  levels: string[];
  flags?: Record<string, string[]>;
  noAccessCountsAs?: string;
}
export interface Definition {
  name: string;
  levels: string[];
  areas: Record<string, Area>;
  roles: Record<string, { holds?: GrantData }>;
  actions: Record<string, { target: "none" | "connection" | "group"; allow: Clause | Clause[] }>;
}
export interface Person {
  id: string;
  role: string;
  grants: [connection: string, grant: GrantData][];
  connections: string[];
}
export type Target = undefined | string | { connections: string[] };

export function modelCan(definition: Definition, person: Person, action: string, target?: Target): boolean {
  const clauses = [definition.actions[action]?.allow ?? []].flat();
  return clauses.some((clause) => clauseHolds(definition, person, clause, target));
}

export function modelLevel(definition: Definition, person: Person, area: string, connections: string[]): string {
  const { noAccessCountsAs } = definition.areas[area] as Area;
  const noAccess = definition.levels[0] as string;
  const levels = connections.map((connection) => standing(definition, person, area, connection).level);
  if (levels.every((level) => level === noAccess)) return noAccess;
  const counted = levels.map((level) => (level === noAccess ? (noAccessCountsAs ?? noAccess) : level));
  return definition.levels.find((level) => counted.includes(level)) as string;
}

function clauseHolds(definition: Definition, person: Person, clause: Clause, target: Target): boolean {
  const rank = (level: string) => definition.levels.indexOf(level);
  if (clause.role !== undefined && ![clause.role].flat().includes(person.role)) return false;
  const connections =
    target === undefined ? held(definition, person) : typeof target === "string" ? [target] : target.connections;
  if (clause.area === undefined) {
    return target === undefined || (connections.length > 0 && connections.every((id) => knows(person, id)));
  }
  if (connections.length === 0) return false;
  const area = clause.area;
  const states = connections.map((connection) => standing(definition, person, area, connection));
  const level = modelLevel(definition, person, area, connections);
  const { level: least, exactly, some, every } = clause;
  return (
    (least === undefined || rank(level) >= rank(least)) &&
    (exactly === undefined || level === exactly) &&
    (some === undefined || states.some((state) => rank(state.level) >= rank(some))) &&
    (every === undefined || states.every((state) => state.flags.includes(every)))
  );
}

function standing(definition: Definition, person: Person, area: string, connection: string) {
  const holds = Object.entries(definition.roles).find(([role]) => role === person.role)?.[1].holds;
  const own = person.grants.find(([id]) => id === connection)?.[1];
  const grant = Object.entries((holds ? knows(person, connection) && holds : own) || {});
  const flags = Object.keys((definition.areas[area] as Area).flags ?? {});
  return {
    level: (grant.find(([key, level]) => key === area && level !== undefined)?.[1] ?? definition.levels[0]) as string,
    flags: flags.filter((flag) => grant.some(([key, on]) => key === flag && on)),
  };
}

function knows(person: Person, connection: string): boolean {
  return person.connections.includes(connection) || person.grants.some(([id]) => id === connection);
}

function held(definition: Definition, person: Person): string[] {
  const fixed = Object.entries(definition.roles).some(([role, { holds }]) => role === person.role && holds);
  return fixed ? person.connections : person.grants.map(([id]) => id);
}
