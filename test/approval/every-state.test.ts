import { afterAll, describe, expect, it } from "vitest";
import {
  type ApprovalEvent,
  availableEvents,
  draft,
  inbox,
  type StandIn,
  type StepInput,
  type Submission,
  transition,
} from "../../src/approval/index.js";
import { flow } from "../../src/approval/machine/flow.js";
import { buffer, createMatrix, engage, type GrantMatrix, type Policy } from "../../src/index.js";
import { define, toInput } from "../support/arbitraries.js";
import { blank, checkReleased, type Ledger, remember } from "../support/check-release.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import {
  type Approval,
  byWhom,
  modelDraft,
  modelRounds,
  modelTransition,
  type Organisation,
} from "../support/reference-flow.js";
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
type Steps = readonly StepInput[];
const steps: readonly Steps[] = [
  [],
  [["ben", "cat"]],
  [["ben"], ["cat"]],
  [["cat"], ["ben"]],
  [["ben", "ana"]],
  [["ben"], []],
  [["ben"], ["cat"], ["ben"]],
];

/** What a walk tries beside who does what: whom it asks, who stands in for whom, and when. */
interface Surroundings {
  readonly steps: readonly Steps[];
  readonly groups: readonly (readonly string[])[];
  readonly standIns?: readonly StandIn[];
  /** The instants at which everything is tried; without any, no event has one. */
  readonly instants?: readonly string[];
  readonly expires?: readonly string[];
}

const plainly: Surroundings = { steps, groups };

/** Steps that ask one user more: after those that were passed, with those who approved in the one whose turn it is. */
function stepsWithOneMore(post: Submission): Steps[] {
  const number = (step: StepInput = []) => ("of" in step ? (step.needs ?? 1) : 1);
  const rounds = modelRounds(post);
  const turn = post.steps.length === 0 ? 0 : rounds.findIndex((round, step) => round.length < number(post.steps[step]));
  if (turn < 0) return [];
  const counted = (rounds[turn] ?? []).map((approval) => approval.for ?? approval.by);
  return people.map((id) => [
    ...post.steps.slice(0, turn),
    counted.length > 0 ? { of: [...counted, id], needs: counted.length + 1 } : [id],
  ]);
}

/** Every event there is, about a post. */
function eventsFor(post: Submission, around: Surroundings, at?: string): ApprovalEvent[] {
  const { revision } = post;
  const lists = [...around.steps, ...stepsWithOneMore(post)];
  const of = (by: string): ApprovalEvent[] => [
    ...lists.flatMap((list): ApprovalEvent[] => [
      { type: "submit", by, steps: list },
      ...(around.expires ?? []).map((expires): ApprovalEvent => ({ type: "submit", by, steps: list, expires })),
      { type: "reassign", by, steps: list },
    ]),
    ...[revision, revision + 1].flatMap((seen): ApprovalEvent[] => [
      { type: "approve", by, revision: seen },
      { type: "reject", by, revision: seen },
      { type: "release", by, revision: seen },
    ]),
    { type: "withdraw", by },
    { type: "edit", by },
    ...around.groups.map((connections): ApprovalEvent => ({ type: "edit", by, connections })),
  ];
  const all = [
    ...people.flatMap(of),
    { type: "auto-release", revision } as const,
    { type: "auto-release", revision: revision + 1 } as const,
  ];
  return at === undefined ? all : all.map((event) => ({ ...event, at }));
}

/** What led from where to where. */
const edges = new Set<string>();
let states = 0;
let asked = 0;

interface Node {
  readonly post: Submission;
  /** What happened, as a life remembers it. */
  readonly ledger: Ledger;
}

/** Walks all that can be reached, in one organisation that changes between events. */
function walk(cases: readonly Case[], edits: number, around: Surroundings = plainly): void {
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
      for (const connections of around.groups) {
        const started = draft(matrix, { author, connections });
        expect(started.ok ? started.submission : undefined).toEqual(modelDraft(world, author, connections));
        if (started.ok) reach({ post: started.submission, ledger: blank });
      }
    }
  }
  for (let node = open.pop(); node; node = open.pop()) {
    for (const each of cases) {
      for (const at of around.instants ?? [undefined]) for (const next of step(each, node, around, at)) reach(next);
    }
  }
  states += seen.size;
}

