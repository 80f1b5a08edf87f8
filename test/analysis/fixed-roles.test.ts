import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, checkPolicy, comparePolicies, type Witness } from "../../src/analysis/index.js";
import { can, createUser, type Policy } from "../../src/index.js";
import { define, definitions, grantOf } from "../support/arbitraries.js";
import { allows, losesIt } from "../support/brute-force.js";
import type { Definition } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

// A role that holds something everywhere has no connection on which nothing is held.

const areas = { posts: { levels: ["none", "all"] }, reports: { levels: ["none", "all"] } };
const base = { name: "own", levels: ["none", "all"], areas };
const owner = { owner: { holds: { posts: "all", reports: "all" } } };
const write = { target: "none", allow: { area: "posts", some: "all" } };
const read = { target: "none", allow: { area: "reports", some: "all" } };

function claimed(policy: Policy, claim: object) {
  return checkPolicy(policy, { claims: [{ name: "c", ...claim } as Claim] }).checks.at(-1) ?? expect.unreachable();
}

describe("a claim about a role that holds everywhere", () => {
  it("is true where the role allows what is claimed on every connection", () => {
    const policy = define({ ...base, roles: owner, actions: { a: write, b: read } });
    expect(claimed(policy, { when: ["a"], always: ["b"] })).toMatchObject({ holds: true, findings: [] });
  });

  it.each(["connection", "group"])("is true of a %s as well", (target) => {
    const actions = {
      a: { target, allow: { area: "posts", level: "all" } },
      b: { target, allow: { area: "reports", level: "all" } },
    };
    const policy = define({ ...base, roles: owner, actions });
    expect(claimed(policy, { when: ["a"], always: ["b"] }).holds).toBe(true);
    expect(claimed(policy, { when: ["a"], never: ["b"] }).findings[0]?.witness).toEqual({
      user: { id: "user", role: "owner", connections: ["c1"] },
      connections: ["c1"],
    });
  });

  it("is not failed by an owner without connections, who holds nothing", () => {
    const policy = define({ ...base, roles: owner, actions: { a: write, b: read } });
    expect(claimed(policy, { when: [{ role: "owner" }], always: ["a"] }).holds).toBe(true);
    expect(claimed(policy, { always: ["a", "b"] }).holds).toBe(true);
    expect(can(createUser(policy, { id: "olga", role: "owner" }), "a")).toBe(false);
  });

  it("is failed by an owner whom a connection changes nothing for, and by one whom it does", () => {
    const actions = { a: write, b: read, invite: { target: "none", allow: { role: "owner" } } };
    const policy = define({ ...base, roles: { owner: { holds: { posts: "all" } } }, actions });
    expect(claimed(policy, { never: ["invite"] }).findings[0]?.witness).toEqual({
      user: { id: "user", role: "owner" },
      connections: [],
    });
    expect(claimed(policy, { when: ["a"], always: ["b"] }).findings[0]?.witness).toEqual({
      user: { id: "user", role: "owner", connections: ["c1"] },
      connections: [],
    });
  });

  it("is about one of several roles; others are asked with every grant", () => {
    const policy = define({ ...base, roles: { ...owner, member: {} }, actions: { a: write, b: read } });
    expect(claimed(policy, { when: ["a"], always: ["b"] }).findings[0]?.witness).toEqual({
      user: { id: "user", role: "member", grants: { c1: { posts: "all" } } },
      connections: [],
    });
  });
});

/** A random policy with a role that holds everywhere, and a role that is granted something. */
const withOwner = definitions.chain((definition) =>
  grantOf(definition).map(
    (holds): Definition => ({
      ...definition,
      roles: { ...definition.roles, ...(Object.keys(definition.roles)[0] === "owner" ? {} : { owner: { holds } }) },
    }),
  ),
);

