import fc from "fast-check";
import { hostileNames } from "./arbitraries.js";

/** Data that could come from JSON. */
export type Json = null | boolean | number | string | undefined | readonly Json[] | { readonly [key: string]: Json };

/** Data that is right in most places: up to three places are removed, replaced or added to. */
export function mutations(data: Json, words: readonly string[]): fc.Arbitrary<Json> {
  const value: fc.Arbitrary<Json> = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Json>(...words) },
    { weight: 2, arbitrary: fc.constantFrom<Json>(null, true, false, 0, "", "maybe", [], {}, [[]], ...hostileNames) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json> },
  );
  const key = fc.constantFrom("extra", ...words, ...hostileNames);
  const once = (current: Json): fc.Arbitrary<Json> =>
    fc
      .tuple(fc.constantFrom(...pathsOf(current)), fc.constantFrom("remove", "replace", "add", "repeat"), key, value)
      .map(([path, how, added, other]) => change(current, path, how, added, other));
  return fc.integer({ min: 0, max: 3 }).chain((times) => {
    let mutated: fc.Arbitrary<Json> = fc.constant(data);
    for (let each = 0; each < times; each++) mutated = mutated.chain(once);
    return mutated;
  });
}

/** All names in some data, as keys and as values. */
export function wordsOf(data: Json): string[] {
  if (typeof data === "string") return [data];
  if (typeof data !== "object" || data === null) return [];
  const inside = Object.values(data).flatMap(wordsOf);
  return [...new Set(Array.isArray(data) ? inside : [...Object.keys(data), ...inside])];
}

type Path = readonly string[];

function pathsOf(data: Json): Path[] {
  if (typeof data !== "object" || data === null) return [[]];
  const below = Object.entries(data).flatMap(([key, value]) => pathsOf(value).map((path) => [key, ...path]));
  return [[], ...below];
}

function change(data: Json, [key, ...rest]: Path, how: string, added: string, other: Json): Json {
  if (typeof data !== "object" || data === null || (key === undefined && how !== "add")) return other;
  if (key === undefined)
    return Array.isArray(data) ? [...data, other] : record([...Object.entries(data), [added, other]]);
  const inside = (value: Json) => change(value, rest, how, added, other);
  const here = rest.length === 0;
  if (Array.isArray(data)) {
    return data.flatMap((value: Json, index) => {
      if (String(index) !== key) return [value];
      if (here && how === "remove") return [];
      return here && how === "repeat" ? [value, value] : [inside(value)];
    });
  }
  const entries = Object.entries(data);
  if (here && how === "remove") return record(entries.filter(([other]) => other !== key));
  return record(entries.map(([name, value]) => [name, name === key ? inside(value) : value]));
}

/** A record, also of keys that an assignment would not set. */
function record(entries: [string, Json][]): Json {
  return Object.fromEntries(entries);
}
