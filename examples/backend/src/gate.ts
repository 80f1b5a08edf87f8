import type { Decision, User } from "channel-grants";
import { createGrantsFastify } from "channel-grants/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import sql from "sql-template-tag";
import type { Database, Queries } from "./database.js";
import { type Backend, loadUser, policy } from "./policy.js";
import { Problem, problemOf } from "./problem.js";

/** What a request may use while it runs. */
export interface Turn {
  /** Its transaction. */
  readonly queries: Queries;
  readonly account: string;
  /** The user who is signed in, as the rows say now. */
  readonly user: User<Backend>;
  readonly entry: Entry & { readonly decisions: Decision[]; refusal: string | undefined };
  /** Keeps what was done, or takes all of it back. */
  readonly close: (isDone: boolean) => Promise<void>;
}

declare module "fastify" {
  interface FastifyRequest {
    turn: Turn;
  }
  interface FastifyContextConfig {
    /** By default, a GET reads and any other request acts. */
    readonly hold?: Hold;
  }
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

/** The gates of the routes. Each asks within its request's turn, and the log hears what it decides. */
export const { gate, open, assertGuarded } = createGrantsFastify(policy, {
  user: ({ turn }) => turn.user,
  onDecision: (decision, _, { turn }) => void turn.entry.decisions.push(decision as Decision),
});

/** Gives each request its turn before its gate, and closes it before the answer is sent. */
export function takeTurns(server: FastifyInstance, database: Database): void {
  server.addHook("preHandler", async (request) => {
    if (!request.is404) request.turn = await openTurn(database, request);
  });
  server.addHook("onError", async ({ turn }, _, error) => {
    const { decision, refusal } = error instanceof Problem ? error.extension : {};
    if (!refusal) return;
    turn.entry.refusal = refusal.reason;
    if (decision?.user === turn.user.id) turn.entry.decisions.push(decision);
  });
  server.addHook("onSend", async (request, reply, payload) => {
    const turn: Turn | undefined = request.turn;
    request.turn = undefined as never;
    await turn?.close(reply.statusCode < 400).catch((error: Error) => {
      throw problemOf(error, request);
    });
    return payload;
  });
}

const undone = new Error("what was done is taken back");

/** Begins the one transaction of a request: its decisions, its changes, and the log of both. */
function openTurn(database: Database, request: FastifyRequest): Promise<Turn> {
  const { account, user: id } = request.user;
  const how = request.routeOptions.config.hold ?? (request.method === "GET" ? "read" : "act");
  const entry: Turn["entry"] = {
    ...{ account, user: id, request: `${request.method} ${request.url}` },
    decisions: [],
    refusal: undefined,
  };
  return new Promise((begin, fail) => {
    let end: (isDone: boolean) => void;
    const ended = new Promise<boolean>((resolve) => {
      end = resolve;
    });
    const transaction = database.transaction(async (queries) => {
      await hold(queries, account, how);
      const user = await loadUser(queries, account, id);
      if (!user) throw new Problem(401, "The token is of nobody in this account.");
      const close = async (isDone: boolean) => {
        end(isDone);
        await transaction.catch((error: unknown) => {
          if (error !== undone) throw error;
        });
        // A refusal is kept: it is what such a log is read for. Any other answer, such as that there is nothing of an id,
        // decided nothing, and no right that was asked about on the way was used.
        const isRefused = entry.refusal !== undefined || entry.decisions.some(({ allowed }) => !allowed);
        if (!isDone && isRefused) await recordDecisions(database, entry);
      };
      begin({ queries, account, user, entry, close });
      if (!(await ended)) throw undone;
      await recordDecisions(queries, entry);
    });
    transaction.catch(fail);
  });
}

/** What was decided on one occasion, by whom, and why it was refused although the policy alone would allow it. */
interface Entry {
  readonly account: string;
  /** Nobody where the service itself acts. */
  readonly user: string | null;
  readonly request: string;
  readonly decisions: readonly Decision[];
  readonly refusal?: string | undefined;
}

/** Writes down decisions: within a transaction, they are kept exactly if what they allowed is kept. */
export async function recordDecisions({ query }: Queries, entry: Entry): Promise<void> {
  const { account, user, request, refusal = null } = entry;
  for (const decision of entry.decisions) {
    const { action, allowed, target } = decision;
    const connections = typeof target === "string" ? [target] : (target?.connections ?? []);
    await query(sql`
      INSERT INTO decisions (account_id, user_id, request, action, connections, allowed, decision, refusal)
      VALUES (${account}, ${user}, ${request}, ${action}, ${connections}, ${allowed}, ${JSON.stringify(decision)}, ${refusal})`);
  }
}
