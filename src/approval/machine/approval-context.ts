import { ownValue } from "../../core/base/readers.js";
import { explain } from "../../core/decisions/explain.js";
import { actionOf, approvalOf, approveActionOf, type CompiledPolicy } from "../../core/engine/compiled-policy.js";
import type { GrantMatrix } from "../../core/matrix/grant-matrix.js";
import { internalsOf } from "../../core/matrix/matrix-internals.js";
import { AUTHOR, type rights } from "../../core/policies/read-approval.js";
import type { ApprovalDefinition, Policy, TargetOf } from "../../core/types/index.js";
import type { Refusal } from "./refusal.js";
import type { StandIns } from "./stand-ins.js";
import {
  type Approval,
  approvalsByStep,
  askedOf,
  needsOf,
  type Step,
  type Submission,
  turnOf,
  usersOf,
} from "./submission.js";

/** Where the flow asks for rights, and when. */
export interface ApprovalContext {
  readonly matrix: GrantMatrix;
  readonly engine: CompiledPolicy;
  readonly users: ReadonlyMap<string, unknown>;
  readonly approval: ApprovalDefinition;
  readonly standIns: StandIns;
  /** The instant, if the event has one. */
  readonly at: string | undefined;
}

type Right = (typeof rights)[number];

/** What the flow knows of a post: where it goes to, and whose it is. */
export type Post = Pick<Submission, "connections" | "author">;

/** Gives where rights are asked for, of a matrix. */
export function contextOf(matrix: object, standIns: StandIns = new Map(), at?: string): ApprovalContext {
  const { engine, rows } = internalsOf(matrix);
  return { matrix: matrix as GrantMatrix, engine, users: rows.places, approval: approvalOf(engine), standIns, at };
}

/** Lists who may be asked in a step of a submission, counted from zero. */
export function approversOf(
  { matrix, approval }: ApprovalContext,
  submission: Submission,
  step: number,
): readonly string[] {
  const { author } = submission;
  const able = matrix.usersFor(approveActionOf(approval, step), ...asTarget(groupOf(submission)));
  const editors = editorsOf(submission);
  return able.filter((user) => (user !== author || approval.authorMayApprove) && !editors.has(user));
}

/** Lists the users who may not approve because they edited. */
export function editorsOf(submission: Submission): ReadonlySet<string> {
  return new Set(ownValue(submission, "editors"));
}

/** Says what keeps a user from writing a post, to some of whose connections it did not go before. */
export function cannotSelect(
  context: ApprovalContext,
  user: string,
  post: Post,
  added: readonly string[],
): Refusal | undefined {
  if (post.connections.length === 0) return { reason: "no-connections" };
  return first(added, (connection) => lacks(context, user, "select", { ...post, connections: [connection] }));
}

/** Says what is wrong with the steps that are to be asked, behind those that were passed; some were asked already. */
export function cannotAsk(
  context: ApprovalContext,
  before: Submission,
  steps: readonly Step[],
  passed: number,
  counted: readonly string[] = [],
): Refusal | undefined {
  const { approvers, steps: most, authorMayApprove } = context.approval;
  const { author } = before;
  if (approvers === "anyone") {
    if (steps.length > 0) return { reason: "wrong-steps" };
    return approversOf(context, before, 0).some((user) => user !== author) ? undefined : { reason: "no-approver" };
  }
  const asked = steps.slice(passed).map((step) => new Set(usersOf(step)));
  const isWrong = (users: ReadonlySet<string>, index: number) =>
    users.size < needsOf(steps[passed + index] as Step) || users.size === 0;
  if (asked.length === 0 || steps.length > most || asked.some(isWrong)) return { reason: "wrong-steps" };
  const editors = editorsOf(before);
  for (const user of counted) asked[0]?.delete(user);
  return first(asked.entries(), ([index, users]) =>
    first(users, (user) => {
      if (user === author && !authorMayApprove) return { reason: "is-author", user };
      if (editors.has(user)) return { reason: "is-editor", user };
      const refusal = lacks(context, user, "approve", before, passed + index);
      return refusal?.reason === "not-allowed" ? { ...refusal, reason: "not-an-approver" } : refusal;
    }),
  );
}

