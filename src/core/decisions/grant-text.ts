import { showId } from "../base/message.js";

/** Writes a grant in words: its levels, each after the name of its area if asked for, and the flags that are on. */
export function grantText(grant: object, withAreas = false): string {
  return Object.entries(grant)
    .flatMap(([key, value]) => {
      if (typeof value === "string") return [`${withAreas ? `${showId(key)} ` : ""}${showId(value)}`];
      return value === true ? [showId(key)] : [];
    })
    .join(" + ");
}
