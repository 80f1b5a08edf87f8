import { beforeEach, describe, expect, it } from "vitest";
import { createDecisionPoint } from "../../src/authzen/index.js";
import {
  buffer,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  formatDecision,
  limit,
} from "../../src/index.js";
import {
  account,
  action,
  connection,
  evaluate,
  failures,
  group,
  pointWith,
  post,
  posts,
  user,
} from "../support/decision-point.js";

// One decision: whom it is about, what it is about, and where both come from.

const point = pointWith();
beforeEach(() => void failures.splice(0));

const no = (reason: string) => ({
  decision: false,
  context: expect.objectContaining({ reason, message: expect.any(String) }),
});

describe("an evaluation", () => {
  it("of a stored post group is a yes where explain says yes", async () => {
    expect(await evaluate(point, user("ana"), "publish.post-now", group("own"))).toEqual({ decision: true });
  });

  it("is a no with the whole reason of explain, in a response of 200", async () => {
    const decision = explain(account.user("ana"), "publish.post-now", { connections: ["fb", "ig"] });
    const { allowed, action: _action, user: _user, target, ...why } = decision as typeof decision & { allowed: false };
    expect([allowed, target]).toEqual([false, { connections: ["fb", "ig"] }]);
    const body = { subject: user("ana"), action: action("publish.post-now"), resource: group("mixed") };
    const answer = await post(point, "/access/v1/evaluation", body);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ decision: false, context: { ...why, message: formatDecision(decision) } });
    expect(answer.body.context.blockers).toHaveLength(1);
  });

  it.each([
    ["a connection action on a connection", "ana", "publish.select", connection("ig"), { decision: true }],
    ["a connection action on another's connection", "ben", "publish.select", connection("ig"), no("no-access")],
    [
      "an account action on the account",
      "cat",
      "connections.create",
      { type: "account", id: "acme" },
      { decision: true },
    ],
    [
      "an account action by a viewer",
      "ana",
      "connections.create",
      { type: "account", id: "acme" },
      no("role-required"),
    ],
    [
      "a group action on a connection, as a group of one",
      "ana",
      "publish.post-now",
      connection("fb"),
      { decision: true },
    ],
    [
      "a group action on a connection that is too low",
      "ana",
      "publish.post-now",
      connection("ig"),
      no("level-too-low"),
    ],
    ["a group without connections (E8)", "ana", "publish.view", group("empty"), no("empty-group")],
    ["a connection of nobody", "ana", "publish.view", connection("stranger"), no("no-access")],
    [
      "an admin on a connection of another account",
      "cat",
      "connections.reconnect",
      connection("alien"),
      no("unknown-connection"),
    ],
  ])("of %s is answered as can does", async (_, id, name, resource, answer) => {
    expect(await evaluate(point, user(id), name, resource)).toEqual(answer);
    expect(failures).toEqual([]);
  });

  it.each([
    ["an unknown subject", user("nobody"), "publish.view", group("own"), "unknown-subject"],
    ["another type of subject", { type: "robot", id: "ana" }, "publish.view", group("own"), "unknown-subject"],
    ["a subject that looks alike", user("Ana"), "publish.view", group("own"), "unknown-subject"],
    ["a subject with a space behind it", user("ana "), "publish.view", group("own"), "unknown-subject"],
    ["a subject of every object's own name", user("constructor"), "publish.view", group("own"), "unknown-subject"],
    ["an unknown action", user("ana"), "publish.pots", group("own"), "unknown-action"],
    ["an action of every object's own name", user("ana"), "toString", group("own"), "unknown-action"],
    ["an unknown group", user("ana"), "publish.view", group("none"), "unknown-resource"],
    ["an unknown type of resource", user("ana"), "publish.view", { type: "spaceship", id: "own" }, "unknown-resource"],
    ["another account", user("cat"), "connections.create", { type: "account", id: "other" }, "unknown-resource"],
    [
      "an action on groups about the account",
      user("ana"),
      "publish.view",
      { type: "account", id: "acme" },
      "wrong-resource",
    ],
    ["an action on connections about a group", user("ana"), "publish.select", group("own"), "wrong-resource"],
    [
      "an action on the account about a connection",
      user("cat"),
      "connections.create",
      connection("fb"),
      "wrong-resource",
    ],
    ["an action on the account about a group", user("cat"), "connections.create", group("own"), "wrong-resource"],
  ])("of %s is a no, and no error", async (_, subject, name, resource, reason) => {
    expect(await evaluate(point, subject, name, resource)).toEqual(no(reason));
    expect(failures).toEqual([]);
  });

  it("without a loader of groups knows none", async () => {
    const loadUser = () => account.user("ana");
    const bare = createDecisionPoint(engage, {
      ...{ account: "acme", loadUser },
      onError: (error) => failures.push(error),
    });
    expect(await evaluate(bare, user("ana"), "publish.view", group("own"))).toEqual(no("unknown-resource"));
    expect(failures).toEqual([]);
  });

  it("takes null from a loader as nothing found", async () => {
    const nothing = pointWith({ loadUser: (id) => (id === "ana" ? account.user(id) : null), loadGroup: () => null });
    expect(await evaluate(nothing, user("eve"), "publish.view", group("own"))).toEqual(no("unknown-subject"));
    expect(await evaluate(nothing, user("ana"), "publish.view", group("own"))).toEqual(no("unknown-resource"));
  });

  it("loads with the request, whose headers say who asks", async () => {
    const asked: unknown[] = [];
    const hearing = pointWith({
      loadUser: (id, request) => void asked.push([id, request.headers.get("x-tenant")]),
      loadGroup: (id, request) => void asked.push([id, request.headers.get("x-tenant")]),
    });
    const body = { subject: user("ana"), action: action("publish.view"), resource: group("own") };
    await post(hearing, "/access/v1/evaluation", body, { "x-tenant": "acme" });
    await post(hearing, "/access/v1/search/subject", body, { "x-tenant": "other" });
    expect(asked).toEqual([
      ["ana", "acme"],
      ["own", "other"],
    ]);
  });
});

