import { addFault, type Place, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import { type Names, readField, readList, readName, readNames, readQuestion } from "../base/readers.js";
import type { Area } from "../engine/area.js";
import { type AnyPattern, statesOf } from "../engine/rule.js";

type AnyStates = Exclude<AnyPattern, readonly unknown[]>;

/** Reads a pattern: a level, a flag, what states have in common, or a list of these. */
export function readPattern(source: unknown, place: Place, area: Area | undefined): AnyPattern {
  if (!Array.isArray(source)) return readStates(source, place, area);
  const sources = readList(source, place, (each) => each);
  if (sources.length === 0) refuse(place, "an empty list of patterns; expected at least one");
  return readList(sources, place, (each, inside) => {
    if (Array.isArray(each)) refuse(inside, "a list in a list of patterns; expected a level, a flag or an object");
    const states = readStates(each, inside, area);
    return checkSatisfied(states, inside, area);
  });
}

function readStates(source: unknown, place: Place, area: Area | undefined): AnyStates {
  if (typeof source !== "object" || source === null) return readName(source, place, area && namesIn(area));
  const states = readQuestion(source, place, ["level", "exactly", "flags"]);
  if (states.size === 0) refuse(place, `a pattern that names nothing; ${expected(["level", "exactly", "flags"])}`);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part) =>
    states.has(key) ? { [key]: readField(states, place, key, read) } : {};
  const before = place.faults?.count;
  const readLevel = (value: unknown, each: Place) => readName(value, each, area && levelsIn(area));
  const read = {
    ...part("level", readLevel),
    ...part("exactly", readLevel),
    ...part("flags", (value, each) => readNames(value, each, area?.flags, "no flags; expected at least one")),
  } as AnyStates;
  return place.faults?.count === before ? checkSatisfied(read, place, area) : read;
}

/** A part of a pattern is satisfied by some state. */
function checkSatisfied(states: AnyStates, place: Place, area: Area | undefined): AnyStates {
  // A flag that may stand beside no level is told where it is asked for.
  if (typeof states !== "object" && !area?.flags.has(states)) return states;
  if (area && statesOf(area, states) === 0) {
    addFault(
      place,
      `no state of ${showValue(area.name)} is what this asks for; expected levels and flags that go together`,
    );
  }
  return states;
}

function levelsIn({ levels }: Area): Names {
  return new Set(levels.slice(1));
}

function namesIn({ levels, flags }: Area): Names {
  return new Set([...levels.slice(1), ...flags.keys()]);
}
