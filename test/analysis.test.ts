import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, checkPolicy, comparePolicies, type Finding, type Witness } from "../src/analysis.js";
import { buffer, can, createUser, engage, type Policy } from "../src/index.js";
import { asked, define, definitions, isFixed, statesOf, toInput } from "./arbitraries.js";
import { isDeeplyFrozen } from "./frozen.js";
import type { Clause, Definition, GrantData } from "./model.js";
import { refusal } from "./refusal.js";

// Every answer is compared with `can`, asked of everybody who holds something on a few connections.

const plain = (policy: unknown) => JSON.parse(JSON.stringify(policy));
const engageDefinition: Definition = plain(engage);
const bufferDefinition: Definition = plain(buffer);

/** A copy of a definition, with a mistake in it. */
function mistaken(definition: Definition, mistake: (copy: Definition) => void): Policy {
  const copy: Definition = plain(definition);
  mistake(copy);
  return define(copy);
}

/** Every grant there is on one connection. */
function grantsOf(definition: Definition): GrantData[] {
  return Object.keys(definition.areas).reduce<GrantData[]>(
    (grants, area) => grants.flatMap((grant) => statesOf(definition, area).map((state) => ({ ...grant, ...state }))),
    [{}],
  );
}

/** Somebody, and the first of whose connections a post goes to. */
interface World {
  readonly role: string;
  readonly held: readonly GrantData[];
  readonly group: number;
}

/** Everybody who holds something on up to so many connections, with every group of them. */
function* worldsOf(definition: Definition, most: number): Generator<World> {
  const grants = grantsOf(definition);
  for (const role of Object.keys(definition.roles)) {
    let lists: GrantData[][] = [[]];
    for (let length = 1; length <= most; length++) {
      const choices: GrantData[] = isFixed(definition, role) ? [{}] : grants;
      lists = lists.flatMap((list) => choices.map((grant) => [...list, grant]));
      for (const held of lists) for (let group = 1; group <= length; group++) yield { role, held, group };
    }
  }
}

function witnessOf(definition: Definition, { role, held, group }: World): Witness {
  const grants = held.map((grant, index): [string, GrantData] => [`c${index + 1}`, grant]);
  const names = grants.map(([id]) => id);
  const fixed = isFixed(definition, role);
  const user = toInput({ id: "user", role, grants: fixed ? [] : grants, connections: names });
  return { user: user as Witness["user"], connections: names.slice(0, group) };
}

/** Whether an action is allowed to a witness. */
function allows(policy: Policy, action: string, { user, connections }: Witness): boolean {
  const target = { group: { connections: [...connections] }, connection: connections[0], none: undefined }[
    policy.actions[action]?.target ?? "none"
  ];
  return can(createUser(policy, user), action, ...asked(target));
}

function sizeOf({ user, connections }: Witness): number {
  return new Set([...Object.keys(user.grants ?? {}), ...(user.connections ?? []), ...connections]).size;
}

/** A policy that has an action more for each clause of the claims, so that it can be asked for it. */
function withClauses(definition: Definition, clauses: readonly Clause[]): Policy {
  const added = clauses.map((clause, index) => [`clause ${index}`, { target: "group", allow: clause }]);
  return define({ ...definition, actions: { ...definition.actions, ...Object.fromEntries(added) } });
}

/** Whether a claim is broken by a witness. */
function isBrokenBy(definition: Definition, claim: Claim): (witness: Witness) => boolean {
  const conditions = [...(claim.when ?? []), ...(claim.always ?? []), ...(claim.never ?? [])];
  const clauses = conditions.filter((condition) => typeof condition !== "string") as Clause[];
  const policy = withClauses(definition, clauses);
  const holds = (condition: unknown, witness: Witness): boolean => {
    if (typeof condition === "string") return allows(policy, condition, witness);
    const { role, area } = condition as Clause;
    if (area === undefined) return [role].flat().includes(witness.user.role);
    return allows(policy, `clause ${clauses.indexOf(condition as Clause)}`, witness);
  };
  return (witness) =>
    (claim.when ?? []).every((condition) => holds(condition, witness)) &&
    ((claim.always ?? []).some((condition) => !holds(condition, witness)) ||
      (claim.never ?? []).some((condition) => holds(condition, witness)));
}

