import { describe, expect, it } from "vitest";
import { accessLevel, allowedActions, buffer, can, createMatrix, createUser, PolicyError } from "../../../src/index.js";
import { person } from "../../../src/testing/index.js";

type Level = "no-access" | "approval-required" | "full-posting";

const levels: Level[] = ["no-access", "approval-required", "full-posting"];

function memberWith(...held: Level[]) {
  const grants = held.map((posting, index) => [`c${index}`, { posting }] as const);
  return { user: createUser(buffer, { id: "p", role: "member", grants }), connections: grants.map(([id]) => id) };
}

function onGroup(...held: Level[]) {
  const { user, connections } = memberWith(...held);
  return allowedActions(user, { connections });
}

function onConnection(level: Level) {
  return allowedActions(memberWith(level).user, "c0");
}

const drafting = ["drafts.create", "drafts.edit"];
const deciding = ["drafts.approve", "drafts.reject"];
const queueing = ["queue.add", "queue.edit", "queue.set-time"];
const managing = ["queue.reorder", "schedule.configure"];
const reporting = ["reports.view", "reports.download"];

describe("levels", () => {
  it("B1: a member's level is set per account, and an account not given is no-access", () => {
    const user = createUser(buffer, {
      id: "p",
      role: "member",
      grants: { a: { posting: "full-posting" } },
      connections: ["b"],
    });
    expect(["a", "b", "c"].map((id) => accessLevel(user, "posting", id))).toEqual([
      "full-posting",
      "no-access",
      "no-access",
    ]);
    expect(allowedActions(user, "b")).toEqual([]);
  });

  it("B2: approval-required drafts and asks for approval, and nothing more", () => {
    expect(onGroup("approval-required")).toEqual([...drafting, "drafts.request-approval"]);
    expect(onConnection("approval-required")).toEqual(["accounts.view"]);
  });

  it("B3: full-posting queues, approves, and edits before it approves", () => {
    expect(onGroup("full-posting")).toEqual([...drafting, ...deciding, ...queueing]);
  });

  it("B4: who approves is who may put posts in the queue, and there is no action that publishes at once", () => {
    for (const level of levels)
      expect(onGroup(level).includes("drafts.approve")).toBe(onGroup(level).includes("queue.add"));
    expect(Object.keys(buffer.actions).filter((action) => /post|publish|now/.test(action))).toEqual([]);
  });

  it("B6: only full-posting configures the schedule, and edits, reorders and re-times the queue", () => {
    for (const level of levels) {
      const allowed = level === "full-posting";
      expect(onConnection(level).filter((action) => managing.includes(action))).toEqual(allowed ? managing : []);
      expect(onGroup(level).includes("queue.edit")).toBe(allowed);
      expect(onGroup(level).includes("queue.set-time")).toBe(allowed);
    }
  });

  it("B7: only full-posting views and downloads reports", () => {
    expect(onConnection("full-posting")).toEqual(["accounts.view", ...managing, ...reporting]);
    expect(onConnection("approval-required").filter((action) => reporting.includes(action))).toEqual([]);
  });

  it("B8: only approval-required asks for approval", () => {
    expect(levels.filter((level) => onGroup(level).includes("drafts.request-approval"))).toEqual(["approval-required"]);
    expect(onGroup("full-posting", "approval-required")).toContain("drafts.request-approval");
  });

  it("B12: what a post takes follows from its author's level alone: one way or the other, never both", () => {
    for (const one of levels)
      for (const other of levels) {
        const allowed = onGroup(one, other);
        const ways = ["drafts.request-approval", "queue.add"].filter((action) => allowed.includes(action as never));
        expect(ways).toHaveLength(allowed.length > 0 ? 1 : 0);
      }
  });

  it("B13: an account is seen, and drafts edited, from approval-required up; who approves may turn down", () => {
    expect(levels.filter((level) => onConnection(level).includes("accounts.view"))).toEqual(levels.slice(1));
    expect(levels.filter((level) => onGroup(level).includes("drafts.edit"))).toEqual(levels.slice(1));
    for (const level of levels) {
      expect(onGroup(level).includes("drafts.reject")).toBe(onGroup(level).includes("drafts.approve"));
    }
  });
});

