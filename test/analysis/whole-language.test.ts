import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, checkPolicy, comparePolicies, type Finding, type Witness } from "../../src/analysis/index.js";
import { can, createUser, type Policy, PolicyError } from "../../src/index.js";
import {
  asked,
  define,
  isFixed,
  isFixedInAccount,
  smallDefinitions,
  statesOf,
  toInput,
  wholeDefinitions,
} from "../support/arbitraries.js";
import { setsOf } from "../support/brute-force.js";
import type { Definition, GrantData, Person } from "../support/reference-model.js";
import { runs } from "../support/runs.js";

// Everybody there is, in random policies of the whole language and few states: every role, every grant in the account,
// every set of relations to the post, and every set of grants on connections, asked with `can`.

function grantsOf(definition: Definition, ofAccount: boolean): GrantData[] {
  return Object.entries(definition.areas)
    .filter(([, { of }]) => (of === "account") === ofAccount)
    .reduce<GrantData[]>(
      (all, [area]) => all.flatMap((grant) => statesOf(definition, area).map((state) => ({ ...grant, ...state }))),
      [{}],
    );
}

const few = fc.oneof(
  wholeDefinitions.filter(
    (definition) => grantsOf(definition, false).length <= 4 && grantsOf(definition, true).length <= 4,
  ),
  { weight: 3, arbitrary: smallDefinitions },
);

type Relations = Record<string, string | null>;

interface Everybody {
  readonly role: string;
  readonly account: GrantData;
  readonly relations: Relations;
  readonly grants: readonly GrantData[];
  /** Every set of grants, by their numbers. */
  readonly sets: readonly (readonly number[])[];
  /** Whether an action is allowed to who holds these grants: on all of them, on the first, or in all. */
  asks(action: string, held: readonly number[], isStrange?: boolean): boolean;
}

interface Answering {
  readonly policy: Policy;
  readonly definition: Definition;
}

function everybodyIn({ policy, definition }: Answering, shared: Definition = definition): Everybody[] {
  const known = new Map<string, boolean>();
  const subsets = (names: readonly string[]) => setsOf(names.length, names.length);
  const named = [...new Set([...(definition.relations ?? []), ...(shared.relations ?? [])])];
  return Object.keys(definition.roles)
    .filter((role) => Object.hasOwn(shared.roles, role))
    .flatMap((role) => {
      const fixed = isFixed(definition, role) || isFixed(shared, role);
      const fixedAccount = isFixedInAccount(definition, role) || isFixedInAccount(shared, role);
      const grants = fixed ? [{}] : grantsOf(definition, false);
      const accounts = fixedAccount ? [{}] : grantsOf(definition, true);
      const sets = setsOf(grants.length, grants.length);
      return accounts.flatMap((account) =>
        subsets(named).map((set): Everybody => {
          const relations = Object.fromEntries(named.map((name, index) => [name, set.includes(index) ? "user" : null]));
          const asks = (action: string, held: readonly number[], isStrange = false) => {
            const key = JSON.stringify([role, account, set, action, held, isStrange]);
            const answer =
              known.get(key) ??
              isAllowed(policy, action, {
                ...witness(role, account, fixed ? [] : held.map((each) => grants[each] as GrantData), held.length),
                relations,
                ...(isStrange && { strange: true }),
              });
            known.set(key, answer);
            return answer;
          };
          return { role, account, relations, grants, sets, asks };
        }),
      );
    });
}

function witness(role: string, account: GrantData, held: readonly GrantData[], known: number): Witness {
  const connections = Array.from({ length: known }, (_, index) => `c${index + 1}`);
  const grants = held.map((grant, index): [string, GrantData] => [connections[index] as string, grant]);
  const person = { id: "user", role, grants, connections } as Person;
  const user = toInput(Object.keys(account).length > 0 ? { ...person, account } : person);
  return { user: user as Witness["user"], connections };
}

function isAllowed(
  policy: Policy,
  action: string,
  { user, connections, relations, strange }: Witness & { readonly strange?: boolean },
): boolean {
  const { target = "none" } = policy.actions[action] ?? {};
  const ids = [...connections, ...(strange ? ["stranger"] : [])];
  const about = { group: { ...relations, connections: ids }, connection: connections[0], none: undefined }[target];
  return can(createUser(policy, user), action, ...asked(about));
}

