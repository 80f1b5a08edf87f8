import { sentenceList, showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import type { ClauseDefinition } from "../../core/types/policy.js";
import type { Witness } from "../policies/witness.js";

/** Names somebody by role and grants, and the connections that are asked about. */
export function inWords({ user, connections }: Witness): string {
  const grants = Object.entries(ownValue(user, "grants") ?? {}).map(
    ([id, grant]) => `${showId(id)} at ${grantInWords(grant)}`,
  );
  const holding = grants.length > 0 ? ` with ${sentenceList(grants, "and")}` : "";
  return `${showId(user.role)}${holding}${connections.length > 0 ? `, on ${sentenceList(connections.map(showId), "and")}` : ""}`;
}

export function grantInWords(grant: object = {}): string {
  const held = Object.entries(grant).map(([key, value]) =>
    value === true ? showId(key) : `${showId(key)} ${showId(String(value))}`,
  );
  return held.join(" + ");
}

/** Says what a clause asks for. */
export function clauseInWords(clause: ClauseDefinition<string, string, string, string>): string {
  const { role, area, level, exactly, some, every } = ownCopy(clause);
  const named = [role ?? []].flat().map((each) => showId(each as string));
  const roles = named.length > 0 ? [`role ${sentenceList(named, "or")}`] : [];
  const asks = [
    ...(level === undefined ? [] : [`at least ${showId(level)}`]),
    ...(exactly === undefined ? [] : [`exactly ${showId(exactly)}`]),
    ...(some === undefined ? [] : [`somewhere ${showId(some)}`]),
    ...(every === undefined ? [] : [`${showId(every)} everywhere`]),
  ];
  return [...roles, ...(area === undefined ? [] : [`${showId(area)} ${sentenceList(asks, "and")}`])].join(", ");
}
