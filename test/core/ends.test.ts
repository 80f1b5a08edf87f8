import { describe, expect, it } from "vitest";
import {
  accessLevel,
  allowedActions,
  beyond,
  beyondAccount,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  frontendRow,
  limit,
} from "../../src/index.js";
import { person } from "../../src/testing/index.js";
import { refusal } from "../support/refusal.js";

// Expected values are from design.md: "Grants that end".

const end = "2026-09-01T00:00:00.000Z";
const before = { at: "2026-08-31T23:59:59.999Z" };
const onEnd = { at: end };
const temp = {
  id: "temp",
  role: "viewer",
  grants: { fb: { publish: "full-access", until: end }, ig: { publish: "needs-approval" } },
} as const;
const both = { connections: ["fb", "ig"] };

const agency = definePolicy({
  name: "agency",
  levels: ["none", "view", "manage"],
  areas: {
    posts: { levels: ["none", "view", "manage"] },
    billing: { levels: ["none", "manage"], flags: { refunds: ["manage"] }, of: "account" },
  },
  roles: { member: {}, owner: { holds: { billing: "manage" } } },
  actions: {
    "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } },
    "billing.refund": { target: "none", allow: { area: "billing", every: "refunds" } },
    "posts.view": { target: "connection", allow: { area: "posts", level: "view" } },
    "connections.see": { target: "connection", allow: { role: ["member", "owner"] } },
  },
});

