import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  frontendRow,
  limit,
  type Policy,
  PolicyError,
  type User,
} from "../../src/index.js";
import { packUser, unpackUser } from "../../src/token/index.js";
import {
  asked,
  define,
  grantOf,
  groups,
  hostileNames,
  personOf,
  postOf,
  toInput,
  wholeWorlds,
  worlds,
} from "../support/arbitraries.js";
import type { Definition, Person } from "../support/reference-model.js";
import { refusal } from "../support/refusal.js";

const loosely = {
  limit: limit as unknown as (user: unknown, cap: unknown) => User,
  unpackUser: unpackUser as unknown as (policy: unknown, text: unknown) => User,
  packUser: packUser as unknown as (user: unknown) => string,
};

const shipped = [engage, buffer].map((policy) => JSON.parse(JSON.stringify(policy)) as Definition);
const anybody = fc
  .oneof(
    worlds,
    wholeWorlds,
    ...shipped.map((definition) => personOf(definition).map((person) => ({ definition, person }))),
  )
  .chain((world) =>
    fc.record({
      world: fc.constant(world),
      cap: fc.option(
        fc.record({
          grants: fc.oneof(
            grantOf(world.definition),
            fc.uniqueArray(fc.tuple(fc.constantFrom("fb", "ig", ...hostileNames), grantOf(world.definition)), {
              selector: ([id]) => id,
            }),
          ),
          ...(Object.values(world.definition.areas).some(({ of }) => of === "account") && {
            account: grantOf(world.definition, true),
          }),
        }),
      ),
      keepsRole: fc.boolean(),
    }),
  );

/** Fifty grants of Engage in many states, on connections of some ids. */
function fifty(idOf: (index: number) => string): User {
  const states = [
    { publish: "full-access", approver: true, conversations: "full-access", analytics: "full-access" },
    { publish: "view-only", conversations: "view-only" },
    { publish: "needs-approval", analytics: "full-access" },
    { conversations: "full-access" },
    { publish: "view-only", approver: true },
    {},
  ];
  const grants = Array.from({ length: 50 }, (_, index) => [idOf(index), states[index % states.length]]);
  return createUser(engage, { id: idOf(50), role: "viewer", grants: Object.fromEntries(grants) });
}

