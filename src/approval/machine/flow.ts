import { ownValue } from "../../core/base/readers.js";
import {
  type ApprovalContext,
  approvalBy,
  approversOf,
  cannotAsk,
  cannotDecide,
  cannotSelect,
  hasLapsed,
  lacks,
} from "./approval-context.js";
import type { ApprovalEvent, EventType } from "./events.js";
import type { Refusal } from "./refusal.js";
import { askedOf, needsOf, type Status, type Step, type Submission, turnOf, usersOf } from "./submission.js";

/** An event that was read: its steps are complete, its instants are in UTC. */
export type ReadEvent<Type extends EventType = EventType> = Type extends EventType
  ? Omit<Extract<ApprovalEvent, { readonly type: Type }>, "steps" | "expires" | "at"> & Complete<Type>
  : never;
type Complete<Type extends EventType> = { readonly at?: string } & (Type extends "submit"
  ? { readonly steps: readonly Step[]; readonly expires?: string }
  : Type extends "reassign"
    ? { readonly steps: readonly Step[] }
    : unknown);
type UserEvent = Exclude<ReadEvent, { readonly type: "auto-release" }>;
type Answer = Submission | Refusal;
type Apply<Type extends EventType> = (context: ApprovalContext, before: Submission, event: ReadEvent<Type>) => Answer;

/**
 * The machine. For each event: its fields beside the type, from which status it leads to which, and what becomes of a
 * submission in one of these statuses.
 */
export const flow: {
  readonly [Type in EventType]: {
    readonly fields: readonly string[];
    readonly nextStatuses: { readonly [From in Status]?: readonly Status[] };
    readonly apply: Apply<Type>;
  };
} = {
  submit: { fields: ["by", "steps", "expires"], nextStatuses: { draft: ["pending"] }, apply: submit },
  approve: { fields: ["by", "revision"], nextStatuses: { pending: ["pending", "approved"] }, apply: approve },
  reject: { fields: ["by", "revision"], nextStatuses: { pending: ["draft"] }, apply: reject },
  withdraw: { fields: ["by"], nextStatuses: { pending: ["draft"] }, apply: withdraw },
  edit: {
    fields: ["by", "connections"],
    nextStatuses: { draft: ["draft"], pending: ["draft", "pending"], approved: ["draft"] },
    apply: edit,
  },
  reassign: { fields: ["by", "steps"], nextStatuses: { pending: ["pending"] }, apply: reassign },
  release: {
    fields: ["by", "revision"],
    nextStatuses: { draft: ["released"], approved: ["released"] },
    apply: (context, before, { by }) => lacks(context, by, "release", before) ?? release(context, before),
  },
  "auto-release": { fields: ["revision"], nextStatuses: { approved: ["released"] }, apply: release },
};

export const eventTypes: readonly EventType[] = /* @__PURE__ */ Object.keys(flow) as EventType[];

/** Gives the submission after an event, or why not: first whether it is one for this status, revision and account. */
export function answerTo(context: ApprovalContext, before: Submission, event: ReadEvent): Answer {
  const { nextStatuses, apply } = flow[event.type];
  if (!ownValue(nextStatuses, before.status)) return { reason: "wrong-status" };
  const revision = ownValue(event as ReadEvent<"approve">, "revision");
  if (revision !== undefined && revision !== before.revision) return { reason: "stale-revision" };
  if (event.type !== "auto-release" && !context.users.has(event.by)) return { reason: "unknown-user", user: event.by };
  return (apply as Apply<EventType>)(context, before, event);
}

/** Lists, of each type of event that is accepted from a user, one that is. */
export function acceptedEvents(context: ApprovalContext, read: Submission, by: string): readonly UserEvent[] {
  const { status, revision } = read;
  const steps = status === "draft" || status === "pending" ? stepsToAsk(context, read) : [];
  // Of each type, the event that is accepted if any is. A step of nobody is refused, as no step is.
  const best: { readonly [Type in UserEvent["type"]]: UserEvent } = {
    submit: { type: "submit", by, steps },
    approve: { type: "approve", by, revision },
    reject: { type: "reject", by, revision },
    withdraw: { type: "withdraw", by },
    edit: { type: "edit", by, connections: undefined },
    reassign: { type: "reassign", by, steps },
    release: { type: "release", by, revision },
  };
  return Object.values(best).filter((event) => !isRefusal(answerTo(context, read, event)));
}

/** Gives steps that may be asked if any may: those that were passed and, in the one whose turn it is, one user more. */
function stepsToAsk(context: ApprovalContext, read: Submission): readonly Step[] {
  if (context.approval.approvers === "anyone") return [];
  const isPending = read.status === "pending";
  const { step, given } = isPending ? turnOf(read) : { step: 0, given: [] };
  const counted = given.map(askedOf);
  const isCounted = new Set(counted);
  const other = approversOf(context, read, step).find((user) => !isCounted.has(user));
  const of = other === undefined ? counted : [...counted, other];
  return [...read.steps.slice(0, step), counted.length > 0 ? { of, needs: counted.length + 1 } : of];
}

