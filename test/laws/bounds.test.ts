import { describe, expect, it } from "vitest";
import * as z from "zod";
import { draft, type Submission, transition } from "../../src/approval/index.js";
import {
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  formatDecision,
  PolicyError,
} from "../../src/index.js";
import {
  grantSchema,
  matrixRowsSchema,
  matrixSchema,
  policySchema,
  submissionSchema,
  targetSchema,
  userSchema,
} from "../../src/schema/index.js";

// What is wrong with a hostile input is told in so many words, and never in more the larger it is.

const schemas: Readonly<Record<string, z.ZodType>> = {
  grant: grantSchema(engage),
  user: userSchema(engage),
  matrix: matrixSchema(engage),
  rows: matrixRowsSchema(engage),
  group: targetSchema(engage, "publish.post-now"),
  connection: targetSchema(engage, "conversations.reply"),
  none: targetSchema(engage, "publish.create"),
  submission: submissionSchema(engage),
  policy: policySchema,
};

const sizes = [100_000, 200_000, 400_000];
const times = <Value>(count: number, value: (index: number) => Value) =>
  Array.from({ length: count }, (_, i) => value(i));
const record = (count: number, value: unknown) => Object.fromEntries(times(count, (index) => [`k${index}`, value]));

/** Inputs of some 2 bytes for each wrong part, or of one part that is as long as all of it. */
const hostile: Readonly<Record<string, (size: number) => unknown>> = {
  "a list of numbers": (size) => times(size / 2, () => 0),
  "unknown keys": (size) => record(size / 10, 0),
  "a group of numbers": (size) => ({ connections: times(size / 2, () => 0) }),
  "a user with wrong grants": (size) => ({ id: "p", role: "viewer", grants: record(size / 10, 0) }),
  "a user with wrong entries": (size) => ({ id: "p", role: "viewer", grants: times(size / 2, () => 0) }),
  "one connection with a long id and many faults": (size) => ({
    id: "p",
    role: "viewer",
    grants: { ["c".repeat(size / 2)]: record(size / 20, 0) },
  }),
  "an account of wrong users": (size) => ({ users: times(size / 2, () => 0), connections: times(size / 2, () => 0) }),
  "an account of the same user": (size) => ({ users: times(size / 30, () => ({ id: "p", role: "viewer" })) }),
  "an account of a fixed role with grants": (size) => ({
    users: times(size / 40, (index) => ({ id: `${index}`, role: "admin", grants: { fb: { publish: 0 } } })),
  }),
  "wrong rows": (size) => ({ users: [], connections: [], grants: times(size / 2, () => 0) }),
  "rows of nobody": (size) => ({
    users: [],
    connections: [],
    grants: times(size / 40, () => ({ user: "u", connection: "c", grant: 0 })),
  }),
  "steps of nobody": (size) => ({
    connections: ["fb"],
    author: "ana",
    status: "pending",
    steps: times(size / 3, () => []),
    approvals: times(size / 2, () => 0),
    revision: 0,
  }),
  "steps of the author": (size) => ({
    connections: ["fb"],
    author: "ana",
    status: "pending",
    steps: times(size / 8, () => ["ana"]),
    approvals: [],
    revision: 0,
  }),
  "long names, each asked for where it is not": (size) => {
    const levels = ["none", ...times(60, (index) => `${index}${"\u0001".repeat(60)}`)];
    const actions = Object.fromEntries(
      times(size / 60, (i) => [`a${i}`, { target: "group", allow: { area: "a", level: "x" } }]),
    );
    return { name: "p", levels, areas: { a: { levels } }, roles: {}, actions };
  },
  "an area with a long name and many wrong flags": (size) => ({
    name: "p",
    levels: ["none", "all"],
    areas: { ["a".repeat(size / 2)]: { levels: ["none", "all"], flags: record(size / 20, ["x"]) } },
    roles: {},
    actions: {},
  }),
  "a list in a list in a list": (size) => JSON.parse("[".repeat(size / 100) + "]".repeat(size / 100)),
  "a long string": (size) => "\u0001".repeat(size / 6),
};

/** How many characters the issues of a refused input have; nothing of one that is accepted. */
function issuesIn(schema: z.ZodType, value: unknown): number {
  const { error } = schema.safeParse(value);
  return error ? JSON.stringify(error.issues).length : 0;
}

describe("the issues of a hostile input have fewer characters than twice the input and a constant", () => {
  describe.each(Object.entries(schemas))("in the schema of a %s", (_, schema) => {
    it.each(Object.entries(hostile))("for %s", (_, inputOf) => {
      for (const size of sizes) {
        const input = inputOf(size);
        const most = 2 * JSON.stringify(input).length + 150_000;
        expect(issuesIn(schema, input)).toBeLessThan(most);
      }
      const [size = 0] = sizes;
      const list = times(3, () => inputOf(size));
      const most = 2 * JSON.stringify(list).length + 150_000;
      expect(issuesIn(z.object({ list: z.array(schema) }), { list })).toBeLessThan(most);
    });
  });
});

