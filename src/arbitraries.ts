import * as fc from "fast-check";
import { draft } from "./approval.js";
import { engineOf } from "./compile.js";
import type { ApprovalEvent } from "./event.js";
import { acceptedEvents, accountOf, answerTo } from "./flow.js";
import { freeze } from "./frozen.js";
import { decodeAbove } from "./grant.js";
import type { GrantInput, Policy, PostGroup, UserRow } from "./language.js";
import { statesIn } from "./mask.js";
import { createMatrix, type MatrixJSON } from "./matrix.js";
import type { Submission } from "./submission.js";

export { policies } from "./invented.js";

/** What a few accounts of one brand are called; an arbitrary may be given others. */
const someConnections: readonly string[] = ["fb", "ig", "x", "li"];
const someIds: readonly string[] = ["ana", "ben", "cat", "dan", "eve", "fay"];

/**
 * Draws grants: in each area any level, with any of the flags that may stand beside it.
 *
 * They shrink to the lowest level without flags, and what is at its lowest is left out.
 *
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { createUser, engage } from "channel-grants";
 * import { grants } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(grants(engage), (grant) => {
 *     createUser(engage, { id: "ana", role: "viewer", grants: { fb: grant } });
 *   }),
 * );
 * ```
 */
export function grants<P extends Policy>(policy: P): fc.Arbitrary<GrantInput<P>> {
  const { areas, keys } = engineOf(policy);
  return fc.tuple(...areas.map(({ states }) => fc.constantFrom(...statesIn(states)))).map(
    (states) =>
      decodeAbove(
        keys,
        states.reduce((bits, state) => bits | state, 0),
      ) as GrantInput<P>,
  );
}

/**
 * Draws users, as rows for `createUser`: any role, grants on some of the connections, and others that it knows.
 *
 * They shrink to the policy's first role, and to no grants.
 *
 * @param connections the ids to draw from.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { accessLevel, createUser, engage } from "channel-grants";
 * import { users } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(users(engage), (row) => accessLevel(createUser(engage, row), "publish", "stranger") === "no-access"),
 * );
 * ```
 */
export function users<P extends Policy>(policy: P, connections = someConnections): fc.Arbitrary<UserRow<P>> {
  const { roles } = engineOf(policy);
  return fc.constantFrom(...roles.values()).chain((role) =>
    fc
      .record({
        id: fc.constantFrom(...someIds),
        entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...connections), grants(policy)), {
          selector: ([connection]) => connection,
          maxLength: role.fixed ? 0 : connections.length,
        }),
        known: fc.subarray([...connections]),
      })
      .map(({ id, entries, known }) => {
        const granted = Object.fromEntries(entries);
        const others = known.filter((connection) => !Object.hasOwn(granted, connection));
        return {
          id,
          role: role.name,
          ...(entries.length > 0 && { grants: granted }),
          ...(others.length > 0 && { connections: others }),
        } as unknown as UserRow<P>;
      }),
  );
}

/**
 * Draws accounts, as input for `createMatrix`: up to six users on some of the connections.
 *
 * @param connections the ids to draw from.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { can, createMatrix, engage } from "channel-grants";
 * import { matrices } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(matrices(engage), (input) => {
 *     const account = createMatrix(engage, input);
 *     return account.usersFor("publish.create").every((id) => can(account.user(id), "publish.create"));
 *   }),
 * );
 * ```
 */
export function matrices<P extends Policy>(policy: P, connections = someConnections): fc.Arbitrary<MatrixJSON<P>> {
  return fc.record({
    users: fc.uniqueArray(users(policy, connections), { selector: ({ id }) => id, maxLength: someIds.length }),
    connections: fc.subarray([...connections]),
  });
}

/**
 * Draws post groups, also empty ones, with connections named twice and with a stranger to every account.
 *
 * @param connections the ids to draw from.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { can, createUser, engage } from "channel-grants";
 * import { groups } from "channel-grants/testing/arbitraries";
 *
 * const nobody = createUser(engage, { id: "nobody", role: "admin" });
 * fc.assert(fc.property(groups(), (group) => !can(nobody, "publish.view", group)));
 * ```
 */
export function groups(connections = someConnections): fc.Arbitrary<PostGroup> {
  return fc.record({ connections: fc.array(fc.constantFrom(...connections, "stranger"), { maxLength: 6 }) });
}

/**
 * What became of a post: the submissions from its draft on, and the events between them.
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
  /** The account that it happened in, as input for `createMatrix`. */
  readonly matrix: MatrixJSON<P>;
  /** One more than there are events. */
  readonly submissions: readonly Submission[];
  readonly events: readonly ApprovalEvent[];
}

/**
 * Draws histories of approval: a draft in an account, then events that the flow accepts, one after the other.
 *
 * In the account are two who hold the most on every connection, so that there is an author and an approver. They shrink
 * to a draft.
 *
 * @param connections the ids to draw from.
 * @throws `PolicyError` `invalid-policy`, also where the policy has no approval.
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
export function histories<P extends Policy>(policy: P, connections = someConnections): fc.Arbitrary<History<P>> {
  const { areas, keys, roles } = engineOf(policy);
  const most = areas.reduce((bits, { states }) => bits | (statesIn(states).at(-1) as number), 0);
  const role = [...roles.values()].findLast(({ fixed }) => !fixed) ?? [...roles.values()].at(-1);
  const grant = decodeAbove(keys, most);
  const holder = (id: string) => ({
    id,
    role: role?.name,
    ...(role?.fixed ? { connections } : { grants: Object.fromEntries(connections.map((each) => [each, grant])) }),
  });
  const choices = fc.array(fc.nat({ max: 99 }), { maxLength: 12 });
  return fc
    .tuple(matrices(policy, connections), fc.subarray([...connections], { minLength: 1 }), choices)
    .map(([drawn, group, chosen]) => {
      const others = drawn.users.filter(({ id }) => id !== "ana" && id !== "ben");
      const matrix = { connections, users: [holder("ana"), holder("ben"), ...others] } as unknown as MatrixJSON<P>;
      return { matrix, ...lead(createMatrix(policy, matrix), group, chosen) };
    });
}

/** Leads a post of ana's through the events that are chosen among those accepted. */
function lead(
  matrix: ReturnType<typeof createMatrix>,
  connections: readonly string[],
  choices: readonly number[],
): { readonly submissions: readonly Submission[]; readonly events: readonly ApprovalEvent[] } {
  const account = accountOf(matrix);
  const started = draft(matrix, { author: "ana", connections });
  const submissions: Submission[] = started.ok ? [started.submission] : [];
  const events: ApprovalEvent[] = [];
  for (const choice of choices) {
    const before = submissions.at(-1);
    const accepted = before ? matrix.users().flatMap((id) => acceptedEvents(account, before, id)) : [];
    const event = accepted[choice % accepted.length];
    if (!before || !event) break;
    events.push(event);
    submissions.push(freeze(answerTo(account, before, event)) as Submission);
  }
  return { submissions, events };
}
