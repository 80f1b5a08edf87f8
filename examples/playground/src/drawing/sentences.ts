import { title } from "../wording.js";
import {
  type Alternative,
  type Clause,
  type Definition,
  listOf,
  type OneOrMore,
  type Part,
  partsOf,
} from "./definition.js";

/** A sentence in pieces: plain words, and names of the policy. */
export type Words = readonly (string | { readonly name: string })[];

/** The ways in which a part of a clause asks its area. */
export const manners = ["level", "exactly", "some", "every"] as const;
export type Manner = (typeof manners)[number];

/** Says a clause as a sentence: "every connection at Full access or with Approver in Publish". */
export function clauseInWords(definition: Definition, target: string, clause: Clause): Words {
  const conditions = partsOf(clause).map((part) => partInWords(definition, target, part));
  const who = whoInWords(clause);
  const what = joined(conditions, " and ");
  if (who.length === 0) return what.length === 0 ? ["nobody: nothing is asked yet"] : what;
  return what.length === 0 ? who : [...who, ", with ", ...what];
}

/** Says for whom a clause is. */
function whoInWords({ role, is, isNot }: Clause): Words {
  const roles = listOf(role).map((name): Words => [{ name }]);
  const names = (value: OneOrMore<string> | undefined) => listOf(value).map((name): Words => ["the ", { name }]);
  const related = names(is);
  const excluded = names(isNot);
  return joined(
    [
      ...(roles.length > 0 ? [joined(roles, " or ")] : []),
      ...(related.length > 0 ? [joined(related, " or ")] : []),
      ...(excluded.length > 0 ? [["anybody but ", ...joined(excluded, " or ")] as Words] : []),
    ],
    ", being ",
  );
}

export function partInWords(definition: Definition, target: string, part: Part): Words {
  const { area = "" } = part;
  const asked = manners.flatMap((manner): readonly Words[] => {
    const value = part[manner];
    if (value === undefined) return [];
    const what =
      manner === "level" || manner === "exactly"
        ? stateInWords(definition, area, { [manner]: value as string })
        : patternInWords(definition, area, value);
    return [[`${subjectOf(definition, target, area, manner)} `, ...what]];
  });
  const inArea: Words = [" in ", { name: area }];
  return [...(asked.length > 0 ? joined(asked, " and ") : ["anything"]), ...inArea];
}

/** Says what a part looks at. */
export function subjectOf({ areas }: Definition, target: string, area: string, manner: Manner): string {
  if (areas[area]?.of === "account") return "the user";
  if (target === "connection") return "the connection";
  if (manner === "some") return "at least one connection";
  return manner === "every" ? "every connection" : "the whole post";
}

export function patternInWords(definition: Definition, area: string, pattern: OneOrMore<Alternative>): Words {
  return joined(
    listOf<Alternative>(pattern).map((each) => alternativeInWords(definition, area, each)),
    " or ",
  );
}

export function alternativeInWords(definition: Definition, area: string, alternative: Alternative): Words {
  if (typeof alternative !== "string") return stateInWords(definition, area, alternative);
  const isFlag = Object.hasOwn(definition.areas[area]?.flags ?? {}, alternative);
  return stateInWords(definition, area, isFlag ? { flags: [alternative] } : { level: alternative });
}

function stateInWords({ areas }: Definition, area: string, states: Exclude<Alternative, string>): Words {
  const { level, exactly, flags = [] } = states;
  const isTop = level !== undefined && areas[area]?.levels.at(-1) === level;
  const parts: readonly Words[] = [
    ...(level === undefined ? [] : [["at ", { name: level }, ...(isTop ? [] : [" or higher"])] as Words]),
    ...(exactly === undefined ? [] : [["at exactly ", { name: exactly }] as Words]),
    ...(flags.length === 0
      ? []
      : [
          [
            "with ",
            ...joined(
              flags.map((name): Words => [{ name }]),
              " and ",
            ),
          ] as Words,
        ]),
  ];
  return joined(parts, " ");
}

/** Writes the pieces of a sentence as text. */
export function plain(words: Words): string {
  return words.map((piece) => (typeof piece === "string" ? piece : title(piece.name))).join("");
}

function joined(lists: readonly Words[], word: string): Words {
  return lists.flatMap((list, index) => (index === 0 ? list : [word, ...list]));
}

/** What stands before a level in a table, where a column has no room for a sentence. */
export const mannerMarks: Readonly<Record<Manner, string>> = {
  level: "",
  exactly: "exactly",
  some: "any",
  every: "each",
};
