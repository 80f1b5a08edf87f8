import { at, below, refuse } from "../../core/base/faults.js";
import { getOrInsert } from "../../core/base/get-or-insert.js";
import { showId, showValue } from "../../core/base/message.js";
import { isRecord, readRecord, readString } from "../../core/base/readers.js";
import type { Writer } from "../../core/decisions/words.js";
import { fillText, type Grammar, grammarOf, placeholdersIn, readTexts } from "../../core/language/texts.js";
import type { AnalysisTexts } from "./analysis-language.js";
import { englishAnalysis } from "./english.js";

/** What is said of an analysis, in a language and with labels. */
export interface Speech {
  /** Calls something by its label, or by its id. */
  readonly label: Writer["label"];
  readonly list: Grammar["list"];
  /** Says a text, in the plural form of a count. */
  readonly say: (key: keyof AnalysisTexts, values?: Readonly<Record<string, string>>, count?: number) => string;
}

/** The languages that were read, for a text may be written for each of many accounts. */
const languages = new WeakMap<object, Speech>();

/** Returns what speaks a language. It is checked and copied when it is used first. */
export function speechIn(language: unknown = englishAnalysis): Speech {
  const place = at("invalid-words", "language");
  if (!isRecord(language)) {
    return refuse(place, `${showValue(language)} is not a language; expected one such as englishAnalysis`);
  }
  return getOrInsert(languages, language, () => {
    const fields = readRecord(language, place, ["locale", "texts"]);
    const locale = readString(fields.get("locale"), below(place, "locale"));
    const grammar = grammarOf(locale, below(place, "locale"));
    // What a text may name is what the English one names.
    const placeholders = Object.fromEntries(
      Object.entries(englishAnalysis.texts).map(([key, text]) => [key, placeholdersIn(text).join(" ")]),
    ) as Readonly<Record<keyof AnalysisTexts, string>>;
    const texts = readTexts<AnalysisTexts>(fields.get("texts"), below(place, "texts"), placeholders, [], grammar);
    return {
      label: (_, id) => showId(id),
      list: grammar.list,
      say: (key, values = {}, count = 1) => fillText(texts[key], [grammar.form(count), "other"], values),
    };
  });
}
