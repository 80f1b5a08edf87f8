import { escapeUnseen } from "../core/base/message.js";

/** An object or array that was begun: the entries left, and the bracket that ends it. */
interface Open {
  readonly rest: Iterator<readonly [key: string, value: unknown]>;
  readonly end: string;
  isEmpty: boolean;
}

/**
 * Writes plain data as `JSON.stringify` does with two spaces, value by value: the whole may be longer than a string can
 * be. In strings, control characters and invisible characters are escaped.
 */
export function* jsonOf(data: unknown): Iterable<string> {
  const open: Open[] = [];
  const begin = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return escapeUnseen(JSON.stringify(value));
    const isList = Array.isArray(value);
    open.push({ rest: entriesOf(value), end: isList ? "]" : "}", isEmpty: true });
    return isList ? "[" : "{";
  };
  yield begin(data);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const { done, value: entry } = top.rest.next();
    if (done) {
      open.pop();
      yield `${top.isEmpty ? "" : lineAt(open.length)}${top.end}`;
      continue;
    }
    const [key, value] = entry;
    const separator = `${top.isEmpty ? "" : ","}${lineAt(open.length)}`;
    top.isEmpty = false;
    yield `${separator}${key}${begin(value)}`;
  }
  yield "\n";
}

function* entriesOf(value: object): Iterator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    for (const element of value) yield ["", element];
  } else {
    for (const [key, element] of Object.entries(value)) {
      if (element !== undefined) yield [`${escapeUnseen(JSON.stringify(key))}: `, element];
    }
  }
}

function lineAt(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
