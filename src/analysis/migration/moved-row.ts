import { at, type Place } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import type { Bits } from "../../core/engine/bits.js";
import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import { lowestState } from "../../core/engine/standing.js";
import type { UserRow } from "../../core/types/index.js";
import { readAccountOf, readGrantOf, readUser } from "../../core/users/create-user.js";
import { isEnding } from "../../core/users/ends.js";
import { spellState } from "../search/spell-state.js";
import { type CheckedMapping, stateAt } from "./read-mapping.js";

/** A grant as it is stored, also one that ends. */
type StoredGrant = Readonly<Record<string, unknown>>;

/**
 * Moves a stored user from one policy to another. Who gets a role that holds something everywhere keeps no grant, and
 * keeps the connections.
 */
export function movedRow(from: CompiledPolicy, to: CompiledPolicy, mapping: CheckedMapping, user: unknown): UserRow {
  const moving =
    (read: typeof readGrantOf, ofAccount: boolean) =>
    (engine: CompiledPolicy, role: Role | undefined, grant: unknown, place: Place): StoredGrant => {
      const held = read(engine, role, grant, place, true);
      const moved = movedGrant(to, mapping, isEnding(held) ? held.bits : held, ofAccount);
      // On a connection, the end says also until when it is known.
      const isNothing = ofAccount && Object.keys(moved).length === 0;
      return { ...moved, ...(isEnding(held) && !isNothing && { until: held.until }) };
    };
  const place = at("invalid-user");
  const read = readUser(from, user, place, moving(readGrantOf, false), moving(readAccountOf, true));
  const { id, role, grants, connections, account } = read as Required<typeof read>;
  const nextRole = mapping.roles.get(role as Role) as Role;
  const all = [...(grants as Map<string, StoredGrant>)];
  const kept = nextRole.fixed ? [] : all.filter(([, grant]) => Object.keys(grant).length > 0);
  const ids = new Set(kept.map(([connection]) => connection));
  // A connection that was known until an end only is not known for good by what a role holds.
  const known = all.filter(([, grant]) => !Object.hasOwn(grant, "until")).map(([connection]) => connection);
  const listed = [...new Set([...known, ...(connections as readonly string[])])].filter((each) => !ids.has(each));
  // What a role holds in the account was no grant of the user either.
  const held = (role as Role).fixedAccount || nextRole.fixedAccount ? {} : (account as StoredGrant);
  return freeze({
    id,
    role: nextRole.name,
    ...(kept.length > 0 && { grants: Object.fromEntries(kept) }),
    ...(listed.length > 0 && { connections: listed }),
    ...(Object.keys(held).length > 0 && { account: held }),
  }) as UserRow;
}

/** Gives what a user holds afterwards above the lowest, on a connection or in the account. */
function movedGrant(to: CompiledPolicy, { areas }: CheckedMapping, bits: Bits, ofAccount: boolean): StoredGrant {
  const parts = [...areas].flatMap(([area, moved]) => {
    if (!moved || area.isOfAccount !== ofAccount) return [];
    const state = moved.states.get(stateAt(bits, area)) as number;
    return state === lowestState(moved.area) ? [] : Object.entries(spellState(to, moved.area, state));
  });
  return Object.fromEntries(parts.filter(([, value]) => value !== false));
}
