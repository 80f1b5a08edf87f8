import { Client } from "pg";
import type { Policy } from "../../src/index.js";
import { createGrantsSql } from "../../src/sql/index.js";

const kinds = ["users", "connections", "grants", "groups", "links"] as const;

/** The usual names of the tables. */
const names = {
  users: "users",
  connections: "connections",
  grants: "grants",
  groups: "post_groups",
  links: "post_group_connections",
};

/** One database that asks, and the servers on which its tables are, distributed by account. */
export interface Partitioned {
  readonly coordinator: Client;
  close(): Promise<void>;
}

/**
 * Makes the usual tables on each server, and on the coordinator a table of each name with a hash partition by account on each
 * of them. All tables have the same partitions, so that what belongs to one account is on one server.
 *
 * @param addresses that of the coordinator, and those of the servers; without any, the coordinator has the tables itself.
 */
export async function partitioned(
  policy: Policy,
  [address, ...others]: readonly string[],
  schema: string,
): Promise<Partitioned> {
  const { tables, indexes } = createGrantsSql(policy, { dialect: "postgresql" });
  const clients = [address, ...others].map((connectionString) => new Client({ connectionString }));
  for (const client of clients) {
    await client.connect();
    await client.query(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}`);
  }
  const [coordinator, ...servers] = clients as [Client, ...Client[]];
  for (const client of servers.length > 0 ? servers : clients) {
    for (const text of [...Object.values(tables), ...indexes]) await client.query(text);
  }
  if (servers.length > 0) {
    await coordinator.query("CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA public");
    for (const [index, server] of servers.entries()) {
      await coordinator.query(`
        CREATE SERVER ${schema}_${index} FOREIGN DATA WRAPPER postgres_fdw
          OPTIONS (host '${server.host}', port '${server.port}', dbname 'postgres', batch_size '1000');
        CREATE USER MAPPING FOR CURRENT_USER SERVER ${schema}_${index} OPTIONS (user 'postgres')`);
    }
    for (const kind of kinds) {
      const name = names[kind];
      // Its keys are those of the servers: a table with foreign partitions has none.
      await coordinator.query(
        tables[kind].replaceAll(/,?\n *(PRIMARY|FOREIGN) KEY.*/g, "").concat(" PARTITION BY HASH (account_id)"),
      );
      for (const index of servers.keys()) {
        await coordinator.query(
          `CREATE FOREIGN TABLE ${name}_on_${index} PARTITION OF ${name} FOR VALUES WITH (MODULUS ${servers.length}, REMAINDER ${index})
             SERVER ${schema}_${index} OPTIONS (schema_name '${schema}', table_name '${name}')`,
        );
      }
    }
    // Without it, tables are joined on the coordinator, also where all rows are on one server.
    await coordinator.query("SET enable_partitionwise_join = on");
  }
  return {
    coordinator,
    async close() {
      await coordinator.query(servers.map((_, index) => `DROP SERVER ${schema}_${index} CASCADE`).join("; "));
      for (const client of clients) {
        await client.query(`DROP SCHEMA ${schema} CASCADE`);
        await client.end();
      }
    },
  };
}
