import { describe, expect, it } from "vitest";
import {
  buffer,
  createUser,
  type Decision,
  type Denied,
  definePolicy,
  engage,
  explain,
  formatDecision,
} from "../../src/index.js";
import { refusal } from "../support/refusal.js";

function denied<D extends Decision>(decision: D): Extract<D, { allowed: false }> {
  if (decision.allowed) throw new Error(`${decision.action} is allowed`);
  return decision as Extract<D, { allowed: false }>;
}

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: {
    fb: { publish: "full-access", approver: true, conversations: "view-only" },
    ig: { publish: "needs-approval" },
    li: { publish: "view-only", approver: true },
    x: { publish: "full-access" },
  },
  connections: ["yt"],
});

// Every requirement that a clause can make, in an area without a lift.
const shop = definePolicy({
  name: "shop",
  levels: ["none", "low", "mid", "high"],
  areas: {
    stock: { levels: ["none", "low", "mid", "high"], flags: { audit: ["low", "high"], seal: ["high"] } },
    till: { levels: ["none", "mid"] },
  },
  roles: { clerk: {}, guard: {}, chief: { holds: { stock: "mid" } } },
  actions: {
    "exactly-low": { target: "group", allow: { area: "stock", exactly: "low" } },
    "exactly-mid": { target: "connection", allow: { area: "stock", exactly: "mid" } },
    "exactly-low-audited": { target: "connection", allow: { area: "stock", exactly: "low", every: "audit" } },
    "some-high": { target: "group", allow: { area: "stock", some: "high" } },
    "account-high": { target: "none", allow: { area: "stock", some: "high" } },
    "mid-audited": { target: "group", allow: { area: "stock", level: "mid", every: "audit" } },
    "some-mid-audited": { target: "group", allow: { area: "stock", some: "mid", every: "audit" } },
    sealed: { target: "connection", allow: { area: "stock", every: "seal" } },
    either: {
      target: "group",
      allow: [
        { area: "stock", level: "high" },
        { area: "till", level: "mid" },
      ],
    },
    "clerk-or-guard": {
      target: "group",
      allow: [{ role: ["guard", "clerk"] }, { role: "chief", area: "stock", level: "high" }],
    },
    "guards-only": { target: "none", allow: { role: "guard" } },
  },
});

describe("an allowed decision", () => {
  it("says what was asked, and nothing more", () => {
    expect(explain(ana, "publish.post-now", { connections: ["fb", "x"] })).toEqual({
      allowed: true,
      action: "publish.post-now",
      user: "ana",
      target: { connections: ["fb", "x"] },
    });
    expect(explain(ana, "publish.select", "ig")).toEqual({
      allowed: true,
      action: "publish.select",
      user: "ana",
      target: "ig",
    });
    expect(explain(ana, "publish.create")).toEqual({ allowed: true, action: "publish.create", user: "ana" });
  });
});

