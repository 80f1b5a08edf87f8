import {
  type Alternative,
  type Area,
  type Clause,
  compact,
  type Definition,
  listOf,
  type OneOrMore,
  oneOrMore,
  type Part,
  partsOf,
} from "./definition.js";
import { type Manner, manners } from "./sentences.js";

/** Puts parts in the place of those of a clause: one stands in the clause itself, several stand in its `and`. */
export function withParts(clause: Clause, parts: readonly Part[]): Clause {
  const { area: _a, level: _l, exactly: _x, some: _s, every: _e, and: _and, ...who } = clause;
  const [first] = parts;
  return parts.length > 1 ? { ...who, and: parts } : { ...who, ...first };
}

/** Puts a part in the place of another. */
export function withPart(clause: Clause, index: number, part: Part): Clause {
  return withParts(clause, partsOf(clause).with(index, part));
}

/** A part to begin with: an area at its highest level. */
export function newPart({ areas, levels }: Definition, area: string): Part {
  return { area, level: areas[area]?.levels.at(-1) ?? levels.at(-1) ?? "" };
}

/** Gives the manners that a part uses. */
export function mannersOf(part: Part): readonly Manner[] {
  return manners.filter((manner) => part[manner] !== undefined);
}

/** Gives the manners that a part could use instead of one, on what the action is asked about. */
export function mannersFor({ areas }: Definition, target: string, part: Part, instead: Manner): readonly Manner[] {
  const used = mannersOf(part).filter((manner) => manner !== instead);
  const isAccount = areas[part.area ?? ""]?.of === "account";
  const possible = manners.filter((manner) => {
    if (isAccount) return manner !== "some";
    return target === "none" ? manner === "some" : target === "group" || manner !== "some";
  });
  // Beside each other stand one of the first three, and every.
  const free = possible.filter((manner) => manner === "every" || used.every((other) => other === "every"));
  return manners.filter((manner) => manner === instead || (free.includes(manner) && !used.includes(manner)));
}

/** Lets a part ask in another manner, of the same level where there is one. */
export function inManner({ areas }: Definition, part: Part, from: Manner, to: Manner): Part {
  const levels = areas[part.area ?? ""]?.levels ?? [];
  const level = levelIn(part[from], levels) ?? levels.at(-1) ?? "";
  const isPattern = (manner: Manner) => manner === "some" || manner === "every";
  const value = isPattern(from) && isPattern(to) ? part[from] : level;
  return compact<Part>({ ...part, [from]: undefined, [to]: value });
}

function levelIn(value: Part["some"], levels: readonly string[]): string | undefined {
  return listOf<Alternative>(value)
    .map((each) => (typeof each === "string" ? each : (each.level ?? each.exactly ?? "")))
    .find((each) => levels.includes(each));
}

/** A way to fit a pattern that can be chosen, with the key that tells it from others. */
export interface Choosable {
  readonly key: string;
  readonly alternative: Alternative;
  readonly group: "level" | "exactly" | "flag" | "level with flag" | "as written";
}

/** Lists the ways to fit a pattern that an area offers, and those that a pattern has besides. */
export function choosableIn(area: Area | undefined, pattern: OneOrMore<Alternative> | undefined): readonly Choosable[] {
  const levels = area?.levels.slice(1) ?? [];
  const flags = Object.entries(area?.flags ?? {});
  const offered = [
    ...levels.map((level): Offer => ["level", level]),
    ...flags.map(([flag]): Offer => ["flag", flag]),
    ...levels.map((exactly): Offer => ["exactly", { exactly }]),
    ...flags.flatMap(([flag, beside]) =>
      levels
        .filter((level) => levels.slice(levels.indexOf(level)).some((each) => beside.includes(each)))
        .map((level): Offer => ["level with flag", { level, flags: [flag] }]),
    ),
  ].map(([group, alternative]): Choosable => ({ key: keyOf(area, alternative), alternative, group }));
  const written = listOf<Alternative>(pattern)
    .map((alternative): Choosable => ({ key: keyOf(area, alternative), alternative, group: "as written" }))
    .filter(({ key }) => offered.every((each) => each.key !== key));
  return [...offered, ...written.filter(({ key }, index) => written.findIndex((each) => each.key === key) === index)];
}

type Offer = readonly [Choosable["group"], Alternative];

/** Gives the pattern of the ways that were chosen; those that it had before stay as they were written. */
export function patternOf(
  area: Area | undefined,
  before: OneOrMore<Alternative> | undefined,
  keys: readonly string[],
): OneOrMore<Alternative> | undefined {
  const known = [
    ...listOf<Alternative>(before).map((alternative) => ({ key: keyOf(area, alternative), alternative })),
    ...choosableIn(area, before),
  ];
  return oneOrMore(keys.flatMap((key) => known.find((each) => each.key === key)?.alternative ?? []));
}

/** Gives the keys of the ways that a pattern has. */
export function keysOfPattern(area: Area | undefined, pattern: OneOrMore<Alternative> | undefined): readonly string[] {
  return [...new Set(listOf<Alternative>(pattern).map((alternative) => keyOf(area, alternative)))];
}

/** The same for a level or a flag by its name, and for one that is spelt out. */
function keyOf(area: Area | undefined, alternative: Alternative): string {
  const isFlag = typeof alternative === "string" && Object.hasOwn(area?.flags ?? {}, alternative);
  const {
    level,
    exactly,
    flags = [],
  } = typeof alternative !== "string" ? alternative : isFlag ? { flags: [alternative] } : { level: alternative };
  return JSON.stringify([level ?? null, exactly ?? null, flags]);
}
