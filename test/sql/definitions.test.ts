import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { engage } from "../../src/index.js";
import { createGrantsSql, type SqlOptions } from "../../src/sql/index.js";
import { caselessText, type Database, databases, inTransaction, keyText } from "../support/databases.js";

const kinds = ["users", "connections", "grants", "groups", "links"] as const;

describe.each(databases)("on %s", (_, open) => {
  let database: Database;
  const schemas = ["app", "Sales & more"] as const;
  beforeAll(async () => {
    database = await open();
    for (const schema of schemas) {
      await database.run(
        database.dialect === "sqlite" ? `ATTACH ':memory:' AS "${schema}"` : `CREATE SCHEMA "${schema}"`,
      );
    }
  });
  afterAll(async () => {
    const drop = {
      postgresql: (schema: string) => `DROP SCHEMA "${schema}" CASCADE`,
      mysql: (schema: string) => `DROP SCHEMA "${schema}"`,
      sqlite: () => "SELECT 1",
    }[database.dialect];
    for (const schema of schemas) await database.run(drop(schema));
    await database.close();
  });

  // MySQL has no definitions in a transaction: what is made in other schemas stays.
  afterEach(async () => {
    if (database.dialect !== "mysql") return;
    for (const schema of schemas) {
      await database.run(`SET foreign_key_checks = 0; DROP SCHEMA "${schema}"; CREATE SCHEMA "${schema}"`);
    }
    await database.run("SET foreign_key_checks = 1");
  });

  const isRefused = async (text: string) => {
    const isMysql = database.dialect === "mysql";
    await database.run(isMysql ? "START TRANSACTION" : "SAVEPOINT before");
    const refused = await database.run(text).then(
      () => false,
      () => true,
    );
    await database.run(isMysql ? "ROLLBACK AND NO CHAIN" : "ROLLBACK TO before");
    return refused;
  };
  const rows = async (text: string) => database.rows({ text, values: [] });

  /** Makes the tables where they are said to be, and has somebody in them. */
  async function inTables(schemaOf: (kind: (typeof kinds)[number]) => string | undefined, ask: () => Promise<void>) {
    const own = Object.fromEntries(
      kinds.map((kind) => {
        const schema = schemaOf(kind);
        return [kind, { table: schema === undefined ? kind : [schema, kind] }];
      }),
    );
    const { tables, indexes } = createGrantsSql(engage, { dialect: database.dialect, ...own } as SqlOptions);
    await inTransaction(database, async () => {
      for (const text of [...kinds.map((kind) => tables[kind]), ...indexes]) await database.run(text);
      const name = (kind: (typeof kinds)[number]) => {
        const schema = schemaOf(kind);
        return schema === undefined ? `"${kind}"` : `"${schema}"."${kind}"`;
      };
      await database.run(`
        INSERT INTO ${name("users")} VALUES ('a', 'ana', 'viewer');
        INSERT INTO ${name("connections")} VALUES ('a', 'fb');
        INSERT INTO ${name("grants")} (account_id, user_id, connection_id, publish) VALUES ('a', 'ana', 'fb', 'full-access');
        INSERT INTO ${name("groups")} VALUES ('a', 'monday');
        INSERT INTO ${name("links")} VALUES ('a', 'monday', 'fb');
      `);
      const sql = createGrantsSql(engage, { dialect: database.dialect, ...own } as SqlOptions);
      const query = sql.groupsFor({ account: "a", user: "ana", action: "publish.post-now" });
      expect(await database.rows(query)).toEqual([{ id: "monday" }]);
      await ask();
    });
  }

  test.each(schemas)("the tables may be in the schema %s, with their foreign keys and their index", async (schema) => {
    await inTables(
      () => schema,
      async () => {
        const indexes = {
          sqlite: `SELECT name FROM "${schema}".sqlite_master WHERE type = 'index' AND name LIKE 'cg%'`,
          postgresql: `SELECT indexname AS name FROM pg_indexes WHERE schemaname = '${schema}' AND indexname LIKE 'cg%'`,
          mysql: `SELECT DISTINCT index_name AS "name" FROM information_schema.statistics WHERE table_schema = '${schema}' AND index_name LIKE 'cg%'`,
        }[database.dialect];
        expect(await rows(indexes)).toEqual([{ name: "cg_grants_by_connection" }]);
        const grant = `INSERT INTO "${schema}"."grants" (account_id, user_id, connection_id) VALUES`;
        expect(await isRefused(`${grant} ('a', 'nobody', 'fb')`)).toBe(true);
        expect(await isRefused(`${grant} ('a', 'ana', 'none')`)).toBe(true);
        expect(await isRefused(`INSERT INTO "${schema}"."links" VALUES ('a', 'none', 'fb')`)).toBe(true);
        await database.run(`DELETE FROM "${schema}"."users"`);
        expect(await rows(`SELECT user_id FROM "${schema}"."grants"`)).toEqual([]);
      },
    );
  });

  test("the tables may be in several schemas; in SQLite, no foreign key goes from one to another", async () => {
    await inTables(
      (kind) =>
        ({ users: "app", connections: schemas[1], grants: "APP".toLowerCase(), groups: undefined })[kind as "users"],
      async () => {
        const grant = `INSERT INTO "app"."grants" (account_id, user_id, connection_id) VALUES`;
        expect(await isRefused(`${grant} ('a', 'nobody', 'fb')`)).toBe(true);
        expect(await isRefused(`${grant} ('a', 'ana', 'none')`)).toBe(database.dialect !== "sqlite");
        expect(await isRefused(`INSERT INTO "links" VALUES ('a', 'none', 'fb')`)).toBe(true);
      },
    );
  });

  test("a check takes a level in its own letters alone, also in a column that ignores case, and no NULL", async () => {
    const { checks } = createGrantsSql(engage, { dialect: database.dialect });
    const caseless = caselessText[database.dialect];
    await inTransaction(database, async () => {
      if (database.dialect === "postgresql") await database.run("CREATE EXTENSION IF NOT EXISTS citext");
      await database.run(`
        CREATE TABLE held (
          conversations ${caseless}, publish ${caseless}, approver BOOLEAN, analytics ${caseless},
          ${checks.map((check) => `CHECK (${check})`).join(", ")}
        )
      `);
      const takes = async (...values: string[]) => !(await isRefused(`INSERT INTO held VALUES (${values.join(", ")})`));
      expect(await takes("'no-access'", "'full-access'", "TRUE", "'no-access'")).toBe(true);
      expect(await takes("'no-access'", "'Full-access'", "TRUE", "'no-access'")).toBe(false);
      expect(await takes("'no-access'", "'no-access'", "FALSE", "'NO-ACCESS'")).toBe(false);
      expect(await takes("NULL", "'full-access'", "TRUE", "'no-access'")).toBe(false);
      expect(await takes("'no-access'", "NULL", "FALSE", "'no-access'")).toBe(false);
      expect(await takes("'no-access'", "'full-access'", "NULL", "'no-access'")).toBe(false);
    });
  });

  test("E6: of a deleted connection the link stays, and counts as no access beside those that are left", async () => {
    const sql = createGrantsSql(engage, { dialect: database.dialect });
    await inTransaction(database, async () => {
      for (const text of Object.values(sql.tables)) await database.run(text);
      await database.run(`
        INSERT INTO users VALUES ('a', 'ana', 'viewer'), ('a', 'admin', 'admin');
        INSERT INTO connections VALUES ('a', 'fb'), ('a', 'ig');
        INSERT INTO grants (account_id, user_id, connection_id, publish, approver) VALUES
          ('a', 'ana', 'fb', 'full-access', TRUE), ('a', 'ana', 'ig', 'full-access', TRUE);
        INSERT INTO post_groups VALUES ('a', 'both'), ('a', 'gone');
        INSERT INTO post_group_connections VALUES ('a', 'both', 'fb'), ('a', 'both', 'ig'), ('a', 'gone', 'ig');
        DELETE FROM connections WHERE id = 'ig';
      `);
      const actions = Object.keys(engage.actions).filter(
        (action) => engage.actions[action as keyof typeof engage.actions].target === "group",
      ) as Parameters<typeof sql.groupsFor>[0]["action"][];
      const allowed = [];
      for (const action of actions) {
        const found = await database.rows(sql.groupsFor({ account: "a", user: "ana", action }));
        allowed.push(...found.map(({ id }) => `${action} on ${id}`));
      }
      expect(allowed.sort()).toEqual(["assign", "clone", "tag", "view"].map((action) => `publish.${action} on both`));
      const levels = await database.rows(sql.groupLevels({ account: "a", user: "ana", area: "publish" }));
      expect(new Map(levels.map(({ id, level }) => [id, level]))).toEqual(
        new Map([
          ["both", "view-only"],
          ["gone", "no-access"],
        ]),
      );
    });
  });

  test("two grants of one user on one connection, which a primary key keeps out, count as those on two", async () => {
    const id = keyText[database.dialect];
    const sql = createGrantsSql(engage, { dialect: database.dialect });
    await inTransaction(database, async () => {
      for (const kind of ["users", "connections", "groups", "links"] as const) await database.run(sql.tables[kind]);
      await database.run(`
        CREATE TABLE grants (account_id ${id}, user_id ${id}, connection_id ${id}, conversations TEXT, publish TEXT, approver BOOLEAN, analytics TEXT);
        INSERT INTO users VALUES ('a', 'ana', 'viewer');
        INSERT INTO connections VALUES ('a', 'fb');
        INSERT INTO grants (account_id, user_id, connection_id, publish, approver) VALUES
          ('a', 'ana', 'fb', 'full-access', FALSE), ('a', 'ana', 'fb', 'no-access', FALSE);
        INSERT INTO post_groups VALUES ('a', 'post');
        INSERT INTO post_group_connections VALUES ('a', 'post', 'fb');
      `);
      const about = { account: "a", user: "ana" } as const;
      expect(await database.rows(sql.groupsFor({ ...about, action: "publish.edit" }))).toEqual([]);
      expect(await database.rows(sql.groupsFor({ ...about, action: "publish.view" }))).toEqual([{ id: "post" }]);
      const level = await database.rows(sql.groupLevels({ ...about, area: "publish" }));
      expect(level).toEqual([{ id: "post", level: "view-only" }]);
    });
  });
});
