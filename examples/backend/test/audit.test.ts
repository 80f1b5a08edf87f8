import { explain, formatDecision } from "channel-grants";
import { person } from "channel-grants/testing";
import sql from "sql-template-tag";
import { afterAll, beforeAll, expect, it } from "vitest";
import { policy } from "../src/policy.js";
import { type Service, startService } from "./service.js";

let service: Service;
let account: string;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** An account with nothing in its log. */
async function fresh(): Promise<void> {
  account = await service.account(["fb", "ig"], {
    ana: { grants: { fb: { publish: "full-access" }, ig: { publish: "needs-approval" } } },
    ben: { grants: { fb: { publish: "view-only", approver: true } } },
    root: { role: "admin" },
  });
}

const call = (user: string, route: string, body?: unknown) => service.call(`${account}/${user}`, route, body);
const decisions = async () => (await call("root", "GET /audit/decisions")).body.items;
const changes = async () => (await call("root", "GET /audit/grants")).body.items;

it("a 403 is a problem document with the engine's own decision", async () => {
  await fresh();
  const id = await service.post(account, { connections: ["fb", "ig"] });
  const answer = await call("ana", `POST /posts/${id}/post-now`, { version: 0 });
  const ana = person(policy).named("ana").on("fb", { publish: "full-access" }).on("ig", { publish: "needs-approval" });
  const decision = explain(ana, "publish.post-now", { connections: ["fb", "ig"] });
  expect(answer.status).toBe(403);
  expect(answer.type).toContain("application/problem+json");
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "Forbidden",
    status: 403,
    detail: formatDecision(decision),
    decision,
  });
  expect(answer.body.detail).toBe(
    "ana may not publish.post-now on fb and ig: ig holds needs-approval in publish and needs full-access.",
  );
});

it("where the approval flow alone says no, the document says why, and has no decision", async () => {
  await fresh();
  const pending = { connections: ["fb"], status: "pending", steps: [["other"]] } as const;
  const id = await service.post(account, pending);
  const answer = await call("ben", `POST /posts/${id}/approve`, { version: 0 });
  expect(answer.status).toBe(403);
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "Forbidden",
    status: 403,
    detail: "ben is not asked to approve now.",
    refusal: { reason: "not-asked", user: "ben" },
  });
});

it("every decision is in the log: who, what, on which connections, allowed or not, and the decision", async () => {
  await fresh();
  const id = await service.post(account, { connections: ["fb", "ig"] });
  await call("ana", `PATCH /posts/${id}`, { version: 0, text: "Good evening" });
  const denied = await call("ben", `DELETE /posts/${id}`);
  await call("ben", "POST /connections/fb/reconnect");
  const [reconnected, deleted, edited] = await decisions();

  const fields = { connections: ["fb", "ig"], refusal: null, at: expect.stringMatching(/^20.*Z$/) };
  expect(edited).toEqual({
    ...fields,
    user: "ana",
    request: `PATCH /posts/${id}`,
    action: "publish.edit",
    allowed: true,
    decision: { allowed: true, action: "publish.edit", user: "ana", target: { connections: ["fb", "ig"] } },
  });
  expect(deleted).toEqual({
    ...fields,
    user: "ben",
    request: `DELETE /posts/${id}`,
    action: "publish.delete",
    allowed: false,
    decision: denied.body.decision,
  });
  expect(reconnected).toMatchObject({
    user: "ben",
    connections: ["fb"],
    action: "connections.reconnect",
    allowed: true,
  });
});

it("a connection that the flow refuses is in the log with the decision that was sent", async () => {
  await fresh();
  const answer = await call("ben", "POST /posts", { text: "Good morning", connections: ["fb"] });
  expect(answer.body.decision).toMatchObject({ action: "publish.create", allowed: false });
  const refused = await call("ana", "POST /posts", { text: "Good morning", connections: ["fb", "tw"] });
  expect(refused.body).toMatchObject({ status: 403, refusal: { reason: "not-allowed" } });
  expect((await decisions()).slice(0, 2)).toMatchObject([
    { action: "publish.select", connections: ["tw"], allowed: false, refusal: "not-allowed" },
    { action: "publish.create", connections: [], allowed: true, refusal: "not-allowed" },
  ]);
});

