import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allowedActions,
  can,
  createUser,
  definePolicy,
  type GroupOf,
  type Policy,
  type User,
} from "../../src/index.js";
import {
  decisionTable,
  distinctStandings,
  expectGate,
  type Gate,
  matchers,
  person,
  questionsOf,
} from "../../src/testing/index.js";
import { define, wholeDefinitions } from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";

const desk = definePolicy({
  name: "desk",
  levels: ["none", "draft", "full", "manage"],
  areas: {
    publish: { levels: ["none", "draft", "full"], flags: { approver: ["draft", "full"] } },
    billing: { levels: ["none", "manage"], flags: { auditor: ["manage"] }, of: "account" },
  },
  roles: { owner: { holds: { billing: "manage" } }, member: {} },
  relations: ["author", "assignee"],
  actions: {
    edit: {
      target: "group",
      allow: [
        { area: "publish", level: "full" },
        { area: "publish", level: "draft", is: ["author", "assignee"] },
      ],
    },
    approve: { target: "group", allow: { area: "publish", every: ["full", "approver"], isNot: "author" } },
    boost: {
      target: "group",
      allow: {
        and: [
          { area: "publish", level: "full" },
          { area: "billing", level: "manage" },
        ],
      },
    },
    look: { target: "group", allow: { area: "publish", level: "draft" } },
    pay: { target: "none", allow: { area: "billing", level: "manage" } },
    audit: { target: "connection", allow: { area: "billing", every: "auditor" } },
  },
});
type Desk = typeof desk;
type Post = GroupOf<Desk>;

/** Asks the library itself, about an action that is known by its name only. */
const ask = (user: User, action: string, target: unknown) => can(user, action, ...([target] as unknown as [string]));

/** What a gate is found to be wrong in. */
function verdict(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the gate passed");
}

describe("a gate that asks the library passes", () => {
  it("about relations and areas of the account, by can and by allowedActions", () => {
    expect(expectGate(desk as Policy, ask)).toBeUndefined();
    const listed: Gate<Policy, boolean> = (user, action, target) => allowedActions(user, target).includes(action);
    expect(expectGate(desk as Policy, listed)).toBeUndefined();
  });

  it("of any policy of the language", () => {
    fc.assert(
      fc.property(wholeDefinitions, (definition) => {
        const policy = define(definition);
        const [action = ""] = Object.keys(policy.actions);
        expectGate(policy, ask, [action]);
      }),
      { numRuns: 40 },
    );
  });
});

const others = (post: Post, relation: "author" | "assignee") => [post[relation] ?? []].flat();
const isOf = (post: Post, relation: "author" | "assignee", id: string) => others(post, relation).includes(id);
const manages = (user: User<Desk>) => user.role === "owner" || user.toJSON().account?.billing === "manage";

