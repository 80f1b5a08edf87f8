import { at, refuse } from "../../core/base/faults.js";
import { freeze } from "../../core/base/freeze.js";
import { showId } from "../../core/base/message.js";
import { readQuestion } from "../../core/base/readers.js";
import { compiledPolicyOf } from "../../core/engine/compiled-policy.js";
import type { MigrationPlan, Policy } from "../../core/types/index.js";
import type { SqlContext } from "../columns.js";
import { textOf } from "../table-definitions.js";
import { readTables, type SqlOptions, type TableKind } from "../tables.js";
import { type Move, moveTable } from "./moved-table.js";
import { readPlan } from "./read-plan.js";

/**
 * The statements of a migration, and what to know before they run.
 *
 * @example
 * ```ts
 * import { buffer } from "channel-grants";
 * import { migrateGrants } from "channel-grants/analysis";
 * import { type MigrationSql, migrationSql } from "channel-grants/sql";
 *
 * const tables = { dialect: "postgresql" } as const;
 * const sql: MigrationSql = migrationSql(buffer, buffer, migrateGrants(buffer, buffer), { before: tables, after: tables });
 * sql.statements; // []
 * ```
 */
export interface MigrationSql {
  /** The statements to run in one transaction, in this order; none where nothing changes. */
  readonly statements: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Writes the statements that move stored grants from one policy to another, with the columns and the `CHECK`s of the
 * tables. Run them in one transaction.
 *
 * A row that is no grant under the first policy becomes `NULL`, which the new `CHECK`s refuse: the transaction fails, and
 * nothing is changed. PostgreSQL changes the tables in place, and keeps your own columns and constraints; the `CHECK`s
 * that it replaces are those that `tables` of `createGrantsSql` names. SQLite cannot drop a `CHECK`, so the tables are made
 * anew; tables with further columns, indexes or triggers are refused by the first statements. MySQL is refused, because it
 * commits at each `ALTER TABLE`: move its rows with `migrateGrants`.
 *
 * @param plan what `migrateGrants` returns.
 * @param tables `{ before, after }`: your tables under each of the policies, as `createGrantsSql` takes them. Only the columns of
 * areas and flags may differ.
 * @throws `PolicyError` `invalid-tables` or `invalid-policy`.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { migrateGrants } from "channel-grants/analysis";
 * import { migrationSql } from "channel-grants/sql";
 *
 * const policy = (level: "write" | "draft") =>
 *   definePolicy({
 *     name: "blog",
 *     levels: ["none", level],
 *     areas: { posts: { levels: ["none", level] } },
 *     roles: { member: {} },
 *     actions: { edit: { target: "group", allow: { area: "posts", level } } },
 *   });
 * const [before, after] = [policy("write"), policy("draft")];
 * const plan = migrateGrants(before, after, { levels: { write: "draft" } });
 * const tables = { dialect: "postgresql" } as const;
 * const { statements } = migrationSql(before, after, plan, { before: tables, after: tables });
 * statements[1]?.startsWith('UPDATE "grants" SET "posts" = CASE WHEN'); // true
 * ```
 */
export function migrationSql<From extends Policy, To extends Policy>(
  from: From,
  to: To,
  plan: MigrationPlan,
  tables: { readonly before: SqlOptions<From>; readonly after: SqlOptions<To> },
): MigrationSql {
  const given = readQuestion(tables, at("invalid-tables"), ["before", "after"]);
  const contextOf = (policy: Policy, key: "before" | "after"): SqlContext => {
    const engine = compiledPolicyOf(policy);
    return { policy, engine, tables: readTables(engine, given.get(key)), at: undefined };
  };
  const [before, after] = [contextOf(from, "before"), contextOf(to, "after")];
  checkSameTables(before, after);
  if (after.tables.dialect === "mysql") {
    refuse(
      at("invalid-tables", "after", "dialect"),
      'MySQL commits at each ALTER TABLE, so that no migration is one transaction there; expected "postgresql" or "sqlite"',
    );
  }
  const move: Move = { before, after, plan: readPlan(before.engine, after.engine, plan) };
  const moved = [...moveTable(move, "grants"), ...moveTable(move, "users")];
  const isSqlite = after.tables.dialect === "sqlite";
  return freeze({
    statements: isSqlite && moved.length > 0 ? [guard, ...moved, 'DROP TABLE "cg_guard"'] : moved,
    warnings: after.tables.levels === "integer" ? rankWarnings(move) : [],
  });
}

const guard = `CREATE TEMPORARY TABLE "cg_guard" (
  "own" INTEGER CONSTRAINT "the table has columns, indexes or triggers that are not of createGrantsSql" CHECK ("own" = 1),
  "foreign_keys" INTEGER CONSTRAINT "PRAGMA foreign_keys must be OFF before the transaction" CHECK ("foreign_keys" = 0)
)`;

/** Only the columns of areas, flags and relations may differ: other tables would be another migration. */
function checkSameTables({ tables: before }: SqlContext, { tables: after }: SqlContext): void {
  const place = at("invalid-tables", "after");
  const expectSame = (key: string, one: unknown, other: unknown) => {
    if (one !== other) refuse(place, `another ${key} than before; expected the same`, key);
  };
  expectSame("dialect", before.dialect, after.dialect);
  expectSame("levels", before.levels, after.levels);
  expectSame("accounts", before.accounts, after.accounts);
  for (const kind of ["users", "connections", "grants"] as const) {
    const names = ({ of }: typeof before) => [of[kind].name, ...of[kind].columns.values()].map(textOf).join();
    expectSame(kind satisfies TableKind, names(before), names(after));
  }
}

/** Warns of each level for which another number is stored afterwards. */
function rankWarnings({ before, after, plan }: Move): readonly string[] {
  const found = new Set<string>();
  for (const [next, { area, states }] of plan.sources) {
    for (const [state, other] of states) {
      const [level, nextLevel] = [levelAt(area, state), levelAt(next, other)];
      const [rank, nextRank] = [before.policy.levels.indexOf(level), after.policy.levels.indexOf(nextLevel)];
      if (rank === nextRank) continue;
      found.add(
        `${showId(level)} is stored as ${rank} and becomes ${nextRank}: what still reads by the policy ${showId(before.policy.name)} reads another level`,
      );
    }
  }
  return [...found];
}

function levelAt(
  { levels, atLevel }: { readonly levels: readonly string[]; readonly atLevel: readonly number[] },
  state: number,
): string {
  return levels[atLevel.findIndex((states) => states & state)] as string;
}
