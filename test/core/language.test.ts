import { describe, expect, it } from "vitest";
import {
  accessLevel,
  allowedActions,
  can,
  createMatrix,
  createUser,
  definePolicy,
  explain,
  formatDecision,
} from "../../src/index.js";
import { define } from "../support/arbitraries.js";
import { refusal } from "../support/refusal.js";

// A suite whose approvers are "full or flag", whose authors edit their own drafts, and whose account has rights of its own.
const suite = definePolicy({
  name: "suite",
  levels: ["none", "view", "draft", "full"],
  areas: {
    profile: { levels: ["none", "view", "draft", "full"], flags: { approves: ["view", "draft", "full"] } },
    mail: { levels: ["none", "full"] },
    billing: { levels: ["none", "view", "full"], flags: { invites: ["view", "full"] }, of: "account" },
  },
  relations: ["author", "assignee"],
  roles: { member: {}, owner: { holds: { profile: "full", mail: "full" } }, payer: { holds: { billing: "full" } } },
  actions: {
    approve: { target: "group", allow: { area: "profile", every: ["full", "approves"], isNot: "author" } },
    edit: {
      target: "group",
      allow: [
        { area: "profile", level: "full" },
        { area: "profile", level: "draft", is: ["author", "assignee"] },
      ],
    },
    discuss: { target: "group", allow: { is: "assignee" } },
    gap: { target: "group", allow: { area: "profile", every: [{ exactly: "view" }, "full"] } },
    exactly: { target: "connection", allow: { area: "profile", some: { exactly: "draft" } } },
    mine: { target: "none", allow: { area: "profile", some: "approves" } },
    mute: {
      target: "connection",
      allow: {
        and: [
          { area: "profile", level: "draft" },
          { area: "mail", level: "full" },
        ],
      },
    },
    boost: {
      target: "connection",
      allow: {
        and: [
          { area: "billing", level: "full", every: "invites" },
          { area: "profile", level: "full" },
        ],
      },
    },
    pay: { target: "none", allow: { area: "billing", level: "full" } },
    bill: { target: "connection", allow: { area: "billing", every: { level: "view", flags: ["invites"] } } },
  },
});
const nobody = { author: null, assignee: null };

describe("patterns", () => {
  const user = createUser(suite, {
    id: "ana",
    role: "member",
    grants: { full: { profile: "full" }, flag: { profile: "view", approves: true }, view: { profile: "view" } },
  });

  it("a list is a set of states of each connection, and not one clause or another of the whole group", () => {
    expect(can(user, "approve", { connections: ["full", "flag"], ...nobody })).toBe(true);
    expect(can(user, "approve", { connections: ["full", "flag", "view"], ...nobody })).toBe(false);
    expect(can(user, "mine")).toBe(true);
    const { reason, blockers } = explain(user, "approve", { connections: ["full", "view"], ...nobody }) as never as {
      reason: string;
      blockers: object[];
    };
    expect(reason).toBe("flag-missing");
    expect(blockers).toEqual([
      {
        connection: "view",
        holds: { profile: "view", approves: false },
        needs: { profile: "view", approves: true },
      },
    ]);
  });

  it.each([
    ["draft", "level-too-low", "full"],
    ["none", "no-access", "view"],
  ] as const)("in a gap between two, %s is %s and needs %s", (held, reason, needed) => {
    const ben = createUser(suite, { id: "ben", role: "member", grants: { c: { profile: held } } });
    expect(explain(ben, "gap", { connections: ["c"] })).toMatchObject({
      reason,
      blockers: [{ needs: { profile: needed } }],
    });
  });

  it("above a state that is asked for exactly, the level is too high", () => {
    expect(explain(user, "exactly", "full")).toMatchObject({
      reason: "level-too-high",
      blockers: [{ needs: { profile: "draft" } }],
    });
  });
});

