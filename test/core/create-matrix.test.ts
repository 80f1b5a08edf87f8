import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedActions, buffer, can, createMatrix, createUser, definePolicy, engage } from "../../src/index.js";
import { connectionIds, define, definitions, grantOf, isFixed, personOf, toInput } from "../support/arbitraries.js";
import type { Person } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

const base = createMatrix(engage, {
  users: [
    { id: "ana", role: "viewer", grants: { fb: { publish: "full-access", conversations: "view-only" } } },
    { id: "ben", role: "viewer", grants: { ig: { publish: "view-only", approver: true } }, connections: ["yt"] },
    { id: "boss", role: "admin" },
  ],
  connections: ["x", "fb"],
});

const loosely = base as unknown as Record<string, (...call: unknown[]) => unknown>;
const call = (method: string, ...args: unknown[]) => refusal(() => loosely[method]?.(...args));
const create = (input: unknown) => refusal(() => createMatrix(engage, input as never));

describe("a matrix", () => {
  it("has the listed connections, then the others, and every user knows them all", () => {
    expect(base.users()).toEqual(["ana", "ben", "boss"]);
    expect(base.connections()).toEqual(["x", "fb", "ig", "yt"]);
    expect(base.usersFor("connections.reconnect", "yt")).toEqual(["boss"]);
    expect(base.connectionsFor("boss", "connections.reconnect")).toEqual(["x", "fb", "ig", "yt"]);
    expect(base.user("ana").toJSON().connections).toEqual(["x", "ig", "yt"]);
  });

  it("spells a grant out: every area and flag, lowest where absent, for strangers too", () => {
    const lowest = { conversations: "no-access", publish: "no-access", approver: false, analytics: "no-access" };
    expect(base.grant("ana", "fb")).toEqual({ ...lowest, conversations: "view-only", publish: "full-access" });
    expect(base.grant("ben", "ig")).toEqual({ ...lowest, publish: "view-only", approver: true });
    expect(base.grant("ana", "ig")).toEqual(lowest);
    expect(base.grant("boss", "elsewhere")).toEqual(lowest);
  });

  it("spells out what a role holds everywhere, on the account's connections alone (B5)", () => {
    const owned = createMatrix(buffer, { users: [{ id: "o", role: "owner" }], connections: ["ig"] });
    expect(owned.grant("o", "ig")).toEqual({ posting: "full-posting" });
    expect(owned.grant("o", "elsewhere")).toEqual({ posting: "no-access" });
    expect(owned.connectionsFor("o", "queue.add")).toEqual(["ig"]);
    expect(owned.visibleConnections("o", "posting")).toEqual(["ig"]);
    expect(owned.addConnection("fb").connectionsFor("o", "queue.add")).toEqual(["ig", "fb"]);
    expect(owned.removeConnection("ig").connectionsFor("o", "queue.add")).toEqual([]);
  });

  it("gives the input shape back", () => {
    expect(JSON.stringify(base)).toBe(
      '{"users":[' +
        '{"id":"ana","role":"viewer","grants":{"fb":{"conversations":"view-only","publish":"full-access"}}},' +
        '{"id":"ben","role":"viewer","grants":{"ig":{"publish":"view-only","approver":true}}},' +
        '{"id":"boss","role":"admin"}' +
        '],"connections":["x","fb","ig","yt"]}',
    );
    expect(JSON.stringify(createMatrix(engage, { users: [] }))).toBe('{"users":[],"connections":[]}');
  });

  it("gives a user's row that says nothing of anybody else", () => {
    const users = Array.from({ length: 50 }, (_, index) => ({
      id: `user-${index}`,
      role: "viewer" as const,
      grants: {
        [`only-${index}`]: { publish: "full-access" as const, approver: true },
        shared: { analytics: "full-access" as const },
      },
    }));
    const matrix = createMatrix(engage, { users });
    for (const { id, grants } of users) {
      const row = JSON.parse(JSON.stringify(matrix.user(id)));
      expect(row.grants).toEqual(grants);
      expect(Object.keys(row)).toEqual(["id", "role", "grants", "connections"]);
      expect(row.connections).toEqual(matrix.connections().filter((each) => !Object.hasOwn(grants, each)));
      expect(JSON.stringify(row).match(/user-\d+/g)).toEqual([id]);
      expect(JSON.stringify(row).match(/full-access/g)).toHaveLength(2);
    }
  });

  it("asks a group action of each connection as a group of one", () => {
    expect(base.connectionsFor("ben", "publish.approve")).toEqual(["ig"]);
    expect(base.connectionsFor("ana", "publish.post-now")).toEqual(["fb"]);
    expect(base.connectionsFor("ana", "conversations.view")).toEqual(["fb"]);
  });
});

