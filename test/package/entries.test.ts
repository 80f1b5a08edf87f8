import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { nodeFileTrace } from "@vercel/nft";
import { Ajv } from "ajv";
import { type BuildOptions, build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import * as source from "../../src/index.js";
import { policySchema } from "../../src/schema/index.js";

// The built files, as an application meets them: `npm test` builds them first.

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = (file: string) => readFileSync(join(root, "dist", file), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.keys(manifest.exports)
  .filter((key) => !key.endsWith(".json"))
  .map((key) => join(manifest.name, key));
let application: string;

beforeAll(() => {
  application = mkdtempSync(join(tmpdir(), "application-"));
  mkdirSync(join(application, "node_modules"));
  symlinkSync(root, join(application, "node_modules", "channel-grants"));
  for (const name of [
    "zod",
    "fast-check",
    "react",
    "react-dom",
    "vue",
    "express",
    "fastify",
    "hono",
    "@types/react",
    "@types/express",
  ]) {
    mkdirSync(dirname(join(application, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(application, "node_modules", name));
  }
  writeFileSync(join(application, "package.json"), "{}");
});

afterAll(() => rmSync(application, { recursive: true }));

/** Runs a file of the application and gives what it printed. */
function run(file: string, code: string): unknown {
  writeFileSync(join(application, file), code);
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: application, encoding: "utf8", stdio: "pipe" }));
}

/** Asks everything about groups of two in publish, and what a wrong call throws. */
function answers(library: typeof source): unknown {
  const { accessLevel, allowedActions, createMatrix, createUser, engage, explain, formatDecision } = library;
  const states = [
    {},
    { publish: "view-only" },
    { publish: "view-only", approver: true },
    { publish: "needs-approval" },
    { publish: "full-access" },
    { publish: "full-access", approver: true },
  ] as const;
  const answered = states.flatMap((a) =>
    states.map((b) => {
      const user = createUser(engage, { id: "p", role: "viewer", grants: { a, b } });
      const group = { connections: ["a", "b"] };
      const decision = explain(user, "publish.post-now", group);
      return [
        accessLevel(user, "publish", group),
        allowedActions(user, group),
        decision,
        formatDecision(decision),
        user,
      ];
    }),
  );
  const matrix = createMatrix(engage, { users: [{ id: "p", role: "admin" }], connections: ["a"] });
  let refused: unknown;
  try {
    (library.can as (...call: unknown[]) => boolean)(matrix.user("p"), "publish.pots");
  } catch (error) {
    refused = [error instanceof library.PolicyError, (error as source.PolicyError).code, String(error)];
  }
  return [answered, matrix.connectionsFor("p", "connections.reconnect"), refused, Object.keys(library).sort()];
}

const expected = JSON.parse(JSON.stringify(answers(source)));
const printed = `console.log(JSON.stringify((${answers.toString()})(library)));`;

describe("the built files", () => {
  it("answer alike by import and by require", () => {
    expect(run("main.mjs", `import * as library from "channel-grants"; ${printed}`)).toEqual(expected);
    expect(run("main.cjs", `const library = { ...require("channel-grants") }; ${printed}`)).toEqual(expected);
  });

  it("answer alike as the ES module that bundlers and browsers take", async () => {
    const loaded = (await import(join(root, "dist/index.js"))) as typeof source;
    expect(JSON.parse(JSON.stringify(answers({ ...loaded })))).toEqual(expected);
  });

  it("are one engine in one process, and one PolicyError, however they are loaded", () => {
    const code = `
      import * as imported from "channel-grants";
      import { createRequire } from "node:module";
      const required = createRequire(import.meta.url)("channel-grants");
      const user = imported.createUser(required.engage, { id: "p", role: "viewer", grants: { fb: { publish: "full-access" } } });
      console.log(JSON.stringify([
        imported.PolicyError === required.PolicyError,
        required.can(user, "publish.post-now", { connections: ["fb"] }),
      ]));`;
    expect(run("both.mjs", code)).toEqual([true, true]);
  });

  const isForNest = (entry: string) => entry.endsWith("/nestjs");
  const others = entries.filter((entry) => !isForNest(entry));

  it.each(others)("of %s give the same thing under each name by import and by require", (entry) => {
    const code = `
      import * as imported from "${entry}";
      import { createRequire } from "node:module";
      const required = createRequire(import.meta.url)("${entry}");
      const names = Object.keys(required);
      console.log(JSON.stringify([names.length > 0, names.filter((name) => !required[name] || imported[name] !== required[name])]));`;
    expect(run("names.mjs", code)).toEqual([true, []]);
  });

  it("for NestJS meet the NestJS of their application, also where import and require have each a copy (tsx)", () => {
    expect(entries.filter(isForNest)).toHaveLength(1);
    expect(built("nestjs.node.js")).toMatch(/^import \{.* HttpException,.*\} from "@nestjs\/common";$/m);
    expect(built("nestjs.node.js")).toMatch(/^import \{ ModulesContainer,.*\} from "@nestjs\/core";$/m);
    expect(built("nestjs.cjs")).toContain('require("@nestjs/common")');
  });

  it.each([
    ["the browser", { platform: "browser" }],
    ["Node", { platform: "node" }],
    // Where a bundler is given conditions, it leaves out "module".
    ["workers at the edge", { platform: "browser", conditions: ["workerd", "worker", "browser"] }],
    ["Node, with conditions of the application's", { platform: "node", conditions: ["custom"] }],
    ["Node, with conditions of a worker", { platform: "node", conditions: ["worker"] }],
    ["Node, with no conditions", { platform: "node", conditions: [] }],
  ] as const satisfies [string, BuildOptions][])(
    "are one engine in a bundle for %s, however they are loaded",
    async (_, options) => {
      const code = `
      import * as imported from "channel-grants";
      const required = require("channel-grants");
      const user = imported.createUser(required.engage, { id: "p", role: "viewer", grants: { fb: { publish: "full-access" } } });
      console.log(JSON.stringify([
        imported.PolicyError === required.PolicyError,
        required.can(user, "publish.post-now", { connections: ["fb"] }),
      ]));`;
      const { outputFiles } = await build({
        stdin: { contents: code, resolveDir: application },
        bundle: true,
        ...options,
        write: false,
      });
      expect(run("bundle.cjs", outputFiles[0]?.text ?? "")).toEqual([true, true]);
    },
  );

  it.each(entries)("of %s are all found by a tool that gathers what a program needs", async (entry) => {
    const names = "console.log(JSON.stringify(Object.keys(all).sort()));";
    const programs = {
      "traced.mjs": `import * as all from "${entry}"; ${names}`,
      "traced.cjs": `const all = { ...require("${entry}") }; ${names}`,
    };
    const expected = Object.entries(programs).map(([file, code]) => [file, run(file, code)] as const);
    const deployed = mkdtempSync(join(tmpdir(), "deployed-"));
    try {
      const files = expected.map(([file]) => join(application, file));
      const { fileList } = await nodeFileTrace(files, { base: "/", processCwd: application });
      for (const path of fileList) {
        mkdirSync(dirname(join(deployed, path)), { recursive: true });
        const [from, to] = [join("/", path), join(deployed, path)];
        if (lstatSync(from).isSymbolicLink()) symlinkSync(join(deployed, readlinkSync(from)), to);
        else copyFileSync(from, to);
      }
      for (const [file, all] of expected) {
        const output = execFileSync(process.execPath, [file], { cwd: join(deployed, application), encoding: "utf8" });
        expect(JSON.parse(output)).toEqual(all);
      }
    } finally {
      rmSync(deployed, { recursive: true });
    }
  });

  it.each(["index.js", "index.cjs"])("import nothing as %s, and need nothing but the language", async (file) => {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(root, "dist", file)],
      bundle: true,
      format: "iife",
      globalName: "library",
      write: false,
      metafile: true,
    });
    expect(Object.keys(metafile.inputs).filter((input) => !input.startsWith("dist/"))).toEqual([]);
    expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external))).toEqual(
      [],
    );
    const code = outputFiles[0]?.text ?? "";
    expect(code).not.toMatch(/\bprocess\b/);
    const loaded = runInContext(`${code}\nlibrary`, createContext()) as typeof source;
    expect(JSON.parse(JSON.stringify(answers({ ...loaded })))).toEqual(expected);
  });

  it.each([
    ["import", "import"],
    ["import", "require"],
    ["require", "import"],
    ["require", "require"],
  ])("are one engine over all entries, the root by %s and the schemas by %s", (...forms) => {
    const load = (name: string, form: string) =>
      form === "import" ? `await import("${name}")` : `createRequire(import.meta.url)("${name}")`;
    const code = `
      import { createRequire } from "node:module";
      import * as z from "zod";
      const { createUser, engage, can } = ${load("channel-grants", forms[0] as string)};
      const { userSchema } = ${load("channel-grants/schema", forms[1] as string)};
      const request = z.object({ user: userSchema(engage) });
      const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
      const { user } = request.parse({ user: ana });
      const issue = request.safeParse({}).error instanceof z.ZodError;
      const shape = z.toJSONSchema(request).properties.user.properties.role.enum;
      console.log(JSON.stringify([can(createUser(engage, user), "publish.post-now", { connections: ["fb"] }), issue, shape]));`;
    expect(run("entries.mjs", code)).toEqual([true, true, ["admin", "viewer"]]);
  });

  it.each(["react.js", "react.node.js", "react.cjs"])("%s is a module for clients, to those who ask", (file) => {
    // A directive counts among the first statements alone.
    expect(built(file)).toMatch(/^("use strict";\n)?"use client";\n/);
  });

  it.each(["import", "require"])("render what a user may do, in React, by %s", (form) => {
    const load = (name: string) => (form === "import" ? `await import("${name}")` : `require("${name}")`);
    const code = `
      (async () => {
        const { createElement } = ${load("react")};
        const { renderToString } = ${load("react-dom/server")};
        const { createUser, engage } = ${load("channel-grants")};
        const { createGrantsReact } = ${load("channel-grants/react")};
        const { Can, GrantsProvider } = createGrantsReact(engage);
        const user = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
        const can = createElement(Can, { do: "publish.post-now", on: { connections: ["fb"] } }, "Post");
        console.log(JSON.stringify(renderToString(createElement(GrantsProvider, { user }, can))));
      })();`;
    expect(run(`rendered.${form === "import" ? "mjs" : "cjs"}`, code)).toBe("Post");
  });

  it.each(["import", "require"])("render what a user may do, in Vue, by %s", (form) => {
    const load = (name: string) => (form === "import" ? `await import("${name}")` : `require("${name}")`);
    const code = `
      (async () => {
        const { createSSRApp, h } = ${load("vue")};
        const { renderToString } = ${load("vue/server-renderer")};
        const { createUser, engage } = ${load("channel-grants")};
        const { createGrantsVue } = ${load("channel-grants/vue")};
        const { Can, provideGrants } = createGrantsVue(engage);
        const user = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
        const setup = () => {
          provideGrants({ user });
          return () => h(Can, { do: "publish.post-now", on: { connections: ["fb"] } }, () => h("b", "Post"));
        };
        const html = await renderToString(createSSRApp({ setup }));
        console.log(JSON.stringify(html.replaceAll(/<!--.*?-->/g, "")));
      })();`;
    expect(run(`rendered-in-vue.${form === "import" ? "mjs" : "cjs"}`, code)).toBe("<b>Post</b>");
  });

  it("export package.json, and nothing that is not meant to be public", () => {
    expect(run("manifest.cjs", `console.log(JSON.stringify(require("channel-grants/package.json").name))`)).toBe(
      "channel-grants",
    );
    expect(Object.keys(manifest.exports)).toEqual([
      ...[
        ".",
        "./approval",
        "./schema",
        "./analysis",
        "./sql",
        "./teams",
        "./authzen",
        "./token",
        "./testing",
        "./testing/arbitraries",
        "./react",
        "./vue",
        "./http",
        "./express",
        "./fastify",
        "./hono",
        "./nestjs",
        "./words",
      ],
      ...["./policy.schema.json", "./package.json"],
    ]);
    expect(Object.keys(manifest.dependencies)).toEqual(["zod"]);
    expect(() => run("inside.cjs", `require("channel-grants/dist/index.cjs")`)).toThrow(
      "ERR_PACKAGE_PATH_NOT_EXPORTED",
    );
    expect(Object.keys(source).sort()).toEqual(
      [
        ...["PolicyError", "accessLevel", "allowedActions", "buffer", "can", "createMatrix", "createUser"],
        ...["definePolicy", "engage", "explain", "frontendRow", "formatDecision", "limit", "beyond", "beyondAccount"],
        "prepareGroup",
      ].sort(),
    );
  });

  it("come with the JSON Schema of a policy, which is that of policySchema, and takes the shipped ones from a file", () => {
    const code = `console.log(JSON.stringify(require("channel-grants/policy.schema.json")))`;
    const schema = run("schema.cjs", code) as object;
    expect(schema).toEqual(z.toJSONSchema(policySchema, { target: "draft-7" }));
    const validate = new Ajv().compile(schema);
    for (const policy of [source.engage, source.buffer]) {
      const file = JSON.parse(
        JSON.stringify({ $schema: "./node_modules/channel-grants/dist/policy.schema.json", ...policy }),
      );
      expect([validate(file), validate.errors]).toEqual([true, null]);
      expect(validate({ ...file, $schema: 5 })).toBe(false);
      expect(validate({ ...file, colour: "red" })).toBe(false);
    }
  });

  it("come with source maps that hold the source", () => {
    const files = readdirSync(join(root, "dist"));
    const maps = files.filter((name) => /(?<!\.node)\.c?js$/.test(name)).map((name) => `${name}.map`);
    for (const ending of [".js.map", ".cjs.map"]) {
      const sources = maps
        .filter((name) => name.endsWith(ending))
        .flatMap((file) => {
          const map = JSON.parse(built(file)) as { sources: string[]; sourcesContent: (string | null)[] };
          expect(map.sourcesContent).not.toContain(null);
          return map.sources;
        });
      expect(sources).toEqual(
        expect.arrayContaining([
          "../src/core/decisions/can.ts",
          "../src/core/models/engage.ts",
          "../src/schema/schemas.ts",
        ]),
      );
    }
  });
});

