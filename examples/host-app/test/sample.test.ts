import { createMatrix, engage } from "channel-grants";
import { decisionTable } from "channel-grants/testing";
import { describe, expect, it } from "vitest";
import { sample } from "../src/sample.js";

/** The rows of the sample, as users of Engage. */
const account = createMatrix(engage, {
  users: ["ana", "ben", "cleo"].map((id) => {
    const rows = sample.permissions.filter(({ user }) => user === id);
    const grants = rows.map(({ connection, publish, approver }) => [connection, { publish, approver }] as const);
    return { id, role: "viewer", grants };
  }),
});
const ana = account.user("ana");
const ben = account.user("ben");
const cleo = account.user("cleo");
const both = { connections: ["fb-acme", "ig-acme"] };

describe("the sample", () => {
  it("has Ana write, and ask before anything goes out on both connections", () => {
    expect(ana).toHaveAccess("publish", both, "needs-approval");
    expect(ana).toBeAllowed("publish.create");
    expect(ana).toBeAllowed("publish.submit", both);
    expect(ana).not.toBeAllowed("publish.post-now", both);
  });

  it("has Ben release, but not approve", () => {
    expect(ben).toBeAllowed("publish.post-now", both);
    expect(ben).not.toBeAllowed("publish.approve", both);
  });

  it("has Cleo approve, and change nothing", () => {
    expect(cleo).toBeAllowedExactly(
      ["publish.view", "publish.tag", "publish.assign", "publish.clone", "publish.approve", "publish.reject"],
      both,
    );
  });

  it("says who may publish what", () => {
    const targets = [...sample.posts.values()];
    const table = decisionTable(engage, { action: "publish.post-now", users: [ana, ben, cleo], targets });
    expect(table).toMatchInlineSnapshot(`
      "publish.post-now  fb-acme + ig-acme  fb-acme
      ana               no                 yes
      ben               yes                yes
      cleo              no                 no"
    `);
  });
});
