import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { inBun, inEsbuild, inNcc, inNext, inVite } from "./bundlers.js";
import { declared, inTypeScript } from "./compilers.js";
import { oldestPeers, peers, questions, typesOfPeers, whole, withoutPeers } from "./programs.js";
import { execute, type Outcome, root, runtime, temporary } from "./project.js";
import { inNode, inRunner } from "./runners.js";

// Installs the package, as it would be published, into projects of every kind, and has each of them decide. Not a test
// of the runner's: it needs the registry, for zod and for other versions of Node. A tarball can be given; else it packs.

const [given] = process.argv.slice(2);
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

const started = Date.now();
const outcomes = await consume().finally(() => rm(temporary, { recursive: true, force: true }));
for (const { project, failure, missing } of outcomes) {
  process.stdout.write(`${failure === undefined ? (missing ? "–" : "✓") : "✗"} ${project}`);
  process.stdout.write(`${missing ? ": not to be had" : ""}${failure === undefined ? "" : `\n${failure}\n`}\n`);
}
process.stdout.write(`${outcomes.length} projects in ${Math.round((Date.now() - started) / 1000)} s\n`);
process.exitCode = outcomes.every(({ failure }) => failure === undefined) ? 0 : 1;

async function consume(): Promise<readonly Outcome[]> {
  const runtimes = Promise.all(["20", "22", "24", "26"].map(async (major) => ({ major, node: await runtime(major) })));
  const tarball = given ? resolve(given) : await pack();
  const outcomes = await Promise.all([
    ...everyEntryIsAsked(),
    inNode("ES module", { "main.mjs": whole.esModule }, whole, [tarball, ...peers], runtimes),
    inNode("CommonJS", { "main.cjs": whole.commonJs }, whole, [tarball, ...peers], runtimes),
    inNode("without peers", { "main.mjs": withoutPeers.esModule }, withoutPeers, [tarball], runtimes),
    inNode("zod 4.0.0", { "main.mjs": whole.esModule }, whole, [tarball, ...peers, "zod@4.0.0"], runtimes),
    inNode("the oldest peers", { "main.mjs": whole.esModule }, whole, [tarball, ...oldestPeers], runtimes),
    inTypeScript("TypeScript", whole, [tarball, ...peers, ...typesOfPeers]),
    inTypeScript("TypeScript without peers", withoutPeers, [tarball]),
    declared([tarball, ...peers, ...typesOfPeers]),
    inVite(tarball),
    inNext(tarball),
    inEsbuild(tarball),
    inNcc(tarball),
    inBun(tarball),
    inRunner("Vitest", "vitest", ["run", "--globals"], "test.mjs", tarball),
    inRunner("Jest", "jest", [], "test.cjs", tarball),
  ]);
  return outcomes.flat();
}

function everyEntryIsAsked(): readonly Outcome[] {
  const exported = Object.keys(manifest.exports).filter((key) => !key.endsWith(".json"));
  const unasked = exported.map((key) => join(manifest.name, key)).filter((entry) => !(entry in questions));
  return unasked.map((project) => ({ project, failure: "no project asks it anything" }));
}

/** Packs as publishing does, with the build before it. */
async function pack(): Promise<string> {
  await execute("npm", ["pack", "--pack-destination", temporary], { cwd: root });
  return join(temporary, `${manifest.name}-${manifest.version}.tgz`);
}
