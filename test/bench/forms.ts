import { createUser, engage } from "channel-grants";
import { packUser, unpackUser } from "channel-grants/token";
import { bitsOf } from "./masks.js";
import type { Timed } from "./rounds.js";
import { type Account, type GrantRow, type UserRow, usersOf } from "./world.js";

// Users whose grants come in other forms than an object, beside the `Map` of bits that is written by hand for each form.

/** A row of grants as the driver of a database returns it: every column, and a new string for each text. */
export interface DriverRow extends Required<GrantRow> {
  readonly connection_id: string;
}

/** A user, and its rows of grants. */
export interface DriverUser {
  readonly id: string;
  readonly role: UserRow["role"];
  readonly rows: readonly DriverRow[];
}

/** Gives the users of an account as a driver returns them, as JSON: it is parsed anew for each pass. */
export function driverText(account: Account): string {
  const lowest = { conversations: "no-access", publish: "no-access", approver: false, analytics: "no-access" } as const;
  const users = Array.from(usersOf(account), ({ id, role, grants }): DriverUser => {
    const rows = Object.entries(grants).map(([connection_id, grant]) => ({ connection_id, ...lowest, ...grant }));
    return { id, role, rows };
  });
  return JSON.stringify(users);
}

/** Reads a user of this library from rows of a driver. */
export function userFromRows({ id, role, rows }: DriverUser) {
  const grants = rows.map(
    ({ connection_id, conversations, publish, approver, analytics }) =>
      [connection_id, { conversations, publish, approver, analytics }] as const,
  );
  return createUser(engage, { id, role, grants });
}

/** Reads a `Map` of bits from rows of a driver. */
export function bitsFromRows({ rows }: DriverUser): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const row of rows) bits.set(row.connection_id, bitsOf(row));
  return bits;
}

type Contenders = Record<"channel-grants" | "limit", Timed>;

/** Users whose grants are a `Map`, or entries. */
export function readsOf(account: Account, form: "Map" | "entries"): Contenders {
  // Each has data of its own, as everywhere: looking a string up as a key changes it inside V8.
  const users = () =>
    [...usersOf(account)].map(({ id, role, grants }) => {
      const entries = Object.entries(grants);
      return { id, role, grants: form === "Map" ? new Map(entries) : entries };
    });
  const [ours, limit] = [users(), users()];
  return {
    "channel-grants": {
      run() {
        let viewers = 0;
        for (const user of ours) if (createUser(engage, user).role === "viewer") viewers++;
        return viewers;
      },
    },
    limit: {
      run() {
        let held = 0;
        for (const { grants } of limit) {
          const bits = new Map<string, number>();
          for (const [connection, grant] of grants) bits.set(connection, bitsOf(grant));
          held += bits.size;
        }
        return held;
      },
    },
  };
}

/** Users whose grants are rows of a driver. */
export function readsOfRows(account: Account): Contenders {
  const text = driverText(account);
  const [ours, limit] = [[], []] as [DriverUser[], DriverUser[]];
  return {
    "channel-grants": {
      before: () => void ours.splice(0, ours.length, ...(JSON.parse(text) as DriverUser[])),
      run() {
        let viewers = 0;
        for (const user of ours) if (userFromRows(user).role === "viewer") viewers++;
        return viewers;
      },
    },
    limit: {
      before: () => void limit.splice(0, limit.length, ...(JSON.parse(text) as DriverUser[])),
      run() {
        let held = 0;
        for (const user of limit) held += bitsFromRows(user).size;
        return held;
      },
    },
  };
}

/** Users who come packed in a token, beside rows that were parsed already. */
export function unpacks(account: Account): Contenders {
  const packed = JSON.stringify(Array.from(usersOf(account), (row) => packUser(createUser(engage, row))));
  const plain = JSON.stringify([...usersOf(account)]);
  const [tokens, rows] = [[], []] as [string[], UserRow[]];
  return {
    "channel-grants": {
      before: () => void tokens.splice(0, tokens.length, ...(JSON.parse(packed) as string[])),
      run() {
        let viewers = 0;
        for (const token of tokens) if (unpackUser(engage, token).role === "viewer") viewers++;
        return viewers;
      },
    },
    limit: {
      before: () => void rows.splice(0, rows.length, ...(JSON.parse(plain) as UserRow[])),
      run() {
        let held = 0;
        for (const { grants } of rows) {
          const bits = new Map<string, number>();
          for (const connection of Object.keys(grants)) bits.set(connection, bitsOf(grants[connection] ?? {}));
          held += bits.size;
        }
        return held;
      },
    },
  };
}
