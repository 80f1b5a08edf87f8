import { sql as drizzleSql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { Kysely, sql as kyselySql, PostgresDialect } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engage } from "../../src/index.js";
import { createGrantsSql } from "../../src/sql/index.js";
import { fill, openPglite } from "../support/databases.js";

const grants = createGrantsSql(engage, { dialect: "postgresql" });
const drafts = grants.groupsFor({ account: "acme", user: "ana", action: "publish.edit" });
const level = grants.groupLevels({ account: "acme", user: "ana", area: "publish" });

let database: Awaited<ReturnType<typeof openPglite>>;
beforeAll(async () => {
  database = await openPglite();
  for (const text of Object.values(grants.tables)) await database.run(text);
  const users = [
    { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "view-only" } } },
  ];
  const groups: [string, string[]][] = [
    ["p1", ["fb"]],
    ["p2", ["fb", "ig"]],
    ["p3", ["fb"]],
  ];
  const columns = new Map([["publish", "publish"]]);
  await fill(database, { account: "acme", users, connections: ["fb", "ig"], groups }, columns);
});
afterAll(() => database.close());

test("a query is part of a larger one in Kysely", async () => {
  const { client } = database;
  const kysely = new Kysely<{ post_groups: { account_id: string; id: string } }>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => ({
          query: async (text: string, values: readonly unknown[]) => ({
            ...(await client.query(text, [...values])),
            command: "SELECT" as const,
            rowCount: 0,
          }),
          release() {},
        }),
        async end() {},
      } as never,
    }),
  });
  const found = await kysely
    .selectFrom("post_groups as p")
    .innerJoin(
      kyselySql<{ id: string; level: string }>`(${kyselySql(level.strings, ...level.values)})`.as("badge"),
      (join) => join.onRef("badge.id", "=", "p.id"),
    )
    .where("p.account_id", "=", "acme")
    .where("p.id", "in", kyselySql<string>`(${kyselySql(drafts.strings, ...drafts.values)})`)
    .where("p.id", "!=", "p1")
    .select(["p.id", "badge.level"])
    .execute();
  expect(found).toEqual([{ id: "p3", level: "full-access" }]);
});

test("a query is part of a larger one in Drizzle", async () => {
  const found = await drizzle(database.client).execute(drizzleSql`
    SELECT p.id, badge.level FROM post_groups p
    JOIN (${drizzleSql(level.strings, ...level.values)}) badge ON badge.id = p.id
    WHERE p.account_id = ${"acme"} AND p.id <> ${"p1"} AND p.id IN (${drizzleSql(drafts.strings, ...drafts.values)})
  `);
  expect(found.rows).toEqual([{ id: "p3", level: "full-access" }]);
});