describe("two areas in one clause", () => {
  const user = createUser(suite, {
    id: "ana",
    role: "member",
    grants: { a: { profile: "view" }, b: { profile: "draft" } },
  });

  it("explanations merge what the parts need, connection by connection", () => {
    expect(explain(user, "mute", "a")).toMatchObject({
      reason: "level-too-low",
      area: "profile",
      level: "view",
      unblock: "every",
      blockers: [
        {
          connection: "a",
          holds: { profile: "view", approves: false, mail: "none" },
          needs: { profile: "draft", approves: false, mail: "full" },
        },
      ],
    });
    expect(explain(user, "mute", "b")).toMatchObject({
      reason: "no-access",
      area: "mail",
      blockers: [{ needs: { mail: "full" } }],
    });
  });

  it("a sentence names both areas", () => {
    expect(formatDecision(explain(user, "mute", "a"))).toBe(
      "ana may not mute on a: a holds view in profile and none in mail and needs draft in profile and full in mail.",
    );
    expect(formatDecision(explain(user, "mute", "b"))).toBe(
      "ana may not mute on b: b holds none in mail and needs full.",
    );
  });
});

describe("areas of the account", () => {
  const account = createMatrix(suite, {
    users: [
      { id: "ana", role: "member", account: { billing: "view", invites: true }, grants: { fb: { profile: "view" } } },
      { id: "pia", role: "payer" },
      { id: "olga", role: "owner" },
    ],
  });

  it("are held once, and asked with any target", () => {
    expect(account.accountGrant("ana")).toEqual({ billing: "view", invites: true });
    expect(account.usersFor("pay")).toEqual(["pia"]);
    expect(account.usersFor("bill", "fb")).toEqual(["ana"]);
    // Alone, they reach known connections only.
    expect(account.usersFor("bill", "elsewhere")).toEqual([]);
    expect(accessLevel(account.user("ana"), "billing")).toBe("view");
    const richer = account.assignAccount("ana", { billing: "full" });
    expect(richer.usersFor("pay")).toEqual(["ana", "pia"]);
    expect(richer.accountGrant("ana")).toEqual({ billing: "full", invites: false });
    expect(account.grant("ana", "fb")).toEqual({ profile: "view", approves: false, mail: "none" });
  });

  it("show on the user and in JSON, and survive a spread", () => {
    const ana = account.user("ana");
    expect(ana.account).toEqual({ billing: "view", invites: true });
    expect(ana.toJSON()).toEqual({
      id: "ana",
      role: "member",
      grants: { fb: { profile: "view" } },
      account: { billing: "view", invites: true },
    });
    expect(createUser(suite, { ...ana }).toJSON()).toEqual(ana.toJSON());
    const pia = account.user("pia");
    expect(pia.account).toEqual({});
    expect(createUser(suite, { ...pia, account: { ...pia.account } }).toJSON()).toEqual({
      id: "pia",
      role: "payer",
      connections: ["fb"],
    });
    expect(
      Object.hasOwn(
        createUser(define({ name: "n", levels: ["none"], areas: {}, roles: { r: {} }, actions: {} }), {
          id: "p",
          role: "r",
        }),
        "account",
      ),
    ).toBe(false);
  });

  it("are explained apart from the connections", () => {
    expect(explain(account.user("ana"), "pay")).toMatchObject({
      reason: "level-too-low",
      area: "billing",
      level: "view",
      blockers: [],
      account: { holds: { billing: "view", invites: true }, needs: { billing: "full", invites: true } },
    });
    const both = explain(account.user("ana"), "boost", "fb");
    expect(both).toMatchObject({
      area: "billing",
      account: { needs: { billing: "full" } },
      blockers: [{ connection: "fb", needs: { profile: "full" } }],
    });
    expect(formatDecision(both)).toBe(
      "ana may not boost on fb: in the account, the user holds view with invites in billing and needs full with invites; and fb holds view in profile and needs full.",
    );
    expect(formatDecision(explain(account.user("ana"), "pay"))).toBe(
      "ana may not pay: in the account, the user holds view with invites in billing and needs full with invites.",
    );
    // What the role holds cannot be changed, and each half is fixed by itself.
    expect(explain(account.user("pia"), "bill", "fb")).toMatchObject({
      reason: "fixed-by-role",
      area: "billing",
      blockers: [],
    });
    expect(explain(account.user("olga"), "boost", "fb")).toMatchObject({
      account: { needs: { billing: "full", invites: true } },
      blockers: [],
    });
    expect(explain(account.user("ana"), "bill", "elsewhere")).toMatchObject({
      reason: "unknown-connection",
      blockers: [],
    });
  });

  it("a role holds its part on its connections, so the account alone lacks something", () => {
    const policy = definePolicy({
      name: "fixed-half",
      levels: ["off", "on"],
      areas: { posts: { levels: ["off", "on"] }, billing: { levels: ["off", "on"], of: "account" } },
      roles: { owner: { holds: { posts: "on" } } },
      actions: {
        boost: {
          target: "none",
          allow: {
            and: [
              { area: "posts", some: "on" },
              { area: "billing", level: "on" },
            ],
          },
        },
      },
    });
    const olga = createUser(policy, { id: "olga", role: "owner", connections: ["fb"] });
    expect(explain(olga, "boost")).toMatchObject({
      reason: "no-access",
      area: "billing",
      account: { holds: { billing: "off" }, needs: { billing: "on" } },
      blockers: [],
    });
    expect(can(createUser(policy, { ...olga, account: { billing: "on" } }), "boost")).toBe(true);
  });

  it("the repair has the fewest flags that will do, the first of the policy's where several are as few", () => {
    const flags = { approver: ["on"], planner: ["on"], star: ["on"] } as const;
    const needs = (every: unknown) => {
      const policy = define({
        name: "flags",
        levels: ["off", "on"],
        areas: { posts: { levels: ["off", "on"], flags } },
        roles: { member: {} },
        actions: { act: { target: "group", allow: { area: "posts", every } } },
      });
      const ana = createUser(policy, { id: "ana", role: "member", grants: { fb: { posts: "on" } } });
      const decision = explain(ana, "act", { connections: ["fb"] } as never);
      return (
        decision.allowed ||
        Object.entries(decision.blockers[0]?.needs ?? {}).flatMap(([key, on]) => (on === true ? key : []))
      );
    };
    expect(needs([{ flags: ["planner", "star"] }, "approver"])).toEqual(["approver"]);
    expect(needs([{ flags: ["approver", "planner"] }, "star"])).toEqual(["star"]);
    expect(needs(["star", "planner"])).toEqual(["planner"]);
  });

  it("of a pattern that some connection has to fit, the nearest to it says what is wrong, and no level is too high", () => {
    const policy = definePolicy({
      name: "some",
      levels: ["none", "view", "full"],
      areas: { posts: { levels: ["none", "view", "full"], flags: { star: ["view", "full"] } } },
      roles: { member: {} },
      actions: { open: { target: "group", allow: { area: "posts", some: [{ level: "view", flags: ["star"] }] } } },
    });
    const grants = { fb: { posts: "full" }, ig: { posts: "view" } } as const;
    const ana = createUser(policy, { id: "ana", role: "member", grants });
    expect(explain(ana, "open", { connections: ["fb", "ig"] })).toMatchObject({
      reason: "flag-missing",
      unblock: "any",
      blockers: [{ needs: { posts: "full", star: true } }, { needs: { posts: "view", star: true } }],
    });
  });

  it("of two clauses, the nearest is the one that a grant can still satisfy", () => {
    const policy = definePolicy({
      name: "fixed-half",
      levels: ["off", "on"],
      areas: {
        page: { levels: ["off", "on"] },
        billing: { levels: ["off", "on"], of: "account" },
        invites: { levels: ["off", "on"], of: "account" },
      },
      roles: { payer: { holds: { billing: "on" } } },
      actions: {
        boost: {
          target: "group",
          allow: [
            { area: "invites", level: "on" },
            { area: "page", level: "on" },
          ],
        },
      },
    });
    const pia = createUser(policy, { id: "pia", role: "payer", connections: ["fb"] });
    // The role fixes the account's areas, so the first clause can be satisfied by nobody's grant.
    expect(explain(pia, "boost", { connections: ["fb"] })).toMatchObject({
      reason: "no-access",
      area: "page",
      blockers: [{ connection: "fb", needs: { page: "on" } }],
    });
  });

  it("are refused where a connection's area belongs, and what a role holds is not given", () => {
    expect(refusal(() => account.visibleConnections("ana", "billing" as never)).code).toBe("unknown-area");
    expect(refusal(() => accessLevel(account.user("ana"), "billing", "fb")).code).toBe("wrong-target");
    expect(refusal(() => account.assignAccount("pia", { billing: "view" }))).toMatchObject({
      code: "invalid-grant",
      message: 'the role "payer" holds the same in the account for everybody; expected nothing',
    });
    expect(
      refusal(() => createUser(suite, { id: "p", role: "member", account: { profile: "full" } as never })),
    ).toMatchObject({
      code: "invalid-grant",
      path: ["account", "profile"],
    });
    expect(
      refusal(() => createUser(suite, { id: "p", role: "member", grants: { fb: { billing: "full" } as never } })).path,
    ).toEqual(["grants", "fb", "billing"]);
  });
});

