import type { ReactNode } from "react";
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
 * The properties of `GrantsProvider`.
 *
 * @example
 * ```tsx
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGrantsReact, type GrantsProviderProps } from "channel-grants/react";
 * import { renderToString } from "react-dom/server";
 *
 * const { GrantsProvider, useCan } = createGrantsReact(engage);
 * const NewPost = () => (useCan("publish.create") ? "New post" : null);
 * const props: GrantsProviderProps<Engage> = { user: createUser(engage, { id: "ana", role: "viewer" }) };
 * renderToString(<GrantsProvider {...props}><NewPost /></GrantsProvider>); // ""
 * ```
 */
export interface GrantsProviderProps<P extends Policy = Policy> {
  /** The user whose answers are shown. It is `undefined` until it is loaded, and everything is denied until then. */
  readonly user: User<P> | undefined;
  /** The matrix of the account, if the page holds one, for `useMatrix` below it. */
  readonly matrix?: GrantMatrix<P> | undefined;
  /** What `createWords` returns, for `useWords` below it. Make them outside of components. */
  readonly words?: Words | undefined;
  readonly children?: ReactNode;
}

/**
 * The properties of `Can`: an action, its target if it has one, and what to show.
 *
 * @example
 * ```tsx
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { type CanProps, createGrantsReact } from "channel-grants/react";
 * import { renderToString } from "react-dom/server";
 *
 * const { Can, GrantsProvider } = createGrantsReact(engage);
 * const Item = (props: CanProps<Engage>) => <Can fallback={<li>locked</li>} {...props} />;
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * renderToString(<GrantsProvider user={ana}><Item do="publish.select" on="fb">Select</Item></GrantsProvider>); // "<li>locked</li>"
 * ```
 */
export type CanProps<P extends Policy = Policy> = ActionProps<P> & {
  /** Shown if the action is allowed. A function gets the decision; without a `fallback`, it gets a no, too. */
  readonly children?: ReactNode | ((decision: Decision<P> | NotLoaded<P>) => ReactNode);
  /** Shown if the action is denied. */
  readonly fallback?: ReactNode;
};

/**
 * The components and hooks of one policy. They answer like the functions of the root, for the user of the nearest
 * `GrantsProvider` in the same render. If that user changes, the components that asked render again, except if the new
 * user's row says the same.
 *
 * All throw `PolicyError` `unknown-action`, `unknown-area` or `wrong-target`, before the user is loaded, too, and an
 * `Error` if there is no provider.
 *
 * @example
 * ```tsx
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { createGrantsReact, type GrantsReact } from "channel-grants/react";
 * import { renderToString } from "react-dom/server";
 *
 * const { GrantsProvider, useAccessLevel, useAllowedActions }: GrantsReact<Engage> = createGrantsReact(engage);
 * function Row({ connection }: { readonly connection: string }) {
 *   const level = useAccessLevel("publish", connection);
 *   return <li>{connection}: {level}, {useAllowedActions(connection).length} actions</li>;
 * }
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * const list = <GrantsProvider user={ana}><Row connection="fb" /></GrantsProvider>;
 * renderToString(list).replaceAll("<!-- -->", ""); // "<li>fb: needs-approval, 2 actions</li>"
 * ```
 */
export interface GrantsReact<P extends Policy = Policy> {
  /** Sets the user whose answers are shown below it. Throws `PolicyError` `invalid-user` or `invalid-matrix` for what is not of its policy. */
  readonly GrantsProvider: (props: GrantsProviderProps<P>) => ReactNode;
  /** Shows its children if an action is allowed, and its fallback if not. */
  readonly Can: (props: CanProps<P>) => ReactNode;
  /** Returns the user of the provider, or `undefined` until it is loaded. */
  readonly useUser: () => User<P> | undefined;
  /** Answers like `can`. */
  readonly useCan: <A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>) => boolean;
  /** Answers like `explain`. As long as the decision says the same, it is the same object. */
  readonly useDecision: <A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>) => Decision<P> | NotLoaded<P>;
  /** Answers like `allowedActions`. As long as the list says the same, it is the same object. */
  readonly useAllowedActions: <Target extends string | PostGroup | undefined = undefined>(
    target?: Target,
  ) => readonly ActionOf<P, KindOf<Target>>[];
  /** Answers like `accessLevel`. Until the user is loaded, it answers with the lowest level. */
  readonly useAccessLevel: <A extends AreaOf<P>>(area: A, ...target: LevelTargetOf<P, NoInfer<A>>) => LevelOf<P, A>;
  /**
   * Lists the connections on which the user may do it, as a matrix' `connectionsFor` does: the picker of the compose step. As
   * long as the list says the same, it is the same object.
   */
  readonly useConnections: (
    action: ActionOf<P, "connection" | "group">,
    ...relations: [relations?: RelationsOf<P>]
  ) => readonly string[];
  /** Returns the matrix of the nearest provider that has one, or `undefined`. Ask it who may be chosen: `usersFor`. */
  readonly useMatrix: () => GrantMatrix<P> | undefined;
  /** Returns the words of the nearest provider that has some, for `formatDecision`. If they have no reader, it is the user. */
  readonly useWords: () => Words | undefined;
}
