import { describe, expect, it } from "vitest";
import { inbox, type Submission, timeline } from "../../src/approval/index.js";
import { buffer, definePolicy, engage } from "../../src/index.js";
import { account, post, under } from "../support/approval-people.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";

const pending = (steps: Submission["steps"], change: Partial<Submission> = {}) =>
  post({ status: "pending", steps, ...change });

describe("inbox", () => {
  const page = [
    post(),
    pending([["ben"]]),
    pending([["cy"], ["ben"]]),
    pending([["cy"], { of: ["ben", "cat"], needs: 2 }], { approvals: [{ by: "cy" }] }),
    pending([{ of: ["ben", "cat"], needs: 2 }], { approvals: [{ by: "ben" }] }),
    post({ status: "approved", steps: [["ben"]], approvals: [{ by: "ben" }] }),
  ];

  it("lists the submissions that a user may approve now, with the step and what else the user may do", () => {
    expect(inbox(account, page, "ben")).toEqual([
      { index: 1, step: 0, events: ["approve", "reject"] },
      { index: 3, step: 1, events: ["approve", "reject"] },
    ]);
    expect(inbox(account, page, "cat")).toEqual([
      { index: 3, step: 1, events: ["approve", "reject", "edit"] },
      { index: 4, step: 0, events: ["approve", "reject", "edit"] },
    ]);
    expect(isDeeplyFrozen(inbox(account, page, "ben"))).toBe(true);
    for (const user of ["ana", "eve", "zoe"]) expect(inbox(account, page, user)).toEqual([]);
  });

  it("names for whom a stand-in would approve", () => {
    expect(inbox(account, page, "lea", { standIns: [{ for: "ben", by: "lea" }] })).toEqual([
      { index: 1, step: 0, for: "ben", events: ["approve", "reject"] },
      { index: 3, step: 1, for: "ben", events: ["approve", "reject"] },
    ]);
  });

  it("says which submission is wrong, and that a user is needed", () => {
    expect(refusal(() => inbox(account, [post(), { ...post(), author: 5 } as never], "ben"))).toMatchObject({
      code: "invalid-submission",
      path: [1, "author"],
    });
    expect(refusal(() => inbox(account, [], undefined as never))).toMatchObject({
      code: "invalid-event",
      path: ["by"],
    });
    expect(refusal(() => inbox(account, post() as never, "ben"))).toMatchObject({ code: "invalid-submission" });
  });
});

describe("timeline", () => {
  const steps = [["lea"], { of: ["ben", "cat", "dan"], needs: 2 }, ["cy"]];
  const shown = pending(steps, { approvals: [{ by: "lea" }, { by: "cy", for: "ben" }], revision: 3 });

  it("tells who was asked, who approved, for whom, and who is still awaited", () => {
    const told = timeline(shown);
    expect(told).toEqual({
      ...{ author: "ana", status: "pending", revision: 3 },
      steps: [
        { asked: ["lea"], anyone: false, needs: 1, approvals: [{ by: "lea" }], awaited: [], state: "passed" },
        {
          ...{ asked: ["ben", "cat", "dan"], anyone: false, needs: 2 },
          ...{ approvals: [{ by: "cy", for: "ben" }], awaited: ["cat", "dan"], state: "current" },
        },
        { asked: ["cy"], anyone: false, needs: 1, approvals: [], awaited: [], state: "later" },
      ],
    });
    expect(isDeeplyFrozen(told)).toBe(true);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  it("has no steps for a draft, nor for a draft that was released", () => {
    expect(timeline(post()).steps).toEqual([]);
    expect(timeline(post({ status: "released" })).steps).toEqual([]);
  });

  it("has one step where anyone may approve", () => {
    const one = { asked: [], anyone: true, needs: 1, awaited: [] };
    expect(timeline(pending([])).steps).toEqual([{ ...one, approvals: [], state: "current" }]);
    expect(timeline(post({ status: "released", approvals: [{ by: "ben" }] }), buffer).steps).toEqual([
      { ...one, approvals: [{ by: "ben" }], state: "passed" },
    ]);
  });

  it("awaits no editor, shows the deadline and, with the policy, awaits nobody twice where approvers are different", () => {
    const expires = "2026-03-31T09:00:00.000Z";
    const edited = pending([["ben", "cat"]], { editors: ["cat"], revision: 1, expires });
    expect(timeline(edited)).toMatchObject({ expires, steps: [{ awaited: ["ben"] }] });
    const half = pending([["ben"], ["ben", "cat"]], { approvals: [{ by: "ben" }] });
    expect(timeline(half, engage).steps[1]?.awaited).toEqual(["ben", "cat"]);
    const strict = definePolicy({ ...engage, approval: { ...engage.approval, distinctApprovers: true } });
    expect(timeline(half, strict).steps[1]?.awaited).toEqual(["cat"]);
    expect(inbox(under({ distinctApprovers: true }), [half], "ben")).toEqual([]);
  });

  it("refuses what is no submission and, with the policy, what the flow could not have made", () => {
    expect(refusal(() => timeline({ ...post(), status: "sent" } as never))).toMatchObject({ path: ["status"] });
    const wrong = post({ status: "approved", steps: [["ben"]] });
    expect(timeline(wrong).steps[0]?.state).toBe("current");
    expect(refusal(() => timeline(wrong, engage))).toMatchObject({ code: "invalid-submission", path: ["approvals"] });
    expect(refusal(() => timeline(post(), undefined as never))).toMatchObject({ code: "invalid-policy" });
    expect(refusal(() => timeline(post(), {} as never))).toMatchObject({ code: "invalid-policy" });
  });
});
