import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import sql from "sql-template-tag";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { isDemo, tokenFor } from "../src/auth.js";
import { createServer } from "../src/server.js";
import { type Service, startService } from "./service.js";

const ids = [
  "__proto__",
  "constructor",
  "toString",
  "'; DROP TABLE posts; --",
  '"quoted", and {braced}',
  "a,b",
  "../../posts",
  "a/b?c=d#e",
  "%2e%2e",
  "$1",
  "NULL",
  " ",
  "🦜 ünï",
  "\u202Egnp.exe",
  "x".repeat(200),
];

const ownSecret = "a secret of one's own, long enough";

let service: Service;
let account: string;

beforeAll(async () => {
  service = await startService();
  const grants = Object.fromEntries([["fb", { publish: "full-access", approver: true } as const]]);
  account = await service.account(["fb", ...ids], { root: { role: "admin", grants } });
  for (const id of ids) {
    await service.database.query(sql`INSERT INTO users (account_id, id, role) VALUES (${account}, ${id}, 'viewer')`);
  }
});
afterAll(() => service.stop());

const call = (route: string, body?: unknown) => service.call(`${account}/root`, route, body);

it("an id of a connection or a user may be any text", async () => {
  for (const id of ids) {
    const path = encodeURIComponent(id);
    const put = await call(`PUT /connections/${path}/assignments/${path}`, { publish: "needs-approval" });
    expect(put.body, id).toMatchObject({ connection: id, user: id, grant: { publish: "needs-approval" } });
    const listed = await call(`GET /connections/${path}/assignments`);
    const held = listed.body.items.filter((item) => item.grant.publish !== "no-access");
    expect(held.map((item) => item.user)).toEqual([id]);

    // The token says `account/user`, which is split at a slash.
    if (id.includes("/")) continue;
    const written = await service.call(`${account}/${id}`, "POST /posts", { text: id, connections: [id] });
    expect(written.body, id).toMatchObject({ author: id, text: id, connections: [id] });
    expect((await service.call(`${account}/${id}`, "GET /posts")).body.items).toMatchObject([{ id: written.body.id }]);
    const named = await call(`POST /posts/${written.body.id}/submit`, { version: 0, steps: [[id]] });
    expect(named.status).toBe(403);
  }
  expect((await call("GET /audit/grants?limit=100")).body.items).toHaveLength(ids.length);
});

it("an id of nothing is not found, wherever it stands in a path", async () => {
  for (const id of ids.map((id) => encodeURIComponent(`no ${id}`.slice(0, 200)))) {
    const body = { version: 0 };
    expect((await call(`GET /posts/${id}`)).status, id).toBe(404);
    expect((await call(`POST /posts/${id}/approve`, body)).status).toBe(404);
    expect((await call(`DELETE /connections/${id}`)).status).toBe(404);
    expect((await call(`PUT /connections/fb/assignments/${id}`, {})).status).toBe(404);
    expect((await call(`POST /connections/${id}/reconnect`)).status).toBe(404);
  }
});

