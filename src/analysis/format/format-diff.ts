import { getOrInsert } from "../../core/base/get-or-insert.js";
import { showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { AccountGrantChange, DecisionChange, MatrixDiff } from "../accounts/matrix-diff.js";
import { idList } from "./phrases.js";
import { type Block, type TextForm, write } from "./text-blocks.js";

/**
 * Writes the result of `diffMatrices` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { diffMatrices, formatDiff } from "channel-grants/analysis";
 *
 * const before = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * formatDiff(diffMatrices(before, before.assign("ana", "fb", { analytics: "full-access" }))).split("\n");
 * // ["1 grant and 2 decisions change", "  + ana on fb: analytics full-access", "ana", "  + analytics.view on fb", "  + connections.reconnect on fb", ""]
 * ```
 */
export function formatDiff(diff: MatrixDiff, form?: TextForm): string {
  return write(diffBlocks(diff), form);
}

/**
 * Turns the result of `diffMatrices` into blocks, user by user, because the whole text may be longer than a string can
 * be.
 */
export function* diffBlocks(diff: MatrixDiff): Iterable<Block> {
  const { grants, decisions, groups, submissions, orphans } = diff;
  const held = [...grants, ...(ownValue(diff, "accountGrants") ?? [])];
  const count = ({ length }: readonly unknown[], noun: string) => `${length} ${noun}${length === 1 ? "" : "s"}`;
  yield { heading: `${count(held, "grant")} and ${count(decisions, "decision")} change` };
  yield { lines: accountChanges(diff) };
  const changesOf = new Map<string, (readonly [DecisionChange, string])[]>();
  const add = (changes: readonly DecisionChange[], what: string) => {
    for (const each of changes) getOrInsert(changesOf, each.user, () => []).push([each, what]);
  };
  add(decisions, "");
  add(groups, "the post to ");
  for (const [id, changes] of changesOf) {
    yield { heading: showId(id) };
    yield { lines: changes.map(([change, what]) => decisionLine(ownCopy(change), what)) };
  }
  if (orphans.length + submissions.length > 0) {
    yield { heading: "left with nobody" };
    yield { lines: leftWithNobody(diff) };
  }
}

function* accountChanges({ users, connections, grants, ...rest }: MatrixDiff): Iterable<string> {
  for (const id of users.added) yield `+ user ${showId(id)}`;
  for (const id of users.removed) yield `- user ${showId(id)}`;
  for (const { user, before, after } of users.roles)
    yield `~ ${showId(user)}: ${showId(before)} becomes ${showId(after)}`;
  for (const id of connections.added) yield `+ connection ${showId(id)}`;
  for (const id of connections.removed) yield `- connection ${showId(id)}`;
  for (const each of grants) yield grantLine(each, `on ${showId(each.connection)}`);
  for (const each of ownValue(rest, "accountGrants") ?? []) yield grantLine(each, "in the account");
}

function grantLine(each: AccountGrantChange, where: string): string {
  const { user, change, before, after } = ownCopy(each);
  const [old, next] = [before, after].map((grant) => grantText(grant, true));
  const what = change === "changed" ? `${old} becomes ${next}` : old || next;
  return `${{ added: "+", changed: "~", removed: "-" }[change]} ${showId(user)} ${where}: ${what}`;
}

function decisionLine({ action, change, connections, as }: DecisionChange, what: string): string {
  const where = connections ? ` on ${what}${idList(connections)}` : "";
  return `${change === "gained" ? "+" : "-"} ${showId(action)}${where}${as === undefined ? "" : ` as ${as.length > 0 ? idList(as) : "somebody else"}`}`;
}

function* leftWithNobody({ orphans, submissions }: MatrixDiff): Iterable<string> {
  for (const { connection, nobody } of orphans) yield `✗ ${showId(connection)}: nobody is left who can ${nobody}`;
  for (const { submission, step, author, connections, lost } of submissions) {
    yield `✗ post ${submission + 1} by ${showId(author)} to ${idList(connections)}: step ${step + 1} loses ${idList(lost)} and can no longer be approved`;
  }
}
