import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { accessLevel, can, createMatrix, createUser, engage, type GrantInput } from "../../src/index.js";
import { createGrantsSql, type SqlQuery } from "../../src/sql/index.js";
import { quantile } from "./result.js";
import { showTime, table } from "./table.js";

// `npm run bench:sql` starts a PostgreSQL, times each query compared with fetching the rows and asking `can`, and writes what it
// measured into docs/sql.md. `npm run bench:sql -- --quick` measures small accounts, and writes nothing.

const quick = process.argv.includes("--quick");
const userCount = quick ? 200 : 2_000;
const connectionCount = quick ? 50 : 500;
const sizes = quick ? [1_000, 5_000] : [10_000, 200_000, 1_000_000];
const main = sizes.at(-2) as number;
const rounds = 7;

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const { rows: versions } = await client.query("SHOW server_version");
const grants = createGrantsSql(engage, { dialect: "postgresql" });
const asked = { account: "acme", user: "u7" } as const;

const run = async (text: string, values: unknown[] = []): Promise<Record<string, string>[]> =>
  (await client.query(text, values)).rows;

/** Half of all pairs have a grant, in one of five states; a fifth of all groups are another account's. */
async function seed(): Promise<void> {
  for (const text of [...Object.values(grants.tables), ...grants.indexes]) await run(text);
  await run(`ALTER TABLE post_groups ADD COLUMN at INTEGER NOT NULL DEFAULT 0`);
  await run(`SELECT setseed(0.5)`);
  for (const account of ["acme", "other"]) {
    await run(
      `INSERT INTO users SELECT $1, 'u' || u, CASE WHEN u % 50 = 0 THEN 'admin' ELSE 'viewer' END FROM generate_series(1, $2::int) u`,
      [account, userCount],
    );
    await run(`INSERT INTO connections SELECT $1, 'c' || c FROM generate_series(1, $2::int) c`, [
      account,
      connectionCount,
    ]);
    await run(
      `INSERT INTO grants (account_id, user_id, connection_id, publish, approver)
       SELECT $1, 'u' || u, 'c' || c, (ARRAY['view-only', 'view-only', 'needs-approval', 'full-access', 'full-access'])[state], state IN (2, 5)
       FROM (SELECT u, c, 1 + floor(random() * 10)::int AS state FROM generate_series(1, $2::int) u, generate_series(1, $3::int) c) every
       WHERE state <= 5`,
      [account, userCount, connectionCount],
    );
  }
  await run(`CREATE INDEX post_groups_by_time ON post_groups (account_id, at)`);
}

/** Makes as many groups as are wanted, each of one to five connections. */
async function grow(from: number, to: number): Promise<void> {
  for (const [account, every] of [
    ["acme", 1],
    ["other", 5],
  ] as const) {
    await run(
      `INSERT INTO post_groups SELECT $1, 'p' || p, p FROM generate_series($2::int, $3::int) p WHERE p % $4::int = 0`,
      [account, from + 1, to, every],
    );
    await run(
      `INSERT INTO post_group_connections
       SELECT DISTINCT $1, 'p' || p, 'c' || 1 + floor(random() * $5::int)::int
       FROM generate_series($2::int, $3::int) p, generate_series(1, 1 + p % 5) WHERE p % $4::int = 0`,
      [account, from + 1, to, every, connectionCount],
    );
  }
  await run("VACUUM ANALYZE");
}

type Work = () => Promise<unknown>;

/** Times several ways by turns, so that all meet the same noise: the median of each, in milliseconds. */
async function timed(ways: readonly Work[]): Promise<number[]> {
  const times = ways.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, way] of ways.entries()) {
      const start = performance.now();
      await way();
      // The first round fills the caches.
      if (round > 0) times[index]?.push(performance.now() - start);
    }
  }
  return times.map((all) => quantile(all, 0.5));
}

const ids = async ({ text, values }: SqlQuery): Promise<string[]> =>
  (await run(text, values)).map(({ id }) => id as string);

