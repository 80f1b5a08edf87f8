import { registryOf } from "../base/registry.js";
import { type Bits, wordOf } from "../engine/bits.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import type { Holdings } from "../users/holdings.js";
import type { ConnectionIndex } from "../users/packed-user.js";

/** Who asks about a group: a user, or all users of an account. */
export interface Asker {
  readonly engine: CompiledPolicy;
  /** The account, if there is one; `null` for nobody, who is denied everything in each. */
  readonly origin: object | null | undefined;
}

/**
 * A post group that was looked up. What is kept of answers is about things that never change (a user, and a list of
 * connections of which a change makes another one), so it is never out of date.
 */
export interface Prepared extends Asker {
  readonly ids: readonly string[];
  /** Another engine of the same policy, if one has asked. */
  alike: CompiledPolicy;
  /** The connections of the account that asked last, by number. */
  index: ConnectionIndex | undefined;
  numbers: readonly number[];
  /** Whether a connection is not of that account. */
  isStrange: boolean;
  /** The user who asked last and is in no matrix, with its standing. */
  last: Holdings | undefined;
  standing: Bits;
  /** What can be asked of a group: only who prepares one brings the code for it. */
  readonly ways: {
    /** Refuses to be asked about by somebody of another account, or of another policy. */
    check(group: Prepared, asker: Asker, asked: string): void;
    /** Gives a user's standing over it: the one word that is asked for, as a number, or several. */
    standingOf(group: Prepared, holding: Holdings, words: readonly number[]): Bits;
  };
}

/** Keyed by the group, so that a look-alike is read as the post group that it is. */
export const preparedGroups = /* @__PURE__ */ registryOf<Prepared>("group");

/** Gives of some bits what is asked for: of one word, a number. */
export function inWords(bits: Bits, words: readonly number[]): Bits {
  return words.length === 1 ? wordOf(bits, words[0] as number) : bits;
}
