import { at } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { ownCopy, readLastArgument } from "../../core/base/readers.js";
import { type CompiledPolicy, checkPolicyOf, compiledPolicyOf } from "../../core/engine/compiled-policy.js";
import { createMatrix } from "../../core/matrix/create-matrix.js";
import type { GrantMatrix } from "../../core/matrix/grant-matrix.js";
import { internalsOf } from "../../core/matrix/matrix-internals.js";
import type { MatrixInput, MigrationPlan, Policy, UserInput, UserRow } from "../../core/types/index.js";
import { type Witness, witnessOf } from "../policies/witness.js";
import { spellState } from "../search/spell-state.js";
import type { GrantMapping } from "./grant-mapping.js";
import { type MovedAction, movedActions, type RoleSituation } from "./moved-actions.js";
import { movedRow } from "./moved-row.js";
import { type CheckedMapping, type MovedArea, readMapping } from "./read-mapping.js";

/**
 * A user before and after a migration, for whom an answer changes.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { type MigratedWitness, migrateGrants } from "channel-grants/analysis";
 *
 * const { actions } = migrateGrants(engage, engage, { levels: { "needs-approval": "view-only" } });
 * const lost: MigratedWitness | undefined = actions.find(({ action }) => action === "publish.edit")?.lost;
 * lost?.before.user.grants; // { c1: { publish: "needs-approval" } }
 * lost?.after.user.grants; // { c1: { publish: "view-only" } }
 * ```
 */
export interface MigratedWitness<From extends Policy = Policy, To extends Policy = Policy> {
  readonly before: Witness<From>;
  readonly after: Witness<To>;
}

/**
 * What a migration does to one action.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { type MigratedAction, migrateGrants } from "channel-grants/analysis";
 *
 * const [first]: readonly MigratedAction[] = migrateGrants(engage, engage).actions;
 * first; // { action: "publish.create" }
 * ```
 */
export interface MigratedAction<From extends Policy = Policy, To extends Policy = Policy> {
  readonly action: string;
  /** The policy that has the action, if the other one lacks it. */
  readonly only?: "first" | "second";
  /** True if the action is about another kind of target afterwards, so that nobody can be compared. */
  readonly isOtherTarget?: true;
  /** The smallest situation in which a user may do it only afterwards. */
  readonly gained?: MigratedWitness<From, To>;
  /** The smallest situation in which a user may do it only before. */
  readonly lost?: MigratedWitness<From, To>;
}

/**
 * A migration of grants from one policy to another: where every state goes, and who gains or loses by it. Its data is
 * plain JSON; its two methods move stored grants.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type GrantMigration, migrateGrants } from "channel-grants/analysis";
 *
 * const migration: GrantMigration = migrateGrants(engage, engage);
 * migration.losses; // []
 * migration.matrix(createMatrix(engage, { users: [], connections: ["fb"] })).connections(); // ["fb"]
 * ```
 */
export interface GrantMigration<From extends Policy = Policy, To extends Policy = Policy> extends MigrationPlan {
  readonly from: string;
  readonly to: string;
  readonly actions: readonly MigratedAction<From, To>[];
  /** The actions that somebody may gain: those that only the second policy has, too. */
  readonly gains: readonly string[];
  /** The actions that somebody may lose. */
  readonly losses: readonly string[];
  /** The levels that another number stands for afterwards, where levels are stored as numbers. */
  readonly ranks: readonly {
    readonly from: string;
    readonly to: string;
    readonly before: number;
    readonly after: number;
  }[];
  /** Moves a stored user. What the new role holds everywhere is no grant of the user, and is left out. */
  row(user: UserInput<From>): UserRow<To>;
  /** Moves a whole account. */
  matrix(matrix: GrantMatrix<From>): GrantMatrix<To>;
}

