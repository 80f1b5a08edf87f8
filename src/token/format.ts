import type { Bits } from "../core/engine/bits.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import { hashText } from "../core/engine/hash-text.js";

// A token is fields between dots, all in characters that a URL and a cookie leave as they are:
//
//   version and fingerprint . role . user id . instant . states . account [. account cap . cap . number of caps . caps]
//     . connections
//
// The different states of connections are listed once, and a connection (or a cap) is the place of its state in that list,
// then its id. A state that ends is followed by its end, and by when the user no longer knows the connection; then the
// instant at which the user was asked about is there, too. Numbers are in base 36, instants are milliseconds. An id that is
// a whole number is one, too; any other id follows a "_".

/** The version of the format: a token of another one is refused. */
export const VERSION = "1-";
export const FIELD = ".";
/** Between two states. */
export const STATE = "~";
/** Between two words of a state. */
export const WORD = "-";
/** Between a state and its end. */
export const END = "_";
/** How the role of a limited user is marked: clauses that name it still hold, or do not. */
export const KEPT = "-k";
export const LEFT_OUT = "-l";

/**
 * Returns a number for all that decides what the bits of a user mean: the areas with their states, and the roles. Policies
 * that differ in their actions alone read each other's tokens.
 */
export function fingerprintOf(engine: CompiledPolicy): string {
  const { areas, roles } = engine.definition;
  const known = fingerprints.get(engine);
  const fingerprint = known ?? VERSION + hashText(JSON.stringify([Object.entries(areas), Object.entries(roles)]));
  if (known === undefined) fingerprints.set(engine, fingerprint);
  return fingerprint;
}

// A server asks it of the same few policies with each request.
const fingerprints = /* @__PURE__ */ new WeakMap<CompiledPolicy, string>();

/** Counts the characters that each place in a list of states takes. */
export function widthOf(states: number): number {
  return Math.max(states - 1, 0).toString(36).length;
}

export function writeBits(bits: Bits): string {
  return ([bits].flat() as number[]).map((word) => word.toString(36)).join(WORD);
}

export function writeInstant(instant: string | undefined): string {
  return instant === undefined ? "" : Date.parse(instant).toString(36);
}

/** Writes a state with when it ends, and when its connection is no longer known. */
export function writeState(bits: Bits, until: string | undefined, leaves: string | undefined): string {
  return [writeBits(bits), writeInstant(until), writeInstant(leaves)].join(END).replace(/_+$/, "");
}

export function writeId(id: string): string {
  if (/^(0|[1-9]\d{0,14})$/.test(id)) return Number(id).toString(36);
  return `_${id.replace(/[^\w-]/g, (unit) => `~${unit.charCodeAt(0).toString(36)}~`)}`;
}

export function readId(text: string): string | undefined {
  // Most ids are written as they are.
  if (/^_[A-Za-z][\w-]*$/.test(text)) return text.slice(1);
  const parts = text.slice(1).split("~");
  const unescaped = () =>
    parts.map((part, index) => (index % 2 === 0 ? part : String.fromCharCode(Number.parseInt(part, 36))));
  const id = text.startsWith("_") ? unescaped().join("") : String(Number.parseInt(text, 36));
  return writeId(id) === text ? id : undefined;
}
