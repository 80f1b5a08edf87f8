import { describe, expect, it } from "vitest";
import {
  buffer,
  can,
  createMatrix,
  definePolicy,
  type Engage,
  engage,
  type GrantInput,
  type Policy,
} from "../../src/index.js";
import { foldTeams, formatSource, type PlacedGrants, type TeamsInput } from "../../src/teams/index.js";
import { refusal } from "../support/refusal.js";

const agency = definePolicy({
  name: "agency",
  levels: ["none", "some", "all"],
  areas: {
    posts: { levels: ["none", "some", "all"] },
    billing: { levels: ["none", "some", "all"], flags: { auditor: ["some"] }, of: "account" },
  },
  roles: { member: {}, treasurer: { holds: { billing: "all" } }, chief: { holds: { posts: "all" } } },
  actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "all" } } },
});

const base: TeamsInput<Engage> = {
  users: [
    { id: "ana", role: "viewer" },
    { id: "ben", role: "viewer" },
  ],
  connections: ["fb", "ig", "x"],
  brands: [
    { id: "acme", connections: ["fb", "ig"] },
    { id: "zeta", connections: ["ig", "x"] },
  ],
  teams: [{ id: "emea", members: ["ana"], grants: { brands: { acme: { publish: "full-access" } } } }],
};

/** An account of ana, who is in every one of some teams. */
const ofTeams = (grants: Readonly<Record<string, PlacedGrants<Engage>>>, own?: PlacedGrants<Engage>) =>
  foldTeams(engage, {
    ...base,
    users: [{ id: "ana", role: "viewer", grants: own }],
    teams: Object.entries(grants).map(([id, each]) => ({ id, members: ["ana"], grants: each })),
  });

describe("the more specific grant wins", () => {
  const levels = ["view-only", "needs-approval", "full-access"] as const;
  const places: Readonly<Record<string, (grant: GrantInput<Engage>) => PlacedGrants<Engage>>> = {
    "on the connection": (grant) => ({ connections: { fb: grant } }),
    "on a brand": (grant) => ({ brands: { acme: grant } }),
    everywhere: (grant) => ({ everywhere: grant }),
  };
  // The most specific first.
  const ranks = ["user", "team"].flatMap((whom) => Object.keys(places).map((place) => [whom, place] as const));
  const pairs = ranks.flatMap((one, index) => ranks.slice(index + 1).map((other) => [one, other] as const));

  it.each(pairs)("%s wins over %s, whichever level is the higher", ([whom, place], [otherWhom, otherPlace]) => {
    for (const level of levels) {
      for (const otherLevel of levels) {
        const given = { user: {} as PlacedGrants<Engage>, team: {} as PlacedGrants<Engage> };
        for (const [each, where, publish] of [
          [whom, place, level],
          [otherWhom, otherPlace, otherLevel],
        ] as const) {
          const key = each as "user" | "team";
          given[key] = { ...given[key], ...places[where]?.({ publish }) };
        }
        const folded = ofTeams({ emea: given.team }, given.user);
        expect(createMatrix(engage, folded.input).grant("ana", "fb").publish).toBe(level);
        expect(folded.sources("ana", "fb").map(({ grant }) => grant)).toEqual([{ publish: level }]);
      }
    }
  });

  it("as a whole: what it leaves out is not taken from the less specific one", () => {
    const folded = ofTeams(
      { emea: { everywhere: { publish: "full-access" } } },
      { connections: { fb: { analytics: "full-access" } } },
    );
    const account = createMatrix(engage, folded.input);
    expect(account.grant("ana", "fb")).toMatchObject({ publish: "no-access", analytics: "full-access" });
    expect(account.grant("ana", "ig")).toMatchObject({ publish: "full-access", analytics: "no-access" });
  });

  it("also if it is empty, and then it takes away", () => {
    const folded = ofTeams({ emea: { everywhere: { publish: "full-access" } } }, { connections: { fb: {} } });
    expect(createMatrix(engage, folded.input).visibleConnections("ana", "publish")).toEqual(["ig", "x"]);
    expect(folded.sources("ana", "fb")).toEqual([{ user: "ana", connection: "fb", grant: {} }]);
    expect(
      ofTeams({ emea: { everywhere: { publish: "full-access" }, connections: { fb: undefined } } }).sources(
        "ana",
        "fb",
      ),
    ).toHaveLength(1);
  });
});

