import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";

// Bundlers load a module several times in one process. `npm test` builds the files first.

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

type Root = typeof import("../../src/index.js");
type Analysis = typeof import("../../src/analysis/index.js");
type Entry = "index" | "analysis";

/** Copies the built files, as those of a version, and loads an entry of them in one of the two forms. */
function copy(form: "ESM" | "CJS", of: string = version): <Module>(entry: Entry) => Promise<Module> {
  const folder = mkdtempSync(join(root, "node_modules", ".copy-"));
  folders.push(folder);
  cpSync(join(root, "dist"), folder, { recursive: true });
  for (const file of readdirSync(folder).filter((name) => /js$/.test(name))) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(`"${version}"`, `"${of}"`));
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const require = createRequire(join(folder, "index.js"));
  return (entry) =>
    form === "CJS"
      ? require(`./${entry}.cjs`)
      : import(/* @vite-ignore */ pathToFileURL(join(folder, `${entry}.js`)).href);
}

const input = { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } } as const;
const post = { connections: ["fb"] };
const refused = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

describe.each([
  ["ESM", "ESM"],
  ["CJS", "CJS"],
  ["ESM", "CJS"],
  ["CJS", "ESM"],
] as const)("two copies of one version, %s and %s", (first, second) => {
  const loaded = Promise.all([copy(first), copy(second)]);

  it("are two", async () => {
    const [one, other] = await loaded;
    expect((await one<Root>("index")).can).not.toBe((await other<Root>("index")).can);
  });

  it("understand each other's policies, users, matrices and errors", async () => {
    const [one, other] = await loaded;
    const [a, b] = [await one<Root>("index"), await other<Root>("index")];
    expect(b.can(a.createUser(a.engage, input), "publish.post-now", post)).toBe(true);
    expect(a.can(b.createUser(a.engage, input), "publish.post-now", post)).toBe(true);
    const account = a.createMatrix(b.engage, { users: [input] });
    expect(b.explain(account.user("ana"), "publish.approve", post).allowed).toBe(false);
    const group = a.prepareGroup(a.engage, post);
    for (const each of [group, account.group(post)]) {
      expect(b.can(account.user("ana"), "publish.post-now", each)).toBe(true);
      expect(account.usersFor("publish.post-now", each)).toEqual(["ana"]);
    }
    const elsewhere = b.createMatrix(b.engage, { users: [input] });
    expect(() => elsewhere.usersFor("publish.post-now", account.group(post))).toThrow("the matrix of another account");
    expect(elsewhere.usersFor("publish.post-now", group)).toEqual(["ana"]);
    const { diffMatrices } = await other<Analysis>("analysis");
    const { users, grants } = diffMatrices(account, b.createMatrix(b.engage, { users: [input] }));
    expect({ users, grants }).toEqual({ users: { added: [], removed: [], roles: [] }, grants: [] });
    const error = refused(() => a.createUser(a.engage, { ...input, role: "boss" as never }));
    expect(error).toBeInstanceOf(b.PolicyError);
    expect(new Error("other")).not.toBeInstanceOf(b.PolicyError);
    class Own extends b.PolicyError {}
    expect(error).not.toBeInstanceOf(Own);
    expect(new Own("invalid-user", "own")).toBeInstanceOf(a.PolicyError);
  });

  it("compare matrices whose policies were defined twice, and say the same", async () => {
    const [one, other] = await loaded;
    const [a, b] = [await one<Root>("index"), await other<Root>("index")];
    const { diffMatrices } = await one<Analysis>("analysis");
    const after = b.createMatrix(b.engage, { users: [{ ...input, role: "admin" }] });
    const { users } = diffMatrices(a.createMatrix(a.engage, { users: [input] }), after);
    expect(users.roles).toEqual([{ user: "ana", before: "viewer", after: "admin" }]);
    expect(() => diffMatrices(a.createMatrix(a.buffer, { users: [] }) as never, after)).toThrow("two policies");
  });

  it("take no JSON for a user", async () => {
    const [one, other] = await loaded;
    const user = (await one<Root>("index")).createUser((await one<Root>("index")).engage, input);
    const { can } = await other<Root>("index");
    expect(() => can(JSON.parse(JSON.stringify(user)), "publish.create")).toThrow("an object is not a user");
  });
});

/** What a page and a route of one application are: two programs that share what is on `globalThis`, each in one bundle. */
const programs = {
  page: `
import { createMatrix, engage } from "channel-grants";
const key = Symbol.for("the account of the application");
globalThis[key] = createMatrix(engage, { users: [${JSON.stringify(input)}] });`,
  route: `
import { can } from "channel-grants";
const account = globalThis[Symbol.for("the account of the application")];
export const answer = can(account.user("ana"), "publish.post-now", ${JSON.stringify(post)});`,
};

it.each([
  ["ESM", "esm"],
  ["CJS", "cjs"],
] as const)("two bundles in one process understand each other's matrices, in %s", async (_, format) => {
  const folder = mkdtempSync(join(root, "node_modules", ".copy-"));
  folders.push(folder);
  const load = async (name: keyof typeof programs) => {
    const outfile = join(folder, `${name}.${format === "esm" ? "mjs" : "cjs"}`);
    const stdin = { contents: programs[name], resolveDir: root };
    await build({ stdin, outfile, format, bundle: true, platform: "node" });
    return import(/* @vite-ignore */ pathToFileURL(outfile).href);
  };
  await load("page");
  expect((await load("route")).answer).toBe(true);
});

it.each(["ESM", "CJS"] as const)("a copy of another version is refused by naming both, in %s", async (form) => {
  const here = await copy(form)<Root>("index");
  const there = await copy(form, "9.8.7")<Root>("index");
  const user = there.createUser(there.engage, input);
  const by = (kind: string) => `a ${kind} made by channel-grants 9.8.7; this is ${version}; expected what`;
  expect(() => here.can(user as never, "publish.create")).toThrow(`${by("user")} createUser or a matrix returns`);
  expect(() => here.createUser(there.engage as never, input as never)).toThrow(`${by("policy")} definePolicy returns`);
  expect(() => there.can(here.createUser(here.engage, input) as never, "publish.create" as never)).toThrow(
    `a user made by channel-grants ${version}; this is 9.8.7`,
  );
  expect(refused(() => there.can(1 as never, "publish.create" as never))).not.toBeInstanceOf(here.PolicyError);
  // A group is a post group to every version.
  const group = there.prepareGroup(there.engage, post);
  expect(here.can(here.createUser(here.engage, input), "publish.post-now", group as never)).toBe(true);
  // Its data is read as anybody's: nothing that it holds is lost.
  expect(here.createUser(here.engage, { ...user } as never).grants).toEqual(input.grants);
});
