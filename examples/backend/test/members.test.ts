import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Service, startService } from "./service.js";

// Nobody gives more than they have, or takes more away; whoever may assign all users of the account may.

let service: Service;
let account: string;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  account = await service.account(["fb", "ig"], {
    root: { role: "admin" },
    lea: { grants: { fb: { publish: "full-access", analytics: "full-access" }, ig: { publish: "view-only" } } },
    mia: { grants: { fb: { publish: "needs-approval" }, ig: { publish: "needs-approval" } } },
    ann: { grants: { fb: { publish: "view-only", approver: true } } },
  });
});

const call = (user: string, route: string, body?: unknown) => service.call(`${account}/${user}`, route, body);
const held = async (user: string, connection: string) =>
  (await call("root", `GET /connections/${connection}/assignments`)).body.items.find((item) => item.user === user)
    ?.grant;

it("somebody at full access shares a connection, up to what they hold there", async () => {
  const given = await call("lea", "PUT /connections/fb/assignments/mia", { publish: "full-access" });
  expect(given.status).toBe(200);
  expect(await held("mia", "fb")).toMatchObject({ publish: "full-access", approver: false });

  const more = await call("lea", "PUT /connections/fb/assignments/mia", { publish: "full-access", approver: true });
  expect(more).toMatchObject({
    status: 403,
    body: { refusal: { reason: "beyond", connection: "fb", more: { approver: true } } },
  });
  expect(await held("mia", "fb")).toMatchObject({ publish: "full-access", approver: false });
  const log = (await call("root", "GET /audit/decisions")).body.items;
  expect(log).toContainEqual(
    expect.objectContaining({ user: "lea", action: "connections.share", allowed: true, refusal: "beyond" }),
  );
});

it("nobody takes away what they do not hold themselves", async () => {
  expect((await call("lea", "PUT /connections/fb/assignments/ann", {})).body.refusal?.reason).toBe("beyond");
  expect(await held("ann", "fb")).toMatchObject({ publish: "view-only", approver: true });
  expect((await call("lea", "PUT /connections/fb/assignments/mia", {})).status).toBe(200);
});

it("on a connection at less than full access, nobody shares", async () => {
  expect((await call("lea", "PUT /connections/ig/assignments/mia", {})).body.decision).toMatchObject({
    action: "connections.share",
    allowed: false,
  });
});

it("E20: an admin assigns users, and holds nothing by it", async () => {
  expect((await call("root", "PUT /connections/fb/assignments/ann", { publish: "full-access" })).status).toBe(200);
});

it("whoever invites gives no role and no grant beyond their own, and nobody is added then", async () => {
  const invite = (user: string, member: object) => call(user, "POST /members", { id: "new", ...member });
  const grants = { fb: { publish: "needs-approval" } };
  expect((await invite("mia", { role: "viewer" })).status).toBe(403);
  expect((await invite("lea", { role: "admin" })).body.refusal?.reason).toBe("beyond");
  const several = { role: "viewer", grants: { ...grants, ig: { publish: "full-access" } } };
  expect((await invite("lea", several)).body.refusal).toMatchObject({ reason: "beyond", connection: "ig" });
  expect((await call("new", "GET /posts")).status).toBe(401);

  expect((await invite("lea", { role: "viewer", grants })).status).toBe(201);
  expect(await held("new", "fb")).toMatchObject({ publish: "needs-approval" });
  expect((await invite("lea", { role: "viewer" })).status).toBe(409);
  expect((await call("new", "GET /posts")).status).toBe(200);
});

it("only an admin gives a role, and it counts at once", async () => {
  expect((await call("lea", "PUT /members/lea/role", { role: "admin" })).status).toBe(403);
  expect((await call("root", "PUT /members/lea/role", { role: "admin" })).body).toMatchObject({ role: "admin" });
  expect((await call("lea", "PUT /members/root/role", { role: "viewer" })).status).toBe(200);
  expect((await call("root", "GET /audit/grants")).status).toBe(403);
  // The last admin stays one.
  expect((await call("lea", "PUT /members/lea/role", { role: "viewer" })).status).toBe(409);
  expect((await call("lea", "GET /audit/grants")).status).toBe(200);
});
