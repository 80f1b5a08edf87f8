import { afterAll, describe, expect, it } from "vitest";
import { type Passed, problem } from "../../src/http/index.js";
import { buffer, createUser, type Engage, engage, explain, type PostGroup, type User } from "../../src/index.js";
import type { createGrantsNest as CreateGrantsNest, NestGuardOptions } from "../../src/nestjs/index.js";
import { expectGate } from "../../src/testing/index.js";
import { refusal } from "../support/refusal.js";

/** What is tested, with the modules of one version of NestJS and of the platform below it. */
export interface Nest {
  readonly common: typeof import("@nestjs/common");
  readonly core: typeof import("@nestjs/core");
  readonly createGrantsNest: typeof CreateGrantsNest;
  /** The adapter of another platform than Express. */
  readonly adapter?: (() => unknown) | undefined;
}

type Post = PostGroup & { readonly id: string };

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "full-access" }, ig: { publish: "view-only" } },
});
const posts = new Map<string, PostGroup>([
  ["1", { connections: ["fb"] }],
  ["2", { connections: ["fb", "ig"] }],
]);

/** Describes what decorators and the guard do on real applications. */
export function describeNest({ common, core, createGrantsNest, adapter }: Nest): void {
  const { Controller, Get, Module, Post, Put } = common;
  const { NestFactory, APP_GUARD } = core;
  type Application = Awaited<ReturnType<typeof NestFactory.create>>;
  const applications: Application[] = [];
  afterAll(() => Promise.all(applications.map((app) => app.close())));

  /** Makes an application of controllers. */
  async function applicationOf(controllers: readonly unknown[], guard?: object): Promise<Application> {
    class AppModule {}
    const providers = guard ? [{ provide: APP_GUARD, useFactory: () => guard }] : [];
    Module({ controllers: controllers as never, providers })(AppModule);
    const app = await (adapter
      ? NestFactory.create(AppModule, adapter() as never, { logger: false })
      : NestFactory.create(AppModule, { logger: false }));
    applications.push(app);
    return app;
  }

  async function started(app: Application) {
    await app.listen(0);
    const url = await app.getUrl();
    return async (method: string, path: string, user?: string) => {
      const headers = user === undefined ? {} : { "x-user": user };
      const response = await fetch(url.replace("[::1]", "127.0.0.1") + path, { method, headers });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
  }

  /** Starts an application with a gated controller, and keeps what reaches its handlers. */
  async function server(more: Partial<NestGuardOptions<Engage>> & { readonly post?: (id: string) => unknown } = {}) {
    const { RequireGrant, Open, Granted, guard, assertGuarded } = createGrantsNest(engage);
    const { post = (id: string) => (posts.has(id) ? { id, ...posts.get(id) } : undefined), ...options } = more;
    const reached: unknown[] = [];

    @Controller("posts")
    class PostsController {
      @Get(":id")
      @RequireGrant("publish.view", "post")
      view(@Granted() passed: Passed<Engage, Post>) {
        reached.push(passed.decision);
        return { by: passed.user.id, post: passed.target.id };
      }

      @Post(":id")
      @RequireGrant("publish.post-now", "post")
      publish(@Granted() passed: Passed<Engage, Post>) {
        reached.push(passed.decision);
        return { by: passed.user.id, post: passed.target.id };
      }

      @Put("connections")
      @RequireGrant("connections.create")
      connect() {
        reached.push("connect");
      }

      @Get("health/open")
      @Open()
      health(@Granted() passed: unknown) {
        return { passed };
      }
    }

    @Controller("forgotten")
    class ForgottenController {
      @Get()
      forgotten() {
        reached.push("forgotten");
      }
    }

    @Controller("whole")
    @RequireGrant("publish.create")
    class WholeController {
      @Get()
      whole() {
        return "whole";
      }

      @Get("open")
      @Open()
      open() {
        return "open";
      }
    }

    const given = guard({
      user: async ({ headers }) => (headers["x-user"] === "ana" ? ana : undefined),
      targets: { post: async ({ params }) => post(params.id as string) as Post },
      ...options,
    });
    const app = await applicationOf([PostsController, ForgottenController, WholeController], given);
    return { app, assertGuarded, reached, send: await started(app) };
  }

  it("a request passes with a yes, and its handler has the user, the target and the decision", async () => {
    const { send, reached } = await server();
    const { status, text } = await send("POST", "/posts/1", "ana");
    expect([status, JSON.parse(text)]).toEqual([201, { by: "ana", post: "1" }]);
    expect(reached).toEqual([explain(ana, "publish.post-now", { connections: ["fb"] })]);
    expect((await send("GET", "/posts/2", "ana")).status).toBe(200);
  });

  it("nobody is 401, a refusal 403 with its problem, what does not exist 404, and no handler is reached", async () => {
    const { send, reached } = await server();
    const nobody = await send("POST", "/posts/1");
    expect([nobody.status, nobody.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    const refused = await send("POST", "/posts/2", "ana");
    const decision = explain(ana, "publish.post-now", { connections: ["fb", "ig"] });
    // NestJS sends every exception as JSON.
    expect(refused.headers.get("content-type")).toMatch(/^application\/json\b/);
    expect([refused.status, JSON.parse(refused.text)]).toEqual([403, JSON.parse(JSON.stringify(problem(decision)))]);
    expect(refused.headers.get("cache-control")).toBe("no-store");
    expect((await send("POST", "/posts/9", "ana")).status).toBe(404);
    expect((await send("PUT", "/posts/connections", "ana")).status).toBe(403);
    expect(reached).toEqual([]);
  });

  const rejects = (reason?: unknown) => () => Promise.reject(reason);

  it.each<[string, () => unknown]>([
    ["a rejection", rejects(new Error("the database is gone"))],
    ["a rejection with nothing", rejects()],
    ["an object that looks like a user", () => ({ ...ana })],
    ["a user of another policy", () => createUser(buffer, { id: "ana", role: "owner" })],
    ["true", () => true],
  ])("500 and no handler, if the user is %s", async (_, user) => {
    const { send, reached } = await server({ user: user as never });
    expect((await send("GET", "/posts/1", "ana")).status).toBe(500);
    expect((await send("PUT", "/posts/connections", "ana")).status).toBe(500);
    expect(reached).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ["a rejection", rejects(new Error("the database is gone"))],
    ["a list of ids", () => ["fb"]],
    ["true", () => true],
  ])("500 and no handler, if the target is %s", async (_, post) => {
    const { send, reached } = await server({ post });
    expect((await send("GET", "/posts/1", "ana")).status).toBe(500);
    expect(reached).toEqual([]);
  });

  it("a handler that nobody decorated lets nobody pass, and is found by name", async () => {
    const { send, reached, app, assertGuarded } = await server();
    expect((await send("GET", "/forgotten", "ana")).status).toBe(500);
    expect(reached).toEqual([]);
    expect(refusal(() => assertGuarded(app))).toEqual({
      code: "invalid-guard",
      message: 'no gate before the handler of "ForgottenController.forgotten"; expected a gate, or open',
    });
    expect(assertGuarded(app, { except: ["ForgottenController.forgotten"] })).toBe(undefined);
  });

  it("an open handler is open, and has no decision to ask for", async () => {
    const { send } = await server();
    expect((await send("GET", "/whole/open")).text).toBe("open");
    expect((await send("GET", "/posts/health/open", "ana")).status).toBe(500);
  });

  it("what a controller requires goes for each of its handlers that says nothing else", async () => {
    const { send } = await server();
    expect((await send("GET", "/whole")).status).toBe(401);
    expect((await send("GET", "/whole", "ana")).text).toBe("whole");
  });

  it("HEAD is gated as GET is, and OPTIONS reaches no handler", async () => {
    const { send, reached } = await server();
    expect((await send("HEAD", "/posts/1")).status).not.toBe(200);
    await send("OPTIONS", "/posts/1");
    expect(reached).toEqual([]);
  });

  it("the route says what the policy says, for every question", async () => {
    let asked: { readonly user: User<Engage>; readonly post: PostGroup } | undefined;
    const { send } = await server({
      user: () => asked?.user as never,
      post: (id: string) => asked && { id, ...asked.post },
    });
    await expectGate(
      engage,
      async (user, _, post) => {
        asked = { user, post };
        return (await send("POST", "/posts/1", user.id)).status === 201;
      },
      ["publish.post-now"],
    );
  });

  describe("is refused at the start", () => {
    const { RequireGrant, Open, guard, assertGuarded } = createGrantsNest(engage);
    const options = { user: () => ana };

    it("an action that the policy lacks, or a target that is missing or superfluous", () => {
      expect(refusal(() => RequireGrant("publish.edti" as never)).code).toBe("unknown-action");
      expect(refusal(() => (RequireGrant as (action: string) => unknown)("publish.edit")).code).toBe("invalid-guard");
      expect(refusal(() => (RequireGrant as (...all: string[]) => unknown)("publish.create", "post")).code).toBe(
        "invalid-guard",
      );
    });

    it("a second decorator, of which only one would count", () => {
      const define = () => {
        class Twice {
          @Get()
          @Open()
          @RequireGrant("publish.create")
          twice() {}
        }
        return Twice;
      };
      expect(refusal(define)).toMatchObject({ code: "invalid-guard" });
    });

    it("a guard that cannot load a target that a handler names", () => {
      const own = createGrantsNest(engage);
      own.RequireGrant("publish.edit", "post");
      expect(refusal(() => own.guard(options))).toMatchObject({ code: "invalid-guard", path: ["targets"] });
      expect(refusal(() => own.guard({ ...options, targets: { posts: () => "fb" } })).code).toBe("invalid-guard");
      expect(own.guard({ ...options, targets: { post: () => undefined } })).toBeDefined();
      expect(refusal(() => guard({ ...options, targets: { post: {} } } as never)).code).toBe("invalid-guard");
      expect(refusal(() => guard({} as never)).code).toBe("invalid-guard");
    });

    it("an application without the guard", async () => {
      const app = await applicationOf([]);
      expect(refusal(() => assertGuarded(app)).code).toBe("invalid-guard");
      app.useGlobalGuards(createGrantsNest(engage).guard(options));
      expect(refusal(() => assertGuarded(app)).code).toBe("invalid-guard");
      app.useGlobalGuards(guard(options));
      expect(assertGuarded(app)).toBe(undefined);
      expect(refusal(() => assertGuarded({} as never)).code).toBe("invalid-guard");
    });

    it("a handler that a controller inherits, but none that it replaces", async () => {
      class Base {
        @Get("inherited")
        inherited() {}

        @Get("replaced")
        replaced() {}
      }

      @Controller("child")
      class Child extends Base {
        override replaced() {}
      }
      const app = await applicationOf([Child], guard(options));
      await app.init();
      expect(refusal(() => assertGuarded(app)).message).toContain('"Child.inherited";');
    });
  });

  it("a message that is not of HTTP is refused, except where it is open", async () => {
    const { RequireGrant, Open, guard } = createGrantsNest(engage);
    class Messages {
      @RequireGrant("publish.create")
      gated() {}

      @Open()
      open() {}
    }
    const asked = (handler: () => void) =>
      guard({ user: () => ana }).canActivate({
        getHandler: () => handler,
        getClass: () => Messages,
        getType: () => "rpc",
      } as never);
    await expect(asked(Messages.prototype.gated)).rejects.toThrow('"Messages.gated" is not for HTTP');
    expect(await asked(Messages.prototype.open)).toBe(true);
  });
}
