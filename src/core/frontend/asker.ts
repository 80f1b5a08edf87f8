import { freeze } from "../base/freeze.js";
import { ownValue } from "../base/readers.js";
import { connectionsAmong } from "../decisions/can.js";
import type { Decision } from "../decisions/decision.js";
import { explain } from "../decisions/explain.js";
import { type Words, wordsReadBy } from "../decisions/words.js";
import { checkPolicyOf, compiledPolicyOf } from "../engine/compiled-policy.js";
import type { GrantMatrix } from "../matrix/grant-matrix.js";
import { internalsOf } from "../matrix/matrix-internals.js";
import type { ActionOf, Policy, RelationsOf, TargetOf, User } from "../types/index.js";
import { connectionsOf, holdingsOf } from "../users/holdings.js";
import { nobodyOf } from "../users/unloaded-user.js";
import type { NotLoaded } from "./not-loaded.js";

/** What the components of a page ask about its user, who may not be loaded yet. */
export interface Asker<P extends Policy> {
  /** Returns the user that a page was given, or nobody until it is loaded. A user of another policy is refused. */
  readonly admit: (user: User<P> | undefined) => User<P>;
  /** Returns the matrix that a page was given. One of another policy is refused. */
  readonly admitMatrix: (matrix: GrantMatrix<P> | undefined) => GrantMatrix<P> | undefined;
  /** Returns the user, or `undefined` for nobody. */
  readonly loaded: (user: User<P>) => User<P> | undefined;
  readonly decide: <A extends ActionOf<P>>(
    user: User<P>,
    action: A,
    ...target: TargetOf<P, A>
  ) => Decision<P> | NotLoaded<P>;
  /** Lists the connections on which the user may do it, as a matrix' `connectionsFor` does. */
  readonly connectionsFor: (
    user: User<P>,
    action: ActionOf<P, "connection" | "group">,
    ...relations: [relations?: RelationsOf<P>]
  ) => readonly string[];
  /** Returns the words for the user, if they are for no reader yet. */
  readonly wordsFor: (user: User<P>, words: Words | undefined) => Words | undefined;
}

/** Makes what the components of a policy ask. */
export function askerOf<P extends Policy>(policy: P): Asker<P> {
  const engine = compiledPolicyOf(policy);
  const nobody = nobodyOf(policy);
  return {
    admit(user) {
      if (user !== undefined) checkPolicyOf("user", holdingsOf(user).engine, engine);
      return user ?? nobody;
    },
    admitMatrix(matrix) {
      if (matrix !== undefined) checkPolicyOf("matrix", internalsOf(matrix).engine, engine);
      return matrix;
    },
    loaded: (user) => (user === nobody ? undefined : user),
    decide(user, action, ...target) {
      const decision = explain(user, action, ...target);
      if (user !== nobody) return decision;
      const no = { allowed: false, action, reason: "not-loaded", blockers: [] } as const;
      const about = ownValue(decision, "target");
      return freeze(about === undefined ? no : { ...no, target: about });
    },
    connectionsFor(user, action, ...relations) {
      const holdings = holdingsOf(user);
      return connectionsAmong(holdings, connectionsOf(holdings), action, relations);
    },
    wordsFor: (user, words) => (words && user !== nobody ? wordsReadBy(words, user.id) : words),
  };
}
