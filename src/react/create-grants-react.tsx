"use client";

import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from "react";
import { showValue } from "../core/base/message.js";
import { ownValue } from "../core/base/readers.js";
import { accessLevel, allowedActions, can } from "../core/decisions/can.js";
import type { Decision } from "../core/decisions/decision.js";
import type { Words } from "../core/decisions/words.js";
import { askerOf } from "../core/frontend/asker.js";
import type { NotLoaded } from "../core/frontend/not-loaded.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { ActionOf, Policy, TargetOf, User } from "../core/types/index.js";
import { originOf } from "../core/users/holdings.js";
import type { GrantsProviderProps, GrantsReact } from "./types.js";

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
  const { admit, admitMatrix, loaded, decide, connectionsFor, wordsFor } = askerOf(policy);
  const SubjectContext = createContext<Subject<P> | undefined>(undefined);
  const WordsContext = createContext<Words | undefined>(undefined);
  // Of no provider, it is null.
  const MatrixContext = createContext<GrantMatrix<P> | undefined | null>(null);

  function GrantsProvider(props: GrantsProviderProps<P>): ReactNode {
    // If your application loads a row again and it says the same, nothing renders again: law 9.
    const now = useSame(admit(ownValue(props, "user")));
    const [first] = useState(now);
    const subject = useMemo(() => ({ first, now }), [first, now]);
    const outerWords = useContext(WordsContext);
    const outerMatrix = useContext(MatrixContext);
    return (
      <SubjectContext.Provider value={subject}>
        <MatrixContext.Provider value={admitMatrix(ownValue(props, "matrix")) ?? outerMatrix ?? undefined}>
          <WordsContext.Provider value={ownValue(props, "words") ?? outerWords}>
            {ownValue(props, "children")}
          </WordsContext.Provider>
        </MatrixContext.Provider>
      </SubjectContext.Provider>
    );
  }

  const noProvider = () =>
    new Error(`no GrantsProvider of ${showValue(policy.name)} above this component; expected one around it`);

  /** Returns the user of this render. Only the context knows it: React may delay a render, or give it up. */
  function useSubject(): User<P> {
    const subject = useContext(SubjectContext);
    if (!subject) throw noProvider();
    // There is no store. This hook makes React hydrate with the first user, then render again if the user is another one.
    return useSyncExternalStore(
      never,
      () => subject.now,
      () => subject.first,
    );
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
    useUser: () => loaded(useSubject()),
    useCan: (action, ...target) => can(useSubject(), action, ...target),
    useDecision: (action, ...target) => useSame(decide(useSubject(), action, ...target)),
    useAllowedActions: (target) => useSame(allowedActions(useSubject(), target)),
    useAccessLevel: (area, ...target) => accessLevel(useSubject(), area, ...target),
    useConnections: (action, ...relations) => useSame(connectionsFor(useSubject(), action, ...relations)),
    useMatrix() {
      const matrix = useContext(MatrixContext);
      if (matrix === null) throw noProvider();
      return matrix;
    },
    useWords() {
      const user = useSubject();
      const words = useContext(WordsContext);
      return useMemo(() => wordsFor(user, words), [words, user, wordsFor]);
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

/** Returns the value of the last render if this one's is the same in JSON, and a user of the same account. */
function useSame<Value>(value: Value): Value {
  const text = useMemo(() => JSON.stringify(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value.
  return useMemo(() => value, [text, originOf(value)]);
}
