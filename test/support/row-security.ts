import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { Policy } from "../../src/index.js";
import { createGrantsSql, type RowSecurityOptions, type SqlOptions } from "../../src/sql/index.js";
import { type Database, fill, inSql, storageOf, type World } from "./databases.js";

type Row = Record<string, unknown>;

/** Whom a session asks for. A setting that is left out was never made in it. */
export interface Asker {
  readonly user?: string;
  readonly account?: string;
}

/** The database as a role that owns nothing. */
export interface Session {
  rows(text: string): Promise<Row[]>;
  /** Tries a statement, and leaves nothing behind: what it changed, as a trigger saw it, or why it failed. */
  attempt(text: string): Promise<readonly string[] | string>;
}

/** Tables with row level security, and a role of the application. */
export interface Secured {
  readonly role: string;
  /** The schema of the tables, and that of the functions. */
  readonly schemas: readonly [tables: string, functions: string];
  /** Writes the statements for a role. */
  statementsFor(role: string): readonly string[];
  /** Runs something as the role of the application, in a transaction that is rolled back. */
  as<Answer>(asker: Asker, act: (session: Session) => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

type Question = Omit<RowSecurityOptions, "role" | "schema" | "user" | "account"> &
  Partial<Pick<RowSecurityOptions, "user" | "account">>;

/** Makes tables in a schema of their own, fills them, and makes them ask the policy about every row. */
export async function secure(
  database: Database,
  policy: Policy,
  options: Omit<SqlOptions, "dialect">,
  question: Question,
  worlds: readonly World[],
  /** Changes the definition of a table, or what is run before there are policies. */
  {
    adapt = (text) => text,
    before = "",
  }: { readonly adapt?: (definition: string) => string; readonly before?: string } = {},
): Promise<Secured> {
  const [schema, role] = ["rows", "app"].map((name) => `${name}_${process.pid}_${randomUUID().slice(0, 8)}`) as [
    string,
    string,
  ];
  const grants = createGrantsSql(policy, { ...options, dialect: "postgresql" });
  await database.run(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}`);
  for (const text of [...Object.values(grants.tables), ...grants.indexes]) await database.run(adapt(text));
  const { columns, stored } = storageOf(policy, options);
  for (const world of worlds) await fill(database, world, columns, stored);
  await database.run(`
    CREATE ROLE ${role} LOGIN;
    GRANT USAGE ON SCHEMA ${schema} TO ${role};
    GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO ${role};
    ALTER TABLE post_groups ADD COLUMN note TEXT;
    CREATE TABLE changes (what TEXT);
    GRANT SELECT ON changes TO ${role};
    CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema} AS $$
    BEGIN
      INSERT INTO changes SELECT concat_ws(' ', TG_OP, TG_TABLE_NAME, the."row" ->> 'id', the."row" ->> 'post_group_id', the."row" ->> 'connection_id')
        FROM (SELECT to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END) AS "row") the;
      RETURN NULL;
    END $$;
  `);
  for (const table of ["users", "connections", "grants", "post_groups", "post_group_connections"]) {
    await database.run(
      `CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION note_change()`,
    );
  }
  await database.run(before);
  const statementsFor = (role: string) =>
    grants.rowSecurity({
      user: { setting: "app.user_id" },
      ...(options.accounts !== "one" && { account: { setting: "app.account_id" } }),
      ...question,
      role,
      schema: `${schema}_rules`,
    } as RowSecurityOptions);
  const statements = statementsFor(role);
  // Twice: a later policy takes the place of an earlier one.
  await database.run(`BEGIN; ${[...statements, ...statements].join(";\n")}; COMMIT`);

  const open = await connectionOf(database, role, schema);
  return {
    role,
    schemas: [schema, `${schema}_rules`],
    statementsFor,
    async as(asker, act) {
      await open.run("BEGIN");
      try {
        await open.enter();
        for (const [setting, value] of [
          ["app.user_id", asker.user],
          ["app.account_id", asker.account],
        ] as const) {
          if (value !== undefined) await open.rows(`SELECT set_config('${setting}', ${inSql(value)}, TRUE)`);
        }
        return await act({
          rows: open.rows,
          async attempt(text) {
            await open.run("SAVEPOINT before");
            try {
              await open.run(text);
              return (await open.rows("SELECT what FROM changes")).map(({ what }) => what as string).sort();
            } catch (error) {
              return (error as Error).message;
            } finally {
              await open.run("ROLLBACK TO before");
            }
          },
        });
      } finally {
        await open.run("ROLLBACK");
      }
    },
    async close() {
      await open.close();
      await database.run(`DROP SCHEMA ${schema}, ${schema}_rules CASCADE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    },
  };
}

/** A server is asked by a connection of the role's own; in this process there is one connection, which takes the role. */
async function connectionOf(database: Database, role: string, schema: string) {
  if (!("connectionString" in database)) {
    return {
      run: database.run,
      rows: (text: string) => database.rows({ text, values: [] }),
      enter: () => database.run(`SET LOCAL search_path TO ${schema}; SET LOCAL ROLE ${role}`),
      close: async () => {},
    };
  }
  const address = new URL(database.connectionString as string);
  address.username = role;
  const client = new Client({ connectionString: address.href });
  await client.connect();
  await client.query(`SET search_path TO ${schema}`);
  return {
    async run(text: string) {
      await client.query(text);
    },
    rows: async (text: string) => (await client.query<Row>(text)).rows,
    enter: async () => {},
    close: () => client.end(),
  };
}
