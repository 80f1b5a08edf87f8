import { type AnyArea, type Area, countStates, layOut, levelsBeside, STATE_LIMIT } from "./area.js";
import { type AnyAction, type AnyClause, compile, compileClause } from "./compile.js";
import { below, expected, type Refuse, refusal, show } from "./errors.js";
import type { DefinePolicy, Policy, TargetKind } from "./language.js";
import { servingStates } from "./mask.js";
import { own, readList, readMap, readName, readNames, readRecord } from "./record.js";

/**
 * Turns a permission model, written as plain data, into a `Policy`.
 *
 * The definition is copied and checked as a whole: what could never be meant (a level out of order, a clause that nobody
 * can satisfy, a misspelt name) is refused, so that the laws hold of every policy that there is.
 *
 * @param definition `{ name, levels, areas, roles, actions }`, as data.
 * @returns a deeply frozen `Policy` with the same five keys, in which every name is a literal type.
 * @throws `PolicyError` `invalid-policy`, with the path to the fault.
 *
 * @example
 * ```ts
 * import { can, createUser, definePolicy } from "channel-grants";
 *
 * const newsroom = definePolicy({
 *   name: "newsroom",
 *   levels: ["none", "write", "publish"],
 *   areas: { stories: { levels: ["none", "write", "publish"] } },
 *   roles: { editor: {}, chief: { holds: { stories: "publish" } } },
 *   actions: {
 *     "stories.draft": { target: "connection", allow: { area: "stories", level: "write" } },
 *     "stories.publish": { target: "group", allow: { area: "stories", level: "publish" } },
 *   },
 * });
 * const eve = createUser(newsroom, { id: "eve", role: "editor", grants: { blog: { stories: "write" } } });
 * can(eve, "stories.draft", "blog"); // true
 * can(eve, "stories.publish", { connections: ["blog"] }); // false
 * ```
 */
export const definePolicy: DefinePolicy = (definition) => compile(readPolicy(definition) as typeof definition);

function readPolicy(source: unknown): Policy {
  const refuse = refusal("invalid-policy");
  const policy = readRecord(source, refuse, ["name", "levels", "areas", "roles", "actions"]);
  const name = policy.get("name");
  if (typeof name !== "string") return refuse(`${show(name)} is not a name; expected a string`, "name");
  const levels = readNames(policy.get("levels"), below(refuse, "levels"));
  if (levels.length === 0) refuse("no levels; expected at least the lowest, which means no access", "levels");
  const areas = readAreas(policy.get("areas"), below(refuse, "areas"), levels);
  const roles = readMap(policy.get("roles"), below(refuse, "roles"), readRole);
  const context = { areas: layOut(areas), roles: Object.keys(roles) };
  const actions = readMap(policy.get("actions"), below(refuse, "actions"), (value, refuseAction) =>
    readAction(value, refuseAction, context),
  );
  return { name, levels, areas, roles, actions };
}

function readAreas(source: unknown, refuse: Refuse, levels: readonly string[]): Record<string, AnyArea> {
  const areas = readMap(source, refuse, (value, refuseArea) => readArea(value, refuseArea, levels));
  if (Object.keys(areas).length === 0) refuse("no areas; expected at least one that grants are given in");
  const taken = new Set(Object.keys(areas));
  for (const [name, area] of Object.entries(areas)) {
    for (const flag of Object.keys(own(area, "flags") ?? {})) {
      if (taken.has(flag)) {
        refuse(`${show(flag)} names an area or another flag; expected a name of its own`, name, "flags", flag);
      }
      taken.add(flag);
    }
  }
  const states = Object.values(areas).reduce((sum, area) => sum + countStates(area), 0);
  if (states > STATE_LIMIT) refuse(`${states} states in all; expected at most ${STATE_LIMIT}`);
  return areas;
}

