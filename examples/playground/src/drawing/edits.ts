import {
  type Action,
  type Area,
  type Clause,
  compact,
  type Definition,
  listOf,
  type OneOrMore,
  type Role,
} from "./definition.js";
import { askedFor, type Become, type Kind, type Mention, mapKeys, withNames } from "./mentions.js";

/** A change of a definition; it leaves what it is given as it was. */
export type Edit = (definition: Definition) => Definition;

/** A name in a definition; of a flag, with its area. */
export interface Named {
  readonly kind: Kind;
  readonly name: string;
  readonly area?: string;
}

/** Lists the names of a kind, in their order. */
export function namesOf(definition: Definition, kind: Kind, area = ""): readonly string[] {
  switch (kind) {
    case "level":
      return definition.levels;
    case "area":
      return Object.keys(definition.areas);
    case "flag":
      return Object.keys(definition.areas[area]?.flags ?? {});
    case "role":
      return Object.keys(definition.roles);
    case "relation":
      return definition.relations ?? [];
    case "action":
      return Object.keys(definition.actions);
  }
}

/** Says why something may not be called so: a list cannot tell two of one name apart. */
export function nameFault(definition: Definition, kind: Kind, name: string, was?: string): string | undefined {
  if (name === "") return "A name is needed.";
  if (name === "__proto__") return "This name cannot be drawn.";
  if (name === was) return undefined;
  const areas = Object.keys(definition.areas);
  const taken = kind === "flag" ? areas.flatMap((area) => namesOf(definition, kind, area)) : namesOf(definition, kind);
  return taken.includes(name) ? "There is one of this name." : undefined;
}

/** Renames something wherever it is said. */
export function rename(named: Named, to: string): Edit {
  return (definition) => withNames(definition, (each) => (isOf(named, each) ? to : each.name));
}

/**
 * Removes something with all that cannot be without it. A level that is asked becomes the next higher one of its area,
 * which asks the same of the states that are left; a level that a role holds becomes the next lower one.
 */
export function remove(named: Named): Edit {
  const { kind, name } = named;
  if (kind === "level") return (definition) => settled(withNames(definition, withoutLevel(definition, name)));
  const ofIt = (each: Mention) => kind === "area" && each.area === name;
  return (definition) => withNames(definition, (each) => (isOf(named, each) || ofIt(each) ? undefined : each.name));
}

/** Adds something at the end of its kind, as little as it can be. */
export function add({ kind, name, area = "" }: Named): Edit {
  return (definition) => {
    const { levels, areas, roles, relations = [], actions } = definition;
    const [lowest = ""] = levels;
    switch (kind) {
      case "level":
        return { ...definition, levels: [...levels, name] };
      case "area":
        return { ...definition, areas: { ...areas, [name]: { levels: [lowest, ...levels.slice(-1)] } } };
      case "flag": {
        const { levels: own = [], flags } = areas[area] ?? {};
        return withArea(area, (it) => ({ ...it, flags: { ...flags, [name]: own.slice(-1) } }))(definition);
      }
      case "role":
        return { ...definition, roles: { ...roles, [name]: {} } };
      case "relation":
        return withRelations(definition, [...relations, name]);
      case "action": {
        const clause = firstClause(definition);
        return { ...definition, actions: { ...actions, [name]: { target: "group", allow: clause } } };
      }
    }
  };
}

/** Moves something among its like, up or down a list by one. The lowest level stays the lowest. */
export function move({ kind, name, area = "" }: Named, by: 1 | -1): Edit {
  return (definition) => {
    const names = moved(namesOf(definition, kind, area), name, by);
    switch (kind) {
      case "level": {
        if (names[0] !== definition.levels[0]) return definition;
        const areas = mapKeys(
          definition.areas,
          (each) => each,
          (each) => ({
            ...each,
            levels: inOrder(each.levels, names),
            ...(each.flags && {
              flags: mapKeys(
                each.flags,
                (flag) => flag,
                (beside) => inOrder(beside, names),
              ),
            }),
          }),
        );
        return { ...definition, levels: names, areas };
      }
      case "area":
        return { ...definition, areas: inOrderOf(definition.areas, names) };
      case "flag":
        return withArea(area, (it) => ({ ...it, flags: inOrderOf(it.flags ?? {}, names) }))(definition);
      case "role":
        return { ...definition, roles: inOrderOf(definition.roles, names) };
      case "relation":
        return withRelations(definition, names);
      case "action":
        return { ...definition, actions: inOrderOf(definition.actions, names) };
    }
  };
}