describe("a grant that ends", () => {
  it("is there before its end, and is not there from its end on", () => {
    const [user, later] = [createUser(engage, temp, before), createUser(engage, temp, onEnd)];
    expect(can(user, "publish.post-now", { connections: ["fb"] })).toBe(true);
    expect(can(later, "publish.post-now", { connections: ["fb"] })).toBe(false);
    expect([accessLevel(user, "publish", both), accessLevel(later, "publish", both)]).toEqual([
      "needs-approval",
      "view-only",
    ]);
    expect(allowedActions(later, "fb")).toEqual([]);
  });

  it.each([
    ["in another zone", "2026-09-01T02:00:00+02:00"],
    ["as a Date", new Date(end)],
    ["without seconds", "2026-09-01T00:00Z"],
  ])("may have its end written %s", (_, until) => {
    const grants = { fb: { publish: "view-only", until } } as const;
    const user = createUser(engage, { id: "a", role: "viewer", grants }, before);
    expect(user.grants).toEqual({ fb: { publish: "view-only", until: end } });
    expect(createUser(engage, { id: "a", role: "viewer", grants }, { at: new Date(end) }).grants).toEqual({});
  });

  it("leaves nothing behind: its connection is a stranger, if it is neither listed nor granted to anybody", () => {
    const later = createUser(engage, temp, onEnd);
    expect(later.toJSON()).toEqual({ id: "temp", role: "viewer", grants: { ig: { publish: "needs-approval" } } });
    const listing = createUser(engage, { ...temp, connections: ["fb"] }, onEnd);
    expect(listing.connections).toEqual(["fb"]);
  });

  it("may have ended long ago, or end at the last instant that there is", () => {
    const grants = {
      fb: { publish: "view-only", until: "0000-01-01T00:00:00Z" },
      ig: { publish: "view-only", until: "9999-12-31T23:59:59.999Z" },
    } as const;
    const user = createUser(engage, { id: "a", role: "viewer", grants }, onEnd);
    expect(Object.keys(user.grants)).toEqual(["ig"]);
    expect(user.validUntil).toBe("9999-12-31T23:59:59.999Z");
  });

  it("grants nothing, and makes its connection known until its end", () => {
    const input = { id: "a", role: "member", grants: { fb: { until: end } } } as const;
    const user = createUser(agency, input, before);
    expect(can(user, "connections.see", "fb")).toBe(true);
    expect(user.toJSON()).toEqual(input);
    expect(user.validUntil).toBe(end);
    expect(can(createUser(agency, user.toJSON(), onEnd), "connections.see", "fb")).toBe(false);
  });

  it("keeps the order of the others, so explanations are those of the user without what has ended", () => {
    const grants = [
      ["x", { publish: "view-only", until: "2026-10-01T00:00:00Z" }],
      ["fb", { publish: "view-only", until: end }],
      ["ig", { publish: "view-only" }],
    ] as const;
    const left = [grants[0], grants[2]] as const;
    const ask = (given: typeof grants | typeof left) =>
      explain(createUser(engage, { id: "a", role: "viewer", grants: given }, onEnd), "publish.create");
    expect(ask(grants)).toEqual(ask(left));
  });

  it("is never the repair: what is held now and what is needed make a grant that is there", () => {
    const account = createMatrix(engage, { users: [temp] }, before);
    const repaired = (matrix: typeof account, connection: string) => {
      const decision = explain(matrix.user("temp"), "publish.edit", { connections: [connection] });
      const needs = decision.allowed ? {} : decision.blockers[0]?.needs;
      return matrix.assign("temp", connection, { ...matrix.grant("temp", connection), ...needs });
    };
    const later = account.addConnection("fb").at(end);
    const mended = repaired(later, "fb");
    expect(can(mended.user("temp"), "publish.edit", { connections: ["fb"] })).toBe(true);
    expect(mended.user("temp").validUntil).toBeUndefined();
    // What is still there keeps its end: a repair gives no more time.
    const weak = account.assign("temp", "fb", { publish: "view-only", until: end });
    expect(repaired(weak, "fb").grant("temp", "fb")).toMatchObject({ publish: "needs-approval", until: end });
  });

  it("of the account ends as well", () => {
    const input = { id: "a", role: "member", account: { billing: "manage", refunds: true, until: end } } as const;
    const user = createUser(agency, input, before);
    expect(allowedActions(user)).toEqual(["billing.pay", "billing.refund"]);
    expect({ ...user }).toMatchObject({ account: { billing: "manage", refunds: true, until: end } });
    expect(user.validUntil).toBe(end);
    const later = createUser(agency, input, onEnd);
    expect(allowedActions(later)).toEqual([]);
    expect(later.toJSON()).toEqual({ id: "a", role: "member" });
    expect(later.validUntil).toBeUndefined();
  });

  it("is shown on its user, so a spread and a clone are whole inputs (law 9)", () => {
    const user = createUser(engage, temp, before);
    expect(Object.keys(user)).toEqual(["id", "role", "grants", "connections"]);
    for (const copy of [{ ...user }, structuredClone({ ...user }), JSON.parse(JSON.stringify(user)), user]) {
      expect(createUser(engage, copy, before)).toEqual(user);
      expect(refusal(() => createUser(engage, copy))).toMatchObject({ code: "invalid-grant" });
    }
    expect(createUser(engage, { ...temp, grants: { ...temp.grants, fb: { publish: "full-access" } } })).not.toEqual(
      user,
    );
  });

  it("is in the row of a frontend, but not where it gives nothing", () => {
    const grants = { fb: { publish: "view-only", until: end }, secret: { until: end } } as const;
    const account = createMatrix(engage, { users: [{ id: "a", role: "viewer", grants }], connections: ["x"] }, before);
    expect(frontendRow(account.user("a")).grants).toEqual({ fb: { publish: "view-only", until: end } });
    expect(JSON.stringify(frontendRow(account.user("a")))).not.toContain("secret");
  });

  it("may be given to a person of a test", () => {
    const ana = person(engage, before).on("fb", { publish: "view-only", until: end }).named("ana");
    expect(ana.validUntil).toBe(end);
    expect(person(engage, onEnd).on("fb", { publish: "view-only", until: end }).as("admin").grants).toEqual({});
    expect(refusal(() => person(engage).on("fb", { until: end }))).toMatchObject({ code: "invalid-grant" });
    expect(refusal(() => person(engage, { at: "soon" }))).toMatchObject({ code: "invalid-user", path: ["at"] });
  });
});

