import { below, expected, type Refuse, show } from "./errors.js";

/** Tells whether the own keys of a value may be read as data: any object will do that is no list of something. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(Symbol.iterator in value);
}

/** Reads an own property: what is inherited was given by nobody. */
export function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Reads a whole record, where `undefined` is absent, and refuses keys that are not among the known ones. */
export function readRecord(source: unknown, refuse: Refuse, known?: readonly string[]): ReadonlyMap<string, unknown> {
  if (!isRecord(source)) return refuse(`${show(source)} is not accepted; expected a plain object`);
  const record = new Map(Object.entries(source).filter(([, value]) => value !== undefined));
  for (const key of record.keys()) {
    if (known && !known.includes(key)) refuse(`unknown key ${show(key)}; ${expected(known)}`, key);
  }
  return record;
}

/** Copies a list by index: its own iterator might say something else, and a hole is no element to skip. */
export function readList(source: unknown, refuse: Refuse): readonly unknown[] {
  if (!Array.isArray(source)) return refuse(`${show(source)} is not accepted; expected an array`);
  return Array.from({ length: source.length }, (_, index) => source[index]);
}

/** Copies a list of strings. */
export function readStrings(source: unknown, refuse: Refuse): readonly string[] {
  return readList(source, refuse).map((item, index) =>
    typeof item === "string" ? item : refuse(`${show(item)} is not accepted; expected a string`, index),
  );
}

/** Reads one of the accepted names. */
export function readName(source: unknown, refuse: Refuse, accepted: readonly string[]): string {
  if (typeof source === "string" && accepted.includes(source)) return source;
  return refuse(`${show(source)} is not accepted; ${expected(accepted)}`);
}

/** Reads a list of accepted names, each once. */
export function readNames(source: unknown, refuse: Refuse, accepted?: readonly string[]): readonly string[] {
  const names = readStrings(source, refuse);
  names.forEach((name, index) => {
    if (accepted) readName(name, below(refuse, index), accepted);
    if (names.indexOf(name) !== index) refuse(`${show(name)} stands there twice; expected each name once`, index);
  });
  return names;
}

/** Reads a record whose keys are the author's own. */
export function readMap<Value>(
  source: unknown,
  refuse: Refuse,
  read: (value: unknown, refuse: Refuse) => Value,
): Record<string, Value> {
  const record = readRecord(source, refuse);
  return Object.fromEntries([...record].map(([key, value]) => [key, read(value, below(refuse, key))]));
}
