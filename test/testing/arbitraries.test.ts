import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draft, type StepInput, transition } from "../../src/approval/index.js";
import { eventTypes } from "../../src/approval/machine/flow.js";
import { needsOf, type Step, type Submission, statuses, turnOf } from "../../src/approval/machine/submission.js";
import {
  accessLevel,
  allowedActions,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  type Policy,
  type UserInput,
} from "../../src/index.js";
import {
  grants,
  groups,
  type History,
  histories,
  matrices,
  policies,
  posts,
  users,
} from "../../src/testing/arbitraries/index.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";

const shipped: readonly Policy[] = [engage, buffer];
/** A policy with an area of the account and two relations. */
const agency = definePolicy({
  name: "agency",
  levels: ["none", "view", "manage"],
  areas: {
    posts: { levels: ["none", "view", "manage"] },
    billing: { levels: ["none", "view", "manage"], flags: { auditor: ["manage"] }, of: "account" },
  },
  roles: { chief: { holds: { billing: "manage" } }, member: {} },
  relations: ["author", "assignee"],
  actions: { edit: { target: "group", allow: { area: "posts", level: "view", is: "author" } } },
});
const fixedSeed = { numRuns: 300, seed: 42 };

/** Everything drawn for a policy, which may be drawn itself. */
const anyPolicy = fc.oneof(fc.constantFrom(...shipped), policies());

/** What a property that is false shrinks to. */
function smallest<Value>(drawn: fc.Arbitrary<Value>, holds: (value: Value) => boolean): Value | undefined {
  return fc.check(fc.property(drawn, holds), { seed: 42 }).counterexample?.[0];
}

function cases<Value>(drawn: fc.Arbitrary<Value>): readonly Value[] {
  return fc.sample(drawn, fixedSeed);
}

