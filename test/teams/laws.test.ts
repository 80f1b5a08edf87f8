import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatrix } from "../../src/index.js";
import { type FoldedTeams, foldTeams, type TeamsInput } from "../../src/teams/index.js";
import {
  canHoldInAccount,
  connectionIds,
  define,
  definitions,
  grantOf,
  isFixed,
  name,
  toInput,
  wholeDefinitions,
} from "../support/arbitraries.js";
import type { Definition, GrantData } from "../support/reference-model.js";
import {
  type HolderData,
  type ModelSource,
  modelAccountWinner,
  modelAt,
  modelPeople,
  modelWinner,
  type PlacedData,
  type TeamsData,
} from "../support/reference-teams.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

// Folding, compared with a second model on plain lists, over random policies and accounts.

const instants = ["2026-01-01", "2026-02-01", "2026-03-01"].map((day) => new Date(day).toISOString());
const [now, later, last] = instants as [string, string, string];

/** A grant that may end, in one of the forms of an instant: before now, now, or later. */
function endingGrantOf(definition: Definition, ofAccount = false): fc.Arbitrary<GrantData> {
  const end = fc.constantFrom("2025-12-31T23:59:59.999Z", ...instants, "2026-01-01T00:00:00.001Z");
  return fc
    .tuple(grantOf(definition, ofAccount), fc.option(end, { freq: 2, nil: undefined }))
    .map(([grant, until]) => ({ ...grant, ...(until !== undefined && { until }) }));
}

const byId = { selector: ([id]: [string, unknown]) => id };

function placed(definition: Definition, connections: string[], brands: string[]): fc.Arbitrary<PlacedData> {
  const grant = endingGrantOf(definition);
  const on = (ids: string[]) =>
    ids.length > 0
      ? fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), grant), { maxLength: 3, ...byId })
      : fc.constant<[string, GrantData][]>([]);
  return fc.record({ everywhere: grant, brands: on(brands), connections: on(connections) }, { requiredKeys: [] });
}

/** An account of a policy, in which users may be given something themselves or not, and be in several teams or none. */
function accountOf(definition: Definition): fc.Arbitrary<TeamsData> {
  const roles = Object.keys(definition.roles);
  const hasAccount = Object.values(definition.areas).some(({ of }) => of === "account");
  const ids = fc.uniqueArray(connectionIds, { maxLength: 5 });
  const people = fc.uniqueArray(fc.tuple(name, fc.constantFrom(...roles)), { maxLength: 4, ...byId });
  return fc.tuple(ids, people).chain(([connections, users]) => {
    const brandsOf = fc.uniqueArray(fc.tuple(name, fc.subarray(connections)), { maxLength: 3, ...byId });
    return brandsOf.chain((brands) => {
      const given = (mayHold: boolean, mayHoldInAccount: boolean) =>
        fc.record(
          {
            ...(mayHold && {
              grants: placed(
                definition,
                connections,
                brands.map(([id]) => id),
              ),
            }),
            ...(mayHoldInAccount && { account: endingGrantOf(definition, true) }),
          },
          { requiredKeys: [] },
        ) as fc.Arbitrary<Omit<HolderData, "id">>;
      const members = fc.subarray(users.map(([id]) => id));
      const team = fc.tuple(name, members, given(true, hasAccount));
      return fc.record({
        users: fc
          .tuple(...users.map(([, role]) => given(!isFixed(definition, role), canHoldInAccount(definition, role))))
          .map((own) => users.map(([id, role], index) => ({ id, role, ...own[index] }))),
        connections: fc.constant(connections),
        brands: fc.constant(brands.map(([id, its]) => ({ id, connections: its }))),
        teams: fc
          .uniqueArray(team, { maxLength: 4, selector: ([id]) => id })
          .map((teams) => teams.map(([id, its, grants]) => ({ id, members: its, ...grants }))),
      });
    });
  });
}

const accounts = fc
  .oneof(definitions, wholeDefinitions)
  .chain((definition) => fc.tuple(fc.constant(definition), accountOf(definition)));

function fold(definition: Definition, data: TeamsData, at = now): FoldedTeams {
  return foldTeams(define(definition), data as unknown as TeamsInput, { at });
}

