import { defineValue } from "./define-value.js";
import { showValue } from "./message.js";
import { registryOf } from "./registry.js";

/**
 * The codes of `PolicyError`: every way in which a call can be wrong.
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
  | "invalid-words"
  | "invalid-submission"
  | "invalid-event"
  | "invalid-tables"
  | "invalid-query"
  | "invalid-guard"
  | "invalid-decision-point"
  | "duplicate-user"
  | "unknown-user"
  | "unknown-action"
  | "unknown-area"
  | "wrong-target";

/**
 * The place of a fault in the given value: the keys that lead down to it.
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

const errors = /* @__PURE__ */ registryOf<true>("error");

/**
 * The error for every mistake of a caller. Invalid arguments throw it, and are never answered with `false`.
 *
 * `code` is stable and meant for programs. `path` leads to the fault inside the given value, if there is one. The message
 * names the wrong value and says what is expected. `instanceof` also recognises an error that another copy of the same
 * version threw.
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
    super(path?.length ? `${message} (at ${path.map(showValue).join(" > ")})` : message);
    defineValue(this, "name", "PolicyError");
    this.code = code;
    errors.set(this, true);
    if (path?.length) defineValue(this, "path", Object.freeze([...path]), true);
  }
}
