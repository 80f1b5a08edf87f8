import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createDecisionPoint } from "../../src/authzen/index.js";
import { allowedActions, buffer, createMatrix, engage, limit, type Policy, type PostGroup } from "../../src/index.js";
import { matrices, policies } from "../../src/testing/arbitraries/index.js";
import {
  account,
  action,
  connection,
  evaluate,
  failures,
  group,
  options,
  pointWith,
  post,
  posts,
  search,
  user,
} from "../support/decision-point.js";
import { runs } from "../support/runs.js";

// Searches: whom, what and which actions a question is a yes for.

const point = pointWith();
beforeEach(() => void failures.splice(0));

const acme = { type: "account", id: "acme" };
const members = { type: "user" };

describe("a search for subjects lists what usersFor does", () => {
  it.each([
    [
      "of a group",
      "publish.approve",
      group("own"),
      account.usersFor("publish.approve", { connections: ["fb"] }),
      ["ben"],
    ],
    ["of a connection", "publish.select", connection("ig"), account.usersFor("publish.select", "ig"), ["ana"]],
    ["of the account", "connections.create", acme, account.usersFor("connections.create"), ["cat"]],
    ["of a connection, as a group of one", "publish.view", connection("fb"), ["ana", "ben"], ["ana", "ben"]],
  ] as const)("%s", async (_, name, resource, listed, expected) => {
    const found = await search(point, "subject", { subject: members, action: action(name), resource });
    expect(found).toEqual(listed);
    expect(found).toEqual(expected);
  });

  it("ignores the id of the subject, whatever it is", async () => {
    for (const id of ["ana", "nobody", 5, null]) {
      const subject = { type: "user", id };
      expect(
        await search(point, "subject", { subject, action: action("publish.view"), resource: group("own") }),
      ).toEqual(["ana", "ben"]);
    }
  });

  it("is not offered without the account", async () => {
    const { loadAccount: _, ...others } = options;
    const bare = createDecisionPoint(engage, others);
    const body = { subject: members, action: action("publish.view"), resource: group("own") };
    expect((await post(bare, "/access/v1/search/subject", body)).status).toBe(404);
  });

  it.each<[string, unknown, string]>([
    ["of another policy", createMatrix(buffer, { users: [{ id: "eve", role: "owner" }] }), "invalid-matrix"],
    ["that is a look-alike", { usersFor: () => ["eve"] }, "invalid-matrix"],
    ["that is nothing", undefined, "invalid-matrix"],
  ])("is 500 with a matrix %s", async (_, matrix, code) => {
    const wrong = pointWith({ loadAccount: () => matrix as never });
    const body = { subject: members, action: action("publish.view"), resource: group("own") };
    expect(await search(wrong, "subject", body)).toBe(500);
    expect(failures).toEqual([expect.objectContaining({ code })]);
  });
});

