import { describe, expect, it } from "vitest";
import { createDecisionPoint } from "../../src/authzen/index.js";
import { createMatrix, definePolicy } from "../../src/index.js";
import { action, post, user } from "../support/decision-point.js";

// What the certification scenario of AuthZEN 1.0 asks at its Core levels, as cases of our own: two users, two records, of
// which each is a connection, and the two actions that need no properties. Then the requests that the specification shows.

const records = definePolicy({
  name: "records",
  levels: ["none", "read", "write"],
  areas: { records: { levels: ["none", "read", "write"] } },
  roles: { user: {} },
  actions: {
    read: { target: "connection", allow: { area: "records", level: "read" } },
    write: { target: "connection", allow: { area: "records", level: "write" } },
    delete: { target: "connection", allow: { area: "records", level: "write" } },
  },
});
const held = createMatrix(records, {
  users: [
    { id: "alice", role: "user", grants: { "record-1": { records: "write" }, "record-2": { records: "read" } } },
    { id: "bob", role: "user", grants: { "record-1": { records: "read" } } },
  ],
});
const failures: unknown[] = [];
const point = createDecisionPoint(records, {
  account: "certification",
  types: { connection: "record" },
  loadUser: (id) => (held.users().includes(id) ? held.user(id) : undefined),
  loadAccount: () => held,
  onError: (error) => failures.push(error),
});
const record = (id: string) => ({ type: "record", id });
const ask = (path: string, body: unknown, headers?: Record<string, string>) =>
  post(point, `/access/v1/${path}`, body, headers);
const alice = { subject: user("alice"), action: action("read"), resource: record("record-1") };
const context = { time: "2026-01-11T10:00:00Z", ip: "192.0.2.1" };

