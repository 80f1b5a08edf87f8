import { at, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { readId } from "../core/targets/target.js";
import type { At, Policy, UserInput } from "../core/types/index.js";
import { readAt } from "../core/users/ends.js";
import type { AccountSource, FoldedTeams, GrantSource } from "./folded-teams.js";
import { type FoldedUser, foldedUsers } from "./folded-users.js";
import { givenIn, type Winner } from "./layers.js";
import { readTeams } from "./read-teams.js";
import type { TeamsInput } from "./teams-input.js";

/**
 * Folds grants that were given to users and teams, on connections, on brands and everywhere, into one grant for each user
 * and connection.
 *
 * The most specific grant wins, as a whole: a user's own before those of its teams, and among a user's own, as among those
 * of its teams, one on the connection before one on a brand, and this before one everywhere. So what a user was given
 * itself, if only everywhere, counts before anything that a team gives. An empty grant is a grant too: it takes away.
 *
 * Grants that are equally specific are joined: in each area the highest level, with the flags that any of them has. If two
 * of them do not join to a grant, both are named in the error, unless a more specific one wins. A role that holds the same
 * everywhere admits no grants: those of teams do not reach its users, and one of their own is refused.
 *
 * A grant that has ended at the given instant is not there (law 12), so it hides no other one. One that ends later keeps its
 * `until`, and what several join to has the first of theirs. The fold is good until `validUntil`; fold again from then on.
 * Asked about later without that, a user holds what a new fold gives, or nothing.
 *
 * @param input `{ users, connections, teams?, brands? }`; ids that are named must exist.
 * @param options `{ at }`, which is needed where a grant ends.
 * @throws `PolicyError` `invalid-matrix`, `invalid-user`, `duplicate-user` or `invalid-grant`, with the path to the fault;
 * `invalid-grant` for two grants that clash.
 *
 * @example
 * ```ts
 * import { can, createMatrix, engage } from "channel-grants";
 * import { foldTeams, formatSource } from "channel-grants/teams";
 *
 * const folded = foldTeams(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { connections: { ig: { publish: "view-only" } } } }],
 *   connections: ["fb", "ig"],
 *   brands: [{ id: "acme", connections: ["fb", "ig"] }],
 *   teams: [{ id: "emea", members: ["ana"], grants: { brands: { acme: { publish: "full-access" } } } }],
 * });
 * const ana = createMatrix(engage, folded.input).user("ana");
 * can(ana, "publish.post-now", { connections: ["fb"] }); // true
 * can(ana, "publish.post-now", { connections: ["ig"] }); // false
 * folded.sources("ana", "fb").map((source) => formatSource(source)); // ["by team emea on brand acme"]
 * folded.sources("ana", "ig").map((source) => formatSource(source)); // ["by user ana on connection ig"]
 * ```
 */
export function foldTeams<P extends Policy>(policy: P, input: TeamsInput<P>, options?: At): FoldedTeams<P> {
  const engine = compiledPolicyOf(policy);
  const checked = readTeams(engine, input, readAt(options, at("invalid-matrix")));
  const users = foldedUsers(engine, checked);
  const userBy = (id: string): FoldedUser =>
    users.get(id) ??
    refuse(at("unknown-user"), `${showValue(id)} is not a user of this account; expected one of its users`);
  return Object.freeze({
    input: Object.freeze({
      users: Object.freeze([...users.values()].map(rowOf)),
      connections: Object.freeze([...checked.connections]),
    }),
    validUntil: checked.validUntil,
    sources(userId: string, connectionId: string) {
      const { winnerOn } = userBy(userId);
      return sourcesOf(checked.connections.has(readId(connectionId)) ? winnerOn(connectionId) : undefined);
    },
    accountSources: (userId: string) => sourcesOf(userBy(userId).account),
    *rows() {
      for (const { id: user, connections, winnerOn } of users.values()) {
        for (const connection of connections()) {
          const winner = winnerOn(connection) as Winner;
          yield Object.freeze({ user, connection, grant: winner.grant, sources: sourcesOf(winner) });
        }
      }
    },
    *accountRows() {
      for (const { id: user, account } of users.values()) {
        if (account) yield Object.freeze({ user, account: account.grant, sources: sourcesOf(account) });
      }
    },
  }) as unknown as FoldedTeams<P>;
}

/** Gives a user as `createMatrix` takes it. Its grants are not kept: together they may be many more than were given. */
function rowOf({ id, role, grants, account }: FoldedUser): UserInput {
  return Object.freeze({
    id,
    role,
    get grants() {
      return grants();
    },
    ...(account && { account: account.grant }),
  }) as UserInput;
}

function sourcesOf(winner: Winner | undefined): readonly (GrantSource | AccountSource)[] {
  return Object.freeze((winner ? givenIn(winner) : []).map(({ source }) => source));
}
