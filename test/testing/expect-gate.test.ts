import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ActionOf,
  accessLevel,
  allowedActions,
  type Buffer,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  type Engage,
  engage,
  type Policy,
  type PostGroup,
  type TargetOf,
  type User,
} from "../../src/index.js";
import {
  distinctStandings,
  expectGate,
  type Gate,
  person,
  type Question,
  questionsOf,
} from "../../src/testing/index.js";
import { define, definitions } from "../support/arbitraries.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";

type Target = string | PostGroup | undefined;

/** Asks the library itself, about an action that is known by its name only. */
function ask(user: User, action: string, target: Target): boolean {
  return can(user, action, ...([target] as unknown as TargetOf<Policy, string>));
}

/** What a gate is found to be wrong in: the verdict, and how many connections the question is about. */
function verdict(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the gate passed");
}

const levels = engage.levels;
const inGroup = (target: Target) => (typeof target === "object" ? target.connections : []);

/** What a user of Engage is granted in publish on a connection, as a host would read it. */
function granted(user: User<Engage>, connection: string) {
  const { publish = "no-access", approver = false } = user.toJSON().grants?.[connection] ?? {};
  return { rank: levels.indexOf(publish), approver };
}

describe("a gate that asks the library passes", () => {
  it.each([engage, buffer] as Policy[])("$name", (policy) => {
    expect(expectGate(policy, ask)).toBeUndefined();
    expect(expectGate(policy, (user, action, target) => allowedActions(user, target).includes(action))).toBeUndefined();
  });

  it("policies of any other shape", () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const policy = define(definition);
        const [action = ""] = Object.keys(policy.actions);
        expectGate(policy, ask, [action]);
      }),
      { numRuns: 50 },
    );
  });

  it("by promises, and by whatever can be waited for", async () => {
    const later = expectGate(buffer, async (user, action, target) => ask(user, action, target));
    expect(later).toBeInstanceOf(Promise);
    await expect(later).resolves.toBeUndefined();
    const thenable: Gate<Buffer, PromiseLike<boolean>> = (user, action, target) => {
      const answer = Promise.resolve(ask(user, action, target));
      // biome-ignore lint/suspicious/noThenProperty: that it is no promise is what is tested
      return { then: (...next) => answer.then(...next) };
    };
    await expect(expectGate(buffer, thenable)).resolves.toBeUndefined();
  });

  it("sometimes by a promise and sometimes at once", async () => {
    let turn = 0;
    const gate = (user: User<Buffer>, action: string, target: Target) => {
      const answer = ask(user, action, target);
      return turn++ % 3 === 2 ? Promise.resolve(answer) : answer;
    };
    await expect(expectGate(buffer, gate)).resolves.toBeUndefined();
    expect(turn).toBe(questionsOf(buffer).questions.length);
  });

  it("a gate by promises is asked one question after the other", async () => {
    let open = 0;
    let most = 0;
    await expectGate(buffer, async (user, action, target) => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      return ask(user, action, target);
    });
    expect(most).toBe(1);
  });

  it("is asked only about the actions that it is for", () => {
    const asked = new Set<string>();
    const only: ActionOf<Engage>[] = ["publish.schedule", "publish.post-now"];
    expectGate(
      engage,
      (user, action, target) => {
        asked.add(action);
        return typeof target === "object" && accessLevel(user, "publish", target) === "full-access";
      },
      only,
    );
    expect([...asked].sort()).toEqual(only.toSorted());
  });
});

