import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedActions, buffer, can, createUser, definePolicy, engage } from "../../src/index.js";
import {
  define,
  definitions,
  unsatisfiableDefinitions,
  unsatisfiableWholeDefinitions,
} from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import type { Definition } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

/** A small policy that is right, to be spoilt in one place. */
function sound(): Definition & Record<string, unknown> {
  return {
    name: "sound",
    levels: ["none", "low", "mid", "high"],
    areas: {
      stock: { levels: ["none", "low", "high"], flags: { audit: ["low"] }, noAccessCountsAs: "low" },
      till: { levels: ["none", "mid"] },
    },
    roles: { clerk: {}, chief: { holds: { stock: "high" } } },
    actions: {
      look: { target: "group", allow: { area: "stock", level: "low" } },
      open: { target: "none", allow: [{ role: "chief" }, { role: ["clerk", "chief"], area: "till", some: "mid" }] },
    },
  };
}

type Spoil = (definition: ReturnType<typeof sound>) => unknown;

function refusalOf(spoil: Spoil) {
  const definition = sound();
  const spoilt = spoil(definition);
  return refusal(() => define(spoilt === undefined ? definition : spoilt));
}

const look =
  (allow: unknown, target = "group"): Spoil =>
  (definition) => {
    definition.actions.look = { target, allow } as never;
  };

