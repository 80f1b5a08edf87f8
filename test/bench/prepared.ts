import { allowedActions, can, createMatrix, engage } from "channel-grants";
import type { Pass } from "./competitor.js";
import type { Group, GroupAction, UserRow } from "./world.js";

// This library with prepared groups: a matrix looks the connections of each post up once, before anything is timed.

/** One user asks for an action on group after group. */
export function checkPrepared(row: UserRow, action: GroupAction, groups: readonly Group[]): Pass {
  const matrix = createMatrix(engage, { users: [row] });
  const user = matrix.user(row.id);
  const prepared = groups.map((group) => matrix.group(group));
  return () => {
    let allowed = 0;
    for (const group of prepared) if (can(user, action, group)) allowed++;
    return allowed;
  };
}

/** Another user of the account asks each time. */
export function visitPrepared(rows: readonly UserRow[], action: GroupAction, groups: readonly Group[]): Pass {
  const matrix = createMatrix(engage, { users: rows });
  const users = rows.map(({ id }) => matrix.user(id));
  const prepared = groups.map((group) => matrix.group(group));
  return () => {
    let allowed = 0;
    let next = 0;
    for (const user of users) if (can(user, action, prepared[next++ % prepared.length] as Group)) allowed++;
    return allowed;
  };
}

/** One user sees twelve buttons for group after group. */
export function barPrepared(row: UserRow, groups: readonly Group[]): Pass {
  const matrix = createMatrix(engage, { users: [row] });
  const user = matrix.user(row.id);
  const prepared = groups.map((group) => matrix.group(group));
  return () => {
    let shown = 0;
    for (const group of prepared) {
      if (can(user, "publish.create")) shown++;
      shown += allowedActions(user, group).length;
    }
    return shown;
  };
}
