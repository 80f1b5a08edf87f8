import { showId } from "../base/message.js";

/** Says a grant in one area in words: its level, and the flags that are on. */
export function grantText(grant: Readonly<Record<string, unknown>>): string {
  return Object.entries(grant)
    .flatMap(([key, value]) => (value === true ? [showId(key)] : typeof value === "string" ? [showId(value)] : []))
    .join(" + ");
}
