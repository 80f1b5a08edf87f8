import { createPermix, type Permix } from "permix";
import type { Competitor } from "./competitor.js";
import { connectionsByRight, type Right, rightFor } from "./rights.js";
import { type Button, buttons, type Group, type UserRow } from "./world.js";

// Permix with one entity and a function for each right, which looks a connection up in a set: an entity for each
// connection would write an error to the console for each stranger.

type Team = { channel: { action: Right; dataType: string } };

interface Member {
  readonly id: string;
  readonly role: string;
  readonly permix: Permix<Team>;
}

function read(row: UserRow): Member {
  const rights = connectionsByRight(row);
  const rule = (right: Right) => {
    const connections = new Set(rights.get(right));
    return (connection: string | undefined) =>
      connection === undefined ? connections.size > 0 : connections.has(connection);
  };
  const permix = createPermix<Team>();
  permix.setup({
    channel: {
      "publish:view": rule("publish:view"),
      "publish:draft": rule("publish:draft"),
      "publish:release": rule("publish:release"),
      "publish:approve": rule("publish:approve"),
      "conversations:view": rule("conversations:view"),
      "conversations:act": rule("conversations:act"),
      "analytics:view": rule("analytics:view"),
    },
  });
  return { id: row.id, role: row.role, permix };
}

function can({ permix }: Member, action: Button, { connections }: Group): boolean {
  const right = rightFor[action];
  if (action === "publish.create") return permix.check("channel", right);
  if (connections.length === 0) return false;
  // No access counts as view-only beside an accessible connection.
  if (right === "publish:view") return connections.some((connection) => permix.check("channel", right, connection));
  return connections.every((connection) => permix.check("channel", right, connection));
}

function bar(user: Member, group: Group): Button[] {
  return buttons.filter((button) => can(user, button, group));
}

function approversOf(users: readonly Member[], group: Group): string[] {
  return users.filter((user) => can(user, "publish.approve", group)).map(({ id }) => id);
}

/** Permix, which has no lists of users and no groups: those are written by hand. */
export const permix: Competitor = {
  ask(row) {
    const user = read(row);
    return { can: (action, group) => can(user, action, group), bar: (group) => bar(user, group) };
  },
  approvers(rows) {
    const users = rows.map(read);
    return (group) => approversOf(users, group);
  },
  check(row, action, groups) {
    const user = read(row);
    return () => {
      let allowed = 0;
      for (const group of groups) if (can(user, action, group)) allowed++;
      return allowed;
    };
  },
  visit(rows, action, groups) {
    const users = rows.map(read);
    return () => {
      let allowed = 0;
      let next = 0;
      for (const user of users) if (can(user, action, groups[next++ % groups.length] as Group)) allowed++;
      return allowed;
    };
  },
  bar(row, groups) {
    const user = read(row);
    return () => {
      let shown = 0;
      for (const group of groups) shown += bar(user, group).length;
      return shown;
    };
  },
  approve(rows, groups) {
    const users = rows.map(read);
    return () => {
      let listed = 0;
      for (const group of groups) listed += approversOf(users, group).length;
      return listed;
    };
  },
  read(rows) {
    return () => {
      let viewers = 0;
      for (const row of rows) if (read(row).role === "viewer") viewers++;
      return viewers;
    };
  },
  hold(rows) {
    const users = rows.map(read);
    return { users, size: users.length };
  },
};