describe("the reason is the first that fits", () => {
  it("empty-group", () => {
    expect(explain(ana, "publish.view", { connections: [] })).toEqual({
      allowed: false,
      action: "publish.view",
      user: "ana",
      target: { connections: [] },
      reason: "empty-group",
      area: "publish",
      level: "no-access",
      blockers: [],
    });
    const chief = createUser(shop, { id: "c", role: "chief", connections: ["a"] });
    expect(denied(explain(chief, "either", { connections: [] })).reason).toBe("empty-group");
    expect(denied(explain(chief, "clerk-or-guard", { connections: [] })).reason).toBe("empty-group");
  });

  it("role-required, with every role that would do, in the policy's order", () => {
    expect(explain(ana, "connections.create")).toEqual({
      allowed: false,
      action: "connections.create",
      user: "ana",
      reason: "role-required",
      roles: ["admin"],
      blockers: [],
    });
    const many = definePolicy({
      name: "many",
      levels: ["none", "all"],
      areas: { a: { levels: ["none", "all"] } },
      roles: { first: {}, second: {}, third: {}, fourth: {} },
      actions: {
        act: {
          target: "connection",
          allow: [{ role: ["third", "first"] }, { role: "third", area: "a", level: "all" }],
        },
      },
    });
    const second = createUser(many, { id: "s", role: "second", grants: { c: { a: "all" } } });
    expect(denied(explain(second, "act", "c"))).toMatchObject({
      reason: "role-required",
      roles: ["first", "third"],
      blockers: [],
    });
    expect(denied(explain(second, "act", "c"))).not.toHaveProperty("area");
  });

  it("unknown-connection, where the role gives it on the account's own connections", () => {
    const admin = createUser(engage, { id: "boss", role: "admin", connections: ["fb"] });
    expect(explain(admin, "connections.reconnect", "zz")).toEqual({
      allowed: false,
      action: "connections.reconnect",
      user: "boss",
      target: "zz",
      reason: "unknown-connection",
      blockers: [],
    });
    const owner = createUser(buffer, { id: "olga", role: "owner", connections: ["ig"] });
    expect(explain(owner, "queue.add", { connections: ["ig", "zz"] })).toEqual({
      allowed: false,
      action: "queue.add",
      user: "olga",
      target: { connections: ["ig", "zz"] },
      reason: "unknown-connection",
      area: "posting",
      level: "no-access",
      blockers: [],
    });
  });

  it("unknown-connection, where the account has none", () => {
    const policy = definePolicy({
      name: "holding",
      levels: ["none", "all"],
      areas: { a: { levels: ["none", "all"] } },
      roles: { owner: { holds: { a: "all" } } },
      actions: { act: { target: "none", allow: { area: "a", some: "all" } } },
    });
    const owner = createUser(policy, { id: "o", role: "owner" });
    expect(explain(owner, "act")).toEqual({
      allowed: false,
      action: "act",
      user: "o",
      reason: "unknown-connection",
      area: "a",
      level: "none",
      blockers: [],
    });
    expect(explain(createUser(policy, { id: "o", role: "owner", connections: ["c"] }), "act").allowed).toBe(true);
  });

  it("unknown-connection stays no-access where a grant, and not the role, would give it", () => {
    expect(denied(explain(ana, "connections.reconnect", "zz")).reason).toBe("no-access");
    expect(denied(explain(ana, "publish.view", { connections: ["zz"] })).reason).toBe("no-access");
  });

  it("fixed-by-role", () => {
    const owner = createUser(buffer, { id: "olga", role: "owner", connections: ["ig"] });
    expect(explain(owner, "drafts.request-approval", { connections: ["ig"] })).toEqual({
      allowed: false,
      action: "drafts.request-approval",
      user: "olga",
      target: { connections: ["ig"] },
      reason: "fixed-by-role",
      area: "posting",
      level: "full-posting",
      blockers: [],
    });
    const chief = createUser(shop, { id: "c", role: "chief", connections: ["a"] });
    expect(denied(explain(chief, "some-high", { connections: ["a"] }))).toMatchObject({
      reason: "fixed-by-role",
      level: "mid",
    });
    expect(denied(explain(chief, "account-high"))).toMatchObject({
      reason: "fixed-by-role",
      level: "mid",
      blockers: [],
    });
  });

  it("no-access", () => {
    expect(explain(ana, "publish.edit", { connections: ["yt", "zz"] })).toEqual({
      allowed: false,
      action: "publish.edit",
      user: "ana",
      target: { connections: ["yt", "zz"] },
      reason: "no-access",
      area: "publish",
      level: "no-access",
      blockers: [
        {
          connection: "yt",
          holds: { publish: "no-access", approver: false },
          needs: { publish: "needs-approval", approver: false },
        },
        {
          connection: "zz",
          holds: { publish: "no-access", approver: false },
          needs: { publish: "needs-approval", approver: false },
        },
      ],
      unblock: "every",
    });
  });

  it("no-access: for the account as a whole, nothing is held in the area", () => {
    const analyst = createUser(engage, { id: "zoe", role: "viewer", grants: { fb: { analytics: "full-access" } } });
    expect(denied(explain(analyst, "publish.create"))).toMatchObject({
      reason: "no-access",
      level: "no-access",
      unblock: "any",
      blockers: [{ connection: "fb", needs: { publish: "needs-approval", approver: false } }],
    });
    const nobody = createUser(engage, { id: "nobody", role: "viewer", connections: ["fb"] });
    expect(explain(nobody, "publish.create")).toEqual({
      allowed: false,
      action: "publish.create",
      user: "nobody",
      reason: "no-access",
      area: "publish",
      level: "no-access",
      blockers: [],
    });
  });

  it("level-too-low", () => {
    expect(explain(ana, "publish.post-now", { connections: ["fb", "ig", "fb", "ig"] })).toEqual({
      allowed: false,
      action: "publish.post-now",
      user: "ana",
      target: { connections: ["fb", "ig", "fb", "ig"] },
      reason: "level-too-low",
      area: "publish",
      level: "needs-approval",
      blockers: [
        {
          connection: "ig",
          holds: { publish: "needs-approval", approver: false },
          needs: { publish: "full-access", approver: false },
        },
      ],
      unblock: "every",
    });
  });

  it("level-too-low: for the account as a whole, the level is the best that is held", () => {
    const clerk = createUser(shop, {
      id: "c",
      role: "clerk",
      grants: { a: { stock: "low" }, b: { stock: "mid" }, c: { till: "mid" } },
    });
    expect(denied(explain(clerk, "account-high"))).toMatchObject({
      reason: "level-too-low",
      level: "mid",
      unblock: "any",
      blockers: [{ connection: "a" }, { connection: "b" }, { connection: "c" }],
    });
  });

  it("level-too-high", () => {
    const member = createUser(buffer, { id: "m", role: "member", grants: { ig: { posting: "full-posting" } } });
    expect(denied(explain(member, "drafts.request-approval", { connections: ["ig"] }))).toMatchObject({
      reason: "level-too-high",
      level: "full-posting",
      blockers: [{ connection: "ig", holds: { posting: "full-posting" }, needs: { posting: "approval-required" } }],
      unblock: "any",
    });
  });

  it("flag-missing", () => {
    expect(denied(explain(ana, "publish.approve", { connections: ["fb", "x"] }))).toMatchObject({
      reason: "flag-missing",
      level: "full-access",
      blockers: [{ connection: "x", needs: { publish: "full-access", approver: true } }],
      unblock: "every",
    });
    const clerk = createUser(shop, {
      id: "c",
      role: "clerk",
      grants: { a: { stock: "low", audit: true }, b: { stock: "mid" } },
    });
    // The level that `some` asks for is reached on one connection; what is missing is the flag there.
    expect(denied(explain(clerk, "some-mid-audited", { connections: ["a", "b"] }))).toMatchObject({
      reason: "flag-missing",
      level: "low",
      blockers: [{ connection: "b", needs: { stock: "high", audit: true, seal: false } }],
    });
    // Too low a level comes before a missing flag.
    expect(denied(explain(clerk, "mid-audited", { connections: ["a", "b"] })).reason).toBe("level-too-low");
    // So does too high a level; exactly the right one lacks the flag alone.
    const other = createUser(shop, { id: "o", role: "clerk", grants: { a: { stock: "low" }, b: { stock: "mid" } } });
    expect(denied(explain(other, "exactly-low-audited", "a")).reason).toBe("flag-missing");
    expect(denied(explain(other, "exactly-low-audited", "b")).reason).toBe("level-too-high");
  });
});

