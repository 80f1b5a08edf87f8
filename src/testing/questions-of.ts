import { at, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { expected } from "../core/base/message.js";
import { readLastArgument } from "../core/base/readers.js";
import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { createMatrix } from "../core/matrix/create-matrix.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { ActionOf, MatrixInput, Policy, TargetOf, User } from "../core/types/index.js";
import { type Case, casesOf, nameOf, STRANGE } from "./cases.js";
import { ANOTHER, relatedTo } from "./relation-forms.js";

/**
 * A question for a gate: whether this user may do this action on this target.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type Question, questionsOf } from "channel-grants/testing";
 *
 * const [first]: readonly Question<Engage>[] = questionsOf(engage).questions;
 * first?.action; // "publish.create"
 * ```
 */
export interface Question<P extends Policy = Policy, A extends ActionOf<P> = ActionOf<P>> {
  readonly user: User<P>;
  readonly action: A;
  readonly target: TargetOf<P, A>[0];
}

/**
 * Lists the questions that represent all questions about a policy, smallest first, and the account that they are about.
 *
 * Each role and each action is asked about every standing in the areas that the action is about, once with nothing held
 * in the other areas and once with the most. Strangers, a connection named twice, an empty group, and groups that leave
 * out what is held elsewhere are asked about too. In an area of more than eight states, groups have up to two of them.
 * If an action is about several areas, as many combinations are asked as stay under a thousand. An area of the account is
 * asked about at each of its states. Of relations, every combination of those that the action names is asked (of more than
 * three: each alone, and all), written as an id, as lists and as `null`; the target carries every relation of the policy.
 * Every call returns the same questions, so a test may load the account into a database first.
 *
 * @param last the actions to ask about; all of them by default.
 * @throws `PolicyError` `invalid-policy` or `unknown-action`.
 *
 * @example
 * ```ts
 * import { allowedActions, engage } from "channel-grants";
 * import { questionsOf } from "channel-grants/testing";
 *
 * const { matrix, questions } = questionsOf(engage, ["publish.approve"]);
 * matrix.user(questions[0]?.user.id ?? "") === questions[0]?.user; // true
 * questions.every(({ action }) => action === "publish.approve"); // true
 * ```
 */
export function questionsOf<P extends Policy, const A extends ActionOf<P> = ActionOf<P>>(
  policy: P,
  ...last: readonly [actions?: readonly A[]]
): { readonly matrix: GrantMatrix<P>; readonly questions: readonly Question<P, A>[] } {
  const engine = compiledPolicyOf(policy);
  const every: readonly string[] = [...engine.actions.keys()];
  const names = readLastArgument(last, at("unknown-action", "actions"), every);
  // A gate that is asked nothing would pass.
  if (names.length === 0) refuse(at("unknown-action"), `no action; ${expected(engine.actions.keys())}`);
  // The last role is mostly the plainest, and of questions of one size the first is reported.
  const roles = [...engine.roles.values()].reverse();
  const cases = names.flatMap((action) => roles.flatMap((role) => casesOf(engine, role, action)));
  const users = new Map<string, string>();
  const rows: object[] = [];
  const idOf = ({ role, held, account }: Case) => {
    const key = JSON.stringify([role.name, held, account]);
    const known = users.get(key);
    if (known !== undefined) return known;
    const id = `${role.name}-${users.size + 1}`;
    const grants = new Map(held.map((grant, index) => [nameOf(index), grant]));
    users.set(key, id);
    rows.push({ id, role: role.name, grants, ...(Object.keys(account).length > 0 && { account }) });
    return id;
  };
  const asked = cases.map((each) => ({ ...each, id: idOf(each) }));
  // Whoever else is in a relation to a post is somebody of the account, for a database that checks it.
  if (asked.some(({ relations }) => relations.length > 0)) rows.push({ id: ANOTHER, role: roles[0]?.name });
  // Both connections are known, even if nobody has a grant on them.
  const connections = [nameOf(0), nameOf(1)];
  const matrix = createMatrix(policy, { users: rows, connections } as MatrixInput<P>);
  const questions = asked
    .toSorted((one, other) => sizeOf(one) - sizeOf(other))
    .map((each) => Object.freeze({ user: matrix.user(each.id), action: each.action, target: targetOf(each, each.id) }));
  return Object.freeze({ matrix, questions: Object.freeze(questions) }) as unknown as ReturnType<
    typeof questionsOf<P, A>
  >;
}

function targetOf({ kind, connections, relations }: Case, user: string): unknown {
  if (kind === "none") return undefined;
  if (kind === "connection") return connections[0];
  return freeze({ ...relatedTo(user, relations), connections });
}

/** A stranger is no plain case, nor is a relation of somebody. */
function sizeOf({ kind, held, account, connections, relations }: Case): number {
  const size = held.length + Object.keys(account).length + relations.filter(([, form]) => form !== "nobody").length;
  if (kind !== "group") return size;
  return size + connections.length + (connections.includes(STRANGE) ? 2 : 0);
}
