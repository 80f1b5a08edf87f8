import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";

// Starts a MariaDB of its own from the machine's programs, runs a command with its address in MARIADB_URL, and removes
// it: `tsx test/support/mariadb.ts vitest run test/sql/databases.test.ts`.

/** Runs a program of the server's; Debian keeps some of them where only an administrator looks. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/bin` };

/** Gives whom the server runs as: it refuses to be root. */
function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const number = (flag: string) => Number(execFileSync("id", [flag, "mysql"], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Waits until the server takes connections. */
async function isReady(uri: string, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    if (hasEnded()) throw new Error("the server has ended before it took a connection");
    try {
      const client = await createConnection(uri);
      await client.end();
      return;
    } catch {
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}

const [command, ...given] = process.argv.slice(2) as [string, ...string[]];
const as = owner();
const folder = mkdtempSync(join(tmpdir(), "mariadb-"));
if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
const data = join(folder, "data");
const quiet = { ...as, cwd: folder, env, stdio: "ignore" as const };
try {
  execFileSync(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal"],
    quiet,
  );
} catch (error) {
  throw new Error(
    "MariaDB is not installed; expected mariadb-install-db and mariadbd (Debian: apt-get install mariadb-server)",
    { cause: error },
  );
}
const port = await freePort();
const settings = [
  `--datadir=${data}`,
  `--port=${port}`,
  "--bind-address=127.0.0.1",
  `--socket=${join(folder, "socket")}`,
  "--innodb-flush-log-at-trx-commit=0",
  "--skip-log-bin",
];
const server = spawn("mariadbd", ["--no-defaults", ...settings], quiet);
let ended = false;
server.once("exit", () => {
  ended = true;
});
const address = `mysql://root@127.0.0.1:${port}`;
try {
  await isReady(address, () => ended);
  const child = spawn(command, given, { stdio: "inherit", env: { ...process.env, MARIADB_URL: address } });
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  server.kill("SIGTERM");
  if (!ended) await once(server, "exit");
  rmSync(folder, { recursive: true, force: true });
}
