import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { expect as jestExpect } from "expect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nobodyOf } from "../../src/core/users/unloaded-user.js";
import { buffer, can, createMatrix, createUser, engage, type User, type UserInput } from "../../src/index.js";
import { person } from "../../src/testing/index.js";
import { define, definitions, personOf, toInput, worlds } from "../support/arbitraries.js";
import { refusal } from "../support/refusal.js";

// What a user holds is its own data, to everybody who compares, spreads or clones it.

const passes = (check: () => void): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

type Comparison = (one: unknown, other: unknown) => boolean;
const require = createRequire(import.meta.url);
const { isEqual } = require("lodash") as { readonly isEqual: Comparison };
const { deepEqual, strictDeepEqual } = require("fast-equals") as Readonly<
  Record<"deepEqual" | "strictDeepEqual", Comparison>
>;

/** What applications compare with, in tests and before they render. */
const comparisons: Readonly<Record<string, Comparison>> = {
  "toEqual of Vitest": (one, other) => passes(() => expect(one).toEqual(other)),
  "toStrictEqual of Vitest": (one, other) => passes(() => expect(one).toStrictEqual(other)),
  "toEqual of Jest": (one, other) => passes(() => jestExpect(one).toEqual(other)),
  "toStrictEqual of Jest": (one, other) => passes(() => jestExpect(one).toStrictEqual(other)),
  "isDeepStrictEqual of Node": isDeepStrictEqual,
  "isEqual of Lodash": isEqual,
  "deepEqual of fast-equals": deepEqual,
  "strictDeepEqual of fast-equals": strictDeepEqual,
};

const input = { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } }, connections: ["ig"] } as const;
const account = createMatrix(engage, { users: [input], connections: ["fb", "ig"] });

describe("what a user holds shows on it", () => {
  it("its own keys are its id, its role, its grants and the other connections that it knows", () => {
    for (const user of [createUser(engage, input), account.user("ana"), person(engage).as("admin").knowing("ig")]) {
      expect(Object.keys(user)).toEqual(["id", "role", "grants", "connections"]);
    }
    const { grants, connections } = account.user("ana");
    expect({ grants, connections }).toEqual({ grants: { fb: { publish: "view-only" } }, connections: ["ig"] });
    expect({ ...createUser(buffer, { id: "o", role: "owner" }) }).toEqual({
      id: "o",
      role: "owner",
      grants: {},
      connections: [],
    });
  });

  it("is the same at every look, and frozen", () => {
    const user = createUser(engage, input);
    expect(user.grants).toBe(user.grants);
    expect(user.connections).toBe(user.connections);
    const all = [user, user.grants, user.grants.fb, user.connections];
    const none = createUser(engage, { id: "ana", role: "admin" });
    for (const each of [...all, none.grants, none.connections]) expect(Object.isFrozen(each)).toBe(true);
    expect(() => Object.assign(user, { grants: {} })).toThrow(TypeError);
  });

  it("is read of the user itself, and of no other object", () => {
    const { grants } = Object.getOwnPropertyDescriptors(createUser(engage, input));
    expect(refusal(() => grants.get?.call({ id: "ana" }))).toMatchObject({ code: "invalid-user" });
  });

  it.each(Object.entries(comparisons))("two users are equal to %s exactly if their rows are", (_, compare) => {
    const others: readonly UserInput<typeof engage>[] = [
      { ...input, role: "admin" },
      { ...input, id: "ben" },
      { ...input, grants: { fb: { publish: "full-access" } } },
      { ...input, grants: { fb: { publish: "view-only", approver: true } } },
      { ...input, grants: { x: { publish: "view-only" } } },
      { ...input, grants: {} },
      { ...input, connections: [] },
    ];
    const ana = createUser(engage, input);
    for (const other of others) expect(compare(ana, createUser(engage, other))).toBe(false);
    for (const same of [createUser(engage, input), account.user("ana"), createUser(engage, ana)]) {
      expect(compare(ana, same)).toBe(true);
    }
    expect(compare(ana, account.assign("ana", "ig", { analytics: "full-access" }).user("ana"))).toBe(false);
    expect(compare(ana, nobodyOf(engage))).toBe(false);
    expect(compare(nobodyOf(engage), createUser(engage, { id: "", role: "viewer" }))).toBe(false);
  });

  it("for any two users of any policy", () => {
    const pairs = definitions.chain((definition) =>
      fc.tuple(personOf(definition), personOf(definition)).map((people) => {
        const policy = define(definition);
        return people.map((each) => createUser(policy, { ...toInput(each), id: "p" })) as [User, User];
      }),
    );
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        for (const compare of Object.values(comparisons)) {
          expect(compare(one, other)).toBe(isDeepStrictEqual(one.toJSON(), other.toJSON()));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("law 9: a spread or a structured clone, out and in again, changes no decision", () => {
  it("of a user, and of a user of a matrix", () => {
    fc.assert(
      fc.property(worlds, ({ definition, person }) => {
        const policy = define(definition);
        const user = createUser(policy, toInput(person));
        const held = createMatrix(policy, { users: [toInput(person)] }).user(person.id);
        for (const each of [user, held]) {
          for (const copy of [{ ...each }, structuredClone(each), Object.assign({}, each)]) {
            expect(JSON.stringify(createUser(policy, copy))).toBe(JSON.stringify(each));
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("a user who is put into a matrix in another role keeps all its grants", () => {
    const promoted = account.putUser({ ...account.user("ana"), role: "admin" });
    expect(promoted.user("ana").toJSON()).toEqual({ ...account.user("ana").toJSON(), role: "admin" });
    expect(can(promoted.user("ana"), "publish.view", { connections: ["fb"] })).toBe(true);
  });

  it("what has no rights does not pass for a user: a copy is refused where a user belongs", () => {
    for (const copy of [{ ...account.user("ana") }, structuredClone(account.user("ana"))]) {
      expect(refusal(() => can(copy, "publish.create"))).toMatchObject({ code: "invalid-user" });
    }
    expect(refusal(() => createUser(engage, { ...nobodyOf(engage) }))).toMatchObject({ path: ["role"] });
  });
});

describe("a matrix drops no rights in silence", () => {
  const changed = account.assign("ana", "fb", { publish: "full-access" });

  it.each(Object.entries(comparisons))("%s finds no two matrices equal, except a matrix and itself", (_, compare) => {
    expect(compare(account, changed)).toBe(false);
    expect(compare(account, createMatrix(engage, account.toJSON()))).toBe(false);
    expect(compare(account, account.revoke("ana", "ig"))).toBe(true);
  });

  it("its JSON compares what is in it", () => {
    expect(createMatrix(engage, account.toJSON()).toJSON()).toEqual(account.toJSON());
    expect(changed.toJSON()).not.toEqual(account.toJSON());
  });

  it("neither a clone nor a spread is taken for it, nor for its JSON", () => {
    expect(() => structuredClone(account)).toThrow("could not be cloned");
    expect(refusal(() => createMatrix(engage, { ...account } as never))).toMatchObject({ code: "invalid-matrix" });
  });
});
