import { describe, expect, it } from "vitest";
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
  formatDecision,
  PolicyError,
  type User,
} from "../../src/index.js";
import { define, hostileNames } from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

const loosely = {
  createUser: createUser as unknown as (policy: unknown, input: unknown) => User,
  can: can as unknown as (...call: unknown[]) => boolean,
  explain: explain as unknown as (...call: unknown[]) => unknown,
  accessLevel: accessLevel as unknown as (...call: unknown[]) => string,
  allowedActions: allowedActions as unknown as (...call: unknown[]) => string[],
};

const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });

describe("createUser refuses", () => {
  const create = (fields: unknown) => refusal(() => loosely.createUser(engage, fields));
  const withGrants = (grants: unknown) => create({ id: "p", role: "viewer", grants });

  it("what is no user", () => {
    expect(create(null)).toEqual({ code: "invalid-user", message: "null is not accepted; expected a plain object" });
    expect(create([])).toEqual({ code: "invalid-user", message: "an array is not accepted; expected a plain object" });
    expect(create("ana")).toEqual({ code: "invalid-user", message: '"ana" is not accepted; expected a plain object' });
  });

  it("a user without a string id", () => {
    expect(create({ role: "viewer" })).toEqual({
      code: "invalid-user",
      message: 'undefined is not a user id; expected a string (at "id")',
      path: ["id"],
    });
    expect(create({ id: 7, role: "viewer" }).message).toBe('7 is not a user id; expected a string (at "id")');
  });

  it("an unknown role, an inherited one too", () => {
    expect(create({ id: "p", role: "owner" })).toEqual({
      code: "invalid-user",
      message: '"owner" is not a role; expected "admin" or "viewer" (at "role")',
      path: ["role"],
    });
    expect(create(Object.assign(Object.create({ role: "admin" }), { id: "p" })).code).toBe("invalid-user");
    expect(create({ id: "p", role: "constructor" }).code).toBe("invalid-user");
  });

  it("a misspelt key, which would otherwise be a user with nothing", () => {
    expect(create({ id: "p", role: "viewer", grant: {} })).toEqual({
      code: "invalid-user",
      message: 'unknown key "grant"; expected "id", "role", "grants", "connections" or "limit" (at "grant")',
      path: ["grant"],
    });
  });

  it("connections that are no list of ids", () => {
    const message = '"fb" is not accepted; expected an array (at "connections")';
    expect(create({ id: "p", role: "viewer", connections: "fb" })).toEqual({
      code: "invalid-user",
      message,
      path: ["connections"],
    });
    expect(create({ id: "p", role: "viewer", connections: null }).code).toBe("invalid-user");
    expect(create({ id: "p", role: "viewer", connections: ["fb", 5] })).toEqual({
      code: "invalid-user",
      message: '5 is not accepted; expected a string (at "connections" > 1)',
      path: ["connections", 1],
    });
  });

  it("grants of no known form", () => {
    for (const grants of [null, "fb", 5, true]) {
      expect(withGrants(grants)).toMatchObject({ code: "invalid-grant", path: ["grants"] });
    }
    expect(withGrants("fb").message).toBe(
      '"fb" is not accepted; expected a plain object by connection, a Map or entries (at "grants")',
    );
    const message = 'an array is not an entry; expected [connection, grant] (at "grants" > 1)';
    expect(withGrants([["fb", {}], ["ig"]])).toEqual({ code: "invalid-grant", message, path: ["grants", 1] });
    for (const entry of [["fb", {}, {}], [5, {}], "fb", { 0: "fb", 1: {}, length: 2 }, null]) {
      expect(withGrants([entry])).toMatchObject({ code: "invalid-grant", path: ["grants", 0] });
    }
    expect(withGrants(new Map([[5, {}]]))).toMatchObject({ code: "invalid-grant", path: ["grants", 0] });
    const third = new Map<unknown, object>(["fb", "ig", 5].map((id) => [id, {}]));
    expect(withGrants(third)).toMatchObject({ code: "invalid-grant", path: ["grants", 2] });
  });

  it("what has no grants to read: a promise that nobody awaited, a date", () => {
    for (const grants of [
      Promise.resolve({}),
      new Date(),
      new WeakMap(),
      Object.assign(() => undefined, { [Symbol.toStringTag]: "Object" }),
      {
        get [Symbol.toStringTag]() {
          return "Promise";
        },
      },
    ]) {
      expect(withGrants(grants)).toMatchObject({ code: "invalid-grant", path: ["grants"] });
      expect(withGrants({ fb: grants })).toMatchObject({ code: "invalid-grant", path: ["grants", "fb"] });
    }
  });

  it("entries, or one, that say one thing by index and another by their own iterator", () => {
    const entry = Object.assign(["fb", { publish: "view-only" }], {
      [Symbol.iterator]: () => ["ig", { publish: "full-access" }].values(),
    });
    const user = loosely.createUser(engage, { id: "p", role: "viewer", grants: [entry] });
    expect(user.toJSON().grants).toEqual({ fb: { publish: "view-only" } });
    const grants = Object.assign([["fb", { publish: "view-only" }]], { [Symbol.iterator]: () => [].values() });
    expect(loosely.createUser(engage, { id: "p", role: "viewer", grants }).toJSON()).toEqual(user.toJSON());
    let reads = 0;
    const changing = Object.defineProperty(["", {}], 0, { get: () => (reads++ === 0 ? "fb" : {}) });
    expect(loosely.createUser(engage, { id: "p", role: "viewer", grants: [changing] }).toJSON().connections).toEqual([
      "fb",
    ]);
  });

  it("lists that are nothing but long, at their first element", () => {
    const long = new Array(2 ** 32 - 1);
    expect(create({ id: "p", role: "viewer", connections: long }).path).toEqual(["connections", 0]);
    expect(refusal(() => createMatrix(engage, { users: long })).path).toEqual(["users", 0]);
    expect(refusal(() => loosely.explain(ana, "publish.view", { connections: long })).path).toEqual(["connections", 0]);
  });

  it("a connection twice in entries", () => {
    expect(
      withGrants([
        ["fb", {}],
        ["fb", { publish: "full-access" }],
      ]),
    ).toEqual({
      code: "invalid-grant",
      message: 'two grants on "fb"; expected one (at "grants" > "fb")',
      path: ["grants", "fb"],
    });
  });

  it("a grant that is no object", () => {
    for (const grant of [null, "full-access", 5, ["full-access"], new Map([["publish", "full-access"]])]) {
      expect(withGrants({ fb: grant })).toMatchObject({ code: "invalid-grant", path: ["grants", "fb"] });
    }
    expect(withGrants({ fb: null }).message).toBe('null is not a grant; expected a plain object (at "grants" > "fb")');
  });

  it("a level that its area lacks", () => {
    expect(withGrants({ fb: { analytics: "view-only" } })).toEqual({
      code: "invalid-grant",
      message:
        '"view-only" is not a level of analytics; expected "no-access" or "full-access" (at "grants" > "fb" > "analytics")',
      path: ["grants", "fb", "analytics"],
    });
    for (const level of ["constructor", "__proto__", 0, null, ["view-only"], { toString: () => "view-only" }]) {
      expect(withGrants({ fb: { publish: level } })).toMatchObject({
        code: "invalid-grant",
        path: ["grants", "fb", "publish"],
      });
    }
  });

  it("a flag beside a level that may not carry it, and what is no flag's value", () => {
    expect(withGrants({ fb: { publish: "needs-approval", approver: true } })).toEqual({
      code: "invalid-grant",
      message:
        'approver does not go with publish "needs-approval"; expected "view-only" or "full-access" (at "grants" > "fb" > "approver")',
      path: ["grants", "fb", "approver"],
    });
    for (const value of ["true", 1, null, {}]) {
      expect(withGrants({ fb: { publish: "full-access", approver: value } })).toMatchObject({
        code: "invalid-grant",
        path: ["grants", "fb", "approver"],
      });
    }
    expect(withGrants({ fb: { publish: "full-access", approver: 1 } }).message).toBe(
      '1 is not a value of approver; expected true or false (at "grants" > "fb" > "approver")',
    );
  });

  it("an unknown key in a grant", () => {
    expect(withGrants({ fb: { publsh: "full-access" } })).toEqual({
      code: "invalid-grant",
      message:
        'unknown key "publsh"; expected "conversations", "publish", "approver", "analytics" or "until" (at "grants" > "fb" > "publsh")',
      path: ["grants", "fb", "publsh"],
    });
    for (const key of ["constructor", "__proto__", "toString", ""]) {
      expect(withGrants({ fb: JSON.parse(`{ ${JSON.stringify(key)}: "full-access" }`) }).path).toEqual([
        "grants",
        "fb",
        key,
      ]);
    }
  });

  it("anything for a user whose role holds everywhere", () => {
    expect(refusal(() => createUser(buffer, { id: "o", role: "owner", grants: { ig: {} } }))).toEqual({
      code: "invalid-grant",
      message: 'the role "owner" holds the same everywhere; expected no grant (at "grants" > "ig")',
      path: ["grants", "ig"],
    });
    expect(createUser(buffer, { id: "o", role: "owner", grants: {} }).role).toBe("owner");
    expect(createUser(buffer, { id: "o", role: "owner", grants: { ig: undefined } }).role).toBe("owner");
  });
});

