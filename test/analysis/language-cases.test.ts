import { describe, expect, it } from "vitest";
import {
  checkPolicy,
  comparePolicies,
  diffMatrices,
  formatComparison,
  formatReport,
  formatReview,
  reviewAccess,
  type Witness,
} from "../../src/analysis/index.js";
import type { Submission } from "../../src/approval/index.js";
import { can, createMatrix, createUser, type Policy } from "../../src/index.js";
import { asked, define } from "../support/arbitraries.js";
import type { Definition } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";

// What is said of areas of the account, relations, patterns and clauses about several areas, case by case. In
// whole-language.test.ts and whole-accounts.test.ts, everybody is asked whether it is true.

const base = { name: "suite", levels: ["none", "draft", "full"], roles: { member: {} } };
const publish = { levels: ["none", "draft", "full"], flags: { approver: ["draft", "full"] } };
const billing = { levels: ["none", "draft", "full"], of: "account" as const };
const pay: Definition["actions"] = { pay: { target: "none", allow: { area: "billing", level: "draft" } } };

function checkOf(policy: Policy, check: string, properties = {}) {
  return checkPolicy(policy, properties).checks.find((each) => each.check === check) ?? expect.unreachable(check);
}

function linesOf(policy: Policy, properties = {}): readonly string[] {
  return formatReport(checkPolicy(policy, properties))
    .split("\n")
    .map((line) => line.trim());
}

function isAllowed(policy: Policy, action: string, { user, connections, relations }: Witness): boolean {
  const { target = "none" } = policy.actions[action] ?? {};
  const about = { none: undefined, connection: connections[0], group: { ...relations, connections } }[target];
  return can(createUser(policy, user), action, ...asked(about as never));
}

describe("a check of areas of the account", () => {
  it("finds a level of the account that takes an action away, and says so in words", () => {
    const policy = define({
      ...base,
      areas: { billing },
      actions: { pay: { target: "none", allow: { area: "billing", exactly: "draft" } } },
    });
    expect(checkOf(policy, "raising").findings).toEqual([
      {
        action: "pay",
        area: "billing",
        witness: { user: { id: "user", role: "member", account: { billing: "draft" } }, connections: [] },
        raised: { from: { billing: "draft" }, to: { billing: "full" } },
      },
    ]);
    expect(linesOf(policy)).toContain(
      "✗ pay: member with billing draft in the account loses it with full in the account",
    );
  });

  it("finds no loss where another clause still holds after the account is raised", () => {
    const allow = [
      {
        and: [
          { area: "billing", exactly: "draft" },
          { area: "team", level: "full" },
        ],
      },
      { area: "billing", level: "draft" },
    ];
    const team = { levels: ["none", "full"], of: "account" };
    const policy = define({ ...base, areas: { billing, team }, actions: { pay: { target: "none", allow } } });
    expect(checkOf(policy, "raising")).toMatchObject({ holds: true, findings: [] });
    const alone = define({ ...base, areas: { billing, team }, actions: { pay: { target: "none", allow: allow[0] } } });
    expect(checkOf(alone, "raising").findings.map(({ area, witness }) => [area, witness?.user.account])).toEqual([
      ["billing", { billing: "draft", team: "full" }],
    ]);
  });

  it("knows what a role holds in the account, which no grant changes", () => {
    const policy = define({
      ...base,
      areas: { publish, billing },
      roles: { member: {}, clerk: { holds: { billing: "draft" } }, owner: { holds: { billing: "full" } } },
      actions: {
        ...pay,
        audit: { target: "none", allow: { area: "billing", level: "full" } },
        sign: {
          target: "group",
          allow: {
            and: [
              { area: "publish", level: "draft" },
              { area: "billing", level: "full" },
            ],
          },
        },
      },
    });
    const [deny] = checkPolicy(policy).checks;
    expect(deny?.exceptions).toEqual([
      { action: "pay", roles: ["clerk", "owner"] },
      { action: "audit", roles: ["owner"] },
    ]);
    const claim = (role: string, never: string) =>
      checkOf(policy, "claim", { claims: [{ name: "c", when: [{ role }], never: [never] }] }).findings[0]?.witness;
    expect(claim("clerk", "audit")).toBeUndefined();
    expect(claim("clerk", "sign")).toBeUndefined();
    // An owner needs the grant on the connection, and none in the account.
    expect(claim("owner", "sign")).toEqual({
      user: { id: "user", role: "owner", grants: { c1: { publish: "draft" } } },
      connections: ["c1"],
    });
  });

  it("tells levels of the account apart only where a rule does", () => {
    const policy = define({ ...base, areas: { billing }, actions: pay });
    expect(checkOf(policy, "told-apart").findings).toEqual([{ area: "billing", names: ["draft", "full"] }]);
  });
});

