import { showValue } from "./message.js";
import { type ErrorPath, PolicyError, type PolicyErrorCode } from "./policy-error.js";
import { otherMakerOf, type RegisteredKind } from "./registry.js";

/**
 * A place in a value that is being read. A place points to the one around it, and a path is built only when a fault is
 * reported: reading makes thousands of places, and most values have no fault.
 */
export interface Place {
  readonly code: PolicyErrorCode;
  /** The place of the value around this one. The outermost value has none. */
  readonly parent: Place | undefined;
  /** The key of this value in the one around it. */
  readonly key: string | number;
  /** Collects faults, so that reading goes on after one. Without it, the first fault is thrown. */
  readonly faults: Faults | undefined;
}

/** A mistake in a value, and where. */
export interface Fault {
  readonly code: PolicyErrorCode;
  readonly problem: string;
  readonly path: ErrorPath;
}

/** A collector of faults. */
export interface Faults {
  /** How many faults were added. */
  readonly count: number;
  add(fault: Fault): void;
}

/** Returns a place where the first fault is thrown. */
export function at(code: PolicyErrorCode, ...path: ErrorPath): Place {
  // All keys are spelt out: one that is left out could come from a polluted `Object.prototype`.
  return below({ code, parent: undefined, key: "", faults: undefined }, ...path);
}

/** Returns a place some keys further down. */
export function below(place: Place, ...keys: ErrorPath): Place {
  let inner = place;
  // By index: each of thousands of grants has a place.
  for (let index = 0; index < keys.length; index++) {
    inner = { code: place.code, parent: inner, key: keys[index] as string | number, faults: place.faults };
  }
  return inner;
}

function pathOf({ parent, key }: Place): ErrorPath {
  return parent ? [...pathOf(parent), key] : [];
}

/** Reports a fault after which reading can go on. */
export function addFault(place: Place, problem: string, ...keys: ErrorPath): void {
  const { code, faults } = place;
  const path = pathOf(below(place, ...keys));
  if (!faults) throw new PolicyError(code, problem, path);
  faults.add({ code, problem, path });
}

/** Reports a fault, and gives up the part that is being read. */
export function refuse(place: Place, problem: string, ...keys: ErrorPath): never {
  addFault(place, problem, ...keys);
  // Throws the collector itself as a sentinel. `readOrSkip` recognises it by identity, so no other exception is swallowed.
  throw place.faults;
}

/** Refuses a value that the library did not make. */
export function refuseLookAlike(
  kind: Exclude<RegisteredKind, "group" | "error" | "gate">,
  value: unknown,
  makers: string,
): never {
  const found = otherMakerOf(value) ?? `${showValue(value)} is ${kind === "words" ? "no" : "not a"} ${kind}`;
  refuse(at(`invalid-${kind}`), `${found}; expected what ${makers} returns`);
}

/** Reads a part of a value. If the part was given up, returns `undefined`, and the parts beside it can still be read. */
export function readOrSkip<Part>({ faults }: Place, read: () => Part): Part | undefined {
  try {
    return read();
  } catch (thrown) {
    if (faults && thrown === faults) return undefined;
    throw thrown;
  }
}

/** Reads a part of a value. If the part has any fault, returns `undefined`. */
export function readIfFaultless<Part>(place: Place, read: () => Part): Part | undefined {
  const before = place.faults?.count;
  const part = readOrSkip(place, read);
  return place.faults?.count === before ? part : undefined;
}
