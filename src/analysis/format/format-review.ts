import { showId } from "../../core/base/message.js";
import { ownValue } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { Access, AccessReview } from "../accounts/review-access.js";
import { clauseText } from "./phrases.js";
import { type Block, type TextForm, write } from "./text-blocks.js";

/**
 * Writes the result of `reviewAccess` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { buffer, createMatrix } from "channel-grants";
 * import { formatReview, reviewAccess } from "channel-grants/analysis";
 *
 * const account = createMatrix(buffer, {
 *   users: [{ id: "mia", role: "member", grants: { fb: { posting: "approval-required" } } }],
 * });
 * formatReview(reviewAccess(account)).split("\n").slice(0, 3); // ["fb", "  ✗ nobody can approve", "  ✗ nobody can post"]
 * ```
 */
export function formatReview(review: AccessReview, form?: TextForm): string {
  return write(reviewBlocks(review), form);
}

/**
 * Turns the result of `reviewAccess` into blocks, connection by connection, because the whole text may be longer than a
 * string can be.
 */
export function* reviewBlocks({ account, connections, ...rest }: AccessReview): Iterable<Block> {
  const holders = ownValue(rest, "accountGrants") ?? [];
  for (const { connection, users, nobody } of connections) {
    yield { heading: showId(connection) };
    yield { lines: nobody.map((what) => `✗ nobody can ${what}`) };
    yield {
      rows: [
        ["user", "role", "holds", "through", "may"],
        ...users.flatMap(({ user, role, holds, allows }) =>
          allows.map(({ through, actions }, index) => [
            ...(index === 0 ? [showId(user), showId(role), grantText(holds, true)] : ["", "", ""]),
            clauseText(through),
            actions.map(showId).join(", "),
          ]),
        ),
      ],
    };
  }
  if (holders.length > 0) {
    yield { heading: "held in the account" };
    yield {
      rows: [
        ["user", "role", "holds"],
        ...holders.map(({ user, role, holds }) => [showId(user), showId(role), grantText(holds, true)]),
      ],
    };
  }
  const rows = account.flatMap(({ action, users }) => users.map((each) => [...accessRow(each), showId(action)]));
  if (rows.length > 0) {
    yield { heading: "the account as a whole" };
    yield { rows: [["user", "role", "through", "may"], ...rows] };
  }
  const ends = ownValue(rest, "ends");
  if (ends) {
    yield { heading: ends.length > 0 ? "ends soon" : "nothing ends soon" };
    yield {
      rows: [
        ["until", "user", "on", "holds"],
        ...ends.map((each) => {
          const connection = ownValue(each, "connection");
          const on = connection === undefined ? "the account" : showId(connection);
          return [each.until, showId(each.user), on, grantText(each.holds, true)];
        }),
      ].slice(ends.length > 0 ? 0 : 1),
    };
  }
  if (connections.length + holders.length + rows.length === 0)
    yield { heading: "no connections, and nobody who may do anything" };
}

/**
 * Writes the result of `whoCan` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { formatAccess, whoCan } from "channel-grants/analysis";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "admin" }] });
 * formatAccess(whoCan(account, "connections.create")); // "  user  role   through\n  ana   admin  role admin\n"
 * ```
 */
export function formatAccess(access: readonly Access[], form?: TextForm): string {
  const rows = access.map(accessRow);
  return write(rows.length > 0 ? [{ rows: [["user", "role", "through"], ...rows] }] : [{ heading: "nobody" }], form);
}

function accessRow({ user, role, through }: Access): readonly string[] {
  return [showId(user), showId(role), clauseText(through)];
}
