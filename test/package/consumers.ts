import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, promisify } from "node:util";
import { type BuildOptions, build as bundle } from "esbuild";
import { build as buildWithVite } from "vite";
import { decidesInNext, nextFiles } from "./next-consumer.js";

// Installs the package, as it would be published, into projects of every kind, and has each of them decide. Not a test
// of the runner's: it needs the registry, for zod and for other versions of Node. A tarball can be given; else it packs.

const [given] = process.argv.slice(2);
const root = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

/** One question to each entry, in TypeScript that is JavaScript too, and the answer. */
const questions: Readonly<Record<string, { readonly asks: string; readonly answer: unknown }>> = {
  "channel-grants": {
    asks: `
import { buffer, can, createMatrix, createUser, definePolicy, engage, explain, formatDecision } from "channel-grants";
const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
const account = createMatrix(buffer, { users: [{ id: "ben", role: "owner" }], connections: ["fb"] });
const own = definePolicy({
  name: "own",
  levels: ["none", "all"],
  areas: { posts: { levels: ["none", "all"] } },
  roles: { author: {} },
  actions: { post: { target: "group", allow: { area: "posts", level: "all" } } },
});
const cat = createUser(own, { id: "cat", role: "author", grants: { fb: { posts: "all" } } });
answers["channel-grants"] = [
  can(ana, "publish.edit", { connections: ["fb"] }),
  formatDecision(explain(ana, "publish.post-now", { connections: ["fb"] })),
  account.usersFor("queue.add", { connections: ["fb"] }),
  can(cat, "post", { connections: ["fb"] }),
];`,
    answer: [
      true,
      "ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access.",
      ["ben"],
      true,
    ],
  },
  "channel-grants/approval": {
    asks: `
import { availableEvents, draft } from "channel-grants/approval";
const team = createMatrix(buffer, {
  users: [{ id: "dan", role: "member", grants: { fb: { posting: "full-posting" } } }],
});
const post = draft(team, { author: "dan", connections: ["fb"] });
answers["channel-grants/approval"] = post.ok && availableEvents(team, post.submission, "dan");`,
    answer: ["edit", "release"],
  },
  "channel-grants/analysis": {
    asks: `
import { checkPolicy, diffMatrices } from "channel-grants/analysis";
const hired = account.putUser({ id: "eve", role: "member", grants: { fb: { posting: "approval-required" } } });
answers["channel-grants/analysis"] = [
  checkPolicy(engage).holds,
  diffMatrices(account, hired).decisions.map(({ action }) => action),
];`,
    answer: [true, ["accounts.view", "drafts.create", "drafts.edit", "drafts.request-approval"]],
  },
  "channel-grants/schema": {
    asks: `
import { grantSchema } from "channel-grants/schema";
const read = grantSchema(engage).safeParse({ publish: "all" });
answers["channel-grants/schema"] = read.error && read.error.issues.map(({ path }) => path);`,
    answer: [["publish"]],
  },
  "channel-grants/sql": {
    asks: `
import { createGrantsSql } from "channel-grants/sql";
const sql = createGrantsSql(buffer, { dialect: "sqlite" });
answers["channel-grants/sql"] = sql.connectionsFor({ account: 1, user: 2, action: "accounts.view" }).values;`,
    answer: [2, 1, "owner", "member", "approval-required", "full-posting"],
  },
  "channel-grants/testing": {
    asks: `
import { expectGate, matchers, person } from "channel-grants/testing";
const eve = person(engage).named("eve").on("fb", { publish: "view-only" });
expectGate(own, (user, action, target) => typeof target === "object" && can(user, action, target));
answers["channel-grants/testing"] = matchers.toBeAllowed(eve, "publish.edit", { connections: ["fb"] }).message();`,
    answer: [
      "eve may not publish.edit on fb: fb holds view-only in publish and needs needs-approval.\n",
      "  connection  holds      needs",
      "  fb          view-only  needs-approval",
    ].join("\n"),
  },
  "channel-grants/testing/arbitraries": {
    asks: `
import { sample } from "fast-check";
import { users } from "channel-grants/testing/arbitraries";
const drawn = sample(users(engage), 20);
answers["channel-grants/testing/arbitraries"] = drawn.filter((row) => createUser(engage, row).id === row.id).length;`,
    answer: 20,
  },
  "channel-grants/react": {
    asks: `
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { createGrantsReact } from "channel-grants/react";
const { Can, GrantsProvider } = createGrantsReact(engage);
const edit = createElement(Can, { do: "publish.edit", on: { connections: ["fb"] } }, "Edit");
answers["channel-grants/react"] = renderToString(createElement(GrantsProvider, { user: ana }, edit));`,
    answer: "Edit",
  },
};

