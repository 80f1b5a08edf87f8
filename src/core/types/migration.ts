/**
 * Where each role and each state of one policy goes in another: plain data, as `migrateGrants` makes it and `migrationSql`
 * takes it.
 *
 * @example
 * ```ts
 * import { buffer, type MigrationPlan } from "channel-grants";
 * import { migrateGrants } from "channel-grants/analysis";
 *
 * const plan: MigrationPlan = migrateGrants(buffer, buffer);
 * plan.areas[0]?.states[1]; // { from: { posting: "approval-required" }, to: { posting: "approval-required" } }
 * ```
 */
export interface MigrationPlan {
  readonly roles: readonly { readonly from: string; readonly to: string }[];
  /** The areas of the first policy: where each goes, or `null` if it is dropped, and where each of its states goes. */
  readonly areas: readonly {
    readonly from: string;
    readonly to: string | null;
    readonly states: readonly { readonly from: MovedGrant; readonly to: MovedGrant }[];
  }[];
}

/**
 * One state of an area, spelt out as a part of a grant: its level, and whether each of its flags is on.
 *
 * @example
 * ```ts
 * import type { MovedGrant } from "channel-grants";
 *
 * const state: MovedGrant = { publish: "view-only", approver: true };
 * state.approver; // true
 * ```
 */
export type MovedGrant = Readonly<Record<string, string | boolean>>;
