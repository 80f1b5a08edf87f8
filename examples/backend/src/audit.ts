import type { Decision, Grant } from "channel-grants";
import sql from "sql-template-tag";
import type { Queries } from "./database.js";
import type { Backend } from "./policy.js";

/** By whom and on what occasion something was decided, and what the approval flow said to it, if it said no. */
interface Occasion {
  readonly account: string;
  /** Nobody where the service itself acts. */
  readonly user: string | null;
  readonly request: string;
  readonly refusal?: string | undefined;
}

/** Writes down decisions: within a transaction, they are kept exactly if what they allowed is kept. */
export async function recordDecisions(
  { query }: Queries,
  { account, user, request, refusal = undefined }: Occasion,
  decisions: readonly Decision[],
): Promise<void> {
  for (const decision of decisions) {
    const { action, allowed, target } = decision;
    const connections = typeof target === "string" ? [target] : (target?.connections ?? []);
    await query(sql`
      INSERT INTO decisions (account_id, user_id, request, action, connections, allowed, decision, refusal)
      VALUES (${account}, ${user}, ${request}, ${action}, ${connections}, ${allowed}, ${JSON.stringify(decision)},
        ${refusal ?? null})`);
  }
}

interface GrantChange {
  readonly account: string;
  readonly by: string;
  readonly user: string;
  readonly connection: string;
  readonly before: Grant<Backend>;
  readonly after: Grant<Backend>;
}

/** Writes down what became of a grant; to be called in the transaction that changes it. */
export async function recordGrantChange(
  { query }: Queries,
  { account, by, user, connection, before, after }: GrantChange,
): Promise<void> {
  await query(sql`
    INSERT INTO grant_changes (account_id, changed_by, user_id, connection_id, before, after)
    VALUES (${account}, ${by}, ${user}, ${connection}, ${JSON.stringify(before)}, ${JSON.stringify(after)})`);
}
