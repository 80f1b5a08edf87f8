import { expect } from "vitest";
import type { Submission } from "../../src/approval/index.js";
import { modelMay, type Organisation } from "./reference-flow.js";

/** An approval as it happened: who gave it, in whose place, on which revision. */
export interface Given {
  readonly by: string;
  readonly for?: string | undefined;
  readonly revision: number;
}

/** What a life remembers by itself: the approvals of its present round, and who edited what they are about. */
export interface Ledger {
  readonly given: readonly Given[];
  readonly edited: readonly string[];
}

export const blank: Ledger = { given: [], edited: [] };

/** Writes down what was accepted. */
export function remember(
  ledger: Ledger,
  event: { readonly type: string; readonly by?: string },
  before: Submission,
  after: Submission,
): Ledger {
  const given =
    event.type === "approve"
      ? [...ledger.given, { by: event.by as string, for: after.approvals.at(-1)?.for, revision: before.revision }]
      : after.approvals.length === 0
        ? []
        : ledger.given;
  if (event.type !== "edit") return { given, edited: ledger.edited };
  const by = event.by as string;
  return { given, edited: after.status === "draft" ? [by] : [...new Set([...ledger.edited, by])] };
}

/**
 * What holds of every release: no pending post is released, a draft only by somebody with the right to (and never by the
 * application itself, whose release has no user). Every step of what was approved has its number of approvals, on this
 * revision, by different users who may approve now, and none of them is the author or, where the policy says so, an editor.
 */
export function checkReleased(
  world: Organisation,
  before: Submission,
  by: string | undefined,
  ledger: Ledger,
  told?: string,
): void {
  const { approvers, authorMayApprove, distinctApprovers, editorMayApprove } = world.definition.approval;
  expect(["draft", "approved"], told).toContain(before.status);
  if (by !== undefined) expect(modelMay(world, by, "release", before), told).toBe(true);
  if (before.status === "draft") {
    expect(by, told).toBeDefined();
    return;
  }
  const numbers =
    approvers === "anyone" ? [1] : before.steps.map((step) => ("needs" in step ? (step.needs as number) : 1));
  const { given, edited } = ledger;
  expect(given, told).toHaveLength(numbers.reduce((sum, number) => sum + number, 0));
  const namesOf = (each: Given) => [...new Set([each.by, each.for ?? each.by])];
  let first = 0;
  for (const [step, number] of numbers.entries()) {
    const round = given.slice(first, first + number);
    first += number;
    const names = round.flatMap(namesOf);
    expect(new Set(names).size, told).toBe(names.length);
    for (const each of round) {
      expect(each.revision, told).toBe(before.revision);
      if (!authorMayApprove) expect(each.by, told).not.toBe(before.author);
      if (each.for !== undefined) expect(each.by, told).not.toBe(before.author);
      if (editorMayApprove === false) expect(edited, told).not.toContain(each.by);
      expect(modelMay(world, each.by, "approve", before, step), told).toBe(true);
    }
  }
  const all = given.flatMap(namesOf);
  if (distinctApprovers) expect(new Set(all).size, told).toBe(all.length);
}