describe("a check of clauses about several areas", () => {
  const reports = { levels: ["none", "one", "two", "three"] };
  const levels = ["none", "draft", "full", "one", "two", "three"];

  it("finds who may do one and not the other, with the fewest grants that do both parts", () => {
    const mail = { levels: ["none", "full"] };
    const policy = define({
      ...base,
      areas: { publish, mail },
      actions: {
        mute: {
          target: "group",
          allow: {
            and: [
              { area: "publish", level: "draft" },
              { area: "mail", some: "full" },
            ],
          },
        },
        edit: { target: "group", allow: { area: "publish", level: "full" } },
      },
    });
    const claims = [{ name: "muting is for editors", when: ["mute"], always: ["edit"] }];
    expect(checkOf(policy, "claim", { claims }).findings[0]?.witness).toEqual({
      user: { id: "user", role: "member", grants: { c1: { publish: "draft", mail: "full" } } },
      connections: ["c1"],
    });
    // Mail is asked of some connection only, so a group may have one without it.
    expect(checkOf(policy, "group", { group: {} }).findings).toEqual([
      {
        action: "mute",
        onGroup: "allowed",
        witness: {
          user: {
            id: "user",
            role: "member",
            grants: { c1: { publish: "draft" }, c2: { publish: "draft", mail: "full" } },
          },
          connections: ["c1", "c2"],
        },
      },
    ]);
  });

  it("finds a loss that takes three connections: the raised one, and two beside it in the other area", () => {
    const but = (level: string) => ({
      area: "reports",
      every: ["one", "two", "three"].filter((each) => each !== level).map((exactly) => ({ exactly })),
    });
    const policy = define({
      ...base,
      levels,
      areas: { publish: { levels: ["none", "draft", "full"] }, reports },
      actions: {
        do: {
          target: "group",
          allow: [
            {
              and: [
                { area: "publish", exactly: "draft" },
                { area: "reports", level: "one" },
              ],
            },
            ...["one", "two", "three"].map(but),
          ],
        },
      },
    });
    const finding = checkOf(policy, "raising").findings.find(({ area }) => area === "publish");
    expect(finding).toEqual({
      action: "do",
      area: "publish",
      witness: {
        user: {
          id: "user",
          role: "member",
          grants: {
            c1: { publish: "draft", reports: "one" },
            // The lowest level counts: beside another draft, to raise the first would take nothing away.
            c2: { publish: "full", reports: "two" },
            c3: { publish: "full", reports: "three" },
          },
        },
        connections: ["c1", "c2", "c3"],
      },
      raised: { connection: "c1", from: { publish: "draft" }, to: { publish: "full" } },
    });
  });

  it("counts no group as a loss whose further connections would keep the action by another clause", () => {
    const draft = { exactly: "draft" };
    const paid = { area: "billing", level: "draft" };
    const allow = [
      // By this clause, a loss would take two connections at draft, and the second one fits the next clause.
      { and: [{ area: "publish", every: draft }, { area: "reports", some: "one" }, paid] },
      { and: [{ area: "publish", some: draft }, paid] },
      { area: "reports", every: "one" },
    ];
    const lossOf = (clauses: object[]) => {
      const areas = { publish: { levels: ["none", "draft", "full"] }, reports: { levels: ["none", "one"] }, billing };
      const actions = { do: { target: "group", allow: clauses } };
      const { findings } = checkOf(define({ ...base, levels, areas, actions }), "raising");
      return findings.find(({ area }) => area === "publish")?.witness;
    };
    expect(lossOf(allow)).toEqual({
      user: { id: "user", role: "member", grants: { c1: { publish: "draft" } }, account: { billing: "draft" } },
      connections: ["c1"],
    });
    expect(lossOf([...allow, { and: [{ area: "publish", some: "full" }, paid] }])).toBeUndefined();
  });

  it("finds a group that is denied though each connection is allowed by a clause of its own, and says so in words", () => {
    const policy = define({
      ...base,
      areas: { publish, mail: { levels: ["none", "full"] } },
      actions: {
        see: {
          target: "group",
          allow: [
            { area: "publish", every: "approver" },
            { area: "mail", level: "full" },
          ],
        },
      },
    });
    const { findings } = checkOf(policy, "group", { group: {} });
    expect(findings).toEqual([
      {
        action: "see",
        onGroup: "denied",
        witness: {
          user: {
            id: "user",
            role: "member",
            grants: { c1: { publish: "draft", approver: true }, c2: { mail: "full" } },
          },
          connections: ["c1", "c2"],
        },
      },
    ]);
    expect(linesOf(policy, { group: {} })).toContain(
      "✗ see: denied to member with c1 at publish draft + approver and c2 at mail full, on c1 and c2, and allowed on each of them alone",
    );
    const meant = checkOf(policy, "group", { group: { exceptions: ["see"] } });
    expect([meant.holds, meant.findings, meant.exceptions.length]).toEqual([true, [], 1]);
  });

  it("finds a group that is allowed though its first connection is denied, of one area and of the account too", () => {
    const policy = define({
      ...base,
      areas: { publish, billing },
      actions: {
        see: {
          target: "group",
          allow: {
            and: [
              { area: "publish", some: "full" },
              { area: "billing", level: "draft" },
            ],
          },
        },
      },
    });
    expect(linesOf(policy, { group: {} })).toContain(
      "✗ see: allowed to member with c2 at publish full and billing draft in the account, on c1 and c2, and denied on c1 alone",
    );
  });

  it("refuses an exception to the check of groups that is not about a group", () => {
    const policy = define({ ...base, areas: { billing }, actions: pay });
    expect(refusal(() => checkPolicy(policy, { group: { exceptions: ["pay"] } }))).toEqual({
      code: "invalid-policy",
      message: '"pay" is not about a group; expected an action with the target "group" (at "group" > "exceptions" > 0)',
      path: ["group", "exceptions", 0],
    });
  });
});