/** Gates for releasing a post that hosts might write, each with a mistake, and the size of the smallest question that finds it. */
const wrong: readonly (readonly [mistake: string, size: number, gate: Gate<Engage, boolean>])[] = [
  [
    "some connection instead of every",
    2,
    (user, _, target) => inGroup(target).some((id) => granted(user, id).rank === 3),
  ],
  ["an empty group as yes", 0, (user, _, target) => inGroup(target).every((id) => granted(user, id).rank === 3)],
  [
    "a level too low",
    1,
    (user, _, target) => inGroup(target).length > 0 && inGroup(target).every((id) => granted(user, id).rank >= 2),
  ],
  ["the first connection only", 2, (user, _, target) => granted(user, inGroup(target)[0] ?? "").rank === 3],
  ["the last connection only", 2, (user, _, target) => granted(user, inGroup(target).at(-1) ?? "").rank === 3],
  [
    "strangers left out",
    2,
    (user, _, target) => {
      const known = inGroup(target).filter((id) => id !== "stranger");
      return known.length > 0 && known.every((id) => granted(user, id).rank === 3);
    },
  ],
  [
    "no access left out",
    2,
    (user, _, target) => {
      const accessible = inGroup(target).filter((id) => granted(user, id).rank > 0);
      return accessible.length > 0 && accessible.every((id) => granted(user, id).rank === 3);
    },
  ],
  ["an admin may anything", 0, (user, _, target) => user.role === "admin" || ask(user, "publish.post-now", target)],
  ["an admin may nothing", 1, (user, _, target) => user.role !== "admin" && ask(user, "publish.post-now", target)],
  [
    "the flag needed as well",
    1,
    (user, _, target) =>
      ask(user, "publish.post-now", target) && inGroup(target).every((id) => granted(user, id).approver),
  ],
  [
    "another area",
    1,
    (user, _, target) => typeof target === "object" && accessLevel(user, "analytics", target) === "full-access",
  ],
  [
    "more than one connection refused",
    2,
    (user, _, target) => ask(user, "publish.post-now", target) && inGroup(target).length === 1,
  ],
  [
    "a connection named twice refused",
    2,
    (user, _, target) =>
      ask(user, "publish.post-now", target) && new Set(inGroup(target)).size === inGroup(target).length,
  ],
  [
    "all that is held, not the group",
    0,
    (user) => {
      const held = Object.keys(user.toJSON().grants ?? {});
      return held.length > 0 && held.every((id) => granted(user, id).rank === 3);
    },
  ],
  [
    "also what is held beside the group",
    1,
    (user, _, target) =>
      ask(user, "publish.post-now", target) &&
      Object.keys(user.toJSON().grants ?? {}).every((id) => granted(user, id).rank === 3),
  ],
];

