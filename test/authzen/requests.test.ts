import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createDecisionPoint } from "../../src/authzen/index.js";
import { createUser, engage } from "../../src/index.js";
import { hostileNames } from "../support/arbitraries.js";
import {
  account,
  action,
  connection,
  failures,
  group,
  options,
  pointWith,
  post,
  user,
} from "../support/decision-point.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

// Requests: what is read, what is refused, and how each is answered.

const point = pointWith();
beforeEach(() => void failures.splice(0));

const whole = { subject: user("ana"), action: action("publish.view"), resource: group("own") };
const paths = {
  "/access/v1/evaluation": ["subject", "action", "resource"],
  "/access/v1/evaluations": ["subject", "action", "resource"],
  "/access/v1/search/subject": ["subject", "action", "resource"],
  "/access/v1/search/resource": ["subject", "action", "resource"],
  "/access/v1/search/action": ["subject", "resource"],
} as const;
const allPaths = Object.keys(paths);

const searched: Readonly<Record<string, string>> = {
  "/access/v1/search/subject": "subject",
  "/access/v1/search/resource": "resource",
};

describe.each(allPaths)("%s", (path) => {
  const members = paths[path as keyof typeof paths];

  it("answers what is whole, and ignores what is unknown", async () => {
    const more = { foo: "bar", futureField: { nested: true }, options: {} };
    expect((await post(point, path, { ...whole, ...more })).status).toBe(200);
    expect((await post(point, path, { ...whole, context: { time: "2025-06-27T18:03-07:00" } })).status).toBe(200);
  });

  it.each(members)("is 400 without %s, or with another type for it", async (member) => {
    const { [member as "subject"]: _, ...rest } = whole;
    const answer = await post(point, path, rest);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(`"${member}"`)]);
    for (const value of ["ana", 5, null, [], true, ["user", "ana"]]) {
      expect((await post(point, path, { ...rest, [member]: value })).status).toBe(400);
    }
    expect(failures).toEqual([]);
  });

  it.each(members)("is 400 for a part of %s that is missing or has another type", async (member) => {
    const isSearched = searched[path] === member;
    const parts = member === "action" ? ["name"] : isSearched ? ["type"] : ["type", "id"];
    for (const part of parts) {
      for (const value of [undefined, 5, null, [], {}, ["ana"], true, "\ud800", "ana\udfff"]) {
        const broken = { ...whole, [member]: { ...whole[member], [part]: value } };
        expect((await post(point, path, broken)).status, `${part} ${value}`).toBe(400);
      }
    }
    for (const properties of ["x", 5, null, []]) {
      expect((await post(point, path, { ...whole, [member]: { ...whole[member], properties } })).status).toBe(400);
    }
  });

  it("is 400 for a context that is no object", async () => {
    for (const context of ["x", 5, null, []]) expect((await post(point, path, { ...whole, context })).status).toBe(400);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["JSON5", "{subject:{}}"],
    ["two values", "{}{}"],
    ["a text", '"x"'],
    ["a number", "5"],
    ["null", "null"],
    ["a list", "[]"],
    ["a comment", "{} // x"],
  ])("is 400 for a body that is %s", async (_, body) => {
    expect((await post(point, path, body)).status).toBe(400);
  });

  it("is 400 for another content type, and takes one with a parameter", async () => {
    for (const type of [
      "text/plain",
      "application/json5",
      "application/x-www-form-urlencoded",
      "",
      "text/application/json",
    ]) {
      const answer = await post(point, path, whole, { "content-type": type });
      expect([answer.status, answer.body]).toEqual([400, "expected the content type application/json"]);
    }
    for (const type of ["application/json; charset=utf-8", "Application/JSON"]) {
      expect((await post(point, path, whole, { "content-type": type })).status).toBe(200);
    }
    for (const headers of [{}, { "content-type": "application/json" }]) {
      const response = await point(
        new Request(`https://pdp.test${path}`, { method: "POST", headers: new Headers(headers) }),
      );
      expect(response.status).toBe(400);
    }
  });

  it("is 405 for another method", async () => {
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"]) {
      const response = await point(new Request(`https://pdp.test${path}`, { method }));
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });

  it("gives the identifier of a request back, whatever the answer", async () => {
    for (const body of [whole, "{", { ...whole, subject: 5 }]) {
      const id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716 é";
      const answer = await post(point, path, body, { "x-request-id": id });
      expect(answer.headers.get("x-request-id")).toBe(id);
      expect((await post(point, path, body)).headers.has("x-request-id")).toBe(false);
    }
  });
});

