import { at, refuse } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { readLastArgument } from "../../core/base/readers.js";
import { STRANGER } from "../../core/engine/area.js";
import { type Engine, isSamePolicy, type Role } from "../../core/engine/compiled-policy.js";
import { decodeAbove } from "../../core/engine/grant-bits.js";
import { type GrantMatrix, type Insides, insidesOf } from "../../core/matrix/create-matrix.js";
import type { Policy } from "../../core/types/policy.js";
import { type Side, sideOf } from "./aligned-matrix.js";
import { type Flip, flipsAbout } from "./changed-actions.js";
import { readOptions } from "./diff-options.js";
import type { DecisionChange, DiffOptions, GrantChange, MatrixDiff } from "./matrix-diff.js";
import { orphansAmong, stuckAmong } from "./orphans.js";

/**
 * Lists what changes from one matrix to another: the grants, and every decision that follows from them.
 *
 * The result is exact: it is as if `can` were asked before and after about every user, action and connection. Only what
 * changed is looked at.
 *
 * @param options `{ groups?, submissions?, approve?, post? }`.
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
  const old = insidesOf(before);
  const { engine } = old;
  const next = underEngine(insidesOf(after), engine);
  const { groups, submissions, watched } = readOptions(
    engine,
    readLastArgument(last, at("wrong-target", "options"), {}),
  );
  const [ids, nextIds] = [[...old.account.numbers.keys()], [...next.account.numbers.keys()]];
  const names = [...new Set([...ids, ...nextIds])];
  const places = new Map(names.map((name, place) => [name, place]));
  const [was, is] = [sideOf(engine, old, places), sideOf(engine, next, places)];
  const compare = comparison(engine, [was, is], places, groups);
  const users = [...new Set([...old.rows.keys(), ...next.rows.keys()])];
  // Rows are shared where one matrix was made from the other, and say the same as long as the connections are the same.
  const sameAccount = old.account.numbers === next.account.numbers;
  const changed = users.filter((user) => !(sameAccount && old.rows.get(user) === next.rows.get(user)));
  const changes = changed.map(compare);
  const decisions = changes.flatMap((change) => change.decisions);
  return freeze({
    users: {
      added: users.filter((user) => !old.rows.has(user)),
      removed: users.filter((user) => !next.rows.has(user)),
      roles: changes.flatMap(({ role }) => role ?? []),
    },
    connections: {
      added: nextIds.filter((id) => !was.knows(id)),
      removed: ids.filter((id) => !is.knows(id)),
    },
    grants: changes.flatMap(({ grants }) => grants),
    decisions,
    groups: changes.flatMap((change) => change.groups),
    submissions: stuckAmong(engine, submissions, was, is),
    orphans: orphansAmong(decisions, watched, is),
  }) as unknown as MatrixDiff<P>;
}

/** Gives a matrix with the roles of an engine, which are told apart by identity: a policy may have been defined twice. */
function underEngine(matrix: Insides, engine: Engine): Insides {
  if (matrix.engine === engine) return matrix;
  if (!isSamePolicy(matrix.engine, engine)) {
    refuse(at("invalid-matrix"), "matrices of two policies; expected one policy for both");
  }
  const rows = [...matrix.rows].map(
    ([id, row]) => [id, { ...row, role: engine.roles.get(row.role.name) as Role }] as const,
  );
  return { ...matrix, rows: new Map(rows) };
}

/** What became different for one user. */
interface UserChange {
  readonly role: { readonly user: string; readonly before: string; readonly after: string } | undefined;
  readonly grants: readonly GrantChange[];
  readonly decisions: readonly DecisionChange[];
  readonly groups: readonly DecisionChange[];
}