it("what can be no id, and what is no request, is a problem document, and nothing else breaks", async () => {
  const post = await service.post(account, { connections: ["fb"] });
  const refused: readonly (readonly [status: number, route: string, body?: unknown])[] = [
    [400, "GET /posts/%00"],
    [400, "GET /posts/%zz"],
    [400, `GET /posts/${"x".repeat(201)}`],
    [414, `GET /posts/${"x".repeat(2_000)}`],
    [404, "GET /nothing/here"],
    [404, "PUT /posts"],
    [400, "GET /posts?limit=0"],
    [400, "GET /posts?limit=all"],
    [400, "GET /posts?before=1;DROP"],
    [400, "GET /posts?before=1&before=2"],
    [400, "GET /posts?order=text"],
    [400, `POST /posts/${post}/approve`],
    [400, `POST /posts/${post}/approve`, []],
    [400, `POST /posts/${post}/approve`, { version: "0" }],
    [400, `POST /posts/${post}/approve`, { version: -1 }],
    [400, `POST /posts/${post}/approve`, { version: 0, by: "root" }],
    [400, `POST /posts/${post}/submit`, { version: 0, steps: [["\0"]] }],
    [400, `POST /posts/${post}/submit`, { version: 0, steps: [Array(100_000).fill("root")] }],
    [400, `POST /posts/${post}/submit`, { version: 0, steps: [["root", "root"]] }],
    [400, `POST /posts/${post}/submit`, { version: 0, steps: Array(6).fill(["root"]) }],
    [400, `POST /posts/${post}/reassign`, { version: 0, steps: [["root", "root"]] }],
    [400, `POST /posts/${post}/schedule`, { version: 0, at: "tomorrow" }],
    [400, `POST /posts/${post}/schedule`, { version: 0, at: "0000-01-01T00:00:00Z" }],
    [400, `POST /posts/${post}/schedule`, { version: 0, at: "9999-12-31T23:59:59-12:00" }],
    [400, `PATCH /posts/${post}`, { version: 0, scheduledAt: "0001-01-01T00:00:00+01:00" }],
    [400, `PATCH /posts/${post}`, { version: 0, text: "\uD800" }],
    [400, `PATCH /posts/${post}`, { version: 0, connections: [] }],
    [403, `PATCH /posts/${post}`, { version: 0, connections: ["fb", "tw"] }],
    [409, `PATCH /posts/${post}`, { version: 7 }],
    [400, "POST /posts", { text: "Good morning", connections: [] }],
    [400, "POST /posts", { text: "Good morning", connections: ["fb"], status: "approved" }],
    [400, "POST /posts", { text: "Good morning", connections: "fb" }],
    [400, "PUT /connections/fb/assignments/root", { publish: "everything" }],
    [400, "PUT /connections/fb/assignments/root", { publish: "needs-approval", approver: true }],
    [400, "PUT /connections/fb/assignments/root", { analytics: "view-only" }],
    [400, "PUT /connections/fb/assignments/root", { admin: true }],
    [400, "PUT /connections/fb/assignments/root", null],
    [400, "POST /members", { id: "eve", role: "boss" }],
    [400, "POST /members", { id: "eve", role: "viewer", grants: { fb: { publish: "everything" } } }],
    [404, "POST /members", { id: "eve", role: "viewer", grants: { tw: {} } }],
    [409, "POST /members", { id: "root", role: "viewer" }],
    [404, "PUT /members/eve/role", { role: "admin" }],
    [400, "PUT /members/root/role", { role: "owner" }],
    [413, "POST /posts", { text: "x".repeat(2_000_000), connections: ["fb"] }],
  ];
  for (const [status, route, body] of refused) {
    const answer = await call(route, body);
    expect(answer.status, `${route.slice(0, 80)} ${JSON.stringify(body)?.slice(0, 80)}`).toBe(status);
    expect(answer.type).toContain("application/problem+json");
    expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  }
  expect(await service.stored(account, post)).toMatchObject({ version: 0, status: "draft" });
  expect((await call("GET /posts")).status).toBe(200);
});

it("a fault in a grant is named with its path", async () => {
  const { body } = await call("PUT /connections/fb/assignments/root", { publish: "all", approver: 1 });
  expect(body.type).toBe("about:blank");
  expect(body.issues.map(({ path }) => path)).toEqual([["publish"], ["approver"]]);
});

it("the answer to a large wrong request is short: its first faults, and how many more there are", async () => {
  const unknown = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key-${index}`, "all"]));
  const { status, body } = await call("PUT /connections/fb/assignments/root", unknown);
  expect(status).toBe(400);
  expect(body.issues).toHaveLength(21);
  expect(body.issues.at(-1)).toMatchObject({ path: [], message: "and 40 more" });
  expect(JSON.stringify(body).length).toBeLessThan(5_000);
});

it("a key that JSON can smuggle in is refused, and changes no prototype", async () => {
  const send = (text: string) =>
    fetch(`${service.address}/connections/fb/assignments/root`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token({})}`, "content-type": "application/json" },
      body: text,
    });
  const token = (changes: object) => service.server.jwt.sign({ account, sub: "root", ...changes });
  for (const text of [
    '{"__proto__": {"publish": "full-access"}}',
    '{"publish": "view-only", "constructor": {"prototype": {}}}',
    "{",
  ]) {
    const answer = await send(text);
    expect(answer.status, text).toBe(400);
  }
});

it("a stored post that the flow could not have made is no fault of the request, and goes nowhere", async () => {
  const post = await service.post(account, { connections: ["fb"], status: "approved" });
  const answer = await call(`POST /posts/${post}/post-now`, { version: 0 });
  expect([answer.status, answer.body.detail]).toEqual([500, "Something went wrong here."]);
  expect(await service.stored(account, post)).toMatchObject({ status: "approved", version: 0 });
});

it("the secret that everybody knows is refused in production", async () => {
  vi.stubEnv("NODE_ENV", "production");
  await expect(createServer(service.database)).rejects.toThrow("set JWT_SECRET");
  await expect(createServer(service.database, { secret: "everybody knows this secret" })).rejects.toThrow("JWT_SECRET");
  await expect(createServer(service.database, { secret: ownSecret })).resolves.toBeDefined();
  vi.unstubAllEnvs();
});

it("a secret that can be guessed is refused anywhere", async () => {
  for (const secret of ["", "secret", "x".repeat(31)]) {
    await expect(createServer(service.database, { secret })).rejects.toThrow("JWT_SECRET is too short");
  }
});

