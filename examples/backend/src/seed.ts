import { readFileSync } from "node:fs";
import { createMatrix } from "channel-grants";
import { matrixSchema } from "channel-grants/schema";
import sql from "sql-template-tag";
import * as z from "zod";
import type { Database } from "./database.js";
import { grantsSql, policy } from "./policy.js";
import { savePost } from "./posts.js";

const agencySchema = z.object({
  connections: z.array(z.object({ id: z.string(), network: z.string(), brand: z.string() })),
  posts: z.array(z.object({ id: z.string(), title: z.string(), connections: z.array(z.string()) })),
  engage: matrixSchema(policy),
});

export const agency = agencySchema.parse(
  JSON.parse(readFileSync(new URL("../../agency/agency.json", import.meta.url), "utf8")),
);

/** Fills an empty database with the agency of examples/agency, as the account "redlark". */
export async function seed(database: Database): Promise<void> {
  const matrix = createMatrix(policy, agency.engage);
  const account = "redlark";
  await database.transaction(async (queries) => {
    const { query } = queries;
    const added = await query(sql`INSERT INTO accounts (id) VALUES (${account}) ON CONFLICT DO NOTHING RETURNING id`);
    if (added.length === 0) return;
    for (const { id, network, brand } of agency.connections) {
      await query(sql`
        INSERT INTO connections (account_id, id, network, name) VALUES (${account}, ${id}, ${network}, ${brand})`);
    }
    for (const { id, role, grants = {} } of agency.engage.users) {
      await query(sql`INSERT INTO users (account_id, id, role) VALUES (${account}, ${id}, ${role})`);
      for (const [connection, grant = {}] of Object.entries(grants)) {
        await query(grantsSql.assign({ account, user: id, connection, grant }));
      }
    }
    for (const { id, title, connections } of agency.posts) {
      const [author = "ingrid"] = matrix.usersFor("publish.submit", { connections });
      const submission = { connections, author, status: "draft", steps: [], approvals: [], revision: 0 } as const;
      await savePost(queries, account, { ...submission, id, text: title, scheduledAt: null, version: 0 });
    }
  });
}