describe("groups", () => {
  it("B11: a post to several accounts is at the plain minimum, no access included", () => {
    const level = (...held: Level[]) => {
      const { user, connections } = memberWith(...held);
      return accessLevel(user, "posting", { connections });
    };
    expect(level("full-posting", "approval-required")).toBe("approval-required");
    expect(level("full-posting", "no-access")).toBe("no-access");
    expect(level("approval-required", "no-access")).toBe("no-access");
    expect(level("full-posting", "full-posting")).toBe("full-posting");
    expect(level()).toBe("no-access");
    expect(onGroup("full-posting", "no-access")).toEqual([]);
  });
});

describe("roles", () => {
  it("B5: the owner holds full-posting on every account of the organisation, and on no other", () => {
    const owner = person(buffer).as("owner").knowing("a", "b");
    expect(allowedActions(owner, { connections: ["a", "b"] })).toEqual([...drafting, ...deciding, ...queueing]);
    expect(allowedActions(owner, "a")).toEqual(["accounts.view", ...managing, ...reporting]);
    expect(allowedActions(owner, "elsewhere")).toEqual([]);
    expect(allowedActions(owner, { connections: ["a", "elsewhere"] })).toEqual([]);
  });

  it("B5: naming a grant for an owner is an error, whatever it says", () => {
    for (const grant of [{ posting: "full-posting" }, { posting: "approval-required" }, {}] as const) {
      const attempt = () => createUser(buffer, { id: "o", role: "owner", grants: { a: grant } });
      expect(attempt).toThrow(PolicyError);
      expect(attempt).toThrow('the role "owner" holds the same everywhere; expected no grant');
    }
    const matrix = createMatrix(buffer, { users: [{ id: "o", role: "owner" }], connections: ["a"] });
    expect(() => matrix.assign("o", "a", { posting: "full-posting" })).toThrow(
      'the role "owner" holds the same everywhere; expected no grant',
    );
    expect(matrix.grant("o", "a")).toEqual({ posting: "full-posting" });
  });

  it("B8: an owner who wants approval needs a second, ordinary login", () => {
    const owner = person(buffer).as("owner").knowing("a");
    expect(can(owner, "drafts.request-approval", { connections: ["a"] })).toBe(false);
    const login = person(buffer).on("a", { posting: "approval-required" });
    expect(can(login, "drafts.request-approval", { connections: ["a"] })).toBe(true);
  });

  it("B9: only the owner connects accounts and manages the team", () => {
    expect(allowedActions(person(buffer).as("owner"))).toEqual(["accounts.connect", "team.manage"]);
    expect(allowedActions(memberWith("full-posting").user)).toEqual([]);
  });

  it("B10: a client is a member with full-posting on its own accounts, its agency's staff ask for approval there", () => {
    expect(Object.keys(buffer.roles)).toEqual(["owner", "member"]);
    const matrix = createMatrix(buffer, {
      users: [
        { id: "client", role: "member", grants: { acme: { posting: "full-posting" } } },
        {
          id: "staff",
          role: "member",
          grants: { acme: { posting: "approval-required" }, other: { posting: "approval-required" } },
        },
      ],
    });
    expect(matrix.usersFor("drafts.approve", { connections: ["acme"] })).toEqual(["client"]);
    expect(matrix.usersFor("drafts.request-approval", { connections: ["acme"] })).toEqual(["staff"]);
    expect(matrix.usersFor("drafts.approve", { connections: ["other"] })).toEqual([]);
    expect(matrix.usersFor("drafts.approve", { connections: ["acme", "other"] })).toEqual([]);
  });
});

it("has exactly the actions of the rules, each with its target", () => {
  const targets = Object.entries(buffer.actions).map(([action, { target }]): [string, string] => [action, target]);
  const of = (kind: string) => targets.filter(([, target]) => target === kind).map(([action]) => action);
  expect(of("none")).toEqual(["accounts.connect", "team.manage"]);
  expect(of("group")).toEqual([...drafting, "drafts.request-approval", ...deciding, ...queueing]);
  expect(of("connection")).toEqual(["accounts.view", ...managing, ...reporting]);
  expect(buffer.levels).toEqual(levels);
  expect(buffer.areas).toEqual({ posting: { levels } });
});