describe("every witness of a random policy with a role that holds everywhere is one", () => {
  const nameOf = (condition: unknown) => condition as string;

  it("against a claim, a separation, and that a higher level takes nothing away", () => {
    fc.assert(
      fc.property(withOwner, (definition) => {
        const policy = define(definition);
        const actions = Object.keys(definition.actions);
        const pairs = actions.flatMap((one) => actions.map((other) => [one, other] as const));
        const claims = pairs.flatMap(([one, other]): Claim[] => [
          { name: "always", when: [one], always: [other] },
          { name: "never", when: [one], never: [other] },
        ]);
        const { checks } = checkPolicy(policy, { claims, separate: pairs });
        for (const finding of checks[1]?.findings ?? []) expect(losesIt(policy, finding)).toBe(true);
        for (const [index, { findings }] of checks.slice(5).entries()) {
          const claim = claims[index - pairs.length];
          const [one, other] = pairs[index] ?? [nameOf(claim?.when?.[0]), nameOf((claim?.always ?? claim?.never)?.[0])];
          for (const { witness } of findings) {
            expect(allows(policy, one, witness as Witness)).toBe(true);
            expect(allows(policy, other, witness as Witness)).toBe(claim?.always === undefined);
          }
        }
      }),
      { numRuns: runs(1_000) },
    );
  });

  it("of a difference between two such policies, where either, both or none holds everywhere", () => {
    const pair = withOwner.chain((first) =>
      fc.tuple(grantOf(first), grantOf(first), fc.nat()).map(([holds, others, which]) => {
        const names = Object.keys(first.roles);
        const changed = names[which % names.length] as string;
        const roles = { ...first.roles, [changed]: which % 2 ? {} : { holds }, owner: { holds: others } };
        return [first, { ...first, roles }] as const;
      }),
    );
    fc.assert(
      fc.property(pair, (both) => {
        const [first, second] = both.map((definition) => define(definition)) as [Policy, Policy];
        for (const { action, looser, stricter } of comparePolicies(first, second).actions) {
          const answers = (witness: Witness) => [first, second].map((policy) => allows(policy, action, witness));
          if (looser) expect(answers(looser)).toEqual([false, true]);
          if (stricter) expect(answers(stricter)).toEqual([true, false]);
        }
      }),
      { numRuns: runs(1_000) },
    );
  });
});

describe("a claim with many conditions of many clauses", () => {
  const wide = (count: number, size: number) => {
    const names = Array.from({ length: 15 }, (_, index) => `area-${index}`);
    const sets: string[][] = [];
    const add = (set: string[], rest: string[]): void => {
      if (set.length === size) sets.push(set);
      else for (const [index, name] of rest.entries()) add([...set, name], rest.slice(index + 1));
    };
    add([], names);
    const shown = sets.slice(0, count);
    const policy = define({
      ...base,
      areas: Object.fromEntries(names.map((name) => [name, { levels: base.levels }])),
      roles: { member: {} },
      actions: Object.fromEntries(
        shown.map((set) => [set.join(), { target: "group", allow: set.map((area) => ({ area, level: "all" })) }]),
      ),
    });
    return { policy, when: shown.map((set) => set.join()) };
  };

  it("takes only the combinations that matter, also of a hundred conditions", () => {
    const { policy, when } = wide(100, 4);
    const { witness } = claimed(policy, { when, never: [{ role: "member" }] }).findings[0] ?? {};
    for (const action of when) expect(allows(policy, action, witness as Witness)).toBe(true);
    expect(witness?.connections).toEqual(["c1"]);
  });

  it("takes one condition no more than once, however often it is named", () => {
    const { policy, when } = wide(1, 4);
    const again = Array(1_000).fill(when[0]);
    expect(claimed(policy, { when: again, always: [when[0]] }).holds).toBe(true);
    expect(claimed(policy, { when: again, never: [when[0]] }).findings).toHaveLength(1);
  });

  it("is refused where there are too many to try", () => {
    const { policy, when } = wide(455, 3);
    expect(refusal(() => claimed(policy, { when, never: [{ role: "member" }] }))).toEqual({
      code: "invalid-policy",
      message:
        'too many combinations of clauses to try; expected fewer conditions, or conditions of fewer clauses (at "claims" > 0)',
      path: ["claims", 0],
    });
  });
});

it("a role that holds the same on every connection still loses what a higher level of the account takes away", () => {
  const policy = define({
    name: "own",
    levels: ["none", "read", "manage"],
    areas: { posts: { levels: ["none", "read"] }, billing: { levels: ["none", "read", "manage"], of: "account" } },
    roles: { owner: { holds: { posts: "read" } }, clerk: { holds: { billing: "read" } } },
    actions: {
      "posts.view": { target: "group", allow: { area: "posts", level: "read" } },
      "billing.view": { target: "none", allow: { area: "billing", exactly: "read" } },
    },
  });
  const losses = checkPolicy(policy).checks.flatMap(({ findings }) => findings.filter((found) => "raised" in found));
  expect(losses).toMatchObject([
    { action: "billing.view", area: "billing", raised: { from: { billing: "read" }, to: { billing: "manage" } } },
  ]);
});
