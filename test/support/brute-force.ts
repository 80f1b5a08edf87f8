import type { Finding, Witness } from "../../src/analysis/index.js";
import { can, createUser, type Policy, type User } from "../../src/index.js";
import { asked, isFixed, statesOf, toInput } from "./arbitraries.js";
import type { Definition, GrantData } from "./reference-model.js";

// Brute force: everybody there is, asked with `can`. It shares no code with the analysis, nor with the kit for tests.

/** Every grant there is on one connection. */
export function grantsOf(definition: Definition): GrantData[] {
  return Object.keys(definition.areas).reduce<GrantData[]>(
    (grants, area) => grants.flatMap((grant) => statesOf(definition, area).map((state) => ({ ...grant, ...state }))),
    [{}],
  );
}

/** Every set of up to so many of the numbers below a count, the smallest first. */
export function setsOf(count: number, most: number): number[][] {
  const sets: number[][] = [[]];
  for (let from = 0, size = 1; size <= most; size++) {
    const to = sets.length;
    for (; from < to; from++) {
      const set = sets[from] as number[];
      for (let next = (set.at(-1) ?? -1) + 1; next < count; next++) sets.push([...set, next]);
    }
  }
  return sets;
}

/** Makes somebody of a role who holds grants on connections, and a post to the first of them. */
export function witnessOf(
  definition: Definition,
  role: string,
  held: readonly GrantData[],
  group = held.length,
  strangers: readonly string[] = [],
): Witness {
  const names = held.map((_, index) => `c${index + 1}`);
  const grants = held.map((grant, index): [string, GrantData] => [names[index] as string, grant]);
  const user = toInput({ id: "user", role, grants: isFixed(definition, role) ? [] : grants, connections: names });
  return { user: user as Witness["user"], connections: [...names.slice(0, group), ...strangers] };
}

/** Whether an action is allowed to a witness; on one connection, the first of the group. */
export function allows(policy: Policy, action: string, { user, connections }: Witness): boolean {
  return isAllowed(policy, createUser(policy, user), action, connections);
}

function isAllowed(policy: Policy, user: User, action: string, connections: readonly string[]): boolean {
  const { target = "none" } = policy.actions[action] ?? {};
  const about = { group: { connections: [...connections] }, connection: connections[0], none: undefined }[target];
  return can(user, action, ...asked(about));
}

/** Whether a witness loses an action by what it is given instead. */
export function losesIt(policy: Policy, { action = "", witness, raised }: Finding): boolean {
  const { user, connections } = witness as Witness;
  const grants = user.grants as Record<string, object> | undefined;
  const { connection = "", to = {} } = raised ?? {};
  const higher = { ...grants, [connection]: { ...grants?.[connection], ...to } };
  const others = user.connections?.filter((id) => id !== connection) ?? [];
  const after = { user: { ...user, grants: higher, connections: others } as Witness["user"], connections };
  return allows(policy, action, { user, connections }) && !allows(policy, action, after);
}

/** What `can` says to everybody of one role. A set is one of the numbers of what can be held on a connection. */
export interface Answers {
  readonly role: string;
  /** What can be held on a connection. */
  readonly grants: readonly GrantData[];
  /** What is held on one, two and more connections. */
  readonly sets: readonly (readonly number[])[];
  /** The actions that are allowed to who holds such a set, each kind by itself; the same list is the same object. */
  onGroup(set: readonly number[]): readonly string[];
  onConnection(held: number): readonly string[];
  onAccount(set: readonly number[]): readonly string[];
}

/**
 * Asks everybody who holds something on up to so many connections. That nothing is held twice leaves nothing out: order
 * and repetition change no answer (law 2, which is tested by itself).
 */