/** A program that asks all that the entries are asked, in each form that it is run in, and what it is to say. */
interface Program {
  readonly esModule: string;
  readonly commonJs: string;
  readonly typed: string;
  readonly answers: unknown;
}

function programOf(entries: readonly string[]): Program {
  const asked = entries.map((entry) => questions[entry]?.asks).join("\n");
  const esModule = `const answers = {};\n${asked}\nconsole.log(JSON.stringify(answers));\n`;
  return {
    esModule,
    commonJs: esModule.replaceAll(/import (\{.*\}) from (".*");/g, "const $1 = require($2);"),
    typed: `${esModule.replace("answers =", "answers: Record<string, unknown> =")}${types}`,
    answers: Object.fromEntries(entries.map((entry) => [entry, questions[entry]?.answer])),
  };
}

const types = `
declare const console: { log(text: string): void };
import type { Engage, Policy, User } from "channel-grants";
export const user: User<Engage> = ana;
export const policies: readonly Policy[] = [engage, buffer, own];
export { account, cat, own, post, read };
export const refused = [
  // @ts-expect-error a misspelt action
  () => can(ana, "publish.edti", { connections: ["fb"] }),
  // @ts-expect-error a misspelt level
  () => createUser(own, { id: "cat", role: "author", grants: { fb: { posts: "al" } } }),
];
`;

const entries = Object.keys(questions);
const whole = programOf(entries);
/** What renders is for servers, and not for bundles. */
const bundled = programOf(entries.filter((entry) => !entry.endsWith("/react")));
/** Nobody needs fast-check or React for anything but the entry that imports it. */
const withoutPeers = programOf(entries.filter((entry) => !/\/(arbitraries|react)$/.test(entry)));
const peers = ["fast-check", "react", "react-dom"];
const oldestPeers = ["fast-check@3.20.0", "react@18.0.0", "react-dom@18.0.0"];
const typesOfPeers = ["@types/react", "@types/react-dom"];

/** For each entry a program that loads nothing else, and tells the names that it has. */
const alone = Object.fromEntries(
  entries.map((entry) => [
    `${entry.replaceAll("/", "-")}.mjs`,
    `import * as all from "${entry}";\nconsole.log(JSON.stringify(Object.keys(all).length > 0));\n`,
  ]),
);

/** How one project fared: what kept it from deciding, if anything did. */
interface Outcome {
  readonly project: string;
  readonly failure?: string;
  readonly missing?: true;
}

/** The compilers of today, which also emit declarations of what an application makes of the package. */
const compilers = ["typescript-5.5", "typescript", "typescript-6", "typescript-7"];

const temporary = await mkdtemp(join(tmpdir(), "consumers-"));
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
  const exported = Object.keys(manifest.exports).filter((key) => key !== "./package.json");
  const unasked = exported.map((key) => join(manifest.name, key)).filter((entry) => !(entry in questions));
  return unasked.map((project) => ({ project, failure: "no project asks it anything" }));
}

/** Packs as publishing does, with the build before it. */
async function pack(): Promise<string> {
  await execute("npm", ["pack", "--pack-destination", temporary], { cwd: root });
  return join(temporary, `${manifest.name}-${manifest.version}.tgz`);
}

