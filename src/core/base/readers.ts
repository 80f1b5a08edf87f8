import { addFault, below, type Place, readIfFaultless, readOrSkip, refuse } from "./faults.js";
import { expected, showValue } from "./message.js";

/** Tells whether the own keys of a value may be read as data: a promise or a list has none that are meant. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    Object.prototype.toString.call(value) === "[object Object]" &&
    !Array.isArray(value) &&
    !isIterable(value)
  );
}

/** Tells whether a value lists others; a string is none. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function"
  );
}

/** Reads an own property: what is inherited was given by nobody. */
export function ownValue<Shape extends object, Key extends keyof Shape>(
  record: Shape,
  key: Key,
): Shape[Key] | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Gives a copy that inherits nothing, so that what is optional in it can be read by destructuring. */
export function ownCopy<Shape extends object>(record: Shape): Shape {
  return { __proto__: null, ...record } as Shape;
}

/** Reads an element: what a hole inherits was given by nobody. To ask the prototype first is quicker than to ask the list. */
export function elementAt(list: readonly unknown[], index: number): unknown {
  return index in Array.prototype ? ownValue(list, index) : list[index];
}

/** Reads a whole record, where `undefined` is absent, and refuses keys that are not among the known ones. */
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
 * Reads a record that says what is asked, or of whom, and refuses a key that is there and `undefined`. Because a key that
 * is left out asks for more, an id that was not found would widen the answer.
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

/** Reads the last argument of a call, which is left out or has a value, for the same reason. */
export function readLastArgument<Value>(given: readonly [last?: Value], place: Place, otherwise: Value): Value {
  if (given.length === 0) return otherwise;
  const last = elementAt(given, 0) as Value | undefined;
  return last === undefined ? refuse(place, "undefined is not accepted; expected a value, or no argument") : last;
}

function readEntries(source: unknown, place: Place, what = "accepted"): Map<string, unknown> {
  if (!isRecord(source)) return refuse(place, `${showValue(source)} is not ${what}; expected a plain object`);
  return new Map(Object.entries(source));
}

/** Refuses the keys of a record that are not among the known ones. */
export function checkKeys(record: ReadonlyMap<string, unknown>, place: Place, known: readonly string[]): void {
  for (const key of record.keys()) {
    if (!known.includes(key)) addFault(place, `unknown key ${showValue(key)}; ${expected(known)}`, key);
  }
}

/** Reads a field of a record, whose faults do not hide those of the others; where it was given up, there is nothing. */
export function readField<Field>(
  record: ReadonlyMap<string, unknown>,
  place: Place,
  key: string,
  read: (value: unknown, place: Place) => Field,
): Field | undefined {
  return readOrSkip(place, () => read(record.get(key), below(place, key)));
}

/**
 * Reads a list by index: its own iterator might say something else. An element that was given up is left out; at a hole
 * the list is, for it may have four thousand million of them.
 */
export function readList<Item>(
  source: unknown,
  place: Place,
  read: (item: unknown, place: Place) => Item,
): readonly Item[] {
  if (!Array.isArray(source)) return refuse(place, `${showValue(source)} is not accepted; expected an array`);
  const items: Item[] = [];
  const length = lengthOf(source, place);
  for (let index = 0; index < length; index++) {
    if (!Object.hasOwn(source, index)) return refuse(place, "a hole is not accepted; expected an element", index);
    readOrSkip(place, () => items.push(read(source[index], below(place, index))));
  }
  return items;
}

/** Reads how long a list is; a proxy may say anything. */
export function lengthOf({ length }: readonly unknown[], place: Place): number {
  return Number.isInteger(length)
    ? length
    : refuse(place, "a list without a length is not accepted; expected an array");
}

/** Reads what an iterable lists, however its iterator behaves; `forms` ends the message where it cannot be asked. */
export function readIterable(
  source: unknown,
  place: Place,
  forms: string,
  read: (item: unknown, place: Place) => void,
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
    readOrSkip(place, () => read(value, below(place, index)));
  }
}

/** Reads a string. */
export function readString(source: unknown, place: Place, what = "accepted"): string {
  return typeof source === "string" ? source : refuse(place, `${showValue(source)} is not ${what}; expected a string`);
}

/** Reads a list of strings. */
export function readStrings(source: unknown, place: Place): readonly string[] {
  return readList(source, place, (item, each) => readString(item, each));
}

/** Names that can be looked up and listed: a set of them, or a map by them. */
export type Names = Accepted<string>;

interface Accepted<Value> {
  has(value: Value): boolean;
  keys(): Iterable<Value>;
}

/** Reads one of the accepted names, or any where it is not known which are. */
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

/** Reads a list of names, each once, which may have to name something. */
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

/** Reads a record whose keys are the author's own; where something is wrong with a value, there is none. */
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
