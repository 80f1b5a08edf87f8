import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, imports, page, withFolders } from "../../docs/folders.js";
import { root } from "../support/snippets.js";

// Where everything stands, and who may import whom. The imports are read from the sources themselves.

const core = [
  "base",
  "types",
  "engine",
  "policies",
  "models",
  "users",
  "targets",
  "decisions",
  "matrix",
  "frontend",
  "language",
].map((room) => `core/${room}`);

/** The folders that each folder may import from, beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "core/base": [],
  "core/types": [],
  "core/engine": ["core/base", "core/types"],
  // Not policies: an application that uses `engage` must not bundle the checks of definitions.
  "core/models": ["core/engine"],
  "core/policies": ["core/engine", "core/base", "core/types"],
  "core/users": ["core/engine", "core/base", "core/types"],
  "core/targets": ["core/users", "core/engine", "core/base", "core/types"],
  "core/decisions": ["core/targets", "core/users", "core/engine", "core/base", "core/types"],
  "core/matrix": ["core/decisions", "core/targets", "core/users", "core/engine", "core/base", "core/types"],
  "core/language": ["core/base"],
  "core/frontend": [
    "core/matrix",
    "core/decisions",
    "core/targets",
    "core/users",
    "core/engine",
    "core/base",
    "core/types",
  ],
  "index.ts": core,
  approval: [...core, "approval/machine"],
  "approval/machine": core,
  sql: [...core, "sql/migration", "sql/queries", "sql/row-security", "sql/rows"],
  "sql/row-security": [...core, "sql", "sql/queries"],
  "sql/migration": [...core, "sql"],
  "sql/queries": [...core, "sql"],
  "sql/rows": [...core, "sql", "sql/queries"],
  teams: core,
  authzen: core,
  token: core,
  react: core,
  vue: core,
  http: core,
  express: [...core, "http"],
  fastify: [...core, "http"],
  hono: [...core, "http"],
  nestjs: [...core, "http"],
  testing: core,
  words: [...core, "approval/machine"],
  schema: [...core, "approval/machine"],
  "testing/arbitraries": [...core, "approval", "approval/machine"],
  "analysis/search": core,
  "analysis/policies": [...core, "analysis/search"],
  "analysis/migration": [...core, "analysis/search", "analysis/policies"],
  "analysis/accounts": [...core, "approval/machine"],
  "analysis/language": [...core, "analysis/policies"],
  "analysis/format": [...core, "analysis/language", "analysis/policies", "analysis/migration", "analysis/accounts"],
  analysis: ["analysis/policies", "analysis/migration", "analysis/accounts", "analysis/language", "analysis/format"],
  cli: [
    ...core,
    "authzen",
    "schema",
    "analysis",
    "analysis/policies",
    "analysis/migration",
    "analysis/accounts",
    "analysis/format",
  ],
};

/** The packages that each folder may import. */
const packages: Readonly<Record<string, RegExp>> = {
  // The registry keeps the copies of one version together.
  "core/base": /^package\.json$/,
  schema: /^zod$/,
  "testing/arbitraries": /^fast-check$/,
  react: /^react$/,
  vue: /^vue$/,
  express: /^express$/,
  fastify: /^fastify$/,
  hono: /^hono$/,
  nestjs: /^@nestjs\/(common|core)$/,
  cli: /^node:|^jsonc-parser$/,
};

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.tsx?$/.test(file),
);
const folders = [...new Set(sources.map(folderOf))].sort();

describe("who imports whom", () => {
  it("every folder of src has its place in the table", () => {
    expect(folders).toEqual(Object.keys(allowed).sort());
  });

  it.each(folders)("%s imports from the folders that it may, and from no other", (folder) => {
    const wrong = imports
      .filter(({ from, isPackage }) => !isPackage && folderOf(from) === folder)
      .filter(({ to }) => folderOf(to) !== folder && !allowed[folder]?.includes(folderOf(to)));
    expect(wrong).toEqual([]);
  });

  it("only the folders of the table import another package, and only their own", () => {
    const wrong = imports.filter(({ from, to, isPackage }) => isPackage && !packages[folderOf(from)]?.test(to));
    expect(wrong).toEqual([]);
  });

  it("no file imports itself, directly or through others", () => {
    const next = (file: string) => imports.filter(({ from, isPackage }) => !isPackage && from === file);
    const reaches = (file: string, seen = new Set<string>()): Set<string> => {
      for (const { to } of next(file)) if (!seen.has(to)) reaches(to, seen.add(to));
      return seen;
    };
    expect(sources.filter((file) => reaches(file).has(file))).toEqual([]);
  });
});

describe("how files are made", () => {
  const textOf = (file: string) => readFileSync(join(root, "src", file), "utf8");

  it("an entry is a list of names and holds no code", () => {
    for (const file of sources.filter((source) => /(^|\/)index\.ts$/.test(source))) {
      const left = textOf(file).replaceAll(/^export (type )?(\*|\{[^}]*\}) from "[^"]+";\n/gm, "");
      expect(left.replace(/^"use client";\n/, "").trim(), file).toBe("");
    }
  });

  it("each entry of the package is src/x/index.ts", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const key of Object.keys(exports).filter((name) => !name.endsWith(".json"))) {
      expect(sources).toContain(join(key, "index.ts"));
    }
  });

  it("a file has fewer than 300 lines, and a folder fewer than ten files", () => {
    expect(sources.filter((file) => textOf(file).split("\n").length > 300)).toEqual([]);
    expect(folders.filter((folder) => sources.filter((file) => folderOf(file) === folder).length > 10)).toEqual([]);
  });

  it("there is one class, no default export, no enum and no any", () => {
    const withoutComments = (file: string) => textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const having = (pattern: RegExp) => sources.filter((file) => pattern.test(withoutComments(file)));
    expect(having(/^(export )?(abstract )?class /m)).toEqual(["core/base/policy-error.ts"]);
    expect(having(/\bexport default\b/)).toEqual([]);
    expect(having(/^(export )?(const |declare )*enum /m)).toEqual([]);
    expect(having(/(: |<|as )any\b/)).toEqual([]);
  });
});

it(`the folders in ${page} are those of src (npm run tables writes them)`, () => {
  const markdown = readFileSync(join(root, page), "utf8");
  expect(markdown).toBe(withFolders(markdown));
});

it("a page without a place for the folders is refused", () => {
  expect(() => withFolders("# A page")).toThrow("<!-- folders -->");
});
