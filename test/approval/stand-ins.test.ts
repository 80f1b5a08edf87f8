import { describe, expect, it } from "vitest";
import {
  approversFor,
  availableEvents,
  inbox,
  type StandIn,
  type Submission,
  transition,
} from "../../src/approval/index.js";
import { buffer, createMatrix, formatDecision } from "../../src/index.js";
import { account, post, send, told, under } from "../support/approval-people.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";

const waiting = post({ status: "pending", steps: [["ben"]] });
const standIns = [{ for: "ben", by: "cy" }];
const approve = (by: string) => ({ type: "approve", by, revision: 0 }) as const;

describe("a stand-in", () => {
  it("does what the other is asked for, and both names are kept", () => {
    expect(send(waiting, approve("cy"))).toBe("not-asked cy");
    const approved = send(waiting, approve("cy"), account, { standIns }) as Submission;
    expect(approved).toEqual({ ...waiting, status: "approved", approvals: [{ by: "cy", for: "ben" }] });
    expect(send(approved, { type: "auto-release", revision: 0 })).toMatchObject({ status: "released" });
    expect(send(waiting, { ...approve("cy"), type: "reject" }, account, { standIns })).toEqual(post());
    const editing = [{ for: "ben", by: "cat" }];
    expect(send(waiting, { type: "edit", by: "cat" }, account, { standIns: editing })).toEqual({
      ...waiting,
      revision: 1,
    });
  });

  it("needs the right itself at that moment, and a refusal names both", () => {
    const demoted = account.assign("cy", "fb", { publish: "view-only" });
    const refused = transition(demoted, waiting, approve("cy"), { standIns });
    expect(told(refused)).toBe("not-allowed cy for ben");
    expect(refused.ok || (refused.decision && formatDecision(refused.decision))).toContain(
      "cy may not publish.approve",
    );
    const approved = post({ status: "approved", steps: [["ben"]], approvals: [{ by: "cy", for: "ben" }] });
    expect(send(approved, { type: "auto-release", revision: 0 }, demoted)).toBe("approval-lapsed cy for ben");
    // Ben may have lost the right, or have left: the one who approves is Cy.
    expect(send(approved, { type: "auto-release", revision: 0 }, account.removeUser("ben"))).toMatchObject({
      status: "released",
    });
    expect(send(waiting, approve("cy"), account.removeUser("cy"), { standIns })).toBe("unknown-user cy");
  });

  it("is never the author, also where authors may approve", () => {
    const byAna = { standIns: [{ for: "ben", by: "cat" }] };
    const own = { ...waiting, author: "cat" };
    expect(send(own, approve("cat"), account, byAna)).toBe("is-author cat");
    const open = under({ authorMayApprove: true });
    expect(send(own, approve("cat"), open, byAna)).toBe("is-author cat for ben");
    expect(send({ ...own, steps: [["cat"]] }, approve("cat"), open, byAna)).toMatchObject({ status: "approved" });
  });

  it("has no stand-in of its own: chains are not followed", () => {
    const chain = {
      standIns: [
        { for: "ben", by: "cy" },
        { for: "cy", by: "lea" },
      ],
    };
    expect(send(waiting, approve("lea"), account, chain)).toBe("not-asked lea");
  });

  it("approves in its own name where it is asked itself, and nobody is named twice in a step", () => {
    const two = { ...waiting, steps: [{ of: ["ben", "cy", "lea"], needs: 2 }] };
    const own = send(two, approve("cy"), account, { standIns }) as Submission;
    expect(own.approvals).toEqual([{ by: "cy" }]);
    expect(send(own, approve("cy"), account, { standIns })).toBe("already-approved cy");
    const both = {
      standIns: [
        { for: "ben", by: "dan" },
        { for: "lea", by: "dan" },
        { for: "cy", by: "ben" },
      ],
    };
    const first = send(two, approve("dan"), account, both) as Submission;
    expect(first.approvals).toEqual([{ by: "dan", for: "ben" }]);
    expect(send(first, approve("dan"), account, both)).toBe("already-approved dan for ben");
    expect(send(first, approve("ben"), account, both)).toBe("already-approved ben");
  });

  it("passes no second step under another name, where approvers are different", () => {
    const half = { ...waiting, steps: [["ben"], ["lea"]], approvals: [{ by: "cy", for: "ben" }] };
    const more = {
      standIns: [
        { for: "lea", by: "cy" },
        { for: "lea", by: "ben" },
      ],
    };
    const strict = under({ distinctApprovers: true });
    expect(send(half, approve("cy"), strict, more)).toBe("already-approved cy for lea");
    expect(send(half, approve("ben"), strict, more)).toBe("already-approved ben for lea");
    expect(send(half, approve("cy"), account, more)).toMatchObject({ status: "approved" });
  });

  it("does not approve for an editor, where editors may not", () => {
    const edited = post({ status: "pending", steps: [["cat", "ben"]], revision: 1, editors: ["cat"] });
    const event = { ...approve("cy"), revision: 1 };
    const strict = under({ editorMayApprove: false });
    expect(send(edited, event, strict, { standIns: [{ for: "cat", by: "cy" }] })).toBe("is-editor cy for cat");
    expect(send(edited, event, strict, { standIns })).toMatchObject({ approvals: [{ by: "cy", for: "ben" }] });
  });

  it("adds nothing where anyone with the right may approve", () => {
    const agency = createMatrix(buffer, {
      users: [
        { id: "ana", role: "member", grants: { fb: { posting: "approval-required" } } },
        { id: "ben", role: "member", grants: { fb: { posting: "full-posting" } } },
      ],
    });
    const asked = post({ status: "pending" });
    const event = approve("ben");
    expect(told(transition(agency, asked, event, { standIns: [{ for: "ana", by: "ben" }] }))).toMatchObject({
      approvals: [{ by: "ben" }],
    });
    expect(
      refusal(() =>
        availableEvents(agency, { ...asked, status: "approved", approvals: [{ by: "ben", for: "olga" }] }, "ana"),
      ),
    ).toMatchObject({
      path: ["approvals", 0, "for"],
    });
  });
});

