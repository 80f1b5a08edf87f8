import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Result } from "./result.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Gives the milliseconds that an import takes in a fresh process, by turns; the limit is that of an empty module. */
export function loadTimes(rounds: number): Result {
  const folder = mkdtempSync(join(tmpdir(), "empty-"));
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, "");
  try {
    const modules = [
      { name: "channel-grants", module: "channel-grants", times: [] as number[] },
      { name: "limit", module: pathToFileURL(empty).href, times: [] as number[] },
      { name: "CASL", module: "@casl/ability", times: [] as number[] },
      { name: "the ES module alone", module: pathToFileURL(join(root, "dist/index.js")).href, times: [] as number[] },
    ];
    for (let round = 0; round < rounds; round++) {
      const begin = round % modules.length;
      for (const { module, times } of [...modules.slice(begin), ...modules.slice(0, begin)])
        times.push(loadTime(module));
    }
    return Object.fromEntries(modules.map(({ name, times }) => [name, times]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function loadTime(module: string): number {
  const code = `const begin = performance.now();
    await import(${JSON.stringify(module)});
    process.stdout.write(String(performance.now() - begin));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8" }));
}
