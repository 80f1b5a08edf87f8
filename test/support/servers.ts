import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { createGrantsExpress } from "../../src/express/index.js";
import { createGrantsFastify } from "../../src/fastify/index.js";
import { createGrantsHono } from "../../src/hono/index.js";
import type { GuardOptions } from "../../src/http/index.js";
import { type Engage, engage, type PostGroup, type User } from "../../src/index.js";

/** What the routes of a server do, whatever framework it is made with. */
export interface Behaviour {
  /** Finds the user by the header `x-user`. */
  readonly user: (id: string | undefined) => unknown;
  /** Finds the post by the parameter of its route. */
  readonly post: (id: string, user: User<Engage>) => unknown;
  /** Hears of each handler that a request reaches. */
  readonly reached: (what: unknown) => void;
  readonly options?: Partial<Pick<GuardOptions<Engage>, "tell" | "challenge">>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A server in this process, with the routes `GET /posts/:id`, `POST /posts/:id`, `POST /connections` and `GET /other`. */
export interface TestServer {
  send(method: string, path: string, user?: string): Promise<Answer>;
  close(): Promise<unknown>;
}

type Posts = PostGroup & { readonly id: string };

/** Each framework that there is an adapter for, and how the same server is made with it. */
export const frameworks: Readonly<Record<string, (behaviour: Behaviour) => Promise<TestServer>>> = {
  async Express({ user, post, reached, options }) {
    const { gate } = createGrantsExpress(engage, {
      user: (request) => user(request.get("x-user")) as never,
      ...options,
    });
    const load = (request: express.Request, asker: User<Engage>) => post(String(request.params.id), asker) as Posts;
    const [view, publish, connect] = [
      gate("publish.view", load),
      gate("publish.post-now", load),
      gate("connections.create"),
    ];
    const app = express();
    for (const [path, mine] of [
      ["get", view],
      ["post", publish],
    ] as const) {
      app[path]("/posts/:id", mine, (request, response) => {
        const { target, decision, user } = mine.granted(request);
        reached({ post: target.id, decision });
        response.json({ by: user.id });
      });
    }
    app.post("/connections", connect, (request, response) => {
      reached(connect.granted(request).decision);
      response.end();
    });
    app.get("/other", (request, response) => void response.json(view.granted(request)));
    const server = app.listen(0);
    const { port } = server.address() as AddressInfo;
    return {
      send: (method, path, id) =>
        answered(fetch(`http://127.0.0.1:${port}${path}`, { method, headers: headersFor(id) })),
      close: () => new Promise((resolve) => server.close(resolve)),
    };
  },

  async Fastify({ user, post, reached, options }) {
    const { gate, assertGuarded } = createGrantsFastify(engage, {
      user: ({ headers }) => user(headers["x-user"] as string | undefined) as never,
      ...options,
    });
    const load = ({ params }: { readonly params: unknown }, asker: User<Engage>) =>
      post((params as { readonly id: string }).id, asker) as Posts;
    const [view, publish, connect] = [
      gate("publish.view", load),
      gate("publish.post-now", load),
      gate("connections.create"),
    ];
    const app = fastify();
    assertGuarded(app, { except: ["GET /other", "HEAD /other"] });
    for (const [method, mine] of [
      ["GET", view],
      ["POST", publish],
    ] as const) {
      app.route({
        method,
        url: "/posts/:id",
        onRequest: mine,
        handler: (request) => {
          const { target, decision, user } = mine.granted(request);
          reached({ post: target.id, decision });
          return { by: user.id };
        },
      });
    }
    app.post("/connections", { preHandler: [connect] }, (request) => {
      reached(connect.granted(request).decision);
      return {};
    });
    app.get("/other", (request) => view.granted(request));
    return {
      async send(method, url, id) {
        const response = await app.inject({ method: method as "GET", url, headers: headersFor(id) });
        return { status: response.statusCode, headers: new Headers(response.headers as never), text: response.body };
      },
      close: () => app.close(),
    };
  },

  async Hono({ user, post, reached, options }) {
    const { gate } = createGrantsHono(engage, {
      user: (context) => user(context.req.header("x-user")) as never,
      ...options,
    });
    const load = (context: { readonly req: { param(name: string): unknown } }, asker: User<Engage>) =>
      post(String(context.req.param("id")), asker) as Posts;
    const [view, publish, connect] = [
      gate("publish.view", load),
      gate("publish.post-now", load),
      gate("connections.create"),
    ];
    const app = new Hono();
    for (const [method, mine] of [
      ["get", view],
      ["post", publish],
    ] as const) {
      app[method]("/posts/:id", mine, (context) => {
        const { target, decision, user } = mine.granted(context);
        reached({ post: target.id, decision });
        return context.json({ by: user.id });
      });
    }
    app.post("/connections", connect, (context) => {
      reached(connect.granted(context).decision);
      return context.body(null);
    });
    app.get("/other", (context) => context.json(view.granted(context)));
    app.onError((_, context) => context.text("failed", 500));
    return {
      send: (method, path, id) => answered(app.request(path, { method, headers: headersFor(id) })),
      close: async () => {},
    };
  },
};

function headersFor(user: string | undefined): Record<string, string> {
  return user === undefined ? {} : { "x-user": user };
}

async function answered(response: Response | Promise<Response>): Promise<Answer> {
  const given = await response;
  return { status: given.status, headers: given.headers, text: await given.text() };
}