describe("who has something until an instant", () => {
  it("gives it until then at most: of what outlasts it, all is beyond the giver", () => {
    const giver = createUser(engage, temp, before);
    const given = { publish: "full-access", analytics: "full-access" } as const;
    expect(beyond(giver, "fb", { publish: "view-only", until: end })).toEqual({});
    expect(beyond(giver, "fb", { ...given, until: "2026-08-31T23:59:59.999Z" })).toEqual({ analytics: "full-access" });
    expect(beyond(giver, "fb", { publish: "view-only", until: "2026-09-01T00:00:00.001Z" })).toEqual({
      publish: "view-only",
    });
    expect(beyond(giver, "fb", { publish: "view-only" })).toEqual({ publish: "view-only" });
    expect(beyond(giver, "ig", { publish: "needs-approval" })).toEqual({});
    expect(beyond(giver, "ig", { publish: "needs-approval", until: end })).toEqual({});
    expect(refusal(() => beyond(giver, "fb", { until: "soon" }))).toMatchObject({
      code: "invalid-grant",
      path: ["until"],
    });
  });

  it("gives it in the account until then at most", () => {
    const input = { id: "a", role: "member", account: { billing: "manage", until: end } } as const;
    const giver = createUser(agency, input, before);
    expect(beyondAccount(giver, { billing: "manage", until: end })).toEqual({});
    expect(beyondAccount(giver, { billing: "manage" })).toEqual({ billing: "manage" });
    const lasting = createUser(agency, { id: "a", role: "member", account: { billing: "manage" } });
    expect(beyondAccount(lasting, { billing: "manage", until: end })).toEqual({});
  });

  it("limits a key to it, which ends as well", () => {
    const key = limit(createUser(engage, temp, before), { grants: { publish: "needs-approval" } });
    expect(key.grants.fb).toEqual({ publish: "needs-approval", until: end });
    expect(key.validUntil).toBe(end);
    expect(createUser(engage, { ...key }, before)).toEqual(key);
    expect(createUser(engage, { ...key }, onEnd).grants).toEqual({ ig: { publish: "needs-approval" } });
    expect(refusal(() => createUser(engage, { ...key }))).toMatchObject({ code: "invalid-grant" });
    const cap = { grants: { publish: "view-only", until: end } } as never;
    expect(refusal(() => limit(key, cap))).toMatchObject({ code: "invalid-grant", path: ["grants", "until"] });
  });
});

describe("validUntil", () => {
  it("is the next end, in UTC, and undefined where nothing ends", () => {
    const grants = {
      fb: { publish: "view-only", until: "2026-12-01T00:00:00Z" },
      ig: { publish: "view-only", until: "2026-11-01T00:00:00+01:00" },
      x: { publish: "view-only", until: "2026-01-01T00:00:00Z" },
    } as const;
    const input = { id: "a", role: "viewer", grants } as const;
    expect(createUser(engage, input, onEnd).validUntil).toBe("2026-10-31T23:00:00.000Z");
    expect(createUser(engage, input, { at: "2026-11-15T00:00:00Z" }).validUntil).toBe("2026-12-01T00:00:00.000Z");
    expect(createUser(engage, input, { at: "2026-12-01T00:00:00Z" }).validUntil).toBeUndefined();
    expect(createUser(engage, { id: "a", role: "viewer" }).validUntil).toBeUndefined();
    expect("validUntil" in { ...createUser(engage, input, onEnd) }).toBe(false);
  });

  it("of a matrix counts the grants of others, where they alone make a connection known", () => {
    const users = [temp, { id: "boss", role: "admin" }] as const;
    const matrix = createMatrix(engage, { users }, before);
    expect(can(matrix.user("boss"), "connections.reconnect", "fb")).toBe(true);
    expect(matrix.user("boss").validUntil).toBe(end);
    expect(can(matrix.at(end).user("boss"), "connections.reconnect", "fb")).toBe(false);
    const listed = createMatrix(engage, { users, connections: ["fb"] }, before);
    expect(listed.user("boss").validUntil).toBeUndefined();
    expect(can(listed.at(end).user("boss"), "connections.reconnect", "fb")).toBe(true);
  });
});

