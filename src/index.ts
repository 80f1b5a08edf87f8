export { type Buffer, buffer } from "./buffer.js";
export { accessLevel, allowedActions, can } from "./decide.js";
export { type Engage, engage } from "./engage.js";
export { type ErrorPath, PolicyError, type PolicyErrorCode } from "./errors.js";
export { type Allowed, type Blocker, type Decision, type Denied, explain, type Reason } from "./explain.js";
export { formatDecision } from "./format.js";
export type {
  ActionDefinition,
  ActionOf,
  ApprovalDefinition,
  AreaDefinition,
  AreaOf,
  ClauseDefinition,
  FlagOf,
  Grant,
  GrantInput,
  GrantsByConnection,
  LevelOf,
  MatrixInput,
  Policy,
  PolicyDefinition,
  PostGroup,
  RoleDefinition,
  RoleOf,
  TargetKind,
  TargetOf,
  User,
  UserInput,
  UserRow,
} from "./language.js";
export { createMatrix, type GrantMatrix, type MatrixJSON } from "./matrix.js";
export { definePolicy } from "./policy.js";
export { createUser } from "./user.js";
