import { describe, expect, it } from "vitest";
import { can, createMatrix, createUser, explain } from "../../src/index.js";
import { asked, define, isSatisfiable, isWhole, statesOf, toInput } from "../support/arbitraries.js";
import {
  type Area,
  type Clause,
  type Definition,
  type GrantData,
  modelCan,
  type Part,
  type Pattern,
  type Person,
  type States,
} from "../support/reference-model.js";
import { isThorough } from "../support/runs.js";

// Every small shape of area, every way to ask of it, and every standing: a proof for groups of every size. The long run
// goes to four levels and two flags.

const levelNames = ["none", "low", "mid", "high"];
const [mostLevels, mostFlags] = isThorough ? [4, 2] : [3, 1];

function subsetsOf<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((sets, item) => sets.concat(sets.map((set) => [...set, item])), [[]]);
}

/** Every shape of area: its levels, the levels beside each flag, and what no access counts as. */
function shapes(): Area[] {
  return Array.from({ length: mostLevels - 1 }, (_, index) => levelNames.slice(0, index + 2)).flatMap((levels) => {
    const beside = subsetsOf(levels.slice(1)).filter((set) => set.length > 0);
    const one = mostFlags > 0 ? beside.map((set) => ({ f: set })) : [];
    const two = mostFlags > 1 ? beside.flatMap((set, index) => beside.slice(index).map((g) => ({ f: set, g }))) : [];
    const flagged: Record<string, string[]>[] = [{}, ...one, ...two];
    return flagged.flatMap((flags) =>
      [undefined, ...levels.slice(1)].map((lift): Area => ({ levels, flags, ...(lift && { noAccessCountsAs: lift }) })),
    );
  });
}

/** Every pattern that is no list. */
function alternatives({ levels, flags = {} }: Area): (string | States)[] {
  const above = levels.slice(1);
  const maybe = [undefined, ...above];
  const objects = maybe.flatMap((level) =>
    maybe.flatMap((exactly) =>
      subsetsOf(Object.keys(flags)).map(
        (named): States => ({
          ...(level && { level }),
          ...(exactly && { exactly }),
          ...(named.length > 0 && { flags: named }),
        }),
      ),
    ),
  );
  return [...above, ...Object.keys(flags), ...objects.filter((each) => Object.keys(each).length > 0)];
}

const definitionOf = (areas: Record<string, Area>, clauses: Clause[]): Definition => ({
  name: "shape",
  levels: levelNames,
  areas,
  roles: { user: {} },
  actions: Object.fromEntries(clauses.map((allow, index) => [`a${index}`, { target: "group" as const, allow }])),
});

const isSound = (areas: Record<string, Area>) => (clause: Clause) => isSatisfiable(definitionOf(areas, [clause]));

/** Every pattern that some state satisfies: each by itself, and the lists of two that say something else. */
function patterns(area: Area): Pattern[] {
  const named = alternatives(area).filter((each) => isSound({ a: area })({ area: "a", every: each }));
  const states = statesOf(definitionOf({ a: area }, []), "a");
  const meaning = (pattern: Pattern) =>
    states.map((state) => {
      const definition = definitionOf({ a: area }, [{ area: "a", every: pattern }]);
      const person: Person = { id: "p", role: "user", grants: [["c", state]], connections: [] };
      return Number(modelCan(definition, person, "a0", { connections: ["c"] }));
    });
  const known = new Set(named.map((each) => meaning(each).join("")));
  const lists = named.flatMap((one, index) => named.slice(index + 1).map((other): Pattern => [one, other]));
  return [
    ...named,
    ...lists.filter((list) => {
      const key = meaning(list).join("");
      return !known.has(key) && known.add(key);
    }),
  ];
}

/** Everything that may be asked of one area. */
function parts(name: string, area: Area): Part[] {
  const above = area.levels.slice(1);
  const all = patterns(area);
  const levels = [
    ...above.map((level): Part => ({ level })),
    ...above.filter((each) => each !== area.noAccessCountsAs).map((exactly): Part => ({ exactly })),
  ];
  const some = all.map((each): Part => ({ some: each }));
  const every = all.map((each): Part => ({ every: each }));
  const both = [...levels, ...some.slice(0, above.length)].flatMap((one) =>
    every.map((other) => ({ ...one, ...other })),
  );
  return [...levels, ...some, ...every, ...both]
    .map((each): Part => ({ area: name, ...each }))
    .filter(isSound({ [name]: area }));
}

