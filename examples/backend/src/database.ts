import { PGlite } from "@electric-sql/pglite";
import { Pool, type PoolClient } from "pg";

/** A text with placeholders and their values: what `sql` of sql-template-tag makes, and `channel-grants/sql` too. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Queries {
  query<Row = unknown>(statement: Statement): Promise<readonly Row[]>;
}

export interface Database extends Queries {
  /** Commits what `work` did, or takes all of it back if it throws. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL server. Without it, the database is in this process. */
  readonly url?: string | undefined;
  /** Where the database in this process keeps its files. Without it, it is in memory. */
  readonly directory?: string | undefined;
}

export async function openDatabase({ url, directory }: DatabaseOptions = {}): Promise<Database> {
  return url === undefined ? fromPGlite(await PGlite.create(directory ?? "memory://")) : fromPool(url);
}

/** PGlite has one connection: its transactions wait for one another. */
function fromPGlite(database: PGlite): Database {
  const queriesOf = (source: Pick<PGlite, "query">): Queries => ({
    query: async <Row>({ text, values }: Statement) => (await source.query<Row>(text, [...values])).rows,
  });
  return {
    ...queriesOf(database),
    transaction: (work) => database.transaction((transaction) => work(queriesOf(transaction))),
    close: () => database.close(),
  };
}

function fromPool(url: string): Database {
  const pool = new Pool({ connectionString: url });
  // A connection that breaks is replaced; without a listener the process would end. The pool says so only of one that
  // is idle, and each connection of itself, also while a transaction has it.
  pool.on("connect", (client) => client.on("error", (error) => console.error(error)));
  pool.on("error", () => undefined);
  return {
    ...queriesOf(pool),
    transaction: async (work) => {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        const result = await work(queriesOf(client));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

function queriesOf(source: Pool | PoolClient): Queries {
  return {
    query: async <Row>({ text, values }: Statement) => (await source.query(text, [...values])).rows as Row[],
  };
}
