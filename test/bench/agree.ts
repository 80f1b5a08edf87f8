import type { Competitor } from "./competitor.js";
import { type GrantRow, type Group, type GroupAction, groupActions, type UserRow } from "./world.js";

// Nothing is timed that answers otherwise than this library.

/** Throws where a competitor answers a question about a user otherwise than the first; gives how many were asked. */
export function agreeOnUser(
  competitors: Readonly<Record<string, Competitor>>,
  row: UserRow,
  groups: readonly Group[],
): number {
  const [[, first], ...others] = Object.entries(competitors) as [[string, Competitor], ...[string, Competitor][]];
  let asked = 0;
  const expected = first.ask(copy(row));
  for (const [name, competitor] of others) {
    const answers = competitor.ask(copy(row));
    const own = copy(groups);
    for (const [index, group] of groups.entries()) {
      const same = own[index] as Group;
      for (const action of groupActions) {
        asked++;
        if (answers.can(action, same) !== expected.can(action, group)) disagree(name, row, action, group);
      }
      asked++;
      if (String(answers.bar(same)) !== String(expected.bar(group))) disagree(name, row, "the bar", group);
    }
  }
  return asked;
}

type Approvers = Competitor["approvers"];

/** Throws where a competitor lists other approvers than the first; gives how many lists were compared. */
export function agreeOnApprovers(
  competitors: Readonly<Record<string, Approvers>>,
  rows: readonly UserRow[],
  groups: readonly Group[],
): number {
  const [[, first], ...others] = Object.entries(competitors) as [[string, Approvers], ...[string, Approvers][]];
  const expected = first(rows);
  let asked = 0;
  for (const [name, approvers] of others) {
    const listed = approvers(rows);
    for (const group of groups) {
      asked++;
      if (String(listed(group)) !== String(expected(group))) disagree(name, undefined, "publish.approve", group);
    }
  }
  return asked;
}

function disagree(name: string, row: UserRow | undefined, question: GroupAction | "the bar", group: Group): never {
  throw new Error(`${name} disagrees on ${question} for ${row?.id ?? "all users"} and ${JSON.stringify(group)}`);
}

/** Each competitor has strings of its own: looking one up as a key changes it inside V8. */
function copy<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data));
}

/** A user who stands in every state of publish, with a stranger beside. */
export const everyState: UserRow = {
  id: "user-of-every-state",
  role: "viewer",
  grants: {
    "facebook-none": { conversations: "full-access" },
    "facebook-view": { publish: "view-only", analytics: "full-access" },
    "facebook-view-approver": { publish: "view-only", approver: true },
    "facebook-needs": { publish: "needs-approval" },
    "facebook-full": { publish: "full-access", conversations: "view-only" },
    "facebook-full-approver": { publish: "full-access", approver: true },
  } satisfies Record<string, GrantRow>,
};

/** Every group of up to three of its connections, in every order and with repetitions, the empty group among them. */
export function everyGroup(): Group[] {
  const connections = [...Object.keys(everyState.grants), "pinterest-stranger"];
  let groups: Group[] = [{ connections: [] }];
  const all = [...groups];
  for (let size = 1; size <= 3; size++) {
    groups = groups.flatMap((group) => connections.map((id) => ({ connections: [...group.connections, id] })));
    all.push(...groups);
  }
  return all;
}
