import { describe, expect, it } from "vitest";
import { availableEvents, inbox, type Submission } from "../../src/approval/index.js";
import { account, post, send } from "../support/approval-people.js";
import { refusal } from "../support/refusal.js";

const expires = "2026-03-31T09:00:00.000Z";
const before = "2026-03-31T08:59:59.999Z";
const waiting = post({ status: "pending", steps: [["ben", "cat"]], expires });
const approved = { ...waiting, status: "approved", approvals: [{ by: "ben" }] } as const;

describe("a deadline", () => {
  it("is given with the submission, as an instant that is stored in UTC", () => {
    const submit = { type: "submit", by: "ana", steps: [["ben", "cat"]] } as const;
    for (const instant of ["2026-03-31T11:00:00+02:00", new Date(expires), expires]) {
      expect(send(post(), { ...submit, expires: instant })).toEqual(waiting);
    }
    expect(send(post(), { ...submit, expires, at: before })).toEqual(waiting);
    expect(send(post(), { ...submit, expires, at: expires })).toBe("expired");
    expect(
      send({ ...waiting, expires: new Date(expires) as never }, { type: "withdraw", by: "ana", at: before }),
    ).toEqual(post());
  });

  it("ends approvals and releases, from its instant on", () => {
    const cases = [
      [waiting, { type: "approve", by: "ben", revision: 0 }],
      [approved, { type: "release", by: "eve", revision: 0 }],
      [approved, { type: "auto-release", revision: 0 }],
    ] as const;
    for (const [submission, event] of cases) {
      expect(send(submission, { ...event, at: before })).toHaveProperty("status");
      for (const at of [expires, new Date(expires), "2027-01-01T00:00:00Z"]) {
        expect(send(submission, { ...event, at })).toBe("expired");
      }
    }
  });

  it("leaves what starts anew: an edit, a withdrawal, a rejection", () => {
    const late = { at: expires };
    expect(send(approved, { type: "edit", by: "ana", ...late })).toEqual(post({ revision: 1 }));
    expect(send(waiting, { type: "withdraw", by: "ana", ...late })).toEqual(post());
    expect(send(waiting, { type: "reject", by: "ben", revision: 0, ...late })).toEqual(post());
    // An approver's edit goes on with the same round, and so with its deadline.
    const edited = send(waiting, { type: "edit", by: "cat", ...late }) as Submission;
    expect(edited).toEqual({ ...waiting, revision: 1 });
    expect(send(edited, { type: "approve", by: "ben", revision: 1, ...late })).toBe("expired");
    expect(send(waiting, { type: "reassign", by: "ana", steps: [["cat"]], ...late })).toEqual({
      ...waiting,
      steps: [["cat"]],
    });
  });

  it("needs an instant of each event: without one it is refused, never taken for in time", () => {
    const events = [
      { type: "approve", by: "ben", revision: 0 },
      { type: "withdraw", by: "ana" },
      { type: "auto-release", revision: 0 },
    ] as const;
    for (const event of events) {
      const error = refusal(() => send(waiting, event));
      expect(error).toMatchObject({ code: "invalid-event", path: ["at"] });
      expect(error.message).toContain("no instant, and the submission expires; expected an instant");
    }
    expect(refusal(() => availableEvents(account, waiting, "ben"))).toMatchObject({
      code: "invalid-event",
      path: ["at"],
    });
    expect(refusal(() => inbox(account, [post(), waiting], "ben"))).toMatchObject({
      code: "invalid-event",
      path: ["at"],
    });
    expect(availableEvents(account, waiting, "ben", { at: before })).toEqual(["approve", "reject"]);
    expect(availableEvents(account, waiting, "ben", { at: expires })).toEqual(["reject"]);
    expect(availableEvents(account, approved, "eve", { at: expires })).toEqual(["edit"]);
  });

  it("is no deadline that is there and undefined", () => {
    const submit = { type: "submit", by: "ana", steps: [["ben"]] } as const;
    expect(refusal(() => send(post(), { ...submit, expires: undefined } as never))).toMatchObject({
      path: ["expires"],
    });
    expect(refusal(() => send(post(), { ...submit, at: undefined } as never))).toMatchObject({ path: ["at"] });
    expect(
      refusal(() => send({ ...waiting, expires: undefined } as never, { type: "withdraw", by: "ana" })),
    ).toMatchObject({
      code: "invalid-submission",
      path: ["expires"],
    });
  });
});
