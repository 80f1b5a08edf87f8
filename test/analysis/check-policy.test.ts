import { describe, expect, it } from "vitest";
import { checkPolicy, type Witness } from "../../src/analysis/index.js";
import { buffer, engage, type Policy } from "../../src/index.js";
import { define } from "../support/arbitraries.js";
import { allows, losesIt } from "../support/brute-force.js";
import { refusal } from "../support/refusal.js";

// What is said of policies, case by case. In proof.test.ts, everybody is asked whether it is true.

const plain = (policy: unknown) => JSON.parse(JSON.stringify(policy));

function checkOf(policy: Policy, check: string, properties = {}) {
  const found = checkPolicy(policy, properties).checks.find((each) => each.check === check);
  return found ?? expect.unreachable(check);
}

describe("both models", () => {
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

describe("what is checked of every policy", () => {
  const base = { name: "own", levels: ["none", "some", "most", "all"], roles: { user: {} } };
  const levels = base.levels;

  it("no access that counts for more beside others makes a raise a loss, on as many connections as that takes", () => {
    const allow = [
      { area: "a", level: "most" },
      { area: "b", level: "all" },
    ];
    const policy = define({
      ...base,
      areas: { a: { levels, noAccessCountsAs: "all" }, b: { levels: ["none", "all"] } },
      actions: { pick: { target: "connection", allow }, act: { target: "group", allow } },
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
    for (const finding of findings) expect(losesIt(policy, finding)).toBe(true);
  });

  it("of many levels that do alike, no part is tried where the whole does not do", () => {
    // Among so many states, to look at every part would take longer than anybody waits.
    const marks = Array.from({ length: 12 }, (_, index) => `l${index}`);
    const policy = define({
      name: "crowded",
      levels: ["none", ...marks],
      areas: {
        posts: {
          levels: ["none", ...marks],
          flags: Object.fromEntries(marks.map((mark) => [`${mark}-marked`, [mark]])),
        },
      },
      roles: { member: {} },
      actions: { do: { target: "group", allow: marks.map((mark) => ({ area: "posts", exactly: mark })) } },
    });
    // Each two levels mean the same, and each flag means nothing.
    expect(checkOf(policy, "told-apart").findings).toHaveLength((12 * 11) / 2 + 12);
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

  it.each([["lead"], ["deputy"]])("two flags of which %s does more than the other are not the same", (more) => {
    const policy = define({
      ...base,
      areas: { a: { levels: ["none", "some"], flags: { lead: ["some"], deputy: ["some"] } } },
      actions: {
        see: { target: "connection", allow: { area: "a", level: "some" } },
        lead: { target: "connection", allow: ["lead", "deputy"].map((every) => ({ area: "a", every })) },
        sign: { target: "connection", allow: { area: "a", every: more } },
      },
    });
    expect(checkOf(policy, "told-apart").findings).toEqual([]);
  });

  it("two flags that mean nothing are not told to mean the same", () => {
    const policy = define({
      ...base,
      areas: { a: { levels: ["none", "some"], flags: { idle: ["some"], vain: ["some"] } } },
      actions: { see: { target: "connection", allow: { area: "a", level: "some" } } },
    });
    expect(checkOf(policy, "told-apart").findings.map(({ names }) => names)).toEqual([["idle"], ["vain"]]);
  });

  it("of two situations of the same size, the one with the lower states is shown", () => {
    const policy = define({
      ...base,
      areas: { a: { levels }, b: { levels: ["none", "all"] } },
      actions: {
        act: {
          target: "group",
          allow: [
            { area: "a", level: "all" },
            { area: "a", exactly: "some" },
          ],
        },
        start: {
          target: "none",
          allow: [
            { area: "b", some: "all" },
            { area: "a", some: "some" },
          ],
        },
      },
    });
    const shown = (action: string) => {
      const { checks } = checkPolicy(policy, { claims: [{ name: "nobody", never: [action as never] }] });
      return checks.at(-1)?.findings[0]?.witness?.user.grants;
    };
    expect(shown("act")).toEqual({ c1: { a: "some" } });
    expect(shown("start")).toEqual({ c1: { a: "some" } });
  });

  it("an action on one connection is asked of the first of a group, whichever of its states that has", () => {
    const policy = define({
      ...base,
      areas: { a: { levels } },
      actions: {
        pick: { target: "connection", allow: { area: "a", exactly: "most" } },
        act: { target: "group", allow: { area: "a", level: "some" } },
      },
    });
    const claims = [{ name: "picked is acted on", when: ["pick"], always: ["act"] }];
    const [finding] = checkPolicy(policy, { claims: claims as never }).checks.at(-1)?.findings ?? [];
    expect(finding?.witness).toEqual({
      user: { id: "user", role: "user", grants: { c1: { a: "most" } }, connections: ["c2"] },
      connections: ["c1", "c2"],
    });
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
    expect(read({ claims: [{ never: ["publish.edit"] }] })).toEqual({
      code,
      message: 'undefined is not a name; expected a string (at "claims" > 0 > "name")',
      path: ["claims", 0, "name"],
    });
    expect(read({ claims: [{ name: "E", never: [{ area: "publish", level: "full" }] }] })).toMatchObject({
      path: ["claims", 0, "never", 0, "level"],
    });
    expect(refusal(() => checkPolicy({} as never))).toMatchObject({ code });
  });
});
