import { readFileSync } from "node:fs";
import { createMatrix } from "channel-grants";
import { matrixSchema } from "channel-grants/schema";
import sql from "sql-template-tag";
import * as z from "zod";
import type { Database } from "./database.js";
import { policy } from "./policy.js";
import { insertPost } from "./posts.js";

const agencySchema = z.object({
  connections: z.array(z.object({ id: z.string(), network: z.string(), brand: z.string() })),
  posts: z.array(z.object({ id: z.string(), title: z.string(), connections: z.array(z.string()) })),
  engage: matrixSchema(policy),
});

const file = new URL("../../agency/agency.json", import.meta.url);

export const agency = agencySchema.parse(JSON.parse(readFileSync(file, "utf8")));

/** Fills an empty database with the agency of examples/agency, as the account "redlark". */
export async function seed(database: Database): Promise<void> {
  const matrix = createMatrix(policy, agency.engage);
  const account = "redlark";
  await database.transaction(async (queries) => {
    const added = await queries.query(
      sql`INSERT INTO accounts (id) VALUES (${account}) ON CONFLICT DO NOTHING RETURNING id`,
    );
    if (added.length === 0) return;
    for (const id of matrix.users()) {
      await queries.query(sql`
        INSERT INTO users (account_id, id, role) VALUES (${account}, ${id}, ${matrix.user(id).role})`);
    }
    for (const { id, network, brand } of agency.connections) {
      await queries.query(sql`
        INSERT INTO connections (account_id, id, network, name) VALUES (${account}, ${id}, ${network}, ${brand})`);
    }
    for (const { id, grants } of agency.engage.users) {
      for (const connection of Object.keys(grants ?? {})) {
        const { conversations, publish, approver, analytics } = matrix.grant(id, connection);
        await queries.query(sql`
          INSERT INTO grants (account_id, user_id, connection_id, conversations, publish, approver, analytics)
          VALUES (${account}, ${id}, ${connection}, ${conversations}, ${publish}, ${approver}, ${analytics})`);
      }
    }
    for (const { id, title, connections } of agency.posts) {
      const [author = "ingrid"] = matrix.usersFor("publish.submit", { connections });
      const submission = { connections, author, status: "draft", steps: [], approvals: [], revision: 0 } as const;
      await insertPost(queries, account, { ...submission, id, text: title, scheduledAt: null, version: 0 });
    }
  });
}
