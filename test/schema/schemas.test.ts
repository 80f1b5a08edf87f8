import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { assert, describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import {
  type Buffer,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  type Engage,
  engage,
  explain,
  type GrantInput,
  type Policy,
  PolicyError,
  type PostGroup,
} from "../../src/index.js";
import {
  eventSchema,
  grantSchema,
  matrixRowsSchema,
  matrixSchema,
  policySchema,
  submissionSchema,
  targetSchema,
  userSchema,
} from "../../src/schema/index.js";
import {
  asked,
  define,
  definitions,
  groups,
  personOf,
  postOf,
  toInput,
  wholeDefinitions,
  wholeWorlds,
} from "../support/arbitraries.js";
import { type Json, mutations, wordsOf } from "../support/mutations.js";
import type { Definition, Person } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

const loosely = createUser as (policy: Policy, input: unknown) => ReturnType<typeof createUser>;

/** What is wrong with a value, and where; nothing where it is accepted. */
function issues(schema: z.ZodType, value: unknown): { path: PropertyKey[]; message: string; code: unknown }[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    assert(issue.code === "custom");
    return { path: issue.path, message: issue.message, code: issue.params?.code };
  });
}

const paths = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ path }) => path.join(".")) ?? [];

/** The error of a call, or nothing. */
function errorOf(call: () => unknown): PolicyError | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  return undefined;
}

/** A schema and a function that throws agree on a value: the first fault thrown is one of those listed. */
function agree(schema: z.ZodType, value: unknown, call: (value: unknown) => unknown): boolean {
  const found = issues(schema, value);
  const error = errorOf(() => call(value));
  if (!error) {
    expect(found).toEqual([]);
    expect(errorOf(() => call(schema.parse(value)))).toBeUndefined();
    return true;
  }
  const problem = error.path ? error.message.slice(0, error.message.lastIndexOf(" (at ")) : error.message;
  expect(found).toContainEqual({ path: error.path ?? [], message: problem, code: error.code });
  return false;
}

const json = (data: unknown) => JSON.parse(JSON.stringify(data)) as Json;
const engageDefinition = json(engage) as unknown as Definition;
const bufferDefinition = json(buffer) as unknown as Definition;

const userRow = ({ id, role, grants, connections, account }: Person): Json =>
  ({ id, role, grants: Object.fromEntries(grants), connections, ...(account && { account }) }) as Json;

describe("a grant", () => {
  // E2, E3: what each key may be, and `undefined` where it is left out.
  const values = {
    conversations: { right: [undefined, "no-access", "view-only", "full-access"], wrong: ["needs-approval", null] },
    publish: { right: [undefined, "no-access", "view-only", "needs-approval", "full-access"], wrong: ["owner", 3] },
    approver: { right: [undefined, false, true], wrong: ["true", 1, null] },
    analytics: { right: [undefined, "no-access", "full-access"], wrong: ["view-only", true] },
    aprover: { right: [undefined], wrong: [true, false] },
  } as const;
  type Key = keyof typeof values;
  const keys = Object.keys(values) as Key[];
  const all = keys.reduce<Record<string, unknown>[]>(
    (grants, key) =>
      grants.flatMap((grant) =>
        [...values[key].right, ...values[key].wrong].map((value) => ({ ...grant, [key]: value })),
      ),
    [{}],
  );
  const wrongKeys = (grant: Record<string, unknown>): string[] => {
    const wrong: string[] = keys.filter((key) => (values[key].wrong as readonly unknown[]).includes(grant[key]));
    const aside = [undefined, "no-access", "needs-approval"].includes(grant.publish as string);
    return grant.approver === true && aside ? [...wrong, "approver"] : wrong;
  };
  const ajv = new Ajv2020({ allErrors: true });
  const validate = ajv.compile(z.toJSONSchema(grantSchema(engage)));

  it("E2, E3: is refused exactly at each of its wrong keys, over every combination", () => {
    expect(all.length).toBe(6 * 7 * 6 * 5 * 3);
    const schema = grantSchema(engage);
    for (const grant of all) {
      const wrong = wrongKeys(grant);
      expect(paths(schema, grant).sort()).toEqual(wrong.sort());
      if (wrong.length === 0) expect(schema.parse(grant)).toEqual(grant);
    }
  });

  it("is accepted exactly where createUser and assign accept it, and where its JSON Schema does", () => {
    const account = createMatrix(engage, { users: [{ id: "p", role: "viewer" }] });
    for (const grant of all) {
      const right = agree(grantSchema(engage), grant, (given) =>
        account.assign("p", "fb", given as GrantInput<Engage>),
      );
      expect(right).toBe(wrongKeys(grant).length === 0);
      expect(!errorOf(() => loosely(engage, { id: "p", role: "viewer", grants: { fb: grant } }))).toBe(right);
      expect(validate(json(grant))).toBe(right);
    }
  });

  it("B1: in Buffer is one of three levels", () => {
    for (const posting of ["no-access", "approval-required", "full-posting", undefined]) {
      expect(grantSchema(buffer).parse({ posting })).toEqual({ posting });
    }
    expect(issues(grantSchema(buffer), { posting: "full-access", approver: true })).toEqual([
      {
        path: ["posting"],
        message: '"full-access" is not a level of posting; expected "no-access", "approval-required" or "full-posting"',
        code: "invalid-grant",
      },
      {
        path: ["approver"],
        message: 'unknown key "approver"; expected "posting" or "until"',
        code: "invalid-grant",
      },
    ]);
  });

  it("of no right form at all is refused as a whole", () => {
    for (const value of [undefined, null, "full-access", 1, true, [], new Map(), new Date(0), () => ({})]) {
      expect(paths(grantSchema(engage), value)).toEqual([""]);
    }
  });

  it("that only looks like a plain object is none", () => {
    const tagged = { [Symbol.toStringTag]: "Object", [Symbol.iterator]: undefined };
    for (const value of [Object.assign([], tagged), Object.assign(() => ({}), tagged)]) {
      expect(paths(grantSchema(engage), value)).toEqual([""]);
    }
  });

  it("has only own keys, and is copied", () => {
    const inherited = Object.create({ publish: "full-access" });
    expect(grantSchema(engage).parse(inherited)).toEqual({});
    const given = { publish: "view-only" };
    const read = grantSchema(engage).parse(given);
    expect(read).not.toBe(given);
    given.publish = "full-access";
    expect(read).toEqual({ publish: "view-only" });
    let times = 0;
    const changing = {
      get publish() {
        return times++ === 0 ? "view-only" : "full-access";
      },
    };
    expect(grantSchema(engage).parse(changing)).toEqual({ publish: "view-only" });
  });
});

