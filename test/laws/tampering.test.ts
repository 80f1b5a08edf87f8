import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  accessLevel,
  allowedActions,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  type Policy,
  type PolicyError,
  prepareGroup,
} from "../../src/index.js";
import {
  grantSchema,
  matrixRowsSchema,
  matrixSchema,
  policySchema,
  targetSchema,
  userSchema,
} from "../../src/schema/index.js";

// Whatever the library hands out is changed in every way there is; no answer may change with it.

const grants = {
  fb: { publish: "needs-approval" },
  ig: { publish: "view-only", approver: true, analytics: "full-access" },
} as const;

const world = () => {
  const input = { id: "ana", role: "viewer", grants, connections: ["x"] } as const;
  const blog = definePolicy({
    name: "blog",
    levels: ["none", "read", "write"],
    areas: { posts: { levels: ["none", "read", "write"], flags: { lead: ["write"] } } },
    roles: { author: {}, owner: { holds: { posts: "write" } } },
    actions: { write: { target: "group", allow: [{ role: ["owner"] }, { area: "posts", every: "lead" }] } },
  });
  const account = createMatrix(engage, { users: [input, { id: "ben", role: "admin" }], connections: ["fb", "zz"] });
  return {
    groups: [account.group(post), prepareGroup(engage, post)],
    account,
    blog,
    author: createUser(blog, { id: "eve", role: "author", grants: { fb: { posts: "write" } } }),
    ana: createUser(engage, input),
    mia: createUser(buffer, { id: "mia", role: "owner", connections: ["fb"] }),
  };
};
type World = ReturnType<typeof world>;

const post = { connections: ["fb", "ig"] };

/** Everything that can be asked in this world. */
function answers({ blog, author, ana, account, mia, groups }: World): string {
  return JSON.stringify([
    [ana, account.user("ana"), account.user("ben"), mia, author].map((user) => {
      const policy: Policy = user === mia ? buffer : user === author ? blog : engage;
      return Object.entries(policy.actions).map(([action, { target }]) => {
        const about = target === "none" ? [] : target === "group" ? [post] : ["fb"];
        return (can as (...call: unknown[]) => boolean)(user, action, ...about);
      });
    }),
    [ana, author, mia, account],
    [accessLevel(ana, "publish", post), allowedActions(ana, post), explain(ana, "publish.post-now", post)],
    [account.usersFor("publish.approve", { connections: ["ig"] }), account.connectionsFor("ana", "publish.select")],
    groups.map((group) => [
      allowedActions(account.user("ana"), group),
      account.usersFor("publish.approve", group),
      explain(account.user("ben"), "publish.view", group),
    ]),
    [account.users(), account.connections(), account.visibleConnections("ana", "publish"), account.grant("ana", "fb")],
  ]);
}

/** All that is handed out, by whatever asks for it. */
function handedOut({ blog, author, ana, account, mia, groups }: World): unknown[] {
  const refused = (() => {
    try {
      return createUser(engage, { id: "p", role: "viewer", grants: { fb: { publish: "all" as never } } });
    } catch (error) {
      return (error as PolicyError).path;
    }
  })();
  return [
    ...groups,
    ...[engage, buffer, blog, author, ana, mia, account, account.user("ana"), account.user("ben")],
    ...[
      ana.toJSON(),
      mia.toJSON(),
      account.toJSON(),
      account.users(),
      account.connections(),
      account.grant("ana", "ig"),
    ],
    ...[allowedActions(ana), allowedActions(ana, "fb"), allowedActions(ana, post), refused],
    ...[explain(ana, "publish.post-now", post), explain(ana, "publish.approve", post), explain(ana, "publish.create")],
    ...[account.usersFor("publish.approve", post), account.connectionsFor("ana", "publish.select")],
    ...[account.visibleConnections("ana", "analytics"), account.assign("ana", "zz", {}), account.revoke("ana", "fb")],
  ];
}

/** What is not the library's to protect, and what the test itself runs on. */
const builtIn = new Set<unknown>([Object, Array, Function, Map, Error].map(({ prototype }) => prototype));

