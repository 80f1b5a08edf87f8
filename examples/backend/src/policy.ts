import { definePolicy, engage, type GrantMatrix, type User } from "channel-grants";
import { createGrantsSql, type SqlQuery } from "channel-grants/sql";
import sql, { type Sql } from "sql-template-tag";
import type { Queries } from "./database.js";

const defined = definePolicy({
  ...engage,
  name: "backend",
  actions: {
    ...engage.actions,
    // What this service does beyond the model is a right like any other, and no `if` in a route.
    "connections.remove": { target: "none", allow: { role: "admin" } },
    "connections.share": {
      target: "connection",
      allow: [{ role: "admin" }, { area: "publish", level: "full-access" }],
    },
    "members.invite": { target: "none", allow: [{ role: "admin" }, { area: "publish", some: "full-access" }] },
    "members.assign-roles": { target: "none", allow: { role: "admin" } },
    "audit.view": { target: "none", allow: { role: "admin" } },
  },
});

type Inferred = typeof defined;

/** The type of the policy: a name of its own keeps hovers and messages short. */
export interface Backend extends Inferred {
  readonly approval: NonNullable<Inferred["approval"]>;
}

/** Engage, and the further actions of this service. */
export const policy = defined as Backend;

/** The policy as SQL over the tables of `migrations.ts`. */
export const grantsSql = createGrantsSql(policy, {
  dialect: "postgresql",
  groups: { table: "posts" },
  links: { table: "post_connections", group: "post_id" },
});

/** Makes a query of the library a part of a larger one. */
export const part = ({ strings, values }: SqlQuery): Sql => sql(strings, ...values);

/** Loads one user with all grants: enough for every decision about that user. */
export async function loadUser({ query }: Queries, account: string, id: string): Promise<User<Backend> | undefined> {
  const load = grantsSql.loadUser({ account, user: id });
  return load.read(await query(load));
}

/** Loads all users and what they hold on some connections: enough for every decision about those. */
export async function loadMatrix(
  { query }: Queries,
  account: string,
  connections: readonly string[],
): Promise<GrantMatrix<Backend>> {
  const load = grantsSql.loadMatrix({ account, connections });
  return load.read(await query(sql`${part(load)} ORDER BY "user"`));
}
