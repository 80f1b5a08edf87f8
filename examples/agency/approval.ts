import { type Buffer, type Engage, formatDecision, type GrantMatrix, type Policy } from "channel-grants";
import {
  type ApprovalEvent,
  type ApprovalResult,
  availableEvents,
  draft,
  type RefusalReason,
  type Submission,
  transition,
} from "channel-grants/approval";
import { label, type NameOf, namesInLine, type Post, printHeading, printTable, printText } from "./tables.js";

/** A post on its way, and what is told of it so far: who, what, and what became of it. */
interface Story {
  readonly submission: Submission;
  readonly lines: readonly (readonly [who: string, event: string, outcome: string])[];
}

/** An intern's post passes two approvers, one of whom is no approver any more when it is due. */
export function printEngageStory(matrix: GrantMatrix<Engage>, post: Post, nameOf: NameOf): void {
  printHeading("An approval in Engage: an intern, and an approver who is demoted");
  printText(
    `${nameOf("priya")}, an intern at Needs Approval, writes "${post.title}" and says who is asked:`,
    `first ${nameOf("maya")}, the account director, then ${nameOf("greta")}, the client. At release every`,
    "approval is checked again: whoever gave it must still be an approver. Each edit raises the revision,",
    "and whoever approves says which revision was read. A refused event leaves the post as it was.",
  );
  const approved = tell(matrix, begin(matrix, "priya", post, nameOf), nameOf, [
    { type: "release", by: "priya", revision: 0 },
    { type: "submit", by: "priya", steps: [["maya"], ["greta"]] },
    { type: "approve", by: "priya", revision: 0 },
    { type: "approve", by: "greta", revision: 0 },
    { type: "approve", by: "maya", revision: 0 },
    { type: "approve", by: "greta", revision: 0 },
  ]);
  const connection = "ig-quillmoor";
  const demoted = matrix.assign("maya", connection, { ...matrix.grant("maya", connection), approver: false });
  const demotion = `set Approver to Off for ${nameOf("maya")} on ${connection}`;
  const told: Story = {
    ...approved,
    lines: [...approved.lines, [nameOf("dev"), demotion, `${statusOf(approved.submission)}, as before`]],
  };
  const released = tell(demoted, told, nameOf, [
    { type: "auto-release", revision: 0 },
    { type: "edit", by: "priya" },
    { type: "submit", by: "priya", steps: [["greta"]] },
    { type: "approve", by: "greta", revision: 0 },
    { type: "approve", by: "greta", revision: 1 },
    { type: "auto-release", revision: 1 },
  ]);
  printTimeline(released);
}

/** The agency writes and asks; its client mends the text, approves, and has it queued. */
export function printBufferStory(matrix: GrantMatrix<Buffer>, post: Post, nameOf: NameOf): void {
  printHeading("An approval in Buffer: an agency, and a client who edits and approves");
  printText(
    `${nameOf("hana")} of the agency, at Approval Required like the copywriter ${nameOf("sanne")}, writes`,
    `"${post.title}" for a client, ${nameOf("viktor")}. Nobody is named: whoever holds Full`,
    "Posting on all of the post's accounts may approve it, save its author, and may edit it first",
    "without asking anew. To release it is to put it into the queue (rule B4).",
  );
  const drafted = begin(matrix, "hana", post, nameOf);
  const pending = tell(matrix, drafted, nameOf, [
    { type: "release", by: "hana", revision: 0 },
    { type: "submit", by: "hana", steps: [] },
  ]);
  const released = tell(matrix, pending, nameOf, [
    { type: "approve", by: "hana", revision: 0 },
    { type: "approve", by: "sanne", revision: 0 },
    { type: "release", by: "viktor", revision: 0 },
    { type: "auto-release", revision: 0 },
    { type: "edit", by: "viktor" },
    { type: "approve", by: "viktor", revision: 1 },
    { type: "auto-release", revision: 1 },
  ]);
  printTimeline(released);
  printText("The buttons of four people at two moments. The last is the client of another brand:");
  const buttonsAt = ({ submission }: Story, id: string): string =>
    availableEvents(matrix, submission, id).map(label).join(", ") || "none";
  printTable(
    [
      { title: "Person", width: 23 },
      { title: `Draft (after line ${drafted.lines.length})`, width: 35 },
      { title: `Pending (after line ${pending.lines.length})`, width: 36 },
    ],
    ["hana", "sanne", "viktor", "greta"].map((id) => [nameOf(id), buttonsAt(drafted, id), buttonsAt(pending, id)]),
    { compact: true },
  );
}

