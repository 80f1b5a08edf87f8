import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { expected, sentenceList, showId, showValue } from "../../core/base/message.js";
import { isRecord, type Names, readList, readName, readQuestion } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { Area } from "../../core/engine/area.js";
import { type Bits, wordOf } from "../../core/engine/bits.js";
import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import { encodeState } from "../../core/engine/grant-bits.js";
import type { Role } from "../../core/engine/rule.js";
import { lowestState, statesIn } from "../../core/engine/standing.js";
import { spellState } from "../search/spell-state.js";

/** Where each role and each state of one policy goes in another. */
export interface CheckedMapping {
  readonly roles: ReadonlyMap<Role, Role>;
  /** By area of the first policy; nothing for one that is dropped. */
  readonly areas: ReadonlyMap<Area, MovedArea | undefined>;
}

/** The area that another one becomes, and the state that each of its states becomes. */
export interface MovedArea {
  readonly area: Area;
  readonly states: ReadonlyMap<number, number>;
}

/** The names that an author maps, by the old name; `null` drops it. */
type Renamed = ReadonlyMap<string, string | null>;

/** Reads a mapping of one policy's names to another's, and finds the place of every role and every state. */
export function readMapping(from: CompiledPolicy, to: CompiledPolicy, source: unknown): CheckedMapping {
  const place = at("invalid-policy");
  const fields = readQuestion(source, place, ["levels", "areas", "flags", "roles", "states"]);
  const renamed = (key: string, old: Names, next: Names, isDropped = false): Renamed =>
    fields.has(key) ? readNamed(fields.get(key), below(place, key), old, next, isDropped) : new Map();
  const [levels, areas, flags] = namesOf(from);
  const [nextLevels, nextAreas, nextFlags] = namesOf(to);
  const names = {
    levels: renamed("levels", levels, nextLevels),
    flags: renamed("flags", flags, nextFlags, true),
  };
  const [lowest = ""] = levels;
  checkLowest(names.levels.get(lowest), below(place, "levels", lowest), to);
  const roles = placesOf(from.roles, renamed("roles", from.roles, to.roles), to.roles, below(place, "roles"), to);
  const places = placesOf(areas, renamed("areas", areas, nextAreas, true), nextAreas, below(place, "areas"), to);
  checkAreas(places, below(place, "areas"));
  const given = fields.has("states") ? readStates(from, to, fields.get("states"), below(place, "states"), places) : [];
  const moved = [...places].map(([area, next]): [Area, MovedArea | undefined] => {
    if (!next) return [area, undefined];
    const ofArea = new Map(given.filter((each) => each.area === area).map(({ state, next: other }) => [state, other]));
    return [area, { area: next, states: movedStates({ from, to, area, next }, names, ofArea, place) }];
  });
  return { roles: roles as ReadonlyMap<Role, Role>, areas: new Map(moved) };
}

function namesOf({ definition, areas }: CompiledPolicy) {
  const flags = areas.flatMap((area) => [...area.flags.keys()]);
  return [new Set(definition.levels), new Map(areas.map((area) => [area.name, area])), new Set(flags)] as const;
}

function readNamed(source: unknown, place: Place, old: Names, next: Names, isDropped: boolean): Renamed {
  const fields = readQuestion(source, place, [...old.keys()]);
  return new Map(
    [...fields].map(([name, value]) => [
      name,
      value === null && isDropped ? null : readName(value, below(place, name), next),
    ]),
  );
}

/** Finds what each role or each area becomes: what the author says, or what has the same name. */
function placesOf<Of>(
  all: ReadonlyMap<string, Of>,
  renamed: Renamed,
  others: ReadonlyMap<string, Of>,
  place: Place,
  { definition }: CompiledPolicy,
): ReadonlyMap<Of, Of | undefined> {
  return new Map(
    [...all].map(([name, one]) => {
      const next = renamed.has(name) ? renamed.get(name) : name;
      if (next === null) return [one, undefined];
      const other = others.get(next as string);
      const problem = `${showValue(name)} is not in the policy ${showId(definition.name)}`;
      return [one, other ?? refuse(place, `${problem}; ${expected(others.keys())} for it`, name)];
    }),
  );
}

/** Nothing held stays nothing held: otherwise everybody would gain something everywhere. */
function checkLowest(next: string | null | undefined, place: Place, { definition }: CompiledPolicy): void {
  const lowest = definition.levels[0] as string;
  if (next === undefined || next === lowest) return;
  refuse(place, `${showValue(next)} for the lowest level, at which nothing is held; ${expected([lowest])}`);
}