// Written down from the rules, and from nothing in the library.
const engageStates = {
  conversations: ["no-access", "view-only", "full-access"],
  publish: ["no-access", "view-only", "view-only approver", "needs-approval", "full-access", "full-access approver"],
  analytics: ["no-access", "full-access"],
};
const ladder = ["no-access", "view-only", "needs-approval", "full-access"];

/** The state that two join to: E3 lets an approver stand beside view-only and full-access alone. */
function joined(one: string, other: string): string | undefined {
  const [levels, flags] = [one, other]
    .map((state) => state.split(" "))
    .reduce<[string[], string[]]>(
      ([names, all], [level, ...on]) => [
        [...names, level as string],
        [...all, ...on],
      ],
      [[], []],
    );
  const level = ladder.findLast((each) => levels.includes(each)) as string;
  if (!flags.includes("approver")) return level;
  return level === "view-only" || level === "full-access" ? `${level} approver` : undefined;
}

function grantOf(area: string, state: string): GrantInput<Engage> {
  const [level, flag] = state.split(" ");
  return { [area]: level, ...(flag && { [flag]: true }) };
}

describe("equally specific grants are joined", () => {
  const places: readonly ((grant: GrantInput<Engage>) => PlacedGrants<Engage>)[] = [
    (grant) => ({ everywhere: grant }),
    (grant) => ({ brands: { acme: grant } }),
    (grant) => ({ connections: { fb: grant } }),
  ];

  it("E2, E3: any two grants of Engage join to the higher levels and both flags, or are refused", () => {
    const grants = engageStates.conversations.flatMap((conversations) =>
      engageStates.publish.flatMap((publish) =>
        engageStates.analytics.map((analytics) => ({ conversations, publish, analytics })),
      ),
    );
    const asGrant = (states: Readonly<Record<string, string>>) =>
      Object.assign({}, ...Object.entries(states).map(([area, state]) => grantOf(area, state)));
    for (const one of grants) {
      for (const other of grants) {
        const publish = joined(one.publish, other.publish);
        const fold = () => ofTeams({ one: { everywhere: asGrant(one) }, other: { everywhere: asGrant(other) } });
        if (publish === undefined) {
          expect(refusal(fold).code).toBe("invalid-grant");
          continue;
        }
        const expected = asGrant({
          conversations: joined(one.conversations, other.conversations) as string,
          publish,
          analytics: joined(one.analytics, other.analytics) as string,
        });
        expect(createMatrix(engage, fold().input).grant("ana", "fb")).toEqual({ approver: false, ...expected });
      }
    }
  });

  it("E3: view-only with the approver flag and needs-approval are refused in every place, and no other two states", () => {
    for (const place of places) {
      const clashes = engageStates.publish.flatMap((one) =>
        engageStates.publish
          .filter((other) => {
            const given = { one: place(grantOf("publish", one)), other: place(grantOf("publish", other)) };
            try {
              ofTeams(given);
              return false;
            } catch {
              return true;
            }
          })
          .map((other) => [one, other]),
      );
      expect(clashes).toEqual([
        ["view-only approver", "needs-approval"],
        ["needs-approval", "view-only approver"],
      ]);
    }
  });

  it("a third grant does not hide that two clash, in whatever order", () => {
    const states = ["view-only approver", "needs-approval", "full-access"];
    for (const first of states) {
      for (const second of states.filter((state) => state !== first)) {
        const third = states.find((state) => state !== first && state !== second) as string;
        const given = Object.fromEntries(
          [first, second, third].map((state) => [state, { everywhere: grantOf("publish", state) }]),
        );
        expect(refusal(() => ofTeams(given)).code).toBe("invalid-grant");
      }
    }
  });

  it("Buffer: any two levels join to the higher one", () => {
    const levels = ["no-access", "approval-required", "full-posting"] as const;
    levels.forEach((one, rank) => {
      levels.forEach((other, otherRank) => {
        const { input, sources } = foldTeams(buffer, {
          users: [{ id: "mia", role: "member" }],
          connections: ["fb"],
          teams: [one, other].map((posting, index) => ({
            id: `${index}`,
            members: ["mia"],
            grants: { everywhere: { posting } },
          })),
        });
        expect(createMatrix(buffer, input).grant("mia", "fb").posting).toBe(levels[Math.max(rank, otherRank)]);
        expect(sources("mia", "fb").map(({ team }) => team)).toEqual(["0", "1"]);
      });
    });
  });

  it("in a policy of more states than one word has, each area is joined by itself", () => {
    const names = Array.from({ length: 12 }, (_, index) => `area-${index}`);
    const levels = ["none", "some", "all"] as const;
    const wide = definePolicy({
      name: "wide",
      levels,
      areas: Object.fromEntries(names.map((name) => [name, { levels, flags: { [`flag-${name}`]: ["some"] } }])),
      roles: { member: {} },
      actions: {},
    } as never) as unknown as Policy;
    const fold = (...grants: readonly object[]) =>
      foldTeams(wide, {
        users: [{ id: "ana", role: "member" }],
        connections: ["fb"],
        teams: grants.map((everywhere, index) => ({ id: `${index}`, members: ["ana"], grants: { everywhere } })),
      } as TeamsInput);
    for (const [index, name] of names.entries()) {
      const other = names[(index + 5) % names.length] as string;
      const folded = fold(
        { [name]: "some", [`flag-${name}`]: true },
        { [name]: "some", [other]: "all" },
        { [other]: "some" },
      );
      expect([...folded.rows()].map(({ grant }) => grant)).toEqual([
        { [name]: "some", [`flag-${name}`]: true, [other]: "all" },
      ]);
      expect(refusal(() => fold({ [name]: "some", [`flag-${name}`]: true }, { [name]: "all" })).code).toBe(
        "invalid-grant",
      );
    }
  });

  it("two brands of one connection are equally specific, of a user and of a team", () => {
    const brands = { acme: { publish: "view-only" }, zeta: { analytics: "full-access" } } as const;
    for (const folded of [ofTeams({ emea: { brands } }), ofTeams({}, { brands })]) {
      const account = createMatrix(engage, folded.input);
      expect(account.grant("ana", "ig")).toMatchObject({ publish: "view-only", analytics: "full-access" });
      expect(account.grant("ana", "fb")).toMatchObject({ publish: "view-only", analytics: "no-access" });
      expect(folded.sources("ana", "ig").map(({ brand }) => brand)).toEqual(["acme", "zeta"]);
    }
  });
});