describe("changing a matrix gives a new one", () => {
  const before = JSON.stringify(base);

  it("assign replaces, never merges, and lists an unlisted connection", () => {
    const changed = base.assign("ana", "fb", { publish: "needs-approval" });
    expect(changed.grant("ana", "fb")).toMatchObject({ publish: "needs-approval", conversations: "no-access" });
    const listed = base.assign("ana", "li", { analytics: "full-access" });
    expect(listed.connections()).toEqual(["x", "fb", "ig", "yt", "li"]);
    expect(can(listed.user("boss"), "connections.reconnect", "li")).toBe(true);
    expect(can(listed.user("ana"), "analytics.view", "li")).toBe(true);
    expect(base.assign("ana", "li", {}).connections()).toContain("li");
    expect(JSON.stringify(base)).toBe(before);
  });

  it("revoke takes a grant away and leaves the connection; where there is none, nothing changes", () => {
    const changed = base.revoke("ana", "fb");
    expect(changed.visibleConnections("ana", "publish")).toEqual([]);
    expect(changed.connections()).toEqual(base.connections());
    expect(base.revoke("ana", "ig")).toBe(base);
    expect(base.revoke("boss", "elsewhere")).toBe(base);
    const listed = createMatrix(engage, {
      users: [{ id: "p", role: "viewer", grants: { fb: {} }, connections: ["ig"] }],
    });
    for (const connection of ["fb", "ig"]) expect(listed.revoke("p", connection)).toBe(listed);
    const owned = createMatrix(buffer, { users: [{ id: "o", role: "owner", connections: ["x"] }] });
    expect(owned.revoke("o", "x")).toBe(owned);
    expect(JSON.stringify(base)).toBe(before);
  });

  it("putUser adds at the end, or replaces in place with all grants, and brings its connections", () => {
    const added = base.putUser({
      id: "zoe",
      role: "viewer",
      grants: { li: { analytics: "full-access" } },
      connections: ["tt"],
    });
    expect(added.users()).toEqual(["ana", "ben", "boss", "zoe"]);
    expect(added.connections()).toEqual(["x", "fb", "ig", "yt", "li", "tt"]);
    const replaced = base.putUser({ id: "ana", role: "admin" });
    expect(replaced.users()).toEqual(["ana", "ben", "boss"]);
    expect(replaced.visibleConnections("ana", "publish")).toEqual([]);
    expect(replaced.user("ana").role).toBe("admin");
    expect(
      base
        .putUser(createUser(engage, { id: "ana", role: "viewer", grants: { x: { publish: "view-only" } } }))
        .grant("ana", "x").publish,
    ).toBe("view-only");
    expect(JSON.stringify(base)).toBe(before);
  });

  it("removeUser removes a user and leaves the connections", () => {
    const changed = base.removeUser("ben");
    expect(changed.users()).toEqual(["ana", "boss"]);
    expect(changed.connections()).toEqual(base.connections());
    expect(refusal(() => changed.user("ben")).code).toBe("unknown-user");
    expect(JSON.stringify(base)).toBe(before);
  });

  it("addConnection lists a connection for everybody; where it is listed, nothing changes", () => {
    const changed = base.addConnection("li");
    expect(changed.connections()).toEqual(["x", "fb", "ig", "yt", "li"]);
    expect(changed.connectionsFor("boss", "connections.reconnect")).toContain("li");
    expect(base.addConnection("fb")).toBe(base);
    expect(JSON.stringify(base)).toBe(before);
  });

  it("removeConnection removes it with every grant on it; where there is none, nothing changes", () => {
    const changed = base.removeConnection("fb");
    expect(changed.connections()).toEqual(["x", "ig", "yt"]);
    expect(changed.visibleConnections("ana", "publish")).toEqual([]);
    expect(changed.addConnection("fb").visibleConnections("ana", "publish")).toEqual([]);
    expect(can(changed.user("boss"), "connections.reconnect", "fb")).toBe(false);
    expect(base.removeConnection("yt").connections()).toEqual(["x", "fb", "ig"]);
    expect(base.removeConnection("elsewhere")).toBe(base);
    expect(JSON.stringify(base)).toBe(before);
  });

  it("shares the users that did not change", () => {
    const changed = base.assign("ana", "fb", {});
    expect(changed.user("ben")).toBe(base.user("ben"));
    expect(changed.user("ana")).not.toBe(base.user("ana"));
    expect(base.removeUser("ben").user("ana")).toBe(base.user("ana"));
    expect(base.user("ana")).toBe(base.user("ana"));
  });

  it("leaves users that were handed out as they were", () => {
    const ana = base.user("ana");
    base.revoke("ana", "fb");
    base.removeConnection("fb");
    expect(can(ana, "publish.post-now", { connections: ["fb"] })).toBe(true);
  });

  it("works without its object", () => {
    const { assign, user } = base;
    expect(user("ana").id).toBe("ana");
    expect(assign("ana", "x", { publish: "view-only" }).grant("ana", "x").publish).toBe("view-only");
  });
});

