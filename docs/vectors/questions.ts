import {
  accessLevel,
  createUser,
  explain,
  type Policy,
  type TargetOf,
  type User,
  type UserInput,
} from "../../src/index.js";

/** What is asked under a policy, and the answers. */
export interface Questions {
  readonly users: readonly object[];
  readonly questions: readonly object[];
  readonly levels: readonly object[];
}

type Target = undefined | string | { readonly connections: readonly string[] };
type Grant = Readonly<Record<string, string | true>>;

/** How many questions there are about each action: those with different answers come first. */
export interface Measure {
  readonly allowed: number;
  readonly denied: number;
  /** The ids of the connections, as many as are wanted. */
  readonly connections: readonly string[];
}

/**
 * Asks everybody about everything, and keeps the questions whose answers differ: another reason, another repair, or a
 * group of another size.
 */
export function questionsOf(policy: Policy, measure: Measure): Questions {
  const inputs = usersOf(policy, measure.connections);
  const users = inputs.map((input) => createUser(policy, input));
  const groups = groupsOf(measure.connections);
  const questions = Object.entries(policy.actions).flatMap(([action, { target }]) => {
    const kept = { true: new Map<string, object>(), false: new Map<string, object>() };
    for (const user of users) {
      for (const asked of targetsOf(policy, user, target, groups)) {
        const { allowed, action: _, user: __, target: ___, ...why } = explain(user, action, ...passed(asked));
        const question = {
          user: user.id,
          action,
          ...(asked !== undefined && { target: asked }),
          answer: { allowed, ...why },
        };
        const list = kept[`${allowed}`];
        const mark = JSON.stringify(allowed ? [user.role, sizeOf(asked)] : { ...why, blockers: marksOf(why) });
        if (!list.has(mark) && list.size < measure[allowed ? "allowed" : "denied"]) list.set(mark, question);
      }
    }
    return [...kept.true.values(), ...kept.false.values()];
  });
  return { users: inputs, questions, levels: levelsOf(policy, users, groups) };
}

/** What the blockers of a decision hold and need, wherever that is. */
function marksOf(why: object): readonly string[] {
  const { blockers } = why as { readonly blockers: readonly { readonly holds: object; readonly needs: object }[] };
  return [...new Set(blockers.map(({ holds, needs }) => JSON.stringify([holds, needs])))];
}

function sizeOf(target: Target): number {
  return typeof target === "object" ? target.connections.length : 1;
}

function passed(target: Target): TargetOf<Policy, string> {
  return (target === undefined ? [] : [target]) as TargetOf<Policy, string>;
}

/** Somebody of each role who holds each state of each area, on one connection each; and others who hold less. */
function usersOf(policy: Policy, connections: readonly string[]): readonly UserInput[] {
  return Object.entries(policy.roles).flatMap(([role, { holds = {} }]) => {
    const names = areasIn(policy, false);
    const ofAccount = areasIn(policy, true);
    const isFixed = names.some((area) => Object.hasOwn(holds, area));
    const isAccountFixed = ofAccount.some((area) => Object.hasOwn(holds, area));
    const grants = connections.map((id, index): [string, Grant] => [id, grantAt(policy, names, index)]);
    const account = (index: number) =>
      ofAccount.length > 0 && !isAccountFixed ? { account: grantAt(policy, ofAccount, index) } : {};
    const someone = (id: string, some: readonly [string, Grant][], index: number): UserInput => {
      const held = isFixed ? [] : some.filter(([, grant]) => Object.keys(grant).length > 0);
      const known = some.map(([each]) => each).filter((each) => !held.some(([granted]) => granted === each));
      return {
        id: `${role}-${id}`,
        role,
        ...(held.length > 0 && { grants: Object.fromEntries(held) }),
        ...(known.length > 0 && { connections: known }),
        ...account(index),
      } as UserInput;
    };
    return [
      someone("everywhere", grants, 1),
      someone("with-more", grants, 3),
      someone("high", grants.slice(-1), 2),
      someone("low", grants.slice(0, 2), 0),
      someone("nowhere", [], 0),
    ];
  });
}

function areasIn({ areas }: Policy, ofAccount: boolean): readonly string[] {
  return Object.keys(areas).filter((area) => (areas[area]?.of === "account") === ofAccount);
}

/** A grant in several areas, each at another of its states; what is at its lowest is left out. */
function grantAt({ areas }: Policy, names: readonly string[], index: number): Grant {
  const parts = names.map((area, place): Grant => {
    const { levels = [], flags = {} } = areas[area] ?? {};
    const states = levels.flatMap((level, rank) => {
      const beside = Object.keys(flags).filter((flag) => flags[flag]?.includes(level));
      const sets = beside.reduce<string[][]>((all, flag) => all.concat(all.map((set) => [...set, flag])), [[]]);
      return sets.map(
        (set): Grant => ({
          ...(rank > 0 && { [area]: level }),
          ...Object.fromEntries(set.map((flag): [string, true] => [flag, true])),
        }),
      );
    });
    return states[(index + place * Math.floor(index / 2)) % states.length] ?? {};
  });
  return Object.assign({}, ...parts);
}

const stranger = "a stranger";

/** No connection, each one, each two, and all of them; one twice, and beside a stranger. */
function groupsOf(connections: readonly string[]): readonly (readonly string[])[] {
  const pairs = connections.flatMap((one, index) => connections.slice(index + 1).map((other) => [one, other]));
  const [first = ""] = connections;
  return [
    [],
    ...connections.map((id) => [id]),
    ...pairs,
    [...connections],
    [first, first],
    [stranger],
    [first, stranger],
  ];
}

function targetsOf(
  { relations = [] }: Policy,
  user: User,
  kind: string,
  groups: readonly (readonly string[])[],
): readonly Target[] {
  if (kind === "none") return [undefined];
  if (kind === "connection") return groups.filter(({ length }) => length === 1).map(([id]) => id);
  // The user wrote it; the user and another are in the last relation; nobody is in any.
  const related = [[user.id], ["somebody else", [user.id, "somebody else"]], [null, []]].map((values) =>
    Object.fromEntries(relations.map((relation, index) => [relation, values[Math.min(index, values.length - 1)]])),
  );
  const distinct = relations.length > 0 ? related : [{}];
  return groups.flatMap((connections) => distinct.map((each) => ({ connections, ...each })));
}

/** The level in each area: of the account, of each connection, and of groups. */
function levelsOf(policy: Policy, users: readonly User[], groups: readonly (readonly string[])[]): readonly object[] {
  return Object.keys(policy.areas).flatMap((area) => {
    const kept = new Map<string, object>();
    const isOfAccount = policy.areas[area]?.of === "account";
    for (const user of users) {
      const targets: readonly Target[] = isOfAccount
        ? [undefined]
        : groups.map((connections) => (connections.length === 1 ? connections[0] : { connections }));
      for (const target of targets) {
        const level = accessLevel(user, area, ...(passed(target) as [string]));
        const mark = JSON.stringify([level, sizeOf(target), typeof target]);
        if (!kept.has(mark)) kept.set(mark, { user: user.id, area, ...(target !== undefined && { target }), level });
      }
    }
    return [...kept.values()];
  });
}
