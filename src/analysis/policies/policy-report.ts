import type { AccountGrant, ActionOf, AreaOf, Grant, Policy, RoleOf } from "../../core/types/index.js";
import type { Condition } from "./claims.js";
import type { Witness } from "./witness.js";

/**
 * One check of a policy, and whether it holds.
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
  readonly check: "default-deny" | "raising" | "nobody" | "everybody" | "told-apart" | "group" | "separate" | "claim";
  /** The claim's name, or the actions that are separate. */
  readonly about?: string;
  /** The actions that are separate. */
  readonly actions?: readonly ActionOf<P>[];
  readonly holds: boolean;
  /** The counterexamples. The check holds if there are none. */
  readonly findings: readonly Finding<P>[];
  /** Findings that are meant: what a role gives, and the exceptions that the author lists. */
  readonly exceptions: readonly Finding<P>[];
}

/**
 * A finding of a check: the roles, levels or flags that it is about, and a witness if there is one.
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
  /** The roles that may do the action without a grant. */
  readonly roles?: readonly RoleOf<P>[];
  readonly area?: AreaOf<P>;
  /** Two levels or two flags that no rule tells apart, or one flag that makes no difference. */
  readonly names?: readonly string[];
  /** The part of a claim that does not hold. */
  readonly condition?: Condition<P>;
  readonly witness?: Witness<P>;
  /** The change that takes the action away: a grant of the witness, and the higher one in its place. */
  readonly raised?: {
    /** The connection of the grant; absent for what is held in the account. */
    readonly connection?: string;
    readonly from: Partial<Grant<P> & AccountGrant<P>>;
    readonly to: Partial<Grant<P> & AccountGrant<P>>;
  };
  /**
   * The answer on the witness's whole group: "allowed", though it is denied on the first connection alone, or "denied",
   * though it is allowed on each connection alone.
   */
  readonly onGroup?: "allowed" | "denied";
}

/**
 * The result of checking a policy: each check, and whether all of them hold.
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
  /** True if every check holds. */
  readonly holds: boolean;
  readonly checks: readonly PolicyCheck<P>[];
}
