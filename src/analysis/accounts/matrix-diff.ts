import type { Submission } from "../../approval/submission.js";
import type { ActionOf, GrantInput, Policy, RoleOf } from "../../core/types/policy.js";

/**
 * What a diff of matrices is asked about, beside grants and decisions.
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
  /** Post groups of which every answer that changes is listed. */
  readonly groups?: readonly { readonly connections: readonly string[] }[];
  /** Posts in the approval flow; those that are pending are looked at. */
  readonly submissions?: readonly Submission[];
  /** The action that approves; that of the policy's approval flow, where it has one. */
  readonly approve?: ActionOf<P, "connection" | "group">;
  /** The action that posts; what releases in the policy's approval flow, where it has one. */
  readonly post?: ActionOf<P, "connection" | "group">;
}

/**
 * A grant that was added, changed or removed. Only what is above the lowest level is spelt out.
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
 * An action that somebody gained or lost, and on which connections, each by itself; on the account as a whole, on none.
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
  readonly connections?: readonly string[];
}

/**
 * What becomes different from one matrix to another.
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
  readonly decisions: readonly DecisionChange<P>[];
  /** Answers about the given post groups that change, as `decisions` on the whole group. */
  readonly groups: readonly (DecisionChange<P> & { readonly connections: readonly string[] })[];
  /** Pending posts, by their place in the list, that had somebody to approve the step and have nobody any more. */
  readonly submissions: readonly {
    readonly submission: number;
    readonly step: number;
    readonly author: string;
    readonly connections: readonly string[];
    /** Those who could approve before. */
    readonly lost: readonly string[];
  }[];
  /** Connections that somebody could approve or post on before, and nobody can any more. */
  readonly orphans: readonly { readonly connection: string; readonly nobody: "approve" | "post" }[];
}
