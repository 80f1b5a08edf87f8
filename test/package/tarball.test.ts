import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire, SourceMap, type SourceMapPayload } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";
import { describe, expect, it } from "vitest";
import config from "../../tsup.config.js";

// What is published, file by file. `npm test` builds the files first.

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const manifest = JSON.parse(read("package.json"));

interface Packed {
  readonly path: string;
  readonly size: number;
}

const [{ files }] = JSON.parse(
  execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }),
) as readonly [{ readonly files: readonly Packed[] }];
const paths = files.map(({ path }) => path);

/** The key of each entry among the exports, by the name of its files. */
const keys = new Map(
  Object.keys(manifest.exports)
    .filter((key) => !key.endsWith(".json"))
    .map((key) => [key === "." ? "index" : basename(key), key]),
);
const entries = [...keys.keys()];

describe("the tarball", () => {
  it("holds the built files, the vectors, the README, the changes, the licence and the manifest, and nothing else", () => {
    const beside = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    const endings = ["js", "js.map", "cjs", "cjs.map", "node.js", "node.cjs", "d.ts", "d.cts"];
    // That of NestJS is no other name of the CommonJS one, so it has none to go through.
    const ofEntries = entries
      .flatMap((name) => endings.map((ending) => `dist/${name}.${ending}`))
      .filter((path) => path !== "dist/nestjs.node.cjs");
    // What entries share: code by a name that tsup gives, and types by the file that they are in.
    const shared = /^dist\/(chunk-[A-Z\d]{8}\.c?js(\.map)?|[a-z-]+-[\w-]{8}\.d\.c?ts)$/;
    const others = paths.filter((path) => !shared.test(path));
    const command = ["dist/command.js", "dist/command.js.map", "dist/command.licence.txt"];
    const engine = ["dist/engine.cjs", "dist/engine.cjs.map"];
    const vectors = readdirSync(join(root, "vectors")).map((name) => `vectors/${name}`);
    const data = ["dist/policy.schema.json", ...vectors];
    expect(others.sort()).toEqual([...beside, ...ofEntries, ...command, ...engine, ...data].sort());
  });

  it("has in its one engine for CommonJS all that is in the chunks it stands for, each name once", async () => {
    const engine: object = createRequire(import.meta.url)("../../dist/engine.cjs");
    const merged = paths.filter((path) => /chunk-.*\.js$/.test(path) && !paths.includes(path.replace(/js$/, "cjs")));
    const modules = await Promise.all(merged.map((path) => import(`../../${path}`)));
    expect(modules.length).toBeGreaterThan(1);
    expect(Object.keys(engine).sort()).toEqual(modules.flatMap((module) => Object.keys(module)).sort());
  });

  it("has no file of more than 320 kB", () => {
    expect(files.filter(({ size }) => size > 320_000)).toEqual([]);
  });
});

describe.each(entries)("the entry %s", (name) => {
  const key = String(keys.get(name));

  it("is built, as code and as types", () => {
    const builds = config as readonly Options[];
    expect(builds).toHaveLength(2);
    for (const { entry } of builds) expect(Object.keys(entry ?? {})).toContain(name);
  });

  it("is exported to Node, to bundlers and to TypeScript, in both module systems", () => {
    expect(manifest.exports[key]).toEqual({
      import: {
        types: `./dist/${name}.d.ts`,
        module: `./dist/${name}.js`,
        node: `./dist/${name}.node.js`,
        default: `./dist/${name}.js`,
      },
      require: {
        types: `./dist/${name}.d.cts`,
        module: `./dist/${name}.js`,
        workerd: `./dist/${name}.js`,
        default: `./dist/${name}.cjs`,
      },
    });
    // The order is what counts: the first condition that fits is taken.
    expect(Object.keys(manifest.exports[key].import)).toEqual(["types", "module", "node", "default"]);
    expect(Object.keys(manifest.exports[key].require)).toEqual(["types", "module", "workerd", "default"]);
  });

  it("has types also where exports are not read", () => {
    const types = name === "index" ? [manifest.types] : manifest.typesVersions["*"][key.slice(2)];
    expect(types).toEqual([`./dist/${name}.d.cts`]);
  });

  it("has a budget", () => {
    const budgets = manifest["size-limit"].filter(({ path }: { path: string }) => path === `dist/${name}.js`);
    expect(budgets.some((budget: { import: string }) => budget.import === "*")).toBe(true);
    for (const { gzip, limit } of budgets) expect([gzip, limit]).toEqual([true, expect.stringMatching(/^[\d.]+ kB$/)]);
  });
});