/** Tells a refusal from what became of an event. */
export function isRefusal<Value extends object>(answer: Value | Refusal): answer is Refusal {
  return Object.hasOwn(answer, "reason");
}

function submit(context: ApprovalContext, before: Submission, event: ReadEvent<"submit">): Answer {
  const expires = ownValue(event, "expires");
  const { steps } = event;
  const next: Submission = { ...before, status: "pending", steps, ...(expires !== undefined && { expires }) };
  const refusal = lacks(context, event.by, "submit", before) ?? cannotAsk(context, before, steps, 0);
  return refusal ?? hasExpired(context, next) ?? next;
}

function reassign(context: ApprovalContext, before: Submission, event: ReadEvent<"reassign">): Answer {
  const { step: passed, given } = turnOf(before);
  const { steps } = event;
  const counted = given.map(askedOf);
  const kept = JSON.stringify(steps.slice(0, passed)) === JSON.stringify(before.steps.slice(0, passed));
  // Otherwise a step could be passed by its being changed, and an approval that was given be lost.
  const open = steps[passed] ?? [];
  const users = new Set(usersOf(open));
  const isOpen = counted.every((user) => users.has(user)) && needsOf(open) > counted.length;
  if (context.approval.approvers === "anyone" || !kept || !isOpen) return { reason: "wrong-steps" };
  const refusal = event.by === before.author ? undefined : lacks(context, event.by, "submit", before);
  return refusal ?? cannotAsk(context, before, steps, passed, counted) ?? { ...before, steps };
}

function approve(context: ApprovalContext, before: Submission, { by }: ReadEvent<"approve">): Answer {
  const refusal = hasExpired(context, before) ?? cannotDecide(context, before, by);
  if (refusal) return refusal;
  const approval = approvalBy(context, before, by);
  if (isRefusal(approval)) return approval;
  const { steps, approvals } = before;
  const { step, given } = turnOf(before);
  const last = step >= steps.length - 1 && given.length + 1 === needsOf(steps[step] ?? []);
  return { ...before, approvals: [...approvals, approval], status: last ? "approved" : "pending" };
}

/** It is for the same people who approve: what somebody else turned into a draft could be released around them. */
function reject(context: ApprovalContext, before: Submission, { by }: ReadEvent<"reject">): Answer {
  return cannotDecide(context, before, by) ?? lacks(context, by, "reject", before) ?? asDraft(before);
}

/** Otherwise somebody with full access could withdraw another's pending post and release it. */
function withdraw(_: ApprovalContext, before: Submission, { by }: ReadEvent<"withdraw">): Answer {
  return by === before.author ? asDraft(before) : { reason: "not-author", user: by };
}

function edit(context: ApprovalContext, before: Submission, { by, connections }: ReadEvent<"edit">): Answer {
  const next = connections ? [...new Set(connections)] : before.connections;
  const old = new Set(before.connections);
  const added = next.filter((connection) => !old.has(connection));
  const edited = { ...before, connections: next, revision: before.revision + 1 };
  const refusal =
    lacks(context, by, "edit", before) ??
    cannotSelect(context, by, edited, added) ??
    lacks(context, by, "edit", edited);
  if (refusal) return refusal;
  if (!Number.isSafeInteger(edited.revision)) return { reason: "stale-revision" };
  const isKept = ownValue(context.approval, "editorMayApprove") === false;
  if (before.status !== "pending" || by === before.author) {
    return { ...asDraft(edited), ...(isKept && { editors: [by] }) };
  }
  const editors = [...new Set([...(ownValue(before, "editors") ?? []), by])];
  // What was approved before is void with it, so the first step is asked again.
  return cannotDecide(context, before, by) ?? { ...edited, approvals: [], ...(isKept && { editors }) };
}

function release(context: ApprovalContext, before: Submission): Answer {
  return hasExpired(context, before) ?? hasLapsed(context, before) ?? { ...before, status: "released" };
}

/** Whatever goes back to draft loses its steps, its approvals and its deadline. */
function asDraft(submission: Submission): Submission {
  const { expires: _, ...rest } = submission;
  return { ...rest, status: "draft", steps: [], approvals: [] };
}

/** Says whether the deadline of a submission has passed. An event without an instant was refused, if there is one. */
function hasExpired({ at }: ApprovalContext, submission: Submission): Refusal | undefined {
  const expires = ownValue(submission, "expires");
  return expires !== undefined && at !== undefined && expires <= at ? { reason: "expired" } : undefined;
}
