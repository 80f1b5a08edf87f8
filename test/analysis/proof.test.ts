import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, type Condition, checkPolicy, comparePolicies, type Witness } from "../../src/analysis/index.js";
import { buffer, engage, type Policy, PolicyError } from "../../src/index.js";
import { define, definitions, isFixed, statesOf } from "../support/arbitraries.js";
import {
  type Answers,
  alikeIn,
  allows,
  answersOf,
  differencesBetween,
  grantsOf,
  losesIt,
  replacementsIn,
  type Situation,
  situationsOf,
  witnessOf,
} from "../support/brute-force.js";
import type { Clause, Definition, GrantData } from "../support/reference-model.js";
import { bufferRules, engageRules } from "../support/rules-as-claims.js";
import { runs, sizeUpTo } from "../support/runs.js";

// What is said to hold of a policy is asked of everybody, over all groups of up to four connections in both models (three in the short run), and
// over all that there are in random policies of few states. What is said not to hold is replayed.

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
const models = [
  {
    name: "engage",
    policy: engage as Policy,
    definition: plain(engage) as Definition,
    properties: { claims: engageRules as readonly Claim[] },
  },
  {
    name: "buffer",
    policy: buffer as Policy,
    definition: plain(buffer) as Definition,
    properties: { claims: bufferRules as readonly Claim[], exceptions: ["drafts.request-approval"] },
  },
];
const most = sizeUpTo(4);

/** Policies of so few states that everybody can be asked, however many connections it takes. */
const few = definitions.filter((definition) => grantsOf(definition).length <= 7);

function checkOf(policy: Policy, check: string, properties = {}) {
  return checkPolicy(policy, properties).checks.find((each) => each.check === check) ?? expect.unreachable(check);
}

function sizeOf({ user, connections }: Witness): number {
  return new Set([...Object.keys(user.grants ?? {}), ...(user.connections ?? []), ...connections]).size;
}

/** Compares what is checked of every policy with what everybody answered. */
function expectChecks(policy: Policy, definition: Definition, everybody: readonly Answers[], size: number): void {
  const situations = situationsOf(definition, everybody);
  const actions = Object.keys(definition.actions);
  const isAbout = ({ hasGroup }: Situation, action: string) =>
    hasGroup || definition.actions[action]?.target === "none";
  const answered = (wanted: boolean) =>
    actions.filter((action) => situations.some((each) => isAbout(each, action) && each.allowed.has(action) === wanted));
  const named = (check: string) => checkOf(policy, check).findings.map(({ action }) => action);
  expect(named("nobody")).toEqual(actions.filter((action) => !answered(true).includes(action)));
  expect(named("everybody")).toEqual(actions.filter((action) => !answered(false).includes(action)));

  const replacements = replacementsIn(definition, everybody, size);
  const { findings } = checkOf(policy, "raising");
  const losses = findings.map(({ action, area, witness }): [string, number] => [
    JSON.stringify([action, area]),
    sizeOf(witness as Witness),
  ]);
  expect(new Map(losses)).toEqual(replacements.lost);
  for (const finding of findings) expect(losesIt(policy, finding)).toBe(true);
  const alike = checkOf(policy, "told-apart").findings.map(({ area, names }) => [area, names]);
  expect(alike).toEqual(alikeIn(definition, replacements));
}

