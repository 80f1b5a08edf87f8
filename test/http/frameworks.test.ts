import { afterAll, describe, expect, it } from "vitest";
import { problem } from "../../src/http/index.js";
import { buffer, createUser, type Engage, engage, explain, type PostGroup, type User } from "../../src/index.js";
import { expectGate } from "../../src/testing/index.js";
import { type Behaviour, frameworks, type TestServer } from "../support/servers.js";

// Every adapter on its real framework: the same requests, the same answers.

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "full-access" }, ig: { publish: "view-only" } },
});
const posts = new Map<string, PostGroup>([
  ["1", { connections: ["fb"] }],
  ["2", { connections: ["fb", "ig"] }],
]);

describe.each(Object.entries(frameworks))("in %s", (_, start) => {
  const servers: TestServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  /** Starts a server for Ana, and keeps what reaches its handlers. */
  async function serverWith(behaviour: Partial<Behaviour> = {}) {
    const reached: unknown[] = [];
    const server = await start({
      user: async (id) => (id === "ana" ? ana : undefined),
      post: async (id) => {
        const post = posts.get(id);
        return post && { id, ...post };
      },
      reached: (what) => reached.push(what),
      ...behaviour,
    });
    servers.push(server);
    return { send: server.send, reached };
  }

  it("a request passes with a yes, and its handler has the user, the target and the decision", async () => {
    const { send, reached } = await serverWith();
    const { status, text } = await send("POST", "/posts/1", "ana");
    expect([status, JSON.parse(text)]).toEqual([200, { by: "ana" }]);
    expect(reached).toEqual([{ post: "1", decision: explain(ana, "publish.post-now", { connections: ["fb"] }) }]);
    expect((await send("GET", "/posts/2", "ana")).status).toBe(200);
  });

  it("a refusal is 403 with the problem of the decision, and reaches no handler", async () => {
    const { send, reached } = await serverWith();
    const { status, headers, text } = await send("POST", "/posts/2", "ana");
    const decision = explain(ana, "publish.post-now", { connections: ["fb", "ig"] });
    expect([status, JSON.parse(text)]).toEqual([403, JSON.parse(JSON.stringify(problem(decision)))]);
    expect(headers.get("content-type")).toMatch(/^application\/problem\+json\b/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect((await send("POST", "/connections", "ana")).status).toBe(403);
    expect(reached).toEqual([]);
  });

  it("nobody is 401 with the challenge, also for what does not exist", async () => {
    const { send, reached } = await serverWith({ options: { challenge: "Session" } });
    for (const user of [undefined, "eve"]) {
      const { status, headers } = await send("POST", "/posts/9", user);
      expect([status, headers.get("www-authenticate")]).toEqual([401, "Session"]);
    }
    expect(reached).toEqual([]);
  });

  it("what does not exist is 404, and so is a refusal that is told so", async () => {
    const { send, reached } = await serverWith({ options: { tell: "not-found" } });
    const missing = await send("POST", "/posts/9", "ana");
    const refused = await send("POST", "/posts/2", "ana");
    expect([missing.status, refused.status, refused.text]).toEqual([404, 404, missing.text]);
    expect(reached).toEqual([]);
  });

  const rejects = (reason?: unknown) => () => Promise.reject(reason);
  const throws = () => {
    throw new Error("the database is gone");
  };

  it.each<[string, () => unknown]>([
    ["a rejection", rejects(new Error("the database is gone"))],
    ["an exception", throws],
    // Express takes these for "go on".
    ["a rejection with nothing", rejects()],
    ["a rejection with null", rejects(null)],
    ['a rejection with "route"', rejects("route")],
    ['a rejection with "router"', rejects("router")],
    ["an object that looks like a user", () => ({ ...ana })],
    ["a user of another policy", () => createUser(buffer, { id: "ana", role: "owner" })],
    ["true", () => true],
  ])("500 and no handler, if the user is %s", async (_, user) => {
    const { send, reached } = await serverWith({ user });
    for (const [method, path] of [
      ["GET", "/posts/1"],
      ["POST", "/posts/1"],
      ["POST", "/connections"],
    ] as const) {
      const { status, text } = await send(method, path, "ana");
      expect([status, text.includes('"by"')]).toEqual([500, false]);
    }
    expect(reached).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ["a rejection", rejects(new Error("the database is gone"))],
    ["an exception", throws],
    ["a rejection with nothing", rejects()],
    ['a rejection with "route"', rejects("route")],
    ["a list of ids", () => ["fb"]],
    ["a post without connections", () => ({ id: "1" })],
    ["true", () => true],
  ])("500 and no handler, if the target is %s", async (_, post) => {
    const { send, reached } = await serverWith({ post });
    expect((await send("GET", "/posts/1", "ana")).status).toBe(500);
    expect(reached).toEqual([]);
  });

  it("HEAD is gated as GET is", async () => {
    const { send, reached } = await serverWith();
    expect((await send("HEAD", "/posts/1")).status).toBe(401);
    expect(reached).toEqual([]);
    const { status, text } = await send("HEAD", "/posts/1", "ana");
    expect([status, text, reached.length]).toEqual([200, "", 1]);
  });

  it("OPTIONS reaches no handler", async () => {
    const { send, reached } = await serverWith();
    await send("OPTIONS", "/posts/1");
    await send("OPTIONS", "/posts/1", "ana");
    expect(reached).toEqual([]);
  });

  it("a handler that no gate stands before has no decision to ask for", async () => {
    const { send } = await serverWith();
    await send("GET", "/posts/1", "ana");
    const { status, text } = await send("GET", "/other", "ana");
    expect([status, text.includes('"allowed"')]).toEqual([500, false]);
  });

  it("a handler that fails is run once", async () => {
    let runs = 0;
    const { send } = await serverWith({
      reached: () => {
        runs += 1;
        throw new Error("the handler is broken");
      },
    });
    expect((await send("POST", "/posts/1", "ana")).status).toBe(500);
    expect(runs).toBe(1);
  });

  it("two requests at once do not meet", async () => {
    const ben = createUser(engage, { id: "ben", role: "viewer" });
    const { send, reached } = await serverWith({
      user: async (id) => (id === "ana" ? ana : ben),
      post: async (id, { id: asker }: User<Engage>) => {
        if (asker === "ana") await new Promise((resolve) => setTimeout(resolve, 5));
        return { id, ...posts.get(id) };
      },
    });
    const statuses = await Promise.all(["ana", "ben", "ana", "ben"].map((id) => send("POST", "/posts/1", id)));
    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 200, 403]);
    expect(reached).toHaveLength(2);
  });

  it("the route says what the policy says, for every question", async () => {
    let asked: { readonly user: User<Engage>; readonly post: PostGroup } | undefined;
    const { send } = await serverWith({ user: () => asked?.user, post: (id) => asked && { id, ...asked.post } });
    await expectGate(
      engage,
      async (user, _, post) => {
        asked = { user, post };
        return (await send("POST", "/posts/1", user.id)).status === 200;
      },
      ["publish.post-now"],
    );
  });
});