describe("createUser accepts", () => {
  const full = { publish: "full-access" } as const;
  const allowed = (grants: object) =>
    can(createUser(engage, { id: "p", role: "viewer", grants: grants as never }), "publish.post-now", {
      connections: ["fb"],
    });

  it("grants as an object, a Map, entries, and whatever yields entries", () => {
    expect(allowed({ fb: full })).toBe(true);
    expect(allowed(new Map([["fb", full]]))).toBe(true);
    expect(allowed([["fb", full]])).toBe(true);
    expect(allowed(new Map([["fb", full]]).entries())).toBe(true);
    expect(allowed(Object.assign(Object.create(null), { fb: full }))).toBe(true);
  });

  it("entries among which what is undefined is absent, and no second one", () => {
    expect(
      allowed([
        ["fb", undefined],
        ["fb", full],
        ["fb", undefined],
      ]),
    ).toBe(true);
  });

  it("a grant without a prototype, with a getter, or frozen", () => {
    expect(allowed({ fb: Object.assign(Object.create(null), full) })).toBe(true);
    let read = 0;
    const getter = {
      get publish() {
        read++;
        return "full-access";
      },
    };
    expect(allowed({ fb: getter })).toBe(true);
    expect(read).toBe(1);
    expect(allowed(Object.freeze({ fb: Object.freeze({ ...full }) }))).toBe(true);
  });

  it("inherited keys, and ignores them: they were granted by nobody", () => {
    expect(allowed({ fb: Object.create(full) })).toBe(false);
    expect(allowed(Object.create({ fb: full }))).toBe(false);
    expect(
      allowed({ fb: Object.create({ nonsense: true }, { publish: { value: "full-access", enumerable: true } }) }),
    ).toBe(true);
  });

  it("a key that is undefined as absent, and a flag that is false anywhere", () => {
    expect(allowed({ fb: undefined })).toBe(false);
    expect(allowed({ fb: { ...full, nonsense: undefined, conversations: undefined, approver: undefined } })).toBe(true);
    expect(allowed({ fb: { publish: "needs-approval", approver: false } })).toBe(false);
    expect(
      loosely.createUser(engage, {
        id: "p",
        role: "viewer",
        grants: undefined,
        connections: undefined,
        name: undefined,
      }).id,
    ).toBe("p");
  });

  it("a user, which it reads as its row", () => {
    const again = createUser(engage, ana);
    expect(again).not.toBe(ana);
    expect(can(again, "publish.post-now", { connections: ["fb"] })).toBe(true);
    expect(createMatrix(engage, { users: [ana] }).grant("ana", "fb").publish).toBe("full-access");
  });

  it("what the caller changes later without being changed by it", () => {
    const grant: { publish?: "full-access" | "no-access" } = { publish: "no-access" };
    const grants: Record<string, typeof grant> = { fb: grant };
    const connections = ["ig"];
    const input = { id: "p", role: "viewer" as const, grants, connections };
    const user = createUser(engage, input);
    grant.publish = "full-access";
    grants.ig = { publish: "full-access" };
    connections.push("x");
    Object.assign(input, { role: "admin" });
    expect(allowedActions(user, { connections: ["fb", "ig"] })).toEqual([]);
    expect(allowedActions(user, "x")).toEqual([]);
    expect(allowedActions(user)).toEqual([]);
  });
});

