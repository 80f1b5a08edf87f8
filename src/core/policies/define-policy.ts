import { addFault, at, below, type Place, readIfFaultless, readOrSkip, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import {
  type Names,
  ownValue,
  readBoolean,
  readField,
  readList,
  readMap,
  readName,
  readNames,
  readQuestion,
  readRecord,
  readString,
} from "../base/readers.js";
import { type AnyArea, type Area, countStates, layOut, levelsBeside, STATE_LIMIT } from "../engine/area.js";
import { type AnyAction, type AnyClause, compile, compileClause } from "../engine/compiled-policy.js";
import { encodeGrant, keysOf } from "../engine/grant-bits.js";
import { servingStates } from "../engine/standing.js";
import type { ApprovalDefinition, DefinePolicy, Policy, TargetKind } from "../types/policy.js";

/**
 * Turns a permission model, written as plain data, into a `Policy`.
 *
 * The definition is copied and checked as a whole: what could never be meant (a level out of order, a clause that nobody
 * can satisfy, a misspelt name) is refused, so that the laws hold of every policy that there is.
 *
 * @param definition `{ name, levels, areas, roles, actions, approval? }`, as data.
 * @returns a deeply frozen `Policy` with the same keys, in which every name is a literal type.
 * @throws `PolicyError` `invalid-policy`, with the path to the fault.
 * @function
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
export const definePolicy: DefinePolicy = (definition) =>
  compile(readPolicy(definition, at("invalid-policy")) as typeof definition);

/** Reads a definition; what was given up is missing, and what depends on it is not judged. */
export function readPolicy(source: unknown, place: Place): Policy {
  const policy = readRecord(source, place, ["name", "levels", "areas", "roles", "actions", "approval"]);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part) => readField(policy, place, key, read);
  const name = part("name", (value, each) => readString(value, each, "a name"));
  const levels = part("levels", (value, each) => readNames(value, each, undefined, noLevels));
  const ranks = levels && new Map(levels.map((level, rank) => [level, rank]));
  const shapes = part("areas", (value, each) => readAreas(value, each, ranks));
  const areas = shapes && layOutEach(shapes);
  const roles = part("roles", (value, each) => readMap(value, each, (role, inside) => readRole(role, inside, areas)));
  const actions = part("actions", (value, each) =>
    readMap(value, each, (action, inside) => readAction(action, inside, { areas, roles })),
  );
  const approval = policy.has("approval")
    ? part("approval", (value, each) => readApproval(value, each, actions))
    : undefined;
  const record = (parts: ReadonlyMap<string, unknown> | undefined) => Object.fromEntries(parts ?? []);
  return {
    name,
    levels,
    areas: record(shapes),
    roles: record(roles),
    actions: record(actions),
    ...(approval && { approval }),
  } as Policy;
}

const noLevels = "no levels; expected at least the lowest, which means no access";

/** By name; nothing where an area is not known for its faults. */
type Parts<Part> = ReadonlyMap<string, Part | undefined>;

/** The policy's levels, lowest first, with their ranks. */
type Ranks = ReadonlyMap<string, number>;

function readAreas(source: unknown, place: Place, ranks: Ranks | undefined): Parts<AnyArea> {
  const areas = readMap(source, place, (value, each) => readArea(value, each, ranks));
  if (areas.size === 0) refuse(place, "no areas; expected at least one that grants are given in");
  const taken = new Set(areas.keys());
  let states = 0;
  for (const [name, area] of areas) {
    if (!area) continue;
    for (const flag of Object.keys(ownValue(area, "flags") ?? {})) {
      if (taken.has(flag)) {
        addFault(
          place,
          `${showValue(flag)} names an area or another flag; expected a name of its own`,
          name,
          "flags",
          flag,
        );
      }
      taken.add(flag);
    }
    states += countStates(area);
  }
  if (states <= STATE_LIMIT) return areas;
  addFault(place, `${states} states in all; expected at most ${STATE_LIMIT}`);
  return new Map([...areas.keys()].map((name) => [name, undefined]));
}

/** Lays out the areas that are known. */
function layOutEach(shapes: Parts<AnyArea>): Parts<Area> {
  const known = Object.fromEntries([...shapes].filter(([, area]) => area)) as Policy["areas"];
  const areas = new Map(layOut(known).map((area) => [area.name, area]));
  return new Map([...shapes.keys()].map((name) => [name, areas.get(name)]));
}

function readArea(source: unknown, place: Place, ranks: Ranks | undefined): AnyArea {
  const area = readRecord(source, place, ["levels", "flags", "noAccessCountsAs"]);
  const levels = readIfFaultless(place, () => readNames(area.get("levels"), below(place, "levels"), ranks));
  if (levels && ranks) readOrSkip(place, () => checkOrder(levels, below(place, "levels"), ranks));
  const above = levels && new Set(levels.slice(1));
  const part = <Part>(key: "flags" | "noAccessCountsAs", read: (value: unknown, place: Place) => Part) =>
    area.has(key) ? { [key]: readField(area, place, key, read) } : {};
  const readFlags = (flags: unknown, flagsPlace: Place) =>
    Object.fromEntries(readMap(flags, flagsPlace, (beside, each) => readNames(beside, each, above)));
  return {
    levels,
    ...part("flags", readFlags),
    ...part("noAccessCountsAs", (lift, liftPlace) => readName(lift, liftPlace, above)),
  } as AnyArea;
}

