import { below, type Place, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import { checkKeys, isRecord, readRecord } from "../base/readers.js";
import type { Text } from "./text.js";

/** How a language joins names, counts, and forms the plural. */
export interface Grammar {
  readonly list: (items: readonly string[], conjunction: "and" | "or") => string;
  readonly number: (count: number) => string;
  /** Gives the plural form of a count. */
  readonly form: (count: number) => string;
}

/** Makes the grammar of a locale, from what the platform knows of its language. */
export function grammarOf(locale: string, place: Place): Grammar {
  // Without a prototype: the platform would read what a polluted one has.
  const listsOf = (type: "conjunction" | "disjunction") =>
    new Intl.ListFormat(locale, { __proto__: null, type } as Intl.ListFormatOptions);
  try {
    const lists = { and: listsOf("conjunction"), or: listsOf("disjunction") };
    const numbers = new Intl.NumberFormat(locale);
    const plurals = new Intl.PluralRules(locale);
    return {
      list: (items, conjunction) => lists[conjunction].format(items),
      number: (count) => numbers.format(count),
      form: (count) => plurals.select(count),
    };
  } catch {
    return refuse(place, `${showValue(locale)} is not a locale; expected the tag of a language, such as "en"`);
  }
}

/** Reads texts: each must be there, and name no placeholder but its own and those that all may have. */
export function readTexts<Texts extends Readonly<Record<keyof Texts, Text>>>(
  source: unknown,
  place: Place,
  placeholders: Readonly<Record<keyof Texts & string, string>>,
  shared: readonly string[],
  { form }: Grammar,
): Texts {
  const texts = readRecord(source, place);
  checkKeys(texts, place, Object.keys(placeholders));
  // Two counts of the same last two digits have the same form, except for some below ten and from a million on.
  const forms = new Set<string>(["other", ...Array.from({ length: 200 }, (_, count) => form(count))]);
  const variants = [["you", "they"], ["short", "long"], [...forms]];
  const read = Object.entries<string>(placeholders).map(([key, own]) => {
    const known = [...shared, ...own.split(" ").filter(Boolean)];
    return [key, readText(texts.get(key), below(place, key), known, variants)];
  });
  return Object.fromEntries(read) as Texts;
}

function readText(
  source: unknown,
  place: Place,
  placeholders: readonly string[],
  variants: readonly (readonly string[])[],
): Text {
  if (typeof source === "string") {
    for (const [placeholder, name = ""] of source.matchAll(/\{([^{}]*)\}/g)) {
      if (placeholders.includes(name)) continue;
      refuse(
        place,
        `${showValue(placeholder)} is not known here; ${expected(placeholders.map((each) => `{${each}}`))}`,
      );
    }
    return source;
  }
  if (!isRecord(source))
    refuse(place, `${showValue(source)} is not a text; expected a string, or an object of its forms`);
  const texts = readRecord(source, place);
  const needed = variants.find((forms) => forms.some((form) => texts.has(form)));
  if (!needed) refuse(place, `a text without a form is not accepted; ${expected(variants.flat())}`);
  checkKeys(texts, place, needed.includes("other") ? pluralForms : needed);
  // Each kind of form is chosen once: inside of these, only others make sense.
  const inside = variants.filter((forms) => forms !== needed);
  const read = [...new Set([...needed, ...texts.keys()])].map((form) => [
    form,
    readText(texts.get(form), below(place, form), placeholders, inside),
  ]);
  return Object.fromEntries(read) as Text;
}

const pluralForms: readonly string[] = ["zero", "one", "two", "few", "many", "other"];

/** Lists the placeholders of a text, of all of its forms. */
export function placeholdersIn(text: Text): readonly string[] {
  if (typeof text !== "string") return Object.values(text).flatMap(placeholdersIn);
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}

/** Fills the placeholders of a text, in the form that the first fitting keys choose. */
export function fillText(text: Text, forms: readonly string[], values: Readonly<Record<string, string>>): string {
  if (typeof text === "string") return text.replace(/\{(\w+)\}/g, (_, name) => values[name] as string);
  const form = forms.find((each) => Object.hasOwn(text, each)) as keyof typeof text;
  return fillText(text[form], forms, values);
}
