import fc from "fast-check";
import { definePolicy, type Policy, type UserInput } from "../../src/index.js";
import {
  type Area,
  type Clause,
  type Definition,
  type GrantData,
  modelCan,
  type Person,
  type Target,
} from "./reference-model.js";

/** Names and ids that break whoever keeps them in an object. */
export const hostileNames = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "0",
  "10",
  "💥",
  "a b",
  "\ud800",
];

export const name: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta") },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
);

/** A definition as data, given to the engine as if it came from a file. */
export function define(definition: unknown): Policy {
  return definePolicy(definition as never) as unknown as Policy;
}

/** A person of the model as the engine takes it. */
export function toInput({ id, role, grants, connections }: Person): UserInput {
  return { id, role, grants: grants as Iterable<[string, Record<string, string>]>, connections };
}

/** A target as the last argument of any call. */
export function asked(target: Target): [string] {
  return (target === undefined ? [] : [target]) as [string];
}

/** A record, also of keys that an assignment would not set. */
function record<Value>(entries: [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries);
}

function distinct(constraints: { minLength: number; maxLength: number }): fc.Arbitrary<string[]> {
  return fc.uniqueArray(name, constraints);
}

/** Some of a list, in its order. */
function someOf(list: readonly string[], minLength = 0): fc.Arbitrary<string[]> {
  return fc.subarray([...list], { minLength });
}

const area = (levels: string[], flagNames: string[]): fc.Arbitrary<Area> =>
  someOf(levels.slice(1)).chain((above) =>
    fc.record(
      {
        levels: fc.constant([levels[0] as string, ...above]),
        flags: fc
          .tuple(...flagNames.map(() => someOf(above)))
          .map((beside) => record(flagNames.map((flag, index) => [flag, beside[index] ?? []]))),
        noAccessCountsAs: above.length > 0 ? fc.constantFrom(...above) : fc.constant(undefined as never),
      },
      { requiredKeys: ["levels"] },
    ),
  );

/** A whole grant that an area allows; the flags of all areas are drawn with their levels. */
export function grantOf({ areas }: Definition): fc.Arbitrary<GrantData> {
  const parts = Object.entries(areas).map(([areaName, { levels, flags = {} }]) =>
    fc.constantFrom(...levels).chain((level) => {
      const possible = Object.keys(flags).filter((flag) => flags[flag]?.includes(level));
      return someOf(possible).map(
        (on): GrantData =>
          record<string | boolean>([[areaName, level], ...on.map((flag): [string, boolean] => [flag, true])]),
      );
    }),
  );
  return fc.tuple(...parts).map((grants) => record(grants.flatMap((grant) => Object.entries(grant))));
}

function clause(definition: Definition, target: string): fc.Arbitrary<Clause> {
  const { areas, roles } = definition;
  const roleNames = Object.keys(roles);
  const role = fc.oneof(fc.constantFrom(...roleNames), someOf(roleNames, 1));
  const asked = fc.constantFrom(...Object.keys(areas)).chain((areaName) => {
    const { levels, flags = {}, noAccessCountsAs } = areas[areaName] as Area;
    const above = levels.slice(1);
    const one = (key: keyof Clause, choices: string[]): fc.Arbitrary<Clause>[] =>
      choices.length > 0 ? [fc.constantFrom(...choices).map((choice) => ({ [key]: choice }))] : [];
    const some = one("some", above);
    const level = [
      ...some,
      ...one("level", above),
      ...one(
        "exactly",
        above.filter((each) => each !== noAccessCountsAs),
      ),
    ];
    const flag = one("every", Object.keys(flags));
    const both = level.flatMap((first) =>
      flag.map((second) => fc.tuple(first, second).map(([x, y]) => ({ ...x, ...y }))),
    );
    const choices = target === "none" ? some : [...level, ...flag, ...both];
    return choices.length > 0
      ? fc.oneof(...choices).map((rest): Clause => ({ area: areaName, ...rest }))
      : role.map((named): Clause => ({ role: named }));
  });
  return fc.oneof(
    { weight: 1, arbitrary: role.map((named): Clause => ({ role: named })) },
    { weight: 3, arbitrary: asked },
    { weight: 1, arbitrary: fc.tuple(role, asked).map(([named, rest]): Clause => ({ ...rest, role: named })) },
  );
}

