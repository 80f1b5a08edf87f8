import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatMigration,
  type GrantMapping,
  type MigratedAction,
  migrateGrants,
  type Witness,
} from "../../src/analysis/index.js";
import { can, createMatrix, createUser, engage, type Policy } from "../../src/index.js";
import { asked, define, isFixed, isFixedInAccount } from "../support/arbitraries.js";
import { setsOf } from "../support/brute-force.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { grantsOf, moves } from "../support/moves.js";
import type { Definition, GrantData } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";
import { runs } from "../support/runs.js";

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Whether a user may do an action on the first connections of its own, as who is in these relations to the post. */
function isAllowed(policy: Policy, action: string, { user, connections, relations }: Witness): boolean {
  const { target = "none" } = policy.actions[action] ?? {};
  const about = { none: undefined, connection: connections[0], group: { ...relations, connections } }[target];
  return can(createUser(policy, user), action, ...asked(about as never));
}

/** Everybody there is under a policy: each role, what is held in the account, on connections, and what one is to a post. */
function everybodyIn(definition: Definition, relations: readonly string[]): Witness[] {
  return Object.keys(definition.roles).flatMap((role) => {
    const grants = isFixed(definition, role) ? [{}] : grantsOf(definition, false);
    const accounts = isFixedInAccount(definition, role) ? [undefined] : grantsOf(definition, true);
    const people = accounts.flatMap((account) =>
      setsOf(grants.length, grants.length).map((held) => {
        const names = held.map((_, index) => `c${index + 1}`);
        const own = isFixed(definition, role) ? [] : held.map((each, index) => [names[index], grants[each]]);
        return {
          user: {
            id: "user",
            role,
            grants: Object.fromEntries(own) as Record<string, Record<string, string>>,
            connections: names,
            ...(account && Object.keys(account).length > 0 && { account: account as Record<string, string> }),
          },
          connections: names,
        };
      }),
    );
    return people.flatMap((person) =>
      setsOf(relations.length, relations.length).map((set) => ({
        ...person,
        relations: Object.fromEntries(relations.map((name, index) => [name, set.includes(index) ? "user" : null])),
      })),
    );
  });
}

/** What a state becomes, read from the mapping alone. */
function becomes(first: Definition, { areas, states }: GrantMapping, grant: GrantData): GrantData {
  return Object.assign(
    {},
    ...Object.keys(first.areas).map((area) => {
      const flags = Object.keys(first.areas[area]?.flags ?? {});
      const keys = [area, ...flags];
      const same = (one: GrantData) => keys.every((key) => (one[key] ?? false) === (grant[key] ?? false));
      const isLowest = grant[area] === undefined || grant[area] === first.levels[0];
      if ((areas as Record<string, string | null>)[area] === null || isLowest) return {};
      return states?.find(({ from }) => Object.hasOwn(from, area) && same(from as GrantData))?.to;
    }),
  );
}

