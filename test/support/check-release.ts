import { expect } from "vitest";
import type { Submission } from "../../src/approval/index.js";
import { modelMay, type Organisation } from "./reference-flow.js";

/** An approval as it happened: who gave it, and on which revision. */
export interface Given {
  readonly by: string;
  readonly revision: number;
}

/**
 * What holds of every release: no pending post is released, a draft only by somebody with the right to (and never by the
 * application itself, whose release has no user), and what was approved still is, on this revision and by others than its author.
 */
export function checkReleased(
  world: Organisation,
  before: Submission,
  by: string | undefined,
  ledger: readonly Given[],
  told?: string,
): void {
  const { approvers, authorMayApprove } = world.definition.approval;
  expect(["draft", "approved"], told).toContain(before.status);
  if (by !== undefined) expect(modelMay(world, by, "release", before.connections), told).toBe(true);
  if (before.status === "draft") expect(by, told).toBeDefined();
  else expect(ledger, told).toHaveLength(approvers === "anyone" ? 1 : before.steps.length);
  for (const given of ledger) {
    expect(given.revision, told).toBe(before.revision);
    if (!authorMayApprove) expect(given.by, told).not.toBe(before.author);
    expect(modelMay(world, given.by, "approve", before.connections), told).toBe(true);
  }
}
