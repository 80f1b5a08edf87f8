export { checkPolicy } from "./check.js";
export type { Claim, Condition, PolicyProperties } from "./claim.js";
export { type ActionComparison, comparePolicies, type PolicyComparison, type Verdict } from "./compare.js";
export { diffMatrices } from "./diff.js";
export type { DecisionChange, DiffOptions, GrantChange, MatrixDiff } from "./difference.js";
export type { Finding, PolicyCheck, PolicyReport } from "./finding.js";
export type { Witness } from "./witness.js";