const grantOf = ({ publish, approver }: Record<string, unknown>) =>
  ({ publish, approver }) as GrantInput<typeof engage>;

/** What a host does without the queries: it fetches what one user holds, and makes the user. */
async function fetchUser(): Promise<ReturnType<typeof createUser<typeof engage>>> {
  const [row] = await run("SELECT role FROM users WHERE account_id = $1 AND id = $2", [asked.account, asked.user]);
  const held = await run("SELECT connection_id, publish, approver FROM grants WHERE account_id = $1 AND user_id = $2", [
    asked.account,
    asked.user,
  ]);
  const known = await run("SELECT id FROM connections WHERE account_id = $1", [asked.account]);
  return createUser(engage, {
    id: asked.user,
    role: row?.role as "viewer",
    grants: held.map((each) => [each.connection_id as string, grantOf(each)] as const),
    connections: known.map(({ id }) => id as string),
  });
}

async function fetchGroups(): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>();
  const links = await run("SELECT post_group_id, connection_id FROM post_group_connections WHERE account_id = $1", [
    asked.account,
  ]);
  for (const { post_group_id, connection_id } of links) {
    const its = groups.get(post_group_id as string);
    if (its) its.push(connection_id as string);
    else groups.set(post_group_id as string, [connection_id as string]);
  }
  return groups;
}

const feed = grants.groupsFor({ ...asked, action: "publish.edit" });
const correlated = grants.groupsFor({ ...asked, action: "publish.edit", only: { column: ["p", "id"] } });
const page = {
  text: `SELECT p.id FROM post_groups p WHERE p.account_id = $${correlated.values.length + 1} AND EXISTS (${correlated.text}) ORDER BY p.at DESC LIMIT 50`,
  values: [...correlated.values, asked.account],
};
const wholePage = {
  text: `SELECT p.id FROM post_groups p WHERE p.account_id = $${feed.values.length + 1} AND p.id IN (${feed.text}) ORDER BY p.at DESC LIMIT 50`,
  values: [...feed.values, asked.account],
};

interface Row {
  readonly name: string;
  readonly sql: Work;
  readonly fetched: Work;
}

const works: readonly Row[] = [
  {
    name: "the feed: all groups a user may edit",
    sql: async () => (await ids(feed)).sort(),
    fetched: async () => {
      const user = await fetchUser();
      const groups = await fetchGroups();
      return [...groups]
        .filter(([, connections]) => can(user, "publish.edit", { connections }))
        .map(([id]) => id)
        .sort();
    },
  },
  {
    name: "its first page, by `only`: the newest 50",
    sql: async () => (await run(page.text, page.values)).map(({ id }) => id),
    fetched: async () => {
      const user = await fetchUser();
      const groups = await fetchGroups();
      const newest = await run("SELECT id FROM post_groups WHERE account_id = $1 ORDER BY at DESC", [asked.account]);
      return newest
        .filter(({ id }) => can(user, "publish.edit", { connections: groups.get(id as string) ?? [] }))
        .slice(0, 50)
        .map(({ id }) => id);
    },
  },
  {
    name: "the badge: the level of every group",
    sql: async () => {
      const { text, values } = grants.groupLevels({ ...asked, area: "publish" });
      return (await run(text, values)).map(({ id, level }) => `${id} ${level}`).sort();
    },
    fetched: async () => {
      const user = await fetchUser();
      const groups = await fetchGroups();
      const all = await run("SELECT id FROM post_groups WHERE account_id = $1", [asked.account]);
      return all
        .map(({ id }) => `${id} ${accessLevel(user, "publish", { connections: groups.get(id as string) ?? [] })}`)
        .sort();
    },
  },
  {
    name: "the drop-down: who may approve one group",
    sql: async () => (await ids(grants.usersFor({ account: "acme", action: "publish.approve", group: "p9" }))).sort(),
    fetched: async () => {
      const links = await run(
        "SELECT connection_id FROM post_group_connections WHERE account_id = $1 AND post_group_id = 'p9'",
        [asked.account],
      );
      const connections = links.map(({ connection_id }) => connection_id as string);
      const users = new Map(
        (await run("SELECT id, role FROM users WHERE account_id = $1", [asked.account])).map(({ id, role }) => [
          id,
          { id, role, grants: new Map<string, unknown>() },
        ]),
      );
      const held = await run(
        "SELECT user_id, connection_id, publish, approver FROM grants WHERE account_id = $1 AND connection_id = ANY ($2)",
        [asked.account, connections],
      );
      for (const row of held) users.get(row.user_id)?.grants.set(row.connection_id as string, grantOf(row));
      const matrix = createMatrix(engage, { users: [...users.values()], connections } as never);
      return [...matrix.usersFor("publish.approve", { connections })].sort();
    },
  },
  {
    name: "the picker: the connections a user may post to",
    sql: async () => (await ids(grants.connectionsFor({ ...asked, action: "publish.select" }))).sort(),
    fetched: async () => {
      const user = await fetchUser();
      const known = await run("SELECT id FROM connections WHERE account_id = $1", [asked.account]);
      return known
        .filter(({ id }) => can(user, "publish.select", id as string))
        .map(({ id }) => id)
        .sort();
    },
  },
];

