import { ownValue } from "../../core/base/readers.js";

/**
 * A post in the approval flow, as plain data. Your application stores it, and only the flow makes its next version.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { availableEvents, type Submission } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } }],
 * });
 * const stored: Submission = {
 *   connections: ["fb"],
 *   author: "ana",
 *   status: "draft",
 *   steps: [],
 *   approvals: [],
 *   revision: 0,
 * };
 * availableEvents(account, stored, "ana"); // ["edit", "release"]
 * ```
 */
export interface Submission {
  readonly connections: readonly string[];
  /** The id of the user who wrote it. */
  readonly author: string;
  readonly status: Status;
  /** The steps in order, with the users who are asked. */
  readonly steps: readonly Step[];
  /** The approvals in order: as many as each step needs, step by step. */
  readonly approvals: readonly Approval[];
  /** The number of edits so far. */
  readonly revision: number;
  /** The instant, in UTC, from which the post is neither approved nor released; only if it was submitted with one. */
  readonly expires?: string;
  /** The users who edited since the last draft; only under a policy whose editors may not approve. */
  readonly editors?: readonly string[];
}

/**
 * A step: the users who are asked. Any one of a list is enough; otherwise as many different ones as it needs.
 *
 * @example
 * ```ts
 * import type { Step } from "channel-grants/approval";
 *
 * const anyOne: Step = ["ben", "cat"];
 * const two: Step = { of: ["ben", "cat", "dan"], needs: 2 };
 * [anyOne, two].length; // 2
 * ```
 */
export type Step = readonly string[] | { readonly of: readonly string[]; readonly needs: number };

/**
 * A step as an event names it: without `needs`, one approval is enough.
 *
 * @example
 * ```ts
 * import type { StepInput } from "channel-grants/approval";
 *
 * const steps: readonly StepInput[] = [["ben"], { of: ["cat", "dan"] }, { of: ["eve", "fay"], needs: 2 }];
 * steps.length; // 3
 * ```
 */
export type StepInput = readonly string[] | { readonly of: readonly string[]; readonly needs?: number };

/**
 * An approval: who gave it, and for whom, if a stand-in gave it.
 *
 * @example
 * ```ts
 * import type { Approval } from "channel-grants/approval";
 *
 * const approval: Approval = { by: "cy", for: "ben" };
 * approval.for; // "ben"
 * ```
 */
export interface Approval {
  readonly by: string;
  readonly for?: string;
}

/**
 * The status of a post in the approval flow.
 *
 * @example
 * ```ts
 * import type { Status, Submission } from "channel-grants/approval";
 *
 * const isWaiting = ({ status }: Pick<Submission, "status">) => status === "pending";
 * const status: Status = "pending";
 * isWaiting({ status }); // true
 * ```
 */
export type Status = "draft" | "pending" | "approved" | "released";

/** Where a submission may stand. */
export const statuses: ReadonlySet<string> = /* @__PURE__ */ new Set(["draft", "pending", "approved", "released"]);

/** Lists the users whom a step asks. */
export function usersOf(step: Step): readonly string[] {
  return isList(step) ? step : step.of;
}

/** Gives how many of its users a step needs. */
export function needsOf(step: Step): number {
  return isList(step) ? 1 : step.needs;
}

function isList(step: Step): step is readonly string[] {
  return Array.isArray(step);
}

/** Gives the user who was asked for an approval: the one who gave it, or the one for whom it was given. */
export function askedOf(approval: Approval): string {
  return ownValue(approval, "for") ?? approval.by;
}

/** Lists the approvals of each step: each has all that it needs before the next one is asked. */
export function approvalsByStep({
  steps,
  approvals,
}: Pick<Submission, "steps" | "approvals">): readonly (readonly Approval[])[] {
  // Where nobody is named, there is one approval, as of one step.
  if (steps.length === 0) return [approvals];
  let first = 0;
  return steps.map((step) => {
    const given = approvals.slice(first, first + needsOf(step));
    first += given.length;
    return given;
  });
}

/** Gives the step whose turn it is, counted from zero, and what was approved in it. */
export function turnOf(submission: Submission): { readonly step: number; readonly given: readonly Approval[] } {
  const { steps } = submission;
  const rounds = approvalsByStep(submission);
  const step = rounds.findIndex((given, index) => given.length < needsOf(steps[index] ?? []));
  return { step, given: rounds[step] as readonly Approval[] };
}
