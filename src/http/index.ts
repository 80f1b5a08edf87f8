export type { Awaitable } from "../core/types/awaitable.js";
export { createGuard } from "./create-guard.js";
export type { Guard, GuardAnswer, GuardOptions, Loading, Passed, Stopped } from "./guard-types.js";
export type { UnguardedOptions } from "./guarded-route.js";
export { type Problem, type ProblemOptions, problem, problemResponse, type Telling } from "./problem.js";
