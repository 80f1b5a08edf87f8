import { afterAll, describe, expect, it } from "vitest";
import { events } from "../../src/approval/events.js";
import { type ApprovalEvent, availableEvents, draft, type Submission, transition } from "../../src/approval/index.js";
import { buffer, createMatrix, engage, type GrantMatrix, type Policy } from "../../src/index.js";
import { define, toInput } from "../support/arbitraries.js";
import { checkReleased, type Given } from "../support/check-release.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { type Approval, byWhom, modelDraft, modelTransition, type Organisation } from "../support/reference-flow.js";
import type { Definition, GrantData, Person } from "../support/reference-model.js";
import { sizeUpTo } from "../support/runs.js";

// Every state that a post can reach in a small organisation, by every event, while people come, go and change between
// any two of them. Each outcome is compared with the second machine, and the theorems are checked on each.

interface Case {
  readonly name: string;
  readonly world: Organisation;
  readonly matrix: GrantMatrix;
}

const json = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
const person = (id: string, role: string, grants: Record<string, GrantData>): Person => ({
  id,
  role,
  grants: Object.entries(grants),
  connections: [],
});

function caseOf(
  name: string,
  policy: Policy,
  people: Person[],
  connections: string[],
  change: Partial<Approval> = {},
): Case {
  const plain = json(policy) as unknown as Definition & { approval: Approval };
  const definition = { ...plain, approval: { ...plain.approval, ...change } };
  const made = Object.keys(change).length > 0 ? define(definition) : policy;
  const matrix = createMatrix(made, { users: people.map(toInput), connections });
  return { name, world: { definition, people, connections }, matrix };
}

const engagePolicy = engage as unknown as Policy;
const bufferPolicy = buffer as unknown as Policy;
const both = (grant: GrantData) => ({ a: grant, b: grant });
const approver = { publish: "view-only", approver: true };
const full = { publish: "full-access" };
const engagePeople = [
  person("ana", "viewer", both({ publish: "needs-approval" })),
  person("cat", "viewer", both({ ...full, approver: true })),
  person("ben", "viewer", both(approver)),
  person("dan", "viewer", { a: full, b: { publish: "needs-approval" } }),
];
const without = (people: Person[], id: string) => people.filter((each) => each.id !== id);
const changed = (people: Person[], id: string, grants: Record<string, GrantData>) =>
  people.map((each) => (each.id === id ? { ...each, grants: Object.entries(grants) } : each));

const engageCases = (change: Partial<Approval> = {}) => [
  caseOf("as hired", engagePolicy, engagePeople, ["a", "b"], change),
  caseOf(
    "ben demoted on b",
    engagePolicy,
    changed(engagePeople, "ben", { a: approver, b: { publish: "view-only" } }),
    ["a", "b"],
    change,
  ),
  caseOf("cat gone", engagePolicy, without(engagePeople, "cat"), ["a", "b"], change),
  caseOf(
    "ana promoted, dan at nothing",
    engagePolicy,
    changed(changed(engagePeople, "ana", both(full)), "dan", {}),
    ["a", "b"],
    change,
  ),
];

const draftLevel = { posting: "approval-required" };
const postLevel = { posting: "full-posting" };
const bufferPeople = [
  person("ana", "member", both(draftLevel)),
  person("ben", "member", both(postLevel)),
  person("cat", "member", { a: postLevel, b: draftLevel }),
  person("dan", "owner", {}),
];
const bufferCases = (change: Partial<Approval> = {}) => [
  caseOf("as hired", bufferPolicy, bufferPeople, ["a", "b"], change),
  caseOf("the owner gone", bufferPolicy, without(bufferPeople, "dan"), ["a", "b"], change),
  caseOf("ben demoted", bufferPolicy, changed(bufferPeople, "ben", both(draftLevel)), ["a", "b"], change),
  caseOf("nobody to approve", bufferPolicy, without(changed(bufferPeople, "ben", {}), "dan"), ["a", "b"], change),
];

const people = ["ana", "ben", "cat", "dan", "zoe"];
const groups = [["a"], ["b"], ["a", "b"], []];
const steps: readonly (readonly (readonly string[])[])[] = [
  [],
  ...people.map((id) => [[id]]),
  [["ben", "cat"]],
  [["ben"], ["cat"]],
  [["cat"], ["ben"]],
  [["ben", "ana"]],
  [["ben"], []],
  [["ben"], ["cat"], ["ben"]],
];

