import { at, refuse } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { ownCopy, readLastArgument } from "../../core/base/readers.js";
import { STRANGER } from "../../core/engine/area.js";
import { type Bits, isSameBits, wordOf } from "../../core/engine/bits.js";
import { type CompiledPolicy, isSamePolicy } from "../../core/engine/compiled-policy.js";
import { decodeAbove, type Key } from "../../core/engine/grant-bits.js";
import type { Role } from "../../core/engine/rule.js";
import type { GrantMatrix } from "../../core/matrix/grant-matrix.js";
import { internalsOf, type MatrixInternals } from "../../core/matrix/matrix-internals.js";
import { rowOf, withEveryRow } from "../../core/matrix/user-rows.js";
import type { Policy, Until } from "../../core/types/index.js";
import { endOf } from "../../core/users/ends.js";
import { standingOfAll, unionOfBits } from "../../core/users/holdings.js";
import { heldIn, type PackedUser } from "../../core/users/packed-user.js";
import { type ActionChange, changedActions } from "./changed-actions.js";
import { type AskedGroup, readOptions } from "./diff-options.js";
import type { AccountGrantChange, DecisionChange, DiffOptions, GrantChange, MatrixDiff } from "./matrix-diff.js";
import { orphansAmong, stuckAmong } from "./orphans.js";
import { bitsWithoutGrant } from "./without-grant.js";

/**
 * Lists what changes from one matrix to another: the grants, and every decision that follows from them.
 *
 * The result is exact: it is as if `can` were asked before and after about every user, action and connection. Only what
 * changed is looked at.
 *
 * @param last `{ groups?, submissions?, approve?, post? }`.
 * @returns a frozen `MatrixDiff`, as plain JSON; `formatDiff` makes a text of it.
 * @throws `PolicyError` `invalid-matrix` (two matrices of different policies too), `unknown-action`, `wrong-target`,
 * `invalid-submission`, or `invalid-policy` for submissions if the policy has no approval flow.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { diffMatrices } from "channel-grants/analysis";
 *
 * const before = createMatrix(engage, {
 *   users: [
 *     { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
 *     { id: "ben", role: "viewer", grants: { fb: { publish: "full-access", approver: true } } },
 *   ],
 * });
 * const after = before.assign("ben", "fb", { publish: "full-access" });
 * const { grants, decisions, orphans } = diffMatrices(before, after);
 * grants.map(({ user, change }) => [user, change]); // [["ben", "changed"]]
 * decisions.map(({ action, change }) => [action, change]); // [["publish.approve", "lost"], ["publish.reject", "lost"]]
 * orphans; // [{ connection: "fb", nobody: "approve" }]
 * ```
 */
export function diffMatrices<P extends Policy>(
  before: GrantMatrix<P>,
  after: GrantMatrix<P>,
  ...last: readonly [options?: DiffOptions<P>]
): MatrixDiff<P> {
  const old = internalsOf(before);
  const { engine } = old;
  const next = underEngine(internalsOf(after), engine);
  const { groups, submissions, watched } = readOptions(
    engine,
    readLastArgument(last, at("wrong-target", "options"), {}),
  );
  const [ids, nextIds] = [old, next].map(({ account }) => [...account.numbers.keys()]) as [string[], string[]];
  const compare = comparison(old, next, [...new Set([...ids, ...nextIds])], groups);
  const users = [...new Set([...old.rows.places.keys(), ...next.rows.places.keys()])];
  // Rows are shared if one matrix was made from the other. They say the same as long as the connections are the same.
  const sameAccount = old.account.numbers === next.account.numbers;
  const changed = users.filter((user) => !(sameAccount && rowOf(old.rows, user) === rowOf(next.rows, user)));
  const changes = changed.map(compare);
  const decisions = changes.flatMap((change) => change.decisions);
  return freeze({
    users: {
      added: users.filter((user) => !old.rows.places.has(user)),
      removed: users.filter((user) => !next.rows.places.has(user)),
      roles: changes.flatMap(({ role }) => role ?? []),
    },
    connections: {
      added: nextIds.filter((id) => !old.account.numbers.has(id)),
      removed: ids.filter((id) => !next.account.numbers.has(id)),
    },
    grants: changes.flatMap(({ grants }) => grants),
    ...(engine.accountKeys.length > 0 && { accountGrants: changes.flatMap(({ accountGrants }) => accountGrants) }),
    decisions,
    groups: changes.flatMap((change) => change.groups),
    submissions: stuckAmong(submissions, old, next),
    orphans: orphansAmong(decisions, watched, next),
  }) as unknown as MatrixDiff<P>;
}

/**
 * Returns a matrix with the roles of a compiled policy. Roles are compared by identity, and a policy may have been
 * defined twice.
 */
function underEngine(matrix: MatrixInternals, engine: CompiledPolicy): MatrixInternals {
  if (matrix.engine === engine) return matrix;
  if (!isSamePolicy(matrix.engine, engine)) {
    refuse(at("invalid-matrix"), "matrices of two policies; expected one policy for both");
  }
  const underRole = (row: PackedUser) => ({ ...row, role: engine.roles.get(row.role.name) as Role });
  return { ...matrix, rows: withEveryRow(matrix.rows, underRole) };
}

/** The changes for one user. */
interface UserChange {
  readonly role: { readonly user: string; readonly before: string; readonly after: string } | undefined;
  readonly grants: readonly GrantChange[];
  readonly accountGrants: readonly AccountGrantChange[];
  readonly decisions: readonly DecisionChange[];
  readonly groups: readonly DecisionChange[];
}

