import type { Submission } from "../../approval/machine/submission.js";
import type { AccountGrantInput, ActionOf, GrantInput, GroupOf, Policy, RoleOf } from "../../core/types/index.js";

/**
 * Options of `diffMatrices`: what else to compare, and which actions somebody must always be able to do.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage } from "channel-grants";
 * import { type DiffOptions, diffMatrices } from "channel-grants/analysis";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const options: DiffOptions<Engage> = { groups: [{ connections: ["fb"] }] };
 * diffMatrices(account, account, options).groups; // []
 * ```
 */
export interface DiffOptions<P extends Policy = Policy> {
  /** Post groups, with the relations that "group" actions name. Each answer about one of them that changes is listed. */
  readonly groups?: readonly GroupOf<P>[];
  /** Posts in the approval flow. Only the pending ones are looked at. */
  readonly submissions?: readonly Submission[];
  /** The action that approves. By default, the one that the policy's approval flow names. */
  readonly approve?: ActionOf<P, "connection" | "group">;
  /** The action that posts. By default, the one that releases in the policy's approval flow. */
  readonly post?: ActionOf<P, "connection" | "group">;
}

/**
 * A grant that was added, changed or removed. Areas at the lowest level are left out.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { diffMatrices, type GrantChange } from "channel-grants/analysis";
 *
 * const before = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const changes: readonly GrantChange[] = diffMatrices(before, before.assign("ana", "fb", { publish: "view-only" })).grants;
 * changes; // [{ user: "ana", connection: "fb", change: "added", after: { publish: "view-only" } }]
 * ```
 */
export interface GrantChange<P extends Policy = Policy> {
  readonly user: string;
  readonly connection: string;
  readonly change: "added" | "changed" | "removed";
  readonly before?: GrantInput<P>;
  readonly after?: GrantInput<P>;
}

/**
 * A grant in the account as a whole that was added, changed or removed. Areas at the lowest level are left out.
 *
 * @example
 * ```ts
 * import { createMatrix, definePolicy } from "channel-grants";
 * import { type AccountGrantChange, diffMatrices } from "channel-grants/analysis";
 *
 * const policy = definePolicy({
 *   name: "billing",
 *   levels: ["none", "manage"],
 *   areas: { billing: { levels: ["none", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { pay: { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * const before = createMatrix(policy, { users: [{ id: "ana", role: "member" }] });
 * const { accountGrants = [] } = diffMatrices(before, before.assignAccount("ana", { billing: "manage" }));
 * const changes: readonly AccountGrantChange[] = accountGrants;
 * changes; // [{ user: "ana", change: "added", after: { billing: "manage" } }]
 * ```
 */
export interface AccountGrantChange<P extends Policy = Policy> {
  readonly user: string;
  readonly change: "added" | "changed" | "removed";
  readonly before?: AccountGrantInput<P>;
  readonly after?: AccountGrantInput<P>;
}

/**
 * An action that a user gained or lost, and each connection that this is true of. For the account as a whole, the list
 * is empty.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type DecisionChange, diffMatrices } from "channel-grants/analysis";
 *
 * const before = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * const after = before.assign("ana", "fb", { analytics: "full-access" });
 * const changes: readonly DecisionChange[] = diffMatrices(before, after).decisions;
 * changes[0]; // { user: "ana", action: "analytics.view", change: "gained", connections: ["fb"] }
 * ```
 */
export interface DecisionChange<P extends Policy = Policy> {
  readonly user: string;
  readonly action: ActionOf<P>;
  readonly change: "gained" | "lost";
  /**
   * The relations to the post that the user has where it changes, and no others that the action names. Absent if it
   * changes whatever they are.
   */
  readonly as?: readonly string[];
  readonly connections?: readonly string[];
}

/**
 * The differences from one matrix to another.
 *
 * @example
 * ```ts
 * import { buffer, createMatrix } from "channel-grants";
 * import { diffMatrices, type MatrixDiff } from "channel-grants/analysis";
 *
 * const account = createMatrix(buffer, { users: [{ id: "olga", role: "owner" }], connections: ["fb"] });
 * const diff: MatrixDiff = diffMatrices(account, account.removeUser("olga"));
 * diff.users; // { added: [], removed: ["olga"], roles: [] }
 * diff.orphans; // [{ connection: "fb", nobody: "approve" }, { connection: "fb", nobody: "post" }]
 * ```
 */
export interface MatrixDiff<P extends Policy = Policy> {
  readonly users: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly roles: readonly { readonly user: string; readonly before: RoleOf<P>; readonly after: RoleOf<P> }[];
  };
  readonly connections: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly grants: readonly GrantChange<P>[];
  /** Changed grants in the account as a whole, if the policy has areas of the account. */
  readonly accountGrants?: readonly AccountGrantChange<P>[];
  readonly decisions: readonly DecisionChange<P>[];
  /** Changed answers about the given post groups, each on the whole group. */
  readonly groups: readonly (DecisionChange<P> & {
    readonly connections: readonly string[];
    /** Who is in each relation to the post, as it was asked. */
    readonly relations?: Readonly<Record<string, readonly string[]>>;
  })[];
  /** Pending posts, by their place in the list, that have lost the last user who could approve the current step. */
  readonly submissions: readonly {
    readonly submission: number;
    readonly step: number;
    readonly author: string;
    readonly connections: readonly string[];
    /** The users who could approve before, and cannot now. */
    readonly lost: readonly string[];
  }[];
  /** Connections that have lost the last user who could approve or post. */
  readonly orphans: readonly { readonly connection: string; readonly nobody: "approve" | "post" }[];
}
