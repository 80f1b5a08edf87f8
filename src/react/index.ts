"use client";

export type { ActionProps } from "../core/frontend/action-props.js";
export { formatDecision } from "../core/frontend/format-decision.js";
export type { NotLoaded } from "../core/frontend/not-loaded.js";
export { createGrantsReact } from "./create-grants-react.js";
export type { CanProps, GrantsProviderProps, GrantsReact } from "./types.js";