describe("a check of relations", () => {
  const related = { ...base, areas: { publish }, relations: ["author", "assignee"] };

  it("names what the user is to the post, in a witness and in words", () => {
    const policy = define({
      ...related,
      actions: {
        edit: { target: "group", allow: { area: "publish", level: "draft", is: "author" } },
        approve: { target: "group", allow: { area: "publish", every: "approver", isNot: "assignee" } },
      },
    });
    const properties = { separate: [["edit", "approve"]] };
    const witness = checkOf(policy, "separate", properties).findings[0]?.witness as Witness;
    expect(witness).toEqual({
      user: { id: "user", role: "member", grants: { c1: { publish: "draft", approver: true } } },
      connections: ["c1"],
      relations: { author: "user", assignee: null },
    });
    for (const action of ["edit", "approve"]) expect(isAllowed(policy, action, witness)).toBe(true);
    expect(linesOf(policy, properties)).toContain(
      "✗ not so for member with c1 at publish draft + approver, on c1 as author",
    );
  });

  it("proves that nobody may do both where one is for the author and the other is not", () => {
    const policy = define({
      ...related,
      actions: {
        edit: { target: "group", allow: { area: "publish", level: "draft", is: "author" } },
        approve: { target: "group", allow: { area: "publish", every: "approver", isNot: "author" } },
      },
    });
    expect(checkOf(policy, "separate", { separate: [["edit", "approve"]] }).holds).toBe(true);
  });

  it("says of nobody that a role gives an action on a post to which nobody can be what it asks", () => {
    const allow = [{ role: "member", is: "author", isNot: "author" }];
    const policy = define({ ...related, actions: { edit: { target: "group", allow } } });
    expect(checkOf(policy, "default-deny").exceptions).toEqual([]);
    expect(checkOf(policy, "nobody").findings).toEqual([{ action: "edit" }]);
    const more = define({ ...related, actions: { edit: { target: "group", allow: [...allow, { is: "assignee" }] } } });
    expect(checkOf(more, "default-deny").exceptions).toEqual([{ action: "edit", roles: ["member"] }]);
  });
});

