import { describe, expect, it } from "vitest";
import {
  type ApprovalEvent,
  type ApprovalResult,
  availableEvents,
  draft,
  type Submission,
  transition,
} from "../../src/approval/index.js";
import { buffer, createMatrix, engage, type GrantInput, type GrantMatrix } from "../../src/index.js";
import { submissionSchema } from "../../src/schema/index.js";
import { define } from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import type { Approval } from "../support/reference-flow.js";
import type { Definition } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";

const approver = { publish: "view-only", approver: true } as const;
const full = { publish: "full-access" } as const;
const needs = { publish: "needs-approval" } as const;
const viewer = <Grant>(id: string, grants: Record<string, Grant>) => ({ id, role: "viewer" as const, grants });

const account = createMatrix(engage, {
  users: [
    viewer("ana", { fb: needs, ig: needs }),
    viewer<GrantInput<typeof engage>>("ben", { fb: approver, ig: approver }),
    viewer("cat", { fb: { ...full, approver: true }, ig: { ...full, approver: true } }),
    viewer("dan", { fb: full, ig: full }),
    viewer("eve", { fb: { publish: "view-only" }, ig: needs }),
  ],
  connections: ["fb", "ig", "x"],
});
const agency = createMatrix(buffer, {
  users: [
    { id: "ana", role: "member", grants: { fb: { posting: "approval-required" } } },
    { id: "ben", role: "member", grants: { fb: { posting: "full-posting" } } },
    { id: "olga", role: "owner" },
  ],
  connections: ["fb", "x"],
});

const post = (change: Partial<Submission> = {}): Submission => ({
  connections: ["fb", "ig"],
  author: "ana",
  status: "draft",
  steps: [],
  approvals: [],
  revision: 0,
  ...change,
});
const pending = post({ status: "pending", steps: [["ben"], ["cat", "ben"]] });
const half = post({ status: "pending", steps: [["ben"], ["cat", "ben"]], approvals: [{ by: "ben" }] });
const approved = post({ status: "approved", steps: [["ben"]], approvals: [{ by: "ben" }] });
const queued = { connections: ["fb"], status: "pending" } as const;

/** What an event comes to: the submission after it, or the reason and whom it is about. */
function told(result: ApprovalResult): Submission | string {
  if (result.ok) return result.submission;
  expect(isDeeplyFrozen(result)).toBe(true);
  return result.user === undefined ? result.reason : `${result.reason}: ${result.user}`;
}
const outcome = (before: Submission, event: ApprovalEvent, matrix: GrantMatrix<never> | typeof account = account) =>
  told(transition(matrix as typeof account, before, event));
const inBuffer = (before: Submission, event: ApprovalEvent) => told(transition(agency, before, event));

describe("draft", () => {
  it("E11: the author may select each of the connections, of which there is at least one", () => {
    const start = (author: string, ...connections: string[]) => told(draft(account, { author, connections }));
    expect(start("ana", "fb", "ig", "fb")).toEqual(post());
    expect(start("ana")).toBe("no-connections");
    expect(start("ana", "fb", "x")).toBe("not-allowed: ana");
    expect(start("eve", "fb", "ig")).toBe("not-allowed: eve");
    expect(start("zoe", "fb")).toBe("unknown-user: zoe");
    expect(start("cat", "ig")).toEqual(post({ author: "cat", connections: ["ig"] }));
  });

  it("B2: each connection is asked about as a group of one, where that is the action's target", () => {
    expect(told(draft(agency, { author: "ana", connections: ["fb"] }))).toEqual(post({ connections: ["fb"] }));
    const result = draft(agency, { author: "ana", connections: ["fb", "x"] });
    expect(told(result)).toBe("not-allowed: ana");
    expect(result.ok || result.decision?.target).toEqual({ connections: ["x"] });
  });
});

