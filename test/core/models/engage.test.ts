import { describe, expect, it } from "vitest";
import {
  accessLevel,
  allowedActions,
  can,
  createMatrix,
  createUser,
  type Engage,
  engage,
  type GrantInput,
} from "../../../src/index.js";
import { person } from "../../../src/testing/index.js";
import { refusal } from "../../support/refusal.js";

type Publish = "none" | "view" | "view+" | "needs" | "full" | "full+";

// The six ways to stand in publish; + is the approver.
const publish: Record<Publish, GrantInput<Engage>> = {
  none: { publish: "no-access" },
  view: { publish: "view-only" },
  "view+": { publish: "view-only", approver: true },
  needs: { publish: "needs-approval" },
  full: { publish: "full-access" },
  "full+": { publish: "full-access", approver: true },
};
const everyPublish = Object.keys(publish) as Publish[];

function viewerWith(...states: Publish[]) {
  const grants = states.map((state, index) => [`c${index}`, publish[state]] as const);
  return { user: createUser(engage, { id: "p", role: "viewer", grants }), connections: grants.map(([id]) => id) };
}

/** The level of a group in publish. */
function level(...states: Publish[]) {
  const { user, connections } = viewerWith(...states);
  return accessLevel(user, "publish", { connections });
}

/** What may be done to a group, without the area's name. */
function onGroup(...states: Publish[]): string[] {
  const { user, connections } = viewerWith(...states);
  return allowedActions(user, { connections }).map((action) => action.replace("publish.", ""));
}

function onConnection(grant: GrantInput<Engage>, role: "admin" | "viewer" = "viewer") {
  return allowedActions(person(engage).as(role).on("c", grant), "c");
}

const seeing = ["view", "tag", "assign", "clone"];
const drafting = ["edit", "delete", "submit"];
const releasing = ["schedule", "post-now"];
const approving = ["approve", "reject"];

const refusalOf = (grant: object) => refusal(() => person(engage).on("c", grant));

describe("grants", () => {
  it("E1: access is set per connection and per area, and can be changed at any time", () => {
    const matrix = createMatrix(engage, {
      users: [
        { id: "p", role: "viewer", grants: { a: { publish: "full-access" }, b: { conversations: "view-only" } } },
      ],
    });
    const user = matrix.user("p");
    expect(["a", "b"].map((id) => accessLevel(user, "publish", id))).toEqual(["full-access", "no-access"]);
    expect(["a", "b"].map((id) => accessLevel(user, "conversations", id))).toEqual(["no-access", "view-only"]);
    const changed = matrix.assign("p", "b", { publish: "needs-approval" }).user("p");
    expect(accessLevel(changed, "publish", "b")).toBe("needs-approval");
    expect(accessLevel(changed, "conversations", "b")).toBe("no-access");
  });

  it("E2: each area has its own levels, and any other pair is refused", () => {
    const accepted = {
      conversations: ["no-access", "view-only", "full-access"],
      publish: ["no-access", "view-only", "needs-approval", "full-access"],
      analytics: ["no-access", "full-access"],
    };
    expect(engage.levels).toEqual(["no-access", "view-only", "needs-approval", "full-access"]);
    expect(Object.keys(engage.areas)).toEqual(Object.keys(accepted));
    for (const [area, levels] of Object.entries(accepted)) {
      for (const each of engage.levels) {
        if (levels.includes(each)) person(engage).on("c", { [area]: each });
        else expect(refusalOf({ [area]: each })).toMatchObject({ code: "invalid-grant", path: ["grants", "c", area] });
      }
    }
  });

  it("E3: approver exists in publish only, beside view-only or full-access there", () => {
    expect(refusalOf({ approver: true }).code).toBe("invalid-grant");
    expect(refusalOf({ publish: "no-access", approver: true }).code).toBe("invalid-grant");
    expect(refusalOf({ publish: "needs-approval", approver: true }).code).toBe("invalid-grant");
    expect(refusalOf({ conversations: "full-access", analytics: "full-access", approver: true }).code).toBe(
      "invalid-grant",
    );
    for (const state of ["view+", "full+"] as const) expect(onGroup(state)).toEqual(expect.arrayContaining(approving));
  });

  it("E4: a connection without a grant is no-access in every area, to an admin as well", () => {
    for (const role of ["admin", "viewer"] as const) {
      const user = person(engage).as(role).knowing("c");
      for (const area of ["conversations", "publish", "analytics"] as const) {
        expect(accessLevel(user, area, "c")).toBe("no-access");
      }
      expect(allowedActions(user, { connections: ["c"] })).toEqual([]);
    }
  });

  it("E5: a connection at no-access in an area is not in that area's account picker", () => {
    const matrix = createMatrix(engage, {
      users: [
        {
          id: "p",
          role: "viewer",
          grants: {
            a: { publish: "view-only", conversations: "no-access" },
            b: { conversations: "full-access" },
            c: { analytics: "full-access", publish: "needs-approval" },
          },
        },
        { id: "q", role: "admin", grants: { d: { publish: "full-access" } } },
      ],
    });
    expect(matrix.visibleConnections("p", "publish")).toEqual(["a", "c"]);
    expect(matrix.visibleConnections("p", "conversations")).toEqual(["b"]);
    expect(matrix.visibleConnections("p", "analytics")).toEqual(["c"]);
    expect(matrix.visibleConnections("q", "publish")).toEqual(["d"]);
  });
});

