import { name } from "../base/policy-error.js";

/** Says a grant in one area in words: its level, and the flags that are on. */
export function grantText(grant: Readonly<Record<string, unknown>>): string {
  return Object.entries(grant)
    .flatMap(([key, value]) => (value === true ? [name(key)] : typeof value === "string" ? [name(value)] : []))
    .join(" + ");
}
