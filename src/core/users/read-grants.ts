import { addFault, below, type Place, refuse } from "../base/faults.js";
import { showValue } from "../base/message.js";
import { isRecord, ownValue, readIterable, readList } from "../base/readers.js";

/** Reads grants in any of the three forms by connection, and leaves out those that are `undefined`. */
export function readGrants<Reading>(
  source: unknown,
  place: Place,
  read: (grant: unknown, place: Place) => Reading,
): Map<string, Reading> {
  const grants = new Map<string, Reading>();
  const add = (connection: string, grant: unknown) => {
    if (grant !== undefined) grants.set(connection, read(grant, below(place, connection)));
  };
  const addEntry = (entry: unknown, entryPlace: Place) => {
    const connection: unknown = Array.isArray(entry) && entry.length === 2 ? ownValue(entry, 0) : undefined;
    if (typeof connection !== "string") {
      return refuse(entryPlace, `${showValue(entry)} is not an entry; expected [connection, grant]`);
    }
    const grant: unknown = ownValue(entry as readonly unknown[], 1);
    if (grant !== undefined && grants.has(connection)) {
      addFault(place, `two grants on ${showValue(connection)}; expected one`, connection);
    }
    add(connection, grant);
  };
  // By key: to make a pair of each would take half as long again.
  if (isRecord(source)) for (const connection of Object.keys(source)) add(connection, ownValue(source, connection));
  else if (Array.isArray(source)) readList(source, place, addEntry);
  else readIterable(source, place, "expected a plain object by connection, a Map or entries", addEntry);
  return grants;
}