describe("Basic, Core", () => {
  it.each([
    ["alice", "read", true],
    ["alice", "write", true],
    ["bob", "read", true],
    ["bob", "write", false],
  ])("%s, %s, record-1: %s, and the same each time", async (id, name, decision) => {
    for (const further of [{}, { context }, { context: {} }, { later: { nested: [1] } }]) {
      const body = { subject: user(id), action: action(name), resource: record("record-1"), ...further };
      const answer = await ask("evaluation", body);
      expect([answer.status, answer.body.decision]).toEqual([200, decision]);
      expect(typeof (answer.body.context ?? {})).toBe("object");
    }
  });

  it("properties that the policy does not know are no error and change nothing", async () => {
    const body = {
      subject: { ...user("alice"), properties: { department: "Sales", role: "manager" } },
      action: { ...action("read"), properties: { method: "GET" } },
      resource: { ...record("record-1"), properties: { status: "active", owner: "bob" } },
    };
    expect((await ask("evaluation", body)).body).toEqual({ decision: true });
  });

  it("each missing member or part is 400", async () => {
    const { subject, action: read, resource } = alice;
    for (const body of [
      ...[
        { action: read, resource },
        { subject, resource },
        { subject, action: read },
      ],
      ...[
        { ...alice, subject: { id: "alice" } },
        { ...alice, subject: { type: "user" } },
        { ...alice, action: {} },
      ],
      ...[
        { ...alice, resource: { id: "record-1" } },
        { ...alice, resource: { type: "record" } },
      ],
      ...[{ ...alice, subject: "alice" }, { ...alice, action: { name: 123 } }, "", "{", "[]"],
    ]) {
      expect((await ask("evaluation", body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await ask("evaluation", alice, { "content-type": "text/plain" })).status).toBe(400);
  });

  it("the identifier of a request comes back", async () => {
    expect((await ask("evaluation", alice, { "x-request-id": "abc-123" })).headers.get("x-request-id")).toBe("abc-123");
  });
});

describe("Batch, Core", () => {
  const decisions = async (body: object) => {
    const answer = await ask("evaluations", body);
    return [answer.status, answer.body.evaluations?.map(({ decision }: { decision: boolean }) => decision)];
  };
  it("there are as many answers as questions, in their order", async () => {
    const both = [{ action: action("read") }, { action: action("write") }];
    expect(await decisions({ subject: user("bob"), resource: record("record-1"), evaluations: both })).toEqual([
      200,
      [true, false],
    ]);
    const one = { subject: user("alice"), action: action("read"), context };
    const two = [{ resource: record("record-1") }, { resource: record("record-2"), context: { source: "item" } }];
    expect(await decisions({ ...one, evaluations: two })).toEqual([200, [true, true]]);
    const full = [alice, { ...alice, subject: user("bob"), action: action("write") }];
    expect(await decisions({ evaluations: full })).toEqual([200, [true, false]]);
  });

  it("one that is not whole is a no beside the others", async () => {
    const { resource, ...rest } = alice;
    const options = { evaluations_semantic: "execute_all" };
    expect(await decisions({ ...rest, options, evaluations: [{ resource }, {}] })).toEqual([200, [true, false]]);
  });

  it("without evaluations it is a single evaluation", async () => {
    for (const body of [alice, { ...alice, evaluations: [] }]) {
      expect((await ask("evaluations", body)).body).toEqual({ decision: true });
    }
  });
});

describe("Search, Core", () => {
  const found = async (kind: string, body: object) => {
    const answer = await ask(`search/${kind}`, body);
    return answer.status === 200 ? answer.body.results : answer.status;
  };
  const both = [user("alice"), user("bob")];

  it.each<[string, object]>([
    ["as it is", {}],
    ["with a context", { context }],
  ])("finds subjects, resources and actions %s", async (_, further) => {
    expect(await found("subject", { ...alice, subject: { type: "user" }, ...further })).toEqual(both);
    expect(await found("resource", { ...alice, resource: { type: "record" }, ...further })).toEqual([
      record("record-1"),
      record("record-2"),
    ]);
    const { action: _action, ...rest } = alice;
    expect(await found("action", { ...rest, ...further })).toEqual(["read", "write", "delete"].map(action));
  });

  it("ignores the id of what is searched for", async () => {
    expect(await found("subject", alice)).toEqual(both);
    expect(await found("resource", alice)).toEqual([record("record-1"), record("record-2")]);
  });

  it("takes a page and its token", async () => {
    const body = { ...alice, subject: { type: "user" } };
    const first = await ask("search/subject", { ...body, page: { limit: 1 } });
    expect(first.body.results).toEqual([user("alice")]);
    const next = await ask("search/subject", { ...body, page: { token: first.body.page.next_token } });
    expect(next.body).toEqual({ page: { next_token: "", count: 1, total: 2 }, results: [user("bob")] });
  });

  it("finds nothing for what it does not know, and that is no error", async () => {
    for (const [kind, changed] of [
      ["action", { subject: user("nonexistent") }],
      ["action", { resource: { type: "spaceship", id: "record-1" } }],
      ["resource", { subject: user("nonexistent") }],
      ["resource", { resource: { type: "spaceship" } }],
      ["resource", { action: action("fly") }],
      ["subject", { subject: { type: "spaceship" } }],
      ["subject", { resource: record("nonexistent") }],
      ["subject", { action: action("fly") }],
    ] as const) {
      expect(await found(kind, { ...alice, ...changed }), JSON.stringify([kind, changed])).toEqual([]);
    }
  });

  it("is 400 without a member that it needs", async () => {
    const { subject, action: read, resource } = alice;
    expect(await found("subject", { subject, resource })).toBe(400);
    expect(await found("resource", { action: read, resource })).toBe(400);
    expect(await found("action", { subject })).toBe(400);
  });
});

it("Discovery: the configuration names the endpoints that answer", async () => {
  const response = await point(new Request("https://pdp.test/.well-known/authzen-configuration"));
  const { policy_decision_point, ...endpoints } = await response.json();
  expect(policy_decision_point).toBe("https://pdp.test");
  expect(Object.keys(endpoints)).toHaveLength(5);
  for (const url of Object.values<string>(endpoints)) {
    expect((await post(point, new URL(url).pathname, alice)).status).toBe(200);
  }
});

describe("the questions that the specification shows", () => {
  // Documents, as a policy of this library has them: a document is a connection, and its readers hold it.
  const library = definePolicy({
    name: "documents",
    levels: ["none", "viewer", "editor"],
    areas: { documents: { levels: ["none", "viewer", "editor"] } },
    roles: { user: {} },
    actions: {
      can_read: { target: "connection", allow: { area: "documents", level: "viewer" } },
      can_edit: { target: "connection", allow: { area: "documents", level: "editor" } },
    },
  });
  const readers = createMatrix(library, {
    users: [
      {
        id: "alice@example.com",
        role: "user",
        grants: { "1": { documents: "editor" }, "3": { documents: "viewer" }, "4": { documents: "viewer" } },
      },
    ],
    connections: ["1", "2", "3", "4"],
  });
  const documents = createDecisionPoint(library, {
    account: "acme",
    types: { connection: "document" },
    loadUser: (id) => (readers.users().includes(id) ? readers.user(id) : undefined),
    onError: (error) => failures.push(error),
  });
  const document = (id: string) => ({ resource: { type: "document", id } });
  const defaults = {
    subject: user("alice@example.com"),
    action: action("can_read"),
    context: { time: "2024-05-31T15:22-07:00" },
  };
  const evaluations = async (body: object) =>
    (await post(documents, "/access/v1/evaluations", { ...defaults, ...body })).body;

  it("three documents under each semantics", async () => {
    const three = [document("1"), document("2"), document("3")];
    const under = async (evaluations_semantic: string) =>
      (
        await evaluations({ options: { evaluations_semantic, another_option: "value" }, evaluations: three })
      ).evaluations.map(({ decision }: { decision: boolean }) => decision);
    expect(await under("execute_all")).toEqual([true, false, true]);
    expect(await under("deny_on_first_deny")).toEqual([true, false]);
    expect(await under("permit_on_first_permit")).toEqual([true]);
  });

  it("a default that one of them overrides", async () => {
    const three = [document("1"), document("3"), { ...document("4"), action: action("can_edit") }];
    const answer = await evaluations({ evaluations: three });
    expect(Object.keys(answer)).toEqual(["evaluations"]);
    expect(answer.evaluations).toEqual([
      { decision: true },
      { decision: true },
      { decision: false, context: expect.objectContaining({ reason: "level-too-low" }) },
    ]);
  });
});

it("nothing of all this failed", () => {
  expect(failures).toEqual([]);
});
