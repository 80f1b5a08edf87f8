import { join, name } from "../../core/base/policy-error.js";
import { own, ownOf } from "../../core/base/readers.js";
import type { ClauseDefinition } from "../../core/types/policy.js";
import type { Witness } from "../policies/witness.js";

/** Names somebody by role and grants, and the connections that are asked about. */
export function inWords({ user, connections }: Witness): string {
  const grants = Object.entries(own(user, "grants") ?? {}).map(
    ([id, grant]) => `${name(id)} at ${grantInWords(grant)}`,
  );
  const holding = grants.length > 0 ? ` with ${join(grants, "and")}` : "";
  return `${name(user.role)}${holding}${connections.length > 0 ? `, on ${join(connections.map(name), "and")}` : ""}`;
}

export function grantInWords(grant: object = {}): string {
  const held = Object.entries(grant).map(([key, value]) =>
    value === true ? name(key) : `${name(key)} ${name(String(value))}`,
  );
  return held.join(" + ");
}

/** Says what a clause asks for. */
export function clauseInWords(clause: ClauseDefinition<string, string, string, string>): string {
  const { role, area, level, exactly, some, every } = ownOf(clause);
  const named = [role ?? []].flat().map((each) => name(each as string));
  const roles = named.length > 0 ? [`role ${join(named, "or")}`] : [];
  const asks = [
    ...(level === undefined ? [] : [`at least ${name(level)}`]),
    ...(exactly === undefined ? [] : [`exactly ${name(exactly)}`]),
    ...(some === undefined ? [] : [`somewhere ${name(some)}`]),
    ...(every === undefined ? [] : [`${name(every)} everywhere`]),
  ];
  return [...roles, ...(area === undefined ? [] : [`${name(area)} ${join(asks, "and")}`])].join(", ");
}
