export type { Instant } from "../core/types/index.js";
export { type Approver, approversFor } from "./approvers-for.js";
export { type InboxItem, inbox } from "./inbox.js";
export type { ApprovalEvent, EventType } from "./machine/events.js";
export type { Refusal, RefusalReason } from "./machine/refusal.js";
export type { ApprovalOptions, StandIn } from "./machine/stand-ins.js";
export type { Approval, Status, Step, StepInput, Submission } from "./machine/submission.js";
export { type Timeline, type TimelineStep, timeline } from "./timeline.js";
export { type ApprovalResult, availableEvents, draft, transition } from "./transition.js";