describe("types resolve", () => {
  const consumer = `
    import { can, createMatrix, createUser, engage, definePolicy, type User, type Engage } from "channel-grants";
    const ana: User<Engage> = createUser(engage, { id: "ana", role: "viewer" });
    export const answer: boolean = can(ana, "publish.post-now", { connections: [] });
    // @ts-expect-error a misspelt action
    can(ana, "publish.pots", { connections: [] });
    export const own = definePolicy({
      name: "own", levels: ["none", "all"], areas: { a: { levels: ["none", "all"] } }, roles: { user: {} },
      actions: { act: { target: "group", allow: { area: "a", level: "all" } } },
    });
    // @ts-expect-error a misspelt role
    createUser(own, { id: "ana", role: "usr" });
    import { userSchema } from "channel-grants/schema";
    import * as z from "zod";
    export const body = z.object({ user: userSchema(engage), at: z.string() });
    export const user: User<Engage> = createUser(engage, body.parse({}).user);
    import { type Person, person } from "channel-grants/testing";
    export const somebody: Person<Engage> = person(engage).on("fb", { publish: "view-only" });
    import { users } from "channel-grants/testing/arbitraries";
    import type { Arbitrary } from "fast-check";
    export const drawn: Arbitrary<{ readonly role: "admin" | "viewer" }> = users(engage);
    import { diffMatrices, type MatrixDiff } from "channel-grants/analysis";
    const account = createMatrix(engage, { users: [] });
    export const diff: MatrixDiff<Engage> = diffMatrices(account, account);
    import { createGrantsSql, type SqlQuery } from "channel-grants/sql";
    const sql = createGrantsSql(engage, { dialect: "postgresql" });
    import { packUser, unpackUser } from "channel-grants/token";
    export const packed: User<Engage> = unpackUser(engage, packUser(user));
    export const feed: SqlQuery = sql.groupsFor({ account: "a", user: "u", action: "publish.edit" });
    import { type FoldedTeams, foldTeams } from "channel-grants/teams";
    export const folded: FoldedTeams<Engage> = foldTeams(engage, { users: [], connections: [] });
    import { createDecisionPoint, type DecisionPoint } from "channel-grants/authzen";
    export const point: DecisionPoint = createDecisionPoint(engage, { account: "a", loadUser: () => ana, onError: () => {} });
    import { createGrantsReact, type GrantsReact } from "channel-grants/react";
    export const components: GrantsReact<Engage> = createGrantsReact(engage);
    export const element: unknown = components.Can({ do: "publish.post-now", on: { connections: [] } });
    import { createGrantsVue, type GrantsVue } from "channel-grants/vue";
    export const composables: GrantsVue<Engage> = createGrantsVue(engage);
    export const shown: boolean = composables.useCan("publish.post-now", () => ({ connections: [] })).value;
    import { createGuard, type Guard } from "channel-grants/http";
    import { createGrantsExpress, type GrantsExpress } from "channel-grants/express";
    export const inExpress: GrantsExpress<Engage> = createGrantsExpress(engage, { user: () => ana });
    import { createGrantsFastify, type GrantsFastify } from "channel-grants/fastify";
    export const inFastify: GrantsFastify<Engage> = createGrantsFastify(engage, { user: () => ana });
    import { createGrantsHono, type GrantsHono } from "channel-grants/hono";
    export const inHono: GrantsHono<Engage> = createGrantsHono(engage, { user: () => ana });
    import { createGrantsNest, type GrantsNest } from "channel-grants/nestjs";
    export const inNest: GrantsNest<Engage> = createGrantsNest(engage);
    export const guard: Guard<Engage, string> = createGuard(engage, { user: (request: string) => ana, onError: () => {} });
    import { createWords, german, type Language } from "channel-grants/words";
    export const language: Language = german;
    createWords(engage, { language, actions: { "publish.post-now": "Jetzt veröffentlichen" } });
    // @ts-expect-error not a role of this policy
    export const role: "boss" = body.parse({}).user.role;`;

  /** Compiles a file of the application, and gives what is wrong with it and what it was resolved to. */
  function compiled(file: string, module: ts.ModuleKind, moduleResolution: ts.ModuleResolutionKind) {
    const program = ts.createProgram([join(application, file)], {
      strict: true,
      noEmit: true,
      declaration: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      types: [],
      skipLibCheck: true,
      module,
      moduleResolution,
    });
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
    return { messages, resolved: program.getSourceFiles().map(({ fileName }) => fileName) };
  }

  it.each([
    ["node16, ES module", "consumer.mts", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16, "index.d.ts"],
    ["node16, CommonJS", "consumer.cts", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16, "index.d.cts"],
    ["bundler", "consumer.ts", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler, "index.d.ts"],
  ])("under %s", (_, file, module, moduleResolution, declarations) => {
    writeFileSync(join(application, file), consumer);
    const { messages, resolved } = compiled(file, module, moduleResolution);
    expect(messages).toEqual([]);
    expect(resolved.filter((name) => name.startsWith(join(root, "dist", "index.")))).toEqual([
      join(root, "dist", declarations),
    ]);
    for (const entry of [
      "schema",
      "sql",
      "teams",
      "authzen",
      "token",
      "testing",
      "arbitraries",
      "react",
      "vue",
      "http",
      "express",
      "fastify",
      "hono",
      "words",
    ]) {
      expect(resolved).toContain(join(root, "dist", declarations.replace("index", entry)));
    }
  });

  const wrapped = readFileSync(join(root, "test/package/wrapped.ts"), "utf8");

  it("every public value is wrapped in the file whose declarations are emitted", async () => {
    for (const [key, entry] of entries.map((name) => [name, name.split("/").at(-1) as string] as const)) {
      const { require: conditions } = manifest.exports[key.replace("channel-grants", ".")];
      const names = Object.keys(await import(join(root, conditions.module)));
      const prefix = entry === "channel-grants" ? "root" : entry;
      for (const name of names)
        expect(wrapped).toMatch(new RegExp(`\\b${prefix}\\.${name}\\b|\\b${name}\\b.* = ${prefix};`));
    }
  });

  it("a compiler can name every type that an exported wrapper of a function needs", () => {
    writeFileSync(join(application, "wrapped.ts"), wrapped);
    const { messages } = compiled("wrapped.ts", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler);
    // The package is only linked here, and so has packages of its own in it, whose names would lead through it.
    expect(messages.filter((message) => !message.includes("'channel-grants/node_modules/"))).toEqual([]);
  });
});

