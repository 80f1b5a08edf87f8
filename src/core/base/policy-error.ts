import { known } from "./registry.js";

/**
 * Every way in which a call can be wrong.
 *
 * @example
 * ```ts
 * import { createUser, engage, PolicyError, type PolicyErrorCode } from "channel-grants";
 *
 * const codes: PolicyErrorCode[] = [];
 * try {
 *   createUser(engage, JSON.parse('{ "id": "ana", "role": "boss" }'));
 * } catch (error) {
 *   if (error instanceof PolicyError) codes.push(error.code);
 * }
 * codes; // ["invalid-user"]
 * ```
 */
export type PolicyErrorCode =
  | "invalid-policy"
  | "invalid-user"
  | "invalid-grant"
  | "invalid-matrix"
  | "invalid-decision"
  | "invalid-submission"
  | "invalid-event"
  | "invalid-tables"
  | "invalid-query"
  | "duplicate-user"
  | "unknown-user"
  | "unknown-action"
  | "unknown-area"
  | "wrong-target";

/**
 * Where in the given value the fault lies: the keys from its top down to it.
 *
 * @example
 * ```ts
 * import { createUser, engage, type ErrorPath, PolicyError } from "channel-grants";
 *
 * const paths: (ErrorPath | undefined)[] = [];
 * try {
 *   createUser(engage, JSON.parse('{ "id": "ana", "role": "viewer", "grants": { "fb": { "publish": "all" } } }'));
 * } catch (error) {
 *   if (error instanceof PolicyError) paths.push(error.path);
 * }
 * paths; // [["grants", "fb", "publish"]]
 * ```
 */
export type ErrorPath = readonly (string | number)[];

const errors = /* @__PURE__ */ known<true>("error");

/**
 * Is thrown for every mistake of a caller: a value that nobody could have meant is never answered with `false`.
 *
 * `code` is stable and meant for programs, `path` leads to the fault inside the given value (where there is
 * one), and the message names the offending value and says what would be accepted. What one copy of the package throws
 * is an `instanceof` that of every other copy of the same version.
 *
 * @example
 * ```ts
 * import { createUser, engage, PolicyError } from "channel-grants";
 *
 * try {
 *   createUser(engage, JSON.parse('{ "id": "ana", "role": "viewer", "grants": { "fb": { "publish": "all" } } }'));
 * } catch (error) {
 *   error instanceof PolicyError; // true
 *   (error as PolicyError).code; // "invalid-grant"
 *   (error as PolicyError).path; // ["grants", "fb", "publish"]
 * }
 * ```
 */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode;
  declare readonly path?: ErrorPath;

  /** Tells whether a value was thrown by this copy of the package, or by another copy of the same version. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a class that extends this one has no instances but its own.
    return super[Symbol.hasInstance](value) || (this === PolicyError && errors.has(value as object));
  }

  constructor(code: PolicyErrorCode, message: string, path?: ErrorPath) {
    super(path?.length ? `${message} (at ${path.map(show).join(" > ")})` : message);
    // Without a prototype: a descriptor must not inherit what somebody put into every object.
    Object.defineProperty(this, "name", { __proto__: null, value: "PolicyError" } as PropertyDescriptor);
    this.code = code;
    errors.set(this, true);
    if (path?.length) {
      const value = Object.freeze([...path]);
      Object.defineProperty(this, "path", { __proto__: null, value, enumerable: true } as PropertyDescriptor);
    }
  }
}

/** Names a value in a message without running any code of its owner, on one line and at a bounded length. */
export function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return isArray(value) ? "an array" : "an object";
  // To write out a very large integer would take minutes.
  if (typeof value === "bigint" && BigInt.asIntN(1024, value) !== value) return "a bigint";
  const text = String(value);
  return /^[ -~]{0,60}$/.test(text) ? text : quote(text);
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A proxy that was revoked is neither.
    return false;
  }
}

function quote(text: string): string {
  return escapeUnseen(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text));
}

/**
 * Escapes in a JSON string what a terminal obeys or a reader cannot see: controls, directions, joiners, fillers, spaces
 * but the plain one, private and unassigned characters. Of two `#` the second, for they begin commands in logs of CI.
 */
export function escapeUnseen(json: string): string {
  return json.replace(/(?! )[\p{C}\p{Z}\p{DI}\u2800]|#(?=#)/gu, (each) =>
    each.replace(/./gs, (unit) => `\\u${(unit.charCodeAt(0) + 65536).toString(16).slice(1)}`),
  );
}

/** An id as it is where it can be mistaken for nothing else; otherwise quoted, escaped and cut. */
export function name(id: string): string {
  // In the log of a CI run, a line that begins with two colons is a command.
  return /^(?!::)[\w.:@/-]{1,60}$/.test(id) ? id : show(id);
}

/** Joins names as a sentence does: `a, b or c`. */
export function join(names: readonly string[], conjunction: "and" | "or"): string {
  const last = names.length - 1;
  return last > 0 ? `${names.slice(0, last).join(", ")} ${conjunction} ${names[last]}` : names.join();
}

/** Says what would be accepted, for the end of a message, which stays short however many names there are. */
export function expected(names: Iterable<unknown>): string {
  const shown: string[] = [];
  let room = CHARACTERS_SHOWN;
  for (const name of names) {
    const isFull = shown.length === NAMES_SHOWN || room < 0;
    shown.push(isFull ? "another of them" : show(name));
    if (isFull) break;
    room -= show(name).length;
  }
  return `expected ${join(shown, "or") || "nothing"}`;
}

const NAMES_SHOWN = 60;
const CHARACTERS_SHOWN = 1000;