describe("two grants that clash", () => {
  const clashing = {
    emea: { brands: { acme: { publish: "view-only", approver: true } } },
    desk: { brands: { acme: { publish: "needs-approval" } } },
  } as const;

  it("are refused, and both are named with what they give, on the connection where they meet", () => {
    expect(refusal(() => ofTeams(clashing))).toEqual({
      code: "invalid-grant",
      message:
        `ana has two grants on fb that join to none: {"publish":"view-only","approver":true} by team emea on brand acme, ` +
        `and {"publish":"needs-approval"} by team desk on brand acme; expected two that do, or a more specific one`,
    });
  });

  it("among many others, the two that clash are named", () => {
    const given = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`t${index}`, { everywhere: { publish: "no-access" } as const }]),
    );
    const { message } = refusal(() =>
      ofTeams({
        ...given,
        t20: { everywhere: { publish: "needs-approval" } },
        t30: { everywhere: { publish: "view-only", approver: true } },
        t40: { everywhere: { publish: "view-only", approver: true } },
      }),
    );
    expect(message).toContain(
      `{"publish":"needs-approval"} by team t20 everywhere, and {"publish":"view-only","approver":true} by team t30`,
    );
  });

  it("are no matter where a more specific grant wins, on every connection that they reach", () => {
    const own = { brands: { acme: { publish: "view-only" } } } as const;
    expect(createMatrix(engage, ofTeams(clashing, own).input).grant("ana", "ig").publish).toBe("view-only");
    const onOne = { connections: { fb: { publish: "view-only" } } } as const;
    expect(refusal(() => ofTeams(clashing, onOne)).message).toContain("ana has two grants on ig");
    const team = { ...clashing, boss: { connections: { fb: {}, ig: {} } } };
    expect(
      ofTeams(team)
        .sources("ana", "ig")
        .map(({ team: id }) => id),
    ).toEqual(["boss"]);
  });

  it("are no matter where nobody is in both teams, or the brand has no connection", () => {
    const teams = [
      { id: "emea", members: ["ana"], grants: clashing.emea },
      { id: "desk", members: ["ben"], grants: clashing.desk },
    ];
    expect([...foldTeams(engage, { ...base, teams }).rows()]).toHaveLength(4);
    const both = teams.map((team) => ({ ...team, members: ["ana", "ben"] }));
    expect([...foldTeams(engage, { ...base, teams: both, brands: [{ id: "acme", connections: [] }] }).rows()]).toEqual(
      [],
    );
  });
});

