import sql from "sql-template-tag";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tokenFor } from "../src/auth.js";
import { type Service, startService } from "./service.js";

// Every route, with each part of its request at its worst, one at a time and all at once.

const routes = [
  "GET /posts",
  "GET /inbox",
  "GET /compose/connections",
  "POST /posts",
  "GET /posts/:post",
  "PATCH /posts/:post",
  "DELETE /posts/:post",
  "GET /posts/:post/approvers",
  "POST /posts/:post/submit",
  "POST /posts/:post/approve",
  "POST /posts/:post/reject",
  "POST /posts/:post/withdraw",
  "POST /posts/:post/reassign",
  "POST /posts/:post/schedule",
  "POST /posts/:post/post-now",
  "POST /connections",
  "POST /connections/:connection/reconnect",
  "DELETE /connections/:connection",
  "GET /connections/:connection/assignments",
  "PUT /connections/:connection/assignments/:user",
  "POST /members",
  "PUT /members/:user/role",
  "GET /audit/decisions",
  "GET /audit/grants",
];

const fields: Readonly<Record<string, unknown>> = {
  version: 0,
  text: "Good morning",
  connections: ["fb"],
  scheduledAt: null,
  steps: [["root"]],
  at: "2030-01-01T09:00:00Z",
  network: "X",
  name: "A page",
  conversations: "view-only",
  publish: "full-access",
  approver: true,
  analytics: "full-access",
  id: "somebody new",
  role: "admin",
  grants: { fb: { publish: "view-only" } },
};
/** The fields of a request that is in order; a route that is not here takes no body. */
const bodies: Readonly<Record<string, readonly string[]>> = {
  "POST /posts": ["text", "connections", "scheduledAt"],
  "PATCH /posts/:post": ["version", "text", "connections", "scheduledAt"],
  "POST /posts/:post/submit": ["version", "steps"],
  "POST /posts/:post/approve": ["version"],
  "POST /posts/:post/reject": ["version"],
  "POST /posts/:post/withdraw": ["version"],
  "POST /posts/:post/reassign": ["version", "steps"],
  "POST /posts/:post/schedule": ["version", "at"],
  "POST /posts/:post/post-now": ["version"],
  "POST /connections": ["network", "name"],
  "PUT /connections/:connection/assignments/:user": ["conversations", "publish", "approver", "analytics"],
  "POST /members": ["id", "role", "grants"],
  "PUT /members/:user/role": ["role"],
};

const texts = [
  "",
  "\0",
  "a\0b",
  "\uD800",
  "\uDFFF\uD800",
  "\u202E",
  "__proto__",
  "constructor",
  "'; DROP TABLE posts; --",
  "\\x00",
  "{}",
  "9223372036854775808",
  "NaN",
  "x".repeat(200),
  "\u{10FFFF}".repeat(100),
  "x".repeat(100_000),
];
const times = [
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+14:00",
  "1969-12-31T23:59:59Z",
  "9999-12-31T23:59:59-14:00",
  "10000-01-01T00:00:00Z",
  "+010000-01-01T00:00:00Z",
  "-000001-01-01T00:00:00Z",
  "2030-02-30T00:00:00Z",
  "2030-01-01T24:00:00Z",
  "2030-01-01T00:00:60Z",
  "2030-01-01T00:00:00+99:99",
  "infinity",
  "now",
];
/** Values as they stand in JSON, for some of them JavaScript cannot write. */
const values = [
  ...[...texts, ...times].map((text) => JSON.stringify(text)),
  ...["null", "true", "0", "-0", "-1", "0.5", "1e400", "-1e400", "2147483648", "9007199254740993", "1e-400"],
  ...["[]", "{}", "[[]]", "[[[]]]", "[null]", '[""]', "[[null]]", '["\\u0000"]', '[["\\u0000"]]', '[["\\ud800"]]'],
  ...['{"__proto__": null}', '{"constructor": {"prototype": {}}}', '{"toString": 1}', '{"length": 1e9}'],
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  JSON.stringify(Array(5_000).fill("fb")),
  JSON.stringify([Array(5_000).fill("root")]),
  JSON.stringify(Array(5).fill(["root", "root"])),
  JSON.stringify(Array(5_000).fill(["root"])),
  JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, index]))),
];