export function answersOf(
  policy: Policy,
  definition: Definition,
  most: number,
  {
    stranger = false,
    actions = Object.keys(definition.actions),
    roles = Object.keys(definition.roles),
    grants = grantsOf(definition),
  } = {},
): Answers[] {
  const about = (kind: string) => actions.filter((action) => definition.actions[action]?.target === kind);
  const [inGroup, onOne, inAll] = [about("group"), about("connection"), about("none")];
  const lists = new Map<string, readonly string[]>();
  const listed = (list: readonly string[]) => {
    const key = JSON.stringify(list);
    const known = lists.get(key) ?? list;
    lists.set(key, known);
    return known;
  };
  return roles.map((role) => {
    const all = isFixed(definition, role) ? [{}] : grants;
    const sets = setsOf(all.length, most);
    // One user holds all there is, each on a connection of its own, so that a group is a choice of connections.
    const { user: everything, connections: names } = witnessOf(definition, role, all);
    const user = createUser(policy, everything);
    const keyOf = (set: readonly number[]) => set.reduce((key, held) => key * (all.length + 1) + held + 1, 0);
    const idsOf = (set: readonly number[]) => [
      ...set.map((held) => names[held] as string),
      ...(stranger ? ["stranger"] : []),
    ];
    const groups = new Map(
      (inGroup.length > 0 ? sets : []).map((set) => {
        const ids = idsOf(set);
        return [keyOf(set), listed(inGroup.filter((action) => isAllowed(policy, user, action, ids)))];
      }),
    );
    const ones = names.map((id) => listed(onOne.filter((action) => isAllowed(policy, user, action, [id]))));
    const accounts = new Map(
      (inAll.length > 0 ? sets : []).map((set) => {
        const held = set.map((each) => all[each] as GrantData);
        const somebody = createUser(policy, witnessOf(definition, role, held).user);
        return [keyOf(set), listed(inAll.filter((action) => isAllowed(policy, somebody, action, [])))];
      }),
    );
    return {
      role,
      grants: all,
      sets,
      onGroup: (set) => groups.get(keyOf(set)) ?? [],
      onConnection: (held) => ones[held] ?? [],
      onAccount: (set) => accounts.get(keyOf(set)) ?? [],
    };
  });
}

/** What somebody may do with a group, or without one: each list of actions that there is, by the smallest who has it. */
export interface Situation {
  readonly role: string;
  readonly allowed: ReadonlySet<string>;
  readonly hasGroup: boolean;
  /** Whether somebody who knows a connection is answered the same. */
  readonly isAnsweredWithConnection: boolean;
  /** On how many connections something is held. */
  readonly size: number;
  readonly witness: Witness;
}

type Writable<Whole> = { -readonly [Key in keyof Whole]: Whole[Key] };

/** Lists all situations: whoever holds something, with every group of it, and every one of the group asked about. */
export function situationsOf(definition: Definition, everybody: readonly Answers[]): Situation[] {
  return everybody.flatMap(({ role, grants, sets, onGroup, onConnection, onAccount }) => {
    const found = new Map<readonly string[], Map<readonly string[], Map<readonly string[], Writable<Situation>>>>();
    const add = (held: readonly number[], group: readonly number[], first: number | undefined) => {
      const whole = onAccount(held);
      const [ofGroup, ofOne] = first === undefined ? [none, none] : [onGroup(group), onConnection(first)];
      const byGroup = found.get(whole) ?? new Map<readonly string[], Map<readonly string[], Writable<Situation>>>();
      const byOne = byGroup.get(ofGroup) ?? new Map<readonly string[], Writable<Situation>>();
      found.set(whole, byGroup.set(ofGroup, byOne));
      const known = byOne.get(ofOne);
      if (known) known.isAnsweredWithConnection ||= held.length > 0;
      if (known) return;
      const order = [...group.filter((each) => each !== first), ...held.filter((each) => !group.includes(each))];
      const all = [...(first === undefined ? [] : [first]), ...order].map((each) => grants[each] as GrantData);
      byOne.set(ofOne, {
        role,
        allowed: new Set([...whole, ...ofGroup, ...ofOne]),
        hasGroup: first !== undefined,
        isAnsweredWithConnection: held.length > 0,
        size: held.length,
        witness: witnessOf(definition, role, all, group.length),
      });
    };
    const choices = new Map<number, number[][]>();
    for (const held of sets) {
      add(held, [], undefined);
      const parts = choices.get(held.length) ?? setsOf(held.length, held.length);
      choices.set(held.length, parts);
      for (const part of parts) {
        const group = part.map((index) => held[index] as number);
        for (const first of group) add(held, group, first);
      }
    }
    return [...found.values()].flatMap((byGroup) => [...byGroup.values()].flatMap((byOne) => [...byOne.values()]));
  });
}

