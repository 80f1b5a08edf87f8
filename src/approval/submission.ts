import { addFault, below, type Place, readIfFaultless, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { showValue } from "../core/base/message.js";
import { readList, readName, readRecord, readString, readStrings } from "../core/base/readers.js";
import type { ApprovalDefinition } from "../core/types/index.js";

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
  /** The users who are asked, step by step in order. Any one user of a step is enough. */
  readonly steps: readonly (readonly string[])[];
  /** The approvals: one for each step that was passed. */
  readonly approvals: readonly { readonly by: string }[];
  /** The number of edits so far. */
  readonly revision: number;
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

/**
 * Reads a submission and believes it only as far as it is consistent: nothing that the flow could not have made gets
 * through, for a stored post may be changed around it.
 */
export function readSubmission(approval: ApprovalDefinition, source: unknown, place: Place): Submission {
  const fields = readRecord(source, place, ["connections", "author", "status", "steps", "approvals", "revision"]);
  const part = <Part>(key: keyof Submission, read: (value: unknown, place: Place) => Part): Part | undefined =>
    readIfFaultless(place, () => read(fields.get(key), below(place, key)));
  const submission = {
    connections: part("connections", readConnections),
    author: part("author", (value, each) => readString(value, each, "a user id")),
    status: part("status", (value, each) => readName(value, each, statuses)),
    steps: part("steps", readSteps),
    approvals: part("approvals", (value, each) => readList(value, each, readApproval)),
    revision: part("revision", readRevision),
  } as Submission;
  // What is missing was refused, and the rest cannot be judged without it.
  if (!Object.values(submission).includes(undefined)) checkConsistent(approval, submission, place);
  return freeze(submission);
}

/** Reads who is asked, in order. */
export function readSteps(source: unknown, place: Place): readonly (readonly string[])[] {
  return readList(source, place, (step, inside) => readStrings(step, inside));
}

/** Reads a count of edits; minus zero, which JSON does not know, becomes zero. */
export function readRevision(source: unknown, place: Place): number {
  if (Number.isSafeInteger(source) && (source as number) >= 0) return (source as number) + 0;
  return refuse(place, `${showValue(source)} is not a revision; expected a whole number`);
}

function readConnections(source: unknown, place: Place): readonly string[] {
  const connections = readStrings(source, place);
  return connections.length > 0 ? connections : refuse(place, "no connection; expected at least one");
}

function readApproval(source: unknown, place: Place): { readonly by: string } {
  return { by: readString(readRecord(source, place, ["by"]).get("by"), below(place, "by"), "a user id") };
}

/** The statuses that a submission can have. */
export const statuses: ReadonlySet<string> = /* @__PURE__ */ new Set(["draft", "pending", "approved", "released"]);

function checkConsistent(approval: ApprovalDefinition, submission: Submission, place: Place): void {
  const { author, status, steps, approvals } = submission;
  const named = approval.approvers === "named";
  const asked = status === "pending" || status === "approved" || approvals.length > 0 || steps.length > 0;
  if (status === "draft" && asked)
    refuse(place, "a draft that was submitted; expected neither steps nor approvals", "status");
  // Also a post that was released without approval was asked of nobody.
  if (!asked) return;
  const most = named ? approval.steps : 0;
  if (steps.length > most || (named && steps.length === 0)) {
    addFault(place, `the number of steps is ${steps.length}; expected ${named ? `1 to ${most}` : "0"}`, "steps");
  }
  steps.forEach((step, index) => {
    if (step.length === 0) addFault(place, "nobody is asked; expected at least one user", "steps", index);
    if (!approval.authorMayApprove && step.includes(author)) {
      addFault(place, `the author ${showValue(author)} is asked; expected others`, "steps", index);
    }
  });
  const needed = named ? steps.length : 1;
  const complete = status !== "pending";
  if (complete ? approvals.length !== needed : approvals.length >= needed) {
    const expected = complete ? needed : `fewer than ${needed}`;
    addFault(
      place,
      `the number of approvals is ${approvals.length} and it is ${status}; expected ${expected}`,
      "approvals",
    );
  }
  approvals.forEach(({ by }, index) => {
    const asked = steps[index] as readonly string[];
    if (named && index < needed && !asked.includes(by)) {
      addFault(place, `${showValue(by)} was not asked; expected one of the step`, "approvals", index, "by");
    }
    if (!approval.authorMayApprove && by === author) {
      addFault(place, `the author ${showValue(author)} approved; expected another`, "approvals", index, "by");
    }
  });
}
