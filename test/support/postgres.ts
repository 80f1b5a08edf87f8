import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

// Starts a PostgreSQL of its own from the machine's programs, runs a command with its address in DATABASE_URL, and
// removes it: `tsx test/support/postgres.ts vitest run test/sql/databases.test.ts`.

/** Finds the directory of the server's programs; Debian keeps them out of the PATH. */
function programs(): string {
  const debian = "/usr/lib/postgresql";
  const directories = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...(existsSync(debian) ? readdirSync(debian).sort().reverse() : []).map((version) => join(debian, version, "bin")),
  ];
  const found = directories.find((directory) =>
    ["initdb", "postgres"].every((each) => existsSync(join(directory, each))),
  );
  if (!found)
    throw new Error("PostgreSQL is not installed; expected initdb and postgres (Debian: apt-get install postgresql)");
  return found;
}

/** Gives whom the server runs as: it refuses to be root. */
function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const number = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
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
async function isReady(port: number, hasEnded: () => boolean): Promise<void> {
  const { Client } = await import("pg");
  for (;;) {
    if (hasEnded()) throw new Error("the server has ended before it took a connection");
    const client = new Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}

const [command, ...given] = process.argv.slice(2) as [string, ...string[]];
const bin = programs();
const as = owner();
const data = mkdtempSync(join(tmpdir(), "postgres-"));
if (as.uid !== undefined && as.gid !== undefined) chownSync(data, as.uid, as.gid);
const port = await freePort();
const quiet = { ...as, cwd: data, stdio: "ignore" as const };
execFileSync(
  join(bin, "initdb"),
  ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8"],
  quiet,
);
const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${data}`, "fsync=off"];
const server = spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], quiet);
let ended = false;
server.once("exit", () => {
  ended = true;
});
try {
  await isReady(port, () => ended);
  const child = spawn(command, given, {
    stdio: "inherit",
    env: { ...process.env, DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres` },
  });
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} finally {
  server.kill("SIGINT");
  if (!ended) await once(server, "exit");
  rmSync(data, { recursive: true, force: true });
}
