import {
  accessLevel,
  type ClauseDefinition,
  type GroupOf,
  type Policy,
  type RelationsOf,
  type User,
} from "channel-grants";
import { areasOf } from "./areas.js";
import type { Case, Post } from "./case.js";

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

/** Gives the areas that decide about post groups, or all areas of connections if no action is about one. */
export function groupAreas(policy: Policy): readonly string[] {
  const asked = Object.values(policy.actions)
    .filter(({ target }) => target === "group")
    .flatMap(({ allow }) => [allow].flat() as readonly ClauseDefinition<string, string, string, string, string>[])
    .flatMap(({ area, and = [] }) => [area, ...and.map((part) => part.area)]);
  const held = areasOf(policy, "connection");
  const used = held.filter((area) => asked.includes(area));
  return used.length > 0 ? used : held;
}

/** Gives the users in each relation of the policy to a post: the author wrote it. */
export function relationsTo({ relations = [] }: Policy, { author, related = [] }: Post): RelationsOf<Policy> {
  const users = new Map(related);
  return Object.fromEntries(
    relations.map((relation) => [relation, relation === "author" ? author : (users.get(relation) ?? [])]),
  );
}

/** Gives a post as the target of a question. */
export function groupOf({ policy, post }: Pick<Case, "policy" | "post">): GroupOf<Policy> {
  return { ...relationsTo(policy, post), connections: post.connections };
}

/** Gives the connections that an author may choose for a post: the policy's own question, or what is visible at all. */
export function offeredTo({ policy, saved, post }: Pick<Case, "policy" | "saved" | "post">): readonly string[] {
  const { author } = post;
  if (policy.approval) return saved.connectionsFor(author, policy.approval.select, relationsTo(policy, post));
  const areas = areasOf(policy, "connection");
  // Nothing is held on connections, so no connection is more visible than another.
  if (areas.length === 0) return saved.connections();
  const visible = areas.flatMap((area) => saved.visibleConnections(author, area));
  return saved.connections().filter((id) => visible.includes(id));
}