describe("relations", () => {
  const ana = createUser(suite, { id: "ana", role: "member", grants: { fb: { profile: "draft", approves: true } } });
  const post = { connections: ["fb"], ...nobody };

  it("say for whom a clause is: one or a list, on either side", () => {
    expect(can(ana, "edit", post)).toBe(false);
    expect(can(ana, "edit", { ...post, author: "ana" })).toBe(true);
    expect(can(ana, "edit", { ...post, assignee: ["ben", "ana"] })).toBe(true);
    expect(can(ana, "approve", post)).toBe(true);
    expect(can(ana, "approve", { ...post, author: ["ana"] })).toBe(false);
    expect(allowedActions(ana, { ...post, assignee: "ana" })).toEqual(["approve", "edit", "discuss"]);
    // Alone, a relation reaches known connections only.
    expect(can(ana, "discuss", { ...post, connections: ["elsewhere"], assignee: "ana" })).toBe(false);
  });

  it("are the reason where no clause is for the user", () => {
    const excluded = explain(ana, "approve", { ...post, author: "ana" });
    expect(excluded).toMatchObject({ reason: "relation-excluded", relations: ["author"], blockers: [] });
    expect(formatDecision(excluded)).toBe("ana may not approve on fb: it is not for the author of the post.");
    const required = explain(ana, "discuss", post);
    expect(required).toMatchObject({ reason: "relation-required", relations: ["assignee"], blockers: [] });
    expect(formatDecision(required)).toBe("ana may not discuss on fb: it is for the assignee of the post.");
  });

  it.each([
    ["missing", { connections: ["fb"] }, ["author"]],
    ["undefined", { ...post, author: undefined }, ["author"]],
    ["a number", { ...post, author: 5 }, ["author"]],
    ["a list with null in it", { ...post, author: ["ana", null] }, ["author", 1]],
    ["inherited", Object.create({ author: "ana" }, { connections: { value: ["fb"] } }), ["author"]],
  ])("%s is wrong-target, and never a silent no", (_, target, path) => {
    expect(refusal(() => can(ana, "approve", target as never))).toMatchObject({ code: "wrong-target", path });
    expect(refusal(() => explain(ana, "approve", target as never))).toMatchObject({ code: "wrong-target", path });
    expect(refusal(() => allowedActions(ana, target as never)).code).toBe("wrong-target");
  });

  it("that the rule does not name are ignored, and connectionsFor takes them last", () => {
    expect(can(ana, "gap", { connections: ["fb"], author: 5 as never })).toBe(false);
    const matrix = createMatrix(suite, { users: [ana, { id: "ben", role: "owner" }] });
    expect(matrix.connectionsFor("ana", "edit", { author: "ana", assignee: null })).toEqual(["fb"]);
    expect(matrix.connectionsFor("ana", "edit", { author: "ben", assignee: null })).toEqual([]);
    expect(refusal(() => matrix.connectionsFor("ana", "edit")).code).toBe("wrong-target");
    expect(matrix.usersFor("approve", { ...post, author: "ben" })).toEqual(["ana"]);
    expect(suite.relations).toEqual(["author", "assignee"]);
  });
});

