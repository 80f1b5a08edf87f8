import {
  type Action,
  type Alternative,
  type Area,
  type Clause,
  compact,
  type Definition,
  listOf,
  oneOrMore,
  type Part,
} from "./definition.js";

/** The kinds of names in a definition. */
export type Kind = "level" | "area" | "flag" | "role" | "relation" | "action";

/**
 * What becomes of a name: another name, or undefined where what says it goes. A level is asked with the area that it
 * stands in, and with what for: the levels of a policy stand in none.
 */
export interface Mention {
  readonly kind: Kind;
  readonly name: string;
  readonly area?: string;
  /** How a level is meant: at it or above, at it alone, or as what a role holds. */
  readonly as?: "at-least" | "exactly" | "held";
}

export type Become = (mention: Mention) => string | undefined;

/**
 * Gives a definition in which every name has become what it becomes, wherever it is said. What cannot be without a name
 * goes with it: a clause with its area, an action with its last clause, the approval section with an action that it names.
 */
export function withNames(definition: Definition, become: Become): Definition {
  const { levels, areas, roles, relations, actions, approval } = definition;
  const of = (kind: Kind) => (name: string) => become({ kind, name });
  const actionsAfter = mapKeys(actions, of("action"), (action) => actionAfter(definition, action, become));
  const wentAway = (action: string) => {
    const name = become({ kind: "action", name: action });
    return name === undefined || !Object.hasOwn(actionsAfter, name);
  };
  return compact<Definition>({
    ...definition,
    levels: levels.flatMap((name) => become({ kind: "level", name }) ?? []),
    areas: mapKeys(areas, of("area"), (area, name) => areaAfter(name, area, become)),
    roles: mapKeys(roles, of("role"), (role) =>
      role.holds ? { ...role, holds: holdsAfter(definition, role.holds, become) } : role,
    ),
    relations: relations && noneOf(relations.flatMap((name) => become({ kind: "relation", name }) ?? [])),
    actions: actionsAfter,
    approval: approval && approvalAfter(approval, wentAway, of("action")),
  });
}

/** Maps names and values in their order; a value that becomes undefined goes with its name. */
export function mapKeys<Value>(
  record: Readonly<Record<string, Value>>,
  become: (name: string) => string | undefined,
  map: (value: Value, name: string) => Value | undefined,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const next = become(name);
      const mapped = next === undefined ? undefined : map(value, name);
      return next === undefined || mapped === undefined ? [] : [[next, mapped] as const];
    }),
  );
}

function areaAfter(name: string, area: Area, become: Become): Area {
  const level = (as?: "at-least") => (each: string) =>
    become(compact<Mention>({ kind: "level", name: each, area: name, as }));
  const { flags, noAccessCountsAs } = area;
  const flagsAfter =
    flags &&
    mapKeys(
      flags,
      (flag) => become({ kind: "flag", name: flag, area: name }),
      (beside) => noneOf(beside.flatMap((each) => level()(each) ?? [])),
    );
  return compact<Area>({
    ...area,
    levels: area.levels.flatMap((each) => level()(each) ?? []),
    flags: flagsAfter && Object.keys(flagsAfter).length > 0 ? flagsAfter : undefined,
    noAccessCountsAs: noAccessCountsAs === undefined ? undefined : level()(noAccessCountsAs),
  });
}

type Holds = Readonly<Record<string, string | boolean>>;

function holdsAfter({ areas }: Definition, holds: Holds, become: Become): Holds {
  return Object.fromEntries(
    Object.entries(holds).flatMap(([key, held]): readonly (readonly [string, string | boolean])[] => {
      if (typeof held === "string") {
        const area = become({ kind: "area", name: key });
        const level = become({ kind: "level", name: held, area: key, as: "held" });
        return area === undefined || level === undefined ? [] : [[area, level]];
      }
      const area = Object.keys(areas).find((name) => Object.hasOwn(areas[name]?.flags ?? {}, key));
      const goes = area !== undefined && become({ kind: "area", name: area }) === undefined;
      const flag = goes ? undefined : become(compact<Mention>({ kind: "flag", name: key, area }));
      return flag === undefined ? [] : [[flag, held]];
    }),
  );
}