it("the identifier comes back with 404, 405 and 500, too", async () => {
  const headers = { "x-request-id": "7", "content-type": "application/json" };
  const broken = pointWith({ loadUser: () => Promise.reject(new Error("gone")) });
  const asked = [
    await point(new Request("https://pdp.test/", { headers })),
    await point(new Request("https://pdp.test/access/v1/evaluation", { headers })),
    await point(new Request("https://pdp.test/.well-known/authzen-configuration", { headers })),
    await broken(
      new Request("https://pdp.test/access/v1/evaluation", { method: "POST", headers, body: JSON.stringify(whole) }),
    ),
  ];
  expect(asked.map(({ status, headers: given }) => [status, given.get("x-request-id")])).toEqual([
    [404, "7"],
    [405, "7"],
    [200, "7"],
    [500, "7"],
  ]);
});

it("nobody may keep an answer", async () => {
  const answer = await post(point, "/access/v1/evaluation", whole);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("content-type")).toBe("application/json");
  const wrong = await post(point, "/access/v1/evaluation", "{");
  expect(wrong.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(wrong.headers.get("x-content-type-options")).toBe("nosniff");
});

describe("hostile bodies", () => {
  const path = "/access/v1/evaluation";
  const said = async (body: unknown, asked = point) => {
    const answer = await post(asked, path, body);
    return [answer.status, answer.body];
  };

  it("longer than they may be are 413, counted in bytes as they come", async () => {
    const body = JSON.stringify(whole);
    const size = new TextEncoder().encode(body).length;
    expect(await said(whole, pointWith({ mostBytes: size }))).toEqual([200, { decision: true }]);
    expect(await said(whole, pointWith({ mostBytes: size - 1 }))).toEqual([413, expect.stringContaining("at most")]);
    expect((await said({ ...whole, context: { text: "x".repeat(2 ** 20) } }))[0]).toBe(413);
  });

  it("without an end are not read to the end", async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new TextEncoder().encode(" ".repeat(1000)));
      },
    });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" };
    const response = await pointWith({ mostBytes: 10_000 })(new Request(`https://pdp.test${path}`, init));
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });

  it("in pieces are put together, also within a character", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...whole, subject: user("anä") }));
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" };
    const asking = pointWith({ loadUser: (id) => (id === "anä" ? account.user("ana") : undefined) });
    const response = await asking(new Request(`https://pdp.test${path}`, init));
    expect(await response.json()).toEqual({ decision: true });
  });

  it("that are not UTF-8 are 400", async () => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Uint8Array.of(0x22, 0xff, 0x22),
    };
    expect((await point(new Request(`https://pdp.test${path}`, init))).status).toBe(400);
  });

  it("that somebody has read already are 500, for the server is wrong", async () => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(whole) };
    const request = new Request(`https://pdp.test${path}`, init);
    await request.text();
    expect((await point(request)).status).toBe(500);
    expect(failures).toHaveLength(1);
  });

  it("of many levels are 400", async () => {
    const nested = (levels: number) =>
      `{ "context": { "a": ${"[".repeat(levels)}${"]".repeat(levels)} }, ${JSON.stringify(whole).slice(1)}`;
    expect(await said(nested(62))).toEqual([200, { decision: true }]);
    expect(await said(nested(63))).toEqual([400, expect.stringContaining("64 levels")]);
    expect((await said(nested(400_000)))[0]).toBe(400);
    expect((await said("[".repeat(1_000_000)))[0]).toBe(400);
    expect((await said('{"a":'.repeat(150_000)))[0]).toBe(400);
  });

  it.each([
    ["of the request", `{ "subject": {}, ${JSON.stringify(whole).slice(1)}`, '"subject" is repeated'],
    ["within", JSON.stringify(whole).replace('"id":"ana"', '"id":"cat","id":"ana"'), '"id" is repeated'],
    [
      "in other writing",
      JSON.stringify(whole).replace('"id":"ana"', '"id":"cat","\\u0069d" : "ana"'),
      '"id" is repeated',
    ],
    ["named like the prototype", `{ "__proto__": 1, "__proto__": 2, ${JSON.stringify(whole).slice(1)}`, "is repeated"],
  ])("with a repeated member %s are 400", async (_, body, message) => {
    expect(await said(body)).toEqual([400, expect.stringContaining(message)]);
  });

  it("whose texts look like members, brackets or ends are read as JSON reads them", async () => {
    const context = {
      a: '"id":',
      b: ['"id":', "{[{[", "}]", "\\", '\\"', "\\\\"],
      c: { "{": 1, ":": 2, '"': 3, "\\": 4 },
    };
    expect(await said({ ...whole, context })).toEqual([200, { decision: true }]);
    expect(await said({ ...whole, context: { text: '\\"'.repeat(200_000) } })).toEqual([200, { decision: true }]);
  });

  it("of anything at all are answered with 200 or 400, and with a yes only to who is asked about", async () => {
    const part = fc.oneof(
      fc.constantFrom<unknown>("user", "ana", "group", "own", "publish.edit", ...hostileNames),
      fc.jsonValue(),
    );
    const key = fc.constantFrom(
      "type",
      "id",
      "name",
      "properties",
      "token",
      "limit",
      "evaluations_semantic",
      ...hostileNames,
    );
    const entity = fc.oneof(
      { weight: 3, arbitrary: fc.dictionary(key, part) },
      { weight: 3, arbitrary: fc.constantFrom<unknown>(user("ben"), action("publish.edit"), group("own")) },
      part,
    );
    const top = fc.constantFrom(
      "subject",
      "action",
      "resource",
      "context",
      "evaluations",
      "options",
      "page",
      ...hostileNames,
    );
    const body = fc.dictionary(top, fc.oneof(entity, fc.array(fc.dictionary(top, entity), { maxLength: 3 })));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...allPaths), body, async (asked, drawn) => {
        const answer = await post(point, asked, drawn);
        expect([200, 400]).toContain(answer.status);
        // Ben may not edit, and is the only subject with an answer of the policy.
        expect(JSON.stringify(answer.body)).not.toContain('"decision":true');
        expect(failures).toEqual([]);
      }),
      { numRuns: runs(20_000) },
    );
  });
});