/** Compares what is allowed without a grant with who was given nothing, or strangers alone. */
function expectDefaultDeny(policy: Policy, definition: Definition): void {
  const { holds, exceptions } = checkOf(policy, "default-deny");
  expect(holds).toBe(true);
  const given = Object.keys(definition.actions).flatMap((action) => {
    const roles = Object.keys(definition.roles).filter((role) => {
      const lowest = Object.assign({}, ...Object.keys(definition.areas).map((area) => statesOf(definition, area)[0]));
      const sizes = [0, 1, 2, 3, 4].map((size) => Array<GrantData>(size).fill(lowest));
      for (const nothing of sizes) {
        const strange = { ...witnessOf(definition, role, nothing), connections: ["stranger", "another"] };
        if (definition.actions[action]?.target !== "none") expect(allows(policy, action, strange)).toBe(false);
      }
      return sizes.some((nothing) => {
        const witness = witnessOf(definition, role, nothing);
        const isAsked = nothing.length > 0 || definition.actions[action]?.target === "none";
        return isAsked && allows(policy, action, witness);
      });
    });
    return roles.length > 0 ? [{ action, roles }] : [];
  });
  expect(exceptions).toEqual(given);
  for (const { action, roles } of given) {
    const clauses = [definition.actions[action]?.allow ?? []].flat();
    for (const role of roles) {
      const byRole = clauses.some((clause) => clause.area === undefined && [clause.role].flat().includes(role));
      expect(byRole || isFixed(definition, role)).toBe(true);
    }
  }
}

/** Everything that can be said in a claim: each action, each clause there can be, and each role. */
function conditionsOf(definition: Definition): (string | Clause)[] {
  const clauses = Object.entries(definition.areas).flatMap(([area, { levels, flags = {}, noAccessCountsAs }]) => {
    const above = levels.slice(1);
    const asks = above.flatMap((level): Clause[] => [
      { area, level },
      { area, some: level },
      ...(level === noAccessCountsAs ? [] : [{ area, exactly: level }]),
    ]);
    const both = Object.keys(flags).flatMap((every) => [{ area, every }, ...asks.map((ask) => ({ ...ask, every }))]);
    return [...asks, ...both].filter((clause) => isClause(definition, clause));
  });
  return [...Object.keys(definition.actions), ...clauses, ...Object.keys(definition.roles).map((role) => ({ role }))];
}

function isClause(definition: Definition, clause: Clause): boolean {
  return isDefined({ ...definition, actions: { ask: { target: "group", allow: clause } } });
}

function isDefined(definition: unknown): boolean {
  return !isRefused(() => define(definition));
}

function isRefused(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof PolicyError) return true;
    throw error;
  }
}

type Asked = string | Clause;

/** Lists every claim of two conditions: that one is never without the other, and that one is never with the other. */
function pairsOf(conditions: readonly Asked[]): Claim[] {
  return conditions.flatMap((when) =>
    conditions.flatMap((then): Claim[] => [
      { name: "always", when: [when as Condition], always: [then as Condition] },
      { name: "never", when: [when as Condition], never: [then as Condition] },
    ]),
  );
}

/** Compares what is said of claims with what everybody answered, and replays each witness. */
function expectClaims(policy: Policy, definition: Definition, claims: readonly Claim[], size: number) {
  const conditions = claims.flatMap(({ when = [], always = [], never = [] }) => [...when, ...always, ...never]);
  const keys = [...new Set(conditions.map((condition) => JSON.stringify(condition)))];
  // Each clause is an action more, so that everybody can be asked for it.
  const names = new Map(
    keys.map((key, index) => [key, typeof JSON.parse(key) === "string" ? JSON.parse(key) : `clause ${index}`]),
  );
  const nameOf = (condition: Condition): string => names.get(JSON.stringify(condition));
  const added = keys.flatMap((key): [string, Definition["actions"][string]][] => {
    const clause: Asked = JSON.parse(key);
    if (typeof clause === "string") return [];
    return [[names.get(key), { target: clause.area === undefined ? "none" : "group", allow: clause }]];
  });
  const whole: Definition = { ...definition, actions: { ...definition.actions, ...Object.fromEntries(added) } };
  const wholePolicy = define(whole);
  const situations = situationsOf(whole, answersOf(wholePolicy, whole, size));
  const isInGroup = (condition: Condition) => whole.actions[nameOf(condition)]?.target !== "none";

  const checks = checkPolicy(policy, { claims }).checks.slice(5);
  let held = 0;
  for (const [index, { when = [], always = [], never = [] }] of claims.entries()) {
    const { holds, findings } = checks[index] as (typeof checks)[number];
    const parts = [...always.map((part) => [part, false] as const), ...never.map((part) => [part, true] as const)];
    const against = parts.flatMap(([part, wanted]) => {
      const inGroup = [...when, part].some(isInGroup);
      const isBroken = (allows: (name: string) => boolean) =>
        when.every((condition) => allows(nameOf(condition))) && allows(nameOf(part)) === wanted;
      const broken = situations.filter(
        ({ allowed, hasGroup }) => (hasGroup || !inGroup) && isBroken((name) => allowed.has(name)),
      );
      const smallest = Math.min(...broken.map((each) => each.size));
      // Whoever knows no connection is shown for those who know one, and counts not else.
      return broken.some((each) => each.isAnsweredWithConnection) ? [{ part, smallest, isBroken }] : [];
    });
    if (holds) held++;
    const said = findings.map(({ condition, witness }) => [nameOf(condition as Condition), sizeOf(witness as Witness)]);
    const asked = against.map(({ part, smallest }) => [nameOf(part), smallest]);
    // To tell it here is quicker than to expect it, thousands of times.
    const isTrue =
      holds === (against.length === 0) &&
      JSON.stringify(said) === JSON.stringify(asked) &&
      against.every(({ isBroken }, which) =>
        isBroken((name) => allows(wholePolicy, name, findings[which]?.witness as Witness)),
      );
    if (!isTrue) expect({ claim: claims[index], findings }).toEqual(asked);
  }
  return { held, situations };
}

