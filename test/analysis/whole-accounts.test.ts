import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffMatrices, formatDiff, formatReview, reviewAccess, whoCan } from "../../src/analysis/index.js";
import { can, createMatrix, type GrantMatrix } from "../../src/index.js";
import {
  connectionIds,
  define,
  personOf,
  postOf,
  smallDefinitions,
  toInput,
  wholeDefinitions,
} from "../support/arbitraries.js";
import { setsOf } from "../support/brute-force.js";
import type { Definition, Group, Person } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// What is said of accounts under policies of the whole language, compared with `can`, asked about everybody, every action
// and whatever the user is to the post.

const accounts = fc.oneof(wholeDefinitions, smallDefinitions).chain((definition) =>
  fc.record({
    definition: fc.constant(definition),
    before: fc.uniqueArray(personOf(definition), { maxLength: 3, selector: ({ id }) => id }),
    after: fc.uniqueArray(personOf(definition), { maxLength: 3, selector: ({ id }) => id }),
    group: fc.array(connectionIds, { maxLength: 3 }),
    choice: fc.nat(20),
  }),
);

function matrixOf(definition: Definition, people: readonly Person[]): GrantMatrix {
  return createMatrix(define(definition), { users: people.map(toInput) });
}

/** Every set of the relations that an action names. */
function relationsIn({ actions }: Definition, action: string): string[][] {
  const named = new Set([actions[action]?.allow ?? []].flat().flatMap(({ is = [], isNot = [] }) => [is, isNot].flat()));
  const names = [...named];
  return setsOf(names.length, names.length).map((set) => set.map((each) => names[each] as string));
}

/** Whether a user may do an action on one connection as this and nothing else, or in the account. */
function allows(definition: Definition, matrix: GrantMatrix, user: string, action: string, id: string, as: string[]) {
  if (!matrix.users().includes(user)) return false;
  const { target } = definition.actions[action] as Definition["actions"][string];
  const related = (definition.relations ?? []).map((name) => [name, as.includes(name) ? user : null]);
  const post = { ...Object.fromEntries(related), connections: [id] };
  const about = { none: undefined, connection: id, group: post }[target];
  return can(matrix.user(user), action, ...((about === undefined ? [] : [about]) as [string]));
}

const actionsOf = (definition: Definition, ...kinds: string[]) =>
  Object.keys(definition.actions).filter((action) => kinds.includes(definition.actions[action]?.target ?? ""));

