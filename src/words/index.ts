export type { Text } from "../core/language/text.js";
export { createWords, type WordsInput } from "./create-words.js";
export { english } from "./english.js";
export { german } from "./german.js";
export type { Labels, LabelsOf } from "./labels.js";
export type { DecisionTexts, Language, RefusalTexts } from "./language.js";
