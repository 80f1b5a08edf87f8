"use client";

export { createGrantsReact } from "./create-grants-react.js";
export { formatDecision } from "./format-decision.js";
export type { ActionProps, CanProps, GrantsProviderProps, GrantsReact, NotLoaded } from "./types.js";