describe("a check of more than thirty states", () => {
  const ticks = Array.from({ length: 40 }, (_, index) => `tick-${index + 1}`);
  const areas = Object.fromEntries(ticks.map((tick) => [tick, { levels: ["none", "full"] }]));
  const actionsOf = (swapped = false) =>
    Object.fromEntries(
      ticks.map((area, index) => [
        `do-${area}`,
        { target: "group", allow: { area: swapped && index === 39 ? "tick-1" : area, level: "full" } },
      ]),
    );
  const policy = define({ ...base, areas, actions: actionsOf() });

  it("finds the same as of few: each tick means something of its own, and two are held together", () => {
    expect(checkPolicy(policy).holds).toBe(true);
    const separate = [["do-tick-1", "do-tick-40"]];
    expect(checkOf(policy, "separate", { separate }).findings[0]?.witness?.user.grants).toEqual({
      c1: { "tick-1": "full", "tick-40": "full" },
    });
  });

  it("compares two of them, tick by tick", () => {
    const { actions } = comparePolicies(policy, define({ ...base, areas, actions: actionsOf(true) }));
    expect(actions.filter(({ verdict }) => verdict !== "equal")).toEqual([
      {
        action: "do-tick-40",
        verdict: "different",
        looser: { user: { id: "user", role: "member", grants: { c1: { "tick-1": "full" } } }, connections: ["c1"] },
        stricter: { user: { id: "user", role: "member", grants: { c1: { "tick-40": "full" } } }, connections: ["c1"] },
      },
    ]);
  });
});

