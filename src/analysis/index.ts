export { diffMatrices } from "./accounts/diff-matrices.js";
export type { EndingGrant } from "./accounts/ending-grants.js";
export type {
  AccountGrantChange,
  DecisionChange,
  DiffOptions,
  GrantChange,
  MatrixDiff,
} from "./accounts/matrix-diff.js";
export {
  type Access,
  type AccessReview,
  type AccountHolder,
  type ConnectionAccess,
  reviewAccess,
  whoCan,
} from "./accounts/review-access.js";
export { formatComparison } from "./format/format-comparison.js";
export { formatDiff } from "./format/format-diff.js";
export { formatMigration, type MigrationReport } from "./format/format-migration.js";
export { formatReport } from "./format/format-report.js";
export { formatAccess, formatReview } from "./format/format-review.js";
export type { TextForm } from "./format/text-blocks.js";
export type { TextOptions } from "./format/text-options.js";
export type { AnalysisLanguage, AnalysisTexts } from "./language/analysis-language.js";
export { englishAnalysis } from "./language/english.js";
export { germanAnalysis } from "./language/german.js";
export type { GrantMapping } from "./migration/grant-mapping.js";
export {
  type GrantMigration,
  type MigratedAction,
  type MigratedWitness,
  migrateGrants,
} from "./migration/migrate-grants.js";
export { checkPolicy } from "./policies/check-policy.js";
export type { Claim, Condition, PolicyProperties } from "./policies/claims.js";
export {
  type ActionComparison,
  comparePolicies,
  type PolicyComparison,
  type Verdict,
} from "./policies/compare-policies.js";
export type { Finding, PolicyCheck, PolicyReport } from "./policies/policy-report.js";
export type { Witness } from "./policies/witness.js";
