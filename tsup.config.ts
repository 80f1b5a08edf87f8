import { writeFile } from "node:fs/promises";
import { defineConfig } from "tsup";

const entries = ["index"];

export default defineConfig({
  entry: entries.map((name) => `src/${name}.ts`),
  format: ["esm", "cjs"],
  target: "es2022",
  dts: true,
  sourcemap: true,
  clean: true,
  // In one Node process, `import` and `require` must meet the same engine and the same PolicyError: there, the ES
  // module is the CommonJS one under its names.
  async onSuccess() {
    for (const name of entries) await writeFile(`dist/${name}.node.js`, `export * from "./${name}.cjs";\n`);
  },
});