describe("a comparison of areas of the account", () => {
  const first = define({ ...base, areas: { publish, billing }, actions: pay });

  it("shows a grant in the account with which only one policy allows", () => {
    const second = define({
      ...base,
      areas: { publish, billing },
      actions: { pay: { target: "none", allow: { area: "billing", level: "full" } } },
    });
    const { verdict, actions } = comparePolicies(first, second);
    expect([verdict, actions]).toEqual([
      "stricter",
      [
        {
          action: "pay",
          verdict: "stricter",
          stricter: { user: { id: "user", role: "member", account: { billing: "draft" } }, connections: [] },
        },
      ],
    ]);
    expect(formatComparison(comparePolicies(first, second))).toBe(`the second, suite, is stricter than the first, suite
  - pay: only the first allows member with billing draft in the account
`);
  });

  it("lists the states of the account that only one policy has, and what each allows there", () => {
    const second = define({
      ...base,
      areas: {
        publish,
        billing: { levels: ["none", "full"], flags: { auditor: ["full"] }, of: "account" },
        team: { levels: ["none", "full"], of: "account" },
      },
      actions: {
        pay: {
          target: "none",
          allow: [
            { area: "billing", level: "full" },
            { area: "team", level: "full" },
          ],
        },
        audit: { target: "none", allow: { area: "billing", every: "auditor" } },
      },
    });
    const { states, actions } = comparePolicies(first, second);
    expect(states).toEqual([
      { area: "billing", grant: { billing: "draft" }, only: "first", allows: ["pay"] },
      { area: "billing", grant: { billing: "full", auditor: true }, only: "second", allows: ["pay", "audit"] },
      { area: "team", grant: { team: "full" }, only: "second", allows: ["pay"] },
    ]);
    // With the states that both have, they answer the same; who holds a state of one of them only is not compared.
    expect(actions.map(({ action, verdict }) => [action, verdict])).toEqual([
      ["pay", "equal"],
      ["audit", "looser"],
    ]);
  });

  it("knows that nothing is held in an area that the other policy lacks", () => {
    const team = { levels: ["none", "full"], of: "account" };
    const second = define({
      ...base,
      areas: { publish, billing, team },
      actions: { pay: { target: "none", allow: { area: "team", level: "full" } } },
    });
    const { actions } = comparePolicies(first, second);
    expect(actions).toEqual([
      {
        action: "pay",
        verdict: "stricter",
        stricter: { user: { id: "user", role: "member", account: { billing: "draft" } }, connections: [] },
      },
    ]);
  });

  it("lists no action that a state of the account allows to a role alone that holds another one for good", () => {
    const shape = {
      ...base,
      roles: { member: {}, clerk: { holds: { billing: "full" } } },
      actions: { ...pay, sign: { target: "none", allow: { role: "clerk", area: "billing", exactly: "draft" } } },
    };
    const withDraft = define({ ...shape, areas: { billing } });
    const flagged = { levels: ["none", "draft", "full"], flags: { auditor: ["draft"] }, of: "account" };
    expect(comparePolicies(withDraft, define({ ...shape, areas: { billing: flagged } })).states).toEqual([
      { area: "billing", grant: { billing: "draft", auditor: true }, only: "second", allows: ["pay"] },
    ]);
  });

  it("takes an area of the account for another one than an area of connections with its name", () => {
    const second = define({
      ...base,
      areas: { publish, billing: { levels: ["none", "draft", "full"] } },
      actions: { pay: { target: "none", allow: { area: "billing", some: "draft" } } },
    });
    expect(comparePolicies(first, second).actions).toEqual([{ action: "pay", verdict: "equal" }]);
    expect(comparePolicies(first, second).states.map(({ grant, only }) => [grant, only])).toEqual([
      [{ billing: "draft" }, "first"],
      [{ billing: "full" }, "first"],
      [{ billing: "draft" }, "second"],
      [{ billing: "full" }, "second"],
    ]);
  });

  it("lists a role that takes grants in one of them only, on connections and in the account", () => {
    const roles = (holds?: object) => ({ chief: holds ? { holds } : {} });
    const free = define({ ...base, areas: { publish, billing }, roles: roles(), actions: pay });
    const held = (holds: object) => define({ ...base, areas: { publish, billing }, roles: roles(holds), actions: pay });
    const both = comparePolicies(free, held({ publish: "full", billing: "full" }));
    expect(both.roles).toEqual([
      { role: "chief", only: "first", grants: true },
      { role: "chief", only: "first", account: true },
    ]);
    expect(formatComparison(both).split("\n").slice(-3, -1)).toEqual([
      "  - only the first has role chief: only there it takes grants",
      "  - only the first has role chief: only there it takes grants in the account",
    ]);
    // Who may be given nothing in the account under the second policy holds nothing there under the first.
    expect(both.actions).toEqual([
      {
        action: "pay",
        verdict: "looser",
        looser: { user: { id: "user", role: "chief" }, connections: [] },
      },
    ]);
    expect(comparePolicies(held({ billing: "full" }), free).roles).toEqual([
      { role: "chief", only: "second", account: true },
    ]);
  });

  it("names the relations of both policies in a witness, and in words those that the user is in", () => {
    const edit = (clause: object) => ({
      edit: { target: "group", allow: { area: "publish", level: "draft", ...clause } },
    });
    const one = define({ ...base, areas: { publish }, relations: ["author"], actions: edit({ is: "author" }) });
    const other = define({
      ...base,
      areas: { publish },
      relations: ["assignee"],
      actions: edit({ isNot: "assignee" }),
    });
    const comparison = comparePolicies(one, other);
    expect(comparison.actions[0]?.looser?.relations).toEqual({ author: null, assignee: null });
    expect(comparison.actions[0]?.stricter?.relations).toEqual({ author: "user", assignee: "user" });
    expect(formatComparison(comparison)).toBe(`the second, suite, is neither stricter nor looser than the first, suite
  + edit: only the second allows member with c1 at publish draft, on c1
  - edit: only the first allows member with c1 at publish draft, on c1 as author and assignee
`);
  });

  it("lists no action that a state allows where nobody can be to a post what the clause asks", () => {
    const withFull = { levels: ["none", "full"] };
    const allow = { area: "publish", level: "full", is: "author", isNot: "author" };
    const shape = { ...base, relations: ["author"], actions: { edit: { target: "group", allow } } };
    const { states } = comparePolicies(
      define({ ...shape, areas: { publish: withFull } }),
      define({ ...shape, areas: { publish: { ...withFull, flags: { approver: ["full"] } } } }),
    );
    expect(states).toEqual([
      { area: "publish", grant: { publish: "full", approver: true }, only: "second", allows: [] },
    ]);
  });
});

