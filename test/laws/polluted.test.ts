import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { calls, outcomesOf, renderNowhere } from "../support/every-call.js";

// Every name that the built files read, write or spell: one of them in `Object.prototype` must change no answer.

// The same modules as the built files load.
const require = createRequire(import.meta.url);
const { createContext, createElement, useContext, useMemo, useState, useSyncExternalStore } =
  require("react") as typeof import("react");
const { renderToString } = require("react-dom/server") as typeof import("react-dom/server");
const vue = require("vue") as typeof import("vue");
const z = require("zod") as typeof import("zod");

const dist = new URL("../../dist/", import.meta.url);

/** Lists the names in the built files. A `toJSON` in every object is heard by JSON itself. */
function namesInFiles(): readonly string[] {
  const names = new Set(["-1", "0", "1", "2"]);
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) names.add(node.name.text);
    if (ts.isIdentifier(node) && ts.isBindingElement(node.parent)) names.add(node.text);
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) names.add(node.name.text);
    if (ts.isStringLiteral(node) && /^[\w-]{1,40}$/.test(node.text)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  const files = readdirSync(dist).filter((file) => file.endsWith(".js") && !file.endsWith(".node.js"));
  for (const file of files) {
    visit(ts.createSourceFile(file, readFileSync(new URL(file, dist), "utf8"), ts.ScriptTarget.ES2022, true));
  }
  return [...names].filter((name) => name !== "toJSON" && !(name in Object.prototype));
}

const many = { strings: ["EVIL", ""], values: ["evil"], heading: "EVIL", lines: ["EVIL"], rows: [["EVIL"], ["EVIL"]] };
const kinds: Readonly<Record<string, unknown>> = {
  "a text": "publish",
  "a list": Object.assign(["fb"], many),
  "a function": () => many,
};

/** Does something while every object inherits a value under some names. */
function whilePolluted(names: readonly string[], value: unknown, work: () => void): void {
  // Without a prototype: a descriptor would inherit what was put there before.
  const descriptor = {
    __proto__: null,
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  } as PropertyDescriptor;
  for (const name of names) Object.defineProperty(Object.prototype, name, descriptor);
  try {
    work();
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
}

// What a library does by itself where every object inherits something is its own affair: such names are left out.
const Shown = createContext<string | undefined>(undefined);
const Reader = () => {
  const text = useSyncExternalStore(
    () => () => {},
    () => "text",
    () => "text",
  );
  return [useContext(Shown), useMemo(() => text, [text]), useState(text)[0]].join();
};
/** A fault that is not zod's own, as every one of the library's is. */
const found = () =>
  z
    .unknown()
    .superRefine((_, { addIssue }) => addIssue({ code: "custom", message: "wrong" }))
    .safeParse(1).error?.issues;
const libraries: Readonly<Record<string, () => unknown>> = {
  schema: () => [
    z.unknown().describe("any").safeParse({ a: 1 }),
    z.object({ a: z.string() }).safeParse({ a: 1 }).error?.issues,
    found(),
  ],
  react: () => renderToString(createElement(Shown.Provider, { value: "a" }, createElement(Reader))),
  vue: () => {
    const seen: unknown[] = [];
    const key = Symbol("key");
    const Asked = vue.defineComponent({
      props: ["do", "on"],
      setup(props, { slots }) {
        const [user, words] = vue.inject(key, undefined) as never as [{ value: string }, { value: string }];
        const text = vue.computed(
          (before) => before ?? [user.value, words.value, props.do, vue.toValue(() => props.on)],
        );
        return () => [seen.push(text.value, Object.keys(slots)), ...(slots.default?.() ?? [])] as never;
      },
    });
    const Asking = {
      setup: () => () => [
        vue.h(Asked, { do: "a", on: { connections: ["fb"] } }, { default: () => [seen.push("slot")] as never }),
        vue.h(Asked, { do: "a" }, { either: (each: unknown) => [seen.push(each)] as never }),
      ],
    };
    const setup = () => {
      vue.provide(key, [vue.computed(() => "user"), vue.computed(() => "words")]);
      return () => vue.h(Asking);
    };
    renderNowhere({ setup });
    return seen;
  },
  command: () => [
    parseArgs({
      args: ["a.json", "--on", "fb", "--json"],
      options: { on: { type: "string", multiple: true }, json: { type: "boolean" } },
      allowPositionals: true,
    }),
    z.string().safeParse(1).error?.issues,
    found(),
  ],
};

const wordsOfFastCheck = new Set(readFileSync(require.resolve("fast-check"), "utf8").match(/[\w-]+/g));
// These are words of its own objects, which have them.
for (const name of ["flags"]) wordsOfFastCheck.delete(name);

/** Tells whether a library, when it does something that we have no part in, does the same under some names. */
function leavesLibrary(entry: string, names: readonly string[], value: unknown): boolean {
  // What it draws depends on every name that it reads, and with some of them it never ends.
  if (entry === "arbitraries") return !names.some((name) => wordsOfFastCheck.has(name));
  const outcome = () => {
    try {
      return libraries[entry]?.();
    } catch (error) {
      return String(error);
    }
  };
  const clean = JSON.stringify(outcome());
  let found: unknown;
  whilePolluted(names, value, () => {
    found = outcome();
  });
  return JSON.stringify(found) === clean;
}

describe("what every object inherits changes no answer", () => {
  const all = namesInFiles();

  it.each(Object.keys(calls))(
    "of %s, whatever the name",
    (entry) => {
      const clean = outcomesOf(entry);
      for (const [kind, value] of Object.entries(kinds)) {
        const names = all.filter((name) => leavesLibrary(entry, [name], value));
        // So many at once: one by one would take minutes.
        for (let start = 0; start < names.length; start += 60) {
          const batch = names.slice(start, start + 60);
          const parts = leavesLibrary(entry, batch, value) ? [batch] : batch.map((name) => [name]);
          for (const part of parts) {
            const polluted = outcomesOf(entry, (work) => whilePolluted(part, value, work));
            expect(polluted, `${kind} under one of ${part.join(", ")}`).toEqual(clean);
          }
        }
      }
    },
    120_000,
  );
});