/** Policies of every shape, at most 30 states; a clause that no state satisfies may be among them. */
const anyDefinition: fc.Arbitrary<Definition> = fc
  .record({
    levels: distinct({ minLength: 1, maxLength: 5 }),
    areaNames: distinct({ minLength: 1, maxLength: 3 }),
    flagNames: distinct({ minLength: 0, maxLength: 3 }),
    roleNames: distinct({ minLength: 1, maxLength: 3 }),
    actionNames: distinct({ minLength: 1, maxLength: 5 }),
  })
  .chain(({ levels, areaNames, flagNames, roleNames, actionNames }) => {
    const flags = flagNames.filter((flag) => !areaNames.includes(flag));
    const ofArea = (index: number) => flags.filter((_, other) => other % areaNames.length === index);
    return fc.tuple(...areaNames.map((_, index) => area(levels, ofArea(index)))).chain((areas) => {
      const base: Definition = {
        name: "random",
        levels,
        areas: record(areaNames.map((areaName, index) => [areaName, areas[index] as Area])),
        roles: {},
        actions: {},
      };
      const role = fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.record({ holds: grantOf(base) }) },
      );
      return fc.tuple(...roleNames.map(() => role)).chain((roles) => {
        const withRoles = {
          ...base,
          roles: record(roleNames.map((roleName, index) => [roleName, roles[index] ?? {}])),
        };
        const action = fc.constantFrom("none", "connection", "group").chain((target) =>
          fc.record({
            target: fc.constant(target),
            allow: fc.oneof(
              clause(withRoles, target),
              fc.array(clause(withRoles, target), { minLength: 1, maxLength: 3 }),
            ),
          }),
        );
        return fc.tuple(...actionNames.map(() => action)).map((actions) => ({
          ...withRoles,
          actions: record(
            actionNames.map((actionName, index) => [actionName, actions[index] as Definition["actions"][string]]),
          ),
        }));
      });
    });
  });

/** Every way to stand in one area on one connection. */
export function statesOf({ areas }: Definition, areaName: string): GrantData[] {
  const { levels, flags = {} } = areas[areaName] as Area;
  return levels.flatMap((level) => {
    const possible = Object.keys(flags).filter((flag) => flags[flag]?.includes(level));
    const sets = possible.reduce<string[][]>((all, flag) => all.concat(all.map((set) => [...set, flag])), [[]]);
    return sets.map((set) =>
      record<string | boolean>([[areaName, level], ...set.map((flag): [string, boolean] => [flag, true])]),
    );
  });
}

/** Whether every clause is satisfied by some state, on one connection, for a user of a role that it is for. */
export function isSatisfiable(definition: Definition): boolean {
  return Object.values(definition.actions).every(({ allow }) =>
    [allow].flat().every(({ role: _, ...rest }) => {
      if (rest.area === undefined) return true;
      const asked: Definition = {
        ...definition,
        roles: { anybody: {} },
        actions: { asked: { target: "group", allow: rest } },
      };
      return statesOf(definition, rest.area).some((state) => {
        const person: Person = { id: "p", role: "anybody", grants: [["c", state]], connections: [] };
        return modelCan(asked, person, "asked", { connections: ["c"] });
      });
    }),
  );
}

export function countStates(definition: Definition): number {
  return Object.keys(definition.areas).reduce((sum, each) => sum + statesOf(definition, each).length, 0);
}

export const definitions: fc.Arbitrary<Definition> = anyDefinition.filter(
  (definition) => countStates(definition) <= 30 && isSatisfiable(definition),
);

/** The same, where some clause cannot be satisfied. */
export const unsatisfiableDefinitions: fc.Arbitrary<Definition> = anyDefinition.filter(
  (definition) => countStates(definition) <= 30 && !isSatisfiable(definition),
);

export const connectionIds: fc.Arbitrary<string> = fc.constantFrom("fb", "ig", "x", "li", ...hostileNames);

/** Connections of a group: repeated ones and strangers among them. */
export const groups: fc.Arbitrary<string[]> = fc.array(connectionIds, { maxLength: 6 });

/** Whether a role holds the same everywhere, so that its users have no grants. */
export function isFixed({ roles }: Definition, role: string): boolean {
  return Object.entries(roles).some(([name, { holds }]) => name === role && holds !== undefined);
}

export function personOf(definition: Definition): fc.Arbitrary<Person> {
  return fc.constantFrom(...Object.keys(definition.roles)).chain((role) => {
    const grant = fc.tuple(connectionIds, grantOf(definition));
    return fc.record({
      id: name,
      role: fc.constant(role),
      grants: isFixed(definition, role)
        ? fc.constant([])
        : fc.uniqueArray(grant, { maxLength: 6, selector: ([id]) => id }),
      connections: fc.uniqueArray(connectionIds, { maxLength: 4 }),
    });
  });
}

/** A random policy with somebody in it. */
export const worlds: fc.Arbitrary<{ definition: Definition; person: Person }> = definitions.chain((definition) =>
  fc.record({ definition: fc.constant(definition), person: personOf(definition) }),
);