describe("the configuration", () => {
  const configurationOf = async (asked: typeof point, url: string) => (await asked(new Request(url))).json();
  const wellKnown = "/.well-known/authzen-configuration";

  it("names every endpoint, below the identifier", async () => {
    const named = pointWith({ url: "https://pdp.example.com" });
    const response = await named(new Request(`http://10.0.0.1:3000${wellKnown}`, { headers: { host: "evil.test" } }));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await response.json()).toEqual({
      policy_decision_point: "https://pdp.example.com",
      access_evaluation_endpoint: "https://pdp.example.com/access/v1/evaluation",
      access_evaluations_endpoint: "https://pdp.example.com/access/v1/evaluations",
      search_subject_endpoint: "https://pdp.example.com/access/v1/search/subject",
      search_resource_endpoint: "https://pdp.example.com/access/v1/search/resource",
      search_action_endpoint: "https://pdp.example.com/access/v1/search/action",
    });
  });

  it("of a tenant has its path behind the well-known one, and the endpoints are below that path alone", async () => {
    const tenant = pointWith({ url: "https://pdp.example.com/tenants/acme" });
    const { policy_decision_point, access_evaluation_endpoint } = await configurationOf(
      tenant,
      `https://pdp.example.com${wellKnown}/tenants/acme`,
    );
    expect(policy_decision_point).toBe("https://pdp.example.com/tenants/acme");
    expect((await post(tenant, new URL(access_evaluation_endpoint).pathname, whole)).body).toEqual({ decision: true });
    expect((await post(tenant, "/access/v1/evaluation", whole)).status).toBe(404);
    expect((await tenant(new Request(`https://pdp.example.com${wellKnown}`))).status).toBe(404);
  });

  it("is that of the request's origin, where no identifier is given", async () => {
    const { policy_decision_point } = await configurationOf(point, `http://127.0.0.1:8080${wellKnown}`);
    expect(policy_decision_point).toBe("http://127.0.0.1:8080");
  });

  it("does not name a search that is not offered", async () => {
    const { loadAccount: _, ...others } = options;
    const bare = createDecisionPoint(engage, others);
    expect(await configurationOf(bare, `https://pdp.test${wellKnown}`)).not.toHaveProperty("search_subject_endpoint");
  });

  it("is 405 for another method than GET", async () => {
    const response = await point(new Request(`https://pdp.test${wellKnown}`, { method: "POST" }));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
  });
});

