import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import BetterSqlite from "better-sqlite3";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import initSqlJs from "sql.js";
import type { Policy } from "../../src/index.js";
import type { SqlOptions, SqlQuery } from "../../src/sql/index.js";

/** A database that the queries are tried on. */
export interface Database {
  readonly dialect: "postgresql" | "sqlite" | "mysql";
  /** Runs statements in which nothing is bound. */
  run(text: string): Promise<void>;
  rows(query: Pick<SqlQuery, "text" | "values">): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openPglite(): Promise<Database & { readonly client: PGlite }> {
  const client = await PGlite.create({ extensions: { citext } });
  return {
    client,
    dialect: "postgresql",
    async run(text) {
      await client.exec(text);
    },
    async rows({ text, values }) {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    },
    close: () => client.close(),
  };
}

export async function openSqlite(): Promise<Database> {
  const { Database } = await initSqlJs();
  const client = new Database();
  client.run("PRAGMA foreign_keys = ON");
  return {
    dialect: "sqlite",
    async run(text) {
      client.run(text);
    },
    async rows({ text, values }) {
      const statement = client.prepare(text);
      try {
        statement.bind(values as (string | number)[]);
        const rows = [];
        while (statement.step()) rows.push(statement.getAsObject());
        return rows;
      } finally {
        statement.free();
      }
    },
    async close() {
      client.close();
    },
  };
}

/** Opens SQLite by the driver that servers use. */
export async function openBetterSqlite(): Promise<Database> {
  const client = new BetterSqlite(":memory:");
  client.pragma("foreign_keys = ON");
  return {
    dialect: "sqlite",
    async run(text) {
      client.exec(text);
    },
    async rows({ text, values }) {
      const statement = client.prepare<unknown[], Record<string, unknown>>(text);
      if (statement.reader) return statement.all(...values);
      statement.run(...values);
      return [];
    },
    async close() {
      client.close();
    },
  };
}

/** Opens a PostgreSQL server, in a schema of its own that goes with the connection. */
export async function openServer(connectionString: string): Promise<Database & { readonly connectionString: string }> {
  const client = new Client({ connectionString });
  await client.connect();
  // The files of tests run beside each other.
  const schema = `trial_${process.pid}_${randomUUID().slice(0, 8)}`;
  await client.query(`CREATE SCHEMA "${schema}"; SET search_path TO "${schema}"`);
  return {
    connectionString,
    dialect: "postgresql",
    async run(text) {
      await client.query(text);
    },
    async rows(query) {
      return (await client.query(query)).rows;
    },
    async close() {
      await client.query(`DROP SCHEMA "${schema}" CASCADE`);
      await client.end();
    },
  };
}

/** Opens a MariaDB server, in a database of its own that goes with the connection. */
export async function openMariadb(uri: string): Promise<Database> {
  const client = await createConnection({ uri, multipleStatements: true, charset: "utf8mb4" });
  const name = `trial_${process.pid}_${randomUUID().slice(0, 8)}`;
  const own = ["", "_inside"].map((ending) => `CREATE DATABASE ${name}${ending} CHARACTER SET utf8mb4`);
  await client.query(`${own.join("; ")}; USE ${name}`);
  /** What tests write has names between double quotes; what the library writes has none of these, and needs no setting. */
  const inMode = async (text: string) => {
    const mode = text.includes('"') ? "ANSI_QUOTES" : "";
    await client.query(`SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,${mode}'`);
  };
  return {
    dialect: "mysql",
    async run(text) {
      // A definition ends a transaction, so that a database beside this one is what can be left without a trace.
      if (text === "BEGIN") await client.query(`USE ${name}_inside`);
      else if (text === "ROLLBACK") {
        await client.query(
          `DROP DATABASE ${name}_inside; CREATE DATABASE ${name}_inside CHARACTER SET utf8mb4; USE ${name}`,
        );
      } else {
        await inMode(text);
        await client.query(text);
      }
    },
    async rows({ text, values }) {
      await inMode(text);
      const [rows] = await client.execute(text, values as (string | number)[]);
      // A statement that stays prepared stays in the database that it was prepared in.
      client.unprepare(text);
      // A statement that changes rows returns what it did instead.
      return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
    },
    async close() {
      await client.query(`DROP DATABASE ${name}; DROP DATABASE ${name}_inside`);
      await client.end();
    },
  };
}

type Opened = readonly [name: string, open: () => Promise<Database>];

/** The databases that there are: SQLite and PostgreSQL in this process, and each server that is named. */
export const databases: readonly Opened[] = [
  ["SQLite", openSqlite],
  ["PGlite", openPglite],
  ...serverIn("PostgreSQL", process.env.DATABASE_URL, openServer),
  ...serverIn("MariaDB", process.env.MARIADB_URL, openMariadb),
];

function serverIn(name: string, address: string | undefined, open: (address: string) => Promise<Database>): Opened[] {
  return address ? [[name, () => open(address)]] : [];
}

/** The type of a text that ignores case in its comparisons. */
export const caselessText: Readonly<Record<Database["dialect"], string>> = {
  sqlite: "TEXT COLLATE NOCASE",
  postgresql: "citext",
  mysql: "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
};

/** The type of a text that may be a key. */
export const keyText: Readonly<Record<Database["dialect"], string>> = {
  sqlite: "TEXT",
  postgresql: "TEXT",
  mysql: "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
};

/** Runs something, and leaves nothing behind. */
export async function inTransaction<Answer>(database: Database, act: () => Promise<Answer>): Promise<Answer> {
  await database.run("BEGIN");
  try {
    return await act();
  } finally {
    await database.run("ROLLBACK");
  }
}

/** Lists the keys of a policy's grants: its areas, each with its flags. */
export function keysOf(policy: Pick<Policy, "areas">): string[] {
  return Object.entries(policy.areas).flatMap(([name, { flags = {} }]) => [name, ...Object.keys(flags)]);
}

/** How the tables hold a policy's grants: the column of each key, and what is stored for a value. */
export function storageOf(policy: Policy, { levels, grants, users }: Partial<SqlOptions>) {
  const given: Readonly<Record<string, string | undefined>> = { ...grants?.columns, ...users?.columns };
  return {
    columns: new Map(keysOf(policy).map((key) => [key, given[key] ?? key.replaceAll("-", "_")])),
    stored: (value: unknown) =>
      levels === "integer" && typeof value === "string" ? policy.levels.indexOf(value) : value,
  };
}

/** Half of a pair is no text that a database takes. */
export function storable<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll("\\ud800", "half"));
}

