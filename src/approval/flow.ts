import { ownValue } from "../core/base/readers.js";
import type { Denied } from "../core/decisions/decision.js";
import { explain } from "../core/decisions/explain.js";
import { actionOf, approvalOf, approveActionOf, type CompiledPolicy } from "../core/engine/compiled-policy.js";
import { internalsOf } from "../core/matrix/create-matrix.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { rights } from "../core/policies/read-approval.js";
import type { ApprovalDefinition, Policy, TargetOf } from "../core/types/index.js";
import { type ApprovalEvent, events } from "./events.js";
import type { Submission } from "./submission.js";

/**
 * The reason why the flow refuses an event.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { draft, type RefusalReason } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, { users: [] });
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * const reason: RefusalReason | undefined = result.ok ? undefined : result.reason;
 * reason; // "unknown-user"
 * ```
 */
export type RefusalReason =
  /** The post has no connections. */
  | "no-connections"
  /** A submission in this status does not take the event. */
  | "wrong-status"
  /** The post was edited, and the event is about an earlier revision. Or no further edit can be counted. */
  | "stale-revision"
  /** `user` is no user of the matrix. */
  | "unknown-user"
  /** `user` lacks the right, as `decision` explains. */
  | "not-allowed"
  /** Only the author may do this. */
  | "not-author"
  /** `user` is the author, who may not approve. */
  | "is-author"
  /** `user` is not named in the current step. */
  | "not-asked"
  /** There are too few steps or too many, a step is empty, or passed steps were changed. */
  | "wrong-steps"
  /** `user` is named in a step but may not approve, as `decision` explains. */
  | "not-an-approver"
  /** No user may approve the post, except perhaps its author. */
  | "no-approver"
  /** `user` approved the post and may not do so any more, as `decision` explains, unless the user is gone. */
  | "approval-lapsed";

/**
 * A refusal of the flow. It is an answer, not an error.
 *
 * @example
 * ```ts
 * import { createMatrix, engage, formatDecision } from "channel-grants";
 * import { draft, type Refusal } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * const refusal: Refusal | undefined = result.ok ? undefined : result;
 * refusal?.reason; // "not-allowed"
 * refusal?.decision && formatDecision(refusal.decision); // "ana may not publish.select on fb: fb holds no-access in publish and needs needs-approval."
 * ```
 */
export interface Refusal {
  readonly reason: RefusalReason;
  /** The user whom the refusal is about. */
  readonly user?: string;
  /** The explanation of the missing right, if a right is missing. */
  readonly decision?: Denied;
}

/** The matrix and the policy that the flow asks for rights. */
export interface Account {
  readonly matrix: GrantMatrix;
  readonly engine: CompiledPolicy;
  readonly rows: ReadonlyMap<string, unknown>;
  readonly approval: ApprovalDefinition;
}

type Right = (typeof rights)[number];
type UserEvent = Extract<ApprovalEvent, { readonly by: string }>;
type Of<Type extends ApprovalEvent["type"]> = Extract<ApprovalEvent, { readonly type: Type }>;

/** Gives where rights are asked for, of a matrix. */
export function accountOf(matrix: object): Account {
  const { engine, rows } = internalsOf(matrix);
  return { matrix: matrix as GrantMatrix, engine, rows, approval: approvalOf(engine) };
}

/** Gives the submission after an event, or why not: first whether it is one for this status and this revision. */
export function answerTo(account: Account, before: Submission, event: ApprovalEvent): Submission | Refusal {
  const { takes, leads } = events[event.type];
  if (!ownValue(leads, before.status)) return { reason: "wrong-status" };
  if (takes.includes("revision") && "revision" in event && event.revision !== before.revision) {
    return { reason: "stale-revision" };
  }
  return after(account, before, event);
}