const refusals: [what: string, spoil: Spoil, message: string, path?: (string | number)[]][] = [
  ["no object", () => null, "null is not accepted; expected a plain object"],
  ["a list", () => [], "an array is not accepted; expected a plain object"],
  [
    "an unknown key",
    (d) => {
      d.level = [];
    },
    'unknown key "level"; expected "name", "levels", "areas", "roles", "relations", "actions", "approval" or "$schema"',
    ["level"],
  ],
  ["no name", (d) => void Object.assign(d, { name: 5 }), "5 is not a name; expected a string", ["name"]],
  [
    "no levels",
    (d) => {
      d.levels = [];
    },
    "no levels; expected at least the lowest, which means no access",
    ["levels"],
  ],
  [
    "levels that are no list",
    (d) => {
      d.levels = "none" as never;
    },
    '"none" is not accepted; expected an array',
    ["levels"],
  ],
  [
    "a level that is no string",
    (d) => {
      d.levels[1] = 1 as never;
    },
    "1 is not accepted; expected a string",
    ["levels", 1],
  ],
  [
    "a hole in the levels",
    (d) => {
      delete d.levels[1];
    },
    "a sparse array is not accepted; expected an element at index 1",
    ["levels", 1],
  ],
  [
    "a level twice",
    (d) => {
      d.levels.push("low");
    },
    '"low" is listed twice; expected each name once',
    ["levels", 4],
  ],
  [
    "an area with an unknown level",
    (d) => {
      d.areas.till = { levels: ["none", "all"] };
    },
    '"all" is not accepted; expected "none", "low", "mid" or "high"',
    ["areas", "till", "levels", 1],
  ],
  [
    "an area with a level twice",
    (d) => {
      d.areas.till = { levels: ["none", "mid", "mid"] };
    },
    '"mid" is listed twice; expected each name once',
    ["areas", "till", "levels", 2],
  ],
  [
    "an area that does not start with the lowest level",
    (d) => {
      d.areas.till = { levels: ["mid"] };
    },
    '"mid" is out of the policy\'s order; expected "none"',
    ["areas", "till", "levels", 0],
  ],
  [
    "an area without levels",
    (d) => {
      d.areas.till = { levels: [] };
    },
    'no levels; expected "none"',
    ["areas", "till", "levels", 0],
  ],
  [
    "an area out of order",
    (d) => {
      d.areas.till = { levels: ["none", "high", "low"] };
    },
    '"high" is out of the policy\'s order; expected "low"',
    ["areas", "till", "levels", 1],
  ],
  [
    "an unknown key in an area",
    (d) => {
      d.areas.till = { levels: ["none"], flag: {} } as never;
    },
    'unknown key "flag"; expected "levels", "flags", "noAccessCountsAs" or "of"',
    ["areas", "till", "flag"],
  ],
  [
    "a flag beside the lowest level",
    (d) => {
      d.areas.stock = { levels: ["none", "low"], flags: { audit: ["none", "low"] } };
    },
    '"none" is not accepted; expected "low"',
    ["areas", "stock", "flags", "audit", 0],
  ],
  [
    "a flag beside another area's level",
    (d) => {
      d.areas.till = { levels: ["none", "mid"], flags: { seal: ["high"] } };
    },
    '"high" is not accepted; expected "mid"',
    ["areas", "till", "flags", "seal", 0],
  ],
  [
    "a flag named as an area",
    (d) => {
      d.areas.till = { levels: ["none", "mid"], flags: { stock: ["mid"] } };
    },
    '"stock" names an area, a level or another flag; expected a name of its own',
    ["areas", "till", "flags", "stock"],
  ],
  [
    "a flag named as another area's flag",
    (d) => {
      d.areas.till = { levels: ["none", "mid"], flags: { audit: ["mid"] } };
    },
    '"audit" names an area, a level or another flag; expected a name of its own',
    ["areas", "till", "flags", "audit"],
  ],
  [
    "a lift to the lowest level",
    (d) => {
      d.areas.till = { levels: ["none", "mid"], noAccessCountsAs: "none" };
    },
    '"none" is not accepted; expected "mid"',
    ["areas", "till", "noAccessCountsAs"],
  ],
  [
    "a lift to another area's level",
    (d) => {
      d.areas.till = { levels: ["none", "mid"], noAccessCountsAs: "high" };
    },
    '"high" is not accepted; expected "mid"',
    ["areas", "till", "noAccessCountsAs"],
  ],
  [
    "an unknown key in a role",
    (d) => {
      d.roles.clerk = { hold: {} } as never;
    },
    'unknown key "hold"; expected "holds"',
    ["roles", "clerk", "hold"],
  ],
  [
    "a role that holds an unknown area",
    (d) => {
      d.roles.chief = { holds: { shop: "high" } };
    },
    'unknown key "shop"; expected "stock", "audit" or "till"',
    ["roles", "chief", "holds", "shop"],
  ],
  [
    "a role that holds a level the area lacks",
    (d) => {
      d.roles.chief = { holds: { till: "high" } };
    },
    '"high" is not a level of till; expected "none" or "mid"',
    ["roles", "chief", "holds", "till"],
  ],
  [
    "a role that holds a flag where it may not stand",
    (d) => {
      d.roles.chief = { holds: { stock: "high", audit: true } };
    },
    'audit does not go with stock "high"; expected "low"',
    ["roles", "chief", "holds", "audit"],
  ],
  [
    "a role that holds no grant",
    (d) => {
      d.roles.chief = { holds: 5 } as never;
    },
    "5 is not accepted; expected a plain object",
    ["roles", "chief", "holds"],
  ],
  [
    "an unknown target",
    look({ role: "chief" }, "grup"),
    '"grup" is not accepted; expected "none", "connection" or "group"',
    ["actions", "look", "target"],
  ],
  [
    "no clause at all",
    look(undefined),
    "undefined is not accepted; expected a plain object",
    ["actions", "look", "allow"],
  ],
  [
    "an empty list of clauses",
    look([]),
    "an empty list allows nobody; expected at least one clause",
    ["actions", "look", "allow"],
  ],
  [
    "an empty clause",
    look({}),
    "a clause that asks for nothing; expected a role, or an area and what is asked of it",
    ["actions", "look", "allow"],
  ],
  [
    "an empty clause in a list",
    look([{ role: "chief" }, {}]),
    "a clause that asks for nothing; expected a role, or an area and what is asked of it",
    ["actions", "look", "allow", 1],
  ],
  [
    "an unknown key in a clause",
    look({ area: "stock", levels: "low" }),
    'unknown key "levels"; expected "role", "area", "level", "exactly", "some", "every", "and", "is" or "isNot"',
    ["actions", "look", "allow", "levels"],
  ],
  [
    "an unknown role",
    look({ role: "boss" }),
    '"boss" is not accepted; expected "clerk" or "chief"',
    ["actions", "look", "allow", "role"],
  ],
  [
    "an unknown role in a list",
    look({ role: ["clerk", "boss"] }),
    '"boss" is not accepted; expected "clerk" or "chief"',
    ["actions", "look", "allow", "role", 1],
  ],
  [
    "an empty list of roles",
    look({ role: [] }),
    'an empty list of roles; expected "clerk" or "chief"',
    ["actions", "look", "allow", "role"],
  ],
  [
    "an unknown area",
    look({ area: "shop", level: "low" }),
    '"shop" is not accepted; expected "stock" or "till"',
    ["actions", "look", "allow", "area"],
  ],
  [
    "an area alone",
    look({ area: "stock" }),
    'an area of which nothing is asked; expected "level", "exactly", "some" or "every" beside it',
    ["actions", "look", "allow", "area"],
  ],
  [
    "an area beside a role alone",
    look({ role: "clerk", area: "stock" }),
    'an area of which nothing is asked; expected "level", "exactly", "some" or "every" beside it',
    ["actions", "look", "allow", "area"],
  ],
  ...["level", "exactly", "some", "every"].map((key): (typeof refusals)[number] => [
    `${key} without an area`,
    look({ role: "clerk", [key]: "low" }),
    `${key} without an area; expected an area beside it`,
    ["actions", "look", "allow", key],
  ]),
  [
    "two levels in one clause",
    look({ area: "stock", level: "low", exactly: "high" }),
    "exactly beside level; expected one of the two",
    ["actions", "look", "allow", "exactly"],
  ],
  [
    "two levels in one clause, again",
    look({ area: "stock", some: "low", exactly: "high" }),
    "some beside exactly; expected one of the two",
    ["actions", "look", "allow", "some"],
  ],
  [
    "the lowest level as a requirement",
    look({ area: "stock", level: "none" }),
    '"none" is not accepted; expected "low" or "high"',
    ["actions", "look", "allow", "level"],
  ],
  [
    "a level that the area lacks",
    look({ area: "till", some: "low" }),
    '"low" is not accepted; expected "mid"',
    ["actions", "look", "allow", "some"],
  ],
  [
    "exactly the level of the lift",
    look({ area: "stock", exactly: "low" }),
    '"low" is not accepted; expected "high"',
    ["actions", "look", "allow", "exactly"],
  ],
  [
    "a flag of another area",
    look({ area: "till", every: "audit" }),
    '"audit" is not accepted; expected "mid"',
    ["actions", "look", "allow", "every"],
  ],
  [
    "a clause that no state satisfies",
    look({ area: "stock", level: "high", every: "audit" }),
    '"audit" goes with no level that this clause accepts; expected "low"',
    ["actions", "look", "allow", "every"],
  ],
  ...["level", "exactly", "every"].map((key): (typeof refusals)[number] => [
    `${key} of no target`,
    look({ area: "stock", [key]: key === "every" ? "audit" : "high" }, "none"),
    `${key} asks for a target, and there is none; expected "role" or "some"`,
    ["actions", "look", "allow", key],
  ]),
  [
    "some with a flag of no target",
    look({ area: "stock", some: "low", every: "audit" }, "none"),
    'every asks for a target, and there is none; expected "role" or "some"',
    ["actions", "look", "allow", "every"],
  ],
  [
    "an action that is no object",
    (d) => {
      d.actions.look = "group" as never;
    },
    '"group" is not accepted; expected a plain object',
    ["actions", "look"],
  ],
];