/** No two areas become one, and none that is held in the account becomes one of connections. */
function checkAreas(places: ReadonlyMap<Area, Area | undefined>, place: Place): void {
  const taken = new Map<Area, Area>();
  for (const [area, next] of places) {
    if (!next) continue;
    const where = ({ isOfAccount }: Area) => (isOfAccount ? "in the account" : "on connections");
    if (area.isOfAccount !== next.isOfAccount) {
      const held = `${showValue(area.name)} is held ${where(area)}, and ${showValue(next.name)} ${where(next)}`;
      refuse(place, `${held}; expected another area, or null to drop what is held there`, area.name);
    }
    const other = taken.get(next);
    if (other) {
      const both = `${showValue(other.name)} and ${showValue(area.name)} both become ${showValue(next.name)}`;
      refuse(place, `${both}; expected another area for one of them, or null to drop what is held there`, area.name);
    }
    taken.set(next, area);
  }
}

/** A state for which the author says what it becomes. */
interface GivenState {
  readonly area: Area;
  readonly state: number;
  readonly next: number;
}

function readStates(
  from: CompiledPolicy,
  to: CompiledPolicy,
  source: unknown,
  place: Place,
  places: ReadonlyMap<Area, Area | undefined>,
): readonly GivenState[] {
  const taken = new Map<Area, Set<number>>();
  return readList(source, place, (entry, each) => {
    const fields = readQuestion(entry, each, ["from", "to"]);
    const area = areaNamed(from, fields.get("from"), below(each, "from"), places);
    const next = places.get(area) as Area;
    const state = readState(from, area, fields.get("from"), below(each, "from"));
    const becomes = readState(to, next, fields.get("to"), below(each, "to"));
    if (state === lowestState(area) && becomes !== lowestState(next)) {
      checkLowest(next.levels[next.atLevel.findIndex((states) => states & becomes)], below(each, "to"), to);
    }
    const seen = taken.get(area) ?? new Set();
    if (seen.has(state)) refuse(each, `${stateText(from, area, state)} is listed twice; expected each state once`);
    taken.set(area, seen.add(state));
    return { area, state, next: becomes };
  });
}

/** Finds the area that a state is of: the one whose level it names. */
function areaNamed(
  { areas }: CompiledPolicy,
  source: unknown,
  place: Place,
  places: ReadonlyMap<Area, Area | undefined>,
): Area {
  const kept = areas.filter((area) => places.get(area));
  const named = isRecord(source) ? kept.filter(({ name }) => Object.hasOwn(source, name)) : [];
  const [area] = named;
  if (area && named.length === 1) return area;
  return refuse(
    place,
    `${showValue(source)} is not a state of one area; expected the level of one of ${areaList(kept)}`,
  );
}

function areaList(areas: readonly Area[]): string {
  return expected(areas.map(({ name }) => name)).replace("expected ", "");
}

function readState({ keys, accountKeys }: CompiledPolicy, area: Area, source: unknown, place: Place): number {
  return encodeState(area.isOfAccount ? accountKeys : keys, area, source, place);
}

/** What the states of one area are moved between. */
interface Move {
  readonly from: CompiledPolicy;
  readonly to: CompiledPolicy;
  readonly area: Area;
  readonly next: Area;
}

/** Finds what each state of an area becomes. A state that has no place is refused, and never guessed. */
function movedStates(
  { from, to, area, next }: Move,
  names: { readonly levels: Renamed; readonly flags: Renamed },
  given: ReadonlyMap<number, number>,
  place: Place,
): ReadonlyMap<number, number> {
  const movedTo = (state: number): number => {
    const level = area.levels[area.atLevel.findIndex((states) => states & state)] as string;
    const flags = [...area.flags].filter(([, on]) => on & state).map(([flag]) => flag);
    const wanted = flags.map((flag) => (names.flags.has(flag) ? names.flags.get(flag) : flag));
    return stateOf(next, names.levels.get(level) ?? level, new Set(wanted.filter(isKept)));
  };
  const all = statesIn(area.states).map((state): readonly [number, number] => {
    if (state === lowestState(area)) return [state, lowestState(next)];
    return [state, given.get(state) ?? movedTo(state)];
  });
  const lost = all.filter(([, becomes]) => becomes === 0).map(([state]) => stateText(from, area, state));
  if (lost.length > 0) {
    const have = lost.length > 1 ? "have" : "has";
    refuse(
      place,
      `${sentenceList(lost, "and")} ${have} no place in ${showValue(next.name)} of the policy ${showId(to.definition.name)}; expected a name for each in levels or flags, or the whole state in states`,
    );
  }
  return new Map(all);
}

function isKept(flag: string | null | undefined): flag is string {
  return flag !== null;
}

/** Gives the state of an area at a level with some flags; 0 if the area has none. */
function stateOf({ levels, atLevel, flags }: Area, level: string, wanted: ReadonlySet<string>): number {
  let left = atLevel[levels.indexOf(level)] ?? 0;
  for (const flag of wanted) left &= flags.get(flag) ?? 0;
  for (const [flag, on] of flags) if (!wanted.has(flag)) left &= ~on;
  return left;
}

function stateText(policy: CompiledPolicy, area: Area, state: number): string {
  return grantText(spellState(policy, area, state), true);
}

/** Gives the state of an area in some bits. */
export function stateAt(bits: Bits, area: Area): number {
  return wordOf(bits, area.word) & area.states;
}