const wrong: readonly (readonly [
  mistake: string,
  action: "edit" | "approve" | "boost" | "look",
  gate: Gate<Desk, boolean, "edit">,
])[] = [
  ["the author is forgotten", "edit", (user, _, post) => can(user, "edit", { ...post, author: null })],
  ["the assignee is forgotten", "edit", (user, _, post) => can(user, "edit", { ...post, assignee: null })],
  [
    "both relations are wanted",
    "edit",
    (user, _, post) => {
      const is = isOf(post, "author", user.id) && isOf(post, "assignee", user.id);
      return can(user, "edit", { ...post, author: is ? user.id : null, assignee: null });
    },
  ],
  ["the author may anything", "edit", (user, _, post) => isOf(post, "author", user.id) || can(user, "edit", post)],
  [
    "a list is not read",
    "edit",
    (user, _, post) => {
      const one = (id: unknown) => (typeof id === "string" ? id : null);
      return can(user, "edit", { ...post, author: one(post.author), assignee: one(post.assignee) });
    },
  ],
  [
    "only the first of a list is read",
    "edit",
    (user, _, post) => {
      const [author = null] = others(post, "author");
      const [assignee = null] = others(post, "assignee");
      return can(user, "edit", { ...post, author, assignee });
    },
  ],
  [
    "anybody's post is one's own",
    "edit",
    (user, _, post) => {
      const own = post.author === null && post.assignee === null ? null : user.id;
      return can(user, "edit", { ...post, author: own, assignee: null });
    },
  ],
  [
    "an empty list is everybody",
    "edit",
    (user, _, post) =>
      can(
        user,
        "edit",
        others(post, "author").length === 0 && Array.isArray(post.author) ? { ...post, author: user.id } : post,
      ),
  ],
  ["nobody is everybody", "edit", (user, _, post) => can(user, "edit", { ...post, author: post.author ?? user.id })],
  ["authors approve their own", "approve", (user, _, post) => can(user, "approve", { ...post, author: null })],
  [
    "assignees do not approve",
    "approve",
    (user, _, post) => !isOf(post, "assignee", user.id) && can(user, "approve", post),
  ],
  [
    "the flag alone approves",
    "approve",
    (user, _, post) =>
      can(user, "approve", post) && post.connections.every((id) => user.toJSON().grants?.[id]?.approver === true),
  ],
  [
    "an author may look without a grant",
    "look",
    (user, _, post) => can(user, "look", post) || (isOf(post, "author", user.id) && post.connections.length > 0),
  ],
  [
    "the account is forgotten",
    "boost",
    (user, _, post) =>
      can(
        createUser(desk, { ...user.toJSON(), ...(user.role === "member" && { account: { billing: "manage" } }) }),
        "boost",
        post,
      ),
  ],
  ["the connections are forgotten", "boost", (user, _, post) => manages(user) && post.connections.length > 0],
  ["what the role holds is forgotten", "boost", (user, _, post) => user.role !== "owner" && can(user, "boost", post)],
];

