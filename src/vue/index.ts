export type { ActionProps } from "../core/frontend/action-props.js";
export { formatDecision } from "../core/frontend/format-decision.js";
export type { NotLoaded } from "../core/frontend/not-loaded.js";
export { createGrantsVue } from "./create-grants-vue.js";
export type { CanComponent, GrantsVue, ProvidedGrants, Sourced } from "./types.js";
