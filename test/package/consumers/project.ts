import { execFile } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, promisify } from "node:util";
import type { Program } from "./programs.js";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const execute = promisify(execFile);

/** The folder of all projects. */
export const temporary = await mkdtemp(join(tmpdir(), "consumers-"));

/** How one project fared: what kept it from deciding, if anything did. */
export interface Outcome {
  readonly project: string;
  readonly failure?: string;
  readonly missing?: true;
}

/** Gives the path of a version of Node, where there is one for this machine. */
export async function runtime(major: string): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  try {
    const folder = await project(`node-${major}`, {}, `${name}@${major}`);
    return join(folder, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
  } catch {
    return undefined;
  }
}

/** Makes a project of its own, with some dependencies. */
export async function project(
  name: string,
  files: Readonly<Record<string, string>>,
  ...dependencies: readonly string[]
): Promise<string> {
  const folder = join(temporary, name.replaceAll(" ", "-"));
  const all = { "package.json": JSON.stringify({ name: "consumer", private: true, type: "module" }), ...files };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...dependencies], { cwd: folder });
  return folder;
}

/** Runs a file and compares what it decides. */
export async function decides(
  folder: string,
  file: string,
  { answers }: Program,
  node = process.execPath,
): Promise<void> {
  const { stdout } = await execute(node, [file], { cwd: folder });
  if (!isDeepStrictEqual(JSON.parse(stdout), answers)) throw new Error(`${file} decided ${stdout}`);
}

export async function outcome(project: string, work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return { project };
  } catch (error) {
    // A compiler writes its complaints where a program writes its output.
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    return { project, failure: stdout + stderr || String(error) };
  }
}
