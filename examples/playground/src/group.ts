import { accessLevel, type Policy, type User } from "channel-grants";
import type { Case } from "./case.js";

/** What one connection contributes to the level of a group. */
export interface Share {
  readonly connection: string;
  readonly holds: string;
  /** Another level where no access is lifted because it stands beside an accessible connection. */
  readonly countsAs: string;
  readonly holdsDown: boolean;
}

export interface WorkedOut {
  readonly area: string;
  readonly level: string;
  readonly shares: readonly Share[];
}

/** Works out a user's level on a group, connection by connection. */
export function workOut(user: User, policy: Policy, area: string, connections: readonly string[]): WorkedOut {
  const { levels = [], noAccessCountsAs } = policy.areas[area] ?? {};
  const level = accessLevel(user, area, { connections });
  const counted = connections.map((connection) => {
    const holds = accessLevel(user, area, connection);
    // The library has already said whether the lowest level is lifted here: otherwise the group would be at it.
    const lifted = holds === levels[0] && level !== levels[0];
    return { connection, holds, countsAs: lifted ? (noAccessCountsAs ?? holds) : holds };
  });
  const differ = counted.some(({ countsAs }) => countsAs !== level);
  return {
    area,
    level,
    shares: counted.map((share) => ({ ...share, holdsDown: differ && share.countsAs === level })),
  };
}

/** Gives the areas that decide about post groups, or all areas if no action is about one. */
export function groupAreas({ areas, actions }: Policy): readonly string[] {
  const asked = Object.values(actions)
    .filter(({ target }) => target === "group")
    .flatMap(({ allow }) => [allow].flat())
    .flatMap((clause) => ("area" in clause && typeof clause.area === "string" ? [clause.area] : []));
  const used = Object.keys(areas).filter((area) => asked.includes(area));
  return used.length > 0 ? used : Object.keys(areas);
}

/** Gives the connections that a user may choose for a post: the policy's own question, or what is visible at all. */
export function offeredTo({ policy, saved }: Pick<Case, "policy" | "saved">, user: string): readonly string[] {
  if (policy.approval) return saved.connectionsFor(user, policy.approval.select);
  const visible = Object.keys(policy.areas).flatMap((area) => saved.visibleConnections(user, area));
  return saved.connections().filter((id) => visible.includes(id));
}
