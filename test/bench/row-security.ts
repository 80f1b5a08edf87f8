import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { engage } from "../../src/index.js";
import { createGrantsSql } from "../../src/sql/index.js";
import { quantile } from "./result.js";
import { showTime, table } from "./table.js";

// `npm run bench:row-security` starts a PostgreSQL, times the same statements with policies per row, per statement and with the
// library's own condition instead, and writes what it measured into docs/row-security.md. With `-- --quick` it measures a small
// account, and writes nothing.

const quick = process.argv.includes("--quick");
const [userCount, connectionCount, groupCount] = quick ? [50, 20, 2_000] : [500, 100, 200_000];
const rounds = quick ? 3 : 7;
const grants = createGrantsSql(engage, { dialect: "postgresql" });
const admin = new pg.Client({ connectionString: process.env.DATABASE_URL });
await admin.connect();

for (const text of [...Object.values(grants.tables), ...grants.indexes]) await admin.query(text);
await admin.query(`
  SELECT setseed(0.5);
  ALTER TABLE post_groups ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
  INSERT INTO users SELECT 'acme', 'u' || u, 'viewer' FROM generate_series(1, ${userCount}) u;
  INSERT INTO connections SELECT 'acme', 'c' || c FROM generate_series(1, ${connectionCount}) c;
  INSERT INTO grants (account_id, user_id, connection_id, publish)
    SELECT 'acme', 'u' || u, 'c' || c, (ARRAY['view-only', 'needs-approval', 'full-access'])[1 + floor(random() * 3)::int]
    FROM generate_series(1, ${userCount}) u, generate_series(1, ${connectionCount}) c WHERE random() < 0.5;
  INSERT INTO post_groups SELECT 'acme', 'p' || p, p FROM generate_series(1, ${groupCount}) p;
  INSERT INTO post_group_connections SELECT DISTINCT 'acme', 'p' || p, 'c' || 1 + floor(random() * ${connectionCount})::int
    FROM generate_series(1, ${groupCount}) p, generate_series(1, 1 + p % 5);
  CREATE INDEX ON post_groups (account_id, at);
  CREATE ROLE app LOGIN;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app`);
await admin.query("VACUUM ANALYZE");

const address = new URL(process.env.DATABASE_URL as string);
address.username = "app";
const app = new pg.Client({ connectionString: address.href });
await app.connect();
await app.query("SELECT set_config('app.user_id', 'u7', FALSE), set_config('app.account_id', 'acme', FALSE)");

/** What a feed asks: `allowed` is the condition that your application writes itself where there are no policies. */
const works = [
  [
    "a page: the newest 50",
    (allowed: string) => `SELECT id FROM post_groups p WHERE TRUE${allowed} ORDER BY at DESC LIMIT 50`,
  ],
  ["one post group by its id", (allowed: string) => `SELECT id FROM post_groups p WHERE id = 'p9'${allowed}`],
  ["one change", (allowed: string) => `UPDATE post_groups p SET at = at WHERE id = 'p9'${allowed}`],
  ["the whole list, counted", (allowed: string) => `SELECT count(*) FROM post_groups p WHERE TRUE${allowed}`],
] as const;

const edit = { account: "acme", user: "u7", action: "publish.edit" } as const;
const inOne = grants.groupsFor({ ...edit, only: { column: ["p", "id"] } });
const inAll = grants.groupsFor(edit);

async function timed(client: pg.Client, text: string, values: unknown[] = []): Promise<[time: number, answer: string]> {
  const times: number[] = [];
  let answer = "";
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    const { rows, rowCount } = await client.query(text, values);
    // The first round fills the caches.
    if (round > 0) times.push(performance.now() - start);
    answer = JSON.stringify([rows, rowCount]);
  }
  return [quantile(times, 0.5), answer];
}

const found = new Map<string, { time: number; answer: string }[]>(works.map(([name]) => [name, []]));
const note = (name: string, [time, answer]: [number, string]) => found.get(name)?.push({ time, answer });
for (const [name, ask] of works) {
  const query = name.startsWith("the whole list") ? inAll : inOne;
  const condition = query === inAll ? `p.id IN (${query.text})` : `EXISTS (${query.text})`;
  note(name, await timed(admin, ask(` AND p.account_id = 'acme' AND ${condition}`), query.values));
}
for (const per of ["row", "statement"] as const) {
  const statements = grants.rowSecurity({
    user: { setting: "app.user_id" },
    account: { setting: "app.account_id" },
    role: "app",
    per,
    actions: { select: "publish.edit", update: "publish.edit" },
  });
  await admin.query(["BEGIN", ...statements, "COMMIT"].join(";\n"));
  for (const [name, ask] of works) {
    process.stderr.write(`${name}, per ${per} …\n`);
    note(name, await timed(app, ask("")));
  }
}
const { rows: versions } = await admin.query("SHOW server_version");
await Promise.all([admin.end(), app.end()]);

const rows = [...found].map(([name, ways]) => {
  if (new Set(ways.map(({ answer }) => answer)).size > 1) throw new Error(`${name}: the ways do not agree`);
  return [name, ...ways.map(({ time }) => showTime(time))];
});
const measured = `PostgreSQL ${versions[0].server_version}, ${cpus().length} cores, an account of ${userCount} users, ${connectionCount} connections and ${groupCount.toLocaleString("en")} post
groups. The same rows, with your own condition (the query of \`groupsFor\`) and with policies:

${table(["what", "your own condition", '`per: "row"`', '`per: "statement"`'], rows)}`;
console.log(measured);
if (!quick) {
  const path = new URL("../../docs/row-security.md", import.meta.url);
  const [head, , tail] = readFileSync(path, "utf8").split(/(?<=<!-- measured[^>]*-->\n)|(?=<!-- \/measured -->)/);
  writeFileSync(path, `${head}\n${measured}\n\n${tail}`);
  console.log("\ndocs/row-security.md was written.");
}