it.each([
  "/",
  "/access/v1/evaluation/",
  "/access/v1/Evaluation",
  "/access/v1/search",
  "//access/v1/evaluation",
  "/constructor",
])("there is no endpoint at %s", async (path) => {
  expect((await point(new Request(`https://pdp.test${path}`))).status).toBe(404);
});

describe("types of entities may have names of the application", () => {
  const types = { user: "member", connection: "channel", group: "post", account: "company" };
  const named = pointWith({ types });

  it("in questions and in answers", async () => {
    const subject = { type: "member", id: "ana" };
    const asked = { subject, action: action("publish.view"), resource: { type: "post", id: "own" } };
    expect((await post(named, "/access/v1/evaluation", asked)).body).toEqual({ decision: true });
    expect((await post(named, "/access/v1/evaluation", whole)).body).toMatchObject({ decision: false });
    const found = await post(named, "/access/v1/search/resource", { ...asked, resource: { type: "channel" } });
    expect(found.body.results).toEqual([
      { type: "channel", id: "fb" },
      { type: "channel", id: "ig" },
    ]);
    const members = await post(named, "/access/v1/search/subject", { ...asked, subject: { type: "member" } });
    expect(members.body.results[0]).toEqual(subject);
    const company = { subject: { type: "member", id: "cat" }, resource: { type: "company", id: "acme" } };
    expect((await post(named, "/access/v1/search/action", company)).body.results).toContainEqual(
      action("connections.create"),
    );
  });

  it("one of which may be left out, and a subject may be named as a resource is", async () => {
    const same = pointWith({ types: { user: "group" } });
    const asked = { ...whole, subject: { type: "group", id: "ana" } };
    expect((await post(same, "/access/v1/evaluation", asked)).body).toEqual({ decision: true });
  });
});

describe("options are refused with their place", () => {
  const made = (changed: object) => refusal(() => createDecisionPoint(engage, { ...options, ...changed } as never));
  it.each<[string, object, readonly (string | number)[]]>([
    ["an unknown key", { loadPost: () => undefined }, ["loadPost"]],
    ["no account", { account: "" }, ["account"]],
    ["an account that is no text", { account: 5 }, ["account"]],
    ["a loader that is none", { loadUser: account }, ["loadUser"]],
    ["a loader that is none", { loadGroup: "own" }, ["loadGroup"]],
    ["a loader that is none", { loadAccount: account }, ["loadAccount"]],
    ["a list that is none", { listGroups: [] }, ["listGroups"]],
    ["a listener that is none", { onError: null }, ["onError"]],
    ["a bound of zero", { mostBytes: 0 }, ["mostBytes"]],
    ["a bound in pieces", { mostEvaluations: 1.5 }, ["mostEvaluations"]],
    ["a bound that is no number", { mostResults: "10" }, ["mostResults"]],
    ["types that are none", { types: "user" }, ["types"]],
    ["an unknown kind", { types: { post: "post" } }, ["types", "post"]],
    ["a type without a name", { types: { group: "" } }, ["types", "group"]],
    ["two resources of one name", { types: { group: "connection" } }, ["types", "group"]],
    ["two resources of one name", { types: { account: "group" } }, ["types", "account"]],
    ...["account", "loadUser", "onError", "url", "types", "loadGroup", "mostBytes"].map(
      (key): [string, object, string[]] => [`${key} that is undefined`, { [key]: undefined }, [key]],
    ),
    ...[
      ...[
        "http://pdp.example.com",
        "https://pdp.example.com/",
        "https://pdp.example.com?x",
        "https://pdp.example.com#x",
      ],
      ...[
        "https://u:p@pdp.example.com",
        "HTTPS://pdp.example.com",
        "pdp.example.com",
        "",
        "https://PDP.example.com",
        5,
      ],
      ...["https://pdp.example.com/a/", "https://pdp.example.com/a/../b", " https://pdp.example.com"],
    ].map((url): [string, object, string[]] => [`the identifier ${url}`, { url }, ["url"]]),
  ])("%s", (_, changed, path) => {
    expect(made(changed)).toMatchObject({ code: "invalid-decision-point", path });
  });

  it.each(["account", "loadUser", "onError"])("%s that is missing", (key) => {
    const { [key as "account"]: _, ...others } = options;
    expect(refusal(() => createDecisionPoint(engage, others as never))).toMatchObject({
      code: "invalid-decision-point",
      path: [key],
    });
  });

  it("a policy that definePolicy did not make", () => {
    expect(refusal(() => createDecisionPoint({ ...engage } as never, options)).code).toBe("invalid-policy");
  });
});

