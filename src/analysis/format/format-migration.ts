import { showId } from "../../core/base/message.js";
import { ownCopy } from "../../core/base/readers.js";
import { type Speech, speechIn } from "../language/speech.js";
import type { GrantMigration, MigratedAction } from "../migration/migrate-grants.js";
import { grantText, labelList, titled, witnessText } from "./phrases.js";
import type { Block, TextForm } from "./text-blocks.js";
import { type TextOptions, writeWith } from "./text-options.js";

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
export function formatMigration(migration: MigrationReport, options?: TextForm | TextOptions): string {
  return writeWith(options, (speech) => migrationBlocks(migration, speech));
}

/** Turns the result of `migrateGrants` into blocks. */
export function migrationBlocks(
  { from, to, roles, areas, actions, gains, losses, ranks }: MigrationReport,
  speech: Speech = speechIn(),
): readonly Block[] {
  const { say } = speech;
  const changes = [
    ...(gains.length > 0 ? [say("gains", { actions: labelList(speech, "actions", gains) })] : []),
    ...(losses.length > 0 ? [say("losses", { actions: labelList(speech, "actions", losses) })] : []),
  ];
  const what = changes.length > 0 ? changes.join("; ") : say("unchanged");
  const renamed = (key: "areaRenamed" | "becomes", before: string, after: string) =>
    before === after ? [] : [`~ ${say(key, { before, after })}`];
  return [
    { heading: say("migration", { from: showId(from), to: showId(to), changes: what }) },
    {
      lines: [
        ...roles.flatMap(({ from: old, to: next }) =>
          old === next ? [] : renamed("becomes", say("role", { roles: showId(old) }), showId(next)),
        ),
        ...areas.flatMap((area) => [
          ...(area.to === null
            ? [`- ${say("areaDropped", { area: showId(area.from) })}`]
            : renamed("areaRenamed", area.from, area.to)),
          ...area.states.flatMap(({ from: old, to: next }) =>
            renamed("becomes", grantText(speech, old, true), grantText(speech, next, true)),
          ),
        ]),
        ...ranks.map(({ from: level, before, after }) => {
          return `~ ${say("rankMoved", { level: showId(level), before: `${before}`, after: `${after}` })}`;
        }),
        ...actions.map(ownCopy).flatMap((action) => actionLines(speech, action)),
      ],
    },
  ];
}

function actionLines(
  speech: Speech,
  { action: id, only, isOtherTarget, gained, lost }: MigratedAction,
): readonly string[] {
  const { label, say } = speech;
  const action = label("actions", id);
  if (only === "first") return [`- ${titled(speech, action, say("notAfterwards"))}`];
  if (only === "second") return [`+ ${titled(speech, action, say("notBefore"))}`];
  if (isOtherTarget) return [`✗ ${titled(speech, action, say("otherTargetAfterwards"))}`];
  return [
    ...(gained ? [`+ ${titled(speech, action, say("gainedBy", { who: witnessText(speech, gained.before) }))}`] : []),
    ...(lost ? [`- ${titled(speech, action, say("lostBy", { who: witnessText(speech, lost.before) }))}`] : []),
  ];
}
