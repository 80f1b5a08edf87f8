import * as fc from "fast-check";
import { type ApprovalContext, approversOf, contextOf } from "../../approval/machine/approval-context.js";
import type { ApprovalEvent } from "../../approval/machine/events.js";
import { acceptedEvents, answerTo, isRefusal, type ReadEvent } from "../../approval/machine/flow.js";
import type { Submission } from "../../approval/machine/submission.js";
import { type ApprovalResult, draft } from "../../approval/transition.js";
import { at, refuse } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { ownValue, readLastArgument } from "../../core/base/readers.js";
import { compiledPolicyOf } from "../../core/engine/compiled-policy.js";
import { decodeAbove, type Key, keysIn } from "../../core/engine/grant-bits.js";
import { statesIn } from "../../core/engine/standing.js";
import { createMatrix } from "../../core/matrix/create-matrix.js";
import type { GrantMatrix, MatrixJSON } from "../../core/matrix/grant-matrix.js";
import type { MatrixInput, Policy, UserRow } from "../../core/types/index.js";
import { matrices, someConnections } from "./accounts.js";

/**
 * The history of a post: its submissions, starting with the draft, and the events between them.
 *
 * @example
 * ```ts
 * import type { History } from "channel-grants/testing/arbitraries";
 *
 * const isReleased = ({ submissions }: History) => submissions.at(-1)?.status === "released";
 * isReleased({ matrix: { users: [], connections: [] }, events: [], submissions: [] }); // false
 * ```
 */
export interface History<P extends Policy = Policy> {
  /** The account in which the events happened, as input for `createMatrix`. */
  readonly matrix: MatrixJSON<P>;
  /** The submissions: one more than there are events. */
  readonly submissions: readonly Submission[];
  readonly events: readonly ApprovalEvent[];
}

/**
 * Draws histories of approval: a draft in an account, then events that the flow accepts, one after the other.
 *
 * Ana is the author: any user who may draft, in any role and at any level. Ben holds the most, so there is an approver.
 * There are other users too, and those of them who may approve are asked as well. Histories shrink to a draft.
 *
 * @param last the ids to draw from.
 * @throws `PolicyError` `invalid-policy`, also if the policy has no approval flow, or if nobody may draft.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { engage } from "channel-grants";
 * import { histories } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(histories(engage), ({ submissions, events }) => submissions.length === events.length + 1),
 * );
 * ```
 */
export function histories<P extends Policy>(
  policy: P,
  ...last: readonly [connections?: readonly string[]]
): fc.Arbitrary<History<P>> {
  const connections = readLastArgument(last, at("wrong-target", "connections"), someConnections);
  const all = holders(policy, connections);
  const candidates = createMatrix(policy, { users: all, connections } as unknown as MatrixInput<P>);
  const authors = all.filter(({ id }) => draft(candidates, { author: id, connections }).ok);
  if (authors.length === 0)
    refuse(at("invalid-policy"), "a policy in which nobody may draft; expected one with authors");
  const some = { minLength: 1 };
  const most = all.findLast((row) => ownValue(row, "grants")) ?? all.at(-1);
  return fc
    .record({
      author: fc.constantFrom(...authors),
      third: fc.array(fc.constantFrom(...all), { maxLength: 1 }),
      others: matrices(policy, connections),
      group: fc.subarray([...connections], some),
      choices: fc.array(fc.record({ event: fc.nat(), steps: fc.array(fc.array(fc.nat(), some), some) })),
    })
    .map(({ author, third, others, group, choices }) => {
      const named = [{ ...author, id: "ana" }, { ...most, id: "ben" }, ...third.map((row) => ({ ...row, id: "cat" }))];
      const users = [...named, ...others.users.filter(({ id }) => named.every((each) => each.id !== id))];
      const matrix = { users, connections } as unknown as MatrixJSON<P>;
      return { matrix, ...lead(createMatrix(policy, matrix) as unknown as GrantMatrix, group, choices) };
    });
}

/** One of the events that are accepted, and whom to ask in each step, both by their place in their lists. */
interface Choice {
  readonly event: number;
  readonly steps: readonly (readonly number[])[];
}

/** Lists somebody of each role at each level, the same on every connection, with all the flags that go with it. */
function holders(policy: Policy, connections: readonly string[]): readonly UserRow[] {
  const { areas, keys, accountKeys, roles } = compiledPolicyOf(policy);
  const grantsUpTo = policy.levels.map((_, rank) => {
    const names = policy.levels.slice(0, rank + 1);
    const heldIn = (each: readonly Key[]) =>
      areas.flatMap((area) => {
        const highest = area.levels.findLastIndex((level) => names.includes(level));
        const state = statesIn(area.atLevel[highest] as number).at(-1) as number;
        return Object.entries(decodeAbove(keysIn(each, area), state));
      });
    return { grant: Object.fromEntries(heldIn(keys)), account: Object.fromEntries(heldIn(accountKeys)) };
  });
  const users = [...roles.values()].flatMap(({ name: role, fixed, fixedAccount }): Omit<UserRow, "id">[] => {
    const takesAccount = accountKeys.length > 0 && !fixedAccount;
    if (fixed && !takesAccount) return [{ role }];
    return grantsUpTo.map(({ grant, account }) => ({
      role,
      ...(!fixed && { grants: Object.fromEntries(connections.map((each) => [each, grant])) }),
      ...(takesAccount && { account }),
    }));
  });
  return users.map((user, index) => ({ id: String(index), ...user }));
}

/** Leads a post of ana's through the events that are chosen among those accepted. */
function lead(
  matrix: GrantMatrix,
  connections: readonly string[],
  choices: readonly Choice[],
): { readonly submissions: readonly Submission[]; readonly events: readonly ApprovalEvent[] } {
  const context = contextOf(matrix);
  let post = (draft(matrix, { author: "ana", connections }) as Extract<ApprovalResult, { ok: true }>).submission;
  const submissions = [post];
  const events: ApprovalEvent[] = [];
  for (const { event: place, steps } of choices) {
    const own: ReadEvent = { type: "auto-release", revision: post.revision };
    const accepted: readonly ReadEvent[] = [
      ...matrix.users().flatMap((id) => acceptedEvents(context, post, id)),
      ...(isRefusal(answerTo(context, post, own)) ? [] : [own]),
    ];
    if (accepted.length === 0) break;
    // By type, then by user, so that an event of one user, or of the application itself, is drawn as often as one of all.
    const types = [...new Set(accepted.map(({ type }) => type))];
    const alike = accepted.filter(({ type }) => type === types[place % types.length]);
    const best = alike[Math.floor(place / types.length) % alike.length] as ReadEvent;
    const event = asking(context, post, best, steps);
    post = freeze(answerTo(context, post, event)) as Submission;
    events.push(event);
    submissions.push(post);
  }
  return { submissions, events };
}

/** Returns an accepted event, with other approvers if it names any. */
function asking(context: ApprovalContext, post: Submission, event: ReadEvent, places: Choice["steps"]): ReadEvent {
  const { approvers, steps: most } = context.approval;
  if (approvers === "anyone" || (event.type !== "submit" && event.type !== "reassign")) return event;
  const passed = event.steps.slice(0, post.approvals.length);
  const asked: string[][] = [];
  for (const [index, step] of places.slice(0, most - passed.length).entries()) {
    const able = approversOf(context, post, passed.length + index);
    // Each step may ask for another right. A step of nobody is refused, so the one before is the last.
    if (able.length === 0) break;
    asked.push([...new Set(step.map((place) => able[place % able.length] as string))]);
  }
  return { ...event, steps: [...passed, ...asked] };
}
