import { indent } from "../core/base/columns.js";
import { escapeUnseen, showId, showValue } from "../core/base/message.js";
import { decisionOn } from "../core/decisions/explain.js";
import type { ActionOf, Policy, TargetOf, User } from "../core/types/index.js";
import { decisionReport } from "./decision-report.js";
import { type Question, questionsOf } from "./questions-of.js";

/**
 * A gate of your application that answers as `can` does: a route handler, whether a button is rendered, a filter in a
 * database.
 *
 * @example
 * ```ts
 * import { accessLevel, type Engage } from "channel-grants";
 * import type { Gate } from "channel-grants/testing";
 *
 * const mayPost: Gate<Engage, boolean, "publish.post-now"> = (user, _, group) =>
 *   accessLevel(user, "publish", group) === "full-access";
 * mayPost.length; // 3
 * ```
 */
export type Gate<
  P extends Policy,
  Answer extends boolean | PromiseLike<boolean>,
  A extends ActionOf<P> = ActionOf<P>,
> = (user: User<P>, action: A, target: TargetOf<P, A>[0]) => Answer;

/**
 * Compares a gate of your application with the policy, for every role, standing and action, and throws at the smallest
 * question on which they differ.
 *
 * The questions are those of `questionsOf`. If the gate returns promises, so does `expectGate`: await it.
 *
 * @param last the actions that the gate is for; all of them by default.
 * @throws `Error` that prints the decision and the user; `PolicyError` `invalid-policy` or `unknown-action`.
 *
 * @example
 * ```ts
 * import { accessLevel, engage } from "channel-grants";
 * import { expectGate } from "channel-grants/testing";
 *
 * expectGate(engage, (user, _, group) => accessLevel(user, "publish", group) === "full-access", [
 *   "publish.schedule",
 *   "publish.post-now",
 * ]); // undefined
 * ```
 */
export function expectGate<
  P extends Policy,
  Answer extends boolean | PromiseLike<boolean>,
  const A extends ActionOf<P> = ActionOf<P>,
>(policy: P, gate: Gate<P, Answer, A>, ...last: readonly [actions?: readonly A[]]): GateResult<Answer> {
  const { questions } = questionsOf(policy, ...last);
  const verdictOn = (index: number, verdict: string, cause?: unknown) => {
    const question = questions[index] as Question<P, A>;
    return new Error(
      `${verdict}, at question ${index + 1} of ${questions.length}.\n\n${detail(question as unknown as Question)}`,
      { cause },
    );
  };
  const ask = (index: number): unknown => {
    const { user, action, target } = questions[index] as Question<P, A>;
    try {
      return gate(user, action, target);
    } catch (cause) {
      throw verdictOn(index, "The gate throws", cause);
    }
  };
  const judge = (index: number, answer: unknown) => {
    const { user, action, target } = questions[index] as Question<P, A>;
    if (answer === decisionOn(user, action, target).allowed) return;
    const known = new Map<unknown, string>([
      [true, `The gate says yes and ${showId(policy.name)} says no`],
      [false, `The gate says no and ${showId(policy.name)} says yes`],
    ]);
    throw verdictOn(index, known.get(answer) ?? `The gate answers ${showValue(answer)}; expected true or false`);
  };
  const judgeLater = async (start: number, first: unknown) => {
    for (let index = start; index < questions.length; index++) {
      const answer = index === start ? first : ask(index);
      const given = await Promise.resolve(answer).catch((cause) => {
        throw verdictOn(index, "The gate throws", cause);
      });
      judge(index, given);
    }
  };
  for (let index = 0; index < questions.length; index++) {
    const answer = ask(index);
    if (isThenable(answer)) return judgeLater(index, answer) as GateResult<Answer>;
    judge(index, answer);
  }
  return undefined as GateResult<Answer>;
}

/** Tells whether to wait for an answer. Any other object is a wrong answer, and judged at once. */
function isThenable(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "then" in answer;
}

/**
 * The result of `expectGate`: `undefined`, or a promise if the gate returns promises.
 *
 * @example
 * ```ts
 * import { can, engage } from "channel-grants";
 * import { expectGate, type GateResult } from "channel-grants/testing";
 *
 * const checked: GateResult<Promise<boolean>> = expectGate(
 *   engage,
 *   async (user, action) => can(user, action),
 *   ["publish.create"],
 * );
 * await checked; // undefined
 * ```
 */
export type GateResult<Answer> = Answer extends boolean ? undefined : Promise<void>;

function detail({ user, action, target }: Question): string {
  // The connections of the account that it knows are no part of the case.
  const { connections: _, ...row } = user.toJSON();
  return `${decisionReport(user, action, target)}\n\n${indent(`the user: ${escapeUnseen(JSON.stringify(row))}`)}`;
}
