import type { StandIn } from "channel-grants/approval";
import sql from "sql-template-tag";
import type { Queries } from "./database.js";

interface StandInRow {
  readonly user: string;
  readonly by: string;
  readonly from: Date | null;
  readonly until: Date | null;
}

/** Reads who stands in for whom in an account, each with its period: which of them count now is the flow's to say. */
export async function readStandIns({ query }: Queries, account: string): Promise<readonly StandIn[]> {
  const rows = await query<StandInRow>(sql`
    SELECT user_id AS "user", by_id AS by, starts_at AS "from", ends_at AS until
    FROM stand_ins WHERE account_id = ${account} ORDER BY user_id, by_id, starts_at`);
  return rows.map(({ user, by, from, until }) => ({
    for: user,
    by,
    ...(from !== null && { from }),
    ...(until !== null && { until }),
  }));
}