describe("more than 30 states", () => {
  const names = Array.from({ length: 140 }, (_, index) => `toggle-${index}`);
  const toggles = define({
    name: "toggles",
    levels: ["off", "on"],
    areas: Object.fromEntries(names.map((name) => [name, { levels: ["off", "on"] }])),
    roles: { user: {}, boss: { holds: { "toggle-139": "on" } } },
    actions: {
      ...Object.fromEntries(names.map((area) => [area, { target: "group", allow: { area, level: "on" } }])),
      both: {
        target: "group",
        allow: {
          and: [
            { area: "toggle-3", level: "on" },
            { area: "toggle-120", some: "on" },
          ],
        },
      },
      none: { target: "none", allow: { area: "toggle-120", some: "on" } },
      member: { target: "connection", allow: [{ role: "boss" }, { area: "toggle-77", level: "on" }] },
    },
  });
  const grant = (...on: number[]) => Object.fromEntries(on.map((index) => [names[index] as string, "on"]));

  it("140 toggles beside each other, one at a time and two at once", () => {
    const user = createUser(toggles, {
      id: "p",
      role: "user",
      grants: { a: grant(3, 120), b: grant(3), c: grant(139) },
    });
    const on = (connections: string[]) => allowedActions(user, { connections }) as readonly string[];
    expect(on(["a"])).toEqual(["toggle-3", "toggle-120", "both"]);
    expect(on(["a", "b"])).toEqual(["toggle-3", "both"]);
    expect(on(["b"])).toEqual(["toggle-3"]);
    expect(on(["a", "c"])).toEqual([]);
    expect(can(user, "both", { connections: ["a", "b"] } as never)).toBe(true);
    expect(can(user, "both", { connections: ["c", "a"] } as never)).toBe(false);
    expect(can(user, "none")).toBe(true);
    expect(explain(user, "both", { connections: ["b", "c"] } as never)).toMatchObject({
      blockers: [{ connection: "c", needs: { "toggle-3": "on", "toggle-120": "on" } }],
    });
  });

  it("a matrix of them answers as its users do, and its JSON gives it back", () => {
    const users = [
      { id: "p", role: "user", grants: { a: grant(3, 120), b: grant(3) } },
      { id: "q", role: "boss" },
      { id: "r", role: "user" },
    ];
    const matrix = createMatrix(toggles, { users });
    expect(matrix.usersFor("both", { connections: ["a", "b"] } as never)).toEqual(["p"]);
    expect(matrix.usersFor("none", undefined as never)).toEqual(["p"]);
    expect(matrix.usersFor("member", "a" as never)).toEqual(["q"]);
    expect(matrix.usersFor("toggle-139", { connections: ["a", "b"] } as never)).toEqual(["q"]);
    expect(matrix.connectionsFor("p", "both" as never)).toEqual(["a"]);
    expect(matrix.visibleConnections("p", "toggle-120")).toEqual(["a"]);
    expect(matrix.revoke("p", "a").usersFor("both", { connections: ["b"] } as never)).toEqual([]);
    expect(createMatrix(toggles, JSON.parse(JSON.stringify(matrix))).toJSON()).toEqual(matrix.toJSON());
    expect(accessLevel(matrix.user("p"), "toggle-120", { connections: ["a"] })).toBe("on");
  });
});

