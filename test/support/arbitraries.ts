import fc from "fast-check";
import { definePolicy, type Policy, type UserInput } from "../../src/index.js";
import {
  type Area,
  type Clause,
  type Definition,
  type GrantData,
  type Group,
  holdsOf,
  isOfAccount,
  modelCan,
  type Part,
  type Pattern,
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
export function toInput({ id, role, grants, connections, account }: Person): UserInput {
  return {
    id,
    role,
    grants: grants as Iterable<[string, Record<string, string>]>,
    connections,
    ...(account && { account: account as Record<string, string> }),
  };
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

/** A whole grant on a connection, or in the account; the flags of all areas are drawn with their levels. */
export function grantOf(definition: Definition, ofAccount = false): fc.Arbitrary<GrantData> {
  const areas = Object.entries(definition.areas).filter(([, { of }]) => (of === "account") === ofAccount);
  const parts = areas.map(([areaName, { levels, flags = {} }]) =>
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

/** Which part of the language is drawn: that of one word and one area, which every entry reads, or all of it. */
type Extent = "plain" | "whole";

function clause(definition: Definition, target: string, extent: Extent): fc.Arbitrary<Clause> {
  const { areas, roles, relations = [] } = definition;
  const role = oneOrMore(Object.keys(roles)).map((named): Clause => ({ role: named }));
  const about = (areaName: string) => part(definition, areaName, target, extent);
  const areaNames = Object.keys(areas);
  const asked: fc.Arbitrary<Clause> =
    areaNames.length > 0 ? fc.constantFrom(...areaNames).chain((name) => about(name) ?? role) : role;
  const several = fc
    .array(fc.constantFrom(undefined, ...areaNames), { minLength: 2, maxLength: 3 })
    .chain((names) =>
      fc.tuple(...names.map((name) => (name === undefined ? name : about(name)) ?? fc.constant<Part>({}))),
    )
    .map((parts): Clause => ({ and: parts.filter(({ area }) => area !== undefined) }))
    .chain((each) => (isWhole(definition, each) ? fc.constant(each) : asked));
  const subject = extent === "whole" ? fc.oneof({ weight: 2, arbitrary: asked }, several) : asked;
  const related =
    extent === "whole" && target === "group" && relations.length > 0
      ? fc.oneof(
          fc.constant({}),
          fc.record({ is: oneOrMore(relations), isNot: oneOrMore(relations) }, { requiredKeys: [] }),
        )
      : fc.constant({});
  const alone = fc.tuple(role, related).map(([one, other]): Clause => ({ ...one, ...other }));
  return fc.oneof(
    { weight: 1, arbitrary: alone },
    { weight: 3, arbitrary: fc.tuple(subject, related).map(([one, other]): Clause => ({ ...one, ...other })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(role, subject, related)
        .map(([named, one, other]): Clause => ({ ...one, ...other, ...named })),
    },
  );
}

/** Whether several areas may stand in one clause: at least two, and at most one that asks of some connection only. */
export function isWhole({ areas }: Definition, { and = [] }: Clause): boolean {
  const ofSome = and.filter(({ area, some, exactly, level }) => {
    const { levels, noAccessCountsAs, of } = areas[area as string] as Area;
    if (of === "account") return false;
    const lifted = level !== undefined && levels.indexOf(level) <= levels.indexOf(noAccessCountsAs ?? "");
    return some !== undefined || exactly !== undefined || lifted;
  });
  return and.length > 1 && ofSome.length < 2;
}

function oneOrMore(names: string[]): fc.Arbitrary<string | string[]> {
  return fc.oneof(fc.constantFrom(...names), someOf(names, 1));
}

/** What may be asked of one area; nothing where there is nothing to ask. */
function part(
  definition: Definition,
  areaName: string,
  target: string,
  extent: Extent,
): fc.Arbitrary<Part> | undefined {
  const { levels, flags = {}, noAccessCountsAs, of } = definition.areas[areaName] as Area;
  const above = levels.slice(1);
  const one = (key: keyof Part, choices: string[]): fc.Arbitrary<Part>[] =>
    choices.length > 0 ? [fc.constantFrom(...choices).map((choice) => ({ [key]: choice }))] : [];
  const patterned = (key: keyof Part): fc.Arbitrary<Part>[] =>
    above.length > 0 ? [pattern(above, Object.keys(flags)).map((choice) => ({ [key]: choice }))] : [];
  const some = of === "account" ? [] : [...one("some", above), ...(extent === "whole" ? patterned("some") : [])];
  const exactly = above.filter((each) => each !== noAccessCountsAs);
  const level = [...some, ...one("level", above), ...one("exactly", exactly)];
  const every = [...one("every", Object.keys(flags)), ...(extent === "whole" ? patterned("every") : [])];
  const both = level.flatMap((first) =>
    every.map((second) => fc.tuple(first, second).map(([x, y]): Part => ({ ...x, ...y }))),
  );
  const choices = target === "none" && of !== "account" ? some : [...level, ...every, ...both];
  return choices.length > 0 ? fc.oneof(...choices).map((rest): Part => ({ area: areaName, ...rest })) : undefined;
}

/** Any set of states that can be named. */
function pattern(above: string[], flags: string[]): fc.Arbitrary<Pattern> {
  const named = fc.constantFrom(...above, ...flags);
  const states = fc
    .record(
      {
        level: fc.constantFrom(...above),
        exactly: fc.constantFrom(...above),
        flags: flags.length > 0 ? someOf(flags, 1) : fc.constant([] as string[]),
      },
      { requiredKeys: [] },
    )
    .map(({ flags: with_, ...rest }) => ({ ...rest, ...(with_ && with_.length > 0 && { flags: with_ }) }))
    .map((each) => (Object.keys(each).length > 0 ? each : { level: above[0] as string }));
  return fc.oneof(named, states, fc.array(fc.oneof(named, states), { minLength: 1, maxLength: 3 }));
}

/** Policies of every shape; a clause that no state satisfies may be among them. */
const anyDefinition = (extent: Extent): fc.Arbitrary<Definition> =>
  fc
    .record({
      levels: distinct({ minLength: 1, maxLength: 5 }),
      areaNames: distinct({ minLength: extent === "whole" ? 0 : 1, maxLength: extent === "whole" ? 5 : 3 }),
      flagNames: distinct({ minLength: 0, maxLength: 3 }),
      roleNames: distinct({ minLength: 1, maxLength: 3 }),
      actionNames: distinct({ minLength: 1, maxLength: 5 }),
      relations: distinct({ minLength: 0, maxLength: 2 }),
      ofAccount: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    })
    .chain(({ levels, areaNames, flagNames, roleNames, actionNames, relations, ofAccount }) => {
      const flags = flagNames.filter((flag) => !areaNames.includes(flag) && !levels.includes(flag));
      const ofArea = (index: number) => flags.filter((_, other) => other % areaNames.length === index);
      const placed = (each: Area, index: number): Area => {
        if (extent === "plain" || !ofAccount[index]) return each;
        const { noAccessCountsAs: _, ...rest } = each;
        return { ...rest, of: "account" };
      };
      return fc.tuple(...areaNames.map((_, index) => area(levels, ofArea(index)))).chain((areas) => {
        const base: Definition = {
          name: "random",
          levels,
          areas: record(areaNames.map((areaName, index) => [areaName, placed(areas[index] as Area, index)])),
          ...(extent === "whole" && { relations }),
          roles: {},
          actions: {},
        };
        return withRules(base, roleNames, actionNames, extent);
      });
    });

/** A policy with roles and actions of these names. */
function withRules(
  base: Definition,
  roleNames: string[],
  actionNames: string[],
  extent: Extent,
): fc.Arbitrary<Definition> {
  const halves = [
    grantOf(base),
    grantOf(base, true),
    fc.tuple(grantOf(base), grantOf(base, true)).map(([x, y]) => ({ ...x, ...y })),
  ];
  const role = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.record({ holds: extent === "whole" ? fc.oneof(...halves) : grantOf(base) }) },
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
          clause(withRoles, target, extent),
          fc.array(clause(withRoles, target, extent), { minLength: 1, maxLength: 3 }),
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
}

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

/** Whether every clause, every part of one, and every part of a pattern is satisfied by some state. */
export function isSatisfiable(definition: Definition): boolean {
  return Object.values(definition.actions).every(({ allow }) =>
    [allow].flat().every(({ role: _role, is: _is, isNot: _isNot, ...rest }) => {
      const parts = rest.and ?? (rest.area === undefined ? [] : [rest]);
      const areas = [...new Set(parts.map(({ area: name }) => name as string))];
      const patterns = parts.flatMap(({ area: name, some, every }) =>
        [some ?? [], every ?? []].flat().map((each) => ({ area: name as string, [someKey(definition, name)]: each })),
      );
      return (
        patterns.every((each) => isServed(definition, [each])) &&
        areas.every((name) =>
          isServed(
            definition,
            parts.filter((each) => each.area === name),
          ),
        )
      );
    }),
  );
}

function someKey(definition: Definition, name: string | undefined): "some" | "every" {
  return isOfAccount(definition, name as string) ? "every" : "some";
}

/** Whether one state of an area satisfies all that is asked of it. */
function isServed(definition: Definition, parts: Part[]): boolean {
  const name = (parts[0] as Part).area as string;
  const asked: Definition = {
    ...definition,
    roles: { anybody: {} },
    actions: { asked: { target: "group", allow: { and: parts } } },
  };
  return statesOf(definition, name).some((state) => {
    const held = isOfAccount(definition, name) ? { grants: [["c", {}]], account: state } : { grants: [["c", state]] };
    const person = { id: "p", role: "anybody", connections: [], ...held } as unknown as Person;
    return modelCan(asked, person, "asked", { connections: ["c"] });
  });
}

export function countStates(definition: Definition): number {
  return Object.keys(definition.areas).reduce((sum, each) => sum + statesOf(definition, each).length, 0);
}

function fitsInWords(definition: Definition): boolean {
  return Object.keys(definition.areas).every((each) => statesOf(definition, each).length <= 30);
}

/** Policies of one word whose clauses ask of one area of connections, by level or flag: what every entry reads. */
export const definitions: fc.Arbitrary<Definition> = anyDefinition("plain").filter(
  (definition) => countStates(definition) <= 30 && isSatisfiable(definition),
);

/** The same, where some clause cannot be satisfied. */
export const unsatisfiableDefinitions: fc.Arbitrary<Definition> = anyDefinition("plain").filter(
  (definition) => countStates(definition) <= 30 && !isSatisfiable(definition),
);

/** Policies of the whole language: patterns, several areas, areas of the account, relations, more than 30 states. */
export const wholeDefinitions: fc.Arbitrary<Definition> = anyDefinition("whole").filter(
  (definition) => fitsInWords(definition) && isSatisfiable(definition),
);

const [none, some, all] = ["none", "some", "all"] as const;

/** Areas of few states, on connections and in the account: everybody there is can be asked. */
const fewStates: readonly Definition["areas"][] = [
  {},
  { posts: { levels: [none, some, all] } },
  { posts: { levels: [none, some, all], noAccessCountsAs: some } },
  { posts: { levels: [none, some, all], noAccessCountsAs: all } },
  { posts: { levels: [none, some], flags: { approver: [some] } } },
  { posts: { levels: [none, some, all], flags: { approver: [some] } } },
  { posts: { levels: [none, some], flags: { approver: [some] }, noAccessCountsAs: some } },
  { posts: { levels: [none, some] }, reports: { levels: [none, all] } },
  { posts: { levels: [none, some], noAccessCountsAs: some }, reports: { levels: [none, all] } },
  { posts: { levels: [none, some, all] }, reports: { levels: [none, all], noAccessCountsAs: all } },
];
const fewInAccount: readonly Definition["areas"][] = [
  {},
  { billing: { levels: [none, some, all], of: "account" } },
  { billing: { levels: [none, all], flags: { auditor: [all] }, of: "account" } },
  { billing: { levels: [none, all], of: "account" }, team: { levels: [none, some], of: "account" } },
];

/** Policies of the whole language in which everybody there is can be asked, with clauses of every kind in most of them. */
export const smallDefinitions: fc.Arbitrary<Definition> = fc
  .record({
    areas: fc.constantFrom(...fewStates),
    accountAreas: fc.constantFrom(...fewInAccount),
    relations: fc.constantFrom<string[]>([], ["author"], ["author", "assignee"]),
  })
  .chain(({ areas, accountAreas, relations }) => {
    const base = { name: "small", levels: [none, some, all], areas: { ...areas, ...accountAreas }, relations };
    return withRules({ ...base, roles: {}, actions: {} }, ["member", "owner"], ["view", "edit", "post"], "whole");
  })
  .filter(isSatisfiable);

/** The same, where some clause, or a part of one or of a pattern, cannot be satisfied. */
export const unsatisfiableWholeDefinitions: fc.Arbitrary<Definition> = anyDefinition("whole").filter(
  (definition) => fitsInWords(definition) && !isSatisfiable(definition),
);

export const connectionIds: fc.Arbitrary<string> = fc.constantFrom("fb", "ig", "x", "li", ...hostileNames);

/** Connections of a group: repeated ones and strangers among them. */
export const groups: fc.Arbitrary<string[]> = fc.array(connectionIds, { maxLength: 6 });

/** Whether a role holds the same on every connection, so that its users have no grants. */
export function isFixed(definition: Definition, role: string): boolean {
  return holdsOf(definition, { role }, false) !== undefined;
}

/** Whether a role holds the same in the account for everybody. */
export function isFixedInAccount(definition: Definition, role: string): boolean {
  return holdsOf(definition, { role }, true) !== undefined;
}

/** Tells whether a user of a role may be given something in the account as a whole. */
export function canHoldInAccount(definition: Definition, role: string): boolean {
  return Object.values(definition.areas).some(({ of }) => of === "account") && !isFixedInAccount(definition, role);
}

export function personOf(definition: Definition): fc.Arbitrary<Person> {
  return fc.constantFrom(...Object.keys(definition.roles)).chain((role) => {
    const grant = fc.tuple(connectionIds, grantOf(definition));
    const takesAccount = canHoldInAccount(definition, role);
    return fc.record({
      id: name,
      role: fc.constant(role),
      grants: isFixed(definition, role)
        ? fc.constant([])
        : fc.uniqueArray(grant, { maxLength: 6, selector: ([id]) => id }),
      connections: fc.uniqueArray(connectionIds, { maxLength: 4 }),
      ...(takesAccount && { account: grantOf(definition, true) }),
    }) as fc.Arbitrary<Person>;
  });
}

/** A random policy with somebody in it. */
export const worlds: fc.Arbitrary<{ definition: Definition; person: Person }> = definitions.chain((definition) =>
  fc.record({ definition: fc.constant(definition), person: personOf(definition) }),
);

/** A random policy of the whole language with somebody in it. */
export const wholeWorlds: fc.Arbitrary<{ definition: Definition; person: Person }> = wholeDefinitions.chain(
  (definition) => fc.record({ definition: fc.constant(definition), person: personOf(definition) }),
);

/** A post to a group, with who is in each relation to it: somebody of these, several, or nobody. */
export function postOf({ relations = [] }: Definition, connections: string[], ids: string[], choice: number): Group {
  const forms = [null, ids[0] ?? null, ids, [...ids.slice(1), "somebody else"], "somebody else"];
  const entries = relations.map((relation, index): [string, string | string[] | null] => [
    relation,
    forms[(choice + index * 2) % forms.length] as string | string[] | null,
  ]);
  return { ...record(entries), connections } as Group;
}