describe("definePolicy refuses", () => {
  it.each(refusals)("%s", (_, spoil, message, path) => {
    const error = refusalOf(spoil);
    expect(error.code).toBe("invalid-policy");
    expect(error.path).toEqual(path);
    expect(error.message).toBe(
      path ? `${message} (at ${path.map((key) => JSON.stringify(key).replace(/^(\d+)$/, "$1")).join(" > ")})` : message,
    );
  });

  it("a clause that no state satisfies, in any policy", () => {
    fc.assert(
      fc.property(fc.oneof(unsatisfiableDefinitions, unsatisfiableWholeDefinitions), (definition) => {
        expect(() => define(definition)).toThrow(
          /goes with no level that this clause accepts|no state of .* (is what this asks for|satisfies all of its parts)/s,
        );
      }),
      { numRuns: runs(100) },
    );
  });
});

describe("at most 30 states", () => {
  const withStates = (levels: number, flags: number): Definition => {
    const names = ["none", ...Array.from({ length: levels - 1 }, (_, index) => `level-${index + 1}`)];
    const flagNames = Array.from({ length: flags }, (_, index) => `flag-${index + 1}`);
    return {
      name: "wide",
      levels: names,
      areas: {
        a: { levels: names, flags: Object.fromEntries(flagNames.map((flag) => [flag, [names.at(-1) as string]])) },
      },
      roles: { user: {} },
      actions: Object.fromEntries(
        names.slice(1).map((level) => [level, { target: "group" as const, allow: { area: "a", exactly: level } }]),
      ),
    };
  };

  it("30 are told apart, each from every other", () => {
    const definition = withStates(30, 0);
    const policy = define(definition);
    for (const [rank, level] of definition.levels.entries()) {
      const user = createUser(policy, { id: "p", role: "user", grants: { c: { a: level } } });
      const allowed = definition.levels.slice(1).filter((action) => can(user, action, { connections: ["c"] } as never));
      expect(allowed).toEqual(rank === 0 ? [] : [level]);
    }
  });

  it("31 are refused, and counted in the message", () => {
    expect(() => define(withStates(31, 0))).toThrow('31 states; expected at most 30 in an area (at "areas" > "a")');
    expect(() => define(withStates(15, 4))).not.toThrow();
    expect(() => define(withStates(16, 4))).toThrow("31 states;");
  });

  it("a great many are counted without being listed", () => {
    expect(() => define(withStates(2, 60))).toThrow("1152921504606847000 states; expected at most 30");
  });
});

