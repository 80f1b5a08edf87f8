import { createMongoAbility, type MongoAbility } from "@casl/ability";
import type { Competitor } from "./competitor.js";
import { connectionsByRight, type Right, rightFor } from "./rights.js";
import { type Button, buttons, type Group, type UserRow } from "./world.js";

// CASL with a subject type for each connection: it finds a connection's rules by two look-ups, and has no condition to
// match. Its quickest way to answer, and the slower and larger one to build.

type TeamAbility = MongoAbility<[Right | "publish:create", string]>;

interface Member {
  readonly id: string;
  readonly ability: TeamAbility;
}

function read(row: UserRow): Member {
  const rights = connectionsByRight(row);
  const rules: { action: Right | "publish:create"; subject: string | string[] }[] = [];
  for (const [action, subject] of rights) rules.push({ action, subject });
  if (rights.has("publish:draft")) rules.push({ action: "publish:create", subject: "account" });
  return { id: row.id, ability: createMongoAbility<TeamAbility>(rules) };
}

function can({ ability }: Member, action: Button, { connections }: Group): boolean {
  if (action === "publish.create") return ability.can("publish:create", "account");
  if (connections.length === 0) return false;
  const right = rightFor[action];
  // No access counts as view-only beside an accessible connection.
  if (right === "publish:view") return connections.some((connection) => ability.can(right, connection));
  return connections.every((connection) => ability.can(right, connection));
}

function bar(user: Member, group: Group): Button[] {
  return buttons.filter((button) => can(user, button, group));
}

function approversOf(users: readonly Member[], group: Group): string[] {
  return users.filter((user) => can(user, "publish.approve", group)).map(({ id }) => id);
}

/** CASL, a subject for each connection. */
export const subjects: Competitor = {
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
      let rules = 0;
      for (const row of rows) rules += read(row).ability.rules.length;
      return rules;
    };
  },
  hold(rows) {
    const users = rows.map(read);
    return { users, size: users.length };
  },
};