/** Gives an area a level, or takes it away with what cannot be without it. */
export function putLevel(area: string, level: string, has: boolean): Edit {
  return (definition) => {
    if (!has) return settled(withNames(definition, withoutLevel(definition, level, area)));
    return withArea(area, (it) => ({ ...it, levels: inOrder([...it.levels, level], definition.levels) }))(definition);
  };
}

/** Lets a flag stand beside a level, or no more. A flag that stands beside none goes. */
export function putFlag(area: string, flag: string, level: string, may: boolean): Edit {
  return (definition) => {
    const beside = definition.areas[area]?.flags?.[flag] ?? [];
    const next = may ? inOrder([...beside, level], definition.levels) : beside.filter((each) => each !== level);
    if (next.length === 0) return remove({ kind: "flag", name: flag, area })(definition);
    return settled(withArea(area, (it) => ({ ...it, flags: { ...it.flags, [flag]: next } }))(definition));
  };
}

/** Sets what no access counts as in an area beside an accessible connection; undefined for what it is. */
export function putLift(area: string, noAccessCountsAs: string | undefined): Edit {
  return withArea(area, (it) => compact<Area>({ ...it, noAccessCountsAs }));
}

/** Says whether an area is held once in the account. */
export function putHalf(area: string, isAccount: boolean): Edit {
  return withArea(area, (it) => compact<Area>({ ...it, of: isAccount ? "account" : undefined }));
}

/** Sets what a role holds everywhere; undefined where each of its users is granted something. */
export function putHolds(role: string, holds: Role["holds"]): Edit {
  return (definition) => ({
    ...definition,
    roles: { ...definition.roles, [role]: compact<Role>({ ...definition.roles[role], holds }) },
  });
}

/** Says what an action is asked about. */
export function putTarget(action: string, target: string): Edit {
  return withAction(action, (it) => ({ ...it, target }));
}

/** Sets the clauses of an action; one stands by itself, unless it stood in a list. */
export function putClauses(action: string, clauses: readonly Clause[]): Edit {
  return withAction(action, (it) => {
    const single = clauses.length === 1 && !Array.isArray(it.allow) ? clauses[0] : undefined;
    return { ...it, allow: single ?? clauses };
  });
}

/** Sets one clause of an action, or takes it away. */
export function putClause(action: string, index: number, clause: Clause | undefined): Edit {
  return (definition) => {
    const clauses = listOf<Clause>(definition.actions[action]?.allow as OneOrMore<Clause>);
    const next = clause === undefined ? clauses.toSpliced(index, 1) : clauses.with(index, clause);
    return putClauses(action, next)(definition);
  };
}

/** Sets the approval section; undefined where posts need no approval. */
export function putApproval(approval: Definition["approval"]): Edit {
  return (definition) => compact<Definition>({ ...definition, approval });
}

/** Gives the actions that a part of the approval section may name. */
export function actionsFor({ actions }: Definition, part: string): readonly string[] {
  const may = part === "select" ? ["connection", "group"] : ["group"];
  return Object.keys(actions).filter((action) => may.includes(actions[action]?.target ?? ""));
}

/** An approval section to begin with; undefined where no action is about a post. */
export function firstApproval(definition: Definition): Definition["approval"] {
  const [action] = actionsFor(definition, "submit");
  if (action === undefined) return undefined;
  const asked = Object.fromEntries(askedFor.map((part) => [part, action]));
  return { ...asked, approvers: "named", steps: 1, authorMayApprove: false };
}

