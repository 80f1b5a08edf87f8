import { at, refuse } from "../core/base/faults.js";
import { getOrInsert } from "../core/base/get-or-insert.js";
import { escapeUnseen, showId } from "../core/base/message.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import { formatSource } from "./format-source.js";
import { clashAmong } from "./join-grants.js";
import { givenIn, type Layer, layersOf, type Winner } from "./layers.js";
import type { CheckedTeams, CheckedUser, Holder } from "./read-teams.js";

/** A user, and the grants that win for it. */
export interface FoldedUser {
  readonly id: string;
  readonly role: string;
  /** What wins on a connection of the account. */
  winnerOn(connection: string): Winner | undefined;
  /** The connections on which something wins. */
  connections(): ReadonlySet<string>;
  /** What wins, connection by connection. */
  grants(): object;
  readonly account: Winner | undefined;
}

/** Finds what wins for each user, and refuses grants that clash where nothing more specific wins. */
export function foldedUsers(engine: CompiledPolicy, checked: CheckedTeams): ReadonlyMap<string, FoldedUser> {
  const { layerOf, winnerOn, connectionsOf } = layersOf(engine, checked);
  const teamsOf = new Map<string, string[]>();
  for (const { id, members } of checked.teams.values()) {
    for (const user of members) getOrInsert(teamsOf, user, () => []).push(id);
  }
  const nothing = layerOf([]);
  // Users of the same teams share a layer and, if they were given nothing themselves, the object of their grants.
  const layers = new Map<string, Layer>();
  const shared = new WeakMap<Layer, object>();
  const foldedUser = ({ role, ...user }: CheckedUser): FoldedUser => {
    const own = layerOf([user]);
    const teams = getOrInsert(layers, JSON.stringify(teamsOf.get(user.id) ?? []), () =>
      layerOf((teamsOf.get(user.id) ?? []).map((id) => checked.teams.get(id) as Holder)),
    );
    const ofTeams = role.fixed ? nothing : teams;
    const account = role.fixedAccount ? undefined : (own.account ?? teams.account);
    const winnerFor = (connection: string) => winnerOn(own, connection) ?? winnerOn(ofTeams, connection);
    const connections = () => new Set([...connectionsOf(own), ...connectionsOf(ofTeams)]);
    const made = () =>
      Object.freeze(Object.fromEntries([...connections()].map((id) => [id, (winnerFor(id) as Winner).grant])));
    const hasOwn = !connectionsOf(own).next().done;
    if (own.hasClash || ofTeams.hasClash) {
      for (const id of connections()) refuseClash(user.id, `on ${showId(id)}`, winnerFor(id) as Winner);
    }
    if (account) refuseClash(user.id, "in the account", account);
    const grants = () => (hasOwn ? made() : getOrInsert(shared, ofTeams, made));
    return { id: user.id, role: role.name, winnerOn: winnerFor, connections, grants, account };
  };
  return new Map([...checked.users].map(([id, user]) => [id, foldedUser(user)]));
}

function refuseClash(user: string, where: string, winner: Winner): void {
  if (winner.grant) return;
  const [one, other] = clashAmong(winner.areas, givenIn(winner)).map(
    ({ source }) => `${escapeUnseen(JSON.stringify(source.grant))} ${formatSource(source)}`,
  );
  refuse(
    at("invalid-grant"),
    `${showId(user)} has two grants ${where} that join to none: ${one}, and ${other}; expected two that do, or a more specific one`,
  );
}
