import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  type ApprovalEvent,
  availableEvents,
  draft,
  type StandIn,
  type StepInput,
  type Submission,
  transition,
} from "../../src/approval/index.js";
import { buffer, createMatrix, engage, type GrantMatrix, type Policy } from "../../src/index.js";
import { canHoldInAccount, define, grantOf, isFixed, toInput, wholeDefinitions } from "../support/arbitraries.js";
import { blank, checkReleased, type Ledger, remember } from "../support/check-release.js";
import {
  type Approval,
  byWhom,
  modelDraft,
  modelMay,
  modelTransition,
  type Organisation,
} from "../support/reference-flow.js";
import type { Clause, Definition, GrantData, Person } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// Whole lives of posts: events and changes of people and grants in any order, in the library and in the second machine.

const json = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
const ids = ["ana", "ben", "cat", "dan"];
const connections = ["fb", "ig", "x"];

type Flow = Definition & { approval: Approval };

/** Engage and Buffer, with every form of the flow, and random policies that take part in it by any of their actions. */
const shipped: fc.Arbitrary<Flow> = fc
  .tuple(
    fc.constantFrom(json(engage) as unknown as Flow, json(buffer) as unknown as Flow),
    fc.record(
      {
        authorMayApprove: fc.boolean(),
        steps: fc.integer({ min: 1, max: 3 }),
        distinctApprovers: fc.boolean(),
        editorMayApprove: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([flow, change]) => {
    const steps = flow.approval.approvers === "anyone" ? 1 : (change.steps ?? flow.approval.steps);
    return { ...flow, approval: { ...flow.approval, ...change, steps } };
  });
/** A policy of which some clauses are for a post's author, or for all others: the one relation that the flow knows. */
function ofAuthors(definition: Definition): Definition {
  const related = ({ is, isNot, ...rest }: Clause): Clause => ({
    ...rest,
    ...(is !== undefined && { is: "author" }),
    ...(isNot !== undefined && { isNot: ["author"] }),
  });
  const actions = Object.entries(definition.actions).map(([name, { target, allow }]) => [
    name,
    { target, allow: Array.isArray(allow) ? allow.map(related) : related(allow) },
  ]);
  return { ...definition, relations: ["author"], actions: Object.fromEntries(actions) };
}
const random: fc.Arbitrary<Flow> = wholeDefinitions
  .map(ofAuthors)
  .filter(({ actions }) => Object.values(actions).some(({ target }) => target === "group"))
  .chain((definition) => {
    const ofKind = (...kinds: string[]) =>
      fc.constantFrom(
        ...Object.keys(definition.actions).filter((name) => kinds.includes(definition.actions[name]?.target ?? "")),
      );
    const right = ofKind("group");
    return fc
      .record({
        select: ofKind("group", "connection"),
        ...{ submit: right, edit: right, approve: right, reject: right, release: right },
        approvers: fc.constantFrom("named", "anyone"),
        steps: fc.integer({ min: 1, max: 3 }),
        authorMayApprove: fc.boolean(),
        distinctApprovers: fc.boolean(),
        editorMayApprove: fc.boolean(),
        // The first step asks for a right of its own.
        first: fc.option(right, { nil: undefined }),
      })
      .map(({ first, ...approval }) => {
        const steps = approval.approvers === "anyone" ? 1 : approval.steps;
        const approve = first !== undefined && steps > 1 ? [first, approval.approve] : approval.approve;
        return { ...definition, approval: { ...approval, approve, steps } };
      });
  });
const flows = fc.oneof({ weight: 3, arbitrary: shipped }, { weight: 1, arbitrary: random });

const personWith = (flow: Flow, id: string): fc.Arbitrary<Person> =>
  fc.constantFrom(...Object.keys(flow.roles)).chain(
    (role) =>
      fc.record({
        id: fc.constant(id),
        role: fc.constant(role),
        grants: isFixed(flow, role)
          ? fc.constant([])
          : fc.tuple(...connections.map((each) => grantOf(flow).map((grant): [string, GrantData] => [each, grant]))),
        connections: fc.constant([]),
        ...(canHoldInAccount(flow, role) && { account: grantOf(flow, true) }),
      }) as fc.Arbitrary<Person>,
  );

/** The library and the machine, side by side. */
interface Model {
  world: Organisation;
  post: Submission | undefined;
  /** Who approved, and who edited: a life's own record. */
  ledger: Ledger;
}
interface Real {
  matrix: GrantMatrix;
  post: Submission | undefined;
}
type Step = fc.Command<Model, Real>;

let sequences = 0;
let steps = 0;
/** How often each status was reached. */
const reached = new Map<string, number>();

/** Makes an event about a post; most are about people who may do it, or few posts would be approved. */
type Make = (post: Submission, world: Organisation) => ApprovalEvent;

class Happens implements Step {
  constructor(
    readonly make: Make,
    readonly at: string,
    readonly standIns: readonly StandIn[],
  ) {}
  made: ApprovalEvent | undefined;
  check = ({ post }: Readonly<Model>) => post !== undefined;
  run(model: Model, real: Real): void {
    steps++;
    const before = model.post as Submission;
    const { at, standIns } = this;
    const event = { ...this.make(before, model.world), at };
    this.made = event;
    const account = JSON.stringify(real.matrix);
    const result = transition(real.matrix, json(real.post as Submission), event, { standIns });
    const expected = modelTransition(model.world, before, event, standIns);
    expect(result.ok ? result.submission : undefined).toEqual(expected);
    expect(JSON.stringify(real.matrix)).toBe(account);
    const by = byWhom(event);
    if (by !== undefined && result.ok)
      expect(availableEvents(real.matrix, before, by, { standIns, at })).toContain(event.type);
    if (!expected || !result.ok) return;
    if (expected.status === "released") checkReleased(model.world, before, by, model.ledger);
    if (expected.expires !== undefined && ["approve", "release", "auto-release"].includes(event.type)) {
      expect((event.at as string) < expected.expires).toBe(true);
    }
    reached.set(expected.status, (reached.get(expected.status) ?? 0) + 1);
    model.ledger = remember(model.ledger, event, before, expected);
    model.post = expected;
    real.post = result.submission;
  }
  toString = () =>
    `event at ${this.at}, ${JSON.stringify(this.standIns)}: ${this.made ? JSON.stringify(this.made) : "not made"}`;
}

class Changes implements Step {
  constructor(readonly person: Person | string) {}
  check = () => true;
  run(model: Model, real: Real): void {
    const { person } = this;
    const id = typeof person === "string" ? person : person.id;
    const others = model.world.people.filter((each) => each.id !== id);
    if (typeof person === "string") {
      if (others.length < model.world.people.length) real.matrix = real.matrix.removeUser(id);
    } else {
      real.matrix = real.matrix.putUser(toInput(person));
    }
    model.world = { ...model.world, people: typeof person === "string" ? others : [...others, person] };
  }
  toString = () => `change ${JSON.stringify(this.person)}`;
}

class Starts implements Step {
  constructor(
    readonly author: string,
    readonly group: string[],
  ) {}
  check = ({ post }: Readonly<Model>) => post === undefined || post.status === "released";
  run(model: Model, real: Real): void {
    const result = draft(real.matrix, { author: this.author, connections: this.group });
    expect(result.ok ? result.submission : undefined).toEqual(modelDraft(model.world, this.author, this.group));
    if (!result.ok) return;
    model.post = result.submission;
    real.post = result.submission;
    model.ledger = blank;
  }
  toString = () => `draft ${JSON.stringify(this)}`;
}

const somebody = fc.constantFrom(...ids, "zoe");
const group = fc.subarray(connections, { minLength: 1 });
const asked = fc.uniqueArray(somebody, { minLength: 1, maxLength: 3 });
const stepOf: fc.Arbitrary<StepInput> = fc.oneof(
  { weight: 2, arbitrary: asked },
  {
    weight: 1,
    arbitrary: fc.record({ of: asked, needs: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ["of"] }),
  },
);
const list = fc.array(stepOf, { maxLength: 3 });
// Four instants: most deadlines and stand-ins are over at some of them only.
const instant = fc.nat(3).map((hour) => new Date(Date.UTC(2026, 2, 31, 9 + hour)).toISOString());
const standIns: fc.Arbitrary<StandIn[]> = fc.array(
  fc
    .record({ for: somebody, by: somebody, from: instant, until: instant }, { requiredKeys: ["for", "by"] })
    .filter((each) => each.for !== each.by && !(each.from && each.until && each.until <= each.from)),
  { maxLength: 3 },
);
const revision = ({ revision: now }: Submission, stale: boolean) => (stale ? now + 1 : now);
const stale = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0);

function commandsOf(flow: Flow): fc.Arbitrary<Step>[] {
  const event = (...parts: fc.Arbitrary<Make>[]) =>
    parts.map((part) => fc.tuple(part, instant, standIns).map((drawn) => new Happens(...drawn)));
  const named = flow.approval.approvers === "named";
  const expiry = fc.option(instant, { nil: undefined, freq: 2 });
  const likely = fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 });
  const approve = fc.nat(5).map(
    (index): Make =>
      (post, world) => {
        const users = named ? post.steps.flatMap((step) => ("of" in step ? step.of : step)) : ids;
        const able = users.filter((id) => modelMay(world, id, "approve", post));
        return { type: "approve", by: able[index % able.length] ?? "ben", revision: post.revision };
      },
  );
  return [
    fc.tuple(somebody, group).map(([author, chosen]) => new Starts(author, chosen)),
    ...event(
      fc.tuple(somebody, named ? list : fc.constant([]), expiry).map(([by, steps, expires]) => () => ({
        ...{ type: "submit", by, steps },
        ...(expires !== undefined && { expires }),
      })),
      fc.tuple(likely, expiry).map(([places, expires]) => (post, world) => {
        const able = ids.filter((id) => id !== post.author && modelMay(world, id, "approve", post));
        const submitters = ids.filter((id) => modelMay(world, id, "submit", post));
        const steps = places.map((step) => {
          const of = [...new Set(step.map((place) => able[place % able.length] ?? "zoe"))];
          return of.length > 2 ? { of, needs: 2 } : of;
        });
        return {
          ...{ type: "submit", by: submitters[0] ?? "zoe", steps: named ? steps : [] },
          ...(expires !== undefined && { expires }),
        };
      }),
      fc.tuple(somebody, list).map(([by, asked]) => (post) => ({
        type: "reassign",
        by,
        steps: [...post.steps.slice(0, post.approvals.length), ...asked],
      })),
      fc.tuple(somebody, list).map(([by, asked]) => () => ({ type: "reassign", by, steps: asked })),
      fc.tuple(somebody, stale).map(([by, old]) => (post) => ({ type: "approve", by, revision: revision(post, old) })),
      ...[approve, approve, approve],
      fc.tuple(somebody, stale).map(([by, old]) => (post) => ({ type: "reject", by, revision: revision(post, old) })),
      somebody.map((by) => () => ({ type: "withdraw", by })),
      fc.tuple(somebody, fc.option(fc.subarray(connections), { nil: undefined })).map(([by, chosen]) => () => ({
        type: "edit",
        by,
        connections: chosen,
      })),
      fc.tuple(somebody, stale).map(([by, old]) => (post) => ({ type: "release", by, revision: revision(post, old) })),
      stale.map((old) => (post) => ({ type: "auto-release", revision: revision(post, old) })),
    ),
    fc
      .constantFrom(...ids)
      .chain((id) => personWith(flow, id))
      .map((person) => new Changes(person)),
    fc.constantFrom(...ids, "zoe").map((id) => new Changes(id)),
  ];
}

describe("whole lives of posts", () => {
  it("go as the second machine says, whoever is hired, demoted or gone between any two events", () => {
    const worlds = flows.chain((flow) =>
      fc.record({
        flow: fc.constant(flow),
        people: fc.tuple(...ids.map((id) => personWith(flow, id))),
        commands: fc.commands(commandsOf(flow), { maxCommands: 60, size: "max" }),
      }),
    );
    fc.assert(
      fc.property(worlds, ({ flow, people, commands }) => {
        sequences++;
        const policy: Policy = define(flow);
        const matrix = createMatrix(policy, { users: people.map(toInput), connections });
        const model: Model = { world: { definition: flow, people, connections }, post: undefined, ledger: blank };
        fc.modelRun(() => ({ model, real: { matrix, post: undefined } }), commands);
      }),
      { numRuns: runs(3000) },
    );
    // Not all of them stay where they began.
    expect([...reached.keys()]).toEqual(expect.arrayContaining(["draft", "pending", "approved", "released"]));
  });
});

afterAll(() => {
  process.stdout.write(`\n${sequences.toLocaleString("en")} lives of posts, ${steps.toLocaleString("en")} events\n`);
});
