import { execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// What the scripts share that start a database server of their own, run a command beside it, and remove it.

/** Gives whom a server runs as: each refuses to be root. */
export function ownerNamed(user: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const number = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}

/** Makes a folder that the server may write to. */
export function folderOf(name: string, { uid, gid }: { uid?: number; gid?: number }): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

interface Server {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
  /** Its files, which go when it ends. */
  readonly folder: string;
  /** The signal that ends it as soon as its clients have gone. */
  readonly signal: NodeJS.Signals;
  /** Opens a connection and closes it; throws while the server takes none. */
  connect(): Promise<void>;
  /** What the command finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs the command that this script was given while a server runs, and ends as the command does. */
export async function runBeside({ program, args, options, folder, signal, connect, environment }: Server) {
  const [command, ...given] = process.argv.slice(2) as [string, ...string[]];
  const server = spawn(program, args, options);
  let ended = false;
  server.once("exit", () => {
    ended = true;
  });
  try {
    await isReady(connect, () => ended);
    const child = spawn(command, given, { stdio: "inherit", env: { ...process.env, ...environment } });
    const [code] = await once(child, "exit");
    process.exitCode = code ?? 1;
  } finally {
    server.kill(signal);
    if (!ended) await once(server, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until the server takes connections. */
async function isReady(connect: () => Promise<void>, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    if (hasEnded()) throw new Error("the server has ended before it took a connection");
    try {
      await connect();
      return;
    } catch {
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
}
