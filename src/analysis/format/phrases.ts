import { sentenceList, showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { AnyPattern } from "../../core/engine/rule.js";
import type { ClauseDefinition, StatesDefinition } from "../../core/types/index.js";
import type { Witness } from "../policies/witness.js";

/** Lists ids as a sentence does. */
export function idList(ids: readonly string[], conjunction: "and" | "or" = "and"): string {
  return sentenceList(ids.map(showId), conjunction);
}

/** Describes a user by role and grants, and names the connections of the group. */
export function witnessText({ user, connections }: Witness): string {
  const grants = Object.entries(ownValue(user, "grants") ?? {}).map(
    ([id, grant]) => `${showId(id)} at ${grantText(grant, true)}`,
  );
  const holding = grants.length > 0 ? ` with ${sentenceList(grants, "and")}` : "";
  return `${showId(user.role)}${holding}${connections.length > 0 ? `, on ${idList(connections)}` : ""}`;
}

/** Describes a set of states. */
function patternText(pattern: AnyPattern): string {
  if (typeof pattern === "string") return showId(pattern);
  if (Array.isArray(pattern)) return pattern.map(patternText).join(" or ");
  const { level, exactly, flags = [] } = ownCopy(pattern as StatesDefinition<string, string>);
  return [
    ...(level === undefined ? [] : [`at least ${showId(level)}`]),
    ...(exactly === undefined ? [] : [`exactly ${showId(exactly)}`]),
    ...flags.map(showId),
  ].join(" with ");
}

/** Describes what a clause requires. */
export function clauseText(clause: ClauseDefinition<string, string, string, string>): string {
  const { role, area, level, exactly, some, every } = ownCopy(clause);
  const part = (text: (id: string) => string, id: string | undefined) => (id === undefined ? [] : [text(showId(id))]);
  const asked = [
    ...part((id) => `at least ${id}`, level),
    ...part((id) => `exactly ${id}`, exactly),
    ...(some === undefined ? [] : [`somewhere ${patternText(some)}`]),
    ...(every === undefined ? [] : [`${patternText(every)} everywhere`]),
  ];
  return [
    ...(role === undefined ? [] : [`role ${idList([role].flat() as string[], "or")}`]),
    ...part((id) => `${id} ${sentenceList(asked, "and")}`, area),
  ].join(", ");
}