let service: Service;
let account: string;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

it("the routes that are asked are all there are", async () => {
  const tree = service.server.printRoutes({ commonPrefix: false });
  const listed = [...tree.matchAll(/\(([A-Z, ]+)\)/g)].flatMap(([, methods = ""]) => methods.split(", "));
  expect(listed.filter((method) => method !== "OPTIONS")).toHaveLength(routes.length);
  for (const route of routes) {
    const [method = "", url = ""] = route.split(" ");
    expect(service.server.hasRoute({ method, url }), route).toBe(true);
  }
});

it.each(routes)("%s answers whatever it is sent, and never with 5xx", async (route) => {
  const all = { conversations: "full-access", publish: "full-access", approver: true } as const;
  account = await service.account(["fb"], { root: { role: "admin", grants: { fb: all } } });
  const post = await service.post(account, { connections: ["fb"], author: "root" });
  /** Puts the post back, so that what is sent next gets as far as it can. */
  const restore = () =>
    service.database.query(sql`
      UPDATE posts SET version = 0, status = 'draft', steps = '[]' WHERE account_id = ${account} AND id = ${post}`);
  const authorization = `Bearer ${tokenFor(service.server, { account, user: "root" })}`;
  const [method = "", path = ""] = route.split(" ");
  const ids: Readonly<Record<string, string>> = { post, connection: "fb", user: "root" };
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const pathOf = (given: Readonly<Record<string, string>>) =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => given[name] ?? encodeURIComponent(ids[name] ?? ""));
  const bodyOf = (given: Readonly<Record<string, string>>) => {
    const parts = (bodies[route] ?? []).map((name) => [name, given[name] ?? JSON.stringify(fields[name])]);
    return `{${[...parts, ...Object.entries(given).filter(([name]) => !Object.hasOwn(fields, name))].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`;
  };
  const send = async (url: string, payload?: string | Buffer, type = "application/json") => {
    if (params.includes("post")) await restore();
    const headers = { authorization, ...(payload !== undefined && { "content-type": type }) };
    const answer = await service.server.inject({ method: method as "GET", url, headers, ...(payload && { payload }) });
    const said = `${url.slice(0, 100)} ${payload?.toString().slice(0, 100)}: ${answer.body.slice(0, 300)}`;
    expect(answer.statusCode, said).toBeLessThan(500);
    // No answer grows with what is wrong in its request.
    if (answer.statusCode >= 400) expect(answer.body.length, said).toBeLessThan(64_000);
  };
  const body = bodies[route] && bodyOf({});

  for (const name of params) {
    for (const text of texts.slice(0, -1)) {
      const encoded = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ""));
      await send(pathOf({ [name]: encoded }), body);
    }
    for (const raw of ["%00", "%ED%A0%80", "%C0%80", "%F8", "%", "%2F%2F", "..%2F", "*", "%25%30%30"]) {
      await send(pathOf({ [name]: raw }), body);
    }
  }
  for (const query of ["limit=1e9", "limit=-1", "limit=", "before=-1", "before=9999999999999999999", "__proto__=1"]) {
    await send(`${pathOf({})}?${query}&a[b]=%00`, body);
  }
  await send(pathOf({}), Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]));
  for (const type of [
    "text/plain",
    "application/xml",
    "multipart/form-data",
    "application/json; charset=utf-16",
    "/",
  ]) {
    await send(pathOf({}), "{}", type);
  }
  if (!body) return;
  for (const value of values) await send(pathOf({}), value);
  for (const name of bodies[route] ?? []) {
    for (const value of values) await send(pathOf({}), bodyOf({ [name]: value }));
  }
  for (const name of ["unknown", "__proto__", "constructor", "toString", "\0"]) {
    await send(pathOf({}), bodyOf({ [name]: "{}" }));
  }
});
