import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GrantMapping, migrateGrants } from "../../src/analysis/index.js";
import { createUser, engage, type Policy } from "../../src/index.js";
import { createGrantsSql, migrationSql, type SqlOptions } from "../../src/sql/index.js";
import { define, isFixed, isFixedInAccount } from "../support/arbitraries.js";
import { type Database, databases, fill, inTransaction, keysOf, storable, storageOf } from "../support/databases.js";
import { grantsOf, moves } from "../support/moves.js";
import type { Definition, GrantData } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Engage with a level between two others, and other names for a level, an area, a flag and a role. */
const renamed: Definition = JSON.parse(
  JSON.stringify({ ...engage, approval: undefined })
    .replaceAll('"view-only"', '"view"')
    .replaceAll('"conversations"', '"inbox"')
    .replaceAll('"approver"', '"signer"')
    .replaceAll('"admin"', '"manager"')
    .replaceAll('"view","needs-approval"', '"view","comment","needs-approval"'),
);
const next = define(renamed);
const mapping = {
  levels: { "view-only": "view" },
  areas: { conversations: "inbox" },
  flags: { approver: "signer" },
  roles: { admin: "manager" },
} as GrantMapping;
const engageDefinition: Definition = plain(engage);

interface Person {
  readonly id: string;
  readonly role: string;
  readonly grants: Record<string, GrantData>;
  readonly account: GrantData;
}

/** Everybody there is: each role, with every grant on a connection of its own, and each state of the account. */
function everybody(definition: Definition): Person[] {
  return Object.keys(definition.roles).flatMap((role) => {
    const accounts = isFixedInAccount(definition, role) ? [{}] : grantsOf(definition, true);
    const grants = isFixed(definition, role) ? [] : grantsOf(definition, false);
    return accounts.map((account, index) => ({
      id: `${role}-${index}`,
      role,
      grants: Object.fromEntries(grants.map((grant, each) => [`c${each}`, grant])),
      account,
    }));
  });
}

// MySQL and MariaDB commit at each change of a table, so they are refused.
const inOneTransaction = databases.filter(([name]) => name !== "MariaDB" && name !== "MySQL");

