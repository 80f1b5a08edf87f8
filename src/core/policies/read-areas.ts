import { addFault, below, type Place, readIfFaultless, readOrSkip, refuse } from "../base/faults.js";
import { showValue } from "../base/message.js";
import { ownValue, readField, readMap, readName, readNames, readRecord } from "../base/readers.js";
import { type AnyArea, type Area, countStates, layOut, STATE_LIMIT } from "../engine/area.js";
import type { Policy } from "../types/index.js";

/** By name; nothing where an area is not known for its faults. */
export type Parts<Part> = ReadonlyMap<string, Part | undefined>;

/** The policy's levels, lowest first, with their ranks. */
type Ranks = ReadonlyMap<string, number>;

/** Reads the areas: what is held on each connection, and what in the account. */
export function readAreas(source: unknown, place: Place, ranks: Ranks | undefined): Parts<AnyArea> {
  const areas = readMap(source, place, (value, each) => readArea(value, each, ranks));
  const taken = new Set([...areas.keys(), ...(ranks?.keys() ?? [])]);
  const read = new Map(areas);
  for (const [name, area] of areas) {
    if (name === "until") addFault(place, "until says when a grant ends; expected another name", name);
    if (!area) continue;
    for (const flag of Object.keys(ownValue(area, "flags") ?? {})) {
      if (taken.has(flag) || flag === "until") {
        addFault(
          place,
          flag === "until"
            ? "until says when a grant ends; expected another name"
            : `${showValue(flag)} names an area, a level or another flag; expected a name of its own`,
          name,
          "flags",
          flag,
        );
      }
      taken.add(flag);
    }
    const states = countStates(area);
    if (states <= STATE_LIMIT) continue;
    addFault(place, `${states} states; expected at most ${STATE_LIMIT} in an area`, name);
    read.set(name, undefined);
  }
  return read;
}

/** Lays out the areas that are known. */
export function layOutEach(shapes: Parts<AnyArea>): Parts<Area> {
  const known = Object.fromEntries([...shapes].filter(([, area]) => area)) as Policy["areas"];
  const areas = new Map(layOut(known).map((area) => [area.name, area]));
  return new Map([...shapes.keys()].map((name) => [name, areas.get(name)]));
}

function readArea(source: unknown, place: Place, ranks: Ranks | undefined): AnyArea {
  const area = readRecord(source, place, ["levels", "flags", "noAccessCountsAs", "of"]);
  const levels = readIfFaultless(place, () => readNames(area.get("levels"), below(place, "levels"), ranks));
  if (levels && ranks) readOrSkip(place, () => checkOrder(levels, below(place, "levels"), ranks));
  const above = levels && new Set(levels.slice(1));
  if (area.has("of") && area.has("noAccessCountsAs")) {
    addFault(place, "beside of, for it is held on no connection; expected no noAccessCountsAs", "noAccessCountsAs");
  }
  const part = <Part>(key: "of" | "flags" | "noAccessCountsAs", read: (value: unknown, place: Place) => Part) =>
    area.has(key) ? { [key]: readField(area, place, key, read) } : {};
  const readFlags = (flags: unknown, flagsPlace: Place) =>
    Object.fromEntries(readMap(flags, flagsPlace, (beside, each) => readNames(beside, each, above)));
  return {
    ...part("of", (value, each) => readName(value, each, new Set(["account"]))),
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
