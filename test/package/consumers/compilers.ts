import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Program } from "./programs.js";
import { decides, execute, type Outcome, outcome, project, root } from "./project.js";

/** The compilers of today, which also emit declarations of what an application makes of the package. */
const compilers = ["typescript-5.5", "typescript", "typescript-6", "typescript-7"];

/**
 * Hono's declarations need TypeScript 5.7, and under `node16` no CommonJS takes the ES modules of NestJS 12. There, only the
 * projects without peers check the declarations of the package itself.
 */
function hasPeers(dependencies: readonly string[]): boolean {
  return dependencies.some((name) => name.startsWith("hono"));
}

function isBeforePeers(dependencies: readonly string[], compiler: string): boolean {
  return hasPeers(dependencies) && /-5\.[45]$/.test(compiler);
}

/** Compiles as strictly as can be, the package's own declarations too, and runs what comes out. */
export async function inTypeScript(
  name: string,
  program: Program,
  dependencies: readonly string[],
): Promise<readonly Outcome[]> {
  const resolutions = [
    { module: "node16", moduleResolution: "node16", files: ["main.mts", "main.cts"] },
    { module: "nodenext", moduleResolution: "nodenext", files: ["main.mts", "main.cts"] },
    { module: "esnext", moduleResolution: "bundler", files: ["main.ts"] },
  ];
  const sources = Object.fromEntries(["main.mts", "main.cts", "main.ts"].map((file) => [file, program.typed]));
  const folder = await project(name, sources, ...dependencies);
  const outcomes: Outcome[] = [];
  for (const compiler of ["typescript-5.4", ...compilers]) {
    const { version } = JSON.parse(await readFile(join(root, "node_modules", compiler, "package.json"), "utf8"));
    const each = resolutions.map(({ files, ...options }) =>
      outcome(`${name} ${version}, ${options.moduleResolution}`, async () => {
        const outDir = `${compiler}-${options.moduleResolution}`;
        const compilerOptions = {
          ...options,
          ...{ outDir, target: "es2022", lib: ["es2022", "dom"], types: [], declaration: true },
          ...{ strict: true, exactOptionalPropertyTypes: true, skipDefaultLibCheck: true },
          skipLibCheck:
            isBeforePeers(dependencies, compiler) || (hasPeers(dependencies) && options.module === "node16"),
        };
        await writeFile(join(folder, `${outDir}.json`), JSON.stringify({ compilerOptions, files }));
        const tsc = join(root, "node_modules", compiler, "bin", "tsc");
        await execute(process.execPath, [tsc, "-p", `${outDir}.json`], { cwd: folder });
        for (const file of files) await decides(folder, join(outDir, file.replace(/ts$/, "js")), program);
      }),
    );
    outcomes.push(...(await Promise.all(each)));
  }
  return outcomes;
}

/** Emits the declarations of a file that wraps every function of every entry, with their types inferred. */
export async function declared(dependencies: readonly string[]): Promise<readonly Outcome[]> {
  const text = await readFile(join(root, "test", "package", "wrapped.ts"), "utf8");
  const sources = Object.fromEntries(["main.mts", "main.cts", "main.ts"].map((file) => [file, text]));
  const folder = await project("declarations", sources, ...dependencies);
  const forms = [
    { module: "nodenext", moduleResolution: "nodenext", files: ["main.mts", "main.cts"], composite: true },
    { module: "esnext", moduleResolution: "bundler", files: ["main.ts"], isolatedModules: true },
  ];
  const outcomes: Outcome[] = [];
  for (const compiler of compilers) {
    for (const { files, ...options } of forms) {
      const name = `declarations, ${compiler}, ${options.moduleResolution}`;
      const work = async () => {
        const outDir = `${compiler}-${options.moduleResolution}`;
        const skipLibCheck = isBeforePeers(dependencies, compiler);
        const strictly = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck, declaration: true };
        const output = { outDir, target: "es2022", lib: ["es2022", "dom"], types: [], emitDeclarationOnly: true };
        const compilerOptions = { ...options, ...output, ...strictly, skipDefaultLibCheck: true };
        await writeFile(join(folder, `${outDir}.json`), JSON.stringify({ compilerOptions, files }));
        const tsc = join(root, "node_modules", compiler, "bin", "tsc");
        await execute(process.execPath, [tsc, "-p", `${outDir}.json`], { cwd: folder });
        for (const file of files) {
          const emitted = await readFile(join(folder, outDir, file.replace(/\.(.?ts)$/, ".d.$1")), "utf8");
          if (/import\("\.|\/dist\//.test(emitted))
            throw new Error(`the declarations lead into the package: ${emitted}`);
        }
      };
      outcomes.push(await outcome(name, work));
    }
  }
  return outcomes;
}
