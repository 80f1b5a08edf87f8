import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { quickStart, root } from "../support/snippets.js";

// The quick start is typed into a folder of its own, file by file, and asked of the built package as its reader asks.
// `npm test` builds it first.

const page = readFileSync(join(root, quickStart), "utf8");

/** The files of the page, by the name in their first line. */
const files = new Map(
  [...page.matchAll(/^```tsx?\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(([, name, code]) => [String(name), String(code)]),
);
const folder = mkdtempSync(join(tmpdir(), "quick-start-"));

/** Runs a program in the folder, as its reader would; throws what it printed if it fails. */
function run(program: string, ...options: readonly string[]): string {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST)/.test(name));
  try {
    const file = join(root, "node_modules/.bin", program);
    return execFileSync(file, options, { cwd: folder, encoding: "utf8", env: Object.fromEntries(own), stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${program}: ${stdout}${stderr}`);
  }
}

beforeAll(() => {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  run("tsc", "--init");
  for (const [name, code] of files) writeFileSync(join(folder, name), code);
});
afterAll(() => rmSync(folder, { recursive: true }));

it("every block of code on the page is a file", () => {
  expect(page.match(/^```tsx?$/gm)).toHaveLength(files.size);
});

it("the files compile with the options that `tsc --init` writes", () => {
  expect(run("tsc", "--noEmit")).toBe("");
});

it("the tests of the page pass", () => {
  expect(run("vitest", "run", "--reporter=json")).toContain('"numPassedTests":2,');
});

it.each([
  ["server.ts", "if (!decision.allowed)", "if (false)", "the route publishes"],
  ["page.tsx", '"posts.publish"', '"posts.edit"', "the button is there"],
])("the tests of the page find a mistake in %s", (name, right, wrong, test) => {
  const code = files.get(name) ?? "";
  expect(code).toContain(right);
  writeFileSync(join(folder, name), code.replace(right, wrong));
  expect(() => run("vitest", "run")).toThrow(test);
  writeFileSync(join(folder, name), code);
});

it("the picture of what runs where has every entry of the package", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.keys(exports).filter((key) => !key.endsWith(".json"));
  const drawn = [...page.matchAll(/\["(channel-grants[a-z/-]*)<br>/g)].map(([, name]) => name);
  expect(new Set(drawn)).toEqual(new Set(entries.map((key) => key.replace(".", "channel-grants"))));
});