/** An account as its tables have it. */
export interface World {
  readonly account: string;
  readonly users: readonly {
    readonly id: string;
    readonly role: string;
    readonly grants?: Readonly<Record<string, Readonly<Record<string, string | boolean | undefined>>>>;
    readonly account?: Readonly<Record<string, string | boolean | undefined>>;
  }[];
  readonly connections: readonly string[];
  readonly groups: readonly (readonly [id: string, connections: readonly string[]])[];
  /** Who is in each relation to each group, by the usual name of its column. */
  readonly related?: ReadonlyMap<string, Readonly<Record<string, string | null>>>;
}

/** What a value is as SQL, for tests alone: applications bind their values. */
export function inSql(value: unknown, { dialect }: Pick<Database, "dialect"> = { dialect: "sqlite" }): string {
  if (typeof value !== "string") return String(value).toUpperCase();
  const text = dialect === "mysql" ? value.replaceAll("\\", "\\\\") : value;
  return `'${text.replaceAll("'", "''")}'`;
}

/** Inserts rows into a table. */
export async function insert(
  database: Database,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  for (let start = 0; start < rows.length; start += 500) {
    const values = rows
      .slice(start, start + 500)
      .map((row) => `(${row.map((value) => inSql(value, database)).join(", ")})`);
    await database.run(`INSERT INTO ${quote(table)} (${columns.map(quote).join(", ")}) VALUES ${values.join(", ")}`);
  }
}

/** Inserts rows that say which columns they fill: those that fill the same in one go. */
async function insertEach(
  database: Database,
  table: string,
  rows: readonly (readonly (readonly [column: string | undefined, value: unknown])[])[],
): Promise<void> {
  const alike = new Map<string, unknown[][]>();
  for (const row of rows) {
    const columns = JSON.stringify(row.map(([column]) => column));
    alike.set(columns, [...(alike.get(columns) ?? []), row.map(([, value]) => value)]);
  }
  for (const [columns, values] of alike) await insert(database, table, JSON.parse(columns), values);
}

/** Fills the usual tables with an account; `stored` says how a value of a grant is stored, and `columns` where. */
export async function fill(
  database: Database,
  { account, users, connections, groups, related }: World,
  columns: ReadonlyMap<string, string>,
  stored: (value: string | boolean) => unknown = (value) => value,
): Promise<void> {
  await insertEach(
    database,
    "users",
    users.map(({ id, role, account: own = {} }) => {
      const held = Object.entries(own).filter(([, value]) => value !== undefined);
      const inColumns = held.map(([key, value]) => [columns.get(key), stored(value as string | boolean)] as const);
      return [["account_id", account], ["id", id], ["role", role], ...inColumns];
    }),
  );
  await insert(
    database,
    "connections",
    ["account_id", "id"],
    connections.map((id) => [account, id]),
  );
  for (const { id, grants = {} } of users) {
    for (const [connection, grant] of Object.entries(grants)) {
      const held = Object.entries(grant).filter(([, value]) => value !== undefined);
      await insert(
        database,
        "grants",
        ["account_id", "user_id", "connection_id", ...held.map(([key]) => columns.get(key) as string)],
        [[account, id, connection, ...held.map(([, value]) => stored(value as string | boolean))]],
      );
    }
  }
  await insertEach(
    database,
    "post_groups",
    groups.map(([id]) => {
      const its = Object.entries(related?.get(id) ?? {});
      const inColumns = its.map(([relation, user]) => [`${relation.replaceAll("-", "_")}_id`, user] as const);
      return [["account_id", account], ["id", id], ...inColumns];
    }),
  );
  const links = groups.flatMap(([id, its]) => [...new Set(its)].map((connection) => [account, id, connection]));
  await insert(database, "post_group_connections", ["account_id", "post_group_id", "connection_id"], links);
}