/** Draws the same cases in each run, to show that both outcomes occur. */
const sampled = <Value>(values: fc.Arbitrary<Value>) => fc.sample(values, { numRuns: 200, seed: 42 });

describe("the schemas accept what the library accepts, and nothing else", () => {
  const shipped = fc.constantFrom(
    { policy: engage as unknown as Policy, definition: engageDefinition },
    { policy: buffer as unknown as Policy, definition: bufferDefinition },
  );
  const policies = fc.oneof(
    shipped,
    fc.oneof(definitions, wholeDefinitions).map((definition) => ({ policy: define(definition), definition })),
  );

  it("users, as rows of JSON, for Engage, Buffer and random policies", () => {
    const cases = policies.chain(({ policy, definition }) =>
      personOf(definition).chain((person) =>
        mutations(userRow(person), wordsOf(json(definition))).map((row) => ({ policy, row })),
      ),
    );
    fc.assert(
      fc.property(cases, ({ policy, row }) => {
        if (agree(userSchema(policy), row, (given) => loosely(policy, given)))
          expect(JSON.stringify(loosely(policy, userSchema(policy).parse(row)))).toBe(
            JSON.stringify(loosely(policy, row)),
          );
      }),
      { numRuns: runs(4000) },
    );
    const outcomes = sampled(cases).map(({ policy, row }) => userSchema(policy).safeParse(row).success);
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
  });

  it("users, in all three forms of grants, which are read alike", () => {
    fc.assert(
      fc.property(wholeWorlds, ({ definition, person }) => {
        const policy = define(definition);
        const { grants, ...rest } = toInput(person);
        const forms = [grants, new Map(person.grants), Object.fromEntries(person.grants)];
        const read = forms.map((form) => userSchema(policy).parse({ ...rest, grants: form }));
        for (const each of read) expect(each).toEqual({ ...rest, grants: Object.fromEntries(person.grants) });
        // A user of the library is read as its row.
        const user = createUser(policy, toInput(person));
        expect(userSchema(policy).parse(user)).toEqual(json(user));
      }),
      { numRuns: runs(300) },
    );
  });

  it("matrices", () => {
    const cases = policies.chain(({ policy, definition }) =>
      fc.array(personOf(definition), { maxLength: 3 }).chain((people) =>
        mutations({ users: people.map(userRow), connections: ["fb"] }, wordsOf(json(definition))).map((input) => ({
          policy,
          input,
        })),
      ),
    );
    fc.assert(
      fc.property(cases, ({ policy, input }) => {
        agree(matrixSchema(policy), input, (given) => createMatrix(policy, given as never));
      }),
      { numRuns: runs(3000) },
    );
  });

  it("definitions", () => {
    const cases = fc
      .oneof(fc.constantFrom(engageDefinition, bufferDefinition), definitions, wholeDefinitions)
      .chain((definition) => mutations(json(definition), wordsOf(json(definition))));
    fc.assert(
      fc.property(cases, (input) => {
        agree(policySchema, input, (given) => definePolicy(given as never));
      }),
      { numRuns: runs(4000) },
    );
    const outcomes = sampled(cases).map((input) => policySchema.safeParse(input).success);
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
  });

  it("targets, but for the further fields of a host's own post", () => {
    // An explanation reads all of a group; a bare answer is given as soon as it is certain.
    const fb = {
      conversations: "full-access",
      publish: "full-access",
      approver: true,
      analytics: "full-access",
    } as const;
    const user = createUser(engage, { id: "ana", role: "admin", grants: { fb } });
    const targets = fc.oneof(
      groups.map((connections) => ({ connections })),
      fc.constantFrom<unknown>(
        undefined,
        null,
        "fb",
        "",
        5,
        [],
        ["fb"],
        {},
        { connections: "fb" },
        { connections: [5] },
      ),
      fc.constantFrom<unknown>({ connections: ["fb", null, 3] }, { conections: ["fb"] }, new Set(["fb"]), new Array(1)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(engage.actions)), targets, (action, target) => {
        const schema = targetSchema(engage, action as "publish.view");
        const error = errorOf(() => explain(user, action as "publish.view", target as PostGroup));
        expect(schema.safeParse(target).success).toBe(!error);
        if (!error) expect(schema.parse(target)).toEqual(target);
        else expect(issues(schema, target).map(({ code }) => code)).toContain("wrong-target");
      }),
      { numRuns: runs(3000) },
    );
    expect(issues(targetSchema(engage, "publish.post-now"), { connections: ["fb"], text: "Hello" })).toEqual([
      { path: ["text"], message: 'unknown key "text"; expected "connections"', code: "wrong-target" },
    ]);
  });
});

