import { describe, expect, it } from "vitest";
import { availableEvents, type Submission } from "../../src/approval/index.js";
import { engage } from "../../src/index.js";
import { submissionSchema } from "../../src/schema/index.js";
import { account, post, send, under } from "../support/approval-people.js";
import { refusal } from "../support/refusal.js";

const twoOfThree = { of: ["ben", "cy", "lea"], needs: 2 };
const pending = (change: Partial<Submission>) => post({ status: "pending", ...change });

describe("a step with a number", () => {
  const waiting = pending({ steps: [twoOfThree, ["cat"]] });
  const half = pending({ steps: [twoOfThree, ["cat"]], approvals: [{ by: "lea" }] });

  it("is stored as it was submitted: a plain list as a list, and without a number as one that needs one", () => {
    const steps = [["ben"], { of: ["cy", "lea"] }, twoOfThree];
    expect(send(post(), { type: "submit", by: "ana", steps })).toEqual(
      pending({ steps: [["ben"], { of: ["cy", "lea"], needs: 1 }, twoOfThree] }),
    );
  });

  it("is passed by as many different users as it needs, in any order", () => {
    expect(send(waiting, { type: "approve", by: "lea", revision: 0 })).toEqual(half);
    const passed = send(half, { type: "approve", by: "ben", revision: 0 }) as Submission;
    expect(passed).toEqual({ ...half, approvals: [{ by: "lea" }, { by: "ben" }] });
    expect(send(passed, { type: "approve", by: "cat", revision: 0 })).toMatchObject({ status: "approved" });
  });

  it("counts each user once, and asks for the next step only when it has them all", () => {
    expect(send(half, { type: "approve", by: "lea", revision: 0 })).toBe("already-approved lea");
    expect(send(half, { type: "approve", by: "cat", revision: 0 })).toBe("not-asked cat");
    const twice = { of: ["ben", "ben"], needs: 2 };
    expect(send(post(), { type: "submit", by: "ana", steps: [twice] })).toBe("wrong-steps");
    expect(availableEvents(account, half, "lea")).toEqual(["reject"]);
  });

  it("ends with a rejection by one of those asked, also by one who approved", () => {
    for (const by of ["ben", "lea"]) expect(send(half, { type: "reject", by, revision: 0 })).toEqual(post());
    expect(send(half, { type: "reject", by: "cat", revision: 0 })).toBe("not-asked cat");
  });

  it("needs one user at least, and no more than it asks", () => {
    const submit = (needs: number) =>
      send(post(), { type: "submit", by: "ana", steps: [{ of: ["ben", "cy"], needs }] });
    expect(submit(2)).toMatchObject({ status: "pending" });
    expect(submit(3)).toBe("wrong-steps");
    for (const needs of [0, -1, 1.5, Number.NaN, "2", undefined]) {
      expect(refusal(() => submit(needs as number))).toMatchObject({
        code: "invalid-event",
        path: ["steps", 0, "needs"],
        message: expect.stringContaining("is not accepted; expected a whole number, at least 1"),
      });
    }
  });

  it("is not passed by being changed: those who approved stay in it, and it needs one more", () => {
    const reassign = (first: Submission["steps"][number]) =>
      send(half, { type: "reassign", by: "ana", steps: [first, ["cat"]] });
    expect(reassign({ of: ["lea", "dan"], needs: 2 })).toEqual({
      ...half,
      steps: [{ of: ["lea", "dan"], needs: 2 }, ["cat"]],
    });
    expect(reassign({ of: ["ben", "cy"], needs: 2 })).toBe("wrong-steps");
    expect(reassign(["lea", "dan"])).toBe("wrong-steps");
    expect(reassign({ of: ["lea", "eve"], needs: 2 })).toBe("not-an-approver eve");
    // Who approved and was demoted since is no obstacle here; the release asks again.
    const demoted = account.assign("lea", "fb", { publish: "view-only" });
    const steps = [{ of: ["lea", "dan"], needs: 2 }, ["cat"]];
    expect(send(half, { type: "reassign", by: "ana", steps }, demoted)).toEqual({ ...half, steps });
    expect(send(half, { type: "reassign", by: "ana", steps: [] })).toBe("wrong-steps");
  });

  it("is released only while each of those who approved could approve today", () => {
    const approved = post({ status: "approved", steps: [twoOfThree], approvals: [{ by: "lea" }, { by: "ben" }] });
    const out = { type: "auto-release", revision: 0 } as const;
    expect(send(approved, out)).toMatchObject({ status: "released" });
    expect(send(approved, out, account.revoke("lea", "fb"))).toBe("approval-lapsed lea");
    expect(send(approved, out, account.removeUser("ben"))).toBe("approval-lapsed ben");
  });
});