describe("submit", () => {
  const submit = (by: string, ...steps: string[][]): ApprovalEvent => ({ type: "submit", by, steps });

  it("E13: takes the submit right, from draft", () => {
    expect(outcome(post(), submit("ana", ["ben"]))).toEqual(post({ status: "pending", steps: [["ben"]] }));
    expect(outcome(post(), submit("dan", ["ben"], ["cat"]))).toEqual(
      post({ status: "pending", steps: [["ben"], ["cat"]] }),
    );
    expect(outcome(post(), submit("ben", ["cat"]))).toBe("not-allowed: ben");
    expect(outcome(post(), submit("eve", ["cat"]))).toBe("not-allowed: eve");
    for (const status of [pending, half, approved, post({ status: "released" })]) {
      expect(outcome(status, submit("ana", ["ben"]))).toBe("wrong-status");
    }
  });

  it("E13: takes from one step to as many as the policy has, and somebody in each", () => {
    expect(outcome(post(), submit("ana"))).toBe("wrong-steps");
    expect(outcome(post(), submit("ana", []))).toBe("wrong-steps");
    expect(outcome(post(), submit("ana", ["ben"], []))).toBe("wrong-steps");
    const five = Array.from({ length: 5 }, () => ["ben"]);
    expect(outcome(post(), submit("ana", ...five))).toEqual(post({ status: "pending", steps: five }));
    expect(outcome(post(), submit("ana", ...five, ["cat"]))).toBe("wrong-steps");
  });

  it("E15: everybody who is named may approve this group, and is not the author", () => {
    expect(outcome(post(), submit("ana", ["ben", "dan"]))).toBe("not-an-approver: dan");
    expect(outcome(post(), submit("ana", ["ben"], ["eve"]))).toBe("not-an-approver: eve");
    expect(outcome(post(), submit("ana", ["ben", "zoe"]))).toBe("unknown-user: zoe");
    expect(outcome(post({ author: "cat" }), submit("cat", ["cat"]))).toBe("is-author: cat");
    const result = transition(account, post(), submit("ana", ["dan"]));
    expect(result.ok || result.decision).toMatchObject({ action: "publish.approve", reason: "flag-missing" });
  });

  it("B8: where anyone will do nobody is named, and somebody else who may approve is there", () => {
    const before = post({ connections: ["fb"] });
    expect(inBuffer(before, submit("ana"))).toEqual(post(queued));
    expect(inBuffer(before, submit("ana", ["ben"]))).toBe("wrong-steps");
    expect(inBuffer(before, submit("ben"))).toBe("not-allowed: ben");
    const alone = agency.removeUser("ben").removeUser("olga");
    expect(told(transition(alone, before, submit("ana")))).toBe("no-approver");
    // The author was promoted since, and another member asks for approval: the author does not count.
    const promoted = alone
      .assign("ana", "fb", { posting: "full-posting" })
      .putUser({ id: "mia", role: "member", grants: { fb: { posting: "approval-required" } } });
    expect(told(transition(promoted, before, submit("mia")))).toBe("no-approver");
  });
});

describe("approve and reject", () => {
  const approve = (by: string, revision = 0): ApprovalEvent => ({ type: "approve", by, revision });
  const reject = (by: string, revision = 0): ApprovalEvent => ({ type: "reject", by, revision });

  it("E15: are for those named in the step whose turn it is", () => {
    expect(outcome(pending, approve("ben"))).toEqual(half);
    expect(outcome(pending, approve("cat"))).toBe("not-asked: cat");
    expect(outcome(pending, reject("cat"))).toBe("not-asked: cat");
    expect(outcome(half, approve("cat"))).toEqual({
      ...half,
      status: "approved",
      approvals: [{ by: "ben" }, { by: "cat" }],
    });
    expect(outcome(half, reject("cat"))).toEqual(post());
    expect(outcome(pending, reject("ben"))).toEqual(post());
  });

  it("E15: take the right now, not when it was asked for", () => {
    const demoted = account.assign("ben", "ig", { publish: "view-only" });
    expect(outcome(pending, approve("ben"), demoted)).toBe("not-allowed: ben");
    expect(outcome(pending, reject("ben"), demoted)).toBe("not-allowed: ben");
    expect(outcome(pending, approve("ben"), account.removeUser("ben"))).toBe("unknown-user: ben");
  });

  it("are on the current revision, and while pending", () => {
    expect(outcome({ ...pending, revision: 3 }, approve("ben", 3))).toEqual({ ...half, revision: 3 });
    expect(outcome({ ...pending, revision: 3 }, approve("ben", 2))).toBe("stale-revision");
    expect(outcome({ ...pending, revision: 3 }, reject("ben", 4))).toBe("stale-revision");
    for (const status of [post(), approved, post({ status: "released" })]) {
      expect(outcome(status, approve("ben"))).toBe("wrong-status");
      expect(outcome(status, reject("ben"))).toBe("wrong-status");
    }
  });

  it("are for the same people: to reject takes both rights", () => {
    const definition = JSON.parse(JSON.stringify(engage));
    definition.actions["publish.reject"].allow = { area: "publish", level: "full-access" };
    const strict = createMatrix(define(definition), JSON.parse(JSON.stringify(account)));
    expect(told(transition(strict, pending, reject("ben")))).toBe("not-allowed: ben");
    expect(told(transition(strict, pending, approve("ben")))).toEqual(half);
    expect(told(transition(strict, half, reject("cat")))).toEqual(post());
    // Dan holds full access and so the right to reject here, but is no approver: the draft would be his to release.
    const waiting = post({ status: "pending", steps: [["dan"]] });
    expect(told(transition(strict, waiting, reject("dan")))).toBe("not-allowed: dan");
  });

  it("B3: by anyone with the right, where anyone will do, and never by the author", () => {
    const waiting = post(queued);
    expect(inBuffer(waiting, approve("olga"))).toEqual({ ...waiting, status: "approved", approvals: [{ by: "olga" }] });
    expect(inBuffer(waiting, approve("ana"))).toBe("is-author: ana");
    expect(inBuffer({ ...waiting, author: "ben" }, approve("ben"))).toBe("is-author: ben");
    expect(inBuffer({ ...waiting, author: "ben" }, reject("ben"))).toBe("is-author: ben");
    expect(inBuffer({ ...waiting, author: "ben" }, approve("ana"))).toBe("not-allowed: ana");
    expect(inBuffer(waiting, reject("ben"))).toEqual(post({ connections: ["fb"] }));
  });
});

