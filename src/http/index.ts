export { createGuard } from "./create-guard.js";
export type { Awaitable, Guard, GuardAnswer, GuardOptions, Loading, Passed, Stopped } from "./guard-types.js";
export type { UnguardedOptions } from "./guarded-route.js";
export { type Problem, type ProblemOptions, problem, problemResponse, type Telling } from "./problem.js";