describe("a user", () => {
  it("is frozen and shows what it holds, nothing else", () => {
    expect(Object.keys(ana)).toEqual(["id", "role", "grants", "connections"]);
    expect(Object.isFrozen(ana)).toBe(true);
    expect(Object.isFrozen(Object.getPrototypeOf(ana))).toBe(true);
    expect(() => Object.assign(ana, { role: "admin" })).toThrow(TypeError);
  });

  it("in JSON is its input again, without what is at its lowest", () => {
    const user = createUser(engage, {
      id: "p",
      role: "viewer",
      grants: {
        b: { publish: "view-only", approver: true, conversations: "no-access" },
        nothing: { publish: "no-access", approver: false },
        a: { analytics: "full-access" },
      },
      connections: ["listed", "a"],
    });
    expect(JSON.stringify(user)).toBe(
      '{"id":"p","role":"viewer","grants":{"b":{"publish":"view-only","approver":true},"a":{"analytics":"full-access"}},"connections":["nothing","listed"]}',
    );
    expect(JSON.stringify(createUser(engage, { id: "p", role: "admin", grants: {}, connections: [] }))).toBe(
      '{"id":"p","role":"admin"}',
    );
    expect(JSON.stringify(createUser(buffer, { id: "o", role: "owner", connections: ["ig"] }))).toBe(
      '{"id":"o","role":"owner","connections":["ig"]}',
    );
    expect(Object.isFrozen(user.toJSON().grants?.b)).toBe(true);
  });

  it("is known by itself: a look-alike is no user, and neither is parsed JSON", () => {
    const message = "an object is not a user; expected what createUser or a matrix returns";
    for (const lookAlike of [{ ...ana }, JSON.parse(JSON.stringify(ana)), Object.create(ana), new Proxy(ana, {})]) {
      for (const call of [
        () => loosely.can(lookAlike, "publish.create"),
        () => loosely.explain(lookAlike, "publish.create"),
        () => loosely.accessLevel(lookAlike, "publish", "fb"),
        () => loosely.allowedActions(lookAlike),
        () => ana.toJSON.call(lookAlike),
      ]) {
        expect(refusal(call)).toEqual({ code: "invalid-user", message });
      }
    }
    for (const value of [null, undefined, "ana", 5, Symbol("ana")]) {
      expect(refusal(() => loosely.can(value, "publish.create")).code).toBe("invalid-user");
    }
  });
});