describe("withdraw", () => {
  it("is the author's alone, while pending, with or without a right", () => {
    expect(outcome(half, { type: "withdraw", by: "ana" })).toEqual(post());
    expect(outcome(half, { type: "withdraw", by: "ana" }, account.revoke("ana", "fb"))).toEqual(post());
    for (const by of ["ben", "cat", "dan"]) expect(outcome(half, { type: "withdraw", by })).toBe(`not-author: ${by}`);
    expect(outcome(half, { type: "withdraw", by: "zoe" })).toBe("unknown-user: zoe");
    expect(outcome(approved, { type: "withdraw", by: "ana" })).toBe("wrong-status");
  });
});

describe("edit", () => {
  const edit = (by: string, ...connections: string[]): ApprovalEvent =>
    connections.length > 0 ? { type: "edit", by, connections } : { type: "edit", by };

  it("E13: takes the edit right on the group as it was and as it becomes", () => {
    expect(outcome(post(), edit("ana"))).toEqual(post({ revision: 1 }));
    expect(outcome(post(), edit("dan", "ig", "ig"))).toEqual(post({ connections: ["ig"], revision: 1 }));
    expect(outcome(post(), edit("eve"))).toBe("not-allowed: eve");
    expect(outcome(post(), edit("eve", "ig"))).toBe("not-allowed: eve");
    expect(outcome(post({ connections: ["ig"] }), edit("eve", "fb"))).toBe("not-allowed: eve");
    expect(outcome(post(), { type: "edit", by: "ana", connections: [] })).toBe("no-connections");
    // What was there may stay, though it could not be added.
    const now = account.assign("dan", "x", { publish: "full-access" });
    expect(outcome(post(), edit("dan", "ig", "x"), now)).toEqual(post({ connections: ["ig", "x"], revision: 1 }));
  });

  it("E11: takes the right to select each connection that is added", () => {
    const definition = JSON.parse(JSON.stringify(engage));
    definition.actions["publish.select"].allow = { area: "publish", level: "full-access" };
    const strict = createMatrix(define(definition), JSON.parse(JSON.stringify(account)));
    const event = { type: "edit", by: "ana", connections: ["fb", "ig"] } as const;
    expect(told(transition(strict, post(), event))).toEqual(post({ revision: 1 }));
    expect(told(transition(strict, post({ connections: ["fb"] }), event))).toBe("not-allowed: ana");
  });

  it("takes the edit right on the group as it becomes, also where more may be selected than edited", () => {
    const definition = JSON.parse(JSON.stringify(engage));
    definition.actions["publish.select"].allow = { area: "publish", level: "view-only" };
    const loose = createMatrix(define(definition), JSON.parse(JSON.stringify(account)));
    const event = { type: "edit", by: "eve", connections: ["ig", "fb"] } as const;
    expect(told(transition(loose, post({ connections: ["ig"] }), event))).toBe("not-allowed: eve");
    expect(told(transition(loose, post({ connections: ["ig"] }), { ...event, by: "ana" }))).toMatchObject({
      revision: 1,
    });
  });

  it("while pending is the author's, and makes it a draft again", () => {
    expect(outcome(half, edit("ana"))).toEqual(post({ revision: 1 }));
    expect(outcome(half, edit("dan"))).toBe("not-asked: dan");
  });

  it("while pending is for whoever could approve now, and the first step is asked again", () => {
    expect(outcome(half, edit("cat", "fb"))).toEqual({ ...pending, connections: ["fb"], revision: 1 });
    expect(outcome(pending, edit("cat"))).toBe("not-asked: cat");
    // E13: an approver at view-only approves and does not edit.
    expect(outcome(pending, edit("ben"))).toBe("not-allowed: ben");
    const clerk = account.assign("cat", "ig", { publish: "full-access" });
    expect(outcome(half, edit("cat"), clerk)).toBe("not-allowed: cat");
  });

  it("B3: whoever may approve edits and then approves", () => {
    const edited = inBuffer(post(queued), edit("ben"));
    expect(edited).toEqual(post({ ...queued, revision: 1 }));
    expect(inBuffer(edited as Submission, { type: "approve", by: "ben", revision: 0 })).toBe("stale-revision");
    expect(inBuffer(edited as Submission, { type: "approve", by: "ben", revision: 1 })).toMatchObject({
      status: "approved",
    });
  });

  it("that nobody could count is refused, and zero is zero", () => {
    const most = post({ revision: Number.MAX_SAFE_INTEGER });
    expect(outcome(most, edit("ana"))).toBe("stale-revision");
    expect(availableEvents(account, most, "ana")).toEqual(["submit"]);
    expect(outcome({ ...most, revision: most.revision - 1 }, edit("ana"))).toEqual(most);
    expect(outcome(post({ revision: -0 }), { type: "submit", by: "ana", steps: [["ben"]] })).toHaveProperty(
      "revision",
      0,
    );
  });

  it("of what was approved makes it a draft again; of what was released there is none", () => {
    expect(outcome(approved, edit("dan"))).toEqual(post({ revision: 1 }));
    expect(outcome(post({ status: "released" }), edit("dan"))).toBe("wrong-status");
  });
});