describe.each(inOneTransaction)("on %s", (_, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    // SQLite makes the table of users anew, which would delete their grants; inside of a transaction it is too late.
    if (database.dialect === "sqlite") await database.run("PRAGMA foreign_keys = OFF");
  });
  afterAll(() => database.close());

  const rowsOf = async (text: string) => (await database.rows({ text, values: [] })).map((row) => ({ ...row }));
  const isRefused = async (text: string) => {
    await database.run("SAVEPOINT before");
    const problem = await database.run(text).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    await database.run("ROLLBACK TO before");
    return problem;
  };

  /** Fills the tables of one policy, moves them to another, and asks. */
  async function afterMoving(
    [definition, policy, other]: readonly [Definition, Policy, Policy],
    map: GrantMapping,
    options: Partial<SqlOptions>,
    ask: (migration: ReturnType<typeof migrateGrants>, people: Person[]) => Promise<void>,
  ) {
    const tables = { dialect: database.dialect, ...options };
    const { tables: definitions, indexes } = createGrantsSql(policy, tables);
    const migration = migrateGrants(policy, other, map);
    const people = everybody(definition);
    const { columns, stored } = storageOf(policy, tables);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(definitions), ...indexes]) await database.run(text);
      const world = { account: "a", connections: [...new Set(people.flatMap(({ grants }) => Object.keys(grants)))] };
      await fill(database, { ...world, users: people, groups: [] }, columns, stored);
      const { statements } = migrationSql(policy, other, plain(migration), { before: tables, after: tables });
      for (const text of statements) await database.run(text);
      await ask(migration, people);
    });
  }

  /** The rows as users, read under a policy. */
  async function usersIn(policy: Policy, levels: "text" | "integer"): Promise<Map<string, unknown>> {
    const { columns } = storageOf(policy, { levels });
    const read = (row: Record<string, unknown>, ofAccount: boolean) =>
      Object.fromEntries(
        keysOf(policy).flatMap((key) => {
          const isOwn = ([name, { flags = {} }]: [string, { flags?: object }]) =>
            name === key || Object.hasOwn(flags, key);
          const [, area] = Object.entries(policy.areas).find(isOwn) ?? expect.unreachable(key);
          if ((area.of === "account") !== ofAccount) return [];
          const value = row[columns.get(key) as string];
          const isLevel = Object.hasOwn(policy.areas, key);
          const level = levels === "integer" ? policy.levels[value as number] : value;
          return [[key, isLevel ? level : Boolean(value)]];
        }),
      );
    const grants = await rowsOf("SELECT * FROM grants");
    const users = await rowsOf("SELECT * FROM users");
    return new Map(
      users.map((row) => {
        const own = grants.filter(({ user_id }) => user_id === row.id);
        const held = own.map((grant) => [grant.connection_id, read(grant, false)] as const);
        const account = isFixedInAccount(plain(policy), row.role as string) ? {} : read(row, true);
        return [
          row.id as string,
          {
            id: row.id,
            role: row.role,
            grants: Object.fromEntries(held),
            ...(Object.keys(account).length > 0 && { account }),
          },
        ];
      }),
    );
  }

  test.each(["text", "integer"] as const)(
    "every state of every area, for every role, is stored afterwards as migrateGrants moves it, with levels as %s",
    async (levels) => {
      await afterMoving([engageDefinition, engage as Policy, next], mapping, { levels }, async (migration, people) => {
        const stored = await usersIn(next, levels);
        expect(people.length * grantsOf(engageDefinition, false).length).toBe(2 * 36);
        for (const person of people) {
          const { account: _, ...input } = person;
          const moved = createUser(next, migration.row(input as never));
          expect(createUser(next, stored.get(person.id) as never)).toEqual(moved);
        }
        const grant = (columns: string, values: string) =>
          `INSERT INTO grants (account_id, user_id, connection_id, ${columns}) VALUES ('a', 'admin-0', 'new', ${values})`;
        const rank = (level: string) => (levels === "text" ? `'${level}'` : String(next.levels.indexOf(level)));
        await database.run("INSERT INTO connections VALUES ('a', 'new')");
        // The conditions are those of the new policy.
        expect(await isRefused(grant("publish, signer", `${rank("full-access")}, TRUE`))).toBeUndefined();
        expect(await isRefused(grant("publish, signer", `${rank("needs-approval")}, TRUE`))).toMatch(/check/i);
        expect(await isRefused(grant("inbox", rank("needs-approval")))).toMatch(/check/i);
        expect(await isRefused("INSERT INTO users VALUES ('a', 'new', 'admin')")).toMatch(/check/i);
        expect(await isRefused(grant("conversations", rank("view")))).toBeDefined();
      });
    },
  );

  test("of random policies, every state of every area is stored afterwards as migrateGrants moves it", async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.constantFrom("text" as const, "integer" as const), async (move, levels) => {
        const { first, second, mapping: map } = storable(move);
        const [policy, other] = [define(first), define(second)];
        await afterMoving([first, policy, other], map, { levels }, async (migration, people) => {
          const stored = await usersIn(other, levels);
          for (const person of people) {
            const { account, ...rest } = person;
            const input = Object.keys(account).length > 0 ? person : rest;
            const row = migration.row(input as never);
            const kept = stored.get(person.id) as { role: string; grants: object; account?: object };
            expect(kept.role).toBe(row.role);
            const [is, should] = [kept, row].map((each) => createUser(other, each as never).toJSON());
            expect([is?.grants, is?.account]).toEqual([should?.grants, should?.account]);
          }
        });
      }),
      { numRuns: runs(200) },
    );
  });

  const owned = {
    ...{ name: "own", levels: ["none", "all"], areas: { posts: { levels: ["none", "all"] } } },
    actions: { post: { target: "group", allow: { area: "posts", level: "all" } } },
  };
  const free = define({ ...owned, roles: { owner: {} } });
  const held = define({ ...owned, roles: { owner: { holds: { posts: "all" } } } });

  test("rows of a role that holds the same everywhere, which nothing read, do not come alive when it takes grants", async () => {
    for (const [from, to, accounts] of [
      [held, free, "many"],
      [free, held, "many"],
      [free, held, "one"],
    ] as const) {
      const tables = { dialect: database.dialect, accounts };
      const account = accounts === "one" ? "" : "'a', ";
      const sql = createGrantsSql(from, tables);
      await inTransaction(database, async () => {
        for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
        await database.run(`
          INSERT INTO users VALUES (${account}'olga', 'owner');
          INSERT INTO connections VALUES (${account}'fb');
          INSERT INTO grants VALUES (${account}'olga', 'fb', 'all');
        `);
        const { statements } = migrationSql(from, to, migrateGrants(from, to), { before: tables, after: tables });
        for (const text of statements) await database.run(text);
        expect(await rowsOf("SELECT * FROM grants")).toEqual([]);
        expect(await rowsOf("SELECT role FROM users")).toEqual([{ role: "owner" }]);
      });
    }
  });

  test("the lowest level may have another name, which is the default of the column then", async () => {
    const tables = { dialect: database.dialect };
    const nothing = define({
      ...owned,
      levels: ["nothing", "all"],
      areas: { posts: { levels: ["nothing", "all"] } },
      roles: { owner: {} },
    });
    const sql = createGrantsSql(free, tables);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
      await database.run(`
        INSERT INTO users VALUES ('a', 'olga', 'owner');
        INSERT INTO connections VALUES ('a', 'fb'), ('a', 'ig');
        INSERT INTO grants VALUES ('a', 'olga', 'fb', 'none');
      `);
      const { statements } = migrationSql(free, nothing, migrateGrants(free, nothing), {
        before: tables,
        after: tables,
      });
      for (const text of statements) await database.run(text);
      await database.run("INSERT INTO grants (account_id, user_id, connection_id) VALUES ('a', 'olga', 'ig')");
      expect(await rowsOf("SELECT posts FROM grants")).toEqual([{ posts: "nothing" }, { posts: "nothing" }]);
    });
  });

  test("the end of a grant stays", async () => {
    const tables = { dialect: database.dialect, grants: { until: "ends" } };
    const sql = createGrantsSql(engage, tables);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
      await database.run(`
        INSERT INTO users VALUES ('a', 'ana', 'viewer');
        INSERT INTO connections VALUES ('a', 'fb');
        INSERT INTO grants (account_id, user_id, connection_id, publish, ends) VALUES
          ('a', 'ana', 'fb', 'view-only', '2026-09-01T00:00:00.000Z');
      `);
      const { statements } = migrationSql(engage, next, migrateGrants(engage as Policy, next, mapping), {
        before: tables,
        after: tables,
      });
      for (const text of statements) await database.run(text);
      const [row] = await rowsOf("SELECT publish, ends FROM grants");
      expect([row?.publish, new Date(row?.ends as string).toISOString()]).toEqual(["view", "2026-09-01T00:00:00.000Z"]);
    });
  });

  test("an area of the account may come, with a role that holds it for everybody", async () => {
    const tables = { dialect: database.dialect };
    const billing = { levels: ["none", "all"], of: "account" };
    const more = define({
      ...owned,
      areas: { ...owned.areas, billing },
      roles: { owner: { holds: { billing: "all" } }, clerk: {} },
    });
    const sql = createGrantsSql(free, tables);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(sql.tables), ...sql.indexes]) await database.run(text);
      await database.run("INSERT INTO users VALUES ('a', 'olga', 'owner')");
      const { statements } = migrationSql(free, more, migrateGrants(free, more), { before: tables, after: tables });
      for (const text of statements) await database.run(text);
      await database.run("INSERT INTO users VALUES ('a', 'cleo', 'clerk', 'all')");
      expect(await rowsOf("SELECT id, billing FROM users ORDER BY id")).toEqual([
        { id: "cleo", billing: "all" },
        { id: "olga", billing: "none" },
      ]);
    });
  });

  test("a row that is no grant fails the migration, and is never taken for one of the new policy", async () => {
    const tables = { dialect: database.dialect };
    const { tables: definitions } = createGrantsSql(engage, tables);
    await inTransaction(database, async () => {
      await database.run(definitions.users);
      await database.run(`
        CREATE TABLE grants (account_id TEXT, user_id TEXT, connection_id TEXT, conversations TEXT, publish TEXT, approver BOOLEAN, analytics TEXT);
        INSERT INTO grants VALUES ('a', 'ana', 'fb', 'no-access', 'view', FALSE, 'no-access');
      `);
      const { statements } = migrationSql(engage, next, migrateGrants(engage as Policy, next, mapping), {
        before: tables,
        after: tables,
      });
      expect(await isRefused(statements.join(";\n"))).toMatch(/null|check/i);
    });
  });

  test("a table with columns of its own keeps them, or is refused where it would have to be made anew", async () => {
    const tables = { dialect: database.dialect };
    const { tables: definitions, indexes } = createGrantsSql(engage, tables);
    await inTransaction(database, async () => {
      for (const text of [...Object.values(definitions), ...indexes]) await database.run(text);
      await database.run("ALTER TABLE grants ADD COLUMN note TEXT");
      await database.run(`
        INSERT INTO users VALUES ('a', 'ana', 'admin');
        INSERT INTO connections VALUES ('a', 'fb');
        INSERT INTO grants (account_id, user_id, connection_id, publish, note) VALUES ('a', 'ana', 'fb', 'view-only', 'kept');
      `);
      const { statements } = migrationSql(engage, next, migrateGrants(engage as Policy, next, mapping), {
        before: tables,
        after: tables,
      });
      const problem = await isRefused(statements.join(";\n"));
      if (database.dialect === "sqlite") {
        expect(problem).toContain("the table has columns, indexes or triggers that are not of createGrantsSql");
      } else {
        expect(problem).toBeUndefined();
        for (const text of statements) await database.run(text);
        expect(await rowsOf("SELECT publish, note FROM grants")).toEqual([{ publish: "view", note: "kept" }]);
      }
    });
  });
});

