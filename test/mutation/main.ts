import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { build } from "esbuild";
import config from "../../tsup.config.js";
import { equivalents } from "./equivalent.js";

// `npm run mutation` changes the sources in some thousand small ways, one at a time, and names each that no test notices
// and that is not listed as equivalent. It takes an entry after the other, each with the tests that are about it:
// `npm run mutation -- schema sql` takes those two.

type MutantResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** Of each entry, the tests of the rooms that no entry above it has. */
const testsOf: Readonly<Record<string, string>> = {
  index:
    "package/load,core/models/engage,core/models/buffer,core/define-policy,core/create-user,core/explain,core/create-matrix,approval/transition,schema/schemas,laws/tampering,laws/laws,laws/exhaustive,approval/random-lives,laws/hostile",
  approval: "package/load,approval/transition,docs/diagram,approval/random-lives,laws/hostile,laws/tampering",
  schema: "package/load,schema/schemas,laws/tampering,core/define-policy,laws/hostile,approval/transition",
  sql: "package/load,sql/queries,sql/databases,sql/definitions,sql/senseless-rows",
  teams: "package/load,teams/fold-teams,teams/laws",
  words: "package/load,words/create-words,words/sentences,words/labels",
  authzen:
    "package/load,authzen/evaluation,authzen/evaluations,authzen/searches,authzen/requests,authzen/certification",
  react: "package/load,react/react,react/server",
  vue: "package/load,vue/vue,vue/server",
  testing: "package/load,testing/expect-gate,testing/matchers,testing/arbitraries",
  arbitraries: "package/load,testing/arbitraries,testing/matchers",
  analysis:
    "package/load,analysis/check-policy,analysis/compare-policies,analysis/diff-matrices,cli/run,analysis/proof",
  command: "package/load,cli/run,cli/serve",
};

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => `src/${file}`);
const sourceOf: Readonly<Record<string, string>> =
  (config as readonly { readonly entry: Record<string, string> }[])[0]?.entry ?? {};
const entries = Object.keys(testsOf);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((entry) => !entries.includes(entry));
if (unknown.length > 0) throw new Error(`no entry ${unknown.join()}; expected some of ${entries.join(", ")}`);

const totals: Record<string, Record<string, number>> = {};
const taken = new Set<string>();
for (const entry of entries) {
  const rooms = (await roomsOf(entry)).filter((file) => !taken.has(file));
  for (const room of rooms) taken.add(room);
  if (wanted.length > 0 && !wanted.includes(entry)) continue;
  process.env.MUTATION_TESTS = testsOf[entry];
  const mutants = await new Stryker({ configFile: "test/mutation/stryker.json", mutate: rooms }).runMutationTest();
  const suspects = mutants.filter(({ status }) => status !== "Killed");
  const unlisted = suspects.filter((mutant) => !isListed(mutant));
  const [some] = unlisted;
  // What could not run them at all would take every mutant for killed, and what is too slow, for endless.
  if (some && triedAgain(some, readFileSync(some.fileName, "utf8")) !== "survived") {
    throw new Error(`the tests of ${entry} do not pass by themselves, so they tell nothing of a mutant`);
  }
  const again = { killed: 0, endless: 0, survived: 0 };
  for (const mutant of unlisted) {
    const fate = triedAgain(mutant, applied(mutant).source);
    again[fate] += 1;
    // At once: hours later, something else may have ended the run.
    if (fate !== "killed") console.log(`${fate}: ${describe(mutant)}\n`);
  }
  totals[entry] = {
    mutants: mutants.length,
    killed: mutants.length - suspects.length,
    "killed when tried again": again.killed,
    endless: again.endless,
    equivalent: suspects.length - unlisted.length,
    survived: again.survived,
  };
}
console.table(totals);
const survived = Object.values(totals).reduce((sum, total) => sum + (total.survived ?? 0), 0);
console.log(`${survived === 0 ? "No mutant" : `${survived} mutants`} survived that the list does not have.`);
process.exitCode = survived > 0 ? 1 : 0;

/** Gives the files that an entry loads. The last has what nothing loads, too: types alone. */
async function roomsOf(entry: string): Promise<readonly string[]> {
  if (entry === entries.at(-1)) return sources;
  const { metafile } = await build({
    entryPoints: [sourceOf[entry] as string],
    bundle: true,
    packages: "external",
    format: "esm",
    outdir: "reports",
    write: false,
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** Gives a source with a mutant in it, and the lines that it changes, before and after. */
function applied({ fileName, location, replacement = "" }: MutantResult) {
  const text = readFileSync(fileName, "utf8");
  const lines = text.split("\n");
  const lineAt = (line: number) => lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const start = lineAt(location.start.line) + location.start.column - 1;
  const end = lineAt(location.end.line) + location.end.column - 1;
  const [from, to] = [lineAt(location.start.line), lineAt(location.end.line + 1) - 1];
  return {
    source: text.slice(0, start) + replacement + text.slice(end),
    line: text.slice(from, to).trim(),
    becomes: (text.slice(from, start) + replacement + text.slice(end, to)).trim(),
  };
}

function isListed(mutant: MutantResult): boolean {
  const { line, becomes } = applied(mutant);
  const room = relative("src", mutant.fileName);
  return equivalents.some((known) => known.room === room && known.line === line && known.becomes === becomes);
}

/**
 * Tries what is written in place of a mutant's file, by itself: where a test file cannot even be loaded, it has no test
 * that could be seen to fail, and what took long need not take for ever.
 */
function triedAgain({ fileName }: MutantResult, source: string): "killed" | "endless" | "survived" {
  mkdirSync("reports", { recursive: true });
  writeFileSync("reports/mutant.txt", source);
  const args = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/mutation/vitest.config.ts", "--bail", "1"];
  const env = { ...process.env, MUTANT_OF: relative("", fileName), MUTANT_IN: "reports/mutant.txt" };
  // In threads, a mutant that loops for ever ends with its process.
  const limit = { timeout: 120_000, killSignal: "SIGKILL" } as const;
  const { status } = spawnSync(process.execPath, [...args, "--pool", "threads"], { env, stdio: "ignore", ...limit });
  if (status === null) return "endless";
  return status === 0 ? "survived" : "killed";
}

function describe(mutant: MutantResult): string {
  const { start } = mutant.location;
  const { line, becomes } = applied(mutant);
  return `${relative("", mutant.fileName)}:${start.line}:${start.column}\n- ${line}\n+ ${becomes}`;
}