function actionAfter(definition: Definition, action: Action, become: Become): Action | undefined {
  const clauses = listOf(action.allow);
  const left = clauses.flatMap((clause) => clauseAfter(definition, clause, become) ?? []);
  // An action that had no clause before keeps its place: it is being written.
  if (left.length === 0 && clauses.length > 0) return undefined;
  return { ...action, allow: Array.isArray(action.allow) ? left : (left[0] as Clause) };
}

function clauseAfter(definition: Definition, clause: Clause, become: Become): Clause | undefined {
  const { role, is, isNot, and } = clause;
  const names = (kind: Kind, value: Clause["role"]) => {
    const after = listOf(value).flatMap((name) => become({ kind, name }) ?? []);
    return Array.isArray(value) ? noneOf(after) : after[0];
  };
  const [roleAfter, isAfter, isNotAfter] = [names("role", role), names("relation", is), names("relation", isNot)];
  // What was for some users only would otherwise be for all.
  if ((role !== undefined && roleAfter === undefined) || (is !== undefined && isAfter === undefined)) return undefined;
  const andAfter = and?.map((part) => partAfter(definition, part, become));
  if (andAfter?.includes(undefined)) return undefined;
  const own = partAfter(definition, clause, become);
  if (own === undefined) return undefined;
  const after = compact<Clause>({
    ...own,
    role: roleAfter,
    is: isAfter,
    isNot: isNotAfter,
    and: andAfter as readonly Part[] | undefined,
  });
  // A clause that said nothing but who is not meant would be left with nothing to say.
  return Object.keys(after).length > 0 || Object.keys(clause).length === 0 ? after : undefined;
}

function partAfter(definition: Definition, part: Part, become: Become): Part | undefined {
  const { area, level, exactly, some, every } = part;
  if (area === undefined) return part;
  const areaName = become({ kind: "area", name: area });
  const pattern = (value: Part["some"]) => value && patternAfter(definition, area, value, become);
  const after = {
    level: level && become({ kind: "level", name: level, area, as: "at-least" }),
    exactly: exactly && become({ kind: "level", name: exactly, area, as: "exactly" }),
    some: pattern(some),
    every: pattern(every),
  };
  const lost = (["level", "exactly", "some", "every"] as const).some(
    (key) => part[key] !== undefined && after[key] === undefined,
  );
  return areaName === undefined || lost ? undefined : compact<Part>({ ...part, area: areaName, ...after });
}

function patternAfter({ areas }: Definition, area: string, pattern: NonNullable<Part["some"]>, become: Become) {
  const level = (name: string, as: "at-least" | "exactly") => become({ kind: "level", name, area, as });
  const flag = (name: string) => become({ kind: "flag", name, area });
  const isFlag = (name: string) => Object.hasOwn(areas[area]?.flags ?? {}, name);
  const after = listOf<Alternative>(pattern).flatMap((each): readonly Alternative[] => {
    if (typeof each === "string") return [(isFlag(each) ? flag(each) : level(each, "at-least")) ?? []].flat();
    const flags = each.flags?.map(flag);
    const states = {
      ...each,
      level: each.level && level(each.level, "at-least"),
      exactly: each.exactly && level(each.exactly, "exactly"),
      flags: flags?.includes(undefined) ? undefined : (flags as readonly string[] | undefined),
    };
    const lost = (["level", "exactly", "flags"] as const).some((key) => each[key] !== undefined && !states[key]);
    return lost ? [] : [compact(states)];
  });
  return Array.isArray(pattern) ? noneOf(after) : oneOrMore(after);
}

function approvalAfter(
  approval: Readonly<Record<string, unknown>>,
  wentAway: (action: string) => boolean,
  become: (action: string) => string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const after = Object.entries(approval).map(([key, value]): readonly [string, unknown] => {
    if (!askedFor.includes(key)) return [key, value];
    if (typeof value === "string") return [key, wentAway(value) ? undefined : become(value)];
    if (!Array.isArray(value)) return [key, value];
    return [key, noneOf(value.filter((each) => !wentAway(each)).map(become))];
  });
  return after.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(after);
}

/** The parts of the approval section that name actions. */
export const askedFor: readonly string[] = ["select", "submit", "edit", "approve", "reject", "release"];

function noneOf<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length > 0 ? list : undefined;
}
