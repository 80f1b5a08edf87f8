import sql from "sql-template-tag";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Database, openDatabase, type Queries } from "../src/database.js";

// What PostgreSQL does to a connection.

const url = process.env.DATABASE_URL;
// Without a server, PostgreSQL runs in this process, and there is no connection that it could drop.
const onServer = it.skipIf(url === undefined);
const pidOf = async ({ query }: Queries): Promise<number | undefined> =>
  (await query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`))[0]?.pid;

let said: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  said = vi.spyOn(console, "error").mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function withDatabases(work: (database: Database, other: Database) => Promise<void>): Promise<void> {
  const [database, other] = [await openDatabase({ url }), await openDatabase({ url })];
  await work(database, other);
  await Promise.all([database.close(), other.close()]);
}

const drop = async (other: Database, pid: number | undefined) => {
  said.mockClear();
  await other.query(sql`SELECT pg_terminate_backend(${pid}::integer)`);
  // An error that nobody hears would end this process before.
  await vi.waitFor(() => expect(said).toHaveBeenCalled(), { timeout: 60_000 });
};

onServer("a connection that is dropped within a transaction ends that, and nothing else", () =>
  withDatabases(async (database, other) => {
    const work = database.transaction(async (queries) => {
      await drop(other, await pidOf(queries));
      await queries.query(sql`SELECT 1`);
    });
    await expect(work).rejects.toThrow();
    expect(await database.transaction(pidOf)).toEqual(expect.any(Number));
  }),
);

onServer("a connection that is dropped while it idles is replaced", () =>
  withDatabases(async (database, other) => {
    await drop(other, await pidOf(database));
    expect(await pidOf(database)).toEqual(expect.any(Number));
  }),
);
