import { describe, expect, it } from "vitest";
import {
  approversFor,
  availableEvents,
  draft,
  inbox,
  type Submission,
  timeline,
  transition,
} from "../../src/approval/index.js";
import { createMatrix, definePolicy, PolicyError } from "../../src/index.js";
import { define } from "../support/arbitraries.js";

// A policy may say whose post an action is for. The flow knows the author, and nobody else's relation to a post.

const suite = definePolicy({
  name: "suite",
  levels: ["none", "draft", "full"],
  areas: { publish: { levels: ["none", "draft", "full"], flags: { approver: ["draft", "full"] } } },
  roles: { member: {} },
  relations: ["author"],
  actions: {
    select: { target: "connection", allow: { area: "publish", level: "draft" } },
    submit: { target: "group", allow: { area: "publish", level: "draft" } },
    edit: {
      target: "group",
      allow: [
        { area: "publish", level: "draft", is: "author" },
        { area: "publish", level: "full" },
      ],
    },
    approve: { target: "group", allow: { area: "publish", every: "approver", isNot: "author" } },
    release: { target: "group", allow: { area: "publish", level: "full" } },
  },
  approval: {
    ...{ select: "select", submit: "submit", edit: "edit", approve: "approve", reject: "approve", release: "release" },
    ...{ approvers: "named", steps: 2, authorMayApprove: true },
  },
});
const grants = (publish: "draft" | "full", approver: boolean) => ({ fb: { publish, approver } });
const account = createMatrix(suite, {
  users: [
    { id: "ana", role: "member", grants: grants("draft", true) },
    { id: "ben", role: "member", grants: grants("draft", true) },
    { id: "cat", role: "member", grants: grants("draft", false) },
    { id: "eve", role: "member", grants: grants("full", false) },
  ],
});

function draftOf(author: string): Submission {
  const result = draft(account, { author, connections: ["fb"] });
  if (!result.ok) throw new Error(result.reason);
  return result.submission;
}

function pendingOf(author: string, ...steps: string[][]): Submission {
  const result = transition(account, draftOf(author), { type: "submit", by: author, steps });
  if (!result.ok) throw new Error(result.reason);
  return result.submission;
}

describe("approve, but never one's own", () => {
  it("the same user approves what others wrote, and is not asked for what they wrote themselves", () => {
    expect(transition(account, pendingOf("ben", ["ana"]), { type: "approve", by: "ana", revision: 0 }).ok).toBe(true);
    expect(transition(account, draftOf("ana"), { type: "submit", by: "ana", steps: [["ben"], ["ana"]] })).toMatchObject(
      {
        reason: "not-an-approver",
        user: "ana",
        decision: { reason: "relation-excluded", relations: ["author"] },
      },
    );
  });

  it("is what the drop-down, the buttons, the inbox and the timeline say", () => {
    const named = (author: string) => approversFor(account, pendingOf(author, ["ben"])).map(({ user }) => user);
    expect([named("cat"), named("ana")]).toEqual([["ana", "ben"], ["ben"]]);
    // As it would be stored if the policy had said less when it was submitted.
    const own: Submission = { ...pendingOf("ana", ["ben"]), steps: [["ana", "ben"]] };
    const others = pendingOf("cat", ["ana", "ben"]);
    expect(availableEvents(account, own, "ana")).toEqual(["withdraw", "edit", "reassign"]);
    expect(availableEvents(account, others, "ana")).toEqual(["approve", "reject", "reassign"]);
    expect(inbox(account, [own, others], "ana")).toEqual([{ index: 1, step: 0, events: ["approve", "reject"] }]);
    expect(timeline(others, suite).steps[0]?.awaited).toEqual(["ana", "ben"]);
    for (const type of ["approve", "reject"] as const) {
      expect(transition(account, own, { type, by: "ana", revision: 0 })).toMatchObject({
        reason: "not-allowed",
        user: "ana",
        decision: { reason: "relation-excluded", relations: ["author"] },
      });
    }
  });

  it("holds for a stand-in, and for an approval that was given when the policy said less", () => {
    const standIns = [{ for: "ben", by: "cat" }];
    const own = pendingOf("cat", ["ben"]);
    expect(transition(account, own, { type: "approve", by: "cat", revision: 0 }, { standIns }).ok).toBe(false);
    const stored: Submission = { ...draftOf("ana"), status: "approved", steps: [["ana"]], approvals: [{ by: "ana" }] };
    expect(transition(account, stored, { type: "release", by: "eve", revision: 0 })).toMatchObject({
      reason: "approval-lapsed",
      user: "ana",
      decision: { reason: "relation-excluded" },
    });
  });
});

describe("edit own drafts only", () => {
  it("whoever may draft edits what they wrote, and somebody with full access all", () => {
    const own = draftOf("cat");
    const edits = ["ana", "cat", "eve"].map((by) => transition(account, own, { type: "edit", by }).ok);
    expect(edits).toEqual([false, true, true]);
    expect(["ana", "cat", "eve"].map((user) => availableEvents(account, own, user).includes("edit"))).toEqual(edits);
    expect(transition(account, own, { type: "edit", by: "ana", connections: ["fb"] })).toMatchObject({
      reason: "not-allowed",
      user: "ana",
      decision: { reason: "level-too-low", blockers: [{ connection: "fb", needs: { publish: "full" } }] },
    });
  });

  it("a denial for want of being the author says so", () => {
    const edit = { target: "group", allow: { area: "publish", level: "draft", is: "author" } };
    const strict = define({ ...suite, actions: { ...suite.actions, edit } });
    const same = createMatrix(strict, JSON.parse(JSON.stringify(account)));
    expect(transition(same, draftOf("cat"), { type: "edit", by: "eve" })).toMatchObject({
      reason: "not-allowed",
      decision: { reason: "relation-required", relations: ["author"], blockers: [] },
    });
    expect(availableEvents(same, draftOf("cat"), "eve")).toEqual(["submit", "release"]);
  });
});

describe("the flow knows the author, and nobody else's relation to a post", () => {
  const about = (right: string, given: unknown, ...asked: object[]) => {
    const clauses = asked.map((each) => ({ area: "publish", level: "draft", ...each }));
    const actions = { ...suite.actions, special: { target: "group", allow: clauses } };
    const approval = { ...suite.approval, [right]: given };
    return () => define({ ...suite, relations: ["author", "assignee"], actions, approval });
  };
  const faultOf = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      if (error instanceof PolicyError) return [error.code, error.path?.join("."), error.message];
    }
    return undefined;
  };

  it.each(["select", "submit", "edit", "approve", "reject", "release"])(
    "%s may ask whether somebody is the author, and of no other relation",
    (right) => {
      for (const key of ["is", "isNot"]) {
        expect(about(right, "special", { [key]: "author" })).not.toThrow();
        expect(faultOf(about(right, "special", { [key]: ["author"] }, { [key]: ["author", "assignee"] }))).toEqual([
          "invalid-policy",
          `approval.${right}`,
          `"special" asks for the relation "assignee"; expected "author", or no relation (at "approval" > "${right}")`,
        ]);
      }
    },
  );

  it("also of a list of actions that approve, step by step", () => {
    expect(about("approve", ["special", "approve"], { isNot: "author" })).not.toThrow();
    expect(faultOf(about("approve", ["approve", "special"], { isNot: "assignee" }))?.slice(0, 2)).toEqual([
      "invalid-policy",
      "approval.approve.1",
    ]);
  });

  it("an action that the flow does not ask may have any relation", () => {
    expect(about("approve", "approve", { is: "assignee" })).not.toThrow();
  });
});
