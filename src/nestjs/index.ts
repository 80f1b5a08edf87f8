export { createGrantsNest } from "./create-grants-nest.js";
export type { GrantsNest, NamedTarget, NestGuardOptions, NestRequest } from "./nest-types.js";
