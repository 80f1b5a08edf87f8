import {
  type ApprovalEvent,
  type ApprovalOptions,
  type ApprovalResult,
  approversFor,
  draft,
  type EventType,
  type InboxItem,
  inbox,
  type StepInput,
  type Submission,
  timeline,
  transition,
} from "channel-grants/approval";
import type { Case, LogEntry } from "./case.js";
import { refusalInWords } from "./wording.js";

export const eventTypes: readonly EventType[] = [
  "submit",
  "approve",
  "reject",
  "withdraw",
  "reassign",
  "edit",
  "release",
  "auto-release",
];

/** A step as it is filled in. */
export interface Asked {
  readonly of: readonly string[];
  readonly needs: number;
}

/** Starts the post that was composed. */
export function startDraft(it: Case): Case {
  const { author, connections } = it.post;
  const blank = { ...it, submission: undefined, log: [] };
  return record(blank, { by: author, event: "draft" }, draft(it.saved, { author, connections }));
}

/** Applies an event, or writes down why it was refused. */
export function happen(it: Case, event: ApprovalEvent): Case {
  if (it.submission === undefined) return it;
  const asked = "steps" in event ? event.steps : undefined;
  const by = event.type === "auto-release" ? undefined : event.by;
  const entry = { by, event: event.type, asked, at: it.now };
  return record(it, entry, outcomeOf(it, it.submission, event));
}

/** Says what becomes of an event that happens now. */
export function outcomeOf(
  { saved, standIns, now }: Case,
  submission: Submission,
  event: ApprovalEvent,
): ApprovalResult {
  return transition(saved, submission, { ...event, at: now }, { standIns });
}

function record(it: Case, tried: LogEntry, result: ApprovalResult): Case {
  const entry = result.ok
    ? { ...tried, status: result.submission.status }
    : { ...tried, refusal: refusalInWords(result) };
  return { ...it, submission: result.ok ? result.submission : it.submission, log: [...it.log, entry] };
}

/** Begins with a post on its way: the composed one, waiting for two of those who may be asked, where there are as many. */
export function withPendingPost(it: Case, expires?: string): Case {
  if (it.policy.approval === undefined) return it;
  const { author } = it.post;
  const drafted = startDraft(it);
  if (drafted.submission === undefined) return it;
  const of = approversFor(it.saved, drafted.submission).slice(0, 3);
  const step = { of: of.map(({ user }) => user), needs: Math.max(1, Math.min(2, of.length)) };
  const steps = it.policy.approval.approvers === "named" ? [stepOf(step)] : [];
  const submitted = happen(drafted, { type: "submit", by: author, steps, ...(expires !== undefined && { expires }) });
  return submitted.submission?.status === "pending" ? submitted : drafted;
}

/** Gives a step as an event names it: a plain list where any one is enough. */
export function stepOf({ of, needs }: Asked): StepInput {
  return needs === 1 ? of : { of, needs };
}

/** Gives the steps that are still to be passed, to be filled in anew. */
export function openSteps({ policy }: Case, submission: Submission): readonly Asked[] {
  const { status, steps } = timeline(submission, policy);
  const open = status === "pending" ? steps.filter(({ state }) => state !== "passed") : [];
  return open.length > 0 ? open.map(({ asked, needs }) => ({ of: asked, needs })) : [{ of: [], needs: 1 }];
}

/** Gives the steps that were passed, as they were submitted. */
export function passedSteps({ policy }: Case, submission: Submission): readonly StepInput[] {
  const { steps } = timeline(submission, policy);
  return submission.steps.filter((_, index) => steps[index]?.state === "passed");
}

/** Lists the users whom a post waits for now, each with the one for whom it would approve, if it stands in. */
export function awaitedOf(
  { saved, standIns, now }: Case,
  submission: Submission,
): readonly (Pick<InboxItem, "for"> & { readonly user: string })[] {
  if (submission.status !== "pending") return [];
  const options: ApprovalOptions = { standIns, at: now };
  const able = approversFor(saved, submission, options).flatMap(({ user, standIns: others }) => [user, ...others]);
  return [...new Set(able)].flatMap((user) =>
    inbox(saved, [submission], user, options).map((item) => ({ ...item, user })),
  );
}

/** Makes the event of a type, as a user sends it who has the submission in front of them. */
export function eventOf(
  type: EventType,
  by: string,
  revision: number,
  steps: readonly StepInput[],
  expires: string | undefined,
): ApprovalEvent {
  if (type === "submit") return { type, by, steps, ...(expires !== undefined && { expires }) };
  if (type === "reassign") return { type, by, steps };
  if (type === "auto-release") return { type, revision };
  if (type === "approve" || type === "reject" || type === "release") return { type, by, revision };
  return { type, by };
}
