import {
  type ApprovalEvent,
  type ApprovalResult,
  draft,
  type EventType,
  type StepInput,
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
  return record(it, { by, event: event.type, asked }, transition(it.saved, it.submission, event));
}

function record(it: Case, tried: LogEntry, result: ApprovalResult): Case {
  const entry = result.ok
    ? { ...tried, status: result.submission.status }
    : { ...tried, refusal: refusalInWords(result) };
  return { ...it, submission: result.ok ? result.submission : it.submission, log: [...it.log, entry] };
}

/** Makes the event of a type, as a user sends it who has the submission in front of them. */
export function eventOf(type: EventType, by: string, revision: number, steps: readonly StepInput[]): ApprovalEvent {
  if (type === "submit" || type === "reassign") return { type, by, steps };
  if (type === "auto-release") return { type, revision };
  if (type === "approve" || type === "reject" || type === "release") return { type, by, revision };
  return { type, by };
}
