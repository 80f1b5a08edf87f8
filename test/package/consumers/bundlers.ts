import { cp, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type BuildOptions, build as bundle } from "esbuild";
import { build as buildWithVite } from "vite";
import { decidesInNext, nextFiles } from "./next.js";
import { alone, bundled } from "./programs.js";
import { decides, execute, type Outcome, outcome, project, temporary } from "./project.js";

export async function inVite(tarball: string): Promise<readonly Outcome[]> {
  const page = '<!doctype html><script type="module" src="./main.js"></script>';
  const folder = await project("Vite", { "index.html": page, "main.js": bundled.esModule }, tarball, "fast-check");
  const built = outcome("Vite", async () => {
    // The polyfill is for old browsers, and runs in no Node.
    const build = { modulePreload: { polyfill: false } };
    await buildWithVite({ root: folder, configFile: false, logLevel: "silent", build });
    const [script] = await readdir(join(folder, "dist", "assets"));
    await decides(folder, join("dist", "assets", String(script)), bundled);
  });
  return [await built];
}

export async function inNext(tarball: string): Promise<readonly Outcome[]> {
  const folder = await project("Next.js", nextFiles, tarball, "next@16", "react", "react-dom");
  return [await outcome("Next.js", () => decidesInNext(folder))];
}

export async function inEsbuild(tarball: string): Promise<readonly Outcome[]> {
  const files = { "main.js": bundled.esModule, "main.cjs": bundled.commonJs };
  const folder = await project("esbuild", files, tarball, "fast-check");
  const bundles = [
    { platform: "browser", format: "esm", entry: "main.js", outfile: "browser.mjs" },
    ...[undefined, ["custom"], ["worker"]].flatMap((conditions) => [
      {
        platform: "node",
        format: "esm",
        entry: "main.js",
        outfile: `node-${conditions ?? "default"}.mjs`,
        conditions,
      } as const,
      {
        platform: "node",
        format: "cjs",
        entry: "main.cjs",
        outfile: `node-${conditions ?? "default"}.cjs`,
        conditions,
      } as const,
    ]),
  ] as const;
  const each = bundles.map(({ entry, outfile, ...options }) =>
    outcome(`esbuild, ${outfile}`, async () => {
      const how = { ...options, entryPoints: [entry], outfile, absWorkingDir: folder, bundle: true, minify: true };
      await bundle(how as BuildOptions);
      await decides(folder, outfile, bundled);
    }),
  );
  return Promise.all(each);
}

/** Bundles the program, and once more for each entry by itself, and runs the bundles where the package is not. */
export async function inNcc(tarball: string): Promise<readonly Outcome[]> {
  const programs = { "main.mjs": bundled.esModule, "main.cjs": bundled.commonJs, ...alone };
  const folder = await project("ncc", programs, tarball, "fast-check", "react", "vue", "@vercel/ncc");
  const outcomes: Outcome[] = [];
  for (const file of Object.keys(programs)) {
    const bundle = async () => {
      const out = join("out", file);
      await execute("npx", ["ncc", "build", file, "--out", out], { cwd: folder });
      const [built] = (await readdir(join(folder, out))).filter((name) => /^index\.[cm]?js$/.test(name));
      await runsApart(join(folder, out), String(built), file);
    };
    outcomes.push(await outcome(`ncc, ${file}`, bundle));
  }
  return outcomes;
}

export async function inBun(tarball: string): Promise<readonly Outcome[]> {
  const name = `@oven/bun-${process.platform === "win32" ? "windows" : process.platform}-${process.arch.replace("arm64", "aarch64")}`;
  const programs = { "main.mjs": bundled.esModule, "main.cjs": bundled.commonJs, ...alone };
  const folder = await project("Bun", programs, tarball, "fast-check", "react", "vue");
  try {
    await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", name], { cwd: folder });
  } catch {
    return [{ project: "Bun", missing: true }];
  }
  const bun = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "bun.exe" : "bun");
  const outcomes: Outcome[] = [];
  for (const file of Object.keys(programs)) {
    const bundle = async () => {
      const out = join("out", file);
      await execute(bun, ["build", file, "--target", "node", "--outfile", join(out, "index.mjs")], { cwd: folder });
      await runsApart(join(folder, out), "index.mjs", file);
    };
    outcomes.push(await outcome(`Bun's bundle, ${file}`, bundle));
    outcomes.push(await outcome(`Bun, ${file}`, async () => tells(await execute(bun, [file], { cwd: folder }), file)));
  }
  return outcomes;
}

/** Runs a bundle in a folder from which nothing of the project is found. */
async function runsApart(folder: string, built: string, file: string): Promise<void> {
  const apart = await mkdtemp(join(temporary, "apart-"));
  await cp(folder, apart, { recursive: true });
  tells(await execute(process.execPath, [built], { cwd: apart }), file);
}

function tells({ stdout }: { readonly stdout: string }, file: string): void {
  const expected = file.startsWith("main.") ? bundled.answers : true;
  if (!isDeepStrictEqual(JSON.parse(stdout), expected)) throw new Error(`${file} decided ${stdout}`);
}
