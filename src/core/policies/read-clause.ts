import { addFault, below, type Place, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import { type Names, readField, readList, readName, readNames, readQuestion, readRecord } from "../base/readers.js";
import { type Area, levelsBeside } from "../engine/area.js";
import { type AnyAction, type AnyClause, type AnyPart, compilePart, type Part } from "../engine/rule.js";
import type { TargetKind } from "../types/index.js";
import type { Parts } from "./read-areas.js";
import { readPattern } from "./read-pattern.js";

/** The names that actions are made of; nothing where they are not known for their faults. */
export interface Context {
  readonly areas: Parts<Area> | undefined;
  readonly roles: Names | undefined;
  readonly relations: Names | undefined;
}

/** What an action may be asked about. */
export const targetKinds: ReadonlySet<string> = /* @__PURE__ */ new Set(["none", "connection", "group"]);

/** Reads an action: what it is asked about, and its clauses. */
export function readAction(source: unknown, place: Place, context: Context): AnyAction {
  const action = readRecord(source, place, ["target", "allow"]);
  const target = readField(action, place, "target", (value, each) => readName(value, each, targetKinds)) as TargetKind;
  const allow = action.get("allow");
  const allowPlace = below(place, "allow");
  const read = (clause: unknown, each: Place) => readClause(clause, each, target, context);
  if (!Array.isArray(allow)) return { target, allow: read(allow, allowPlace) } as AnyAction;
  const clauses = readList(allow, allowPlace, (clause) => clause);
  if (clauses.length === 0) refuse(allowPlace, "an empty list allows nobody; expected at least one clause");
  return { target, allow: readList(clauses, allowPlace, read) } as AnyAction;
}

/** What a clause may ask of an area. */
export const requirements = ["level", "exactly", "some", "every"] as const;

/** Reads a clause of an action on a kind of target. */
export function readClause(source: unknown, place: Place, target: TargetKind | undefined, context: Context): AnyClause {
  const clause = readQuestion(source, place, ["role", "area", ...requirements, "and", "is", "isNot"]);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part) =>
    clause.has(key) ? { [key]: readField(clause, place, key, read) } : {};
  const readRelation = (value: unknown, each: Place) => readRelations(value, each, target, context.relations);
  const addressed = {
    ...part("role", (value, each) => readOneOrMore(value, each, context.roles, "roles")),
    ...part("is", readRelation),
    ...part("isNot", readRelation),
  };
  if (clause.has("and")) {
    for (const key of ["area", ...requirements]) {
      if (clause.has(key)) addFault(place, `${key} beside and; expected it in one of the parts`, key);
    }
    return { ...addressed, ...part("and", (value, each) => readParts(value, each, target, context)) } as AnyClause;
  }
  const asked = requirements.filter((key) => clause.has(key));
  if (!clause.has("area")) {
    for (const key of asked) addFault(place, `${key} without an area; expected an area beside it`, key);
    const nothing = "a clause that asks for nothing; expected a role, or an area and what is asked of it";
    if (Object.keys(addressed).length === 0 && asked.length === 0) refuse(place, nothing);
    return addressed as AnyClause;
  }
  return { ...addressed, ...readPart(clause, place, target, context).part } as AnyClause;
}

/** Reads the parts of a clause about several areas. */
function readParts(
  source: unknown,
  place: Place,
  target: TargetKind | undefined,
  context: Context,
): readonly AnyPart[] {
  const sources = readList(source, place, (part) => part);
  if (sources.length < 2) refuse(place, "fewer than two parts; expected at least two, or their one area without and");
  const read = readList(sources, place, (each, inside) => {
    const fields = readQuestion(each, inside, ["area", ...requirements]);
    if (!fields.has("area")) refuse(inside, "a part without an area; expected an area and what is asked of it");
    return { ...readPart(fields, inside, target, context), place: inside };
  });
  checkTogether(read, place);
  return read.map(({ part }) => part);
}

