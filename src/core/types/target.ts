import type { AccountAreaOf, ActionOf, AreaOf, Policy, RelationOf } from "./policy.js";

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
  readonly group: [group: GroupOf<P>];
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

/**
 * A post group with what its actions ask of the user: the ids of those who are in each relation to the post.
 *
 * @example
 * ```ts
 * import { definePolicy, type GroupOf } from "channel-grants";
 *
 * const desk = definePolicy({
 *   name: "desk",
 *   levels: ["none", "write"],
 *   areas: { stories: { levels: ["none", "write"] } },
 *   roles: { writer: {} },
 *   relations: ["author", "assignee"],
 *   actions: { edit: { target: "group", allow: { area: "stories", level: "write", is: "author" } } },
 * });
 * const post: GroupOf<typeof desk> = { connections: ["blog"], author: "ana", assignee: ["ben", "cy"] };
 * post.author; // "ana"
 * ```
 */
export type GroupOf<P extends Policy> = [RelationOf<P>] extends [never]
  ? PostGroup
  : string extends RelationOf<P>
    ? PostGroup
    : PostGroup & RelationsOf<P>;

/**
 * A post group whose connections were looked up: `prepareGroup` or the `group` of a matrix makes it. It is a frozen post
 * group with the relations of the post, and stands wherever one does.
 *
 * @example
 * ```ts
 * import { can, createMatrix, type Engage, engage, type PreparedGroup } from "channel-grants";
 *
 * const users = [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }] as const;
 * const account = createMatrix(engage, { users });
 * const group: PreparedGroup<Engage> = account.group({ connections: ["fb"] });
 * group.connections; // ["fb"]
 * can(account.user("ana"), "publish.view", group); // true
 * ```
 */
export type PreparedGroup<P extends Policy = Policy> = Readonly<GroupOf<P>>;

/**
 * Who is in each relation to a post: an id, a list of ids, or `null` for nobody.
 *
 * @example
 * ```ts
 * import type { Policy, RelationsOf } from "channel-grants";
 *
 * const relations: RelationsOf<Policy> = { author: "ana", assignee: null };
 * relations.author; // "ana"
 * ```
 */
export type RelationsOf<P extends Policy> = { readonly [R in RelationOf<P>]?: string | readonly string[] | null };

/**
 * What `accessLevel` takes after the area: a connection's id or a post group; nothing for an area of the account.
 *
 * @example
 * ```ts
 * import { accessLevel, createUser, type Engage, engage, type LevelTargetOf } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * const level = (...target: LevelTargetOf<Engage, "publish">) => accessLevel(ana, "publish", ...target);
 * level("fb"); // "no-access"
 * ```
 */
export type LevelTargetOf<P extends Policy, Area extends AreaOf<P>> =
  | [target: string | PostGroup]
  | (Area extends AccountAreaOf<P> ? [] : never);