describe("a search for resources", () => {
  const find = (id: string, name: string, type: string, asked = point) =>
    search(asked, "resource", { subject: user(id), action: action(name), resource: { type } });

  it("lists the connections that connectionsFor does", async () => {
    for (const id of account.users()) {
      for (const name of ["publish.select", "publish.view", "publish.post-now", "connections.reconnect"] as const) {
        expect((await find(id, name, "connection")).sort()).toEqual([...account.connectionsFor(id, name)].sort());
      }
    }
  });

  it("lists the stored groups, each asked about", async () => {
    expect(await find("ana", "publish.view", "group")).toEqual(["own", "mixed"]);
    expect(await find("ana", "publish.post-now", "group")).toEqual(["own"]);
    expect(await find("ben", "publish.approve", "group")).toEqual(["own"]);
  });

  it("hands the question to the application, which may choose the groups, and takes them as they come", async () => {
    const asked: unknown[] = [];
    async function* chosen(): AsyncIterable<readonly [string, PostGroup]> {
      yield ["mixed", { connections: ["fb", "ig"] }];
      yield ["own", { connections: ["fb"] }];
    }
    const choosing = pointWith({
      listGroups({ user: { id }, action: name }, request) {
        asked.push([id, name, new URL(request.url).pathname]);
        return chosen();
      },
    });
    expect(await find("ana", "publish.post-now", "group", choosing)).toEqual(["own"]);
    expect(asked).toEqual([["ana", "publish.post-now", "/access/v1/search/resource"]]);
  });

  it("finds the account", async () => {
    expect(await find("cat", "connections.create", "account")).toEqual(["acme"]);
    expect(await find("ana", "connections.create", "account")).toEqual([]);
  });

  it.each([
    ["a subject that there is not", "nobody", "publish.view", "group"],
    ["an action that there is not", "ana", "publish.pots", "group"],
    ["an action that is not about groups", "ana", "publish.select", "group"],
    ["an action that is not about connections", "cat", "connections.create", "connection"],
    ["a type that there is not", "ana", "publish.view", "spaceship"],
  ])("finds nothing for %s", async (_, id, name, type) => {
    expect(await find(id, name, type)).toEqual([]);
    expect(failures).toEqual([]);
  });

  it("finds no groups where the application does not list them", async () => {
    const { listGroups: _, ...others } = options;
    expect(await find("ana", "publish.view", "group", createDecisionPoint(engage, others))).toEqual([]);
  });

  it("ignores the id of the resource, whatever it is", async () => {
    for (const id of ["fb", "none", 5, null]) {
      const body = { subject: user("ana"), action: action("publish.view"), resource: { type: "connection", id } };
      expect(await search(point, "resource", body)).toEqual(["fb", "ig"]);
    }
  });

  it("of a limited user asks the limit too (law 11)", async () => {
    const key = limit(account.user("ana"), { grants: { fb: { publish: "view-only" } } });
    const limited = pointWith({ loadUser: () => key });
    expect(await find("key-1", "publish.view", "connection", limited)).toEqual(["fb"]);
    expect(await find("key-1", "publish.post-now", "connection", limited)).toEqual([]);
    expect(await find("key-1", "publish.post-now", "group", limited)).toEqual([]);
    expect(await search(limited, "action", { subject: user("key-1"), resource: connection("ig") })).toEqual([]);
  });

  it.each([
    ["an id that is no text", () => [[5, { connections: ["fb"] }]]],
    ["a group that is none", () => [["own", null]]],
    ["an error", () => Promise.reject(new Error("gone"))],
    ["nothing", () => undefined],
  ])("is 500 where the list of groups has %s", async (_, listGroups) => {
    expect(await find("ana", "publish.view", "group", pointWith({ listGroups: listGroups as never }))).toBe(500);
    expect(failures).toHaveLength(1);
  });
});

describe("a search for actions lists what allowedActions does", () => {
  it("on a group and on the account", async () => {
    for (const id of account.users()) {
      const subject = user(id);
      for (const [name, stored] of posts) {
        const found = await search(point, "action", { subject, resource: group(name) });
        expect(found).toEqual(allowedActions(account.user(id), stored));
      }
      expect(await search(point, "action", { subject, resource: acme })).toEqual(allowedActions(account.user(id)));
    }
  });

  it("on a connection, with those on the connection as a group of one", async () => {
    const found = await search(point, "action", { subject: user("ana"), resource: connection("fb") });
    const ana = account.user("ana");
    const both = [...allowedActions(ana, "fb"), ...allowedActions(ana, { connections: ["fb"] })];
    expect([...found].sort()).toEqual([...both].sort());
  });

  it.each([
    ["a subject that there is not", user("nobody"), group("own")],
    ["another type of subject", { type: "robot", id: "ana" }, group("own")],
    ["a group that there is not", user("ana"), group("none")],
    ["a type that there is not", user("ana"), { type: "spaceship", id: "own" }],
    ["another account", user("cat"), { type: "account", id: "other" }],
  ])("finds nothing for %s", async (_, subject, resource) => {
    expect(await search(point, "action", { subject, resource })).toEqual([]);
    expect(failures).toEqual([]);
  });
});

