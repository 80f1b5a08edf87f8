import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as library from "../src/index.js";
import { hostileNames } from "./arbitraries.js";
import { type Definition, modelCan, type Person, type Target } from "./model.js";

// Anything at all into every public function: an answer comes back, or a PolicyError, or what the value itself threw.

const { accessLevel, allowedActions, buffer, can, createMatrix, createUser, definePolicy, engage, explain } = library;

class OwnError extends Error {}
const throwing = () => {
  throw new OwnError("the value's own");
};

const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...hostileNames,
    ...[undefined, null, Number.NaN, -0, 10n, Symbol("s"), () => "fb", new String("fb"), new Date(0), /fb/],
    Promise.resolve({}),
    new Array(2 ** 32 - 1),
    new Proxy({}, { get: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing }),
    Object.defineProperty({}, "publish", { get: throwing, enumerable: true }),
    Object.defineProperty({}, "connections", { get: throwing, enumerable: true }),
    { toString: throwing, valueOf: throwing },
    { [Symbol.iterator]: throwing },
    { [Symbol.toPrimitive]: throwing },
    Object.create(null),
    Object.create({ publish: "full-access", connections: ["fb"], role: "admin" }),
  ),
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  }),
);

/** A value that is nearly right: some of what is expected, some of anything. */
const nearly = (right: Record<string, unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    strange,
    fc.record(
      Object.fromEntries(Object.entries(right).map(([key, value]) => [key, fc.oneof(fc.constant(value), strange)])),
      { requiredKeys: [] },
    ),
    fc
      .tuple(fc.constant(right), fc.dictionary(fc.constantFrom(...hostileNames, "publsh"), strange))
      .map(([one, other]) => ({
        ...one,
        ...other,
      })),
  );

const grant = nearly({ publish: "view-only", approver: true, conversations: "no-access" });
const grants = fc.oneof(
  strange,
  fc.dictionary(fc.constantFrom("fb", ...hostileNames), grant),
  fc.array(fc.tuple(fc.constantFrom("fb", "ig"), grant)),
  fc.array(fc.tuple(fc.constantFrom("fb", "ig"), grant)).map((entries) => new Map(entries)),
);
const user = grants.chain((given) => nearly({ id: "ana", role: "viewer", grants: given, connections: ["fb"] }));
const target = fc.oneof(strange, fc.constantFrom("fb", "zz"), nearly({ connections: ["fb", "ig"] }));
const action = fc.oneof(fc.constantFrom(...Object.keys(engage.actions)), strange);
const clause = nearly({ area: "posts", level: "write", role: "member" });
const blog = {
  name: "blog",
  levels: ["no", "read", "write"],
  areas: { posts: { levels: ["no", "read", "write"], flags: { lead: ["write"] } } },
  roles: { member: {}, owner: { holds: { posts: "write" } } },
  actions: { write: { target: "group", allow: { area: "posts", level: "write" } } },
};
const definition = fc.oneof(
  nearly(blog),
  clause.map((allow) => ({ ...blog, actions: { write: { target: "group", allow } } })),
  fc.array(clause).map((allow) => ({ ...blog, actions: { write: { target: "none", allow } } })),
  nearly(blog.areas.posts).map((posts) => ({ ...blog, areas: { posts } })),
  nearly(blog.roles).map((roles) => ({ ...blog, roles })),
);

/** The answer of a call, or nothing where it was refused as it may be. */
function answer<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof library.PolicyError || error instanceof OwnError) return undefined;
    throw error;
  }
}

const loosely = library as unknown as Record<string, (...call: unknown[]) => unknown>;
const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "full-access", approver: true } },
});
const account = createMatrix(engage, { users: [ana], connections: ["ig"] });
const anaModel: Person = {
  id: "ana",
  role: "viewer",
  grants: [["fb", { publish: "full-access", approver: true }]],
  connections: [],
};
const engageDefinition = JSON.parse(JSON.stringify(engage)) as Definition;
const keysOf = (object: object) => Reflect.ownKeys(object).map(String).sort();
const prototypes = [Object.prototype, Array.prototype, Map.prototype, Function.prototype];
const keysBefore = prototypes.map(keysOf);
const runs = { numRuns: 3000 };

