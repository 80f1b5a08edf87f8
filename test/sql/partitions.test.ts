import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffer, engage, type Policy } from "../../src/index.js";
import { createGrantsSql } from "../../src/sql/index.js";
import { type Database, fill, storageOf, type World } from "../support/databases.js";
import { type Partitioned, partitioned } from "../support/partitions.js";
import type { Definition } from "../support/reference-model.js";
import { compareAnswers, wholeWorld } from "../support/sql-answers.js";

// The same queries where accounts are distributed over several servers: `npm run test:postgres` starts these.

const { DATABASE_URL: first, PARTITION_URLS: others } = process.env;
const addresses = first && others ? [first, ...others.split(" ")] : [];

let [rowsCompared, plansRead] = [0, 0];
afterAll(() => {
  const counts = [rowsCompared, plansRead].map((count) => count.toLocaleString("en"));
  process.stdout.write(`\n${counts[0]} rows of answers over two servers compared with can, ${counts[1]} plans read\n`);
});

const dialect = { dialect: "postgresql" } as const;
const accounts = ["acme", "globex", "initech", "umbrella"];

describe.runIf(addresses.length > 0).each([engage, buffer] as Policy[])(
  "on PostgreSQL, $name on two further servers",
  (policy) => {
    let made: Partitioned | undefined;
    let coordinator: Partitioned["coordinator"];
    const whole = wholeWorld(policy as unknown as Definition);
    // The same ids in each account, and nobody has the same grants in the next.
    const worlds = accounts.map((account, index): World => {
      const turned = (id: string) =>
        whole.connections[(whole.connections.indexOf(id) + index) % whole.connections.length] as string;
      const users = whole.users.map(({ grants, ...user }) => ({
        ...user,
        ...(grants && { grants: Object.fromEntries(Object.entries(grants).map(([id, grant]) => [turned(id), grant])) }),
      }));
      return {
        ...whole,
        account,
        users: index === 0 ? whole.users : users,
        groups: whole.groups.slice(0, index === 0 ? 40 : 12),
      };
    });
    const partitions = new Map<string, Set<string>>();

    const database: Database = {
      ...dialect,
      async run(text) {
        await coordinator.query(text);
      },
      /** Asks, and before that reads from the plan which partitions are asked. */
      async rows({ text, values }) {
        const plan = await coordinator.query<Record<string, string>>(`EXPLAIN (VERBOSE, COSTS OFF) ${text}`, values);
        const lines = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
        const found = new Set([...lines.matchAll(/_on_(\d)\b/g)].map(([, index]) => index as string));
        expect(found.size, `${text}\n${lines}`).toBe(1);
        plansRead++;
        const account = values.find((value) => accounts.includes(String(value)));
        partitions.set(String(account), new Set([...(partitions.get(String(account)) ?? []), ...found]));
        return (await coordinator.query(text, values)).rows;
      },
      async close() {},
    };

    beforeAll(async () => {
      made = await partitioned(policy, addresses, `spread_${process.pid}_${randomUUID().slice(0, 8)}`);
      coordinator = made.coordinator;
      const { columns, stored } = storageOf(policy, {});
      for (const world of worlds) await fill(database, world, columns, stored);
      await coordinator.query("ANALYZE");
    });
    afterAll(() => made?.close());

    test.each(worlds)("every answer about $account is what can says, and one server is asked", async (world) => {
      rowsCompared += await compareAnswers(database, policy, dialect, world);
    });

    test("accounts are on both servers, and each is on one", () => {
      expect([...partitions.values()].map(({ size }) => size)).toEqual(accounts.map(() => 1));
      expect(new Set([...partitions.values()].flatMap((each) => [...each])).size).toBe(2);
    });

    test("a page asks one server, too", async () => {
      const action = Object.keys(policy.actions).find((each) => policy.actions[each]?.target === "group") as string;
      for (const { account, users } of worlds) {
        const asked = { account, user: users[0]?.id as string, action };
        const one = createGrantsSql(policy, dialect).groupsFor({ ...asked, only: { column: ["p", "id"] } });
        const page = `SELECT p.id FROM post_groups p WHERE p.account_id = $${one.values.length + 1} AND EXISTS (${one.text}) ORDER BY p.id LIMIT 5`;
        const all = createGrantsSql(policy, dialect).groupsFor(asked);
        const found = await database.rows({ text: page, values: [...one.values, account] });
        const said = (await database.rows(all)).map(({ id }) => id as string).sort();
        expect(found.map(({ id }) => id)).toEqual(said.slice(0, 5));
      }
    });
  },
);