/** Starts the service as its own process, and gives what it says until it listens or ends. */
async function startProcess(env: Readonly<Record<string, string>>) {
  const { DATABASE_URL: _, JWT_SECRET: __, NODE_ENV: ___, ...others } = process.env;
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", main], { env: { ...others, PORT: "0", ...env } });
  let said = "";
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const listening = new Promise<undefined>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (/http:.*\n$/s.test(said)) resolve(undefined);
      });
    }
  });
  const code = await Promise.race([listening, ended]);
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { code, said, stop };
}

it("in production, the service has no demo account, hands out no token, and does not start without a secret", async () => {
  const NODE_ENV = "production";
  const refused = await startProcess({ NODE_ENV });
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining("JWT_SECRET") });
  expect([{ JWT_SECRET: ownSecret }, { NODE_ENV }, {}].map(isDemo)).toEqual([false, false, true]);
  const { code, said, stop } = await startProcess({ NODE_ENV, JWT_SECRET: ownSecret });
  expect(code).toBeUndefined();
  expect(said).not.toContain("Bearer");
  const own = await createServer(service.database, { secret: ownSecret });
  const [, address = ""] = /(http:\S+?)\.?\s/.exec(said) ?? [];
  const authorization = `Bearer ${tokenFor(own, { account: "redlark", user: "ingrid" })}`;
  const answer = await fetch(`${address}/audit/decisions`, { headers: { authorization } });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ detail: "The token is of nobody in this account." });
  expect(await stop()).toBe(0);
});

it("the demo prints requests that work", async () => {
  const { said, stop } = await startProcess({});
  const [, authorization = "", url = ""] = /"Authorization: (Bearer \S+)" "(http:\S+)"/.exec(said) ?? [];
  const answer = await fetch(url, { headers: { authorization } });
  expect(await answer.json()).toMatchObject({ items: [{ author: expect.any(String) }, {}, {}] });
  await stop();
});

it("nobody comes in with a token that is missing, forged, expired, unsigned or of the wrong form", async () => {
  const { sign } = service.server.jwt;
  const good = sign({ account, sub: "root" });
  const [header, payload, signature] = good.split(".");
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  /** Signs with the right secret what no service would. */
  const forged = (claims: unknown) => {
    const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
    return `${text}.${createHmac("sha256", "everybody knows this secret").update(text).digest("base64url")}`;
  };
  const held = { account, sub: "root", iat: Math.floor(Date.now() / 1000), exp: 1e10 };
  const tokens = [
    "",
    "Bearer",
    "Bearer nonsense",
    `Basic ${good}`,
    `Bearer ${header}.${encoded({ account, sub: "root", iat: 0 })}.${signature}`,
    `Bearer ${encoded({ alg: "none", typ: "JWT" })}.${payload}.`,
    `Bearer ${sign({ account, sub: "root" }, { key: "another secret" })}`,
    `Bearer ${sign({ account, sub: "root", iat: 1 } as never)}`,
    ...["HS384", "HS512"].map((algorithm) => `Bearer ${sign({ account, sub: "root" }, { algorithm } as never)}`),
    ...["RS256", "ES256", "EdDSA", "HS257", "", null, 5, {}].map(
      (alg) => `Bearer ${encoded({ alg, typ: "JWT" } as never)}.${payload}.${signature}`,
    ),
    `Bearer ${sign({ account, sub: "root" }, { notBefore: "1h" })}`,
    ...[{ nbf: "soon" }, { nbf: {} }, { nbf: 1e300 }, { exp: "soon" }, { exp: null }, { exp: {} }, { exp: -1 }].map(
      (claim) => `Bearer ${forged({ ...held, ...claim })}`,
    ),
    ...[{ iat: "soon" }, { iat: {} }, { exp: undefined }].map((claim) => `Bearer ${forged({ ...held, ...claim })}`),
    ...[null, 5, "root", [], {}].map((claims) => `Bearer ${forged(claims)}`),
    `Bearer ${header}.${payload}`,
    `Bearer ${header}.${payload}.${signature}.${signature}`,
    `Bearer ..`,
    `Bearer ${header}..${signature}`,
    `Bearer e30.e30.${signature}`,
    `Bearer ${Buffer.from("[".repeat(4_000)).toString("base64url")}.${payload}.${signature}`,
    `Bearer ${good} ${good}`,
    `Bearer ${good}\u00ff`,
    `Bearer ${sign({ account, sub: "" })}`,
    `Bearer ${sign({ account: "\0", sub: "root" })}`,
    `Bearer ${sign({ account, sub: ["root"] } as never)}`,
    `Bearer ${sign({ account: "unknown", sub: "root" })}`,
    `Bearer ${sign({ account, sub: "__proto__ " })}`,
  ];
  const headers = { authorization: `Bearer ${forged(held)}` };
  expect((await fetch(`${service.address}/posts`, { headers })).status).toBe(200);
  for (const authorization of tokens) {
    const response = await fetch(`${service.address}/posts`, { headers: { authorization } });
    expect(response.status, authorization).toBe(401);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
  }
});
