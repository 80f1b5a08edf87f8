import fastify, { type FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { createGrantsFastify } from "../../src/fastify/index.js";
import { createUser, engage } from "../../src/index.js";
import { refusal } from "../support/refusal.js";

const { gate, open, assertGuarded } = createGrantsFastify(engage, {
  user: () => createUser(engage, { id: "ana", role: "admin" }),
});
const connect = gate("connections.create");
const answer = () => "fine";

describe("a Fastify application is guarded", () => {
  it.each<[string, (app: FastifyInstance) => unknown]>([
    ["without routes", () => {}],
    [
      "with a gate at any stage before the handler",
      (app) =>
        app
          .get("/a", { onRequest: connect }, answer)
          .get("/b", { preParsing: [async () => {}, connect] as never }, answer)
          .get("/c", { preValidation: connect }, answer)
          .get("/d", { preHandler: [connect] }, answer),
    ],
    ["with a route that says that it is open", (app) => app.get("/health", { onRequest: open }, answer)],
    ["in plugins", (app) => app.register(async (plugin) => void plugin.get("/a", { onRequest: connect }, answer))],
  ])("%s", async (_, build) => {
    const app = fastify();
    assertGuarded(app);
    build(app);
    await app.ready();
  });

  it.each<[string, (app: FastifyInstance) => unknown, string]>([
    ["a route", (app) => app.get("/a", answer), '"GET /a"'],
    [
      "a route of several methods",
      (app) => app.route({ method: ["PUT", "POST"], url: "/a", handler: answer }),
      '"PUT /a" and "POST /a"',
    ],
    [
      "a route with other hooks",
      (app) => app.get("/a", { onRequest: async () => {}, onResponse: connect as never }, answer),
      '"GET /a"',
    ],
    [
      "a route in a plugin",
      (app) => app.register(async (plugin) => void plugin.get("/a", answer), { prefix: "/p" }),
      '"GET /p/a"',
    ],
  ])("except %s, which is refused when it is defined", async (_, build, routes) => {
    const app = fastify();
    assertGuarded(app);
    const defined = async () => {
      await build(app);
      await app.ready();
    };
    await expect(defined()).rejects.toThrow(`no gate before the handler of ${routes}; expected a gate, or open`);
  });

  it("except routes that were there before, which cannot be looked into", () => {
    const app = fastify();
    app.get("/a", answer);
    expect(refusal(() => assertGuarded(app))).toMatchObject({ code: "invalid-guard" });
  });
});

it("an open route is open", async () => {
  const app = fastify();
  app.get("/health", { onRequest: open }, answer);
  expect((await app.inject("/health")).body).toBe("fine");
});

it("a wrong action, loader or option is refused when the route is defined", () => {
  expect(refusal(() => gate("connections.craete" as never)).code).toBe("unknown-action");
  expect(refusal(() => gate("publish.view", undefined as never)).code).toBe("invalid-guard");
  expect(refusal(() => createGrantsFastify(engage, {} as never)).code).toBe("invalid-guard");
});