function targetOf({ actions }: Definition, action: string): string {
  return actions[action]?.target ?? "none";
}

/** Whether something is true of somebody, with a group that has the first of the held connections in front. */
function isSomewhere(everybody: readonly Everybody[], fits: (one: Everybody, held: readonly number[]) => boolean) {
  return everybody.some((one) => one.sets.some((held) => fits(one, held)));
}

function checkOf(policy: Policy, check: string, properties = {}) {
  return checkPolicy(policy, properties).checks.find((each) => each.check === check) ?? expect.unreachable(check);
}

/** Whether somebody may do all of some actions and none of others, on the same group. */
function isTogether(
  { definition }: Answering,
  everybody: readonly Everybody[],
  wanted: readonly string[],
  unwanted: readonly string[],
): boolean {
  const all = [...wanted, ...unwanted];
  const isAboutAll = all.every((action) => targetOf(definition, action) === "none");
  return isSomewhere(everybody, (one, held) => {
    if (held.length === 0) return false;
    if (isAboutAll)
      return wanted.every((each) => one.asks(each, held)) && !unwanted.some((each) => one.asks(each, held));
    return setsOf(held.length, held.length).some((part) => {
      const group = part.map((index) => held[index] as number);
      return group.some((first) => {
        const asks = (action: string) => {
          const target = targetOf(definition, action);
          return one.asks(action, target === "none" ? held : target === "group" ? group : [first]);
        };
        return wanted.every(asks) && !unwanted.some(asks);
      });
    });
  });
}

describe("checkPolicy over the whole language", () => {
  it("says exactly which actions nobody can do, and which everybody always can", () => {
    fc.assert(
      fc.property(few, (definition) => {
        const world = { policy: define(definition), definition };
        const everybody = everybodyIn(world);
        const actions = Object.keys(definition.actions);
        const isAnswered = (action: string, wanted: boolean) =>
          isSomewhere(
            everybody,
            (one, held) =>
              (held.length > 0 || targetOf(definition, action) === "none") && one.asks(action, held) === wanted,
          );
        const named = (check: string) => checkOf(world.policy, check).findings.map(({ action }) => action);
        expect(named("nobody")).toEqual(actions.filter((action) => !isAnswered(action, true)));
        expect(named("everybody")).toEqual(actions.filter((action) => !isAnswered(action, false)));
        expect(checkOf(world.policy, "default-deny").holds).toBe(true);
      }),
      { numRuns: runs(150) },
    );
  });

  it("finds an action that a higher level takes away, on a connection or in the account, exactly where there is one", () => {
    fc.assert(
      fc.property(few, (definition) => {
        const policy = define(definition);
        const everybody = everybodyIn({ policy, definition });
        const { findings } = checkOf(policy, "raising");
        const found = findings.map(({ action, area }) => JSON.stringify([action, area]));
        expect(new Set(found)).toEqual(new Set(lossesIn(definition, everybody)));
        for (const finding of findings) expect(isLost(policy, finding)).toBe(true);
      }),
      { numRuns: runs(150) },
    );
  });

  it("finds who may do both of two actions, or one without the other, exactly where there is somebody", () => {
    fc.assert(
      fc.property(few, fc.nat(), fc.nat(), (definition, x, y) => {
        const world = { policy: define(definition), definition };
        const actions = Object.keys(definition.actions);
        const [one, other] = [x, y].map((each) => actions[each % actions.length]) as [string, string];
        const everybody = everybodyIn(world);
        const both = checkOf(world.policy, "separate", { separate: [[one, other]] });
        expect(both.holds).toBe(!isTogether(world, everybody, [one, other], []));
        const claim: Claim = { name: "one with the other", when: [one], always: [other] };
        const alone = checkOf(world.policy, "claim", { claims: [claim] });
        expect(alone.holds).toBe(!isTogether(world, everybody, [one], [other]));
        for (const { witness: found } of both.findings) {
          for (const action of [one, other]) expect(isAllowed(world.policy, action, found as Witness)).toBe(true);
        }
        for (const { witness: found } of alone.findings) {
          expect(isAllowed(world.policy, one, found as Witness)).toBe(true);
          expect(isAllowed(world.policy, other, found as Witness)).toBe(false);
        }
      }),
      { numRuns: runs(150) },
    );
  });

  it("finds a group that is answered otherwise than each of its connections alone, exactly where there is one", () => {
    fc.assert(
      fc.property(few, (definition) => {
        const policy = define(definition);
        const everybody = everybodyIn({ policy, definition });
        const { findings } = checkOf(policy, "group", { group: {} });
        const differing = Object.keys(definition.actions).flatMap((action) => {
          if (targetOf(definition, action) !== "group") return [];
          const isFound = (onGroup: boolean, alone: (answers: readonly boolean[]) => boolean) =>
            isSomewhere(
              everybody,
              (one, held) =>
                held.length > 0 &&
                one.asks(action, held) === onGroup &&
                alone(held.map((each) => one.asks(action, [each]))),
            );
          return [
            ...(isFound(true, (answers) => answers.includes(false)) ? [[action, "allowed"]] : []),
            ...(isFound(false, (answers) => !answers.includes(false)) ? [[action, "denied"]] : []),
          ];
        });
        expect(findings.map(({ action, onGroup }) => [action, onGroup])).toEqual(differing);
        for (const { action = "", onGroup, witness: found } of findings) {
          const { connections } = found as Witness;
          const alone = connections.map((id) =>
            isAllowed(policy, action, { ...(found as Witness), connections: [id] }),
          );
          expect(isAllowed(policy, action, found as Witness)).toBe(onGroup === "allowed");
          expect(onGroup === "allowed" ? alone[0] : !alone.includes(false)).toBe(onGroup !== "allowed");
        }
      }),
      { numRuns: runs(200) },
    );
  });
});

