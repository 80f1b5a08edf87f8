import { at, below, type Place, refuse } from "../core/base/faults.js";
import { expected } from "../core/base/message.js";
import { checkKeys, readName, readRecord, readString, readStrings } from "../core/base/readers.js";
import { readRevision, readSteps, type Status } from "./submission.js";

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
  | { readonly type: "submit"; readonly by: string; readonly steps: readonly (readonly string[])[] }
  | { readonly type: "approve"; readonly by: string; readonly revision: number }
  | { readonly type: "reject"; readonly by: string; readonly revision: number }
  | { readonly type: "withdraw"; readonly by: string }
  | { readonly type: "edit"; readonly by: string; readonly connections?: readonly string[] | undefined }
  | { readonly type: "reassign"; readonly by: string; readonly steps: readonly (readonly string[])[] }
  | { readonly type: "release"; readonly by: string; readonly revision: number }
  /** Your application itself, for example its scheduler, releases an approved post. */
  | { readonly type: "auto-release"; readonly revision: number };

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

/** The machine: what each event takes beside its type, and from which status to which it leads. */
export const events: {
  readonly [Type in EventType]: {
    readonly takes: readonly string[];
    readonly leads: { readonly [From in Status]?: readonly Status[] };
  };
} = {
  submit: { takes: ["by", "steps"], leads: { draft: ["pending"] } },
  approve: { takes: ["by", "revision"], leads: { pending: ["pending", "approved"] } },
  reject: { takes: ["by", "revision"], leads: { pending: ["draft"] } },
  withdraw: { takes: ["by"], leads: { pending: ["draft"] } },
  edit: {
    takes: ["by", "connections"],
    leads: { draft: ["draft"], pending: ["draft", "pending"], approved: ["draft"] },
  },
  reassign: { takes: ["by", "steps"], leads: { pending: ["pending"] } },
  release: { takes: ["by", "revision"], leads: { draft: ["released"], approved: ["released"] } },
  "auto-release": { takes: ["revision"], leads: { approved: ["released"] } },
};

export const eventTypes: readonly EventType[] = /* @__PURE__ */ Object.keys(events) as EventType[];

/** Reads an event and refuses what has the form of none. */
export function readEvent(source: unknown): ApprovalEvent {
  const place = at("invalid-event");
  const fields = readRecord(source, place);
  const type = readName(fields.get("type"), below(place, "type"), new Set(eventTypes)) as EventType;
  const { takes } = events[type];
  const known = ["type", ...takes];
  checkKeys(fields, place, known);
  // An undefined key is no field, so a user who was not found would be taken for the application itself.
  if (!takes.includes("by") && Object.hasOwn(source as object, "by")) {
    refuse(place, `unknown key "by"; ${expected(known)}`, "by");
  }
  // An edit without connections leaves them as they are. The key is written all the same: one that is missing would be
  // inherited.
  const isLeft = (key: string) => key === "connections" && !fields.has(key);
  const read = takes.map((key) => [key, isLeft(key) ? undefined : readPart(fields.get(key), below(place, key), key)]);
  return { type, ...Object.fromEntries(read) } as ApprovalEvent;
}

function readPart(value: unknown, place: Place, key: string): unknown {
  if (key === "by") return readString(value, place, "a user id");
  if (key === "steps") return readSteps(value, place);
  if (key === "connections") return readStrings(value, place);
  return readRevision(value, place);
}