const uuid = (index: number) => {
  const hex = createHash("md5").update(String(index)).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

describe("a packed user", () => {
  it("is the same user again: in every answer, every explanation, and as a row", () => {
    fc.assert(
      fc.property(anybody, groups, fc.nat(4), ({ world, cap, keepsRole }, connections, choice) => {
        const { definition, person } = world;
        const policy: Policy = define(definition);
        const account = createMatrix(policy, { users: [toInput(person)], connections });
        for (const whole of [createUser(policy, toInput(person)), account.user(person.id)]) {
          const user = cap ? loosely.limit(whole, { ...cap, ...(keepsRole && { role: "keep" }) }) : whole;
          const text = packUser(user);
          expect(text).toMatch(/^[\w.~-]*$/);
          const again = unpackUser(policy, text);
          expect(JSON.stringify(again)).toBe(JSON.stringify(user));
          expect(packUser(again)).toBe(text);
          for (const [action, { target }] of Object.entries(policy.actions)) {
            const targets = {
              none: [undefined],
              connection: connections,
              group: [postOf(definition, connections, [person.id], choice)],
            }[target];
            for (const each of targets) {
              expect(explain(again, action, ...asked(each))).toEqual(explain(user, action, ...asked(each)));
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("keeps when each grant ends, and when a connection is no longer known", () => {
    const instants = ["2026-01-01T00:00:00.000Z", "2026-06-01T12:30:00.001Z", "9999-12-31T23:59:59.999Z"];
    const input = (person: Person, choices: readonly number[]) => ({
      ...toInput(person),
      grants: person.grants.map(([id, grant], index): [string, object] => {
        const until = instants[choices[index % choices.length] ?? 9];
        return [id, { ...grant, ...(until && { until }) }];
      }),
      ...(person.account && { account: { ...person.account, until: instants[2] } }),
    });
    fc.assert(
      fc.property(
        fc.oneof(worlds, wholeWorlds),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
        fc.constantFrom("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        fc.boolean(),
        ({ definition, person }, choices, instant, isLimited) => {
          const policy = define(definition);
          const row = input(person, choices) as never;
          const account = createMatrix(policy, { users: [row], connections: ["listed"] }, { at: instant });
          for (const whole of [createUser(policy, row, { at: instant }), account.user(person.id)]) {
            const user = isLimited ? loosely.limit(whole, { role: "keep" }) : whole;
            const again = unpackUser(policy, packUser(user));
            expect(JSON.stringify(again)).toBe(JSON.stringify(user));
            expect(again.validUntil).toBe(user.validUntil);
            expect(packUser(again)).toBe(packUser(user));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes at most 500 bytes for fifty grants in Engage with whole numbers as ids, and 2.7 kB with UUIDs", () => {
    expect(packUser(fifty((index) => String(100_000_000 + index * 7_919))).length).toBeLessThanOrEqual(500);
    expect(packUser(fifty(uuid)).length).toBeLessThanOrEqual(2_700);
  });

  it("may have more different states than one character counts", () => {
    const levels = ["none", ...Array.from({ length: 60 }, (_, index) => `l${index}`)];
    const areas = Object.fromEntries(["a", "b", "c"].map((each) => [each, { levels: levels.slice(0, 25) }]));
    const wide = define({ name: "wide", levels, areas, roles: { member: {} }, actions: {} });
    const grants = Array.from({ length: 500 }, (_, index) => [
      `c${index}`,
      { a: levels[index % 25], b: levels[Math.floor(index / 25) % 25], c: levels[(index * 7) % 25] },
    ]);
    const user = createUser(wide, { id: "u", role: "member", grants: Object.fromEntries(grants) });
    expect(JSON.stringify(unpackUser(wide, packUser(user)))).toBe(JSON.stringify(user));
  });

  it("for a frontend, can leave out the connections that its reader may not see", () => {
    const account = createMatrix(engage, {
      users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }],
      connections: ["fb", "secret"],
    });
    const text = packUser(createUser(engage, frontendRow(account.user("ana"))));
    expect(text).not.toContain("secret");
    expect(can(unpackUser(engage, text), "publish.view", { connections: ["fb"] })).toBe(true);
  });

  it("is refused under a policy with other states or roles, and read under one with other actions", () => {
    const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } });
    const [definition] = shipped as [Definition];
    const { publish, ...others } = definition.areas as { publish: Definition["areas"][string] };
    const changed: Partial<Definition>[] = [
      { areas: { ...others, publish } },
      { areas: { ...definition.areas, publish: { ...publish, levels: ["no-access", "view-only", "full-access"] } } },
      { areas: { ...definition.areas, publish: { ...publish, flags: { approver: ["full-access"] } } } },
      { areas: { ...definition.areas, more: { levels: ["no-access"] } } },
      { roles: { viewer: {}, admin: {} } },
      { roles: { ...definition.roles, owner: { holds: { publish: "full-access" } } } },
    ];
    for (const each of changed) {
      const { approval: _, ...rest } = definition as Definition & { approval?: unknown };
      const actions = { see: { target: "group" as const, allow: { area: "analytics", level: "full-access" } } };
      const other = define({ ...rest, actions, ...each });
      expect(refusal(() => unpackUser(other, packUser(ana) as never))).toMatchObject({ code: "invalid-user" });
    }
    const { approval: _, ...rest } = definition as Definition & { approval?: unknown };
    const ruled = define({
      ...rest,
      actions: { see: { target: "group", allow: { area: "publish", some: "approver" } } },
    });
    expect(unpackUser(ruled, packUser(ana)).grants).toEqual({ fb: { publish: "full-access" } });
  });
});

describe("a text that packUser did not write", () => {
  const owner = createUser(buffer, { id: "olga", role: "owner", connections: ["fb", "7"] });
  const texts = [
    packUser(
      createUser(
        engage,
        { id: "t", role: "viewer", grants: { fb: { publish: "view-only", until: "2026-02-01T00:00:00Z" }, ig: {} } },
        { at: "2026-01-01T00:00:00Z" },
      ),
    ),
    packUser(fifty((index) => String(index))),
    packUser(
      loosely.limit(
        fifty((index) => (index % 2 ? `id-${index}` : "é~".repeat(index))),
        { grants: { "3": {} } },
      ),
    ),
    packUser(owner),
  ];

  it("is a PolicyError or a user that packs to it, whatever was changed, cut or put in", () => {
    const change = fc.record({
      text: fc.constantFrom(...texts),
      from: fc.nat(600),
      cut: fc.nat(3),
      put: fc.oneof(
        fc.constantFrom(".", "~", "-", "_", "0", "z", "-k", "-l", "é", " ", "__proto__"),
        fc.string({ maxLength: 3 }),
      ),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          change.map(({ text, from, cut, put }) => text.slice(0, from) + put + text.slice(from + cut)),
          fc.string(),
        ),
        (text) => {
          for (const policy of [engage, buffer] as const) {
            try {
              expect(packUser(unpackUser(policy as typeof engage, text)).length).toBeLessThanOrEqual(text.length);
            } catch (error) {
              expect(error).toBeInstanceOf(PolicyError);
              expect((error as PolicyError).code).toBe("invalid-user");
              expect((error as PolicyError).message.length).toBeLessThan(400);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  const ana = packUser(createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }));
  const [header, role, id, none, states, account, entry] = ana.split(".") as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const temporary = packUser(
    createUser(
      engage,
      { id: "t", role: "viewer", grants: { fb: { publish: "view-only", until: "2026-02-01T00:00:00Z" } } },
      { at: "2026-01-01T00:00:00Z" },
    ),
  );
  const [, , , now, ending] = temporary.split(".") as [string, string, string, string, string];
  const text = (...fields: string[]) => [header, ...fields].join(".");

  it.each([
    ["no text", undefined],
    ["nothing", ""],
    ["a list", [ana]],
    ["another version", ana.replace(/^1-/, "2-")],
    ["an unknown role", text("z", id, none, states, account, entry)],
    ["a role by a number below zero", text("-1", id, none, states, account, entry)],
    ["a connection twice", text(role, id, none, states, account, entry, entry)],
    ["a state that is not listed", text(role, id, none, states, account, `1${entry.slice(1)}`)],
    ["two states in one area", text(role, id, none, "zzzzz", account, entry)],
    ["no state at all", text(role, id, none, "0", account, entry)],
    ["more words than the policy has", text(role, id, none, `${states}-1`, account, entry)],
    ["an account that holds something", text(role, id, none, states, "2", entry)],
    ["a very large number", text(role, id, none, "zzzzzzzzzzzzzzzzzzzzzz", account, entry)],
    ["an id that is no number and not marked", text(role, "Ana", none, states, account, entry)],
    ["an id that is written in another way", text(role, "_7", none, states, account, entry)],
    ["an id with a character that is not escaped", text(role, "_é", none, states, account, entry)],
    ["a limit without its caps", text(`${role}-l`, id, none, states, account)],
    ["more caps than there are", text(`${role}-l`, id, none, states, account, account, states, "zzzz", entry)],
    ["an empty connection", text(role, id, none, states, account, entry, "")],
    ["an instant where nothing ends", text(role, id, now, states, account, entry)],
    ["an end without an instant", text(role, id, none, ending, account, entry)],
    ["an end that has passed", text(role, id, "zzzzzzzz", ending, account, entry)],
    ["an instant after the last", text(role, id, "zzzzzzzzzz", states, account, entry)],
    ["an end that is no instant", text(role, id, now, `${states}_!`, account, entry)],
    ["an end of the account that is none", text(role, id, now, ending, `${account}__1`, entry)],
  ])("%s is refused", (_, each) => {
    expect(refusal(() => loosely.unpackUser(engage, each)).code).toBe("invalid-user");
  });

  it("more or less than what the role holds everywhere is refused", () => {
    const fields = packUser(owner).split(".");
    const member = packUser(createUser(buffer, { id: "m", role: "member", grants: { fb: {} } })).split(".");
    const less = [...fields.slice(0, 4), member[4], ...fields.slice(5)].join(".");
    expect(refusal(() => unpackUser(buffer, less)).message).toContain("more or less than the role");
    const agency = definePolicy({
      name: "agency",
      levels: ["none", "all"],
      areas: { billing: { levels: ["none", "all"], of: "account" } },
      roles: { boss: { holds: { billing: "all" } }, member: {} },
      actions: { pay: { target: "none", allow: { area: "billing", level: "all" } } },
    });
    const boss = packUser(createUser(agency, { id: "b", role: "boss", connections: ["fb"] }));
    const poor = packUser(createUser(agency, { id: "b", role: "member", connections: ["fb"] })).split(".");
    const forged = [...boss.split(".").slice(0, 5), ...poor.slice(5)].join(".");
    expect(refusal(() => unpackUser(agency, forged)).message).toContain("more or less than the role");
    expect(can(unpackUser(agency, boss), "pay")).toBe(true);
  });

  it("what is no policy, and no user, is refused", () => {
    expect(refusal(() => loosely.unpackUser({}, ana)).code).toBe("invalid-policy");
    expect(refusal(() => loosely.packUser({ id: "ana" })).code).toBe("invalid-user");
  });
});