/** JSON in which the order of keys says nothing. */
function canonical(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

describe("the roles of a clause", () => {
  it("are whole names: nobody is let in by a part of one", () => {
    const definition = sound();
    definition.roles = { clerk: {}, er: {} } as never;
    definition.actions = {
      alone: { target: "none", allow: { role: "clerk" } },
      listed: { target: "none", allow: { role: ["clerk"] } },
    } as never;
    const policy = define(definition);
    const allowed = (role: string) => allowedActions(createUser(policy, { id: "p", role }));
    expect(allowed("clerk")).toEqual(["alone", "listed"]);
    expect(allowed("er")).toEqual([]);
  });
});

describe("what no access counts as", () => {
  it("is for no access alone: a level between the two stays too low", () => {
    const policy = definePolicy({
      name: "lifted",
      levels: ["none", "low", "mid", "high"],
      areas: { a: { levels: ["none", "low", "mid", "high"], noAccessCountsAs: "high" } },
      roles: { user: {} },
      actions: { act: { target: "group", allow: { area: "a", level: "mid" } } },
    });
    const grants = { x: { a: "low" }, y: { a: "high" } } as const;
    const user = createUser(policy, { id: "u", role: "user", grants, connections: ["z"] });
    expect(can(user, "act", { connections: ["y", "z"] })).toBe(true);
    expect(can(user, "act", { connections: ["x", "y"] })).toBe(false);
  });
});

describe("a policy", () => {
  it("shows what it was made of", () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(canonical(define(definition))).toBe(canonical(definition));
      }),
      { numRuns: runs(100) },
    );
  });

  it("is accepted as a definition again: the two shipped policies keep every rule of the language", () => {
    for (const policy of [engage, buffer]) expect(define(policy)).toEqual(policy);
  });

  it("may come from a file that says where its JSON Schema is, which is no part of the policy", () => {
    const inFile = { $schema: "./node_modules/channel-grants/dist/policy.schema.json", ...sound() };
    expect(define(inFile)).toEqual(define(sound()));
    expect(Object.keys(define(inFile))).not.toContain("$schema");
    for (const $schema of [null, 5, {}]) {
      expect(() => define({ ...inFile, $schema })).toThrow(
        expect.objectContaining({ code: "invalid-policy", path: ["$schema"] }),
      );
    }
  });

  it("takes a key that is undefined as absent, except in a clause, which would be for everybody", () => {
    const definition = sound();
    const loose = {
      ...definition,
      areas: { ...definition.areas, till: { levels: ["none", "mid"], flags: undefined, noAccessCountsAs: undefined } },
      roles: { ...definition.roles, clerk: { holds: undefined } },
      actions: { look: { target: "group", allow: { area: "till", level: "mid" } } },
    };
    expect(JSON.stringify(define(loose).areas.till)).toBe('{"levels":["none","mid"]}');
    const user = createUser(define(loose), { id: "p", role: "clerk", grants: { c: { till: "mid" } } });
    expect(can(user, "look", { connections: ["c"] } as never)).toBe(true);
    const allow = { role: undefined, area: "till", level: "mid" };
    expect(() => define({ ...loose, actions: { look: { target: "group", allow } } })).toThrow(
      "expected a value, or no role",
    );
  });

  it("is frozen to the last leaf, and so are the two shipped", () => {
    for (const policy of [define(sound()), engage, buffer]) expect(isDeeplyFrozen(policy)).toBe(true);
  });

  it("is a copy: what the author changes later changes nothing", () => {
    const definition = sound();
    const policy = define(definition);
    const user = createUser(policy, { id: "p", role: "clerk", grants: { c: { stock: "low" } } });
    definition.actions.look = { target: "group", allow: { area: "stock", level: "high" } };
    definition.areas.stock?.levels.pop();
    expect(can(user, "look", { connections: ["c"] } as never)).toBe(true);
    expect(policy.areas.stock?.levels).toEqual(["none", "low", "high"]);
  });

  it("is known by itself: a look-alike is no policy", () => {
    for (const policy of [{ ...engage }, JSON.parse(JSON.stringify(engage)), {}, null, "engage"]) {
      expect(() => createUser(policy, { id: "p", role: "viewer" })).toThrow(
        expect.objectContaining({
          code: "invalid-policy",
          message: `${policy === null ? "null" : policy === "engage" ? '"engage"' : "an object"} is not a policy; expected what definePolicy returns`,
        }),
      );
    }
  });
});