describe("post groups", () => {
  it("E6: the lowest level counts, and no access counts as view-only beside an accessible connection", () => {
    expect(level("full", "view")).toBe("view-only");
    expect(level("full", "none")).toBe("view-only");
    expect(level("full", "needs")).toBe("needs-approval");
    expect(level("full", "full")).toBe("full-access");
    expect(level("needs", "none")).toBe("view-only");
    expect(level("view", "none")).toBe("view-only");
    expect(level("full+", "needs", "none")).toBe("view-only");
  });

  it("E6: the lift is publish's alone", () => {
    const grants = { a: { conversations: "full-access", analytics: "full-access" }, b: {} } as const;
    const user = createUser(engage, { id: "p", role: "viewer", grants });
    expect(accessLevel(user, "conversations", { connections: ["a", "b"] })).toBe("no-access");
    expect(accessLevel(user, "analytics", { connections: ["a", "b"] })).toBe("no-access");
  });

  it("E7: a group with no access on any connection is no-access", () => {
    expect(level("none")).toBe("no-access");
    expect(level("none", "none")).toBe("no-access");
    expect(onGroup("none", "none", "none")).toEqual([]);
  });

  it("E8: a group without connections is no-access, and every action on it is denied", () => {
    expect(level()).toBe("no-access");
    const everywhere = person(engage).as("admin").on("c", publish["full+"]);
    expect(allowedActions(everywhere, { connections: [] })).toEqual([]);
    expect(can(everywhere, "publish.approve", { connections: [] })).toBe(false);
  });

  it("E9: order and repetition change nothing", () => {
    expect(level("none", "full", "full", "none")).toBe(level("full", "none"));
    expect(onGroup("view+", "full+", "full+")).toEqual(onGroup("full+", "view+"));
  });
});

