import { accessLevel, allowedActions, can, createMatrix } from "channel-grants";
import { grantSchema } from "channel-grants/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrate } from "../src/migrations.js";
import { policy } from "../src/policy.js";
import { agency, seed } from "../src/seed.js";
import { type Person, type Service, startService } from "./service.js";

// What the database selects is what the library answers when it is asked one by one: for everybody who can be told apart
// on two connections, by grants in publish.

const levels = policy.areas.publish.levels;
const states = levels
  .flatMap((publish) => [{ publish }, { publish, approver: true }])
  .filter((grant) => grantSchema(policy).safeParse(grant).success);
const people: Record<string, Person> = Object.fromEntries(
  states.flatMap((fb, first) =>
    states.map((ig, second) => [
      `user ${first} ${second}`,
      { role: first % 2 ? "admin" : "viewer", grants: { fb, ig } },
    ]),
  ),
);
const groups = [["fb"], ["ig"], ["fb", "ig"], ["fb", "removed"], ["removed"], ["fb", "ig", "tw"]];

const matrix = createMatrix(policy, {
  users: Object.entries(people).map(([id, { role = "viewer", grants = {} }]) => ({ id, role, grants })),
  connections: ["fb", "ig", "tw"],
});

let service: Service;
let account: string;
const posts = new Map<string, readonly string[]>();

beforeAll(async () => {
  service = await startService();
  account = await service.account(["fb", "ig", "tw"], people);
  for (const connections of groups)
    posts.set(await service.post(account, { connections, author: "user 5 5" }), connections);
  posts.set(await service.post(account, { connections: [] }), []);
});
afterAll(() => service.stop());

it("there are six states on a connection, so 36 users", () => {
  expect(matrix.users()).toHaveLength(36);
});

it("the feed has the posts that each user may view, newest first, with badge and actions as the library has them", async () => {
  for (const id of matrix.users()) {
    const user = matrix.user(id);
    const expected = [...posts]
      .reverse()
      .filter(([, connections]) => can(user, "publish.view", { connections }))
      .map(([post, connections]) => ({
        id: post,
        level: accessLevel(user, "publish", { connections }),
        actions: allowedActions(user, { connections }),
      }));
    const { body } = await service.call(`${account}/${id}`, "GET /posts");
    const found = body.items.map(({ id, level, actions }) => ({ id, level, actions }));
    expect(found, id).toEqual(expected);
    expect(body.next).toBe(null);
  }
});

it("the pages of the feed put together are the feed", async () => {
  const by = `${account}/user 5 5`;
  const whole = (await service.call(by, "GET /posts")).body.items;
  const found = [];
  let next: string | null = "";
  while (next !== null) {
    const { body } = await service.call(by, `GET /posts?limit=2${next && `&before=${next}`}`);
    expect(body.items.length).toBeLessThanOrEqual(2);
    found.push(...body.items);
    next = body.next;
  }
  expect(found).toEqual(whole);
  expect(found.length).toBeGreaterThan(4);
});

it("the picker has the connections that each user may select", async () => {
  for (const id of matrix.users()) {
    const { body } = await service.call(`${account}/${id}`, "GET /compose/connections");
    const found = body.items.map(({ id }) => id);
    expect(found, id).toEqual(matrix.connectionsFor(id, "publish.select"));
  }
});

it("the drop-down of a post has those who may approve it, without its author", async () => {
  for (const [id, connections] of posts) {
    const { status, body } = await service.call(`${account}/user 5 5`, `GET /posts/${id}/approvers`);
    const expected = matrix.usersFor("publish.approve", { connections }).filter((user) => user !== "user 5 5");
    const may = can(matrix.user("user 5 5"), "publish.submit", { connections });
    expect(status).toBe(may ? 200 : 403);
    if (may) expect([...body.items].sort()).toEqual([...expected].sort());
  }
});

it("the agency of the demo is stored once, and each of its people has the feed that the library says", async () => {
  for (let time = 0; time < 2; time++) {
    await migrate(service.database);
    await seed(service.database);
  }
  const { engage, posts } = agency;
  const redlark = createMatrix(policy, engage);
  for (const id of redlark.users()) {
    const expected = posts.filter((post) => can(redlark.user(id), "publish.view", post)).map((post) => post.id);
    const { body } = await service.call(`redlark/${id}`, "GET /posts");
    expect(body.items.map(({ id }) => id).reverse(), id).toEqual(expected);
  }
});

it("an account with the same ids has nothing of another's, and changes nothing there", async () => {
  const connections = ["fb"];
  const [one, two] = await Promise.all([
    service.account(connections, {
      ana: { role: "admin", grants: { fb: { publish: "full-access", approver: true } } },
    }),
    service.account(connections, { ana: { role: "admin" }, eve: { grants: { fb: { publish: "needs-approval" } } } }),
  ]);
  const post = await service.post(one, { connections, author: "zoe" });
  const asTwo = (route: string, body?: unknown) => service.call(`${two}/ana`, route, body);

  expect((await asTwo("GET /posts")).body.items).toEqual([]);
  expect((await asTwo("GET /compose/connections")).body.items).toEqual([]);
  for (const route of ["GET /posts/:post", "GET /posts/:post/approvers", "DELETE /posts/:post"]) {
    const answer = await asTwo(route.replace(":post", post));
    expect(answer.status, route).toBe(404);
    expect(answer.body.detail).toBe("There is no such post.");
  }
  // A grant in the other account makes nobody an approver here.
  const own = await service.post(two, { connections, author: "eve" });
  expect((await service.call(`${two}/eve`, `GET /posts/${own}/approvers`)).body.items).toEqual([]);
  const submit = { version: 0, steps: [["ana"]] };
  expect((await service.call(`${two}/eve`, `POST /posts/${own}/submit`, submit)).body.refusal?.reason).toBe(
    "not-an-approver",
  );

  expect((await asTwo("PUT /connections/fb/assignments/ana", { publish: "view-only" })).status).toBe(200);
  expect((await asTwo("DELETE /connections/fb")).status).toBe(204);
  const untouched = await service.call(`${one}/ana`, `GET /posts/${post}`);
  expect(untouched.body).toMatchObject({ level: "full-access", connections });
  expect((await service.call(`${one}/ana`, "GET /audit/grants")).body.items).toEqual([]);
});