describe("an unknown name is never a silent no", () => {
  const small = definePolicy({
    name: "small",
    levels: ["none", "all"],
    areas: { a: { levels: ["none", "all"] } },
    roles: { user: {} },
    actions: {
      act: { target: "group", allow: { area: "a", level: "all" } },
      see: { target: "connection", allow: { role: "user" } },
    },
  });
  const user = createUser(small, { id: "u", role: "user" });

  it("unknown-action names the actions", () => {
    const expected = { code: "unknown-action", message: '"atc" is not an action; expected "act" or "see"' };
    expect(refusal(() => loosely.can(user, "atc", { connections: [] }))).toEqual(expected);
    expect(refusal(() => loosely.explain(user, "atc"))).toEqual(expected);
    for (const name of ["constructor", "__proto__", "toString", "", undefined, null, 5, Symbol("act"), ["act"]]) {
      expect(refusal(() => loosely.can(user, name, { connections: [] })).code).toBe("unknown-action");
    }
    expect(refusal(() => loosely.can(user, Symbol("act"))).message).toBe(
      'Symbol(act) is not an action; expected "act" or "see"',
    );
    expect(refusal(() => loosely.can(user, () => "act")).message).toBe(
      'a function is not an action; expected "act" or "see"',
    );
  });

  it("unknown-area names the areas", () => {
    expect(refusal(() => loosely.accessLevel(user, "b", "c"))).toEqual({
      code: "unknown-area",
      message: '"b" is not an area; expected "a"',
    });
    expect(refusal(() => loosely.accessLevel(user, "__proto__", "c")).code).toBe("unknown-area");
  });

  it("checks the user first, then the action, then the target", () => {
    expect(refusal(() => loosely.can({}, "atc", 5)).code).toBe("invalid-user");
    expect(refusal(() => loosely.can(user, "atc", 5)).code).toBe("unknown-action");
    expect(refusal(() => loosely.can(user, "act", 5)).code).toBe("wrong-target");
  });
});

