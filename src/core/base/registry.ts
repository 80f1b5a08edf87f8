import { version } from "../../../package.json";
import { defineValue } from "./define-value.js";

/** What this package recognises by identity, so that look-alikes are refused. */
export type RegisteredKind = "policy" | "user" | "matrix" | "group" | "words" | "error" | "gate";

const by = " made by channel-grants ";

/**
 * Returns the internals of all values of one kind. A bundler may load the package several times in one process, so all
 * copies of a version share them. Copies of another version only see which version made a value.
 */
export function registryOf<Inside>(kind: RegisteredKind): WeakMap<object, Inside> {
  const registry = openRegistry();
  registry[kind + by + version] ??= new WeakMap();
  return registry[kind + by + version] as WeakMap<object, Inside>;
}

/** Names the version that made a value, if it was another one. */
export function otherMakerOf(value: unknown): string | undefined {
  for (const [name, values] of Object.entries(openRegistry())) {
    if (values.has(value as object) && !name.endsWith(by + version)) return `a ${name}; this is ${version}`;
  }
  return undefined;
}

/** Returns the registry of the process, by kind and version. The `1` in its key is the version of this structure. */
function openRegistry(): Record<string, WeakMap<object, unknown>> {
  const key = Symbol.for("channel-grants@1");
  const value = { __proto__: null };
  // An existing registry stays. If the global object is frozen, each copy has a registry of its own.
  defineValue(globalThis, key, value);
  return (globalThis as never)[key] ?? value;
}
