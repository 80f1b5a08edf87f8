import stringify from "json-stringify-pretty-compact";
import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parse, parseTree } from "jsonc-parser";

const width = 100;

/** Writes a value as JSON, as the page does it. */
export function write(value: unknown, indent = ""): string {
  return stringify(value, { maxLength: Math.max(40, width - indent.length) }).replaceAll("\n", `\n${indent}`);
}

/** Writes a value over a text that is JSON: what did not change keeps the form that it was typed in. */
export function rewrite(text: string, value: unknown): string {
  const root = parseTree(text, [], strict);
  if (root === undefined) return write(value);
  const start = text.slice(0, root.offset);
  const end = text.slice(root.offset + root.length);
  return start + rendered(text, root, value, "") + end;
}

/** Where a value stands in a text: the nearest one that is there, on the way to it. */
export function placeOf(text: string, path: readonly PropertyKey[]): { readonly from: number; readonly to: number } {
  const root = parseTree(text, [], strict);
  const keys = path.map((key) => (typeof key === "number" ? key : String(key)));
  for (let depth = keys.length; root !== undefined && depth > 0; depth--) {
    const node = findNodeAtLocation(root, keys.slice(0, depth));
    // The name of a property says more than the whole of its value.
    const named = node?.parent?.type === "property" ? node.parent.children?.[0] : node;
    const shown = node?.type === "object" || node?.type === "array" ? named : node;
    if (shown) return { from: shown.offset, to: shown.offset + shown.length };
  }
  return { from: 0, to: Math.min(1, text.length) };
}

/** Where a text stops being JSON. */
export function breakOf(text: string): { readonly from: number; readonly to: number } {
  const errors: ParseError[] = [];
  parse(text, errors, strict);
  const [{ offset, length } = { offset: text.length, length: 0 }] = errors;
  const to = Math.min(text.length, offset + Math.max(1, length));
  return { from: Math.min(offset, Math.max(0, to - 1)), to };
}

const strict = { disallowComments: true, allowTrailingComma: false };

function rendered(text: string, node: Node, value: unknown, indent: string): string {
  const source = text.slice(node.offset, node.offset + node.length);
  if (JSON.stringify(getNodeValue(node)) === JSON.stringify(value)) return source;
  // What stands on one line is written anew, on one line where it fits.
  if (!source.includes("\n")) return write(value, indent);
  const inner = `${indent}  `;
  if (node.type === "object" && isRecord(value)) {
    const before = (node.children ?? []).map((each) => each.children ?? []);
    const entries = Object.entries(value);
    const sameKeys =
      before.length === entries.length && before.every(([key], index) => key?.value === entries[index]?.[0]);
    if (sameKeys) {
      const changes = before.map(([, child], index) => [child, entries[index]?.[1]] as const);
      return spliced(text, node, source, changes, inner);
    }
    const lines = entries.map(([key, each]) => {
      const child = before.find(([name]) => name?.value === key)?.[1];
      const shown = child ? rendered(text, child, each, inner) : write(each, inner);
      return `${inner}${JSON.stringify(key)}: ${shown}`;
    });
    return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
  }
  if (node.type === "array" && Array.isArray(value) && node.children?.length === value.length) {
    const changes = node.children.map((child, index) => [child, value[index]] as const);
    return spliced(text, node, source, changes, inner);
  }
  return write(value, indent);
}

/** Puts the changed children into the text of their parent. */
function spliced(
  text: string,
  parent: Node,
  source: string,
  changes: readonly (readonly [Node | undefined, unknown])[],
  inner: string,
): string {
  let written = "";
  let from = 0;
  for (const [child, value] of changes) {
    if (child === undefined) continue;
    const at = child.offset - parent.offset;
    written += source.slice(from, at) + rendered(text, child, value, inner);
    from = at + child.length;
  }
  return written + source.slice(from);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
