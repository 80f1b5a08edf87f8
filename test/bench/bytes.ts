import { createMatrix, engage } from "channel-grants";
import { columnsOf } from "./columns.js";
import { competitors, million } from "./races.js";
import { collect } from "./rounds.js";
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

/**
 * Gives the bytes for each grant that are in use at most while this library builds the account. Its users are read one by
 * one, each made when it is read and garbage is collected every hundredth user: what is left is in use.
 */
export function bytesAtMost(): number {
  const texts = Array.from(usersOf(million), (row) => JSON.stringify(row));
  holdAccount(holders["channel-grants"] as (rows: readonly UserRow[]) => object, 20);
  const before = used();
  let most = 0;
  const users = texts.map((text, index) => {
    const { id, role } = JSON.parse(text) as UserRow;
    return {
      id,
      role,
      get grants() {
        if (index % 100 === 0) most = Math.max(most, used());
        return (JSON.parse(text) as UserRow).grants;
      },
    };
  });
  const matrix = createMatrix(engage, { users });
  most = Math.max(most, used());
  return (most - before) / (matrix.users().length * million.brandsOfUser * 10);
}

/** What is in use, in the heap and outside of it, where the contents of typed arrays are. */
function used(): number {
  for (let again = 0; again < 4; again++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
