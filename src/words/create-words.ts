import { at, below, type Place } from "../core/base/faults.js";
import { readName, readRecord, readString } from "../core/base/readers.js";
import { type Words, wordsWith } from "../core/decisions/words.js";
import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { Policy } from "../core/types/index.js";
import { type Labels, labelKinds, readLabels } from "./labels.js";
import type { Language } from "./language.js";
import { readLanguage } from "./read-language.js";
import { writerIn } from "./writer.js";

/**
 * The input of `createWords`: a language, labels, and who reads.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import { german, type WordsInput } from "channel-grants/words";
 *
 * const input: WordsInput<Engage> = { language: german, reader: "ana", roles: { admin: "Verwaltung" }, form: "long" };
 * input.language.locale; // "de"
 * ```
 */
export interface WordsInput<P extends Policy = Policy> extends Labels<P> {
  readonly language: Language;
  /** The id of the user who reads, and is called "you". */
  readonly reader?: string | undefined;
  /** `"short"` for a tooltip, which is the default; `"long"` for a paragraph, which also names all connections and areas. */
  readonly form?: "short" | "long" | undefined;
}

/**
 * Makes the words that `formatDecision` and `formatRefusal` speak in, from a language and the labels of an application.
 *
 * Mistakes in a language and in labels are found here, once, and not on a page that shows a sentence.
 *
 * @throws `PolicyError` `invalid-policy`, or `invalid-words` with the path to the fault.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain, formatDecision } from "channel-grants";
 * import { createWords, english } from "channel-grants/words";
 *
 * const words = createWords(engage, {
 *   language: english,
 *   reader: "ana",
 *   actions: { "publish.post-now": "publish this now" },
 *   levels: { "needs-approval": "Needs approval", "full-access": "Full access" },
 *   connections: { li: "LinkedIn – Acme" },
 * });
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { li: { publish: "needs-approval" } } });
 * formatDecision(explain(ana, "publish.post-now", { connections: ["li"] }), words); // "You can't publish this now: LinkedIn – Acme needs Full access (you have Needs approval)."
 * ```
 */
export function createWords<P extends Policy>(policy: P, input: WordsInput<NoInfer<P>>): Words {
  const engine = compiledPolicyOf(policy);
  const place = at("invalid-words");
  const fields = readRecord(input, place, ["language", "reader", "form", ...labelKinds]);
  const ifGiven = <Value>(key: string, read: (value: unknown, place: Place) => Value) =>
    fields.has(key) ? read(fields.get(key), below(place, key)) : undefined;
  const language = readLanguage(fields.get("language"), below(place, "language"));
  const label = readLabels(fields, place, engine);
  const reader = ifGiven("reader", readString);
  const form = (ifGiven("form", (value, each) => readName(value, each, forms)) ?? "short") as Words["form"];
  const shown = { locale: language.locale, form, ...(reader !== undefined && { reader }) };
  return wordsWith(shown, writerIn(language, label, shown));
}

const forms: ReadonlySet<string> = /* @__PURE__ */ new Set(["short", "long"]);
