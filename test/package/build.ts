import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

// Builds dist: one build at a time, and none where dist is what the sources give already. So several programs that build
// before they start may start at once, and none takes away the files of another.

const cache = "node_modules/.cache/channel-grants";
const lock = join(cache, "building");
const record = join(cache, "built.json");
const sources = [
  "src",
  "test/package/build.ts",
  "tsup.config.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];

/** Every file and folder beneath some, each with its time: a folder's tells what was taken away from it. */
function timesOf(paths: readonly string[]): string {
  const times = paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isDirectory()) return [[path, found?.mtimeMs]];
    const inner = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
    return ["", ...inner].map((name) => [join(path, name), statSync(join(path, name)).mtimeMs]);
  });
  return JSON.stringify(times);
}

/** Takes the lock, which holds the number of its process; that of a process which has ended counts for nothing. */
async function takeLock(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return;
    } catch {
      if (!isRunning(readIfThere(lock))) rmSync(lock, { force: true });
      await setTimeout(100);
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Tells whether a process may still be building; one that has not yet written its number is. */
function isRunning(pid: string | undefined): boolean {
  if (!pid) return true;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

await takeLock();
try {
  const before = timesOf(sources);
  if (readIfThere(record) !== before + timesOf(["dist"])) {
    rmSync("dist", { recursive: true, force: true });
    const { status } = spawnSync("tsup", ["--silent"], { stdio: "inherit", shell: process.platform === "win32" });
    // Not in place: a copy of this folder may share the file.
    rmSync(record, { force: true });
    if (status === 0) writeFileSync(record, before + timesOf(["dist"]));
    process.exitCode = status ?? 1;
  }
} finally {
  rmSync(lock, { force: true });
}
