import { createMatrix, type GrantMatrix, type User } from "channel-grants";
import { matrixRowsSchema } from "channel-grants/schema";
import sql, { empty, raw } from "sql-template-tag";
import type { Session } from "./auth.js";
import type { Queries } from "./database.js";
import { type Backend, policy } from "./policy.js";

const rowsSchema = matrixRowsSchema(policy);

interface GrantRow {
  readonly user: string;
  readonly connection: string;
  readonly [column: string]: unknown;
}

/** Reads one user with all grants: enough for every decision about that user. */
export async function readUser(queries: Queries, { account, user }: Session): Promise<User<Backend> | undefined> {
  const matrix = await readRows(queries, account, { users: [user] });
  return matrix.users().includes(user) ? matrix.user(user) : undefined;
}

/** Reads all users and what they hold on some connections: enough for every decision about those. */
export function readMatrix(
  queries: Queries,
  account: string,
  connections: readonly string[],
): Promise<GrantMatrix<Backend>> {
  return readRows(queries, account, { connections });
}

async function readRows(
  { query }: Queries,
  account: string,
  wanted: { readonly users?: readonly string[]; readonly connections?: readonly string[] },
): Promise<GrantMatrix<Backend>> {
  const among = (column: string, ids?: readonly string[]) => (ids ? sql`AND ${raw(column)} = ANY(${ids})` : empty);
  const users = await query(sql`
    SELECT id, role FROM users WHERE account_id = ${account} ${among("id", wanted.users)} ORDER BY id`);
  const connections = await query(sql`
    SELECT id FROM connections WHERE account_id = ${account} ${among("id", wanted.connections)}`);
  const grants = await query<GrantRow>(sql`
    SELECT user_id AS "user", connection_id AS connection, conversations, publish, approver, analytics
    FROM grants WHERE account_id = ${account}
      ${among("user_id", wanted.users)} ${among("connection_id", wanted.connections)}`);
  // What is no grant is refused here, loudly.
  const rows = {
    users,
    connections,
    grants: grants.map(({ user, connection, ...grant }) => ({ user, connection, grant })),
  };
  return createMatrix(policy, rowsSchema.parse(rows));
}