describe("the nearest clause is the one that the fewest changes satisfy", () => {
  const clerk = createUser(shop, {
    id: "c",
    role: "clerk",
    grants: {
      a: { stock: "low" },
      b: { stock: "high", till: "mid" },
      c: { stock: "low", till: "mid" },
      d: { stock: "high" },
    },
  });
  const area = (...connections: string[]) => denied(explain(clerk, "either", { connections })).area;

  it("fewest changes first, then the policy's order", () => {
    expect(area("a", "b")).toBe("stock");
    expect(area("a", "b", "c")).toBe("till");
    expect(area("a", "c", "d")).toBe("stock");
    expect(area("a")).toBe("stock");
  });

  it("one change that any connection may have is nearer than two that every one must have", () => {
    const policy = definePolicy({
      name: "near",
      levels: ["none", "low", "high"],
      areas: { a: { levels: ["none", "low", "high"] } },
      roles: { user: {} },
      actions: {
        act: {
          target: "group",
          allow: [
            { area: "a", level: "high" },
            { area: "a", some: "high" },
          ],
        },
      },
    });
    const user = createUser(policy, { id: "u", role: "user", grants: { x: { a: "low" }, y: { a: "low" } } });
    expect(denied(explain(user, "act", { connections: ["x", "y"] })).unblock).toBe("any");
    expect(denied(explain(user, "act", { connections: ["x"] })).unblock).toBe("every");
  });
});