/** Lists, as `[action, area]`, what somebody loses by a higher level with the same flags. */
function lossesIn(definition: Definition, everybody: readonly Everybody[]): string[] {
  const lost = new Set<string>();
  const keyOf = (grant: GrantData) =>
    JSON.stringify(Object.entries(grant).sort(([one], [other]) => (one < other ? -1 : 1)));
  const same = ({ role, relations }: Everybody) => JSON.stringify([role, relations]);
  const byAccount = new Map(everybody.map((one) => [`${same(one)} ${keyOf(one.account)}`, one]));
  for (const one of everybody) {
    const numbers = new Map(one.grants.map((grant, index) => [keyOf(grant), index]));
    for (const [area, { levels, of }] of Object.entries(definition.areas)) {
      const higher = (grant: GrantData) =>
        levels.slice(levels.indexOf(grant[area] as string) + 1).map((level) => keyOf({ ...grant, [area]: level }));
      for (const action of Object.keys(definition.actions)) {
        const target = targetOf(definition, action);
        const note = (is: boolean) => is && lost.add(JSON.stringify([action, area]));
        if (of === "account") {
          if (isFixedInAccount(definition, one.role)) continue;
          for (const key of higher(one.account)) {
            const next = byAccount.get(`${same(one)} ${key}`);
            if (!next) continue;
            for (const held of one.sets) {
              if (held.length === 0 && target !== "none") continue;
              note(one.asks(action, held) && !next.asks(action, held));
            }
          }
        } else if (!isFixed(definition, one.role)) {
          for (const [from, grant] of one.grants.entries()) {
            for (const key of higher(grant)) {
              const to = numbers.get(key);
              if (to === undefined) continue;
              for (const others of target === "connection" ? [[]] : one.sets) {
                note(one.asks(action, [from, ...others]) && !one.asks(action, [to, ...others]));
              }
            }
          }
        }
      }
    }
  }
  return [...lost];
}

/** Whether a witness loses an action by what replaces its grant. */
function isLost(policy: Policy, { action = "", witness: found, raised }: Finding): boolean {
  const before = found as Witness;
  const { user } = before;
  const { connection, to = {} } = raised ?? {};
  const grants = user.grants as Record<string, object> | undefined;
  const after =
    connection === undefined
      ? { ...user, account: { ...user.account, ...to } }
      : { ...user, grants: { ...grants, [connection]: { ...grants?.[connection], ...to } } };
  return isAllowed(policy, action, before) && !isAllowed(policy, action, { ...before, user: after as Witness["user"] });
}