describe("the approval section", () => {
  const right = { select: "pick", submit: "look", edit: "look", approve: "look", reject: "look", release: "look" };
  const approval = { ...right, approvers: "named", steps: 2, authorMayApprove: false };
  const clause = { area: "stock", level: "low" };
  const definition = (section: unknown) => ({
    name: "shop",
    levels: ["none", "low"],
    areas: { stock: { levels: ["none", "low"] } },
    roles: { clerk: {} },
    actions: {
      look: { target: "group", allow: clause },
      pick: { target: "connection", allow: clause },
      open: { target: "none", allow: { area: "stock", some: "low" } },
    },
    approval: section,
  });

  it("is kept, frozen, and may be left out", () => {
    expect(define(definition(approval)).approval).toEqual(approval);
    expect(isDeeplyFrozen(define(definition(approval)))).toBe(true);
    expect(define(definition({ ...approval, select: "look", approvers: "anyone" })).approval?.steps).toBe(2);
    expect("approval" in define(definition(undefined))).toBe(false);
  });

  it("may name an action that approves for each step, and who may not approve", () => {
    const section = { ...approval, approve: ["look", "look"], distinctApprovers: true, editorMayApprove: false };
    expect(define(definition(section)).approval).toEqual(section);
    expect(isDeeplyFrozen(define(definition(section)))).toBe(true);
    expect(define(definition({ ...approval, approve: ["look"], steps: 1 })).approval?.approve).toEqual(["look"]);
  });

  it.each<[string, unknown, string, ...(string | number)[]]>([
    [
      "no action that approves",
      { ...approval, approve: [] },
      "an empty list of actions; expected at least one",
      "approve",
    ],
    [
      "more actions that approve than steps",
      { ...approval, approve: ["look", "look", "look"] },
      "3 actions for 2 steps; expected one a step",
      "approve",
    ],
    [
      "two actions for one step",
      { ...approval, approve: ["look", "look"], steps: 1 },
      "2 actions for 1 step; expected one a step",
      "approve",
    ],
    [
      "an action that approves one connection",
      { ...approval, approve: ["look", "pick"] },
      '"pick" has the target "connection"; expected "group"',
      ...["approve", 1],
    ],
    [
      "different approvers that are undefined",
      { ...approval, distinctApprovers: undefined },
      "undefined is not accepted; expected true or false",
      "distinctApprovers",
    ],
    [
      "editors who perhaps approve",
      { ...approval, editorMayApprove: "perhaps" },
      '"perhaps" is not accepted; expected true or false',
      "editorMayApprove",
    ],
    ["no object", "named", '"named" is not accepted; expected a plain object'],
    ["an unknown key", { ...approval, publish: "look" }, 'unknown key "publish"; expected "select", ', "publish"],
    ["a right left out", { ...approval, reject: undefined }, "undefined is not accepted; expected", "reject"],
    [
      "an unknown action",
      { ...approval, edit: "lok" },
      '"lok" is not accepted; expected "look", "pick" or "open"',
      "edit",
    ],
    [
      "an inherited name",
      { ...approval, edit: "constructor" },
      '"constructor" is not accepted; expected "look"',
      "edit",
    ],
    [
      "a right on one connection",
      { ...approval, edit: "pick" },
      '"pick" has the target "connection"; expected "group"',
      "edit",
    ],
    [
      "a right on the account",
      { ...approval, release: "open" },
      '"open" has the target "none"; expected "group"',
      "release",
    ],
    [
      "a choice of nothing",
      { ...approval, select: "open" },
      '"open" has the target "none"; expected "connection" or "group"',
      "select",
    ],
    [
      "unknown approvers",
      { ...approval, approvers: "some" },
      '"some" is not accepted; expected "named" or "anyone"',
      "approvers",
    ],
    ["no step", { ...approval, steps: 0 }, "0 is not accepted; expected a whole number, at least 1", "steps"],
    ["half a step", { ...approval, steps: 1.5 }, "1.5 is not accepted; expected a whole number", "steps"],
    ["steps in words", { ...approval, steps: "2" }, '"2" is not accepted; expected a whole number', "steps"],
    [
      "no word on authors",
      { ...approval, authorMayApprove: undefined },
      "undefined is not accepted; expected true or false",
      "authorMayApprove",
    ],
  ])("is refused with %s", (_, section, message, ...path) => {
    const error = refusal(() => define(definition(section)));
    expect(error).toMatchObject({ code: "invalid-policy", path: ["approval", ...path] });
    expect(error.message).toContain(message);
  });

  it("of the two models is as their rules are", () => {
    expect([engage.approval.approvers, engage.approval.steps]).toEqual(["named", 5]);
    expect([buffer.approval.approvers, buffer.approval.steps]).toEqual(["anyone", 1]);
  });
});