describe("the statements of a migration", () => {
  const tables = { dialect: "postgresql" } as const;
  const migration = migrateGrants(engage as Policy, next, mapping);
  const written = (options: object, plan: object = migration) =>
    migrationSql(engage as Policy, next, plan as never, options as never);

  test("are none where nothing changes", () => {
    const same = migrateGrants(engage, engage);
    for (const dialect of ["postgresql", "sqlite"] as const) {
      expect(migrationSql(engage, engage, same, { before: { dialect }, after: { dialect } })).toEqual({
        statements: [],
        warnings: [],
      });
    }
  });

  test("say which numbers stand for other levels, where levels are stored as numbers", () => {
    const integer = { ...tables, levels: "integer" };
    expect(written({ before: integer, after: integer }).warnings).toEqual([
      "full-access is stored as 3 and becomes 4: what still reads by the policy engage reads another level",
      "needs-approval is stored as 2 and becomes 3: what still reads by the policy engage reads another level",
    ]);
    expect(written({ before: tables, after: tables }).warnings).toEqual([]);
  });

  test("may put an area into a column of another name", () => {
    const after = { ...tables, grants: { columns: { publish: "publish_level" } } };
    const { statements } = written({ before: tables, after });
    expect(statements.join("\n")).toContain(`ADD COLUMN "publish_level" TEXT NOT NULL DEFAULT 'no-access'`);
    expect(statements.join("\n")).toContain('DROP COLUMN "publish"');
  });

  test("are refused for other tables, a column that held something else, and a plan of other policies", () => {
    const fault = (options: object, plan?: object) => refusal(() => written(options, plan));
    expect(fault({ before: tables, after: { dialect: "sqlite" } })).toEqual({
      code: "invalid-tables",
      message: 'another dialect than before; expected the same (at "after" > "dialect")',
      path: ["after", "dialect"],
    });
    const mysql = { dialect: "mysql" };
    expect(fault({ before: mysql, after: mysql })?.message).toContain("MySQL commits at each ALTER TABLE");
    expect(fault({ before: tables, after: { ...tables, levels: "integer" } })?.path).toEqual(["after", "levels"]);
    expect(fault({ before: tables, after: { ...tables, accounts: "one" } })?.path).toEqual(["after", "accounts"]);
    expect(fault({ before: tables, after: { ...tables, grants: { table: "held" } } })?.path).toEqual([
      "after",
      "grants",
    ]);
    expect(fault({ before: tables })?.code).toBe("invalid-tables");
    const after = { ...tables, grants: { columns: { inbox: "approver" } } };
    expect(fault({ before: tables, after })?.message).toContain('the column "approver" holds both a level and a flag');
    const both = { before: tables, after: tables };
    expect(fault(both, { ...migration, roles: [] })).toEqual({
      code: "invalid-policy",
      message: 'no place for "admin"; expected what migrateGrants returns for these two policies (at "roles")',
      path: ["roles"],
    });
    expect(fault(both, { ...migration, areas: migration.areas.slice(1) })?.message).toContain(
      'no place for "conversations"',
    );
    const short = migration.areas.map((area) => ({ ...area, states: area.states.slice(1) }));
    expect(fault(both, { ...migration, areas: short })?.message).toContain("no place for a state");
    expect(fault(both, migrateGrants(engage, engage))?.code).toBe("invalid-policy");
  });
});