it("each step asks for the action of its own, and the last one for all further ones", () => {
  // Whoever may view reviews first; then approvers sign off.
  const matrix = under({ approve: ["publish.view", "publish.approve"], steps: 3 });
  const steps = [["ana", "eve"], ["ben"], ["cy"]];
  const waiting = pending({ author: "lea", steps });
  expect(send(post({ author: "lea" }), { type: "submit", by: "eve", steps }, matrix)).toEqual(waiting);
  expect(send(post({ author: "lea" }), { type: "submit", by: "eve", steps: [["ben"], ["ana"]] }, matrix)).toBe(
    "not-an-approver ana",
  );
  const reviewed = send(waiting, { type: "approve", by: "eve", revision: 0 }, matrix) as Submission;
  expect(reviewed).toEqual({ ...waiting, approvals: [{ by: "eve" }] });
  const approved = {
    ...reviewed,
    status: "approved",
    approvals: [{ by: "eve" }, { by: "ben" }, { by: "cy" }],
  } as const;
  const out = { type: "auto-release", revision: 0 } as const;
  expect(send(approved, out, matrix)).toMatchObject({ status: "released" });
  expect(send(approved, out, matrix.revoke("cy", "fb").assign("cy", "fb", { publish: "view-only" }))).toBe(
    "approval-lapsed cy",
  );
});

it("a user passes one step at most, where approvers are different", () => {
  const steps = [
    ["ben", "cy"],
    ["ben", "lea"],
  ];
  const half = pending({ steps, approvals: [{ by: "ben" }] });
  const event = { type: "approve", by: "ben", revision: 0 } as const;
  expect(send(half, event)).toMatchObject({ status: "approved" });
  expect(send(half, event, under({ distinctApprovers: true }))).toBe("already-approved ben");
  expect(send(half, { ...event, by: "lea" }, under({ distinctApprovers: true }))).toMatchObject({ status: "approved" });
  expect(send(half, { ...event, type: "reject" }, under({ distinctApprovers: true }))).toEqual(post());
});

describe("where editors may not approve", () => {
  const strict = under({ editorMayApprove: false });
  const waiting = pending({ steps: [["ben", "cat", "dan"]] });
  const edited = send(waiting, { type: "edit", by: "cat" }, strict) as Submission;

  it("the submission keeps who edited, and they approve nothing of it", () => {
    expect(edited).toEqual({ ...waiting, revision: 1, editors: ["cat"] });
    expect(send(edited, { type: "approve", by: "cat", revision: 1 }, strict)).toBe("is-editor cat");
    expect(send(edited, { type: "approve", by: "dan", revision: 1 }, strict)).toMatchObject({ status: "approved" });
    const again = send(edited, { type: "edit", by: "cat" }, strict) as Submission;
    expect(again).toEqual({ ...edited, revision: 2 });
    expect(send(again, { type: "edit", by: "dan" }, strict)).toMatchObject({ editors: ["cat", "dan"] });
    expect(send(edited, { type: "reject", by: "cat", revision: 1 }, strict)).toMatchObject({ status: "draft" });
  });

  it("the last editor of a draft is not asked to approve it", () => {
    const draft = send(post(), { type: "edit", by: "cat" }, strict) as Submission;
    expect(draft).toEqual(post({ revision: 1, editors: ["cat"] }));
    expect(send(draft, { type: "submit", by: "ana", steps: [["ben", "cat"]] }, strict)).toBe("is-editor cat");
    expect(send(draft, { type: "submit", by: "ana", steps: [["ben"]] }, strict)).toMatchObject({ editors: ["cat"] });
    expect(send(draft, { type: "edit", by: "ana" }, strict)).toMatchObject({ editors: ["ana"] });
  });

  it("elsewhere nobody is kept, and editors approve", () => {
    const kept = send(waiting, { type: "edit", by: "cat" }) as Submission;
    expect(kept).toEqual({ ...waiting, revision: 1 });
    expect(send(kept, { type: "approve", by: "cat", revision: 1 })).toMatchObject({ status: "approved" });
  });
});

