import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkPolicy } from "../../src/analysis/index.js";
import {
  beyond,
  beyondAccount,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  type Engage,
  engage,
  explain,
  formatDecision,
  frontendRow,
  limit,
  type Policy,
  type User,
} from "../../src/index.js";
import { matrixSchema, userSchema } from "../../src/schema/index.js";
import {
  asked,
  define,
  grantOf,
  groups,
  isFixed,
  isFixedInAccount,
  personOf,
  postOf,
  toInput,
  wholeWorlds,
  worlds,
} from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import {
  type Definition,
  type GrantData,
  holdsOf,
  isOfAccount,
  modelCan,
  type Person,
} from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";

const loosely = {
  limit: limit as unknown as (user: unknown, cap: unknown) => User,
  beyond: beyond as unknown as (user: unknown, connection: unknown, grant: unknown) => object,
  beyondAccount: beyondAccount as unknown as (user: unknown, grant: unknown) => object,
};

const ana = createUser(engage, {
  id: "ana",
  role: "admin",
  grants: { fb: { publish: "full-access", approver: true, analytics: "full-access" }, ig: { publish: "view-only" } },
});
const group = (...connections: string[]) => ({ connections });

// A cap as drawn: for every connection, or for some.
interface DrawnCap {
  everywhere: GrantData | undefined;
  on: [string, GrantData][];
  account: GrantData;
  keepsRole: boolean;
}

const capOf = (definition: Definition): fc.Arbitrary<DrawnCap> =>
  fc.record({
    everywhere: fc.option(grantOf(definition), { nil: undefined }),
    on: fc.uniqueArray(fc.tuple(fc.constantFrom("fb", "ig", "x", "__proto__"), grantOf(definition)), {
      selector: ([id]) => id,
    }),
    account: grantOf(definition, true),
    keepsRole: fc.boolean(),
  });

function hasAccount(definition: Definition): boolean {
  return Object.keys(definition.areas).some((area) => isOfAccount(definition, area));
}

function toCap(definition: Definition, { everywhere, on, account, keepsRole }: DrawnCap): object {
  return {
    grants: everywhere ?? on,
    ...(hasAccount(definition) && { account }),
    ...(keepsRole && { role: "keep" }),
  };
}

/** The lower of two grants, in every area of one half: the lower level, and the flags of both. */
function lower(definition: Definition, one: GrantData, other: GrantData, ofAccount: boolean): GrantData {
  const valueAt = (grant: GrantData, key: string) => Object.entries(grant).find(([name]) => name === key)?.[1];
  const areas = Object.entries(definition.areas).filter(([, { of }]) => (of === "account") === ofAccount);
  return Object.fromEntries(
    areas.flatMap(([area, { flags = {} }]) => {
      const rank = (grant: GrantData) =>
        definition.levels.indexOf(String(valueAt(grant, area) ?? definition.levels[0]));
      const both = Object.keys(flags).filter((flag) => valueAt(one, flag) === true && valueAt(other, flag) === true);
      return [
        [area, definition.levels[Math.min(rank(one), rank(other))]],
        ...both.map((flag): [string, boolean] => [flag, true]),
      ];
    }),
  );
}

/** The limited person as one without a limit: of a role that holds nothing, with the lower grant on all that it knows. */
function limitedPerson(
  definition: Definition,
  person: Person,
  cap: DrawnCap,
): { definition: Definition; person: Person } {
  const known = [...new Set([...person.grants.map(([id]) => id), ...person.connections])];
  const role = cap.keepsRole ? person.role : "no role at all";
  const grants = known.map((id): [string, GrantData] => {
    const own = holdsOf(definition, person, false) ?? person.grants.find(([each]) => each === id)?.[1] ?? {};
    const capped = cap.everywhere ?? cap.on.find(([each]) => each === id)?.[1] ?? {};
    return [id, lower(definition, own, capped, false)];
  });
  const account = holdsOf(definition, person, true) ?? person.account ?? {};
  const roles = Object.fromEntries([...Object.keys(definition.roles), role].map((each) => [each, {}]));
  return {
    definition: { ...definition, roles },
    person: { id: person.id, role, grants, connections: [], account: lower(definition, account, cap.account, true) },
  };
}