it("law 8: what a search finds is what an evaluation says yes to, and nothing else", async () => {
  const cases = policies().chain((policy) => fc.tuple(fc.constant(policy), matrices(policy as Policy)));
  await fc.assert(
    fc.asyncProperty(cases, async ([policy, input]) => {
      const matrix = createMatrix(policy as Policy, input as never);
      const drawn = createDecisionPoint(policy as Policy, {
        account: "acme",
        loadUser: (id) => (matrix.users().includes(id) ? matrix.user(id) : undefined),
        loadAccount: () => matrix,
        onError: (error) => failures.push(error),
      });
      const resources = [...matrix.connections().map(connection), acme];
      for (const name of Object.keys((policy as Policy).actions)) {
        for (const resource of resources) {
          const yes: string[] = [];
          for (const id of matrix.users()) {
            const answer = await evaluate(drawn, user(id), name, resource);
            if (answer.decision) yes.push(id);
            const found = await search(drawn, "resource", { subject: user(id), action: action(name), resource });
            expect(found.includes(resource.id)).toBe(answer.decision);
            const actions = await search(drawn, "action", { subject: user(id), resource });
            expect(actions.includes(name)).toBe(answer.decision);
          }
          expect(await search(drawn, "subject", { subject: members, action: action(name), resource })).toEqual(yes);
        }
      }
      expect(failures).toEqual([]);
    }),
    { numRuns: runs(200) },
  );
});

