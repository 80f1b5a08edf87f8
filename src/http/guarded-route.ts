import { refuse } from "../core/base/faults.js";
import { sentenceList, showId, showValue } from "../core/base/message.js";
import { readField, readQuestion, readStrings } from "../core/base/readers.js";
import { registryOf } from "../core/base/registry.js";
import type { ActionOf, Policy, TargetOf } from "../core/types/index.js";
import { type Gate, gatesOf, guardPlace, readGuard } from "./gate.js";
import type { GuardOptions, Loading, Passed } from "./guard-types.js";

/** A gate that keeps what it let pass, request by request. */
export interface KeptGate<P extends Policy, Incoming, Target> {
  readonly ask: Gate<P, Incoming, Target>;
  readonly granted: (request: Incoming) => Passed<P, Target>;
}

/** Reads the options of a guard, and returns what makes its gates; each keeps what it let pass for the handler behind it. */
export function keptGatesOf<P extends Policy, Incoming extends object>(policy: P, options: GuardOptions<P, Incoming>) {
  const makeGate = gatesOf<P, Incoming>(policy, readGuard(options));
  return <A extends ActionOf<P>, Target extends TargetOf<P, A>[0]>(
    action: A,
    load: Loading<P, A, Incoming, Target>,
  ): KeptGate<P, Incoming, Target> => {
    const gate = makeGate<A, Target>(action, load);
    const passed = new WeakMap<object, Passed<P, Target>>();
    return {
      async ask(request) {
        // If a gate is asked again, only its last answer counts.
        passed.delete(request);
        const answer = await gate(request);
        if (answer.allowed) passed.set(request, answer);
        return answer;
      },
      granted: (request) =>
        passed.get(request) ??
        refuse(guardPlace, `the gate of ${showId(action)} let no such request pass; expected a handler behind it`),
    };
  };
}

// Shared by all copies of the package, so that a gate of one is seen by another.
const guarding = /* @__PURE__ */ registryOf<true>("gate");

/** Marks a handler as one that guards the handlers behind it, or says that they are open to everybody. */
export function markAsGuarding<Handler extends object>(handler: Handler): Handler {
  guarding.set(handler, true);
  return handler;
}

/** Tells whether a handler guards those behind it. */
export function isGuarding(handler: unknown): boolean {
  return guarding.has(handler as object);
}

/**
 * Which routes need no gate.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsHono } from "channel-grants/hono";
 * import type { UnguardedOptions } from "channel-grants/http";
 * import { Hono } from "hono";
 *
 * const { assertGuarded } = createGrantsHono(engage, { user: () => createUser(engage, { id: "ana", role: "viewer" }) });
 * const options: UnguardedOptions = { except: ["GET /health"] };
 * assertGuarded(new Hono().get("/health", (c) => c.text("fine")), options); // undefined
 * ```
 */
export interface UnguardedOptions {
  /** Routes of others that you cannot give a gate or `open`, as they are reported: `"GET /health"`. */
  readonly except?: readonly string[];
}

/** Reads which routes need no gate, and returns what refuses all others of some that have none. */
export function readUnguarded(options: UnguardedOptions): (routes: readonly string[]) => void {
  const fields = readQuestion(options, guardPlace, ["except"]);
  const except = fields.has("except") ? readField(fields, guardPlace, "except", readStrings) : [];
  return (routes) => {
    const left = [...new Set(routes)].filter((route) => !except?.includes(route));
    if (left.length === 0) return;
    const shown = left.slice(0, ROUTES_SHOWN).map(showValue);
    const more = left.length > ROUTES_SHOWN ? [`${left.length - ROUTES_SHOWN} more`] : [];
    refuse(
      guardPlace,
      `no gate before the handler of ${sentenceList([...shown, ...more], "and")}; expected a gate, or open`,
    );
  };
}

const ROUTES_SHOWN = 20;
