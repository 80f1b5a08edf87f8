import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { folderOf, freePorts, ownerNamed, runBeside, type Server } from "./server.js";

// Starts a MariaDB of its own from the machine's programs, runs a command with its address in MARIADB_URL, and removes
// it: `tsx test/support/mariadb.ts vitest run test/sql/databases.test.ts`.

// Debian keeps some of the server's programs where only an administrator looks.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/bin` };
const as = ownerNamed("mysql");
const folder = folderOf("mariadb", as);
const data = join(folder, "data");
const options = { ...as, cwd: folder, env, stdio: "ignore" as const };
try {
  execFileSync(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal"],
    options,
  );
} catch (error) {
  throw new Error(
    "MariaDB is not installed; expected mariadb-install-db and mariadbd (Debian: apt-get install mariadb-server)",
    { cause: error },
  );
}
const [port] = await freePorts(1);
const address = `mysql://root@127.0.0.1:${port}`;
const server: Server = {
  program: "mariadbd",
  args: [
    ...["--no-defaults", `--datadir=${data}`, `--port=${port}`, "--bind-address=127.0.0.1"],
    ...[`--socket=${join(folder, "socket")}`, "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"],
  ],
  options,
  folder,
  signal: "SIGTERM",
  async connect() {
    const client = await createConnection(address);
    await client.end();
  },
};
await runBeside([server], { MARIADB_URL: address }, process.argv.slice(2));
