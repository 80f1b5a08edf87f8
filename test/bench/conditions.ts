import { createMongoAbility, type MongoAbility } from "@casl/ability";
import type { Competitor } from "./competitor.js";
import { connectionsByRight, type Right, rightFor } from "./rights.js";
import { type Button, buttons, type Group, type UserRow } from "./world.js";

// CASL with one subject type and conditions: a rule for each right, for the connections whose ids are in a list. Quick
// and small to build, and slower to answer, since each question goes through a list.

interface Connection {
  readonly id: string;
}

type TeamAbility = MongoAbility<[Right, "Connection" | Connection]>;

interface Member {
  readonly id: string;
  readonly ability: TeamAbility;
}

function read(row: UserRow): Member {
  const rules: { action: Right; subject: "Connection"; conditions: { id: { $in: string[] } } }[] = [];
  for (const [action, ids] of connectionsByRight(row)) {
    rules.push({ action, subject: "Connection", conditions: { id: { $in: ids } } });
  }
  return { id: row.id, ability: createMongoAbility<TeamAbility>(rules, options) };
}

// The only subject, so none has to be marked as one.
const options = { detectSubjectType: () => "Connection" as const };

function can({ ability }: Member, action: Button, { connections }: Group): boolean {
  const right = rightFor[action];
  if (action === "publish.create") return ability.can(right, "Connection");
  if (connections.length === 0) return false;
  // No access counts as view-only beside an accessible connection.
  if (right === "publish:view") return connections.some((id) => ability.can(right, { id }));
  return connections.every((id) => ability.can(right, { id }));
}

function bar(user: Member, group: Group): Button[] {
  return buttons.filter((button) => can(user, button, group));
}

function approversOf(users: readonly Member[], group: Group): string[] {
  return users.filter((user) => can(user, "publish.approve", group)).map(({ id }) => id);
}

/** CASL, a list of ids in each condition. */
export const conditions: Competitor = {
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
