import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { readInstant } from "../../core/base/instant.js";
import { showValue } from "../../core/base/message.js";
import { readList, readQuestion } from "../../core/base/readers.js";
import type { Instant } from "../../core/types/index.js";
import { readUser } from "./read-submission.js";

/**
 * A user who decides in another user's place, within a period that includes `from` and excludes `until`.
 *
 * @example
 * ```ts
 * import type { StandIn } from "channel-grants/approval";
 *
 * const holiday: StandIn = { for: "ben", by: "cy", from: "2026-08-01T00:00:00Z", until: "2026-08-15T00:00:00Z" };
 * holiday.by; // "cy"
 * ```
 */
export interface StandIn {
  /** The user who is asked. */
  readonly for: string;
  /** The user who stands in. */
  readonly by: string;
  readonly from?: Instant;
  readonly until?: Instant;
}

/**
 * The users who stand in for others, and the instant at which that is asked.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type ApprovalOptions, inbox, type Submission } from "channel-grants/approval";
 *
 * const approver = { fb: { publish: "view-only", approver: true } } as const;
 * const account = createMatrix(engage, { users: [{ id: "cy", role: "viewer", grants: approver }] });
 * const post: Submission = {
 *   ...{ connections: ["fb"], author: "ana", revision: 0 },
 *   ...{ status: "pending", steps: [["ben"]], approvals: [] },
 * };
 * const now: ApprovalOptions = {
 *   standIns: [{ for: "ben", by: "cy", until: "2026-08-15T00:00:00Z" }],
 *   at: "2026-08-14T12:00:00Z",
 * };
 * inbox(account, [post], "cy", now).map((item) => item.for); // ["ben"]
 * inbox(account, [post], "cy"); // []
 * ```
 */
export interface ApprovalOptions {
  readonly standIns?: readonly StandIn[];
  /** The instant of the question. It is needed where a submission expires, or where a stand-in has a period. */
  readonly at?: Instant;
}

/** For whom each user stands in. */
export type StandIns = ReadonlyMap<string, ReadonlySet<string>>;

const start = /* @__PURE__ */ at("invalid-event");

/** Reads what a question is asked with. */
export function readApprovalOptions(
  source: unknown,
  further: readonly string[] = [],
): { readonly fields: ReadonlyMap<string, unknown>; readonly at: string | undefined; readonly standIns: StandIns } {
  const fields = readQuestion(source, start, ["standIns", "at", ...further]);
  const instant = fields.has("at") ? readInstant(fields.get("at"), below(start, "at")) : undefined;
  return { fields, at: instant, standIns: readStandIns(fields, instant) };
}

/** Reads who stands in for whom at the instant of an event. */
export function readTransitionOptions(source: unknown, instant: string | undefined): StandIns {
  return readStandIns(readQuestion(source, start, ["standIns"]), instant);
}

function readStandIns(fields: ReadonlyMap<string, unknown>, instant: string | undefined): StandIns {
  const byUser = new Map<string, Set<string>>();
  if (!fields.has("standIns")) return byUser;
  readList(fields.get("standIns"), below(start, "standIns"), (source, place) => {
    const { asked, by, from, until } = readStandIn(source, place);
    if (from === undefined && until === undefined) return add(byUser, by, asked);
    if (instant === undefined) {
      return refuse(start, "no instant, and a stand-in has a period; expected an instant", "at");
    }
    if ((from === undefined || from <= instant) && (until === undefined || instant < until)) add(byUser, by, asked);
  });
  return byUser;
}

function add(byUser: Map<string, Set<string>>, by: string, asked: string): void {
  const users = byUser.get(by) ?? new Set();
  byUser.set(by, users.add(asked));
}

function readStandIn(source: unknown, place: Place) {
  const fields = readQuestion(source, place, ["for", "by", "from", "until"]);
  const asked = readUser(fields.get("for"), below(place, "for"));
  const by = readUser(fields.get("by"), below(place, "by"));
  if (asked === by) refuse(place, `${showValue(by)} stands in for itself; expected another user`, "by");
  const [from, until] = ["from" as const, "until" as const].map((key) =>
    fields.has(key) ? readInstant(fields.get(key), below(place, key)) : undefined,
  );
  if (from !== undefined && until !== undefined && until <= from) {
    refuse(place, `${showValue(until)} is not after ${showValue(from)}; expected a later instant`, "until");
  }
  return { asked, by, from, until };
}
