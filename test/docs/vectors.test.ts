import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { folder, vectors } from "../../docs/vectors.js";
import type { ApprovalEvent, StandIn, Submission } from "../../src/approval/index.js";
import * as approval from "../../src/approval/index.js";
import { reasons } from "../../src/core/decisions/decision.js";
import type { Policy, UserInput } from "../../src/index.js";
import * as root from "../../src/index.js";
import { modelExplain } from "../support/reference-explanation.js";
import { modelDraft, modelTransition, type Organisation } from "../support/reference-flow.js";
import {
  type Definition,
  type GrantData,
  modelCan,
  modelLevel,
  type Person,
  type Target,
} from "../support/reference-model.js";

// The vectors are read as somebody else's program reads them: as JSON, from the folder that the package carries.

interface Vector {
  readonly policy: Definition;
  readonly users: readonly UserInput[];
  readonly questions: readonly {
    readonly user: string;
    /** The instant at which is asked, where grants end. */
    readonly at?: string;
    readonly action: string;
    readonly target?: Target;
    readonly answer: { readonly allowed: boolean; readonly reason?: string };
  }[];
  readonly levels: readonly {
    readonly user: string;
    readonly area: string;
    readonly target?: string | { readonly connections: string[] };
    readonly level: string;
  }[];
  readonly validUntil?: readonly { readonly user: string; readonly at: string; readonly validUntil: string | null }[];
  readonly account: { readonly users: readonly UserInput[]; readonly connections: readonly string[] };
  readonly walks: readonly { readonly about: string; readonly steps: readonly Step[] }[];
}

interface Step {
  readonly draft?: { readonly author: string; readonly connections: readonly string[] };
  readonly event?: ApprovalEvent;
  readonly standIns?: readonly StandIn[];
  readonly assign?: { readonly user: string; readonly connection: string; readonly grant: object };
  readonly submission?: Submission;
  readonly refused?: object;
}

const read = (name: string): Vector => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const names = readdirSync(folder).sort();
const withQuestions = names.filter((name) => "questions" in read(name));
const withWalks = names.filter((name) => "walks" in read(name));

it("the files are what the script writes (npm run tables writes them)", () => {
  const written = vectors();
  expect(names).toEqual([...written.keys()].sort());
  for (const name of names) expect(readFileSync(new URL(name, folder), "utf8"), name).toBe(written.get(name));
});

it("the example of the page is a question of engage.json", () => {
  const page = readFileSync(new URL("../docs/vectors.md", folder), "utf8");
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  expect(read("engage.json").questions).toContainEqual(JSON.parse(example));
});

it("the vectors have every reason, each way to repair, and at most 400 kB", () => {
  const answers = withQuestions.flatMap((name) => read(name).questions.map(({ answer }) => answer));
  expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set([undefined, ...reasons]));
  expect(new Set(answers.map((answer) => (answer as { unblock?: string }).unblock))).toEqual(
    new Set([undefined, "any", "every"]),
  );
  expect(answers.some((answer) => "account" in answer)).toBe(true);
  const refusals = withWalks.flatMap((name) => read(name).walks.flatMap(({ steps }) => steps.flatMap(reasonOf)));
  expect([...new Set(refusals)].sort()).toEqual(Object.keys(everyRefusal).sort());
  const size = names.reduce((sum, name) => sum + readFileSync(new URL(name, folder)).length, 0);
  expect(size).toBeLessThan(400_000);
});

function reasonOf({ refused }: Step): readonly string[] {
  return refused ? [(refused as approval.Refusal).reason] : [];
}

const everyRefusal: { readonly [Reason in approval.RefusalReason]: true } = {
  ...{ "no-connections": true, "wrong-status": true, "stale-revision": true, "unknown-user": true },
  ...{ "not-allowed": true, "not-author": true, "is-author": true, "not-asked": true, "is-editor": true },
  ...{ "already-approved": true, expired: true, "wrong-steps": true, "not-an-approver": true },
  ...{ "no-approver": true, "approval-lapsed": true },
};

const require = createRequire(import.meta.url);
const libraries: readonly (readonly [name: string, root: typeof root, approval: typeof approval])[] = [
  ["the sources", root, approval],
  ["the package", require("../../dist/index.cjs"), require("../../dist/approval.cjs")],
];