describe("nothing of a request is believed but types, ids and names", () => {
  it("connections in the properties of a group change nothing", async () => {
    const properties = { connections: ["fb"], author: "ana" };
    expect(await evaluate(point, user("ana"), "publish.post-now", { ...group("mixed"), properties })).toEqual(
      no("level-too-low"),
    );
    expect(await evaluate(point, user("ana"), "publish.post-now", { ...group("none"), properties })).toEqual(
      no("unknown-resource"),
    );
  });

  it("roles and grants in the properties of a subject change nothing", async () => {
    const properties = { role: "admin", grants: { fb: { publish: "full-access" } } };
    const subject = { ...user("ben"), properties, role: "admin" };
    expect(await evaluate(point, subject, "connections.create", { type: "account", id: "acme" })).toEqual(
      no("role-required"),
    );
  });

  it("members named __proto__ and constructor give nothing", async () => {
    const body = `{
      "__proto__": { "subject": { "type": "user", "id": "cat" } },
      "subject": { "__proto__": { "type": "user", "id": "cat" }, "type": "user", "id": "ana" },
      "action": { "name": "connections.create", "constructor": { "prototype": {} } },
      "resource": { "type": "account", "id": "acme" }
    }`;
    expect((await post(point, "/access/v1/evaluation", body)).body).toEqual(no("role-required"));
    const inherited = `{ "subject": { "__proto__": { "type": "user", "id": "cat" } },
      "action": { "name": "connections.create" }, "resource": { "type": "account", "id": "acme" } }`;
    expect((await post(point, "/access/v1/evaluation", inherited)).status).toBe(400);
    expect(Object.hasOwn(Object.prototype, "subject")).toBe(false);
  });
});