const none: readonly string[] = [];

/** What follows from replacing what is held on one connection of a group. */
export interface Replacements {
  /** On how few connections an action is lost by a higher level in an area, flags equal: by `[action, area]`. */
  readonly lost: ReadonlyMap<string, number>;
  /** The pairs of states, `[area, one, other]`, of which one allows what the other does not, both ways round. */
  readonly told: ReadonlySet<string>;
}

/** Replaces what is held on a connection, in one area, beside everything else in the group. */
export function replacementsIn(definition: Definition, everybody: readonly Answers[], most: number): Replacements {
  const lost = new Map<string, number>();
  const told = new Set<string>();
  for (const { role, grants, sets, onGroup, onConnection, onAccount } of everybody) {
    if (isFixed(definition, role)) continue;
    const swaps = swapsBetween(definition, grants);
    const compare = (listFor: (held: number) => readonly string[], size: number) => {
      const lists = grants.map((_, held) => listFor(held));
      if (lists.every((list) => list === lists[0])) return;
      for (const { from, to, area, isRaise, key } of swaps) {
        const [was, is] = [lists[from] as readonly string[], lists[to] as readonly string[]];
        if (was === is) continue;
        for (const action of was.filter((each) => !is.includes(each))) {
          told.add(key);
          const name = JSON.stringify([action, area]);
          if (isRaise) lost.set(name, Math.min(lost.get(name) ?? size, size));
        }
      }
    };
    compare(onConnection, 1);
    for (const others of sets.filter((set) => set.length < most)) {
      compare((held) => onGroup(withOne(others, held)), others.length + 1);
      compare((held) => onAccount(withOne(others, held)), others.length + 1);
    }
  }
  return { lost, told };
}

function withOne(set: readonly number[], one: number): readonly number[] {
  return set.includes(one) ? set : [...set, one].sort((a, b) => a - b);
}

interface Swap {
  readonly from: number;
  readonly to: number;
  readonly area: string;
  readonly isRaise: boolean;
  readonly key: string;
}

/** Lists the pairs of grants that differ in one area alone. */
function swapsBetween(definition: Definition, grants: readonly GrantData[]): Swap[] {
  const areas = Object.keys(definition.areas);
  const parts = grants.map(
    (grant) => new Map(areas.map((area) => [area, JSON.stringify(stateIn(definition, area, grant))])),
  );
  return grants.flatMap((one, from) =>
    grants.flatMap((other, to): Swap[] => {
      const [area, ...more] = areas.filter((each) => parts[from]?.get(each) !== parts[to]?.get(each));
      if (area === undefined || more.length > 0) return [];
      const [[low, flags], [high, others]] = [stateIn(definition, area, one), stateIn(definition, area, other)];
      const rank = (level: string) => definition.levels.indexOf(level);
      const isRaise = rank(high) > rank(low) && JSON.stringify(flags) === JSON.stringify(others);
      return [{ from, to, area, isRaise, key: toldKey(area, [low, flags], [high, others]) }];
    }),
  );
}

type State = readonly [level: string, flags: readonly string[]];

function stateIn({ areas }: Definition, area: string, grant: GrantData): State {
  const flags = Object.keys(areas[area]?.flags ?? {}).filter(
    (flag) => Object.hasOwn(grant, flag) && grant[flag] === true,
  );
  return [grant[area] as string, flags.sort()];
}

function toldKey(area: string, one: State, other: State): string {
  return JSON.stringify([area, ...[one, other].map((state) => JSON.stringify(state)).sort()]);
}

