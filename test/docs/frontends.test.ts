import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformAsync } from "@babel/core";
import * as solid from "solid-js";
import * as solidWeb from "solid-js/web";
import * as svelte from "svelte";
import { compile } from "svelte/compiler";
import { render } from "svelte/server";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";
import { root } from "../support/snippets.js";

// The recipes of docs/frontends.md, compiled as a bundler compiles them, and rendered on a server.

const page = readFileSync(join(root, "docs/frontends.md"), "utf8");

/** The files of a framework, by the name in their first line. */
function filesOf(framework: string): ReadonlyMap<string, string> {
  const fence = new RegExp(
    `^\`\`\`(?:ts|svelte|tsx?)(?: ${framework})?\\n(?:<!--|//) (\\S+)(?: -->)?\\n([\\s\\S]*?)^\`\`\``,
    "gm",
  );
  return new Map([...page.matchAll(fence)].map(([, name, code]) => [String(name), String(code)]));
}

// It is for compiled components, and has no types.
const svelteInternals: unknown = await import(["svelte", "internal", "server"].join("/"));
const packages = new Map<string, unknown>([
  ["channel-grants", library],
  ["svelte", svelte],
  ["svelte/internal/server", svelteInternals],
  ["solid-js", solid],
  ["solid-js/web", solidWeb],
]);

/** Loads a file and those that it imports, each once; each is compiled to an ES module first. */
async function load(
  files: ReadonlyMap<string, string>,
  file: string,
  toModule: (code: string, file: string) => Promise<string>,
  loaded = new Map<string, Record<string, unknown>>(),
): Promise<Record<string, unknown>> {
  const module = await toModule(files.get(file) ?? expect.unreachable(`docs/frontends.md has no ${file}`), file);
  const { outputText } = ts.transpileModule(module, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const known = new Map(packages);
  for (const [, name = ""] of module.matchAll(/from ["']\.\/([^"']+)["']/g)) {
    const beside = [name, name.replace(/\.js$/, ".ts"), name.replace(/\.js$/, ".tsx")].find((each) => files.has(each));
    known.set(`./${name}`, loaded.get(String(beside)) ?? (await load(files, String(beside), toModule, loaded)));
  }
  const exports = {};
  loaded.set(file, exports);
  new Function("require", "exports", outputText)((name: string) => known.get(name), exports);
  return exports;
}

const rows = ["needs-approval", "full-access"].map((publish) => ({
  id: "ana",
  role: "viewer",
  grants: { fb: { publish } },
}));
const edit = "<button>Edit</button>";

describe("the recipe for Svelte", () => {
  const files = filesOf("svelte");

  it("compiles for a browser without a warning", () => {
    for (const [file, code] of files) {
      if (!file.endsWith(".svelte")) continue;
      expect(compile(code, { filename: file, generate: "client" }).warnings).toEqual([]);
    }
    expect([...files.keys()]).toEqual(["may.ts", "grants.ts", "Toolbar.svelte", "App.svelte"]);
  });

  it("renders what each user may do, and nobody until the user is loaded", async () => {
    const loaded = await load(files, "App.svelte", async (code, file) =>
      file.endsWith(".svelte") ? compile(code, { filename: file, generate: "server" }).js.code : code,
    );
    const shown = (row: unknown) =>
      render(loaded.default as never, { props: { row } as never })
        .body.replaceAll(/<!--.*?-->/g, "")
        .replaceAll(/\s*\n\s*/g, "")
        .replaceAll(/> </g, "><")
        .trim();
    expect(rows.map(shown)).toEqual([`${edit}<button disabled="">Publish</button>`, `${edit}<button>Publish</button>`]);
    expect(shown(undefined)).toBe('<button disabled="">Publish</button>');
  });
});

describe("the recipe for Solid", () => {
  const files = filesOf("solid");
  const compiled = (generate: "ssr" | "dom") => async (code: string, file: string) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, jsx: ts.JsxEmit.Preserve },
      fileName: file,
    });
    const presets = [["babel-preset-solid", { generate }]];
    return (
      (await transformAsync(outputText, { presets, filename: file, configFile: false, babelrc: false }))?.code ?? ""
    );
  };

  it("compiles for a browser", async () => {
    expect([...files.keys()].filter((file) => file.endsWith(".tsx"))).toEqual(["grants.tsx", "app.tsx"]);
    expect(await compiled("dom")(files.get("app.tsx") ?? "", "app.tsx")).toContain("_$createComponent(Show");
  });

  it("renders what each user may do, and nobody until the user is loaded", async () => {
    const { App } = await load(files, "app.tsx", compiled("ssr"));
    const shown = (row: unknown) =>
      solidWeb
        .renderToString(() => solid.createComponent(App as never, { row } as never))
        .replaceAll(/<!--.*?-->/g, "");
    expect(rows.map(shown)).toEqual([`${edit}<button disabled>Publish</button>`, `${edit}<button>Publish</button>`]);
    expect(shown(undefined)).toBe("<button disabled>Publish</button>");
  });
});
