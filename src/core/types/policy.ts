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
>(
  definition: PolicyDefinition<Level, Role, Areas, Targets, Flag>,
) => Policy<Level, Role, Areas, Targets, Flag>;

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
export type TargetOf<P extends Policy, Action extends ActionOf<P>> = {
  readonly none: [target?: undefined];
  readonly connection: [connection: string];
  readonly group: [group: PostGroup];
}[P["actions"][Action]["target"]];

/**
 * The kind of a target that a call is given: `allowedActions` answers with the actions that are asked about that kind.
 *
 * @example
 * ```ts
 * import { type ActionOf, allowedActions, createUser, type Engage, engage, type KindOf } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } });
 * const onConnection: readonly ActionOf<Engage, KindOf<string>>[] = allowedActions(ana, "fb");
 * const kind: KindOf<{ connections: string[] }> = "group";
 * onConnection.filter((action) => engage.actions[action].target !== "connection"); // []
 * ```
 */
export type KindOf<Target> = Target extends string ? "connection" : Target extends PostGroup ? "group" : "none";