/** An area's levels start with the policy's lowest and follow its order. */
function checkOrder(levels: readonly string[], place: Place, ranks: Ranks): void {
  const rank = (level: string) => ranks.get(level) as number;
  const lowest = ranks.keys().next().value;
  const ordered = [...new Set([lowest as string, ...levels])].sort((a, b) => rank(a) - rank(b));
  const wrong = ordered.findIndex((level, index) => levels[index] !== level);
  if (wrong < 0) return;
  const found = levels.length > 0 ? `${showValue(levels[wrong])} is out of the policy's order` : "no levels";
  refuse(place, `${found}; expected ${showValue(ordered[wrong])}`, wrong);
}

function readRole(source: unknown, place: Place, areas: Parts<Area> | undefined): { readonly holds?: object } {
  const holds = readRecord(source, place, ["holds"]).get("holds");
  if (holds === undefined) return {};
  const holdsPlace = below(place, "holds");
  const grant = Object.fromEntries(readRecord(holds, holdsPlace));
  const known = areas && [...areas.values()].filter((area) => area !== undefined);
  if (known && known.length === areas.size) encodeGrant(keysOf(known), grant, holdsPlace);
  return { holds: grant };
}

/** The names that actions are made of; nothing where they are not known for their faults. */
interface Context {
  readonly areas: Parts<Area> | undefined;
  readonly roles: Names | undefined;
}

/** What an action may be asked about. */
export const targetKinds: ReadonlySet<string> = /* @__PURE__ */ new Set(["none", "connection", "group"]);

function readAction(source: unknown, place: Place, context: Context): AnyAction {
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

/** What the approval flow asks the engine for. */
export const rights = ["select", "submit", "edit", "approve", "reject", "release"] as const;

function readApproval(source: unknown, place: Place, actions: Parts<AnyAction> | undefined): ApprovalDefinition {
  const keys = [...rights, "approvers", "steps", "authorMayApprove", ...approverLimits];
  const approval = readRecord(source, place, keys);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part) =>
    [key, readField(approval, place, key, read)] as const;
  const steps = part("steps", readSteps);
  // A limit that is there and undefined is refused: left out it would allow more.
  const limits = approverLimits.filter((key) => Object.hasOwn(source as object, key));
  return Object.fromEntries([
    ...rights.map((right) =>
      part(right, (value, each) =>
        right === "approve" && Array.isArray(value)
          ? readApproveActions(value, each, steps[1], actions)
          : readRight(value, each, right, actions),
      ),
    ),
    part("approvers", (value, each) => readName(value, each, approverKinds)),
    steps,
    part("authorMayApprove", readBoolean),
    ...limits.map((key) => part(key, readBoolean)),
  ]) as unknown as ApprovalDefinition;
}

/** What a policy may say of who approves beyond the right to: each key may be left out. */
export const approverLimits = ["distinctApprovers", "editorMayApprove"] as const;

/** Reads the actions that the steps ask: no more than there may be steps, or one of them is never asked. */
function readApproveActions(
  source: readonly unknown[],
  place: Place,
  steps: number | undefined,
  actions: Parts<AnyAction> | undefined,
): readonly string[] {
  const read = readList(source, place, (value, each) => readRight(value, each, "approve", actions));
  if (source.length === 0) refuse(place, "an empty list of actions; expected at least one, for the first step");
  if (steps !== undefined && source.length > steps) {
    refuse(place, `${source.length} actions for ${steps === 1 ? "1 step" : `${steps} steps`}; expected one a step`);
  }
  return read;
}

/** Who approves. */
export const approverKinds: ReadonlySet<string> = /* @__PURE__ */ new Set(["named", "anyone"]);

/** A right of the flow is asked about the post group; the choice of connections may be asked about each by itself. */
function readRight(
  source: unknown,
  place: Place,
  right: (typeof rights)[number],
  actions: Parts<AnyAction> | undefined,
) {
  const name = readName(source, place, actions);
  const target = actions?.get(name)?.target;
  const kinds = right === "select" ? ["connection", "group"] : ["group"];
  if (target !== undefined && !kinds.includes(target)) {
    refuse(place, `${showValue(name)} has the target ${showValue(target)}; ${expected(kinds)}`);
  }
  return name;
}

function readSteps(source: unknown, place: Place): number {
  if (Number.isSafeInteger(source) && (source as number) >= 1) return source as number;
  return refuse(place, `${showValue(source)} is not accepted; expected a whole number, at least 1`);
}