describe("a gate that is wrong is found by the smallest question there is", () => {
  it.each(wrong)("%s", (_, size, gate) => {
    let asked: Target;
    const message = verdict(() =>
      expectGate(
        engage,
        (user, action, target) => {
          asked = target;
          return gate(user, action, target);
        },
        ["publish.post-now"],
      ),
    );
    expect(message).toMatch(/^The gate says (yes and engage says no|no and engage says yes), at question /);
    expect(inGroup(asked)).toHaveLength(size);
  });

  it("a gate that remembers its first answer", () => {
    const memory = new Map<string, boolean>();
    const gate: Gate<Engage, boolean> = (user, action, target) => {
      if (!memory.has(action)) memory.set(action, ask(user, action, target));
      return memory.get(action) === true;
    };
    expect(verdict(() => expectGate(engage, gate, ["publish.view"]))).toContain("The gate says no");
  });

  it("a gate that remembers its answers by user, whatever the group", () => {
    const memory = new Map<string, boolean>();
    const gate: Gate<Engage, boolean> = (user, action, target) => {
      if (!memory.has(user.id)) memory.set(user.id, ask(user, action, target));
      return memory.get(user.id) === true;
    };
    expect(verdict(() => expectGate(engage, gate, ["publish.post-now"]))).toContain("engage says");
  });

  it("a gate for viewing that looks at all that is held (E6)", () => {
    const gate: Gate<Engage, boolean> = (user) =>
      Object.keys(user.toJSON().grants ?? {}).some((id) => granted(user, id).rank > 0);
    expect(verdict(() => expectGate(engage, gate, ["publish.view"]))).toContain("The gate says yes and engage says no");
  });

  it("a gate that takes the plain minimum, where no access counts as view-only (E6)", () => {
    const gate: Gate<Engage, boolean> = (user, _, target) =>
      inGroup(target).length > 0 && inGroup(target).every((id) => granted(user, id).rank > 0);
    expect(verdict(() => expectGate(engage, gate, ["publish.view"]))).toBe(
      `The gate says no and engage says yes, at question 242 of 962.

viewer-14 may publish.view on c1 and c2.

  connection  holds
  c1          no-access
  c2          view-only

  the user: {"id":"viewer-14","role":"viewer","grants":{"c2":{"publish":"view-only"}}}`,
    );
  });

  it("a gate that lets some approver approve, and not every one (E15)", () => {
    const gate: Gate<Engage, boolean> = (user, _, target) => inGroup(target).some((id) => granted(user, id).approver);
    expect(verdict(() => expectGate(engage, gate, ["publish.approve"]))).toContain(" and needs");
  });

  it("a gate that takes a stranger for one of the account's, by a role alone (E21, B5)", () => {
    const anywhere: Gate<Engage, boolean> = (user, action, target) =>
      user.role === "admin" || ask(user, action, target);
    expect(verdict(() => expectGate(engage, anywhere, ["connections.reconnect"]))).toContain(
      "admin-38 may not connections.reconnect on stranger",
    );
    const owner: Gate<Buffer, boolean> = (user, action, target) =>
      user.role === "owner" ? inGroup(target).length > 0 : ask(user, action, target);
    expect(verdict(() => expectGate(buffer, owner, ["queue.add"]))).toContain("owner-9 may not queue.add on stranger");
  });

  it("a gate that takes at least for exactly (B8)", () => {
    const gate: Gate<Buffer, boolean> = (user, _, target) => ask(user, "drafts.create", target);
    expect(verdict(() => expectGate(buffer, gate, ["drafts.request-approval"]))).toContain(
      "owner-9 may not drafts.request-approval on c2: what the role holds in posting is fixed",
    );
  });

  it("a gate that looks at one connection and finds what is held on another", () => {
    const gate: Gate<Buffer, boolean> = (user, action, target) =>
      target !== "stranger" && ask(user, action, user.toJSON().grants?.c1 ? "c1" : target);
    expect(verdict(() => expectGate(buffer, gate, ["queue.reorder"]))).toContain("member-");
  });

  it("a gate that is wrong in the largest group only", () => {
    const gate: Gate<Engage, boolean> = (user, action, target) =>
      ask(user, action, target) || (new Set(inGroup(target)).size === 6 && !inGroup(target).includes("stranger"));
    expect(verdict(() => expectGate(engage, gate, ["publish.post-now"]))).toContain("c1, c2, c3, c4, c5 and 1 more");
  });
});

describe("what is no answer is a failure", () => {
  it.each([
    [undefined, "undefined"],
    [1, "1"],
    ["yes", '"yes"'],
    [null, "null"],
    [{}, "an object"],
    [() => true, "a function"],
  ])("%o, also where nobody waits", (answer, shown) => {
    expect(verdict(() => expectGate(engage, () => answer as never))).toMatch(
      `The gate answers ${shown}; expected true or false, at question 1 of `,
    );
  });

  it.each([[undefined], [0], [{}]])("a promise of %o", async (answer) => {
    await expect(expectGate(engage, () => Promise.resolve(answer as never))).rejects.toThrow(
      /^The gate answers (undefined|0|an object); expected true or false, at question 1 of /,
    );
  });

  it("a gate that throws, with what it threw as the cause", () => {
    const cause = new Error("no route");
    const throwing = () =>
      expectGate(engage, () => {
        throw cause;
      });
    expect(verdict(throwing)).toMatch(/^The gate throws, at question 1 of /);
    expect(throwing).toThrow(expect.objectContaining({ cause }));
  });

  it("a promise that is rejected, at the first question or at a later one", async () => {
    const cause = new Error("no route");
    await expect(expectGate(engage, () => Promise.reject(cause))).rejects.toMatchObject({
      cause,
      message: expect.stringMatching(/^The gate throws, at question 1 of /),
    });
    let turn = 0;
    const later = expectGate(engage, async (user, action, target) => {
      if (turn++ === 2) throw cause;
      return ask(user, action, target);
    });
    await expect(later).rejects.toMatchObject({ cause, message: expect.stringContaining("at question 3 of ") });
  });

  it("a promise that is wrong, and a throw between promises", async () => {
    await expect(expectGate(engage, async () => false)).rejects.toThrow("The gate says no and engage says yes");
    let turn = 0;
    const gate = (): Promise<boolean> => {
      if (turn++ > 0) throw new Error("no route");
      return Promise.resolve(false);
    };
    await expect(expectGate(engage, gate)).rejects.toThrow("The gate throws, at question 2 of ");
  });
});

