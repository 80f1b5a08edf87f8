/**
 * A value, or a promise of it.
 *
 * @example
 * ```ts
 * import type { Awaitable } from "channel-grants/http";
 *
 * const answers: Awaitable<string>[] = ["now", Promise.resolve("later")];
 * answers.length; // 2
 * ```
 */
export type Awaitable<Value> = Value | PromiseLike<Value>;
