import { createMatrix, engage } from "channel-grants";
import { columnsOf } from "./columns.js";
import { collect } from "./rounds.js";
import { competitors, million } from "./workloads.js";
import { type UserRow, usersOf } from "./world.js";

// What an account of a million grants takes once its input is gone. Ids are not counted: they are there before.

/** What is measured: the competitors, and the typed columns beside. */
export const holders: Readonly<Record<string, (rows: readonly UserRow[]) => object>> = {
  ...Object.fromEntries(Object.entries(competitors).map(([name, { hold }]) => [name, hold])),
  "typed columns": columnsOf,
  "every user asked for": (rows) => {
    const matrix = createMatrix(engage, { users: rows });
    return { matrix, users: matrix.users().map((id) => matrix.user(id)).length };
  },
};

/** Gives the bytes that one competitor holds for each grant. */
export function bytesHeld(name: string): number {
  const hold = holders[name];
  if (!hold) throw new Error(`nobody called ${name} holds an account`);
  // A small account makes V8 compile what it needs. It stays, and so do the ids of all connections.
  const small = holdAccount(hold, 20);
  const before = used();
  const account = holdAccount(hold, million.users);
  const bytes = used() - before;
  if (small === account) throw new Error("both accounts must be held until here");
  return bytes / (million.users * million.brandsOfUser * 10);
}

/** Gives an account whose input is out of reach: in a function of its own, so that no frame still holds it. */
function holdAccount(hold: (rows: readonly UserRow[]) => object, users: number): object {
  return hold([...usersOf({ ...million, users })]);
}

/** What is in use, in the heap and outside of it, where the contents of typed arrays are. */
function used(): number {
  for (let again = 0; again < 4; again++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