const onlyOwner = define({
  name: "owned",
  levels: ["none", "all"],
  areas: { posts: { levels: ["none", "all"] } },
  roles: { owner: { holds: { posts: "all" } } },
  actions: { post: { target: "group", allow: { area: "posts", level: "all" } } },
});

describe("the questions", () => {
  const all = questionsOf(engage);

  it("ask about each of the 63 standings in publish, with each action and each role, with and without the rest", () => {
    const key = (grants: readonly (object | undefined)[]) =>
      [...new Set(grants.map((grant) => JSON.stringify(grant)))].sort().join();
    const wanted = distinctStandings(engage, "publish").map(key);
    const actions = Object.keys(engage.actions).filter(
      (action) => action.startsWith("publish.") && action !== "publish.create" && action !== "publish.select",
    );
    const found = new Map<string, Set<string>>();
    for (const { user, action, target } of all.questions) {
      const grants = inGroup(target).map((id) => {
        const { publish, approver } = all.matrix.grant(user.id, id === "stranger" ? "c7" : id);
        return { publish, approver };
      });
      const analytics = inGroup(target).every(
        (id) => granted(user, id) && all.matrix.grant(user.id, id).analytics === "full-access",
      );
      const about = `${action} ${user.role} ${analytics}`;
      found.set(about, (found.get(about) ?? new Set()).add(key(grants)));
    }
    for (const action of actions) {
      for (const role of ["admin", "viewer"]) {
        for (const others of [true, false]) {
          expect([...(found.get(`${action} ${role} ${others}`) ?? [])]).toEqual(expect.arrayContaining(wanted));
        }
      }
    }
  });

  it("ask about each state in the other areas, of each kind of target", () => {
    for (const [area, states, prefix] of [
      ["conversations", 3, "conversations."],
      ["analytics", 2, "analytics."],
      ["publish", 4, "publish.select"],
    ] as const) {
      const about = all.questions.filter(({ action }) => action.startsWith(prefix));
      const found = new Set(about.map(({ user, action }) => `${user.role} ${action} ${accessLevel(user, area, "c1")}`));
      expect(found.size).toBe(new Set(about.map(({ action }) => action)).size * states * 2);
    }
  });

  it.each([
    ["Engage", engage],
    ["Buffer", buffer],
    ["a policy whose one role holds everywhere", onlyOwner],
  ])("of %s ask about every action, and the answer is sometimes yes and sometimes no", (_, policy: Policy) => {
    const { questions } = questionsOf(policy);
    for (const action of Object.keys(policy.actions)) {
      const about = questions.filter((question) => question.action === action);
      const answers = new Set(about.map(({ user, target }) => ask(user, action, target)));
      expect([action, ...answers].sort()).toEqual([action, false, true].sort());
    }
  });

  it("ask about a second connection that is known and granted to nobody (E21)", () => {
    const { questions } = questionsOf(engage, ["connections.reconnect"]);
    const admins = questions.filter(({ user, target }) => user.role === "admin" && target === "c2");
    expect(admins.length).toBeGreaterThan(0);
    for (const { user, action, target } of admins) {
      expect([user.toJSON().grants?.c2, ask(user, action, target)]).toEqual([undefined, true]);
    }
  });

  it("ask of a user with two connections about each of them alone", () => {
    const { matrix, questions } = questionsOf(buffer, ["drafts.approve"]);
    const pairs = questions.filter(({ user }) => Object.keys(matrix.user(user.id).toJSON().grants ?? {}).length === 2);
    const groups = new Set(pairs.map(({ target }) => inGroup(target).join(" ")));
    expect([...groups]).toEqual(expect.arrayContaining(["c1", "c2", "c1 c2"]));
  });

  it("ask about what an action is about together, where that is several areas (E21)", () => {
    const users = all.questions.filter(({ action }) => action === "connections.reconnect").map(({ user }) => user);
    const grants = users.map((user) => JSON.stringify([user.role, all.matrix.grant(user.id, "c1")]));
    expect(new Set(grants).size).toBe(2 * 3 * 6 * 2);
  });

  it.each([
    ["an empty group", []],
    ["strangers alone", ["stranger"]],
    ["a connection named twice", ["c1", "c1"]],
  ])("ask of everybody about %s", (_, connections) => {
    for (const role of ["admin", "viewer"]) {
      for (const nothing of [true, false]) {
        expect(
          all.questions.filter(
            ({ user, action, target }) =>
              user.role === role &&
              action === "publish.view" &&
              (user.toJSON().grants === undefined) === nothing &&
              JSON.stringify(inGroup(target)) === JSON.stringify(connections),
          ),
        ).not.toEqual([]);
      }
    }
  });

  it("are about users of the account, whose connections are known to all", () => {
    expect(all.matrix.connections()).toEqual(["c1", "c2", "c3", "c4", "c5", "c6"]);
    const asked = new Set(all.questions.map(({ user }) => user));
    expect(asked.size).toBe(all.matrix.users().length);
    for (const user of asked) expect(all.matrix.user(user.id)).toBe(user);
    const ids = new Set(all.questions.flatMap(({ target }) => (typeof target === "string" ? target : inGroup(target))));
    expect([...ids].sort()).toEqual([...all.matrix.connections(), "stranger"]);
  });

  it("begin with the smallest, are frozen, and are the same at every call", () => {
    const size = ({ target }: Question<Engage>) => inGroup(target).length;
    expect(size(all.questions[0] as Question<Engage>)).toBe(0);
    expect(size(all.questions.at(-1) as Question<Engage>)).toBe(7);
    expect(isDeeplyFrozen(all)).toBe(true);
    const again = questionsOf(engage);
    expect(JSON.stringify(again.questions)).toBe(JSON.stringify(all.questions));
    expect(JSON.stringify(again.matrix)).toBe(JSON.stringify(all.matrix));
  });

  it("survive a database: an account that is stored and read again answers them as before", () => {
    const { matrix, questions } = questionsOf(buffer);
    const stored = createMatrix(buffer, JSON.parse(JSON.stringify(matrix)));
    for (const { user, action, target } of questions) {
      expect(ask(stored.user(user.id), action, target)).toBe(ask(user, action, target));
    }
  });

  it("are asked of a role that holds the same everywhere, without grants (B5)", () => {
    const owners = questionsOf(buffer, ["queue.add"]).questions.filter(({ user }) => user.role === "owner");
    expect(new Set(owners.map(({ user }) => user.id)).size).toBe(1);
    expect(owners.map(({ target }) => inGroup(target).join(" "))).toEqual([
      ...["", "c2", "c1", "c1 c2", "c1 c1", "stranger", "c1 stranger"],
    ]);
  });

  it("are refused of an action that is none, of no action, and of no policy", () => {
    const pots = ["publish.pots" as "publish.view"];
    expect(refusal(() => questionsOf(engage, pots))).toMatchObject({ code: "unknown-action" });
    expect(refusal(() => expectGate(engage, ask, pots))).toMatchObject({ code: "unknown-action" });
    expect(refusal(() => expectGate(engage, () => false, []))).toMatchObject({
      code: "unknown-action",
      message: expect.stringMatching(/^no action; expected "publish.create", /),
    });
    expect(refusal(() => questionsOf({ ...engage }))).toMatchObject({ code: "invalid-policy" });
  });
});