describe("a schema lists a hundred faults, and counts the rest in one more issue", () => {
  const group = schemas.group as z.ZodType;
  const messages = (schema: z.ZodType, value: unknown) =>
    schema.safeParse(value).error?.issues.map(({ message }) => message);
  const wrong = (count: number) => ({ connections: times(count, () => 0) });

  it("at a hundred none is left, at a hundred and one there is one more", () => {
    expect(messages(group, wrong(100))).toHaveLength(100);
    expect(messages(group, wrong(101))).toHaveLength(101);
    expect(messages(group, wrong(101))?.at(-1)).toBe("and 1 more fault");
    expect(messages(group, wrong(12_445))?.at(-1)).toBe("and 12,345 more faults");
    expect(group.safeParse(wrong(101)).error?.issues.at(-1)).toMatchObject({
      path: [],
      params: { code: "wrong-target" },
    });
  });

  it("in one call of parse together, where each element that is wrong keeps an issue of its own", () => {
    const found = messages(
      z.array(group),
      times(200, () => wrong(10)),
    ) as string[];
    expect(found.slice(0, 100).filter((message) => message.startsWith("0 is not"))).toHaveLength(100);
    expect(found.slice(100)).toEqual(times(190, () => "and 10 more faults"));
    // The next call has the same room again.
    expect(messages(group, wrong(100))).toHaveLength(100);
  });

  it("so a choice between schemas never takes what none of them accepts", () => {
    const none = z.union([group, schemas.connection as z.ZodType]);
    expect(z.array(none).safeParse(times(1_000, () => 0)).error?.issues).toHaveLength(1_000);
    const some = z.array(none).safeParse(times(1_000, (index) => (index % 2 ? "fb" : { connections: ["fb"] })));
    expect(some.success).toBe(true);
  });

  it("a list of wrong elements has no more characters of issues than Zod gives for a list of strings", () => {
    const zeros = times(100_000, () => 0);
    expect(issuesIn(z.array(group), zeros)).toBeLessThan(issuesIn(z.array(z.string()), zeros));
  });

  it("a fault whose path is as long as the input is told once", () => {
    const long = "c".repeat(100_000);
    const user = { id: "p", role: "viewer", grants: { [long]: { a: 1, b: 2, c: 3 } } };
    const issues = schemas.user?.safeParse(user).error?.issues;
    expect(issues?.map(({ path, message }) => [path.length, message])).toEqual([
      [3, expect.stringMatching('^unknown key "a"')],
      [0, "and 2 more faults"],
    ]);
  });
});

describe("the message of a refusal stays short, whatever is refused", () => {
  const users = times(3, (index) => ({ id: `${index}`, role: "viewer" as const }));
  const matrix = createMatrix(engage, { users });
  const user = createUser(engage, { id: "p", role: "viewer" });
  const readers: Readonly<Record<string, (value: never) => unknown>> = {
    createUser: (value) => createUser(engage, value),
    createMatrix: (value) => createMatrix(engage, value),
    assign: (value) => matrix.assign("1", "fb", value),
    putUser: (value) => matrix.putUser(value),
    usersFor: (value) => matrix.usersFor("publish.post-now", value),
    can: (value) => can(user, "publish.post-now", value),
    explain: (value) => explain(user, "publish.post-now", value),
    formatDecision: (value) => formatDecision(value),
    definePolicy: (value) => definePolicy(value),
    draft: (value) => draft(matrix, value),
    transition: (value) => transition(matrix, value as Submission, { type: "withdraw", by: "1" }),
    event: (value) =>
      transition(
        matrix,
        { connections: ["fb"], author: "1", status: "draft", steps: [], approvals: [], revision: 0 },
        value,
      ),
  };

  it.each(Object.entries(readers))("by %s", (_, read) => {
    for (const inputOf of Object.values(hostile)) {
      const input = inputOf(100_000) as never;
      try {
        read(input);
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError);
        expect((error as PolicyError).message.length).toBeLessThan(5_000);
      }
    }
  });
});

describe("formatDecision names a handful of connections and sixty of anything else, and counts the rest", () => {
  const names = (count: number) => times(count, (index) => `n${index}`);
  const denied = { allowed: false, action: "a", user: "p", target: { connections: ["fb"] } };

  it("of roles", () => {
    const text = formatDecision({ ...denied, reason: "role-required", roles: names(1_000) } as never);
    expect(text).toMatch(/^p may not a on fb: it takes the role n0, .*, n59 or 940 more\.$/);
  });

  it("of flags, and of what different connections hold", () => {
    const flags = Object.fromEntries(names(100).map((name) => [name, true]));
    const blockers = times(1_000, (index) => ({
      connection: `c${index}`,
      holds: { area: `level-${index}`, ...flags },
      needs: { area: "all" },
    }));
    const decision = { ...denied, reason: "level-too-low", area: "area", level: "none", unblock: "every", blockers };
    const text = formatDecision(decision as never);
    expect(text).toContain("c0 holds level-0 with n0, n1, ");
    expect(text).toContain(", n59 and 40 more in area and needs all; c1 holds");
    expect(text).toMatch(/and needs all; 940 more in other ways\.$/);
    expect(text.length).toBeLessThan(30_000);
  });
});
