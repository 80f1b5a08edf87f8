import { below, type Place, refuse } from "../core/base/faults.js";
import { getOrInsert } from "../core/base/get-or-insert.js";
import { showValue } from "../core/base/message.js";
import { isRecord, readRecord, readString } from "../core/base/readers.js";
import type { Text } from "../core/language/text.js";
import { type Grammar, grammarOf, readTexts } from "../core/language/texts.js";
import type { DecisionTexts, Language, RefusalTexts } from "./language.js";
import { placeholdersOfDecisions, placeholdersOfRefusals } from "./placeholders.js";

/** A language that was checked, with its grammar. */
export interface ReadLanguage extends Language {
  readonly grammar: Grammar;
}

/** The languages that were read. An application makes words for each reader, in a few languages. */
const languages = new WeakMap<object, ReadLanguage>();

/** Reads a language. It is checked and copied when it is used first. */
export function readLanguage(source: unknown, place: Place): ReadLanguage {
  if (!isRecord(source)) return refuse(place, `${showValue(source)} is not a language; expected one such as english`);
  return getOrInsert(languages, source, () => {
    const fields = readRecord(source, place, ["locale", "decisions", "refusals"]);
    const locale = readString(fields.get("locale"), below(place, "locale"));
    const grammar = grammarOf(locale, below(place, "locale"));
    const texts = <Texts extends Readonly<Record<keyof Texts, Text>>>(
      key: string,
      placeholders: Readonly<Record<keyof Texts & string, string>>,
      shared: readonly string[],
    ) => readTexts<Texts>(fields.get(key), below(place, key), placeholders, shared, grammar);
    return {
      locale,
      grammar,
      decisions: texts<DecisionTexts>("decisions", placeholdersOfDecisions, ["user", "action"]),
      refusals: texts<RefusalTexts>("refusals", placeholdersOfRefusals, ["user", "for", "decision"]),
    };
  });
}