/** Makes a function that compares one user before and after. */
function comparison(
  before: MatrixInternals,
  after: MatrixInternals,
  names: readonly string[],
  groups: readonly AskedGroup[],
): (user: string) => UserChange {
  const { engine } = before;
  // For a "group" action, each connection counts as a group of one.
  const changedOn = changedActions(engine, ["connection", "group"]);
  const changedInAll = changedActions(engine, ["none"]);
  const ranks = placesOf(engine.actions.keys());
  const places = placesOf(names);
  // Without a grant, all connections that the same of the two accounts know are alike.
  const alike = new Map<string, string[]>();
  for (const id of names) {
    const known = [before, after].map(({ account }) => account.numbers.has(id)).join();
    getOrInsert(alike, known, () => []).push(id);
  }
  return (user) => {
    const [was, is] = [rowOf(before.rows, user), rowOf(after.rows, user)];
    const members = [was, is] as const;
    const [old, next] = [heldBy(before, was), heldBy(after, is)];
    const without = (id: string) =>
      [bitsWithoutGrant(before, was?.role, id), bitsWithoutGrant(after, is?.role, id)] as const;
    const standingsOn = (id: string) => {
      const [from, to] = without(id);
      return [old.get(id) ?? from, next.get(id) ?? to] as const;
    };
    const differs = ([first = ""]: readonly string[]) => changedOn(members, ...without(first)).length > 0;
    const looked = new Set([...old.keys(), ...next.keys(), ...[...alike.values()].filter(differs).flat()]);
    const grants: GrantChange[] = [];
    const found = new Map<string, ActionChange & { readonly connections: string[] }>();
    for (const place of Int32Array.from(looked, (id) => places.get(id) as number).sort()) {
      const connection = names[place] as string;
      const [from, to] = standingsOn(connection);
      const ends = [endOf(was?.ends, connection), endOf(is?.ends, connection)] as const;
      const isSameEnd = ends[0].until === ends[1].until;
      if (was?.role === is?.role && isSameAccount(was, is) && isSameBits(from, to) && isSameEnd) continue;
      const [before, after] = [aboveLowest(was?.role, from), aboveLowest(is?.role, to)];
      grants.push(...grantChange(engine.keys, { user, connection }, before, after, ends));
      for (const each of changedOn(members, from, to)) {
        const key = JSON.stringify(each);
        getOrInsert(found, key, () => ({ ...each, connections: [] })).connections.push(connection);
      }
    }
    const alone = changedInAll(members, wholeOf(before, was), wholeOf(after, is));
    const decisions = [...found.values(), ...alone]
      .map((each) => ({ user, ...each }))
      .toSorted((one, other) => (ranks.get(one.action) as number) - (ranks.get(other.action) as number));
    const inGroups = groups.map(ownCopy).flatMap(({ connections, users, relations }) => {
      const standings = connections.map(standingsOn);
      const from = unionOfBits(
        engine,
        standings.map(([bits]) => bits),
      );
      const to = unionOfBits(
        engine,
        standings.map(([, bits]) => bits),
      );
      const changed = changedActions(engine, ["group"], { users, id: user })(members, from, to);
      return changed.map((each) => ({ user, ...each, connections, ...(relations && { relations }) }));
    });
    const ends = [endOf(was?.ends, null), endOf(is?.ends, null)] as const;
    const accountGrants = grantChange(engine.accountKeys, { user }, aboveAccount(was), aboveAccount(is), ends);
    const role = was && is && was.role !== is.role ? { user, before: was.role.name, after: is.role.name } : undefined;
    return { role, grants, accountGrants, decisions, groups: inGroups };
  };
}

function placesOf(names: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...names].map((name, place) => [name, place]));
}

/** Returns the bits of a user for each connection with a grant. An absent user has none. */
function heldBy({ account }: MatrixInternals, row: PackedUser | undefined): ReadonlyMap<string, Bits> {
  return row ? heldIn(account, row) : new Map();
}

/** Returns the standing of a user over the account as a whole. */
function wholeOf({ account }: MatrixInternals, row: PackedUser | undefined): Bits {
  return row ? standingOfAll(row, account) : 0;
}

/** Returns the bits if they come from a grant above the lowest level, and `undefined` for strangers and fixed roles. */
function aboveLowest(role: Role | undefined, bits: Bits): Bits | undefined {
  const isHeld = role && !role.fixed && !isSameBits(bits, role.base) && (wordOf(bits, 0) & STRANGER) === 0;
  return isHeld ? bits : undefined;
}

/** Returns what a user holds in the account above the lowest level, and `undefined` for roles that hold it everywhere. */
function aboveAccount(row: PackedUser | undefined): Bits | undefined {
  return row && !row.role.fixedAccount && !isSameBits(row.account, row.role.account) ? row.account : undefined;
}

function isSameAccount(one: PackedUser | undefined, other: PackedUser | undefined): boolean {
  return one !== undefined && other !== undefined && isSameBits(one.account, other.account);
}

function grantChange<Where extends object>(
  keys: readonly Key[],
  where: Where,
  from: Bits | undefined,
  to: Bits | undefined,
  ends: readonly [before: Until, after: Until],
): readonly (Where & Omit<GrantChange, "user" | "connection">)[] {
  if (from === undefined && to === undefined) return [];
  const isSame = from !== undefined && to !== undefined && isSameBits(from, to);
  if (isSame && ends[0].until === ends[1].until) return [];
  const change = from === undefined ? "added" : to === undefined ? "removed" : "changed";
  return [
    {
      ...where,
      change,
      ...(from !== undefined && { before: { ...decodeAbove(keys, from), ...ends[0] } }),
      ...(to !== undefined && { after: { ...decodeAbove(keys, to), ...ends[1] } }),
    },
  ];
}
