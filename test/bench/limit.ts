import type { Competitor } from "./competitor.js";
import { bitsOf, type Mask, masks, NOTHING } from "./masks.js";
import { buttons, type Group, type UserRow } from "./world.js";

// The yardstick: the idea of this library and nothing else. One `Map` of bits for each user, one look-up for each
// connection, two ANDs. No policy, no check of what it is given, no explanation.

interface Held {
  readonly id: string;
  readonly bits: ReadonlyMap<string, number>;
  readonly union: number;
}

function read({ id, grants }: UserRow): Held {
  const bits = new Map<string, number>();
  let union = 0;
  for (const connection of Object.keys(grants)) {
    const held = bitsOf(grants[connection] ?? {});
    bits.set(connection, held);
    union |= held;
  }
  return { id, bits, union };
}

function isAllowed({ bits }: Held, { forbid, require }: Mask, { connections }: Group): boolean {
  let standing = 0;
  for (const connection of connections) standing |= bits.get(connection) ?? NOTHING;
  return (standing & forbid) === 0 && (standing & require) !== 0;
}

/** Gives one bit for each of the twelve buttons. Each asks for itself, as hand-written buttons do. */
function bar(user: Held, group: Group): number {
  let shown = 0;
  for (let button = 1; button < barMasks.length; button++) {
    if (isAllowed(user, barMasks[button] as Mask, group)) shown |= 1 << button;
  }
  return (user.union & masks["publish.create"].require) === 0 ? shown : shown | 1;
}

const barMasks = buttons.map((button) => masks[button]);

function approversOf(users: readonly Held[], group: Group): string[] {
  const ids: string[] = [];
  for (const user of users) if (isAllowed(user, masks["publish.approve"], group)) ids.push(user.id);
  return ids;
}

/** The least that hand-written masks take, with one `Map` for each user. */
export const limit: Competitor = {
  ask(row) {
    const user = read(row);
    return {
      can: (action, group) => isAllowed(user, masks[action], group),
      bar: (group) => buttons.filter((_, index) => (bar(user, group) & (1 << index)) !== 0),
    };
  },
  approvers(rows) {
    const users = rows.map(read);
    return (group) => approversOf(users, group);
  },
  check(row, action, groups) {
    const user = read(row);
    const mask = masks[action];
    return () => {
      let allowed = 0;
      for (const group of groups) if (isAllowed(user, mask, group)) allowed++;
      return allowed;
    };
  },
  visit(rows, action, groups) {
    const users = rows.map(read);
    const mask = masks[action];
    return () => {
      let allowed = 0;
      let next = 0;
      for (const user of users) if (isAllowed(user, mask, groups[next++ % groups.length] as Group)) allowed++;
      return allowed;
    };
  },
  bar(row, groups) {
    const user = read(row);
    return () => {
      let shown = 0;
      for (const group of groups) shown += bar(user, group);
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
      let found = 0;
      for (const row of rows) found |= read(row).union;
      return found;
    };
  },
  hold(rows) {
    const users = rows.map(read);
    return { users, size: users.length };
  },
};
