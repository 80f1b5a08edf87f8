import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { ZodError } from "zod";
import {
  type ApprovalEvent,
  approversFor,
  availableEvents,
  draft,
  inbox,
  type StandIn,
  type Submission,
  timeline,
  transition,
} from "../../src/approval/index.js";
import * as library from "../../src/index.js";
import * as schemas from "../../src/schema/index.js";
import { foldTeams, formatSource } from "../../src/teams/index.js";
import { hostileNames, toInput } from "../support/arbitraries.js";
import { modelDraft, modelTransition, type Organisation } from "../support/reference-flow.js";
import { type Definition, modelCan, type Person, type Target } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// Anything at all into every public function: an answer comes back, or a PolicyError or ZodError, or what the value
// itself threw; and, every so often, the same
// again while every object inherits grants.

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
    Object.create({ publish: "full-access", role: "admin" }),
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
    maxDepth: 2,
    maxKeys: 3,
  }),
);

/** A value that is nearly right: some of what is expected, some of anything. */
const nearly = (right: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> => {
  const spoilt = Object.entries(right).map(([key, value]) => [key, fc.oneof(value, strange)]);
  const extra = fc.dictionary(fc.constantFrom(...hostileNames, "publsh"), strange, { maxKeys: 3 });
  return fc.oneof(
    strange,
    fc.record(Object.fromEntries(spoilt) as typeof right, { requiredKeys: [] }),
    fc.tuple(fc.record(right), extra).map(([one, other]) => ({ ...one, ...other })),
  );
};
const exactly = fc.constant;

const grant = nearly({
  publish: exactly("view-only"),
  approver: exactly(true),
  conversations: exactly("no-access"),
});
const entry = fc.tuple(fc.constantFrom("fb", "ig"), grant);
const grants = fc.oneof(
  strange,
  fc.dictionary(fc.constantFrom("fb", ...hostileNames), grant, { maxKeys: 4 }),
  fc.array(entry, { maxLength: 4 }),
  fc.array(entry, { maxLength: 4 }).map((entries) => new Map(entries)),
);
const user = nearly({ id: exactly("ana"), role: exactly("viewer"), grants, connections: exactly(["fb"]) });
const target = fc.oneof(
  strange,
  fc.constantFrom<unknown>("fb", "zz", { connections: new Array(1) }),
  nearly({ connections: exactly(["fb", "ig"]) }),
);
const action = fc.oneof(fc.constantFrom(...Object.keys(engage.actions)), strange);
const blog = {
  name: "blog",
  levels: ["no", "read", "write"],
  areas: { posts: { levels: ["no", "read", "write"], flags: { lead: ["write"] } } },
  roles: { member: {}, owner: { holds: { posts: "write" } } },
  actions: { write: { target: "group", allow: { area: "posts", level: "write" } } },
};
const clause = nearly({ area: exactly("posts"), level: exactly("write"), role: exactly("member") });
const parts = (of: object) => Object.fromEntries(Object.entries(of).map(([key, part]) => [key, exactly(part)]));
const definition = fc.oneof(
  nearly(parts(blog)),
  clause.map((allow) => ({ ...blog, actions: { write: { target: "group", allow } } })),
  fc.array(clause, { maxLength: 3 }).map((allow) => ({ ...blog, actions: { write: { target: "none", allow } } })),
  nearly(parts(blog.areas.posts)).map((posts) => ({ ...blog, areas: { posts } })),
  nearly(parts(blog.roles)).map((roles) => ({ ...blog, roles })),
);

type Outcome<Answer> = { readonly answer?: Answer; readonly refused?: string };

/** What a call comes to: an answer, or one of the refusals that there may be. */
function outcome<Answer>(call: () => Answer): Outcome<Answer> {
  try {
    return { answer: call() };
  } catch (error) {
    if (error instanceof library.PolicyError) return { refused: `${error.code}: ${error.message}` };
    if (error instanceof ZodError) return { refused: JSON.stringify(error.issues) };
    if (error instanceof OwnError) return { refused: "the value's own" };
    throw error;
  }
}

/** What an attacker would have every object inherit. */
const inherited: Record<string, unknown> = {
  ...{ id: "ana", role: "admin", grants: { fb: { publish: "full-access" } }, connections: ["fb"], users: [] },
  ...{ publish: "full-access", approver: true, posting: "full-posting", posts: "write", lead: true, fb: {}, ig: {} },
  ...{
    name: "blog",
    levels: ["no"],
    areas: {},
    roles: {},
    actions: {},
    flags: {},
    noAccessCountsAs: "write",
    holds: {},
  },
  ...{
    target: "none",
    allow: { role: "member" },
    area: "posts",
    level: "read",
    some: "read",
    every: "lead",
    exactly: "no",
  },
  ...{ team: "t", brand: "fb", everywhere: { publish: "full-access" }, members: ["ana"], teams: [], brands: [] },
  ...{ user: "ana", connection: "fb", grant: {}, allowed: true, reason: "no-access", 0: "fb" },
  ...{ faults: [], path: [], code: "x", problem: "x", clauses: [], unblock: "any", blockers: 5, bit: 1 },
  ...{ pending: 1, released: 1, approved: 1, draft: 1, type: "release", by: "ben", revision: 7, steps: [["ana"]] },
  ...{ status: "approved", author: "zoe", approvals: [{ by: "ben" }], decision: {}, approval: {}, user: "ana" },
};

function whilePolluted<Answer>(call: () => Answer): Answer {
  for (const [key, value] of Object.entries(inherited)) {
    Object.defineProperty(Object.prototype, key, { value, configurable: true, enumerable: true, writable: true });
  }
  try {
    return call();
  } finally {
    for (const key of Object.keys(inherited)) Reflect.deleteProperty(Object.prototype, key);
  }
}

let cases = 0;

/** The outcome of a call, which is the same while every object inherits what was never given. */
function steady<Answer>(call: () => Answer): Outcome<Answer> {
  const clean = outcome(call);
  // Slow, for it changes what all code runs on: every so often is enough.
  if (cases % 100 !== 0) return clean;
  const polluted = whilePolluted(() => outcome(call));
  expect(polluted.refused).toBe(clean.refused);
  expect(JSON.stringify(polluted.answer)).toBe(JSON.stringify(clean.answer));
  return clean;
}

/** A schema and the function behind it: both give the same, or both refuse. */
function together(schema: { parse(value: unknown): unknown }, value: unknown, call: (value: never) => unknown): void {
  const direct = steady(() => call(value as never));
  const read = steady(() => schema.parse(value));
  expect(read.refused === undefined).toBe(direct.refused === undefined);
  if (direct.refused === undefined) {
    expect(JSON.stringify(call(read.answer as never))).toBe(JSON.stringify(direct.answer));
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
const read = {
  grant: schemas.grantSchema(engage),
  user: schemas.userSchema(engage),
  matrix: schemas.matrixSchema(engage),
  rows: schemas.matrixRowsSchema(engage),
  group: schemas.targetSchema(engage, "publish.post-now"),
  connection: schemas.targetSchema(engage, "conversations.reply"),
  none: schemas.targetSchema(engage, "publish.create"),
};
const people: Person[] = [
  { id: "ana", role: "viewer", grants: [["fb", { publish: "needs-approval" }]], connections: [] },
  { id: "ben", role: "viewer", grants: [["fb", { publish: "full-access", approver: true }]], connections: [] },
  { id: "cat", role: "viewer", grants: [["fb", { publish: "view-only", approver: true }]], connections: [] },
];
const organisation = createMatrix(engage, { users: people.map(toInput) as never, connections: ["ig"] });
const submissionOf = schemas.submissionSchema(engage);
const world = { definition: engageDefinition as Organisation["definition"], people, connections: ["fb", "ig"] };
const keysOf = (object: object) => Reflect.ownKeys(object).map(String).sort();
const prototypes = [
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Function.prototype,
  Error.prototype,
];
const keysBefore = prototypes.map(keysOf);

/** Runs a property; where it fails, the seed is printed with the case. */
function fuzz<Values extends [unknown, ...unknown[]]>(
  numRuns: number,
  values: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  check: (...values: Values) => void,
): void {
  fc.assert(
    fc.property(...values, (...drawn: Values) => {
      cases++;
      check(...drawn);
    }),
    { numRuns: runs(numRuns) },
  );
}

describe("anything at all is answered, or refused with a PolicyError or a ZodError", () => {
  it("by createUser and the schema of users, and whoever gets through has no more than was granted", () => {
    fuzz(60_000, [user], (input) => {
      together(read.user, input, (value) => createUser(engage, value));
      const { answer: made } = outcome(() => createUser(engage, input as never));
      if (!made) return;
      expect(Object.isFrozen(made)).toBe(true);
      expect(["admin", "viewer"]).toContain(made.role);
      // Nothing above says full access, so nobody may post.
      for (const id of ["fb", "ig"]) expect(can(made, "publish.post-now", { connections: [id] })).toBe(false);
      expect(createUser(engage, JSON.parse(JSON.stringify(made))).toJSON()).toEqual(made.toJSON());
    });
  });

  it("by every question about a user: yes only on the one connection where it is yes", () => {
    fuzz(50_000, [action, target, fc.oneof(fc.constant<unknown>(ana), strange)], (asked, about, who) => {
      const { answer: yes } = steady(() => loosely.can?.(who, asked, about));
      if (yes) {
        expect(who).toBe(ana);
        expect(modelCan(engageDefinition, anaModel, asked as string, about as Target)).toBe(true);
      }
      const { answer, refused } = steady(() => loosely.explain?.(who, asked, about));
      const decision = answer as library.Decision | undefined;
      // Where the answer is certain before the end of a group, `can` has not read on; `explain` reads it all.
      const unread = yes !== undefined && refused !== undefined;
      if (unread) expect(refused).toMatch(/^wrong-target: .* \(at "connections" > [1-9]|^the value's own$/);
      else expect(decision?.allowed).toBe(yes);
      if (decision) expect(library.formatDecision(decision)).toMatch(/^ana may /);
      steady(() => loosely.accessLevel?.(who, "publish", about));
      steady(() => loosely.accessLevel?.(who, asked, "fb"));
      steady(() => loosely.allowedActions?.(who, about));
      steady(() => loosely.formatDecision?.(who));
      // To prepare a target reads it all, and what is prepared is asked about like the target itself.
      const { answer: group } = steady(() => loosely.prepareGroup?.(engage, about));
      if (group) {
        expect(Object.isFrozen(group)).toBe(true);
        expect(steady(() => loosely.can?.(who, asked, group))).toEqual(outcome(() => loosely.can?.(who, asked, about)));
      }
    });
  });

  it("by createMatrix and its schemas", () => {
    const input = nearly({ users: exactly([]), connections: exactly(["fb"]) });
    const row = nearly({ user: exactly("ana"), connection: exactly("fb"), grant });
    const tables = nearly(parts({ users: [{ id: "ana", role: "viewer" }], connections: [{ id: "fb" }], grants: [] }));
    fuzz(25_000, [input, fc.array(user, { maxLength: 3 }), tables, row], (whole, users, rows, one) => {
      together(read.matrix, whole, (value) => createMatrix(engage, value));
      together(read.matrix, { users }, (value) => createMatrix(engage, value));
      steady(() => createMatrix(engage, read.rows.parse(rows)));
      const withRow = { users: [{ id: "ana", role: "viewer" }], connections: [{ id: "fb" }], grants: [one] };
      const { answer } = steady(() => createMatrix(engage, read.rows.parse(withRow)).user("ana"));
      if (answer) expect(can(answer, "publish.post-now", { connections: ["fb"] })).toBe(false);
    });
  });

  it("by a matrix, which stays what it is", () => {
    const methods = account as unknown as Record<string, (...call: unknown[]) => unknown>;
    const before = JSON.stringify(account);
    const anybody = fc.oneof(fc.constant("ana"), strange);
    const method = fc.constantFrom(...Object.keys(account));
    fuzz(30_000, [method, anybody, target, grant, user], (name, who, where, what, row) => {
      steady(() => methods[name]?.(who, where, what));
      steady(() => methods[name]?.(where, who));
      steady(() => methods[name]?.(row));
      expect(JSON.stringify(account)).toBe(before);
    });
  });

  it("by foldTeams, and whoever gets through has no more than was given", () => {
    const ids = fc.oneof({ weight: 4, arbitrary: fc.subarray(["ana", "fb"]) }, strange);
    const placed = nearly({ everywhere: grant, brands: grants, connections: grants });
    const whole = nearly({
      users: fc.array(nearly({ id: exactly("ana"), role: exactly("viewer"), grants: placed }), { maxLength: 2 }),
      connections: exactly(["fb"]),
      teams: fc.array(nearly({ id: exactly("t"), members: ids, grants: placed }), { maxLength: 2 }),
      brands: fc.array(nearly({ id: exactly("fb"), connections: ids }), { maxLength: 2 }),
    });
    fuzz(25_000, [whole, strange], (input, source) => {
      const { answer } = steady(() => createMatrix(engage, foldTeams(engage, input as never).input));
      for (const id of answer?.users() ?? []) {
        // Nothing above says full access, so nobody may post.
        expect(answer?.connectionsFor(id, "publish.post-now")).toEqual([]);
      }
      steady(() => formatSource(source as never));
    });
  });

  it("by definePolicy and its schema, and a policy that gets through can be asked", () => {
    fuzz(30_000, [definition], (input) => {
      together(schemas.policySchema, input, (value) => definePolicy(value));
      const policy = outcome(() => definePolicy(input as never)).answer as library.Policy | undefined;
      if (!policy) return;
      expect(JSON.stringify(definePolicy(JSON.parse(JSON.stringify(policy)) as never))).toBe(JSON.stringify(policy));
      for (const role of Object.keys(policy.roles)) {
        const stranger = createUser(policy, { id: "p", role });
        expect(allowedActions(stranger, { connections: ["zz"] })).toEqual([]);
        for (const area of Object.keys(policy.areas)) expect(accessLevel(stranger, area, "zz")).toBe(policy.levels[0]);
      }
    });
  });

  it("by the approval flow: what it lets happen is what the second machine does", () => {
    const person = fc.oneof({ weight: 5, arbitrary: fc.constantFrom("ana", "ben", "cat", "zoe") }, strange);
    const steps = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<unknown>([], [["ben"]], [["ben"], ["cat"]], [["ana"]]) },
      {
        weight: 2,
        arbitrary: fc.constantFrom<unknown>(
          [{ of: ["ben", "cat"], needs: 2 }],
          [{ of: ["ben"], needs: 1 }],
          [{ of: [], needs: 0 }],
        ),
      },
      strange,
    );
    const instant = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom<unknown>("2026-03-31T09:00:00Z", "2026-03-31T09:00:00.001Z", new Date(0)),
      },
      strange,
    );
    const standIns = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<unknown>({}, { standIns: [{ for: "ben", by: "cat" }] }) },
      {
        weight: 2,
        arbitrary: fc.record({
          standIns: fc.array(nearly({ for: person, by: person, until: instant }), { maxLength: 2 }),
        }),
      },
      strange,
    );
    const revision = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(0, 1) }, strange);
    const group = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(["fb"], ["fb", "ig"], ["zz"], [], new Array(2)) },
      strange,
    );
    const keyed = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[]) =>
      fc.record(fields, { requiredKeys });
    const types = fc.constantFrom(
      "submit",
      "approve",
      "reject",
      "withdraw",
      "edit",
      "reassign",
      "release",
      "auto-release",
      "constructor",
    );
    const event = fc.oneof(
      types.chain((type) => keyed({ type: exactly(type), by: person }, ["type"])),
      types.chain((type) => keyed({ type: exactly(type), by: person, revision }, ["type"])),
      types.chain((type) => keyed({ type: exactly(type), by: person, steps }, ["type"])),
      nearly({ type: exactly("edit"), by: exactly("ana"), connections: group }),
      types.chain((type) => keyed({ type: exactly(type), by: person, revision, at: instant }, ["type", "at"])),
      nearly({ type: exactly("submit"), by: exactly("ana"), steps: exactly([["ben"]]), expires: instant }),
    );
    const eventOf = schemas.eventSchema(engage);
    const draftOfAna: Submission = {
      ...{ connections: ["fb"], author: "ana", status: "draft", steps: [], approvals: [], revision: 0 },
    };
    const statuses = fc.constantFrom("draft", "pending", "approved", "released", "toString");
    const approvals = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<unknown>([], [{ by: "ben" }], [{ by: "ana" }], [{ by: "cat" }]) },
      strange,
    );
    const submission = fc.oneof(
      fc.record({ connections: group, author: person, status: statuses, steps, approvals, revision }),
      nearly({
        connections: exactly(["fb"]),
        author: exactly("ana"),
        status: exactly("pending"),
        steps: exactly([["ben"]]),
        approvals: exactly([]),
        revision: exactly(0),
      }),
    );
    fuzz(20_000, [submission, event, person, group, standIns], (post, happens, somebody, connections, options) => {
      const { answer } = steady(() =>
        transition(organisation, post as Submission, happens as ApprovalEvent, options as Record<string, never>),
      );
      if (answer) {
        const given = Object.hasOwn(options as object, "standIns") ? (options as { standIns: StandIn[] }).standIns : [];
        const expected = modelTransition(world, post as Submission, happens as ApprovalEvent, given);
        expect(answer.ok ? answer.submission : undefined).toEqual(expected);
      }
      const { answer: stored } = steady(() => submissionOf.parse(post));
      expect(stored === undefined).toBe(
        outcome(() => transition(organisation, post as Submission, { type: "withdraw", by: "zoe" })).answer ===
          undefined,
      );
      steady(() => availableEvents(organisation, post as Submission, somebody as string));
      steady(() => availableEvents(organisation, post as Submission, somebody as string, options as object));
      steady(() => inbox(organisation, [post as Submission], somebody as string, options as object));
      steady(() => approversFor(organisation, post as Submission, options as object));
      steady(() => timeline(post as Submission));
      const { answer: readEvent } = steady(() => eventOf.parse(happens));
      expect(readEvent === undefined).toBe(
        outcome(() => transition(organisation, draftOfAna, happens as ApprovalEvent)).answer === undefined,
      );
      const { answer: started } = steady(() => draft(organisation, { author: somebody, connections } as never));
      if (started) {
        const expected = modelDraft(world, somebody as string, connections as string[]);
        expect(started.ok ? started.submission : undefined).toEqual(expected);
      }
    });
  });

  it("by the schemas of grants and targets, and by what makes them", () => {
    fuzz(15_000, [grant, target, strange, action], (what, where, policy, asked) => {
      together(read.grant, what, (value) => account.assign("ana", "fb", value));
      for (const [about, schema] of [
        ["publish.post-now", read.group],
        ["conversations.reply", read.connection],
        ["publish.create", read.none],
      ] as const) {
        const { answer, refused } = steady(() => [schema.parse(where)]);
        // What the schema lets through is no wrong target.
        if (refused === undefined) expect(typeof loosely.can?.(ana, about, answer?.[0])).toBe("boolean");
      }
      for (const make of Object.values(schemas)) {
        if (typeof make === "function") outcome(() => (make as (...call: unknown[]) => unknown)(policy, asked));
      }
      outcome(() => (schemas.targetSchema as (...call: unknown[]) => unknown)(engage, asked));
    });
  });

  it("whatever lists and iterators say of themselves", () => {
    const people = (grants: unknown) => () => createUser(engage, { id: "p", role: "viewer", grants } as never);
    const full = { publish: "full-access" };
    const lying: unknown[] = [
      { [Symbol.iterator]: () => 5 },
      { [Symbol.iterator]: () => null },
      { [Symbol.iterator]: () => ({}) },
      { [Symbol.iterator]: () => ({ next: () => 5 }) },
      { [Symbol.iterator]: () => ({ next: () => null }) },
      { [Symbol.iterator]: () => ({ next: 5 }) },
      [new Array(2)],
      [["fb"]],
      [[5, full]],
    ];
    for (const grants of lying) {
      expect(outcome(people(grants)).refused).toMatch(/^invalid-grant: .*expected/);
      expect(read.user.safeParse({ id: "p", role: "viewer", grants }).success).toBe(false);
    }
    let asked = 0;
    const wavering = {
      length: 2 ** 40,
      get [Symbol.iterator]() {
        return asked++ < 2 ? () => ({}) : undefined;
      },
    };
    expect(outcome(people(wavering)).refused).toMatch("invalid-grant");
    expect(can(people(new Map([["fb", full]]).entries())(), "publish.post-now", { connections: ["fb"] })).toBe(true);
    const heard: unknown[] = [];
    const listening = {
      [Symbol.iterator]: (...said: unknown[]) => ({
        next: (...also: unknown[]) => {
          heard.push(...said, ...also);
          return { done: true, value: undefined };
        },
      }),
    };
    expect(people(listening)().toJSON()).toEqual({ id: "p", role: "viewer" });
    // As `for` does: a generator would take what it is told for the value of its `yield`.
    expect(heard).toEqual([]);
    const withLength = (length: unknown) =>
      new Proxy(["fb"], { get: (list, key) => (key === "length" ? length : Reflect.get(list, key)) });
    for (const length of [
      Number.POSITIVE_INFINITY,
      Number.NaN,
      10n,
      Symbol("length"),
      "1",
      null,
      undefined,
      1.5,
      2 ** 40,
    ]) {
      const group = { connections: withLength(length) };
      for (const ask of ["can", "explain"]) {
        expect(outcome(() => loosely[ask]?.(ana, "publish.post-now", group)).refused).toMatch(
          Number.isInteger(length)
            ? 'wrong-target: undefined is not a connection\'s id; expected a string (at "connections" > 1)'
            : 'wrong-target: a list without a length is not accepted; expected an array (at "connections")',
        );
      }
      expect(outcome(() => account.usersFor("publish.post-now", group)).refused).toMatch("wrong-target");
      expect(read.group.safeParse(group).success).toBe(false);
      expect(outcome(() => createMatrix(engage, { users: withLength(length) } as never)).refused).toMatch("invalid-");
    }
  });

  it("what is not enumerable was given by nobody, to the schema as to the engine", () => {
    for (const level of ["full-access", "bogus"]) {
      const hidden = Object.defineProperty({}, "publish", { value: level });
      together(read.grant, hidden, (value) => account.assign("ana", "fb", value));
      expect(account.assign("ana", "fb", hidden as never).grant("ana", "fb").publish).toBe("no-access");
    }
  });

  it("a proxy that was revoked, and a number too large to write down", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(outcome(() => can(proxy as never, "publish.create")).refused).toMatch("invalid-user: an object");
    expect(outcome(() => account.user(proxy as never)).refused).toMatch("unknown-user: an object");
    const large = 1n << (1n << 26n);
    expect(outcome(() => loosely.can?.(ana, large)).refused).toMatch("unknown-action: a bigint");
  });

  it("iterators and accessors that every object inherits give nobody anything", () => {
    const inheriting = <Answer>(key: PropertyKey, descriptor: PropertyDescriptor, call: () => Answer) => {
      Object.defineProperty(Object.prototype, key, { ...descriptor, configurable: true });
      try {
        return outcome(call);
      } finally {
        Reflect.deleteProperty(Object.prototype, key);
      }
    };
    const both = { connections: ["fb", "ig"] };
    function* one() {
      yield 1;
    }
    for (const value of [one, function* () {}]) {
      const asked = () => [
        can(ana, "publish.post-now", both),
        account.usersFor("publish.post-now", both).length,
        explain(ana, "publish.post-now", both).allowed,
      ];
      expect(inheriting(Symbol.iterator, { value }, asked).answer).toEqual([false, 0, false]);
    }
    const wrong = () => createUser(engage, { id: "p", role: "boss" } as never);
    for (const value of [true, () => true]) {
      const asked = () => [can(ana, "publish.post-now", both), can(ana, "publish.create"), allowedActions(ana).length];
      expect(inheriting("return", { value }, asked).answer).toEqual([false, true, 1]);
    }
    expect(inheriting("path", { get: () => 5 }, wrong).refused).toMatch("invalid-user");
    expect(inheriting("path", { value: 5, writable: false }, wrong).refused).toMatch("invalid-user");
    const array = Array.prototype as unknown as Record<number, unknown>;
    array[0] = "fb";
    array[1] = { publish: "full-access" };
    const holes = outcome(() => createUser(engage, { id: "p", role: "viewer", grants: [new Array(2)] } as never));
    const group = outcome(() => can(ana, "publish.post-now", { connections: new Array(1) }));
    Reflect.deleteProperty(array, 0);
    Reflect.deleteProperty(array, 1);
    expect([holes.refused, group.refused]).toEqual([
      expect.stringMatching("invalid-grant"),
      expect.stringMatching("wrong-target"),
    ]);
    const states = { get: () => ({ evil: ["full-access"] }), set: () => {} };
    const shape = JSON.stringify(schemas.grantSchema(engage).toJSONSchema());
    expect(inheriting("flags", states, () => JSON.stringify(schemas.grantSchema(engage).toJSONSchema())).answer).toBe(
      shape,
    );
  });

  it("definitions of any size, in time that grows with it", () => {
    const names = (count: number, letter: string) => Array.from({ length: count }, (_, index) => `${letter}${index}`);
    const record = <Value>(keys: readonly string[], value: Value) =>
      Object.fromEntries(keys.map((key) => [key, value]));
    const levels = names(runs(10_000), "l");
    const areas = { a: { levels: ["l0", "l1"] } };
    const act = { target: "group", allow: { area: "a", level: "l1" } };
    const base = { name: "large", levels: ["l0", "l1"], areas, roles: { r: {} }, actions: { act } };
    const roles = names(runs(2_000), "r");
    const many = {
      ...base,
      roles: record(roles, {}),
      actions: record(names(runs(2_000), "a"), {
        target: "group",
        allow: { role: roles.slice(0, 10), area: "a", level: "l1" },
      }),
    };
    const policy = definePolicy(many as never) as unknown as library.Policy;
    const user = createUser(policy, { id: "p", role: "r9", grants: { fb: { a: "l1" } } });
    expect(allowedActions(user, { connections: ["fb"] })).toHaveLength(runs(2_000));
    const hostile: object[] = [
      { ...base, roles: record(roles, {}), actions: { act: { target: "group", allow: { role: roles } } } },
      { ...base, levels, areas: record(names(runs(10_000), "a"), { levels: ["l0"] }) },
      { ...base, levels, areas: { a: { levels, flags: { f: levels.slice(1) } } } },
      { ...base, areas: record(names(runs(2_000), "a"), areas.a), roles: record(roles, { holds: {} }) },
      {
        ...base,
        roles: { r: { holds: record(names(runs(2_000), "k"), 1) } },
        areas: record(names(runs(2_000), "a"), areas.a),
      },
      {
        ...base,
        areas: { a: { levels: ["l0", "l1"], flags: record(names(runs(2_000), "f"), []) } },
        actions: record(names(runs(2_000), "x"), {
          target: "group",
          allow: { area: "a", level: "l1", every: "nobody" },
        }),
      },
      { ...base, levels, areas: { a: { levels: names(runs(10_000), "x") } } },
    ];
    for (const each of hostile) together(schemas.policySchema, each, (value) => definePolicy(value));
  });

  it("and something else in a policy's place is refused", () => {
    for (const value of [undefined, null, {}, engage.areas, "engage"]) {
      expect(outcome(() => createUser(value as never, { id: "p", role: "viewer" })).refused).toMatch("invalid-policy");
    }
  });

  it("and no prototype is changed by it", () => {
    expect(prototypes.map(keysOf)).toEqual(keysBefore);
    expect(({} as Record<string, unknown>).publish).toBeUndefined();
    expect(explain(createUser(buffer, { id: "p", role: "member" }), "drafts.create", { connections: [] }).allowed).toBe(
      false,
    );
  });

  afterAll(() => process.stdout.write(`${cases.toLocaleString("en")} hostile cases\n`));
});