describe("a wrong target is never a silent no", () => {
  const group = "expected a post group, { connections: [ids] }";

  it("of a group", () => {
    const wrong = (target?: unknown) => refusal(() => loosely.can(ana, "publish.view", target));
    expect(wrong()).toEqual({ code: "wrong-target", message: `no target for publish.view; ${group}` });
    expect(wrong("fb")).toEqual({ code: "wrong-target", message: `"fb" is not a target of publish.view; ${group}` });
    expect(wrong(null).message).toBe(`null is not a target of publish.view; ${group}`);
    expect(wrong(["fb"]).message).toBe(`an array is not a target of publish.view; ${group}`);
    for (const target of [
      {},
      { connections: "fb" },
      { connections: new Set(["fb"]) },
      { connections: { 0: "fb", length: 1 } },
    ]) {
      expect(wrong(target)).toEqual({
        code: "wrong-target",
        message: `an object is not a target of publish.view; ${group}`,
      });
    }
    // Whoever posts now needs full access everywhere, so the answer is not certain before the end.
    const unsure = () => refusal(() => loosely.can(ana, "publish.post-now", { connections: ["fb", 5] }));
    expect(unsure()).toEqual({
      code: "wrong-target",
      message: '5 is not a connection\'s id; expected a string (at "connections" > 1)',
      path: ["connections", 1],
    });
    expect(wrong({ connections: new Array(3) }).path).toEqual(["connections", 0]);
    expect(wrong({ connections: [["fb"]] }).code).toBe("wrong-target");
  });

  it("of a connection", () => {
    const wrong = (target?: unknown) => refusal(() => loosely.can(ana, "publish.select", target));
    expect(wrong()).toEqual({
      code: "wrong-target",
      message: "no target for publish.select; expected the id of a connection",
    });
    expect(wrong({ connections: ["fb"] })).toEqual({
      code: "wrong-target",
      message: "an object is not a target of publish.select; expected the id of a connection",
    });
    expect(wrong(5).code).toBe("wrong-target");
  });

  it("of the account as a whole", () => {
    for (const target of ["fb", { connections: ["fb"] }, null, "", 0, false]) {
      expect(refusal(() => loosely.can(ana, "publish.create", target)).code).toBe("wrong-target");
    }
    expect(refusal(() => loosely.can(ana, "publish.create", "fb")).message).toBe(
      '"fb" is not a target of publish.create; expected no target',
    );
    expect(loosely.can(ana, "publish.create", undefined)).toBe(true);
  });

  it("in every function alike", () => {
    expect(refusal(() => loosely.explain(ana, "publish.view", "fb")).code).toBe("wrong-target");
    expect(refusal(() => loosely.explain(ana, "publish.view", { connections: ["fb", 5] })).path).toEqual([
      "connections",
      1,
    ]);
    expect(refusal(() => loosely.accessLevel(ana, "publish"))).toEqual({
      code: "wrong-target",
      message: "no target for publish; expected the id of a connection or a post group, { connections: [ids] }",
    });
    expect(refusal(() => loosely.accessLevel(ana, "publish", 5)).code).toBe("wrong-target");
    expect(refusal(() => loosely.allowedActions(ana, 5))).toEqual({
      code: "wrong-target",
      message:
        "5 is not a target of allowedActions; expected no target, the id of a connection or a post group, { connections: [ids] }",
    });
    expect(refusal(() => loosely.allowedActions(ana, null)).code).toBe("wrong-target");
    expect(refusal(() => loosely.allowedActions(ana, ["fb"])).code).toBe("wrong-target");
  });

  it("reads a host's own post, whatever else it carries", () => {
    class Post {
      title = "hello";
      get connections() {
        return ["fb"];
      }
    }
    expect(can(ana, "publish.post-now", new Post())).toBe(true);
    const post = { id: 7, connections: Object.freeze(["fb"]) };
    expect(explain(ana, "publish.post-now", post)).toMatchObject({ allowed: true, target: { connections: ["fb"] } });
    expect(explain(ana, "publish.post-now", post).target).not.toHaveProperty("id");
  });

  it("takes no list for a post, whatever it carries", () => {
    const list = Object.assign(["fb"], { connections: ["fb"] });
    expect(refusal(() => loosely.can(ana, "publish.view", list)).code).toBe("wrong-target");
  });

  it("is read until the answer is certain, and no further", () => {
    const ben = createUser(engage, {
      id: "ben",
      role: "viewer",
      grants: { fb: { publish: "full-access" }, ig: { publish: "view-only" } },
    });
    const reads = (action: string, ids: unknown[]) => {
      const read: string[] = [];
      const connections = new Proxy(ids, {
        get(list, key) {
          if (typeof key === "string" && key !== "length") read.push(key);
          return Reflect.get(list, key);
        },
      });
      return [loosely.can(ben, action, { connections }), read.length];
    };
    // One connection at view-only makes it a no, whatever follows (E13).
    expect(reads("publish.post-now", ["fb", "ig", 5, "fb"])).toEqual([false, 2]);
    // No access counts as view-only beside it (E6), so whatever follows, it stays a yes.
    expect(reads("publish.view", ["x", "fb", 5, "fb"])).toEqual([true, 2]);
    expect(reads("publish.post-now", ["fb", "fb"])).toEqual([true, 2]);
  });

  it("hears no iterator of the list: what is counted is what is in it", () => {
    const list = Object.assign(["fb", "zz"], { [Symbol.iterator]: () => ["fb"].values() });
    expect(can(ana, "publish.post-now", { connections: list })).toBe(false);
    expect(explain(ana, "publish.post-now", { connections: list }).allowed).toBe(false);
  });
});