describe("what a blocker needs", () => {
  const needs = (grant: object, action: "exactly-low" | "exactly-mid" | "sealed" | "some-high") => {
    const user = createUser(shop, { id: "u", role: "clerk", grants: { c: grant } });
    const target = action === "exactly-mid" || action === "sealed" ? "c" : { connections: ["c"] };
    return denied(explain(user, action, target as never)).blockers[0]?.needs;
  };

  it("takes nothing away: neither level nor flags", () => {
    // view-only with approver: needs-approval would serve, but cannot carry the approver.
    expect(denied(explain(ana, "publish.edit", { connections: ["li"] })).blockers[0]?.needs).toEqual({
      publish: "full-access",
      approver: true,
    });
    expect(needs({ stock: "low", audit: true }, "some-high")).toEqual({ stock: "high", audit: true, seal: false });
    expect(needs({ stock: "high", audit: true }, "sealed")).toEqual({ stock: "high", audit: true, seal: true });
  });

  it("else is the lowest higher level", () => {
    expect(needs({ stock: "low", audit: true }, "exactly-mid")).toEqual({ stock: "mid", audit: false, seal: false });
  });

  it("else is the highest lower level, with the fewest flags that will do", () => {
    expect(needs({ stock: "high", audit: true, seal: true }, "exactly-mid")).toEqual({
      stock: "mid",
      audit: false,
      seal: false,
    });
    expect(needs({ stock: "high" }, "exactly-low")).toEqual({ stock: "low", audit: false, seal: false });
  });

  it("where several levels would do: the same, else the lowest above, else the highest below", () => {
    const policy = definePolicy({
      name: "choice",
      levels: ["none", "low", "mid", "high"],
      areas: {
        a: {
          levels: ["none", "low", "mid", "high"],
          flags: { "at-low": ["low"], "at-mid": ["mid"], ends: ["low", "high"], below: ["low", "mid"] },
        },
      },
      roles: { user: {} },
      actions: {
        mid: { target: "connection", allow: { area: "a", level: "mid" } },
        ends: { target: "connection", allow: { area: "a", every: "ends" } },
        below: { target: "connection", allow: { area: "a", every: "below" } },
      },
    });
    const needed = (grant: object, action: "mid" | "ends" | "below") => {
      const user = createUser(policy, { id: "u", role: "user", grants: { c: grant } });
      const { a, ...flags } = denied(explain(user, action, "c")).blockers[0]?.needs ?? {};
      return [a, ...Object.entries(flags).flatMap(([flag, on]) => (on ? [flag] : []))];
    };
    expect(needed({ a: "low" }, "ends")).toEqual(["low", "ends"]);
    expect(needed({ a: "low", "at-low": true }, "mid")).toEqual(["mid"]);
    expect(needed({ a: "mid", "at-mid": true }, "ends")).toEqual(["high", "ends"]);
    expect(needed({ a: "high" }, "below")).toEqual(["mid", "below"]);
  });

  it("has the fewest flags that will do", () => {
    expect(needs({}, "sealed")).toEqual({ stock: "high", audit: false, seal: true });
    expect(needs({}, "some-high")).toEqual({ stock: "high", audit: false, seal: false });
  });
});

