import { describe, expect, it } from "vitest";
import { nobodyOf } from "../../src/core/users/unloaded-user.js";
import {
  accessLevel,
  allowedActions,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  limit,
  type PreparedGroup,
  prepareGroup,
} from "../../src/index.js";
import { refusal } from "../support/refusal.js";

const input = {
  users: [
    { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "view-only" } } },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
    { id: "cat", role: "admin" },
  ],
  connections: ["li"],
} as const;
const account = createMatrix(engage, input);
const post = { id: 7, text: "Good morning", connections: ["fb", "ig"] };
const full = { publish: "full-access" } as const;

const desk = definePolicy({
  name: "desk",
  levels: ["none", "write"],
  areas: { stories: { levels: ["none", "write"] } },
  roles: { writer: {} },
  relations: ["author", "assignee"],
  actions: {
    read: { target: "group", allow: { area: "stories", level: "write" } },
    edit: { target: "group", allow: { area: "stories", level: "write", is: ["author", "assignee"] } },
    sign: { target: "group", allow: { area: "stories", level: "write", isNot: "author" } },
  },
});
const writer = createUser(desk, { id: "ana", role: "writer", grants: { blog: { stories: "write" } } });

describe("a prepared group is a post group", () => {
  it("with the connections and relations of the post, and nothing else of it", () => {
    expect(account.group(post)).toEqual({ connections: ["fb", "ig"] });
    const story = { text: "…", connections: ["blog"], author: "ana", assignee: ["ben", "cy"] };
    const { text: _, ...rest } = story;
    expect(prepareGroup(desk, story)).toEqual(rest);
    expect(prepareGroup(desk, { connections: [], author: null, assignee: "ben" })).toEqual({
      connections: [],
      author: null,
      assignee: "ben",
    });
  });

  it("frozen all through, and a copy: what happens to the post later counts for nothing", () => {
    const story = { connections: ["blog"], author: "ana", assignee: ["ben"] };
    const group = prepareGroup(desk, story);
    for (const part of [group, group.connections, group.assignee]) expect(Object.isFrozen(part)).toBe(true);
    story.connections.push("zz");
    story.assignee.push("ana");
    story.author = "cy";
    expect(can(writer, "read", group)).toBe(true);
    expect(can(writer, "edit", group)).toBe(true);
  });

  it("that asks for a relation which the post did not carry, as the post itself does", () => {
    const group = prepareGroup(desk, { connections: ["blog"], author: undefined } as never);
    expect(can(writer, "read", group)).toBe(true);
    expect(refusal(() => can(writer, "edit", group))).toMatchObject({ code: "wrong-target", path: ["author"] });
    expect(refusal(() => allowedActions(writer, group))).toMatchObject({ code: "wrong-target", path: ["author"] });
  });

  it("and its JSON, a spread or a clone of it is one that was not prepared", () => {
    const group = account.group(post);
    for (const plain of [{ ...group }, JSON.parse(JSON.stringify(group)), structuredClone(group)] as PreparedGroup[]) {
      expect(plain).toEqual(group);
      expect(can(createUser(engage, { id: "eve", role: "viewer" }), "publish.view", plain)).toBe(false);
    }
  });

  it("of no connections, on which nobody may do anything (E8)", () => {
    for (const group of [account.group({ connections: [] }), prepareGroup(engage, { connections: [] })]) {
      expect(allowedActions(account.user("ana"), group)).toEqual([]);
      expect(account.usersFor("publish.view", group)).toEqual([]);
      const decision = explain(account.user("ana"), "publish.view", group);
      expect(decision.allowed || decision.reason).toBe("empty-group");
    }
  });
});

describe("what is no post group is refused when it is prepared, and named", () => {
  it.each([
    ["no target", undefined, undefined],
    ["an id", "fb", undefined],
    ["a list", ["fb"], undefined],
    ["no connections", {}, undefined],
    ["an id that is no string", { connections: ["fb", 5] }, ["connections", 1]],
    ["a hole", { connections: new Array(1) }, ["connections", 0]],
  ])("%s", (_, given, path) => {
    for (const prepare of [() => account.group(given as never), () => prepareGroup(engage, given as never)]) {
      const { code, path: found } = refusal(prepare) as { code: string; path?: unknown };
      expect([code, found]).toEqual(["wrong-target", path]);
    }
  });

  it("a relation in a form that no action accepts", () => {
    const wrong = { connections: ["blog"], author: 5, assignee: null };
    expect(refusal(() => prepareGroup(desk, wrong as never))).toMatchObject({ code: "wrong-target", path: ["author"] });
  });

  it("a policy that is none", () => {
    expect(refusal(() => prepareGroup({} as never, post))).toMatchObject({ code: "invalid-policy" });
  });
});