describe("a matrix refuses", () => {
  it("input of no known form, and says where", () => {
    expect(create(null)).toEqual({ code: "invalid-matrix", message: "null is not accepted; expected a plain object" });
    expect(create({})).toEqual({
      code: "invalid-matrix",
      message: 'undefined is not accepted; expected an array (at "users")',
      path: ["users"],
    });
    expect(create({ users: {} }).code).toBe("invalid-matrix");
    expect(create({ users: [], connection: [] })).toEqual({
      code: "invalid-matrix",
      message: 'unknown key "connection"; expected "users" or "connections" (at "connection")',
      path: ["connection"],
    });
    expect(create({ users: [], connections: "fb" })).toMatchObject({ code: "invalid-matrix", path: ["connections"] });
    expect(create({ users: [], connections: null }).code).toBe("invalid-matrix");
    expect(create({ users: [], connections: [5] })).toMatchObject({ code: "invalid-matrix", path: ["connections", 0] });
  });

  it("a user who is wrong, at its place", () => {
    const users = (...more: unknown[]) => ({ users: [{ id: "ana", role: "viewer" }, ...more] });
    expect(create(users({ id: "ben", role: "boss" }))).toMatchObject({
      code: "invalid-user",
      path: ["users", 1, "role"],
    });
    expect(create(users(null))).toMatchObject({ code: "invalid-user", path: ["users", 1] });
    expect(create({ users: new Array(1) })).toMatchObject({ code: "invalid-matrix", path: ["users", 0] });
    expect(create(users({ id: "ben", role: "viewer", connections: [5] }))).toMatchObject({
      code: "invalid-user",
      path: ["users", 1, "connections", 0],
    });
    expect(create(users({ id: "ben", role: "viewer", grants: { fb: { publish: "all" } } }))).toMatchObject({
      code: "invalid-grant",
      path: ["users", 1, "grants", "fb", "publish"],
    });
    expect(create(users({ id: "ben", role: "viewer", grants: 5 })).path).toEqual(["users", 1, "grants"]);
  });

  it("the same user twice", () => {
    const twice = { id: "ana", role: "viewer" };
    expect(create({ users: [twice, { id: "ben", role: "viewer" }, twice] })).toEqual({
      code: "duplicate-user",
      message: 'a second user "ana"; expected one (at "users" > 2 > "id")',
      path: ["users", 2, "id"],
    });
  });

  it("an unknown user, in every method", () => {
    const expected = {
      code: "unknown-user",
      message: '"zoe" is not a user of this matrix; expected one of its users()',
    };
    expect(call("user", "zoe")).toEqual(expected);
    expect(call("grant", "zoe", "fb")).toEqual(expected);
    expect(call("connectionsFor", "zoe", "publish.view")).toEqual(expected);
    expect(call("visibleConnections", "zoe", "publish")).toEqual(expected);
    expect(call("assign", "zoe", "fb", {})).toEqual(expected);
    expect(call("revoke", "zoe", "fb")).toEqual(expected);
    expect(call("removeUser", "zoe")).toEqual(expected);
    for (const id of ["constructor", undefined, null, 5]) expect(call("user", id).code).toBe("unknown-user");
  });

  it("an unknown action or area, and a wrong target, however empty it is", () => {
    const empty = createMatrix(engage, { users: [] }) as unknown as typeof loosely;
    const user = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }] }) as unknown as typeof loosely;
    expect(refusal(() => empty.usersFor?.("publish.pots", { connections: [] })).code).toBe("unknown-action");
    expect(refusal(() => empty.usersFor?.("publish.view", "fb")).code).toBe("wrong-target");
    expect(refusal(() => empty.usersFor?.("publish.view", { connections: [5] })).path).toEqual(["connections", 0]);
    expect(refusal(() => empty.usersFor?.("connections.create", "fb")).code).toBe("wrong-target");
    expect(refusal(() => user.connectionsFor?.("ana", "publish.pots")).code).toBe("unknown-action");
    expect(refusal(() => user.visibleConnections?.("ana", "publsh")).code).toBe("unknown-area");
    expect(refusal(() => user.connectionsFor?.("ana", "publish.create"))).toEqual({
      code: "wrong-target",
      message: "publish.create has no target; expected an action on a connection or a post group",
    });
  });

  it("a connection that is no id", () => {
    const expected = { code: "wrong-target", message: "5 is not a connection's id; expected a string" };
    expect(call("grant", "ana", 5)).toEqual(expected);
    expect(call("assign", "ana", 5, {})).toEqual(expected);
    expect(call("revoke", "ana", 5)).toEqual(expected);
    expect(call("revoke", "boss", 5)).toEqual(expected);
    expect(call("addConnection", 5)).toEqual(expected);
    expect(call("removeConnection", 5)).toEqual(expected);
  });

  it("a wrong grant or user", () => {
    expect(call("assign", "ana", "fb", { publish: "all" })).toEqual({
      code: "invalid-grant",
      message:
        '"all" is not a level of publish; expected "no-access", "view-only", "needs-approval" or "full-access" (at "publish")',
      path: ["publish"],
    });
    expect(call("assign", "ana", "fb")).toEqual({
      code: "invalid-grant",
      message: "undefined is not a grant; expected a plain object",
    });
    expect(call("putUser", { id: "zoe", role: "boss" })).toMatchObject({ code: "invalid-user", path: ["role"] });
  });
});