describe("a call about grants that end refuses", () => {
  const ends = (until: unknown) => ({ id: "a", role: "viewer", grants: { fb: { publish: "view-only", until } } });
  const create = (...call: unknown[]) =>
    refusal(() => (createUser as (...call: unknown[]) => unknown)(engage, ...call));
  const matrix = (...call: unknown[]) =>
    refusal(() => (createMatrix as (...call: unknown[]) => unknown)(engage, ...call));

  it("an end where no instant is given", () => {
    const fault = {
      code: "invalid-grant",
      message: expect.stringContaining("expected { at } as the last argument"),
    };
    const path = ["grants", "fb", "until"];
    expect(create(ends(end))).toMatchObject({ ...fault, path });
    expect(create({ ...ends(end), grants: [["fb", { until: end }]] }, {})).toMatchObject({ ...fault, path });
    expect(matrix({ users: [ends(end)] })).toMatchObject({ ...fault, path: ["users", 0, ...path] });
    const account = { id: "a", role: "member", account: { until: end } } as const;
    expect(refusal(() => createUser(agency, account))).toMatchObject({ ...fault, path: ["account", "until"] });
    const timeless = createMatrix(agency, { users: [{ id: "a", role: "member" }] });
    expect(refusal(() => timeless.assign("a", "fb", { until: end }))).toMatchObject({ ...fault, path: ["until"] });
    expect(refusal(() => timeless.assignAccount("a", { until: end }))).toMatchObject({ ...fault, path: ["until"] });
    expect(refusal(() => timeless.putUser({ id: "b", role: "member", grants: { fb: { until: end } } }))).toMatchObject({
      ...fault,
      path,
    });
  });

  it.each<[what: string, until: unknown]>([
    ["null", null],
    ["a number", 0],
    ["an empty string", ""],
    ["a time without its zone", "2026-09-01T00:00:00"],
    ["a day", "2026-09-01"],
    ["a day that there is not", "2026-02-30T00:00:00Z"],
    ["a date that is none", new Date(Number.NaN)],
    ["a year of five digits", new Date(8.64e15)],
    ["a year before zero", new Date(-8.64e15)],
    ["an object like a date", { getTime: () => 0 }],
    ["a list", [end]],
  ])("%s as an end or an instant", (_, value) => {
    expect(create(ends(value), before)).toMatchObject({ code: "invalid-grant", path: ["grants", "fb", "until"] });
    expect(create(ends(end), { at: value })).toMatchObject({ code: "invalid-user", path: ["at"] });
    expect(matrix({ users: [] }, { at: value })).toMatchObject({ code: "invalid-matrix", path: ["at"] });
    const account = createMatrix(engage, { users: [] }) as unknown as { at(instant: unknown): unknown };
    expect(refusal(() => account.at(value))).toMatchObject({ code: "invalid-matrix" });
  });

  it("an instant that is there and undefined, and options of another form", () => {
    const message = "undefined is not accepted; expected a value, or no at";
    expect(create(ends(end), { at: undefined })).toMatchObject({ code: "invalid-user", path: ["at"] });
    expect(create({ id: "a", role: "viewer" }, { at: undefined }).message).toContain(message);
    expect(matrix({ users: [] }, { at: undefined })).toMatchObject({ code: "invalid-matrix", path: ["at"] });
    for (const options of [null, end, new Date(end), [end], 0]) {
      expect(create(ends(end), options)).toMatchObject({ code: "invalid-user" });
      expect(matrix({ users: [] }, options)).toMatchObject({ code: "invalid-matrix" });
    }
    expect(create(ends(end), { now: end })).toMatchObject({ code: "invalid-user", path: ["now"] });
    expect(refusal(() => (createMatrix(engage, { users: [] }) as unknown as { at(): unknown }).at()).code).toBe(
      "invalid-matrix",
    );
  });

  it("any grant of a role that holds everywhere, with an end too", () => {
    const owner = { id: "o", role: "owner", grants: { fb: { until: end } } } as const;
    expect(refusal(() => createUser(buffer, owner, before))).toMatchObject({
      code: "invalid-grant",
      path: ["grants", "fb"],
    });
    const held = { id: "o", role: "owner", account: { until: end } } as const;
    expect(refusal(() => createUser(agency, held, before))).toMatchObject({ code: "invalid-grant", path: ["account"] });
    const account = createMatrix(agency, { users: [{ id: "o", role: "owner" }] }, before);
    expect(refusal(() => account.assignAccount("o", { until: end }))).toMatchObject({ code: "invalid-grant" });
    expect(createUser(agency, { id: "o", role: "owner", account: { until: undefined } }).validUntil).toBeUndefined();
  });

  it("two grants on one connection, one of which ends or has ended", () => {
    for (const until of [end, "2020-01-01T00:00:00Z"]) {
      const grants = [
        ["fb", { publish: "view-only", until }],
        ["fb", { publish: "full-access" }],
      ];
      expect(create({ id: "a", role: "viewer", grants }, before)).toMatchObject({ code: "invalid-grant" });
    }
  });

  it("a grant that is wrong, however long ago it ended", () => {
    const grants = { fb: { publish: "all", until: "2020-01-01T00:00:00Z" } };
    expect(create({ id: "a", role: "viewer", grants }, before)).toMatchObject({ path: ["grants", "fb", "publish"] });
  });
});