const shipped = [engage, buffer].map((policy) => JSON.parse(JSON.stringify(policy)) as Definition);
const anybody = fc
  .oneof(
    worlds,
    wholeWorlds,
    ...shipped.map((definition) => personOf(definition).map((person) => ({ definition, person }))),
  )
  .chain((world) => capOf(world.definition).map((cap) => ({ ...world, cap })));

function targetsOf(policy: Policy, definition: Definition, person: Person, connections: string[], choice: number) {
  return Object.entries(policy.actions).flatMap(([action, { target }]) =>
    ({
      none: [undefined],
      connection: [...connections, "elsewhere"],
      group: [postOf(definition, connections, [person.id], choice)],
    })[target].map((each) => ({ action, target: each })),
  );
}

describe("a limited user", () => {
  it("may do exactly what the lower grants allow, role clauses only if kept", () => {
    fc.assert(
      fc.property(anybody, groups, fc.nat(4), ({ definition, person, cap }, connections, choice) => {
        const policy = define(definition);
        const limited = loosely.limit(createUser(policy, toInput(person)), toCap(definition, cap));
        const model = limitedPerson(definition, person, cap);
        for (const { action, target } of targetsOf(policy, definition, person, connections, choice)) {
          expect([action, can(limited, action, ...asked(target))]).toEqual([
            action,
            modelCan(model.definition, model.person, action, target),
          ]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("law 11: on every state of Engage and Buffer, under every cap, may do nothing that the user may not, but for B8", () => {
    const gained = new Set<string>();
    for (const [policy, definition] of [
      [engage, shipped[0]],
      [buffer, shipped[1]],
    ] as [Policy, Definition][]) {
      const grants = Object.entries(definition.areas).flatMap(([area, { levels, flags = {} }]) =>
        levels.flatMap((level) => [
          { [area]: level },
          ...Object.keys(flags)
            .filter((flag) => flags[flag]?.includes(level))
            .map((flag) => ({ [area]: level, [flag]: true })),
        ]),
      );
      const role = Object.keys(definition.roles).at(-1) as string;
      for (const one of grants) {
        for (const other of grants) {
          const user = createUser(policy, { id: "u", role, grants: { a: one, b: other } as never });
          for (const first of grants) {
            for (const cap of [{ grants: first }, { grants: { a: first } }, { grants: first, role: "keep" }]) {
              const limited = loosely.limit(user, cap);
              for (const [action, { target }] of Object.entries(definition.actions)) {
                const each = { none: undefined, connection: "a", group: group("a", "b") }[target];
                if (can(limited, action, ...asked(each)) && !can(user, action, ...asked(each))) gained.add(action);
              }
            }
          }
        }
      }
    }
    expect([...gained]).toEqual(["drafts.request-approval"]);
  });

  it("law 11: gains no action but those that checkPolicy finds to be lost by a higher level", () => {
    fc.assert(
      fc.property(anybody, groups, fc.nat(4), ({ definition, person, cap }, connections, choice) => {
        const policy = define(definition);
        const user = createUser(policy, toInput(person));
        const limited = loosely.limit(user, toCap(definition, cap));
        const gained = targetsOf(policy, definition, person, connections, choice).filter(
          ({ action, target }) => can(limited, action, ...asked(target)) && !can(user, action, ...asked(target)),
        );
        if (gained.length === 0) return;
        const raising = checkPolicy(policy).checks.find(({ check }) => check === "raising");
        const listed = raising?.findings.map(({ action }) => action);
        for (const { action } of gained) expect(listed).toContain(action);
      }),
      { numRuns: 1_000 },
    );
  });

  it("law 9: JSON, a spread and a clone change no answer and no explanation, nor does a second limit that takes nothing", () => {
    fc.assert(
      fc.property(anybody, groups, fc.nat(4), ({ definition, person, cap }, connections, choice) => {
        const policy = define(definition);
        const limited = loosely.limit(createUser(policy, toInput(person)), toCap(definition, cap));
        expect(isDeeplyFrozen(limited.limit)).toBe(true);
        const copies = [
          JSON.parse(JSON.stringify(limited)),
          { ...limited },
          structuredClone({ ...limited }),
          limited,
        ].map((row) => createUser(policy, row));
        const again = loosely.limit(limited, toCap(definition, cap));
        for (const { action, target } of targetsOf(policy, definition, person, connections, choice)) {
          const decision = explain(limited, action, ...asked(target));
          expect(decision.allowed).toBe(can(limited, action, ...asked(target)));
          for (const copy of [...copies, again]) expect(explain(copy, action, ...asked(target))).toEqual(decision);
        }
        for (const copy of copies) expect(copy.toJSON()).toEqual(limited.toJSON());
      }),
      { numRuns: 200 },
    );
  });

  it("two limits are their lower one, in either order", () => {
    fc.assert(
      fc.property(
        anybody.chain((world) => capOf(world.definition).map((second) => ({ ...world, second }))),
        groups,
        fc.nat(4),
        ({ definition, person, cap, second }, connections, choice) => {
          const policy = define(definition);
          const user = createUser(policy, toInput(person));
          const caps = [toCap(definition, cap), toCap(definition, second)];
          const [one, other] = [caps, [...caps].reverse()].map((each) => each.reduce(loosely.limit, user));
          const twice = limitedPerson(definition, person, cap);
          const model = limitedPerson(twice.definition, twice.person, {
            ...second,
            keepsRole: true,
          });
          const last = second.keepsRole ? model.person : { ...model.person, role: "no role at all" };
          for (const { action, target } of targetsOf(policy, definition, person, connections, choice)) {
            const expectedAnswer = modelCan(model.definition, last, action, target);
            expect(can(one as User, action, ...asked(target))).toBe(expectedAnswer);
            expect(can(other as User, action, ...asked(target))).toBe(expectedAnswer);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("law 7: a higher grant helps where the blocker is not limited, and a higher cap beside it where it is", () => {
    fc.assert(
      fc.property(anybody, groups, fc.nat(4), ({ definition, person, cap }, connections, choice) => {
        const policy = define(definition);
        const base = createUser(policy, toInput(person));
        const limited = loosely.limit(base, toCap(definition, cap));
        const capOn = (id: string) => cap.everywhere ?? cap.on.find(([each]) => each === id)?.[1] ?? {};
        for (const { action, target } of targetsOf(policy, definition, person, connections, choice)) {
          const decision = explain(limited, action, ...asked(target));
          if (decision.allowed || (decision.blockers.length === 0 && !decision.account)) continue;
          // With nothing held on any connection, a clause about the account and about some connection names the account alone.
          if (target === undefined && decision.account && decision.blockers.length === 0) continue;
          const changed = decision.unblock === "any" ? decision.blockers.slice(0, 1) : decision.blockers;
          const grants = new Map(person.grants);
          const caps = new Map(
            [...person.connections, ...person.grants.map(([id]) => id), ...connections, "elsewhere"].map((id) => [
              id,
              capOn(id),
            ]),
          );
          const held = (id: string) =>
            Object.fromEntries(
              Object.entries(limited.grants)
                .filter(([each]) => each === id)
                .flatMap(([, grant]) => Object.entries(grant ?? {})),
            );
          for (const { connection, needs, limited: isLimited } of changed) {
            if (!isFixed(definition, person.role))
              grants.set(connection, { ...held(connection), ...grants.get(connection), ...needs } as GrantData);
            if (isLimited) caps.set(connection, { ...caps.get(connection), ...needs } as GrantData);
          }
          const fixed = isFixedInAccount(definition, person.role);
          const account = { ...person.account, ...(fixed ? {} : decision.account?.needs) } as GrantData;
          const capAccount = { ...cap.account, ...(decision.account?.limited && decision.account.needs) } as GrantData;
          const owner = createUser(
            policy,
            toInput({ ...person, grants: [...grants], ...(person.account && { account }) }),
          );
          const repaired = { ...cap, everywhere: undefined, on: [...caps], account: capAccount };
          expect([action, can(loosely.limit(owner, toCap(definition, repaired)), action, ...asked(target))]).toEqual([
            action,
            true,
          ]);
          // The owner's grant alone does not help where the limit is in the way, unless another clause takes the same grant,
          // or the role gives the action on every connection that the user knows.
          const isOnly =
            [policy.actions[action]?.allow].flat().length === 1 && decision.reason !== "unknown-connection";
          const isLimited = isOnly && (changed.some((each) => each.limited) || decision.account?.limited === true);
          if (isLimited)
            expect(can(loosely.limit(owner, toCap(definition, cap)), action, ...asked(target))).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("limit", () => {
  it("makes no admin of an admin's key, unless the role is kept", () => {
    const key = limit(ana, { grants: { publish: "full-access" } });
    expect(can(key, "connections.create")).toBe(false);
    expect(can(limit(ana, { role: "keep" }), "connections.create")).toBe(true);
    expect(explain(key, "connections.create")).toMatchObject({
      reason: "role-required",
      roles: ["admin"],
      limited: true,
    });
    expect(formatDecision(explain(key, "connections.create"))).toBe(
      "ana may not connections.create: it takes the role admin, which the limit of the user leaves out.",
    );
    const viewer = limit(createUser(engage, { id: "ben", role: "viewer" }), {});
    expect(explain(viewer, "connections.create")).not.toHaveProperty("limited");
  });

  it("says which side is in the way", () => {
    const key = limit(ana, { grants: { publish: "needs-approval" } });
    expect(explain(key, "publish.post-now", group("fb"))).toMatchObject({
      level: "needs-approval",
      blockers: [
        {
          connection: "fb",
          holds: { publish: "needs-approval", approver: false },
          needs: { publish: "full-access", approver: false },
          limited: true,
        },
      ],
    });
    expect(formatDecision(explain(key, "publish.post-now", group("fb", "ig")))).toBe(
      "ana may not publish.post-now on fb and ig: fb is limited to needs-approval in publish and needs full-access; ig is limited to view-only in publish and needs full-access.",
    );
    // On ig, the cap would do, and the user's own grant would not.
    const [blocker] = (explain(key, "publish.edit", group("ig")) as { blockers: readonly object[] }).blockers;
    expect(blocker).toEqual({
      connection: "ig",
      holds: { publish: "view-only", approver: false },
      needs: { publish: "needs-approval", approver: false },
    });
    const both = limit(ana, {});
    expect(formatDecision(explain(both, "publish.edit", group("fb", "ig")))).toBe(
      "ana may not publish.edit on fb and ig: fb and ig are limited to no-access in publish and need needs-approval.",
    );
  });

  it("takes what a role holds everywhere as held, and says what cannot be changed", () => {
    const olga = createUser(buffer, { id: "olga", role: "owner", connections: ["fb", "ig"] });
    const key = limit(olga, { grants: { fb: { posting: "approval-required" } } });
    expect(can(key, "drafts.create", group("fb"))).toBe(true);
    expect(JSON.stringify(key)).toBe(
      '{"id":"olga","role":"owner","connections":["fb","ig"],"limit":{"grants":{"fb":{"posting":"approval-required"}}}}',
    );
    const frozen = definePolicy({
      name: "fixed",
      levels: ["none", "some", "all"],
      areas: { page: { levels: ["none", "some", "all"] } },
      roles: { helper: { holds: { page: "some" } } },
      actions: {
        use: { target: "connection", allow: { area: "page", level: "some" } },
        own: { target: "connection", allow: { area: "page", level: "all" } },
        any: { target: "none", allow: { area: "page", some: "some" } },
      },
    });
    const hal = createUser(frozen, { id: "hal", role: "helper", connections: ["fb"] });
    expect(explain(limit(hal, { grants: { page: "all" } }), "own", "fb")).toMatchObject({ reason: "fixed-by-role" });
    expect(explain(limit(hal, {}), "use", "fb")).toMatchObject({
      reason: "no-access",
      blockers: [{ connection: "fb", needs: { page: "some" }, limited: true }],
    });
    expect(explain(limit(hal, {}), "any")).toMatchObject({ blockers: [{ connection: "fb", limited: true }] });
    expect(explain(limit(hal, {}), "use", "elsewhere")).toMatchObject({ reason: "fixed-by-role", blockers: [] });
    expect(explain(limit(hal, { grants: { page: "some" } }), "use", "elsewhere")).toMatchObject({
      reason: "unknown-connection",
    });
  });

  it("limits areas in several words, and a user whose policy has areas of the account alone", () => {
    const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
    const many = define({
      name: "many",
      levels: ["off", "on"],
      areas: Object.fromEntries(names.map((name) => [name, { levels: ["off", "on"] }])),
      roles: { member: {} },
      actions: Object.fromEntries(names.map((area) => [area, { target: "group", allow: { area, level: "on" } }])),
    });
    const all = Object.fromEntries(names.map((name) => [name, "on"]));
    const user = createUser(many, { id: "u", role: "member", grants: { c: all } });
    const key = loosely.limit(user, { grants: { a1: "on", a19: "on" } });
    expect(names.filter((action) => can(key, action, ...asked(group("c"))))).toEqual(["a1", "a19"]);
    const office = define({
      name: "office",
      levels: ["off", "on"],
      areas: { billing: { levels: ["off", "on"], of: "account" } },
      roles: { member: {} },
      actions: { bill: { target: "group", allow: { area: "billing", level: "on" } } },
    });
    const clerk = createUser(office, {
      id: "c",
      role: "member",
      connections: ["fb"],
      account: { billing: "on" } as never,
    });
    expect(can(loosely.limit(clerk, { account: { billing: "on" } }), "bill", ...asked(group("fb")))).toBe(true);
    expect(can(loosely.limit(clerk, {}), "bill", ...asked(group("fb")))).toBe(false);
  });

  it("refuses what is no cap, and never takes it for a wide one", () => {
    const cap = (each: unknown) => refusal(() => loosely.limit(ana, each));
    expect(cap(undefined)).toMatchObject({ code: "invalid-grant" });
    expect(cap({ grants: undefined })).toMatchObject({ code: "invalid-grant", path: ["grants"] });
    expect(cap({ role: "drop" })).toMatchObject({ path: ["role"] });
    expect(cap({ role: undefined })).toMatchObject({ path: ["role"] });
    expect(cap({ grants: { fb: null } })).toMatchObject({ path: ["grants", "fb"] });
    expect(cap({ grants: { publish: "all" } })).toMatchObject({ path: ["grants", "publish"] });
    expect(cap({ grants: { fb: { publish: "all" } } })).toMatchObject({ path: ["grants", "fb", "publish"] });
    expect(cap({ account: {} })).toMatchObject({ path: ["account"] });
    expect(cap({ grant: {} })).toMatchObject({ path: ["grant"] });
    expect(refusal(() => loosely.limit({ ...ana }, {})).code).toBe("invalid-user");
  });

  it("makes no row of an account: a matrix refuses a limited user", () => {
    const key = limit(ana, {});
    expect(refusal(() => createMatrix(engage, { users: [key] }))).toMatchObject({ path: ["users", 0, "limit"] });
    expect(refusal(() => createMatrix(engage, { users: [] }).putUser(key)).path).toEqual(["limit"]);
    expect(frontendRow(key)).toMatchObject({ id: "ana", limit: {} });
  });
});

describe("beyond", () => {
  it("is {} exactly if the giver holds every level and flag of the grant, on every pair of states", () => {
    const publish: Engage["areas"]["publish"]["levels"][number][] = [...engage.areas.publish.levels];
    const states = publish.flatMap((level) =>
      [false, true]
        .filter((on) => !on || level === "view-only" || level === "full-access")
        .map((approver) => ({ publish: level, approver })),
    );
    for (const has of states) {
      const giver = createUser(engage, { id: "g", role: "viewer", grants: { c: has } });
      for (const gives of states) {
        expect(beyond(giver, "c", gives)).toEqual({
          ...(publish.indexOf(gives.publish) > publish.indexOf(has.publish) && { publish: gives.publish }),
          ...(gives.approver && !has.approver && { approver: true }),
        });
      }
    }
  });

  it("counts what a role holds everywhere, what a limit leaves, and nothing on an unknown connection", () => {
    const olga = createUser(buffer, { id: "olga", role: "owner", connections: ["fb"] });
    expect(beyond(olga, "fb", { posting: "full-posting" })).toEqual({});
    expect(beyond(olga, "x", { posting: "full-posting" })).toEqual({ posting: "full-posting" });
    expect(beyond(limit(olga, {}), "fb", { posting: "full-posting" })).toEqual({ posting: "full-posting" });
    expect(beyond(ana, "x", {})).toEqual({});
    expect(Object.isFrozen(beyond(ana, "x", { publish: "view-only" }))).toBe(true);
  });

  it("of the account", () => {
    const agency = definePolicy({
      name: "agency",
      levels: ["none", "view", "manage"],
      areas: {
        billing: { levels: ["none", "view", "manage"], of: "account", flags: { invites: ["view", "manage"] } },
        page: { levels: ["none", "view"] },
      },
      roles: { member: {}, boss: { holds: { billing: "manage", invites: true } } },
      actions: { pay: { target: "none", allow: { area: "billing", level: "manage" } } },
    });
    const pia = createUser(agency, { id: "pia", role: "member", account: { billing: "view" } });
    const boss = createUser(agency, { id: "boss", role: "boss" });
    expect(beyondAccount(pia, { billing: "manage", invites: true })).toEqual({ billing: "manage", invites: true });
    expect(beyondAccount(pia, { billing: "view" })).toEqual({});
    expect(beyondAccount(boss, { billing: "manage", invites: true })).toEqual({});
    expect(beyondAccount(limit(boss, { account: { billing: "view" } }), { billing: "manage", invites: true })).toEqual({
      billing: "manage",
      invites: true,
    });
    const key = limit(boss, { account: { billing: "view" } });
    expect(explain(key, "pay")).toMatchObject({ account: { needs: { billing: "manage" }, limited: true } });
    expect(formatDecision(explain(key, "pay"))).toBe(
      "boss may not pay: in the account, the user is limited to view in billing and needs manage.",
    );
  });

  it("refuses what is no question", () => {
    expect(refusal(() => loosely.beyond(ana, undefined, {})).code).toBe("wrong-target");
    expect(refusal(() => loosely.beyond(ana, "fb", undefined)).code).toBe("invalid-grant");
    expect(refusal(() => loosely.beyond({}, "fb", {})).code).toBe("invalid-user");
    expect(refusal(() => loosely.beyondAccount(ana, { publish: "view-only" })).path).toEqual(["publish"]);
  });
});

describe("the schema of a user", () => {
  it("reads the row of a limited user, and states its limit", () => {
    const key = limit(ana, { grants: { fb: { publish: "view-only" } }, role: "keep" });
    const row: unknown = JSON.parse(JSON.stringify(key));
    expect(createUser(engage, userSchema(engage).parse(row)).toJSON()).toEqual(key.toJSON());
    const wrong = userSchema(engage).safeParse({
      id: "ana",
      role: "admin",
      limit: { grants: { fb: { publish: "all" } } },
    });
    expect(wrong.error?.issues.map(({ path }) => path)).toEqual([["limit", "grants", "fb", "publish"]]);
    expect(matrixSchema(engage).safeParse({ users: [row] }).error?.issues[0]?.path).toEqual(["users", 0, "limit"]);
    expect(z.toJSONSchema(userSchema(engage), { io: "input" })).toMatchObject({
      properties: { limit: { properties: { role: { enum: ["keep"] } } } },
    });
  });
});
