import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { createMatrix, definePolicy, engage } from "../../src/index.js";
import { createGrantsSql } from "../../src/sql/index.js";
import { type Database, databases, inTransaction } from "../support/databases.js";
import { refusal } from "../support/refusal.js";

// What is MySQL's own. Every answer is compared with `can` where all databases are, in the other files of this folder.

const policy = definePolicy({
  name: "with `quotes` and \\ backslashes",
  levels: ["none", "a\\b", "full"],
  areas: {
    page: { levels: ["none", "a\\b", "full"] },
    "`billing`": { levels: ["none", "full"], of: "account" },
  },
  relations: ["author"],
  roles: { member: {}, owner: { holds: { page: "full" } } },
  actions: {
    edit: { target: "group", allow: { area: "page", level: "a\\b", is: "author" } },
    see: { target: "group", allow: [{ area: "page", level: "a\\b", isNot: "author" }, { role: "owner" }] },
    pay: { target: "none", allow: { area: "`billing`", level: "full" } },
    start: { target: "none", allow: { area: "page", some: "a\\b" } },
  },
});
const sql = createGrantsSql(policy, { dialect: "mysql" });

describe("in MySQL", () => {
  const asked = { account: "a", user: "u" } as const;
  const queries = [
    sql.groupsFor({ ...asked, action: "edit" }),
    sql.groupsFor({ ...asked, action: "see", only: { column: ["p`", "id"] } }),
    sql.usersFor({ account: "a", action: "see", group: "g", relations: { author: ["u", 7, 8n] } }),
    sql.usersFor({ account: "a", action: "start" }),
    sql.connectionsFor({ ...asked, action: "edit", relations: { author: null } }),
    sql.groupLevels({ ...asked, area: "page" }),
  ];

  it("names stand between backticks, and each value has a placeholder", () => {
    for (const { text, values, strings } of queries) {
      expect(text).not.toContain('"');
      expect(text.match(/\?/g)).toHaveLength(values.length);
      expect(strings).toHaveLength(values.length + 1);
    }
    expect(queries[1]?.text).toContain("= `p```.`id`");
    const definitions = [...Object.values(sql.tables), ...sql.indexes].join("\n");
    expect(definitions).not.toContain('"');
    expect(definitions).toContain("```billing``` VARCHAR(4)");
  });

  it("a backslash, which a setting makes an escape, stands as its bytes", () => {
    expect(sql.tables.grants).toContain("X'615C62'");
    expect(sql.checks.join()).not.toContain("a\\b");
  });

  it("ids are compared by their bytes, too, also those that tell groups apart", () => {
    for (const { text } of queries) {
      const compared = text.match(/(?<!BINARY\)) = (?:cg_|`|\?)/g) ?? [];
      const exactly = text.match(/AS BINARY\) = CAST\(/g) ?? [];
      expect(exactly).toHaveLength(compared.length);
      expect(text).toMatch(/ GROUP BY .*, CAST\(CONVERT\(cg_\w+\.`\w+` USING utf8mb4\) AS BINARY\)( HAVING|$)/);
    }
  });

  it("levels as numbers stay numbers", () => {
    const ranked = createGrantsSql(engage, { dialect: "mysql", levels: "integer" });
    expect(ranked.tables.grants).toContain("`publish` SMALLINT NOT NULL DEFAULT 0");
    expect(ranked.groupLevels({ ...asked, area: "publish" }).text).toContain("CAST(? AS SIGNED)");
    expect(sql.groupLevels({ ...asked, area: "page" }).text).toContain("CAST(? AS CHAR)");
  });

  it("a grant's end is compared in UTC, without a zone", () => {
    const ends = createGrantsSql(engage, { dialect: "mysql", grants: { until: "ends_at" } });
    const at = "2026-08-01T12:00:00+02:00";
    const { text, values } = ends.groupsFor({ ...asked, action: "publish.view", at } as never);
    expect(text).toContain("cg_grant.`ends_at` > CAST(? AS DATETIME(3))");
    expect(values).toContain("2026-08-01 10:00:00.000");
  });

  it.each(["ends ", "💥", ""])("%j is refused as a name", (table) => {
    const make = () => createGrantsSql(engage, { dialect: "mysql", users: { table } });
    expect(refusal(make)).toMatchObject({ code: "invalid-tables", path: ["users", "table"] });
  });

  it("names that differ in their case alone are one column", () => {
    const make = () => createGrantsSql(engage, { dialect: "mysql", users: { id: "ID", account: "id" } });
    expect(refusal(make)).toMatchObject({ code: "invalid-tables" });
  });
});

const servers = databases.filter(([name]) => name === "MariaDB");
describe.each(servers)("on %s", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const usual = "VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
  const alike = ["ANA", "aná", "ana ", "Ana"];

  test("an id that the collation of your own tables takes for another's holds none of its rights", async () => {
    const engageSql = createGrantsSql(engage, { dialect: "mysql" });
    await inTransaction(database, async () => {
      await database.run(`
        CREATE TABLE users (account_id ${usual}, id ${usual}, role ${usual});
        CREATE TABLE connections (account_id ${usual}, id ${usual});
        CREATE TABLE grants (account_id ${usual}, user_id ${usual}, connection_id ${usual}, conversations ${usual}, publish ${usual}, approver BOOLEAN, analytics ${usual});
        CREATE TABLE post_groups (account_id ${usual}, id ${usual});
        CREATE TABLE post_group_connections (account_id ${usual}, post_group_id ${usual}, connection_id ${usual});
        INSERT INTO users VALUES ('acme', 'ana', 'viewer'), ${alike.map((id) => `('acme', '${id}', 'viewer')`).join(", ")}, ('acme', 'eve', 'ADMIN');
        INSERT INTO connections VALUES ('acme', 'fb'), ('acme', 'FB');
        INSERT INTO grants VALUES ('acme', 'ana', 'fb', 'no-access', 'full-access', FALSE, 'no-access');
        INSERT INTO post_groups VALUES ('acme', 'p1'), ('acme', 'P1'), ('ACME', 'p2');
        INSERT INTO post_group_connections VALUES ('acme', 'p1', 'fb'), ('acme', 'P1', 'FB'), ('ACME', 'p2', 'fb');
      `);
      const ids = async (query: ReturnType<typeof sql.groupsFor>) => (await database.rows(query)).map(({ id }) => id);
      const feed = (user: string, account = "acme") => engageSql.groupsFor({ account, user, action: "publish.edit" });
      expect(await ids(feed("ana"))).toEqual(["p1"]);
      for (const user of alike) expect(await ids(feed(user))).toEqual([]);
      expect(await ids(feed("ana", "ACME"))).toEqual([]);
      const picked = engageSql.connectionsFor({ account: "acme", user: "ana", action: "publish.edit" });
      expect(await ids(picked)).toEqual(["fb"]);
      const editors = engageSql.usersFor({ account: "acme", action: "publish.edit", group: "p1" });
      expect(await ids(editors)).toEqual(["ana"]);
      expect(await ids(engageSql.usersFor({ account: "acme", action: "connections.create" }))).toEqual([]);
      await database.run("CREATE UNIQUE INDEX one ON grants (account_id, user_id, connection_id)");
      const load = (user: string) => engageSql.loadUser({ account: "acme", user, connections: ["fb"] });
      for (const user of alike) {
        const ben = { account: "acme", user, connection: "fb" };
        await database.rows(engageSql.assign({ ...ben, grant: {} }));
        await database.rows(engageSql.revoke(ben));
        expect(load(user).read(await database.rows(load(user)))?.grants).toEqual({});
      }
      expect(load("ana").read(await database.rows(load("ana")))?.grants).toEqual({ fb: { publish: "full-access" } });
    });
  });

  test("the tables keep such ids apart, and take levels with backslashes", async () => {
    const account = createMatrix(policy, { users: [], connections: ["fb"] });
    expect(account.connections()).toEqual(["fb"]);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
      await database.run(`
        INSERT INTO users (account_id, id, role) VALUES ('a', 'ana', 'member'), ${alike.map((id) => `('a', '${id}', 'member')`).join(", ")};
        INSERT INTO connections VALUES ('a', 'fb');
        INSERT INTO grants VALUES ('a', 'ana', 'fb', 'a\\\\b');
        INSERT INTO post_groups VALUES ('a', 'p', 'ana');
        INSERT INTO post_group_connections VALUES ('a', 'p', 'fb');
      `);
      const found = await database.rows(sql.groupsFor({ account: "a", user: "ana", action: "edit" }));
      expect(found).toEqual([{ id: "p" }]);
      expect(await database.rows(sql.groupLevels({ account: "a", user: "ana", area: "page" }))).toEqual([
        { id: "p", level: "a\\b" },
      ]);
    });
  });
});