describe("accounts over the whole language", () => {
  it("a review lists who may do what on some post, and the clause of whoCan holds", () => {
    fc.assert(
      fc.property(accounts, ({ definition, before, group, choice }) => {
        const matrix = matrixOf(definition, before);
        const { connections, account, accountGrants } = reviewAccess(matrix);
        for (const { connection, users } of connections) {
          for (const user of matrix.users()) {
            const allowed = users.find((each) => each.user === user)?.allows.flatMap(({ actions }) => actions) ?? [];
            const expected = actionsOf(definition, "connection", "group").filter((action) =>
              relationsIn(definition, action).some((as) => allows(definition, matrix, user, action, connection, as)),
            );
            expect(new Set(allowed)).toEqual(new Set(expected));
          }
        }
        for (const { action, users } of account) {
          expect(users.map(({ user }) => user)).toEqual(matrix.usersFor(action, ...([] as never)));
        }
        const isOfAccount = Object.values(definition.areas).some(({ of }) => of === "account");
        expect(accountGrants !== undefined).toBe(isOfAccount);
        const lowest = definition.levels[0];
        const holders = matrix
          .users()
          .filter((user) => Object.values(matrix.accountGrant(user)).some((held) => held !== lowest && held !== false));
        expect(accountGrants?.map(({ user }) => user) ?? []).toEqual(holders);
        const post = postOf(definition, group, [...matrix.users()], choice);
        for (const action of actionsOf(definition, "group")) {
          const who = whoCan(matrix, action, ...([post] as never)).map(({ user }) => user);
          expect(who).toEqual(matrix.usersFor(action, ...([post] as never)));
        }
        expect(formatReview(reviewAccess(matrix)).length).toBeGreaterThan(0);
      }),
      { numRuns: runs(500) },
    );
  });

  it("a diff lists each answer that differs, and as what to the post", () => {
    fc.assert(
      fc.property(accounts, ({ definition, before, after, group, choice }) => {
        const [was, is] = [matrixOf(definition, before), matrixOf(definition, after)];
        const users = [...new Set([...was.users(), ...is.users()])];
        const ids = [...new Set([...was.connections(), ...is.connections()])];
        const post: Group = postOf(definition, group, users, choice);
        const diff = diffMatrices(was, is, { groups: [post] });
        const said = diff.decisions.flatMap(({ user, action, change, connections = [""], as }) =>
          connections.flatMap((id) =>
            (as ? [as] : relationsIn(definition, action)).map((each) =>
              JSON.stringify([user, action, change, id, each]),
            ),
          ),
        );
        const changes = users.flatMap((user) =>
          Object.entries(definition.actions).flatMap(([action, { target }]) =>
            (target === "none" ? [""] : ids).flatMap((id) =>
              relationsIn(definition, action).flatMap((as) => {
                const [had, has] = [was, is].map((matrix) => allows(definition, matrix, user, action, id, as));
                return had === has ? [] : [JSON.stringify([user, action, has ? "gained" : "lost", id, as])];
              }),
            ),
          ),
        );
        expect(new Set(said)).toEqual(new Set(changes));
        const inGroup = users.flatMap((user) =>
          actionsOf(definition, "group").flatMap((action) => {
            const [had, has] = [was, is].map(
              (matrix) => matrix.users().includes(user) && can(matrix.user(user), action, ...([post] as never)),
            );
            return had === has ? [] : [JSON.stringify([user, action, has ? "gained" : "lost"])];
          }),
        );
        expect(new Set(diff.groups.map((each) => JSON.stringify([each.user, each.action, each.change])))).toEqual(
          new Set(inGroup),
        );
        expect(formatDiff(diff).length).toBeGreaterThan(0);
      }),
      { numRuns: runs(500) },
    );
  });
});

const suite = define({
  name: "suite",
  levels: ["none", "draft", "full"],
  areas: {
    publish: { levels: ["none", "draft", "full"], flags: { approver: ["draft", "full"] } },
    billing: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {} },
  relations: ["author"],
  actions: {
    pay: { target: "none", allow: { area: "billing", level: "full" } },
    edit: {
      target: "group",
      allow: [
        { area: "publish", level: "draft", is: "author" },
        { area: "publish", level: "full" },
      ],
    },
    approve: {
      target: "group",
      allow: {
        and: [
          { area: "publish", every: ["full", "approver"] },
          { area: "billing", level: "full" },
        ],
        isNot: "author",
      },
    },
  },
});

describe("an account with areas of its own", () => {
  const before = createMatrix(suite, {
    users: [
      { id: "ana", role: "member", grants: { fb: { publish: "draft" } } },
      { id: "ben", role: "member", grants: { fb: { publish: "full" } }, account: { billing: "full" } },
    ] as never,
  });

  it("a diff says who gains and who loses by a grant in the account", () => {
    const after = before.assignAccount("ben", {} as never).assign("ana", "fb", { publish: "full" } as never);
    const diff = diffMatrices(before, after, { approve: "approve" as never });
    expect(diff.accountGrants).toEqual([{ user: "ben", change: "removed", before: { billing: "full" } }]);
    expect(formatDiff(diff)).toBe(`2 grants and 3 decisions change
  ~ ana on fb: publish draft becomes publish full
  - ben in the account: billing full
ana
  + edit on fb as somebody else
ben
  - pay
  - approve on fb as somebody else
left with nobody
  ✗ fb: nobody is left who can approve
`);
  });

  it("a review lists what is held in the account, and names the relation of a clause", () => {
    const cells = formatReview(reviewAccess(before))
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).join(" | "));
    expect(cells).toEqual([
      "fb",
      " | user | role | holds | through | may",
      " | ana | member | publish draft | is author, publish at least draft | edit",
      " | ben | member | publish full | publish at least full | edit",
      " | is not author, publish full or approver everywhere and billing at least full | approve",
      "held in the account",
      " | user | role | holds",
      " | ben | member | billing full",
      "the account as a whole",
      " | user | role | through | may",
      " | ben | member | billing at least full | pay",
    ]);
  });
});