describe.each(models)("of $name, everybody with few connections agrees", ({ policy, definition, properties }) => {
  it("with every check of every policy", () => {
    expectDefaultDeny(policy, definition);
    expectChecks(policy, definition, answersOf(policy, definition, most), most);
  });

  it("with the model's own rules and every claim of two conditions, among them all pairs of separate actions", () => {
    const { held, situations } = expectClaims(
      policy,
      definition,
      [...properties.claims, ...pairsOf(conditionsOf(definition))],
      most,
    );
    expect(held).toBeGreaterThan(100);
    const actions = Object.keys(definition.actions);
    const pairs = actions.flatMap((one, index) => actions.slice(index + 1).map((other) => [one, other]));
    const separate = checkPolicy(policy, { separate: pairs as [string, string][] }).checks.slice(5);
    for (const [index, [one = "", other = ""]] of pairs.entries()) {
      const both = situations.some(({ allowed }) => allowed.has(one) && allowed.has(other));
      expect([one, other, separate[index]?.holds]).toEqual([one, other, !both]);
    }
  });
});

describe("of random policies, everybody there is agrees", () => {
  it("that two levels mean the same which only another flag than theirs tells apart", () => {
    const shape = { name: "own", levels: ["none", "some", "all"], roles: { user: {} } };
    // A flag without a name, as it was once taken for no flag.
    const definition: Definition = {
      ...shape,
      areas: { a: { levels: shape.levels, flags: { "": ["all"] }, noAccessCountsAs: "some" } },
      actions: {
        own: { target: "connection", allow: { area: "a", every: "" } },
        any: { target: "none", allow: { area: "a", some: "some" } },
      },
    };
    const policy = define(definition);
    expect(checkOf(policy, "told-apart").findings).toEqual([{ area: "a", names: ["some", "all"] }]);
    expectChecks(policy, definition, answersOf(policy, definition, 4), 5);
  });

  it("with every check of every policy", () => {
    fc.assert(
      fc.property(few, (definition) => {
        const policy = define(definition);
        const size = grantsOf(definition).length;
        expectDefaultDeny(policy, definition);
        expectChecks(policy, definition, answersOf(policy, definition, size), size + 1);
      }),
      { numRuns: runs(1_000) },
    );
  });

  it("with every claim of two conditions, and with others of more", () => {
    fc.assert(
      fc.property(few, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat())), (definition, more) => {
        const conditions = conditionsOf(definition) as Condition[];
        const pick = (which: number) => conditions[which % conditions.length] as Condition;
        const claims = more.map(([one, other, always, never]): Claim => {
          return { name: "more", when: [pick(one), pick(other)], always: [pick(always)], never: [pick(never)] };
        });
        const all = [...pairsOf(conditionsOf(definition)), ...claims];
        expectClaims(define(definition), definition, all, grantsOf(definition).length);
      }),
      { numRuns: runs(300) },
    );
  });
});

