import { at, refuse } from "../core/base/faults.js";
import { showId, showValue } from "../core/base/message.js";
import { readField, readFunction, readQuestion, readString } from "../core/base/readers.js";
import { decisionOn } from "../core/decisions/explain.js";
import { actionOf, checkPolicyOf, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { Awaitable } from "../core/types/awaitable.js";
import type { ActionOf, Policy, TargetOf, User } from "../core/types/index.js";
import { holdingsOf } from "../core/users/holdings.js";
import type { GuardOptions, Loading, Passed } from "./guard-types.js";
import { type Problem, problemFor, problemHeaders, problemKeys, problemOf, readTelling } from "./problem.js";

/** The answer of a gate: a request passes, or is answered with a problem. */
export type GateAnswer<P extends Policy, Target> =
  | ({ readonly allowed: true } & Passed<P, Target>)
  | { readonly allowed: false; readonly problem: Problem<P>; readonly headers: Readonly<Record<string, string>> };

/** Asks about one action, request by request. Whatever fails is thrown as an `Error`. */
export type Gate<P extends Policy, Incoming, Target> = (request: Incoming) => Promise<GateAnswer<P, Target>>;

/** Makes the gate of an action. A wrong action, or a missing loader, is refused here and not per request. */
export type MakeGate<P extends Policy, Incoming> = <A extends ActionOf<P>, Target extends TargetOf<P, A>[0]>(
  action: A,
  load: Loading<P, A, Incoming, Target>,
) => Gate<P, Incoming, Target>;

/** The place of a guard's options. */
export const guardPlace = /* @__PURE__ */ at("invalid-guard");

/** Reads the fields of a guard's options, of which some may be a framework's. */
export function readGuard(options: unknown, ...further: readonly string[]): ReadonlyMap<string, unknown> {
  return readQuestion(options, guardPlace, ["user", "challenge", "onDecision", ...problemKeys, ...further]);
}

/** Returns what makes the gates of a guard, whose options were read. */
export function gatesOf<P extends Policy, Incoming>(
  policy: P,
  fields: ReadonlyMap<string, unknown>,
): MakeGate<P, Incoming> {
  const engine = compiledPolicyOf(policy);
  const place = guardPlace;
  const findUser = readField(fields, place, "user", readFunction) as GuardOptions<P, Incoming>["user"];
  const telling = readTelling<P, [user: User<P>, request: Incoming]>(fields, place);
  const challenge = fields.has("challenge") ? (readField(fields, place, "challenge", readString) as string) : "Bearer";

  const onDecision = fields.has("onDecision")
    ? (readField(fields, place, "onDecision", readFunction) as NonNullable<GuardOptions<P, Incoming>["onDecision"]>)
    : () => undefined;

  return (action, load) => {
    const { target: kind } = actionOf(engine, action);
    const loaders: readonly unknown[] = load;
    if (kind === "none" ? loaders.length > 0 : typeof loaders[0] !== "function") {
      const expected = kind === "none" ? "nothing, for it has no target" : `a function that loads the ${kind}`;
      const what = loaders.length > 0 ? showValue(loaders[0]) : "no loader";
      refuse(place, `${what} for ${showId(action)}; expected ${expected}`);
    }
    const loadTarget = loaders[0] as (request: Incoming, user: User<P>) => Awaitable<unknown>;
    return async (request) => {
      try {
        const user = await findUser(request);
        if (user === undefined || user === null) {
          return stopped(problemFor(401), { "www-authenticate": challenge });
        }
        checkPolicyOf("user", holdingsOf(user).engine, engine);
        const target = kind === "none" ? undefined : await loadTarget(request, user);
        if (kind !== "none" && (target === undefined || target === null)) return stopped(problemFor(404));
        const decision = decisionOn(user, action, target);
        await onDecision(decision as never, user, request);
        // Only a decision that is a yes lets a request pass.
        if (decision.allowed === true) return { allowed: true, user, decision, target } as never;
        return stopped(problemOf<P, [User<P>, Incoming]>(decision as never, telling, user, request));
      } catch (error) {
        throw asError(error);
      }
    };
  };
}

function stopped<P extends Policy>(problem: Problem<P>, headers: Readonly<Record<string, string>> = {}) {
  return { allowed: false, problem, headers: { ...problemHeaders, ...headers } } as const;
}

/**
 * Returns an error for what was thrown. Frameworks read other values as signals: with `undefined` or "route", Express goes
 * on to the next handler, as if the gate had passed.
 */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`a loader threw ${showValue(thrown)}`, { cause: thrown });
}