describe("users", () => {
  it("who are limited stay limited, in every answer (law 11)", async () => {
    const key = limit(account.user("ana"), { grants: { publish: "view-only" } });
    const limited = pointWith({ loadUser: (id) => (id === "key-1" ? key : undefined) });
    expect(await evaluate(limited, user("key-1"), "publish.view", group("own"))).toEqual({ decision: true });
    expect(await evaluate(limited, user("key-1"), "publish.post-now", group("own"))).toEqual(no("level-too-low"));
    expect(await evaluate(limited, user("key-1"), "publish.post-now", connection("fb"))).toEqual(no("level-too-low"));
  });

  it.each([
    ["a look-alike of a user", { id: "ana", role: "admin", grants: {}, connections: [] }],
    ["the JSON of a user", JSON.parse(JSON.stringify(account.user("ana")))],
    ["a user of another policy", createUser(buffer, { id: "ana", role: "owner", connections: ["fb"] })],
    ["a yes", true],
  ])("%s is 500, and never a yes", async (_, loaded) => {
    const wrong = pointWith({ loadUser: () => loaded as never });
    expect(await evaluate(wrong, user("ana"), "publish.view", group("own"))).toBe(500);
    expect(failures).toEqual([expect.objectContaining({ code: "invalid-user" })]);
  });
});

describe("a policy with relations and areas of the account", () => {
  const desk = definePolicy({
    name: "desk",
    levels: ["none", "write"],
    areas: { stories: { levels: ["none", "write"] }, billing: { levels: ["none", "write"], of: "account" } },
    roles: { writer: {} },
    relations: ["author"],
    actions: {
      edit: { target: "group", allow: { area: "stories", level: "write", is: "author" } },
      check: { target: "group", allow: { area: "stories", level: "write", isNot: "author" } },
      view: { target: "group", allow: { area: "stories", level: "write" } },
      pay: { target: "none", allow: { area: "billing", level: "write" } },
      sponsor: { target: "connection", allow: { area: "billing", level: "write" } },
    },
  });
  const team = createMatrix(desk, {
    users: [
      { id: "ana", role: "writer", grants: { blog: { stories: "write" } }, account: { billing: "write" } },
      { id: "ben", role: "writer", grants: { blog: { stories: "write" } } },
    ],
  });
  const stored = new Map<string, { connections: string[]; author: string | null }>([
    ["by-ana", { connections: ["blog"], author: "ana" }],
    ["by-nobody", { connections: ["blog"], author: null }],
  ]);
  const deskPoint = createDecisionPoint(desk, {
    account: "paper",
    loadUser: (id) => (team.users().includes(id) ? team.user(id) : undefined),
    loadGroup: (id) => (id === "broken" ? ({ connections: ["blog"] } as never) : stored.get(id)),
    loadAccount: () => team,
    listGroups: () => stored,
    onError: (error) => failures.push(error),
  });
  const paper = { type: "account", id: "paper" };

  it.each([
    ["the author of the stored post", "ana", "edit", group("by-ana"), { decision: true }],
    ["another user", "ben", "edit", group("by-ana"), no("relation-required")],
    [
      "another user, whatever the request says",
      "ben",
      "edit",
      { ...group("by-ana"), properties: { author: "ben" } },
      no("relation-required"),
    ],
    ["the author who may not check their own", "ana", "check", group("by-ana"), no("relation-excluded")],
    ["nobody's post", "ana", "edit", group("by-nobody"), no("relation-required")],
    ["a connection, of which no author is known", "ana", "edit", connection("blog"), no("wrong-resource")],
    ["a connection, of which nobody is excluded either", "ana", "check", connection("blog"), no("wrong-resource")],
    ["a connection, where no relation is asked", "ana", "view", connection("blog"), { decision: true }],
    ["an area of the account", "ana", "pay", paper, { decision: true }],
    ["an area of the account that is not held", "ben", "pay", paper, no("no-access")],
    ["an area of the account, on a known connection", "ana", "sponsor", connection("blog"), { decision: true }],
    ["an area of the account, on a stranger", "ana", "sponsor", connection("alien"), no("unknown-connection")],
  ])("decides about %s", async (_, id, name, resource, answer) => {
    expect(await evaluate(deskPoint, user(id), name, resource)).toEqual(answer);
    expect(failures).toEqual([]);
  });

  it("a stored post that lacks a relation is 500, and never a silent no or yes", async () => {
    expect(await evaluate(deskPoint, user("ana"), "check", group("broken"))).toBe(500);
    expect(failures).toEqual([expect.objectContaining({ code: "wrong-target", path: ["author"] })]);
  });

  it("searches with the relations of the stored posts", async () => {
    const found = async (kind: string, body: object) =>
      (await post(deskPoint, `/access/v1/search/${kind}`, body)).body.results;
    expect(
      await found("subject", { subject: { type: "user" }, action: action("edit"), resource: group("by-ana") }),
    ).toEqual([user("ana")]);
    expect(
      await found("resource", { subject: user("ana"), action: action("edit"), resource: { type: "group" } }),
    ).toEqual([group("by-ana")]);
    expect(await found("action", { subject: user("ana"), resource: group("by-ana") })).toEqual([
      action("edit"),
      action("view"),
    ]);
    expect(await found("action", { subject: user("ana"), resource: connection("blog") })).toEqual([
      action("view"),
      action("sponsor"),
    ]);
    expect(await found("action", { subject: user("ana"), resource: paper })).toEqual([action("pay")]);
    expect(
      await found("resource", { subject: user("ana"), action: action("edit"), resource: { type: "connection" } }),
    ).toEqual([]);
  });
});

