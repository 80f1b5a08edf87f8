import { at } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { elementAt, readLastArgument, readQuestion } from "../../core/base/readers.js";
import type { Bits } from "../../core/engine/bits.js";
import { actionOf, type CompiledPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import { decodeAbove } from "../../core/engine/grant-bits.js";
import { type AnyClause, type Clause, clausesOf, isFor, type Role } from "../../core/engine/rule.js";
import { heldRule, meets } from "../../core/engine/standing.js";
import type { GrantMatrix } from "../../core/matrix/grant-matrix.js";
import { internalsOf } from "../../core/matrix/matrix-internals.js";
import { isForSomePost, readRelations, relatedRule } from "../../core/targets/relations.js";
import { readIds, standingOver } from "../../core/targets/target.js";
import type {
  AccountGrantInput,
  ActionOf,
  ClauseDefinition,
  GrantInput,
  Policy,
  RoleOf,
  TargetOf,
} from "../../core/types/index.js";
import { holdingsOf } from "../../core/users/holdings.js";
import { unpackHoldings } from "../../core/users/packed-user.js";
import type { Member } from "./changed-actions.js";
import { readWatched } from "./diff-options.js";
import { type EndingGrant, endingGrants } from "./ending-grants.js";

/**
 * A user who may do an action, and the first clause of the action that holds for the user.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type Access, whoCan } from "channel-grants/analysis";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "admin" }] });
 * const access: readonly Access[] = whoCan(account, "connections.create");
 * access; // [{ user: "ana", role: "admin", through: { role: "admin" } }]
 * ```
 */
export interface Access<P extends Policy = Policy> {
  readonly user: string;
  readonly role: RoleOf<P>;
  /** The clause, as the policy has it. */
  readonly through: ClauseDefinition<string, string, string, string, string>;
}

/**
 * The access of one user to one connection: what the user may do there, and through which clauses.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type ConnectionAccess, reviewAccess } from "channel-grants/analysis";
 *
 * const users = [{ id: "ana", role: "viewer", grants: { fb: { analytics: "full-access" } } }] as const;
 * const [first]: readonly ConnectionAccess[] = reviewAccess(createMatrix(engage, { users })).connections[0]?.users ?? [];
 * first?.holds; // { analytics: "full-access" }
 * first?.allows[0]; // { through: { area: "analytics", level: "full-access" }, actions: ["analytics.view"] }
 * ```
 */
export interface ConnectionAccess<P extends Policy = Policy> {
  readonly user: string;
  readonly role: RoleOf<P>;
  /** The grant, without areas at the lowest level. */
  readonly holds: GrantInput<P>;
  /**
   * The allowed actions, each under the first of its clauses that holds. A "group" action is asked about a group of
   * one. If what the user is to a post counts, it is allowed on some posts: the clause says on which, and one that holds
   * without a relation goes before.
   */
  readonly allows: readonly {
    readonly through: ClauseDefinition<string, string, string, string, string>;
    readonly actions: readonly ActionOf<P>[];
  }[];
}

/**
 * What a user holds in the account as a whole, by its grant or its role.
 *
 * @example
 * ```ts
 * import { createMatrix, definePolicy } from "channel-grants";
 * import { type AccountHolder, reviewAccess } from "channel-grants/analysis";
 *
 * const policy = definePolicy({
 *   name: "billing",
 *   levels: ["none", "manage"],
 *   areas: { billing: { levels: ["none", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { pay: { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * const users = [{ id: "ana", role: "member", account: { billing: "manage" } }] as const;
 * const holders: readonly AccountHolder[] = reviewAccess(createMatrix(policy, { users })).accountGrants ?? [];
 * holders; // [{ user: "ana", role: "member", holds: { billing: "manage" } }]
 * ```
 */
export interface AccountHolder<P extends Policy = Policy> {
  readonly user: string;
  readonly role: RoleOf<P>;
  /** The grant, without areas at the lowest level. */
  readonly holds: AccountGrantInput<P>;
}

/**
 * The access to an account, as an auditor asks for it: who may do what, and why.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type AccessReview, reviewAccess } from "channel-grants/analysis";
 *
 * const review: AccessReview = reviewAccess(createMatrix(engage, { users: [], connections: ["fb"] }));
 * review.connections; // [{ connection: "fb", users: [], nobody: ["approve", "post"] }]
 * ```
 */
export interface AccessReview<P extends Policy = Policy> {
  /** The actions on the account as a whole, and who may do each. */
  readonly account: readonly { readonly action: ActionOf<P>; readonly users: readonly Access<P>[] }[];
  /** What users hold in the account as a whole, if the policy has areas of the account. Who holds nothing is left out. */
  readonly accountGrants?: readonly AccountHolder<P>[];
  /** The connections, and everybody who may do anything on each. */
  readonly connections: readonly {
    readonly connection: string;
    readonly users: readonly ConnectionAccess<P>[];
    /** The actions that nobody can do there. */
    readonly nobody: readonly ("approve" | "post")[];
  }[];
  /** The grants that end within the time that was asked for, the next one first. */
  readonly ends?: readonly EndingGrant<P>[];
}

/**
 * Lists who may do an action, and the clause that allows each of them.
 *
 * The ids are those of `usersFor` (law 8).
 *
 * @throws `PolicyError` `invalid-matrix`, `unknown-action` or `wrong-target`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { whoCan } from "channel-grants/analysis";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } }],
 * });
 * whoCan(account, "publish.approve", { connections: ["fb"] }); // [{ user: "ana", role: "viewer", through: { area: "publish", every: "approver" } }]
 * ```
 */
export function whoCan<P extends Policy, A extends ActionOf<P>>(
  matrix: GrantMatrix<P>,
  action: A,
  ...target: TargetOf<P, A>
): readonly Access<P>[] {
  const { engine, account } = internalsOf(matrix);
  const { target: kind } = actionOf(engine, action);
  const given = elementAt(target, 0);
  const ids = readIds(given, kind, action, { engine, origin: account.origin });
  const anyRole = engine.roles.values().next().value as Role;
  const users = readRelations(given, ruleFor({ engine, role: anyRole }, action).relations, action);
  return freeze(
    matrix.users().flatMap((user) => {
      const holdings = holdingsOf(matrix.user(user));
      const isRelated = (clause: Clause) => relatedRule({ clauses: [clause] }, users, user).clauses.length > 0;
      const through = clauseFor(engine, holdings, action, standingOver(holdings, kind, ids), [isRelated]);
      return through ? [{ user, role: holdings.role.name, through }] : [];
    }),
  ) as unknown as readonly Access<P>[];
}

/**
 * Reviews the access to an account: who may do what on each connection, and through which clause.
 *
 * The review agrees with `can`, asked one by one (law 8). It marks each connection on which nobody can approve, or
 * nobody can post.
 *
 * @param last `{ approve?, post?, endsWithin? }`: the names of those two actions (by default, the policy's approval flow
 * names them), and a time like "7d", for the grants that end within it.
 * @throws `PolicyError` `invalid-matrix`, `unknown-action` or `wrong-target`.
 *
 * @example
 * ```ts
 * import { buffer, createMatrix } from "channel-grants";
 * import { reviewAccess } from "channel-grants/analysis";
 *
 * const { account, connections } = reviewAccess(
 *   createMatrix(buffer, {
 *     users: [
 *       { id: "olga", role: "owner" },
 *       { id: "mia", role: "member", grants: { fb: { posting: "approval-required" } } },
 *     ],
 *   }),
 * );
 * account.map(({ action, users }) => [action, users.length]); // [["accounts.connect", 1], ["team.manage", 1]]
 * connections[0]?.users.map(({ user, holds }) => [user, holds.posting]); // [["olga", "full-posting"], ["mia", "approval-required"]]
 * ```
 */
export function reviewAccess<P extends Policy>(
  matrix: GrantMatrix<P>,
  ...last: readonly [
    options?: {
      readonly approve?: ActionOf<P, "connection" | "group">;
      readonly post?: ActionOf<P, "connection" | "group">;
      readonly endsWithin?: string;
    },
  ]
): AccessReview<P> {
  const internals = internalsOf(matrix);
  const { engine, account, rows } = internals;
  const given = readLastArgument(last, at("wrong-target", "options"), {});
  const options = readQuestion(given, at("wrong-target"), ["approve", "post", "endsWithin"]);
  const watched = readWatched(engine, options);
  const ends = options.has("endsWithin") ? endingGrants(internals, options.get("endsWithin")) : undefined;
  const known = new Map<string, Pick<ConnectionAccess, "holds" | "allows">>();
  const accessFor = (user: Member, bits: Bits) => {
    const make = () => freeze({ holds: decodeAbove(engine.keys, bits), allows: allowsOf(engine, user, bits) });
    return getOrInsert(known, `${bits} ${user.account} ${user.role.name}`, make);
  };
  const byConnection = new Map([...account.numbers.values()].map((number) => [number, [] as ConnectionAccess[]]));
  for (const row of rows.list) {
    const held = unpackHoldings(row);
    // If the role alone allows nothing, only a grant can.
    const looked = accessFor(row, row.role.base).allows.length > 0 ? byConnection.keys() : held.keys();
    for (const number of looked) {
      const users = byConnection.get(number) as ConnectionAccess[];
      const { holds, allows } = accessFor(row, held.get(number) ?? row.role.base);
      // What many share is frozen once: to go through all of it for each would take longer than the review.
      if (allows.length > 0) users.push(Object.freeze({ user: row.id, role: row.role.name, holds, allows }));
    }
  }
  const connections = [...account.numbers].map(([connection, number]) => {
    const users = Object.freeze(byConnection.get(number) as ConnectionAccess[]);
    const can = (action: string) => users.some(({ allows }) => allows.some(({ actions }) => actions.includes(action)));
    const nobody = (["approve", "post"] as const).filter((each) => {
      const action = watched[each];
      return action !== undefined && !can(action);
    });
    return Object.freeze({ connection, users, nobody: Object.freeze(nobody) });
  });
  const whole = [...engine.actions].filter(([, { target }]) => target === "none");
  const everybody = whole.map(([action]) => ({
    action,
    users: whoCan(matrix as GrantMatrix, action, ...([] as never)),
  }));
  const holders = rows.list.flatMap(({ id, role, account: held }) => {
    const holds = decodeAbove(engine.accountKeys, held);
    return Object.keys(holds).length > 0 ? [{ user: id, role: role.name, holds }] : [];
  });
  return Object.freeze({
    account: freeze(everybody),
    ...(engine.accountKeys.length > 0 && { accountGrants: freeze(holders) }),
    connections: Object.freeze(connections),
    ...(ends && { ends: freeze(ends) }),
  }) as unknown as AccessReview<P>;
}

/** Lists the allowed actions on one connection, grouped by clause. */
function allowsOf(engine: CompiledPolicy, user: Member, bits: Bits): ConnectionAccess["allows"] {
  const groups = new Map<string, { readonly through: AnyClause; readonly actions: string[] }>();
  const isWithoutRelation = ({ is }: Clause) => is === undefined;
  for (const [action, { target }] of engine.actions) {
    if (target === "none") continue;
    const through = clauseFor(engine, user, action, bits, [isWithoutRelation, isForSomePost]);
    if (!through) continue;
    getOrInsert(groups, JSON.stringify(through), () => ({ through, actions: [] as string[] })).actions.push(action);
  }
  return [...groups.values()] as unknown as ConnectionAccess["allows"];
}

/** Returns the first clause of an action that holds for a user: of those that one way of choosing leaves, then the next. */
function clauseFor(
  engine: CompiledPolicy,
  { role, account }: Member,
  action: string,
  standing: Bits,
  choices: readonly ((clause: Clause) => boolean)[],
): AnyClause | undefined {
  const { clauses } = ruleFor({ engine, role }, action);
  // The rule has those clauses that are for the role, in their order.
  const itsClauses = clausesOf(actionOf(engine, action)).filter((clause) => isFor(clause, role));
  for (const isChosen of choices) {
    const index = clauses.findIndex(
      (clause) => isChosen(clause) && meets(standing, heldRule({ clauses: [clause] }, account)),
    );
    if (index >= 0) return itsClauses[index];
  }
  return undefined;
}