describe("nothing handed out can be changed", () => {
  it("decisions, lists and grants are frozen", () => {
    const matrix = createMatrix(engage, { users: [ana], connections: ["ig"] });
    const connections = ["fb", "ig"];
    const decision = explain(ana, "publish.post-now", { connections });
    for (const value of [
      decision,
      matrix,
      allowedActions(ana, "fb"),
      matrix.users(),
      matrix.connections(),
      matrix.grant("ana", "fb"),
      matrix.usersFor("publish.view", { connections }),
      matrix.connectionsFor("ana", "publish.select"),
      matrix.visibleConnections("ana", "publish"),
      matrix.toJSON(),
      ana.toJSON(),
    ]) {
      expect(isDeeplyFrozen(value)).toBe(true);
    }
    connections.push("x");
    expect(decision.target).toEqual({ connections: ["fb", "ig"] });
  });
});

describe("ids are hostile strings", () => {
  const ids = [...hostileNames, "valueOf", "length", "x".repeat(10_000), "👩‍👩‍👧‍👦", "\u0000", "\udfff"];

  it("each is one connection, and no other", () => {
    for (const id of ids) {
      const user = createUser(engage, {
        id,
        role: "viewer",
        grants: [[id, { publish: "full-access", approver: true }]],
      });
      expect(user.id).toBe(id);
      for (const other of ids) {
        expect(can(user, "publish.post-now", { connections: [other] })).toBe(other === id);
        expect(can(user, "publish.select", other)).toBe(other === id);
      }
      const again = createUser(engage, JSON.parse(JSON.stringify(user)));
      expect(can(again, "publish.approve", { connections: [id] })).toBe(true);
      expect(Object.keys(again.toJSON().grants ?? {})).toEqual([id]);
      const decision = explain(user, "publish.post-now", { connections: [id, "other"] });
      expect(decision.allowed || decision.blockers.map(({ connection }) => connection)).toEqual(["other"]);
      expect(formatDecision(decision).length).toBeLessThan(400);
    }
  });

  it("all of them stand beside each other in a matrix, as users and as connections", () => {
    const matrix = createMatrix(engage, {
      users: ids.map((id) => ({
        id,
        role: "viewer" as const,
        grants: [[id, { publish: "view-only", approver: true }] as const],
      })),
    });
    expect(matrix.users()).toEqual(ids);
    expect(matrix.connections()).toEqual(ids);
    for (const id of ids) {
      expect(matrix.usersFor("publish.approve", { connections: [id] })).toEqual([id]);
      expect(matrix.visibleConnections(id, "publish")).toEqual([id]);
    }
    const again = createMatrix(engage, JSON.parse(JSON.stringify(matrix)));
    expect(again.users()).toEqual(ids);
    for (const id of ids) expect(again.grant(id, id)).toEqual(matrix.grant(id, id));
  });

  it("prototypes stay as they were", () => {
    const before = Reflect.ownKeys(Object.prototype);
    const grants = JSON.parse('{ "__proto__": { "publish": "full-access" } }');
    const user = createUser(engage, { id: "__proto__", role: "viewer", grants });
    JSON.parse(JSON.stringify(createMatrix(engage, { users: [user] })));
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
    expect(({} as Record<string, unknown>).publish).toBeUndefined();
  });
});

