import { at } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { elementAt, ownValue, readLastArgument } from "../core/base/readers.js";
import { approvalOf, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { Policy } from "../core/types/index.js";
import { readParts, readSubmission } from "./machine/read-submission.js";
import {
  type Approval,
  approvalsByStep,
  askedOf,
  needsOf,
  type Status,
  type Submission,
  usersOf,
} from "./machine/submission.js";

/**
 * How far a post has come, as plain JSON for a page.
 *
 * @example
 * ```ts
 * import { type Timeline, timeline } from "channel-grants/approval";
 *
 * const shown: Timeline = timeline({
 *   ...{ connections: ["fb"], author: "ana", revision: 0 },
 *   ...{ status: "pending", steps: [["ben"]], approvals: [] },
 * });
 * shown.steps; // [{ asked: ["ben"], anyone: false, needs: 1, approvals: [], awaited: ["ben"], state: "current" }]
 * ```
 */
export interface Timeline {
  readonly author: string;
  readonly status: Status;
  readonly revision: number;
  readonly expires?: string;
  /** Empty for a draft, and for a draft that was released. */
  readonly steps: readonly TimelineStep[];
}

/**
 * A step of a timeline.
 *
 * @example
 * ```ts
 * import type { TimelineStep } from "channel-grants/approval";
 *
 * const missing = ({ needs, approvals }: TimelineStep) => needs - approvals.length;
 * missing({ asked: ["ben", "cat"], anyone: false, needs: 2, approvals: [{ by: "cat" }], awaited: ["ben"], state: "current" }); // 1
 * ```
 */
export interface TimelineStep {
  /** The users who are asked, each once; nobody where anyone with the right may approve. */
  readonly asked: readonly string[];
  /** Whether anyone with the right may approve, because nobody is named under this policy. */
  readonly anyone: boolean;
  /** How many different users have to approve. */
  readonly needs: number;
  /** Who approved, and for whom. */
  readonly approvals: readonly Approval[];
  /** The users who are still awaited, in the step whose turn it is. Not all of them have to approve. */
  readonly awaited: readonly string[];
  readonly state: "passed" | "current" | "later";
}

/**
 * Tells how far a post has come: who was asked, who approved, for whom, and who is still awaited.
 *
 * It reads the submission alone, without a matrix: whether those who are awaited still hold the right is not asked.
 *
 * @param last the policy, with which the submission is checked as `transition` does. Where approvers are different,
 * nobody who passed a step is awaited in another one: that is known only with the policy.
 * @throws `PolicyError` `invalid-submission` or, of something else for a policy, `invalid-policy`.
 *
 * @example
 * ```ts
 * import { timeline } from "channel-grants/approval";
 *
 * const { steps } = timeline({
 *   ...{ connections: ["fb"], author: "ana", status: "pending", revision: 0 },
 *   ...{ steps: [["lea"], { of: ["ben", "cat", "dan"], needs: 2 }], approvals: [{ by: "lea" }, { by: "cy", for: "ben" }] },
 * });
 * steps.map(({ state }) => state); // ["passed", "current"]
 * steps[1]?.approvals; // [{ by: "cy", for: "ben" }]
 * steps[1]?.awaited; // ["cat", "dan"]
 * ```
 */
export function timeline<P extends Policy>(submission: Submission, ...last: readonly [policy?: P]): Timeline {
  const place = at("invalid-submission");
  const policy = readLastArgument<P | undefined>(last, at("invalid-policy"), undefined);
  const approval = policy && approvalOf(compiledPolicyOf(policy));
  const read = approval ? readSubmission(approval, submission, place) : (readParts(submission, place) as Submission);
  const { author, status, revision, steps, approvals } = read;
  const expires = ownValue(read, "expires");
  const isAsked = status === "pending" || status === "approved" || approvals.length > 0 || steps.length > 0;
  const editors = ownValue(read, "editors") ?? [];
  const isDistinct = approval !== undefined && ownValue(approval, "distinctApprovers") === true;
  let current: number | undefined;
  const rounds = isAsked ? approvalsByStep(read) : [];
  const shown = rounds.map((given, index): TimelineStep => {
    const step = (elementAt(steps, index) ?? []) as Submission["steps"][number];
    const asked = [...new Set(usersOf(step))];
    const needs = needsOf(step);
    if (given.length < needs) current ??= index;
    const awaited = current === index ? awaitedOf(asked, isDistinct ? approvals : given, editors) : [];
    const state = current === undefined ? "passed" : current === index ? "current" : "later";
    return { asked, anyone: steps.length === 0, needs, approvals: [...given], awaited, state };
  });
  return freeze({ author, status, revision, ...(expires !== undefined && { expires }), steps: shown });
}

/** Lists the users who may still approve in a step: those who are named in none of the approvals that count. */
function awaitedOf(
  asked: readonly string[],
  counted: readonly Approval[],
  editors: readonly string[],
): readonly string[] {
  const names = new Set([...editors, ...counted.flatMap((each) => [each.by, askedOf(each)])]);
  return asked.filter((user) => !names.has(user));
}
