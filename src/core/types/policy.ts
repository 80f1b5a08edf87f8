import type {
  ActionDefinition,
  ApprovalDefinition,
  AreaDefinition,
  ClauseDefinition,
  PolicyDefinition,
  RoleDefinition,
  TargetKind,
} from "./definition.js";

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
  Relation extends string = string,
  AccountArea extends string = string,
> {
  readonly name: string;
  readonly levels: readonly Level[];
  readonly areas: {
    readonly [A in keyof Areas]: AreaDefinition<Areas[A], Flag, A extends AccountArea ? "account" : never>;
  };
  readonly roles: { readonly [R in Role]: RoleDefinition<Areas, Flag> };
  /** What users can be to a post, if clauses ask it. */
  readonly relations?: readonly Relation[];
  readonly actions: {
    readonly [A in keyof Targets]: ActionDefinition<
      Targets[A],
      ClauseDefinition<Extract<keyof Areas, string>, Level, Flag, Role, Relation>
    >;
  };
  /** How the policy takes part in the approval flow, if it does. */
  readonly approval?: ApprovalDefinition<Extract<keyof Targets, string>>;
}

/**
 * The signature of `definePolicy`: it turns a definition into a policy with all its names inferred.
 *
 * @example
 * ```ts
 * import { type DefinePolicy, definePolicy } from "channel-grants";
 *
 * const defined: string[] = [];
 * const define: DefinePolicy = (definition) => {
 *   defined.push(definition.name);
 *   return definePolicy(definition);
 * };
 * const notes = define({
 *   name: "notes",
 *   levels: ["none", "all"],
 *   areas: { notes: { levels: ["none", "all"] } },
 *   roles: { author: {} },
 *   actions: { write: { target: "connection", allow: { area: "notes", level: "all" } } },
 * });
 * notes.actions.write.target; // "connection"
 * defined; // ["notes"]
 * ```
 */
export type DefinePolicy = <
  const Level extends string,
  const Role extends string,
  const Areas extends Record<string, Level>,
  const Targets extends Record<string, TargetKind>,
  const Flag extends string = never,
  const Relation extends string = never,
  const Of extends object = object,
>(
  definition: PolicyDefinition<Level, Role, Areas, Targets, Flag, Relation, Of>,
) => Policy<Level, Role, Areas, Targets, Flag, Relation, AccountAreasIn<Of>>;

/** The names of the areas that say that they are of the account. */
type AccountAreasIn<Of> = {
  [A in keyof Of]: [Of[A]] extends [never] ? never : Of[A] extends "account" ? A & string : never;
}[keyof Of];

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
 * The names of the areas that grants on connections are given in.
 *
 * @example
 * ```ts
 * import { type ConnectionAreaOf, type Engage, engage } from "channel-grants";
 *
 * const area: ConnectionAreaOf<Engage> = "publish";
 * engage.areas[area].of; // undefined
 * ```
 */
export type ConnectionAreaOf<P extends Policy> = `${{
  [A in keyof P["areas"]]: string extends A ? A : "account" extends P["areas"][A]["of"] ? never : A;
}[keyof P["areas"]] &
  string}`;

/**
 * The names of the areas that are held once for the whole account.
 *
 * @example
 * ```ts
 * import { type AccountAreaOf, definePolicy } from "channel-grants";
 *
 * const agency = definePolicy({
 *   name: "agency",
 *   levels: ["none", "manage"],
 *   areas: { posts: { levels: ["none", "manage"] }, billing: { levels: ["none", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * const area: AccountAreaOf<typeof agency> = "billing";
 * agency.areas[area].of; // "account"
 * ```
 */
export type AccountAreaOf<P extends Policy> = `${{
  [A in keyof P["areas"]]: "account" extends P["areas"][A]["of"] ? A : never;
}[keyof P["areas"]] &
  string}`;

/**
 * The names of a policy's relations of users to a post.
 *
 * @example
 * ```ts
 * import { definePolicy, type RelationOf } from "channel-grants";
 *
 * const desk = definePolicy({
 *   name: "desk",
 *   levels: ["none", "write"],
 *   areas: { stories: { levels: ["none", "write"] } },
 *   roles: { writer: {} },
 *   relations: ["author"],
 *   actions: { edit: { target: "group", allow: { area: "stories", level: "write", is: "author" } } },
 * });
 * const relation: RelationOf<typeof desk> = "author";
 * desk.relations?.includes(relation); // true
 * ```
 */
export type RelationOf<P extends Policy> = `${NonNullable<P["relations"]>[number]}`;

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
