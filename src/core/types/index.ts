export type * from "./definition.js";
export type * from "./migration.js";
export type * from "./policy.js";
export type * from "./target.js";
export type * from "./user.js";