describe("whatever fails while loading is 500, never a yes, and onError hears of it", () => {
  const fault = new Error("the database is gone");
  const failing = () => {
    throw fault;
  };
  it.each<[string, Parameters<typeof pointWith>[0]]>([
    ["a user", { loadUser: failing }],
    ["a user, later", { loadUser: async () => failing() }],
    ["a group", { loadGroup: failing }],
    ["a group, later", { loadGroup: () => Promise.reject(fault) }],
  ])("%s", async (_, changed) => {
    const broken = pointWith(changed);
    const body = { subject: user("ana"), action: action("publish.view"), resource: group("own") };
    const answer = await post(broken, "/access/v1/evaluation", body);
    expect([answer.status, answer.body]).toEqual([500, "the decision point failed"]);
    const batch = { ...body, evaluations: [{ resource: connection("fb") }, {}] };
    expect((await post(broken, "/access/v1/evaluations", batch)).status).toBe(500);
    expect(failures).toEqual([fault, fault]);
  });

  it.each([
    ["without connections", {}],
    ["with a hole", { connections: [undefined] }],
    ["that is a text", "fb"],
    ["that is a list", ["fb"]],
  ])("a group %s", async (_, loaded) => {
    const broken = pointWith({ loadGroup: () => loaded as never });
    expect(await evaluate(broken, user("ana"), "publish.view", group("own"))).toBe(500);
    expect(failures).toEqual([expect.objectContaining({ code: "wrong-target" })]);
  });

  it("an error of onError itself rejects, which is no yes either", async () => {
    const broken = pointWith({ loadUser: failing, onError: failing });
    await expect(evaluate(broken, user("ana"), "publish.view", group("own"))).rejects.toBe(fault);
  });
});

it("a post that is changed between two requests is asked anew", async () => {
  const changing = new Map(posts);
  const live = pointWith({ loadGroup: (id) => changing.get(id) });
  expect(await evaluate(live, user("ana"), "publish.post-now", group("own"))).toEqual({ decision: true });
  changing.set("own", { connections: ["fb", "ig"] });
  expect(await evaluate(live, user("ana"), "publish.post-now", group("own"))).toEqual(no("level-too-low"));
});