describe("grants that end", () => {
  const noon = "2026-08-01T12:00:00Z";
  const night = "2026-08-01T22:00:00Z";
  const account = (own?: PlacedGrants<Engage>, ...teams: readonly PlacedGrants<Engage>[]): TeamsInput<Engage> => ({
    users: [{ id: "ana", role: "viewer", grants: own }],
    connections: ["fb"],
    teams: teams.map((grants, index) => ({ id: `${index}`, members: ["ana"], grants })),
  });
  const full = { publish: "full-access" } as const;

  it("law 12: one that has ended hides no less specific one, from its end on", () => {
    const input = account({ connections: { fb: { until: night } } }, { everywhere: full });
    expect(foldTeams(engage, input, { at: noon }).sources("ana", "fb")).toEqual([
      { user: "ana", connection: "fb", grant: { until: "2026-08-01T22:00:00.000Z" } },
    ]);
    expect(foldTeams(engage, input, { at: new Date(night) }).sources("ana", "fb")).toEqual([
      { team: "0", everywhere: true, grant: full },
    ]);
  });

  it("keep their end, and what several join to has the first of their ends", () => {
    const input = account(
      undefined,
      { everywhere: { ...full, until: "2026-08-02T00:00:00+02:00" } },
      { everywhere: { analytics: "full-access", until: new Date("2026-08-03T00:00:00Z") } },
      { everywhere: { publish: "view-only" } },
    );
    const folded = foldTeams(engage, input, { at: noon });
    expect(folded.validUntil).toBe("2026-08-01T22:00:00.000Z");
    expect([...folded.rows()].map(({ grant }) => grant)).toEqual([
      { publish: "full-access", analytics: "full-access", until: "2026-08-01T22:00:00.000Z" },
    ]);
    const ana = createMatrix(engage, folded.input, { at: noon }).user("ana");
    expect([ana.validUntil, can(ana, "publish.post-now", { connections: ["fb"] })]).toEqual([folded.validUntil, true]);
    const next = foldTeams(engage, input, { at: night });
    expect([next.validUntil, next.sources("ana", "fb").length]).toEqual(["2026-08-03T00:00:00.000Z", 2]);
    expect(foldTeams(engage, input, { at: "2026-08-03T00:00:00Z" }).validUntil).toBeUndefined();
  });

  it("may hide that two clash, which a fold at validUntil finds beforehand", () => {
    const input = account(
      { everywhere: { ...full, until: night } },
      { everywhere: { publish: "view-only", approver: true } },
      { everywhere: { publish: "needs-approval" } },
    );
    const folded = foldTeams(engage, input, { at: noon });
    expect(refusal(() => foldTeams(engage, input, { at: folded.validUntil as string })).code).toBe("invalid-grant");
  });

  it("of the account end as those on connections do", () => {
    const input = {
      users: [{ id: "ana", role: "member", account: { billing: "none", until: night } }],
      connections: [],
      teams: [{ id: "t", members: ["ana"], account: { billing: "all" } }],
    } as const;
    expect(
      foldTeams(agency, input, { at: noon })
        .accountSources("ana")
        .map(({ user }) => user),
    ).toEqual(["ana"]);
    expect(
      foldTeams(agency, input, { at: night })
        .accountSources("ana")
        .map(({ team }) => team),
    ).toEqual(["t"]);
  });

  it("need the instant of the question, which the library has no clock for", () => {
    const input = account({ everywhere: { ...full, until: night } });
    expect(refusal(() => foldTeams(engage, input))).toMatchObject({
      code: "invalid-grant",
      path: ["users", 0, "grants", "everywhere", "until"],
      message: expect.stringContaining("expected { at } as the last argument"),
    });
    expect(refusal(() => foldTeams(engage, input, { at: "today" }))).toMatchObject({
      code: "invalid-matrix",
      path: ["at"],
    });
    const wrong = account({ everywhere: { ...full, until: "tomorrow" } });
    expect(refusal(() => foldTeams(engage, wrong, { at: noon })).path).toEqual([
      "users",
      0,
      "grants",
      "everywhere",
      "until",
    ]);
    expect(foldTeams(engage, account({ everywhere: full })).validUntil).toBeUndefined();
  });

  it("must be right also after their end", () => {
    const ended = { until: "2026-01-01T00:00:00Z" };
    const wrong = { connections: { zz: ended }, everywhere: { ...ended, publish: "all" } } as never;
    expect(refusal(() => foldTeams(engage, account(wrong), { at: noon })).code).toBe("invalid-grant");
  });
});

