import { addFault, at, below, type Place } from "../base/faults.js";
import { checkKeys, readField, readMap, readNames, readRecord, readString } from "../base/readers.js";
import type { Area } from "../engine/area.js";
import { compile } from "../engine/compiled-policy.js";
import { encodeGrant, keysOf } from "../engine/grant-bits.js";
import type { DefinePolicy, Policy } from "../types/index.js";
import { readApproval } from "./read-approval.js";
import { layOutEach, type Parts, readAreas } from "./read-areas.js";
import { readAction } from "./read-clause.js";

/**
 * Turns a permission model, written as plain data, into a `Policy`.
 *
 * The definition is copied and checked as a whole: what could never be meant (a level out of order, a clause that nobody
 * can satisfy, a misspelt name) is refused, so that the laws hold of every policy that there is.
 *
 * @param definition `{ name, levels, areas, roles, relations?, actions, approval?, $schema? }`, as data.
 * @returns a deeply frozen `Policy` with the same keys, in which every name is a literal type. `$schema` is left out.
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
  const policy = readRecord(source, place, [
    ...["name", "levels", "areas", "roles", "relations", "actions", "approval", "$schema"],
  ]);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part) => readField(policy, place, key, read);
  const name = part("name", (value, each) => readString(value, each, "a name"));
  const levels = part("levels", (value, each) => readNames(value, each, undefined, noLevels));
  const ranks = levels && new Map(levels.map((level, rank) => [level, rank]));
  const shapes = part("areas", (value, each) => readAreas(value, each, ranks));
  const areas = shapes && layOutEach(shapes);
  const roles = part("roles", (value, each) => readMap(value, each, (role, inside) => readRole(role, inside, areas)));
  const relations = policy.has("relations") ? part("relations", readRelationNames) : [];
  const context = { areas, roles, relations: relations && new Set(relations) };
  const actions = part("actions", (value, each) =>
    readMap(value, each, (action, inside) => readAction(action, inside, context)),
  );
  const approval = policy.has("approval")
    ? part("approval", (value, each) => readApproval(value, each, actions))
    : undefined;
  if (policy.has("$schema")) part("$schema", readString);
  const record = (parts: ReadonlyMap<string, unknown> | undefined) => Object.fromEntries(parts ?? []);
  return {
    name,
    levels,
    areas: record(shapes),
    roles: record(roles),
    ...(policy.has("relations") && { relations }),
    actions: record(actions),
    ...(approval && { approval }),
  } as Policy;
}

/** Reads the relations of users to a post, which its target carries beside its connections. */
function readRelationNames(source: unknown, place: Place): readonly string[] {
  const relations = readNames(source, place);
  const taken = relations.indexOf("connections");
  if (taken >= 0) addFault(place, "connections are what a post goes to; expected another name", taken);
  return relations;
}

const noLevels = "no levels; expected at least the lowest, which means no access";

function readRole(source: unknown, place: Place, areas: Parts<Area> | undefined): { readonly holds?: object } {
  const holds = readRecord(source, place, ["holds"]).get("holds");
  if (holds === undefined) return {};
  const holdsPlace = below(place, "holds");
  const read = readRecord(holds, holdsPlace);
  const grant = Object.fromEntries(read);
  const known = areas && [...areas.values()].filter((area) => area !== undefined);
  if (!known || known.length < areas.size) return { holds: grant };
  checkKeys(
    read,
    holdsPlace,
    keysOf(known).map(({ name }) => name),
  );
  for (const half of [false, true]) {
    const keys = keysOf(known.filter(({ isOfAccount }) => isOfAccount === half));
    encodeGrant(keys, Object.fromEntries(keys.map(({ name }) => [name, read.get(name)])), holdsPlace);
  }
  return { holds: grant };
}