describe("what every object inherits was given by nobody", () => {
  const polluted = <Result>(key: string, value: unknown, ask: () => Result): Result => {
    Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
    try {
      return ask();
    } finally {
      Reflect.deleteProperty(Object.prototype, key);
    }
  };
  const definition = {
    name: "blog",
    levels: ["no", "read", "write"],
    areas: {
      posts: { levels: ["no", "read", "write"] },
      notes: { levels: ["no", "write"], flags: { lead: ["write"] } },
    },
    roles: { member: {}, owner: { holds: { posts: "write" } } },
    actions: {
      read: { target: "group", allow: { area: "posts", level: "read" } },
      write: {
        target: "group",
        allow: [
          { area: "posts", level: "write" },
          { area: "notes", every: "lead" },
        ],
      },
      open: { target: "connection", allow: { role: "owner" } },
      start: { target: "none", allow: { area: "posts", some: "write" } },
    },
  };
  const everything = () => {
    const policy = definePolicy(definition as never);
    const users = [
      { id: "m", role: "member", grants: { a: { posts: "read" }, b: { notes: "write" } }, connections: ["c"] },
      { id: "o", role: "owner", connections: ["a", "c"] },
    ];
    return users.flatMap((user) =>
      [["a"], ["a", "b"], ["a", "c"], ["zz"]].flatMap((connections) => {
        const made = loosely.createUser(policy, user);
        return [
          made.role,
          loosely.allowedActions(made),
          loosely.allowedActions(made, { connections }),
          loosely.allowedActions(made, connections[0]),
          loosely.accessLevel(made, "posts", { connections }),
          loosely.explain(made, "write", { connections }),
          loosely.explain(made, "start"),
          formatDecision(loosely.explain(made, "start") as never),
          JSON.stringify(made),
        ];
      }),
    );
  };

  it.each([
    ["holds", { posts: "write" }],
    ["noAccessCountsAs", "write"],
    ["flags", { lead: ["write"] }],
    ["level", "read"],
    ["exactly", "read"],
    ["some", "read"],
    ["every", "lead"],
    ["area", "posts"],
    ["role", "owner"],
    ["posts", "write"],
    ["lead", true],
    ["grants", { zz: { posts: "write" } }],
    ["connections", ["zz", "a"]],
    ["target", "zz"],
    ["id", "root"],
  ])("%s", (key, value) => {
    const expected = everything();
    expect(polluted(key, value, everything)).toEqual(expected);
  });

  it("a post group and a user, too", () => {
    const wrong = () => refusal(() => loosely.can(ana, "publish.view", {})).code;
    expect(polluted("connections", ["fb"], wrong)).toBe("wrong-target");
    expect(polluted("connections", ["fb"], () => can(ana, "publish.view", { connections: ["fb"] }))).toBe(true);
    const create = () => refusal(() => loosely.createUser(engage, { id: "p" })).code;
    expect(polluted("role", "admin", create)).toBe("invalid-user");
  });

  it("the states of a level that there is not, too", () => {
    const user = { id: "p", role: "viewer", grants: { fb: { publish: "full" } } };
    const create = () => refusal(() => loosely.createUser(engage, user)).code;
    expect(polluted("-1", -1, create)).toBe("invalid-grant");
  });
});

