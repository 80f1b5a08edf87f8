import { describe, expect, it } from "vitest";
import { createGuard, type GuardAnswer, type GuardOptions } from "../../src/http/index.js";
import { buffer, createUser, definePolicy, type Engage, engage, explain, type User } from "../../src/index.js";
import { expectGate } from "../../src/testing/index.js";
import { refusal } from "../support/refusal.js";

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "full-access" }, ig: { publish: "needs-approval" } },
});
const request = () => new Request("https://x.test/posts/1");
const post = { id: "1", text: "Hello", connections: ["fb"] };

/** A guard that is called in any way. */
type AnyGuard = (...call: readonly unknown[]) => Promise<GuardAnswer<Engage>>;

/** Makes a guard, and keeps what it reports. */
function guardFor(user: unknown, more: Partial<GuardOptions<Engage>> = {}) {
  const errors: unknown[] = [];
  const find = (typeof user === "function" ? user : () => user) as () => User<Engage>;
  const guard = createGuard(engage, { user: find, onError: (error) => errors.push(error), ...more });
  return { guard, errors };
}

describe("a log of decisions", () => {
  it("hears of each yes and each no, and of nothing that was not decided", async () => {
    const heard: unknown[] = [];
    const onDecision: GuardOptions<Engage>["onDecision"] = async ({ allowed, action }, user, { url }) => {
      heard.push([allowed, action, user.id, url]);
    };
    const { guard } = guardFor(ana, { onDecision, tell: "nothing" });
    await guard(request(), "publish.post-now", () => post);
    await guard(request(), "connections.create");
    await guard(request(), "publish.edit", () => undefined);
    await guardFor(undefined, { onDecision }).guard(request(), "publish.create");
    expect(heard).toEqual([
      [true, "publish.post-now", "ana", "https://x.test/posts/1"],
      [false, "connections.create", "ana", "https://x.test/posts/1"],
    ]);
  });

  it("that fails lets no request pass, now or later", async () => {
    for (const onDecision of [
      () => {
        throw new Error("the log is full");
      },
      () => Promise.reject(new Error("the log is full")),
    ]) {
      const { guard, errors } = guardFor(ana, { onDecision });
      const answer = await guard(request(), "publish.post-now", () => post);
      expect([answer.allowed, answer.response?.status]).toEqual([false, 500]);
      expect(errors).toEqual([new Error("the log is full")]);
    }
  });
});

describe("a request passes", () => {
  it("with its user, its target as it was loaded, and the decision", async () => {
    const { guard, errors } = guardFor(ana);
    const answer = await guard(request(), "publish.post-now", async () => post);
    const decision = explain(ana, "publish.post-now", post);
    expect(answer).toEqual({ allowed: true, user: ana, target: post, decision });
    expect(answer.allowed && answer.target.text).toBe("Hello");
    expect(errors).toEqual([]);
  });

  it("on a connection, and on the account as a whole", async () => {
    const { guard } = guardFor(async () => ana);
    expect((await guard(request(), "publish.select", () => "fb")).allowed).toBe(true);
    expect((await guard(request(), "publish.create")).allowed).toBe(true);
  });

  it("for a user of a policy that was defined twice and says the same", async () => {
    const define = () => definePolicy({ ...engage } as never) as unknown as Engage;
    const guard = createGuard(define(), { user: () => createUser(define(), ana), onError: () => {} });
    expect((await guard(request(), "publish.create")).allowed).toBe(true);
  });

  it("exactly if the policy says so, for every question about both policies", async () => {
    let user: unknown;
    const options = { user: () => user as never, onError: () => {} };
    for (const policy of [engage, buffer] as const) {
      const guard = createGuard(policy as Engage, options);
      await expectGate(policy as Engage, async (asker, action, target) => {
        user = asker;
        const loading = target === undefined ? [] : [() => target];
        const answer = await (guard as AnyGuard)(request(), action, ...loading);
        if (!answer.allowed) expect(answer.response.status).toBe(403);
        return answer.allowed;
      });
    }
  });

  it("is asked in order: the user first, and a target only for somebody", async () => {
    const order: string[] = [];
    const asked = (name: string, value: unknown) => async () => {
      order.push(name);
      return value as never;
    };
    await guardFor(asked("user", ana)).guard(request(), "publish.view", asked("target", post));
    await guardFor(asked("nobody", null)).guard(request(), "publish.view", asked("target", post));
    expect(order).toEqual(["user", "target", "nobody"]);
  });

  it("hands the request to both loaders, and the user to that of the target", async () => {
    const given: unknown[] = [];
    const asked = request();
    const { guard } = guardFor((...all: unknown[]) => {
      given.push(...all);
      return ana;
    });
    await guard(asked, "publish.view", (...all) => {
      given.push(...all);
      return post;
    });
    expect(given).toEqual([asked, asked, ana]);
  });
});

