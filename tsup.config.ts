import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { defineConfig } from "tsup";

const entry = {
  index: "src/index.ts",
  approval: "src/approval/index.ts",
  schema: "src/schema/index.ts",
  analysis: "src/analysis/index.ts",
  sql: "src/sql/index.ts",
  teams: "src/teams/index.ts",
  authzen: "src/authzen/index.ts",
  token: "src/token/index.ts",
  testing: "src/testing/index.ts",
  arbitraries: "src/testing/arbitraries/index.ts",
  react: "src/react/index.ts",
  vue: "src/vue/index.ts",
  http: "src/http/index.ts",
  express: "src/express/index.ts",
  fastify: "src/fastify/index.ts",
  hono: "src/hono/index.ts",
  nestjs: "src/nestjs/index.ts",
  words: "src/words/index.ts",
};
const entries = Object.keys(entry);
const target = "es2022";

/** Gives no more of package.json than the version, which is all that is imported of it: what is read is in every source map. */
const manifest: Plugin = {
  name: "manifest",
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

export default defineConfig([
  {
    // The command is a program, and nobody imports it.
    entry: { ...entry, command: "src/cli/main.ts" },
    format: "esm",
    target,
    sourcemap: true,
    esbuildOptions(options) {
      // The one development dependency that is bundled is the command's JSON parser, and as a UMD module it cannot be.
      options.mainFields = ["module", "main"];
    },
    esbuildPlugins: [manifest],
    async onSuccess() {
      await copyFile("node_modules/jsonc-parser/LICENSE.md", "dist/command.licence.txt");
      await dropBareImports();
      await writeCommonJs();
      for (const name of entries.filter((name) => name !== "nestjs")) await writeNodeModule(name);
      await writePolicySchema();
    },
  },
  // What answers requests names the Fetch API, which the types of Node declare.
  { entry, format: ["esm", "cjs"], dts: { only: true, compilerOptions: { types: ["node"] } } },
]);

/** Writes the JSON Schema of a policy definition, in the draft that editors read best. */
async function writePolicySchema(): Promise<void> {
  const require = createRequire(import.meta.url);
  const { policySchema } = require("./dist/schema.cjs");
  const schema = require("zod").toJSONSchema(policySchema, { target: "draft-7" });
  await writeFile("dist/policy.schema.json", `${JSON.stringify(schema)}\n`);
}

/**
 * Takes the imports of nothing out of the ES modules: a chunk does nothing but give names, and bundlers warn of an import
 * that they leave out. Its line stays, empty, because the source map counts lines.
 */
async function dropBareImports(): Promise<void> {
  for (const file of (await readdir("dist")).filter((name) => name.endsWith(".js"))) {
    const text = await readFile(`dist/${file}`, "utf8");
    await writeFile(`dist/${file}`, text.replace(/^import "\.\/chunk-\w+\.js";$/gm, ""));
  }
}

/**
 * Writes the ES module that Node takes: in one process, `import` and `require` must meet the same engine and the same
 * PolicyError, so it is the CommonJS one under its names. Imported, so that whoever gathers files for deployment finds
 * it, but through a file of one line: of what is imported, Node looks through the text for names, which takes it twice
 * as long as to load the engine does; what that requires, it only loads.
 */
async function writeNodeModule(entry: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const [directive = ""] = (await readFile(`dist/${entry}.js`, "utf8")).match(/^"use client";\n/) ?? [];
  const names = Object.keys(require(`./dist/${entry}.cjs`)).join(", ");
  await writeFile(`dist/${entry}.node.cjs`, `exports.all = require("./${entry}.cjs");\n`);
  const module = `import { all } from "./${entry}.node.cjs";\nexport const { ${names} } = all;\n`;
  await writeFile(`dist/${entry}.node.js`, directive + module);
}

/**
 * Writes the ES modules again as CommonJS, so that all entries share what they share as ES modules. What the root needs
 * is one file, for nothing has to fall out of it here, and Node takes its time for each file.
 */
async function writeCommonJs(): Promise<void> {
  const modules = (await readdir("dist")).filter((file) => file.endsWith(".js") && file !== "command.js");
  const { metafile } = await build({ entryPoints: ["dist/index.js"], bundle: true, write: false, metafile: true });
  const engine = modules.filter((file) => file !== "index.js" && metafile.inputs[`dist/${file}`]);
  const options: BuildOptions = {
    format: "cjs",
    platform: "node",
    target,
    sourcemap: true,
    bundle: true,
    packages: "external",
    // Its exports are getters, and each call from file to file would run one.
    footer: { js: `module.exports = Object.defineProperty({ ...module.exports }, "__esModule", { value: true });` },
  };
  // It gathers what the root does, and without a source map it would itself be a source that nobody has.
  const sourcesContent = [await readFile("src/index.ts", "utf8")];
  const map = JSON.stringify({ version: 3, sources: ["../src/index.ts"], sourcesContent, mappings: "AAAA" });
  const contents = [
    ...engine.map((file) => `export * from "./${file}";`),
    `//# sourceMappingURL=data:application/json,${encodeURIComponent(map)}`,
  ].join("\n");
  await build({ ...options, stdin: { contents, resolveDir: "dist" }, outfile: "dist/engine.cjs" });
  const siblings: Plugin = {
    name: "siblings",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, kind }) => {
        if (kind === "entry-point") return undefined;
        const shared = engine.includes(path.slice(2)) ? "./engine.cjs" : path.replace(/js$/, "cjs");
        return { path: shared, external: true };
      });
    },
  };
  await build({
    ...options,
    entryPoints: modules.filter((file) => !engine.includes(file)).map((file) => `dist/${file}`),
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    plugins: [siblings],
  });
  // NestJS tells its exceptions by their class, and programs that translate what they load, such as tsx, give `require`
  // another copy of an ES module than `import`. So this entry, as an ES module, imports NestJS as its application does.
  await build({
    ...options,
    entryPoints: ["dist/nestjs.js"],
    outfile: "dist/nestjs.node.js",
    format: "esm",
    sourcemap: false,
    footer: {},
    plugins: [siblings],
  });
}
