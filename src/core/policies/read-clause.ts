import { addFault, below, type Place, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import { type Names, readField, readList, readName, readNames, readQuestion, readRecord } from "../base/readers.js";
import { type Area, levelsBeside } from "../engine/area.js";
import { type AnyAction, type AnyClause, compileClause } from "../engine/compiled-policy.js";
import { servingStates } from "../engine/standing.js";
import type { TargetKind } from "../types/index.js";
import type { Parts } from "./read-areas.js";

/** The names that actions are made of; nothing where they are not known for their faults. */
interface Context {
  readonly areas: Parts<Area> | undefined;
  readonly roles: Names | undefined;
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
  if (!Array.isArray(allow)) return { target, allow: read(allow, allowPlace) };
  const clauses = readList(allow, allowPlace, (clause) => clause);
  if (clauses.length === 0) refuse(allowPlace, "an empty list allows nobody; expected at least one clause");
  return { target, allow: readList(clauses, allowPlace, read) };
}

/** What a clause may ask of an area. */
export const requirements = ["level", "exactly", "some", "every"] as const;

/** Reads a clause of an action on a kind of target. */
export function readClause(source: unknown, place: Place, target: TargetKind | undefined, context: Context): AnyClause {
  const clause = readQuestion(source, place, ["role", "area", ...requirements]);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part): Part | undefined =>
    clause.has(key) ? readField(clause, place, key, read) : undefined;
  const asked = requirements.filter((key) => clause.has(key));
  const role = part("role", (value, each) => readRoles(value, each, context.roles));
  if (!clause.has("area")) {
    for (const key of asked) addFault(place, `${key} without an area; expected an area beside it`, key);
    const nothing = "a clause that asks for nothing; expected a role, or an area and what is asked of it";
    if (!clause.has("role") && asked.length === 0) refuse(place, nothing);
    return { role } as AnyClause;
  }
  const name = part("area", (value, each) => readName(value, each, context.areas));
  if (asked.length === 0)
    addFault(place, `an area of which nothing is asked; ${expected(requirements)} beside it`, "area");
  const conflicting = asked.filter((key) => key !== "every").slice(1);
  for (const key of conflicting) addFault(place, `${key} beside ${asked[0]}; expected one of the two`, key);
  const area = context.areas?.get(name as string);
  const requirement = asked.map((key) => [
    key,
    part(key, (value, each) => readRequirement(value, each, key, target, area)),
  ]);
  const shape = { ...(clause.has("role") && { role }), area: name, ...Object.fromEntries(requirement) } as AnyClause;
  if (area && conflicting.length === 0) checkServed(shape, place, area);
  return shape;
}

function readRequirement(
  source: unknown,
  place: Place,
  key: (typeof requirements)[number],
  target: TargetKind | undefined,
  area: Area | undefined,
): string {
  if (target === "none" && key !== "some") {
    refuse(place, `${key} asks for a target, and there is none; ${expected(["role", "some"])}`);
  }
  return readName(source, place, area && accepted(area, key));
}

/** What a clause may ask of an area: any flag, and any level but the lowest or one that is never reached exactly. */
function accepted({ levels, flags, lift }: Area, key: (typeof requirements)[number]): Names {
  if (key === "every") return flags;
  return new Set(levels.filter((_, rank) => rank > 0 && !(key === "exactly" && rank === lift)));
}

/** A clause is satisfied by some state. */
function checkServed(shape: AnyClause, place: Place, area: Area): void {
  const compiled = compileClause([area], shape);
  if (compiled.area && servingStates(compiled).length === 0) {
    const beside = levelsBeside(area, shape.every as string);
    refuse(
      place,
      `${showValue(shape.every)} goes with no level that this clause accepts; ${expected(beside)}`,
      "every",
    );
  }
}

function readRoles(source: unknown, place: Place, roles: Names | undefined): string | readonly string[] {
  if (!Array.isArray(source)) return readName(source, place, roles);
  return readNames(source, place, roles, `an empty list of roles; ${expected(roles?.keys() ?? [])}`);
}