describe("reassign", () => {
  const reassign = (by: string, ...steps: string[][]): ApprovalEvent => ({ type: "reassign", by, steps });

  it("is for the author, or whoever may submit, while pending", () => {
    expect(outcome(pending, reassign("ana", ["cat"]))).toEqual({ ...pending, steps: [["cat"]] });
    expect(outcome(pending, reassign("dan", ["cat"]))).toEqual({ ...pending, steps: [["cat"]] });
    expect(outcome(pending, reassign("ana", ["cat"]), account.revoke("ana", "fb"))).toEqual({
      ...pending,
      steps: [["cat"]],
    });
    expect(outcome(pending, reassign("ben", ["cat"]))).toBe("not-allowed: ben");
    expect(outcome(approved, reassign("ana", ["cat"]))).toBe("wrong-status");
    expect(outcome(post(), reassign("ana", ["cat"]))).toBe("wrong-status");
  });

  it("begins with the steps that were passed, as they are, and has one more at least", () => {
    expect(outcome(half, reassign("ana", ["ben"], ["cat"]))).toEqual({ ...half, steps: [["ben"], ["cat"]] });
    expect(outcome(half, reassign("ana", ["ben"]))).toBe("wrong-steps");
    expect(outcome(half, reassign("ana", ["cat"], ["ben"]))).toBe("wrong-steps");
    expect(outcome(half, reassign("ana", ["ben", "cat"], ["cat"]))).toBe("wrong-steps");
    // Whoever approved and was demoted since is no obstacle here; the release will ask again.
    const demoted = account.revoke("ben", "fb");
    expect(outcome(half, reassign("ana", ["ben"], ["cat"]), demoted)).toEqual({ ...half, steps: [["ben"], ["cat"]] });
  });

  it("obeys the rules of submitting", () => {
    expect(outcome(pending, reassign("ana", ["dan"]))).toBe("not-an-approver: dan");
    expect(outcome(pending, reassign("ana", []))).toBe("wrong-steps");
    expect(outcome(pending, reassign("ana", ...Array.from({ length: 6 }, () => ["ben"])))).toBe("wrong-steps");
    expect(outcome({ ...pending, author: "dan" }, reassign("dan", ["dan"]))).toBe("is-author: dan");
  });

  it("is not for policies where anyone will do", () => {
    expect(inBuffer(post(queued), reassign("ana"))).toBe("wrong-steps");
  });
});

