import { showValue } from "./message.js";
import { type ErrorPath, PolicyError, type PolicyErrorCode } from "./policy-error.js";
import { otherMakerOf } from "./registry.js";

/** A place in a value that is being read. */
export interface Place {
  readonly code: PolicyErrorCode;
  /** The keys that lead there. */
  readonly path: ErrorPath;
  /** Collects what is wrong, so that reading goes on behind it; where there is none, the first fault is thrown. */
  readonly faults: Faults | undefined;
}

/** What is wrong, and where. */
export interface Fault {
  readonly code: PolicyErrorCode;
  readonly problem: string;
  readonly path: ErrorPath;
}

/** What is wrong with a value: how many faults there are in all, and as many of the first as there is room for. */
export interface Faults {
  readonly listed: Fault[];
  count: number;
  /** How many more are listed, and how many characters their messages and paths may have. */
  readonly room: { faults: number; characters: number };
}

/** Gives a place from which the first fault is thrown. */
export function at(code: PolicyErrorCode, ...path: ErrorPath): Place {
  // Spelt out: a place without the key would inherit whatever every object does.
  return { code, path, faults: undefined };
}

/** Gives a place some keys further down. */
export function below(place: Place, ...keys: ErrorPath): Place {
  return { ...place, path: [...place.path, ...keys] };
}

/** Gives the place of one of several, where there are several. */
export function belowIfGiven(place: Place, key: string | undefined): Place {
  return key === undefined ? place : below(place, key);
}

/** Reports a fault behind which reading can go on. */
export function addFault({ code, path, faults }: Place, problem: string, ...keys: ErrorPath): void {
  const fault = { code, problem, path: [...path, ...keys] };
  if (!faults) throw new PolicyError(code, problem, fault.path);
  const { listed, room } = faults;
  faults.count++;
  if (room.faults === 0) return;
  const characters = fault.path.reduce<number>((sum, key) => sum + String(key).length, problem.length);
  // A key may be as long as the whole input: the first of them is shown, and not each fault below it.
  if (listed.length > 0 && characters > room.characters) return;
  listed.push(fault);
  room.faults--;
  room.characters -= characters;
}

/** Reports a fault, and gives up the part that is being read. */
export function refuse(place: Place, problem: string, ...keys: ErrorPath): never {
  addFault(place, problem, ...keys);
  // Throws the fault list itself as a sentinel. `readOrSkip` recognises it by identity, so no other exception is swallowed.
  throw place.faults;
}

/** Refuses a value that the library has not made. */
export function refuseLookAlike(kind: "policy" | "user" | "matrix", value: unknown, makers: string): never {
  const found = otherMakerOf(value) ?? `${showValue(value)} is not a ${kind}`;
  refuse(at(`invalid-${kind}`), `${found}; expected what ${makers} returns`);
}

/** Reads a part of a value: where it was given up, there is nothing, and what is beside it can still be read. */
export function readOrSkip<Part>({ faults }: Place, read: () => Part): Part | undefined {
  try {
    return read();
  } catch (thrown) {
    if (faults && thrown === faults) return undefined;
    throw thrown;
  }
}

/** Reads a part of a value, and gives it only where nothing is wrong with it. */
export function readIfFaultless<Part>(place: Place, read: () => Part): Part | undefined {
  const before = place.faults?.count;
  const part = readOrSkip(place, read);
  return place.faults?.count === before ? part : undefined;
}
