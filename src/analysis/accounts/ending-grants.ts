import { at, type Place, refuse } from "../../core/base/faults.js";
import { showValue } from "../../core/base/message.js";
import { decodeAbove } from "../../core/engine/grant-bits.js";
import type { MatrixInternals } from "../../core/matrix/matrix-internals.js";
import type { AccountGrantInput, GrantInput, Policy } from "../../core/types/index.js";
import { liveAt } from "../../core/users/ends.js";

/**
 * A grant that ends soon, on a connection or, without one, in the account as a whole.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { type EndingGrant, reviewAccess } from "channel-grants/analysis";
 *
 * const grants = { fb: { publish: "view-only", until: "2026-09-01T00:00:00Z" } } as const;
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer", grants }] }, { at: "2026-08-28T00:00:00Z" });
 * const ends: readonly EndingGrant[] = reviewAccess(account, { endsWithin: "7d" }).ends ?? [];
 * ends; // [{ user: "ana", connection: "fb", until: "2026-09-01T00:00:00.000Z", holds: { publish: "view-only" } }]
 * ```
 */
export interface EndingGrant<P extends Policy = Policy> {
  readonly user: string;
  readonly connection?: string;
  readonly until: string;
  /** The grant, without areas at the lowest level. */
  readonly holds: GrantInput<P> | AccountGrantInput<P>;
}

/** Lists the grants that end within a time, the next one first. */
export function endingGrants({ engine, rows, now }: MatrixInternals, within: unknown): readonly EndingGrant[] {
  if (now === undefined) {
    return refuse(
      at("invalid-matrix"),
      "a matrix at no instant; expected one that was made with { at }, for endsWithin",
    );
  }
  const last = Date.parse(now) + readTime(within, at("wrong-target", "endsWithin"));
  const ends = rows.list.flatMap(({ id: user, ends: all }) =>
    [...liveAt(all, now)].map(([where, { bits, until }]) => ({
      user,
      ...(where !== null && { connection: where }),
      until,
      holds: decodeAbove(where === null ? engine.accountKeys : engine.keys, bits),
    })),
  );
  const soon = ends.filter(({ until }) => Date.parse(until) <= last);
  return soon.toSorted((one, other) => (one.until < other.until ? -1 : one.until > other.until ? 1 : 0));
}

const units = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);

/** Reads a time such as "7d", in milliseconds. */
function readTime(source: unknown, place: Place): number {
  const match = typeof source === "string" ? /^(\d{1,6})([mhdw])$/.exec(source) : null;
  if (!match) {
    return refuse(place, `${showValue(source)} is not a time; expected minutes, hours, days or weeks, like "7d"`);
  }
  return Number(match[1]) * (units.get(match[2] as string) as number);
}
