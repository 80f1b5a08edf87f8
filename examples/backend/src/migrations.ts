import sql, { raw } from "sql-template-tag";
import type { Database } from "./database.js";
import { grantsSql } from "./policy.js";

const { users, grants, links } = grantsSql.tables;

/** Each is applied once, in this order. One that was applied anywhere is never changed: another is added. */
const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE accounts (id TEXT NOT NULL PRIMARY KEY)",
    users,
    "ALTER TABLE users ADD FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE",
    `CREATE TABLE connections (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      network TEXT NOT NULL,
      name TEXT NOT NULL,
      connected_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      PRIMARY KEY (account_id, id)
    )`,
    grants,
    `CREATE TABLE posts (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      position BIGINT GENERATED ALWAYS AS IDENTITY,
      text TEXT NOT NULL,
      scheduled_at TIMESTAMPTZ,
      author_id TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'pending', 'approved', 'released')),
      steps JSONB NOT NULL DEFAULT '[]',
      approvals JSONB NOT NULL DEFAULT '[]',
      revision INTEGER NOT NULL DEFAULT 0,
      version INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (account_id, id)
    )`,
    links,
    ...grantsSql.indexes,
    "CREATE UNIQUE INDEX posts_by_position ON posts (account_id, position DESC)",
    "CREATE INDEX posts_due ON posts (scheduled_at) WHERE status = 'approved'",
    // Neither log refers to other tables: it outlives what it is about.
    `CREATE TABLE decisions (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      account_id TEXT NOT NULL,
      decided_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      user_id TEXT,
      request TEXT NOT NULL,
      action TEXT NOT NULL,
      connections TEXT[] NOT NULL,
      allowed BOOLEAN NOT NULL,
      decision JSONB NOT NULL,
      refusal TEXT
    )`,
    `CREATE TABLE grant_changes (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      account_id TEXT NOT NULL,
      changed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      changed_by TEXT NOT NULL,
      user_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      before JSONB NOT NULL,
      after JSONB NOT NULL
    )`,
    "CREATE INDEX decisions_by_account ON decisions (account_id, id DESC)",
    "CREATE INDEX grant_changes_by_account ON grant_changes (account_id, id DESC)",
  ],
  [
    "ALTER TABLE posts ADD COLUMN expires TIMESTAMPTZ, ADD COLUMN editors JSONB",
    // What the flow would refuse to read is not stored: nobody stands in for itself, and a period has a length.
    `CREATE TABLE stand_ins (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      account_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      by_id TEXT NOT NULL CHECK (by_id <> user_id),
      starts_at TIMESTAMPTZ(3),
      ends_at TIMESTAMPTZ(3) CHECK (ends_at > starts_at),
      FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE,
      FOREIGN KEY (account_id, by_id) REFERENCES users (account_id, id) ON DELETE CASCADE
    )`,
    "CREATE INDEX stand_ins_by_account ON stand_ins (account_id)",
  ],
];

/** Brings the tables of a database up to date. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async ({ query }) => {
    // Two servers may start at once: the second one waits, and finds nothing left to do.
    await query(sql`SELECT pg_advisory_xact_lock(hashtext('channel-grants-example-backend'))`);
    await query(sql`CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY)`);
    const applied = await query<{ id: number }>(sql`SELECT id FROM migrations`);
    for (const [id, statements] of migrations.entries()) {
      if (applied.some((migration) => migration.id === id)) continue;
      for (const statement of statements) await query(raw(statement));
      await query(sql`INSERT INTO migrations (id) VALUES (${id})`);
    }
  });
}