describe.each(libraries)("by %s", (_, { createMatrix, createUser, definePolicy, ...library }, flow) => {
  const define = definePolicy as unknown as (definition: unknown) => Policy;

  it.each(withQuestions)("%s has the answer to each question, and every level", (name) => {
    const { policy: definition, users: inputs, questions, levels, validUntil = [] } = read(name);
    const policy = define(definition);
    const userOf = (user: string, at?: string) => {
      const input = inputs.find(({ id }) => id === user) as UserInput;
      return at === undefined ? createUser(policy, input) : createUser(policy, input, { at });
    };
    for (const { user, at, validUntil: until } of validUntil) expect(userOf(user, at).validUntil ?? null).toBe(until);
    for (const { user, at, action, target, answer } of questions) {
      const passed = (target === undefined ? [] : [target]) as [string];
      const asked = userOf(user, at);
      expect(library.can(asked, action, ...passed)).toBe(answer.allowed);
      const { action: _, user: __, target: ___, ...given } = library.explain(asked, action, ...passed);
      expect(given, JSON.stringify([user, action, target])).toEqual(answer);
    }
    for (const { user, area, target, level } of levels) {
      const passed = (target === undefined ? [] : [target]) as [string];
      expect(library.accessLevel(userOf(user), area, ...passed)).toBe(level);
    }
  });

  it.each(withWalks)("%s goes as each walk says", (name) => {
    const { policy, account, walks } = read(name);
    for (const { about, steps } of walks) {
      let matrix = createMatrix(define(policy), account as never);
      let submission: Submission | undefined;
      for (const { draft, event, standIns = [], assign, ...outcome } of steps) {
        if (assign) {
          matrix = matrix.assign(assign.user, assign.connection, assign.grant);
          continue;
        }
        const result = draft
          ? flow.draft(matrix, draft)
          : flow.transition(matrix, submission as Submission, event as ApprovalEvent, { standIns });
        const { ok, decision, ...rest } = result as approval.ApprovalResult & { decision?: unknown };
        expect(ok ? rest : { refused: rest }, about).toEqual(outcome);
        if (result.ok) submission = result.submission;
      }
    }
  });

  it("refused.json is refused, with the code and the path", () => {
    const { policies, user, submission, calls } = JSON.parse(readFileSync(new URL("refused.json", folder), "utf8"));
    const { engage } = library;
    const matrix = createMatrix(engage, { users: [] }) as never;
    const withdrawal = { type: "withdraw", by: "ana" };
    const faultOf = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        if (!(error instanceof library.PolicyError)) throw error;
        return { code: error.code, ...(error.path && { path: error.path }) };
      }
      return "accepted";
    };
    const makers: Readonly<Record<string, (given: never) => unknown>> = {
      user: (given) => createUser(engage, given),
      account: (given) => createMatrix(engage, given),
      question: ([action, ...target]: [string, ...unknown[]]) =>
        library.can(createUser(engage, user) as root.User, action, ...(target as [string])),
      submission: (given) => flow.transition(matrix, given, withdrawal as never),
      event: (given) => flow.transition(matrix, submission, given),
    };
    for (const { about, definition, code, path } of policies) {
      expect(
        faultOf(() => define(definition)),
        about,
      ).toEqual({ code, path });
    }
    for (const { about, code, path, ...call } of calls) {
      const [[kind, given]] = Object.entries(call) as [[string, never]];
      expect(
        faultOf(() => makers[kind]?.(given)),
        about,
      ).toEqual({ code, ...(path && { path }) });
    }
  });
});

describe("by the second models, which share nothing with the library", () => {
  const personOf = ({ id, role, grants = {}, connections = [], account }: UserInput): Person => ({
    ...{ id, role, grants: Object.entries(grants) as [string, GrantData][], connections: [...connections] },
    ...(account && { account: account as GrantData }),
  });

  /** Takes away the grants that have ended, but not the connections that they were on. */
  const personAt = ({ grants, connections, ...person }: Person, at: string | undefined): Person => ({
    ...person,
    grants: grants
      .filter(([, { until }]) => at === undefined || until === undefined || new Date(at) < new Date(until as string))
      .map(([id, { until: _, ...grant }]) => [id, grant]),
    connections: [...new Set([...connections, ...grants.map(([id]) => id)])],
  });

  it.each(withQuestions)("%s has the answer to each question, and every level", (name) => {
    const { policy, users, questions, levels } = read(name);
    const people = new Map(users.map((input) => [input.id, personOf(input)]));
    for (const { user, at, action, target, answer } of questions) {
      const person = personAt(people.get(user) as Person, at);
      expect(modelCan(policy, person, action, target)).toBe(answer.allowed);
      const why = modelExplain(policy, person, action, target);
      expect({ allowed: why === undefined, ...why }, JSON.stringify([user, action, target])).toEqual(answer);
    }
    for (const { user, area, target, level } of levels) {
      const connections = typeof target === "string" ? [target] : (target?.connections ?? []);
      expect(modelLevel(policy, people.get(user) as Person, area, connections)).toBe(level);
    }
  });

  it.each(withWalks)("%s goes as each walk says", (name) => {
    const { policy: definition, account, walks } = read(name);
    for (const { about, steps } of walks) {
      let people = account.users.map(personOf);
      let submission: Submission | undefined;
      for (const { draft, event, standIns, assign, ...outcome } of steps) {
        if (assign) {
          const grant = assign.grant as GrantData;
          people = people.map((person) =>
            person.id === assign.user
              ? {
                  ...person,
                  grants: [...person.grants.filter(([id]) => id !== assign.connection), [assign.connection, grant]],
                }
              : person,
          );
          continue;
        }
        const world = { definition, people, connections: account.connections } as unknown as Organisation;
        const next = draft
          ? modelDraft(world, draft.author, draft.connections)
          : modelTransition(world, submission as Submission, event as ApprovalEvent, standIns);
        expect(next, about).toEqual(outcome.submission);
        submission = next ?? submission;
      }
    }
  });
});
