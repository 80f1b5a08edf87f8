import { type Engine, type Role, ruleFor } from "../../core/engine/compiled-policy.js";
import { meets } from "../../core/engine/standing.js";
import { type Account, type Row, unpack } from "../../core/matrix/packed-users.js";
import { standingOfAll } from "../../core/users/create-user.js";

/** One of two matrices, laid over the connections of both. */
export interface Side {
  readonly rows: ReadonlyMap<string, Row>;
  /** Tells whether a connection is one of its account. */
  knows(connection: string): boolean;
  /** Gives what a user holds above the lowest, by place; nobody holds nothing. */
  heldAt(row: Row | undefined): ReadonlyMap<number, number>;
  /** Gives the bits of a role where nothing was granted; nobody is a stranger everywhere. */
  bitsWithoutGrant(role: Role | undefined, connection: string): number;
  /** Gives the standing of the account as a whole. */
  standingOfAll(row: Row | undefined): number;
  /** Tells whether a user may do an action on a group. */
  isAllowed(row: Row, action: string, connections: readonly string[]): boolean;
  /** Lists those of some connections of its account on which nobody may do an action. */
  withNobody(action: string, connections: readonly string[]): readonly string[];
}

/** Lays a matrix over connections, each of which has its place. */
export function sideOf(
  engine: Engine,
  { account, rows }: { readonly account: Account; readonly rows: ReadonlyMap<string, Row> },
  places: ReadonlyMap<string, number>,
): Side {
  const { numbers, names } = account;
  const placeOf = Int32Array.from(names, (name) => places.get(name) ?? -1);
  const unpacked = new Map<Row, ReadonlyMap<number, number>>();
  const heldBy = (row: Row) => {
    const held = unpacked.get(row) ?? unpack(row);
    unpacked.set(row, held);
    return held;
  };
  return {
    rows,
    knows: (connection) => numbers.has(connection),
    heldAt: (row) =>
      new Map(row ? [...unpack(row)].map(([number, bits]) => [placeOf[number] as number, bits]) : undefined),
    bitsWithoutGrant: (role, connection) => (role && numbers.has(connection) ? role.base : engine.stranger),
    standingOfAll: (row) => (row ? standingOfAll({ ...row, account: numbers }) : 0),
    isAllowed(row, action, connections) {
      const held = heldBy(row);
      let standing = 0;
      for (const connection of connections) {
        const number = numbers.get(connection);
        standing |= number === undefined ? engine.stranger : (held.get(number) ?? row.role.base);
      }
      return meets(standing, ruleFor({ engine, role: row.role }, action));
    },
    withNobody(action, connections) {
      const left = new Set(connections.map((connection) => numbers.get(connection) as number));
      for (const row of rows.values()) {
        const rule = ruleFor({ engine, role: row.role }, action);
        const held = unpack(row);
        // Where the role alone is not enough, only a grant can be.
        for (const number of meets(row.role.base, rule) ? [...left] : held.keys()) {
          if (meets(held.get(number) ?? row.role.base, rule)) left.delete(number);
        }
      }
      return connections.filter((connection) => left.has(numbers.get(connection) as number));
    },
  };
}
