"use client";

import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from "react";
import { at, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { showId, showValue } from "../core/base/message.js";
import { ownValue, readString } from "../core/base/readers.js";
import { accessLevel, allowedActions, can } from "../core/decisions/can.js";
import type { Decision, Denied } from "../core/decisions/decision.js";
import { explain } from "../core/decisions/explain.js";
import { formatDecision as formatLoaded } from "../core/decisions/format-decision.js";
import { compiledPolicyOf, isSamePolicy } from "../core/engine/compiled-policy.js";
import type { ActionOf, AreaOf, KindOf, LevelOf, Policy, PostGroup, TargetOf, User } from "../core/types/index.js";
import { holdingsOf } from "../core/users/holdings.js";
import { nobodyOf } from "../core/users/unloaded-user.js";

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

/**
 * An action, and its target where it has one, as the properties of a component: for components of your own that ask as
 * `Can` does.
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
export type CanProps<P extends Policy = Policy> = ActionProps<P> & {
  /** Shown for a yes; a function is given the decision, a no too unless there is a fallback. */
  readonly children?: ReactNode | ((decision: Decision<P> | NotLoaded<P>) => ReactNode);
  /** Shown for a no. */
  readonly fallback?: ReactNode;
};

/**
 * The components and hooks of one policy. They answer as the functions of the root do, for the user of the nearest
 * `GrantsProvider` in the same render. What asks renders anew when that user changes, except for one whose row says the
 * same.
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
  const engine = compiledPolicyOf(policy);
  const nobody = nobodyOf(policy);
  const SubjectContext = createContext<Subject<P> | undefined>(undefined);

  function GrantsProvider(props: GrantsProviderProps<P>): ReactNode {
    const user = ownValue(props, "user");
    if (user !== undefined && !isSamePolicy(holdingsOf(user).engine, engine)) {
      refuse(at("invalid-user"), `a user of another policy; expected a user of ${showValue(policy.name)}`);
    }
    // To load a row again that nobody has changed renders nothing anew: law 9.
    const now = useSame(user ?? nobody);
    const [first] = useState(now);
    const subject = useMemo(() => ({ first, now }), [first, now]);
    return <SubjectContext.Provider value={subject}>{ownValue(props, "children")}</SubjectContext.Provider>;
  }

  /** Gives whom this render is about. Context alone knows that: React may hold a render back, or give it up. */
  function useUser(): User<P> {
    const subject = useContext(SubjectContext);
    if (!subject)
      throw new Error(`no GrantsProvider of ${showValue(policy.name)} above; expected one around what asks`);
    // No store: but React renders once more what it has hydrated with another answer.
    return useSyncExternalStore(
      never,
      () => subject.now,
      () => subject.first,
    );
  }

  function decide<A extends ActionOf<P>>(
    user: User<P>,
    action: A,
    ...target: TargetOf<P, A>
  ): Decision<P> | NotLoaded<P> {
    const decision = explain(user, action, ...target);
    if (user !== nobody) return decision;
    const no = { allowed: false, action, reason: "not-loaded", blockers: [] } as const;
    const about = ownValue(decision, "target");
    return freeze(about === undefined ? no : { ...no, target: about });
  }

  return {
    GrantsProvider,
    Can(props) {
      const user = useUser();
      const action = ownValue(props, "do") as ActionOf<P>;
      const target = [ownValue(props, "on")] as TargetOf<P, ActionOf<P>>;
      const children = ownValue(props, "children");
      const fallback = ownValue(props, "fallback");
      const decision = useSame(typeof children === "function" && decide(user, action, ...target));
      const allowed = decision ? decision.allowed : can(user, action, ...target);
      if (!allowed && fallback !== undefined) return fallback;
      if (typeof children !== "function") return allowed && children;
      return children(decision as Decision<P> | NotLoaded<P>);
    },
    useCan: (action, ...target) => can(useUser(), action, ...target),
    useDecision: (action, ...target) => useSame(decide(useUser(), action, ...target)),
    useAllowedActions: (target) => useSame(allowedActions(useUser(), target)),
    useAccessLevel: (area, target) => accessLevel(useUser(), area, target),
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
  return `nobody may ${showId(action)} yet: the user is not loaded.`;
}

/** Whom a provider's answers are about. */
interface Subject<P extends Policy> {
  /** Whom the server rendered. React mends no attribute that it hydrates, so a button is hydrated for the same user. */
  readonly first: User<P>;
  readonly now: User<P>;
}

/** Subscribes to nothing. */
function never(): () => void {
  return never;
}

/** Keeps the value of the render before where this one's says the same in JSON. */
function useSame<Value>(value: Value): Value {
  const text = useMemo(() => JSON.stringify(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is all that the value says.
  return useMemo(() => value, [text]);
}