describe("what the flow could not have made", () => {
  const distinct = under({ distinctApprovers: true, editorMayApprove: false });
  const approved = (change: Partial<Submission>) => post({ status: "approved", ...change });
  it.each<[what: string, submission: unknown, message: string, ...path: (string | number)[]]>([
    [
      "a step that needs more than it asks",
      pending({ steps: [{ of: ["ben", "ben"], needs: 2 }] }),
      "2 of 1 users are needed; expected at most 1",
      ...["steps", 0, "needs"],
    ],
    [
      "a step of nobody",
      pending({ steps: [{ of: [], needs: 1 }] }),
      "nobody is asked; expected at least one user",
      "steps",
      0,
    ],
    ["a step in words", pending({ steps: ["ben"] as never }), '"ben" is not accepted; expected an array', "steps", 0],
    ["a step of nothing", pending({ steps: [null] as never }), "null is not accepted; expected an array", "steps", 0],
    [
      "a step with more in it",
      pending({ steps: [{ of: ["ben"], needs: 1, by: "ben" }] as never }),
      'unknown key "by"; expected "of" or "needs"',
      ...["steps", 0, "by"],
    ],
    [
      "two approvals of one user in a step",
      approved({ steps: [twoOfThree], approvals: [{ by: "ben" }, { by: "ben" }] }),
      "a user approved twice; expected different users",
      ...["approvals", 1, "by"],
    ],
    [
      "too few approvals of a step with a number",
      approved({ steps: [twoOfThree], approvals: [{ by: "ben" }] }),
      "the number of approvals is 1 and it is approved; expected 2",
      "approvals",
    ],
    [
      "one user in two steps, where approvers are different",
      approved({ steps: [["ben"], ["ben"]], approvals: [{ by: "ben" }, { by: "ben" }] }),
      "a user approved twice; expected different users",
      ...["approvals", 1, "by"],
    ],
    [
      "an approval by an editor",
      approved({ steps: [["ben"]], approvals: [{ by: "ben" }], editors: ["ben"] }),
      "an editor approved; expected another",
      ...["approvals", 0, "by"],
    ],
    ["no editors", post({ editors: [] }), "nobody edited; expected at least one user, or no editors", "editors"],
    ["an editor twice", post({ editors: ["ben", "ben"] }), '"ben" is listed twice', "editors", 1],
    ["a deadline of a draft", post({ expires: "2026-03-31T09:00:00Z" }), "a draft that was submitted", "status"],
    [
      "a deadline of a draft that was released",
      post({ status: "released", expires: "2026-03-31T09:00:00Z" }),
      "a deadline of a post that was not submitted; expected none",
      "expires",
    ],
    ["a deadline in words", pending({ steps: [["ben"]], expires: "soon" }), '"soon" is not an instant', "expires"],
    [
      "an approval for the one who gave it",
      approved({ steps: [["ben"]], approvals: [{ by: "ben", for: "ben" }] }),
      '"ben" stands in for nobody here; expected no "for"',
      ...["approvals", 0, "for"],
    ],
    [
      "an approval for somebody who was not asked",
      approved({ steps: [["ben"]], approvals: [{ by: "cy", for: "lea" }] }),
      '"lea" was not asked; expected one of the step',
      ...["approvals", 0, "for"],
    ],
    [
      "an approval by the author for another",
      approved({ steps: [["ben"]], approvals: [{ by: "ana", for: "ben" }] }),
      'the author "ana" approved; expected another',
      ...["approvals", 0, "by"],
    ],
  ])("is refused: %s", (_, submission, message, ...path) => {
    const error = refusal(() =>
      availableEvents(distinct, submission as Submission, "ana", { at: "2026-03-31T09:00:00Z" }),
    );
    expect(error).toMatchObject({ code: "invalid-submission", path });
    expect(error.message).toContain(message);
  });

  it("is refused: editors under a policy that keeps none", () => {
    expect(refusal(() => availableEvents(account, post({ editors: ["cat"] }), "ana"))).toMatchObject({
      code: "invalid-submission",
      path: ["editors"],
      message: expect.stringContaining("expected no editors"),
    });
    expect(submissionSchema(engage).safeParse(post({ editors: ["cat"] })).success).toBe(false);
  });
});
