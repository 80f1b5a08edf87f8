export type { MatrixData, MatrixRows } from "./matrix-rows.js";
export {
  type AnyDefinition,
  eventSchema,
  grantSchema,
  matrixRowsSchema,
  matrixSchema,
  policySchema,
  submissionSchema,
  targetSchema,
  userSchema,
} from "./schemas.js";
