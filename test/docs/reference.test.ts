import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "tsup";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import config from "../../tsup.config.js";
import { root, snippets } from "../support/snippets.js";

// The reference is made of the docstrings, as they are published: `npm test` builds the files first.

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.keys(manifest.exports).filter((key) => !key.endsWith(".json"));
const declarations = entries.map((key) => join(root, manifest.exports[key].import.types));

const program = ts.createProgram(declarations, {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
});
const checker = program.getTypeChecker();

interface Docstring {
  readonly text: string;
  readonly examples: readonly string[];
}

/** The docstring of every public name of a file of declarations. */
function docstrings(file: string): (readonly [name: string, Docstring])[] {
  const entry = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  return checker.getExportsOfModule(entry).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    const examples = symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "example")
      .flatMap(({ text }) => [...ts.displayPartsToString(text).matchAll(/```tsx?\n([\s\S]*?)\n```/g)])
      .map(([, code]) => String(code).trim());
    return [exported.name, { text, examples }];
  });
}

const run = new Set(snippets.filter(({ name }) => name.startsWith("src/")).map(({ code }) => code.trim()));

describe.each(entries.map((key, index) => [join(manifest.name, key), declarations[index] as string]))(
  "%s",
  (_, file) => {
    const names = docstrings(file);

    it("has public names", () => {
      expect(names.map(([name]) => name)).not.toEqual([]);
    });

    it.each(names)("says what %s is, and shows it in an example that is run", (name, { text, examples }) => {
      expect(text).toMatch(/^[A-Z][\s\S]*\.$/);
      expect(examples).not.toEqual([]);
      expect(examples.filter((code) => !run.has(code))).toEqual([]);
      expect(examples.some((code) => new RegExp(`\\b${name}\\b`).test(code))).toBe(true);
    });
  },
);

it("every entry is in the reference", () => {
  const sources: readonly string[] = Object.values((config as readonly Options[])[1]?.entry ?? {});
  expect(manifest.typedocOptions.entryPoints.toSorted()).toEqual(sources.toSorted());
  expect(sources).toHaveLength(entries.length);
});
