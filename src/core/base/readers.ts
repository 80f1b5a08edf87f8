import { addFault, below, type Place, readIfFaultless, readOrSkip, refuse } from "./faults.js";
import { expected, showValue } from "./message.js";

/** Tells whether a value is a plain object, whose own keys are its data. A list, a Map or a promise is not. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    Object.prototype.toString.call(value) === "[object Object]" &&
    !Array.isArray(value) &&
    !isIterable(value)
  );
}

/** Tells whether a value is an object that lists others. A string is not. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function"
  );
}

/** Reads an own property. Inherited ones are ignored, because they may come from a polluted `Object.prototype`. */
export function ownValue<Shape extends object, Key extends keyof Shape>(
  record: Shape,
  key: Key,
): Shape[Key] | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Returns a copy that inherits nothing, so that its optional fields can be read by destructuring. */
export function ownCopy<Shape extends object>(record: Shape): Shape {
  return { __proto__: null, ...record } as Shape;
}

/**
 * Reads an element. A missing one is `undefined`, even if `Array.prototype` was polluted. Asking the prototype is quicker
 * than asking each list for its own keys.
 */
export function elementAt(list: readonly unknown[], index: number): unknown {
  return index in Array.prototype ? ownValue(list, index) : list[index];
}

/** Reads a record. A key that is `undefined` counts as absent, and an unknown key is refused. */
export function readRecord(
  source: unknown,
  place: Place,
  known?: readonly string[],
  what = "accepted",
): ReadonlyMap<string, unknown> {
  const record = readEntries(source, place, what);
  for (const [key, value] of record) if (value === undefined) record.delete(key);
  if (known) checkKeys(record, place, known);
  return record;
}

/**
 * Reads a record that limits a question. A key that is present and `undefined` is refused: a missing key asks for more, so
 * an id that your application did not find would widen the answer.
 */
export function readQuestion(source: unknown, place: Place, known: readonly string[]): ReadonlyMap<string, unknown> {
  const record = readEntries(source, place);
  checkKeys(record, place, known);
  for (const [key, value] of record) {
    if (value !== undefined) continue;
    addFault(place, `undefined is not accepted; expected a value, or no ${key}`, key);
    record.delete(key);
  }
  return record;
}

/** Reads the optional last argument of a call. For the same reason, it must not be `undefined` if it is given. */
export function readLastArgument<Value>(given: readonly [last?: Value], place: Place, otherwise: Value): Value {
  if (given.length === 0) return otherwise;
  const last = elementAt(given, 0) as Value | undefined;
  return last === undefined ? refuse(place, "undefined is not accepted; expected a value, or no argument") : last;
}

function readEntries(source: unknown, place: Place, what = "accepted"): Map<string, unknown> {
  if (!isRecord(source)) return refuse(place, `${showValue(source)} is not ${what}; expected a plain object`);
  return new Map(Object.entries(source));
}

/** Refuses the unknown keys of a record. */
export function checkKeys(record: ReadonlyMap<string, unknown>, place: Place, known: readonly string[]): void {
  for (const key of record.keys()) {
    if (!known.includes(key)) addFault(place, `unknown key ${showValue(key)}; ${expected(known)}`, key);
  }
}

/** Reads a field of a record. If the field is given up, returns `undefined`, so that faults in other fields are found, too. */
export function readField<Field>(
  record: ReadonlyMap<string, unknown>,
  place: Place,
  key: string,
  read: (value: unknown, place: Place) => Field,
): Field | undefined {
  // Without a collector nothing is skipped, and no closure is needed.
  if (place.faults === undefined) return read(record.get(key), below(place, key));
  return readOrSkip(place, () => read(record.get(key), below(place, key)));
}

/** Reads a list. An element that is given up is left out. */
export function readList<Item>(
  source: unknown,
  place: Place,
  read: (item: unknown, place: Place) => Item,
): readonly Item[] {
  const items: Item[] = [];
  readItems(source, place, (item, index) => {
    items.push(read(item, below(place, index)));
  });
  return items;
}

/**
 * Reads the elements of a list by index, because its own iterator could return something else. A sparse array is refused
 * at its first hole: it may have billions of them.
 */
