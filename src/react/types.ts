import type { ReactNode } from "react";
import type { Decision, Denied } from "../core/decisions/decision.js";
import type { Words } from "../core/decisions/words.js";
import type {
  ActionOf,
  AreaOf,
  GroupOf,
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
 * The answer to every question before the user is loaded: no.
 *
 * @example
 * ```tsx
 * import { engage } from "channel-grants";
 * import { createGrantsReact, type NotLoaded } from "channel-grants/react";
 * import { renderToString } from "react-dom/server";
 *
 * const { GrantsProvider, useDecision } = createGrantsReact(engage);
 * const answers: NotLoaded[] = [];
 * function Button() {
 *   const decision = useDecision("publish.create");
 *   if (!decision.allowed && decision.reason === "not-loaded") answers.push(decision);
 *   return <button disabled={!decision.allowed}>New post</button>;
 * }
 * renderToString(<GrantsProvider user={undefined}><Button /></GrantsProvider>); // '<button disabled="">New post</button>'
 * answers; // [{ allowed: false, action: "publish.create", reason: "not-loaded", blockers: [] }]
 * ```
 */
export interface NotLoaded<P extends Policy = Policy> extends Pick<Denied<P>, "action" | "target"> {
  readonly allowed: false;
  readonly reason: "not-loaded";
  readonly blockers: readonly [];
}

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
  /** What `createWords` returns, for `useWords` below it. Make them outside of components. */
  readonly words?: Words | undefined;
  readonly children?: ReactNode;
}

/**
 * An action, and its target if it has one, as properties: for components of your own that ask as `Can` does.
 *
 * @example
 * ```tsx
 * import { createUser, type Engage, engage } from "channel-grants";
 * import { type ActionProps, createGrantsReact } from "channel-grants/react";
 * import { renderToString } from "react-dom/server";
 *
 * const { Can, GrantsProvider } = createGrantsReact(engage);
 * const Lock = (props: ActionProps<Engage>) => <Can {...props} fallback="locked">open</Can>;
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * renderToString(<GrantsProvider user={ana}><Lock do="publish.select" on="fb" /></GrantsProvider>); // "locked"
 * ```
 */
export type ActionProps<P extends Policy = Policy> =
  | { readonly do: ActionOf<P, "none">; readonly on?: undefined }
  | { readonly do: ActionOf<P, "connection">; readonly on: string }
  | { readonly do: ActionOf<P, "group">; readonly on: GroupOf<P> };

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
  /** Sets the user whose answers are shown below it. Throws `PolicyError` `invalid-user` for anything but a user of its policy. */
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
  /** Returns the words of the nearest provider that has some, for `formatDecision`. If they have no reader, it is the user. */
  readonly useWords: () => Words | undefined;
}
