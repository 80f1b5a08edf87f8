import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { readInstant } from "../../core/base/instant.js";
import { expected } from "../../core/base/message.js";
import { checkKeys, ownValue, readField, readName, readRecord, readStrings } from "../../core/base/readers.js";
import type { EventType } from "./events.js";
import { eventTypes, flow, type ReadEvent } from "./flow.js";
import { readRevision, readSteps, readUser } from "./read-submission.js";
import type { Submission } from "./submission.js";

/** Reads an event and refuses what has the form of none. */
export function readEvent(source: unknown, place: Place): ReadEvent {
  const record = readRecord(source, place);
  const type = readName(record.get("type"), below(place, "type"), new Set(eventTypes)) as EventType;
  const fields = [...flow[type].fields, "at"];
  const known = ["type", ...fields];
  checkKeys(record, place, known);
  // An undefined key is no field, so a user who was not found would be taken for the application itself.
  if (!fields.includes("by") && Object.hasOwn(source as object, "by")) {
    refuse(place, `unknown key "by"; ${expected(known)}`, "by");
  }
  // What is left out is written as undefined, because a missing key would be inherited.
  const isLeft = (key: string) =>
    key === "connections" ? !record.has(key) : isOptional(key) && !Object.hasOwn(source as object, key);
  const read = fields.map((key) => [
    key,
    isLeft(key) ? undefined : readField(record, place, key, readers[key] as (typeof readers)[string]),
  ]);
  return { type, ...Object.fromEntries(read) } as ReadEvent;
}

const isOptional = (key: string) => key === "at" || key === "expires";

const readers: Readonly<Record<string, (source: unknown, place: Place) => unknown>> = {
  by: readUser,
  steps: readSteps,
  connections: readStrings,
  revision: readRevision,
  expires: readInstant,
  at: readInstant,
};

/** Refuses to be asked about a submission that expires without saying when: it is never taken for in time. */
export function checkInstant(
  submission: Submission,
  instant: string | undefined,
  place: Place = at("invalid-event"),
): void {
  if (instant === undefined && ownValue(submission, "expires") !== undefined) {
    refuse(place, "no instant, and the submission expires; expected an instant", "at");
  }
}