/** Gives the path of a version of Node, where there is one for this machine. */
async function runtime(major: string): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  try {
    const folder = await project(`node-${major}`, {}, `${name}@${major}`);
    return join(folder, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
  } catch {
    return undefined;
  }
}

/** Makes a project of its own, with some dependencies. */
async function project(
  name: string,
  files: Readonly<Record<string, string>>,
  ...dependencies: readonly string[]
): Promise<string> {
  const folder = join(temporary, name.replaceAll(" ", "-"));
  const all = { "package.json": JSON.stringify({ name: "consumer", private: true, type: "module" }), ...files };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...dependencies], { cwd: folder });
  return folder;
}

/** Runs a file and compares what it decides. */
async function decides(folder: string, file: string, { answers }: Program, node = process.execPath): Promise<void> {
  const { stdout } = await execute(node, [file], { cwd: folder });
  if (!isDeepStrictEqual(JSON.parse(stdout), answers)) throw new Error(`${file} decided ${stdout}`);
}

async function outcome(project: string, work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return { project };
  } catch (error) {
    // A compiler writes its complaints where a program writes its output.
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    return { project, failure: stdout + stderr || String(error) };
  }
}

type Runtimes = Promise<readonly { readonly major: string; readonly node: string | undefined }[]>;

async function inNode(
  name: string,
  files: Readonly<Record<string, string>>,
  program: Program,
  dependencies: readonly string[],
  runtimes: Runtimes,
): Promise<readonly Outcome[]> {
  const folder = await project(name, files, ...dependencies);
  const [file] = Object.keys(files) as [string];
  const each = (await runtimes).map(async ({ major, node }): Promise<Outcome> => {
    if (node === undefined) return { project: `${name}, Node ${major}`, missing: true };
    const { stdout: version } = await execute(node, ["--version"]);
    return outcome(`${name}, Node ${version.trim()}`, () => decides(folder, file, program, node));
  });
  return Promise.all(each);
}

/** Compiles as strictly as can be, the package's own declarations too, and runs what comes out. */
async function inTypeScript(
  name: string,
  program: Program,
  dependencies: readonly string[],
): Promise<readonly Outcome[]> {
  const resolutions = [
    { module: "node16", moduleResolution: "node16", files: ["main.mts", "main.cts"] },
    { module: "nodenext", moduleResolution: "nodenext", files: ["main.mts", "main.cts"] },
    { module: "esnext", moduleResolution: "bundler", files: ["main.ts"] },
  ];
  const sources = Object.fromEntries(["main.mts", "main.cts", "main.ts"].map((file) => [file, program.typed]));
  const folder = await project(name, sources, ...dependencies);
  const outcomes: Outcome[] = [];
  for (const compiler of ["typescript-5.4", ...compilers]) {
    const { version } = JSON.parse(await readFile(join(root, "node_modules", compiler, "package.json"), "utf8"));
    const each = resolutions.map(({ files, ...options }) =>
      outcome(`${name} ${version}, ${options.moduleResolution}`, async () => {
        const outDir = `${compiler}-${options.moduleResolution}`;
        const compilerOptions = {
          ...options,
          ...{ outDir, target: "es2022", lib: ["es2022", "dom"], types: [], declaration: true },
          ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, skipDefaultLibCheck: true },
        };
        await writeFile(join(folder, `${outDir}.json`), JSON.stringify({ compilerOptions, files }));
        const tsc = join(root, "node_modules", compiler, "bin", "tsc");
        await execute(process.execPath, [tsc, "-p", `${outDir}.json`], { cwd: folder });
        for (const file of files) await decides(folder, join(outDir, file.replace(/ts$/, "js")), program);
      }),
    );
    outcomes.push(...(await Promise.all(each)));
  }
  return outcomes;
}