describe("a policy without areas", () => {
  it("is of roles alone: what a role allows reaches known connections", () => {
    const policy = define({
      name: "roles",
      levels: ["none"],
      areas: {},
      roles: { admin: {}, guest: {} },
      actions: { act: { target: "group", allow: { role: "admin" } } },
    });
    const admin = createUser(policy, { id: "a", role: "admin", connections: ["fb"], grants: { ig: {} } });
    expect(can(admin, "act", { connections: ["fb", "ig"] } as never)).toBe(true);
    expect(can(admin, "act", { connections: ["fb", "x"] } as never)).toBe(false);
    expect(
      can(createUser(policy, { id: "g", role: "guest", connections: ["fb"] }), "act", { connections: ["fb"] } as never),
    ).toBe(false);
  });
});

describe("definePolicy refuses, with the path", () => {
  const areas = {
    a: { levels: ["none", "low", "high"], flags: { f: ["high"], g: ["low"] }, noAccessCountsAs: "low" },
    b: { levels: ["none", "low"] },
    c: { levels: ["none", "low"], of: "account" },
  };
  const base = { name: "n", levels: ["none", "low", "high"], areas, relations: ["author"], roles: { user: {} } };
  const withClause = (allow: unknown, target = "group") => ({ ...base, actions: { act: { target, allow } } });
  const clauseAt = (...keys: (string | number)[]) => ["actions", "act", "allow", ...keys];

  it.each<[string, object, (string | number)[]]>([
    ["an empty list of patterns", withClause({ area: "a", every: [] }), clauseAt("every")],
    ["a list in a list", withClause({ area: "a", every: [["high"]] }), clauseAt("every", 0)],
    ["an empty pattern", withClause({ area: "a", some: {} }), clauseAt("some")],
    ["no flags", withClause({ area: "a", some: { flags: [] } }), clauseAt("some", "flags")],
    ["an unknown flag in a pattern", withClause({ area: "a", some: { flags: ["x"] } }), clauseAt("some", "flags", 0)],
    ["the lowest level in a pattern", withClause({ area: "a", every: { level: "none" } }), clauseAt("every", "level")],
    ["an unknown key in a pattern", withClause({ area: "a", every: { flag: "f" } }), clauseAt("every", "flag")],
    [
      "a part that no state satisfies",
      withClause({ area: "a", every: ["low", { exactly: "low", flags: ["f"] }] }),
      clauseAt("every", 1),
    ],
    ["two flags that go together nowhere", withClause({ area: "a", some: { flags: ["f", "g"] } }), clauseAt("some")],
    [
      "patterns that exclude each other",
      withClause({ area: "a", level: "high", every: { exactly: "low" } }),
      clauseAt("every"),
    ],
    ["and of one", withClause({ and: [{ area: "a", level: "low" }] }), clauseAt("and")],
    [
      "a part with a role",
      withClause({
        and: [
          { area: "a", level: "high", role: "user" },
          { area: "b", level: "low" },
        ],
      }),
      clauseAt("and", 0, "role"),
    ],
    [
      "a part without an area",
      withClause({ and: [{ level: "high" }, { area: "b", level: "low" }] }),
      clauseAt("and", 0),
    ],
    [
      "an area beside and",
      withClause({
        area: "a",
        and: [
          { area: "a", level: "high" },
          { area: "b", level: "low" },
        ],
      }),
      clauseAt("area"),
    ],
    [
      "two parts of some",
      withClause({
        and: [
          { area: "a", some: "high" },
          { area: "b", exactly: "low" },
        ],
      }),
      clauseAt("and", 1),
    ],
    [
      "a lifted level beside some",
      withClause({
        and: [
          { area: "a", level: "low" },
          { area: "b", some: "low" },
        ],
      }),
      clauseAt("and", 1),
    ],
    [
      "parts that no state satisfies",
      withClause({
        and: [
          { area: "a", every: "f" },
          { area: "a", every: { exactly: "low" } },
        ],
      }),
      clauseAt("and"),
    ],
    ["some of the account", withClause({ area: "c", some: "low" }), clauseAt("some")],
    ["a relation of a connection", withClause({ is: "author" }, "connection"), clauseAt("is")],
    ["an unknown relation", withClause({ area: "b", level: "low", isNot: "owner" }), clauseAt("isNot")],
    ["no relations", withClause({ is: [] }), clauseAt("is")],
    [
      "a relation named connections",
      { ...withClause({ role: "user" }), relations: ["author", "connections"] },
      ["relations", 1],
    ],
    [
      "a flag named as a level",
      { ...withClause({ role: "user" }), areas: { a: { levels: ["none", "low"], flags: { high: ["low"] } } } },
      ["areas", "a", "flags", "high"],
    ],
    [
      "a flag named until",
      { ...withClause({ role: "user" }), areas: { a: { levels: ["none", "low"], flags: { until: ["low"] } } } },
      ["areas", "a", "flags", "until"],
    ],
    [
      "an area named until",
      { ...withClause({ role: "user" }), areas: { until: { levels: ["none"] } } },
      ["areas", "until"],
    ],
    [
      "a lift of the account",
      {
        ...withClause({ role: "user" }),
        areas: { a: { levels: ["none", "low"], of: "account", noAccessCountsAs: "low" } },
      },
      ["areas", "a", "noAccessCountsAs"],
    ],
    [
      "an area of something else",
      { ...withClause({ role: "user" }), areas: { a: { levels: ["none", "low"], of: "team" } } },
      ["areas", "a", "of"],
    ],
  ])("%s", (_, definition, path) => {
    expect(refusal(() => define(definition))).toMatchObject({ code: "invalid-policy", path });
  });

  it("and accepts what looks alike and means something", () => {
    const whole = withClause([
      {
        and: [
          { area: "a", every: "low" },
          { area: "a", some: "f" },
          { area: "c", exactly: "low" },
        ],
        is: "author",
      },
      { isNot: ["author"] },
      { area: "a", every: { exactly: "low" } },
      { area: "c", level: "low" },
    ]);
    expect(() => define(whole)).not.toThrow();
    expect(() => define(withClause({ area: "c", exactly: "low" }, "none"))).not.toThrow();
  });
});
