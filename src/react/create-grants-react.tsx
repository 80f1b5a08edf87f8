"use client";

import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from "react";
import { at, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { showValue } from "../core/base/message.js";
import { ownValue } from "../core/base/readers.js";
import { accessLevel, allowedActions, can, connectionsAmong } from "../core/decisions/can.js";
import type { Decision } from "../core/decisions/decision.js";
import { explain } from "../core/decisions/explain.js";
import { type Words, wordsReadBy } from "../core/decisions/words.js";
import { compiledPolicyOf, isSamePolicy } from "../core/engine/compiled-policy.js";
import type { ActionOf, Policy, TargetOf, User } from "../core/types/index.js";
import { connectionsOf, holdingsOf } from "../core/users/holdings.js";
import { nobodyOf } from "../core/users/unloaded-user.js";
import type { GrantsProviderProps, GrantsReact, NotLoaded } from "./types.js";

/**
 * Makes the React components and hooks of a policy, typed by its actions and areas.
 *
 * Call it once, in a module of your application. Each call has a context of its own, so the providers of two policies do
 * not meet.
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
  const WordsContext = createContext<Words | undefined>(undefined);

  function GrantsProvider(props: GrantsProviderProps<P>): ReactNode {
    const user = ownValue(props, "user");
    if (user !== undefined && !isSamePolicy(holdingsOf(user).engine, engine)) {
      refuse(at("invalid-user"), `a user of another policy; expected a user of ${showValue(policy.name)}`);
    }
    // If your application loads a row again and it says the same, nothing renders again: law 9.
    const now = useSame(user ?? nobody);
    const [first] = useState(now);
    const subject = useMemo(() => ({ first, now }), [first, now]);
    const outer = useContext(WordsContext);
    const children = (
      <WordsContext.Provider value={ownValue(props, "words") ?? outer}>
        {ownValue(props, "children")}
      </WordsContext.Provider>
    );
    return <SubjectContext.Provider value={subject}>{children}</SubjectContext.Provider>;
  }

  /** Returns the user of this render. Only the context knows it: React may delay a render, or give it up. */
  function useSubject(): User<P> {
    const subject = useContext(SubjectContext);
    if (!subject)
      throw new Error(`no GrantsProvider of ${showValue(policy.name)} above this component; expected one around it`);
    // There is no store. This hook makes React hydrate with the first user, then render again if the user is another one.
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
      const user = useSubject();
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
    useUser() {
      const user = useSubject();
      return user === nobody ? undefined : user;
    },
    useCan: (action, ...target) => can(useSubject(), action, ...target),
    useDecision: (action, ...target) => useSame(decide(useSubject(), action, ...target)),
    useAllowedActions: (target) => useSame(allowedActions(useSubject(), target)),
    useAccessLevel: (area, ...target) => accessLevel(useSubject(), area, ...target),
    useConnections(action, ...relations) {
      const holdings = holdingsOf(useSubject());
      return useSame(connectionsAmong(holdings, connectionsOf(holdings), action, relations));
    },
    useWords() {
      const user = useSubject();
      const words = useContext(WordsContext);
      return useMemo(() => words && (user === nobody ? words : wordsReadBy(words, user.id)), [words, user, nobody]);
    },
  };
}

/** The users of a provider. */
interface Subject<P extends Policy> {
  /** The user that the server rendered for. React does not correct attributes while hydrating, so it hydrates for the same user. */
  readonly first: User<P>;
  readonly now: User<P>;
}

/** Subscribes to nothing. It is its own function to unsubscribe. */
function never(): () => void {
  return never;
}

/** Returns the value of the last render if this one's is the same in JSON. */
function useSame<Value>(value: Value): Value {
  const text = useMemo(() => JSON.stringify(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value.
  return useMemo(() => value, [text]);
}