/**
 * Moves grants from one policy to another whose levels, areas, flags or roles have other names, or are other ones.
 *
 * Every state of every area has one place afterwards: the state of the same names, or the one that the mapping says. A
 * state without a place is refused and never guessed. What is held nowhere stays so: an area that only the second policy
 * has is at its lowest level for everybody. The report is exact for every role and every standing, strangers included. An
 * end of a grant stays.
 *
 * @param last `{ levels?, areas?, flags?, roles?, states? }`, each from the old names to the new ones.
 * @returns a frozen `GrantMigration`; `formatMigration` makes a text of it, and `migrationSql` in `channel-grants/sql`
 * makes the statements for a database.
 * @throws `PolicyError` `invalid-policy`, with the path to the fault in the mapping. The methods throw `invalid-user`,
 * `invalid-grant` and `invalid-matrix`.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { migrateGrants } from "channel-grants/analysis";
 *
 * const roles = { member: {} };
 * const before = definePolicy({
 *   name: "before",
 *   levels: ["none", "write", "publish"],
 *   areas: { posts: { levels: ["none", "write", "publish"] } },
 *   roles,
 *   actions: { post: { target: "group", allow: { area: "posts", level: "publish" } } },
 * });
 * const after = definePolicy({
 *   name: "after",
 *   levels: ["none", "draft", "schedule", "publish"],
 *   areas: { posts: { levels: ["none", "draft", "schedule", "publish"] } },
 *   roles,
 *   actions: { post: { target: "group", allow: { area: "posts", level: "schedule" } } },
 * });
 * const migration = migrateGrants(before, after, { levels: { write: "draft" } });
 * [migration.gains, migration.losses]; // [[], []]
 * migration.ranks; // [{ from: "publish", to: "publish", before: 2, after: 3 }]
 * migration.row({ id: "ana", role: "member", grants: { fb: { posts: "write" } } }).grants; // { fb: { posts: "draft" } }
 * migrateGrants(before, after, { levels: { write: "schedule" } }).gains; // ["post"]
 * ```
 */
export function migrateGrants<From extends Policy, To extends Policy>(
  from: From,
  to: To,
  ...last: readonly [mapping?: GrantMapping<From, To>]
): GrantMigration<From, To> {
  const [old, next] = [compiledPolicyOf(from), compiledPolicyOf(to)];
  const mapping = readMapping(old, next, readLastArgument(last, at("invalid-policy", "mapping"), {}));
  const areas = areasIn(old, next, mapping);
  const row = (user: unknown) => movedRow(old, next, mapping, user);
  const actions = movedActions(old, next, mapping).map((each) => actionIn(old, next, row, each));
  return freeze({
    from: from.name,
    to: to.name,
    roles: [...mapping.roles].map(([one, other]) => ({ from: one.name, to: other.name })),
    areas,
    actions,
    gains: named(actions, ({ only, isOtherTarget, gained }) => only === "second" || isOtherTarget || gained),
    losses: named(actions, ({ only, isOtherTarget, lost }) => only === "first" || isOtherTarget || lost),
    ranks: ranksIn(old, next, areas),
    row,
    matrix: (matrix: GrantMatrix) => {
      const { engine, now } = internalsOf(matrix);
      checkPolicyOf("matrix", engine, old);
      const { users, connections } = matrix.toJSON();
      const input = { users: users.map(row), connections } as unknown as MatrixInput<To>;
      return createMatrix(to, input, now === undefined ? undefined : { at: now });
    },
  }) as unknown as GrantMigration<From, To>;
}

/** Spells out where each area goes, and each of its states. */
function areasIn(from: CompiledPolicy, to: CompiledPolicy, { areas }: CheckedMapping): MigrationPlan["areas"] {
  return [...areas].map(([area, moved]) => ({
    from: area.name,
    to: moved?.area.name ?? null,
    states: [...(moved?.states ?? [])].map(([state, other]) => ({
      from: spellState(from, area, state),
      to: spellState(to, (moved as MovedArea).area, other),
    })),
  }));
}

function actionIn(
  from: CompiledPolicy,
  to: CompiledPolicy,
  row: (user: unknown) => UserRow,
  action: MovedAction,
): MigratedAction {
  const { gained, lost, ...rest } = ownCopy(action);
  const relations = [...new Set([...from.relations, ...to.relations])];
  const shown = (situation: RoleSituation): MigratedWitness => {
    const before = witnessOf(from, situation.role, situation, relations);
    return { before, after: { ...before, user: row(before.user) } };
  };
  return { ...rest, ...(gained && { gained: shown(gained) }), ...(lost && { lost: shown(lost) }) };
}

function named(actions: readonly MigratedAction[], isSo: (action: MigratedAction) => unknown): readonly string[] {
  return actions
    .map(ownCopy)
    .filter(isSo)
    .map(({ action }) => action);
}

/** Lists the levels whose rank changes, once for each pair of levels. */
function ranksIn(from: CompiledPolicy, to: CompiledPolicy, areas: MigrationPlan["areas"]): GrantMigration["ranks"] {
  const pairs = new Map<string, GrantMigration["ranks"][number]>();
  for (const area of areas) {
    for (const { from: state, to: other } of area.states) {
      const levels = [state[area.from], other[area.to as string]] as [string, string];
      const before = from.definition.levels.indexOf(levels[0]);
      const after = to.definition.levels.indexOf(levels[1]);
      if (before !== after) pairs.set(JSON.stringify(levels), { from: levels[0], to: levels[1], before, after });
    }
  }
  return [...pairs.values()];
}