export function readItems(source: unknown, place: Place, read: (item: unknown, index: number) => void): void {
  if (!Array.isArray(source)) refuse(place, `${showValue(source)} is not accepted; expected an array`);
  const length = lengthOf(source, place);
  for (let index = 0; index < length; index++) {
    if (!Object.hasOwn(source, index))
      refuse(place, `a sparse array is not accepted; expected an element at index ${index}`, index);
    // Without a collector nothing is skipped, and no closure is needed.
    if (place.faults === undefined) read(source[index], index);
    else readOrSkip(place, () => read(source[index], index));
  }
}

/** Reads the length of a list. A proxy may return anything for it. */
export function lengthOf({ length }: readonly unknown[], place: Place): number {
  return Number.isInteger(length)
    ? length
    : refuse(place, "a list without a length is not accepted; expected an array");
}

/** Reads the elements of an iterable, however its iterator behaves. `forms` says what is expected if there is no iterator. */
export function readIterable(
  source: unknown,
  place: Place,
  forms: string,
  read: (item: unknown, index: number) => void,
): void {
  const call = (method: unknown, self: unknown) =>
    typeof method === "function" ? Reflect.apply(method, self, []) : undefined;
  const iterator: Partial<Iterator<unknown>> | undefined = isIterable(source)
    ? call(source[Symbol.iterator], source)
    : undefined;
  const next = iterator?.next;
  for (let index = 0; ; index++) {
    const step: unknown = call(next, iterator);
    if (typeof step !== "object" || step === null) refuse(place, `${showValue(source)} is not accepted; ${forms}`);
    const { done, value } = step as IteratorResult<unknown>;
    if (done) return;
    readOrSkip(place, () => read(value, index));
  }
}

/** Reads a string. */
export function readString(source: unknown, place: Place, what = "accepted"): string {
  return typeof source === "string" ? source : refuse(place, `${showValue(source)} is not ${what}; expected a string`);
}

/** Reads a function of the application's. */
export function readFunction(value: unknown, place: Place): unknown {
  return typeof value === "function"
    ? value
    : refuse(place, `${showValue(value)} is not accepted; expected a function`);
}

/** Reads a list of strings. */
export function readStrings(source: unknown, place: Place): readonly string[] {
  return readList(source, place, (item, each) => readString(item, each));
}

/** Names that can be looked up and listed: the elements of a set, or the keys of a map. */
export type Names = Accepted<string>;

interface Accepted<Value> {
  has(value: Value): boolean;
  keys(): Iterable<Value>;
}

/** Reads one of the accepted names, or any name if these are not known. */
export function readName(source: unknown, place: Place, accepted: Names | undefined): string {
  return accepted ? readOneOf(source, place, accepted) : readString(source, place);
}

/** Reads true or false. */
export function readBoolean(source: unknown, place: Place): boolean {
  return readOneOf(source, place, new Set([true, false]));
}

function readOneOf<Value>(source: unknown, place: Place, accepted: Accepted<Value>): Value {
  if (accepted.has(source as Value)) return source as Value;
  return refuse(place, `${showValue(source)} is not accepted; ${expected(accepted.keys())}`);
}

/** Reads a list of names, each once. `none` is the problem of an empty list, if that is one. */
export function readNames(source: unknown, place: Place, accepted?: Names, none?: string): readonly string[] {
  const names = new Set<string>();
  const items = readList(source, place, (item) => item);
  if (none && items.length === 0) refuse(place, none);
  readList(items, place, (item, each) => {
    const name = readName(item, each, accepted);
    if (names.has(name)) refuse(each, `${showValue(name)} is listed twice; expected each name once`);
    names.add(name);
  });
  return [...names];
}

/** Reads a record whose keys are names of its author's. A value with a fault is `undefined`. */
export function readMap<Value>(
  source: unknown,
  place: Place,
  read: (value: unknown, place: Place) => Value,
): ReadonlyMap<string, Value | undefined> {
  const record = readRecord(source, place);
  return new Map(
    [...record].map(([key, value]) => [key, readIfFaultless(place, () => read(value, below(place, key)))]),
  );
}