/** A clause to begin with: the first area at its highest level, or the first role. */
export function firstClause({ areas, roles }: Definition): Clause {
  const [area] = Object.keys(areas).filter((name) => areas[name]?.of !== "account");
  const level = areas[area ?? ""]?.levels.at(-1);
  if (area !== undefined && level !== undefined) return { area, level };
  return compact<Clause>({ role: Object.keys(roles)[0] });
}

/** Tells whether a name is said of something; a flag is another one in another area. */
function isOf({ kind, name, area }: Named, said: Mention): boolean {
  return said.kind === kind && said.name === name && (kind !== "flag" || said.area === area);
}

function withArea(area: string, edit: (it: Area) => Area): Edit {
  return (definition) => {
    const it = definition.areas[area];
    return it === undefined ? definition : { ...definition, areas: { ...definition.areas, [area]: edit(it) } };
  };
}

function withAction(action: string, edit: (it: Action) => Action): Edit {
  return (definition) => {
    const it = definition.actions[action];
    return it === undefined ? definition : { ...definition, actions: { ...definition.actions, [action]: edit(it) } };
  };
}

function withRelations(definition: Definition, relations: readonly string[]): Definition {
  if (definition.relations !== undefined || relations.length === 0) return { ...definition, relations };
  // Where definitions have them: between the roles and the actions.
  const entries = Object.entries(definition).filter(([key]) => key !== "relations");
  const at = entries.findIndex(([key]) => key === "actions");
  return Object.fromEntries(entries.toSpliced(at, 0, ["relations", relations])) as unknown as Definition;
}

/** What becomes of names without a level, in one area or in all of the policy. */
function withoutLevel({ areas }: Definition, level: string, only?: string): Become {
  const next = (area: string, by: 1 | -1) => {
    const levels = areas[area]?.levels ?? [];
    return levels[levels.indexOf(level) + by];
  };
  return ({ kind, name, area, as }) => {
    if (kind === "flag" && area !== undefined && (only ?? area) === area) {
      const beside = areas[area]?.flags?.[name] ?? [];
      return beside.length === 1 && beside[0] === level ? undefined : name;
    }
    if (kind !== "level" || name !== level || (only !== undefined && area !== only)) return name;
    if (area !== undefined && as === "at-least") return next(area, 1);
    if (area !== undefined && as === "held") return next(area, -1);
    return undefined;
  };
}

/** Takes flags from what roles hold where they may not stand beside the level that is held there. */
function settled(definition: Definition): Definition {
  const flags = new Map(
    Object.entries(definition.areas).flatMap(([area, each]) =>
      Object.entries(each.flags ?? {}).map(([flag, beside]) => [flag, { area, beside }] as const),
    ),
  );
  const mayHold = (holds: NonNullable<Role["holds"]>, key: string) => {
    const flag = flags.get(key);
    return flag === undefined || flag.beside.includes(String(holds[flag.area]));
  };
  const roles = mapKeys(
    definition.roles,
    (role) => role,
    (role) => {
      const { holds } = role;
      if (holds === undefined) return role;
      const kept = Object.entries(holds).filter(([key]) => mayHold(holds, key));
      return { ...role, holds: Object.fromEntries(kept) };
    },
  );
  return { ...definition, roles };
}

function moved(names: readonly string[], name: string, by: 1 | -1): readonly string[] {
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return names;
  return names.toSpliced(from, 1).toSpliced(to, 0, name);
}

/** Sorts some names as a list has them; what the list does not have stays at the end. */
function inOrder(names: readonly string[], order: readonly string[]): readonly string[] {
  const others = names.filter((name) => !order.includes(name));
  return [...order.filter((name) => names.includes(name)), ...others];
}

function inOrderOf<Value>(record: Readonly<Record<string, Value>>, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, record[name] as Value]));
}
