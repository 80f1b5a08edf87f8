import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accessLevel,
  allowedActions,
  can,
  createMatrix,
  createUser,
  explain,
  type GrantMatrix,
  limit,
  type PreparedGroup,
  prepareGroup,
  type User,
} from "../../src/index.js";
import {
  connectionIds,
  define,
  definitions,
  grantOf,
  groups,
  isFixed,
  personOf,
  postOf,
  toInput,
  wholeDefinitions,
} from "../support/arbitraries.js";
import {
  type Definition,
  type Group,
  isOfAccount,
  modelCan,
  modelLevel,
  type Person,
} from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// A prepared group is its post group: every answer about the one is the answer about the other, as the reference model
// gives it, however the account changes between preparing it and asking.

const accounts = fc.oneof(definitions, wholeDefinitions).chain((definition) =>
  fc.record({
    definition: fc.constant(definition),
    people: fc.uniqueArray(personOf(definition), { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    listed: fc.uniqueArray(connectionIds, { maxLength: 4 }),
    group: groups,
    changes: fc.array(
      fc.record({
        what: fc.constantFrom("assign", "revoke", "add", "remove", "put", "leave"),
        connection: connectionIds,
        grant: grantOf(definition),
        who: fc.nat({ max: 2 }),
      }),
      { maxLength: 5 },
    ),
  }),
);

const groupActions = ({ actions }: Definition) =>
  Object.keys(actions).filter((action) => actions[action]?.target === "group");
const connectionAreas = (definition: Definition) =>
  Object.keys(definition.areas).filter((area) => !isOfAccount(definition, area));

/** Compares every answer about a group for a user with what the reference model says about the post. */
function compare(definition: Definition, person: Person, user: User, group: PreparedGroup, post: Group): void {
  const actions = groupActions(definition);
  const expected = actions.filter((action) => modelCan(definition, person, action, post));
  // Twice: the second answer may be one that was kept.
  for (const _ of [1, 2]) {
    expect(actions.filter((action) => can(user, action as never, group as never))).toEqual(expected);
    expect(allowedActions(user, group)).toEqual(expected);
  }
  for (const action of actions) {
    expect(explain(user, action as never, group as never)).toEqual(explain(user, action as never, post as never));
  }
  for (const area of connectionAreas(definition)) {
    expect(accessLevel(user, area as never, group as never)).toBe(
      modelLevel(definition, person, area, [...post.connections]),
    );
  }
}

/** Reads back what a matrix says that everybody holds. */
function peopleIn(definition: Definition, matrix: GrantMatrix): Person[] {
  return matrix.users().map((id): Person => {
    const { role, account } = matrix.user(id).toJSON();
    const known = matrix.connections();
    const grants = isFixed(definition, role) ? [] : known.map((each) => [each, matrix.grant(id, each)] as const);
    return { id, role, grants, connections: known, ...(account && { account }) } as unknown as Person;
  });
}

describe("law 10, of prepared groups: the engine says what the reference model says", () => {
  it("a group of a matrix and one of everybody, before and after every change of the account", () => {
    fc.assert(
      fc.property(accounts, ({ definition, people, listed, group, changes }) => {
        const policy = define(definition);
        const ids = people.slice(0, 2).map(({ id }) => id);
        const post = postOf(definition, group, ids, changes.length);
        let matrix = createMatrix(policy, { users: people.map(toInput), connections: listed });
        const first = matrix;
        const prepared = [matrix.group(post as never), prepareGroup(policy, post as never)];
        const check = (now: GrantMatrix) => {
          for (const person of peopleIn(definition, now)) {
            for (const each of prepared) compare(definition, person, now.user(person.id), each, post);
          }
          for (const action of groupActions(definition)) {
            const expected = now.usersFor(action as never, post as never);
            for (const each of prepared) expect(now.usersFor(action as never, each as never)).toEqual(expected);
          }
        };
        check(matrix);
        for (const { what, connection, grant, who } of changes) {
          const person = people[who % people.length] as Person;
          const isThere = matrix.users().includes(person.id);
          const mayHold = isThere && !isFixed(definition, person.role);
          if (what === "assign" && mayHold) matrix = matrix.assign(person.id, connection, grant as never);
          if (what === "revoke" && isThere) matrix = matrix.revoke(person.id, connection);
          if (what === "add") matrix = matrix.addConnection(connection);
          if (what === "remove") matrix = matrix.removeConnection(connection);
          if (what === "put") matrix = matrix.putUser(toInput(person));
          if (what === "leave" && isThere) matrix = matrix.removeUser(person.id);
          check(matrix);
        }
        check(first);
      }),
      { numRuns: runs(300) },
    );
  });

  it("one of everybody, for users of no matrix and for limited ones", () => {
    fc.assert(
      fc.property(accounts, ({ definition, people, listed, group }) => {
        const policy = define(definition);
        const ids = people.slice(0, 2).map(({ id }) => id);
        const post = postOf(definition, group, ids, listed.length);
        const prepared = prepareGroup(policy, post as never);
        for (const person of people) {
          const user = createUser(policy, toInput(person));
          compare(definition, person, user, prepared, post);
          const less = limit(user, { role: "keep" });
          for (const action of groupActions(definition)) {
            expect(can(less, action as never, prepared as never)).toBe(can(less, action as never, post as never));
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