describe("pages", () => {
  const many = createMatrix(engage, {
    users: Array.from({ length: 7 }, (_, index) => ({
      id: `user-${index}`,
      role: "viewer" as const,
      grants: { fb: { publish: "full-access" as const } },
    })),
  });
  const paged = pointWith({ loadAccount: () => many, mostResults: 3 });
  const body = { subject: members, action: action("publish.view"), resource: connection("fb") };
  const find = (page: unknown, changed: object = {}) =>
    post(paged, "/access/v1/search/subject", { ...body, ...changed, page });
  const idsIn = ({ results }: { results: { id: string }[] }) => results.map(({ id }) => id);

  it.each([
    ["of two, asked for with the limit again", { limit: 2 }, true, [2, 2, 2, 1]],
    ["of two, whose limit the token carries", { limit: 2 }, false, [2, 2, 2, 1]],
    ["of as many as there may be", {}, true, [3, 3, 1]],
    ["of no more than there may be", { limit: 100 }, true, [3, 3, 1]],
    ["that end with a full one", { limit: 1 }, true, [1, 1, 1, 1, 1, 1, 1]],
  ])("%s make up the whole", async (_, first, isLimitRepeated, counts) => {
    const ids: string[] = [];
    const sizes: number[] = [];
    let page: object = first;
    for (let next = "-"; next !== ""; ) {
      const answer = (await find(page)).body;
      expect(answer.page).toEqual({ next_token: expect.any(String), count: answer.results.length, total: 7 });
      expect(Object.keys(answer)[0]).toBe("page");
      ids.push(...idsIn(answer));
      sizes.push(answer.results.length);
      next = answer.page.next_token;
      page = { ...(isLimitRepeated && first), token: next };
    }
    expect(ids).toEqual(many.users());
    expect(sizes).toEqual(counts);
  });

  it("are told where the results do not fit into one, also if nobody asked for a page", async () => {
    const answer = (await post(paged, "/access/v1/search/subject", body)).body;
    expect(answer.page).toEqual({ next_token: expect.stringMatching(/./), count: 3, total: 7 });
    expect((await post(point, "/access/v1/search/subject", body)).body).toEqual({
      results: [user("ana"), user("ben")],
    });
  });

  it("of no results tell how many there are, and have no next one", async () => {
    expect((await find({ limit: 0 })).body).toEqual({ page: { next_token: "", count: 0, total: 7 }, results: [] });
  });

  it("behind the last one are empty, if others have gone meanwhile", async () => {
    const { body: first } = await find({ limit: 2 });
    const shrunk = pointWith({ loadAccount: () => many.removeUser("user-0"), mostResults: 3 });
    const next = await post(shrunk, "/access/v1/search/subject", { ...body, page: { token: first.page.next_token } });
    expect(idsIn(next.body)).toEqual(["user-3", "user-4"]);
    const none = pointWith({ loadAccount: () => createMatrix(engage, { users: [] }), mostResults: 3 });
    const end = await post(none, "/access/v1/search/subject", { ...body, page: { token: first.page.next_token } });
    expect(end.body).toEqual({ page: { next_token: "", count: 0, total: 0 }, results: [] });
  });

  it("follow for the same request in any order of its members", async () => {
    const context = { a: 1, b: { c: [1, { d: 2, e: 3 }] } };
    const { body: first } = await find({ limit: 2 }, { context });
    const token = first.page.next_token;
    const same = { context: { b: { c: [1, { e: 3, d: 2 }] }, a: 1 }, resource: { id: "fb", type: "connection" } };
    expect((await find({ token }, same)).status).toBe(200);
  });

  it("do not follow for another request", async () => {
    const token = (await find({ limit: 2, properties: { sort: "id" } })).body.page.next_token;
    const page = { token, properties: { sort: "id" } };
    expect((await find(page)).status).toBe(200);
    for (const changed of [
      { action: action("publish.edit") },
      { resource: connection("ig") },
      { subject: { type: "robot" } },
      { context: { time: "now" } },
      { page: { token, properties: { sort: "name" } } },
      { page: { token } },
      { page: { ...page, limit: 3 } },
    ]) {
      const answer = await post(paged, "/access/v1/search/subject", { ...body, page, ...changed });
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("is no token of this search")]);
    }
    const whole = { ...body, subject: user("ana"), page };
    expect((await post(paged, "/access/v1/search/resource", whole)).status).toBe(400);
    expect((await post(paged, "/access/v1/search/action", whole)).status).toBe(400);
  });

  it("do not follow for a token that was made up, and one that fits shows what the request finds anyway", async () => {
    const token: string = (await find({ limit: 2 })).body.page.next_token;
    const [offset, limit, search] = token.split("-");
    for (const forged of [
      ...["", "-", "0", "__proto__", "NaN-2-x", token.slice(1), `${token}x`, `${token}\n`, ` ${token}`, "\ud800"],
      ...[`-1-${limit}-${search}`, `0-${limit}-${search}`, `02-${limit}-${search}`, `1e3-${limit}-${search}`],
      ...[`${offset}-02-${search}`, `9999999999999999-${limit}-${search}`, `${offset}-${limit}-${search}0`],
    ]) {
      expect((await find({ token: forged })).status, forged).toBe(400);
    }
    const moved = (await find({ token: `5-${limit}-${search}` })).body;
    expect(idsIn(moved)).toEqual(["user-5", "user-6"]);
    const widened = (await find({ token: `${offset}-1000-${search}` })).body;
    expect(widened.results).toHaveLength(3);
  });

  it.each([
    ["page", 5],
    ["page", null],
    ["page", []],
    ["limit", { limit: -1 }],
    ["limit", { limit: 1.5 }],
    ["limit", { limit: "2" }],
    ["limit", { limit: null }],
    ["limit", { limit: 1e300 }],
    ["token", { token: 5 }],
    ["token", { token: null }],
    ["properties", { properties: [] }],
  ])("with a mistyped %s are 400: %j", async (_, page) => {
    expect((await find(page)).status).toBe(400);
  });

  it("ignore unknown members", async () => {
    expect((await find({ limit: 2, cursor: 5 })).status).toBe(200);
  });
});