describe("areas of the account", () => {
  const fold = (own: object, ...accounts: readonly object[]) =>
    foldTeams(agency, {
      users: [{ id: "ana", role: "member", ...own }],
      connections: [],
      teams: accounts.map((account, index) => ({ id: `${index}`, members: ["ana"], account })),
    });

  it("a user's own grant wins over those of its teams, which are joined", () => {
    const folded = fold({}, { billing: "some" }, { billing: "some", auditor: true });
    expect(createMatrix(agency, folded.input).accountGrant("ana")).toEqual({ billing: "some", auditor: true });
    expect(folded.accountSources("ana")).toEqual([
      { team: "0", grant: { billing: "some" } },
      { team: "1", grant: { billing: "some", auditor: true } },
    ]);
    const own = fold({ account: {} }, { billing: "all" });
    expect(createMatrix(agency, own.input).accountGrant("ana").billing).toBe("none");
    expect(own.accountSources("ana")).toEqual([{ user: "ana", grant: {} }]);
    expect(fold({}).input.users).toEqual([{ id: "ana", role: "member", grants: {} }]);
  });

  it("two that clash are refused, except where an own grant wins", () => {
    const accounts = [{ billing: "all" }, { billing: "some", auditor: true }];
    expect(refusal(() => fold({}, ...accounts))).toEqual({
      code: "invalid-grant",
      message:
        `ana has two grants in the account that join to none: {"billing":"all"} by team 0, and ` +
        `{"billing":"some","auditor":true} by team 1; expected two that do, or a more specific one`,
    });
    expect(fold({ account: { billing: "some" } }, ...accounts).accountSources("ana")).toHaveLength(1);
  });

  it("are unknown to a policy without any", () => {
    const team = { id: "t", members: [], account: {} };
    expect(refusal(() => foldTeams(engage, { ...base, teams: [team] })).path).toEqual(["teams", 0, "account"]);
  });
});

describe("a role that holds the same everywhere", () => {
  const clash = [{ posts: "some" }, { posts: "all" }] as const;
  const fold = (users: TeamsInput<typeof agency>["users"], account = { billing: "some" } as const) =>
    foldTeams(agency, {
      users,
      connections: ["fb"],
      teams: clash.map((grant, index) => ({
        id: `${index}`,
        members: users.map(({ id }) => id),
        grants: { everywhere: grant, connections: { fb: grant } },
        account,
      })),
    });

  it("may be a member's of a team, and is not reached by what the team is given", () => {
    const folded = fold([
      { id: "chief", role: "chief" },
      { id: "tom", role: "treasurer" },
      { id: "ana", role: "member" },
    ]);
    const account = createMatrix(agency, folded.input);
    expect(
      ["chief", "tom", "ana"].map((id) => [account.grant(id, "fb").posts, account.accountGrant(id).billing]),
    ).toEqual([
      ["all", "some"],
      ["all", "all"],
      ["all", "some"],
    ]);
    expect(["chief", "tom", "ana"].map((id) => folded.sources(id, "fb").length)).toEqual([0, 2, 2]);
    expect(["chief", "tom", "ana"].map((id) => folded.accountSources(id).length)).toEqual([2, 0, 2]);
    expect([...folded.rows()].map(({ user }) => user)).toEqual(["tom", "ana"]);
    expect([...folded.accountRows()].map(({ user }) => user)).toEqual(["chief", "ana"]);
  });

  it("admits no grant of a user's own, as in createMatrix (B5)", () => {
    const own = (grants: object) => refusal(() => fold([{ id: "chief", role: "chief", grants }]));
    expect(own({ everywhere: {} })).toMatchObject({
      code: "invalid-grant",
      path: ["users", 0, "grants", "everywhere"],
    });
    expect(own({ connections: { fb: {} } }).path).toEqual(["users", 0, "grants", "connections", "fb"]);
    expect(own({ everywhere: {} }).message).toContain('the role "chief" holds the same everywhere; expected no grant');
    const inAccount = (account: object) => fold([{ id: "tom", role: "treasurer", account }]);
    expect(refusal(() => inAccount({ billing: "some" })).path).toEqual(["users", 0, "account"]);
    expect(inAccount({}).accountSources("tom")).toEqual([]);
  });
});