/** Says what keeps a user from deciding now: it is for those who are asked, and those who stand in for them. */
export function cannotDecide(context: ApprovalContext, before: Submission, by: string): Refusal | undefined {
  const { author } = before;
  if (by === author && !context.approval.authorMayApprove) return { reason: "is-author", user: by };
  const [asked] = askedAs(context, before, by);
  if (asked === undefined) return { reason: "not-asked", user: by };
  // Also where authors may approve, they do so in their own name, and in nobody's place.
  if (by === author && asked !== by) return about(by, asked, { reason: "is-author" });
  const refusal = lacks(context, by, "approve", before, turnOf(before).step);
  return refusal && about(by, asked, refusal);
}

/**
 * Gives the approval of a user who may decide now, or why there is none: nobody is named twice in a step, or in any where
 * approvers are different, neither as the one who gave an approval nor as the one for whom it was given.
 */
export function approvalBy(context: ApprovalContext, before: Submission, by: string): Approval | Refusal {
  const counted = ownValue(context.approval, "distinctApprovers") === true ? before.approvals : turnOf(before).given;
  const named = new Set(counted.flatMap((each) => [each.by, askedOf(each)]));
  const editors = editorsOf(before);
  const users = askedAs(context, before, by);
  const isFree = (user: string) => !named.has(user) && !editors.has(user);
  const asked = isFree(by) ? users.find(isFree) : undefined;
  if (asked !== undefined) return asked === by ? { by } : { by, for: asked };
  const [other] = users as [string];
  return about(by, other, { reason: editors.has(by) || editors.has(other) ? "is-editor" : "already-approved" });
}

/** Lists as whom a user is asked now: as itself or, if it is not asked, as those for whom it stands in. */
function askedAs(context: ApprovalContext, before: Submission, by: string): readonly string[] {
  if (context.approval.approvers === "anyone") return [by];
  const users = usersOf(before.steps[turnOf(before).step] as Step);
  const others = context.standIns.get(by);
  return users.includes(by) ? [by] : users.filter((user) => others?.has(user));
}

/** Says whose approval would not be given today. */
export function hasLapsed(context: ApprovalContext, submission: Submission): Refusal | undefined {
  return first(approvalsByStep(submission).entries(), ([step, given]) =>
    first(given, (approval) => {
      const refusal = lacks(context, approval.by, "approve", submission, step);
      return refusal && about(approval.by, askedOf(approval), { ...refusal, reason: "approval-lapsed" });
    }),
  );
}

/** Names in a refusal the user whom it is about and, if that user stands in for another, both. */
function about(by: string, asked: string, refusal: Refusal): Refusal {
  return { ...refusal, user: by, ...(asked !== by && { for: asked }) };
}

/** Asks the engine for a right to a post, and gives its explanation where it says no. */
export function lacks(
  { matrix, engine, users, approval }: ApprovalContext,
  user: string,
  right: Right,
  post: Post,
  step = 0,
): Refusal | undefined {
  if (!users.has(user)) return { reason: "unknown-user", user };
  const action = right === "approve" ? approveActionOf(approval, step) : approval[right];
  const target = actionOf(engine, action).target === "connection" ? post.connections[0] : groupOf(post);
  const decision = explain(matrix.user(user), action, ...asTarget(target));
  return decision.allowed ? undefined : { reason: "not-allowed", user, decision };
}

/** Gives the target of an action on a post: the engine reads the author where the action is for it, or for all others. */
function groupOf({ connections, author }: Post): object {
  return { connections, [AUTHOR]: author };
}

/** A target of an action that is known by its name only. */
function asTarget(target: unknown): TargetOf<Policy, string> {
  return [target] as unknown as TargetOf<Policy, string>;
}

function first<Item>(items: Iterable<Item>, refuse: (item: Item) => Refusal | undefined): Refusal | undefined {
  for (const item of items) {
    const refusal = refuse(item);
    if (refusal) return refusal;
  }
  return undefined;
}