describe("anything at all is answered, or refused with a PolicyError", () => {
  it("by createUser, and whoever gets through has no more than was granted", () => {
    fc.assert(
      fc.property(user, (input) => {
        const made = answer(() => createUser(engage, input as never));
        if (!made) return;
        expect(Object.isFrozen(made)).toBe(true);
        expect(["admin", "viewer"]).toContain(made.role);
        for (const id of ["fb", "ig"]) {
          // Nothing above says full access, so nobody may post.
          expect(can(made, "publish.post-now", { connections: [id] })).toBe(false);
        }
        expect(createUser(engage, JSON.parse(JSON.stringify(made))).toJSON()).toEqual(made.toJSON());
      }),
      runs,
    );
  });

  it("by every question about a user: yes only on the one connection where it is yes", () => {
    fc.assert(
      fc.property(action, target, fc.oneof(fc.constant<unknown>(ana), strange), (asked, about, who) => {
        const yes = answer(() => loosely.can?.(who, asked, about));
        if (yes) {
          expect(who).toBe(ana);
          expect(modelCan(engageDefinition, anaModel, asked as string, about as Target)).toBe(true);
        }
        const decision = answer(() => loosely.explain?.(who, asked, about)) as library.Decision | undefined;
        expect(decision?.allowed).toBe(yes);
        if (decision) expect(library.formatDecision(decision)).toMatch(/^ana may /);
        answer(() => loosely.accessLevel?.(who, "publish", about));
        answer(() => loosely.accessLevel?.(who, asked, "fb"));
        answer(() => loosely.allowedActions?.(who, about));
        answer(() => loosely.formatDecision?.(who));
      }),
      runs,
    );
  });

  it("by a matrix", () => {
    fc.assert(
      fc.property(nearly({ users: [], connections: ["fb"] }), fc.array(user, { maxLength: 3 }), (input, users) => {
        answer(() => createMatrix(engage, input as never));
        const matrix = answer(() => createMatrix(engage, { users } as never));
        if (matrix)
          expect(JSON.stringify(createMatrix(engage, JSON.parse(JSON.stringify(matrix))))).toBe(JSON.stringify(matrix));
      }),
      runs,
    );
    const methods = account as unknown as Record<string, (...call: unknown[]) => unknown>;
    const before = JSON.stringify(account);
    const anybody = fc.oneof(fc.constant("ana"), strange);
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(account)),
        anybody,
        target,
        grant,
        user,
        (method, who, where, what, row) => {
          answer(() => methods[method]?.(who, where, what));
          answer(() => methods[method]?.(where, who));
          answer(() => methods[method]?.(row));
          expect(JSON.stringify(account)).toBe(before);
        },
      ),
      runs,
    );
  });

  it("by definePolicy, and a policy that gets through can be asked", () => {
    fc.assert(
      fc.property(definition, (input) => {
        const policy = answer(() => definePolicy(input as never)) as library.Policy | undefined;
        if (!policy) return;
        expect(JSON.stringify(definePolicy(JSON.parse(JSON.stringify(policy)) as never))).toBe(JSON.stringify(policy));
        for (const role of Object.keys(policy.roles)) {
          const stranger = createUser(policy, { id: "p", role });
          expect(allowedActions(stranger, { connections: ["zz"] })).toEqual([]);
          for (const area of Object.keys(policy.areas))
            expect(accessLevel(stranger, area, "zz")).toBe(policy.levels[0]);
        }
      }),
      runs,
    );
    for (const value of [undefined, null, {}, engage.areas, "engage"]) {
      expect(answer(() => createUser(value as never, { id: "p", role: "viewer" }))).toBeUndefined();
    }
  });

  it("and no prototype is changed by it", () => {
    expect(prototypes.map(keysOf)).toEqual(keysBefore);
    expect(({} as Record<string, unknown>).publish).toBeUndefined();
    expect(explain(createUser(buffer, { id: "p", role: "member" }), "drafts.create", { connections: [] }).allowed).toBe(
      false,
    );
  });
});