describe("teams", () => {
  it("imports nothing that the root does not import, so that its budget is all that it adds", () => {
    const chunksOf = (file: string): string[] =>
      [...read(join("dist", file)).matchAll(/"\.\/(chunk-\w+\.js)"/g)].flatMap(([, chunk = ""]) => [
        chunk,
        ...chunksOf(chunk),
      ]);
    expect(chunksOf("index.js")).toEqual(expect.arrayContaining(chunksOf("teams.js")));
  });
});

describe("source maps", () => {
  const scripts = paths.filter((path) => /(?<!\.node)\.c?js$/.test(path));

  it.each(scripts)("%s leads to its source, and the source is in the map", (script) => {
    const code = read(script);
    expect(code.trimEnd().split("\n").at(-1)).toBe(`//# sourceMappingURL=${script.slice("dist/".length)}.map`);
    expect(paths).toContain(`${script}.map`);
    const payload = JSON.parse(read(`${script}.map`)) as SourceMapPayload;
    const contents = payload.sources.map((source) =>
      source.endsWith("/package.json") ? JSON.stringify({ version: manifest.version }) : read(join("dist", source)),
    );
    expect(payload.sourcesContent).toEqual(contents);
    const map = new SourceMap(payload);
    for (const [line, text] of code.split("\n").entries()) {
      // A name that two sources share has a number behind it in one of them.
      const [, name] = /^(?:async )?function ([a-zA-Z]+)\d*\(/.exec(text) ?? [];
      if (name === undefined) continue;
      const entry = map.findEntry(line, text.indexOf(name));
      if (!("originalSource" in entry)) throw new Error(`${name} is not mapped`);
      const original = contents[payload.sources.indexOf(entry.originalSource)]?.split("\n")[entry.originalLine];
      expect(original?.slice(entry.originalColumn)).toMatch(new RegExp(`^(function )?${name}\\b`));
    }
  });

  it.each([
    ["an ES module in Node", "index.node.js"],
    ["the ES module that bundlers take", "index.js"],
    ["a CommonJS module", "index.cjs"],
  ])("an error from %s is traced to the source", (_, file) => {
    const code = `
      import(${JSON.stringify(join(root, "dist", file))}).then(({ createUser, engage, PolicyError }) => {
        try {
          createUser(engage, { id: "ana", role: "boss" });
        } catch (error) {
          console.log(error instanceof PolicyError ? error.stack : "another error");
        }
      });`;
    const stack = execFileSync(process.execPath, ["--enable-source-maps", "--eval", code], { encoding: "utf8" });
    const frames = [...stack.matchAll(/\/(src\/[a-z/-]+\.tsx?):(\d+):(\d+)/g)].map(([, source, line, column]) =>
      read(source as string)
        .split("\n")
        [Number(line) - 1]?.slice(Number(column) - 1),
    );
    expect(stack).not.toContain("/dist/");
    expect(frames.some((text) => text?.startsWith("new PolicyError("))).toBe(true);
  });
});

describe("the README", () => {
  const readme = read("README.md").replaceAll(/\s+/g, " ");

  it("names the budgets that the build keeps", () => {
    const budgets = manifest["size-limit"]
      .filter(({ name }: { name: string }) => !name.includes("testing"))
      .map(({ limit }: { limit: string }) => limit);
    expect([...readme.matchAll(/\| (\d+\.\d kB) \|/g)].map(([, said]) => said)).toEqual(budgets);
  });

  it("names the ratios that were measured", () => {
    const ratioOf = (row: string) => {
      const cells = read("docs/performance.md")
        .split("\n")
        .find((line) => line.startsWith(`| ${row} `))
        ?.split("|");
      return Number(cells?.[4]?.trim().split(" ")[0]);
    };
    const said =
      /takes (\d\.\d+) of the time .* takes (\d\.\d+), and a matrix that was just built holds a grant in (\d\.\d+) of/.exec(
        readme,
      );
    expect(said?.slice(1).map(Number)).toEqual(
      ["one check", "a bar of 12 buttons", "bytes for each grant"].map(ratioOf),
    );
  });
});
