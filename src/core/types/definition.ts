/**
 * What an action is asked about: the account as a whole, one connection, or a post group.
 *
 * @example
 * ```ts
 * import { engage, type TargetKind } from "channel-grants";
 *
 * const kind: TargetKind = engage.actions["publish.post-now"].target;
 * kind; // "group"
 * ```
 */
export type TargetKind = "none" | "connection" | "group";

/**
 * One part of a product: its levels, lowest first, and the flags that may stand beside them.
 *
 * @example
 * ```ts
 * import type { AreaDefinition } from "channel-grants";
 *
 * const stories: AreaDefinition<"none" | "write" | "publish", "lead"> = {
 *   levels: ["none", "write", "publish"],
 *   flags: { lead: ["publish"] },
 * };
 * stories.levels[0]; // "none"
 * ```
 */
export interface AreaDefinition<Level extends string, Flag extends string, Of extends "account" = "account"> {
  /** Where it is held once for the whole account, and not on each connection. */
  readonly of?: Of;
  readonly levels: readonly Level[];
  readonly flags?: { readonly [F in Flag]?: readonly NoInfer<Level>[] };
  /** The level that a connection without access counts as when it is beside an accessible one in a group. */
  readonly noAccessCountsAs?: NoInfer<Level>;
}

/**
 * A role in the account and, where grants do not apply to it, what it holds on every connection.
 *
 * @example
 * ```ts
 * import type { RoleDefinition } from "channel-grants";
 *
 * const chief: RoleDefinition<{ stories: "none" | "publish" }, "lead"> = { holds: { stories: "publish", lead: true } };
 * chief.holds?.lead; // true
 * ```
 */
export interface RoleDefinition<Areas extends Record<string, string>, Flag extends string> {
  readonly holds?: { readonly [A in keyof Areas]?: Areas[A] } & { readonly [F in Flag]?: boolean };
}

/**
 * One way to be allowed: all that a clause names must hold.
 *
 * @example
 * ```ts
 * import type { ClauseDefinition } from "channel-grants";
 *
 * type Clause = ClauseDefinition<"stories", "none" | "publish", "lead", "editor" | "chief">;
 * const clause: Clause = { role: "editor", area: "stories", level: "publish", every: "lead" };
 * clause.level; // "publish"
 * ```
 */
export interface ClauseDefinition<
  Area extends string,
  Level extends string,
  Flag extends string,
  Role extends string,
  Relation extends string = never,
> extends PartDefinition<Area, Level, Flag> {
  readonly role?: Role | readonly Role[];
  /** Several areas at once: all of it holds of the same target. */
  readonly and?: readonly PartDefinition<Area, Level, Flag>[];
  /** The user is in one of these relations to the post. */
  readonly is?: Relation | readonly Relation[];
  /** The user is in none of these relations to the post. */
  readonly isNot?: Relation | readonly Relation[];
}

/**
 * What a clause asks of one area.
 *
 * @example
 * ```ts
 * import type { PartDefinition } from "channel-grants";
 *
 * const parts: PartDefinition<"access" | "mail", "none" | "on", never>[] = [
 *   { area: "access", level: "on" },
 *   { area: "mail", level: "on" },
 * ];
 * parts.length; // 2
 * ```
 */
export interface PartDefinition<Area extends string, Level extends string, Flag extends string> {
  readonly area?: Area;
  /** The group's level is this one or higher. */
  readonly level?: Level;
  /** The group's level is this one. */
  readonly exactly?: Level;
  /** At least one connection fits this pattern. */
  readonly some?: PatternDefinition<Level, Flag>;
  /** Every connection fits this pattern. */
  readonly every?: PatternDefinition<Level, Flag>;
}

/**
 * A set of states: a level or any higher one, a flag, both of these, or any one of a list.
 *
 * @example
 * ```ts
 * import type { PatternDefinition } from "channel-grants";
 *
 * const mayApprove: PatternDefinition<"draft" | "full", "approver"> = ["full", { exactly: "draft", flags: ["approver"] }];
 * mayApprove.length; // 2
 * ```
 */
export type PatternDefinition<Level extends string, Flag extends string> =
  | Level
  | Flag
  | StatesDefinition<Level, Flag>
  | readonly (Level | Flag | StatesDefinition<Level, Flag>)[];

/**
 * The states that are at `level` or higher, at `exactly`, and carry every one of `flags`: all that it names.
 *
 * @example
 * ```ts
 * import type { StatesDefinition } from "channel-grants";
 *
 * const states: StatesDefinition<"draft" | "full", "approver"> = { level: "draft", flags: ["approver"] };
 * states.level; // "draft"
 * ```
 */
