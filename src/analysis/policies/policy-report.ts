import type { ActionOf, AreaOf, Grant, Policy, RoleOf } from "../../core/types/policy.js";
import type { Condition } from "./claims.js";
import type { Witness } from "./witness.js";

/**
 * Something that is checked of a policy.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { checkPolicy, type PolicyCheck } from "channel-grants/analysis";
 *
 * const checks: readonly PolicyCheck["check"][] = checkPolicy(engage).checks.map(({ check }) => check);
 * checks; // ["default-deny", "raising", "nobody", "everybody", "told-apart"]
 * ```
 */
export interface PolicyCheck<P extends Policy = Policy> {
  readonly check: "default-deny" | "raising" | "nobody" | "everybody" | "told-apart" | "separate" | "claim";
  /** The claim's name, or the actions that are separate. */
  readonly about?: string;
  readonly holds: boolean;
  /** What is against it. */
  readonly findings: readonly Finding<P>[];
  /** What would be against it if it were not meant: what a role gives, and the exceptions that the author named. */
  readonly exceptions: readonly Finding<P>[];
}

/**
 * What was found against a check: what it is about, and a witness where there is one.
 *
 * @example
 * ```ts
 * import { buffer } from "channel-grants";
 * import { checkPolicy, type Finding } from "channel-grants/analysis";
 *
 * const [finding]: readonly Finding[] = checkPolicy(buffer).checks.flatMap(({ findings }) => findings);
 * finding?.action; // "drafts.request-approval"
 * finding?.witness; // { user: { id: "user", role: "member", grants: { c1: { posting: "approval-required" } } }, connections: ["c1"] }
 * finding?.raised; // { connection: "c1", from: { posting: "approval-required" }, to: { posting: "full-posting" } }
 * ```
 */
export interface Finding<P extends Policy = Policy> {
  readonly action?: ActionOf<P>;
  /** Those that do it without a grant. */
  readonly roles?: readonly RoleOf<P>[];
  readonly area?: AreaOf<P>;
  /** Two levels or two flags that no rule tells apart; one flag, where it makes no difference. */
  readonly names?: readonly string[];
  /** The part of a claim that does not hold. */
  readonly condition?: Condition<P>;
  readonly witness?: Witness<P>;
  /** What the witness is given instead, and loses the action by. */
  readonly raised?: {
    readonly connection: string;
    readonly from: Partial<Grant<P>>;
    readonly to: Partial<Grant<P>>;
  };
}

/**
 * What is true of a policy, and what is not.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { checkPolicy, type PolicyReport } from "channel-grants/analysis";
 *
 * const report: PolicyReport = checkPolicy(engage);
 * JSON.parse(JSON.stringify(report)).policy; // "engage"
 * ```
 */
export interface PolicyReport<P extends Policy = Policy> {
  readonly policy: string;
  /** Whether every check holds. */
  readonly holds: boolean;
  readonly checks: readonly PolicyCheck<P>[];
}
