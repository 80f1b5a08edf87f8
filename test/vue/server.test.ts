import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it, vi } from "vitest";
import * as vue from "vue";
import { compileScript, parse } from "vue/compiler-sfc";
import * as server from "vue/server-renderer";
import * as library from "../../src/index.js";
import * as entry from "../../src/vue/index.js";
import { root } from "../support/snippets.js";

// The Vue entry where there is no window, and the components of docs/vue.md, compiled as a bundler compiles them.

const { createUser, engage } = library;
const viewer = (publish: "needs-approval" | "full-access") =>
  createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish } } });
const text = (html: string) => html.replaceAll(/<!--.*?-->/g, "");

it("what a user may do is in the markup, and Vue has no complaint", async () => {
  expect("window" in globalThis).toBe(false);
  const complaints = [vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
  const { Can, provideGrants, useAccessLevel } = entry.createGrantsVue(engage);
  const Level = { setup: () => ({ level: useAccessLevel("publish", "fb") }), template: "{{ level }}" };
  const page = (user: ReturnType<typeof viewer> | undefined) =>
    vue.createSSRApp({
      components: { Can, Level },
      setup: () => provideGrants({ user }),
      template: '<Can do="publish.create"><Level /><template #fallback>no</template></Can>',
    });
  expect(text(await server.renderToString(page(viewer("full-access"))))).toBe("full-access");
  expect(text(await server.renderToString(page(undefined)))).toBe("no");
  for (const each of complaints) expect(each).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe("the components of docs/vue.md", () => {
  const page = readFileSync(join(root, "docs/vue.md"), "utf8");
  /** The files of the page, by the name in their first line. */
  const files = new Map(
    [...page.matchAll(/^```(?:vue|ts)\n(?:<!--|\/\/) ([\w-]+\.(?:vue|ts))(?: -->)?\n([\s\S]*?)^```/gm)].map(
      ([, name, code]) => [String(name), String(code)],
    ),
  );

  const loaded = new Map<string, Record<string, unknown>>();

  /** Compiles a file of the page, and those that it imports. */
  function load(file: string): Record<string, unknown> {
    const before = loaded.get(file);
    if (before) return before;
    const source = files.get(file) ?? expect.unreachable(`docs/vue.md has no ${file}`);
    let code = source;
    if (file.endsWith(".vue")) {
      const { descriptor, errors } = parse(source, { filename: file });
      expect(errors).toEqual([]);
      code = compileScript(descriptor, { id: file, inlineTemplate: true, templateOptions: { ssr: true } }).content;
    }
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const known = new Map<string, unknown>([
      ["vue", vue],
      ["vue/server-renderer", server],
      ["channel-grants", library],
      ["channel-grants/vue", entry],
    ]);
    const exports = {};
    loaded.set(file, exports);
    const require = (name: string) =>
      name.startsWith("./") ? load(name.slice(2).replace(/\.js$/, ".ts")) : known.get(name);
    new Function("require", "exports", outputText)(require, exports);
    return exports;
  }

  it("render what each user may do", async () => {
    expect([...files.keys()]).toEqual(["grants.ts", "Session.vue", "Toolbar.vue", "App.vue"]);
    const App = load("App.vue").default as vue.Component;
    const shown = async (row: unknown) =>
      text(await server.renderToString(vue.createSSRApp(App, { row }))).replaceAll(/ title="[^"]*"/g, "");
    const [edit, publish] = ["<button>Edit</button>", "<button>Publish</button>"];
    const disabled = "<button disabled>Publish</button>";
    const reconnect = "<button>Reconnect</button>";
    const row = (publish: string, approver = false) => ({
      id: "ana",
      role: "viewer",
      grants: { fb: { publish, approver } },
    });
    expect(await shown(row("needs-approval"))).toBe(edit + disabled + reconnect);
    expect(await shown(row("full-access", true))).toBe(`${edit}${publish}<button>Approve</button>${reconnect}`);
    expect(await shown(undefined)).toBe(`${disabled}<p>Ask an admin to reconnect.</p>`);
  });
});
