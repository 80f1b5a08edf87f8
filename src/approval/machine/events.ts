import type { Instant } from "../../core/types/index.js";
import type { StepInput } from "./submission.js";

/**
 * An event that somebody wants for a submission: `by` is the id of that user. Only `auto-release` has no user.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type ApprovalEvent, draft, transition } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } }],
 * });
 * const release: ApprovalEvent = { type: "release", by: "ana", revision: 0 };
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * result.ok && transition(account, result.submission, release).ok; // true
 * ```
 */
export type ApprovalEvent =
  | (ByUser<"submit"> & {
      readonly steps: readonly StepInput[];
      /** From this instant on, the post is neither approved nor released. */
      readonly expires?: Instant;
    })
  | (ByUser<"approve"> & { readonly revision: number })
  | (ByUser<"reject"> & { readonly revision: number })
  | ByUser<"withdraw">
  | (ByUser<"edit"> & { readonly connections?: readonly string[] | undefined })
  | (ByUser<"reassign"> & { readonly steps: readonly StepInput[] })
  | (ByUser<"release"> & { readonly revision: number })
  /** Your application itself, for example its scheduler, releases an approved post. */
  | (Event<"auto-release"> & { readonly revision: number });

/**
 * The type of an event, such as `submit` or `approve`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { availableEvents, draft, type EventType } from "channel-grants/approval";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } }],
 * });
 * const result = draft(account, { author: "ana", connections: ["fb"] });
 * const buttons: readonly EventType[] = result.ok ? availableEvents(account, result.submission, "ana") : [];
 * buttons; // ["edit", "release"]
 * ```
 */
export type EventType = ApprovalEvent["type"];

interface Event<Type extends string> {
  readonly type: Type;
  /** The instant of the event. It is needed where the submission expires, or where a stand-in has a period. */
  readonly at?: Instant;
}

interface ByUser<Type extends string> extends Event<Type> {
  readonly by: string;
}
