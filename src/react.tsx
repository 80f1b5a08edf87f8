"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { engineOf } from "./compile.js";
import { accessLevel, allowedActions, can } from "./decide.js";
import { name, show } from "./errors.js";
import { type Decision, type Denied, explain } from "./explain.js";
import { formatDecision as formatLoaded } from "./format.js";
import { freeze } from "./frozen.js";
import type { ActionOf, AreaOf, KindOf, LevelOf, Policy, PostGroup, TargetOf, User } from "./language.js";
import { nobodyOf } from "./nobody.js";
import { at, refuse } from "./place.js";
import { readString } from "./record.js";
import { holdingsOf } from "./user.js";

/**
 * The no to everything before the user is loaded.
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
 * What `GrantsProvider` takes.
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
  /** Who is asked about; `undefined` until it is loaded, and everything is denied. */
  readonly user: User<P> | undefined;
  readonly children?: ReactNode;
}

/** An action, and its target, as the properties of a component. */
type Asked<P extends Policy> =
  | { readonly do: ActionOf<P, "none">; readonly on?: undefined }
  | { readonly do: ActionOf<P, "connection">; readonly on: string }
  | { readonly do: ActionOf<P, "group">; readonly on: PostGroup };

/**
 * What `Can` takes: an action, its target where it has one, and what to show.
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
export type CanProps<P extends Policy = Policy> = Asked<P> & {
  /** Shown for a yes; a function is given the decision, a no too unless there is a fallback. */
  readonly children?: ReactNode | ((decision: Decision<P> | NotLoaded<P>) => ReactNode);
  /** Shown for a no. */
  readonly fallback?: ReactNode;
};

/**
 * The components and hooks of one policy. They answer as the functions of the root do, for the user of the nearest
 * `GrantsProvider`, and render anew only if their answer changed.
 *
 * All throw `PolicyError` `unknown-action`, `unknown-area` or `wrong-target`, whether the user is loaded or not, and an
 * `Error` where there is no provider.
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
  /** Says whose answers are shown below it. It throws `PolicyError` `invalid-user` for anything but a user of its policy. */
  readonly GrantsProvider: (props: GrantsProviderProps<P>) => ReactNode;
  /** Shows its children where an action is allowed, and its fallback where not. */
  readonly Can: (props: CanProps<P>) => ReactNode;
  /** Answers as `can`. */
  readonly useCan: <A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>) => boolean;
  /** Answers as `explain`; the decision stays the same object for as long as it says the same. */
  readonly useDecision: <A extends ActionOf<P>>(action: A, ...target: TargetOf<P, A>) => Decision<P> | NotLoaded<P>;
  /** Answers as `allowedActions`; the list stays the same object for as long as it says the same. */
  readonly useAllowedActions: <Target extends string | PostGroup | undefined = undefined>(
    target?: Target,
  ) => readonly ActionOf<P, KindOf<Target>>[];
  /** Answers as `accessLevel`; the lowest level until the user is loaded. */
  readonly useAccessLevel: <A extends AreaOf<P>>(area: A, target: string | PostGroup) => LevelOf<P, A>;
}

/**
 * Gives a policy's React components and hooks, typed by its actions and areas.
 *
 * They are made once, in a module of the application's own, and have a context of their own: the providers of two
 * policies do not meet.
 *
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```tsx
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsReact, formatDecision } from "channel-grants/react";
 * import { renderToString } from "react-dom/server";
 *
 * const { Can, GrantsProvider, useCan } = createGrantsReact(engage);
 * const post = { connections: ["fb"] };
 * const Toolbar = () => (
 *   <>
 *     {useCan("publish.edit", post) && <button>Edit</button>}
 *     <Can do="publish.approve" on={post} fallback="not yours to approve">
 *       <button>Approve</button>
 *     </Can>
 *   </>
 * );
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * renderToString(<GrantsProvider user={ana}><Toolbar /></GrantsProvider>); // "<button>Edit</button>not yours to approve"
 * ```
 */