describe("every fault is an issue, with its path", () => {
  it("of a user", () => {
    expect(
      paths(userSchema(engage), {
        id: 7,
        role: "owner",
        roles: ["admin"],
        grants: {
          fb: { publish: "owner", approver: "yes", conversations: "needs-approval", aprover: true },
          ig: { publish: "needs-approval", approver: true },
          ok: { publish: "full-access" },
          x: null,
        },
        connections: ["fb", 5, {}],
      }),
    ).toEqual([
      ...["roles", "id", "role", "grants.fb.conversations", "grants.fb.publish", "grants.fb.approver"],
      ...["grants.fb.aprover", "grants.ig.approver", "grants.x", "connections.1", "connections.2"],
    ]);
  });

  it("of a user whose grants are entries", () => {
    const grants = [["fb", { publish: "owner" }], ["fb", { approver: 1 }], "ig", ["x"], [5, {}], ["ok", {}], ["y", 5]];
    expect(paths(userSchema(engage), { id: "ana", role: "viewer", grants })).toEqual([
      ...["grants.fb.publish", "grants.fb", "grants.fb.approver", "grants.2", "grants.3", "grants.4", "grants.y"],
    ]);
  });

  it("of a user whose grants are a Map or any other iterable", () => {
    const entries = [
      [1, {}],
      [2, {}],
      ["fb", { publish: "owner" }],
      ["fb", {}],
    ] as never;
    for (const grants of [entries, new Set(entries), (entries as unknown[]).values()]) {
      expect(paths(userSchema(engage), { id: "ana", role: "viewer", grants })).toEqual([
        ...["grants.0", "grants.1", "grants.fb.publish", "grants.fb"],
      ]);
    }
    const map = new Map<unknown, unknown>([
      [1, {}],
      [2, {}],
      ["fb", { publish: "owner" }],
    ]);
    expect(paths(userSchema(engage), { id: "ana", role: "viewer", grants: map })).toEqual([
      ...["grants.0", "grants.1", "grants.fb.publish"],
    ]);
  });

  it("of a user whose role holds everywhere: each of its grants", () => {
    const grants = { fb: { posting: "full-posting" }, ig: {} };
    expect(paths(userSchema(buffer), { id: "ana", role: "owner", grants })).toEqual(["grants.fb", "grants.ig"]);
  });

  it("of an account", () => {
    const users = [
      { id: "ana", role: "viewer", grants: { fb: { publish: "all" } } },
      { id: "ana", role: "boss" },
      { role: "viewer" },
      { role: "viewer", id: null },
      "ben",
    ];
    expect(issues(matrixSchema(engage), { users, connections: [1, "fb"], name: "Acme" })).toMatchObject([
      { path: ["name"], code: "invalid-matrix" },
      { path: ["users", 0, "grants", "fb", "publish"], code: "invalid-grant" },
      { path: ["users", 1, "role"], code: "invalid-user" },
      { path: ["users", 1, "id"], code: "duplicate-user" },
      { path: ["users", 2, "id"], code: "invalid-user" },
      { path: ["users", 3, "id"], code: "invalid-user" },
      { path: ["users", 4], code: "invalid-user" },
      { path: ["connections", 0], code: "invalid-matrix" },
    ]);
    expect(paths(matrixSchema(engage), { connections: "fb" })).toEqual(["users", "connections"]);
    expect(paths(matrixSchema(engage), [])).toEqual([""]);
  });

  it("of a definition", () => {
    const broken = {
      name: 5,
      version: 1,
      levels: ["none", "read", "write", "read", 4],
      areas: {
        posts: { levels: ["none", "write", "read"], flags: { lead: ["none"] }, colour: "red" },
        media: {
          levels: ["none", "read"],
          flags: { posts: ["read"], star: ["write", "read"] },
          noAccessCountsAs: "none",
        },
        pages: { levels: ["none", "read", "write"], flags: { sign: ["write"] } },
        notes: 5,
      },
      roles: { owner: { holds: { pages: "write", zone: 1 } }, member: { hold: {} }, guest: null },
      actions: {
        a: { target: "all", allow: [] },
        b: { target: "group", allow: { area: "pages", level: "reed" }, because: "" },
        c: {
          target: "group",
          allow: [{ role: "boss" }, { area: "posts", level: "anything" }, { area: "zone", some: "read" }, {}],
        },
        d: { target: "none", allow: { area: "pages", level: "read", every: "sign" } },
        e: { target: "group", allow: { area: "pages", level: "read", exactly: "read", colour: 1 } },
        f: { target: "group", allow: { role: ["owner", "boss", "owner"], area: "pages" } },
        g: { target: "group", allow: { level: "read" } },
        h: { target: "group", allow: { role: [] } },
        i: { target: "group", allow: { role: "guest", area: "pages", exactly: "read", every: "sign" } },
        j: { target: "connection" },
        k: { target: "group", allow: { area: "notes", every: "anything" } },
        l: { target: "group", allow: { area: "pages", level: "write" } },
      },
    };
    expect(paths(policySchema, broken)).toEqual([
      ...[
        "version",
        "name",
        "levels.3",
        "levels.4",
        "areas.posts.colour",
        "areas.posts.levels.1",
        "areas.posts.flags.lead.0",
      ],
      ...["areas.media.flags.star.0", "areas.media.noAccessCountsAs", "areas.notes"],
      ...["roles.member.hold", "roles.guest"],
      ...["actions.a.target", "actions.a.allow", "actions.b.because", "actions.b.allow.level"],
      ...["actions.c.allow.0.role", "actions.c.allow.2.area", "actions.c.allow.3"],
      ...["actions.d.allow.level", "actions.d.allow.every"],
      ...["actions.e.allow.colour", "actions.e.allow.exactly"],
      ...["actions.f.allow.role.1", "actions.f.allow.role.2", "actions.f.allow.area"],
      ...["actions.g.allow.level", "actions.h.allow.role", "actions.i.allow.every", "actions.j.allow"],
    ]);
  });

  it("of a definition whose parts are missing", () => {
    expect(paths(policySchema, {})).toEqual(["name", "levels", "areas", "roles", "actions"]);
    expect(paths(policySchema, { ...engageDefinition, levels: undefined, areas: 5 })).toEqual(["levels", "areas"]);
    expect(paths(policySchema, { ...engageDefinition, areas: {} })).not.toContain("areas");
    expect(paths(policySchema, null)).toEqual([""]);
    const listed = { ask: { target: "group", allow: { role: [] } } };
    expect(issues(policySchema, { ...engageDefinition, roles: 5, actions: listed, approval: undefined })).toMatchObject(
      [
        { path: ["roles"], message: "5 is not accepted; expected a plain object" },
        { path: ["actions", "ask", "allow", "role"], message: "an empty list of roles; expected nothing" },
      ],
    );
  });

  it("of an action, once: the approval flow that names it is not judged by it", () => {
    const { actions } = engageDefinition;
    for (const target of ["grup", undefined]) {
      const broken = { ...actions, "publish.submit": { ...actions["publish.submit"], target } };
      expect(paths(policySchema, { ...engageDefinition, actions: broken })).toEqual(["actions.publish.submit.target"]);
    }
  });

  it("of an area and of a clause: each of its fields", () => {
    const levels = ["none", "low", "high"];
    const areas = { x: { levels, flags: { star: ["high"] } } };
    const base = { name: "n", levels, areas, roles: { r: {} } };
    const clause = (allow: unknown) => paths(policySchema, { ...base, actions: { a: { target: "group", allow } } });
    const fields = (...keys: string[]) => keys.map((key) => `actions.a.allow.${key}`);
    expect(clause({ role: "boss", area: "nope", level: "zz" })).toEqual(fields("role", "area"));
    expect(clause({ role: "boss", area: "x", level: "zz", every: "q" })).toEqual(fields("role", "level", "every"));
    expect(clause({ area: "x", level: "zz", exactly: "yy", every: "nn" })).toEqual(
      fields("exactly", "level", "exactly", "every"),
    );
    expect(clause({ area: "x", level: "low", exactly: "low", some: "low" })).toEqual(fields("exactly", "some"));
    expect(clause({ level: "low", some: "low" })).toEqual(fields("level", "some"));
    // Which of the two is meant is not known, so neither is whether the flag goes with it.
    expect(clause({ area: "x", exactly: "low", some: "high", every: "star" })).toEqual(fields("some"));
    const area = (x: unknown) => paths(policySchema, { ...base, areas: { x }, actions: {} });
    expect(area({ levels: 7, flags: 5, noAccessCountsAs: 9 })).toEqual([
      ...["areas.x.levels", "areas.x.flags", "areas.x.noAccessCountsAs"],
    ]);
    // A level that is none has no place in the order, and the others keep theirs.
    expect(area({ levels: ["none", 5, "high", "low"] })).toEqual(["areas.x.levels.1"]);
    expect(area({ levels: ["nine", "low", "high"] })).toEqual(["areas.x.levels.0"]);
  });

  it("of a definition with too many states in one area", () => {
    const flags = Object.fromEntries(["a", "b", "c", "d", "e"].map((flag) => [flag, ["all"]]));
    const area = { levels: ["none", "all"], flags };
    const clause = { role: "user", area: "large", level: "all" };
    const large = {
      name: "large",
      levels: ["none", "all"],
      areas: { large: area },
      roles: { user: {} },
      actions: { act: { target: "group", allow: clause }, wrong: { target: "group", allow: { role: "boss" } } },
    };
    expect(issues(policySchema, large)).toMatchObject([
      { path: ["areas", "large"], message: "33 states; expected at most 30 in an area" },
      { path: ["actions", "wrong", "allow", "role"] },
    ]);
  });

  it("as many issues as there are faults, wherever they are", () => {
    const places = fc.uniqueArray(fc.integer({ min: 0, max: 199 }), { maxLength: 60 });
    fc.assert(
      fc.property(places, (spoilt) => {
        const users = Array.from({ length: 200 }, (_, index) => ({
          id: `user-${index}`,
          role: "viewer",
          grants: { fb: { publish: spoilt.includes(index) ? "all" : "full-access" } },
        }));
        const expected = spoilt.toSorted((a, b) => a - b).map((index) => `users.${index}.grants.fb.publish`);
        expect(paths(matrixSchema(engage), { users })).toEqual(expected);
      }),
      { numRuns: runs(100) },
    );
  });

  it("and a message that says what would be accepted", () => {
    for (const value of [5, { id: 5, role: 5, grants: 5, connections: 5, more: 5 }]) {
      for (const { message } of issues(userSchema(engage), value)) expect(message).toMatch(/; expected ./);
    }
  });
});