describe("a migration", () => {
  it("says exactly who gains and who loses, for every role, standing, relation and stranger", () => {
    fc.assert(
      fc.property(moves, ({ first, second, mapping }) => {
        const [from, to] = [define(first), define(second)];
        const migration = migrateGrants(from, to, mapping);
        const relations = [...new Set([...(first.relations ?? []), ...(second.relations ?? [])])];
        const [gained, lost] = [new Set<string>(), new Set<string>()];
        for (const person of everybodyIn(first, relations)) {
          const after = { ...person, user: migration.row(person.user) };
          for (const [action, { target }] of Object.entries(first.actions)) {
            if (second.actions[action]?.target !== target) continue;
            if (target !== "none" && person.connections.length === 0) continue;
            for (const strangers of target === "group" ? [[], ["stranger"]] : [[]]) {
              const [was, is] = [
                [from, person],
                [to, after],
              ].map(([policy, who]) => {
                const { connections } = who as Witness;
                return isAllowed(policy as Policy, action, {
                  ...(who as Witness),
                  connections: [...connections, ...strangers],
                });
              });
              if (is && !was) gained.add(action);
              if (was && !is) lost.add(action);
            }
          }
        }
        const of = (key: "gained" | "lost") =>
          migration.actions.filter((each) => each[key] !== undefined).map(({ action }) => action);
        expect(new Set(of("gained"))).toEqual(gained);
        expect(new Set(of("lost"))).toEqual(lost);
        for (const { action, ...witnesses } of migration.actions) {
          const answers = ({ before, after }: NonNullable<MigratedAction["gained"]>) => [
            isAllowed(from, action, before),
            isAllowed(to, action, after),
          ];
          if (witnesses.gained) expect(answers(witnesses.gained)).toEqual([false, true]);
          if (witnesses.lost) expect(answers(witnesses.lost)).toEqual([true, false]);
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it("moves every state of every area, for every role, to the one that the mapping says, and to no other", () => {
    fc.assert(
      fc.property(moves, ({ first, second, mapping }) => {
        const [from, to] = [define(first), define(second)];
        const migration = migrateGrants(from, to, mapping);
        for (const role of Object.keys(first.roles)) {
          const next = (mapping.roles as Record<string, string>)[role] as string;
          for (const grant of isFixed(first, role) ? [{}] : grantsOf(first, false)) {
            for (const account of isFixedInAccount(first, role) ? [{}] : grantsOf(first, true)) {
              const grants = isFixed(first, role) ? {} : { c: grant };
              const own = { id: "a", role, grants, account, connections: ["c"] };
              const hasAccount = Object.values(first.areas).some(({ of }) => of === "account");
              const { account: _, ...rest } = own;
              const row = migration.row((hasAccount ? own : rest) as never);
              const nextHasAccount = Object.values(second.areas).some(({ of }) => of === "account");
              const expected = createUser(to, {
                id: "a",
                role: next,
                connections: ["c"],
                grants: isFixed(second, next) ? {} : { c: becomes(first, mapping, isFixed(first, role) ? {} : grant) },
                ...(nextHasAccount && !isFixedInAccount(second, next) && { account: becomes(first, mapping, account) }),
              } as never);
              expect(createUser(to, row)).toEqual(expected);
            }
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

/** Engage under other names: a level between two others, a renamed area, flag and role, and reports that all may see. */
const renamed: Definition = JSON.parse(
  JSON.stringify({ ...engage, approval: undefined })
    .replaceAll('"no-access"', '"none"')
    .replaceAll('"view-only"', '"view"')
    .replaceAll('"needs-approval"', '"draft"')
    .replaceAll('"full-access"', '"full"')
    .replaceAll('"conversations"', '"inbox"')
    .replaceAll('"approver"', '"signer"')
    .replaceAll('"admin"', '"manager"')
    .replaceAll('"name":"engage"', '"name":"next"')
    .replaceAll('"view","draft"', '"view","comment","draft"'),
);
const names = {
  levels: { "no-access": "none", "view-only": "view", "needs-approval": "draft", "full-access": "full" },
  areas: { conversations: "inbox" },
  flags: { approver: "signer" },
  roles: { admin: "manager" },
} as const;
const next = define(renamed);

function moved(change: (definition: Definition) => void, mapping: object = {}) {
  const definition: Definition = plain(renamed);
  change(definition);
  return migrateGrants(engage, define(definition), { ...names, ...mapping } as GrantMapping);
}

describe("a migration to other names", () => {
  const migration = migrateGrants(engage, next, names as GrantMapping);

  it("gives every state of every area the state of the new names, for every role, and nobody gains or loses", () => {
    const all: Record<string, string> = { ...names.levels, ...names.areas, ...names.flags, ...names.roles };
    const definition: Definition = plain(engage);
    for (const [role, nextRole] of [
      ["admin", "manager"],
      ["viewer", "viewer"],
    ]) {
      for (const grant of grantsOf(definition, false)) {
        const entries = Object.entries(grant).map(([key, value]) => [all[key] ?? key, all[value as string] ?? value]);
        const grants = { fb: grant } as Record<string, Record<string, string>>;
        expect(createUser(next, migration.row({ id: "ana", role: role as string, grants }))).toEqual(
          createUser(next, { id: "ana", role: nextRole as string, grants: { fb: Object.fromEntries(entries) } }),
        );
      }
    }
    expect([migration.gains, migration.losses]).toEqual([[], []]);
    expect(migration.actions).toEqual(Object.keys(engage.actions).map((action) => ({ action })));
  });

  it("is plain data beside its two methods, and frozen", () => {
    const { row: _, matrix: __, ...data } = migration;
    expect(plain(migration)).toEqual(data);
    expect(Object.values(data).every(isDeeplyFrozen)).toBe(true);
    expect(Object.isFrozen(migration)).toBe(true);
    expect(data.roles).toEqual([
      { from: "admin", to: "manager" },
      { from: "viewer", to: "viewer" },
    ]);
    expect(data.areas[2]).toEqual({
      from: "analytics",
      to: "analytics",
      states: [
        { from: { analytics: "no-access" }, to: { analytics: "none" } },
        { from: { analytics: "full-access" }, to: { analytics: "full" } },
      ],
    });
  });

  it("lists the levels that another number stands for, as one was put in between", () => {
    expect(migration.ranks).toEqual([
      { from: "full-access", to: "full", before: 3, after: 4 },
      { from: "needs-approval", to: "draft", before: 2, after: 3 },
    ]);
  });

  it("moves a whole account, with its connections", () => {
    const before = createMatrix(engage, {
      users: [
        { id: "ana", role: "admin", grants: { fb: { publish: "view-only", approver: true }, ig: {} } },
        { id: "ben", role: "viewer", grants: { ig: { conversations: "view-only", analytics: "full-access" } } },
      ],
      connections: ["x"],
    });
    expect(plain(migration.matrix(before as never))).toEqual({
      users: [
        { id: "ana", role: "manager", grants: { fb: { publish: "view", signer: true } } },
        { id: "ben", role: "viewer", grants: { ig: { inbox: "view", analytics: "full" } } },
      ],
      connections: ["x", "fb", "ig"],
    });
    expect(refusal(() => migration.matrix(createMatrix(next, { users: [] })))).toEqual({
      code: "invalid-matrix",
      message: 'a matrix of another policy; expected a matrix of "engage"',
      path: undefined,
    });
    expect(refusal(() => migration.row({ id: "ana", role: "manager" }))?.code).toBe("invalid-user");
    const wrong = { fb: { publish: "full" } };
    expect(refusal(() => migration.row({ id: "ana", role: "viewer", grants: wrong }))?.path).toEqual([
      "grants",
      "fb",
      "publish",
    ]);
  });

  it("keeps the end of a grant, in UTC, and refuses one that is no instant", () => {
    const until = "2026-12-31T18:00:00+02:00";
    const row = (end: unknown) =>
      migration.row({ id: "ana", role: "viewer", grants: { fb: { publish: "view-only", until: end } } } as never);
    expect(row(until).grants).toEqual({ fb: { publish: "view", until: "2026-12-31T16:00:00.000Z" } });
    const users = [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only", until } } }] as const;
    const account = migration.matrix(createMatrix(engage, { users }, { at: "2026-12-31T15:00:00Z" }) as never);
    const post = { connections: ["fb"] };
    expect(can(account.user("ana"), "publish.view", post)).toBe(true);
    expect(can(account.at("2026-12-31T16:00:00Z").user("ana"), "publish.view", post)).toBe(false);
    const bare = { id: "ana", role: "viewer", grants: { fb: "view-only" } };
    expect(refusal(() => migration.row(bare as never))?.path).toEqual(["grants", "fb"]);
    expect(refusal(() => row("tomorrow"))?.path).toEqual(["grants", "fb", "until"]);
  });

  it("writes what changes as text", () => {
    expect(formatMigration(migration)).toBe(`engage becomes next: nobody gains or loses anything
  ~ role admin becomes manager
  ~ area conversations becomes inbox
  ~ conversations no-access becomes inbox none
  ~ conversations view-only becomes inbox view
  ~ conversations full-access becomes inbox full
  ~ publish no-access becomes publish none
  ~ publish view-only becomes publish view
  ~ publish view-only + approver becomes publish view + signer
  ~ publish needs-approval becomes publish draft
  ~ publish full-access becomes publish full
  ~ publish full-access + approver becomes publish full + signer
  ~ analytics no-access becomes analytics none
  ~ analytics full-access becomes analytics full
  ~ where levels are stored as numbers, full-access is 3 and becomes 4
  ~ where levels are stored as numbers, needs-approval is 2 and becomes 3
`);
    expect(formatMigration(migrateGrants(engage, engage))).toBe(
      "engage becomes engage: nobody gains or loses anything\n",
    );
  });

  it("names who gains and who loses, and actions that only one policy has or that are about something else", () => {
    const { gains, losses, actions, ...rest } = moved(
      (definition) => {
        definition.actions["publish.edit"] = { target: "group", allow: { area: "publish", level: "comment" } };
        definition.actions["analytics.view"] = { target: "group", allow: { area: "analytics", level: "full" } };
        delete definition.actions["publish.tag"];
        definition.actions["publish.pin"] = { target: "group", allow: { area: "publish", level: "full" } };
      },
      {
        levels: { ...names.levels, "view-only": "comment" },
        areas: { conversations: null },
        states: [{ from: { publish: "view-only", approver: true }, to: { publish: "view", signer: true } }],
      },
    );
    expect(gains).toEqual(["publish.edit", "analytics.view", "publish.pin"]);
    expect(losses).toContain("publish.tag");
    expect(losses).toContain("conversations.view");
    expect(losses).not.toContain("publish.view");
    expect(actions.find(({ action }) => action === "publish.edit")?.gained).toEqual({
      before: {
        user: { id: "user", role: "admin", grants: { c1: { publish: "view-only" } } },
        connections: ["c1"],
      },
      after: {
        user: { id: "user", role: "manager", grants: { c1: { publish: "comment" } } },
        connections: ["c1"],
      },
    });
    const lines = formatMigration({ gains, losses, actions, ...rest }).split("\n");
    for (const line of [
      "  - area conversations is dropped",
      "  + publish.edit: gained by admin with c1 at publish view-only, on c1",
      "  - conversations.view: lost by admin with c1 at conversations view-only, on c1",
      "  ✗ analytics.view: asked about another kind of target afterwards",
      "  - publish.tag: not there afterwards",
      "  + publish.pin: not there before",
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines[0]).toMatch(
      /^engage becomes next: somebody gains publish\.edit, analytics\.view and publish\.pin; some/,
    );
  });

  it("drops a flag where the author says so", () => {
    const without = (definition: Definition) => {
      definition.areas.publish = { levels: ["none", "view", "draft", "full"], noAccessCountsAs: "view" };
      for (const action of ["publish.approve", "publish.reject"]) {
        definition.actions[action] = { target: "group", allow: { area: "publish", level: "full" } };
      }
    };
    const { row, gains } = moved(without, { flags: { approver: null } });
    const grants = { fb: { publish: "full-access", approver: true } } as const;
    expect(row({ id: "ana", role: "viewer", grants }).grants).toEqual({ fb: { publish: "full" } });
    expect(gains).toEqual(["publish.approve", "publish.reject"]);
  });

  it("leaves out grants of a role that holds the same everywhere afterwards, and what a role held for good before", () => {
    const accounts = { levels: ["none", "full"], of: "account" } as const;
    const shape = {
      ...{ name: "own", levels: ["none", "full"], areas: { posts: { levels: ["none", "full"] }, billing: accounts } },
      actions: {
        post: { target: "group", allow: { area: "posts", level: "full" } },
        pay: { target: "none", allow: { area: "billing", level: "full" } },
      },
    };
    const free = define({ ...shape, roles: { chief: {} } });
    const held = define({ ...shape, roles: { chief: { holds: { posts: "full", billing: "full" } } } });
    const chief = { id: "olga", role: "chief" };
    const user = { ...chief, grants: { fb: { posts: "full" } }, account: { billing: "full" } };
    const there = migrateGrants(free, held);
    expect(there.row(user)).toEqual({ ...chief, connections: ["fb"] });
    expect([there.gains, there.losses]).toEqual([["post", "pay"], []]);
    const ending = { fb: { posts: "full", until: "2026-12-31T16:00:00Z" } };
    // What was known until an end only is not known for good.
    expect(there.row({ ...chief, grants: ending } as never)).toEqual(chief);
    const dropped = migrateGrants(
      free,
      define({ ...shape, roles: { chief: {} }, areas: { posts: shape.areas.posts }, actions: {} }),
      {
        areas: { billing: null },
      } as GrantMapping,
    );
    const account = { billing: "full", until: "2026-12-31T16:00:00Z" };
    expect(dropped.row({ ...chief, account } as never)).toEqual(chief);
    expect(dropped.row({ ...chief, grants: { fb: { until: account.until } } } as never).grants).toEqual({
      fb: { until: "2026-12-31T16:00:00.000Z" },
    });
    const back = migrateGrants(held, free);
    expect(back.row({ ...chief, connections: ["fb"] })).toEqual({ ...chief, connections: ["fb"] });
    expect([back.gains, back.losses]).toEqual([[], ["post", "pay"]]);
  });

  it("counts what the new role holds only where the user knows a connection", () => {
    const shape = { name: "own", levels: ["none", "full"], areas: { posts: { levels: ["none", "full"] } } };
    const start = (clause: object) => ({
      start: { target: "none", allow: { area: "posts", some: "full", ...clause } },
    });
    const free = define({ ...shape, roles: { chief: {} }, actions: start({}) });
    const held = define({ ...shape, roles: { chief: { holds: { posts: "full" } } }, actions: start({}) });
    const { actions } = migrateGrants(free, held);
    expect(actions).toEqual([
      {
        action: "start",
        gained: {
          before: { user: { id: "user", role: "chief", connections: ["c1"] }, connections: [] },
          after: { user: { id: "user", role: "chief", connections: ["c1"] }, connections: [] },
        },
      },
    ]);
  });
});

describe("a migration of more than thirty states", () => {
  it("moves each area by itself, in whichever word its states are", () => {
    const ticks = Array.from({ length: 40 }, (_, index) => `tick-${index + 1}`);
    const of = (levels: string[], order = ticks) =>
      define({
        ...{ name: "own", levels, roles: { member: {} } },
        areas: Object.fromEntries(order.map((tick) => [tick, { levels }])),
        actions: Object.fromEntries(
          ticks.map((tick) => [tick, { target: "group", allow: { area: tick, level: levels.at(-1) } }]),
        ),
      });
    const [from, to] = [of(["none", "on"]), of(["none", "half", "on"], [...ticks].reverse())];
    const { row, losses, gains } = migrateGrants(from, to, {
      states: [{ from: { "tick-40": "on" }, to: { "tick-40": "half" } }],
    });
    const grants = { fb: { "tick-1": "on", "tick-39": "on", "tick-40": "on" } };
    expect(row({ id: "ana", role: "member", grants }).grants).toEqual({
      fb: { "tick-1": "on", "tick-39": "on", "tick-40": "half" },
    });
    expect([gains, losses]).toEqual([[], ["tick-40"]]);
  });
});

describe("a mapping that says too little, or what cannot be", () => {
  const fault = (mapping: object, change: (definition: Definition) => void = () => {}) =>
    refusal(() => moved(change, mapping));

  it("is refused for a name that one of the policies does not have, with its path", () => {
    expect(fault({ levels: { "full-acess": "full" } })).toEqual({
      code: "invalid-policy",
      message: expect.stringContaining('unknown key "full-acess"; expected "no-access"'),
      path: ["levels", "full-acess"],
    });
    expect(fault({ levels: { "full-access": "all" } })?.path).toEqual(["levels", "full-access"]);
    expect(fault({ areas: { conversations: "mail" } })?.path).toEqual(["areas", "conversations"]);
    expect(fault({ flags: { approver: "approver" } })?.path).toEqual(["flags", "approver"]);
    expect(fault({ roles: { admin: "admin" } })?.path).toEqual(["roles", "admin"]);
    expect(fault({ rolls: {} })?.path).toEqual(["rolls"]);
  });

  it("is refused for what is dropped and cannot be, or is there and undefined", () => {
    expect(fault({ levels: { "view-only": null } })?.path).toEqual(["levels", "view-only"]);
    expect(fault({ roles: { admin: null } })?.path).toEqual(["roles", "admin"]);
    expect(fault({ areas: { conversations: undefined } })?.path).toEqual(["areas", "conversations"]);
    expect(fault({ states: undefined })?.path).toEqual(["states"]);
    expect(refusal(() => migrateGrants(engage, engage, ...([undefined] as unknown as [])))?.code).toBe(
      "invalid-policy",
    );
  });

  it("is refused for a role or an area without a place, and never guessed", () => {
    expect(fault({ roles: {} })).toEqual({
      code: "invalid-policy",
      message: '"admin" is not in the policy next; expected "manager" or "viewer" for it (at "roles" > "admin")',
      path: ["roles", "admin"],
    });
    expect(fault({ areas: {} })).toEqual({
      code: "invalid-policy",
      message:
        '"conversations" is not in the policy next; expected "inbox", "publish" or "analytics" for it (at "areas" > "conversations")',
      path: ["areas", "conversations"],
    });
  });

  it("is refused for each state without a place: a level, a flag, or a flag beside another level", () => {
    expect(fault({ levels: { "view-only": "view", "full-access": "full" } })?.message).toBe(
      'publish needs-approval has no place in "publish" of the policy next; expected a name for each in levels or flags, or the whole state in states',
    );
    expect(fault({ flags: {} })?.message).toContain(
      "publish view-only + approver and publish full-access + approver have no place",
    );
    // Two levels become one, beside which the flag may not stand.
    expect(fault({ levels: { ...names.levels, "view-only": "draft" } })?.message).toContain(
      'conversations view-only has no place in "inbox"',
    );
    const withDraft = (definition: Definition) => {
      definition.areas.inbox = { levels: ["none", "view", "draft", "full"] };
    };
    expect(fault({ levels: { ...names.levels, "view-only": "draft" } }, withDraft)?.message).toContain(
      "publish view-only + approver has no place",
    );
  });

  it("is refused where nothing held would become something, by its level or by its state", () => {
    const message = '"view" for the lowest level, at which nothing is held; expected "none"';
    expect(fault({ levels: { ...names.levels, "no-access": "view" } })).toEqual({
      code: "invalid-policy",
      message: `${message} (at "levels" > "no-access")`,
      path: ["levels", "no-access"],
    });
    expect(fault({ states: [{ from: { publish: "no-access" }, to: { publish: "view" } }] })).toEqual({
      code: "invalid-policy",
      message: `${message} (at "states" > 0 > "to")`,
      path: ["states", 0, "to"],
    });
    expect(moved(() => {}, { states: [{ from: { publish: "no-access" }, to: { publish: "none" } }] }).gains).toEqual(
      [],
    );
  });

  it("is refused where two areas become one, or one of connections becomes one of the account", () => {
    expect(fault({ areas: { conversations: "publish" } })).toEqual({
      code: "invalid-policy",
      message:
        '"conversations" and "publish" both become "publish"; expected another area for one of them, or null to drop what is held there (at "areas" > "publish")',
      path: ["areas", "publish"],
    });
    const billing = (definition: Definition) => {
      definition.areas.billing = { levels: ["none", "full"], of: "account" };
    };
    expect(fault({ areas: { conversations: "billing" } }, billing)?.message).toBe(
      '"conversations" is held on connections, and "billing" in the account; expected another area, or null to drop what is held there (at "areas" > "conversations")',
    );
    const own = {
      ...{ name: "own", levels: ["none", "full"], roles: { viewer: {} } },
      areas: { billing: { levels: ["none", "full"], of: "account" } },
      actions: { pay: { target: "none", allow: { area: "billing", level: "full" } } },
    };
    const back = refusal(() => migrateGrants(define(own), next, { areas: { billing: "inbox" } } as GrantMapping));
    expect(back?.message).toContain('"billing" is held in the account, and "inbox" on connections');
  });

  it("is refused for a state that is not one of one area, is no state, or is listed twice", () => {
    const to = { publish: "view" };
    const states = (...list: object[]) => fault({ states: list });
    expect(states({ from: { approver: true }, to })).toEqual({
      code: "invalid-policy",
      message:
        'an object is not a state of one area; expected the level of one of "conversations", "publish" or "analytics" (at "states" > 0 > "from")',
      path: ["states", 0, "from"],
    });
    expect(states({ from: { publish: "view-only", analytics: "full-access" }, to })?.path).toEqual([
      "states",
      0,
      "from",
    ]);
    expect(states({ from: "view-only", to })?.path).toEqual(["states", 0, "from"]);
    expect(states({ from: { publish: "needs-approval", approver: true }, to })?.code).toBe("invalid-policy");
    expect(states({ from: { publish: "view-only" }, to: { inbox: "view" } })?.path).toEqual([
      "states",
      0,
      "to",
      "inbox",
    ]);
    const twice = { from: { publish: "view-only" }, to };
    expect(states(twice, twice)).toEqual({
      code: "invalid-policy",
      message: 'publish view-only is listed twice; expected each state once (at "states" > 1)',
      path: ["states", 1],
    });
    expect(
      fault({ areas: { conversations: null }, states: [{ from: { conversations: "view-only" }, to }] })?.path,
    ).toEqual(["states", 0, "from"]);
  });
});
