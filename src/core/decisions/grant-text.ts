import { showId } from "../base/message.js";

/** Writes a grant in words: its levels, each after the name of its area if asked for, the flags that are on, and its end. */
export function grantText(grant: object = {}, withAreas = false): string {
  const held = Object.entries(grant)
    .filter(([key]) => key !== "until")
    .flatMap(([key, value]) => {
      if (typeof value === "string") return [`${withAreas ? `${showId(key)} ` : ""}${showId(value)}`];
      return value === true ? [showId(key)] : [];
    })
    .join(" + ");
  return Object.hasOwn(grant, "until") ? `${held} until ${showId((grant as { readonly until: string }).until)}` : held;
}