describe("a gate that is wrong is found", () => {
  it.each(wrong)("%s", (_, action, gate) => {
    expect(verdict(() => expectGate(desk, gate as never, [action]))).toMatch(/^The gate says /);
  });

  it("about the account as a whole, and about a connection", () => {
    expect(verdict(() => expectGate(desk, (user) => user.role === "owner", ["pay"]))).toContain(
      "The gate says no and desk says yes",
    );
    expect(verdict(() => expectGate(desk, () => true, ["pay"]))).toContain(
      'the user: {"id":"member-1","role":"member"}',
    );
    const anywhere: Gate<Desk, boolean, "audit"> = (user) => user.toJSON().account?.auditor === true;
    expect(verdict(() => expectGate(desk, anywhere, ["audit"]))).toContain("may not audit on stranger");
    const everybody: Gate<Desk, boolean, "audit"> = (user, _, id) => manages(user) && id !== "stranger";
    expect(verdict(() => expectGate(desk, everybody, ["audit"]))).toContain("The gate says yes and desk says no");
  });

  it("and told with who is in which relation to the post, and what is held in the account", () => {
    const gate: Gate<Desk, boolean, "edit"> = (user, _, post) => can(user, "edit", { ...post, author: null });
    expect(verdict(() => expectGate(desk, gate, ["edit"]))).toMatch(
      /\n\n {2}connection {2}holds\n {2}c1 {10}draft\n\n {2}of the post: author (member-\d+), assignee nobody\n\n {2}the user: \{"id":"\1"/,
    );
    const boost: Gate<Desk, boolean, "boost"> = (user, _, post) => manages(user) && post.connections.length > 0;
    expect(verdict(() => expectGate(desk, boost, ["boost"]))).toMatch(
      /\n\n {2}in the account: billing manage\n\n {2}the user: /,
    );
  });
});

describe("the questions", () => {
  const { matrix, questions } = questionsOf(desk);

  it("are about users of the account and one more, and each target carries every relation", () => {
    const asked = new Set(questions.map(({ user }) => user.id));
    expect(matrix.users()).toEqual(
      [...asked]
        .sort((one, other) => matrix.users().indexOf(one) - matrix.users().indexOf(other))
        .concat("somebody-else"),
    );
    expect(asked.has("somebody-else")).toBe(false);
    for (const { user, target } of questions) {
      if (typeof target !== "object") continue;
      expect(Object.keys(target).sort()).toEqual(["assignee", "author", "connections"]);
      const named = [...others(target, "author"), ...others(target, "assignee")];
      expect(["somebody-else", user.id]).toEqual(expect.arrayContaining(named));
    }
    expect(isDeeplyFrozen(questions)).toBe(true);
  });

  it("ask each combination of the relations that the action names, and of each state of the account", () => {
    const edits = questions.filter(({ action, user }) => action === "edit" && user.role === "member");
    const combinations = edits.map(({ user, target }) =>
      (["author", "assignee"] as const).map((relation) => isOf(target as Post, relation, user.id)).join(),
    );
    expect(new Set(combinations).size).toBe(4);
    const states = questions.flatMap(({ action, user }) =>
      action === "boost" ? [JSON.stringify([user.role, matrix.accountGrant(user.id)])] : [],
    );
    expect(new Set(states).size).toBe(3 + 1);
  });

  it("are bounded: some thousands for two relations and an area of the account", () => {
    expect(questions.length).toBeLessThan(6_000);
    const crowd = define({
      name: "crowd",
      levels: ["none", "all"],
      areas: { posts: { levels: ["none", "all"] } },
      roles: { user: {} },
      relations: ["a", "b", "c", "d", "e"],
      actions: { act: { target: "group", allow: { area: "posts", level: "all", is: ["a", "b", "c", "d", "e"] } } },
    });
    expect(questionsOf(crowd).questions.length).toBeLessThan(500);
    const forgetful: Gate<Policy, boolean> = (user, action, post) =>
      ask(user, action, { ...(post as object), d: null });
    expect(verdict(() => expectGate(crowd, forgetful))).toContain("The gate says no");
  });

  it("are bounded where one area has many states and the action names many relations", () => {
    const levels = Array.from({ length: 30 }, (_, rank) => `l${rank}`);
    const relations = Array.from({ length: 40 }, (_, index) => `r${index}`);
    const policy = define({
      name: "both",
      levels,
      areas: { posts: { levels } },
      roles: { user: {} },
      relations,
      actions: { act: { target: "group", allow: { area: "posts", level: "l1", is: relations } } },
    });
    expect(questionsOf(policy).questions.length).toBeLessThan(50_000);
  });

  it("ask about one of 140 toggles, and about forty ticks of the account one after the other", () => {
    const toggles = Array.from({ length: 140 }, (_, index) => `t${index}`);
    const ticks = toggles.slice(0, 40).map((name) => `account-${name}`);
    const area = { levels: ["none", "on"] };
    const policy = define({
      name: "toggles",
      levels: ["none", "on"],
      areas: Object.fromEntries([
        ...toggles.map((name) => [name, area]),
        ...ticks.map((name) => [name, { ...area, of: "account" }]),
      ]),
      roles: { user: {} },
      actions: {
        last: { target: "group", allow: { area: "t139", level: "on" } },
        all: { target: "group", allow: { and: ticks.map((name) => ({ area: name, level: "on" })) } },
      },
    });
    expectGate(policy, ask);
    const forgetful: Gate<Policy, boolean> = (user, action, target) =>
      ask(
        createUser(policy, { ...user.toJSON(), account: { ...user.toJSON().account, "account-t7": "on" } }),
        action,
        target,
      );
    expect(verdict(() => expectGate(policy, forgetful, ["all"]))).toContain("account-t7 none");
    const another: Gate<Policy, boolean> = (user, _, target) =>
      ask(user, "last", target) && user.toJSON().grants?.c1?.t0 === "on";
    expect(verdict(() => expectGate(policy, another, ["last"]))).toContain("The gate says no");
  });
});

describe("a decision table", () => {
  it("has a row for each relation, and one for the most in the other areas of a clause", () => {
    expect(decisionTable(desk, { area: "publish" })).toBe(`\
publish, member            none  draft  draft + approver  full  full + approver
edit                       no    no     no                yes   yes
edit, author               no    yes    yes               yes   yes
edit, assignee             no    yes    yes               yes   yes
edit, author, assignee     no    yes    yes               yes   yes
approve                    no    no     yes               yes   yes
approve, author            no    no     no                no    no
boost                      no    no     no                no    no
boost, the most elsewhere  no    no     no                yes   yes
look                       no    yes    yes               yes   yes`);
  });

  it("of an area of the account, is by its levels, and has what a role holds of it", () => {
    expect(decisionTable(desk, { area: "billing" })).toBe(`\
billing, member            none  manage  manage + auditor
boost                      no    no      no
boost, the most elsewhere  no    yes     yes
pay                        no    yes     yes
audit                      no    no      yes`);
    expect(decisionTable(desk, { area: "billing", role: "owner" })).toBe(`\
billing, owner             manage
boost                      no
boost, the most elsewhere  yes
pay                        yes
audit                      no`);
    expect(decisionTable(desk, { area: "publish", role: "owner" })).toContain(
      "boost                      no    no     no                yes   yes",
    );
  });

  it("of a role that holds a connection area everywhere, has what else may be held in the account", () => {
    const fixed = define({
      name: "fixed",
      levels: ["none", "on"],
      areas: { posts: { levels: ["none", "on"] }, billing: { levels: ["none", "on"], of: "account" } },
      roles: { chief: { holds: { posts: "on" } } },
      actions: {
        act: {
          target: "group",
          allow: {
            and: [
              { area: "posts", level: "on" },
              { area: "billing", level: "on" },
            ],
          },
        },
      },
    });
    expect(decisionTable(fixed, { area: "billing" })).toBe(`\
billing, chief           none  on
act                      no    yes
act, the most elsewhere  no    yes`);
  });

  it("of some targets, says who is in which relation to each", () => {
    const ana = person(desk).named("ana").on("fb", { publish: "draft" });
    const targets = [
      { connections: ["fb"], author: "ana", assignee: null },
      { connections: ["fb"], author: "ben", assignee: ["cy", "dan"] },
    ];
    expect(decisionTable(desk, { action: "edit", users: [ana], targets })).toBe(`\
edit  fb, author ana, assignee nobody  fb, author ben, assignee cy + dan
ana   yes                              no`);
    expect(
      refusal(() => decisionTable(desk, { action: "edit", users: [], targets: [{ connections: ["fb"] }] })),
    ).toMatchObject({
      code: "wrong-target",
      path: ["author"],
    });
  });
});

describe("a person holds in the account what it was told last", () => {
  const ana = person(desk).named("ana").holding({ billing: "manage", auditor: true });

  it("beside its grants, and is the row that createUser would take", () => {
    expect(ana.on("fb", { publish: "full" }).toJSON()).toEqual({
      id: "ana",
      role: "member",
      grants: { fb: { publish: "full" } },
      account: { billing: "manage", auditor: true },
    });
    expect(ana.holding({ billing: "manage" }).toJSON().account).toEqual({ billing: "manage" });
    expect(ana.holding({}).toJSON().account).toBeUndefined();
    expect(createUser(desk, ana).toJSON()).toEqual(ana.toJSON());
  });

  it("and is refused what createUser refuses", () => {
    expect(refusal(() => ana.holding({ billing: "all" as "manage" }))).toMatchObject({
      code: "invalid-grant",
      path: ["account", "billing"],
    });
    expect(refusal(() => ana.as("owner"))).toMatchObject({ code: "invalid-grant", path: ["account"] });
    expect(refusal(() => person(desk).as("owner").holding({ billing: "manage" }))).toMatchObject({
      code: "invalid-grant",
    });
  });

  it("it starts in the last role that is given everything, else in one that takes grants, else in the last", () => {
    const roleOf = (roles: object) =>
      person(define({ ...JSON.parse(JSON.stringify(desk)), roles, actions: { pay: { ...desk.actions.pay } } })).role;
    const [account, connections, both] = [
      { billing: "manage" },
      { publish: "full" },
      { billing: "manage", publish: "full" },
    ];
    expect(roleOf({ a: {}, b: { holds: account }, c: { holds: both } })).toBe("a");
    expect(roleOf({ a: { holds: both }, b: { holds: account }, c: { holds: connections } })).toBe("b");
    expect(roleOf({ a: { holds: both }, b: { holds: connections } })).toBe("b");
  });
});

describe("the matchers", () => {
  const ana = person(desk).named("ana").on("fb", { publish: "draft" });
  const post = { connections: ["fb"], author: "ben", assignee: ["cy", "dan"] };

  it("take relations, and print them", () => {
    expect(matchers.toBeAllowed(ana, "edit", { ...post, author: "ana" }).pass).toBe(true);
    const { pass, message } = matchers.toBeAllowed(ana, "edit", post);
    expect(pass).toBe(false);
    expect(message()).toBe(`\
ana may not edit on fb: fb holds draft in publish and needs full.

  connection  holds  needs
  fb          draft  full

  of the post: author ben, assignee cy + dan`);
    const assigned = { ...post, assignee: "ana" };
    expect(matchers.toBeAllowedExactly(ana, ["edit", "look"], assigned).pass).toBe(true);
    expect(refusal(() => matchers.toBeAllowed(ana, "edit", { connections: ["fb"] }))).toMatchObject({
      code: "wrong-target",
    });
  });

  it("print what is held in the account, beside what the connections hold and need", () => {
    expect(matchers.toBeAllowed(ana, "boost", { connections: ["fb"] }).message()).toMatch(
      /\n\n {2}connection {2}holds {2}needs\n {2}fb {10}draft {2}full\n\n {2}in the account: billing none$/,
    );
    const boss = ana.on("fb", { publish: "full" }).holding({ billing: "manage", auditor: true });
    expect(matchers.toBeAllowed(boss, "boost", { connections: ["fb"] }).message()).toBe(`\
ana may boost on fb.

  connection  holds
  fb          full

  in the account: billing manage + auditor`);
  });

  it("name the areas of a blocker that lacks something in several", () => {
    const two = define({
      name: "two",
      levels: ["none", "on"],
      areas: { access: { levels: ["none", "on"] }, mail: { levels: ["none", "on"] } },
      roles: { user: {} },
      actions: {
        mute: {
          target: "group",
          allow: {
            and: [
              { area: "access", level: "on" },
              { area: "mail", level: "on" },
            ],
          },
        },
      },
    });
    const user = person(two).on("ig", { access: "on" }).knowing("fb");
    expect(matchers.toBeAllowed(user, "mute", { connections: ["fb", "ig"] }).message()).toContain(`

  connection  holds      needs
  fb          nothing    access on + mail on
  ig          access on  mail on`);
  });

  it("know the level in an area of the account, which takes no target", () => {
    const boss = ana.holding({ billing: "manage" });
    expect(matchers.toHaveAccess(boss, "billing", "manage").pass).toBe(true);
    const { pass, message } = matchers.toHaveAccess(ana, "billing", "manage");
    expect([pass, message()]).toEqual([false, "ana has none in billing; expected manage."]);
    expect(refusal(() => matchers.toHaveAccess(ana, "billing", "fb", "manage"))).toMatchObject({
      code: "wrong-target",
    });
    expect(refusal(() => matchers.toHaveAccess(ana, "publish", "full"))).toMatchObject({ code: "wrong-target" });
  });
});

it("an area of the account has no standings of groups", () => {
  expect(refusal(() => distinctStandings(desk, "billing" as "publish"))).toEqual({
    code: "unknown-area",
    message: "billing is held in the account; expected an area of connections",
  });
});