/** All parts can hold at once, and at most one asks of some connection only: otherwise no repair could be named. */
function checkTogether(
  read: readonly { readonly compiled: Part | undefined; readonly place: Place }[],
  place: Place,
): void {
  const [, second] = read.filter(({ compiled }) => compiled?.asksSome);
  if (second) addFault(second.place, "a second part that asks of some connection only; expected at most one");
  const left = new Map<Area, number>();
  for (const { compiled } of read) {
    if (!compiled) continue;
    const { area, forbid, require } = compiled;
    const states = (left.get(area) ?? area.states) & require & ~forbid;
    if (states === 0) {
      addFault(
        place,
        `no state of ${showValue(area.name)} satisfies all of its parts; expected parts that go together`,
      );
      return;
    }
    left.set(area, states);
  }
}

/** Reads what is asked of one area; it is compiled where nothing is wrong with it. */
function readPart(
  fields: ReadonlyMap<string, unknown>,
  place: Place,
  target: TargetKind | undefined,
  { areas }: Context,
): { readonly part: AnyPart; readonly compiled: Part | undefined } {
  const before = place.faults?.count;
  const name = readField(fields, place, "area", (value, each) => readName(value, each, areas));
  const asked = requirements.filter((key) => fields.has(key));
  if (asked.length === 0) {
    addFault(place, `an area of which nothing is asked; ${expected(requirements)} beside it`, "area");
  }
  const conflicting = asked.filter((key) => key !== "every").slice(1);
  for (const key of conflicting) addFault(place, `${key} beside ${asked[0]}; expected one of the two`, key);
  const area = areas?.get(name as string);
  const entries = asked.map((key) => [
    key,
    readField(fields, place, key, (value, each) => readRequirement(value, each, key, target, area)),
  ]);
  const part = { area: name, ...Object.fromEntries(entries) } as AnyPart;
  if (!area || place.faults?.count !== before) return { part, compiled: undefined };
  return { part, compiled: compileServed(part, place, area) };
}

function readRequirement(
  source: unknown,
  place: Place,
  key: (typeof requirements)[number],
  target: TargetKind | undefined,
  area: Area | undefined,
): unknown {
  if (area?.isOfAccount && key === "some") {
    refuse(place, `some asks of connections, and ${showValue(area.name)} is of the account; expected level or every`);
  }
  if (target === "none" && key !== "some" && !area?.isOfAccount) {
    refuse(place, `${key} asks for a target, and there is none; ${expected(["role", "some"])}`);
  }
  if (key === "some" || key === "every") return readPattern(source, place, area);
  return readName(source, place, area && accepted(area, key));
}

/** The levels that a clause may ask for: any but the lowest, and one that is never reached exactly. */
function accepted({ levels, lift }: Area, key: "level" | "exactly"): Names {
  return new Set(levels.filter((_, rank) => rank > 0 && !(key === "exactly" && rank === lift)));
}

/** Compiles a part, which some state satisfies. */
function compileServed(part: AnyPart, place: Place, area: Area): Part | undefined {
  const compiled = compilePart([area], part);
  if ((compiled.require & ~compiled.forbid) !== 0) return compiled;
  const { every } = part;
  const beside = typeof every === "string" && area.flags.has(every) ? levelsBeside(area, every) : area.levels.slice(1);
  addFault(place, `${showValue(every)} goes with no level that this clause accepts; ${expected(beside)}`, "every");
  return undefined;
}

function readRelations(
  source: unknown,
  place: Place,
  target: TargetKind | undefined,
  relations: Names | undefined,
): string | readonly string[] {
  if (target === "none" || target === "connection") {
    refuse(place, `a relation to a post, and the target is ${showValue(target)}; expected the target "group"`);
  }
  return readOneOrMore(source, place, relations, "relations");
}

function readOneOrMore(
  source: unknown,
  place: Place,
  names: Names | undefined,
  what: string,
): string | readonly string[] {
  if (!Array.isArray(source)) return readName(source, place, names);
  return readNames(source, place, names, `an empty list of ${what}; ${expected(names?.keys() ?? [])}`);
}
