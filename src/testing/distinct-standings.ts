import { at, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { showId, showValue } from "../core/base/message.js";
import type { Area } from "../core/engine/area.js";
import { areaOf, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { statesIn } from "../core/engine/standing.js";
import type { AreaOf, GrantInput, Policy } from "../core/types/index.js";

/** More states than these have more standings than a test could go through. */
const MOST_STATES = 15;

/**
 * Lists every standing that a post group can have in an area. Each standing is a list of grants, one for each
 * connection.
 *
 * What a group allows depends only on which states occur in it (laws 2 and 3). So a gate that is right on these groups
 * is right on every group of every size. The smallest come first. The empty group is not listed, because it has no
 * standing.
 *
 * @returns frozen lists of grants, one for each connection of a group; Engage's publish has 63.
 * @throws `PolicyError` `unknown-area`, also for an area of the account, of which nothing is held on connections; or
 * `invalid-policy` if the area has more than 15 states.
 *
 * @example
 * ```ts
 * import { can, engage } from "channel-grants";
 * import { distinctStandings, person } from "channel-grants/testing";
 *
 * const standings = distinctStandings(engage, "publish");
 * standings.length; // 63
 * const connections = ["a", "b", "c", "d", "e", "f"];
 * const allowed = standings.filter((grants) => {
 *   const user = grants.reduce((somebody, grant, index) => somebody.on(connections[index] ?? "", grant), person(engage));
 *   return can(user, "publish.post-now", { connections: connections.slice(0, grants.length) });
 * });
 * allowed; // [[{ publish: "full-access", approver: false }], [{ publish: "full-access", approver: true }], [{ publish: "full-access", approver: false }, { publish: "full-access", approver: true }]]
 * ```
 */
export function distinctStandings<P extends Policy>(policy: P, area: AreaOf<P>): readonly (readonly GrantInput<P>[])[] {
  const engine = compiledPolicyOf(policy);
  const found = areaOf(engine, area);
  if (found.isOfAccount) {
    refuse(at("unknown-area"), `${showId(area)} is held in the account; expected an area of connections`);
  }
  const states = statesIn(found.states);
  if (states.length > MOST_STATES) {
    refuse(at("invalid-policy"), `${showValue(area)} has ${states.length} states; expected at most ${MOST_STATES}`);
  }
  const keys = keysIn(engine.keys, found);
  const grants = new Map(states.map((state) => [state, decodeGrant(keys, state)]));
  const standings = standingsIn(found, states.length).map((set) => set.map((state) => grants.get(state)));
  return freeze(standings) as unknown as readonly (readonly GrantInput<P>[])[];
}

/** Lists the sets of an area's states, of one state or up to so many, the smallest first. */
export function standingsIn(area: Area, most: number): readonly (readonly number[])[] {
  const sets: (readonly number[])[] = [[]];
  for (const state of statesIn(area.states)) {
    for (const set of [...sets]) if (set.length < most) sets.push([...set, state]);
  }
  return sets.slice(1).toSorted((one, other) => one.length - other.length);
}