describe("a folded account", () => {
  const folded = foldTeams(engage, base);

  it("has every user and every connection, each connection once", () => {
    expect(folded.input.connections).toEqual(["fb", "ig", "x"]);
    expect(foldTeams(engage, { ...base, connections: ["fb", "ig", "x", "fb"] }).input.connections).toEqual([
      "fb",
      "ig",
      "x",
    ]);
    expect(folded.input.users).toEqual([
      { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "full-access" } } },
      { id: "ben", role: "viewer", grants: {} },
    ]);
    expect(can(createMatrix(engage, folded.input).user("ana"), "publish.post-now", { connections: ["fb", "ig"] })).toBe(
      true,
    );
  });

  it("can be left without teams and brands", () => {
    const { users, connections } = base;
    expect(foldTeams(engage, { users, connections }).input.users.map(({ id }) => id)).toEqual(["ana", "ben"]);
  });

  it("is frozen, and its lists stay the same whatever becomes of what it was made of", () => {
    const team = { id: "emea", members: ["ana"], grants: { everywhere: { publish: "view-only" } } } as const;
    const teams = [{ ...team, members: ["ana"] }];
    const own = foldTeams(engage, { ...base, teams });
    teams[0]?.members.push("ben");
    expect(own.sources("ben", "fb")).toEqual([]);
    const [row] = [...own.rows()];
    for (const each of [own, own.input, own.input.users, own.input.users[0], own.input.users[0]?.grants]) {
      expect(Object.isFrozen(each)).toBe(true);
    }
    for (const each of [
      own.input.connections,
      own.sources("ana", "fb"),
      row,
      row?.sources[0],
      row?.sources[0]?.grant,
    ]) {
      expect(Object.isFrozen(each)).toBe(true);
    }
    const joinedRow = ofTeams({ a: { everywhere: {} }, b: { everywhere: {} } }).input.users[0]?.grants;
    expect(Object.values(joinedRow as object).every((grant) => Object.isFrozen(grant))).toBe(true);
  });

  it("answers for its own users and connections alone", () => {
    expect(refusal(() => folded.sources("eve", "fb")).code).toBe("unknown-user");
    expect(refusal(() => folded.accountSources(undefined as never)).code).toBe("unknown-user");
    expect(refusal(() => folded.sources("ana", undefined as never)).code).toBe("wrong-target");
    expect(ofTeams({ emea: { everywhere: { publish: "view-only" } } }).sources("ana", "elsewhere")).toEqual([]);
    expect(folded.accountSources("ana")).toEqual([]);
  });

  it("keeps one object for all users of the same teams, however many connections and members these have", () => {
    const connections = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
    const members = Array.from({ length: 1000 }, (_, index) => `u${index}`);
    const large = foldTeams(engage, {
      users: [
        ...members.map((id) => ({ id, role: "viewer" }) as const),
        { id: "eve", role: "viewer", grants: { connections: { c1: {} } } },
      ],
      connections,
      brands: [{ id: "all", connections }],
      teams: [{ id: "t", members: [...members, "eve"], grants: { brands: { all: { publish: "view-only" } } } }],
    });
    const [first, second] = large.input.users;
    expect(first?.grants).toBe(second?.grants);
    expect(Object.keys(first?.grants ?? {})).toHaveLength(10_000);
    // Ten million rows, of which none is made before it is asked for.
    const [row] = large.rows();
    expect(row).toMatchObject({ user: "u0", connection: "c0", sources: [{ team: "t", brand: "all" }] });
    expect(large.sources("eve", "c1")).toEqual([{ user: "eve", connection: "c1", grant: {} }]);
    expect(large.sources("eve", "c2")).toHaveLength(1);
  });
});

