"use client";

export {
  type ActionProps,
  type CanProps,
  createGrantsReact,
  formatDecision,
  type GrantsProviderProps,
  type GrantsReact,
  type NotLoaded,
} from "./create-grants-react.js";
