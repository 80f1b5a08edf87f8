import { addFault, below, type Place, readOrSkip } from "../base/faults.js";
import { readInstant } from "../base/instant.js";
import { ownValue, readQuestion } from "../base/readers.js";
import type { Bits } from "../engine/bits.js";
import { encodeGrant, type Key } from "../engine/grant-bits.js";

/** What was granted until an instant, in UTC. Two instants compare as their texts do. */
export interface Ending {
  readonly bits: Bits;
  readonly until: string;
}

/** What ends of what a user was granted: by connection and, under `null`, in the account as a whole. */
export type Endings = ReadonlyMap<string | null, Ending>;

/** Checks and encodes a grant, with its end if it has one. */
export function readGrant(keys: readonly Key[], grant: unknown, place: Place, mayEnd: boolean): Bits | Ending {
  const bits = encodeGrant(keys, grant, place, untilKey);
  const given = ownValue(Object(grant) as { readonly until?: unknown }, "until");
  if (given === undefined) return bits;
  const until = readOrSkip(place, () => readInstant(given, below(place, "until")));
  if (!mayEnd) addFault(place, withoutInstant, "until");
  return until === undefined ? bits : { bits, until };
}

const untilKey = ["until"];
const withoutInstant = "a grant that ends is asked about at an instant; expected { at } as the last argument";

/** Tells whether a grant that was read ends. */
export function isEnding(held: Bits | Ending): held is Ending {
  return Object.hasOwn(Object(held), "until");
}

/** Tells whether an end lies ahead of an instant: at its end, a grant is not there any more. */
export function isAhead(until: string, now: string | undefined): boolean {
  return now !== undefined && until > now;
}

/** Leaves what has not ended at an instant. */
export function liveAt(ends: Endings, now: string | undefined): Endings {
  return new Map([...ends].filter(([, { until }]) => isAhead(until, now)));
}

/** Gives the end of a grant, as a part of the grant; nothing where it does not end. */
export function endOf(ends: Endings | undefined, where: string | null): { readonly until?: string } {
  const ending = ends?.get(where);
  return ending ? { until: ending.until } : {};
}

/** Reads the instant at which a call asks, of its options; none where nothing may end. */
export function readAt(options: unknown, place: Place): string | undefined {
  if (options === undefined) return undefined;
  const given = readQuestion(options, place, ["at"]);
  return given.has("at") ? readInstant(given.get("at"), below(place, "at")) : undefined;
}