/** Emits the declarations of a file that wraps every function of every entry, with their types inferred. */
async function declared(dependencies: readonly string[]): Promise<readonly Outcome[]> {
  const text = await readFile(join(root, "test", "package", "wrapped.ts"), "utf8");
  const sources = Object.fromEntries(["main.mts", "main.cts", "main.ts"].map((file) => [file, text]));
  const folder = await project("declarations", sources, ...dependencies);
  const forms = [
    { module: "nodenext", moduleResolution: "nodenext", files: ["main.mts", "main.cts"], composite: true },
    { module: "esnext", moduleResolution: "bundler", files: ["main.ts"], isolatedModules: true },
  ];
  const outcomes: Outcome[] = [];
  for (const compiler of compilers) {
    for (const { files, ...options } of forms) {
      const name = `declarations, ${compiler}, ${options.moduleResolution}`;
      const work = async () => {
        const outDir = `${compiler}-${options.moduleResolution}`;
        const strictly = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, declaration: true };
        const output = { outDir, target: "es2022", lib: ["es2022", "dom"], types: [], emitDeclarationOnly: true };
        const compilerOptions = { ...options, ...output, ...strictly, skipDefaultLibCheck: true };
        await writeFile(join(folder, `${outDir}.json`), JSON.stringify({ compilerOptions, files }));
        const tsc = join(root, "node_modules", compiler, "bin", "tsc");
        await execute(process.execPath, [tsc, "-p", `${outDir}.json`], { cwd: folder });
        for (const file of files) {
          const emitted = await readFile(join(folder, outDir, file.replace(/\.(.?ts)$/, ".d.$1")), "utf8");
          if (/import\("\.|\/dist\//.test(emitted))
            throw new Error(`the declarations lead into the package: ${emitted}`);
        }
      };
      outcomes.push(await outcome(name, work));
    }
  }
  return outcomes;
}

async function inVite(tarball: string): Promise<readonly Outcome[]> {
  const page = '<!doctype html><script type="module" src="./main.js"></script>';
  const folder = await project("Vite", { "index.html": page, "main.js": bundled.esModule }, tarball, "fast-check");
  const built = outcome("Vite", async () => {
    // The polyfill is for old browsers, and runs in no Node.
    const build = { modulePreload: { polyfill: false } };
    await buildWithVite({ root: folder, configFile: false, logLevel: "silent", build });
    const [script] = await readdir(join(folder, "dist", "assets"));
    await decides(folder, join("dist", "assets", String(script)), bundled);
  });
  return [await built];
}

async function inNext(tarball: string): Promise<readonly Outcome[]> {
  const folder = await project("Next.js", nextFiles, tarball, "next@16", "react", "react-dom");
  return [await outcome("Next.js", () => decidesInNext(folder))];
}

async function inEsbuild(tarball: string): Promise<readonly Outcome[]> {
  const files = { "main.js": bundled.esModule, "main.cjs": bundled.commonJs };
  const folder = await project("esbuild", files, tarball, "fast-check");
  const bundles = [
    { platform: "browser", format: "esm", entry: "main.js", outfile: "browser.mjs" },
    ...[undefined, ["custom"], ["worker"]].flatMap((conditions) => [
      {
        platform: "node",
        format: "esm",
        entry: "main.js",
        outfile: `node-${conditions ?? "default"}.mjs`,
        conditions,
      } as const,
      {
        platform: "node",
        format: "cjs",
        entry: "main.cjs",
        outfile: `node-${conditions ?? "default"}.cjs`,
        conditions,
      } as const,
    ]),
  ] as const;
  const each = bundles.map(({ entry, outfile, ...options }) =>
    outcome(`esbuild, ${outfile}`, async () => {
      const how = { ...options, entryPoints: [entry], outfile, absWorkingDir: folder, bundle: true, minify: true };
      await bundle(how as BuildOptions);
      await decides(folder, outfile, bundled);
    }),
  );
  return Promise.all(each);
}

/** Bundles the program, and once more for each entry by itself, and runs the bundles where the package is not. */
async function inNcc(tarball: string): Promise<readonly Outcome[]> {
  const programs = { "main.mjs": bundled.esModule, "main.cjs": bundled.commonJs, ...alone };
  const folder = await project("ncc", programs, tarball, "fast-check", "react", "@vercel/ncc");
  const outcomes: Outcome[] = [];
  for (const file of Object.keys(programs)) {
    const bundle = async () => {
      const out = join("out", file);
      await execute("npx", ["ncc", "build", file, "--out", out], { cwd: folder });
      const [built] = (await readdir(join(folder, out))).filter((name) => /^index\.[cm]?js$/.test(name));
      await runsApart(join(folder, out), String(built), file);
    };
    outcomes.push(await outcome(`ncc, ${file}`, bundle));
  }
  return outcomes;
}

async function inBun(tarball: string): Promise<readonly Outcome[]> {
  const name = `@oven/bun-${process.platform === "win32" ? "windows" : process.platform}-${process.arch.replace("arm64", "aarch64")}`;
  const programs = { "main.mjs": bundled.esModule, "main.cjs": bundled.commonJs, ...alone };
  const folder = await project("Bun", programs, tarball, "fast-check", "react");
  try {
    await execute("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", name], { cwd: folder });
  } catch {
    return [{ project: "Bun", missing: true }];
  }
  const bun = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "bun.exe" : "bun");
  const outcomes: Outcome[] = [];
  for (const file of Object.keys(programs)) {
    const bundle = async () => {
      const out = join("out", file);
      await execute(bun, ["build", file, "--target", "node", "--outfile", join(out, "index.mjs")], { cwd: folder });
      await runsApart(join(folder, out), "index.mjs", file);
    };
    outcomes.push(await outcome(`Bun's bundle, ${file}`, bundle));
    outcomes.push(await outcome(`Bun, ${file}`, async () => tells(await execute(bun, [file], { cwd: folder }), file)));
  }
  return outcomes;
}

