import * as fc from "fast-check";
import { type ApprovalContext, approversOf, contextOf } from "../../approval/machine/approval-context.js";
import type { ApprovalEvent } from "../../approval/machine/events.js";
import { acceptedEvents, answerTo, isRefusal, type ReadEvent } from "../../approval/machine/flow.js";
import { readTransitionOptions, type StandIn } from "../../approval/machine/stand-ins.js";
import { askedOf, type Step, type Submission, turnOf } from "../../approval/machine/submission.js";
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
  /** The stand-ins that `transition` took with each event, if there are any. */
  readonly standIns?: readonly StandIn[];
}

/**
 * Draws histories of approval: a draft in an account, then events that the flow accepts, one after the other.
 *
 * Ana is the author: any user who may draft, in any role and at any level. Ben holds the most, so there is an approver.
 * There are other users too, and those of them who may approve are asked as well. A step may need several of its users.
 * In some histories there are stand-ins, and in some each event has its instant: then there are deadlines, and stand-ins
 * have periods. Histories shrink to a draft, without any of it.
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
  const step = fc.record({ users: fc.array(fc.nat(), some), hasNumber: fc.boolean(), needs: fc.nat() });
  const most = all.findLast((row) => ownValue(row, "grants")) ?? all.at(-1);
  return fc
    .record({
      author: fc.constantFrom(...authors),
      // Half of them may approve for sure: with one approver alone there is no number, and nobody to stand in.
      further: fc.array(fc.oneof(fc.constantFrom(...all), fc.constant(most)), { maxLength: 2 }),
      others: matrices(policy, connections),
      group: fc.subarray([...connections], some),
      choices: fc.array(
        fc.record({
          event: fc.nat(),
          steps: fc.oneof(fc.tuple(step), fc.array(step, some)),
          hours: fc.nat(9),
          expires: sometimes(fc.oneof(fc.nat(9), fc.integer({ min: 48, max: 240 }))),
        }),
        { maxLength: 16, size: "max" },
      ),
      isTimed: fc.boolean(),
      standIns: fc.array(
        fc.record({ user: fc.nat(), by: fc.nat(), from: sometimes(fc.nat(9)), hours: sometimes(fc.nat(36)) }),
        { maxLength: 4 },
      ),
    })
    .map(({ author, further, others, group, choices, isTimed, standIns }) => {
      const ids = ["ana", "ben", "cat", "dan"].slice(0, 2 + further.length);
      const rows = [author, most, ...further];
      const named = ids.map((id, index) => ({ ...rows[index], id }));
      const users = [...named, ...others.users.filter(({ id }) => named.every((each) => each.id !== id))];
      const matrix = { users, connections } as unknown as MatrixJSON<P>;
      const account = createMatrix(policy, matrix) as unknown as GrantMatrix;
      const substitutes = standIns.flatMap((each) => standInsOf(ids, each, isTimed));
      return {
        matrix,
        ...lead(account, group, choices, isTimed, substitutes),
        ...(substitutes.length > 0 && { standIns: substitutes }),
      };
    });
}

/** What is chosen for an event: users and events by their place in their lists, times in hours. */
interface Choice {
  /** One of the events that are accepted. */
  readonly event: number;
  /** Whom to ask in each step, whether it says how many of them it needs, and how many. */
  readonly steps: readonly { readonly users: readonly number[]; readonly hasNumber: boolean; readonly needs: number }[];
  /** The time since the event before. */
  readonly hours: number;
  /** The time from a submission to its deadline: soon, or late enough for a release. */
  readonly expires: number | undefined;
}

interface StandInChoice {
  readonly user: number;
  readonly by: number;
  readonly from: number | undefined;
  readonly hours: number | undefined;
}

function sometimes<Value>(drawn: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(drawn, { nil: undefined });
}

/** Gives the instant so many hours after the beginning of a history. */
function instantAfter(hours: number): string {
  return new Date(Date.UTC(2026, 0, 1, hours)).toISOString();
}

/** Gives the stand-in that was chosen, unless a user would stand in for itself. */
function standInsOf(users: readonly string[], choice: StandInChoice, isTimed: boolean): readonly StandIn[] {
  const asked = users[choice.user % users.length] as string;
  const by = users[choice.by % users.length] as string;
  if (asked === by) return [];
  const { from, hours } = isTimed ? choice : { from: undefined, hours: undefined };
  return [
    {
      ...{ for: asked, by },
      ...(from !== undefined && { from: instantAfter(from) }),
      ...(hours !== undefined && { until: instantAfter((from ?? 0) + hours + 1) }),
    },
  ];
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
  isTimed: boolean,
  standIns: readonly StandIn[],
): { readonly submissions: readonly Submission[]; readonly events: readonly ApprovalEvent[] } {
  let post = (draft(matrix, { author: "ana", connections }) as Extract<ApprovalResult, { ok: true }>).submission;
  let hours = 0;
  const submissions = [post];
  const events: ApprovalEvent[] = [];
  for (const choice of choices) {
    hours += choice.hours;
    const instant = isTimed ? instantAfter(hours) : undefined;
    const context = contextOf(matrix, readTransitionOptions({ standIns }, instant), instant);
    const own: ReadEvent = { type: "auto-release", revision: post.revision };
    const accepted: readonly ReadEvent[] = [
      ...matrix.users().flatMap((id) => acceptedEvents(context, post, id)),
      ...(isRefusal(answerTo(context, post, own)) ? [] : [own]),
    ];
    if (accepted.length === 0) break;
    // By type, then by user, so that an event of one user, or of the application itself, is drawn as often as one of all.
    const each = [...new Set(accepted.map(({ type }) => type))];
    // Four times the approval: a post may need many of them, and each other event ends the round.
    const types = each.flatMap((type) => (type === "approve" ? new Array(4).fill(type) : [type]));
    const alike = accepted.filter(({ type }) => type === types[choice.event % types.length]);
    const best = alike[Math.floor(choice.event / types.length) % alike.length] as ReadEvent;
    const event: ReadEvent = {
      ...asking(context, post, best, choice.steps),
      ...(instant !== undefined && { at: instant }),
      ...(isTimed &&
        best.type === "submit" &&
        choice.expires !== undefined && { expires: instantAfter(hours + choice.expires + 1) }),
    };
    post = freeze(answerTo(context, post, event)) as Submission;
    events.push(event);
    submissions.push(post);
  }
  return { submissions, events };
}

/** Returns an accepted event, with other approvers if it names any. */
function asking(context: ApprovalContext, post: Submission, event: ReadEvent, choices: Choice["steps"]): ReadEvent {
  const { approvers, steps: most } = context.approval;
  if (approvers === "anyone" || (event.type !== "submit" && event.type !== "reassign")) return event;
  const { step: passed, given } = event.type === "submit" ? { step: 0, given: [] } : turnOf(post);
  const asked: Step[] = [];
  for (const [index, { users, hasNumber, needs }] of choices.slice(0, most - passed).entries()) {
    // Whoever approved in the step whose turn it is stays in it, and it needs one more at least.
    const counted = index === 0 ? given.map(askedOf) : [];
    const able = approversOf(context, post, passed + index).filter((user) => !counted.includes(user));
    // Each step may ask for another right. A step of nobody is refused, so the one before is the last.
    if (able.length === 0) break;
    const further = new Set(users.map((place) => able[place % able.length] as string));
    const of = [...counted, ...further];
    const isNumbered = hasNumber || counted.length > 0;
    asked.push(isNumbered ? { of, needs: counted.length + 1 + (needs % further.size) } : of);
  }
  return { ...event, steps: [...event.steps.slice(0, passed), ...asked] };
}
