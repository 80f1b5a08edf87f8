import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buffer,
  createMatrix,
  createUser,
  type Decision,
  engage,
  explain,
  type GrantMatrix,
  type MatrixInput,
  type User,
  type UserInput,
} from "../../src/index.js";
import {
  asked,
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
import type { Definition, GrantData, Person, Target } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// Law 12: an answer at an instant is the answer of the account without the grants that have ended by then.

const shipped = [engage, buffer].map((policy) => JSON.parse(JSON.stringify(policy)) as Definition);

/** Ends, and the instants around each of them: a millisecond before, the end itself, and one after. */
const ends = ["2026-03-31T09:00:00.000Z", "2026-06-30T22:00:00.000Z", "2026-12-31T23:59:59.999Z"];
const aroundEnds = ends.flatMap((end) => [-1, 0, 1].map((after) => new Date(Date.parse(end) + after).toISOString()));
const instants = fc.constantFrom(...aroundEnds);

/** A grant that ends, or does not; the same end is written in another zone, and as a `Date`. */
type End = string | undefined;
const end: fc.Arbitrary<End> = fc.constantFrom(undefined, ...ends);

function written(until: string, form: number): string | Date {
  const elsewhere = new Date(Date.parse(until) + 7_200_000).toISOString().replace("Z", "+02:00");
  return [until, new Date(until), elsewhere][form % 3] as string | Date;
}

/** A person, with an end for each grant and for what is held in the account. */
interface Temp extends Person {
  readonly ends: readonly End[];
  readonly accountEnds: End;
  readonly form: number;
}

const tempOf = (definition: Definition): fc.Arbitrary<Temp> =>
  fc
    .record({
      person: personOf(definition),
      ends: fc.array(end, { minLength: 6, maxLength: 6 }),
      accountEnds: end,
      form: fc.nat({ max: 2 }),
    })
    .map(({ person, ...rest }) => ({ ...person, ...rest }));

/** What an application stores: every grant with its end. */
function stored({ ends: until, accountEnds, form, ...person }: Temp): UserInput {
  const withEnd = (grant: GrantData, at: End) => (at === undefined ? grant : { ...grant, until: written(at, form) });
  return toInput({
    ...person,
    grants: person.grants.map(([id, grant], index) => [id, withEnd(grant, until[index]) as GrantData]),
    ...(person.account && { account: withEnd(person.account, accountEnds) as GrantData }),
  });
}

/** The person without what has ended at an instant, in which nothing ends. */
function leftAt({ ends: until, accountEnds, form: _, ...person }: Temp, now: string): UserInput {
  const isThere = (at: End) => at === undefined || Date.parse(at) > Date.parse(now);
  const { account, ...rest } = person;
  return toInput({
    ...rest,
    grants: person.grants.filter((_, index) => isThere(until[index])),
    ...(account && isThere(accountEnds) && { account }),
  });
}

const anyDefinition = fc.oneof(definitions, wholeDefinitions, ...shipped.map((each) => fc.constant(each)));

const accounts = anyDefinition.chain((definition) =>
  fc.record({
    definition: fc.constant(definition),
    people: fc.uniqueArray(tempOf(definition), { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    listed: fc.uniqueArray(connectionIds, { maxLength: 3 }),
    group: groups,
    now: instants,
    before: instants,
  }),
);

/** Every question about a group, each of its connections and the account, of a user: with its answer and its reasons. */
function answersOf(definition: Definition, user: User, group: string[]): Decision[] {
  const post = postOf(definition, group, [user.id], 1);
  return Object.entries(definition.actions).flatMap(([action, { target }]) => {
    const targets: Target[] = target === "none" ? [undefined] : target === "group" ? [post] : group;
    return targets.map((each) => explain(user, action, ...asked(each)));
  });
}

/** An answer whose blockers are in an order of their own: on the whole account, they come as they were granted. */
function sorted(decision: Decision): unknown {
  if (decision.allowed) return decision;
  return {
    ...decision,
    blockers: decision.blockers.toSorted((one, other) => (one.connection < other.connection ? -1 : 1)),
  };
}

/** Every list of a matrix, in an order of its own: connections that leave come last. */
function listsOf(definition: Definition, matrix: GrantMatrix, group: string[]): unknown[] {
  const post = postOf(definition, group, matrix.users() as string[], 1);
  const { connections: _, ...relations } = post;
  return [
    matrix.connections().toSorted(),
    ...Object.entries(definition.actions).flatMap(([action, { target }]) => {
      const targets: Target[] = target === "none" ? [undefined] : target === "group" ? [post] : group;
      const users = targets.map((each) => matrix.usersFor(action, ...asked(each)));
      if (target === "none") return users;
      return [
        ...users,
        ...matrix.users().map((id) => matrix.connectionsFor(id, action as never, relations).toSorted()),
      ];
    }),
  ];
}

describe("law 12: an answer at an instant is that of the account without the grants that have ended by then", () => {
  it("of a user, right up to an end, at it, and after it", () => {
    fc.assert(
      fc.property(
        anyDefinition.chain((each) => fc.tuple(fc.constant(each), tempOf(each))),
        instants,
        groups,
        ([definition, temp], now, group) => {
          const policy = define(definition);
          const user = createUser(policy, stored(temp), { at: now });
          const left = createUser(policy, leftAt(temp, now));
          expect(answersOf(definition, user, group)).toEqual(answersOf(definition, left, group));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it("of a matrix and all its users, made at the instant or brought to it from any other", () => {
    fc.assert(
      fc.property(accounts, ({ definition, people, listed, group, now, before }) => {
        const policy = define(definition);
        const input = { users: people.map(stored), connections: listed } as MatrixInput;
        const matrix = createMatrix(policy, input, { at: now });
        const left = createMatrix(policy, { users: people.map((temp) => leftAt(temp, now)), connections: listed });
        const brought = createMatrix(policy, input, { at: before }).at(now);
        for (const each of [matrix, brought]) {
          expect(listsOf(definition, each, group)).toEqual(listsOf(definition, left, group));
        }
        for (const id of left.users()) {
          const answers = answersOf(definition, left.user(id), group);
          expect(answersOf(definition, matrix.user(id), group)).toEqual(answers);
          expect(answersOf(definition, brought.user(id), group).map(sorted)).toEqual(answers.map(sorted));
        }
        expect(brought.connections()).toEqual(matrix.connections());
        expect(brought.toJSON()).toEqual(createMatrix(policy, input, { at: before }).toJSON());
      }),
      { numRuns: runs(500) },
    );
  });

  it("no answer changes before validUntil", () => {
    fc.assert(
      fc.property(accounts, ({ definition, people, listed, group, now }) => {
        const input = { users: people.map(stored), connections: listed } as MatrixInput;
        const matrix = createMatrix(define(definition), input, { at: now });
        for (const id of matrix.users()) {
          const { validUntil } = matrix.user(id);
          const last = new Date(validUntil === undefined ? "9999-12-31T23:59:59.999Z" : Date.parse(validUntil) - 1);
          expect(validUntil === undefined || ends.includes(validUntil)).toBe(true);
          expect(answersOf(definition, matrix.at(last).user(id), group)).toEqual(
            answersOf(definition, matrix.user(id), group),
          );
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

describe("law 9 with ends: JSON, a spread or a structured clone, out and in again, changes no decision", () => {
  it("of a user, at the instant and at every later one", () => {
    fc.assert(
      fc.property(
        anyDefinition.chain((each) => fc.tuple(fc.constant(each), tempOf(each))),
        instants,
        groups,
        ([definition, temp], now, group) => {
          const policy = define(definition);
          const user = createUser(policy, stored(temp), { at: now });
          for (const copy of [JSON.parse(JSON.stringify(user)), { ...user }, structuredClone({ ...user })]) {
            const again = createUser(policy, copy, { at: now });
            expect(again).toEqual(user);
            expect(again.validUntil).toBe(user.validUntil);
            for (const later of aroundEnds.filter((each) => each >= now)) {
              expect(answersOf(definition, createUser(policy, copy, { at: later }), group)).toEqual(
                answersOf(definition, createUser(policy, stored(temp), { at: later }), group),
              );
            }
          }
        },
      ),
      { numRuns: runs(200) },
    );
  });

  /** A change of a matrix, chosen by some numbers. */
  const change = fc.record({
    kind: fc.nat({ max: 7 }),
    who: fc.nat({ max: 2 }),
    where: connectionIds,
    until: end,
    when: instants,
  });

  it("of a matrix, whatever was changed in it, at every instant", () => {
    const lives = accounts.chain((account) =>
      fc.record({
        account: fc.constant(account),
        changes: fc.array(fc.tuple(change, grantOf(account.definition), tempOf(account.definition)), { maxLength: 5 }),
      }),
    );
    fc.assert(
      fc.property(lives, ({ account: { definition, people, listed, group, now }, changes }) => {
        const policy = define(definition);
        const input = { users: people.map(stored), connections: listed } as MatrixInput;
        let matrix = createMatrix(policy, input, { at: now });
        let instant = now;
        for (const [{ kind, who, where, until, when }, grant, temp] of changes) {
          const user = matrix.users()[who];
          if (kind === 0) matrix = matrix.addConnection(where);
          if (kind === 1) matrix = matrix.removeConnection(where);
          if (kind === 2) matrix = matrix.putUser(stored(temp));
          if (kind === 3) matrix = matrix.at(when);
          if (kind === 3) instant = when;
          if (user === undefined) continue;
          if (kind === 4) matrix = matrix.revoke(user, where);
          if (kind === 5) matrix = matrix.removeUser(user);
          if (kind > 5 && !isFixed(definition, matrix.user(user).role)) {
            matrix = matrix.assign(user, where, { ...grant, ...(until && { until }) });
          }
        }
        const again = createMatrix(policy, JSON.parse(JSON.stringify(matrix)), { at: instant });
        expect(again.toJSON()).toEqual(matrix.toJSON());
        for (const at of [instant, ...aroundEnds]) {
          const [one, other] = [matrix.at(at), again.at(at)];
          expect(other.connections()).toEqual(one.connections());
          expect(listsOf(definition, other, group)).toEqual(listsOf(definition, one, group));
          for (const id of one.users()) {
            expect(other.user(id)).toEqual(one.user(id));
            expect(other.user(id).validUntil).toBe(one.user(id).validUntil);
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
