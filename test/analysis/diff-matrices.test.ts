import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecisionChange, diffMatrices, type GrantChange } from "../../src/analysis/index.js";
import type { Submission } from "../../src/approval/index.js";
import { buffer, can, createMatrix, engage, type GrantMatrix, type Policy } from "../../src/index.js";
import { asked, connectionIds, define, definitions, groups, personOf, toInput } from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import type { Definition, Person, Target } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

// What becomes different is compared with `can`, asked before and after about everybody and everything.

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

function allows(matrix: GrantMatrix, user: string, action: string, target: Target): boolean {
  return matrix.users().includes(user) && can(matrix.user(user), action, ...asked(target));
}

const inEither = (before: readonly string[], after: readonly string[]) => [...new Set([...before, ...after])];

/** Every answer that differs, asked one by one. */
function asOne(policy: Policy, before: GrantMatrix, after: GrantMatrix, posts: readonly string[][]): string[] {
  const users = inEither(before.users(), after.users());
  const connections = inEither(before.connections(), after.connections());
  const changes: unknown[] = [];
  for (const user of users) {
    for (const [action, { target }] of Object.entries(policy.actions)) {
      const targets: Target[] = {
        none: [undefined],
        connection: connections,
        group: [...connections.map((id) => ({ connections: [id] })), ...posts.map((ids) => ({ connections: ids }))],
      }[target];
      for (const [index, each] of targets.entries()) {
        const [was, is] = [before, after].map((matrix) => allows(matrix, user, action, each));
        const place = target === "group" && index >= connections.length ? "post" : "own";
        if (was !== is)
          changes.push([
            place,
            user,
            action,
            is ? "gained" : "lost",
            typeof each === "object" ? each.connections : each === undefined ? each : [each],
          ]);
      }
    }
  }
  return changes.map((change) => JSON.stringify(change)).sort();
}

/** The same, of what a diff says. */
function asSaid(decisions: readonly DecisionChange[], posts: readonly DecisionChange[]): string[] {
  const own = decisions.flatMap(({ user, action, change, connections }): unknown[] =>
    connections
      ? connections.map((id) => ["own", user, action, change, [id]])
      : [["own", user, action, change, undefined]],
  );
  const whole = posts.map(({ user, action, change, connections }) => ["post", user, action, change, connections]);
  return [...own, ...whole].map((change) => JSON.stringify(change)).sort();
}

function accountOf(policy: Policy, people: readonly Person[], connections: readonly string[]): GrantMatrix {
  return createMatrix(policy, { users: people.map(toInput), connections });
}

const peopleOf = (definition: Definition) =>
  fc.uniqueArray(personOf(definition), { maxLength: 4, selector: ({ id }) => id });
const shipped = [engage, buffer].map((policy) => plain(policy) as Definition);
const anyDefinition = fc.oneof(definitions, fc.constantFrom(...shipped));

/** Two accounts under one policy: made by themselves, or the second from the first. */
const accounts = anyDefinition.chain((definition) =>
  fc.record({
    definition: fc.constant(definition),
    people: peopleOf(definition),
    others: peopleOf(definition),
    connections: fc.tuple(fc.array(connectionIds, { maxLength: 3 }), fc.array(connectionIds, { maxLength: 3 })),
    posts: fc.array(groups, { maxLength: 3 }),
    isDerived: fc.boolean(),
  }),
);

