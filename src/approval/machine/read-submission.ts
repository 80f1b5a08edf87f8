import { addFault, below, type Place, readIfFaultless, refuse } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { readInstant } from "../../core/base/instant.js";
import { showValue } from "../../core/base/message.js";
import {
  checkKeys,
  ownValue,
  readList,
  readName,
  readNames,
  readRecord,
  readString,
  readStrings,
} from "../../core/base/readers.js";
import type { ApprovalDefinition } from "../../core/types/index.js";
import {
  type Approval,
  approvalsByStep,
  askedOf,
  needsOf,
  type Step,
  type Submission,
  statuses,
  usersOf,
} from "./submission.js";

/**
 * Reads a submission and believes it only as far as it is consistent: nothing that the flow could not have made gets
 * through, for a stored post may be changed around it.
 */
export function readSubmission(approval: ApprovalDefinition, source: unknown, place: Place): Submission {
  const submission = readParts(source, place);
  // What is missing was refused, and the rest cannot be judged without it.
  if (!Object.values(submission).includes(undefined)) checkConsistent(approval, submission as Submission, place);
  return freeze(submission) as Submission;
}

/** Reads the parts of a submission, each by itself; what was given up is undefined. */
export function readParts(
  source: unknown,
  place: Place,
): { readonly [Key in keyof Submission]: Submission[Key] | undefined } {
  const fields = readRecord(source, place);
  checkKeys(fields, place, [...Object.keys(required), ...Object.keys(optional)]);
  const parts = Object.entries({ ...required, ...optional }).filter(
    // An optional part that is there and undefined is refused: left out, a deadline would be none.
    ([key]) => Object.hasOwn(required, key) || Object.hasOwn(source as object, key),
  );
  return Object.fromEntries(
    parts.map(([key, read]) => [key, readIfFaultless(place, () => read(fields.get(key), below(place, key)))]),
  ) as never;
}

type Reader = (source: unknown, place: Place) => unknown;

const required: Readonly<Record<string, Reader>> = {
  connections: readConnections,
  author: readUser,
  status: (source, place) => readName(source, place, statuses),
  steps: readSteps,
  approvals: (source, place) => readList(source, place, readApproval),
  revision: readRevision,
};

const optional: Readonly<Record<string, Reader>> = {
  expires: readInstant,
  editors: (source, place) =>
    readNames(source, place, undefined, "nobody edited; expected at least one user, or no editors"),
};

/** Reads the id of a user. */
export function readUser(source: unknown, place: Place): string {
  return readString(source, place, "a user id");
}

/** Reads who is asked, in order. */
export function readSteps(source: unknown, place: Place): readonly Step[] {
  return readList(source, place, readStep);
}

function readStep(source: unknown, place: Place): Step {
  if (typeof source !== "object" || source === null || Array.isArray(source)) return readStrings(source, place);
  const fields = readRecord(source, place, ["of", "needs"]);
  const of = readStrings(fields.get("of"), below(place, "of"));
  return { of, needs: Object.hasOwn(source, "needs") ? readNeeds(fields.get("needs"), below(place, "needs")) : 1 };
}

function readNeeds(source: unknown, place: Place): number {
  if (Number.isSafeInteger(source) && (source as number) >= 1) return source as number;
  return refuse(place, `${showValue(source)} is not accepted; expected a whole number, at least 1`);
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

function readApproval(source: unknown, place: Place): Approval {
  const fields = readRecord(source, place, ["by", "for"]);
  const by = readUser(fields.get("by"), below(place, "by"));
  if (!Object.hasOwn(source as object, "for")) return { by };
  return { by, for: readUser(fields.get("for"), below(place, "for")) };
}

function checkConsistent(approval: ApprovalDefinition, submission: Submission, place: Place): void {
  const { status, steps, approvals } = submission;
  const named = approval.approvers === "named";
  if (Object.hasOwn(submission, "editors") && ownValue(approval, "editorMayApprove") !== false) {
    addFault(place, "editors under a policy that keeps none; expected no editors", "editors");
  }
  const asked = status === "pending" || status === "approved" || approvals.length > 0 || steps.length > 0;
  const expires = Object.hasOwn(submission, "expires");
  if (status === "draft" && (asked || expires))
    refuse(place, "a draft that was submitted; expected neither steps nor approvals, and no deadline", "status");
  // Also a post that was released without approval was asked of nobody.
  if (!asked) {
    if (expires) addFault(place, "a deadline of a post that was not submitted; expected none", "expires");
    return;
  }
  checkSteps(approval, submission, place);
  const needed = named ? steps.reduce((sum, step) => sum + needsOf(step), 0) : 1;
  const complete = status !== "pending";
  if (complete ? approvals.length !== needed : approvals.length >= needed) {
    const expected = complete ? needed : `fewer than ${needed}`;
    addFault(
      place,
      `the number of approvals is ${approvals.length} and it is ${status}; expected ${expected}`,
      "approvals",
    );
  }
  checkApprovals(approval, submission, place);
}

function checkSteps(approval: ApprovalDefinition, { author, steps }: Submission, place: Place): void {
  const named = approval.approvers === "named";
  const most = named ? approval.steps : 0;
  if (steps.length > most || (named && steps.length === 0)) {
    addFault(place, `the number of steps is ${steps.length}; expected ${named ? `1 to ${most}` : "0"}`, "steps");
  }
  for (const [index, step] of steps.entries()) {
    const users = new Set(usersOf(step));
    if (users.size === 0) addFault(place, "nobody is asked; expected at least one user", "steps", index);
    else if (needsOf(step) > users.size) {
      const problem = `${needsOf(step)} of ${users.size} users are needed; expected at most ${users.size}`;
      addFault(place, problem, "steps", index, "needs");
    }
    if (!approval.authorMayApprove && users.has(author)) {
      addFault(place, `the author ${showValue(author)} is asked; expected others`, "steps", index);
    }
  }
}

function checkApprovals(approval: ApprovalDefinition, submission: Submission, place: Place): void {
  const { author, steps } = submission;
  const named = approval.approvers === "named";
  const editors = new Set(ownValue(submission, "editors"));
  const used = new Set<string>();
  let number = 0;
  for (const [step, given] of approvalsByStep(submission).entries()) {
    if (ownValue(approval, "distinctApprovers") !== true) used.clear();
    const asked = named ? new Set(usersOf(steps[step] ?? [])) : undefined;
    for (const each of given) {
      const { by } = each;
      const askedUser = askedOf(each);
      const names = new Set([by, askedUser]);
      const fault = (problem: string, key = "by") => addFault(place, problem, "approvals", number, key);
      if (asked && !asked.has(askedUser)) {
        fault(`${showValue(askedUser)} was not asked; expected one of the step`, by === askedUser ? "by" : "for");
      }
      if (Object.hasOwn(each, "for") && (!named || by === askedUser)) {
        fault(`${showValue(by)} stands in for nobody here; expected no "for"`, "for");
      }
      if (by === author && (!approval.authorMayApprove || by !== askedUser)) {
        fault(`the author ${showValue(author)} approved; expected another`);
      }
      if ([...names].some((name) => editors.has(name))) fault("an editor approved; expected another");
      if ([...names].some((name) => used.has(name))) fault("a user approved twice; expected different users");
      for (const name of names) used.add(name);
      number++;
    }
  }
}