export function createGrantsReact<P extends Policy>(policy: P): GrantsReact<P> {
  const engine = engineOf(policy);
  const nobody = nobodyOf(policy);
  const StoreContext = createContext<Store<P> | undefined>(undefined);
  // On a server nothing is laid out, and React 18 warns of effects that wait for it.
  const useCommitEffect = "window" in globalThis ? useLayoutEffect : useEffect;

  function GrantsProvider({ user, children }: GrantsProviderProps<P>): ReactNode {
    if (user !== undefined && holdingsOf(user).engine !== engine) {
      refuse(at("invalid-user"), `a user of another policy; expected a user of ${show(policy.name)}`);
    }
    const [store] = useState(() => createStore(user));
    // While rendering: what is rendered along with a new user must not be answered for the one before, and, say, redirect.
    store.user = user;
    useCommitEffect(() => store.notify(), [store, user]);
    return <StoreContext.Provider value={store}>{children}</StoreContext.Provider>;
  }

  /** Asks about the user, or about nobody. An answer is plain JSON, and its text tells whether it changed. */
  function useAnswer<Answer>(ask: (user: User<P>) => Answer): Answer {
    const store = useContext(StoreContext);
    if (!store) throw new Error(`no GrantsProvider of ${show(policy.name)} above; expected one around what asks`);
    const text = useSyncExternalStore(
      store.subscribe,
      () => JSON.stringify(ask(store.user ?? nobody)),
      () => JSON.stringify(ask(store.first ?? nobody)),
    );
    return useMemo(() => freeze(JSON.parse(text)), [text]);
  }

  function decide<A extends ActionOf<P>>(
    user: User<P>,
    action: A,
    ...target: TargetOf<P, A>
  ): Decision<P> | NotLoaded<P> {
    const decision = explain(user, action, ...target);
    if (user !== nobody) return decision;
    return { allowed: false, action, target: decision.target, reason: "not-loaded", blockers: [] } as NotLoaded<P>;
  }

  return {
    GrantsProvider,
    Can({ do: asked, on, children, fallback }) {
      const action = asked as ActionOf<P>;
      const target = [on] as TargetOf<P, ActionOf<P>>;
      const explained = typeof children === "function";
      const answer = useAnswer((user) =>
        explained ? decide(user, action, ...target) : { allowed: can(user, action, ...target) },
      );
      if (!answer.allowed && fallback !== undefined) return fallback;
      if (explained) return children(answer as Decision<P> | NotLoaded<P>);
      return answer.allowed && children;
    },
    useCan: (action, ...target) => useAnswer((user) => can(user, action, ...target)),
    useDecision: (action, ...target) => useAnswer((user) => decide(user, action, ...target)),
    useAllowedActions: (target) => useAnswer((user) => allowedActions(user, target)),
    useAccessLevel: (area, target) => useAnswer((user) => accessLevel(user, area, target)),
  };
}

/**
 * Puts a decision into one plain sentence: the root's `formatDecision`, which also knows the no before the user is
 * loaded.
 *
 * @throws `PolicyError` `invalid-decision`.
 *
 * @example
 * ```tsx
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsReact, formatDecision } from "channel-grants/react";
 * import { renderToStaticMarkup } from "react-dom/server";
 *
 * const { Can, GrantsProvider } = createGrantsReact(engage);
 * const bar = <Can do="connections.create">{(decision) => <p>{formatDecision(decision)}</p>}</Can>;
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * renderToStaticMarkup(<GrantsProvider user={ana}>{bar}</GrantsProvider>); // "<p>ana may not connections.create: it takes the role admin.</p>"
 * renderToStaticMarkup(<GrantsProvider user={undefined}>{bar}</GrantsProvider>); // "<p>nobody may connections.create yet: the user is not loaded.</p>"
 * ```
 */
export function formatDecision(decision: Decision | NotLoaded): string {
  if (decision?.allowed !== false || decision.reason !== "not-loaded") return formatLoaded(decision);
  const action = readString(decision.action, at("invalid-decision", "action"));
  return `nobody may ${name(action)} yet: the user is not loaded.`;
}

/** Who a provider's answers are about. */
interface Store<P extends Policy> {
  /** Whom the server rendered, too: what is hydrated later has to begin with the same answer. */
  readonly first: User<P> | undefined;
  user: User<P> | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  readonly notify: () => void;
}

function createStore<P extends Policy>(user: User<P> | undefined): Store<P> {
  const listeners = new Set<() => void>();
  return {
    first: user,
    user,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    notify() {
      for (const listener of listeners) listener();
    },
  };
}