describe("what is wrong is refused, and named", () => {
  type Case = readonly [change: object, code: string, path: readonly (string | number)[], message?: string];
  const team = { id: "t", members: ["ana"] };
  const user = { id: "ana", role: "viewer" };
  const on = (grants: unknown) => ({ teams: [{ ...team, grants }] });
  const cases: Readonly<Record<string, Case>> = {
    "users that are undefined": [{ users: undefined }, "invalid-matrix", ["users"]],
    "connections that are undefined": [{ connections: undefined }, "invalid-matrix", ["connections"]],
    "teams that are undefined": [{ teams: undefined }, "invalid-matrix", ["teams"]],
    "teams that are null": [{ teams: null }, "invalid-matrix", ["teams"]],
    "brands that are undefined": [{ brands: undefined }, "invalid-matrix", ["brands"]],
    "an unknown key": [{ groups: [] }, "invalid-matrix", ["groups"]],
    "a connection that is no string": [{ connections: ["fb", 1] }, "invalid-matrix", ["connections", 1]],
    "a user that is no object": [{ users: ["ana"] }, "invalid-user", ["users", 0]],
    "a user's grants by connection": [
      { users: [{ ...user, grants: { fb: {} } }] },
      "invalid-grant",
      ["users", 0, "grants", "fb"],
      'unknown key "fb"; expected "everywhere", "brands" or "connections"',
    ],
    "a user without an id": [{ users: [{ role: "viewer" }] }, "invalid-user", ["users", 0, "id"]],
    "an unknown role": [{ users: [{ id: "ana", role: "boss" }] }, "invalid-user", ["users", 0, "role"]],
    "an unknown key of a user": [{ users: [{ ...user, teams: [] }] }, "invalid-user", ["users", 0, "teams"]],
    "a second user": [
      { users: [user, user] },
      "duplicate-user",
      ["users", 1, "id"],
      'a second user "ana"; expected one',
    ],
    "a team without an id": [{ teams: [{ members: [] }] }, "invalid-matrix", ["teams", 0, "id"]],
    "a second team": [{ teams: [team, team] }, "invalid-matrix", ["teams", 1, "id"], 'a second team "t"; expected one'],
    "members that are undefined": [
      { teams: [{ id: "t", members: undefined }] },
      "invalid-matrix",
      ["teams", 0, "members"],
    ],
    "members that are missing": [{ teams: [{ id: "t" }] }, "invalid-matrix", ["teams", 0, "members"]],
    "a member that is undefined": [
      { teams: [{ id: "t", members: ["ana", undefined] }] },
      "invalid-matrix",
      ["teams", 0, "members", 1],
    ],
    "a member that is no user": [
      { teams: [{ id: "t", members: ["ana", "eve"] }] },
      "invalid-matrix",
      ["teams", 0, "members", 1],
      '"eve" is not accepted; expected "ana" or "ben"',
    ],
    "a member of a name that every object has": [
      { teams: [{ id: "t", members: ["__proto__"] }] },
      "invalid-matrix",
      ["teams", 0, "members", 0],
    ],
    "a member twice": [{ teams: [{ id: "t", members: ["ana", "ana"] }] }, "invalid-matrix", ["teams", 0, "members", 1]],
    "a brand without an id": [{ brands: [{ connections: [] }] }, "invalid-matrix", ["brands", 0, "id"]],
    "a second brand": [
      { brands: [...(base.brands ?? []), { id: "acme", connections: [] }] },
      "invalid-matrix",
      ["brands", 2, "id"],
      'a second brand "acme"; expected one',
    ],
    "a brand of an unknown connection": [
      { brands: [{ id: "acme", connections: ["fb", "yt"] }] },
      "invalid-matrix",
      ["brands", 0, "connections", 1],
      '"yt" is not accepted; expected "fb", "ig" or "x"',
    ],
    "a connection twice in a brand": [
      { brands: [{ id: "acme", connections: ["fb", "fb"] }] },
      "invalid-matrix",
      ["brands", 0, "connections", 1],
      '"fb" is listed twice; expected each name once',
    ],
    "grants that are null": [on(null), "invalid-grant", ["teams", 0, "grants"]],
    "a place that does not exist": [
      on({ "*": { publish: "view-only" } }),
      "invalid-grant",
      ["teams", 0, "grants", "*"],
      'unknown key "*"; expected "everywhere", "brands" or "connections"',
    ],
    "a grant on an unknown connection": [
      on({ connections: { yt: {} } }),
      "invalid-grant",
      ["teams", 0, "grants", "connections", "yt"],
      '"yt" is not accepted; expected "fb", "ig" or "x"',
    ],
    "a grant on an unknown brand": [
      on({ brands: { nike: {} } }),
      "invalid-grant",
      ["teams", 0, "grants", "brands", "nike"],
      '"nike" is not accepted; expected "acme" or "zeta"',
    ],
    "a grant on a name that every object has": [
      on({ connections: { constructor: {} } }),
      "invalid-grant",
      ["teams", 0, "grants", "connections", "constructor"],
    ],
    "two grants on one brand": [
      on({
        brands: [
          ["acme", {}],
          ["acme", {}],
        ],
      }),
      "invalid-grant",
      ["teams", 0, "grants", "brands", "acme"],
    ],
    "a level that its area lacks": [
      on({ everywhere: { analytics: "view-only" } }),
      "invalid-grant",
      ["teams", 0, "grants", "everywhere", "analytics"],
    ],
    "a flag beside a level that may not carry it": [
      on({ brands: { acme: { publish: "needs-approval", approver: true } } }),
      "invalid-grant",
      ["teams", 0, "grants", "brands", "acme", "approver"],
    ],
    "a grant that nobody gets": [
      { teams: [{ id: "t", members: [], grants: { everywhere: { publish: "all" } } }] },
      "invalid-grant",
      ["teams", 0, "grants", "everywhere", "publish"],
    ],
  };

  it.each(Object.entries(cases))("%s", (_, [change, code, path, message]) => {
    const refused = refusal(() => foldTeams(engage, { ...base, ...change } as never));
    expect(refused).toMatchObject({ code, path });
    if (message) expect(refused.message).toContain(message);
  });

  it("a policy or an input that is none", () => {
    expect(refusal(() => foldTeams({} as never, base as never)).code).toBe("invalid-policy");
    for (const input of [undefined, null, [], "acme", new Map()]) {
      expect(refusal(() => foldTeams(engage, input as never)).code).toBe("invalid-matrix");
    }
  });

  it("a user that was made by createUser: it holds by connection, and not by place", () => {
    const made = createMatrix(engage, { users: [{ id: "ana", role: "viewer", grants: { fb: {} } }] }).user("ana");
    expect(refusal(() => foldTeams(engage, { ...base, users: [made as never] })).path).toEqual([
      "users",
      0,
      "connections",
    ]);
  });
});

