import { showValue } from "./message.js";
import { registryOf } from "./registry.js";

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

const errors = /* @__PURE__ */ registryOf<true>("error");

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
    super(path?.length ? `${message} (at ${path.map(showValue).join(" > ")})` : message);
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