describe("groups of every size", () => {
  it("100,000 connections are one group, and one of them decides", () => {
    const length = runs(100_000);
    const ids = Array.from({ length }, (_, index) => `c${index}`);
    const full = { publish: "full-access", approver: true } as const;
    const user = createUser(engage, { id: "p", role: "viewer", grants: ids.map((id) => [id, full] as const) });
    expect(can(user, "publish.approve", { connections: ids })).toBe(true);
    expect(accessLevel(user, "publish", { connections: ids })).toBe("full-access");
    expect(can(user, "publish.approve", { connections: [...ids, "zz"] })).toBe(false);
    const decision = explain(user, "publish.approve", { connections: [...ids, "zz", ...ids] });
    expect(decision.allowed || decision.blockers.length).toBe(1);
    expect(can(user, "publish.approve", { connections: new Array(length).fill("c7") })).toBe(true);
  });
});

describe("PolicyError", () => {
  it("is an Error with a name, a code and a frozen path", () => {
    const error = new PolicyError("invalid-grant", "no", ["grants", "fb", 0]);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('PolicyError: no (at "grants" > "fb" > 0)');
    expect(Object.isFrozen(error.path)).toBe(true);
    expect(Object.keys(new PolicyError("unknown-action", "no"))).not.toContain("path");
    expect(Object.keys(error)).not.toContain("name");
  });

  it("says what would be accepted in a short line, however much that is", () => {
    const actions = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`act-${index}`, { target: "none", allow: { role: "user" } }]),
    );
    const areas = { a: { levels: ["none"] } };
    const policy = define({ name: "large", levels: ["none"], areas, roles: { user: {} }, actions });
    const { message } = refusal(() => can(createUser(policy, { id: "p", role: "user" }), "act"));
    expect(message).toMatch(/^"act" is not an action; expected "act-0", .*"act-59" or another of them$/);
  });

  it("shows a long or strange value in one short line, and runs none of its code", () => {
    const shown = (id: unknown) =>
      refusal(() => loosely.createUser(engage, { id, role: "viewer" })).message.split(" is not")[0];
    expect(shown(5n)).toBe("5");
    expect(shown(Number.NaN)).toBe("NaN");
    expect(shown(Symbol("a\nb"))).toBe('"Symbol(a\\nb)"');
    // JSON leaves these as they are, and a terminal obeys them.
    const unseen = refusal(() => loosely.can(ana, "\u001b[1m\u007f\u009b\u2028\u202e\u2066")).message;
    expect(unseen).toMatch(/^"\\u001b\[1m\\u007f\\u009b\\u2028\\u202e\\u2066" is not an action; /);
    // A direction mark, fillers, joiners, variation selectors, tags, unusual spaces, private and unassigned characters.
    for (const hidden of [
      ..."\u200e\u200f\u061c\u00ad\u115f\u3164\uffa0\u2800\u180e\u034f\u200b\u200d\u2060\ufeff\ufe0f\ufff9",
      ..."\u00a0\u2003\u3000\u2029\ue000\uffff\u{e0001}\u{e0100}\u{f0000}\u{1d173}",
      "\ud800",
    ]) {
      const { message } = refusal(() => loosely.can(ana, `a${hidden}b`));
      const units = Array.from({ length: hidden.length }, (_, index) => hidden.charCodeAt(index));
      const escapes = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
      expect(message.startsWith(`"a${escapes}b" is not an action; `)).toBe(true);
    }
    const family = refusal(() => loosely.can(ana, "\u{1f469}\u200d\u{1f467} Müller, 日本")).message;
    expect(family.startsWith('"\u{1f469}\\u200d\u{1f467} Müller, 日本" is not an action; ')).toBe(true);
    const command = refusal(() => loosely.can(ana, "x##vso[task.complete]")).message;
    expect(command.startsWith('"x\\u0023#vso[task.complete]" is not an action; ')).toBe(true);
    expect(shown(10n ** 100n)).toBe(`"1${"0".repeat(59)}…"`);
    expect(
      shown({
        toString: () => {
          throw new Error("ran");
        },
      }),
    ).toBe("an object");
    expect(refusal(() => loosely.can(ana, "x".repeat(10_000))).message).toMatch(/^"x{60}…" is not an action; /);
    expect(refusal(() => loosely.can(ana, "x".repeat(60))).message).toMatch(/^"x{60}" is not an action; /);
    expect(refusal(() => loosely.can(ana, "a\nb")).message).toMatch(/^"a\\nb" is not an action; /);
  });
});