describe("release", () => {
  const release = (by: string, revision = 0): ApprovalEvent => ({ type: "release", by, revision });
  const autoRelease = (revision = 0): ApprovalEvent => ({ type: "auto-release", revision });

  it("E17: from draft is for whoever holds the release right, and nobody else", () => {
    expect(outcome(post(), release("dan"))).toEqual(post({ status: "released" }));
    expect(outcome(post(), release("ana"))).toBe("not-allowed: ana");
    expect(inBuffer(post({ connections: ["fb"] }), release("olga"))).toMatchObject({ status: "released" });
    expect(inBuffer(post({ connections: ["fb"] }), release("ana"))).toBe("not-allowed: ana");
  });

  it("of what is pending is nobody's, nor of what was released", () => {
    for (const event of [autoRelease(), ...["ana", "ben", "cat", "dan"].map((by) => release(by))]) {
      for (const before of [pending, half, post({ status: "released" })]) {
        expect(outcome(before, event)).toBe("wrong-status");
      }
      expect(inBuffer(post(queued), event)).toBe("wrong-status");
    }
  });

  it("an application itself releases approved posts only: a draft is released by a user who holds the release right", () => {
    for (const before of [post(), post({ author: "dan" }), post({ connections: ["fb"], author: "cat" })]) {
      expect(outcome(before, autoRelease())).toBe("wrong-status");
    }
    expect(inBuffer(post({ connections: ["fb"], author: "olga" }), autoRelease())).toBe("wrong-status");
  });

  it("B4: an approved post is released by the application itself, or by a user who holds the release right", () => {
    const out = { ...approved, status: "released" };
    expect(outcome(approved, autoRelease())).toEqual(out);
    expect(outcome(approved, release("dan"))).toEqual(out);
    expect(outcome(approved, release("ana"))).toBe("not-allowed: ana");
    expect(outcome(approved, release("zoe"))).toBe("unknown-user: zoe");
    expect(outcome(approved, autoRelease(1))).toBe("stale-revision");
  });

  it("E15: asks for every approval again, and names whose has lapsed", () => {
    const both = { ...half, status: "approved", approvals: [{ by: "ben" }, { by: "cat" }] } as const;
    expect(outcome(both, autoRelease())).toMatchObject({ status: "released" });
    for (const [user, matrix] of [
      ["ben", account.assign("ben", "ig", { publish: "view-only" })],
      ["cat", account.revoke("cat", "fb")],
      ["cat", account.removeUser("cat")],
    ] as const) {
      expect(outcome(both, autoRelease(), matrix)).toBe(`approval-lapsed: ${user}`);
      expect(outcome(both, release("dan"), matrix)).toBe(`approval-lapsed: ${user}`);
    }
    const lapsed = transition(account.revoke("cat", "fb"), both, autoRelease());
    expect(lapsed.ok || lapsed.decision).toMatchObject({
      action: "publish.approve",
      user: "cat",
      reason: "flag-missing",
    });
    const gone = transition(account.removeUser("cat"), both, autoRelease());
    expect(gone).toEqual({ ok: false, reason: "approval-lapsed", user: "cat" });
  });
});

describe("where authors may approve", () => {
  const change = (policy: unknown, approval: Partial<Approval>) => {
    const definition = JSON.parse(JSON.stringify(policy)) as Definition & { approval: Approval };
    return define({ ...definition, approval: { ...definition.approval, ...approval } });
  };

  it("they are asked and approve like others", () => {
    const matrix = createMatrix(change(engage, { authorMayApprove: true }), JSON.parse(JSON.stringify(account)));
    const own = post({ author: "cat" });
    const waiting = told(transition(matrix, own, { type: "submit", by: "cat", steps: [["cat"]] }));
    expect(waiting).toMatchObject({ status: "pending" });
    expect(told(transition(matrix, waiting as Submission, { type: "approve", by: "cat", revision: 0 }))).toMatchObject({
      status: "approved",
    });
    const open = createMatrix(change(buffer, { authorMayApprove: true }), JSON.parse(JSON.stringify(agency)));
    const asked = post({ ...queued, author: "ben" });
    // Ben is the author and may approve, but somebody else must be there who may.
    const submit = { type: "submit", by: "ana", steps: [] } as const;
    const draftOfBen = post({ connections: ["fb"], author: "ben" });
    expect(told(transition(open, draftOfBen, submit))).toMatchObject({ status: "pending" });
    expect(told(transition(open.removeUser("olga"), draftOfBen, submit))).toBe("no-approver");
    expect(told(transition(open, asked, { type: "approve", by: "ben", revision: 0 }))).toMatchObject({
      status: "approved",
    });
  });
});