it("an end that is undefined, or inherited, is none", () => {
  expect(
    createUser(engage, { id: "a", role: "viewer", grants: { fb: { until: undefined } } }).validUntil,
  ).toBeUndefined();
  const inherited = Object.create({ until: end, at: end });
  const user = createUser(
    engage,
    { id: "a", role: "viewer", grants: { fb: inherited } },
    Object.create({ at: "soon" }),
  );
  expect(user.validUntil).toBeUndefined();
  expect(user.connections).toEqual(["fb"]);
});

it("neither an area, nor a flag, may be named until", () => {
  const area = { levels: ["none", "all"] } as const;
  const rest = { name: "n", levels: ["none", "all"], roles: { user: {} }, actions: {} } as const;
  const define = (areas: object) => refusal(() => definePolicy({ ...rest, areas } as never));
  expect(define({ until: area })).toMatchObject({ code: "invalid-policy", path: ["areas", "until"] });
  expect(define({ a: { ...area, flags: { until: ["all"] } } })).toMatchObject({
    path: ["areas", "a", "flags", "until"],
  });
});

describe("a matrix of grants that end", () => {
  const users = [
    temp,
    { id: "boss", role: "admin" },
    { id: "ben", role: "viewer", grants: { x: { analytics: "full-access" } } },
  ] as const;
  const account = createMatrix(engage, { users, connections: ["ig"] }, before);

  it("is the same account at another instant, and loses nothing on the way", () => {
    const later = account.at(end);
    expect(account.connections()).toEqual(["ig", "x", "fb"]);
    expect(later.connections()).toEqual(["ig", "x"]);
    expect([account, later].map((each) => each.connectionsFor("temp", "publish.post-now"))).toEqual([["fb"], []]);
    expect([account, later].map((each) => each.usersFor("publish.post-now", { connections: ["fb"] }))).toEqual([
      ["temp"],
      [],
    ]);
    expect(later.toJSON()).toEqual(account.toJSON());
    expect(later.at(before.at).connections()).toEqual(account.connections());
    expect(later.at(before.at).user("temp")).toEqual(account.user("temp"));
    expect(account.at(before.at)).toBe(account);
    expect(account.at(new Date(before.at))).toBe(account);
  });

  it("keeps the ends in JSON, also of what has ended, and lists what is known whatever ends", () => {
    expect(account.toJSON()).toEqual({ users, connections: ["ig", "x"] });
    expect(createMatrix(engage, account.toJSON(), onEnd).connections()).toEqual(["ig", "x"]);
    expect(refusal(() => createMatrix(engage, account.toJSON()))).toMatchObject({ code: "invalid-grant" });
  });

  it("gives the same user as long as nothing of the user's ends", () => {
    const listed = account.addConnection("fb");
    const later = listed.at(end);
    expect(later.user("ben")).toBe(listed.user("ben"));
    expect(later.user("temp")).not.toBe(listed.user("temp"));
    expect(listed.at("2026-01-01T00:00:00Z").user("temp")).toBe(listed.user("temp"));
    // Where a connection comes or goes, everybody knows another account.
    expect(account.at(end).user("ben")).not.toBe(account.user("ben"));
    expect(account.at("2026-01-01T00:00:00Z").user("ben")).toBe(account.user("ben"));
  });

  it("spells out until when a grant is there", () => {
    expect(account.grant("temp", "fb")).toEqual({
      conversations: "no-access",
      publish: "full-access",
      approver: false,
      analytics: "no-access",
      until: end,
    });
    expect(account.at(end).grant("temp", "fb")).not.toHaveProperty("until");
    expect(account.grant("temp", "ig")).not.toHaveProperty("until");
    expect(account.grant("ben", "fb")).not.toHaveProperty("until");
  });

  it("assigns for good what ended before, and until an instant what was for good", () => {
    const forGood = account.assign("temp", "fb", { publish: "view-only" }).at("2027-01-01T00:00:00Z");
    expect(forGood.grant("temp", "fb").publish).toBe("view-only");
    expect(forGood.connections()).toContain("fb");
    const ending = account.assign("temp", "ig", { publish: "full-access", until: end });
    expect(ending.grant("temp", "ig")).toMatchObject({ publish: "full-access", until: end });
    expect(ending.at(end).grant("temp", "ig").publish).toBe("no-access");
    expect(ending.at(end).connections()).toContain("ig");
    const ended = account.assign("temp", "ig", { publish: "full-access", until: before.at });
    expect(ended.grant("temp", "ig").publish).toBe("no-access");
    expect(ended.toJSON().users[0]?.grants?.ig).toEqual({ publish: "full-access", until: before.at });
    // A new connection is listed by assign, and stays.
    const listed = account.assign("temp", "li", { publish: "view-only", until: end }).at(end);
    expect(listed.connections()).toEqual(["ig", "x", "li"]);
    expect(account.assign("ben", "fb", { publish: "view-only", until: end }).at(end).connections()).toEqual([
      "ig",
      "x",
      "fb",
    ]);
  });

  it("assigns in the account until an instant", () => {
    const desk = createMatrix(agency, { users: [{ id: "a", role: "member" }] }, before);
    const given = desk.assignAccount("a", { billing: "manage", until: end });
    expect(given.accountGrant("a")).toEqual({ billing: "manage", refunds: false, until: end });
    expect(given.usersFor("billing.pay")).toEqual(["a"]);
    expect(given.at(end).usersFor("billing.pay")).toEqual([]);
    expect(given.at(end).accountGrant("a")).toEqual({ billing: "none", refunds: false });
    expect(given.at(end).toJSON()).toEqual(given.toJSON());
    expect(given.at(end).at(before.at).usersFor("billing.pay")).toEqual(["a"]);
    expect(given.assignAccount("a", { billing: "manage" }).at(end).usersFor("billing.pay")).toEqual(["a"]);
    expect(desk.assignAccount("a", {}).toJSON()).toEqual(desk.toJSON());
  });

  it("revokes what ends, and what has ended, so that it is at no instant", () => {
    const revoked = account.revoke("temp", "fb");
    expect(revoked.connections()).toEqual(["ig", "x"]);
    expect(revoked.user("temp").validUntil).toBeUndefined();
    const later = account.at(end);
    expect(later.revoke("temp", "fb").at(before.at).grant("temp", "fb").publish).toBe("no-access");
    expect(later.revoke("temp", "nowhere")).toBe(later);
    expect(later.revoke("ben", "fb")).toBe(later);
  });

  it("puts a user whose grants end, in place of one with others", () => {
    const put = account.putUser({
      id: "ben",
      role: "viewer",
      grants: { li: { publish: "view-only", until: end }, ig: { until: end } },
    });
    expect(put.connections()).toEqual(["ig", "x", "fb", "li"]);
    expect(put.at(end).connections()).toEqual(["ig", "x"]);
    expect(put.user("ben").validUntil).toBe(end);
    const replaced = account.putUser({ id: "temp", role: "admin" });
    expect(replaced.connections()).toEqual(["ig", "x"]);
    const copied = account.putUser({ ...account.user("temp"), role: "admin" });
    expect(copied.user("temp").grants).toEqual(account.user("temp").grants);
    const ended = account.at(end).putUser(temp);
    expect(ended.connections()).toEqual(["ig", "x"]);
    expect(ended.at(before.at).connections()).toEqual(["ig", "x", "fb"]);
  });

  it("removes a user, and the connections that only this user's grants made known", () => {
    expect(account.removeUser("temp").connections()).toEqual(["ig", "x"]);
    expect(account.removeUser("ben").connections()).toEqual(["ig", "x", "fb"]);
  });

  it("lists a connection that a grant made known until an instant, or removes it with the grant", () => {
    const listed = account.addConnection("fb");
    expect(listed.connections()).toEqual(["ig", "x", "fb"]);
    expect(listed.at(end).connections()).toEqual(["ig", "x", "fb"]);
    expect(listed.toJSON().connections).toEqual(["ig", "x", "fb"]);
    expect(listed.addConnection("fb")).toBe(listed);
    const later = account.at(end);
    for (const removed of [
      account.removeConnection("fb"),
      later.removeConnection("fb"),
      listed.removeConnection("fb"),
    ]) {
      expect(removed.connections()).toEqual(["ig", "x"]);
      expect(removed.at(before.at).connections()).toEqual(["ig", "x"]);
      expect(removed.toJSON().users[0]?.grants).toEqual({ ig: { publish: "needs-approval" } });
    }
    expect(later.removeConnection("nowhere")).toBe(later);
  });

  it("knows a connection until the last of its grants ends", () => {
    const longer = { fb: { publish: "view-only", until: "2026-10-01T00:00:00Z" } } as const;
    const matrix = account.putUser({ id: "eve", role: "viewer", grants: longer });
    expect(matrix.at(end).connections()).toEqual(["ig", "x", "fb"]);
    expect(matrix.at(end).user("boss").validUntil).toBe("2026-10-01T00:00:00.000Z");
    expect(matrix.at("2026-10-01T00:00:00Z").connections()).toEqual(["ig", "x"]);
    const shorter = createMatrix(engage, { users: [{ id: "eve", role: "viewer", grants: longer }, temp] }, before);
    expect(shorter.user("eve").validUntil).toBe("2026-10-01T00:00:00.000Z");
  });

  it("of users made at no instant is brought to any", () => {
    const timeless = createMatrix(engage, { users: [{ id: "a", role: "viewer" }] });
    const timed = timeless.at(before.at).assign("a", "fb", { publish: "view-only", until: end });
    expect(timed.user("a").validUntil).toBe(end);
    expect(refusal(() => timeless.assign("a", "fb", { publish: "view-only", until: end })).code).toBe("invalid-grant");
  });
});