/** Compares what is said of two policies with what everybody answered, and replays each witness. */
function expectComparison(first: Definition, second: Definition, size: number, only?: readonly string[]): string[] {
  const [one, other] = [define(first), define(second)];
  const { actions } = comparePolicies(one, other);
  const found = differencesBetween([first, second], [one, other], size, only);
  const verdicts: string[] = [];
  for (const { action, verdict, looser, stricter, only: owner } of actions) {
    const isSame = !owner && first.actions[action]?.target === second.actions[action]?.target;
    if (!isSame || (only && !only.includes(action))) continue;
    verdicts.push(verdict);
    const shown = [stricter, looser].map((witness) => witness && sizeOf(witness));
    expect([action, ...shown]).toEqual([action, found.stricter.get(action), found.looser.get(action)]);
    if (stricter) expect([one, other].map((policy) => allows(policy, action, stricter))).toEqual([true, false]);
    if (looser) expect([one, other].map((policy) => allows(policy, action, looser))).toEqual([false, true]);
    const said = stricter ? (looser ? "different" : "stricter") : looser ? "looser" : "equal";
    expect(verdict).toBe(said);
  }
  return verdicts;
}

/** A change that an author could make; the numbers choose which. */
type Change = (copy: Definition, which: number, how: number) => void;

const chosen = <Item>(list: readonly Item[], which: number): Item | undefined => list[which % Math.max(list.length, 1)];

const changes: readonly Change[] = [
  function dropLevel(copy, which, how) {
    const area = chosen(Object.values(copy.areas), which);
    const level = area && chosen(area.levels.slice(1), how);
    if (!area || !level) return;
    area.levels = area.levels.filter((each) => each !== level);
    for (const beside of Object.values(area.flags ?? {}))
      if (beside.includes(level)) beside.splice(beside.indexOf(level), 1);
    if (area.noAccessCountsAs === level) delete area.noAccessCountsAs;
  },
  function toggleFlag(copy, which, how) {
    const area = chosen(Object.values(copy.areas), which);
    const beside = area && chosen(Object.values(area.flags ?? {}), how);
    const level = area && chosen(area.levels.slice(1), how >> 3);
    if (!beside || !level) return;
    if (beside.includes(level)) beside.splice(beside.indexOf(level), 1);
    else beside.push(level);
  },
  function lift(copy, which, how) {
    const area = chosen(Object.values(copy.areas), which);
    const level = area && chosen(["", ...area.levels.slice(1)], how);
    if (!area) return;
    if (level) area.noAccessCountsAs = level;
    else delete area.noAccessCountsAs;
  },
  function dropArea(copy, which) {
    const area = chosen(Object.keys(copy.areas), which);
    copy.areas = Object.fromEntries(Object.entries(copy.areas).filter(([name]) => name !== area));
  },
  function holdElsewhere(copy, which, how) {
    const role = chosen(Object.values(copy.roles), which);
    const grant = chosen(grantsOf(copy), how);
    if (!role) return;
    if (role.holds && how % 2 === 0) delete role.holds;
    else if (grant) role.holds = grant;
  },
  function dropRole(copy, which) {
    const role = chosen(Object.keys(copy.roles), which);
    copy.roles = Object.fromEntries(Object.entries(copy.roles).filter(([name]) => name !== role));
  },
  function aim(copy, which, how) {
    const action = chosen(Object.values(copy.actions), which);
    const target = chosen(["none", "connection", "group"] as const, how);
    if (action && target) action.target = target;
  },
  function dropClause(copy, which, how) {
    const action = chosen(Object.values(copy.actions), which);
    if (action) action.allow = [action.allow].flat().filter((_, index, { length }) => index !== how % length);
  },
  function askOtherwise(copy, which, how) {
    const action = chosen(Object.values(copy.actions), which);
    const clause = chosen(conditionsOf(copy).filter(isObject), how) as Clause;
    if (action) action.allow = how % 3 === 0 ? [...[action.allow].flat(), clause] : clause;
  },
  function askMore(copy, which, how) {
    const clauses = Object.values(copy.actions).flatMap(({ allow }) => [allow].flat());
    const clause = chosen(clauses, which);
    const role = chosen(Object.keys(copy.roles), how);
    if (clause && role !== undefined) clause.role = role;
  },
  function renameLowest(copy) {
    const { levels } = copy;
    const [lowest = ""] = levels;
    const renamed = (names: readonly string[]) => names.map((each) => (each === lowest ? "nothing" : each));
    copy.levels = renamed(levels);
    for (const area of Object.values(copy.areas)) area.levels = renamed(area.levels);
    for (const { holds } of Object.values(copy.roles)) {
      for (const [key, value] of Object.entries(holds ?? {})) if (value === lowest && holds) holds[key] = "nothing";
    }
  },
];