describe("availableEvents", () => {
  it("are the buttons of a user, none for somebody unknown", () => {
    const buttons = (before: Submission, matrix = account) =>
      Object.fromEntries(
        ["ana", "ben", "cat", "dan", "zoe"].map((user) => [user, availableEvents(matrix, before, user)]),
      );
    expect(buttons(post())).toEqual({
      ana: ["submit", "edit"],
      ben: [],
      cat: ["submit", "edit", "release"],
      dan: ["submit", "edit", "release"],
      zoe: [],
    });
    expect(buttons(half)).toEqual({
      ana: ["withdraw", "edit", "reassign"],
      ben: ["approve", "reject"],
      cat: ["approve", "reject", "edit", "reassign"],
      dan: ["reassign"],
      zoe: [],
    });
    expect(buttons(approved)).toEqual({
      ana: ["edit"],
      ben: [],
      cat: ["edit", "release"],
      dan: ["edit", "release"],
      zoe: [],
    });
    const nobody = account.removeUser("ben").removeUser("cat");
    expect(buttons(post(), nobody).ana).toEqual(["edit"]);
    expect(isDeeplyFrozen(availableEvents(account, post(), "ana"))).toBe(true);
    // The author comes first among those who may approve, and somebody else can be asked.
    const leading = createMatrix(engage, {
      users: ["ana", "ben"].map((id) => viewer(id, { fb: { ...full, approver: true } })),
    });
    expect(availableEvents(leading, post({ connections: ["fb"] }), "ana")).toContain("submit");
  });

  it("have reassign where other steps would do: those that are asked no more, or are as many as there may be", () => {
    const demoted = account.revoke("ben", "fb");
    expect(availableEvents(demoted, post({ status: "pending", steps: [["ben"]] }), "ana")).toContain("reassign");
    const most = post({ status: "pending", steps: Array.from({ length: engage.approval.steps }, () => ["ben"]) });
    expect(availableEvents(account, most, "ana")).toContain("reassign");
  });
});

