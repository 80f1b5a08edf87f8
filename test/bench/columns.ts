import { bitsOf, masks, NOTHING } from "./masks.js";
import type { Group, UserRow } from "./world.js";

// The yardstick of the drop-down: one typed column of bits for each connection, in the order of the users. It answers
// who may do something as fast as memory allows, and keeps no user to ask for.

export interface Columns {
  readonly ids: readonly string[];
  readonly columns: ReadonlyMap<string, Uint32Array>;
  readonly size: number;
}

/** Gives the columns of an account. */
export function columnsOf(rows: readonly UserRow[]): Columns {
  const ids: string[] = [];
  const columns = new Map<string, Uint32Array>();
  let user = 0;
  for (const { id, grants } of rows) {
    ids.push(id);
    for (const connection of Object.keys(grants)) {
      let column = columns.get(connection);
      if (!column) {
        column = new Uint32Array(rows.length).fill(NOTHING);
        columns.set(connection, column);
      }
      column[user] = bitsOf(grants[connection] ?? {});
    }
    user++;
  }
  return { ids, columns, size: ids.length };
}

/** Lists who may approve a group of three connections, all of the account's. */
export function approversIn({ ids, columns }: Columns, { connections }: Group): string[] {
  const [first, second, third] = connections.map((connection) => columns.get(connection) as Uint32Array);
  if (!first || !second || !third) throw new Error("the yardstick is for three connections of the account");
  const { forbid, require } = masks["publish.approve"];
  const approvers: string[] = [];
  for (let user = 0; user < ids.length; user++) {
    const standing = (first[user] as number) | (second[user] as number) | (third[user] as number);
    if ((standing & forbid) === 0 && (standing & require) !== 0) approvers.push(ids[user] as string);
  }
  return approvers;
}

/** Lists the approvers of group after group. */
export function columnsPass(rows: readonly UserRow[], groups: readonly Group[]): () => number {
  const columns = columnsOf(rows);
  return () => {
    let listed = 0;
    for (const group of groups) listed += approversIn(columns, group).length;
    return listed;
  };
}