describe("publish", () => {
  it("E10: create needs some connection at needs-approval or above", () => {
    const mayCreate = (...states: Publish[]) => can(viewerWith(...states).user, "publish.create");
    expect(mayCreate()).toBe(false);
    expect(everyPublish.filter((state) => mayCreate(state))).toEqual(["needs", "full", "full+"]);
    expect(mayCreate("none", "view", "needs")).toBe(true);
    expect(mayCreate("none", "view", "view+")).toBe(false);
  });

  it("E11: composing offers connections at needs-approval or full-access only", () => {
    const matrix = createMatrix(engage, {
      users: [{ id: "p", role: "viewer", grants: everyPublish.map((state) => [state, publish[state]] as const) }],
      connections: ["unassigned"],
    });
    expect(matrix.connectionsFor("p", "publish.select")).toEqual(["needs", "full", "full+"]);
  });

  it("E12: on a view-only group a user may view, tag, assign and clone, and nothing else", () => {
    expect(onGroup("view")).toEqual(seeing);
    expect(onGroup("full", "none")).toEqual(seeing);
    expect(onGroup("view", "full+")).toEqual(seeing);
  });

  it("E12: somebody at view-only everywhere finds nothing to choose for a clone", () => {
    const { user, connections } = viewerWith("view", "view+");
    expect(connections.filter((id) => can(user, "publish.select", id))).toEqual([]);
    expect(can(user, "publish.clone", { connections })).toBe(true);
  });

  it("E13: on a needs-approval group a user may also edit, delete and submit, but not release", () => {
    expect(onGroup("needs")).toEqual([...seeing, ...drafting]);
    expect(onGroup("full+", "needs")).toEqual([...seeing, ...drafting]);
  });

  it("E14: on a full-access group a user may do everything but approve and reject", () => {
    expect(onGroup("full")).toEqual([...seeing, ...drafting, ...releasing]);
    expect(onGroup("full", "full+")).toEqual([...seeing, ...drafting, ...releasing]);
  });

  it("E15: approving and rejecting need the approver flag on every connection", () => {
    const approvers = everyPublish.flatMap((one) =>
      everyPublish.filter((other) => onGroup(one, other).includes("approve")).map((other) => [one, other]),
    );
    expect(approvers).toEqual([
      ["view+", "view+"],
      ["view+", "full+"],
      ["full+", "view+"],
      ["full+", "full+"],
    ]);
    expect(onGroup("view+")).toEqual([...seeing, ...approving]);
    expect(onGroup("full+")).toEqual([...seeing, ...drafting, ...releasing, ...approving]);
    for (const one of everyPublish) expect(onGroup(one).includes("approve")).toBe(onGroup(one).includes("reject"));
  });

  it("E15: the approver drop-down offers exactly those who may approve the whole group", () => {
    const matrix = createMatrix(engage, {
      users: [
        { id: "both", role: "viewer", grants: { a: publish["view+"], b: publish["full+"] } },
        { id: "one", role: "viewer", grants: { a: publish["full+"], b: publish.full } },
        { id: "boss", role: "admin", grants: { a: publish.full, b: publish.full } },
      ],
    });
    expect(matrix.usersFor("publish.approve", { connections: ["a", "b"] })).toEqual(["both"]);
    expect(matrix.usersFor("publish.approve", { connections: ["a"] })).toEqual(["both", "one"]);
    expect(matrix.usersFor("publish.approve", { connections: [] })).toEqual([]);
  });

  it("E16: nobody at needs-approval on a group can approve it", () => {
    for (const one of everyPublish)
      for (const other of everyPublish) {
        if (level(one, other) === "needs-approval") expect(onGroup(one, other)).not.toContain("approve");
      }
    expect(level("full+", "needs")).toBe("needs-approval");
  });

  it("E17: full access releases without approval, and does not approve", () => {
    expect(onGroup("full", "full")).toEqual(expect.arrayContaining(releasing));
    expect(onGroup("full", "full")).not.toContain("approve");
    expect(onGroup("needs").filter((action) => releasing.includes(action))).toEqual([]);
  });
});

describe("conversations and analytics", () => {
  const internal = ["view", "view-profile", "tag", "assign"].map((action) => `conversations.${action}`);
  const external = [
    ...["reply", "like", "retweet", "mark-complete", "mark-new", "hide", "ban", "direct-message", "set-follow"],
  ].map((action) => `conversations.${action}`);

  it("E18: view-only sees, tags and assigns; full-access does all", () => {
    expect(onConnection({ conversations: "no-access" })).toEqual([]);
    expect(onConnection({ conversations: "view-only" })).toEqual([...internal, "connections.reconnect"]);
    expect(onConnection({ conversations: "full-access" })).toEqual([...internal, ...external, "connections.reconnect"]);
  });

  it("E19: viewing analytics needs full-access there", () => {
    expect(onConnection({ analytics: "full-access" })).toEqual(["analytics.view", "connections.reconnect"]);
    expect(onConnection({ conversations: "full-access", publish: "full-access", approver: true })).not.toContain(
      "analytics.view",
    );
  });

  it("E24: the view-only badge stands exactly where the level in conversations is view-only", () => {
    const badge = (grant: GrantInput<Engage>) =>
      accessLevel(person(engage).on("c", grant), "conversations", "c") === "view-only";
    expect(badge({ conversations: "view-only", publish: "full-access" })).toBe(true);
    expect(badge({ conversations: "full-access", publish: "view-only" })).toBe(false);
    expect(badge({ publish: "view-only" })).toBe(false);
  });
});

