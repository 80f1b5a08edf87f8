import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { definePolicy, engage, type Policy } from "../../src/index.js";
import type { RowSecurityOptions } from "../../src/sql/index.js";
import { type Database, databases, inTransaction, type World } from "../support/databases.js";
import { type Asker, type Secured, type Session, secure } from "../support/row-security.js";

// What makes row level security pass what it should refuse: each has a guard, and a test that fails without it. That every row
// is one that `can` allows is compared in `row-security.test.ts`.

const full = { publish: "full-access" };
const acme: World = {
  account: "acme",
  users: [
    { id: "admin", role: "admin" },
    { id: "ana", role: "viewer", grants: { fb: full, ig: full } },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only" }, x: full } },
    { id: "cy", role: "viewer", grants: { x: full } },
    { id: "", role: "viewer", grants: { fb: full, ig: full, x: full } },
    { id: "ada", role: "ADMIN" },
  ],
  connections: ["fb", "ig", "x"],
  groups: [
    ["p1", ["fb"]],
    ["p2", ["fb", "ig"]],
    ["p3", ["x"]],
    ["empty", []],
  ],
};
const theirs: World = {
  account: "theirs",
  users: [
    { id: "eve", role: "viewer", grants: { fb: full } },
    { id: "cy", role: "viewer", grants: { fb: full } },
  ],
  connections: ["fb"],
  groups: [["p9", ["fb"]]],
};
const actions = {
  select: "publish.view",
  insert: "publish.edit",
  update: "publish.edit",
  delete: "publish.delete",
  create: "publish.create",
  manage: "connections.assign-users",
} as const;
const ana = { user: "ana", account: "acme" };
const cy = { user: "cy", account: "acme" };
const admin = { user: "admin", account: "acme" };
const tables = ["users", "connections", "grants", "post_groups", "post_group_connections"];

/** The ids of the post groups that a session sees. */
const seen = async ({ rows }: Session, from = "post_groups") =>
  (await rows(`SELECT id FROM ${from} ORDER BY id`)).map(({ id }) => id);
const refusal = "violates row-level security policy";