it("what was not done for want of a thing to do it to is no decision", async () => {
  await fresh();
  const missing = [
    "GET /connections/tw/assignments",
    "DELETE /connections/tw",
    "PUT /connections/tw/assignments/ana",
    "PUT /connections/fb/assignments/nobody",
    "GET /posts/none",
    "DELETE /posts/none",
  ];
  for (const route of missing) {
    expect((await call("root", route, route.startsWith("PUT") ? {} : undefined)).status, route).toBe(404);
  }
  expect(await decisions()).toEqual([]);
  // Somebody without the right is told so first, which was decided.
  expect((await call("ana", "DELETE /connections/tw")).status).toBe(403);
  expect(
    (await decisions()).map(({ user, action, ...row }) => [user, action, "allowed" in row && row.allowed]),
  ).toEqual([
    ["ana", "connections.remove", false],
    ["root", "audit.view", true],
  ]);
});

it("every change of a grant is in the log, before and after, also where a connection goes with its grants", async () => {
  await fresh();
  const none = { conversations: "no-access", publish: "no-access", approver: false, analytics: "no-access" };
  const answer = await call("root", "PUT /connections/ig/assignments/ben", { publish: "full-access" });
  expect(answer.body).toEqual({ connection: "ig", user: "ben", grant: { ...none, publish: "full-access" } });
  expect((await call("root", "GET /connections/ig/assignments")).body.items).toEqual([
    { user: "ana", grant: { ...none, publish: "needs-approval" } },
    { user: "ben", grant: { ...none, publish: "full-access" } },
    { user: "root", grant: none },
  ]);
  await call("root", "DELETE /connections/ig");

  const common = { by: "root", connection: "ig", at: expect.any(String) };
  const [first, second, third, ...rest] = await changes();
  expect(rest).toEqual([]);
  expect(third).toEqual({ ...common, user: "ben", before: none, after: { ...none, publish: "full-access" } });
  expect([first, second]).toEqual(
    expect.arrayContaining([
      { ...common, user: "ana", before: { ...none, publish: "needs-approval" }, after: none },
      { ...common, user: "ben", before: { ...none, publish: "full-access" }, after: none },
    ]),
  );
});

it("what cannot be written to the log does not happen", async () => {
  await fresh();
  const id = await service.post(account, { connections: ["fb"] });
  const { query } = service.database;
  await query(sql`ALTER TABLE decisions ADD CONSTRAINT broken CHECK (allowed IS NULL) NOT VALID`);
  await query(sql`ALTER TABLE grant_changes ADD CONSTRAINT broken CHECK (before IS NULL) NOT VALID`);
  const edited = await call("ana", `PATCH /posts/${id}`, { version: 0, text: "Good evening" });
  // A refusal that cannot be kept is not given, and no answer tells of the database.
  const refused = await call("ben", `DELETE /posts/${id}`);
  const stale = await call("ana", `PATCH /posts/${id}`, { version: 9 });
  await query(sql`ALTER TABLE decisions DROP CONSTRAINT broken`);
  const assigned = await call("root", "PUT /connections/fb/assignments/ana", {});
  await query(sql`ALTER TABLE grant_changes DROP CONSTRAINT broken`);

  for (const { status, body } of [edited, assigned]) {
    expect(status).toBe(500);
    expect(body).toEqual({
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "Something went wrong here.",
    });
  }
  for (const answer of [refused, stale]) {
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).toMatch(/"Something went wrong here."/);
  }
  expect(await service.stored(account, id)).toMatchObject({ text: "Good morning", version: 0 });
  expect((await call("ana", `POST /posts/${id}/post-now`, { version: 0 })).status).toBe(200);
});

it("the log is read in pages, the newest first, each account its own", async () => {
  await fresh();
  for (let n = 0; n < 5; n++) await call("ana", "POST /connections", { network: "X", name: `${n}` });
  const first = (await call("root", "GET /audit/decisions?limit=2")).body;
  const second = (await call("root", `GET /audit/decisions?limit=2&before=${first.next}`)).body;
  expect([first.items.length, second.items.length]).toEqual([2, 2]);
  expect(second.items[0]?.action).toBe("connections.create");
  const before = account;
  await fresh();
  expect(before).not.toBe(account);
  expect(await decisions()).toEqual([]);
});
