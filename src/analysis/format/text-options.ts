import { at } from "../../core/base/faults.js";
import { readRecord } from "../../core/base/readers.js";
import { type Words, writerOf } from "../../core/decisions/words.js";
import type { AnalysisLanguage } from "../language/analysis-language.js";
import { type Speech, speechIn } from "../language/speech.js";
import type { Block, TextForm } from "./text-blocks.js";
import { write } from "./text-blocks.js";

/**
 * How the text about an analysis is written.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { formatAccess, germanAnalysis, type TextOptions, whoCan } from "channel-grants/analysis";
 * import { createWords, german } from "channel-grants/words";
 *
 * const words = createWords(engage, { language: german, roles: { admin: "Verwaltung" }, users: { ana: "Ana" } });
 * const options: TextOptions = { language: germanAnalysis, words };
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "admin" }] });
 * formatAccess(whoCan(account, "connections.create"), options).split("\n")[1]; // "  Ana     Verwaltung  Rolle Verwaltung"
 * ```
 */
export interface TextOptions {
  readonly form?: TextForm | undefined;
  /** The sentences: English, if there is none. */
  readonly language?: AnalysisLanguage | undefined;
  /** What `createWords` returns: an application's labels in place of ids. */
  readonly words?: Words | undefined;
}

/** Writes the blocks that a speech makes. */
export function writeWith(
  options: TextForm | TextOptions | undefined,
  blocksIn: (speech: Speech) => Iterable<Block>,
): string {
  if (typeof options !== "object") return write(blocksIn(speechIn()), options);
  const fields = readRecord(options, at("invalid-words"), ["form", "language", "words"]);
  const speech = speechIn(fields.get("language"));
  const words = fields.get("words");
  const labelled = words === undefined ? speech : { ...speech, label: writerOf(words).label };
  return write(blocksIn(labelled), fields.get("form") as TextForm | undefined);
}