/** Tries to change an object, and all that hangs from it, in every way. */
function tamper(value: unknown, seen = new Set<unknown>()): void {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
  if (builtIn.has(value)) return;
  seen.add(value);
  const inside = Reflect.ownKeys(value).map((key) => Reflect.getOwnPropertyDescriptor(value, key)?.value as unknown);
  for (const each of [...inside, Object.getPrototypeOf(value)]) tamper(each, seen);
  for (const key of [...Reflect.ownKeys(value), "publish", "role", "fb", "0", "toJSON"]) {
    for (const attack of ["full-access", "admin", 0, [], {}, () => ({ publish: "full-access" })]) {
      if (key === "length" && typeof attack !== "number") continue;
      Reflect.set(value, key, attack);
      Reflect.defineProperty(value, key, { value: attack });
    }
    Reflect.deleteProperty(value, key);
  }
  Reflect.setPrototypeOf(value, { publish: "full-access", role: "admin" });
  for (const method of ["push", "unshift", "pop", "shift", "reverse", "sort", "fill"] as const) {
    try {
      (Array.prototype[method] as (this: unknown, ...values: unknown[]) => unknown).call(value, "fb");
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
  }
}

describe("nothing that its receiver does to it changes a decision", () => {
  it("policies, users, matrices, decisions, lists, grants and paths", () => {
    const before = world();
    const expected = answers(before);
    const handed = handedOut(before);
    const copies = JSON.stringify(handed);
    for (const each of handed) tamper(each);
    expect(answers(before)).toBe(expected);
    expect(answers(world())).toBe(expected);
    expect(JSON.stringify(handed)).toBe(copies);
  });

  it("what was given, once it was read", () => {
    const given = {
      id: "ana",
      role: "viewer" as const,
      grants: new Map<string, { publish: "view-only" | "full-access" }>([["fb", { publish: "view-only" }]]),
      connections: ["ig"],
    };
    const input = { users: [given], connections: ["fb"] };
    const definition = structuredClone({ ...engage });
    const [user, account, policy] = [createUser(engage, given), createMatrix(engage, input), definePolicy(definition)];
    const all = () => JSON.stringify([user, account, policy, can(user, "publish.post-now", { connections: ["fb"] })]);
    const before = all();
    given.grants.set("fb", { publish: "full-access" });
    given.connections.push("zz");
    input.users.length = 0;
    tamper(given);
    tamper(input);
    tamper(definition);
    expect(all()).toBe(before);
  });

  it("what a schema gives and what it was given: each is the receiver's own copy", () => {
    const row = { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } }, connections: ["ig"] };
    const tables = {
      users: [{ id: "ana", role: "viewer" }],
      connections: [{ id: "fb" }],
      grants: [{ user: "ana", connection: "fb", grant: { publish: "view-only" } }],
    };
    const cases: [z.ZodType, unknown][] = [
      [grantSchema(engage), { publish: "view-only" }],
      [userSchema(engage), row],
      [matrixSchema(engage), { users: [structuredClone(row)], connections: ["fb"] }],
      [matrixRowsSchema(engage), tables],
      [targetSchema(engage, "publish.view"), { connections: ["fb"] }],
      [policySchema, JSON.parse(JSON.stringify(engage))],
    ];
    for (const [schema, value] of cases) {
      const expected = JSON.stringify(schema.parse(value));
      const read = schema.parse(value);
      tamper(value);
      expect(JSON.stringify(read)).toBe(expected);
    }
    for (const [schema] of cases) tamper(schema.safeParse({ id: 5 }).error?.issues);
    const user = createUser(engage, userSchema(engage).parse({ id: "ana", role: "viewer", grants }));
    expect(can(user, "publish.post-now", { connections: ["fb"] })).toBe(false);
    expect(z.toJSONSchema(grantSchema(engage))).toEqual(z.toJSONSchema(grantSchema(engage)));
    tamper(z.toJSONSchema(grantSchema(engage)));
    expect(JSON.stringify(z.toJSONSchema(grantSchema(engage)))).not.toContain('"admin"');
  });
});