const isObject = (value: unknown): value is object => typeof value === "object";

/** A definition without what names something that is no more; nothing, if nothing is left. */
function mended(definition: Definition): Definition | undefined {
  const actions = Object.entries(definition.actions).flatMap(([name, { target, allow }]) => {
    const clauses = [allow]
      .flat()
      .filter((clause) => isDefined({ ...definition, actions: { ask: { target, allow: clause } } }));
    return clauses.length > 0 ? [[name, { target, allow: clauses }] as const] : [];
  });
  const left = { ...definition, actions: Object.fromEntries(actions) as Definition["actions"] };
  return isDefined(left) ? left : undefined;
}

const changed = few.chain((first) =>
  fc
    .array(fc.tuple(fc.constantFrom(...changes), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 3 })
    .map((steps): readonly [Definition, Definition] => {
      const second: Definition = plain(first);
      for (const [change, which, how] of steps) change(second, which, how);
      return [first, mended(second) ?? first];
    }),
);

describe("of two random policies, everybody there is under both agrees with the comparison", () => {
  it("whatever has become different", () => {
    fc.assert(
      fc.property(changed, ([first, second]) => {
        expectComparison(first, second, grantsOf(first).length);
        expectComparison(second, first, 3);
      }),
      { numRuns: runs(1_000) },
    );
  });

  it("and every verdict is among what is drawn", () => {
    const drawn = fc.sample(changed, { numRuns: 100, seed: 42 });
    const verdicts = drawn.flatMap(([first, second]) =>
      comparePolicies(define(first), define(second)).actions.map(({ verdict }) => verdict),
    );
    expect(new Set(verdicts)).toEqual(new Set(["equal", "stricter", "looser", "different"]));
  });
});

/** A definition in which one word of a rule, an area or a role is another one, or is not there. */
interface Mistake {
  readonly what: string;
  readonly definition: Definition;
  /** The action whose rule is changed; none where an area or a role is. */
  readonly action: string | undefined;
}

