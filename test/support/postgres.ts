import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Client } from "pg";
import { folderOf, freePorts, ownerNamed, runBeside, type Server } from "./server.js";

// Starts a PostgreSQL of its own from the machine's programs, runs a command with its address in DATABASE_URL, and
// removes it: `tsx test/support/postgres.ts vitest run test/sql/databases.test.ts`. With `--and 2` before the command there are two
// more, whose addresses are in PARTITION_URLS.

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

const bin = programs();
const as = ownerNamed("postgres");

/** Makes a server, and gives it with its address. */
function newServer(port: number): readonly [Server, address: string] {
  const folder = folderOf("postgres", as);
  const options = { ...as, cwd: folder, stdio: "ignore" as const };
  execFileSync(
    join(bin, "initdb"),
    ["--pgdata", folder, "--username", "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8"],
    options,
  );
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off"];
  const server: Server = {
    program: join(bin, "postgres"),
    args: ["-D", folder, ...settings.flatMap((setting) => ["-c", setting])],
    options,
    folder,
    signal: "SIGINT",
    async connect() {
      const client = new Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
      await client.connect();
      await client.end();
    },
  };
  return [server, `postgres://postgres@127.0.0.1:${port}/postgres`];
}

const given = process.argv.slice(2);
const more = given[0] === "--and" ? Number(given.splice(0, 2)[1]) : 0;
const made = (await freePorts(1 + more)).map(newServer);
const [address, ...others] = made.map(([, each]) => each) as [string, ...string[]];
await runBeside(
  made.map(([server]) => server),
  { DATABASE_URL: address, ...(more > 0 && { PARTITION_URLS: others.join(" ") }) },
  given,
);
