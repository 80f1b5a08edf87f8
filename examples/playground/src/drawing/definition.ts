import * as z from "zod";
import { type Reading, readText } from "../reading.js";

// A definition as it is drawn: it has the form of a policy, and its names need not fit each other yet.

/** One or a list, as definitions write roles, relations, clauses and patterns. */
export type OneOrMore<Item> = Item | readonly Item[];

export interface Area {
  readonly of?: "account";
  readonly levels: readonly string[];
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  readonly noAccessCountsAs?: string;
}

/** The states of a pattern, spelt out. */
export interface States {
  readonly level?: string;
  readonly exactly?: string;
  readonly flags?: readonly string[];
}

/** One way in which a connection can fit a pattern. */
export type Alternative = string | States;

export interface Part {
  readonly area?: string;
  readonly level?: string;
  readonly exactly?: string;
  readonly some?: OneOrMore<Alternative>;
  readonly every?: OneOrMore<Alternative>;
}

export interface Clause extends Part {
  readonly role?: OneOrMore<string>;
  readonly is?: OneOrMore<string>;
  readonly isNot?: OneOrMore<string>;
  readonly and?: readonly Part[];
}

export interface Action {
  readonly target: string;
  readonly allow: OneOrMore<Clause>;
}

export interface Role {
  readonly holds?: Readonly<Record<string, string | boolean>>;
}

export interface Definition {
  readonly name: string;
  readonly levels: readonly string[];
  readonly areas: Readonly<Record<string, Area>>;
  readonly roles: Readonly<Record<string, Role>>;
  readonly relations?: readonly string[];
  readonly actions: Readonly<Record<string, Action>>;
  readonly approval?: Readonly<Record<string, unknown>>;
}

/** Reads what can be drawn. Names that do not fit, and keys that are too many, are no hindrance. */
export function readDefinition(text: string): Reading<Definition> {
  const read = readText(text, definitionSchema);
  if (!read.ok) return read;
  // The schema leaves out what objects cannot be told from, so nothing of that name is drawn.
  if (text.includes("__proto__")) {
    return { ok: false, faults: [{ path: "", message: "A policy that says __proto__ is not drawn." }] };
  }
  return { ok: true, value: JSON.parse(text) as Definition };
}

/** Gives one or a list as a list. */
export function listOf<Item extends string | object>(value: OneOrMore<Item> | undefined): readonly Item[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as readonly Item[];
}

/** Writes a list as definitions do: one by itself, and none not at all. */
export function oneOrMore<Item>(list: readonly Item[]): OneOrMore<Item> | undefined {
  return list.length > 1 ? list : list[0];
}

/** The parts of a clause that ask areas: the clause itself, or what stands in its `and`. */
export function partsOf(clause: Clause): readonly Part[] {
  return clause.and ?? (clause.area === undefined ? [] : [clause]);
}

/** Leaves out the keys that are undefined. */
export function compact<Value extends object>(
  value: {
    readonly [Key in keyof Value]: Value[Key] | undefined;
  },
): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}

const names = z.array(z.string());
const oneOrMoreNames = z.union([z.string(), names]);
const alternative = z.union([
  z.string(),
  z.looseObject({
    level: z.string().exactOptional(),
    exactly: z.string().exactOptional(),
    flags: names.exactOptional(),
  }),
]);
const pattern = z.union([alternative, z.array(alternative)]).exactOptional();
const part = z.looseObject({
  area: z.string().exactOptional(),
  level: z.string().exactOptional(),
  exactly: z.string().exactOptional(),
  some: pattern,
  every: pattern,
});
const clause = part.extend({
  role: oneOrMoreNames.exactOptional(),
  is: oneOrMoreNames.exactOptional(),
  isNot: oneOrMoreNames.exactOptional(),
  and: z.array(part).exactOptional(),
});
const definitionSchema = z.looseObject({
  name: z.string(),
  levels: names,
  areas: z.record(
    z.string(),
    z.looseObject({
      of: z.literal("account").exactOptional(),
      levels: names,
      flags: z.record(z.string(), names).exactOptional(),
      noAccessCountsAs: z.string().exactOptional(),
    }),
  ),
  roles: z.record(
    z.string(),
    z.looseObject({ holds: z.record(z.string(), z.union([z.string(), z.boolean()])).exactOptional() }),
  ),
  relations: names.exactOptional(),
  actions: z.record(z.string(), z.looseObject({ target: z.string(), allow: z.union([clause, z.array(clause)]) })),
  approval: z.looseObject({}).exactOptional(),
});