/** A policy with an action about some areas, each with as many levels. */
function tall(areas: number, height: number): Policy {
  const levels = Array.from({ length: height }, (_, rank) => `l${rank}`);
  const names = Array.from({ length: areas }, (_, index) => `a${index}`);
  return define({
    name: "tall",
    levels,
    areas: Object.fromEntries(names.map((area) => [area, { levels }])),
    roles: { user: {} },
    actions: { act: { target: "group", allow: names.map((area) => ({ area, level: "l1" })) } },
  });
}

/** A policy with an action about some areas, each with as many flags beside its one level. */
function wide(areas: number, flags: number): Policy {
  const names = Array.from({ length: areas }, (_, index) => `a${index}`);
  return define({
    name: "wide",
    levels: ["none", "all"],
    areas: Object.fromEntries(
      names.map((area) => [
        area,
        {
          levels: ["none", "all"],
          flags: Object.fromEntries(Array.from({ length: flags }, (_, flag) => [`${area} ${flag}`, ["all"]])),
        },
      ]),
    ),
    roles: { user: {} },
    actions: { act: { target: "group", allow: names.map((area) => ({ area, level: "all" })) } },
  });
}

describe("of a policy with very many standings", () => {
  const users = (policy: Policy) => questionsOf(policy).matrix.users().length;

  it.each([
    ["every standing, where an area has few states", 1, 2, 1 + 31],
    ["up to two states at once, where it has more", 1, 3, 1 + 9 + 36],
    ["up to two states at once, where it has many", 1, 4, 1 + 17 + 136],
    ["every combination, where several areas have few together", 3, 1, 1 + 7 ** 3],
    ["combinations of fewer states, where they have many together", 3, 2, 1 + 5 ** 3],
    ["one area after the other, where even those are too many", 14, 0, 1 + 14 * 3 * 2],
  ])("the questions are about %s", (_, areas, flags, most) => {
    const count = users(wide(areas, flags));
    expect(count).toBeLessThanOrEqual(most);
    expect(count).toBeGreaterThan(most / 2);
  });

  it("an area of eight states is still asked about in every standing, and a thousand combinations are not too many", () => {
    expect(users(tall(1, 8))).toBe(1 + 255);
    expect(users(tall(3, 4))).toBe(1 + 10 ** 3);
  });

  it("a user with one connection is asked about another, also where no group has two states", () => {
    const { matrix, questions } = questionsOf(tall(3, 6));
    expect(matrix.users()).toHaveLength(1 + 6 ** 3);
    const somebody = questions.filter(({ user }) => user.toJSON().grants);
    const asked = new Set(somebody.map(({ target }) => inGroup(target).join(" ")));
    expect([...asked].sort()).toEqual(["", "c1", "c1 c1", "c1 stranger", "c2", "stranger"]);
  });

  it("a gate that forgets one area of many is found", () => {
    const policy = wide(14, 0);
    const gate: Gate<Policy, boolean> = (user, action, target) =>
      ask(user, action, target) &&
      Object.keys(policy.areas).some((area) => area !== "a9" && accessLevel(user, area, target as PostGroup) === "all");
    expect(verdict(() => expectGate(policy, gate))).toContain("a9 all");
  });
});

it("an example of each: people, a matrix and users that are created are asked alike", () => {
  const own = definePolicy({
    name: "own",
    levels: ["none", "all"],
    areas: { posts: { levels: ["none", "all"] } },
    roles: { author: {} },
    actions: { post: { target: "group", allow: { area: "posts", level: "all" } } },
  });
  expectGate(own, (user, action, target) => {
    const again = createUser(own, user);
    return can(again, action, target as PostGroup);
  });
  expect(can(person(own).on("fb", { posts: "all" }), "post", { connections: ["fb"] })).toBe(true);
});