/** Lists, as `[area, names]`, the levels and flags that no replacement tells apart, and the flags that make no difference. */
export function alikeIn(definition: Definition, { told }: Replacements): [area: string, names: string[]][] {
  return Object.entries(definition.areas).flatMap(([area, { levels, flags: beside = {} }]) => {
    const states = statesOf(definition, area).map((grant) => stateIn(definition, area, grant));
    const alike = (fits: (one: State, other: State) => boolean) => {
      const pairs = states.flatMap((one) =>
        states.filter((other) => fits(one, other)).map((other) => [one, other] as const),
      );
      return pairs.length > 0 && pairs.every(([one, other]) => !told.has(toldKey(area, one, other)));
    };
    const same = (one: readonly string[], other: readonly string[]) => JSON.stringify(one) === JSON.stringify(other);
    const without = (flags: readonly string[], flag: string) => flags.filter((each) => each !== flag);
    const flags = Object.keys(beside);
    const couples = (names: readonly string[]) =>
      names.flatMap((one, index) => names.slice(index + 1).map((other): [string, string] => [one, other]));
    const likeLevels = couples(levels).filter(([low, high]) =>
      alike(([one, with1], [other, with2]) => one === low && other === high && same(with1, with2)),
    );
    const idle = flags.filter((flag) =>
      alike(
        ([one, with1], [other, with2]) => one === other && with2.includes(flag) && same(with1, without(with2, flag)),
      ),
    );
    const likeFlags = couples(flags.filter((flag) => !idle.includes(flag))).filter(([flag, rival]) =>
      alike(
        ([one, with1], [other, with2]) =>
          one === other &&
          with1.includes(flag) &&
          !with1.includes(rival) &&
          with2.includes(rival) &&
          same(without(with1, flag), without(with2, rival)),
      ),
    );
    const found = [...likeLevels, ...likeFlags, ...idle.map((flag) => [flag])];
    return found.map((names): [string, string[]] => [area, names]);
  });
}

/** On how few connections, strangers counted, each action is allowed under one of two policies only: by action. */
export interface Differences {
  readonly stricter: ReadonlyMap<string, number>;
  readonly looser: ReadonlyMap<string, number>;
}

/** Asks everybody whom there is under both of two policies, with every group, and with strangers in it. */
export function differencesBetween(
  [first, second]: readonly [Definition, Definition],
  [one, other]: readonly [Policy, Policy],
  most: number,
  only: readonly string[] = Object.keys(first.actions),
): Differences {
  const stricter = new Map<string, number>();
  const looser = new Map<string, number>();
  const note = (was: readonly string[], is: readonly string[], size: number) => {
    for (const action of was) {
      if (!is.includes(action)) stricter.set(action, Math.min(stricter.get(action) ?? size, size));
    }
    for (const action of is) {
      if (!was.includes(action)) looser.set(action, Math.min(looser.get(action) ?? size, size));
    }
  };
  const actions = only.filter((action) => own(first.actions, action)?.target === own(second.actions, action)?.target);
  const known = new Map(grantsOf(second).map((grant) => [spelt(second, grant), grant]));
  const shared = grantsOf(first).filter((grant) => known.has(spelt(first, grant)));
  const same = shared.map((grant) => known.get(spelt(first, grant)) as GrantData);
  const nothing = { one: shared.slice(0, 1), other: same.slice(0, 1) };
  for (const role of Object.keys(first.roles).filter((each) => Object.hasOwn(second.roles, each))) {
    const takesGrants = !isFixed(first, role) && !isFixed(second, role);
    for (const stranger of [false, true]) {
      const about = { stranger, actions, roles: [role] };
      const [was] = answersOf(one, first, most, { ...about, grants: takesGrants ? shared : nothing.one });
      const [is] = answersOf(other, second, most, { ...about, grants: takesGrants ? same : nothing.other });
      if (!was || !is) continue;
      for (const set of was.sets) {
        note(was.onGroup(set), is.onGroup(set), set.length + (stranger ? 1 : 0));
        note(was.onAccount(set), is.onAccount(set), set.length);
      }
      for (const held of was.grants.keys()) note(was.onConnection(held), is.onConnection(held), 1);
    }
  }
  return { stricter, looser };
}

/** Spells out what a grant has above the lowest; the lowest may have another name under another policy. */
function spelt(definition: Definition, grant: GrantData): string {
  const above = Object.entries(grant).filter(([, value]) => value !== definition.levels[0] && value !== undefined);
  return JSON.stringify(above.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function own<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
