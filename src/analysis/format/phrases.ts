import { sentenceList, showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import { type AnyClause, type AnyPart, type AnyPattern, partsOf } from "../../core/engine/rule.js";
import type { StatesDefinition } from "../../core/types/index.js";
import type { Witness } from "../policies/witness.js";

/** Lists ids as a sentence does. */
export function idList(ids: readonly string[], conjunction: "and" | "or" = "and"): string {
  return sentenceList(ids.map(showId), conjunction);
}

/** Describes a user by role and grants, and names the connections of the group. */
export function witnessText({ user, connections, ...rest }: Witness): string {
  const grants = Object.entries(ownValue(user, "grants") ?? {}).map(
    ([id, grant]) => `${showId(id)} at ${grantText(grant, true)}`,
  );
  const account = ownValue(user, "account");
  const held = account ? [`${grantText(account, true)} in the account`] : [];
  const all = [...grants, ...held];
  const holding = all.length > 0 ? ` with ${sentenceList(all, "and")}` : "";
  const relations = Object.entries(ownValue(rest, "relations") ?? {}).filter(([, who]) => who !== null);
  const related = relations.length > 0 ? ` as ${idList(relations.map(([relation]) => relation))}` : "";
  return `${showId(user.role)}${holding}${connections.length > 0 ? `, on ${idList(connections)}${related}` : ""}`;
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
export function clauseText(clause: AnyClause): string {
  const { role, is, isNot } = ownCopy(clause);
  const one = (what: string, names: string | readonly string[] | undefined) =>
    names === undefined ? [] : [`${what}${idList([names].flat() as string[], "or")}`];
  return [
    ...one("role ", role),
    ...one("is ", is),
    ...one("is not ", isNot),
    ...(partsOf(clause).length > 0 ? [partsOf(clause).map(partText).join(" and ")] : []),
  ].join(", ");
}

/** Describes what is asked of one area. */
function partText(asked: AnyPart): string {
  const { area = "", level, exactly, some, every } = ownCopy(asked);
  const all = [
    ...(level === undefined ? [] : [`at least ${showId(level)}`]),
    ...(exactly === undefined ? [] : [`exactly ${showId(exactly)}`]),
    ...(some === undefined ? [] : [`somewhere ${patternText(some)}`]),
    ...(every === undefined ? [] : [`${patternText(every)} everywhere`]),
  ];
  return `${showId(area)} ${sentenceList(all, "and")}`;
}
