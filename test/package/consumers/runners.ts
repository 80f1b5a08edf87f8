import type { Program } from "./programs.js";
import { decides, execute, type Outcome, outcome, project } from "./project.js";

export type Runtimes = Promise<readonly { readonly major: string; readonly node: string | undefined }[]>;

export async function inNode(
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

/** Runs a test that passes and one that fails, which prints the decision, with the globals that both runners have. */
export async function inRunner(
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
