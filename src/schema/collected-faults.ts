import type { Fault, Faults } from "../core/base/faults.js";
import { getOrInsert } from "../core/base/get-or-insert.js";

/** How many more faults of a call are listed, and how many characters their messages and paths may have. */
interface Room {
  faults: number;
  characters: number;
}

/** The faults of one reader: the first ones in full, and how many there were in all. */
export interface CollectedFaults extends Faults {
  readonly listed: readonly Fault[];
}

/** Makes a collector for a reader. Readers of one `call` share its room, so that errors do not grow with hostile input. */
export function collectFaults(call: object): CollectedFaults {
  const room = getOrInsert(rooms, call, () => ({ faults: 100, characters: 50_000 }));
  const listed: Fault[] = [];
  let count = 0;
  return {
    listed,
    get count() {
      return count;
    },
    add(fault) {
      count++;
      if (room.faults === 0) return;
      const characters = fault.path.reduce<number>((sum, key) => sum + String(key).length, fault.problem.length);
      // A key may be as long as the whole input: the first fault below it is listed, and not each one.
      if (listed.length > 0 && characters > room.characters) return;
      listed.push(fault);
      room.faults--;
      room.characters -= characters;
    },
  };
}

const rooms = /* @__PURE__ */ new WeakMap<object, Room>();