describe("an account as rows of tables", () => {
  const tables = {
    users: [
      { id: "ana", role: "viewer" },
      { id: "__proto__", role: "admin" },
    ],
    connections: [{ id: "fb" }, { id: "__proto__" }],
    grants: [
      { user: "ana", connection: "fb", grant: { publish: "view-only", approver: true, conversations: "no-access" } },
      { user: "__proto__", connection: "__proto__", grant: { publish: "full-access" } },
      { user: "ana", connection: "__proto__", grant: {} },
    ],
  };

  it("is an input of createMatrix, with each grant where its row says", () => {
    const matrix = createMatrix(engage, matrixRowsSchema(engage).parse(tables));
    expect(matrix.users()).toEqual(["ana", "__proto__"]);
    expect(matrix.connections()).toEqual(["fb", "__proto__"]);
    const granted = matrix.users().map((user) => matrix.connections().map((id) => matrix.grant(user, id)));
    expect(granted.flat().map(({ publish, approver }) => [publish, approver])).toEqual([
      ["view-only", true],
      ["no-access", false],
      ["no-access", false],
      ["full-access", false],
    ]);
  });

  it("has no grants for a user whom no row grants anything", () => {
    const data = matrixRowsSchema(engage).parse({ ...tables, grants: [] });
    for (const user of data.users) expect(Object.keys(user)).toEqual(["id", "role"]);
    expect(data.users).toHaveLength(tables.users.length);
  });

  it("gives the matrix that its rows were taken from", () => {
    fc.assert(
      fc.property(wholeWorlds, ({ definition, person }) => {
        const policy = define(definition);
        const connections = [...new Set([...person.connections, ...person.grants.map(([id]) => id)])];
        const rows = {
          users: [{ id: person.id, role: person.role, ...(person.account && { account: person.account }) }],
          connections: connections.map((id) => ({ id })),
          grants: person.grants.map(([connection, grant]) => ({ user: person.id, connection, grant })),
        };
        const read = createMatrix(policy, matrixRowsSchema(policy).parse(rows));
        const { connections: _, ...user } = toInput(person);
        expect(json(read)).toEqual(json(createMatrix(policy, { users: [user], connections })));
      }),
      { numRuns: runs(500) },
    );
  });

  it("is wrong at a row that repeats another, or names a row that is not there", () => {
    const grant = { publish: "view-only" };
    expect(
      issues(matrixRowsSchema(engage), {
        users: [
          ...tables.users,
          { id: "ana", role: "admin" },
          { id: "zoe", role: "boss" },
          { id: 5, role: "viewer", name: "" },
        ],
        connections: [...tables.connections, { id: "fb" }, { id: null }, "ig"],
        grants: [
          ...tables.grants,
          { user: "ana", connection: "fb", grant },
          { user: "eve", connection: "ig", grant: { publish: "owner", approve: true } },
          { user: "zoe", connection: "fb", grant: null },
          { user: "zoe", connection: "fb", grant },
          { connection: "fb" },
          null,
        ],
      }).map(({ path, message, code }) => [path.join("."), message, code]),
    ).toEqual([
      ["users.2.id", 'a second user "ana"; expected one', "duplicate-user"],
      ["users.3.role", '"boss" is not a role; expected "admin" or "viewer"', "invalid-user"],
      ["users.4.name", 'unknown key "name"; expected "id" or "role"', "invalid-matrix"],
      ["users.4.id", "5 is not a user id; expected a string", "invalid-user"],
      ["connections.2.id", 'a second connection "fb"; expected one', "invalid-matrix"],
      ["connections.3.id", "null is not a connection's id; expected a string", "invalid-matrix"],
      ["connections.4", '"ig" is not accepted; expected a plain object', "invalid-matrix"],
      ["grants.3", 'a second grant of "ana" on "fb"; expected one row of both', "invalid-matrix"],
      ["grants.4.user", '"eve" is the id of no user; expected one of the rows of users', "invalid-matrix"],
      [
        "grants.4.connection",
        '"ig" is the id of no connection; expected one of the rows of connections',
        "invalid-matrix",
      ],
      [
        "grants.4.grant.publish",
        '"owner" is not a level of publish; expected "no-access", "view-only", "needs-approval" or "full-access"',
        "invalid-grant",
      ],
      [
        "grants.4.grant.approve",
        'unknown key "approve"; expected "conversations", "publish", "approver", "analytics" or "until"',
        "invalid-grant",
      ],
      ["grants.5.grant", "null is not a grant; expected a plain object", "invalid-grant"],
      ["grants.6", 'a second grant of "zoe" on "fb"; expected one row of both', "invalid-matrix"],
      ["grants.7.user", "undefined is not the id of a user; expected a string", "invalid-matrix"],
      ["grants.7.grant", "undefined is not a grant; expected a plain object", "invalid-grant"],
      ["grants.8", "null is not accepted; expected a plain object", "invalid-matrix"],
    ]);
  });

  it("grants of two connections that there are not are two faults, and not one grant twice", () => {
    const grants = ["yy", "zz"].map((connection) => ({ user: "ana", connection, grant: {} }));
    const rows = { users: [{ id: "ana", role: "viewer" }], connections: [{ id: "fb" }], grants };
    expect(paths(matrixRowsSchema(engage), rows)).toEqual(["grants.0.connection", "grants.1.connection"]);
  });

  it("is not judged by a table that cannot be read", () => {
    expect(paths(matrixRowsSchema(engage), { ...tables, users: undefined })).toEqual(["users"]);
    expect(paths(matrixRowsSchema(engage), { ...tables, connections: {} })).toEqual(["connections"]);
    expect(paths(matrixRowsSchema(engage), { grant: [] })).toEqual(["grant", "users", "connections", "grants"]);
  });

  it("B5: has no grant for a role that holds everywhere", () => {
    const rows = {
      users: [{ id: "ana", role: "owner" }],
      connections: [{ id: "fb" }],
      grants: [{ user: "ana", connection: "fb", grant: { posting: "full-posting" } }],
    };
    expect(paths(matrixRowsSchema(buffer), rows)).toEqual(["grants.0.grant"]);
    const owner = createMatrix(buffer, matrixRowsSchema(buffer).parse({ ...rows, grants: [] })).user("ana");
    expect(can(owner, "queue.add", { connections: ["fb"] })).toBe(true);
  });
});

