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
 * The connections that one message goes to; a host's own post object will do.
 *
 * @example
 * ```ts
 * import { can, createUser, engage, type PostGroup } from "channel-grants";
 *
 * const post: PostGroup & { readonly text: string } = { text: "Good morning", connections: ["fb"] };
 * can(createUser(engage, { id: "ana", role: "viewer" }), "publish.view", post); // false
 * ```
 */
export interface PostGroup {
  readonly connections: readonly string[];
}

// The two array methods that share their names with keys of a clause would otherwise swamp every error message.
type ListOf<Item> = Omit<readonly Item[], "every" | "some">;

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
export interface AreaDefinition<Level extends string, Flag extends string> {
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
export interface ClauseDefinition<Area extends string, Level extends string, Flag extends string, Role extends string> {
  readonly role?: Role | readonly Role[];
  readonly area?: Area;
  /** The group's level is this one or higher. */
  readonly level?: Level;
  /** The group's level is this one. */
  readonly exactly?: Level;
  /** At least one connection is at this level or higher. */
  readonly some?: Level;
  /** Every connection carries this flag. */
  readonly every?: Flag;
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
  readonly allow: Clause | ListOf<Clause>;
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
  readonly approve: Action;
  readonly reject: Action;
  readonly release: Action;
  /** Whether those who may approve are named with the submission, or anyone with the right will do. */
  readonly approvers: "named" | "anyone";
  /** How many steps may be named; where anyone will do, there is one approval. */
  readonly steps: number;
  readonly authorMayApprove: boolean;
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
> {
  readonly name: string;
  /** Every level of every area, lowest first; the lowest means no access. */
  readonly levels: readonly Level[];
  readonly areas: { readonly [A in keyof Areas]: AreaDefinition<Areas[A], string> } & Readonly<
    // Only here are the flags' names inferred: inside the mapped type above they would not be.
    Record<string, { readonly levels: unknown; readonly noAccessCountsAs?: unknown; readonly flags?: FlagNames<Flag> }>
  >;
  readonly roles: { readonly [R in Role]: RoleDefinition<NoInfer<Areas>, NoInfer<Flag>> };
  readonly actions: {
    readonly [A in keyof Targets]: ActionDefinition<
      Targets[A],
      ClauseDefinition<Extract<keyof Areas, string>, NoInfer<Level>, NoInfer<Flag>, NoInfer<Role>>
    >;
  };
  readonly approval?: ApprovalDefinition<NoInfer<Extract<keyof Targets, string>>>;
}

type FlagNames<Flag extends string> = { readonly [F in Flag]?: readonly string[] };

/**
 * A permission model, checked, compiled and deeply frozen: what users and matrices are made under.
 *
 * @example
 * ```ts
 * import { buffer, engage, type Policy } from "channel-grants";
 *
 * const policies: readonly Policy[] = [engage, buffer];
 * policies.map(({ name }) => name); // ["engage", "buffer"]
 * ```
 */
export interface Policy<
  Level extends string = string,
  Role extends string = string,
  Areas extends Record<string, string> = Record<string, string>,
  Targets extends Record<string, TargetKind> = Record<string, TargetKind>,
  Flag extends string = string,
> {
  readonly name: string;
  readonly levels: readonly Level[];
  readonly areas: { readonly [A in keyof Areas]: AreaDefinition<Areas[A], Flag> };
  readonly roles: { readonly [R in Role]: RoleDefinition<Areas, Flag> };
  readonly actions: {
    readonly [A in keyof Targets]: ActionDefinition<
      Targets[A],
      ClauseDefinition<Extract<keyof Areas, string>, Level, Flag, Role>
    >;
  };
  /** How the policy takes part in the approval flow, if it does. */
  readonly approval?: ApprovalDefinition<Extract<keyof Targets, string>>;
}

/** The one signature that turns a definition into a policy with all its names inferred. */
export type DefinePolicy = <
  const Level extends string,
  const Role extends string,
  const Areas extends Record<string, Level>,
  const Targets extends Record<string, TargetKind>,
  const Flag extends string = never,
>(
  definition: PolicyDefinition<Level, Role, Areas, Targets, Flag>,
) => Policy<Level, Role, Areas, Targets, Flag>;

// Each of these is written as a template, which gives the names themselves: an alias would hide them in error messages.

/**
 * The names of a policy's areas.
 *
 * @example
 * ```ts
 * import { type AreaOf, type Engage, engage } from "channel-grants";
 *
 * const area: AreaOf<Engage> = "analytics";
 * engage.areas[area].levels; // ["no-access", "full-access"]
 * ```
 */
export type AreaOf<P extends Policy> = `${keyof P["areas"] & string}`;

/**
 * The names of a policy's roles.
 *
 * @example
 * ```ts
 * import { type Engage, engage, type RoleOf } from "channel-grants";
 *
 * const role: RoleOf<Engage> = "admin";
 * role in engage.roles; // true
 * ```
 */
export type RoleOf<P extends Policy> = `${keyof P["roles"] & string}`;

/**
 * The levels of a policy, or those of one of its areas.
 *
 * @example
 * ```ts
 * import { type Engage, engage, type LevelOf } from "channel-grants";
 *
 * const level: LevelOf<Engage, "conversations"> = "view-only";
 * engage.areas.conversations.levels.indexOf(level); // 1
 * ```
 */
export type LevelOf<P extends Policy, Area extends AreaOf<P> = AreaOf<P>> = `${P["areas"][Area]["levels"][number]}`;

/**
 * The names of a policy's flags, of whichever area.
 *
 * @example
 * ```ts
 * import { type Engage, engage, type FlagOf } from "channel-grants";
 *
 * const flag: FlagOf<Engage> = "approver";
 * engage.areas.publish.flags?.[flag]; // ["view-only", "full-access"]
 * ```
 */
export type FlagOf<P extends Policy> = `${keyof NonNullable<P["areas"][AreaOf<P>]["flags"]> & string}`;

/**
 * The actions of a policy, or those that are asked about one kind of target.
 *
 * @example
 * ```ts
 * import { type ActionOf, type Engage, engage } from "channel-grants";
 *
 * const action: ActionOf<Engage, "group"> = "publish.approve";
 * engage.actions[action].target; // "group"
 * ```
 */
export type ActionOf<P extends Policy, Kind extends TargetKind = TargetKind> = `${{
  [A in keyof P["actions"]]: Extract<P["actions"][A]["target"], Kind> extends never ? never : A;
}[keyof P["actions"]] &
  string}`;

/**
 * What a call takes after the action: its target as rest arguments, `...target: TargetOf<P, A>`.
 *
 * @example
 * ```ts
 * import { type ActionOf, can, createUser, type Engage, engage, type TargetOf } from "channel-grants";
 *
 * const admin = createUser(engage, { id: "ana", role: "admin" });
 * const check = <A extends ActionOf<Engage>>(action: A, ...target: TargetOf<Engage, A>) => can(admin, action, ...target);
 * check("connections.create"); // true
 * check("publish.edit", { connections: ["fb"] }); // false
 * ```
 */
export type TargetOf<P extends Policy, Action extends ActionOf<P>> = TargetArguments[P["actions"][Action]["target"]];

interface TargetArguments {
  readonly none: [target?: undefined];
  readonly connection: [connection: string];
  readonly group: [group: PostGroup];
}

/**
 * What one user holds on one connection, every area's level and every flag spelt out.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage, type Grant } from "channel-grants";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } }],
 * });
 * const grant: Grant<Engage> = account.grant("ana", "fb");
 * grant; // { conversations: "no-access", publish: "view-only", approver: true, analytics: "no-access" }
 * ```
 */
export type Grant<P extends Policy = Policy> = {
  readonly [K in AreaOf<P> | FlagOf<P>]:
    | (K extends AreaOf<P> ? LevelOf<P, K> : never)
    | (K extends FlagOf<P> ? boolean : never);
};

/**
 * A grant as it may be given: an area left out is at its lowest level, a flag left out is off.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type GrantInput } from "channel-grants";
 *
 * const grant: GrantInput<Engage> = { publish: "view-only", approver: true, analytics: undefined };
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: grant } });
 * ana.toJSON().grants; // { fb: { publish: "view-only", approver: true } }
 * ```
 */
export type GrantInput<P extends Policy = Policy> = {
  readonly [K in keyof Grant<P>]?: Grant<P>[K] | undefined;
};

/**
 * A user as data: what `createUser` takes, and what a `User` becomes in JSON.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type UserInput } from "channel-grants";
 *
 * const input: UserInput<Engage> = { id: "ana", role: "viewer", grants: new Map([["fb", { publish: "view-only" }]]) };
 * createUser(engage, input).role; // "viewer"
 * ```
 */
export interface UserInput<P extends Policy = Policy> {
  readonly id: string;
  readonly role: RoleOf<P>;
  /** By connection: an object, a `Map`, or entries. */
  readonly grants?: GrantsByConnection<P> | Iterable<readonly [string, GrantInput<P> | undefined]> | undefined;
  /** The account's connections, as far as they concern this user. */
  readonly connections?: readonly string[] | undefined;
}

/**
 * Grants as an object, by connection.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type GrantsByConnection } from "channel-grants";
 *
 * const grants: GrantsByConnection<Engage> = { fb: { publish: "view-only" }, ig: undefined };
 * createUser(engage, { id: "ana", role: "viewer", grants }).toJSON().grants; // { fb: { publish: "view-only" } }
 * ```
 */
export interface GrantsByConnection<P extends Policy = Policy> {
  // A grant spelt out: an error about a misspelt key then names the right ones.
  readonly [connection: string]: { readonly [K in keyof Grant<P>]?: Grant<P>[K] | undefined } | undefined;
}

/**
 * A user as a row of JSON: only what is above the lowest level, and the other connections it knows.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type UserRow } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" }, ig: {} } });
 * const row: UserRow<Engage> = ana.toJSON();
 * row; // { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } }, connections: ["ig"] }
 * ```
 */
export interface UserRow<P extends Policy = Policy> extends UserInput<P> {
  readonly grants?: GrantsByConnection<P>;
  readonly connections?: readonly string[];
}

/**
 * A user whose grants are checked and encoded; only `createUser` and a matrix make one.
 *
 * @example
 * ```ts
 * import { can, createUser, type Engage, engage, type User } from "channel-grants";
 *
 * const ana: User<Engage> = createUser(engage, { id: "ana", role: "admin" });
 * can(ana, "connections.create"); // true
 * JSON.stringify(ana); // '{"id":"ana","role":"admin"}'
 * ```
 */
export interface User<P extends Policy = Policy> {
  readonly id: string;
  readonly role: RoleOf<P>;
  /** Gives the input shape back. */
  toJSON(): UserRow<P>;
}

/**
 * An account as data: what `createMatrix` takes, and what a `GrantMatrix` becomes in JSON.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage, type MatrixInput } from "channel-grants";
 *
 * const input: MatrixInput<Engage> = { users: [{ id: "ana", role: "viewer" }], connections: ["fb", "ig"] };
 * createMatrix(engage, input).connections(); // ["fb", "ig"]
 * ```
 */
export interface MatrixInput<P extends Policy = Policy> {
  readonly users: readonly UserInput<P>[];
  readonly connections?: readonly string[] | undefined;
}