describe("a review of patterns", () => {
  it("says in words what each form of a pattern asks for", () => {
    const approver = { flags: ["approver"] };
    const policy = define({
      ...base,
      areas: { publish },
      actions: {
        a: { target: "group", allow: { area: "publish", every: { level: "draft", ...approver } } },
        b: { target: "group", allow: { area: "publish", every: { exactly: "draft", ...approver } } },
        c: { target: "group", allow: { area: "publish", every: [approver, "full"] } },
        d: { target: "group", allow: { area: "publish", some: { exactly: "draft" } } },
      },
    });
    const users = [{ id: "ana", role: "member", grants: { fb: { publish: "draft", approver: true } } }];
    const rows = formatReview(reviewAccess(createMatrix(policy, { users } as never)))
      .split("\n")
      .slice(2, -1);
    expect(rows.map((row) => row.trim().split(/ {2,}/).slice(-2))).toEqual([
      ["publish at least draft with approver everywhere", "a"],
      ["publish exactly draft with approver everywhere", "b"],
      ["publish approver or full everywhere", "c"],
      ["publish somewhere exactly draft", "d"],
    ]);
  });
});

describe("a diff", () => {
  it("refuses an action that names more than eight relations, and names it", () => {
    const relations = Array.from({ length: 9 }, (_, index) => `relation-${index}`);
    const policy = (named: readonly string[]) =>
      define({
        ...base,
        areas: { publish },
        relations,
        actions: { edit: { target: "group", allow: { area: "publish", level: "draft", is: named } } },
      });
    const diff = (named: readonly string[]) => {
      const before = createMatrix(policy(named), { users: [{ id: "ana", role: "member" }], connections: ["fb"] });
      return diffMatrices(before, before.assign("ana", "fb", { publish: "draft" }));
    };
    expect(refusal(() => diff(relations))).toEqual({
      code: "invalid-policy",
      message: "9 relations in edit; diffMatrices expected at most 8 in an action",
      path: undefined,
    });
    // Whoever is in any of eight relations gains it: all sets of them but the empty one.
    expect(diff(relations.slice(1)).decisions).toHaveLength(2 ** 8 - 1);
  });

  it("counts on an author who may approve", () => {
    const levels = ["none", "draft", "full"];
    const policy = define({
      ...base,
      areas: { publish: { levels } },
      actions: {
        write: { target: "group", allow: { area: "publish", level: "draft" } },
        approve: { target: "group", allow: { area: "publish", level: "full" } },
      },
      approval: {
        ...{
          select: "write",
          submit: "write",
          edit: "write",
          approve: "approve",
          reject: "approve",
          release: "approve",
        },
        ...{ approvers: "anyone", steps: 1, authorMayApprove: true },
      },
    });
    const users = ["ana", "ben"].map((id) => ({ id, role: "member", grants: { fb: { publish: "full" } } }));
    const account = createMatrix(policy, { users } as never);
    const post: Submission = {
      ...{ connections: ["fb"], author: "ana", status: "pending" },
      ...{ steps: [], approvals: [], revision: 0 },
    };
    const stuck = (after: typeof account) => diffMatrices(account, after, { submissions: [post] }).submissions;
    expect(stuck(account.revoke("ben", "fb"))).toEqual([]);
    expect(stuck(account.revoke("ben", "fb").revoke("ana", "fb"))).toEqual([
      { submission: 0, step: 0, author: "ana", connections: ["fb"], lost: ["ana", "ben"] },
    ]);
  });
});
