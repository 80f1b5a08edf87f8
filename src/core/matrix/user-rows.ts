import type { PackedUser } from "../users/packed-user.js";

/** The users of a matrix, in order. The places are shared by matrices of the same users. */
export interface UserRows {
  readonly list: readonly PackedUser[];
  /** The place of each user in the list, by its id. */
  readonly places: ReadonlyMap<string, number>;
}

/** Lays users out. */
export function rowsOf(list: readonly PackedUser[]): UserRows {
  return { list, places: new Map(list.map(({ id }, place) => [id, place])) };
}

/** Gives the row of a user, if there is one. */
export function rowOf({ list, places }: UserRows, id: string): PackedUser | undefined {
  const place = places.get(id);
  return place === undefined ? undefined : list[place];
}

/** Replaces the row of a user, or adds one behind the others. */
export function withRow({ list, places }: UserRows, row: PackedUser): UserRows {
  const place = places.get(row.id) ?? list.length;
  // To copy a list of thousands takes as long as to make a few objects; a tree would be slower to read.
  const next = list.slice();
  next[place] = row;
  return { list: next, places: place < list.length ? places : new Map(places).set(row.id, place) };
}

/** Replaces every row by the one of the same user. */
export function withEveryRow({ list, places }: UserRows, change: (row: PackedUser) => PackedUser): UserRows {
  return { list: list.map(change), places };
}