/** Policies of so few states that everybody can be asked. */
const few: fc.Arbitrary<Definition> = definitions.filter((definition) => grantsOf(definition).length <= 7);

/** A policy and a claim about it. */
const claimed = few.chain((definition) => {
  const actions = Object.keys(definition.actions);
  const clauses = Object.values(definition.actions)
    .filter(({ target }) => target === "group")
    .flatMap(({ allow }) => [allow].flat());
  const condition = fc.constantFrom<(string | Clause)[]>(...actions, ...clauses);
  const claim = fc.tuple(fc.array(condition, { maxLength: 2 }), condition, fc.constantFrom("always", "never"));
  return claim.map(([when, last, how]) => ({
    definition,
    claim: { name: "random", when, [how]: [last] } as Claim,
  }));
});

function checkOf(policy: Policy, check: string, properties = {}) {
  const found = checkPolicy(policy, properties).checks.find((each) => each.check === check);
  return found ?? expect.unreachable(check);
}

describe("a claim that is said to hold has no exception, and one that is not comes with a smallest one", () => {
  it("in random policies, among everybody with up to four connections, or three where there are many grants", () => {
    let held = 0;
    fc.assert(
      fc.property(claimed, ({ definition, claim }) => {
        const policy = define(definition);
        const { holds, findings } = checkOf(policy, "claim", { claims: [claim] });
        const isBroken = isBrokenBy(definition, claim);
        if (holds) held++;
        for (const { witness } of findings) expect(isBroken(witness as Witness)).toBe(true);
        const smallest = Math.min(...findings.map(({ witness }) => sizeOf(witness as Witness)));
        for (const world of worldsOf(definition, grantsOf(definition).length > 4 ? 3 : 4)) {
          const witness = witnessOf(definition, world);
          if (isBroken(witness)) {
            expect(holds).toBe(false);
            expect(smallest).toBeLessThanOrEqual(sizeOf(witness));
            break;
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(held).toBeGreaterThan(30);
  });
});

/** The rules of both models that are claims. */
const engageClaims: Claim<typeof engage>[] = [
  { name: "E6", when: [{ area: "publish", every: "approver" }], always: ["publish.view"] },
  { name: "E12", when: [{ area: "publish", level: "view-only" }], always: ["publish.clone", "publish.tag"] },
  {
    name: "E13",
    when: [{ area: "publish", exactly: "needs-approval" }],
    always: ["publish.edit", "publish.delete", "publish.submit"],
    never: ["publish.post-now", "publish.schedule"],
  },
  { name: "E16", when: [{ area: "publish", exactly: "needs-approval" }], never: ["publish.approve", "publish.reject"] },
  { name: "E20", when: ["connections.assign-users"], always: [{ role: "admin" }] },
  { name: "E23", when: ["publish.post-now"], always: [{ area: "publish", level: "full-access" }] },
];
const bufferClaims: Claim<typeof buffer>[] = [
  { name: "B2", when: [{ area: "posting", level: "approval-required" }], always: ["drafts.create"] },
  { name: "B8", when: ["drafts.request-approval"], never: ["queue.add", "drafts.approve"] },
  { name: "B9", when: ["team.manage"], always: [{ role: "owner" }] },
];
const shipped = [
  { policy: engage as Policy, definition: engageDefinition, claims: engageClaims as Claim[] },
  { policy: buffer as Policy, definition: bufferDefinition, claims: bufferClaims as Claim[] },
];

describe("both models keep their rules", () => {
  it.each(shipped)(
    "$policy.name, and nobody on up to four connections is an exception",
    ({ policy, definition, claims }) => {
      const { checks } = checkPolicy(policy, { claims });
      expect(checks.filter(({ check, holds }) => check === "claim" && !holds)).toEqual([]);
      const broken = claims.map((claim) => isBrokenBy(definition, claim));
      // In Engage, a claim is about publish: what is held elsewhere is left at its lowest.
      const { publish = definition.areas.posting } = definition.areas;
      const one = {
        ...definition,
        areas: { [definition.areas.publish ? "publish" : "posting"]: publish },
      } as Definition;
      let asked = 0;
      for (const world of worldsOf(one, 4)) {
        if (world.group < world.held.length) continue;
        asked++;
        const witness = witnessOf(definition, world);
        if (broken.some((isBroken) => isBroken(witness))) throw new Error(JSON.stringify(witness));
      }
      expect(asked).toBe(
        { engage: 2 * (6 + 6 ** 2 + 6 ** 3 + 6 ** 4), buffer: 4 + 3 + 3 ** 2 + 3 ** 3 + 3 ** 4 }[policy.name],
      );
    },
  );

  it("nothing is against Engage, and against Buffer only what B8 takes away on purpose", () => {
    expect(checkPolicy(engage).holds).toBe(true);
    expect(checkPolicy(buffer).checks.filter(({ holds }) => !holds)).toEqual([
      {
        check: "raising",
        holds: false,
        findings: [
          {
            action: "drafts.request-approval",
            area: "posting",
            witness: {
              user: { id: "user", role: "member", grants: { c1: { posting: "approval-required" } } },
              connections: ["c1"],
            },
            raised: { connection: "c1", from: { posting: "approval-required" }, to: { posting: "full-posting" } },
          },
        ],
        exceptions: [],
      },
    ]);
    const meant = checkPolicy(buffer, { exceptions: ["drafts.request-approval"] });
    expect(meant.holds).toBe(true);
    expect(meant.checks[1]?.exceptions.map(({ action }) => action)).toEqual(["drafts.request-approval"]);
  });

  it("what needs no grant is what a role gives (E20, E21, B5, B9)", () => {
    const given = (policy: Policy) =>
      checkPolicy(policy).checks[0]?.exceptions.map(({ action, roles }) => `${action}: ${roles}`);
    expect(given(engage)).toEqual([
      "connections.create: admin",
      "connections.assign-users: admin",
      "connections.reconnect: admin",
    ]);
    const all = Object.keys(buffer.actions).filter((action) => action !== "drafts.request-approval");
    expect(given(buffer)).toEqual(all.map((action) => `${action}: owner`));
  });

  it("that nobody has two actions at once is asked over every standing", () => {
    const { checks } = checkPolicy(engage, {
      separate: [
        ["publish.submit", "publish.approve"],
        ["connections.create", "publish.post-now"],
        ["conversations.reply", "publish.view"],
      ],
    });
    const found = checks.slice(5).map(({ about, findings }) => [about, findings[0]?.witness]);
    expect(found.map(([about]) => about)).toEqual([
      "publish.submit and publish.approve",
      "connections.create and publish.post-now",
      "conversations.reply and publish.view",
    ]);
    for (const [about, witness] of found) {
      for (const action of String(about).split(" and ")) expect(allows(engage, action, witness as Witness)).toBe(true);
    }
    expect(checkPolicy(buffer, { separate: [["drafts.request-approval", "queue.add"]] }).checks.at(-1)?.holds).toBe(
      true,
    );
  });
});

/** The actions that everybody asked may do, and those that nobody may; and which a raise takes away. */
function answersOf(definition: Definition) {
  const policy = define(definition);
  const actions = Object.keys(definition.actions);
  const done = new Set<string>();
  const denied = new Set<string>();
  const lost = new Set<string>();
  const told = new Set<string>();
  for (const role of Object.keys(definition.roles)) {
    const witness: Witness = { user: { id: "user", role }, connections: [] };
    for (const action of actions.filter((each) => policy.actions[each]?.target === "none")) {
      (allows(policy, action, witness) ? done : denied).add(action);
    }
  }
  for (const world of worldsOf(definition, 2)) {
    const witness = witnessOf(definition, world);
    const now = actions.filter((action) => allows(policy, action, witness));
    for (const action of actions) (now.includes(action) ? done : denied).add(action);
    if (world.group < world.held.length || isFixed(definition, world.role)) continue;
    for (const area of Object.keys(definition.areas)) {
      const [first, ...others] = world.held as [GrantData, ...GrantData[]];
      for (const to of statesOf(definition, area)) {
        const flags = (grant: GrantData) =>
          Object.keys(grant)
            .filter((key) => grant[key] === true)
            .sort();
        const rest = Object.fromEntries(
          Object.entries(first).filter(
            ([key]) => key !== area && !Object.hasOwn(definition.areas[area]?.flags ?? {}, key),
          ),
        );
        const next: GrantData = { ...rest, ...to };
        const after = witnessOf(definition, { ...world, held: [next, ...others] });
        const gone = now.filter((action) => !allows(policy, action, after));
        const [low, high] = [first, next].map((grant) => definition.levels.indexOf(grant[area] as string)) as [
          number,
          number,
        ];
        const same = String(flags(first)) === String(flags(next));
        if (gone.length > 0 && same) told.add(JSON.stringify([area, [first[area], next[area]].sort()]));
        if (same && high > low) for (const action of gone) lost.add(JSON.stringify([action, area]));
      }
    }
  }
  return { done, denied, lost, told };
}

describe("what is checked of every policy", () => {
  it("agrees with everybody asked, in random policies", () => {
    fc.assert(
      fc.property(few, (definition) => {
        const policy = define(definition);
        const { done, denied, lost, told } = answersOf(definition);
        const about = (check: string) => checkOf(policy, check).findings;
        const actions = Object.keys(definition.actions);
        expect(about("nobody").map(({ action }) => action)).toEqual(actions.filter((action) => !done.has(action)));
        expect(about("everybody").map(({ action }) => action)).toEqual(actions.filter((action) => !denied.has(action)));
        const raising = about("raising");
        const keys = raising.map(({ action, area }) => JSON.stringify([action, area]));
        for (const loss of lost) expect(keys).toContain(loss);
        for (const finding of raising) expectLoss(policy, finding);
        for (const { area, names } of about("told-apart")) {
          if (names?.length === 2) expect(told).not.toContain(JSON.stringify([area, [...names].sort()]));
        }
        expect(checkOf(policy, "default-deny").holds).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  function expectLoss(policy: Policy, { action, witness, raised }: Finding) {
    const { user, connections } = witness as Witness;
    const { grants } = user as { grants?: Record<string, object> };
    expect(allows(policy, action as string, { user, connections })).toBe(true);
    const higher = { ...grants, [raised?.connection as string]: { ...grants?.c1, ...raised?.to } };
    const others = user.connections?.filter((id) => id !== "c1") ?? [];
    const after = { user: { ...user, grants: higher as never, connections: others }, connections };
    expect(allows(policy, action as string, after)).toBe(false);
  }

  const base = { name: "own", levels: ["none", "some", "most", "all"], roles: { user: {} } };
  const levels = base.levels;

  it("no access that counts for more beside others makes a raise a loss, on as many connections as that takes", () => {
    const policy = define({
      ...base,
      areas: { a: { levels, noAccessCountsAs: "all" }, b: { levels: ["none", "all"] } },
      actions: {
        act: {
          target: "group",
          allow: [
            { area: "a", level: "most" },
            { area: "b", level: "all" },
          ],
        },
      },
    });
    const { findings } = checkOf(policy, "raising");
    expect(findings).toEqual([
      {
        action: "act",
        area: "a",
        witness: {
          user: { id: "user", role: "user", grants: { c2: { a: "most" } }, connections: ["c1"] },
          connections: ["c1", "c2"],
        },
        raised: { connection: "c1", from: { a: "none" }, to: { a: "some" } },
      },
    ]);
    for (const finding of findings) expectLoss(policy, finding);
  });

  it("a level or a flag that means nothing is found, and so are two that mean the same", () => {
    const policy = define({
      ...base,
      areas: { a: { levels, flags: { lead: ["some", "all"], deputy: ["some", "all"], idle: ["all"] } } },
      actions: {
        see: { target: "connection", allow: { area: "a", level: "some" } },
        act: { target: "group", allow: { area: "a", level: "all" } },
        lead: {
          target: "group",
          allow: [
            { area: "a", every: "lead" },
            { area: "a", every: "deputy" },
          ],
        },
      },
    });
    const names = checkOf(policy, "told-apart").findings.map((finding) => [finding.area, finding.names]);
    // A post group of a lead and a deputy is led by neither, so the two are not the same beside others.
    expect(names).toEqual([
      ["a", ["some", "most"]],
      ["a", ["idle"]],
    ]);
    const alone = define({
      ...plain(policy),
      actions: {
        see: { target: "none", allow: { area: "a", some: "most" } },
        lead: {
          target: "connection",
          allow: [
            { area: "a", every: "lead" },
            { area: "a", every: "deputy" },
          ],
        },
      },
    });
    const same = checkOf(alone, "told-apart").findings.map((finding) => finding.names);
    expect(same).toEqual([["none", "some"], ["most", "all"], ["lead", "deputy"], ["idle"]]);
  });

  it("what nobody can do and what everybody can is found", () => {
    const policy = define({
      ...base,
      areas: { a: { levels: ["none", "some", "all"] } },
      roles: { user: {}, chief: { holds: { a: "some" } } },
      actions: {
        never: { target: "group", allow: { role: "chief", area: "a", level: "all" } },
        ever: { target: "group", allow: [{ role: ["user", "chief"] }] },
        sometimes: { target: "connection", allow: { area: "a", level: "some" } },
      },
    });
    expect(checkOf(policy, "nobody").findings).toEqual([{ action: "never" }]);
    expect(checkOf(policy, "everybody").findings).toEqual([{ action: "ever" }]);
  });
});

describe("properties", () => {
  const read = (properties: unknown) => refusal(() => checkPolicy(engage, properties as never));

  it("are refused where they name what there is not", () => {
    const code = "invalid-policy";
    expect(read([])).toEqual({ code, message: "an array is not accepted; expected a plain object" });
    expect(read({ exceptions: ["publish.pots"] })).toMatchObject({ code, path: ["exceptions", 0] });
    expect(read({ separate: [["publish.edit"]] })).toMatchObject({
      message: 'a list that is no pair; expected two actions (at "separate" > 0)',
    });
    expect(read({ separate: [["publish.edit", "publish.edit", "publish.edit"]] })).toMatchObject({
      path: ["separate", 0],
    });
    expect(read({ separate: [[]] })).toMatchObject({ path: ["separate", 0] });
    expect(read({ claims: [{ name: "E", when: ["publish.edit"] }] })).toMatchObject({
      message: '"E" claims nothing; expected what is always so, or never (at "claims" > 0)',
    });
    expect(read({ claims: [{ name: "E", never: [{ area: "publish", level: "full" }] }] })).toMatchObject({
      path: ["claims", 0, "never", 0, "level"],
    });
    expect(refusal(() => checkPolicy({} as never))).toMatchObject({ code });
  });
});

/** A second policy that differs from a random one in a clause, a level or a target. */
const pairs = few.chain((definition) =>
  fc.tuple(fc.constant(definition), few, fc.nat(), fc.nat()).map(([first, other, which, how]) => {
    const second: Definition = plain(first);
    const actions = Object.keys(second.actions);
    const action = second.actions[actions[which % actions.length] as string] as Definition["actions"][string];
    const clauses = [action.allow].flat();
    const clause = clauses[how % clauses.length] as Clause;
    if (how % 4 === 0 && clauses.length > 1) action.allow = clauses.slice(1);
    else if (how % 4 === 1 && clause.area !== undefined) clause.role = Object.keys(second.roles)[0] as string;
    else if (how % 4 === 2)
      return [first, { ...second, actions: { ...second.actions, ...compatible(second, other) } }] as const;
    else if (clause.exactly !== undefined) {
      clause.level = clause.exactly;
      delete clause.exactly;
    }
    return [first, second] as const;
  }),
);

/** What another definition says of role alone. */
function compatible({ roles, actions }: Definition, other: Definition): Definition["actions"] {
  const role = Object.keys(roles)[0] as string;
  return Object.fromEntries(
    Object.entries(actions)
      .slice(0, Object.keys(other.actions).length)
      .map(([name, { target }]) => [name, { target, allow: { role } }]),
  );
}

describe("the comparison of two policies", () => {
  it("misses no difference among everybody with up to two connections and a stranger, and shows each it finds", () => {
    let different = 0;
    fc.assert(
      fc.property(pairs, ([first, second]) => {
        const [one, other] = [define(first), define(second)];
        const { actions, verdict } = comparePolicies(one, other);
        for (const { action, looser, stricter } of actions) {
          if (looser) expect([allows(one, action, looser), allows(other, action, looser)]).toEqual([false, true]);
          if (stricter) expect([allows(one, action, stricter), allows(other, action, stricter)]).toEqual([true, false]);
        }
        if (verdict !== "equal") different++;
        for (const world of worldsOf(first, 2)) {
          const { user, connections } = witnessOf(first, world);
          for (const { action, looser, stricter } of actions) {
            for (const group of [connections, [...connections, "stranger"]]) {
              const [before, after] = [one, other].map((policy) =>
                allows(policy, action, { user, connections: group }),
              );
              if (before && !after) expect(stricter).toBeDefined();
              if (after && !before) expect(looser).toBeDefined();
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(different).toBeGreaterThan(50);
  });

  it("of a policy with itself, or its copy, is equal", () => {
    for (const { policy, definition } of shipped) {
      const { verdict, actions, roles, states } = comparePolicies(policy, define(definition));
      expect([verdict, roles, states]).toEqual(["equal", [], []]);
      expect(new Set(actions.map((action) => action.verdict))).toEqual(new Set(["equal"]));
    }
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

describe("seeded mistakes are found", () => {
  const reconnect = "connections.reconnect";
  it.each<[string, Definition, (copy: Definition) => void, string]>([
    [
      "a dropped clause",
      engageDefinition,
      ({ actions }) => void (Reflect.get(actions, reconnect).allow as Clause[]).splice(2, 1),
      reconnect,
    ],
    [
      "a level swapped for a lower one",
      engageDefinition,
      ({ actions }) => {
        (actions["publish.schedule"] as { allow: Clause }).allow = { area: "publish", level: "needs-approval" };
      },
      "publish.schedule",
    ],
    [
      "a level swapped for an exact one",
      engageDefinition,
      ({ actions }) => {
        (actions["publish.edit"] as { allow: Clause }).allow = { area: "publish", exactly: "needs-approval" };
      },
      "publish.edit",
    ],
    [
      "every swapped for some",
      engageDefinition,
      ({ actions }) => {
        (actions["publish.approve"] as { allow: Clause }).allow = { area: "publish", some: "full-access" };
      },
      "publish.approve",
    ],
    [
      "an exact level swapped for the least",
      bufferDefinition,
      ({ actions }) => {
        (actions["drafts.request-approval"] as { allow: Clause }).allow = {
          area: "posting",
          level: "approval-required",
        };
      },
      "drafts.request-approval",
    ],
    [
      "a level swapped for a lower one, in Buffer",
      bufferDefinition,
      ({ actions }) => {
        (actions["queue.add"] as { allow: Clause }).allow = { area: "posting", level: "approval-required" };
      },
      "queue.add",
    ],
    [
      "another role",
      bufferDefinition,
      ({ actions }) => {
        (actions["team.manage"] as { allow: Clause }).allow = { role: ["owner", "member"] };
      },
      "team.manage",
    ],
  ])("%s", (_, definition, mistake, action) => {
    const wrong = mistaken(definition, mistake);
    const { actions } = comparePolicies(define(definition), wrong);
    expect(actions.filter(({ verdict }) => verdict !== "equal").map((each) => each.action)).toEqual([action]);
  });

  it("by the rules alone, without the right policy beside it", () => {
    const isFound = (definition: Definition, claims: readonly unknown[], mistake: (copy: Definition) => void) =>
      checkPolicy(mistaken(definition, mistake), { claims: claims as Claim[], exceptions: [] })
        .checks.filter(({ holds }) => !holds)
        .map(({ check, about }) => about ?? check);
    expect(
      isFound(
        engageDefinition,
        engageClaims,
        ({ areas }) => void areas.publish?.flags?.approver?.push("needs-approval"),
      ),
    ).toEqual(["E16"]);
    expect(
      isFound(engageDefinition, engageClaims, ({ actions }) => {
        (actions["publish.schedule"] as { allow: Clause }).allow = { area: "publish", level: "needs-approval" };
      }),
    ).toEqual(["E13"]);
    expect(
      isFound(bufferDefinition, bufferClaims, ({ actions }) => {
        (actions["drafts.request-approval"] as { allow: Clause }).allow = {
          area: "posting",
          level: "approval-required",
        };
      }),
    ).toEqual(["B8"]);
    expect(
      isFound(engageDefinition, engageClaims, ({ areas }) => {
        (areas.publish as { noAccessCountsAs: string }).noAccessCountsAs = "full-access";
      }),
    ).toContain("raising");
  });

  it("approver allowed beside needs-approval", () => {
    const wrong = mistaken(
      engageDefinition,
      ({ areas }) => void areas.publish?.flags?.approver?.push("needs-approval"),
    );
    const { states, verdict } = comparePolicies(engage, wrong);
    expect(verdict).toBe("looser");
    expect(states.map(({ grant, only }) => [grant, only])).toEqual([
      [{ publish: "needs-approval", approver: true }, "second"],
    ]);
    expect(states[0]?.allows).toContain("publish.approve");
  });
});