describe("a group of a matrix is for its account alone", () => {
  const group = account.group(post);
  const other = createMatrix(engage, input);
  const asks = (user: Parameters<typeof can>[0]) => [
    () => can(user as never, "publish.view" as never, group as never),
    () => explain(user as never, "publish.view" as never, group as never),
    () => allowedActions(user, group),
    () => accessLevel(user as never, "publish" as never, group as never),
  ];
  const refused = {
    code: "wrong-target",
    message: expect.stringMatching(/^a group prepared by the matrix of another account is not a target of /),
  };

  it("refused for the users of another account, though it has the same users and connections", () => {
    for (const ask of asks(other.user("ana"))) expect(refusal(ask)).toMatchObject(refused);
    expect(refusal(() => other.usersFor("publish.view", group))).toMatchObject(refused);
    expect(refusal(() => other.group(group))).toMatchObject(refused);
    expect(refusal(() => prepareGroup(engage, group))).toMatchObject({ code: "wrong-target" });
  });

  it("refused for a user of no matrix, also for a copy of one of its own", () => {
    for (const ask of asks(createUser(engage, account.user("ana")))) expect(refusal(ask)).toMatchObject(refused);
  });

  it("denied to nobody, for whom a page asks until its user is loaded", () => {
    const [view, explained, allowed, level] = asks(nobodyOf(engage)).map((ask) => ask());
    expect([view, allowed, level]).toEqual([false, [], "no-access"]);
    expect(explained).toMatchObject({ allowed: false });
  });

  it("accepted for one of its users who was limited", () => {
    const key = limit(account.user("ana"), { grants: { publish: "view-only" } });
    expect(can(key, "publish.view", group)).toBe(true);
    expect(can(key, "publish.post-now", account.group({ connections: ["fb"] }))).toBe(false);
  });

  it("accepted by every matrix that was made of it by changes, at another instant too", () => {
    const later = createMatrix(engage, input, { at: "2026-08-01T00:00:00Z" });
    const held = later.group(post);
    expect(later.at("2026-09-01T00:00:00Z").usersFor("publish.view", held)).toEqual(["ana", "ben"]);
    expect(account.assign("cat", "ig", full).removeUser("ben").usersFor("publish.view", group)).toEqual(["ana", "cat"]);
  });

  it("prepared again for its own account, it is as good as the first", () => {
    expect(account.group(group)).toEqual(group);
    expect(can(account.user("ana"), "publish.view", account.group(group))).toBe(true);
  });
});

describe("a prepared group is never out of date", () => {
  it("after a change of grants, in both matrices", () => {
    const group = account.group(post);
    const more = account.assign("ana", "ig", full);
    for (const _ of [1, 2]) {
      expect(can(account.user("ana"), "publish.post-now", group)).toBe(false);
      expect(can(more.user("ana"), "publish.post-now", group)).toBe(true);
      expect(account.usersFor("publish.post-now", group)).toEqual([]);
      expect(more.usersFor("publish.post-now", group)).toEqual(["ana"]);
    }
  });

  it("a stranger that the account comes to know is known, and a connection that goes is a stranger", () => {
    const group = account.group({ connections: ["zz"] });
    expect(can(account.user("ana"), "publish.view", group)).toBe(false);
    const known = account.assign("ana", "zz", full);
    expect(can(known.user("ana"), "publish.post-now", group)).toBe(true);
    const gone = known.removeConnection("zz");
    expect(can(gone.user("ana"), "publish.post-now", group)).toBe(false);
    // Another connection may have its number since.
    const other = gone.assign("ana", "yy", full);
    expect(can(other.user("ana"), "publish.post-now", group)).toBe(false);
    expect(can(known.user("ana"), "publish.post-now", group)).toBe(true);
  });

  it("when a grant ends", () => {
    const grants = { fb: { ...full, until: "2026-08-15T00:00:00Z" } } as const;
    const before = createMatrix(
      engage,
      { users: [{ id: "ana", role: "viewer", grants }] },
      { at: "2026-08-01T00:00:00Z" },
    );
    const group = before.group({ connections: ["fb"] });
    const after = before.at("2026-08-15T00:00:00Z");
    expect(can(before.user("ana"), "publish.post-now", group)).toBe(true);
    expect(can(after.user("ana"), "publish.post-now", group)).toBe(false);
    expect(can(before.user("ana"), "publish.post-now", group)).toBe(true);
  });

  it("for one user after another", () => {
    const group = prepareGroup(engage, { connections: ["fb"] });
    const users = [full, {}, { publish: "view-only" } as const].map((grant, index) =>
      createUser(engage, { id: `u${index}`, role: "viewer", grants: { fb: grant } }),
    );
    for (const _ of [1, 2]) {
      expect(users.map((user) => can(user, "publish.post-now", group))).toEqual([true, false, false]);
      expect(users.map((user) => can(user, "publish.view", group))).toEqual([true, false, true]);
    }
  });
});

describe("a group that was prepared for a policy is for users of that policy", () => {
  it("refused for those of another one", () => {
    const group = prepareGroup(buffer, { connections: ["fb"] });
    expect(refusal(() => can(account.user("ana"), "publish.view", group as never))).toMatchObject({
      code: "wrong-target",
      message:
        "a group prepared for another policy is not a target of publish.view; expected one prepared for this policy",
    });
  });

  it("accepted where the policy was defined twice, and says the same", () => {
    const again = definePolicy(JSON.parse(JSON.stringify(desk))) as unknown as typeof desk;
    const group = prepareGroup(again, { connections: ["blog"], author: "ana", assignee: null });
    for (const _ of [1, 2]) expect(can(writer, "edit", group)).toBe(true);
  });
});

describe("in accounts of many connections, of which a user holds few", () => {
  it("the answers are the same", () => {
    const connections = Array.from({ length: 500 }, (_, index) => `c${index}`);
    const large = createMatrix(engage, { users: [{ id: "ana", role: "viewer", grants: { c7: full } }], connections });
    for (const [ids, expected] of [
      [["c7"], true],
      [["c7", "c8"], false],
      [["c7", "zz"], false],
    ] as const) {
      expect(can(large.user("ana"), "publish.post-now", { connections: ids })).toBe(expected);
      expect(can(large.user("ana"), "publish.post-now", large.group({ connections: ids }))).toBe(expected);
    }
  });
});
