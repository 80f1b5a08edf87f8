import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { outcomesOf } from "../support/every-call.js";

// Every name that the built files read, write or spell: one of them in `Object.prototype` must change no answer.

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

describe("what every object inherits changes no answer", () => {
  const names = namesInFiles();
  // So many at once: one by one would take minutes.
  const batches = Array.from({ length: Math.ceil(names.length / 60) }, (_, index) =>
    names.slice(index * 60, (index + 1) * 60),
  );

  it.each(["root", "approval", "analysis", "sql", "testing"])(
    "of %s, whatever the name",
    (entry) => {
      const clean = outcomesOf(entry);
      for (const [kind, value] of Object.entries(kinds)) {
        for (const batch of batches) {
          const polluted = outcomesOf(entry, (work) => whilePolluted(batch, value, work));
          expect(polluted, `${kind} under one of ${batch.join(", ")}`).toEqual(clean);
        }
      }
    },
    120_000,
  );
});
