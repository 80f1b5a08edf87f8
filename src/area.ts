import type { Policy } from "./language.js";
import { own } from "./record.js";

/** Carried by a connection that the user knows nothing of. */
export const STRANGER = 1 << 30;
/** Carried by a standing that is asked for the account as a whole. */
export const ACCOUNT = 1 << 31;

/** How many bits of an integer are left for states. */
export const STATE_LIMIT = 30;

/** The definition of an area of any policy. */
export type AnyArea = Policy["areas"][string];

/** One way to stand in an area on one connection: a level, as its rank in the area, with its flags. */
export interface State {
  readonly bit: number;
  readonly level: number;
  readonly flags: readonly string[];
}

export interface Area {
  readonly name: string;
  readonly levels: readonly string[];
  /** The mask of each level's states, by rank. */
  readonly atLevel: readonly number[];
  /** The mask of each flag's states. */
  readonly flags: ReadonlyMap<string, number>;
  /** By level, each set of flags after its subsets; the first one is no access. */
  readonly states: readonly State[];
  /** The rank that no access counts as beside an accessible connection; 0 where it stays what it is. */
  readonly lift: number;
}

/** Gives every state of every area its own bit. */
export function layOut(areas: Policy["areas"]): readonly Area[] {
  let next = 0;
  return Object.entries(areas).map(([name, area]) => {
    const { levels } = area;
    const flags = own(area, "flags") ?? {};
    const noAccessCountsAs = own(area, "noAccessCountsAs");
    const states = levels.flatMap((level, rank) =>
      subsets(flagsBeside(level, flags)).map((set) => ({ bit: 1 << next++, level: rank, flags: set })),
    );
    return {
      name,
      levels,
      atLevel: levels.map((_, rank) => maskOf(states, (state) => state.level === rank)),
      flags: new Map(Object.keys(flags).map((flag) => [flag, maskOf(states, (state) => state.flags.includes(flag))])),
      states,
      lift: noAccessCountsAs === undefined ? 0 : levels.indexOf(noAccessCountsAs),
    };
  });
}

/** Lists the levels that a flag may stand beside. */
export function levelsBeside({ levels, states }: Area, flag: string): readonly string[] {
  return levels.filter((_, rank) => states.some((state) => state.level === rank && state.flags.includes(flag)));
}

/** Counts an area's states without listing them: twenty flags beside one level would be a million. */
export function countStates(area: AnyArea): number {
  const beside = new Map(area.levels.map((level) => [level, 0]));
  for (const level of Object.values(own(area, "flags") ?? {}).flat() as string[]) {
    beside.set(level, (beside.get(level) as number) + 1);
  }
  return [...beside.values()].reduce((sum, flags) => sum + 2 ** flags, 0);
}

/** Gives the union of the states that pass a test. */
export function maskOf(states: readonly State[], test: (state: State) => boolean): number {
  return states.reduce((mask, state) => (test(state) ? mask | state.bit : mask), 0);
}

function flagsBeside(level: string, flags: NonNullable<AnyArea["flags"]>): string[] {
  return Object.keys(flags).filter((flag) => flags[flag]?.includes(level));
}

function subsets(flags: readonly string[]): (readonly string[])[] {
  let sets: (readonly string[])[] = [[]];
  for (const flag of flags) sets = sets.flatMap((set) => [set, [...set, flag]]);
  return sets;
}