/** Lists every definition that differs from a model in one word: a word replaced, left out, or a flag allowed elsewhere. */
function mistakesIn(model: Definition): Mistake[] {
  const { levels, areas, roles } = model;
  const flags = Object.values(areas).flatMap((area) => Object.keys(area.flags ?? {}));
  const words = [...levels, ...Object.keys(areas), ...Object.keys(roles), ...flags, "none", "connection", "group"];
  const keys = ["level", "exactly", "some", "every"];
  const without = (list: readonly unknown[], index: number) => list.filter((_, other) => other !== index);
  const variants = (value: unknown): [what: string, value: unknown][] => {
    if (typeof value === "string")
      return words.filter((word) => word !== value).map((word) => [`${value} → ${word}`, word]);
    if (Array.isArray(value)) {
      const inside = value.flatMap((item, index) =>
        variants(item).map(([what, next]): [string, unknown] => [what, value.with(index, next)]),
      );
      const left = value.map((item, index): [string, unknown] => [
        `without ${JSON.stringify(item)}`,
        without(value, index),
      ]);
      const more = words.map((word): [string, unknown] => [`with ${word}`, [...value, word]]);
      return [...inside, ...left, ...(value.every((item) => typeof item === "string") ? more : [])];
    }
    const entries = Object.entries(value as object);
    return entries.flatMap(([key, inner], index): [string, unknown][] => {
      const put = (entry: readonly [string, unknown]) =>
        Object.fromEntries(entries.with(index, entry as [string, unknown]));
      return [
        ...variants(inner).map(([what, next]): [string, unknown] => [`${key}: ${what}`, put([key, next])]),
        ...(keys.includes(key) ? keys : [])
          .filter((other) => other !== key)
          .map((other): [string, unknown] => [`${key} → ${other}`, put([other, inner])]),
        [`without ${key}`, Object.fromEntries(without(entries, index) as typeof entries)],
      ];
    });
  };
  const rules = Object.entries(model.actions).flatMap(([action, rule]) =>
    variants(rule).map(([what, next]) => ({
      what: `${action}: ${what}`,
      action,
      definition: { ...model, actions: { ...model.actions, [action]: next } } as Definition,
    })),
  );
  const shapes = (["areas", "roles"] as const).flatMap((part) =>
    variants(model[part]).map(([what, next]) => ({
      what: `${part}: ${what}`,
      action: undefined,
      definition: { ...model, [part]: next } as Definition,
    })),
  );
  return [...rules, ...shapes].filter(({ definition }) => isDefined(definition));
}

/** Puts mistakes in different rules, which do not meet, into one copy, so that everybody is asked about many at once. */
function together(model: Definition, mistakes: readonly Mistake[]): Definition[] {
  const copies: Definition[] = [];
  for (const { action, definition } of mistakes) {
    const isFree = (copy: Definition) => action !== undefined && copy.actions[action] === model.actions[action];
    const index = copies.findIndex((copy) => copy.areas === model.areas && copy.roles === model.roles && isFree(copy));
    const copy = copies[index];
    if (!copy || action === undefined) copies.push(definition);
    else
      copies[index] = {
        ...copy,
        actions: { ...copy.actions, [action]: definition.actions[action] } as Definition["actions"],
      };
  }
  return copies;
}

/** Lists the actions whose rules differ; all of them, where areas or roles do. */
function changedIn(model: Definition, copy: Definition): string[] {
  const isSameShape = copy.areas === model.areas && copy.roles === model.roles;
  return Object.keys(model.actions).filter((name) => !isSameShape || copy.actions[name] !== model.actions[name]);
}

describe.each(models)(
  "in a copy of $name, every mistake of one word is found",
  ({ policy, definition: model, properties }) => {
    const mistakes = mistakesIn(model);

    it("by the comparison with the model, unless everybody with few connections agrees that it is none", () => {
      const silent: Mistake[] = [];
      for (const mistake of mistakes) {
        const wrong = define(mistake.definition);
        const { verdict, actions, states, roles } = comparePolicies(policy, wrong);
        for (const { action, looser, stricter } of actions) {
          if (looser) expect([policy, wrong].map((one) => allows(one, action, looser))).toEqual([false, true]);
          if (stricter) expect([policy, wrong].map((one) => allows(one, action, stricter))).toEqual([true, false]);
        }
        if (mistake.action !== undefined) {
          const others = actions.filter(({ action }) => action !== mistake.action);
          expect([others.filter((each) => each.verdict !== "equal"), states, roles]).toEqual([[], [], []]);
        }
        if (verdict === "equal") silent.push(mistake);
      }
      for (const copy of together(model, silent)) {
        const verdicts = expectComparison(model, copy, most, changedIn(model, copy));
        expect(new Set(verdicts)).toEqual(new Set(["equal"]));
      }
      // Of the others, the first copy has a mistake in every rule.
      for (const [index, copy] of together(
        model,
        mistakes.filter((each) => !silent.includes(each)),
      ).entries()) {
        expectComparison(model, copy, index === 0 ? most : 2, changedIn(model, copy));
      }
      expect({ mistakes: mistakes.length, "decide alike": silent.map(({ what }) => what) }).toMatchSnapshot();
    });

    it("by the model's own rules, without the model beside it, as far as a claim can say them", () => {
      expect(checkPolicy(policy, properties).holds).toBe(true);
      const isFound = ({ definition }: Mistake) => {
        const wrong = define(definition);
        return isRefused(() => checkPolicy(wrong, properties)) || !checkPolicy(wrong, properties).holds;
      };
      const unseen = mistakes
        .filter((mistake) => !isFound(mistake))
        .map(({ what, definition }) => {
          const { verdict } = comparePolicies(policy, define(definition));
          return verdict === "equal" || what.includes("target: ") ? [] : [what];
        });
      expect({ "no claim can say": unseen.flat() }).toMatchSnapshot();
    });
  },
);