describe("events", () => {
  const schema = eventSchema(engage);

  it("are read as transition reads them, their instants in UTC, and nothing is added", () => {
    const read = (event: unknown) => schema.parse(event);
    expect(read({ type: "edit", by: "ana" })).toStrictEqual({ type: "edit", by: "ana" });
    expect(read({ type: "auto-release", revision: 0, at: new Date(0) })).toStrictEqual({
      ...{ type: "auto-release", revision: 0, at: "1970-01-01T00:00:00.000Z" },
    });
    expect(
      read({ type: "submit", by: "ana", steps: [["ben"], { of: ["cat"] }], expires: "2026-03-31T11:00:00+02:00" }),
    ).toStrictEqual({
      ...{
        type: "submit",
        by: "ana",
        steps: [["ben"], { of: ["cat"], needs: 1 }],
        expires: "2026-03-31T09:00:00.000Z",
      },
    });
  });

  it("are refused with every fault, and with the code that a PolicyError would have", () => {
    const { error } = schema.safeParse({ type: "approve", by: 5, revision: -1, at: "soon", more: 1 });
    expect(error?.issues.map((issue) => [issue.path, (issue as { params?: { code?: string } }).params?.code])).toEqual(
      ["more", "by", "revision", "at"].map((key) => [[key], "invalid-event"]),
    );
    for (const event of [
      { type: "auto-release", by: "ana", revision: 0 },
      { type: "auto-release", by: undefined, revision: 0 },
    ]) {
      expect(schema.safeParse(event).error?.issues[0]?.path).toEqual(["by"]);
    }
    expect(schema.safeParse({ type: "publish" }).error?.issues[0]?.path).toEqual(["type"]);
  });

  it("are those of a policy that has the flow", () => {
    const { approval: _, ...rest } = json(engage) as Record<string, unknown>;
    expect(() => eventSchema(define(rest as never))).toThrow("a policy without approval");
  });
});

