import { showId } from "../../core/base/message.js";
import { ownCopy } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { GrantMigration, MigratedAction } from "../migration/migrate-grants.js";
import { idList, witnessText } from "./phrases.js";
import { type Block, type TextForm, write } from "./text-blocks.js";

/**
 * What a text says of a migration: its data, without its methods, as it comes back from JSON.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { formatMigration, type MigrationReport, migrateGrants } from "channel-grants/analysis";
 *
 * const report: MigrationReport = JSON.parse(JSON.stringify(migrateGrants(engage, engage)));
 * formatMigration(report); // "engage becomes engage: nobody gains or loses anything\n"
 * ```
 */
export type MigrationReport = Omit<GrantMigration, "row" | "matrix">;

/**
 * Writes the result of `migrateGrants` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { formatMigration, migrateGrants } from "channel-grants/analysis";
 *
 * formatMigration(migrateGrants(engage, engage)); // "engage becomes engage: nobody gains or loses anything\n"
 * ```
 */
export function formatMigration(migration: MigrationReport, form?: TextForm): string {
  return write(migrationBlocks(migration), form);
}

/** Turns the result of `migrateGrants` into blocks. */
export function migrationBlocks({
  from,
  to,
  roles,
  areas,
  actions,
  gains,
  losses,
  ranks,
}: MigrationReport): readonly Block[] {
  const changes = [
    ...(gains.length > 0 ? [`somebody gains ${idList(gains)}`] : []),
    ...(losses.length > 0 ? [`somebody loses ${idList(losses)}`] : []),
  ];
  const what = changes.length > 0 ? changes.join("; ") : "nobody gains or loses anything";
  return [
    { heading: `${showId(from)} becomes ${showId(to)}: ${what}` },
    {
      lines: [
        ...roles.flatMap((role) => renamed("role ", role.from, role.to)),
        ...areas.flatMap((area) => [
          ...(area.to === null ? [`- area ${showId(area.from)} is dropped`] : renamed("area ", area.from, area.to)),
          ...area.states.flatMap(({ from: old, to: next }) => renamed("", grantText(old, true), grantText(next, true))),
        ]),
        ...ranks.map(
          ({ from: level, before, after }) =>
            `~ where levels are stored as numbers, ${showId(level)} is ${before} and becomes ${after}`,
        ),
        ...actions.map(ownCopy).flatMap(actionLines),
      ],
    },
  ];
}

function renamed(what: string, from: string, to: string): readonly string[] {
  return from === to ? [] : [`~ ${what}${from} becomes ${to}`];
}

function actionLines({ action, only, isOtherTarget, gained, lost }: MigratedAction): readonly string[] {
  const name = showId(action);
  if (only === "first") return [`- ${name}: not there afterwards`];
  if (only === "second") return [`+ ${name}: not there before`];
  if (isOtherTarget) return [`✗ ${name}: asked about another kind of target afterwards`];
  return [
    ...(gained ? [`+ ${name}: gained by ${witnessText(gained.before)}`] : []),
    ...(lost ? [`- ${name}: lost by ${witnessText(lost.before)}`] : []),
  ];
}
