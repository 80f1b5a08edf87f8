import { allowedActions, can, createMatrix, createUser, engage } from "channel-grants";
import type { Competitor, Pass } from "./competitor.js";
import type { Timed } from "./rounds.js";
import type { Group, UserRow } from "./world.js";

// The package is imported by its name, so Node resolves it to what was built, as it does in an application.

/** This library. */
export const ours: Competitor = {
  ask(row) {
    const user = createUser(engage, row);
    return {
      can: (action, group) => can(user, action, group),
      bar: (group) => [
        ...(can(user, "publish.create") ? (["publish.create"] as const) : []),
        ...allowedActions(user, group),
      ],
    };
  },
  approvers(rows) {
    const matrix = createMatrix(engage, { users: rows });
    return (group) => matrix.usersFor("publish.approve", group);
  },
  check(row, action, groups) {
    const user = createUser(engage, row);
    return () => {
      let allowed = 0;
      for (const group of groups) if (can(user, action, group)) allowed++;
      return allowed;
    };
  },
  visit(rows, action, groups) {
    const matrix = createMatrix(engage, { users: rows });
    const users = rows.map(({ id }) => matrix.user(id));
    return () => {
      let allowed = 0;
      let next = 0;
      for (const user of users) if (can(user, action, groups[next++ % groups.length] as Group)) allowed++;
      return allowed;
    };
  },
  bar(row, groups) {
    const user = createUser(engage, row);
    return () => {
      let shown = 0;
      for (const group of groups) {
        if (can(user, "publish.create")) shown++;
        shown += allowedActions(user, group).length;
      }
      return shown;
    };
  },
  approve(rows, groups) {
    const matrix = createMatrix(engage, { users: rows });
    return () => {
      let listed = 0;
      for (const group of groups) listed += matrix.usersFor("publish.approve", group).length;
      return listed;
    };
  },
  read(rows) {
    return () => {
      let read = 0;
      for (const row of rows) if (createUser(engage, row).role === "viewer") read++;
      return read;
    };
  },
  hold(rows) {
    const matrix = createMatrix(engage, { users: rows });
    return { matrix, size: matrix.users().length };
  },
};

/** The approvers of group after group, in an account of which a grant was changed since: nothing is prepared. */
export function approveChanged(rows: readonly UserRow[], groups: readonly Group[]): Timed {
  const account = createMatrix(engage, { users: rows });
  const [ana = ""] = account.users();
  const [connection = ""] = account.connections();
  // Both are the same account at last: one was changed to and fro.
  let matrix = account;
  return {
    before() {
      matrix = account.assign(ana, connection, {}).assign(ana, connection, account.grant(ana, connection));
    },
    run() {
      let listed = 0;
      for (const group of groups) listed += matrix.usersFor("publish.approve", group).length;
      return listed;
    },
  };
}

/** Assigns a number of grants in an account, one matrix after another. */
export function assigns(rows: readonly UserRow[], count: number): Pass {
  const account = createMatrix(engage, { users: rows });
  const users = account.users();
  const connections = account.connections();
  return () => {
    let matrix = account;
    for (let index = 0; index < count; index++) {
      const user = users[(index * 37) % users.length] as string;
      const connection = connections[(index * 11) % connections.length] as string;
      matrix = matrix.assign(user, connection, { publish: index % 2 === 0 ? "full-access" : "view-only" });
    }
    return matrix.users().length;
  };
}