/** Runs a bundle in a folder from which nothing of the project is found. */
async function runsApart(folder: string, built: string, file: string): Promise<void> {
  const apart = await mkdtemp(join(temporary, "apart-"));
  await cp(folder, apart, { recursive: true });
  tells(await execute(process.execPath, [built], { cwd: apart }), file);
}

function tells({ stdout }: { readonly stdout: string }, file: string): void {
  const expected = file.startsWith("main.") ? bundled.answers : true;
  if (!isDeepStrictEqual(JSON.parse(stdout), expected)) throw new Error(`${file} decided ${stdout}`);
}

/** Runs a test that passes and one that fails, which prints the decision, with the globals that both runners have. */
async function inRunner(
  name: string,
  command: string,
  options: readonly string[],
  file: string,
  tarball: string,
): Promise<readonly Outcome[]> {
  const load = (names: string, entry: string) =>
    file.endsWith(".cjs") ? `const ${names} = require("${entry}");` : `import ${names} from "${entry}";`;
  const test = (action: string) => `
${load("{ engage }", "channel-grants")}
${load("{ matchers, person }", "channel-grants/testing")}
expect.extend(matchers);
test("ana", () => {
  const ana = person(engage).named("ana").on("fb", { publish: "needs-approval" });
  expect(ana).toBeAllowed("${action}", { connections: ["fb"] });
  expect(ana).not.toBeAllowed("publish.approve", { connections: ["fb"] });
});`;
  const files = { [`passing.${file}`]: test("publish.edit"), [`failing.${file}`]: test("publish.post-now") };
  // Jest takes its configuration from here, and names no files with this ending as tests.
  const jest = { testMatch: ["**/*.test.cjs"] };
  const manifest = JSON.stringify({ name: "consumer", private: true, jest });
  const folder = await project(name, { ...files, "package.json": manifest }, tarball, command);
  const run = (which: string) => execute("npx", [command, ...options, which], { cwd: folder });
  const tested = outcome(name, async () => {
    await run("passing");
    const failed: { readonly stdout?: string; readonly stderr?: string } = await run("failing").catch((error) => error);
    const printed = `${failed.stdout}${failed.stderr}`;
    const decision = "ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access.";
    if (!printed.includes(decision)) throw new Error(`the test that fails printed ${printed}`);
  });
  return [await tested];
}