describe("what every object inherits changes no answer", () => {
  // The members of requests and options, and what is passed on between them; not what the runner of the tests reads, too.
  const names = [
    ...["subject", "action", "resource", "context", "evaluations", "options", "evaluations_semantic", "page", "id"],
    ...[
      "properties",
      "token",
      "limit",
      "account",
      "connection",
      "group",
      "user",
      "loadGroup",
      "loadAccount",
      "listGroups",
    ],
    ...["url", "types", "mostBytes", "mostEvaluations", "mostResults", "unknown", "target", "decision", "allowed"],
    ...[
      "reason",
      "message",
      "isAsked",
      "offset",
      "search",
      "connections",
      "relations",
      "statusText",
      "duplex",
      "holds",
    ],
  ];
  const { loadGroup: _, listGroups: _list, ...few } = options;
  const several = { ...whole, evaluations: [{}, { resource: group("none") }, { subject: {} }, {}], options: {} };
  const bodies = [whole, { ...whole, subject: {} }, { ...whole, page: {} }, several, "{", "[]"];

  /** Asks everything. Only the decision point itself works while objects inherit: requests and texts are the test's. */
  async function answers(inherit: () => unknown, disinherit: () => unknown) {
    const given: unknown[] = [];
    for (const each of [options, few]) {
      for (const path of [...allPaths, "/.well-known/authzen-configuration", "/"]) {
        for (const body of path.startsWith("/access") ? bodies : [undefined]) {
          const text = typeof body === "string" ? body : JSON.stringify(body);
          const init =
            body === undefined ? {} : { method: "POST", body: text, headers: { "content-type": "application/json" } };
          const request = new Request(`https://pdp.test${path}`, init);
          let response: Response;
          inherit();
          try {
            response = await createDecisionPoint(engage, each)(request);
          } finally {
            disinherit();
          }
          given.push([
            response.status,
            response.statusText,
            response.headers.get("content-type"),
            await response.text(),
          ]);
        }
      }
    }
    return given;
  }

  it.each<[string, unknown]>([
    ["a text", "publish"],
    ["true", true],
    [
      "an entity",
      {
        type: "user",
        id: "cat",
        name: "publish.view",
        limit: 1,
        token: "x",
        evaluations_semantic: "deny_on_first_deny",
      },
    ],
  ])("%s under any name that requests and options have", async (_kind, value) => {
    const clean = await answers(
      () => {},
      () => {},
    );
    const prototype = Object.prototype as Record<string, unknown>;
    for (const name of names) {
      const found = await answers(
        () => Object.defineProperty(prototype, name, { value, configurable: true, enumerable: true, writable: true }),
        () => delete prototype[name],
      );
      expect(found, name).toEqual(clean);
    }
    expect(failures).toEqual([]);
  });
});

it("a user that was made for the test is the one that is asked", async () => {
  const eve = createUser(engage, { id: "eve", role: "viewer", grants: { ig: { publish: "full-access" } } });
  const one = pointWith({ loadUser: (id) => (id === "eve" ? eve : undefined) });
  const asked = { subject: user("eve"), action: action("publish.select"), resource: connection("ig") };
  expect((await post(one, "/access/v1/evaluation", asked)).body).toEqual({ decision: true });
});
