import type { AccountGrant, AreaOf, FlagOf, Grant, LevelOf, Policy, RoleOf } from "../../core/types/index.js";

/**
 * What becomes of the names of one policy in another. A name that is left out stays what it is, so the other policy must
 * have it.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type GrantMapping, migrateGrants } from "channel-grants/analysis";
 *
 * const mapping: GrantMapping<Engage, Engage> = {
 *   levels: { "needs-approval": "view-only" },
 *   roles: { admin: "viewer" },
 * };
 * migrateGrants(engage, engage, mapping).gains; // []
 * ```
 */
export interface GrantMapping<From extends Policy = Policy, To extends Policy = Policy> {
  /** The level that each level becomes, in every area that has it. */
  readonly levels?: { readonly [L in LevelOf<From>]?: LevelOf<To> };
  /** The area that each area becomes, or `null` to drop what is held there. */
  readonly areas?: { readonly [A in AreaOf<From>]?: AreaOf<To> | null };
  /** The flag that each flag becomes, or `null` to drop it. */
  readonly flags?: { readonly [F in FlagOf<From>]?: FlagOf<To> | null };
  /** The role that each role becomes. */
  readonly roles?: { readonly [R in RoleOf<From>]?: RoleOf<To> };
  /**
   * Single states that become something else than the names say: a level of one area with its flags, and a state of the
   * area that it becomes.
   */
  readonly states?: readonly {
    readonly from: Partial<Grant<From> & AccountGrant<From>>;
    readonly to: Partial<Grant<To> & AccountGrant<To>>;
  }[];
}
