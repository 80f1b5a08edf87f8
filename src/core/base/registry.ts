import { version } from "../../../package.json";

/** The values that are told from look-alikes by identity. */
export type RegisteredKind = "policy" | "user" | "matrix" | "error";

const by = " made by channel-grants ";

/**
 * Gives what the values of one kind stand for. Bundlers load a module several times in one process, so all copies of one
 * version share this; to those of another it tells no more than whose a value is.
 */
export function registryOf<Inside>(kind: RegisteredKind): WeakMap<object, Inside> {
  const registry = openRegistry();
  registry[kind + by + version] ??= new WeakMap();
  return registry[kind + by + version] as WeakMap<object, Inside>;
}

/** Says who made a value, where it was another version. */
export function otherMakerOf(value: unknown): string | undefined {
  for (const [name, values] of Object.entries(openRegistry())) {
    if (values.has(value as object) && !name.endsWith(by + version)) return `a ${name}; this is ${version}`;
  }
  return undefined;
}

/** Opens the registry of the process, by kind and version; its key bears the version of its form. */
function openRegistry(): Record<string, WeakMap<object, unknown>> {
  const key = Symbol.for("channel-grants@1");
  const value = { __proto__: null };
  // Where it is there, it stays; where nobody may add to the global object, each copy is by itself.
  Reflect.defineProperty(globalThis, key, { __proto__: null, value } as PropertyDescriptor);
  return (globalThis as never)[key] ?? value;
}