await seed();
const beside: string[][] = [];
const growth: string[][] = [];
let plan = "";
let before = 0;
for (const size of sizes) {
  await grow(before, size);
  before = size;
  if (size === main) {
    for (const { name, sql, fetched } of works) {
      process.stderr.write(`${name} …\n`);
      const [one, other] = [JSON.stringify(await sql()), JSON.stringify(await fetched())];
      if (one !== other) throw new Error(`${name}: the query and can do not agree`);
      const [inSql, inCode] = (await timed([sql, fetched])) as [number, number];
      beside.push([name, showTime(inSql), showTime(inCode), (inSql / inCode).toFixed(2)]);
    }
    const explained = await run(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${page.text}`, page.values);
    plan = explained.map((row) => row["QUERY PLAN"]).join("\n");
  }
  process.stderr.write(`${size} groups …\n`);
  const [feedWork, pageWork, badge, dropDown, picker] = works.map(({ sql }) => sql) as Work[];
  const inSet = () => run(wholePage.text, wholePage.values);
  const times = await timed([feedWork, inSet, pageWork, badge, dropDown, picker] as Work[]);
  growth.push([size.toLocaleString("en"), ...times.map(showTime)]);
}
const {
  rows: [count],
} = await client.query(
  "SELECT (SELECT count(*) FROM grants WHERE account_id = 'acme') AS grants, (SELECT count(*) FROM post_group_connections WHERE account_id = 'acme') AS links",
);
await client.end();

const measured = `PostgreSQL ${versions[0].server_version}, Node ${process.versions.node}, ${cpus().length} cores, ${platform()} ${arch()}. ${userCount.toLocaleString("en")} users, ${connectionCount} connections and
${Number(count.grants).toLocaleString("en")} grants in the account. A second account shares the tables.

With ${main.toLocaleString("en")} post groups, each query compared with fetching the rows and asking \`can\`:

${table(["answer", "in SQL", "fetched and filtered", "ratio"], beside)}

How the time grows with the number of post groups:

${table(["groups", "feed", "page, `IN`", "page, `EXISTS`", "badge", "drop-down", "picker"], growth)}

The plan of the page with \`EXISTS\`, at ${main.toLocaleString("en")} groups:

\`\`\`text
${plan}
\`\`\``;
console.log(measured);
if (!quick) {
  const path = new URL("../../docs/sql.md", import.meta.url);
  const [head, , tail] = readFileSync(path, "utf8").split(/(?<=<!-- measured[^>]*-->\n)|(?=<!-- \/measured -->)/);
  writeFileSync(path, `${head}\n${measured}\n\n${tail}`);
  console.log("\ndocs/sql.md was written.");
}
