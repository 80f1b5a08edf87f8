import type { AddressInfo } from "node:net";
import express from "express";
import { describe, expect, it } from "vitest";
import { createGrantsExpress } from "../../src/express/index.js";
import { createUser, engage } from "../../src/index.js";
import { refusal } from "../support/refusal.js";

const { gate, open, assertGuarded } = createGrantsExpress(engage, {
  user: () => createUser(engage, { id: "ana", role: "admin" }),
});
const connect = gate("connections.create");
const answer: express.RequestHandler = (_request, response) => void response.end();
const parser: express.RequestHandler = (_request, _response, next) => next();
const failed: express.ErrorRequestHandler = (_error, _request, _response, next) => next();

/** What is reported of an application. */
const reported = (build: (app: express.Express) => unknown) => {
  const app = express();
  build(app);
  try {
    return assertGuarded(app);
  } catch (error) {
    return String((error as Error).message).replace(/^no gate before the handler of | *; expected.*$/g, "");
  }
};

describe("an Express application is guarded", () => {
  it.each<[string, (app: express.Express) => unknown]>([
    ["without routes", () => {}],
    ["with a gate in each route", (app) => app.get("/a", connect, answer).post("/a", parser, connect, answer)],
    ["with a route that says that it is open", (app) => app.get("/health", open, answer)],
    ["with middleware and error handlers of its own", (app) => app.use(parser).use(failed)],
    ["with gates in a list", (app) => app.get("/a", [parser, connect], answer)],
    ["with one gate for all methods of a route", (app) => app.route("/a").all(connect).get(answer).post(answer)],
    [
      "with a gate before all routes",
      (app) => app.use(connect).get("/a", answer).use(express.Router().get("/", answer)),
    ],
    ["with a gate in a router", (app) => app.use("/r", express.Router().use(connect).get("/a", answer))],
    ["with a gate before a router", (app) => app.use("/r", connect, express.Router().get("/a", answer))],
    ["with a gate for a path", (app) => app.use("/r", connect).get("/r/a", answer).get("/r", answer)],
    ["with a mounted application behind a gate", (app) => app.use("/r", connect, express().get("/a", answer))],
    ["as a router", () => assertGuarded(express.Router().get("/a", connect, answer))],
  ])("%s", (_, build) => {
    expect(reported(build)).toBe(undefined);
  });

  it.each<[string, (app: express.Express) => unknown, string]>([
    ["a route", (app) => app.get("/a", answer), '"GET /a"'],
    ["one method of a route", (app) => app.route("/a").get(connect, answer).put(answer), '"PUT /a"'],
    ["a route for all methods", (app) => app.all("/a", parser, answer), '"ALL /a"'],
    ["a handler for all methods of a route", (app) => app.route("/a").all(parser, answer), '"ALL /a"'],
    ["one beside others", (app) => app.route("/a").get(connect, answer).all(answer), '"ALL /a"'],
    ["a route whose gate comes too late", (app) => app.get("/a", answer, connect, answer), '"GET /a"'],
    ["a route whose gate comes last", (app) => app.get("/a", parser, connect), '"GET /a"'],
    ["a route before the gate of all", (app) => app.get("/a", answer).use(connect).get("/b", answer), '"GET /a"'],
    [
      "a method before the gate of all methods",
      (app) => app.route("/a").get(answer).all(connect).put(answer),
      '"GET /a"',
    ],
    [
      "a route in a router",
      (app) => app.use("/r", express.Router().get("/a", connect, answer).put("/a", answer)),
      '"PUT /r/a"',
    ],
    [
      "a router in a router",
      (app) => app.use("/r", express.Router().use("/s", express.Router().get("/a", answer))),
      '"GET /r/s/a"',
    ],
    ["a router without a path", (app) => app.use(express.Router().get("/a", answer)), '"GET /a"'],
    ["a route beside the path of a gate", (app) => app.use("/r", connect).get("/rest", answer), '"GET /rest"'],
    ["a route of a pattern", (app) => app.use("/r", connect).get(/^\/r/, answer), '"GET /^\\\\/r/"'],
    ["a route behind a gate of a pattern", (app) => app.use(/^\/r/, connect).get("/r", answer), '"GET /r"'],
    ["a handler for all paths", (app) => app.use(answer), '"use /"'],
    ["a handler for a path", (app) => app.use("/a", answer), '"use /a"'],
    ["a mounted application", (app) => app.use("/a", express().get("/b", connect, answer)), '"use /a"'],
    ["two routes", (app) => app.get("/a", answer).get("/b", answer).get("/b", answer), '"GET /a" and "GET /b"'],
  ])("except %s", (_, build, routes) => {
    expect(reported(build)).toBe(routes);
  });
});

it("routes of others are left out by their names", () => {
  const app = express().get("/metrics", answer).get("/a", answer);
  expect(refusal(() => assertGuarded(app, { except: ["GET /metrics"] }))).toMatchObject({
    code: "invalid-guard",
    message: 'no gate before the handler of "GET /a"; expected a gate, or open',
  });
  expect(assertGuarded(app, { except: ["GET /metrics", "GET /a"] })).toBe(undefined);
  for (const wrong of [{ except: undefined }, { except: "GET /a" }, { except: [1] }, { but: [] }]) {
    expect(refusal(() => assertGuarded(app, wrong as never)).code).toBe("invalid-guard");
  }
});

it("of very many routes, some are named", () => {
  const app = express();
  for (let index = 0; index < 1000; index++) app.get(`/${index}`, answer);
  expect(refusal(() => assertGuarded(app)).message).toMatch(/"GET \/19" and 980 more; expected/);
});

it("a wrong action, loader or option is refused when the route is defined", () => {
  expect(refusal(() => gate("connections.craete" as never)).code).toBe("unknown-action");
  expect(refusal(() => gate("publish.view", undefined as never)).code).toBe("invalid-guard");
  expect(refusal(() => createGrantsExpress(engage, {} as never)).code).toBe("invalid-guard");
});

describe("an application that runs", () => {
  /** Gives the status of a request to an application. */
  async function statusOf(app: express.Express, path: string): Promise<number> {
    const server = app.listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    } finally {
      server.close();
    }
  }

  it("lets everybody pass where it is open", async () => {
    expect(await statusOf(express().get("/health", open, answer), "/health")).toBe(200);
  });

  it.each(["route", "router", undefined, null, 0])(
    "lets nobody pass a gate of all routes whose loader rejects with %s",
    async (reason) => {
      const failing = createGrantsExpress(engage, { user: () => Promise.reject(reason) });
      const app = express().use(failing.gate("connections.create")).get("/a", answer);
      expect(await statusOf(app, "/a")).toBe(500);
      const router = express.Router().use(failing.gate("connections.create")).get("/a", answer);
      expect(await statusOf(express().use("/r", router).get("/r/a", answer), "/r/a")).toBe(500);
    },
  );
});
