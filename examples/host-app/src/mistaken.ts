import { type Rules, rules } from "./server.js";
import { type Level, levels } from "./store.js";

// Two mistakes that are easily made, kept here so that the tests can show how they are caught.

/** Asks whether the user may publish somewhere, but one message goes to every connection of its post. */
export const publishOnSome: Rules = {
  ...rules,
  publish: (grants) => grants.some(({ publish }) => publish === "full-access"),
};

/** Takes the lowest level at its word, but a connection without access lowers a post to view-only and no further. */
export function plainLowest(held: readonly Level[]): Level {
  return levels.find((level) => held.includes(level)) ?? "no-access";
}
