import type { Absence } from "./case.js";

/** The latest moment that a field takes: the library's instants have years of four digits. */
export const latest = "9999-12-31T23:59";

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** Reads a field of a date and a time as an instant in UTC; an empty or unfinished one is none. */
export function instantOf(field: string): string | undefined {
  return form.test(field) ? `${field}:00.000Z` : undefined;
}

/** Writes an instant for a field of a date and a time. */
export function fieldOf(instant: string | undefined): string {
  return instant?.slice(0, latest.length) ?? "";
}

const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** Says when: "3 Aug 2026, 09:00 UTC". */
export function instantInWords(instant: string): string {
  return `${words.format(new Date(instant))} UTC`;
}

/** Says when somebody stands in: "from 1 Aug 2026, 00:00 UTC until ...". */
export function periodInWords({ from, until }: Absence): string {
  const parts = [
    ...(from === undefined ? [] : [`from ${instantInWords(from)}`]),
    ...(until === undefined ? [] : [`until ${instantInWords(until)}`]),
  ];
  return parts.join(" ") || "at any time";
}

/** Says what is wrong with a stand-in, if anything is. */
export function absenceFault({ for: asked, by, from, until }: Absence): string | undefined {
  if (asked === by) return "Nobody stands in for themselves.";
  if (from !== undefined && until !== undefined && Date.parse(until) <= Date.parse(from)) {
    return "It ends before it begins.";
  }
  return undefined;
}
