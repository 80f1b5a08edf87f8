import * as crypto from "node:crypto";
import * as pglite from "@electric-sql/pglite";
import * as mantine from "@mantine/core";
import * as nestCommon from "@nestjs/common";
import * as nestCore from "@nestjs/core";
import * as reactQuery from "@tanstack/react-query";
import * as trpc from "@trpc/server";
import * as drizzle from "drizzle-orm";
import * as drizzlePglite from "drizzle-orm/pglite";
import { expect as jestExpect } from "expect";
import express from "express";
import * as fastCheck from "fast-check";
import fastify from "fastify";
import * as hono from "hono";
import * as kysely from "kysely";
import * as react from "react";
import * as jsxRuntime from "react/jsx-runtime";
import * as reactServer from "react-dom/server";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as vue from "vue";
import * as vueServer from "vue/server-renderer";
import * as zod from "zod";
import * as analysis from "../../src/analysis/index.js";
import * as approval from "../../src/approval/index.js";
import * as authzen from "../../src/authzen/index.js";
import * as expressEntry from "../../src/express/index.js";
import * as fastifyEntry from "../../src/fastify/index.js";
import * as honoEntry from "../../src/hono/index.js";
import * as http from "../../src/http/index.js";
import * as library from "../../src/index.js";
import * as nestEntry from "../../src/nestjs/index.js";
import * as entryOfReact from "../../src/react/index.js";
import * as schema from "../../src/schema/index.js";
import * as sql from "../../src/sql/index.js";
import * as teams from "../../src/teams/index.js";
import * as arbitraries from "../../src/testing/arbitraries/index.js";
import * as testing from "../../src/testing/index.js";
import * as token from "../../src/token/index.js";
import * as entryOfVue from "../../src/vue/index.js";
import * as words from "../../src/words/index.js";
import { pages, root, type Snippet, snippets } from "../support/snippets.js";

// Every TypeScript block of the README and the docs, and every example in a docstring, is type-checked and run. In
// them, a comment behind an expression is its value.

const entries = {
  analysis,
  approval,
  authzen,
  schema,
  sql,
  teams,
  token,
  testing,
  "testing/arbitraries": arbitraries,
  react: entryOfReact,
  vue: entryOfVue,
  http,
  express: expressEntry,
  fastify: fastifyEntry,
  hono: honoEntry,
  nestjs: nestEntry,
  words,
};

/** What a snippet may import; a runner's tests run at once, and each promise of theirs is waited for. */
function modules(pending: unknown[]): ReadonlyMap<string, object> {
  const runner = { it: (_: string, test: () => unknown) => pending.push(test()) };
  return new Map<string, object>([
    ["channel-grants", library],
    ...Object.entries(entries).map(([name, entry]): [string, object] => [`channel-grants/${name}`, entry]),
    ["node:crypto", crypto],
    ["zod", zod],
    ["fast-check", fastCheck],
    ["@electric-sql/pglite", pglite],
    ["drizzle-orm", drizzle],
    ["drizzle-orm/pglite", drizzlePglite],
    ["kysely", kysely],
    ["express", { __esModule: true, default: express }],
    ["fastify", { __esModule: true, default: fastify }],
    ["hono", hono],
    ["@nestjs/common", nestCommon],
    ["@nestjs/core", nestCore],
    ["@trpc/server", trpc],
    ["react", react],
    ["react/jsx-runtime", jsxRuntime],
    ["react-dom/server", reactServer],
    ["@mantine/core", mantine],
    ["@tanstack/react-query", reactQuery],
    ["vue", vue],
    ["vue/server-renderer", vueServer],
    ["vitest", { ...runner, expect }],
    ["@jest/globals", { ...runner, expect: jestExpect }],
  ]);
}

/** The expressions that a comment gives the value of, with their places. */
function claims(
  code: string,
  language: Snippet["language"],
): { readonly start: number; readonly end: number; readonly value: string }[] {
  const source = ts.createSourceFile(`snippet.${language}`, code, ts.ScriptTarget.ES2022, true);
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

/** Its `await` may stand anywhere, as in a module. */
const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** Runs a snippet; gives how many of its claims were met, each at least once. */
async function run(code: string, language: Snippet["language"] = "ts"): Promise<number> {
  const all = claims(code, language);
  const claimed = all.reduceRight(
    (text, { start, end, value }, index) =>
      `${text.slice(0, start)}claim(${index}, ${text.slice(start, end)}, ${value})${text.slice(end)}`,
    code,
  );
  const { outputText } = ts.transpileModule(claimed, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      jsx: ts.JsxEmit.ReactJSX,
      experimentalDecorators: true,
    },
    fileName: `snippet.${language}`,
  });
  const met = new Set<number>();
  const claim = (index: number, actual: unknown, expected: unknown) => {
    expect(actual, all[index] && code.slice(all[index].start, all[index].end)).toEqual(expected);
    met.add(index);
  };
  const pending: unknown[] = [];
  const known = modules(pending);
  const require = (name: string) => known.get(name) ?? expect.unreachable(`a snippet imports ${name}`);
  await new AsyncFunction("require", "exports", "claim", outputText)(require, {}, claim);
  await Promise.all(pending);
  expect(met.size, "claims that were reached").toBe(all.length);
  return met.size;
}

describe("snippets run, and give what their comments say", () => {
  it.each(snippets)("$name", async ({ code, language }) => {
    await run(code, language);
  });

  it("a claim that is false, or never reached, is found", async () => {
    const example = (claim: string) => `import { engage } from "channel-grants";\n${claim}`;
    expect(await run(example('engage.name; // "engage"'))).toBe(1);
    await expect(run(example('engage.name; // "buffer"'))).rejects.toThrow("engage.name");
    expect(await run(`${example("")}const element = <b>{engage.name}</b>;\nelement.type; // "b"`, "tsx")).toBe(1);
    await expect(run(example('if (!engage) engage.name; // "engage"'))).rejects.toThrow("claims that were reached");
  });

  it("a test of a runner's that fails, now or later, is found", async () => {
    const example = (body: string) => `import { expect, it } from "vitest";\nit("fails", ${body});`;
    await expect(run(example("() => expect(1).toBe(2)"))).rejects.toThrow("expected 1 to be 2");
    await expect(run(example("async () => { await 0; expect(1).toBe(2); }"))).rejects.toThrow("expected 1 to be 2");
  });

  it("there is one in the README, in every page and with every public function", () => {
    for (const page of pages) expect(snippets.some(({ name }) => name.startsWith(page))).toBe(true);
    const functions = [library, ...Object.values(entries)]
      .flatMap((entry) => Object.entries(entry))
      .filter(([, value]) => typeof value === "function");
    const examples = snippets.filter(({ name }) => name.startsWith("src/")).map(({ code }) => code);
    expect(functions.length).toBeGreaterThan(24);
    for (const [name] of functions) expect(examples.some((code) => code.includes(name))).toBe(true);
  });
});

it("snippets type-check", () => {
  const files = new Map(
    snippets.map(({ code, language }, index) => [`${root}test/snippet-${index}.${language}`, code]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    experimentalDecorators: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    jsx: ts.JsxEmit.ReactJSX,
    paths: {
      "channel-grants": [`${root}src/index.ts`],
      "channel-grants/*": [`${root}src/*/index.ts`],
    },
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
