import { ownValue } from "../base/readers.js";
import type { Policy } from "../types/index.js";

/** Carried, in each word, by a connection that the user knows nothing of. */
export const STRANGER = 1 << 30;
/** Carried, in each word, by a standing that is asked for the account as a whole. */
export const ACCOUNT = 1 << 31;

/** How many bits of an integer are left for states: no area has more. */
export const STATE_LIMIT = 30;

/** The definition of an area of any policy. */
export type AnyArea = Policy["areas"][string];

/** An area, whose every state (a level with the flags beside it) has a bit: by level, the fewest flags first. */
export interface Area {
  readonly name: string;
  /** Whether it is held once for the whole account, and not on a connection. */
  readonly isOfAccount: boolean;
  /** The word that its states are in: of a connection's bits, or of the account's. */
  readonly word: number;
  readonly levels: readonly string[];
  /** The mask of each level's states, by rank. */
  readonly atLevel: readonly number[];
  /** The mask of each flag's states. */
  readonly flags: ReadonlyMap<string, number>;
  /** The mask of all states; the lowest bit is no access. */
  readonly states: number;
  /** The rank that no access counts as beside an accessible connection; 0 where it stays what it is. */
  readonly lift: number;
}

/**
 * Gives every state of every area its own bit. Areas are laid into as many words as they need, none across two, those of
 * the account apart from those of connections. Where 30 bits are enough, there is one word.
 */
export function layOut(areas: Policy["areas"]): readonly Area[] {
  const ends = { connection: { word: 0, bit: 1 }, account: { word: 0, bit: 1 } };
  return Object.entries(areas).map(([name, area]) => {
    const isOfAccount = isAccountArea(area);
    const end = ends[isOfAccount ? "account" : "connection"];
    if (Math.log2(end.bit) + countStates(area) > STATE_LIMIT) {
      end.word++;
      end.bit = 1;
    }
    const first = end.bit;
    let bit = first;
    const { levels } = area;
    const beside = Object.entries(ownValue(area, "flags") ?? {}) as [string, readonly string[]][];
    const flags = new Map(beside.map(([flag]) => [flag, 0]));
    const atLevel = levels.map((level) => {
      const lowest = bit;
      let sets: string[][] = [[]];
      for (const [flag, its] of beside) if (its.includes(level)) sets = sets.concat(sets.map((set) => [...set, flag]));
      sets.sort((one, other) => one.length - other.length);
      for (const set of sets) {
        for (const flag of set) flags.set(flag, (flags.get(flag) as number) + bit);
        bit *= 2;
      }
      return bit - lowest;
    });
    end.bit = bit;
    const lift = levels.indexOf(ownValue(area, "noAccessCountsAs") ?? (levels[0] as string));
    return { name, isOfAccount, word: end.word, levels, atLevel, flags, states: bit - first, lift };
  });
}

/** Tells whether an area is held once for the whole account. */
export function isAccountArea(area: AnyArea): boolean {
  return ownValue(area, "of") === "account";
}

/** Lists the levels that a flag may stand beside. */
export function levelsBeside({ levels, atLevel, flags }: Area, flag: string): readonly string[] {
  return levels.filter((_, rank) => (atLevel[rank] as number) & (flags.get(flag) as number));
}

/** Counts an area's states without listing them: twenty flags beside one level would be a million. */
export function countStates(area: AnyArea): number {
  const beside = new Map(area.levels.map((level) => [level, 0]));
  for (const level of Object.values(ownValue(area, "flags") ?? {}).flat() as string[]) {
    beside.set(level, (beside.get(level) as number) + 1);
  }
  return [...beside.values()].reduce((sum, flags) => sum + 2 ** flags, 0);
}