describe("a diff", () => {
  it("says what can says before and after, asked about everybody and everything", () => {
    fc.assert(
      fc.property(accounts, ({ definition, people, others, connections, posts, isDerived }) => {
        const policy = define(definition);
        const before = accountOf(policy, people, connections[0]);
        const derive = () => {
          const put = others.reduce((matrix, person) => matrix.putUser(toInput(person)), before);
          const fewer = connections[1].slice(0, 1).reduce((matrix, id) => matrix.removeConnection(id), put);
          return people.slice(0, 1).reduce((matrix, { id }) => matrix.removeUser(id), fewer);
        };
        const after = isDerived ? derive() : accountOf(policy, others, connections[1]);
        const {
          decisions,
          groups: flips,
          ...diff
        } = diffMatrices(before, after, { groups: posts.map((ids) => ({ connections: ids })) });
        expect(asSaid(decisions, flips)).toEqual(asOne(policy, before, after, posts));
        expect(grantsAfter(before, diff.grants)).toEqual(grantsAfter(after, []));
        expect(diff.users.added).toEqual(after.users().filter((id) => !before.users().includes(id)));
        expect(diff.users.removed).toEqual(before.users().filter((id) => !after.users().includes(id)));
        expect(diff.connections.added).toEqual(after.connections().filter((id) => !before.connections().includes(id)));
        expect(diff.connections.removed).toEqual(
          before.connections().filter((id) => !after.connections().includes(id)),
        );
        expect(diffMatrices(before, before)).toMatchObject({ grants: [], decisions: [] });
      }),
      { numRuns: runs(1_000) },
    );
  });

  /** Every grant above the lowest, with changes made to it. */
  function grantsAfter(matrix: GrantMatrix, changes: readonly GrantChange[]): string[] {
    const grants = new Map<string, unknown>();
    for (const { id, grants: held } of matrix.toJSON().users) {
      for (const [connection, grant] of Object.entries(held ?? {})) grants.set(JSON.stringify([id, connection]), grant);
    }
    for (const { user, connection, change, before, after } of changes) {
      const key = JSON.stringify([user, connection]);
      expect(grants.get(key)).toEqual(before);
      expect(change).toBe(before === undefined ? "added" : after === undefined ? "removed" : "changed");
      if (after === undefined) grants.delete(key);
      else grants.set(key, after);
    }
    return [...grants].map((entry) => JSON.stringify(entry)).sort();
  }

  it("lists the connections that are left with nobody, and the posts that nobody is left to approve", () => {
    const own = fc.constantFrom(...shipped).chain((definition) =>
      fc.record({
        definition: fc.constant(definition),
        people: peopleOf(definition),
        others: peopleOf(definition),
        posts: fc.array(fc.uniqueArray(connectionIds, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
        steps: fc.array(fc.array(fc.constantFrom("alpha", "beta", "gamma", "delta"), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    );
    fc.assert(
      fc.property(own, ({ definition, people, others, posts, steps }) => {
        const policy = define(definition);
        const [before, after] = [people, others].map((each) => accountOf(policy, each, [])) as [
          GrantMatrix,
          GrantMatrix,
        ];
        const { release, approvers, ...flow } = policy.approval as NonNullable<Policy["approval"]>;
        const approve = flow.approve as string;
        const pending = posts.map((connections): Submission => {
          const named = approvers === "named" ? steps : [];
          return { connections, author: "theta", status: "pending", steps: named, approvals: [], revision: 0 };
        });
        const drafts: Submission[] = posts.map((connections) => ({
          ...{ connections, author: "author", status: "draft" as const },
          ...{ steps: [], approvals: [], revision: 0 },
        }));
        const diff = diffMatrices(before, after, { submissions: [...pending, ...drafts] });
        const able = (matrix: GrantMatrix, action: string, connections: readonly string[]) =>
          matrix.usersFor(action, ...asked({ connections: [...connections] }));
        const expected = pending.flatMap(({ connections, author }, submission) =>
          (approvers === "named" ? steps : [undefined]).flatMap((step, index) => {
            const asks = (matrix: GrantMatrix) =>
              able(matrix, approve, connections).filter(
                (id) => id !== author && (step === undefined || (step as string[]).includes(id)),
              );
            const lost = asks(before);
            if (asks(after).length > 0 || lost.length === 0) return [];
            return [{ submission, step: index, author, connections, lost: [...lost].sort() }];
          }),
        );
        expect(diff.submissions.map((each) => ({ ...each, lost: [...new Set(each.lost)].sort() }))).toEqual(expected);
        const orphans = after.connections().flatMap((connection) =>
          (
            [
              ["approve", approve],
              ["post", release],
            ] as const
          ).flatMap(([nobody, action]) =>
            able(before, action, [connection]).length > 0 && able(after, action, [connection]).length === 0
              ? [{ connection, nobody }]
              : [],
          ),
        );
        const text = (list: readonly object[]) => list.map((each) => JSON.stringify(each)).sort();
        expect(text(diff.orphans)).toEqual(text(orphans));
      }),
      { numRuns: runs(1_000) },
    );
  });

  const account = createMatrix(engage, {
    users: [
      { id: "ana", role: "viewer", grants: { fb: { publish: "full-access", approver: true } } },
      { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
    ],
    connections: ["ig"],
  });

  it("says who has another role, and what follows", () => {
    const after = account.putUser({
      id: "ben",
      role: "admin",
      grants: { fb: { publish: "view-only", approver: true } },
    });
    const { users, grants, decisions } = diffMatrices(account, after);
    expect(users.roles).toEqual([{ user: "ben", before: "viewer", after: "admin" }]);
    expect(grants).toEqual([]);
    expect(decisions).toEqual([
      { user: "ben", action: "connections.create", change: "gained" },
      { user: "ben", action: "connections.assign-users", change: "gained" },
      { user: "ben", action: "connections.reconnect", change: "gained", connections: ["ig"] },
    ]);
  });

  it("looks at the step that is next, and at an author who approves nothing", () => {
    const submission: Submission = {
      ...{ connections: ["fb"], author: "cat", status: "pending" },
      ...{ steps: [["ben"], ["ana", "ben"]], approvals: [{ by: "ben" }], revision: 0 },
    };
    const without = account.revoke("ana", "fb");
    expect(diffMatrices(account, without, { submissions: [submission] }).submissions).toEqual([]);
    const nobody = without.removeUser("ben");
    const diff = diffMatrices(account, nobody, {
      submissions: [submission],
      groups: [{ connections: ["fb", "nowhere"] }],
    });
    expect(diff.submissions).toEqual([
      { submission: 0, step: 1, author: "cat", connections: ["fb"], lost: ["ana", "ben"] },
    ]);
    expect(diff.orphans).toEqual([
      { connection: "fb", nobody: "approve" },
      { connection: "fb", nobody: "post" },
    ]);
    expect(isDeeplyFrozen(diff)).toBe(true);
    expect(plain(diff)).toEqual(diff);
  });

  it("does not count on an author who may not approve", () => {
    const submission: Submission = {
      ...{ connections: ["fb"], author: "olga", status: "pending" },
      ...{ steps: [], approvals: [], revision: 0 },
    };
    const users = ["olga", "otto"].map((id) => ({ id, role: "owner" as const }));
    const owned = createMatrix(buffer, { users, connections: ["fb"] });
    expect(diffMatrices(owned, owned.removeUser("otto"), { submissions: [submission] }).submissions).toEqual([
      { submission: 0, step: 0, author: "olga", connections: ["fb"], lost: ["otto"] },
    ]);
  });

  it("counts steps from the first, and nobody who is not asked", () => {
    const submission: Submission = {
      ...{ connections: ["fb"], author: "cat", status: "pending" },
      ...{ steps: [["ana"], ["ben"]], approvals: [], revision: 0 },
    };
    // Ana could still approve, but she is not asked in the second step.
    expect(diffMatrices(account, account.removeUser("ben"), { submissions: [submission] }).submissions).toEqual([
      { submission: 0, step: 1, author: "cat", connections: ["fb"], lost: ["ben"] },
    ]);
  });

  it("lists a step of which too few are left, and counts on nobody who has approved in it or edited", () => {
    const approver = { publish: "view-only", approver: true } as const;
    const people = ["ben", "cat", "dan"].map((id) => ({ id, role: "viewer", grants: { fb: approver } }) as const);
    const before = createMatrix(engage, { users: people });
    const after = before.revoke("cat", "fb");
    const post = (needs: number, approvals: { by: string; for?: string }[] = []): Submission => ({
      ...{ connections: ["fb"], author: "ana", status: "pending", approvals, revision: 0 },
      steps: [{ of: ["ben", "cat", "dan"], needs }],
    });
    const stuck = (submission: Submission) => diffMatrices(before, after, { submissions: [submission] }).submissions;
    const lost = [{ submission: 0, step: 0, author: "ana", connections: ["fb"], lost: ["cat"] }];
    expect(stuck(post(2))).toEqual([]);
    expect(stuck(post(3))).toEqual(lost);
    expect(stuck(post(2, [{ by: "ben" }]))).toEqual([]);
    expect(stuck(post(2, [{ by: "ben", for: "dan" }]))).toEqual(lost);
  });

  it("takes the names of other actions, and refuses what it cannot be asked", () => {
    const after = account.revoke("ana", "fb").revoke("ben", "fb");
    expect(diffMatrices(account, after, { approve: "publish.reject", post: "conversations.reply" }).orphans).toEqual([
      { connection: "fb", nobody: "approve" },
    ]);
    const refused = (options: unknown) => refusal(() => diffMatrices(account, after, options as never));
    expect(refused({ post: "publish.pots" })).toMatchObject({ code: "unknown-action", path: ["post"] });
    expect(refused({ post: "publish.create" })).toEqual({
      code: "wrong-target",
      message: '"publish.create" has no target; expected an action on a connection or a group (at "post")',
      path: ["post"],
    });
    expect(refused({ group: [] })).toMatchObject({ code: "wrong-target", path: ["group"] });
    expect(refused({ groups: [{ connections: [1] }] })).toMatchObject({ path: ["groups", 0, "connections", 0] });
    expect(refused({ submissions: [{}] })).toMatchObject({ code: "invalid-submission" });
    expect(refusal(() => diffMatrices(account, createMatrix(buffer, { users: [] }) as never))).toEqual({
      code: "invalid-matrix",
      message: "matrices of two policies; expected one policy for both",
    });
    const { approval: _, ...rest } = plain(engage);
    const none = createMatrix(define(rest), { users: account.toJSON().users as never });
    expect(diffMatrices(none, none.removeUser("ana").removeUser("ben")).orphans).toEqual([]);
  });
});