/** Lists, of each type of event that is accepted from a user, one that is. */
export function acceptedEvents(account: Account, read: Submission, by: string): readonly UserEvent[] {
  const { steps, approvals, revision } = read;
  // A step of nobody is refused, as no step is.
  const named =
    account.approval.approvers === "named" ? [approversOf(account, read, approvals.length).slice(0, 1)] : [];
  // Of each type, the event that is accepted if any is.
  const best: { readonly [Type in UserEvent["type"]]: UserEvent } = {
    submit: { type: "submit", by, steps: named },
    approve: { type: "approve", by, revision },
    reject: { type: "reject", by, revision },
    withdraw: { type: "withdraw", by },
    edit: { type: "edit", by, connections: undefined },
    reassign: { type: "reassign", by, steps: [...steps.slice(0, approvals.length), ...named] },
    release: { type: "release", by, revision },
  };
  return Object.values(best).filter((event) => !isRefusal(answerTo(account, read, event)));
}

/** Tells a refusal from what became of an event. */
export function isRefusal(answer: Submission | Refusal): answer is Refusal {
  return Object.hasOwn(answer, "reason");
}

/** Gives the submission after an event that its status and revision admit, or what is in the way. */
function after(account: Account, before: Submission, event: ApprovalEvent): Submission | Refusal {
  if (event.type === "auto-release") return release(account, before);
  const { by } = event;
  if (!account.rows.has(by)) return { reason: "unknown-user", user: by };
  if (event.type === "release") return lacks(account, by, "release", before.connections) ?? release(account, before);
  if (event.type === "submit") return submit(account, before, event);
  if (event.type === "approve") return approve(account, before, by);
  if (event.type === "reject") return reject(account, before, by);
  if (event.type === "edit") return edit(account, before, event);
  if (event.type === "reassign") return reassign(account, before, event);
  // Otherwise somebody with full access could withdraw another's pending post and release it.
  return by === before.author ? asDraft(before) : { reason: "not-author", user: by };
}

/** Says what keeps a user from writing a post to these connections, of which some are added. */
export function cannotSelect(
  account: Account,
  user: string,
  connections: readonly string[],
  added: readonly string[],
): Refusal | undefined {
  if (connections.length === 0) return { reason: "no-connections" };
  return first(added, (connection) => lacks(account, user, "select", [connection]));
}

/** Lists who may approve a submission, whoever is asked. */
export function approversOf(
  { matrix, approval }: Account,
  { author, connections }: Submission,
  step: number,
): readonly string[] {
  const able = matrix.usersFor(approveActionOf(approval, step), ...asTarget({ connections }));
  return able.filter((user) => user !== author || approval.authorMayApprove);
}

function submit(account: Account, before: Submission, { by, steps }: Of<"submit">): Submission | Refusal {
  const refusal = lacks(account, by, "submit", before.connections) ?? cannotAsk(account, before, steps, 0);
  return refusal ?? { ...before, status: "pending", steps };
}

function reassign(account: Account, before: Submission, { by, steps }: Of<"reassign">): Submission | Refusal {
  const { author, connections, approvals } = before;
  const passed = approvals.length;
  const kept = JSON.stringify(steps.slice(0, passed)) === JSON.stringify(before.steps.slice(0, passed));
  if (account.approval.approvers === "anyone" || !kept) return { reason: "wrong-steps" };
  const refusal = by === author ? undefined : lacks(account, by, "submit", connections);
  return refusal ?? cannotAsk(account, before, steps, passed) ?? { ...before, steps };
}

function approve(account: Account, before: Submission, by: string): Submission | Refusal {
  const refusal = cannotApprove(account, before, by);
  if (refusal) return refusal;
  const approvals = [...before.approvals, { by }];
  const last = account.approval.approvers === "anyone" || approvals.length === before.steps.length;
  return { ...before, approvals, status: last ? "approved" : "pending" };
}

/** It is for the same people who approve: what somebody else turned into a draft could be released around them. */
function reject(account: Account, before: Submission, by: string): Submission | Refusal {
  return cannotApprove(account, before, by) ?? lacks(account, by, "reject", before.connections) ?? asDraft(before);
}