describe("formatDecision", () => {
  it("says yes", () => {
    expect(formatDecision(explain(ana, "publish.post-now", { connections: ["fb", "x", "fb"] }))).toBe(
      "ana may publish.post-now on fb and x.",
    );
    expect(formatDecision(explain(ana, "publish.create"))).toBe("ana may publish.create.");
    expect(formatDecision(explain(ana, "publish.select", "ig"))).toBe("ana may publish.select on ig.");
  });

  it("names each blocker with what it holds and needs", () => {
    expect(formatDecision(explain(ana, "publish.approve", { connections: ["fb", "ig", "x"] }))).toBe(
      "ana may not publish.approve on fb, ig and x: ig holds needs-approval in publish and needs full-access with approver; " +
        "x holds full-access in publish and needs full-access with approver.",
    );
    expect(formatDecision(explain(ana, "publish.edit", { connections: ["li"] }))).toBe(
      "ana may not publish.edit on li: li holds view-only with approver in publish and needs full-access with approver.",
    );
  });

  it("says where any one change would do", () => {
    const member = createUser(buffer, {
      id: "m",
      role: "member",
      grants: { a: { posting: "full-posting" }, b: { posting: "full-posting" } },
    });
    expect(formatDecision(explain(member, "drafts.request-approval", { connections: ["a", "b"] }))).toBe(
      "m may not drafts.request-approval on a and b: it is enough to change one of these: " +
        "a or b holds full-posting in posting and needs approval-required.",
    );
    expect(formatDecision(explain(member, "drafts.request-approval", { connections: ["a"] }))).toBe(
      "m may not drafts.request-approval on a: a holds full-posting in posting and needs approval-required.",
    );
  });

  it("joins several roles", () => {
    const policy = definePolicy({
      name: "many",
      levels: ["none", "all"],
      areas: { a: { levels: ["none", "all"] } },
      roles: { first: {}, second: {}, third: {} },
      actions: { act: { target: "none", allow: { role: ["third", "first"] } } },
    });
    const second = createUser(policy, { id: "s", role: "second" });
    expect(formatDecision(explain(second, "act"))).toBe("s may not act: it takes the role first or third.");
  });

  it("names each flag with its own area, of several areas that a blocker needs", () => {
    const policy = definePolicy({
      name: "areas",
      levels: ["none", "view", "draft"],
      areas: {
        publish: { levels: ["none", "view", "draft"], flags: { approver: ["view", "draft"] } },
        mail: { levels: ["none", "view"], flags: { bulk: ["view"] } },
      },
      roles: { member: {} },
      actions: {
        mute: {
          target: "connection",
          allow: {
            and: [
              { area: "publish", level: "draft" },
              { area: "mail", every: "bulk" },
            ],
          },
        },
      },
    });
    const grants = { c: { publish: "view", approver: true } } as const;
    const decision = explain(createUser(policy, { id: "u", role: "member", grants }), "mute", "c");
    expect(formatDecision(decision)).toBe(
      "u may not mute on c: c holds view with approver in publish and none in mail and needs draft with approver in publish and view with bulk in mail.",
    );
  });

  it("joins several flags", () => {
    const auditor = createUser(shop, { id: "u", role: "clerk", grants: { c: { stock: "high", audit: true } } });
    expect(formatDecision(explain(auditor, "sealed", "c"))).toBe(
      "u may not sealed on c: c holds high with audit in stock and needs high with audit and seal.",
    );
  });

  it("says every other reason in its own words", () => {
    expect(formatDecision(explain(ana, "connections.create"))).toBe(
      "ana may not connections.create: it takes the role admin.",
    );
    expect(formatDecision(explain(ana, "publish.edit", { connections: [] }))).toBe(
      "ana may not publish.edit: the post group has no connection.",
    );
    const chief = createUser(shop, { id: "c", role: "chief", connections: ["a"] });
    expect(formatDecision(explain(chief, "guards-only"))).toBe("c may not guards-only: it takes the role guard.");
    expect(formatDecision(explain(chief, "some-high", { connections: ["a"] }))).toBe(
      "c may not some-high on a: what the role holds in stock is fixed, and no grant can change it.",
    );
    const nobody = createUser(engage, { id: "n", role: "viewer" });
    expect(formatDecision(explain(nobody, "publish.create"))).toBe(
      "n may not publish.create: nothing is held in publish.",
    );
    const clerk = createUser(shop, { id: "k", role: "clerk", connections: ["a"] });
    expect(formatDecision(explain(clerk, "clerk-or-guard", { connections: ["zz"] }))).toBe(
      "k may not clerk-or-guard on zz: it is no connection of the account.",
    );
    expect(formatDecision(explain(clerk, "clerk-or-guard", { connections: ["a", "zz"] }))).toBe(
      "k may not clerk-or-guard on a and zz: not all of them are connections of the account.",
    );
    expect(
      formatDecision({
        allowed: false,
        action: "act",
        user: "o",
        reason: "unknown-connection",
        blockers: [],
      } as Denied),
    ).toBe("o may not act: the account has no connection.");
  });

  it("names flags with their area, also where they stand before it", () => {
    const needs = { lead: true, a: "full", approver: true, b: "none", late: true };
    const no = { allowed: false, action: "act", user: "u", reason: "no-access", area: "a" };
    const decision = { ...no, blockers: [{ connection: "c", holds: { a: "none", b: "none" }, needs }] };
    expect(formatDecision(decision as unknown as Denied)).toBe(
      "u may not act: c holds none in a and none in b and needs full with lead and approver in a and none with late in b.",
    );
  });

  it("names a handful of connections, then how many more", () => {
    const connections = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const said = formatDecision(explain(ana, "publish.view", { connections }));
    expect(said).toBe(
      "ana may not publish.view on c0, c1, c2, c3, c4 and 95 more: it is enough to change one of these: " +
        "c0, c1, c2, c3, c4 or 95 more holds no-access in publish and needs view-only.",
    );
    expect(formatDecision(explain(ana, "publish.edit", { connections: ["x", "yt", "zz", "li", "ig"] }))).toBe(
      "ana may not publish.edit on x, yt, zz, li and ig: yt and zz hold no-access in publish and need needs-approval; " +
        "li holds view-only with approver in publish and needs " +
        "full-access with approver.",
    );
    expect(formatDecision(explain(ana, "publish.post-now", { connections: ["yt", "zz", "ig"] }))).toBe(
      "ana may not publish.post-now on yt, zz and ig: yt and zz hold no-access in publish and need full-access; " +
        "ig holds needs-approval in publish and needs full-access.",
    );
  });

  it("refuses what is no decision, such as the answer of can", () => {
    const said = formatDecision as (decision: unknown) => string;
    const yes = { allowed: true, action: "act", user: "u" };
    const no = { ...yes, allowed: false, reason: "no-access", area: "a", blockers: [] };
    const blocker = { connection: "c", holds: { a: "x" }, needs: { a: "y" } };
    expect(said(yes)).toBe("u may act.");
    expect(said(no)).toBe("u may not act: nothing is held in a.");
    const role = { ...no, reason: "role-required", roles: ["admin"], area: undefined };
    expect(said(role)).toBe("u may not act: it takes the role admin.");
    const broken: [unknown, ...(string | number)[]][] = [
      [{}, "action"],
      [{ ...yes, action: 5 }, "action"],
      [{ ...yes, user: undefined }, "user"],
      [{ ...yes, allowed: "yes" }, "allowed"],
      [{ ...yes, target: 5 }, "target"],
      [{ ...yes, target: null }, "target"],
      [{ ...yes, target: {} }, "target", "connections"],
      [{ ...yes, target: { connections: "abc" } }, "target", "connections"],
      [{ ...yes, target: { connections: [5] } }, "target", "connections", 0],
      [{ ...yes, target: { connections: new Array(2 ** 32 - 1) } }, "target", "connections", 0],
      [{ ...no, reason: "bogus" }, "reason"],
      [{ ...no, area: 5 }, "area"],
      [{ ...no, area: null }, "area"],
      [{ ...role, roles: null }, "roles"],
      [{ ...role, roles: ["admin", 5] }, "roles", 1],
      [{ ...no, blockers: undefined }, "blockers"],
      [{ ...no, blockers: [5] }, "blockers", 0],
      [{ ...no, blockers: new Array(1) }, "blockers", 0],
      [{ ...no, blockers: [{ ...blocker, connection: 5 }] }, "blockers", 0, "connection"],
      [{ ...no, blockers: [{ ...blocker, holds: null }] }, "blockers", 0, "holds"],
      [{ ...no, blockers: [{ ...blocker, needs: [] }] }, "blockers", 0, "needs"],
      [{ ...no, blockers: [{ ...blocker, needs: {} }] }, "blockers", 0, "needs", "a"],
      [{ ...no, blockers: [{ ...blocker, holds: { a: Symbol("x") } }] }, "blockers", 0, "holds", "a"],
    ];
    for (const [value, ...path] of broken) {
      expect(refusal(() => said(value))).toMatchObject({ code: "invalid-decision", path });
    }
    for (const [value, shown] of [
      [true, "true"],
      [undefined, "undefined"],
      ["no", '"no"'],
      [[], "an array"],
    ] as const) {
      const message = `${shown} is not a decision; expected a plain object`;
      expect(refusal(() => said(value))).toEqual({ code: "invalid-decision", message });
    }
    expect(refusal(() => said({ ...yes, allowed: "yes" })).message).toBe(
      '"yes" is not accepted; expected true or false (at "allowed")',
    );
    // A getter is read once, and a name that could be taken for something else is quoted.
    let reads = 0;
    expect(
      said({
        ...yes,
        get action() {
          return reads++ === 0 ? "act" : Symbol("changed");
        },
      }),
    ).toBe("u may act.");
    expect(said({ ...yes, action: "act\nu may everything" })).toBe('u may "act\\nu may everything".');
    expect(said(JSON.parse(JSON.stringify(explain(ana, "publish.create"))))).toBe("ana may publish.create.");
  });

  it("quotes and cuts an id that could be mistaken for something else", () => {
    const target = { connections: ["a b\n", "x".repeat(10_000), "", "fb.acme:1/2@x-y_z"] };
    expect(formatDecision(explain(createUser(engage, { id: "", role: "viewer" }), "publish.view", target))).toContain(
      `"" may not publish.view on "a b\\n", "${"x".repeat(60)}…", "" and fb.acme:1/2@x-y_z: it is`,
    );
  });
});
