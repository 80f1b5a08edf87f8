import { addFault, below, type Place, readOrSkip, refuse } from "../base/faults.js";
import { showValue } from "../base/message.js";
import { elementAt, isRecord, ownValue, readItems, readIterable } from "../base/readers.js";

/**
 * Reads grants in any of the three forms by connection, and leaves out those that are `undefined`. A reader of plain grants
 * is asked first, if there is one; it needs no place, for it finds nothing wrong.
 */
export function readGrants<Reading>(
  source: unknown,
  place: Place,
  read: (grant: unknown, place: Place) => Reading,
  readPlain: (grant: unknown) => Reading | undefined = none,
): Map<string, Reading> {
  const grants = new Map<string, Reading>();
  const add = (connection: string, grant: unknown) => {
    if (grant !== undefined) grants.set(connection, readPlain(grant) ?? read(grant, below(place, connection)));
  };
  const noEntry = (entry: unknown, index: number) =>
    refuse(below(place, index), `${showValue(entry)} is not an entry; expected [connection, grant]`);
  const addEntry = (entry: unknown, index: number) => {
    const isEntry = Array.isArray(entry) && entry.length === 2;
    const connection: unknown = isEntry ? elementAt(entry, 0) : undefined;
    if (typeof connection !== "string") return noEntry(entry, index);
    const grant = elementAt(entry as readonly unknown[], 1);
    if (grant !== undefined && grants.has(connection)) {
      addFault(place, `two grants on ${showValue(connection)}; expected one`, connection);
    }
    add(connection, grant);
  };
  // By key: to make a pair of each would take half as long again.
  if (isRecord(source)) for (const connection of Object.keys(source)) add(connection, ownValue(source, connection));
  else if (Array.isArray(source)) readItems(source, place, addEntry);
  else if (isPlainMap(source)) {
    // Without its iterator, whose every step makes two objects.
    let index = 0;
    Map.prototype.forEach.call(source, (grant, connection) => {
      if (typeof connection === "string") add(connection, grant);
      else readOrSkip(place, () => noEntry([connection], index));
      index++;
    });
  } else readIterable(source, place, "expected a plain object by connection, a Map or entries", addEntry);
  return grants;
}

function none(): undefined {}

/** Tells whether a value is a Map that nobody taught to list something else. */
function isPlainMap(source: unknown): source is ReadonlyMap<unknown, unknown> {
  return source instanceof Map && source[Symbol.iterator] === Map.prototype.entries;
}