describe("whatever is drawn is accepted", () => {
  it("grants and users by createUser, of Engage, Buffer and any policy", () => {
    const drawn = anyPolicy.chain((policy) => fc.tuple(fc.constant(policy), grants(policy), users(policy)));
    fc.assert(
      fc.property(drawn, ([policy, grant, row]) => {
        expect(createUser(policy, row).toJSON()).toEqual(row);
        const role = Object.keys(policy.roles).find((name) => !policy.roles[name]?.holds);
        if (role !== undefined) createUser(policy, { id: "x", role, grants: { fb: grant } });
      }),
    );
  });

  it("matrices by createMatrix, of which they are the JSON", () => {
    const drawn = anyPolicy.chain((policy) => fc.tuple(fc.constant(policy), matrices(policy)));
    fc.assert(
      fc.property(drawn, ([policy, input]) => {
        const account = createMatrix(policy, input);
        expect(account.users()).toEqual(input.users.map(({ id }) => id));
      }),
    );
  });

  it("grants that end, at one of the given instants, by createUser and createMatrix at any instant", () => {
    const ends = [new Date("2026-03-31T09:00:00Z"), "2026-07-01T00:00:00+02:00"];
    const written = ["2026-03-31T09:00:00.000Z", "2026-06-30T22:00:00.000Z"];
    const own = ["fb", "ig"];
    const drawn = anyPolicy.chain((policy) =>
      fc.tuple(fc.constant(policy), grants(policy, ends), users(policy, own, ends), matrices(policy, own, ends)),
    );
    fc.assert(
      fc.property(drawn, fc.constantFrom(...ends), ([policy, grant, row, input], at) => {
        const untils = [grant, row.account, ...Object.values(row.grants ?? {})].flatMap((each) => each?.until ?? []);
        expect(untils.filter((until) => !written.includes(until as string))).toEqual([]);
        expect(createUser(policy, row, { at: "2026-01-01T00:00:00Z" }).toJSON()).toEqual(row);
        expect(createMatrix(policy, input, { at }).users()).toEqual(input.users.map(({ id }) => id));
      }),
    );
    const all = cases(users(agency, own, ends));
    const withEnd = all.filter(({ grants: given }) => Object.values(given ?? {}).some((each) => each?.until));
    expect([withEnd.length > 0, withEnd.length < all.length]).toEqual([true, true]);
    expect(all.some(({ account }) => account?.until)).toBe(true);
    expect(smallest(grants(engage, ends), () => false)).toEqual({});
    expect(refusal(() => grants(engage, ["soon"]))).toMatchObject({ code: "invalid-grant", path: ["until", 0] });
  });

  it("policies by definePolicy, which makes the same of what they are as JSON", () => {
    fc.assert(
      fc.property(policies(), (policy) => {
        expect(definePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
      }),
    );
  });

  it("names that are few, and a role, a level or a flag that is there", () => {
    const drawn = cases(policies());
    const named = (namesOf: (policy: Policy) => readonly string[]) => [...new Set(drawn.flatMap(namesOf))].sort();
    expect(named(({ name }) => [name])).toEqual(["invented"]);
    const ticks = Array.from({ length: 16 }, (_, index) => `tick-${index + 1}`);
    expect(named(({ areas }) => Object.keys(areas))).toEqual(
      ["billing", "inbox", "posts", "reports", "team", ...ticks].sort(),
    );
    expect(named(({ relations = [] }) => relations)).toEqual(["assignee", "author"]);
    expect(named(({ roles }) => Object.keys(roles))).toEqual(["manager", "member", "owner"]);
    expect(named(({ actions }) => Object.keys(actions))).toEqual([
      ...["approve", "configure", "draft", "edit", "post", "report", "view"],
    ]);
    // Of one role at most, so that most users have grants of their own.
    expect(named(({ roles }) => Object.keys(roles).filter((role) => roles[role]?.holds))).toEqual(["owner"]);
  });

  it("posts by can, for anybody, of any policy", () => {
    const drawn = policies().chain((policy) => fc.tuple(fc.constant(policy), users(policy), posts(policy)));
    fc.assert(
      fc.property(drawn, ([policy, row, post]) => {
        const user = createUser(policy, row);
        const allowed = allowedActions(user, post);
        for (const [action, { target }] of Object.entries(policy.actions)) {
          if (target === "group") expect(can(user, action, post)).toBe(allowed.includes(action));
        }
      }),
    );
  });

  it("groups by can, for anybody", () => {
    fc.assert(
      fc.property(users(engage), groups(), (row, group) => {
        const user = createUser(engage, row);
        expect(can(user, "publish.view", group)).toBe(accessLevel(user, "publish", group) !== "no-access");
      }),
    );
  });

  it("each with connections of the host's own", () => {
    const own = ["__proto__", "tiktok"];
    fc.assert(
      fc.property(matrices(engage, own), users(engage, own), groups(own), histories(engage, own), (...drawn) => {
        const [account, user, group, { matrix, submissions }] = drawn;
        const known = [...createMatrix(engage, account).connections(), ...createMatrix(engage, matrix).connections()];
        expect([...own, "stranger"]).toEqual(
          expect.arrayContaining([
            ...known,
            ...Object.keys(user.grants ?? {}),
            ...group.connections,
            ...submissions.flatMap(({ connections }) => connections),
          ]),
        );
      }),
    );
  });
});

describe("nothing that there is stays undrawn", () => {
  it("each state of each area, and each role", () => {
    const states = (area: string) =>
      new Set(
        cases(grants(engage)).map((grant) =>
          JSON.stringify(
            Object.entries(grant).filter(([key]) => key === area || (area === "publish" && key === "approver")),
          ),
        ),
      );
    expect([...states("publish")].sort()).toEqual(
      [
        [],
        [["publish", "view-only"]],
        [
          ["publish", "view-only"],
          ["approver", true],
        ],
        [["publish", "needs-approval"]],
        [["publish", "full-access"]],
        [
          ["publish", "full-access"],
          ["approver", true],
        ],
      ]
        .map((state) => JSON.stringify(state))
        .sort(),
    );
    expect(states("conversations").size).toBe(3);
    expect(states("analytics").size).toBe(2);
    for (const policy of shipped) {
      expect(new Set(cases(users(policy)).map(({ role }) => role))).toEqual(new Set(Object.keys(policy.roles)));
    }
  });

  it("users without grants and with one on every connection, who know others and who know none", () => {
    const rows = cases(users(engage));
    const counts = (key: "grants" | "connections") =>
      new Set(rows.map((row) => Object.keys(row[key] ?? {}).length)).size;
    expect([counts("grants"), counts("connections")]).toEqual([5, 5]);
  });

  it("in the account, each state of each area, nothing, and nothing where the role fixes it", () => {
    const rows = cases(users(agency));
    const states = new Set(rows.map(({ role, account }) => JSON.stringify([role, account])));
    const some = ['{"billing":"view"}', '{"billing":"manage"}', '{"billing":"manage","auditor":true}', "null"];
    expect([...states].sort()).toEqual(['["chief",null]', ...some.map((each) => `["member",${each}]`)].sort());
    expect(new Set(rows.map(({ role, grants }) => `${role} ${!grants}`)).size).toBe(4);
    expect(cases(grants(agency)).some((grant) => "billing" in grant)).toBe(false);
  });

  it("posts of nobody, of one, of several, of somebody who is no user, in each relation", () => {
    const drawn = cases(posts(agency));
    for (const relation of ["author", "assignee"] as const) {
      const written = drawn.map((post) => post[relation]);
      expect(new Set(written.map((each) => (Array.isArray(each) ? each.length : typeof each)))).toEqual(
        new Set([0, 1, 2, 3, "string", "object"]),
      );
      expect(new Set(written.flat())).toEqual(
        new Set([null, "ana", "ben", "cat", "dan", "eve", "fay", "somebody else"]),
      );
    }
    expect(drawn.some(({ connections }) => connections.includes("stranger"))).toBe(true);
    expect(new Set(cases(posts(agency, ["tiktok"])).flatMap(({ connections }) => connections))).toEqual(
      new Set(["tiktok", "stranger"]),
    );
    expect(cases(posts(engage))).toEqual(cases(groups()));
  });

  it("empty groups, strangers, and a connection named twice", () => {
    const drawn = cases(groups()).map(({ connections }) => connections);
    expect(drawn.some(({ length }) => length === 0)).toBe(true);
    expect(drawn.some((ids) => ids.includes("stranger"))).toBe(true);
    expect(drawn.some((ids) => new Set(ids).size < ids.length)).toBe(true);
  });

  it("ids that can be read, and groups of up to six", () => {
    const connections = ["fb", "ig", "li", "x"];
    const drawn = cases(groups()).map((group) => group.connections);
    expect([...new Set(drawn.flat())].sort()).toEqual(["fb", "ig", "li", "stranger", "x"]);
    expect(Math.max(...drawn.map(({ length }) => length))).toBe(6);
    const accounts = cases(matrices(engage));
    expect([...new Set(accounts.flatMap((account) => account.connections))].sort()).toEqual(connections);
    expect(accounts.some((account) => account.connections.length === 0)).toBe(true);
    expect([...new Set(accounts.flatMap((account) => account.users.map(({ id }) => id)))].sort()).toEqual([
      ...["ana", "ben", "cat", "dan", "eve", "fay"],
    ]);
  });

  it("accounts of nobody, and of six", () => {
    const sizes = new Set(cases(matrices(engage)).map((input) => input.users.length));
    expect([...sizes].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("policies with each kind of target and of clause, with roles that hold everywhere, with flags and lifts", () => {
    const drawn = cases(policies());
    const text = drawn.map((policy) => JSON.stringify(policy));
    for (const part of [
      ...['"none"', '"connection"', '"group"'].map((kind) => `"target":${kind}`),
      ...['"level":', '"exactly":', '"some":', '"every":', '"role":', '"holds":', '"noAccessCountsAs":'],
      ...['"approver":[', '"moderator":[', '"analyst":[', '"allow":[{'],
      ...['"planner":[', '"auditor":[', '"recruiter":[', '"of":"account"', '"areas":{}', '"and":[', '"tick-16":'],
      ...['"is":"author"', '"is":["a', '"isNot":"a', '"isNot":["a', '"relations":["author","assignee"]'],
      ...["some", "every"].flatMap((key) =>
        ['"', "[", '{"level":', '{"exactly":', '{"flags":'].map((of) => `"${key}":${of}`),
      ),
    ]) {
      expect(
        text.some((policy) => policy.includes(part)),
        part,
      ).toBe(true);
    }
    for (const count of [1, 2, 3]) {
      expect(drawn.some(({ areas }) => Object.keys(areas).length === count)).toBe(true);
      expect(drawn.some(({ roles }) => Object.keys(roles).length === count)).toBe(true);
    }
  });

  it.each(shipped)("each event and each status of the approval flow, in $name", (policy) => {
    const drawn = cases(histories(policy));
    const events = new Set(drawn.flatMap((history) => history.events.map(({ type }) => type)));
    const reached = new Set(drawn.flatMap(({ submissions }) => submissions.map(({ status }) => status)));
    // Where anybody approves, nobody is asked by name, so nobody is asked anew (Buffer).
    const possible = eventTypes.filter((type) => type !== "reassign" || policy.approval?.approvers === "named");
    expect([...events].sort()).toEqual([...possible].sort());
    expect([...reached].sort()).toEqual([...statuses].sort());
  });

  it("steps with a number: half approved, passed by several, and asked anew with those who approved in them", () => {
    const drawn = cases(histories(engage));
    const numbers = drawn.flatMap(({ events }) =>
      events.flatMap((event) => ("steps" in event ? event.steps.map((step) => needsOf(step as Step)) : [])),
    );
    expect(numbers).toEqual(expect.arrayContaining([1, 2]));
    const posts = drawn.flatMap(({ submissions }) => submissions);
    const isHalf = (post: Submission) => post.status === "pending" && turnOf(post).given.length > 0;
    expect(posts.some(isHalf)).toBe(true);
    expect(posts.some((post) => post.status === "approved" && post.steps.some((step) => needsOf(step) > 1))).toBe(true);
    const halfAnew = drawn.flatMap(({ submissions, events }) =>
      events.filter(({ type }, index) => type === "reassign" && isHalf(submissions[index] as Submission)),
    );
    expect(halfAnew).not.toEqual([]);
  });

  it.each(shipped)("deadlines, at which an approved post stays, and histories without instants, in $name", (policy) => {
    const drawn = cases(histories(policy));
    const posts = drawn.flatMap(({ submissions }) => submissions);
    for (const status of ["pending", "approved", "released"]) {
      expect(
        posts.some((post) => post.status === status && post.expires !== undefined),
        status,
      ).toBe(true);
    }
    const late = drawn.flatMap(({ submissions, events }) =>
      events.filter(({ at }, index) => at !== undefined && at >= (submissions[index]?.expires ?? "9")),
    );
    expect(late.map(({ type }) => type)).toContain("edit");
    expect(new Set(late.map(({ type }) => type))).not.toContain("approve");
    const withInstants = drawn.map(({ events }) => new Set(events.map(({ at }) => at !== undefined)));
    expect(withInstants.every(({ size }) => size < 2)).toBe(true);
    expect(withInstants.some((kinds) => kinds.has(true))).toBe(true);
    expect(withInstants.some((kinds) => kinds.has(false))).toBe(true);
  });

  it("stand-ins with each kind of period and with none, who approve in another's place", () => {
    const drawn = cases(histories(engage));
    const kinds = new Set(drawn.flatMap(({ standIns = [] }) => standIns.map((each) => Object.keys(each).join(" "))));
    expect([...kinds].sort()).toEqual(["for by", "for by from", "for by from until", "for by until"]);
    const approvals = drawn.flatMap(({ submissions }) => submissions.flatMap((post) => post.approvals));
    expect(approvals.some((each) => each.for !== undefined)).toBe(true);
    expect(approvals.some((each) => each.for === undefined)).toBe(true);
    expect(drawn.some((history) => !Object.hasOwn(history, "standIns"))).toBe(true);
  });
});

describe("what is drawn of a policy is varied", () => {
  const drawn = fc.sample(policies(), { numRuns: 2_000, seed: 42 });
  const clauses = drawn.flatMap(({ actions }) =>
    Object.values(actions).flatMap(({ target, allow }) => [allow].flat().map((clause) => ({ target, ...clause }))),
  );
  const kinds = (target: string) =>
    [
      ...new Set(
        clauses
          .filter((clause) => clause.target === target)
          .map((clause) =>
            Object.keys(clause)
              .filter((key) => key !== "target")
              .sort()
              .join(" "),
          ),
      ),
    ].sort();

  const combined = (first: readonly string[], second: readonly string[]) =>
    first.flatMap((one) =>
      second.map((other) => [...one.split(" "), ...other.split(" ")].filter(Boolean).sort().join(" ")),
    );
  const ofConnections = ["area every", "area every exactly", "area every level", "area every some"];
  const alone = ["area exactly", "area level", "area some", "and"];
  const byRole = ["", "role"];

  it("a clause is a role alone, or what is asked of areas, or both, in every form that its target admits", () => {
    const everyForm = [...combined([...ofConnections, ...alone], byRole), "role"].sort();
    expect(kinds("none")).toEqual(everyForm.filter((form) => !/every.* some/.test(form)));
    expect(kinds("connection")).toEqual(everyForm);
    expect(kinds("group")).toEqual(expect.arrayContaining(everyForm));
  });

  it("a clause on a group is for users in a relation to the post, for those in none, or both", () => {
    const related = kinds("group").map((form) => {
      const keys = form.split(" ");
      const subject = ["and", "area", "role"].filter((key) => keys.includes(key)).join(" ");
      return `${subject}: ${keys.filter((key) => key.startsWith("is")).join(" ")}`;
    });
    const subjects = ["and", "area", "role", "and role", "area role", ""];
    const everyForm = subjects.flatMap((subject) => ["is", "isNot", "is isNot"].map((each) => `${subject}: ${each}`));
    expect(related).toEqual(expect.arrayContaining(everyForm));
    for (const target of ["none", "connection"]) expect(kinds(target).join(" ")).not.toMatch(/\bis(Not)?\b/);
  });

  it("without areas of connections, or of the account, the account as a whole is asked for what it has", () => {
    for (const { target, ...clause } of clauses.filter((each) => each.target === "none")) {
      const parts: readonly { readonly area?: string; readonly some?: unknown }[] =
        "and" in clause ? (clause.and ?? []) : "area" in clause ? [clause] : [];
      for (const { area = "", some } of parts) {
        expect([target, some === undefined]).toEqual(["none", ["billing", "team"].includes(area)]);
      }
    }
  });

  it("a level has a name that says how much it is", () => {
    for (const { levels } of drawn) expect(levels).toEqual(["none", "view", "draft", "post", "own"]);
  });

  it("an action has one clause, or a list of up to three", () => {
    const lengths = drawn.flatMap(({ actions }) =>
      Object.values(actions).map(({ allow }) => (Array.isArray(allow) ? allow.length : 0)),
    );
    expect([...new Set(lengths)].sort()).toEqual([0, 1, 2, 3]);
  });

  it("a policy has up to five actions", () => {
    expect([...new Set(drawn.map(({ actions }) => Object.keys(actions).length))].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it("an area has a flag, a lift, both or neither", () => {
    const shapes = drawn.flatMap(({ areas }) => Object.values(areas).map((area) => Object.keys(area).sort().join(" ")));
    expect([...new Set(shapes)].sort()).toEqual([
      ...["flags levels", "flags levels noAccessCountsAs", "flags levels of"],
      ...["levels", "levels noAccessCountsAs", "levels of"],
    ]);
  });

  it("a role holds the highest level of some areas, or of none", () => {
    const held = drawn.flatMap(({ areas, roles }) =>
      Object.values(roles).flatMap(({ holds }) =>
        holds ? [Object.entries(holds).map(([area, level]) => level === areas[area]?.levels.at(-1))] : [],
      ),
    );
    for (const length of [0, 1, 2, 3, 4, 5]) expect(held.map((levels) => levels.length)).toContain(length);
    expect(held.flat().every(Boolean)).toBe(true);
  });
});

describe("a history", () => {
  it.each(shipped)("is what the flow makes of its events, in $name", (policy) => {
    fc.assert(
      fc.property(histories(policy), ({ matrix, submissions, events, standIns = [] }) => {
        const account = createMatrix(policy, matrix);
        const [first, ...rest] = submissions;
        const started = draft(account, { author: "ana", connections: first?.connections ?? [] });
        expect(started).toEqual({ ok: true, submission: first });
        const replayed = events.map((event, index) =>
          transition(account, submissions[index] as Submission, event, { standIns }),
        );
        expect(replayed).toEqual(rest.map((submission) => ({ ok: true, submission })));
        expect(submissions.every(isDeeplyFrozen)).toBe(true);
      }),
    );
  });

  it("is read again after it was stored as JSON", () => {
    fc.assert(
      fc.property(histories(engage), (history) => {
        const { matrix, submissions, events, standIns = [] }: History = JSON.parse(JSON.stringify(history));
        const account = createMatrix(engage, matrix as never);
        for (const [index, event] of events.entries()) {
          expect(transition(account, submissions[index] as Submission, event, { standIns })).toEqual({
            ok: true,
            submission: submissions[index + 1],
          });
        }
      }),
    );
  });

  const actions = {
    write: { target: "group", allow: { role: "chief", area: "posts", level: "all" } },
    sign: { target: "group", allow: { area: "posts", level: "all" } },
  } as const;
  const own = (holds: "none" | "all") =>
    definePolicy({
      name: "own",
      levels: ["none", "all"],
      areas: { posts: { levels: ["none", "all"] } },
      roles: { chief: { holds: { posts: holds } } },
      actions,
      approval: {
        ...{ select: "write", submit: "write", edit: "write", approve: "sign", reject: "sign", release: "sign" },
        ...{ approvers: "anyone", steps: 1, authorMayApprove: false },
      },
    });

  it("has an author and an approver also where all that is held is held by a role", () => {
    const reached = cases(histories(own("all"))).flatMap(({ submissions }) => submissions.map(({ status }) => status));
    expect(new Set(reached)).toEqual(statuses);
  });

  it("is of ana, in any role and at any level that may draft, of ben, who holds the most, and of others", () => {
    const drawn = cases(histories(engage)).map(({ matrix }) => matrix.users);
    const authors = new Set(drawn.map(([ana]) => JSON.stringify([ana?.role, ana?.grants?.fb?.publish])));
    expect([...authors].sort()).toEqual(
      ["admin", "viewer"].flatMap((role) =>
        ["full-access", "needs-approval"].map((level) => JSON.stringify([role, level])),
      ),
    );
    const most = { conversations: "full-access", publish: "full-access", approver: true, analytics: "full-access" };
    for (const [ana, ben] of drawn) {
      expect([ana?.id, ben?.id]).toEqual(["ana", "ben"]);
      expect(ben?.grants).toEqual({ fb: most, ig: most, x: most, li: most });
    }
    expect(Math.max(...drawn.map(({ length }) => length))).toBe(6);
  });

  it("has an approver also where the last role holds next to nothing", () => {
    const shape = { ...JSON.parse(JSON.stringify(buffer)), roles: { owner: {}, member: {}, guest: { holds: {} } } };
    const drawn = cases(histories(definePolicy(shape) as unknown as typeof buffer));
    const reached = drawn.flatMap(({ submissions }) => submissions.map(({ status }) => status));
    expect(new Set(reached)).toEqual(statuses);
    for (const { matrix } of drawn) expect(matrix.users[1]?.role).toBe("member");
  });

  it("has an author and an approver where what it takes is held in the account", () => {
    const held = (holds: boolean) =>
      definePolicy({
        name: "ticks",
        levels: ["none", "all"],
        areas: {
          posts: { levels: ["none", "all"] },
          desk: { levels: ["none", "all"], flags: { lead: ["all"] }, of: "account" },
        },
        roles: { chief: holds ? { holds: { posts: "all" } } : { holds: { desk: "all", lead: true } } },
        actions: {
          write: {
            target: "group",
            allow: {
              and: [
                { area: "posts", level: "all" },
                { area: "desk", level: "all" },
              ],
            },
          },
          sign: { target: "group", allow: { area: "desk", every: "lead" } },
        },
        approval: {
          ...{ select: "write", submit: "write", edit: "write", approve: "sign", reject: "sign", release: "sign" },
          ...{ approvers: "anyone", steps: 1, authorMayApprove: false },
        },
      });
    for (const holds of [true, false]) {
      const drawn = cases(histories(held(holds)));
      const reached = drawn.flatMap(({ submissions }) => submissions.map(({ status }) => status));
      expect(new Set(reached)).toEqual(statuses);
      const ben = new Set(drawn.map(({ matrix }) => JSON.stringify(matrix.users[1]?.account)));
      expect(ben).toEqual(new Set([holds ? '{"desk":"all","lead":true}' : undefined]));
    }
  });

  it("there is none where the policy has no approval, or nobody may draft", () => {
    const { approval: _, ...without } = JSON.parse(JSON.stringify(engage));
    expect(refusal(() => histories(definePolicy(without) as unknown as Policy))).toMatchObject({
      code: "invalid-policy",
      message: expect.stringContaining("a policy without approval"),
    });
    expect(refusal(() => histories(own("none")))).toEqual({
      code: "invalid-policy",
      message: "a policy in which nobody may draft; expected one with authors",
    });
  });

  it("asks anybody who may approve, several at once and in up to as many steps as may be, also anew", () => {
    const drawn = cases(histories(engage));
    for (const kind of ["submit", "reassign"]) {
      const asked = drawn.flatMap(({ events }) =>
        events.flatMap((event) => ("steps" in event && event.type === kind ? [event.steps] : [])),
      );
      expect(Math.max(...asked.map(({ length }) => length))).toBe(engage.approval.steps);
      const users = (step: StepInput) => ("of" in step ? step.of : step);
      expect(new Set(asked.flat().map((step) => users(step).length))).toContain(2);
      expect(new Set(asked.map(([first = []]) => users(first)[0]))).toContain("cat");
    }
    const approvals = drawn.flatMap(({ submissions }) => submissions.flatMap(({ approvals }) => approvals));
    expect(new Set(approvals.map(({ by }) => by))).toContain("cat");
  });

  it("asks no step that nobody may approve, where each step asks for an action of its own", () => {
    const all = { area: "posts", level: "all" } as const;
    const policy = definePolicy({
      name: "signed",
      levels: ["none", "all"],
      areas: { posts: { levels: ["none", "all"] } },
      roles: { chief: {}, member: {} },
      actions: {
        write: { target: "group", allow: all },
        countersign: { target: "group", allow: { role: "chief", ...all } },
      },
      approval: {
        ...{ select: "write", submit: "write", edit: "write", reject: "write", release: "write" },
        ...{ approve: ["write", "countersign"], approvers: "named", steps: 3, authorMayApprove: false },
      },
    });
    const drawn = cases(histories(policy));
    for (const { matrix, submissions, events, standIns = [] } of drawn) {
      const account = createMatrix(policy, matrix);
      for (const [index, event] of events.entries()) {
        const result = transition(account, submissions[index] as Submission, event, { standIns });
        expect(result).toEqual({ ok: true, submission: submissions[index + 1] });
      }
    }
    const steps = drawn.flatMap(({ events }) =>
      events.flatMap((event) => ("steps" in event ? [event.steps.length] : [])),
    );
    expect([...new Set(steps)].sort()).toEqual([1, 2, 3]);
  });

  it("goes on until the post is released, and then it is over", () => {
    for (const { submissions } of cases(histories(engage))) {
      expect(submissions.slice(0, -1).some(({ status }) => status === "released")).toBe(false);
    }
  });
});

describe("what fails shrinks to a case that can be read", () => {
  it("a grant, to the one level that counts", () => {
    expect(smallest(grants(engage), ({ analytics }) => analytics === undefined)).toEqual({ analytics: "full-access" });
    expect(smallest(grants(engage), ({ approver }) => !approver)).toEqual({ publish: "view-only", approver: true });
  });

  it("a user, to one grant on one connection", () => {
    const mayPost = (row: UserInput<typeof engage>) =>
      can(createUser(engage, row), "publish.post-now", { connections: ["fb"] });
    expect(smallest(users(engage), (row) => !mayPost(row))).toEqual({
      id: "ana",
      role: "admin",
      grants: { fb: { publish: "full-access" } },
    });
  });

  it("a group, to the one connection in it", () => {
    expect(smallest(groups(), ({ connections }) => connections.length === 0)).toEqual({ connections: ["fb"] });
    expect(smallest(groups(), ({ connections }) => !connections.includes("stranger"))).toEqual({
      connections: ["stranger"],
    });
  });

  it("an account, to the one user in it", () => {
    const found = smallest(matrices(engage), (input) => {
      return createMatrix(engage, input).usersFor("publish.edit", { connections: ["ig"] }).length === 0;
    });
    expect(found).toEqual({
      users: [{ id: "ana", role: "admin", grants: { ig: { publish: "needs-approval" } } }],
      connections: [],
    });
  });

  it("a history, to the events that it takes", () => {
    const found = smallest(histories(engage), ({ events }) => events.every(({ type }) => type !== "approve"));
    expect(found?.events.map(({ type }) => type)).toEqual(["submit", "approve"]);
    expect(found?.matrix.users).toHaveLength(2);
    expect(found?.events.map(({ at }) => at)).toEqual([undefined, undefined]);
    expect(found).not.toHaveProperty("standIns");
  });

  it("a policy, to few names, one role and one action with one clause", () => {
    const found = smallest(policies(), ({ actions }) =>
      Object.values(actions).every(({ target }) => target !== "group"),
    );
    expect(Object.keys(found?.areas ?? {}).length).toBeLessThanOrEqual(2);
    expect(Object.keys(found?.roles ?? {})).toHaveLength(1);
    const actions = Object.values(found?.actions ?? {});
    expect(actions).toHaveLength(1);
    expect(actions[0]?.target).toBe("group");
    expect(Array.isArray(actions[0]?.allow)).toBe(false);
  });
});
