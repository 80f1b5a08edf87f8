import { ownValue } from "../../core/base/readers.js";
import type { Access, AccessReview } from "../accounts/review-access.js";
import { type Speech, speechIn } from "../language/speech.js";
import { clauseText, grantText } from "./phrases.js";
import type { Block, TextForm } from "./text-blocks.js";
import { type TextOptions, writeWith } from "./text-options.js";

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
export function formatReview(review: AccessReview, options?: TextForm | TextOptions): string {
  return writeWith(options, (speech) => reviewBlocks(review, speech));
}

/**
 * Turns the result of `reviewAccess` into blocks, connection by connection, because the whole text may be longer than a
 * string can be.
 */
export function* reviewBlocks(
  { account, connections, ...rest }: AccessReview,
  speech: Speech = speechIn(),
): Iterable<Block> {
  const { label, say } = speech;
  const holders = ownValue(rest, "accountGrants") ?? [];
  const [user, role, holding] = [say("columnUser"), say("columnRole"), say("columnHolds")];
  const [through, may] = [say("columnThrough"), say("columnMay")];
  for (const { connection, users, nobody } of connections) {
    yield { heading: label("connections", connection) };
    yield { lines: nobody.map((what) => `✗ ${say(what === "approve" ? "nobodyApproves" : "nobodyPosts")}`) };
    yield {
      rows: [
        [user, role, holding, through, may],
        ...users.flatMap((each) =>
          each.allows.map((allowed, index) => [
            ...(index === 0 ? holderRow(speech, each) : ["", "", ""]),
            clauseText(speech, allowed.through),
            allowed.actions.map((action) => label("actions", action)).join(", "),
          ]),
        ),
      ],
    };
  }
  if (holders.length > 0) {
    yield { heading: say("inAccount") };
    yield { rows: [[user, role, holding], ...holders.map((each) => holderRow(speech, each))] };
  }
  const rows = account.flatMap(({ action, users }) =>
    users.map((each) => [...accessRow(speech, each), label("actions", action)]),
  );
  if (rows.length > 0) {
    yield { heading: say("inWholeAccount") };
    yield { rows: [[user, role, through, may], ...rows] };
  }
  const ends = ownValue(rest, "ends");
  if (ends) {
    yield { heading: say(ends.length > 0 ? "endsSoon" : "nothingEndsSoon") };
    yield {
      rows: [
        [say("columnUntil"), user, say("columnOn"), holding],
        ...ends.map((each) => {
          const connection = ownValue(each, "connection");
          const on = connection === undefined ? say("theAccount") : label("connections", connection);
          return [each.until, label("users", each.user), on, grantText(speech, each.holds, true)];
        }),
      ].slice(ends.length > 0 ? 0 : 1),
    };
  }
  if (connections.length + holders.length + rows.length === 0) yield { heading: say("nothingAtAll") };
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
export function formatAccess(access: readonly Access[], options?: TextForm | TextOptions): string {
  return writeWith(options, (speech) => {
    const { say } = speech;
    const rows = access.map((each) => accessRow(speech, each));
    if (rows.length === 0) return [{ heading: say("nobodyAtAll") }];
    return [{ rows: [[say("columnUser"), say("columnRole"), say("columnThrough")], ...rows] }];
  });
}

function accessRow(speech: Speech, { user, role, through }: Access): readonly string[] {
  return [speech.label("users", user), speech.label("roles", role), clauseText(speech, through)];
}

function holderRow(
  speech: Speech,
  { user, role, holds }: { readonly user: string; readonly role: string; readonly holds: object },
): readonly string[] {
  return [speech.label("users", user), speech.label("roles", role), grantText(speech, holds, true)];
}
