import { Hono, type MiddlewareHandler } from "hono";
import { describe, expect, it } from "vitest";
import { createGrantsHono } from "../../src/hono/index.js";
import { createUser, engage } from "../../src/index.js";
import { refusal } from "../support/refusal.js";

const { gate, open, assertGuarded } = createGrantsHono(engage, {
  user: () => createUser(engage, { id: "ana", role: "admin" }),
});
const connect = gate("connections.create");
const answer = () => new Response("fine");
const logger: MiddlewareHandler = (_context, next) => next();
const withErrors = (app: Hono) => app.onError((_, context) => context.text("failed", 500));

describe("a Hono application is guarded", () => {
  it.each<[string, (app: Hono) => unknown]>([
    ["without routes", () => {}],
    ["with a gate in each route", (app) => app.get("/a", connect, answer).post("/a", logger, connect, answer)],
    ["with a route that says that it is open", (app) => app.get("/health", open, answer)],
    ["with middleware of its own", (app) => app.use(logger).get("/a", connect, answer)],
    ["with a gate before all routes", (app) => app.use(connect).get("/a", answer).get("/", answer)],
    ["with a gate for a path", (app) => app.use("/r/*", connect).get("/r/a", answer).get("/r", answer)],
    ["with one gate for all methods", (app) => app.all("/a", connect).get("/a", answer)],
    ["with a gate in a mounted application", (app) => app.route("/r", new Hono().use(connect).get("/a", answer))],
    [
      "with one in a mounted application that handles errors",
      (app) => app.route("/r", withErrors(new Hono()).get("/a", connect, answer)),
    ],
  ])("%s", (_, build) => {
    const app = new Hono();
    build(app);
    expect(assertGuarded(app)).toBe(undefined);
  });

  it.each<[string, (app: Hono) => unknown, string]>([
    ["a route", (app) => app.get("/a", answer), '"GET /a"'],
    ["one method of a route", (app) => app.get("/a", connect, answer).put("/a", answer), '"PUT /a"'],
    ["a route for all methods", (app) => app.all("/a", answer), '"ALL /a"'],
    ["a route whose gate comes too late", (app) => app.get("/a", answer, connect, answer), '"GET /a"'],
    ["a route whose gate comes last", (app) => app.get("/a", logger, connect), '"GET /a"'],
    ["a route before the gate of all", (app) => app.get("/a", answer).use(connect).get("/b", answer), '"GET /a"'],
    ["a route beside the path of a gate", (app) => app.use("/r/*", connect).get("/rest", answer), '"GET /rest"'],
    ["a route of a mounted application", (app) => app.route("/r", new Hono().get("/a", answer)), '"GET /r/a"'],
    [
      "one of a mounted application that handles errors",
      (app) => app.route("/r", withErrors(new Hono()).get("/a", answer)),
      '"GET /r/a"',
    ],
    [
      "a route that the gate of a mounted application is not for",
      (app) => app.route("/r", new Hono().use(connect)).get("/a", answer),
      '"GET /a"',
    ],
  ])("except %s", (_, build, routes) => {
    const app = new Hono();
    build(app);
    expect(refusal(() => assertGuarded(app))).toEqual({
      code: "invalid-guard",
      message: `no gate before the handler of ${routes}; expected a gate, or open`,
    });
  });
});

it("an open route is open", async () => {
  expect(await (await new Hono().get("/health", open, answer).request("/health")).text()).toBe("fine");
});

it("a wrong action, loader or option is refused when the route is defined", () => {
  expect(refusal(() => gate("connections.craete" as never)).code).toBe("unknown-action");
  expect(refusal(() => gate("publish.view", undefined as never)).code).toBe("invalid-guard");
  expect(refusal(() => createGrantsHono(engage, {} as never)).code).toBe("invalid-guard");
});

it("a request that a gate stopped has nothing granted, even if the gate let it pass before", async () => {
  const roles = ["admin", "viewer"] as const;
  let asked = 0;
  const own = createGrantsHono(engage, {
    user: () => createUser(engage, { id: "ana", role: roles[asked++] as "admin" }),
  });
  const mine = own.gate("connections.create");
  const found: unknown[] = [];
  const app = new Hono().get("/a", mine, async (context) => {
    found.push(mine.granted(context).decision.allowed);
    const stopped = await mine(context, async () => {});
    found.push(refusal(() => mine.granted(context)).code);
    return stopped as Response;
  });
  expect((await app.request("/a")).status).toBe(403);
  expect(found).toEqual([true, "invalid-guard"]);
});