function readArea(source: unknown, refuse: Refuse, policyLevels: readonly string[]): AnyArea {
  const area = readRecord(source, refuse, ["levels", "flags", "noAccessCountsAs"]);
  const levels = readNames(area.get("levels"), below(refuse, "levels"), policyLevels);
  const ordered = policyLevels.filter((level, rank) => rank === 0 || levels.includes(level));
  const wrong = ordered.findIndex((level, rank) => levels[rank] !== level);
  if (wrong >= 0) {
    const found = levels.length > 0 ? `${show(levels[wrong])} is out of the policy's order` : "no levels";
    refuse(`${found}; expected ${show(ordered[wrong])}`, "levels", wrong);
  }
  const above = levels.slice(1);
  const flags = area.get("flags");
  const lift = area.get("noAccessCountsAs");
  return {
    levels,
    ...(flags !== undefined && {
      flags: readMap(flags, below(refuse, "flags"), (beside, refuseFlag) => readNames(beside, refuseFlag, above)),
    }),
    ...(lift !== undefined && { noAccessCountsAs: readName(lift, below(refuse, "noAccessCountsAs"), above) }),
  };
}

function readRole(source: unknown, refuse: Refuse): { readonly holds?: object } {
  const holds = readRecord(source, refuse, ["holds"]).get("holds");
  // Only copied: whether it is a grant is checked where it is encoded.
  return holds === undefined ? {} : { holds: readMap(holds, below(refuse, "holds"), (value) => value) };
}

interface Context {
  readonly areas: readonly Area[];
  readonly roles: readonly string[];
}

function readAction(source: unknown, refuse: Refuse, context: Context): AnyAction {
  const action = readRecord(source, refuse, ["target", "allow"]);
  const kinds = ["none", "connection", "group"];
  const target = readName(action.get("target"), below(refuse, "target"), kinds) as TargetKind;
  const allow = action.get("allow");
  const refuseAllow = below(refuse, "allow");
  if (!Array.isArray(allow)) return { target, allow: readClause(allow, refuseAllow, target, context) };
  const clauses = readList(allow, refuseAllow, (clause, index) =>
    readClause(clause, below(refuseAllow, index), target, context),
  );
  if (clauses.length === 0) refuseAllow("an empty list allows nobody; expected at least one clause");
  return { target, allow: clauses };
}

const requirements = ["level", "exactly", "some", "every"] as const;

function readClause(source: unknown, refuse: Refuse, target: TargetKind, { areas, roles }: Context): AnyClause {
  const clause = readRecord(source, refuse, ["role", "area", ...requirements]);
  const asked = requirements.filter((key) => clause.has(key));
  const [first, second] = asked;
  const role = clause.has("role") && { role: readRoles(clause.get("role"), below(refuse, "role"), roles) };
  if (!clause.has("area")) {
    if (first) refuse(`${first} without an area; expected an area beside it`, first);
    return role || refuse("a clause that asks for nothing; expected a role, or an area and what is asked of it");
  }
  const names = areas.map(({ name }) => name);
  const name = readName(clause.get("area"), below(refuse, "area"), names);
  const area = areas[names.indexOf(name)] as Area;
  if (!first) refuse(`an area of which nothing is asked; ${expected(requirements)} beside it`, "area");
  if (second && second !== "every") refuse(`${second} beside ${first}; expected one of the two`, second);
  const requirement = asked.map((key): [string, string] => {
    if (target === "none" && key !== "some") {
      refuse(`${key} asks for a target, and there is none; ${expected(["role", "some"])}`, key);
    }
    return [key, readName(clause.get(key), below(refuse, key), accepted(area, key))];
  });
  const shape: AnyClause = { ...role, area: name, ...Object.fromEntries(requirement) };
  const compiled = compileClause(areas, shape);
  if (compiled.area && servingStates(compiled).length === 0) {
    const beside = levelsBeside(area, shape.every as string);
    refuse(`${show(shape.every)} goes with no level that this clause accepts; ${expected(beside)}`, "every");
  }
  return shape;
}

/** What a clause may ask of an area: any flag, and any level but the lowest or one that is never reached exactly. */
function accepted({ levels, flags, lift }: Area, key: (typeof requirements)[number]): readonly string[] {
  if (key === "every") return [...flags.keys()];
  return levels.filter((_, rank) => rank > 0 && !(key === "exactly" && rank === lift));
}

function readRoles(source: unknown, refuse: Refuse, roles: readonly string[]): string | readonly string[] {
  if (!Array.isArray(source)) return readName(source, refuse, roles);
  const names = readNames(source, refuse, roles);
  return names.length > 0 ? names : refuse(`an empty list of roles; ${expected(roles)}`);
}
