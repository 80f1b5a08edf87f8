import { below, expected, type Refuse, show } from "./errors.js";

/** Tells whether the own keys of a value may be read as data: a promise or a list has none that are meant. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]" && !isIterable(value);
}

/** Tells whether a value lists others; a string is none. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function"
  );
}

/** Reads an own property: what is inherited was given by nobody. */
export function own<Shape extends object, Key extends keyof Shape>(record: Shape, key: Key): Shape[Key] | undefined {
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

/** Reads a list by index, each element as it is copied: its own iterator might say something else, and a hole counts. */
export function readList<Item>(source: unknown, refuse: Refuse, read: (item: unknown, index: number) => Item): Item[] {
  if (!Array.isArray(source)) return refuse(`${show(source)} is not accepted; expected an array`);
  return Array.from({ length: source.length }, (_, index) => read(source[index], index));
}

/** Reads a list of strings. */
export function readStrings(source: unknown, refuse: Refuse): readonly string[] {
  return readList(source, refuse, (item, index) =>
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
    if (names.indexOf(name) !== index) refuse(`${show(name)} is listed twice; expected each name once`, index);
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
