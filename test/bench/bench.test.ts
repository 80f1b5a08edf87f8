import { describe, expect, it } from "vitest";
import { agreeOnApprovers, agreeOnUser, everyGroup, everyState } from "./agree.js";
import { ours } from "./ours.js";
import { barPrepared, checkPrepared, visitPrepared } from "./prepared.js";
import { competitors } from "./races.js";
import { approversOf, columnApprovers } from "./workloads.js";
import { groupsOf, groupsText, usersOf } from "./world.js";

// The benchmarks compare only what gives the same answers. They check it before they time; here it is checked with the
// other tests, on a smaller account.

const account = { users: 60, brands: 6, brandsOfUser: 2 };

describe("the competitors of the benchmarks answer as the library does", () => {
  it("in every state of publish, on every group of up to three connections", () => {
    const questions = 12 * (1 + 7 + 7 ** 2 + 7 ** 3) * 6;
    expect(agreeOnUser(competitors, everyState, everyGroup())).toBe(questions);
  });

  it("for the users that are timed", () => {
    const groups = groupsOf(groupsText(account, 40, 5, "account"));
    for (const row of usersOf(account)) agreeOnUser(competitors, row, groups);
  });

  it("on who may approve", () => {
    const groups = groupsOf(groupsText(account, 40, 3, "account"));
    const all = { ...approversOf(), "typed columns": columnApprovers };
    expect(agreeOnApprovers(all, [...usersOf(account)], groups)).toBe(40 * 7);
  });

  it("and what answers otherwise is found", () => {
    const liar = { ...ours, ask: () => ({ can: () => true, bar: () => [] }), approvers: () => () => ["user-0"] };
    expect(() => agreeOnUser({ ours, liar }, everyState, everyGroup())).toThrow("liar disagrees on publish.view");
    const groups = groupsOf(groupsText(account, 1, 3, "account"));
    expect(() =>
      agreeOnApprovers({ ours: ours.approvers, liar: liar.approvers }, [...usersOf(account)], groups),
    ).toThrow("liar disagrees on publish.approve");
  });

  it("in the loops that are timed", () => {
    const rows = [...usersOf(account)];
    const text = groupsText(account, 40, 5, "account");
    for (const { check, visit, approve } of Object.values(competitors)) {
      const [row] = rows;
      if (!row) throw new Error("the account has no user");
      const groups = groupsOf(text);
      expect(check(row, "publish.edit", groups)()).toBe(ours.check(row, "publish.edit", groups)());
      expect(visit(rows, "publish.view", groups)()).toBe(ours.visit(rows, "publish.view", groups)());
      expect(approve(rows, groups)()).toBe(ours.approve(rows, groups)());
    }
    const groups = groupsOf(text);
    const [row] = rows as [(typeof rows)[0]];
    expect(checkPrepared(row, "publish.edit", groups)()).toBe(ours.check(row, "publish.edit", groups)());
    expect(visitPrepared(rows, "publish.view", groups)()).toBe(ours.visit(rows, "publish.view", groups)());
    expect(barPrepared(row, groups)()).toBe(ours.bar(row, groups)());
  });
});
