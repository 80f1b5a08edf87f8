import { refuseLookAlike } from "../base/faults.js";
import { registryOf } from "../base/registry.js";
import type { ReadDecision } from "./read-decision.js";

/**
 * The words of an application: a language, labels and who reads. `createWords` of `channel-grants/words` makes them.
 *
 * @example
 * ```ts
 * import { engage, type Words } from "channel-grants";
 * import { createWords, english } from "channel-grants/words";
 *
 * const words: Words = createWords(engage, { language: english, reader: "ana" });
 * words; // { locale: "en", form: "short", reader: "ana" }
 * ```
 */
export interface Words {
  readonly locale: string;
  readonly form: "short" | "long";
  readonly reader?: string;
}

/** What can have a label. */
export type LabelKind = "actions" | "areas" | "levels" | "flags" | "roles" | "relations" | "users" | "connections";

/** What words say. Only who makes words brings the code for it. */
export interface Writer {
  /** Calls something by its label. A level and a flag are of an area. */
  readonly label: (kind: LabelKind, id: string, area?: string) => string;
  readonly decision: (read: ReadDecision) => string;
  /** Says that the user of an action is not loaded yet. */
  readonly notLoaded: (action: string) => string;
  readonly refusal: (read: ReadRefusal) => string;
  /** Returns what writes the same for another reader. */
  readonly readBy: (reader: string) => Writer;
}

/** A refusal of the approval flow as it was read, but for its reason. */
export interface ReadRefusal {
  readonly reason: unknown;
  readonly user: string | undefined;
  readonly asked: string | undefined;
  readonly decision: ReadDecision | undefined;
}

const writers = /* @__PURE__ */ registryOf<Writer>("words");

/** Makes words of what writes them. */
export function wordsWith<Shown extends Words>(shown: Shown, writer: Writer): Shown {
  writers.set(shown, writer);
  return Object.freeze(shown);
}

/** Returns what writes in some words. */
export function writerOf(words: unknown): Writer {
  return writers.get(words as object) ?? refuseLookAlike("words", words, "createWords");
}

/** Returns words for a reader, if they are for nobody yet. */
export function wordsReadBy(words: Words, reader: string): Words {
  const writer = writerOf(words);
  return Object.hasOwn(words, "reader") ? words : wordsWith({ ...words, reader }, writer.readBy(reader));
}