function edit(account: Account, before: Submission, { by, connections }: Of<"edit">): Submission | Refusal {
  const next = connections ? [...new Set(connections)] : before.connections;
  const old = new Set(before.connections);
  const added = next.filter((connection) => !old.has(connection));
  const refusal =
    lacks(account, by, "edit", before.connections) ??
    cannotSelect(account, by, next, added) ??
    lacks(account, by, "edit", next);
  if (refusal) return refusal;
  if (!Number.isSafeInteger(before.revision + 1)) return { reason: "stale-revision" };
  const edited = { ...before, connections: next, revision: before.revision + 1 };
  if (before.status !== "pending" || by === before.author) return asDraft(edited);
  // What was approved before is void with it, so the first step is asked again.
  return cannotApprove(account, before, by) ?? { ...edited, approvals: [] };
}

function release(account: Account, before: Submission): Submission | Refusal {
  const { connections, approvals } = before;
  const lapsed = first(approvals.entries(), ([step, { by }]) => hasLapsed(account, by, connections, step));
  return lapsed ?? { ...before, status: "released" };
}

/** Whatever goes back to draft loses its steps and approvals. */
function asDraft(submission: Submission): Submission {
  return { ...submission, status: "draft", steps: [], approvals: [] };
}

/** Says what keeps a user from approving: it is for those who are asked now, and never for the author. */
function cannotApprove(account: Account, before: Submission, by: string): Refusal | undefined {
  const { author, steps, approvals, connections } = before;
  const { approvers, authorMayApprove } = account.approval;
  if (by === author && !authorMayApprove) return { reason: "is-author", user: by };
  const asked = steps[approvals.length] as readonly string[];
  if (approvers === "named" && !asked.includes(by)) return { reason: "not-asked", user: by };
  return lacks(account, by, "approve", connections, approvals.length);
}

/** Says what is wrong with the steps that are to be asked, behind those that were passed. */
function cannotAsk(
  account: Account,
  before: Submission,
  steps: readonly (readonly string[])[],
  passed: number,
): Refusal | undefined {
  const { approvers, steps: most, authorMayApprove } = account.approval;
  if (approvers === "anyone") {
    if (steps.length > 0) return { reason: "wrong-steps" };
    const others = approversOf(account, before, 0).filter((user) => user !== before.author);
    return others.length > 0 ? undefined : { reason: "no-approver" };
  }
  const asked = steps.slice(passed);
  if (asked.length === 0 || steps.length > most || asked.some((step) => step.length === 0)) {
    return { reason: "wrong-steps" };
  }
  return first(asked.entries(), ([index, step]) =>
    first(new Set(step), (user) => {
      if (user === before.author && !authorMayApprove) return { reason: "is-author", user };
      const refusal = lacks(account, user, "approve", before.connections, passed + index);
      return refusal?.reason === "not-allowed" ? { ...refusal, reason: "not-an-approver" } : refusal;
    }),
  );
}

/** Says whose approval would not be given today. */
function hasLapsed(account: Account, user: string, connections: readonly string[], step: number): Refusal | undefined {
  const refusal = lacks(account, user, "approve", connections, step);
  return refusal && { ...refusal, reason: "approval-lapsed" };
}

/** Asks the engine for a right, and gives its explanation where it says no. */
function lacks(
  account: Account,
  user: string,
  right: Right,
  connections: readonly string[],
  step = 0,
): Refusal | undefined {
  const { matrix, engine, rows, approval } = account;
  if (!rows.has(user)) return { reason: "unknown-user", user };
  const action = right === "approve" ? approveActionOf(approval, step) : approval[right];
  const [one] = connections;
  const target = actionOf(engine, action).target === "connection" ? one : { connections };
  const decision = explain(matrix.user(user), action, ...asTarget(target));
  return decision.allowed ? undefined : { reason: "not-allowed", user, decision };
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
