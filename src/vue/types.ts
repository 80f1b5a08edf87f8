import type {
  AllowedComponentProps,
  ComponentCustomProps,
  ComputedRef,
  MaybeRefOrGetter,
  VNode,
  VNodeProps,
} from "vue";
import type { Decision } from "../core/decisions/decision.js";
import type { Words } from "../core/decisions/words.js";
import type { ActionProps } from "../core/frontend/action-props.js";
import type { NotLoaded } from "../core/frontend/not-loaded.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type {
  ActionOf,
  AreaOf,
  KindOf,
  LevelOf,
  LevelTargetOf,
  Policy,
  PostGroup,
  RelationsOf,
  TargetOf,
  User,
} from "../core/types/index.js";

/**
 * Arguments, each as it is, in a ref, or from a getter: what depends on them is computed again when they change.
 *
 * @example
 * ```ts
 * import { type ActionOf, type Engage, engage, type TargetOf } from "channel-grants";
 * import { createGrantsVue, type Sourced } from "channel-grants/vue";
 *
 * const { useCan } = createGrantsVue(engage);
 * const useDisabled = <A extends ActionOf<Engage>>(action: A, ...target: Sourced<TargetOf<Engage, A>>) => {
 *   const allowed = useCan(action, ...target);
 *   return () => !allowed.value;
 * };
 * typeof useDisabled; // "function"
 * ```
 */
export type Sourced<Arguments extends readonly unknown[]> = {
  [Key in keyof Arguments]: MaybeRefOrGetter<Arguments[Key]>;
};

/**
 * What `provideGrants` takes: the user whose answers are shown, and what a page may hold beside it. Each may be a ref or a
 * getter.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import type { ProvidedGrants } from "channel-grants/vue";
 * import { shallowRef } from "vue";
 *
 * const user = shallowRef(createUser(engage, { id: "ana", role: "viewer" }));
 * const provided: ProvidedGrants<Engage> = { user, words: undefined };
 * Object.keys(provided); // ["user", "words"]
 * ```
 */
export interface ProvidedGrants<P extends Policy = Policy> {
  /** The user whose answers are shown. It is `undefined` until it is loaded, and everything is denied until then. */
  readonly user: MaybeRefOrGetter<User<P> | undefined>;
  /** The matrix of the account, if the page holds one, for `useMatrix` below. */
  readonly matrix?: MaybeRefOrGetter<GrantMatrix<P> | undefined>;
  /** What `createWords` returns, for `useWords` below. */
  readonly words?: MaybeRefOrGetter<Words | undefined>;
}

/**
 * The type of `Can`: its properties are an action and its target, and its slots say what to show.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type CanComponent, createGrantsVue } from "channel-grants/vue";
 *
 * const Can: CanComponent<Engage> = createGrantsVue(engage).Can;
 * typeof Can; // "object"
 * ```
 */
export type CanComponent<P extends Policy = Policy> = new () => {
  $props: ActionProps<P> & AllowedComponentProps & ComponentCustomProps & VNodeProps;
  $slots: {
    /** Shown if the action is allowed. */
    readonly default?: () => VNode[];
    /** Shown if the action is denied. */
    readonly fallback?: (decision: Decision<P> | NotLoaded<P>) => VNode[];
    /** Shown in place of the others, whatever the answer is. */
    readonly either?: (decision: Decision<P> | NotLoaded<P>) => VNode[];
  };
};

/**
 * The component and composables of one policy. They answer like the functions of the root, for the user that the nearest
 * component above has provided. If the user or an argument changes, the answers are computed again. What shows an answer
 * that is the same renders nothing again.
 *
 * An action, an area or a target may be given as it is, in a ref, or from a getter. All throw `PolicyError`
 * `unknown-action`, `unknown-area` or `wrong-target` when the answer is read, before the user is loaded, too, and an
 * `Error` if nothing is provided above.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGrantsVue, type GrantsVue } from "channel-grants/vue";
 * import { createSSRApp, h } from "vue";
 * import { renderToString } from "vue/server-renderer";
 *
 * const { provideGrants, useAccessLevel, useAllowedActions }: GrantsVue<Engage> = createGrantsVue(engage);
 * const Row = {
 *   props: ["connection"],
 *   setup(props: { readonly connection: string }) {
 *     const level = useAccessLevel("publish", () => props.connection);
 *     const actions = useAllowedActions(() => props.connection);
 *     return () => h("li", `${props.connection}: ${level.value}, ${actions.value.length} actions`);
 *   },
 * };
 * const user = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * const Page = {
 *   setup() {
 *     provideGrants({ user });
 *     return () => h(Row, { connection: "fb" });
 *   },
 * };
 * await renderToString(createSSRApp(Page)); // "<li>fb: needs-approval, 2 actions</li>"
 * ```
 */
export interface GrantsVue<P extends Policy = Policy> {
  /**
   * Sets the user whose answers are shown in the components below the one that calls it. It throws, or its answers do,
   * `PolicyError` `invalid-user` or `invalid-matrix` for what is not of its policy.
   */
  readonly provideGrants: (provided: ProvidedGrants<P>) => void;
  /** Shows its default slot if an action is allowed, and `fallback` if not; or `either`, whatever the answer is. */
  readonly Can: CanComponent<P>;
  /** Gives the user, or `undefined` until it is loaded. */
  readonly useUser: () => ComputedRef<User<P> | undefined>;
  /** Answers like `can`. */
  readonly useCan: <A extends ActionOf<P>>(
    action: MaybeRefOrGetter<A>,
    ...target: Sourced<TargetOf<P, A>>
  ) => ComputedRef<boolean>;
  /** Answers like `explain`. As long as the decision says the same, it is the same object. */
  readonly useDecision: <A extends ActionOf<P>>(
    action: MaybeRefOrGetter<A>,
    ...target: Sourced<TargetOf<P, A>>
  ) => ComputedRef<Decision<P> | NotLoaded<P>>;
  /** Answers like `allowedActions`. As long as the list says the same, it is the same object. */
  readonly useAllowedActions: <Target extends string | PostGroup | undefined = undefined>(
    target?: MaybeRefOrGetter<Target>,
  ) => ComputedRef<readonly ActionOf<P, KindOf<Target>>[]>;
  /** Answers like `accessLevel`. Until the user is loaded, it answers with the lowest level. */
  readonly useAccessLevel: <A extends AreaOf<P>>(
    area: MaybeRefOrGetter<A>,
    ...target: Sourced<LevelTargetOf<P, NoInfer<A>>>
  ) => ComputedRef<LevelOf<P, A>>;
  /**
   * Lists the connections on which the user may do it, as a matrix' `connectionsFor` does: the picker of the compose step. As
   * long as the list says the same, it is the same object.
   */
  readonly useConnections: (
    action: MaybeRefOrGetter<ActionOf<P, "connection" | "group">>,
    ...relations: [relations?: MaybeRefOrGetter<RelationsOf<P>>]
  ) => ComputedRef<readonly string[]>;
  /** Gives the matrix that is provided nearest above, or `undefined`. Ask it who may be chosen: `usersFor`. */
  readonly useMatrix: () => ComputedRef<GrantMatrix<P> | undefined>;
  /** Gives the words that are provided nearest above, for `formatDecision`. If they have no reader, it is the user. */
  readonly useWords: () => ComputedRef<Words | undefined>;
}