describe("the mistakes that are named", () => {
  const whereFound = (name: "engage" | "buffer", mistake: (copy: Definition) => void) => {
    const model = models.find((each) => each.name === name) ?? expect.unreachable();
    const copy: Definition = plain(model.definition);
    mistake(copy);
    const wrong = define(copy);
    const { verdict, actions } = comparePolicies(model.policy, wrong);
    const { checks } = checkPolicy(wrong, model.properties);
    return {
      verdict,
      actions: actions.filter((each) => each.verdict !== "equal").map(({ action }) => action),
      rules: checks.filter(({ holds }) => !holds).map(({ about, check }) => about ?? check),
    };
  };

  it("a dropped clause", () => {
    const drop = (index: number) => (copy: Definition) => {
      const rule = copy.actions["connections.reconnect"] as { allow: Clause[] };
      rule.allow = rule.allow.filter((_, other) => other !== index);
    };
    for (const index of [0, 1, 2, 3]) {
      expect(whereFound("engage", drop(index))).toEqual({
        verdict: "stricter",
        actions: ["connections.reconnect"],
        rules: ["E21"],
      });
    }
    // In Buffer each rule is one clause: without it there is no rule, which is refused.
    const none = ({ actions }: Definition) => void Object.assign(actions["queue.add"] as object, { allow: [] });
    expect(() => whereFound("buffer", none)).toThrow("an empty list allows nobody");
  });

  it("a level swapped", () => {
    const swap = (action: string, level: string) => (copy: Definition) => {
      const rule = copy.actions[action] as { allow: Clause };
      rule.allow = { ...rule.allow, level };
    };
    expect(whereFound("engage", swap("publish.schedule", "needs-approval"))).toEqual({
      verdict: "looser",
      actions: ["publish.schedule"],
      rules: ["E13", "E14"],
    });
    expect(whereFound("engage", swap("publish.edit", "full-access"))).toMatchObject({
      verdict: "stricter",
      rules: ["E13"],
    });
    expect(whereFound("buffer", swap("queue.add", "approval-required"))).toEqual({
      verdict: "looser",
      actions: ["queue.add"],
      rules: ["B3"],
    });
  });

  it("approver allowed beside needs-approval", () => {
    const wrong = plain(engage);
    wrong.areas.publish.flags.approver.splice(1, 0, "needs-approval");
    expect(comparePolicies(engage, define(wrong)).states).toEqual([
      {
        area: "publish",
        grant: { publish: "needs-approval", approver: true },
        only: "second",
        allows: expect.arrayContaining(["publish.approve", "publish.reject"]),
      },
    ]);
    expect(
      whereFound("engage", ({ areas }) => void areas.publish?.flags?.approver?.splice(1, 0, "needs-approval")),
    ).toEqual({ verdict: "looser", actions: [], rules: ["E16"] });
    // Buffer has no flags: the like of it is to approve at approval-required.
    expect(
      whereFound("buffer", ({ actions }) => {
        (actions["drafts.approve"] as { allow: Clause }).allow = { area: "posting", level: "approval-required" };
      }),
    ).toEqual({ verdict: "looser", actions: ["drafts.approve"], rules: ["B3"] });
  });
});
