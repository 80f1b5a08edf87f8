import type { Competitor } from "./competitor.js";
import {
  type AnalyticsLevel,
  type Button,
  buttons,
  type ConversationsLevel,
  type Group,
  type PublishLevel,
  type UserRow,
} from "./world.js";

// What a team writes that needs no library: grants as plain objects, levels as strings in an order, one `if` for each
// rule, and a check of what comes in, since it comes from a database.

interface TeamGrant {
  readonly conversations: ConversationsLevel;
  readonly publish: PublishLevel;
  readonly approver: boolean;
  readonly analytics: AnalyticsLevel;
}

interface TeamUser {
  readonly id: string;
  readonly role: string;
  readonly grants: Readonly<Record<string, TeamGrant>>;
}

const roles = ["admin", "viewer"];
const fields = ["conversations", "publish", "approver", "analytics"];
const conversationsLevels = ["no-access", "view-only", "full-access"];
const publishLevels = ["no-access", "view-only", "needs-approval", "full-access"];
const analyticsLevels = ["no-access", "full-access"];

function read(row: UserRow): TeamUser {
  if (typeof row.id !== "string") throw new Error("a user needs an id");
  if (!roles.includes(row.role)) throw new Error(`unknown role ${row.role}`);
  const grants: Record<string, TeamGrant> = {};
  for (const [connection, grant] of Object.entries(row.grants)) {
    for (const field of Object.keys(grant)) {
      if (!fields.includes(field)) throw new Error(`unknown field ${field} on ${connection}`);
    }
    const { conversations = "no-access", publish = "no-access", approver = false, analytics = "no-access" } = grant;
    if (!conversationsLevels.includes(conversations)) throw new Error(`unknown conversations level on ${connection}`);
    if (!publishLevels.includes(publish)) throw new Error(`unknown publish level on ${connection}`);
    if (!analyticsLevels.includes(analytics)) throw new Error(`unknown analytics level on ${connection}`);
    if (typeof approver !== "boolean") throw new Error(`approver must be true or false on ${connection}`);
    if (approver && publish !== "view-only" && publish !== "full-access") {
      throw new Error(`no approver beside ${publish} on ${connection}`);
    }
    grants[connection] = { conversations, publish, approver, analytics };
  }
  return { id: row.id, role: row.role, grants };
}

function isAtLeast(user: TeamUser, connection: string, level: PublishLevel): boolean {
  const held = user.grants[connection]?.publish ?? "no-access";
  return publishLevels.indexOf(held) >= publishLevels.indexOf(level);
}

function can(user: TeamUser, action: Button, { connections }: Group): boolean {
  if (action === "publish.create") {
    return Object.keys(user.grants).some((connection) => isAtLeast(user, connection, "needs-approval"));
  }
  if (connections.length === 0) return false;
  switch (action) {
    case "publish.view":
    case "publish.tag":
    case "publish.assign":
    case "publish.clone":
      return connections.some((connection) => isAtLeast(user, connection, "view-only"));
    case "publish.edit":
    case "publish.delete":
    case "publish.submit":
      return connections.every((connection) => isAtLeast(user, connection, "needs-approval"));
    case "publish.schedule":
    case "publish.post-now":
      return connections.every((connection) => user.grants[connection]?.publish === "full-access");
    case "publish.approve":
    case "publish.reject":
      return connections.every((connection) => user.grants[connection]?.approver === true);
  }
}

function bar(user: TeamUser, group: Group): Button[] {
  return buttons.filter((button) => can(user, button, group));
}

function approversOf(users: readonly TeamUser[], group: Group): string[] {
  return users.filter((user) => can(user, "publish.approve", group)).map(({ id }) => id);
}

/** A hand-written version, as a team would have it. */
export const team: Competitor = {
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