describe("comparePolicies over the whole language", () => {
  it("finds who may do an action under one of two policies only, exactly where there is somebody", () => {
    fc.assert(
      fc.property(few, fc.nat(), fc.boolean(), (first, turn, isFree) => {
        const second = changed(first, turn, isFree);
        const [one, other] = [first, second].map((definition) => ({ policy: define(definition), definition })) as [
          Answering,
          Answering,
        ];
        const { actions } = comparePolicies(one.policy, other.policy);
        const [was, is] = [everybodyIn(one, second), everybodyIn(other, first)];
        for (const { action, stricter, looser } of actions) {
          const target = targetOf(first, action);
          const isOnly = (having: readonly Everybody[], lacking: readonly Everybody[]) =>
            having.some((each, index) =>
              each.sets.some((held) =>
                [false, true].some(
                  (isStrange) =>
                    (held.length > 0 || target === "none") &&
                    (!isStrange || target === "group") &&
                    each.asks(action, held, isStrange) &&
                    !(lacking[index] as Everybody).asks(action, held, isStrange),
                ),
              ),
            );
          expect(stricter !== undefined).toBe(isOnly(was, is));
          expect(looser !== undefined).toBe(isOnly(is, was));
          if (stricter) expect(isAllowed(one.policy, action, stricter)).toBe(true);
          if (stricter) expect(isAllowed(other.policy, action, stricter)).toBe(false);
          if (looser) expect(isAllowed(other.policy, action, looser)).toBe(true);
          if (looser) expect(isAllowed(one.policy, action, looser)).toBe(false);
        }
      }),
      { numRuns: runs(150) },
    );
  });
});

/** Another policy with the same areas: the rules of actions of one kind go round, and roles may hold nothing. */
function changed(definition: Definition, turn: number, isFree: boolean): Definition {
  const entries = Object.entries(definition.actions);
  const actions = entries.map(([action, { target }]): [string, Definition["actions"][string]] => {
    const alike = entries.filter(([, other]) => other.target === target);
    const place = alike.findIndex(([other]) => other === action);
    return [action, (alike[(place + turn) % alike.length] as (typeof alike)[number])[1]];
  });
  const roles = isFree ? Object.fromEntries(Object.keys(definition.roles).map((role) => [role, {}])) : definition.roles;
  return { ...definition, roles, actions: Object.fromEntries(actions) };
}

describe("the check of groups", () => {
  const page = define({
    name: "page",
    levels: ["none", "jobs-manager", "moderator", "editor"],
    areas: { page: { levels: ["none", "jobs-manager", "moderator", "editor"] } },
    roles: { member: {} },
    actions: {
      hire: {
        target: "group",
        allow: [
          { area: "page", exactly: "jobs-manager" },
          { area: "page", level: "editor" },
        ],
      },
      publish: { target: "group", allow: { area: "page", every: [{ exactly: "jobs-manager" }, "editor"] } },
      see: { target: "group", allow: { area: "page", some: "editor" } },
    },
  });

  it("finds two clauses that each ask for the whole group where a pattern was meant", () => {
    const { findings } = checkOf(page, "group", { group: {} });
    expect(findings.map(({ action, onGroup, witness: found }) => [action, onGroup, found?.user.grants])).toEqual([
      ["hire", "allowed", { c1: { page: "moderator" }, c2: { page: "jobs-manager" } }],
      ["see", "allowed", { c2: { page: "editor" } }],
    ]);
  });

  it("leaves out what differs on purpose, and is not asked unless the author asks for it", () => {
    const { holds, findings, exceptions } = checkOf(page, "group", { group: { exceptions: ["see", "hire"] } });
    expect([holds, findings]).toEqual([true, []]);
    expect(exceptions.map(({ action }) => action)).toEqual(["hire", "see"]);
    expect(checkPolicy(page).checks.map(({ check }) => check)).not.toContain("group");
  });

  it("refuses an exception that is not about a group, and any other key", () => {
    const refused = (group: object) => () => checkPolicy(page, { group } as never);
    expect(refused({ exceptions: ["fly"] })).toThrow(PolicyError);
    expect(refused({ only: [] })).toThrow(PolicyError);
  });
});