/** Folds an account in which no two grants clash. */
function foldJoined(definition: Definition, data: TeamsData, at = now): FoldedTeams {
  fc.pre(modelPeople(definition, modelAt(data, at)) !== undefined);
  return fold(definition, data, at);
}

/** What a grant has above the lowest. */
function above({ levels }: Definition, grant: GrantData): GrantData {
  return Object.fromEntries(Object.entries(grant).filter(([, value]) => value && value !== levels[0]));
}

/** Sources, and the keys of each, without their order. */
function unordered(definition: Definition, sources: readonly object[]): string[] {
  const keys = (record: object) => Object.entries(record).map((entry) => JSON.stringify(entry));
  return (sources as readonly ModelSource[])
    .map(({ grant, ...from }) => `${keys(from).sort()} gave ${keys(above(definition, grant)).sort()}`)
    .sort();
}

describe("folding teams", () => {
  it("gives the account of the most specific grants, and refuses it exactly if two of these clash", () => {
    fc.assert(
      fc.property(accounts, ([definition, data]) => {
        const people = modelPeople(definition, modelAt(data, now));
        if (people === undefined) {
          expect(refusal(() => fold(definition, data)).code).toBe("invalid-grant");
          return;
        }
        const policy = define(definition);
        const { input } = fold(definition, data);
        const expected = createMatrix(
          policy,
          { users: people.map(toInput), connections: data.connections },
          { at: now },
        );
        expect(createMatrix(policy, input, { at: now }).toJSON()).toEqual(expected.toJSON());
        // As JSON, nothing is lost.
        expect(createMatrix(policy, JSON.parse(JSON.stringify(input)), { at: now }).toJSON()).toEqual(
          expected.toJSON(),
        );
      }),
      { numRuns: runs(3000) },
    );
  });

  it("names exactly the grants that won, for each user on each connection and in the account", () => {
    fc.assert(
      fc.property(accounts, ([definition, data]) => {
        const folded = foldJoined(definition, data);
        for (const { id } of data.users) {
          for (const connection of [...data.connections, "elsewhere"]) {
            const winner = data.connections.includes(connection)
              ? modelWinner(definition, modelAt(data, now), id, connection)
              : undefined;
            expect(unordered(definition, folded.sources(id, connection))).toEqual(
              unordered(definition, winner?.sources ?? []),
            );
          }
          const inAccount = modelAccountWinner(definition, modelAt(data, now), id)?.sources ?? [];
          expect(unordered(definition, folded.accountSources(id))).toEqual(unordered(definition, inAccount));
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  it("gives as rows exactly the grants of the account, each with its sources", () => {
    fc.assert(
      fc.property(accounts, ([definition, data]) => {
        const folded = foldJoined(definition, data);
        const rows = [...folded.rows()];
        const cells = rows.map(({ user, connection }) => JSON.stringify([user, connection]));
        expect(new Set(cells).size).toBe(cells.length);
        const users = folded.input.users.map((user) => {
          const grants = rows.filter((row) => row.user === user.id).map((row) => [row.connection, row.grant] as const);
          const account = [...folded.accountRows()].find((row) => row.user === user.id)?.account;
          return { id: user.id, role: user.role, grants: Object.fromEntries(grants), ...(account && { account }) };
        });
        expect(users).toEqual(folded.input.users);
        for (const row of rows) expect(row.sources).toEqual(folded.sources(row.user, row.connection));
        for (const row of folded.accountRows()) expect(row.sources).toEqual(folded.accountSources(row.user));
      }),
      { numRuns: runs(1000) },
    );
  });

  it("does not depend on the order of users, connections, teams, members, brands or grants", () => {
    const reversed = (grants: PlacedData = {}): PlacedData => ({
      everywhere: grants.everywhere,
      brands: [...(grants.brands ?? [])].reverse(),
      connections: [...(grants.connections ?? [])].reverse(),
    });
    fc.assert(
      fc.property(accounts, ([definition, data]) => {
        const folded = foldJoined(definition, data);
        const users = data.users.map((user) => ("grants" in user ? { ...user, grants: reversed(user.grants) } : user));
        const other = fold(definition, {
          users: users.reverse(),
          connections: [...data.connections].reverse(),
          teams: data.teams
            .map((team) => ({ ...team, members: [...team.members].reverse(), grants: reversed(team.grants) }))
            .reverse(),
          brands: data.brands.map(({ id, connections }) => ({ id, connections: [...connections].reverse() })).reverse(),
        });
        const byUser = ({ input }: FoldedTeams) =>
          Object.fromEntries(input.users.map((user) => [user.id, { ...user }]));
        expect(byUser(other)).toEqual(byUser(folded));
        for (const { user, connection, sources } of folded.rows()) {
          expect(unordered(definition, other.sources(user, connection))).toEqual(unordered(definition, sources));
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it("gives on some connections the same as where the account has no others", () => {
    fc.assert(
      fc.property(accounts, fc.func(fc.boolean()), ([definition, data], isKept) => {
        const folded = foldJoined(definition, data);
        const connections = data.connections.filter((id) => isKept(id));
        const kept = (id: string) => connections.includes(id);
        const narrowed = <Each extends HolderData>({ grants, ...rest }: Each) => ({
          ...rest,
          ...(grants && { grants: { ...grants, connections: (grants.connections ?? []).filter(([id]) => kept(id)) } }),
        });
        const part = fold(definition, {
          connections,
          users: data.users.map((user) => narrowed(user)),
          teams: data.teams.map((team) => narrowed(team)),
          brands: data.brands.map((brand) => ({ ...brand, connections: brand.connections.filter(kept) })),
        });
        expect([...part.rows()].map((row) => JSON.stringify(row)).sort()).toEqual(
          [...folded.rows()]
            .filter(({ connection }) => kept(connection))
            .map((row) => JSON.stringify(row))
            .sort(),
        );
      }),
      { numRuns: runs(1000) },
    );
  });

  it("law 12: gives what the account without the grants that have ended gives, until validUntil", () => {
    fc.assert(
      fc.property(accounts, fc.constantFrom(...instants), ([definition, data], instant) => {
        const folded = foldJoined(definition, data);
        const without = fold(definition, modelAt(data, now));
        expect([...folded.rows(), ...folded.accountRows()]).toEqual([...without.rows(), ...without.accountRows()]);
        expect(folded.validUntil).toBe(without.validUntil);
        if (folded.validUntil !== undefined && instant >= folded.validUntil) return;
        const then = fold(definition, data, instant);
        expect([...then.rows(), ...then.accountRows()]).toEqual([...folded.rows(), ...folded.accountRows()]);
      }),
      { numRuns: runs(2000) },
    );
  });

  it("a user of an older fold holds, at a later instant, what a new fold gives, or nothing", () => {
    fc.assert(
      fc.property(accounts, fc.constantFrom(later, last), ([definition, data], instant) => {
        const policy = define(definition);
        const old = createMatrix(policy, foldJoined(definition, data).input, { at: now }).at(instant);
        const next = createMatrix(policy, foldJoined(definition, data, instant).input, { at: instant });
        const nothing = createMatrix(policy, {
          users: data.users.map(({ id, role }) => ({ id, role })) as never,
          connections: data.connections,
        });
        for (const { id } of data.users) {
          for (const connection of data.connections) {
            expect([next.grant(id, connection), nothing.grant(id, connection)]).toContainEqual(
              old.grant(id, connection),
            );
          }
          expect([next.accountGrant(id), nothing.accountGrant(id)]).toContainEqual(old.accountGrant(id));
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  it("changes, where a user leaves a team, only what that team's grants had won", () => {
    fc.assert(
      fc.property(accounts, fc.nat(), fc.nat(), ([definition, data], atTeam, atUser) => {
        const team = data.teams[atTeam % Math.max(data.teams.length, 1)];
        const leaver = team?.members[atUser % Math.max(team.members.length, 1)];
        fc.pre(team !== undefined && leaver !== undefined);
        const before = foldJoined(definition, data);
        const members = team.members.filter((id) => id !== leaver);
        const left = { ...data, teams: data.teams.map((each) => (each === team ? { ...each, members } : each)) };
        const after = foldJoined(definition, left);
        for (const { id } of data.users) {
          for (const connection of data.connections) {
            const [old, next] = [before.sources(id, connection), after.sources(id, connection)];
            const hadWon = old.some((source) => source.team === team.id);
            if (id !== leaver || !hadWon) expect(next).toEqual(old);
            expect(next.some((source) => source.team === team.id)).toBe(hadWon && id !== leaver);
          }
        }
      }),
      { numRuns: runs(3000) },
    );
  });
});
