import { type Place, refuse } from "./faults.js";
import { showValue } from "./message.js";

/**
 * Reads an instant: an ISO string with its zone, or a `Date`. Gives it as the ISO string in UTC, to the millisecond. Two
 * of these compare with `<` as the instants do, because all have the same form.
 *
 * It refuses what `Date.parse` would guess at: no zone (it takes the one of the machine), 30 February (2 March), 24:00.
 */
export function readInstant(source: unknown, place: Place): string {
  const time = typeof source === "string" ? timeOf(source) : timeOfDate(source);
  const text = time === undefined || Number.isNaN(time) ? undefined : new Date(time).toISOString();
  // Years beyond 9999, or before 0, have more digits, and would compare wrongly.
  if (text?.length === LENGTH) return text;
  return refuse(
    place,
    `${showValue(source)} is not an instant; expected a Date, or a string like "2026-03-31T09:00:00Z"`,
  );
}

/** The characters of "2026-03-31T09:00:00.000Z": spelt out, because bundlers keep a property that is read here. */
const LENGTH = 24;

/** The form of an instant, as text. */
export const instantPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/;

function timeOf(source: string): number | undefined {
  const [match, toMinute, seconds = ":00", fraction = "", sign, hours, minutes] = instantPattern.exec(source) ?? [];
  if (match === undefined || Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return undefined;
  const local = Date.parse(`${toMinute}${seconds}${fraction.slice(0, 4)}Z`);
  // A day or an hour that there is not is moved to the next one: then the text is not the same.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${toMinute}${seconds}`)) return undefined;
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? local + ahead : local - ahead;
}

/** Asks `Date` itself, so that no object can claim to be one. */
function timeOfDate(source: unknown): number | undefined {
  try {
    return Date.prototype.getTime.call(source);
  } catch {
    return undefined;
  }
}