describe("the period of a stand-in", () => {
  const holiday: StandIn = {
    for: "ben",
    by: "cy",
    from: "2026-08-01T00:00:00+02:00",
    until: new Date("2026-08-15T00:00:00Z"),
  };
  const at = (instant: string, standIn: StandIn = holiday) =>
    send(waiting, { ...approve("cy"), at: instant }, account, { standIns: [standIn] });

  it("includes its first instant and excludes its last", () => {
    expect(at("2026-07-31T21:59:59.999Z")).toBe("not-asked cy");
    expect(at("2026-07-31T22:00:00Z")).toMatchObject({ status: "approved" });
    expect(at("2026-08-14T23:59:59.999Z")).toMatchObject({ status: "approved" });
    expect(at("2026-08-15T00:00:00Z")).toBe("not-asked cy");
    expect(at("1999-01-01T00:00:00Z", { for: "ben", by: "cy", until: "2000-01-01T00:00:00Z" })).toMatchObject({
      status: "approved",
    });
    expect(at("2099-01-01T00:00:00Z", { for: "ben", by: "cy", from: "2000-01-01T00:00:00Z" })).toMatchObject({
      status: "approved",
    });
  });

  it("is not known without an instant, so that is refused", () => {
    for (const ask of [
      () => send(waiting, approve("cy"), account, { standIns: [holiday] }),
      () => send(waiting, { type: "auto-release", revision: 0 }, account, { standIns: [holiday] }),
      () => availableEvents(account, waiting, "cy", { standIns: [holiday] }),
      () => inbox(account, [waiting], "cy", { standIns: [holiday] }),
      () => approversFor(account, waiting, { standIns: [holiday] }),
    ]) {
      expect(refusal(ask)).toMatchObject({ code: "invalid-event", path: ["at"] });
    }
  });
});

