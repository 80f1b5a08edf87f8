import { type Engine, type Role, type Rule, ruleFor, rulesAbout } from "../../core/engine/compiled-policy.js";
import { meets } from "../../core/engine/standing.js";
import { type Account, bitsAt, type Row } from "../../core/matrix/packed-users.js";
import type { TargetKind } from "../../core/types/policy.js";
import { standingOfAll } from "../../core/users/create-user.js";

/** One of two matrices, laid over the connections of both. */
export interface Side {
  readonly rows: ReadonlyMap<string, Row>;
  /** Tells whether a connection is one of its account. */
  knows(connection: string): boolean;
  /** Gives what a user holds at each place; nobody holds nothing. What it gives is overwritten by the next call. */
  lay(row: Row | undefined): Int32Array;
  /** Gives the standing of the account as a whole. */
  standingOfAll(row: Row | undefined): number;
  /** Tells whether a user may do an action on a group. */
  isAllowed(row: Row, action: string, connections: readonly string[]): boolean;
}

/** Lays a matrix over connections, each of which has its place. */
export function sideOf(
  engine: Engine,
  { account, rows }: { readonly account: Account; readonly rows: ReadonlyMap<string, Row> },
  places: ReadonlyMap<string, number>,
): Side {
  const { numbers, names } = account;
  const placeOf = Int32Array.from(names, (name) => places.get(name) ?? -1);
  const laid = new Int32Array(places.size);
  const known = [...places.keys()].map((name) => numbers.has(name));
  const blanks = new Map<Role | undefined, Int32Array>();
  const blankFor = (role: Role | undefined) => {
    const blank =
      blanks.get(role) ?? Int32Array.from(known, (isKnown) => (role && isKnown ? role.base : engine.stranger));
    blanks.set(role, blank);
    return blank;
  };
  return {
    rows,
    knows: (connection) => numbers.has(connection),
    lay(row) {
      laid.set(blankFor(row?.role));
      const cells = row?.cells ?? [];
      for (let index = 0; index < cells.length; index += 2) {
        laid[placeOf[cells[index] as number] as number] = cells[index + 1] as number;
      }
      return laid;
    },
    standingOfAll: (row) => (row ? standingOfAll({ ...row, account: numbers }) : 0),
    isAllowed(row, action, connections) {
      let standing = 0;
      for (const connection of connections) {
        const number = numbers.get(connection);
        standing |= number === undefined ? engine.stranger : bitsAt(row, number);
      }
      return meets(standing, ruleFor({ engine, role: row.role }, action));
    },
  };
}

/** An action that is gained or lost. */
export interface Flip {
  readonly action: string;
  readonly change: "gained" | "lost";
}

/** Gives which actions on some kinds of target flip from one standing to another, each pair worked out once. */
export function flipsAbout(
  engine: Engine,
  kinds: readonly TargetKind[],
): (roles: readonly [Role | undefined, Role | undefined], before: number, after: number) => readonly Flip[] {
  const known = new Map<Role | undefined, Map<Role | undefined, Map<string, readonly Flip[]>>>();
  const order = [...engine.actions.keys()];
  const rulesOf = (role: Role | undefined): readonly Rule[] =>
    role ? kinds.flatMap((kind) => rulesAbout({ engine, role }, kind)) : [];
  const work = (roles: readonly [Role | undefined, Role | undefined], before: number, after: number) => {
    const [was, is] = [roles[0], roles[1]].map((role, side) => {
      const allowed = rulesOf(role).filter((rule) => meets(side === 0 ? before : after, rule));
      return new Set(allowed.map(({ action }) => action));
    }) as [Set<string>, Set<string>];
    return order.flatMap((action): Flip[] => {
      if (was.has(action) === is.has(action)) return [];
      return [{ action, change: is.has(action) ? "gained" : "lost" }];
    });
  };
  return (roles, before, after) => {
    const [was, is] = roles;
    const from = known.get(was) ?? new Map<Role | undefined, Map<string, readonly Flip[]>>();
    const flips = from.get(is) ?? new Map<string, readonly Flip[]>();
    known.set(was, from.set(is, flips));
    const key = `${before} ${after}`;
    const found = flips.get(key) ?? work(roles, before, after);
    flips.set(key, found);
    return found;
  };
}
