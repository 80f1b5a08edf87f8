import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { engage } from "../../src/index.js";
import { createGrantsSql, type SqlQuery } from "../../src/sql/index.js";
import { partitioned } from "../support/partitions.js";
import { quantile } from "./result.js";
import { showTime, table } from "./table.js";

// `npm run bench:partitions` starts five PostgreSQL servers: one that asks, and one to four that have the accounts. It times a page
// of an account, and writes what it measured into docs/partitions.md. With `-- --quick` there are few accounts, and it writes
// nothing.

const quick = process.argv.includes("--quick");
const [accounts, users, connections, groups] = quick ? [50, 5, 5, 20] : [1_000, 20, 10, 100];
const asked = quick ? 40 : 100;
const clients = 4;
const [coordinator, ...servers] = [
  process.env.DATABASE_URL,
  ...(process.env.PARTITION_URLS ?? "").split(" "),
] as string[];
const grants = createGrantsSql(engage, { dialect: "postgresql" });

/** Half of all pairs have a grant; groups have one to three connections. */
const seed = `
  SELECT setseed(0.5);
  INSERT INTO users SELECT 'a' || a, 'u' || u, 'viewer' FROM generate_series(1, ${accounts}) a, generate_series(1, ${users}) u;
  INSERT INTO connections SELECT 'a' || a, 'c' || c FROM generate_series(1, ${accounts}) a, generate_series(1, ${connections}) c;
  INSERT INTO grants (account_id, user_id, connection_id, publish)
    SELECT 'a' || a, 'u' || u, 'c' || c, (ARRAY['view-only', 'needs-approval', 'full-access'])[1 + floor(random() * 3)::int]
    FROM generate_series(1, ${accounts}) a, generate_series(1, ${users}) u, generate_series(1, ${connections}) c WHERE random() < 0.5;
  INSERT INTO post_groups SELECT 'a' || a, 'p' || p FROM generate_series(1, ${accounts}) a, generate_series(1, ${groups}) p;
  INSERT INTO post_group_connections SELECT DISTINCT 'a' || a, 'p' || p, 'c' || 1 + floor(random() * ${connections})::int
    FROM generate_series(1, ${accounts}) a, generate_series(1, ${groups}) p, generate_series(1, 1 + p % 3)`;

type Page = (account: string) => Pick<SqlQuery, "text" | "values">;

/** The first ten post groups that a user may edit: from all of the account, or one after the other. */
const pages: readonly (readonly [name: string, page: Page])[] = [
  [
    "page, `IN`",
    (account) => {
      const { text, values } = grants.groupsFor({ account, user: "u1", action: "publish.edit" });
      const page = `SELECT p.id FROM post_groups p WHERE p.account_id = $${values.length + 1} AND p.id IN (${text}) ORDER BY p.id LIMIT 10`;
      return { text: page, values: [...values, account] };
    },
  ],
  [
    "page, `EXISTS`",
    (account) => {
      const only = { column: ["p", "id"] } as const;
      const { text, values } = grants.groupsFor({ account, user: "u1", action: "publish.edit", only });
      const page = `SELECT p.id FROM post_groups p WHERE p.account_id = $${values.length + 1} AND EXISTS (${text}) ORDER BY p.id LIMIT 10`;
      return { text: page, values: [...values, account] };
    },
  ],
];

/** Asks for as many accounts as are wanted, one after the other: the median time, and every answer. */
async function timed(client: pg.Client, page: Page): Promise<[median: number, answers: string]> {
  const times: number[] = [];
  const answers: unknown[] = [];
  for (let turn = 0; turn < asked; turn++) {
    const query = page(`a${1 + ((turn * 37) % accounts)}`);
    const start = performance.now();
    answers.push((await client.query(query)).rows.map(({ id }) => id));
    times.push(performance.now() - start);
  }
  return [quantile(times, 0.5), JSON.stringify(answers)];
}

const rows: string[][] = [];
const answers = new Set<string>();
let version = "";
for (let count = 0; count <= servers.length; count++) {
  process.stderr.write(`${count} servers …\n`);
  const schema = `bench_${count}`;
  const made = await partitioned(engage, [coordinator as string, ...servers.slice(0, count)], schema);
  version = (await made.coordinator.query("SHOW server_version")).rows[0].server_version;
  await made.coordinator.query(seed);
  // On the coordinator, this reads a sample from each server.
  await made.coordinator.query("ANALYZE");
  const times: string[] = [];
  for (const [, page] of pages) {
    await timed(made.coordinator, page);
    const [median, answer] = await timed(made.coordinator, page);
    times.push(showTime(median));
    answers.add(answer);
  }
  const others = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: coordinator });
      await client.connect();
      await client.query(`SET search_path TO ${schema}; SET enable_partitionwise_join = on`);
      return client;
    }),
  );
  const start = performance.now();
  await Promise.all(others.map((client) => timed(client, pages[0]?.[1] as Page)));
  const perSecond = (clients * asked * 1_000) / (performance.now() - start);
  await Promise.all(others.map((client) => client.end()));
  rows.push([
    count === 0 ? "none: tables of its own" : String(count),
    ...times,
    Math.round(perSecond).toLocaleString("en"),
  ]);
  await made.close();
}
if (answers.size > 1) throw new Error("the servers do not agree");

const measured = `PostgreSQL ${version}, all servers on one machine of ${cpus().length} cores. ${accounts.toLocaleString("en")} accounts, each with ${users} users, ${connections} connections and
${groups} post groups. A page is the first ten post groups that a user may edit, in the median of ${asked} accounts. The last column is
asked by ${clients} clients at once, with \`IN\`.

${table(["servers behind the coordinator", ...pages.map(([name]) => name), "pages per second"], rows)}`;
console.log(measured);
if (!quick) {
  const path = new URL("../../docs/partitions.md", import.meta.url);
  const [head, , tail] = readFileSync(path, "utf8").split(/(?<=<!-- measured[^>]*-->\n)|(?=<!-- \/measured -->)/);
  writeFileSync(path, `${head}\n${measured}\n\n${tail}`);
  console.log("\ndocs/partitions.md was written.");
}