describe("what is no stand-in is refused", () => {
  const loosely = (options: unknown) => () => transition(account, waiting, approve("cy"), options as never);
  it.each<[what: string, options: unknown, message: string, ...path: (string | number)[]]>([
    ["no list", { standIns: "cy" }, '"cy" is not accepted; expected an array', "standIns"],
    ["no object", { standIns: ["cy"] }, '"cy" is not accepted; expected a plain object', "standIns", 0],
    ["of nobody", { standIns: [{ for: "ben" }] }, "undefined is not a user id; expected a string", "standIns", 0, "by"],
    [
      "for nobody",
      { standIns: [{ by: "ben" }] },
      "undefined is not a user id; expected a string",
      "standIns",
      0,
      "for",
    ],
    [
      "of oneself",
      { standIns: [{ for: "cy", by: "cy" }] },
      '"cy" stands in for itself; expected another user',
      "standIns",
      0,
      "by",
    ],
    [
      "that ends before it begins",
      { standIns: [{ for: "ben", by: "cy", from: "2026-08-02T00:00:00Z", until: "2026-08-02T00:00:00Z" }] },
      "expected a later instant",
      ...["standIns", 0, "until"],
    ],
    [
      "that ends at no instant",
      { standIns: [{ for: "ben", by: "cy", until: "August" }] },
      '"August" is not an instant',
      "standIns",
      0,
      "until",
    ],
    [
      "with more in it",
      { standIns: [{ for: "ben", by: "cy", since: 1 }] },
      'unknown key "since"',
      "standIns",
      0,
      "since",
    ],
    ["under another name", { standins: [] }, 'unknown key "standins"', "standins"],
    [
      "with an instant of its own, for the event has it",
      { standIns, at: "2026-08-02T00:00:00Z" },
      'unknown key "at"; expected "standIns"',
      "at",
    ],
  ])("%s", (_, options, message, ...path) => {
    const error = refusal(loosely(options));
    expect(error).toMatchObject({ code: "invalid-event", path });
    expect(error.message).toContain(message);
  });
});

describe("approversFor", () => {
  it("lists who may be asked in a step, and who stands in for each now", () => {
    const all = approversFor(account, post(), {
      standIns: [...standIns, { for: "ben", by: "ana" }, { for: "ben", by: "eve" }, { for: "eve", by: "lea" }],
    });
    expect(all).toEqual(
      ["ben", "cy", "lea", "cat", "dan"].map((user) => ({ user, standIns: user === "ben" ? ["cy"] : [] })),
    );
    expect(isDeeplyFrozen(all)).toBe(true);
    expect(approversFor(account, post()).map(({ user }) => user)).toEqual(["ben", "cy", "lea", "cat", "dan"]);
  });

  it("leaves out the author and the editors, and the author stands in for nobody", () => {
    const names = (submission: Submission, matrix = account) =>
      approversFor(matrix, submission).map(({ user }) => user);
    expect(names(post({ author: "cat" }))).toEqual(["ben", "cy", "lea", "dan"]);
    const strict = under({ editorMayApprove: false, authorMayApprove: true }) as unknown as typeof account;
    expect(names(post({ author: "cat", editors: ["dan"] }), strict)).toEqual(["ben", "cy", "lea", "cat"]);
    const byAuthor = { standIns: [{ for: "ben", by: "cat" }] };
    expect(approversFor(strict, post({ author: "cat" }), byAuthor)[0]).toEqual({ user: "ben", standIns: [] });
  });

  it("asks for the right of the step whose turn it is, or of another one", () => {
    const matrix = under({ approve: ["publish.view", "publish.approve"] });
    const half = post({ status: "pending", steps: [["eve"], ["ben"]], approvals: [{ by: "eve" }] });
    const names = (submission: Submission, step?: number) =>
      approversFor(matrix, submission, step === undefined ? {} : { step }).map(({ user }) => user);
    expect(names(half)).not.toContain("eve");
    expect(names(half, 0)).toContain("eve");
    expect(names(post())).toContain("eve");
    expect(names(post(), 1)).not.toContain("eve");
    expect(names({ ...half, status: "released", approvals: [{ by: "eve" }, { by: "ben" }] })).toContain("eve");
    for (const step of [-1, 0.5, "1", undefined]) {
      expect(refusal(() => approversFor(matrix, half, { step } as never))).toMatchObject({
        code: "invalid-event",
        path: ["step"],
      });
    }
  });
});