export interface StatesDefinition<Level extends string, Flag extends string> {
  readonly level?: Level;
  readonly exactly?: Level;
  readonly flags?: readonly Flag[];
}

/**
 * An action: what it is asked about, and the clauses of which any one allows it.
 *
 * @example
 * ```ts
 * import type { ActionDefinition, ClauseDefinition } from "channel-grants";
 *
 * type Clause = ClauseDefinition<"stories", "none" | "publish", never, "editor" | "chief">;
 * const publish: ActionDefinition<"group", Clause> = {
 *   target: "group",
 *   allow: [{ role: "chief" }, { area: "stories", level: "publish" }],
 * };
 * publish.target; // "group"
 * ```
 */
export interface ActionDefinition<Target extends TargetKind, Clause> {
  readonly target: Target;
  // The two array methods that share their names with keys of a clause would otherwise swamp every error message.
  readonly allow: Clause | Omit<readonly Clause[], "every" | "some">;
}

/**
 * How a policy takes part in the approval flow: the action that each of its rights is, and who approves.
 *
 * @example
 * ```ts
 * import { type ApprovalDefinition, buffer } from "channel-grants";
 *
 * const { submit, approvers }: ApprovalDefinition = buffer.approval;
 * submit; // "drafts.request-approval"
 * approvers; // "anyone"
 * ```
 */
export interface ApprovalDefinition<Action extends string = string> {
  /** Asked of each connection of a new post; of a "group" action, as a group of one. */
  readonly select: Action;
  readonly submit: Action;
  readonly edit: Action;
  /** One for each step, if a list: the last of them is asked in all further steps. */
  readonly approve: Action | readonly Action[];
  readonly reject: Action;
  readonly release: Action;
  /** Whether those who may approve are named with the submission, or anyone with the right will do. */
  readonly approvers: "named" | "anyone";
  /** How many steps may be named; where anyone will do, there is one approval. */
  readonly steps: number;
  readonly authorMayApprove: boolean;
  /** Whether a user passes one step at most; otherwise a user who is asked in two steps may pass both. */
  readonly distinctApprovers?: boolean;
  /** Whether users may approve what they edited themselves; they may, if this is left out. */
  readonly editorMayApprove?: boolean;
}

/**
 * A whole permission model as plain data: what `definePolicy` takes.
 *
 * @example
 * ```ts
 * import { definePolicy, type PolicyDefinition } from "channel-grants";
 *
 * type Levels = "none" | "all";
 * const notes: PolicyDefinition<Levels, "author", { notes: Levels }, { "notes.write": "connection" }, never> = {
 *   name: "notes",
 *   levels: ["none", "all"],
 *   areas: { notes: { levels: ["none", "all"] } },
 *   roles: { author: {} },
 *   actions: { "notes.write": { target: "connection", allow: { area: "notes", level: "all" } } },
 * };
 * definePolicy(notes).name; // "notes"
 * ```
 */
export interface PolicyDefinition<
  Level extends string,
  Role extends string,
  Areas extends Record<string, string>,
  Targets extends Record<string, TargetKind>,
  Flag extends string,
  Relation extends string = never,
  Of extends object = object,
> {
  /** Where editors find the JSON Schema of a definition in a file, `channel-grants/policy.schema.json`. No part of the policy. */
  readonly $schema?: string;
  readonly name: string;
  /** Every level of every area, lowest first; the lowest means no access. */
  readonly levels: readonly Level[];
  readonly areas: { readonly [A in keyof Areas]: AreaDefinition<Areas[A], string> } & {
    readonly [A in keyof Of]: { readonly of?: Of[A] };
  } & Readonly<
      // Only here are the flags' names inferred: inside the mapped type above they would not be.
      Record<
        string,
        {
          readonly levels: unknown;
          readonly of?: unknown;
          readonly noAccessCountsAs?: unknown;
          readonly flags?: { readonly [F in Flag]?: readonly string[] };
        }
      >
    >;
  readonly roles: { readonly [R in Role]: RoleDefinition<NoInfer<Areas>, NoInfer<Flag>> };
  /** What users can be to a post; its target carries their ids beside its connections. */
  readonly relations?: readonly Relation[];
  readonly actions: {
    readonly [A in keyof Targets]: ActionDefinition<
      Targets[A],
      ClauseDefinition<Extract<keyof Areas, string>, NoInfer<Level>, NoInfer<Flag>, NoInfer<Role>, NoInfer<Relation>>
    >;
  };
  readonly approval?: ApprovalDefinition<NoInfer<Extract<keyof Targets, string>>>;
}