/** Lets everything happen to a post in one organisation, and checks what must hold of it. */
function step(one: Case, { post, ledger }: Node, around: Surroundings, at?: string): Node[] {
  const { name, world, matrix } = one;
  const before = JSON.stringify(matrix);
  const stored = json(post);
  const standIns = around.standIns ?? [];
  const accepted = new Map<string, Set<string>>(people.map((id) => [id, new Set<string>()]));
  const reached: Node[] = [];
  for (const event of eventsFor(post, around, at)) {
    asked++;
    const result = transition(matrix, stored, event, { standIns });
    const expected = modelTransition(world, post, event, standIns);
    const told = `${name}: ${JSON.stringify(event)} of ${JSON.stringify(post)}`;
    if (JSON.stringify(result.ok ? result.submission : undefined) !== JSON.stringify(expected)) {
      expect(result, told).toEqual(expected ? { ok: true, submission: expected } : { ok: false });
    }
    if (!result.ok) continue;
    edges.add(`${event.type}: ${post.status} to ${result.submission.status}`);
    const by = byWhom(event);
    if (by !== undefined) accepted.get(by)?.add(event.type);
    const { submission } = result;
    const remembered = remember(ledger, event, post, submission);
    const edited = world.definition.approval.editorMayApprove === false ? remembered.edited : [];
    reached.push({ post: submission, ledger: { ...remembered, edited } });
    if (submission.status === "released") checkReleased(world, post, by, ledger, told);
    checkAccepted(one, post, event, around, told);
  }
  const now = { standIns, ...(at !== undefined && { at }) };
  for (const [user, types] of accepted) {
    const offered = availableEvents(matrix, post, user, now);
    expect([...offered].sort(), `${name}: the buttons of ${user} for ${JSON.stringify(post)}`).toEqual(
      [...types].sort(),
    );
    const waiting = inbox(matrix, [post], user, now).map((item) => item.events);
    const deciding = offered.filter((type) => ["approve", "reject", "edit"].includes(type)).sort();
    expect(waiting.map((types) => [...types].sort())).toEqual(types.has("approve") ? [deciding] : []);
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

/** What holds of everything that is accepted: it is in time, its user is there, and a stand-in could do it if asked. */
function checkAccepted(
  { world }: Case,
  post: Submission,
  event: ApprovalEvent,
  around: Surroundings,
  told: string,
): void {
  const by = byWhom(event);
  if (by !== undefined)
    expect(
      world.people.map(({ id }) => id),
      told,
    ).toContain(by);
  if (post.expires !== undefined && ["approve", "release", "auto-release"].includes(event.type)) {
    expect((event.at as string) < post.expires, told).toBe(true);
  }
  if (by === undefined || by === post.author || !["approve", "reject", "edit"].includes(event.type)) return;
  const alone = modelTransition(world, post, event);
  if (around.standIns === undefined || alone || post.status !== "pending") return;
  // It was done as a stand-in: the same is accepted of somebody who is asked in every step, and stands in for nobody.
  const asked = post.steps.map((each) => ("of" in each ? { ...each, of: [...each.of, by] } : [...each, by]));
  expect(modelTransition(world, { ...post, steps: asked }, event), told).toBeDefined();
}

describe("every state that a post can reach, by every event, while people come, go and change", () => {
  it("in Engage", () => walk(engageCases({ steps: 2 }), sizeUpTo(1)));
  it("in Buffer", () => walk(bufferCases(), sizeUpTo(2)));
  it("where authors may approve", () => {
    walk(engageCases({ authorMayApprove: true, steps: 1 }), sizeUpTo(1));
    walk(bufferCases({ authorMayApprove: true }), sizeUpTo(1));
  });
});

describe("every state of steps with numbers, different people, editors, stand-ins and deadlines", () => {
  const small = [["a"]];
  const strict = { steps: 2, distinctApprovers: true, editorMayApprove: false };
  const both = (change: Partial<Approval>) => engageCases(change).slice(0, 2);
  const numbered: Surroundings = {
    groups: small,
    steps: [
      [{ of: ["ben", "cat"], needs: 2 }],
      [{ of: ["ben", "cat"] }, ["cat", "ben"]],
      [{ of: ["ben", "ben"], needs: 2 }],
      [["cat"], { of: ["ben", "cat"], needs: 2 }],
      [{ of: [], needs: 1 }],
    ],
  };

  it("no release without the number of each step, by users who may approve now", () => {
    walk(both({ steps: 2 }), sizeUpTo(1), numbered);
  });

  it("no user passes two steps where approvers are different, and no editor approves where none may", () => {
    walk(both(strict), 1, numbered);
    walk(both({ ...strict, authorMayApprove: true, steps: 1 }), 1, {
      groups: small,
      steps: [[["ana", "cat"]], [{ of: ["ana", "cat"], needs: 2 }]],
    });
  });

  it("a stand-in does nothing that it could not do if it had been asked itself", () => {
    const standIns = [
      { for: "ben", by: "cat" },
      { for: "cat", by: "dan" },
      { for: "ben", by: "ana" },
      { for: "cat", by: "ben", from: "2026-08-01T00:00:00Z", until: "2026-08-15T00:00:00Z" },
    ];
    const instants = ["2026-07-31T23:59:59.999Z", "2026-08-01T00:00:00Z", "2026-08-15T00:00:00Z"];
    const around = { groups: small, standIns, instants };
    const steps = [[["ben"]], [["ben"], ["cat"]], [{ of: ["ben", "cat"], needs: 2 }]];
    walk(both({ steps: 2 }), sizeUpTo(1), { ...around, steps });
    walk(both({ ...strict, authorMayApprove: true }), sizeUpTo(1), {
      ...around,
      steps: [[["ben"], ["cat"]], [["ana"]]],
    });
    walk(bufferCases().slice(0, 2), 1, { ...around, steps: [[]] });
  });

  it("nothing is approved or released from its deadline on", () => {
    const instants = ["2026-03-31T08:59:59.999Z", "2026-03-31T09:00:00Z"];
    const around = { groups: small, instants, expires: ["2026-03-31T11:00:00+02:00"] };
    walk(both({ steps: 2 }), sizeUpTo(1), { ...around, steps: [[["ben"]], [["ben"], ["cat"]]] });
    walk(bufferCases().slice(0, 2), sizeUpTo(2), { ...around, steps: [[]] });
  });

  it("each step asks for its own right", () => {
    const change: Partial<Approval> = { steps: 3, approve: ["publish.view", "publish.approve"] };
    walk(both(change), sizeUpTo(1), {
      groups: small,
      steps: [[["dan"]], [["dan"], ["ben"]], [["dan"], ["ben"], ["cat"]], [["ben"], ["dan"]]],
    });
  });
});

describe("whose post it is counts where the policy's actions say so", () => {
  const groups = [["a"], ["a", "b"]];
  const around = { groups, steps: [[["ben", "cat"]], [["ben"]], [["ana"]], [["cat"], ["ben"]]] };
  const clauseOf = (action: string) => (engage as unknown as Definition).actions[action] as { allow: object };
  /** Engage, with clauses of its actions for the author of a post, or for all others. */
  const withClauses = (changes: Record<string, object | object[]>, change: Partial<Approval>) => {
    const plain = json(engage) as unknown as Definition & { approval: Approval };
    const actions = Object.entries(plain.actions).map(([name, action]) => [
      name,
      name in changes ? { ...action, allow: changes[name] } : action,
    ]);
    const policy = define({ ...plain, relations: ["author"], actions: Object.fromEntries(actions) });
    return [
      caseOf("as hired", policy, engagePeople, ["a", "b"], change),
      caseOf("cat gone", policy, without(engagePeople, "cat"), ["a", "b"], change),
    ];
  };
  const notOwn = { "publish.approve": { ...clauseOf("publish.approve").allow, isNot: "author" } };
  const ownOnly = { "publish.edit": { ...clauseOf("publish.edit").allow, is: "author" } };

  it("approve, but never one's own: said by the policy as well as by the flow's own setting", () => {
    walk(withClauses(notOwn, { steps: 2, authorMayApprove: true }), sizeUpTo(1), around);
    walk(withClauses(notOwn, { steps: 2 }), sizeUpTo(1), around);
  });

  it("edit own drafts only, and approve in one's own name only what others wrote", () => {
    walk(withClauses(ownOnly, { steps: 1 }), sizeUpTo(1), around);
    walk(withClauses({ ...ownOnly, ...notOwn }, { steps: 1, authorMayApprove: true }), sizeUpTo(1), around);
  });

  it("in the choice of connections, in submitting, in rejecting and in releasing", () => {
    const full = { area: "publish", level: "full-access" };
    const changes = {
      "publish.submit": { area: "publish", level: "needs-approval", is: ["author"] },
      "publish.approve": [{ area: "publish", every: "approver", isNot: "author" }, full],
      "publish.post-now": [{ ...full, is: "author" }],
    };
    const asGroups: Partial<Approval> = { select: "publish.submit", reject: "publish.approve" };
    walk(withClauses(changes, { ...asGroups, steps: 2, authorMayApprove: true }), sizeUpTo(1), around);
  });
});

it("an event leads where the machine's own table says, from which its diagram is drawn, and nowhere else", () => {
  const table = Object.entries(flow).flatMap(([type, { nextStatuses }]) =>
    Object.entries(nextStatuses).flatMap(([from, all]) => all.map((to) => `${type}: ${from} to ${to}`)),
  );
  expect([...edges].sort()).toEqual(table.sort());
});

afterAll(() => {
  process.stdout.write(`\n${states.toLocaleString("en")} states of posts, ${asked.toLocaleString("en")} events\n`);
});
