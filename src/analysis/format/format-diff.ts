import { getOrInsert } from "../../core/base/get-or-insert.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import type { AccountGrantChange, DecisionChange, MatrixDiff } from "../accounts/matrix-diff.js";
import { type Speech, speechIn } from "../language/speech.js";
import { grantText, labelList, titled } from "./phrases.js";
import type { Block, TextForm } from "./text-blocks.js";
import { type TextOptions, writeWith } from "./text-options.js";

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
export function formatDiff(diff: MatrixDiff, options?: TextForm | TextOptions): string {
  return writeWith(options, (speech) => diffBlocks(diff, speech));
}

/**
 * Turns the result of `diffMatrices` into blocks, user by user, because the whole text may be longer than a string can
 * be.
 */
export function* diffBlocks(diff: MatrixDiff, speech: Speech = speechIn()): Iterable<Block> {
  const { label, say } = speech;
  const { grants, decisions, groups, submissions, orphans } = diff;
  const held = [...grants, ...(ownValue(diff, "accountGrants") ?? [])];
  const count = (key: "grants" | "decisions", { length }: readonly unknown[]) =>
    say(key, { count: `${length}` }, length);
  yield { heading: say("changes", { grants: count("grants", held), decisions: count("decisions", decisions) }) };
  yield { lines: accountChanges(speech, diff) };
  const changesOf = new Map<string, (readonly [DecisionChange, "decisionOn" | "decisionOnPost"])[]>();
  const add = (changes: readonly DecisionChange[], where: "decisionOn" | "decisionOnPost") => {
    for (const each of changes) getOrInsert(changesOf, each.user, () => []).push([each, where]);
  };
  add(decisions, "decisionOn");
  add(groups, "decisionOnPost");
  for (const [id, changes] of changesOf) {
    yield { heading: label("users", id) };
    yield { lines: changes.map(([change, where]) => decisionLine(speech, ownCopy(change), where)) };
  }
  if (orphans.length + submissions.length > 0) {
    yield { heading: say("leftWithNobody") };
    yield { lines: leftWithNobody(speech, diff) };
  }
}

function* accountChanges(speech: Speech, { users, connections, grants, ...rest }: MatrixDiff): Iterable<string> {
  const { label, say } = speech;
  for (const id of users.added) yield `+ ${say("user", { user: label("users", id) })}`;
  for (const id of users.removed) yield `- ${say("user", { user: label("users", id) })}`;
  for (const { user, before, after } of users.roles) {
    const change = say("becomes", { before: label("roles", before), after: label("roles", after) });
    yield `~ ${titled(speech, label("users", user), change)}`;
  }
  for (const id of connections.added) yield `+ ${say("connection", { connection: label("connections", id) })}`;
  for (const id of connections.removed) yield `- ${say("connection", { connection: label("connections", id) })}`;
  for (const each of grants) {
    yield grantLine(speech, each, "changeOn", { connection: label("connections", each.connection) });
  }
  for (const each of ownValue(rest, "accountGrants") ?? []) yield grantLine(speech, each, "changeInAccount", {});
}

function grantLine(
  speech: Speech,
  each: AccountGrantChange,
  key: "changeOn" | "changeInAccount",
  where: Readonly<Record<string, string>>,
): string {
  const { label, say } = speech;
  const { user, change: kind, ...grants } = ownCopy(each);
  const [before = "", after = ""] = [grants.before, grants.after].map((grant) => grantText(speech, grant, true));
  const change = kind === "changed" ? say("becomes", { before, after }) : before || after;
  return `${{ added: "+", changed: "~", removed: "-" }[kind]} ${say(key, { ...where, user: label("users", user), change })}`;
}

function decisionLine(
  speech: Speech,
  { action: id, change, connections, as }: DecisionChange,
  where: "decisionOn" | "decisionOnPost",
): string {
  const { label, say } = speech;
  const action = label("actions", id);
  const asked = connections
    ? say(where, { action, connections: labelList(speech, "connections", connections) })
    : action;
  return `${change === "gained" ? "+" : "-"} ${as === undefined ? asked : say("decisionAs", { decision: asked, relations: as.length > 0 ? labelList(speech, "relations", as) : say("somebodyElse") })}`;
}

function* leftWithNobody(speech: Speech, { orphans, submissions }: MatrixDiff): Iterable<string> {
  const { label, say } = speech;
  for (const { connection, nobody } of orphans) {
    const key = nobody === "approve" ? "noneLeftToApprove" : "noneLeftToPost";
    yield `✗ ${titled(speech, label("connections", connection), say(key))}`;
  }
  for (const { submission, step, author, connections, lost } of submissions) {
    const about = {
      post: `${submission + 1}`,
      author: label("users", author),
      connections: labelList(speech, "connections", connections),
      step: `${step + 1}`,
      users: labelList(speech, "users", lost),
    };
    yield `✗ ${say("stepLost", about)}`;
  }
}