describe("ids that break whoever keeps them in an object", () => {
  const hostile = ["__proto__", "constructor", "toString", "", "0", "💥", "a,b", '"', "*", "everywhere"];

  it("are ids of users, teams, brands and connections like any other", () => {
    const folded = foldTeams(engage, {
      users: hostile.map((id) => ({ id, role: "viewer" })),
      connections: hostile,
      brands: hostile.map((id) => ({ id, connections: [id] })),
      teams: hostile.map((id) => ({ id, members: [id], grants: { brands: [[id, { publish: "view-only" }]] } })),
    });
    const account = createMatrix(engage, folded.input);
    for (const id of hostile) {
      expect(account.visibleConnections(id, "publish")).toEqual([id]);
      expect(folded.sources(id, id)).toEqual([{ team: id, brand: id, grant: { publish: "view-only" } }]);
    }
    expect([...folded.rows()].map(({ user }) => user)).toEqual(hostile);
  });

  it("are not taken for several at once: in a and b is not in a,b", () => {
    const ids = ["a", "b", "a,b"];
    const folded = foldTeams(engage, {
      users: [
        { id: "ana", role: "viewer" },
        { id: "ben", role: "viewer" },
      ],
      connections: ["fb", "ig"],
      brands: ids.map((id) => ({ id, connections: [id === "a,b" ? "ig" : "fb"] })),
      teams: ids.map((id) => ({
        id,
        members: [id === "a,b" ? "ben" : "ana"],
        grants: { brands: [[id, { publish: "view-only" }]] },
      })),
    });
    expect([...folded.rows()].map(({ user, connection, sources }) => [user, connection, sources.length])).toEqual([
      ["ana", "fb", 2],
      ["ben", "ig", 1],
    ]);
  });

  it("of brands are not taken for several at once", () => {
    const folded = foldTeams(engage, {
      users: [{ id: "ana", role: "viewer", grants: { brands: { "a,b": { publish: "view-only" } } } }],
      connections: ["fb", "ig"],
      brands: ["a", "b", "a,b"].map((id) => ({ id, connections: [id === "a,b" ? "ig" : "fb"] })),
    });
    expect([...folded.rows()].map(({ connection }) => connection)).toEqual(["ig"]);
  });
});

describe("formatSource", () => {
  it("says by whom and on what, in ids or in names of the application's", () => {
    const grant = {};
    expect(formatSource({ team: "EMEA", brand: "Acme", grant })).toBe("by team EMEA on brand Acme");
    expect(formatSource({ team: "EMEA", connection: "fb", grant })).toBe("by team EMEA on connection fb");
    expect(formatSource({ user: "ana", everywhere: true, grant })).toBe("by user ana everywhere");
    expect(formatSource({ team: "finance", grant })).toBe("by team finance");
    expect(formatSource({ team: "t 1", brand: "b\n2", grant })).toBe('by team "t 1" on brand "b\\n2"');
    const names = (kind: string, id: string) => `${kind.toUpperCase()}(${id})`;
    expect(formatSource({ user: "u", connection: "c", grant }, names)).toBe(
      "by user USER(u) on connection CONNECTION(c)",
    );
  });

  it("refuses what is no source", () => {
    for (const source of [undefined, null, {}, [], "by team EMEA", { team: 1 }, Object.create({ team: "EMEA" })]) {
      expect(refusal(() => formatSource(source as never))).toMatchObject({ code: "invalid-grant" });
    }
  });
});