const servers = databases.filter(([name]) => name === "PGlite" || name === "PostgreSQL");
describe.each(servers)("on %s", (_, open) => {
  let database: Database;
  let usual: Secured;
  const made: Secured[] = [];
  beforeAll(async () => {
    database = await open();
    // What everybody may, the role may, too.
    usual = await secured({}, { before: `GRANT TRUNCATE ON ${tables.join(", ")} TO PUBLIC` });
  });
  afterAll(async () => {
    for (const each of made) await each.close();
    await database.close();
  });

  /** Makes the account, asks the policy about each row of it, and then runs something as who made it. */
  async function secured(
    question: Partial<RowSecurityOptions> = {},
    {
      policy = engage as Policy,
      worlds = [acme, theirs],
      options = {},
      adapt = (text: string) => text,
      before = "",
      after = (_: Secured): string => "",
    } = {},
  ): Promise<Secured> {
    const it = await secure(database, policy, options, { per: "row", actions, ...question }, worlds, {
      // Somebody here has a role that the table would refuse.
      adapt: (definition) => adapt(definition.replace(/CONSTRAINT "cg_users_role" CHECK \(.*?\)\)/, "CHECK (TRUE)")),
      before,
    });
    made.push(it);
    await database.run(`${after(it)}; DELETE FROM changes`);
    return it;
  }

  const nobody: [string, Asker][] = [
    ["no settings", {}],
    ["an account alone", { account: "acme" }],
    ["a user alone", { user: "ana" }],
    ["an empty user, who has a row", { user: "", account: "acme" }],
    ["a user who has no row", { user: "nobody", account: "acme" }],
    ["a user of another account", { user: "eve", account: "acme" }],
    ["an account that has no user of the name", { user: "ana", account: "theirs" }],
    ["a user whose role the policy does not have", { user: "ada", account: "acme" }],
  ];
  test.each(nobody)("with %s, no row is seen, and none is changed", async (_, asker) => {
    await usual.as(asker, async ({ rows, attempt }) => {
      for (const table of tables) {
        expect(await rows(`SELECT * FROM ${table}`), table).toEqual([]);
        expect(await attempt(`DELETE FROM ${table}`), table).toEqual([]);
        expect(await attempt(`UPDATE ${table} SET account_id = account_id`), table).toEqual([]);
        expect(await attempt(`INSERT INTO ${table} (account_id) VALUES ('acme')`), table).toContain(refusal);
      }
      expect(await attempt("INSERT INTO post_group_connections VALUES ('acme', 'empty', 'fb')")).toContain(refusal);
    });
  });

  test("a setting that an earlier transaction has made is not there in the next", async () => {
    expect(await usual.as(ana, seen)).toEqual(["p1", "p2"]);
    // What is left of it in the connection is an empty text, and somebody's id is the empty text.
    expect(await usual.as({ account: "acme" }, seen)).toEqual([]);
  });

  test("every function is a definer with a fixed search_path, in a schema of its own, and is for nobody else", async () => {
    const [, functions] = usual.schemas;
    const found = await database.rows({
      text: `SELECT proname AS name, prosecdef AS definer, proconfig::text AS config, has_function_privilege('public', oid, 'EXECUTE') AS public FROM pg_proc WHERE pronamespace = '${functions}'::regnamespace`,
      values: [],
    });
    expect(found.map(({ name }) => name)).toContain("may_select");
    for (const { name, ...rest } of found) {
      expect(rest, String(name)).toEqual({ definer: true, config: '{"search_path=\\"\\""}', public: false });
    }
    await usual.as(ana, async ({ attempt }) => {
      expect(await attempt(`SELECT ${functions}.may_select('acme', 'p3')`)).toContain("permission denied for schema");
    });
    await inTransaction(database, async () => {
      await database.run(
        `CREATE ROLE somebody; GRANT USAGE ON SCHEMA ${functions} TO somebody; SET LOCAL ROLE somebody`,
      );
      await expect(database.run(`SELECT ${functions}.may_select('acme', 'p3')`)).rejects.toThrow(
        "permission denied for function",
      );
    });
  });

  test("tables and functions that a role puts in the way are not read", async () => {
    const { as, schemas } = await secured(
      {},
      {
        after: ({ role, schemas: [schema] }) =>
          `CREATE SCHEMA own AUTHORIZATION ${role}; GRANT USAGE ON SCHEMA ${schema} TO PUBLIC`,
      },
    );
    await as(cy, async (session) => {
      expect(await seen(session)).toEqual(["p3"]);
      for (const table of tables) {
        await session.rows(`CREATE TEMP TABLE ${table} AS SELECT * FROM ${schemas[0]}.${table} WHERE FALSE`);
      }
      await session.rows("INSERT INTO users VALUES ('acme', 'cy', 'viewer')");
      await session.rows("INSERT INTO connections VALUES ('acme', 'fb')");
      await session.rows("INSERT INTO post_group_connections VALUES ('acme', 'p1', 'fb')");
      await session.rows(
        "INSERT INTO grants VALUES ('acme', 'cy', 'fb', 'no-access', 'full-access', FALSE, 'no-access')",
      );
      await session.rows(`CREATE FUNCTION own.current_setting(TEXT, BOOLEAN) RETURNS TEXT LANGUAGE sql
        AS $$ SELECT CASE $1 WHEN 'app.user_id' THEN 'ana' ELSE 'acme' END $$`);
      await session.rows("SET LOCAL search_path TO own, pg_catalog");
      expect(await seen(session, `${schemas[0]}.post_groups`)).toEqual(["p3"]);
    });
    await database.run("DROP SCHEMA own CASCADE");
  });

  test("the owner of a table is asked as everybody else", async () => {
    const { as } = await secured(
      {},
      { after: ({ role }) => tables.map((table) => `ALTER TABLE ${table} OWNER TO ${role}`).join("; ") },
    );
    expect(await as({}, seen)).toEqual([]);
    expect(await as(ana, seen)).toEqual(["p1", "p2"]);
    expect(await as(cy, async ({ attempt }) => attempt("UPDATE post_groups SET note = 'x'"))).toEqual([
      "UPDATE post_groups p3",
    ]);
  });

  test("a view asks for who reads it, if it is named", async () => {
    const view = "CREATE VIEW feed AS SELECT id FROM post_groups; GRANT SELECT ON feed TO PUBLIC";
    const open = await secured({}, { before: view });
    expect(await open.as(ana, (session) => seen(session, "feed"))).toEqual(["empty", "p1", "p2", "p3", "p9"]);
    const closed = await secured({ views: ["feed"] }, { before: view });
    expect(await closed.as(ana, (session) => seen(session, "feed"))).toEqual(["p1", "p2"]);
  });

  test("a further permissive policy adds nothing", async () => {
    const wide = tables.map((table) => `CREATE POLICY wide ON ${table} USING (TRUE) WITH CHECK (TRUE)`).join("; ");
    const { as } = await secured({}, { after: () => wide });
    await as(cy, async (session) => {
      expect(await seen(session)).toEqual(["p3"]);
      expect(await session.rows("SELECT DISTINCT account_id FROM users")).toEqual([{ account_id: "acme" }]);
      expect(await session.attempt("UPDATE post_groups SET note = 'x'")).toEqual(["UPDATE post_groups p3"]);
      expect(await session.attempt("DELETE FROM post_group_connections")).toEqual([
        "DELETE post_group_connections p3 x",
      ]);
      expect(await session.attempt("UPDATE post_group_connections SET connection_id = 'fb'")).toEqual([]);
      expect(await session.attempt("DELETE FROM grants")).toEqual([]);
      expect(await session.attempt("UPDATE users SET role = 'admin'")).toEqual([]);
      for (const row of [
        "post_groups VALUES ('theirs', 'new')",
        "post_group_connections VALUES ('acme', 'empty', 'fb')",
        "grants VALUES ('acme', 'cy', 'fb')",
      ]) {
        expect(await session.attempt(`INSERT INTO ${row}`)).toContain(refusal);
      }
    });
  });

  test("a group is inserted without links, and each link is checked with those before it", async () => {
    const film = { area: "film", level: "full" } as const;
    const either = definePolicy({
      name: "either",
      levels: ["none", "full"],
      areas: { film: { levels: ["none", "full"] }, text: { levels: ["none", "full"] } },
      roles: { member: {} },
      actions: {
        put: { target: "group", allow: [film, { area: "text", level: "full" }] },
        film: { target: "group", allow: film },
        start: { target: "none", allow: { area: "film", some: "full" } },
      },
    });
    const world: World = {
      account: "acme",
      users: [
        {
          id: "ana",
          role: "member",
          grants: { f1: { film: "full" }, f2: { film: "full" }, t: { text: "full" }, t2: { text: "full" } },
        },
      ],
      connections: ["f1", "f2", "t", "t2"],
      groups: [["text", ["t"]]],
    };
    const { as } = await secured(
      { actions: { select: "put", insert: "put", update: "film", create: "start" } },
      { policy: either, worlds: [world] },
    );
    await as(ana, async ({ rows, attempt }) => {
      // Nobody may do anything on a group without links (E8), so it is not seen, and cannot be returned.
      expect(await attempt("INSERT INTO post_groups VALUES ('acme', 'new') RETURNING id")).toContain(refusal);
      await rows("INSERT INTO post_groups VALUES ('acme', 'new')");
      const link = (...ids: string[]) =>
        `INSERT INTO post_group_connections VALUES ${ids.map((id) => `('acme', 'new', '${id}')`).join(", ")}`;
      expect(await attempt(link("f1", "f2"))).toHaveLength(3);
      expect(await attempt(link("t"))).toHaveLength(2);
      // Each is allowed alone, and not both together.
      expect(await attempt(link("f1", "t"))).toContain(refusal);
      expect(await attempt(link("f1", "f2", "t"))).toContain(refusal);
      // What has links is changed by adding one.
      expect(await attempt("INSERT INTO post_group_connections VALUES ('acme', 'text', 't2')")).toContain(refusal);
    });
  });

  test("a post is changed only into one that may be changed, by who is then in its relations", async () => {
    const desk = definePolicy({
      name: "desk",
      levels: ["none", "full"],
      areas: { text: { levels: ["none", "full"] } },
      roles: { member: {} },
      relations: ["author"],
      actions: {
        see: { target: "group", allow: { area: "text", level: "full" } },
        edit: { target: "group", allow: { area: "text", level: "full", is: "author" } },
      },
    });
    const world: World = {
      account: "acme",
      users: [{ id: "ana", role: "member", grants: { t: { text: "full" } } }],
      connections: ["t"],
      groups: ["hers", "his", "nobody's"].map((id) => [id, ["t"]] as const),
      related: new Map([
        ["hers", { author: "ana" }],
        ["his", { author: "ben" }],
        ["nobody's", { author: null }],
      ]),
    };
    for (const per of ["row", "statement"] as const) {
      const { as } = await secured(
        { per, actions: { select: "see", update: "edit" } },
        { policy: desk, worlds: [world] },
      );
      await as(ana, async ({ attempt }) => {
        expect(await attempt("UPDATE post_groups SET note = 'x'")).toEqual(["UPDATE post_groups hers"]);
        expect(await attempt("UPDATE post_groups SET author_id = 'ana'")).toEqual(["UPDATE post_groups hers"]);
        expect(await attempt("UPDATE post_groups SET author_id = 'ben'")).toContain(refusal);
        expect(await attempt("UPDATE post_groups SET author_id = NULL")).toContain(refusal);
      });
    }
  });

  test("where update is not named, a group takes its links once", async () => {
    const { as } = await secured({ actions: { select: "publish.view", insert: "publish.edit" } });
    await as(ana, async ({ attempt }) => {
      expect(await attempt("INSERT INTO post_group_connections VALUES ('acme', 'empty', 'fb')")).toHaveLength(1);
      expect(await attempt("INSERT INTO post_group_connections VALUES ('acme', 'p1', 'ig')")).toContain(refusal);
      expect(await attempt("INSERT INTO post_groups VALUES ('acme', 'new')")).toContain(refusal);
    });
  });

  test.each(["row", "statement"] as const)("asked for each %s, what is not named is allowed to nobody", async (per) => {
    const { as } = await secured({ per, actions: { select: "publish.view" } });
    await as(admin, async ({ attempt }) => {
      for (const table of tables) {
        expect(await attempt(`DELETE FROM ${table}`)).toEqual([]);
        expect(await attempt(`UPDATE ${table} SET account_id = account_id`)).toEqual([]);
        expect(await attempt(`INSERT INTO ${table} (account_id) VALUES ('acme')`)).toContain(refusal);
      }
    });
  });

  test("nobody who may not manage gives anybody a grant, and no command passes by the policies", async () => {
    const grant = "INSERT INTO grants VALUES ('acme', 'cy', 'fb', 'no-access', 'full-access', FALSE, 'no-access')";
    expect(await usual.as(cy, ({ attempt }) => attempt(grant))).toContain(refusal);
    expect(await usual.as(admin, ({ attempt }) => attempt(grant))).toEqual(["INSERT grants fb"]);
    for (const table of tables) {
      expect(await usual.as(admin, ({ attempt }) => attempt(`TRUNCATE ${table} CASCADE`))).toContain(
        "permission denied",
      );
    }
  });

  test("who would pass row level security is found before there are policies", async () => {
    const make = (text: string) => inTransaction(database, () => database.run(text));
    const statements = (role: string) => usual.statementsFor(role).join(";\n");
    await expect(make(statements("postgres"))).rejects.toThrow("a role of the application passes row level security");
    const owned = `CREATE ROLE maker; CREATE ROLE app; SET LOCAL ROLE maker;`;
    await expect(make(`${owned} ${statements("app")}`)).rejects.toThrow("the role maker may not make these policies");
  });

  test("a grant that has ended allows nothing", async () => {
    const end = (connection: string, at: string) =>
      `UPDATE grants SET ends_at = ${at} WHERE user_id = 'ana' AND connection_id = '${connection}'`;
    const { as } = await secured(
      {},
      {
        options: { grants: { until: "ends_at" } },
        after: () => `${end("ig", "'2020-01-01'")}; ${end("fb", "now() + INTERVAL '1 day'")}`,
      },
    );
    const edited = await as(ana, ({ attempt }) => attempt("UPDATE post_groups SET note = 'x'"));
    expect(edited).toEqual(["UPDATE post_groups p1"]);
  });

  test("what a user holds in the account ends, too", async () => {
    const desk = definePolicy({
      name: "desk",
      levels: ["none", "full"],
      areas: { text: { levels: ["none", "full"] }, billing: { levels: ["none", "full"], of: "account" } },
      roles: { member: {} },
      actions: {
        see: { target: "group", allow: { area: "text", level: "full" } },
        boost: {
          target: "group",
          allow: {
            and: [
              { area: "text", level: "full" },
              { area: "billing", level: "full" },
            ],
          },
        },
        pay: { target: "none", allow: { area: "billing", level: "full" } },
      },
    });
    const [grants, account] = [{ t: { text: "full" } }, { billing: "full" }];
    const world: World = {
      account: "acme",
      users: ["ana", "cy"].map((id) => ({ id, role: "member", grants, account })),
      connections: ["t"],
      groups: [["p", ["t"]]],
    };
    for (const per of ["row", "statement"] as const) {
      const { as } = await secured(
        { per, actions: { select: "see", update: "boost", manage: "pay" } },
        {
          policy: desk,
          worlds: [world],
          options: { users: { until: "ends_at" } },
          after: () => "UPDATE users SET ends_at = CASE id WHEN 'cy' THEN now() ELSE now() + INTERVAL '1 day' END",
        },
      );
      const change = ({ attempt }: Session) => attempt("UPDATE post_groups SET note = 'x'");
      expect(await as(ana, change)).toEqual(["UPDATE post_groups p"]);
      expect(await as(cy, change)).toEqual([]);
      expect(await as(ana, ({ attempt }) => attempt("DELETE FROM grants"))).toHaveLength(2);
      expect(await as(cy, ({ attempt }) => attempt("DELETE FROM grants"))).toEqual([]);
    }
  });

  test.each(["row", "statement"] as const)("asked for each %s, there may be one account alone", async (per) => {
    const [worlds, options] = [[acme], { accounts: "one" as const }];
    // The rows of these tests have an account: for the library, it is one column more of yours.
    const adapt = (text: string) => text.replace(/(?<=^CREATE TABLE .* \()/, "account_id TEXT,");
    const { as } = await secured({ per }, { worlds, options, adapt });
    for (const [, asker] of nobody.filter(([, { user }]) => user !== "ana")) {
      await as(asker, async ({ rows }) => {
        for (const table of tables) expect(await rows(`SELECT * FROM ${table}`), table).toEqual([]);
      });
    }
    await as({ user: "cy" }, async (session) => {
      expect(await seen(session)).toEqual(["p3"]);
      expect(await session.attempt("UPDATE post_groups SET note = 'x'")).toEqual(["UPDATE post_groups p3"]);
      const link = (group: string, connection: string) =>
        session.attempt(
          `INSERT INTO post_group_connections (post_group_id, connection_id) VALUES ('${group}', '${connection}')`,
        );
      expect(await link("empty", "x")).toHaveLength(1);
      expect(await link("empty", "fb")).toContain(refusal);
      expect(await link("p1", "x")).toContain(refusal);
      expect(await session.attempt("INSERT INTO post_groups (id) VALUES ('new')")).toHaveLength(1);
      expect(await session.attempt("UPDATE users SET role = 'admin'")).toEqual([]);
    });
  });

  test("ids are read as the type that their columns have", async () => {
    const [user, group] = ["6b1cfb5a-4f0c-4bd0-a6b1-9d4be4d9d8a1", "0c9a7c52-93f4-4c47-bf1c-5e2a6a0f9e11"];
    const world: World = {
      account: "7",
      users: [{ id: user, role: "viewer", grants: { "1": full } }],
      connections: ["1"],
      groups: [[group, ["1"]]],
    };
    const adapt = (text: string) =>
      text
        .replaceAll(/"account_id" TEXT|"connection_id" TEXT/g, (column) => column.replace("TEXT", "BIGINT"))
        .replaceAll(/"user_id" TEXT|"post_group_id" TEXT/g, (column) => column.replace("TEXT", "UUID"))
        .replace('"id" TEXT', text.includes('TABLE "connections"') ? '"id" BIGINT' : '"id" UUID');
    for (const per of ["row", "statement"] as const) {
      const { as } = await secured({ per }, { worlds: [world], adapt });
      expect(await as({ user, account: "7" }, seen)).toEqual([group]);
      expect(await as({ user: "", account: "7" }, seen)).toEqual([]);
      expect(await as({}, seen)).toEqual([]);
      await expect(as({ user: "ana", account: "7" }, seen)).rejects.toThrow("invalid input syntax for type uuid");
    }
  });

  test("in Supabase, the user and the account are those of the token", async () => {
    // What Supabase has in its schema `auth`, by its documentation.
    await database.run(`
      CREATE SCHEMA auth;
      CREATE FUNCTION auth.jwt() RETURNS JSONB LANGUAGE sql STABLE AS $$ SELECT NULLIF(current_setting('request.jwt.claims', TRUE), '')::jsonb $$;
      CREATE FUNCTION auth.uid() RETURNS UUID LANGUAGE sql STABLE AS $$ SELECT (auth.jwt() ->> 'sub')::uuid $$`);
    const sub = "6b1cfb5a-4f0c-4bd0-a6b1-9d4be4d9d8a1";
    const world = { ...acme, users: [...acme.users, { id: sub, role: "viewer", grants: { fb: full } }] };
    const { as } = await secured({ user: "auth.uid()", account: { appMetadata: "account_id" } }, { worlds: [world] });
    const withToken = (token: object) => (session: Session) =>
      session
        .rows(`SELECT set_config('request.jwt.claims', '${JSON.stringify(token)}', TRUE)`)
        .then(() => seen(session));
    expect(await as({}, withToken({ sub, app_metadata: { account_id: "acme" } }))).toEqual(["p1", "p2"]);
    for (const token of [
      { sub },
      { sub, app_metadata: { account_id: "" } },
      { sub, app_metadata: { account_id: "theirs" } },
      // The user could have written this.
      { sub, user_metadata: { account_id: "acme" }, account_id: "acme" },
      { app_metadata: { account_id: "acme" } },
    ]) {
      expect(await as({}, withToken(token)), JSON.stringify(token)).toEqual([]);
    }
    expect(await as(ana, seen)).toEqual([]);
    await made.pop()?.close();
    await database.run("DROP SCHEMA auth CASCADE");
  });

  test("a list is asked about once, and so is who asks", async () => {
    const plan = async ({ rows }: Session) => {
      const lines = await rows("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT id FROM post_groups");
      return lines.map((row) => row["QUERY PLAN"]).join("\n");
    };
    const ofList = await secured({ per: "statement" });
    expect(await ofList.as(ana, plan)).toMatch(/ProjectSet \(actual .*loops=1\)/);
    for (const { as } of [usual, ofList]) {
      expect(await as(ana, plan)).toMatch(/InitPlan 1.*\n *-> {2}Result \(actual .*loops=1\)/);
    }
  });
});
