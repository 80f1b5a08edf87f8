import type { Competitor } from "./competitor.js";
import { type Button, buttons, type GrantRow, type Group, type UserRow } from "./world.js";

// The first thing that works: the rows of the table as they came, searched for each connection. Nothing is checked.

interface Row extends GrantRow {
  readonly connection: string;
}

interface Member {
  readonly id: string;
  readonly role: string;
  readonly rows: readonly Row[];
}

const levels = ["no-access", "view-only", "needs-approval", "full-access"];

function read({ id, role, grants }: UserRow): Member {
  return { id, role, rows: Object.entries(grants).map(([connection, grant]) => ({ connection, ...grant })) };
}

function rank({ rows }: Member, id: string): number {
  return levels.indexOf(rows.find(({ connection }) => connection === id)?.publish ?? "no-access");
}

function can(user: Member, action: Button, { connections }: Group): boolean {
  if (action === "publish.create") return user.rows.some(({ publish = "" }) => levels.indexOf(publish) >= 2);
  if (connections.length === 0) return false;
  switch (action) {
    case "publish.view":
    case "publish.tag":
    case "publish.assign":
    case "publish.clone":
      return connections.some((id) => rank(user, id) >= 1);
    case "publish.edit":
    case "publish.delete":
    case "publish.submit":
      return connections.every((id) => rank(user, id) >= 2);
    case "publish.schedule":
    case "publish.post-now":
      return connections.every((id) => rank(user, id) >= 3);
    case "publish.approve":
    case "publish.reject":
      return connections.every((id) => user.rows.find(({ connection }) => connection === id)?.approver === true);
  }
}

function bar(user: Member, group: Group): Button[] {
  return buttons.filter((button) => can(user, button, group));
}

function approversOf(users: readonly Member[], group: Group): string[] {
  return users.filter((user) => can(user, "publish.approve", group)).map(({ id }) => id);
}

/** A list of rows for each user. */
export const naive: Competitor = {
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
