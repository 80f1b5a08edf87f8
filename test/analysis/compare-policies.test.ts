import { describe, expect, it } from "vitest";
import { comparePolicies, type Witness } from "../../src/analysis/index.js";
import { buffer, engage } from "../../src/index.js";
import { define } from "../support/arbitraries.js";
import { allows } from "../support/brute-force.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { mistaken } from "../support/mistaken.js";
import type { Definition } from "../support/reference-model.js";

// What is said of two policies, case by case. In proof.test.ts, everybody is asked whether it is true.

const plain = (policy: unknown) => JSON.parse(JSON.stringify(policy));
const engageDefinition: Definition = plain(engage);
const bufferDefinition: Definition = plain(buffer);

describe("the comparison of two policies", () => {
  const small = {
    name: "own",
    levels: ["none", "some", "all"],
    areas: { a: { levels: ["none", "some"] } },
    roles: { user: {}, guest: {}, robot: { holds: { a: "some" } } },
    actions: { act: { target: "group", allow: { area: "a", level: "some" } } },
  };

  it("of a policy with itself, or its copy, is equal", () => {
    for (const [policy, definition] of [
      [engage, engageDefinition],
      [buffer, bufferDefinition],
    ] as const) {
      const { verdict, actions, roles, states } = comparePolicies(policy, define(definition));
      expect([verdict, roles, states]).toEqual(["equal", [], []]);
      expect(new Set(actions.map((action) => action.verdict))).toEqual(new Set(["equal"]));
    }
  });

  it("takes nothing held for the same, whatever its level is called", () => {
    const lowest = (level: string) =>
      define({ ...small, levels: [level, "some"], areas: { a: { levels: [level, "some"] } } });
    const { verdict, states } = comparePolicies(lowest("none"), lowest("no access"));
    expect([verdict, states]).toEqual(["equal", []]);
  });

  it("does not look at the order of flags", () => {
    const flagged = (...flags: string[]) =>
      define({
        ...small,
        areas: { a: { levels: ["none", "some"], flags: Object.fromEntries(flags.map((flag) => [flag, ["some"]])) } },
        actions: {
          act: { target: "group", allow: { area: "a", every: "lead" } },
          sign: { target: "group", allow: { area: "a", every: "deputy" } },
        },
        roles: { user: {} },
      });
    expect(comparePolicies(flagged("lead", "deputy"), flagged("deputy", "lead")).verdict).toBe("equal");
  });

  it("lists what only one of them has", () => {
    const second = mistaken(engageDefinition, (copy) => {
      copy.roles = { admin: { holds: { publish: "full-access" } }, guest: {} };
      delete copy.actions["publish.tag"];
      copy.actions["publish.pin"] = { target: "group", allow: { area: "publish", level: "view-only" } };
      copy.actions["analytics.view"] = { target: "group", allow: { area: "analytics", level: "full-access" } };
      copy.actions["connections.reconnect"] = { target: "connection", allow: { role: "admin" } };
      copy.areas.ads = { levels: ["no-access", "full-access"] };
      copy.actions["connections.create"] = {
        target: "none",
        allow: [
          { area: "ads", some: "full-access" },
          { area: "publish", some: "full-access" },
        ],
      };
    });
    const forth = comparePolicies(engage, second);
    expect(forth.roles).toEqual([
      { role: "admin", only: "first", grants: true },
      { role: "viewer", only: "first" },
      { role: "guest", only: "second" },
    ]);
    expect(forth.states).toEqual([
      { area: "ads", grant: { ads: "full-access" }, only: "second", allows: ["connections.create"] },
    ]);
    const of = (name: string) => forth.actions.find(({ action }) => action === name);
    expect(of("publish.tag")).toEqual({ action: "publish.tag", verdict: "stricter", only: "first" });
    expect(of("publish.pin")).toEqual({ action: "publish.pin", verdict: "looser", only: "second" });
    expect(of("analytics.view")).toEqual({ action: "analytics.view", verdict: "different" });
    // An admin without a connection may make one under the first policy only.
    expect(of("connections.create")?.stricter).toEqual({ user: { id: "user", role: "admin" }, connections: [] });
    expect(of("publish.create")?.looser).toEqual({
      user: { id: "user", role: "admin", connections: ["c1"] },
      connections: [],
    });
    expect(comparePolicies(second, engage).states[0]).toMatchObject({ only: "first" });
    expect(isDeeplyFrozen(forth)).toBe(true);
    expect(plain(forth)).toEqual(forth);
  });

  it("a policy that has a role or a state more, and is else the same, is the looser one", () => {
    const policy = define(small);
    const fewer = define({ ...small, roles: { user: {}, robot: small.roles.robot } });
    expect(comparePolicies(policy, fewer).verdict).toBe("stricter");
    expect(comparePolicies(fewer, policy).verdict).toBe("looser");
    const higher = define({ ...small, areas: { a: { levels: ["none", "some", "all"] } } });
    expect(comparePolicies(higher, policy).verdict).toBe("stricter");
    expect(comparePolicies(policy, higher).verdict).toBe("looser");
  });

  it("a state is the same where a flag is off and where there is none; what it allows is what some role could do", () => {
    const actions = {
      ...small.actions,
      sign: { target: "group", allow: { role: "guest", area: "a", every: "signer" } },
      patrol: { target: "group", allow: { role: "robot", area: "a", every: "signer" } },
    };
    const policy = define({ ...small, actions: { ...actions, sign: small.actions.act, patrol: small.actions.act } });
    const flagged = define({
      ...small,
      areas: { a: { levels: ["none", "some"], flags: { signer: ["some"] } } },
      actions,
    });
    expect(comparePolicies(flagged, policy).states).toEqual([
      { area: "a", grant: { a: "some", signer: true }, only: "first", allows: ["act", "sign"] },
    ]);
    expect(comparePolicies(policy, flagged).states).toMatchObject([{ only: "second" }]);
  });

  it("counts a stranger in the group: whoever takes none is smaller", () => {
    const shape = {
      ...{ name: "own", levels: ["none", "some"], roles: { chief: {}, user: {} } },
      areas: { a: { levels: ["none", "some"], noAccessCountsAs: "some" } },
    };
    const byRole = define({ ...shape, actions: { act: { target: "group", allow: { role: "chief" } } } });
    const byBoth = define({
      ...shape,
      actions: { act: { target: "group", allow: [{ role: "chief" }, { area: "a", level: "some" }] } },
    });
    // A chief would gain it beside a stranger, and a user on one connection.
    expect(comparePolicies(byRole, byBoth).actions[0]?.looser).toEqual({
      user: { id: "user", role: "user", grants: { c1: { a: "some" } } },
      connections: ["c1"],
    });
  });

  it("counts a stranger beside a role that holds the same everywhere, in a group and not on one connection", () => {
    const takes = (clause: object) =>
      define({
        ...small,
        actions: {
          act: { target: "group", allow: { area: "a", ...clause } },
          look: { target: "connection", allow: { area: "a", level: "some" } },
        },
        roles: { robot: small.roles.robot },
      });
    const { actions } = comparePolicies(takes({ some: "some" }), takes({ level: "some" }));
    expect(actions).toEqual([
      {
        action: "act",
        verdict: "stricter",
        stricter: { user: { id: "user", role: "robot", connections: ["c1"] }, connections: ["c1", "stranger"] },
      },
      { action: "look", verdict: "equal" },
    ]);
  });

  it("knows that a role alone does not reach a stranger", () => {
    const byRole = mistaken(bufferDefinition, (copy) => {
      copy.areas.posting = { ...(copy.areas.posting as object), noAccessCountsAs: "full-posting" } as never;
      copy.actions["queue.add"] = {
        target: "group",
        allow: [{ role: "member" }, { area: "posting", level: "full-posting" }],
      };
    });
    const byLevel = mistaken(plain(byRole), (copy) => {
      copy.actions["queue.add"] = { target: "group", allow: [{ role: "member" }] };
    });
    const { looser, stricter } =
      comparePolicies(byLevel, byRole).actions.find(({ action }) => action === "queue.add") ?? {};
    expect(stricter).toBeUndefined();
    expect(looser?.user.role).toBe("owner");
    const members = mistaken(plain(byRole), (copy) => {
      copy.actions["queue.add"] = {
        target: "group",
        allow: [{ role: "member" }, { role: "owner", area: "posting", level: "full-posting" }],
      };
    });
    const strange = comparePolicies(members, byRole).actions.find(({ action }) => action === "queue.add");
    expect(strange?.looser?.connections).toEqual(["c1", "stranger"]);
    expect(allows(byRole, "queue.add", strange?.looser as Witness)).toBe(true);
  });
});
