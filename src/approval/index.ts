export type { ApprovalEvent, EventType } from "./events.js";
export type { Refusal, RefusalReason } from "./flow.js";
export type { Status, Submission } from "./submission.js";
export { type ApprovalResult, availableEvents, draft, transition } from "./transition.js";