describe("what is no event, no submission or no matrix is an error, with its path", () => {
  const loosely = transition as (...call: unknown[]) => unknown;

  const oneOfThem =
    'expected "submit", "approve", "reject", "withdraw", "edit", "reassign", "release" or "auto-release"';

  it.each<[what: string, message: string, event: unknown, ...path: (string | number)[]]>([
    ["no object", '"submit" is not accepted; expected a plain object', "submit"],
    ["no type", `undefined is not accepted; ${oneOfThem}`, { by: "ana" }, "type"],
    ["an unknown type", `"publish" is not accepted; ${oneOfThem}`, { type: "publish", by: "ana" }, "type"],
    ["an inherited type", `"constructor" is not accepted; ${oneOfThem}`, { type: "constructor", by: "ana" }, "type"],
    ["nobody", "undefined is not a user id; expected a string", { type: "withdraw" }, "by"],
    ["somebody who is no string", "5 is not a user id; expected a string", { type: "withdraw", by: 5 }, "by"],
    ["no steps", "undefined is not accepted; expected an array", { type: "submit", by: "ana" }, "steps"],
    [
      "steps that are no lists",
      '"ben" is not accepted; expected an array',
      { type: "submit", by: "ana", steps: ["ben"] },
      "steps",
      0,
    ],
    [
      "a step of no strings",
      "5 is not accepted; expected a string",
      { type: "reassign", by: "ana", steps: [[5]] },
      "steps",
      0,
      0,
    ],
    ["no revision", "undefined is not a revision; expected a whole number", { type: "approve", by: "ben" }, "revision"],
    [
      "a release of no revision",
      "undefined is not a revision; expected a whole number",
      { type: "release", by: "dan" },
      "revision",
    ],
    [
      "a release by the application of no revision",
      "undefined is not a revision; expected a whole number",
      { type: "auto-release" },
      "revision",
    ],
    ["a release of nobody", "undefined is not a user id; expected a string", { type: "release", revision: 0 }, "by"],
    [
      "a release of a user who was not found",
      "undefined is not a user id; expected a string",
      { type: "release", by: undefined, revision: 0 },
      "by",
    ],
    [
      "a release by the application of somebody",
      'unknown key "by"; expected "type", "revision" or "at"',
      { type: "auto-release", by: "ana", revision: 0 },
      "by",
    ],
    [
      "half a revision",
      "0.5 is not a revision; expected a whole number",
      { type: "reject", by: "ben", revision: 0.5 },
      "revision",
    ],
    [
      "a negative revision",
      "-1 is not a revision; expected a whole number",
      { type: "auto-release", revision: -1 },
      "revision",
    ],
    [
      "connections that are no list",
      '"fb" is not accepted; expected an array',
      { type: "edit", by: "ana", connections: "fb" },
      "connections",
    ],
    [
      "an unknown key",
      'unknown key "revision"; expected "type", "by" or "at"',
      { type: "withdraw", by: "ana", revision: 0 },
      "revision",
    ],
    [
      "a misspelt key",
      'unknown key "conections"; expected "type", "by", "connections" or "at"',
      { type: "edit", by: "ana", conections: ["fb"] },
      "conections",
    ],
  ])("%s", (_, message, event, ...path) => {
    const error = refusal(() => loosely(account, post(), event));
    expect(error).toMatchObject({ code: "invalid-event", ...(path.length > 0 && { path }) });
    expect(error.message.replace(/ \(at .*\)$/, "")).toBe(message);
  });

  it("what every object inherits is no part of an event", () => {
    Object.defineProperty(Object.prototype, "revision", { value: 7, configurable: true });
    try {
      expect(outcome(pending, { type: "withdraw", by: "ana" })).toEqual(post());
      expect(outcome(pending, { type: "approve", by: "ben", revision: 0 })).toHaveProperty("approvals", [
        { by: "ben" },
      ]);
    } finally {
      Reflect.deleteProperty(Object.prototype, "revision");
    }
  });

  it("an event is read once: what a getter says later counts nowhere", () => {
    let reads = 0;
    const changing = {
      get type() {
        return reads++ === 0 ? "edit" : "withdraw";
      },
      by: "dan",
    } as ApprovalEvent;
    expect(outcome(post(), changing)).toEqual(post({ revision: 1 }));
    expect(reads).toBe(1);
  });

  const broken: [what: string, message: string, submission: object, ...path: (string | number)[]][] = [
    [
      "approved with too few approvals",
      "the number of approvals is 0 and it is approved; expected 1",
      { ...approved, approvals: [] },
      "approvals",
    ],
    [
      "approved with too many",
      "the number of approvals is 2 and it is approved; expected 1",
      { ...approved, approvals: [{ by: "ben" }, { by: "ben" }] },
      "approvals",
    ],
    [
      "approved without steps",
      "the number of steps is 0; expected 1 to 5",
      { ...approved, steps: [], approvals: [] },
      "steps",
    ],
    [
      "approved by somebody who was not asked",
      '"cat" was not asked; expected one of the step',
      { ...approved, approvals: [{ by: "cat" }] },
      "approvals",
      0,
      "by",
    ],
    [
      "approved by the author",
      'the author "ben" is asked; expected others',
      { ...approved, author: "ben" },
      "steps",
      0,
    ],
    [
      "pending with all approvals",
      "the number of approvals is 1 and it is pending; expected fewer than 1",
      { ...approved, status: "pending" },
      "approvals",
    ],
    ["pending without steps", "the number of steps is 0; expected 1 to 5", post({ status: "pending" }), "steps"],
    [
      "pending with more steps than the policy has",
      "the number of steps is 6; expected 1 to 5",
      { ...pending, steps: Array(6).fill(["ben"]) },
      "steps",
    ],
    [
      "pending with an empty step",
      "nobody is asked; expected at least one user",
      { ...pending, steps: [["ben"], []] },
      "steps",
      1,
    ],
    [
      "a draft with steps",
      "a draft that was submitted; expected neither steps nor approvals, and no deadline",
      post({ steps: [["ben"]] }),
      "status",
    ],
    [
      "a draft with approvals",
      "a draft that was submitted; expected neither steps nor approvals, and no deadline",
      post({ approvals: [{ by: "ben" }] }),
      "status",
    ],
    [
      "released with too few approvals",
      "the number of approvals is 1 and it is released; expected 2",
      { ...half, status: "released" },
      "approvals",
    ],
    [
      "an unknown status",
      '"published" is not accepted; expected "draft", "pending", "approved" or "released"',
      { ...post(), status: "published" },
      "status",
    ],
    [
      "an unknown field",
      'unknown key "approvedAt"; expected "connections", "author", "status", "steps", "approvals", "revision", "expires" or "editors"',
      { ...post(), approvedAt: 5 },
      "approvedAt",
    ],
    [
      "a missing field",
      "undefined is not a revision; expected a whole number",
      { ...post(), revision: undefined },
      "revision",
    ],
    ["a negative revision", "-1 is not a revision; expected a whole number", post({ revision: -1 }), "revision"],
    ["no connection", "no connection; expected at least one", post({ connections: [] }), "connections"],
    ["an author who is no string", "5 is not a user id; expected a string", { ...post(), author: 5 }, "author"],
    [
      "an approval by nobody",
      "5 is not a user id; expected a string",
      { ...approved, approvals: [{ by: 5 }] },
      "approvals",
      0,
      "by",
    ],
    [
      "an approval with more in it",
      'unknown key "at"; expected "by" or "for"',
      { ...approved, approvals: [{ by: "ben", at: 1 }] },
      "approvals",
      0,
      "at",
    ],
  ];

  it.each(broken)("%s", (_, message, submission, ...path) => {
    const error = refusal(() => loosely(account, submission, { type: "withdraw", by: "ana" }));
    expect(error).toMatchObject({ code: "invalid-submission", path });
    expect(refusal(() => availableEvents(account, submission as Submission, "ana"))).toEqual(error);
    const issue = submissionSchema(engage).safeParse(submission).error?.issues[0];
    expect(issue).toMatchObject({ path, message, params: { code: "invalid-submission" } });
    expect(error.message.replace(/ \(at .*\)$/, "")).toBe(message);
  });

  it("in Buffer: steps, two approvals, or the author's own", () => {
    const one = { ...post(queued), status: "approved" };
    const ben = { by: "ben" };
    const cases: [submission: object, message: string][] = [
      [{ ...one, steps: [["ben"]], approvals: [ben] }, 'the number of steps is 1; expected 0 (at "steps")'],
      [{ ...one, approvals: [] }, 'the number of approvals is 0 and it is approved; expected 1 (at "approvals")'],
      [
        { ...one, approvals: [ben, { by: "olga" }] },
        'the number of approvals is 2 and it is approved; expected 1 (at "approvals")',
      ],
      [
        { ...one, approvals: [{ by: "ana" }] },
        'the author "ana" approved; expected another (at "approvals" > 0 > "by")',
      ],
      [
        { ...post(queued), approvals: [ben] },
        'the number of approvals is 1 and it is pending; expected fewer than 1 (at "approvals")',
      ],
    ];
    for (const [submission, message] of cases) {
      expect(refusal(() => loosely(agency, submission, { type: "withdraw", by: "ana" })).message).toBe(message);
    }
  });

  it("an approval too many is one fault: nobody can have been asked for it", () => {
    const { error } = submissionSchema(engage).safeParse({ ...approved, approvals: [{ by: "ben" }, { by: "cat" }] });
    expect(error?.issues.map(({ path }) => path)).toEqual([["approvals"]]);
  });

  it("a look-alike of a matrix, a policy without the flow, an author or a user that is no string", () => {
    const copy = { ...account };
    expect(refusal(() => transition(copy, post(), { type: "edit", by: "ana" }))).toEqual({
      code: "invalid-matrix",
      message: "an object is not a matrix; expected what createMatrix returns",
    });
    const { approval: _, ...rest } = JSON.parse(JSON.stringify(engage));
    const without = createMatrix(define(rest), { users: [] });
    expect(refusal(() => draft(without, { author: "ana", connections: ["fb"] }))).toEqual({
      code: "invalid-policy",
      message: "a policy without approval; expected one that defines its approval flow",
    });
    expect(refusal(() => submissionSchema(define(rest))).code).toBe("invalid-policy");
    expect(refusal(() => draft(account, { author: 5, connections: [] } as never))).toEqual({
      code: "invalid-submission",
      message: '5 is not a user id; expected a string (at "author")',
      path: ["author"],
    });
    expect(refusal(() => draft(account, { author: "ana", connections: "fb" } as never))).toEqual({
      code: "invalid-submission",
      message: '"fb" is not accepted; expected an array (at "connections")',
      path: ["connections"],
    });
    expect(refusal(() => availableEvents(account, post(), 5 as never))).toEqual({
      code: "invalid-event",
      message: '5 is not a user id; expected a string (at "by")',
      path: ["by"],
    });
  });

  it("every fault of a stored submission is an issue of its schema", () => {
    const stored = {
      connections: ["fb", 5],
      author: null,
      status: "sent",
      steps: [["ben"], [1]],
      revision: "1",
      more: 1,
    };
    expect(
      submissionSchema(engage)
        .safeParse(stored)
        .error?.issues.map(({ path }) => path.join(".")),
    ).toEqual([...["more", "connections.1", "author", "status", "steps.1.0", "approvals", "revision"]]);
    expect(submissionSchema(engage).parse(half)).toEqual(half);
  });
});