/** Every event there is, about a post. */
function eventsFor({ revision, steps: asked, approvals }: Submission): ApprovalEvent[] {
  const passed = asked.slice(0, approvals.length);
  const lists = [...steps, ...(passed.length > 0 ? people.map((id) => [...passed, [id]]) : [])];
  const of = (by: string): ApprovalEvent[] => [
    ...lists.flatMap((list): ApprovalEvent[] => [
      { type: "submit", by, steps: list },
      { type: "reassign", by, steps: list },
    ]),
    ...[revision, revision + 1].flatMap((seen): ApprovalEvent[] => [
      { type: "approve", by, revision: seen },
      { type: "reject", by, revision: seen },
      { type: "release", by, revision: seen },
    ]),
    { type: "withdraw", by },
    { type: "edit", by },
    ...groups.map((connections): ApprovalEvent => ({ type: "edit", by, connections })),
  ];
  return [...people.flatMap(of), { type: "auto-release", revision }, { type: "auto-release", revision: revision + 1 }];
}

/** What led from where to where. */
const edges = new Set<string>();
let states = 0;
let asked = 0;

interface Node {
  readonly post: Submission;
  /** Who approved what, as it happened. */
  readonly ledger: readonly Given[];
}

/** Walks all that can be reached, in one organisation that changes between events. */
function walk(cases: readonly Case[], edits: number): void {
  const seen = new Map<string, Node>();
  const open: Node[] = [];
  const reach = (node: Node) => {
    const key = JSON.stringify(node);
    if (seen.has(key) || node.post.revision > edits) return;
    seen.set(key, node);
    open.push(node);
  };
  for (const { world, matrix } of cases) {
    for (const author of people) {
      for (const connections of groups) {
        const started = draft(matrix, { author, connections });
        expect(started.ok ? started.submission : undefined).toEqual(modelDraft(world, author, connections));
        if (started.ok) reach({ post: started.submission, ledger: [] });
      }
    }
  }
  for (let node = open.pop(); node; node = open.pop()) {
    for (const each of cases) for (const next of step(each, node)) reach(next);
  }
  states += seen.size;
}

/** Lets everything happen to a post in one organisation, and checks what must hold of it. */
function step({ name, world, matrix }: Case, { post, ledger }: Node): Node[] {
  const before = JSON.stringify(matrix);
  const stored = json(post);
  const accepted = new Map<string, Set<string>>(people.map((id) => [id, new Set<string>()]));
  const reached: Node[] = [];
  for (const event of eventsFor(post)) {
    asked++;
    const result = transition(matrix, stored, event);
    const expected = modelTransition(world, post, event);
    const told = `${name}: ${JSON.stringify(event)} of ${JSON.stringify(post)}`;
    if (JSON.stringify(result.ok ? result.submission : undefined) !== JSON.stringify(expected)) {
      expect(result, told).toEqual(expected ? { ok: true, submission: expected } : { ok: false });
    }
    if (!result.ok) continue;
    edges.add(`${event.type}: ${post.status} to ${result.submission.status}`);
    const by = byWhom(event);
    if (by !== undefined) accepted.get(by)?.add(event.type);
    const { submission } = result;
    const given =
      event.type === "approve"
        ? [...ledger, { by: event.by, revision: post.revision }]
        : submission.approvals.length === 0
          ? []
          : ledger;
    reached.push({ post: submission, ledger: given });
    if (submission.status === "released") checkReleased(world, post, by, ledger, told);
  }
  for (const [user, types] of accepted) {
    const offered = availableEvents(matrix, post, user);
    expect([...offered].sort(), `${name}: the buttons of ${user} for ${JSON.stringify(post)}`).toEqual(
      [...types].sort(),
    );
    if (post.status === "pending" && user === post.author && world.people.some(({ id }) => id === user)) {
      expect(offered).toContain("withdraw");
    }
    if (post.status === "released") expect(offered).toEqual([]);
  }
  expect(isDeeplyFrozen(post)).toBe(true);
  expect(JSON.stringify(matrix)).toBe(before);
  expect(stored).toEqual(json(post));
  return reached;
}

describe("every state that a post can reach, by every event, while people come, go and change", () => {
  it("in Engage", () => walk(engageCases({ steps: 2 }), sizeUpTo(1)));
  it("in Buffer", () => walk(bufferCases(), sizeUpTo(2)));
  it("where authors may approve", () => {
    walk(engageCases({ authorMayApprove: true, steps: 1 }), sizeUpTo(1));
    walk(bufferCases({ authorMayApprove: true }), sizeUpTo(1));
  });
});

it("an event leads where the machine's own table says, from which its diagram is drawn, and nowhere else", () => {
  const table = Object.entries(events).flatMap(([type, { leads }]) =>
    Object.entries(leads).flatMap(([from, all]) => all.map((to) => `${type}: ${from} to ${to}`)),
  );
  expect([...edges].sort()).toEqual(table.sort());
});

afterAll(() => {
  process.stdout.write(`\n${states.toLocaleString("en")} states of posts, ${asked.toLocaleString("en")} events\n`);
});