describe("as JSON Schema", () => {
  /** Whether a JSON Schema by each of the drafts accepts a value: they must all say the same. */
  const validator = (schema: z.ZodType) => {
    const latest = new Ajv2020({ allErrors: true, ownProperties: true });
    // Where it stops at the first fault, the validator takes a missing property named "" for none missing.
    const draft7 = new Ajv({ allErrors: true, ownProperties: true });
    const validators = [
      latest.compile(z.toJSONSchema(schema)),
      latest.compile(z.toJSONSchema(schema, { io: "input" })),
      draft7.compile(z.toJSONSchema(schema, { target: "draft-7" })),
      draft7.compile(z.toJSONSchema(schema, { target: "openapi-3.0" })),
    ];
    return (value: unknown) => {
      const answers = validators.map((validate) => validate(value));
      expect(new Set(answers).size).toBe(1);
      return answers[0] as boolean;
    };
  };
  // Entries are a form for code, not for JSON; of an own "__proto__" or half a character the validator makes nothing.
  const isPlain = (row: Json) =>
    !/__proto__|\\ud800/.test(JSON.stringify(row)) &&
    !(typeof row === "object" && row !== null && "grants" in row && Array.isArray(row.grants));
  const plainDefinitions = fc.oneof(definitions, wholeDefinitions).filter((definition) => isPlain(json(definition)));

  it("a grant's states the levels per area and the flag condition", () => {
    const { properties, additionalProperties, allOf, description } = z.toJSONSchema(grantSchema(engage));
    expect(additionalProperties).toBe(false);
    expect(
      Object.fromEntries(
        Object.entries(properties ?? {}).map(([key, value]) => [key, (value as { enum?: unknown }).enum]),
      ),
    ).toEqual({
      conversations: ["no-access", "view-only", "full-access"],
      publish: ["no-access", "view-only", "needs-approval", "full-access"],
      approver: undefined,
      analytics: ["no-access", "full-access"],
    });
    expect(allOf).toHaveLength(1);
    expect(JSON.stringify(allOf)).toContain('"enum":["view-only","full-access"]');
    expect(description).toContain("engage");
    expect(grantSchema(engage).description).toBe(description);
  });

  it.each([
    ["Engage", engage as unknown as Policy, engageDefinition],
    ["Buffer", buffer as unknown as Policy, bufferDefinition],
  ])("of a user of %s accepts what the schema accepts", (_, policy, definition) => {
    const schema = userSchema(policy);
    const validate = validator(schema);
    const rows = personOf(definition).chain((person) => mutations(userRow(person), wordsOf(json(definition))));
    fc.assert(
      fc.property(rows.filter(isPlain), (row) => {
        expect(validate(json(row ?? null))).toBe(schema.safeParse(row).success);
      }),
      { numRuns: runs(1500) },
    );
    expect(new Set(sampled(rows).map((row) => schema.safeParse(row).success))).toEqual(new Set([true, false]));
  });

  it("of a user of a random policy accepts what the schema accepts", () => {
    fc.assert(
      fc.property(
        plainDefinitions.chain((definition) =>
          fc.record({
            definition: fc.constant(definition),
            rows: fc.array(
              personOf(definition)
                .chain((person) => mutations(userRow(person), wordsOf(json(definition))))
                .filter(isPlain),
              { minLength: 1, maxLength: 8 },
            ),
          }),
        ),
        ({ definition, rows }) => {
          const schema = userSchema(define(definition));
          const validate = validator(schema);
          for (const row of rows) expect(validate(json(row ?? null))).toBe(schema.safeParse(row).success);
        },
      ),
      { numRuns: runs(100) },
    );
  });

  it("of a user where no role, or none but fixed ones, can be had", () => {
    for (const roles of [{}, { owner: { holds: { posting: "full-posting" } } }]) {
      const schema = userSchema(define({ ...bufferDefinition, roles, actions: {}, approval: undefined }));
      const validate = validator(schema);
      for (const user of [{}, { grants: {} }, { grants: { fb: {} } }, { grants: { fb: { posting: "no-access" } } }]) {
        const row = { id: "ana", role: "owner", ...user };
        expect(schema.safeParse(row).success).toBe("owner" in roles && Object.keys(user.grants ?? {}).length === 0);
        expect(validate(row)).toBe(schema.safeParse(row).success);
      }
    }
  });

  it("of an account, of rows, of a target and of a definition accepts what the schema accepts, and little more", () => {
    const hasEntries = (value: Json) => /"grants":\[(?!{)/.test(JSON.stringify(value));
    const all: [z.ZodType, Json][] = [
      [matrixSchema(engage), { users: [{ id: "ana", role: "viewer", grants: { fb: { analytics: "full-access" } } }] }],
      [
        matrixRowsSchema(engage),
        {
          users: [{ id: "ana", role: "viewer" }],
          connections: [{ id: "fb" }],
          grants: [{ user: "ana", connection: "fb", grant: { publish: "full-access", approver: true } }],
        },
      ],
      [targetSchema(engage, "publish.view"), { connections: ["fb"] }],
      [targetSchema(engage, "conversations.reply"), "fb"],
      [policySchema, json(engageDefinition)],
      [policySchema, json(bufferDefinition)],
    ];
    for (const [schema, right] of all) {
      const validate = validator(schema);
      fc.assert(
        fc.property(mutations(right, wordsOf(right)), (value) => {
          fc.pre(value !== undefined && !JSON.stringify(value).includes("__proto__"));
          const accepted = schema.safeParse(value).success;
          const stated = validate(json(value));
          // What depends on other names in the value cannot be stated: an id twice, an unlisted user, an order of levels.
          if (accepted && !hasEntries(value)) expect(stated).toBe(true);
        }),
        { numRuns: runs(400) },
      );
      expect(validate(null)).toBe(false);
    }
  });

  it("says the same word for word as it did: hosts publish it", () => {
    const shop = (roles: object) =>
      define({
        name: "shop",
        levels: ["none", "low", "high"],
        areas: {
          stock: { levels: ["none", "low", "high"], flags: { audit: ["low", "high"], never: [] } },
          till: { levels: ["none", "high"] },
        },
        roles,
        actions: {},
      });
    const holds = { stock: "high" };
    const policy = shop({ clerk: {}, chief: { holds } });
    const stated = {
      grant: grantSchema(policy),
      plainGrant: grantSchema(buffer),
      user: userSchema(policy),
      userOfPlainRoles: userSchema(shop({ clerk: {} })),
      userOfFixedRoles: userSchema(shop({ chief: { holds } })),
      matrix: matrixSchema(policy),
      rows: matrixRowsSchema(policy),
      none: targetSchema(engage, "publish.create"),
      connection: targetSchema(engage, "publish.select"),
      group: targetSchema(engage, "publish.view"),
      submission: submissionSchema(engage),
      event: eventSchema(engage),
      definition: policySchema,
    };
    for (const [name, schema] of Object.entries(stated)) expect(z.toJSONSchema(schema)).toMatchSnapshot(name);
  });

  it("an event's, and a submission's, say which fields and forms there are", () => {
    const isEvent = validator(eventSchema(engage));
    const isSubmission = validator(submissionSchema(engage));
    const submit = { type: "submit", by: "ana", steps: [["ben"], { of: ["cat", "dan"], needs: 2 }] };
    expect(isEvent({ ...submit, expires: "2026-03-31T09:00:00Z", at: "2026-03-30T09:00:00+02:00" })).toBe(true);
    expect(isEvent({ type: "edit", by: "ana" })).toBe(true);
    expect(isEvent({ type: "auto-release", revision: 0 })).toBe(true);
    for (const wrong of [
      { by: 5 },
      { expires: "soon" },
      { steps: ["ben"] },
      { steps: [{ of: ["ben"], needs: 0 }] },
      { more: 1 },
    ]) {
      expect(isEvent({ ...submit, ...wrong })).toBe(false);
    }
    expect(isEvent({ type: "auto-release", by: "ana", revision: 0 })).toBe(false);
    const stored = {
      connections: ["fb"],
      author: "ana",
      status: "pending",
      approvals: [{ by: "cy", for: "cat" }],
      revision: 1,
    };
    expect(isSubmission({ ...stored, steps: submit.steps, expires: "2026-03-31T09:00:00.000Z" })).toBe(true);
    expect(isSubmission({ ...stored, steps: [[]] })).toBe(false);
    expect(isSubmission({ ...stored, steps: [["ben"]], editors: [] })).toBe(false);
  });

  it("is the same whatever registry of metadata it is made with", () => {
    const schema = z.object({ user: userSchema(engage), grant: grantSchema(engage).refine(() => true) });
    const expected = z.toJSONSchema(schema);
    expect(z.toJSONSchema(schema, { metadata: z.registry() })).toEqual(expected);
    expect(expected.properties?.grant).toMatchObject({ additionalProperties: false, type: "object" });
    expect(schema.safeParse({}, { reportInput: true }).error?.issues[0]).toHaveProperty("input", undefined);
  });

  it("of a target says what would be accepted, and where", () => {
    const code = "wrong-target";
    expect(issues(targetSchema(engage, "publish.create"), "fb")).toEqual([
      { path: [], message: '"fb" is not accepted; expected no target', code },
    ]);
    expect(issues(targetSchema(engage, "publish.select"), 5)).toEqual([
      { path: [], message: "5 is not a connection's id; expected a string", code },
    ]);
    expect(issues(targetSchema(engage, "publish.view"), { connections: "fb" })).toEqual([
      { path: ["connections"], message: '"fb" is not accepted; expected an array', code },
    ]);
    expect(issues(targetSchema(engage, "publish.view"), { connections: ["fb", 5] })).toEqual([
      { path: ["connections", 1], message: "5 is not accepted; expected a string", code },
    ]);
  });

  it("of no target accepts nothing, and leaves the key optional", () => {
    const request = z.object({ target: targetSchema(engage, "publish.create") });
    expect(request.parse({})).toEqual({});
    expect(paths(request, { target: "fb" })).toEqual(["target"]);
    const validate = validator(request);
    expect(validate({})).toBe(true);
    expect(validate({ target: "fb" })).toBe(false);
  });
});

describe("the schemas are zod's", () => {
  const request = z.object({
    user: userSchema(engage),
    changes: z.array(z.object({ connection: z.string(), grant: grantSchema(engage) })),
    note: userSchema(engage).optional(),
  });
  const right = {
    user: { id: "ana", role: "viewer" },
    changes: [{ connection: "fb", grant: { publish: "full-access" } }],
  };

  it("and compose: objects, lists, options, unions, further checks", () => {
    expect(request.parse(right)).toEqual(right);
    const wrong = { user: {}, changes: [right.changes[0], { connection: "fb", grant: { publish: "owner" } }], note: 5 };
    expect(paths(request, wrong)).toEqual(["user.id", "user.role", "changes.1.grant.publish", "note"]);
    expect(paths(request, {})).toEqual(expect.arrayContaining(["user"]));
    const nullable = z.union([grantSchema(engage), z.null()]);
    expect([nullable.safeParse(null).success, nullable.safeParse({}).success, nullable.safeParse(5).success]).toEqual([
      ...[true, true, false],
    ]);
    const named = userSchema(engage).refine(({ id }) => id !== "", { error: "an empty id", path: ["id"] });
    expect(paths(named, { id: "", role: "viewer" })).toEqual(["id"]);
    expect(z.toJSONSchema(named.describe("A colleague."))).toMatchObject({
      description: "A colleague.",
      required: ["id", "role"],
    });
    expect(
      grantSchema(engage)
        .transform(({ publish }) => publish)
        .parse({ publish: "view-only" }),
    ).toBe("view-only");
  });

  it("in every way to parse", async () => {
    expect(await request.parseAsync(right)).toEqual(right);
    expect(await request["~standard"].validate(right)).toEqual({ value: right });
    expect(z.compile(request).parse(right)).toEqual(right);
    expect(() => request.parse({})).toThrow(z.ZodError);
    expect(
      z.prettifyError(request.safeParse({ ...right, user: { id: "ana", role: "boss" } }).error as z.ZodError),
    ).toBe('✖ "boss" is not a role; expected "admin" or "viewer"\n  → at user.role');
  });

  it("and to what walks through schemas, it is one of anything", () => {
    for (const schema of [grantSchema(engage), policySchema]) expect(schema.def.type).toBe("unknown");
  });

  it("and typed to the policy", () => {
    expectTypeOf(grantSchema(engage).parse({})).toEqualTypeOf<GrantInput<Engage>>();
    expectTypeOf(grantSchema(buffer).parse({})).toEqualTypeOf<GrantInput<Buffer>>();
    expectTypeOf(request.parse(right).user.role).toEqualTypeOf<"admin" | "viewer">();
    expectTypeOf(targetSchema(engage, "publish.view").parse({ connections: [] })).toEqualTypeOf<PostGroup>();
    expectTypeOf(targetSchema(engage, "conversations.reply").parse("fb")).toEqualTypeOf<string>();
    expectTypeOf(targetSchema(engage, "publish.create").parse(undefined)).toEqualTypeOf<undefined>();
    // @ts-expect-error a misspelt action
    expect(errorOf(() => targetSchema(engage, "publish.pots"))?.code).toBe("unknown-action");
  });

  it("called what they are, for whoever finds one in a debugger", () => {
    expect(grantSchema(engage).constructor.name).toBe("ChannelGrantsSchema");
  });

  it("of a policy only", () => {
    for (const schemaFor of [grantSchema, userSchema, matrixSchema, matrixRowsSchema]) {
      expect(errorOf(() => schemaFor(engageDefinition as unknown as Policy))?.code).toBe("invalid-policy");
    }
  });

  it("a user read through its schema has the same decisions (law 9)", () => {
    fc.assert(
      fc.property(wholeWorlds, groups, fc.nat(4), ({ definition, person }, connections, choice) => {
        const policy = define(definition);
        const user = createUser(policy, toInput(person));
        const again = createUser(policy, userSchema(policy).parse(JSON.parse(JSON.stringify(user))));
        const account = createMatrix(policy, matrixSchema(policy).parse(json(createMatrix(policy, { users: [user] }))));
        for (const [action, { target: kind }] of Object.entries(definition.actions)) {
          const target =
            kind === "group"
              ? postOf(definition, connections, [person.id], choice)
              : kind === "connection"
                ? (connections[0] ?? "fb")
                : undefined;
          const decided = can(user, action, ...asked(target));
          expect(can(again, action, ...asked(target))).toBe(decided);
          expect(can(account.user(person.id), action, ...asked(target))).toBe(decided);
        }
      }),
      { numRuns: runs(500) },
    );
  });
});
