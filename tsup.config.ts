import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { defineConfig } from "tsup";

const entries = ["index", "approval", "schema", "analysis", "sql", "testing", "arbitraries", "react"];
const entry = entries.map((name) => `src/${name}.${name === "react" ? "tsx" : "ts"}`);
const target = "es2022";

export default defineConfig([
  {
    // The command is a program, and nobody imports it.
    entry: [...entry, "src/command.ts"],
    format: "esm",
    target,
    sourcemap: true,
    async onSuccess() {
      await writeCommonJs();
      for (const name of entries) await writeFile(`dist/${name}.node.js`, await nodeModule(name));
    },
  },
  { entry, format: ["esm", "cjs"], dts: { only: true } },
]);

/**
 * Gives the ES module that Node takes: in one process, `import` and `require` must meet the same engine and the same
 * PolicyError, so it is the CommonJS one under its names. Required, for to import it takes Node half as long again.
 */
async function nodeModule(entry: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const [directive = ""] = (await readFile(`dist/${entry}.js`, "utf8")).match(/^"use client";\n/) ?? [];
  const names = Object.keys(require(`./dist/${entry}.cjs`)).join(", ");
  return `${directive}import { createRequire } from "node:module";
export const { ${names} } = createRequire(import.meta.url)("./${entry}.cjs");
`;
}

/** Writes each ES module again as CommonJS, file by file, so that all entries share what they share as ES modules. */
async function writeCommonJs(): Promise<void> {
  const modules = (await readdir("dist")).filter((file) => file.endsWith(".js") && file !== "command.js");
  await build({
    entryPoints: modules.map((file) => `dist/${file}`),
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    platform: "node",
    target,
    sourcemap: true,
    bundle: true,
    packages: "external",
    // Its exports are getters, and each call from file to file would run one.
    footer: { js: `module.exports = Object.defineProperty({ ...module.exports }, "__esModule", { value: true });` },
    plugins: [
      {
        name: "siblings",
        setup({ onResolve }) {
          onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, kind }) =>
            kind === "entry-point" ? undefined : { path: path.replace(/js$/, "cjs"), external: true },
          );
        },
      },
    ],
  });
}
