import { type ActionOf, type Decision, explain, type TargetOf, type User } from "channel-grants";
import type { FastifyRequest } from "fastify";
import sql from "sql-template-tag";
import { recordDecisions } from "./audit.js";
import type { Database, Queries } from "./database.js";
import { readUser } from "./matrix.js";
import type { Backend } from "./policy.js";
import { denied, Problem } from "./problem.js";

/** What a request may use while it runs. */
export interface Turn {
  readonly queries: Queries;
  readonly account: string;
  /** The user who is signed in, as the rows say now. */
  readonly user: User<Backend>;
  /** Goes on if the policy allows it, and else answers with 403. The decision is kept in the log either way. */
  require<Action extends ActionOf<Backend>>(action: Action, ...target: TargetOf<Backend, Action>): void;
}

/**
 * How a turn holds its account.
 *
 * Whoever acts by a grant shares the account's row, and whoever changes grants has it alone. So a grant that was taken
 * away counts for nothing once that was answered, and none is taken away between a decision and what was decided. The
 * account is locked first, and one post at most after it, so no two turns wait for each other. Whoever only reads waits
 * for nobody, and sees all rows as they were at one moment.
 */
const holds = {
  read: () => sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`,
  act: (account: string) => sql`SELECT id FROM accounts WHERE id = ${account} FOR SHARE`,
  govern: (account: string) => sql`SELECT id FROM accounts WHERE id = ${account} FOR NO KEY UPDATE`,
};

export type Hold = keyof typeof holds;

/** Holds an account for a transaction; to be done first, so that all that is read afterwards is up to date. */
export async function hold({ query }: Queries, account: string, how: Hold): Promise<void> {
  await query(holds[how](account));
}

/** Runs a request's work in one transaction: its decisions, its changes, and the log of both. */
export async function take<Result>(
  database: Database,
  request: FastifyRequest,
  how: Hold,
  work: (turn: Turn) => Promise<Result>,
): Promise<Result> {
  const { account } = request.user;
  const decisions: Decision[] = [];
  const entry = { account, user: request.user.user, request: `${request.method} ${request.url}` };
  try {
    return await database.transaction(async (queries) => {
      await hold(queries, account, how);
      const user = await readUser(queries, request.user);
      if (!user) throw new Problem(401, "The token is of nobody in this account.");
      const result = await work({
        queries,
        account,
        user,
        require: (action, ...target) => {
          const decision = explain(user, action, ...target);
          decisions.push(decision);
          if (!decision.allowed) throw denied(decision);
        },
      });
      await recordDecisions(queries, entry, decisions);
      return result;
    });
  } catch (error) {
    // What was changed is undone by now. A refusal is kept: it is what such a log is read for. Any other answer, such as
    // that there is nothing of an id, decided nothing, and no right that was asked about on the way was used.
    const { decision, refusal } = error instanceof Problem ? error.extension : {};
    if (decision || refusal) {
      const last = decision && decision.user === entry.user && !decisions.includes(decision) ? [decision] : [];
      await recordDecisions(database, { ...entry, refusal: refusal?.reason }, [...decisions, ...last]);
    }
    throw error;
  }
}