describe("the account", () => {
  it("E20: only an admin makes connections and assigns users", () => {
    const account = ["connections.create", "connections.assign-users"];
    expect(allowedActions(person(engage).as("admin"))).toEqual(account);
    const everything = {
      publish: "full-access",
      approver: true,
      conversations: "full-access",
      analytics: "full-access",
    };
    const viewer = createUser(engage, { id: "p", role: "viewer", grants: { c: everything } as never });
    expect(allowedActions(viewer)).toEqual(["publish.create"]);
  });

  it("E21: a viewer reconnects a connection where any area is above no-access", () => {
    const reconnects = (grant: GrantInput<Engage>) => onConnection(grant).includes("connections.reconnect");
    expect(reconnects({})).toBe(false);
    expect(reconnects({ conversations: "no-access", publish: "no-access", analytics: "no-access" })).toBe(false);
    for (const level of ["view-only", "full-access"] as const) expect(reconnects({ conversations: level })).toBe(true);
    for (const level of ["view-only", "needs-approval", "full-access"] as const) {
      expect(reconnects({ publish: level })).toBe(true);
    }
    expect(reconnects({ analytics: "full-access" })).toBe(true);
  });

  it("E21: an admin reconnects any connection of the account, and no other", () => {
    const admin = person(engage).as("admin").knowing("c");
    expect(can(admin, "connections.reconnect", "c")).toBe(true);
    expect(can(admin, "connections.reconnect", "elsewhere")).toBe(false);
    const viewer = person(engage).knowing("c");
    expect(can(viewer, "connections.reconnect", "c")).toBe(false);
  });

  it("an admin has no other advantage: any grant allows both roles the same", () => {
    for (const state of everyPublish) {
      expect(onConnection(publish[state], "admin").filter((action) => action !== "connections.reconnect")).toEqual(
        onConnection(publish[state]).filter((action) => action !== "connections.reconnect"),
      );
    }
  });
});

describe("the model as a whole", () => {
  it("E22: up the levels of publish, flags equal, actions are only gained", () => {
    const steps: Publish[][] = [
      ["none", "view", "needs", "full"],
      ["view+", "full+"],
    ];
    for (const chain of steps)
      for (const [index, state] of chain.entries()) {
        const below = index > 0 ? onGroup(chain[index - 1] as Publish) : [];
        expect(onGroup(state)).toEqual(expect.arrayContaining(below));
      }
  });

  it("E23: whatever reaches a network needs full access", () => {
    const outward = ["publish.schedule", "publish.post-now"] as const;
    for (const action of outward)
      expect(engage.actions[action].allow).toEqual({ area: "publish", level: "full-access" });
    const partly: GrantInput<Engage> = {
      conversations: "view-only",
      publish: "needs-approval",
      analytics: "full-access",
    };
    expect(onConnection(partly)).toEqual([
      "publish.select",
      "conversations.view",
      "conversations.view-profile",
      "conversations.tag",
      "conversations.assign",
      "analytics.view",
      "connections.reconnect",
    ]);
  });

  it("has exactly the actions of the rules, each with its target", () => {
    const targets = Object.entries(engage.actions).map(([action, { target }]): [string, string] => [action, target]);
    const of = (kind: string) => targets.filter(([, target]) => target === kind).map(([action]) => action);
    expect(of("none")).toEqual(["publish.create", "connections.create", "connections.assign-users"]);
    expect(of("group")).toEqual(
      [...seeing, ...drafting, ...releasing, ...approving].map((action) => `publish.${action}`),
    );
    expect(of("connection")).toEqual([
      "publish.select",
      ...[
        "view",
        "view-profile",
        "tag",
        "assign",
        "reply",
        "like",
        "retweet",
        "mark-complete",
        "mark-new",
        "hide",
        "ban",
      ].map((action) => `conversations.${action}`),
      "conversations.direct-message",
      "conversations.set-follow",
      "analytics.view",
      "connections.reconnect",
    ]);
    expect(Object.keys(engage.roles)).toEqual(["admin", "viewer"]);
  });
});
