import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import BetterSqlite from "better-sqlite3";
import { sql as drizzleSql } from "drizzle-orm";
import { drizzle as drizzleSqlite } from "drizzle-orm/better-sqlite3";
import { drizzle } from "drizzle-orm/pglite";
import { CamelCasePlugin, Kysely, sql as kyselySql, SqliteDialect } from "kysely";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { DataSource } from "typeorm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engage } from "../../src/index.js";
import { createGrantsSql, type SqlQuery } from "../../src/sql/index.js";
import { openPglite } from "../support/databases.js";
import { root } from "../support/snippets.js";

// The recipes of docs/rows.md, each with the library that it is for. That of `pg` runs on a server, in the other files of
// this folder (npm run test:postgres), and in examples/backend.

/** Runs a query, and gives its rows as the library returns them. */
type Run = (query: SqlQuery) => Promise<readonly unknown[]>;

interface Opened {
  readonly dialect: "sqlite" | "postgresql";
  readonly run: Run;
  readonly define: (text: string) => Promise<unknown>;
  readonly close: () => Promise<unknown> | unknown;
}

/** PostgreSQL takes seconds to start, so it is started once, and emptied afterwards. */
const postgresql = openPglite();
afterAll(async () => (await postgresql).close());
const empty = async () => (await postgresql).run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");

async function openPrisma(): Promise<Opened> {
  const { client } = await postgresql;
  mkdirSync(join(root, "coverage"), { recursive: true });
  const folder = mkdtempSync(join(root, "coverage", "prisma-"));
  const schema = join(folder, "schema.prisma");
  writeFileSync(
    schema,
    'generator client {\n  provider = "prisma-client"\n  output = "./generated"\n}\ndatasource db {\n  provider = "postgresql"\n}\n',
  );
  // No schema engine is needed to generate a client, so that any executable will do.
  const environment = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const prisma = join(root, "node_modules", "prisma", "build", "index.js");
  await promisify(execFile)(process.execPath, [prisma, "generate", "--schema", schema], {
    env: environment,
    cwd: folder,
  });
  const { Prisma, PrismaClient } = await import(pathToFileURL(join(folder, "generated", "client.ts")).href);
  const database = new PrismaClient({ adapter: new PrismaPGlite(client) });
  return {
    dialect: "postgresql",
    run: ({ strings, values }) => database.$queryRaw(Prisma.sql(strings, ...values)),
    define: (text) => client.exec(text),
    async close() {
      await empty();
      rmSync(folder, { recursive: true });
    },
  };
}

const libraries: readonly (readonly [name: string, open: () => Promise<Opened>])[] = [
  [
    "better-sqlite3",
    async () => {
      const database = new BetterSqlite(":memory:");
      return {
        dialect: "sqlite",
        run: async ({ text, values }) => {
          const statement = database.prepare(text);
          return statement.reader ? statement.all(...values) : [statement.run(...values)];
        },
        define: async (text) => database.exec(text),
        close: () => database.close(),
      };
    },
  ],
  [
    "Kysely, whose plugin changes names",
    async () => {
      const sqlite = new BetterSqlite(":memory:");
      const database = new Kysely<unknown>({
        dialect: new SqliteDialect({ database: sqlite }),
        plugins: [new CamelCasePlugin()],
      });
      return {
        dialect: "sqlite",
        run: async ({ strings, values }) => (await kyselySql(strings, ...values).execute(database)).rows,
        define: async (text) => sqlite.exec(text),
        close: () => database.destroy(),
      };
    },
  ],
  [
    "Drizzle on PostgreSQL",
    async () => {
      const { client } = await postgresql;
      const database = drizzle(client);
      return {
        dialect: "postgresql",
        run: async ({ strings, values }) => (await database.execute(drizzleSql(strings, ...values))).rows,
        define: (text) => client.exec(text),
        close: empty,
      };
    },
  ],
  [
    "Drizzle on SQLite",
    async () => {
      const sqlite = new BetterSqlite(":memory:");
      const database = drizzleSqlite(sqlite);
      return {
        dialect: "sqlite",
        run: async ({ strings, values, text }) => {
          const query = drizzleSql(strings, ...values);
          return text.startsWith("SELECT") ? database.all(query) : [database.run(query)];
        },
        define: async (text) => sqlite.exec(text),
        close: () => sqlite.close(),
      };
    },
  ],
  [
    "TypeORM",
    async () => {
      const database = await new DataSource({ type: "better-sqlite3", database: ":memory:" }).initialize();
      return {
        dialect: "sqlite",
        run: ({ text, values }) => database.query(text, values),
        define: (text) => database.query(text),
        close: () => database.destroy(),
      };
    },
  ],
  ["Prisma", openPrisma],
];

describe.each(libraries)("with %s", (_, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it("grants are stored, read as users, and asked about", async () => {
    const { dialect, run, define } = opened;
    const grants = createGrantsSql(engage, { dialect, grants: { until: "ends_at" } });
    for (const definition of [...Object.values(grants.tables), ...grants.indexes]) await define(definition);
    await define("INSERT INTO users VALUES ('acme', 'ana', 'viewer'), ('acme', 'ben', 'viewer')");
    await define("INSERT INTO connections VALUES ('acme', 'fb'), ('acme', 'ig')");

    const at = "2026-08-01T00:00:00.000Z";
    const end = "2026-09-01T00:00:00.000Z";
    const held = { publish: "full-access", approver: true, until: end } as const;
    const place = { account: "acme", user: "ana", connection: "fb" } as const;
    await run(grants.assign({ ...place, grant: { publish: "view-only" } }));
    await run(grants.assign({ ...place, grant: held }));
    await run(grants.assign({ ...place, connection: "ig", grant: held }));
    await run(grants.revoke({ ...place, connection: "ig" }));

    const one = grants.loadUser({ account: "acme", user: "ana", connections: ["fb", "ig"], at });
    expect(one.read(await run(one))?.toJSON()).toEqual({
      id: "ana",
      role: "viewer",
      grants: { fb: held },
      connections: ["ig"],
    });
    const all = grants.loadMatrix({ account: "acme", at });
    expect(all.read(await run(all)).usersFor("publish.approve", { connections: ["fb"] })).toEqual(["ana"]);
    const page = grants.loadPage({ account: "acme", after: null, limit: 1 });
    expect(page.read(await run(page))).toMatchObject({ users: [{ id: "ana" }], next: "ana" });
    const select = grants.connectionsFor({ account: "acme", user: "ana", action: "publish.select", at });
    expect(await run(select)).toEqual([{ id: "fb" }]);
  });
});