/** Begins a story with the draft of a post. */
function begin<P extends Policy>(matrix: GrantMatrix<P>, author: string, post: Post, nameOf: NameOf): Story {
  const result = draft(matrix, { author, connections: post.connections });
  if (!result.ok) throw new Error(`expected a draft: ${result.reason}`);
  const event = `draft for ${post.connections.join(", ")}`;
  return { submission: result.submission, lines: [[nameOf(author), event, statusOf(result.submission)]] };
}

/** Lets events happen, one after the other. After a refusal the post is as it was. */
function tell<P extends Policy>(
  matrix: GrantMatrix<P>,
  story: Story,
  nameOf: NameOf,
  events: readonly ApprovalEvent[],
): Story {
  let { submission, lines } = story;
  for (const event of events) {
    const result = transition(matrix, submission, event);
    const who = event.type === "auto-release" ? "the scheduler" : nameOf(event.by);
    lines = [...lines, [who, textOf(event, nameOf), outcomeOf(result, submission, nameOf)]];
    if (result.ok) submission = result.submission;
  }
  return { submission, lines };
}

function printTimeline({ lines }: Story): void {
  printTable(
    [
      { title: "#", width: 4 },
      { title: "Who", width: 17 },
      { title: "Event", width: 27 },
      { title: "Outcome", width: 47 },
    ],
    lines.map((line, index) => [`${index + 1}`, ...line]),
    { compact: true },
  );
}

function textOf(event: ApprovalEvent, nameOf: NameOf): string {
  if ("revision" in event) return `${event.type} revision ${event.revision}`;
  if (!("steps" in event)) return event.type;
  const steps = event.steps.map((step) => namesInLine("of" in step ? step.of : step, nameOf));
  return `${event.type} to ${steps.join(", then ") || "whoever may approve"}`;
}

function outcomeOf(result: ApprovalResult, before: Submission, nameOf: NameOf): string {
  if (result.ok) return statusOf(result.submission);
  const { reason, user, decision } = result;
  const who = user === undefined ? "" : nameOf(user);
  const why = decision ? formatDecision(decision) : `${who} is no user here.`;
  return `no: ${refusals[reason]({ who, why, before })}`;
}

function statusOf({ status, steps, approvals, revision }: Submission): string {
  const progress = status === "pending" && steps.length > 1 ? `, ${approvals.length} of ${steps.length} approvals` : "";
  return `${status}, revision ${revision}${progress}`;
}

/** Every reason in this application's words. A reason that a later version adds would not compile here. */
const refusals: {
  readonly [Reason in RefusalReason]: (about: { who: string; why: string; before: Submission }) => string;
} = {
  "no-connections": () => "a post needs a connection.",
  "wrong-status": ({ before }) => `not while the post is ${before.status}.`,
  "stale-revision": ({ before }) => `the post was edited since, and is at revision ${before.revision}.`,
  "unknown-user": ({ why }) => why,
  "not-allowed": ({ why }) => why,
  "not-author": () => "only its author may.",
  "is-author": ({ who }) => `${who} is the author.`,
  "not-asked": ({ who }) => `${who} is not asked at this step.`,
  "is-editor": ({ who }) => `${who} edited the post, and editors do not approve here.`,
  "already-approved": ({ who }) => `${who} has approved it.`,
  expired: () => "the deadline has passed.",
  "wrong-steps": () => "these are not the steps to ask.",
  "not-an-approver": ({ who, why }) => `${who} cannot be asked. ${why}`,
  "no-approver": () => "there is nobody who may approve.",
  "approval-lapsed": ({ who, why }) => `the approval by ${who} no longer counts. ${why}`,
};
