import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";
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

/** Finds ports that nobody uses, all at once, so that they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  return Promise.all(
    servers.map(async (server) => {
      await once(server, "listening");
      return (server.address() as { port: number }).port;
    }),
  ).finally(() => {
    for (const server of servers) server.close();
  });
}

export interface Server {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
  /** Its files, which go when it ends. */
  readonly folder: string;
  /** The signal that ends it as soon as its clients have gone. */
  readonly signal: NodeJS.Signals;
  /** Opens a connection and closes it; throws while the server takes none. */
  connect(): Promise<void>;
}

/**
 * Runs a command while servers run, and ends as the command does.
 *
 * @param environment what the command finds in its environment.
 */
export async function runBeside(
  servers: readonly Server[],
  environment: Readonly<Record<string, string>>,
  [command, ...given]: readonly string[],
): Promise<void> {
  const started = servers.map((server) => ({ ...server, child: spawn(server.program, server.args, server.options) }));
  try {
    for (const { connect, child } of started) await isReady(connect, () => hasEnded(child));
    const child = spawn(command as string, given, { stdio: "inherit", env: { ...process.env, ...environment } });
    const [code] = await once(child, "exit");
    process.exitCode = code ?? 1;
  } finally {
    for (const { child, signal, folder } of started) {
      child.kill(signal);
      if (!hasEnded(child)) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
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
