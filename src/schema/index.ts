export type { MatrixData, MatrixRows } from "./matrix-rows.js";
export {
  type AnyDefinition,
  accountGrantSchema,
  eventSchema,
  grantSchema,
  matrixRowsSchema,
  matrixSchema,
  policySchema,
  submissionSchema,
  targetSchema,
  userSchema,
} from "./schemas.js";
