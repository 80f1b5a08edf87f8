export type { Awaitable } from "../core/types/awaitable.js";
export { createDecisionPoint } from "./create-decision-point.js";
export type {
  AskedAbout,
  DecisionPoint,
  DecisionPointOptions,
  EntityTypes,
} from "./decision-point-types.js";