/** Makes what compares one user on two sides. */
function comparison(
  engine: Engine,
  [before, after]: readonly [Side, Side],
  places: ReadonlyMap<string, number>,
  groups: readonly (readonly string[])[],
): (user: string) => UserChange {
  // Of a "group" action, each connection is asked about as a group of one.
  const flipsOn = flipsAbout(engine, ["connection", "group"]);
  const flipsInGroup = flipsAbout(engine, ["group"]);
  const flipsInAll = flipsAbout(engine, ["none"]);
  const order = new Map([...engine.actions.keys()].map((action, index) => [action, index]));
  const rank = ({ action }: Flip) => order.get(action) as number;
  const names = [...places.keys()];
  // Where nothing was granted, all connections are alike that the same of the two accounts know.
  const alike = [names.filter(after.knows), names.filter((id) => !after.knows(id))]
    .flatMap((list) => [list.filter(before.knows), list.filter((id) => !before.knows(id))])
    .flatMap((list) => (list[0] === undefined ? [] : [{ first: list[0], list }]));
  return (user) => {
    const [was, is] = [before.rows.get(user), after.rows.get(user)];
    const roles = [was?.role, is?.role] as const;
    const [old, next] = [before.heldAt(was), after.heldAt(is)];
    const standingsOn = (connection: string) => {
      const place = places.get(connection) ?? -1;
      return [
        old.get(place) ?? before.bitsWithoutGrant(was?.role, connection),
        next.get(place) ?? after.bitsWithoutGrant(is?.role, connection),
      ] as const;
    };
    const withoutGrant = alike.filter(
      ({ first }) =>
        flipsOn(roles, before.bitsWithoutGrant(was?.role, first), after.bitsWithoutGrant(is?.role, first)).length > 0,
    );
    const looked = new Set([...old.keys(), ...next.keys()]);
    for (const { list } of withoutGrant) for (const id of list) looked.add(places.get(id) as number);
    const grants: GrantChange[] = [];
    const found = new Map<string, Flip & { readonly connections: string[] }>();
    for (const place of Int32Array.from(looked).sort()) {
      const connection = names[place] as string;
      const [from, to] = standingsOn(connection);
      if (from === to && roles[0] === roles[1]) continue;
      grants.push(...grantChange(engine, { user, connection }, aboveLowest(roles[0], from), aboveLowest(roles[1], to)));
      for (const flip of flipsOn(roles, from, to)) {
        const key = `${flip.change} ${flip.action}`;
        const known = found.get(key) ?? { ...flip, connections: [] };
        known.connections.push(connection);
        found.set(key, known);
      }
    }
    const alone = flipsInAll(roles, before.standingOfAll(was), after.standingOfAll(is));
    const decisions = [
      ...[...found.values()].map((flip) => ({ user, ...flip })),
      ...alone.map((flip) => ({ user, ...flip })),
    ].toSorted((one, other) => rank(one) - rank(other));
    const inGroups = groups.flatMap((connections) => {
      let [from, to] = [0, 0];
      for (const connection of connections) {
        const [one, other] = standingsOn(connection);
        from |= one;
        to |= other;
      }
      return flipsInGroup(roles, from, to).map((flip) => ({ user, ...flip, connections }));
    });
    const role = was && is && was.role !== is.role ? { user, before: was.role.name, after: is.role.name } : undefined;
    return { role, grants, decisions, groups: inGroups };
  };
}

/** Gives what a user holds above the lowest level; nothing where it is a stranger, or the role holds what it has. */
function aboveLowest(role: Role | undefined, bits: number): number | undefined {
  return role && !role.fixed && bits !== role.base && (bits & STRANGER) === 0 ? bits : undefined;
}

function grantChange(
  { keys }: Engine,
  where: { readonly user: string; readonly connection: string },
  from: number | undefined,
  to: number | undefined,
): readonly GrantChange[] {
  if (from === to) return [];
  const change = from === undefined ? "added" : to === undefined ? "removed" : "changed";
  return [
    {
      ...where,
      change,
      ...(from !== undefined && { before: decodeAbove(keys, from) }),
      ...(to !== undefined && { after: decodeAbove(keys, to) }),
    },
  ];
}