describe("a matrix after any changes is the one that would have been built", () => {
  interface Account {
    people: Person[];
    connections: string[];
  }
  const accounts = definitions.chain((definition) => {
    const person = personOf(definition);
    const grant = grantOf(definition);
    return fc.record({
      definition: fc.constant(definition),
      start: fc.uniqueArray(person, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
      changes: fc.array(
        fc.oneof(
          fc.record({ type: fc.constant("assign" as const), who: fc.nat(), connection: connectionIds, grant }),
          fc.record({ type: fc.constant("revoke" as const), who: fc.nat(), connection: connectionIds }),
          fc.record({ type: fc.constant("put" as const), person }),
          fc.record({ type: fc.constant("remove" as const), who: fc.nat() }),
          fc.record({ type: fc.constant("add" as const), connection: connectionIds }),
          fc.record({ type: fc.constant("drop" as const), connection: connectionIds }),
        ),
        { maxLength: 8 },
      ),
    });
  });

  it("for any policy and any sequence of changes", () => {
    fc.assert(
      fc.property(accounts, ({ definition, start, changes }) => {
        const policy = define(definition);
        let matrix = createMatrix(policy, { users: start.map(toInput) });
        const account: Account = { people: structuredClone(start), connections: [...matrix.connections()] };
        const list = (id: string) => {
          if (!account.connections.includes(id)) account.connections.push(id);
        };
        for (const change of changes) {
          const person = "who" in change ? account.people[change.who % (account.people.length || 1)] : undefined;
          if ("who" in change && !person) continue;
          if (change.type === "assign" && person) {
            if (isFixed(definition, person.role)) continue;
            matrix = matrix.assign(person.id, change.connection, change.grant as never);
            person.grants = [
              ...person.grants.filter(([id]) => id !== change.connection),
              [change.connection, change.grant],
            ];
            list(change.connection);
          } else if (change.type === "revoke" && person) {
            matrix = matrix.revoke(person.id, change.connection);
            person.grants = person.grants.filter(([id]) => id !== change.connection);
          } else if (change.type === "put") {
            matrix = matrix.putUser(toInput(change.person));
            const place = account.people.findIndex(({ id }) => id === change.person.id);
            account.people.splice(place < 0 ? account.people.length : place, 1, structuredClone(change.person));
            for (const id of [...change.person.grants.map(([each]) => each), ...change.person.connections]) list(id);
          } else if (change.type === "remove" && person) {
            matrix = matrix.removeUser(person.id);
            account.people = account.people.filter(({ id }) => id !== person.id);
          } else if (change.type === "add") {
            matrix = matrix.addConnection(change.connection);
            list(change.connection);
          } else if (change.type === "drop") {
            matrix = matrix.removeConnection(change.connection);
            account.connections = account.connections.filter((id) => id !== change.connection);
            for (const each of account.people) each.grants = each.grants.filter(([id]) => id !== change.connection);
            for (const each of account.people)
              each.connections = each.connections.filter((id) => id !== change.connection);
          }
        }
        const users = account.people.map((person) => ({ ...toInput(person), connections: [] }));
        const built = createMatrix(policy, { users, connections: account.connections });
        expect([...matrix.connections()].sort()).toEqual([...built.connections()].sort());
        expect(matrix.users()).toEqual(built.users());
        for (const id of built.users()) {
          for (const connection of [...built.connections(), "zz"]) {
            expect(matrix.grant(id, connection)).toEqual(built.grant(id, connection));
            expect(allowedActions(matrix.user(id), connection)).toEqual(allowedActions(built.user(id), connection));
          }
          expect(allowedActions(matrix.user(id))).toEqual(allowedActions(built.user(id)));
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

describe("who may", () => {
  it("is the same on as many connections as are ever asked about, and when they are asked about again", () => {
    const connections = Array.from({ length: 900 }, (_, index) => `c${index}`);
    const users = Array.from({ length: 5_000 }, (_, index) => ({
      id: `u${index}`,
      role: "viewer" as const,
      grants: { [`c${index % 900}`]: { publish: "full-access" } } as const,
    }));
    const matrix = createMatrix(engage, { users, connections });
    const ask = () => connections.map((id) => matrix.usersFor("publish.post-now", { connections: [id] }));
    const granted = connections.map((id) => users.flatMap(({ id: user, grants }) => (id in grants ? [user] : [])));
    expect(ask()).toEqual(granted);
    expect(ask()).toEqual(granted);
  });

  it("has nobody who holds the same everywhere, while there is no connection to hold it on", () => {
    const policy = definePolicy({
      name: "empty",
      levels: ["none", "all"],
      areas: { a: { levels: ["none", "all"] } },
      roles: { owner: { holds: { a: "all" } } },
      actions: { act: { target: "none", allow: { area: "a", some: "all" } } },
    });
    const empty = createMatrix(policy, { users: [{ id: "o", role: "owner" }] });
    expect([can(empty.user("o"), "act"), empty.usersFor("act")]).toEqual([false, []]);
    const filled = empty.addConnection("fb");
    expect([can(filled.user("o"), "act"), filled.usersFor("act")]).toEqual([true, ["o"]]);
  });
});
