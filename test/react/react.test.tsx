// @vitest-environment jsdom

import { act, cleanup, render } from "@testing-library/react";
import fc from "fast-check";
import { memo, type ReactNode, StrictMode, useLayoutEffect, version } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToStaticMarkup, renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nobodyOf } from "../../src/core/users/unloaded-user.js";
import {
  accessLevel,
  allowedActions,
  buffer,
  can,
  createMatrix,
  createUser,
  type Decision,
  definePolicy,
  type Engage,
  engage,
  explain,
  type GrantMatrix,
  PolicyError,
  type User,
} from "../../src/index.js";
import { createGrantsReact, formatDecision, type NotLoaded } from "../../src/react/index.js";
import { policies } from "../../src/testing/arbitraries/index.js";
import { actions, ben, boss, desk, full, needs, target } from "../support/shown-people.js";
import { itAnswersForItsOwnRender } from "./concurrent.js";
import { itSpeaksAndOffers } from "./words.js";

const { Can, GrantsProvider, useAccessLevel, useAllowedActions, useCan, useDecision, useMatrix } =
  createGrantsReact(engage);

let complaints: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  complaints = vi.spyOn(console, "error");
});
afterEach(() => {
  cleanup();
  expect(complaints).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

/** Asks as a user of JavaScript would, whose calls nobody checks before. */
const loose = {
  useCan: useCan as (action: unknown, target?: unknown) => boolean,
  useDecision: useDecision as (action: unknown, target?: unknown) => Decision<Engage> | NotLoaded<Engage>,
  can: can as (user: User<Engage>, action: unknown, target?: unknown) => boolean,
  explain: explain as (user: User<Engage>, action: unknown, target?: unknown) => Decision<Engage>,
};

/** Runs a hook below a provider and gives what it returned in each render. */
function answersOf<Answer>(useAnswer: () => Answer, first: User<Engage> | undefined) {
  const answers: Answer[] = [];
  // Its properties never change, so that it renders anew for nothing but its answer.
  const Asking = memo(() => {
    answers.push(useAnswer());
    return null;
  });
  const asking = <Asking />;
  const { rerender } = render(<GrantsProvider user={first}>{asking}</GrantsProvider>);
  return {
    answers,
    become: (user: User<Engage> | undefined) => rerender(<GrantsProvider user={user}>{asking}</GrantsProvider>),
  };
}

/** Runs a render that must fail, and gives what it threw. */
function failureOf(element: ReactNode): unknown {
  complaints.mockImplementation(() => undefined);
  try {
    render(element);
  } catch (error) {
    return error;
  } finally {
    complaints.mockClear();
  }
  return expect.unreachable("it renders");
}

it("the tests run with React 19", () => {
  expect(version).toMatch(/^19\./);
});

describe("every hook says what its function says", () => {
  const users = [createUser(engage, { id: "eve", role: "admin", connections: ["fb", "ig"] }), needs, full];

  it.each(users)("for $id, a $role", (user) => {
    for (const action of actions) {
      const on = target[engage.actions[action].target];
      expect(answersOf(() => loose.useCan(action, on), user).answers).toEqual([loose.can(user, action, on)]);
      expect(answersOf(() => loose.useDecision(action, on), user).answers).toEqual([loose.explain(user, action, on)]);
    }
    expect(answersOf(() => useAllowedActions(), user).answers).toEqual([allowedActions(user)]);
    for (const on of [target.connection, target.group]) {
      expect(answersOf(() => useAllowedActions(on), user).answers).toEqual([allowedActions(user, on)]);
      expect(answersOf(() => useAccessLevel("publish", on), user).answers).toEqual([accessLevel(user, "publish", on)]);
    }
  });

  it.each([needs, undefined])("and what it hands out is frozen", (user) => {
    const { answers } = answersOf(() => useDecision("publish.post-now", { connections: ["fb", "ig"] }), user);
    const { answers: lists } = answersOf(() => useAllowedActions("fb"), user);
    for (const value of [...answers, answers[0]?.target, ...lists]) expect(Object.isFrozen(value)).toBe(true);
  });
});

describe("relations and areas of the account", () => {
  const team = createGrantsReact(desk);
  const own = { connections: ["fb"], author: "ben" };
  const foreign = { connections: ["fb"], author: "ana" };
  const show = (user: typeof ben | undefined, element: ReactNode) =>
    renderToStaticMarkup(<team.GrantsProvider user={user}>{element}</team.GrantsProvider>);

  it("Can takes who is in which relation to the post, beside its connections", () => {
    const bar = (post: typeof own) => (
      <team.Can do="edit" on={post} fallback="no">
        yes
      </team.Can>
    );
    expect([show(ben, bar(own)), show(ben, bar(foreign)), show(undefined, bar(own))]).toEqual(["yes", "no", "no"]);
    const why = (
      <team.Can do="edit" on={foreign}>
        {(decision) => formatDecision(decision)}
      </team.Can>
    );
    expect(show(ben, why)).toBe("ben may not edit on fb: fb holds draft in posts and needs full.");
  });

  it("hooks take them, and ask for them before the user is loaded, too", () => {
    const Answers = () =>
      JSON.stringify([
        team.useCan("edit", own),
        team.useAllowedActions(own),
        team.useAllowedActions(foreign),
        team.useDecision("edit", foreign).allowed,
        team.useAccessLevel("billing"),
        team.useAccessLevel("posts", own),
        team.useCan("pay"),
      ]).replaceAll('"', "'");
    const text = (user: typeof ben | undefined) => show(user, <Answers />).replaceAll("&#x27;", "'");
    expect(text(ben)).toBe("[true,['edit'],[],false,'none','draft',false]");
    expect(text(boss)).toBe("[true,['edit'],[],false,'full','draft',true]");
    expect(text(undefined)).toBe("[false,[],[],false,'none','none',false]");
    for (const user of [ben, undefined]) {
      expect(() => show(user, <team.Can do="edit" on={{ connections: ["fb"] }} />)).toThrow(PolicyError);
    }
  });

  it("a user who holds more in the account is another user, who renders anew", () => {
    let renders = 0;
    const Asking = memo(() => {
      renders++;
      return team.useCan("pay") ? "yes" : "no";
    });
    const asking = <Asking />;
    const { rerender, container } = render(<team.GrantsProvider user={ben}>{asking}</team.GrantsProvider>);
    rerender(<team.GrantsProvider user={createUser(desk, ben)}>{asking}</team.GrantsProvider>);
    expect([renders, container.textContent]).toEqual([1, "no"]);
    rerender(<team.GrantsProvider user={boss}>{asking}</team.GrantsProvider>);
    expect([renders, container.textContent]).toEqual([2, "yes"]);
  });
});

describe("before the user is loaded", () => {
  it("everything is denied, and the reason is not-loaded", () => {
    for (const action of actions) {
      const on = target[engage.actions[action].target];
      expect(answersOf(() => loose.useCan(action, on), undefined).answers).toEqual([false]);
      const about = { action, ...(on !== undefined && { target: on }) };
      expect(answersOf(() => loose.useDecision(action, on), undefined).answers).toEqual([
        { allowed: false, ...about, reason: "not-loaded", blockers: [] },
      ]);
    }
  });

  it("no list has an action, and every level is the lowest", () => {
    expect(answersOf(() => useAllowedActions(), undefined).answers).toEqual([[]]);
    expect(answersOf(() => useAllowedActions("fb"), undefined).answers).toEqual([[]]);
    expect(answersOf(() => useAccessLevel("publish", target.group), undefined).answers).toEqual(["no-access"]);
  });

  it("nobody is who is asked, and law 1 denies it everything, in any policy", () => {
    const deniesAll = (policy: Parameters<typeof nobodyOf>[0]) => {
      const nobody = nobodyOf(policy);
      // Nobody has the empty id, which somebody may have, too.
      const related = [null, "", [""]].map((id) =>
        Object.fromEntries((policy.relations ?? []).map((each) => [each, id])),
      );
      const groups = related.flatMap((each) => [
        { ...each, connections: [] },
        { ...each, connections: ["c", "d"] },
      ]);
      expect([undefined, "c", ...groups].flatMap((kind) => allowedActions(nobody, kind))).toEqual([]);
      for (const [area, { levels, of }] of Object.entries(policy.areas)) {
        if (of === "account") {
          expect(accessLevel(nobody, area)).toBe(levels[0]);
          continue;
        }
        expect(accessLevel(nobody, area, "c")).toBe(levels[0]);
        expect(accessLevel(nobody, area, { connections: ["c", "d"] })).toBe(levels[0]);
      }
    };
    deniesAll(engage);
    deniesAll(buffer);
    fc.assert(fc.property(policies(), deniesAll));
    // A role may have any name, also the one that nobody has under another policy.
    const levels = ["no", "yes"];
    for (let role = "", round = 0; round < 3; round++) {
      const actions = {
        act: { target: "none", allow: { role } },
        on: { target: "connection", allow: { role } },
      } as const;
      const policy = definePolicy({ name: "named", levels, areas: { a: { levels } }, roles: { [role]: {} }, actions });
      deniesAll(policy);
      role = nobodyOf(policy).role;
    }
  });

  it("the arrival of the user is one more answer", () => {
    const { answers, become } = answersOf(() => useCan("publish.edit", target.group), undefined);
    become(needs);
    become(undefined);
    expect(answers).toEqual([false, true, false]);
  });
});

describe("a new user renders anew whoever asks, once, and nothing else", () => {
  it("except for one whose row says the same, which renders nothing anew", () => {
    const counts: Record<string, number> = {};
    const counting = (name: string, useAnswer: () => unknown) => {
      const Counting = () => {
        counts[name] = (counts[name] ?? 0) + 1;
        useAnswer();
        return null;
      };
      return <Counting key={name} />;
    };
    const children = [
      counting("edit", () => useCan("publish.edit", target.group)),
      counting("post", () => useCan("publish.post-now", target.group)),
      counting("why", () => useDecision("publish.post-now", target.group)),
      counting("list", () => useAllowedActions(target.group)),
      counting("level", () => useAccessLevel("conversations", "fb")),
      <Can key="gate" do="publish.edit" on={target.group}>
        {counting("gate", () => undefined)}
      </Can>,
    ];
    const { rerender } = render(<GrantsProvider user={needs}>{children}</GrantsProvider>);
    const first = { edit: 1, post: 1, why: 1, list: 1, level: 1, gate: 1 };
    expect(counts).toEqual(first);

    // A new user, of the same grants.
    rerender(<GrantsProvider user={createUser(engage, needs.toJSON())}>{children}</GrantsProvider>);
    expect(counts).toEqual(first);

    // One connection less in the way: the gate asks again, and what it shows is as it was.
    rerender(<GrantsProvider user={full}>{children}</GrantsProvider>);
    expect(counts).toEqual({ edit: 2, post: 2, why: 2, list: 2, level: 2, gate: 1 });

    // The provider renders for a reason of its own.
    rerender(<GrantsProvider user={full}>{children}</GrantsProvider>);
    expect(counts).toEqual({ edit: 2, post: 2, why: 2, list: 2, level: 2, gate: 1 });
  });

  it("and for one of an account that was loaded again, of which the groups are then prepared", () => {
    const load = () => createMatrix(engage, { users: [needs.toJSON()] });
    const answers: unknown[] = [];
    const Asking = () => {
      answers.push(useCan("publish.edit", useMatrix()?.group(target.group) ?? target.group));
      return null;
    };
    const shown = (account: GrantMatrix<Engage>, user: User<Engage> | undefined) => (
      <GrantsProvider user={user} matrix={account}>
        <Asking />
      </GrantsProvider>
    );
    const [first, again] = [load(), load()];
    const { rerender } = render(shown(first, undefined));
    rerender(shown(first, first.user("ana")));
    rerender(shown(again, again.user("ana")));
    expect(answers).toEqual([false, true, true]);
  });

  it("a decision that says the same stays the same object, whatever renders", () => {
    const answers: unknown[] = [];
    const Asking = ({ round }: { readonly round: number }) => {
      // A new target in each render.
      answers.push(useDecision("publish.post-now", { connections: ["fb", "ig"] }), useAllowedActions("fb"));
      return round;
    };
    const at = (round: number, user: User<Engage>) => (
      <GrantsProvider user={user}>
        <Asking round={round} />
      </GrantsProvider>
    );
    const { rerender } = render(at(1, needs));
    rerender(at(2, needs));
    rerender(at(3, createUser(engage, needs.toJSON())));
    expect(answers).toHaveLength(6);
    expect(new Set(answers).size).toBe(2);
  });

  it("a new target in each render is asked about, without another render", () => {
    const rendered: string[] = [];
    const Asking = ({ ids }: { readonly ids: string }) => {
      const allowed = useCan("publish.post-now", { connections: ids.split(" ") });
      rendered.push(`${ids}: ${allowed}`);
      return null;
    };
    const at = (ids: string) => (
      <GrantsProvider user={needs}>
        <Asking ids={ids} />
      </GrantsProvider>
    );
    const { rerender } = render(at("fb ig"));
    rerender(at("ig"));
    rerender(at("fb ig"));
    expect(rendered).toEqual(["fb ig: false", "ig: true", "fb ig: false"]);
  });

  it("what was unmounted is asked no more", () => {
    const asked = vi.fn(() => ["fb", "ig"]);
    const Asking = () =>
      String(useCan("publish.post-now", Object.defineProperty({ connections: [] }, "connections", { get: asked })));
    const { rerender } = render(
      <GrantsProvider user={needs}>
        <Asking />
      </GrantsProvider>,
    );
    rerender(<GrantsProvider user={needs} />);
    asked.mockClear();
    rerender(<GrantsProvider user={full} />);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("React's own concurrency", () => itAnswersForItsOwnRender({ createRoot, hydrateRoot, renderToString }));

describe("words, users and pickers", () => itSpeaksAndOffers({ createRoot, renderToString }));

it("nothing is painted with a new user's answer beside an old one", async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
  const container = document.createElement("div");
  const root = createRoot(container);
  const Answer = memo(() => String(useCan("publish.post-now", target.group)));
  const old = <Answer />;
  const App = ({ user, onCommit }: { readonly user: User<Engage>; onCommit(): void }) => {
    useLayoutEffect(() => queueMicrotask(onCommit));
    return <GrantsProvider user={user}>{old}</GrantsProvider>;
  };
  /** What is there as soon as a render is committed, before the browser has a turn to paint. */
  const committed = (user: User<Engage>) =>
    new Promise((resolve) => root.render(<App user={user} onCommit={() => resolve(container.textContent)} />));
  expect(await committed(needs)).toBe("false");
  expect(await committed(full)).toBe("true");
  root.unmount();
  vi.unstubAllGlobals();
});

describe("Can", () => {
  const show = (user: User<Engage> | undefined, element: ReactNode) =>
    renderToStaticMarkup(<GrantsProvider user={user}>{element}</GrantsProvider>);
  const reason = (decision: Decision<Engage> | NotLoaded<Engage>) => (decision.allowed ? "yes" : decision.reason);
  const { group } = target;

  it("shows its children for a yes, and its fallback, if it has one, for a no", () => {
    const plain = (
      <Can do="publish.post-now" on={group}>
        Post
      </Can>
    );
    expect([full, needs, undefined].map((user) => show(user, plain))).toEqual(["Post", "", ""]);
    const falling = (
      <Can do="publish.post-now" on={group} fallback="No">
        Post
      </Can>
    );
    expect([full, needs, undefined].map((user) => show(user, falling))).toEqual(["Post", "No", "No"]);
    expect(show(full, <Can do="publish.post-now" on={group} fallback="No" />)).toBe("");
  });

  it("gives a function the decision, a no too unless there is a fallback", () => {
    const given = (
      <Can do="publish.post-now" on={group}>
        {reason}
      </Can>
    );
    expect([full, needs, undefined].map((user) => show(user, given))).toEqual(["yes", "level-too-low", "not-loaded"]);
    const falling = (
      <Can do="publish.post-now" on={group} fallback="No">
        {reason}
      </Can>
    );
    expect([full, needs, undefined].map((user) => show(user, falling))).toEqual(["yes", "No", "No"]);
    const empty = (
      <Can do="publish.post-now" on={group} fallback={null}>
        {reason}
      </Can>
    );
    expect([full, needs, undefined].map((user) => show(user, empty))).toEqual(["yes", "", ""]);
  });

  it("asks about each kind of target", () => {
    const each = (
      <>
        <Can do="publish.create">create</Can>
        <Can do="publish.select" on="fb" fallback="none">
          <hr />
        </Can>
        <Can do="publish.edit" on={{ connections: ["fb", "ig"] }}>
          edit
        </Can>
      </>
    );
    expect(show(needs, each)).toBe("create<hr/>edit");
  });

  it("takes no property that a prototype offers", () => {
    const polluted = { on: "fb", fallback: "polluted", target: "fb" };
    const written = (
      <Can do="publish.create">{(decision) => String("target" in decision && Object.hasOwn(decision, "target"))}</Can>
    );
    try {
      Object.assign(Object.prototype, polluted);
      expect(show(needs, <Can do="publish.create">Write</Can>)).toBe("Write");
      expect(show(undefined, <Can do="publish.create">Write</Can>)).toBe("");
      expect(show(undefined, written)).toBe("false");
    } finally {
      for (const key of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, key);
    }
  });

  it("may change from children to a function", () => {
    const at = (children: ReactNode | typeof reason) => (
      <GrantsProvider user={needs}>
        <Can do="publish.edit" on={group}>
          {children}
        </Can>
      </GrantsProvider>
    );
    const { container, rerender } = render(at("Edit"));
    expect(container.textContent).toBe("Edit");
    rerender(at(reason));
    expect(container.textContent).toBe("yes");
  });
});

describe("providers", () => {
  it("answer for the nearest user", () => {
    const Answer = () => String(useCan("publish.post-now", target.group));
    const { container, rerender } = render(
      <GrantsProvider user={full}>
        <Answer />{" "}
        <GrantsProvider user={needs}>
          <Answer />
        </GrantsProvider>
      </GrantsProvider>,
    );
    expect(container.textContent).toBe("true false");
    rerender(
      <GrantsProvider user={undefined}>
        <Answer />{" "}
        <GrantsProvider user={full}>
          <Answer />
        </GrantsProvider>
      </GrantsProvider>,
    );
    expect(container.textContent).toBe("false true");
  });

  it("of two policies do not meet", () => {
    const other = createGrantsReact(buffer);
    const dan = createUser(buffer, { id: "dan", role: "member", grants: { fb: { posting: "full-posting" } } });
    const Answer = () =>
      `${useCan("publish.edit", target.group)} ${other.useCan("queue.add", { connections: ["fb"] })}`;
    const { container } = render(
      <GrantsProvider user={needs}>
        <other.GrantsProvider user={dan}>
          <Answer />
        </other.GrantsProvider>
      </GrantsProvider>,
    );
    expect(container.textContent).toBe("true true");
  });

  it("work in StrictMode", () => {
    const Answer = memo(() => String(useCan("publish.post-now", target.group)));
    const answer = <Answer />;
    const at = (user: User<Engage> | undefined) => (
      <StrictMode>
        <GrantsProvider user={user}>{answer}</GrantsProvider>
      </StrictMode>
    );
    const { container, rerender } = render(at(undefined));
    const texts = [container.textContent];
    for (const user of [full, needs, full]) {
      rerender(at(user));
      texts.push(container.textContent);
    }
    expect(texts).toEqual(["false", "true", "false", "true"]);
  });
});

describe("a server and a browser render the same", () => {
  const Page = () => {
    const decision = useDecision("publish.post-now", { connections: ["fb", "ig"] });
    return (
      <p title={formatDecision(decision)}>
        {useAllowedActions({ connections: ["fb", "ig"] }).join()}
        <Can do="publish.edit" on={{ connections: ["fb"] }} fallback="no">
          <button type="button">{useAccessLevel("publish", "ig")}</button>
        </Can>
      </p>
    );
  };
  const app = (user: User<Engage> | undefined) => (
    <StrictMode>
      <GrantsProvider user={user}>
        <Page />
      </GrantsProvider>
    </StrictMode>
  );

  it.each([
    ["a user", needs],
    ["no user yet", undefined],
  ])("with %s", async (_, user) => {
    const container = document.createElement("div");
    container.innerHTML = renderToString(app(user));
    const markup = container.innerHTML;
    const button = container.querySelector("button");
    const recovered = vi.fn();
    const root = await act(async () => hydrateRoot(container, app(user), { onRecoverableError: recovered }));
    expect(container.innerHTML).toBe(markup);
    expect(container.querySelector("button")).toBe(button);
    expect(recovered).not.toHaveBeenCalled();
    await act(async () => root.render(app(full)));
    expect(container.innerHTML).toBe(renderToString(app(full)));
    await act(async () => root.unmount());
  });
});

describe("what is wrong throws, loaded or not", () => {
  const Asking = ({ ask }: { readonly ask: () => unknown }) => <>{String(ask())}</>;
  const wrong: readonly (readonly [code: string, ask: () => unknown])[] = [
    ["unknown-action", () => loose.useCan("publish.pots", target.group)],
    ["unknown-action", () => loose.useDecision("publish.pots", target.group)],
    ["wrong-target", () => loose.useCan("publish.edit")],
    ["wrong-target", () => loose.useCan("publish.edit", "fb")],
    ["wrong-target", () => loose.useCan("publish.create", "fb")],
    ["wrong-target", () => loose.useDecision("publish.edit", ["fb"])],
    ["wrong-target", () => useAllowedActions(5 as unknown as string)],
    ["wrong-target", () => useAccessLevel("publish", 5 as unknown as string)],
    ["unknown-area", () => useAccessLevel("publsh" as "publish", "fb")],
  ];

  it.each(wrong)("%s: %s", (code, ask) => {
    for (const user of [full, undefined]) {
      const error = failureOf(
        <GrantsProvider user={user}>
          <Asking ask={ask} />
        </GrantsProvider>,
      );
      expect(error).toBeInstanceOf(PolicyError);
      expect(error).toHaveProperty("code", code);
    }
  });

  it("in Can, too", () => {
    const misspelt = { do: "publish.pots", on: target.group } as unknown as {
      do: "publish.edit";
      on: { connections: [] };
    };
    for (const user of [full, undefined]) {
      const error = failureOf(
        <GrantsProvider user={user}>
          <Can {...misspelt} />
        </GrantsProvider>,
      );
      expect(error).toHaveProperty("code", "unknown-action");
    }
  });

  it.each([
    ["null is not a user; expected what createUser or a matrix returns", null],
    ["an object is not a user; expected what createUser or a matrix returns", full.toJSON()],
    ['a user of another policy; expected a user of "engage"', createUser(buffer, { id: "dan", role: "owner" })],
  ])("a provider refuses what is no user of its policy: %s", (message, user) => {
    const error = failureOf(<GrantsProvider user={user as unknown as User<Engage>} />);
    expect(error).toMatchObject({ code: "invalid-user", message });
  });

  it("a missing provider is named", () => {
    const message = 'no GrantsProvider of "engage" above this component; expected one around it';
    expect(failureOf(<Can do="publish.create" />)).toEqual(new Error(message));
    const other = createGrantsReact(buffer);
    const inside = (
      <other.GrantsProvider user={undefined}>
        <Can do="publish.create" />
      </other.GrantsProvider>
    );
    expect(failureOf(inside)).toEqual(new Error(message));
  });

  it("what is no policy has no components", () => {
    expect(() => createGrantsReact({ ...engage })).toThrow("is not a policy");
  });
});

describe("formatDecision", () => {
  it("says what is not loaded, and else what the root says", () => {
    const { answers } = answersOf(() => useDecision("publish.edit", { connections: ["fb"] }), undefined);
    expect(answers.map(formatDecision)).toEqual(["nobody may publish.edit yet: the user is not loaded."]);
    expect(formatDecision(explain(needs, "publish.edit", { connections: ["fb"] }))).toBe("ana may publish.edit on fb.");
    expect(formatDecision(explain(needs, "connections.create"))).toBe(
      "ana may not connections.create: it takes the role admin.",
    );
  });

  it("refuses what is no decision", () => {
    for (const decision of [undefined, null, {}, { allowed: false, reason: "not-loaded" }, { allowed: false }]) {
      expect(() => formatDecision(decision as unknown as NotLoaded)).toThrow(PolicyError);
    }
    const unnamed = { allowed: false, reason: "not-loaded", action: 5 } as unknown as NotLoaded;
    expect(() => formatDecision(unnamed)).toThrow(
      expect.objectContaining({ code: "invalid-decision", path: ["action"], message: expect.stringMatching(/^5 /) }),
    );
  });
});
