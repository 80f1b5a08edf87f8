export { type ErrorPath, PolicyError, type PolicyErrorCode } from "./core/base/policy-error.js";
export { accessLevel, allowedActions, can } from "./core/decisions/can.js";
export type { Allowed, Blocker, Decision, Denied, Reason } from "./core/decisions/decision.js";
export { explain } from "./core/decisions/explain.js";
export { formatDecision } from "./core/decisions/format-decision.js";
export type { Words } from "./core/decisions/words.js";
export { createMatrix } from "./core/matrix/create-matrix.js";
export type { GrantMatrix, MatrixJSON } from "./core/matrix/grant-matrix.js";
export { type Buffer, buffer } from "./core/models/buffer.js";
export { type Engage, engage } from "./core/models/engage.js";
export { definePolicy } from "./core/policies/define-policy.js";
export { prepareGroup } from "./core/targets/prepare-group.js";
export type {
  AccountAreaOf,
  AccountGrant,
  AccountGrantInput,
  ActionDefinition,
  ActionOf,
  ApprovalDefinition,
  AreaDefinition,
  AreaOf,
  At,
  Cap,
  ClauseDefinition,
  ConnectionAreaOf,
  DefinePolicy,
  FlagOf,
  Grant,
  GrantInput,
  GrantsByConnection,
  GroupOf,
  Instant,
  KindOf,
  LevelOf,
  LevelTargetOf,
  MatrixInput,
  MigrationPlan,
  MovedGrant,
  PartDefinition,
  PatternDefinition,
  Policy,
  PolicyDefinition,
  PostGroup,
  PreparedGroup,
  RelationOf,
  RelationsOf,
  RoleDefinition,
  RoleOf,
  StatesDefinition,
  TargetKind,
  TargetOf,
  Until,
  User,
  UserInput,
  UserRow,
} from "./core/types/index.js";
export { beyond, beyondAccount } from "./core/users/beyond.js";
export { createUser } from "./core/users/create-user.js";
export { frontendRow } from "./core/users/frontend-row.js";
export { limit } from "./core/users/limit.js";
