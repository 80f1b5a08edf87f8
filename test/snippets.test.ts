import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as zod from "zod";
import * as approval from "../src/approval.js";
import * as library from "../src/index.js";
import * as schema from "../src/schema.js";
import { pages, root, snippets } from "./snippets.js";

// Every TypeScript block of the README and the docs, and every example in a docstring, is type-checked and run. In
// them, a comment behind an expression is its value.

/** What a snippet may import. */
const modules = new Map<string, object>([
  ["channel-grants", library],
  ["channel-grants/approval", approval],
  ["channel-grants/schema", schema],
  ["zod", zod],
]);

/** The expressions that a comment gives the value of, with their places. */
function claims(code: string): { readonly start: number; readonly end: number; readonly value: string }[] {
  const source = ts.createSourceFile("snippet.ts", code, ts.ScriptTarget.ES2022, true);
  const found: { start: number; end: number; value: string }[] = [];
  const visit = (node: ts.Node): void => {
    const [comment] = ts.isExpressionStatement(node) ? (ts.getTrailingCommentRanges(code, node.end) ?? []) : [];
    if (comment && ts.isExpressionStatement(node)) {
      const value = code.slice(comment.pos + 2, comment.end).trim();
      found.push({ start: node.expression.getStart(), end: node.expression.end, value });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Runs a snippet; gives how many of its claims were met, each at least once. */
function run(code: string): number {
  const all = claims(code);
  const claimed = all.reduceRight(
    (text, { start, end, value }, index) =>
      `${text.slice(0, start)}claim(${index}, ${text.slice(start, end)}, ${value})${text.slice(end)}`,
    code,
  );
  const { outputText } = ts.transpileModule(claimed, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const met = new Set<number>();
  const claim = (index: number, actual: unknown, expected: unknown) => {
    expect(actual, all[index] && code.slice(all[index].start, all[index].end)).toEqual(expected);
    met.add(index);
  };
  const require = (name: string) => modules.get(name) ?? expect.unreachable(`a snippet imports ${name}`);
  new Function("require", "exports", "claim", outputText)(require, {}, claim);
  expect(met.size, "claims that were reached").toBe(all.length);
  return met.size;
}

describe("snippets run, and give what their comments say", () => {
  it.each(snippets)("$name", ({ code }) => {
    run(code);
  });

  it("a claim that is false, or never reached, is found", () => {
    const example = (claim: string) => `import { engage } from "channel-grants";\n${claim}`;
    expect(run(example('engage.name; // "engage"'))).toBe(1);
    expect(() => run(example('engage.name; // "buffer"'))).toThrow("engage.name");
    expect(() => run(example('if (!engage) engage.name; // "engage"'))).toThrow("claims that were reached");
  });

  it("there is one in the README, in every page and with every public function", () => {
    for (const page of pages) expect(snippets.some(({ name }) => name.startsWith(page))).toBe(true);
    const functions = [library, approval, schema]
      .flatMap((entry) => Object.entries(entry))
      .filter(([, value]) => typeof value === "function");
    const examples = snippets.filter(({ name }) => name.startsWith("src/")).map(({ code }) => code);
    expect(functions.length).toBeGreaterThan(13);
    for (const [name] of functions) expect(examples.some((code) => code.includes(name))).toBe(true);
  });
});

it("snippets type-check", () => {
  const files = new Map(snippets.map(({ code }, index) => [`${root}test/snippet-${index}.ts`, code]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    paths: { "channel-grants": [`${root}src/index.ts`], "channel-grants/*": [`${root}src/*.ts`] },
    types: [],
    // Zod's own declarations need a platform's.
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...more) => {
    const code = files.get(file);
    return code === undefined
      ? getSourceFile(file, ...more)
      : ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const index = [...files.keys()].indexOf(file?.fileName ?? "");
    return `${snippets[index]?.name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  expect(problems).toEqual([]);
});
