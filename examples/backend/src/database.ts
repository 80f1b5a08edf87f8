import { PGlite } from "@electric-sql/pglite";
import { Pool } from "pg";

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

/** Opens the PostgreSQL server at `url`. Without one, the database is in this process: in memory, or in a directory. */
export async function openDatabase(
  where: { readonly url?: string | undefined; readonly directory?: string | undefined } = {},
): Promise<Database> {
  return where.url === undefined
    ? fromPGlite(await PGlite.create(where.directory ?? "memory://"))
    : fromPool(where.url);
}

function queriesOf(driver: { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> }): Queries {
  return { query: async <Row>({ text, values }: Statement) => (await driver.query(text, [...values])).rows as Row[] };
}

/** PGlite has one connection: its transactions wait for one another. */
function fromPGlite(database: PGlite): Database {
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