describe("a request is stopped", () => {
  it.each([undefined, null])("with 401 and a challenge if there is no user: %s", async (nobody) => {
    const { guard, errors } = guardFor(nobody);
    const { allowed, response, problem } = await guard(request(), "publish.create");
    expect([allowed, response?.status, response?.headers.get("www-authenticate")]).toEqual([false, 401, "Bearer"]);
    expect(problem).toEqual({ type: "about:blank", title: "Unauthorized", status: 401 });
    expect(await response?.json()).toEqual(problem);
    expect(errors).toEqual([]);
    const own = guardFor(nobody, { challenge: 'Session realm="x"' });
    const second = await own.guard(request(), "publish.create");
    expect(second.response?.headers.get("www-authenticate")).toBe('Session realm="x"');
  });

  it.each([undefined, null])("with 404 if there is no target: %s", async (nothing) => {
    const { guard } = guardFor(ana);
    const { response } = await guard(request(), "publish.view", () => nothing);
    expect([response?.status, response?.headers.has("www-authenticate")]).toEqual([404, false]);
  });

  it("with 403 and what the decision needs, if the policy says no", async () => {
    const { guard } = guardFor(ana);
    const { response } = await guard(request(), "publish.post-now", () => ({ connections: ["fb", "ig"] }));
    const decision = explain(ana, "publish.post-now", { connections: ["fb", "ig"] });
    expect(response?.status).toBe(403);
    expect(response?.headers.get("content-type")).toBe("application/problem+json");
    expect(response?.headers.get("cache-control")).toBe("no-store");
    expect(await response?.json()).toMatchObject({ status: 403, decision: JSON.parse(JSON.stringify(decision)) });
  });

  it("with 403 on an empty group, whatever the user holds", async () => {
    const { guard } = guardFor(ana);
    expect((await guard(request(), "publish.view", () => ({ connections: [] }))).response?.status).toBe(403);
  });

  it("is told what the options say, by the user and the request", async () => {
    const asked = request();
    const { guard } = guardFor(ana, {
      describe: ({ action }, user, { url }) => `${user.id} ${action} ${url}`,
      shows: (connection, user, { url }) => Object.hasOwn(user.grants, connection) && url === asked.url,
    });
    const told = await guard(asked, "publish.post-now", () => ({ connections: ["ig"] }));
    expect(told.problem?.detail).toBe("ana publish.post-now https://x.test/posts/1");
    const untold = await guard(asked, "publish.post-now", () => ({ connections: ["ig", "secret"] }));
    expect(await untold.response?.text()).not.toContain("secret");
    const hidden = guardFor(ana, { tell: "not-found" });
    const refused = await hidden.guard(asked, "publish.post-now", () => ({ connections: ["ig"] }));
    const missing = await hidden.guard(asked, "publish.post-now", () => undefined);
    expect(await refused.response?.text()).toBe(await missing.response?.text());
  });

  const lookAlike = { ...ana, toJSON: ana.toJSON };
  const fails = () => Promise.reject(new Error("the database is gone"));
  const throws = () => {
    throw new Error("the database is gone");
  };

  it.each<[string, unknown]>([
    ["an object that looks like a user", lookAlike],
    ["a user as JSON", JSON.parse(JSON.stringify(ana))],
    ["true", () => true],
    ["false", () => false],
    ["an empty text", () => ""],
    ["a user of another policy", createUser(buffer, { id: "ana", role: "owner" })],
    ["a rejection", fails],
    ["an exception", throws],
    ["a rejection with nothing", () => Promise.reject()],
    ["a rejection with a text", () => Promise.reject("route")],
    // biome-ignore lint/suspicious/noThenProperty: an object of the application may have one.
    ["an object whose then throws", () => ({ then: throws })],
  ])("with 500, and never passes, if the user is %s", async (_, user) => {
    const { guard, errors } = guardFor(user);
    let loaded = 0;
    const { allowed, response, problem } = await guard(request(), "publish.view", () => {
      loaded += 1;
      return post;
    });
    expect([allowed, response?.status, loaded]).toEqual([false, 500, 0]);
    expect(await response?.json()).toEqual({ type: "about:blank", title: "Internal Server Error", status: 500 });
    expect(problem).not.toHaveProperty("detail");
    expect(errors).toEqual([expect.any(Error)]);
  });

  it.each<[string, unknown]>([
    ["of another form", () => ["fb"]],
    ["true", () => true],
    ["a post without connections", () => ({ id: "1" })],
    ["a post with a connection that is no id", () => ({ connections: ["fb", 1] })],
    ["a post whose connections are no list", () => ({ connections: new Set(["fb"]) })],
    ["a rejection", fails],
    ["an exception", throws],
    ["a rejection with nothing", () => Promise.reject()],
  ])("with 500, and never passes, if the target is %s", async (_, load) => {
    const { guard, errors } = guardFor(ana);
    const { allowed, response } = await guard(request(), "publish.view", load as never);
    expect([allowed, response?.status]).toEqual([false, 500]);
    expect(errors).toEqual([expect.any(Error)]);
  });

  it.each<[string, readonly unknown[]]>([
    ["an action that the policy does not have", ["publish.edti", () => post]],
    ["an action that every object has", ["constructor", () => post]],
    ["a target in place of its loader", ["publish.view", post]],
    ["no loader", ["publish.view"]],
    ["a loader for an action without a target", ["publish.create", () => post]],
  ])("with 500, and never passes, for %s", async (_, call) => {
    const { guard, errors } = guardFor(ana);
    const answer = await (guard as AnyGuard)(request(), ...call);
    expect([answer.allowed, answer.response?.status]).toEqual([false, 500]);
    expect(errors).toEqual([expect.any(Error)]);
  });

  it("with 500 if its sentence cannot be made", async () => {
    const { guard } = guardFor(ana, { describe: throws });
    expect((await guard(request(), "connections.create")).response?.status).toBe(500);
  });

  it("keeps what was thrown as the cause of the error", async () => {
    const { guard, errors } = guardFor(() => Promise.reject("route"));
    await guard(request(), "publish.create");
    expect(errors).toEqual([new Error('a loader threw "route"', { cause: "route" })]);
  });

  it("is not let through by an application that fails to report", async () => {
    const guard = createGuard(engage, { user: throws, onError: throws });
    await expect(guard(request(), "publish.create")).rejects.toThrow("the database is gone");
  });
});

describe("a guard is refused when it is made", () => {
  const right = { user: () => ana, onError: () => {} };

  it.each<[string, unknown, readonly string[]]>([
    ["without a user at all", {}, ["user"]],
    ["without a user", { onError: () => {} }, ["user"]],
    ["with a user in place of its loader", { ...right, user: ana }, ["user"]],
    ["without a place for errors", { user: () => ana }, ["onError"]],
    ["with a log that is no function", { ...right, onDecision: true }, ["onDecision"]],
    ["with a challenge that is no text", { ...right, challenge: 1 }, ["challenge"]],
    ["with another telling", { ...right, tell: "all" }, ["tell"]],
    ["with what it shows undefined", { ...right, shows: undefined }, ["shows"]],
    ["with an unknown option", { ...right, users: () => ana }, ["users"]],
  ])("%s", (_, options, path) => {
    expect(refusal(() => createGuard(engage, options as never))).toMatchObject({ code: "invalid-guard", path });
  });

  it("under a policy that the library did not make", () => {
    expect(refusal(() => createGuard({ ...engage }, right))).toMatchObject({ code: "invalid-policy" });
  });
});
