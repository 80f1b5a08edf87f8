import { readFileSync } from "node:fs";
import { expect as jestExpect } from "expect";
import { describe, expect, it } from "vitest";
import {
  accessLevel,
  allowedActions,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  type Engage,
  engage,
} from "../../src/index.js";
import {
  decisionTable,
  distinctStandings,
  expectGate,
  type GrantMatchers,
  matchers,
  type Person,
  person,
} from "../../src/testing/index.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";
import { root } from "../support/snippets.js";

declare module "vitest" {
  interface Matchers<T> extends GrantMatchers<T> {}
}

declare module "expect" {
  interface Matchers<R, T> extends GrantMatchers<T, R> {}
}

expect.extend(matchers);
jestExpect.extend(matchers);

const group = { connections: ["fb", "ig"] };
const ana = person(engage)
  .named("ana")
  .on("fb", { publish: "full-access", approver: true })
  .on("ig", { publish: "needs-approval" });

/** What a failing test prints. */
function failure(test: () => unknown): string {
  try {
    test();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing failed");
}

/** Who stands in a group in each of the ways there are, with the group. */
function standings(area: "publish" | "conversations" | "analytics") {
  return distinctStandings(engage, area).map((grants) => ({
    user: grants.reduce((somebody, grant, index) => somebody.on(`c${index}`, grant), person(engage)),
    connections: grants.map((_, index) => `c${index}`),
  }));
}

describe.each([
  ["Vitest", expect],
  ["Jest", jestExpect as unknown as typeof expect],
])("the matchers in %s", (_, expects) => {
  it("pass and fail as can says, on each of the 63 standings in publish", () => {
    for (const { user, connections } of standings("publish")) {
      for (const action of ["publish.view", "publish.edit", "publish.post-now", "publish.approve"] as const) {
        const allowed = can(user, action, { connections });
        const asked = () => expects(user).toBeAllowed(action, { connections });
        const not = () => expects(user).not.toBeAllowed(action, { connections });
        expect(allowed ? not : asked).toThrow(action);
        (allowed ? asked : not)();
      }
    }
  });

  it("know all that is allowed as allowedActions does, in any order, and miss nothing that is too much or too little", () => {
    for (const { user, connections } of standings("publish")) {
      const allowed = allowedActions(user, { connections });
      expects(user).toBeAllowedExactly(allowed.toReversed(), { connections });
      expect(() => expects(user).not.toBeAllowedExactly(allowed, { connections })).toThrow("These are all");
      for (const left of allowed) {
        const fewer = allowed.filter((action) => action !== left);
        expect(() => expects(user).toBeAllowedExactly(fewer, { connections })).toThrow(`Allowed besides: ${left}.`);
        expects(user).not.toBeAllowedExactly(fewer, { connections });
      }
      const more = [...allowed, "publish.edit", "publish.approve"] as const;
      if (!allowed.includes("publish.edit")) expects(user).not.toBeAllowedExactly(more, { connections });
    }
  });

  it.each(["publish", "conversations", "analytics"] as const)("know the level in %s as accessLevel does", (area) => {
    for (const { user, connections } of standings(area)) {
      for (const target of [{ connections }, "c0"]) {
        const found = accessLevel(user, area, target);
        for (const level of engage.areas[area].levels) {
          const asked = () => expects(user).toHaveAccess(area, target, level as "no-access");
          const not = () => expects(user).not.toHaveAccess(area, target, level as "no-access");
          expect(level === found ? not : asked).toThrow(area);
          (level === found ? asked : not)();
        }
      }
    }
  });

  it("take a user of any kind: a person, one that is created, one of a matrix", () => {
    const account = createMatrix(engage, { users: [ana.toJSON()] });
    for (const user of [ana, createUser(engage, ana), account.user("ana")]) {
      expects(user).toBeAllowed("publish.create");
      expects(user).toBeAllowed("publish.select", "ig");
      expects(user).toBeAllowedExactly(["publish.create"]);
      expects(user).toBeAllowedExactly(["publish.select", "connections.reconnect"], "fb");
    }
  });

  it.each<[string, () => unknown, object]>([
    ["an action", () => expects(ana).toBeAllowed("publish.pots" as "publish.view", group), { code: "unknown-action" }],
    [
      "an action, behind not",
      () => expects(ana).not.toBeAllowed("publish.pots" as "publish.view", group),
      { code: "unknown-action", message: expect.stringContaining('"publish.pots" is not an action; expected "publ') },
    ],
    ["a target", () => expects(ana).not.toBeAllowed("publish.view", "fb" as never), { code: "wrong-target" }],
    ["no target", () => expects(ana).not.toBeAllowed("publish.view", undefined as never), { code: "wrong-target" }],
    [
      "an action in a list",
      () => expects(ana).not.toBeAllowedExactly(["publish.pots" as "publish.view"], group),
      { code: "unknown-action" },
    ],
    [
      "an action of another target in a list",
      () => expects(ana).not.toBeAllowedExactly(["publish.select" as "publish.view"], group),
      { code: "wrong-target" },
    ],
    [
      "an area",
      () => expects(ana).not.toHaveAccess("posts" as "publish", group, "x" as never),
      { code: "unknown-area" },
    ],
    [
      "a level",
      () => expects(ana).not.toHaveAccess("analytics", group, "view-only" as never),
      {
        code: "invalid-grant",
        message: '"view-only" is not a level of analytics; expected "no-access" or "full-access"',
      },
    ],
    [
      "the target of a level",
      () => expects(ana).not.toHaveAccess("publish", ["fb"] as never, "view-only"),
      { code: "wrong-target" },
    ],
    [
      "somebody who looks like a user",
      () => expects(ana.toJSON() as Person<Engage>).not.toBeAllowed("publish.create"),
      { code: "invalid-user" },
    ],
  ])("refuse %s that nobody could mean, and do not fail", (_, call, refused) => {
    expect(refusal(call)).toMatchObject(refused);
  });
});

describe("a failure prints the decision", () => {
  it("what is held and needed on each connection, where something is in the way", () => {
    expect(failure(() => expect(ana).toBeAllowed("publish.post-now", group))).toBe(
      `ana may not publish.post-now on fb and ig: ig holds needs-approval in publish and needs full-access.

  connection  holds                   needs
  fb          full-access + approver
  ig          needs-approval          full-access`,
    );
  });

  it("what is held in the area that it is about, where it is allowed and should not be", () => {
    const dan = ana.named("dan").on("ig", { conversations: "view-only", publish: "view-only" }).knowing("x");
    expect(failure(() => expect(dan).not.toBeAllowed("publish.view", { connections: ["ig", "fb", "ig", "x"] }))).toBe(
      `dan may publish.view on ig, fb and x.

  connection  holds
  ig          view-only
  fb          full-access + approver
  x           no-access`,
    );
  });

  it("what is held in every area that it is about, on the one connection that is asked about (E21)", () => {
    const eve = person(engage).named("eve").on("fb", { conversations: "view-only", publish: "view-only" });
    expect(failure(() => expect(eve).not.toBeAllowed("connections.reconnect", "fb"))).toBe(
      `eve may connections.reconnect on fb.

  connection  holds
  fb          conversations view-only, publish view-only`,
    );
    const admin = person(engage).as("admin").knowing("fb");
    expect(failure(() => expect(admin).not.toBeAllowed("connections.reconnect", "fb"))).toBe(
      `somebody may connections.reconnect on fb.

  connection  holds
  fb          nothing`,
    );
  });

  it("what is granted anywhere, where there is no target", () => {
    expect(failure(() => expect(ana.named("dan").on("ig", {})).toBeAllowed("connections.create"))).toBe(
      `dan may not connections.create: it takes the role admin.

  connection  holds
  fb          publish full-access + approver`,
    );
  });

  it("no table, where there is no connection to show", () => {
    expect(failure(() => expect(person(engage)).toBeAllowed("publish.create"))).toBe(
      "somebody may not publish.create: nothing is held in publish.",
    );
    expect(failure(() => expect(ana).toBeAllowed("publish.view", { connections: [] }))).toBe(
      "ana may not publish.view: the post group has no connection.",
    );
  });

  it("a connection that is none of the account's holds the lowest level", () => {
    const olga = person(buffer).as("owner").knowing("fb");
    expect(failure(() => expect(olga).toBeAllowed("queue.add", { connections: ["fb", "x"] }))).toBe(
      `somebody may not queue.add on fb and x: not all of them are connections of the account.

  connection  holds
  fb          full-posting
  x           no-access`,
    );
  });

  it("what is missing and what is too much, and the decision on the first of them", () => {
    const actions = ["publish.view", "publish.tag", "publish.assign", "publish.clone", "publish.approve"] as const;
    expect(failure(() => expect(ana).toBeAllowedExactly(actions, group))).toBe(
      `Missing: publish.approve.

Allowed besides: publish.edit, publish.delete, publish.submit.

ana may not publish.approve on fb and ig: ig holds needs-approval in publish and needs full-access with approver.

  connection  holds                   needs
  fb          full-access + approver
  ig          needs-approval          full-access + approver`,
    );
    expect(failure(() => expect(ana).toBeAllowedExactly([]))).toBe(
      `Allowed besides: publish.create.

ana may publish.create.

  connection  holds
  fb          full-access + approver
  ig          needs-approval`,
    );
    expect(failure(() => expect(ana).not.toBeAllowedExactly(["publish.create"]))).toBe(
      "These are all, and no others: publish.create.",
    );
    expect(failure(() => expect(person(engage)).not.toBeAllowedExactly([]))).toBe(
      "These are all, and no others: none.",
    );
  });

  it("the level that was found, and the one that was expected", () => {
    const table = `

  connection  holds
  fb          full-access + approver
  ig          needs-approval`;
    expect(failure(() => expect(ana).toHaveAccess("publish", group, "full-access"))).toBe(
      `ana has needs-approval in publish; expected full-access.${table}`,
    );
    expect(failure(() => expect(ana).not.toHaveAccess("publish", group, "needs-approval"))).toBe(
      `ana has needs-approval in publish; expected another level.${table}`,
    );
  });
});

describe("a person", () => {
  it("is a user of each worked example of Engage, in a line (E6)", () => {
    const somebody = person(engage).on("fb", { publish: "full-access" });
    expect(somebody.on("ig", { publish: "view-only" })).toHaveAccess("publish", group, "view-only");
    expect(somebody.knowing("ig")).toHaveAccess("publish", group, "view-only");
    expect(somebody.on("ig", { publish: "needs-approval" })).toHaveAccess("publish", group, "needs-approval");
    expect(somebody.on("ig", { publish: "full-access" })).toHaveAccess("publish", group, "full-access");
  });

  it("begins as somebody without grants, in the last role that grants apply to", () => {
    expect(person(engage).toJSON()).toEqual({ id: "somebody", role: "viewer" });
    expect(person(buffer).toJSON()).toEqual({ id: "somebody", role: "member" });
    const shape = { name: "own", levels: ["none", "all"], areas: { posts: { levels: ["none", "all"] } } } as const;
    const actions = { open: { target: "none", allow: { role: "author" } } } as const;
    const first = definePolicy({ ...shape, roles: { author: {}, chief: { holds: { posts: "all" } } }, actions });
    expect(person(first).role).toBe("author");
    const roles = { author: { holds: {} }, editor: { holds: {} }, chief: { holds: {} } };
    expect(person(definePolicy({ ...shape, roles, actions })).role).toBe("chief");
  });

  it("becomes another at each step, and stays what it was", () => {
    const before = JSON.stringify(ana);
    const steps = [ana.on("x", {}), ana.as("admin"), ana.named("ben"), ana.knowing("x"), ana.on([], {})];
    for (const step of steps) {
      expect(step).not.toBe(ana);
      expect(isDeeplyFrozen(step)).toBe(true);
    }
    expect(JSON.stringify(ana)).toBe(before);
    expect(Object.keys(ana)).toEqual(["id", "role", "grants", "connections"]);
  });

  it("is the row that createUser would take", () => {
    expect(ana.as("admin").knowing("x", "li").knowing("x", "fb").toJSON()).toEqual({
      id: "ana",
      role: "admin",
      grants: { fb: { publish: "full-access", approver: true }, ig: { publish: "needs-approval" } },
      connections: ["x", "li"],
    });
    expect(createUser(engage, ana).toJSON()).toEqual(ana.toJSON());
  });

  it("holds on a connection what it was told last", () => {
    const again = ana.on("fb", { publish: "view-only" });
    expect(again.toJSON().grants).toEqual({ fb: { publish: "view-only" }, ig: { publish: "needs-approval" } });
    expect(ana.on("fb", {}).toJSON()).toMatchObject({ grants: { ig: {} }, connections: ["fb"] });
  });

  it("holds the same on each of several connections", () => {
    const both = person(engage).on(["fb", "ig", "fb"], { analytics: "full-access" });
    expect(both.toJSON().grants).toEqual({ fb: { analytics: "full-access" }, ig: { analytics: "full-access" } });
    expect(person(engage).on([], { analytics: "full-access" }).toJSON()).toEqual(person(engage).toJSON());
  });

  it("may have any id, and any connection", () => {
    const odd = ["__proto__", "constructor", "", "10", "9", "💥"];
    const user = person(engage).named("__proto__").on(odd, { publish: "full-access" }).knowing("toString");
    expect(user.id).toBe("__proto__");
    expect(Object.keys(user.toJSON().grants ?? {}).sort()).toEqual([...odd].sort());
    expect(user).toBeAllowed("publish.post-now", { connections: odd });
    expect(user).not.toBeAllowed("publish.post-now", { connections: [...odd, "toString"] });
    expect(user.named("").id).toBe("");
  });

  it("knows a connection that nothing is granted on, which a stranger is not (E21, B5)", () => {
    expect(person(engage).as("admin").knowing("fb")).toBeAllowed("connections.reconnect", "fb");
    expect(person(engage).as("admin")).not.toBeAllowed("connections.reconnect", "fb");
    expect(person(buffer).as("owner").knowing("fb", "ig")).toBeAllowed("queue.add", group);
    expect(person(buffer).as("owner").knowing("fb")).not.toBeAllowed("queue.add", group);
  });

  it("is refused what createUser refuses", () => {
    const posting = { posting: "full-posting" } as const;
    const fixed = { code: "invalid-grant", path: ["grants", "fb"] };
    expect(refusal(() => person(buffer).as("owner").on("fb", posting))).toMatchObject(fixed);
    expect(refusal(() => person(buffer).on("fb", posting).as("owner"))).toMatchObject(fixed);
    expect(refusal(() => person(engage).as("boss" as "admin"))).toMatchObject({ code: "invalid-user" });
    expect(refusal(() => person(engage).named(1 as never))).toMatchObject({ code: "invalid-user", path: ["id"] });
    expect(refusal(() => person(engage).on("fb", { publish: "all" as "view-only" }))).toMatchObject({
      code: "invalid-grant",
      path: ["grants", "fb", "publish"],
    });
    expect(refusal(() => person(engage).on(1 as never, {}))).toMatchObject({ code: "invalid-grant" });
    expect(refusal(() => person({ ...engage } as Engage))).toMatchObject({ code: "invalid-policy" });
  });
});

describe("distinct standings", () => {
  it("are every set of an area's states but none, the smallest first, and frozen", () => {
    for (const [area, count] of [
      ["publish", 63],
      ["conversations", 7],
      ["analytics", 3],
    ] as const) {
      const found = distinctStandings(engage, area);
      const sets = found.map((grants) => grants.map((grant) => JSON.stringify(grant)).sort());
      expect(found).toHaveLength(count);
      expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(count);
      for (const set of sets) expect(new Set(set).size).toBe(set.length);
      const sizes = sets.map(({ length }) => length);
      expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
      expect(isDeeplyFrozen(found)).toBe(true);
      expect(distinctStandings(engage, area)).toEqual(found);
    }
    expect(distinctStandings(buffer, "posting").slice(0, 4)).toEqual([
      [{ posting: "no-access" }],
      [{ posting: "approval-required" }],
      [{ posting: "full-posting" }],
      [{ posting: "no-access" }, { posting: "approval-required" }],
    ]);
  });

  it("are refused of an area that is none, and of one with more states than a test can go through", () => {
    const most = (flags: readonly string[]) =>
      definePolicy({
        name: "own",
        levels: ["none", "some", "all"],
        areas: {
          a: {
            levels: ["none", "some", "all"],
            flags: Object.fromEntries(flags.map((flag) => [flag, ["all"] as const])),
          },
        },
        roles: { user: {} },
        actions: { act: { target: "none", allow: { role: "user" } } },
      });
    expect(refusal(() => distinctStandings(engage, "posts" as "publish"))).toMatchObject({ code: "unknown-area" });
    expect(distinctStandings(most(["x", "y", "z"]), "a")).toHaveLength(2 ** 10 - 1);
    const levels = Array.from({ length: 15 }, (_, rank) => `l${rank}`) as [string, ...string[]];
    const actions = { act: { target: "none", allow: { role: "user" } } } as const;
    const fifteen = definePolicy({ name: "own", levels, areas: { a: { levels } }, roles: { user: {} }, actions });
    expect(distinctStandings(fifteen, "a")).toHaveLength(2 ** 15 - 1);
    expect(refusal(() => distinctStandings(most(["x", "y", "z", "u"]), "a"))).toEqual({
      code: "invalid-policy",
      message: '"a" has 18 states; expected at most 15',
    });
  });
});

describe("a decision table", () => {
  it.each(["publish", "conversations", "analytics"] as const)("says who may do what in %s", (area) => {
    expect(decisionTable(engage, { area })).toMatchSnapshot();
  });

  it("says it for a role, and for one that holds the same everywhere as well", () => {
    expect(decisionTable(buffer, { area: "posting" })).toMatchSnapshot();
    expect(decisionTable(buffer, { area: "posting", role: "owner" })).toMatchSnapshot();
    const [viewer, admin] = (["viewer", "admin"] as const).map((role) =>
      decisionTable(engage, { area: "analytics", role }),
    );
    expect(viewer).toContain("connections.reconnect  no         yes");
    expect(admin).toContain("connections.reconnect  yes        yes");
    expect(viewer).toBe(decisionTable(engage, { area: "analytics" }));
    // Who is asked where no role is given stands in the heading.
    expect([viewer, admin].map((table) => table?.split("  ")[0])).toEqual(["analytics, viewer", "analytics, admin"]);
  });

  it("says of one action who may do it to what", () => {
    const ben = person(engage).named("ben").on("fb", { publish: "view-only" });
    const targets = [{ connections: ["fb"] }, group, { connections: [] }];
    expect(decisionTable(engage, { action: "publish.edit", users: [ana, ben], targets })).toBe(
      `publish.edit  fb   fb + ig  none
ana           yes  yes      no
ben           no   no       no`,
    );
    expect(decisionTable(engage, { action: "publish.select", users: [ana, ben], targets: ["fb", "ig"] })).toBe(
      `publish.select  fb   ig
ana             yes  yes
ben             no   no`,
    );
  });

  it("puts no id into a line of its own, nor into the cell beside it", () => {
    const id = "\u001b[31ma\n  b";
    const hostile = person(engage).named(id).on(id, { publish: "full-access" });
    const shown = '"\\u001b[31ma\\n  b"';
    const lines = (text: string) => text.split("\n");
    const table = decisionTable(engage, {
      action: "publish.edit",
      users: [hostile],
      targets: [{ connections: [id, "fb"] }],
    });
    expect(lines(table)).toEqual([`${"publish.edit".padEnd(shown.length)}  ${shown} + fb`, `${shown}  no`]);
    const reconnect = decisionTable(engage, { action: "connections.reconnect", users: [hostile], targets: [id] });
    expect(lines(reconnect)).toEqual([`connections.reconnect  ${shown}`, `${shown.padEnd(21)}  yes`]);
    const { message } = matchers.toHaveAccess(hostile, "publish", id, "view-only");
    expect(lines(message())).toEqual([
      `${shown} has full-access in publish; expected view-only.`,
      "",
      `  ${"connection".padEnd(shown.length)}  holds`,
      `  ${shown}  full-access`,
    ]);
  });

  it("agrees with can, cell by cell", () => {
    const [head = "", ...rows] = decisionTable(engage, { area: "publish" }).split("\n");
    expect(head.split(/ {2,}/).slice(1)).toHaveLength(6);
    const states = distinctStandings(engage, "publish").filter(({ length }) => length === 1);
    const users = states.map(([grant = {}]) => person(engage).on("fb", grant));
    const edit = rows.find((row) => row.startsWith("publish.edit")) ?? "";
    expect(edit.split(/ +/).slice(1)).toEqual(
      users.map((user) => (can(user, "publish.edit", { connections: ["fb"] }) ? "yes" : "no")),
    );
  });

  it("is refused of what is misspelt, however few are asked about", () => {
    expect(refusal(() => decisionTable(engage, { area: "posts" as "publish" }))).toMatchObject({
      code: "unknown-area",
    });
    expect(
      refusal(() => decisionTable(engage, { action: "publish.pots" as "publish.view", users: [], targets: [] })),
    ).toMatchObject({ code: "unknown-action" });
    expect(
      refusal(() => decisionTable(engage, { action: "publish.view", users: [ana], targets: ["fb"] })),
    ).toMatchObject({ code: "wrong-target" });
    expect(refusal(() => decisionTable(engage, { area: "publish", role: "boss" as "admin" }))).toMatchObject({
      code: "invalid-user",
    });
  });
});

describe("the page on testing shows a failure as it prints", () => {
  const page = readFileSync(`${root}docs/testing.md`, "utf8");
  const printed = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, text]) => text);
  const messages = [
    () => expect(ana.on("fb", { publish: "full-access" })).toBeAllowed("publish.post-now", group),
    () =>
      expectGate(
        engage,
        (user, _, target) =>
          typeof target === "object" &&
          target.connections.some((id) => accessLevel(user, "publish", id) === "full-access"),
        ["publish.post-now"],
      ),
  ].map(failure);

  it.each([["a matcher"], ["a gate"]].map(([name], index) => [name, printed[index], messages[index]]))(
    "of %s",
    (_, shown, message) => {
      expect(shown).toBe(message);
    },
  );

  it("and nothing else", () => {
    expect(printed).toHaveLength(messages.length);
  });
});