/** Compares every action on every group of connections, one in each of the states, with the reference model. */
function compare(definition: Definition, grants: GrantData[], groups: string[][]): void {
  const policy = define(definition);
  const person: Person = {
    id: "p",
    role: "user",
    grants: grants.map((grant, index): [string, GrantData] => [`c${index}`, grant]),
    connections: ["known"],
  };
  const user = createUser(policy, toInput(person));
  for (const action of Object.keys(definition.actions)) {
    for (const connections of groups) {
      const expected = modelCan(definition, person, action, { connections });
      if (can(user, action, ...asked({ connections })) === expected) continue;
      throw new Error(`not ${expected}: ${JSON.stringify({ allow: definition.actions[action], connections, person })}`);
    }
  }
}

describe("every way to ask of an area, on every standing", () => {
  it("the engine says what the reference model says", () => {
    for (const area of shapes()) {
      const clauses = parts("a", area);
      const definition = definitionOf({ a: area }, clauses);
      const states = statesOf(definition, "a");
      const all = states.map((_, index) => `c${index}`);
      // Larger ones are those of an area of four levels with two flags: their subsets of up to four states are enough to
      // tell whether each mask has each state.
      const groups = subsetsOf([...all, "stranger"]).filter((set) => states.length <= 7 || set.length <= 3);
      compare(definition, states, groups);
    }
  });
});

describe("every pair in and, on every standing of two areas", () => {
  const pairOf = (lift: boolean): [Area, Area] => [
    { levels: ["none", "low", "high"], flags: { f: ["high"] }, ...(lift && { noAccessCountsAs: "low" }) },
    { levels: ["none", "mid"], flags: { g: ["mid"] } },
  ];

  it.each([false, true])("the engine says what the reference model says (lifted: %s)", (lift) => {
    const [a, b] = pairOf(lift);
    const areas = { a, b };
    const pairs = parts("a", a).flatMap((one) => parts("b", b).map((other): Clause => ({ and: [one, other] })));
    const twice = parts("b", b).flatMap((one) => parts("b", b).map((other): Clause => ({ and: [one, other] })));
    const whole = [...pairs, ...twice].filter((each) => isWhole(definitionOf(areas, []), each));
    const clauses = whole.filter(isSound(areas));
    const definition = definitionOf(areas, clauses);
    const [inA, inB] = [statesOf(definition, "a"), statesOf(definition, "b")];
    const grants = inA.flatMap((one) => inB.map((other) => ({ ...one, ...other })));
    const indexes = (set: number[], size: number) =>
      Array.from({ length: size }, (_, at) => set[at % set.length] as number);
    const nonEmpty = (count: number) => subsetsOf(Array.from({ length: count }, (_, index) => index)).slice(1);
    const groups = nonEmpty(inA.length).flatMap((one) =>
      nonEmpty(inB.length).map((other) => {
        const size = Math.max(one.length, other.length);
        const places = indexes(other, size);
        return indexes(one, size).map((state, at) => `c${state * inB.length + (places[at] as number)}`);
      }),
    );
    expect(groups).toHaveLength(15 * 7);
    compare(definition, grants, [[], ...groups, ["known"], ["stranger"], ["c5", "stranger"]]);
  });

  it("what an explanation says is enough (law 7)", () => {
    const [a, b] = pairOf(true);
    const areas = { a, b };
    const pairs = parts("a", a).flatMap((one) => parts("b", b).map((other): Clause => ({ and: [one, other] })));
    const clauses = pairs.filter((each) => isWhole(definitionOf(areas, []), each)).filter((_, at) => at % 7 === 0);
    const definition = definitionOf(areas, clauses);
    const [inA, inB] = [statesOf(definition, "a"), statesOf(definition, "b")];
    const grants = inA.flatMap((one) => inB.map((other) => ({ ...one, ...other })));
    const users = [{ id: "p", role: "user", grants: grants.map((grant, index) => [`c${index}`, grant] as const) }];
    const matrix = createMatrix(define(definition), { users } as never);
    for (const action of Object.keys(definition.actions)) {
      for (const one of grants.keys()) {
        const connections = [`c${one}`, `c${(one * 5 + 2) % grants.length}`];
        const decision = explain(matrix.user("p"), action, ...asked({ connections }));
        if (decision.allowed) continue;
        const repairs = decision.unblock === "every" ? [decision.blockers] : decision.blockers.map((each) => [each]);
        expect(repairs.length).toBeGreaterThan(0);
        for (const repair of repairs) {
          const repaired = repair.reduce(
            (all, { connection, needs }) => all.assign("p", connection, { ...all.grant("p", connection), ...needs }),
            matrix,
          );
          expect(can(repaired.user("p"), action, ...asked({ connections }))).toBe(true);
        }
      }
    }
  });
});