describe("the agency", () => {
  const output = execFileSync("npm", ["start", "--silent", "--workspace", "examples/agency"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const agency = JSON.parse(readFileSync(join(root, "examples/agency/agency.json"), "utf8"));

  it("is of a plausible size", () => {
    expect(agency.people.length).toBeGreaterThanOrEqual(14);
    expect(agency.connections.length).toBeGreaterThanOrEqual(24);
    expect(new Set(agency.connections.map(({ brand }: { brand: string }) => brand)).size).toBe(6);
    expect(new Set(agency.connections.map(({ network }: { network: string }) => network)).size).toBe(5);
    expect(agency.posts.length).toBeGreaterThanOrEqual(10);
  });

  it("is as large as the README says", () => {
    const said = `an agency of ${agency.engage.users.length} people and ${agency.connections.length} connections`;
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain(said);
    expect(output).toContain(
      `${agency.engage.users.length} people, 6 brands, ${agency.connections.length} connections`,
    );
  });

  it("prints what is in its record", () => {
    // Read against the rules by a person; a change of any answer shows as a difference here.
    expect(output).toMatchSnapshot();
  });

  it("agrees with all four worked examples", () => {
    expect(output.match(/✓ agrees/g)).toHaveLength(4);
    expect(output).not.toContain("✗");
  });
});
