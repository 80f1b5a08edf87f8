// @vitest-environment jsdom

import { mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Component,
  createApp,
  createSSRApp,
  defineAsyncComponent,
  defineComponent,
  type FunctionalComponent,
  h,
  isReactive,
  type MaybeRefOrGetter,
  nextTick,
  reactive,
  ref,
  shallowRef,
  version,
} from "vue";
import { renderToString } from "vue/server-renderer";
import {
  accessLevel,
  allowedActions,
  buffer,
  can,
  createMatrix,
  createUser,
  type Decision,
  type Engage,
  engage,
  explain,
  PolicyError,
  type User,
} from "../../src/index.js";
import { createGrantsVue, formatDecision, type NotLoaded } from "../../src/vue/index.js";
import { createWords, english, german } from "../../src/words/index.js";
import { actions, boss, desk, full, needs, target } from "../support/shown-people.js";

const { Can, provideGrants, useAccessLevel, useAllowedActions, useCan, useConnections, useDecision, ...others } =
  createGrantsVue(engage);
const { useMatrix, useUser, useWords } = others;

type Shown = User<Engage> | undefined;

let complaints: readonly ReturnType<typeof vi.spyOn>[];
const mounted: VueWrapper[] = [];
beforeEach(() => {
  complaints = [vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
});
afterEach(() => {
  for (const each of mounted.splice(0)) each.unmount();
  for (const each of complaints) expect(each).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

/** Asks as a user of JavaScript would, whose calls nobody checks before. */
const loose = {
  useCan: useCan as (action: unknown, target?: unknown) => { readonly value: boolean },
  useDecision: useDecision as (action: unknown, target?: unknown) => { readonly value: Decision | NotLoaded },
  can: can as (user: User<Engage>, action: unknown, target?: unknown) => boolean,
  explain: explain as (user: User<Engage>, action: unknown, target?: unknown) => Decision<Engage>,
};

/** A component that provides, and shows others below it. */
const providing = (provided: Parameters<typeof provideGrants>[0], ...below: readonly Component[]) => ({
  setup() {
    provideGrants(provided);
    return () => below.map((each) => h(each));
  },
});

function shown(component: Component): VueWrapper {
  const wrapper = mount(component);
  mounted.push(wrapper);
  return wrapper;
}

/** Runs a composable below a provider and gives what it returned in each render. */
function answersOf<Answer>(ask: () => { readonly value: Answer }, first: Shown) {
  const user = shallowRef(first);
  const answers: Answer[] = [];
  const Asking = {
    setup() {
      const answer = ask();
      return () => {
        answers.push(answer.value);
        return null;
      };
    },
  };
  shown(providing({ user }, Asking));
  const become = (next: Shown) => {
    user.value = next;
    return nextTick();
  };
  return { answers, become };
}

/** Mounts what must fail, and gives what it threw. */
function failureOf(component: Component): unknown {
  for (const each of complaints) each.mockImplementation(() => undefined);
  try {
    shown(component);
  } catch (error) {
    return error;
  } finally {
    for (const each of complaints) each.mockClear();
  }
  return expect.unreachable("it renders");
}

it("the tests run with Vue 3", () => {
  expect(version).toMatch(/^3\./);
});

describe("every composable says what its function says", () => {
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
    expect(answersOf(() => useUser(), user).answers).toEqual([user]);
    const account = createMatrix(engage, { users: [user.toJSON()] });
    for (const action of ["publish.select", "publish.post-now"] as const) {
      expect(answersOf(() => useConnections(action), user).answers).toEqual([account.connectionsFor(user.id, action)]);
    }
  });

  it.each([needs, undefined])("and what it hands out is frozen", (user) => {
    const { answers } = answersOf(() => useDecision("publish.post-now", { connections: ["fb", "ig"] }), user);
    const { answers: lists } = answersOf(() => useAllowedActions("fb"), user);
    for (const value of [...answers, answers[0]?.target, ...lists]) expect(Object.isFrozen(value)).toBe(true);
  });

  it("an action, an area or a target may be a ref, a getter, or an object that Vue watches", async () => {
    const post = reactive({ connections: ["fb"], text: "Good morning" });
    const [action, area, id] = [
      ref<"publish.edit" | "publish.post-now">("publish.edit"),
      ref<"publish" | "conversations">("publish"),
      ref("fb"),
    ];
    const seen: unknown[] = [];
    const Asking = {
      setup() {
        const answers = [
          useCan(action, post),
          useCan(
            () => action.value,
            () => ({ connections: [id.value] }),
          ),
          useAccessLevel(area, id),
          useAllowedActions(() => id.value),
        ] as const;
        return () => {
          const [first, second, level, list] = answers;
          seen.push([first.value, second.value, level.value, list.value.length]);
          return null;
        };
      },
    };
    shown(providing({ user: needs }, Asking));
    action.value = "publish.post-now";
    await nextTick();
    post.connections.splice(0, 1, "ig");
    await nextTick();
    id.value = "ig";
    await nextTick();
    area.value = "conversations";
    await nextTick();
    post.text = "Good evening";
    await nextTick();
    expect(seen).toEqual([
      [true, true, "needs-approval", 2],
      [false, false, "needs-approval", 2],
      [true, false, "needs-approval", 2],
      [true, true, "full-access", 2],
      [true, true, "no-access", 2],
    ]);
  });
});

describe("relations and areas of the account", () => {
  const team = createGrantsVue(desk);

  it("are asked as the functions ask them", () => {
    const seen: unknown[] = [];
    const Asking = {
      setup() {
        const own = { connections: ["fb"], author: "ben" };
        seen.push(team.useCan("edit", own).value, team.useCan("edit", () => ({ ...own, author: "ana" })).value);
        seen.push(team.useCan("pay").value, team.useAccessLevel("billing").value);
        seen.push(team.useConnections("edit", { author: "ben" }).value);
        seen.push(team.useConnections("edit", ref({ author: "ana" })).value);
        return () => null;
      },
    };
    const App = {
      setup() {
        team.provideGrants({ user: boss });
        return () => h(Asking);
      },
    };
    shown(App);
    expect(seen).toEqual([true, false, true, "full", ["fb"], []]);
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
    expect(answersOf(() => useAllowedActions("fb"), undefined).answers).toEqual([[]]);
    expect(answersOf(() => useAccessLevel("publish", target.group), undefined).answers).toEqual(["no-access"]);
    expect(answersOf(() => useConnections("publish.select"), undefined).answers).toEqual([[]]);
    expect(answersOf(() => useUser(), undefined).answers).toEqual([undefined]);
  });

  it("the arrival of the user is one more answer", async () => {
    const { answers, become } = answersOf(() => useCan("publish.edit", target.group), undefined);
    await become(needs);
    await become(undefined);
    expect(answers).toEqual([false, true, false]);
  });

  it("a wrong question is refused too, when its answer is read", () => {
    const wrong = [
      [() => loose.useCan("publish.edti", target.group), "unknown-action"],
      [() => loose.useCan("publish.edit"), "wrong-target"],
      [() => loose.useDecision("publish.create", "fb"), "wrong-target"],
      [() => useAccessLevel("anything" as "publish", "fb"), "unknown-area"],
      [() => useConnections("publish.create" as never), "wrong-target"],
    ] as const;
    for (const [ask, code] of wrong) {
      for (const user of [needs, undefined]) {
        const failure = failureOf(providing({ user }, { setup: () => ({ answer: ask() }), template: "{{ answer }}" }));
        expect(failure).toBeInstanceOf(PolicyError);
        expect((failure as PolicyError).code).toBe(code);
      }
    }
  });
});

describe("a new user renders anew what shows another answer, and nothing else", () => {
  it("each component once, and none for a user whose row says the same", async () => {
    const counts: Record<string, number> = {};
    const counting = (name: string, ask: () => { readonly value: unknown }) => ({
      setup() {
        const answer = ask();
        return () => {
          counts[name] = (counts[name] ?? 0) + 1;
          return String(answer.value);
        };
      },
    });
    const slot = () => {
      counts.slot = (counts.slot ?? 0) + 1;
    };
    const Gate = {
      components: { Can, Inside: counting("inside", () => ({ value: "" })) },
      setup: () => ({ group: target.group, slot }),
      template: '<Can do="publish.edit" :on="group"><Inside />{{ slot() }}</Can>',
    };
    const user = ref<Shown>(needs);
    shown(
      providing(
        { user },
        counting("edit", () => useCan("publish.edit", target.group)),
        counting("post", () => useCan("publish.post-now", target.group)),
        counting("why", () => useDecision("publish.post-now", target.group)),
        counting("list", () => useAllowedActions(target.group)),
        counting("level", () => useAccessLevel("conversations", "fb")),
        counting("picker", () => useConnections("publish.select")),
        Gate,
      ),
    );
    const first = { edit: 1, post: 1, why: 1, list: 1, level: 1, picker: 1, inside: 1, slot: 1 };
    expect(counts).toEqual(first);
    user.value = createUser(engage, needs.toJSON());
    await nextTick();
    expect(counts).toEqual(first);
    // One connection less in the way.
    user.value = full;
    await nextTick();
    expect(counts).toEqual({ ...first, post: 2, why: 2, list: 2 });
    user.value = undefined;
    await nextTick();
    expect(counts).toEqual({ ...first, edit: 2, post: 3, why: 3, list: 3, picker: 2 });
  });

  it("for a user of an account that was loaded again, the groups of that are asked about", async () => {
    const load = () => createMatrix(engage, { users: [needs.toJSON()] });
    const [matrix, user] = [shallowRef(load()), shallowRef<Shown>()];
    const answers: unknown[] = [];
    const Asking = {
      setup() {
        const account = useMatrix();
        const answer = useCan("publish.edit", () => account.value?.group(target.group) ?? target.group);
        return () => {
          answers.push(answer.value);
          return null;
        };
      },
    };
    shown(providing({ user, matrix }, Asking));
    user.value = matrix.value.user("ana");
    await nextTick();
    matrix.value = load();
    user.value = matrix.value.user("ana");
    await nextTick();
    expect(answers).toEqual([false, true]);
  });

  it("a decision that says the same stays the same object, whatever changes", async () => {
    const round = ref(0);
    let decision = { value: undefined as unknown };
    let list = { value: undefined as unknown };
    const Asking = {
      setup() {
        decision = useDecision("publish.post-now", () => ({ connections: round.value < 9 ? ["fb", "ig"] : ["ig"] }));
        list = useAllowedActions(() => (round.value < 9 ? "fb" : "ig"));
        return () => null;
      },
    };
    const user = shallowRef(needs);
    shown(providing({ user }, Asking));
    const seen = new Set();
    for (const next of [needs, createUser(engage, needs.toJSON()), needs]) {
      user.value = next;
      round.value += 1;
      seen.add(decision.value).add(list.value);
    }
    expect(seen.size).toBe(2);
    round.value = 9;
    expect(seen.has(decision.value)).toBe(false);
  });

  it("a user is never made reactive, for it is frozen", () => {
    expect(ref(needs).value).toBe(needs);
    expect(isReactive(reactive({ user: needs }).user)).toBe(false);
  });

  it("what was unmounted is asked no more", async () => {
    const asked = vi.fn(() => ["fb", "ig"]);
    const post = Object.defineProperty({ connections: [] }, "connections", { get: asked });
    const { become } = answersOf(() => useCan("publish.post-now", post), needs);
    mounted.pop()?.unmount();
    asked.mockClear();
    await become(full);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("Can", () => {
  const post = { connections: ["fb"] };
  const bar = (template: string, user: MaybeRefOrGetter<Shown>) =>
    shown(providing({ user }, { components: { Can }, setup: () => ({ post, formatDecision }), template }));
  const text = (wrapper: VueWrapper) =>
    wrapper
      .html()
      .replaceAll(/<!--.*?-->/g, "")
      .trim();

  it("shows its default slot for a yes, and its fallback, if it has one, for a no", async () => {
    const plain = '<Can do="publish.post-now" :on="post">Post</Can>';
    expect([full, needs, undefined].map((user) => bar(plain, user).text())).toEqual(["Post", "", ""]);
    const falling = `<Can do="publish.post-now" :on="post">Post<template #fallback="{ reason }">No: {{ reason }}</template></Can>`;
    expect([full, needs, undefined].map((user) => bar(falling, user).text())).toEqual([
      "Post",
      "No: level-too-low",
      "No: not-loaded",
    ]);
    expect(bar('<Can do="publish.post-now" :on="post"><template #fallback>No</template></Can>', full).text()).toBe("");
  });

  it("shows `either` whatever the answer is, with the decision", async () => {
    const template = `<Can do="publish.post-now" :on="post"><template #either="decision"><button :disabled="!decision.allowed" :title="decision.allowed ? undefined : formatDecision(decision)">Post</button></template>never</Can>`;
    const provided = shallowRef<Shown>();
    const wrapper = bar(template, provided);
    expect(text(wrapper)).toBe(
      '<button disabled="" title="nobody may publish.post-now yet: the user is not loaded.">Post</button>',
    );
    provided.value = needs;
    await nextTick();
    expect(text(wrapper)).toBe(
      '<button disabled="" title="ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access.">Post</button>',
    );
    provided.value = full;
    await nextTick();
    expect(text(wrapper)).toBe("<button>Post</button>");
  });

  it("asks about each kind of target, and again when it changes", async () => {
    const each = `<Can do="publish.create">create,</Can><Can do="publish.select" on="fb">select,</Can><Can do="publish.edit" :on="post">edit</Can>`;
    expect(bar(each, needs).text()).toBe("create,select,edit");
    const post = reactive({ connections: ["ig"] });
    const setup = () => ({ post });
    const template = '<Can do="publish.post-now" :on="post">Post</Can>';
    const wrapper = shown(providing({ user: needs }, { components: { Can }, setup, template }));
    expect(wrapper.text()).toBe("Post");
    post.connections.push("fb");
    await nextTick();
    expect(wrapper.text()).toBe("");
  });
});

describe("what is provided", () => {
  const words = createWords(engage, { language: english, actions: { "publish.post-now": "post this" } });
  const account = createMatrix(engage, { users: [needs.toJSON()], connections: ["x"] });

  it("words are for the user, and a matrix is as it was given", async () => {
    const seen: unknown[] = [];
    const Asking = {
      setup() {
        const decision = useDecision("publish.post-now", { connections: ["fb"] });
        const [said, matrix] = [useWords(), useMatrix()];
        return () => {
          seen.push(formatDecision(decision.value, said.value), matrix.value?.usersFor("publish.edit", target.group));
          return null;
        };
      },
    };
    const [user, language] = [shallowRef<Shown>(), shallowRef(words)];
    const matrix = shallowRef<typeof account | undefined>(account);
    shown(providing({ user, words: language, matrix: () => matrix.value }, Asking));
    user.value = needs;
    await nextTick();
    language.value = createWords(engage, { language: german, levels: { "full-access": "Vollzugriff" } });
    matrix.value = undefined;
    await nextTick();
    expect(seen).toEqual([
      "You can't post this yet: your permissions are still loading.",
      ["ana"],
      "You can't post this: fb needs full-access (you have needs-approval).",
      ["ana"],
      "„publish.post-now“ ist dir nicht erlaubt: fb erfordert „Vollzugriff“ (du hast „needs-approval“).",
      undefined,
    ]);
  });

  it("the nearest answers, and keeps the words and the matrix of the one around it, unless it has its own", () => {
    const seen: unknown[] = [];
    const Asking = {
      setup() {
        seen.push([useUser().value?.id, useWords().value?.reader, useMatrix().value]);
        return () => null;
      },
    };
    const eve = createUser(engage, { id: "eve", role: "viewer" });
    const other = createMatrix(engage, { users: [] });
    const inner = [{ user: eve }, { user: eve, matrix: other, words: undefined }].map((each) =>
      providing(each, Asking),
    );
    shown(providing({ user: needs, words, matrix: account }, Asking, ...inner));
    expect(seen).toEqual([
      ["ana", "ana", account],
      ["eve", "eve", account],
      ["eve", "eve", other],
    ]);
    expect([seen[0], seen[2]].map((each) => (each as unknown[])[2])).toEqual([account, other]);
  });

  it("nothing is provided: no words, no matrix", () => {
    const seen: unknown[] = [];
    const Asking = { setup: () => void seen.push(useWords().value, useMatrix().value), render: () => null };
    shown(providing({ user: needs }, Asking));
    expect(seen).toEqual([undefined, undefined]);
  });

  it("properties of a component will do, and are watched", async () => {
    const Session = defineComponent({
      props: ["user"],
      setup(props: { readonly user: Shown }, { slots }) {
        provideGrants(props);
        return () => slots.default?.();
      },
    });
    const user = shallowRef<Shown>();
    const template = '<Session :user="user"><Can do="publish.create">New</Can></Session>';
    const wrapper = shown({ components: { Can, Session }, setup: () => ({ user }), template });
    expect(wrapper.text()).toBe("");
    user.value = needs;
    await nextTick();
    expect(wrapper.text()).toBe("New");
  });

  it.each([
    ['a user of another policy; expected a user of "engage"', { user: createUser(buffer, { id: "d", role: "owner" }) }],
    ["an object is not a user; expected what createUser or a matrix returns", { user: { id: "ana", role: "viewer" } }],
    ["null is not a user; expected what createUser or a matrix returns", { user: null }],
    [
      'a matrix of another policy; expected a matrix of "engage"',
      { user: needs, matrix: createMatrix(buffer, { users: [] }) },
    ],
    ["an object is not a matrix; expected what createMatrix returns", { user: needs, matrix: {} }],
    ["an object is no words; expected what createWords returns", { user: needs, words: {} }],
  ])("%s", (message, wrong) => {
    const Asking = {
      setup: () => ({ all: [useMatrix(), useWords()] }),
      template: "{{ all.map((each) => each.value) }}",
    };
    const failure = failureOf(providing(wrong as never, Asking));
    expect((failure as PolicyError).message).toBe(message);
    expect(failure).toBeInstanceOf(PolicyError);
  });

  it("no provider, or one of another policy, is told", () => {
    const Asking = { setup: () => ({ allowed: useCan("publish.create") }), template: "{{ allowed }}" };
    const message = 'no provideGrants of "engage" above this component; expected one in a component around it';
    expect(failureOf(Asking)).toEqual(new Error(message));
    const other = createGrantsVue(engage);
    const App = {
      setup() {
        other.provideGrants({ user: needs });
        return () => h(Asking);
      },
    };
    expect(failureOf(App)).toEqual(new Error(message));
  });

  it("a component without a setup of its own may ask, too", async () => {
    const Answer: FunctionalComponent = () => h("b", String(useCan("publish.post-now", target.group).value));
    const user = shallowRef<Shown>(needs);
    const wrapper = shown(providing({ user }, Answer));
    expect(wrapper.text()).toBe("false");
    user.value = full;
    await nextTick();
    expect(wrapper.text()).toBe("true");
  });
});

describe("a part that is hydrated after the user has changed", () => {
  const Button = {
    setup: () => ({ allowed: useCan("publish.post-now", target.group) }),
    template: '<button :disabled="!allowed">Post</button>',
  };
  const Gated: Component = {
    components: { Can },
    setup: () => ({ group: target.group }),
    template: `<Can do="publish.post-now" :on="group"><template #either="{ allowed }"><button :disabled="!allowed">Post</button></template></Can>`,
  };
  const denied = '<button disabled="">Post</button>';
  const allowed = "<button>Post</button>";

  describe.each([
    ["a composable", Button],
    ["Can", Gated],
  ])("with %s", (_, part) => {
    it.each([
      ["more", needs, full, denied, allowed],
      ["less", full, needs, allowed, denied],
      ["as much", full, createUser(engage, full.toJSON()), allowed, allowed],
    ])("is what the server rendered, and then for the new user, who may do %s", async (_more, ...is) => {
      const [before, after, served, mended] = is;
      let arrive = (_part: Component) => {};
      const loaded = new Promise<Component>((resolve) => {
        arrive = resolve;
      });
      const user = shallowRef(before);
      const page = (below: Component) => ({
        setup() {
          provideGrants({ user });
          return () => h("div", [h(below)]);
        },
      });
      const container = document.createElement("div");
      container.innerHTML = await renderToString(createSSRApp(page(part)));
      const markup = () => container.innerHTML.replaceAll(/<!--.*?-->/g, "");
      const inDiv = (button: string) => `<div>${button}</div>`;
      expect(markup()).toBe(inDiv(served));
      const app = createSSRApp(page(defineAsyncComponent(() => loaded)));
      app.mount(container);
      user.value = after;
      await nextTick();
      expect(markup()).toBe(inDiv(served));
      arrive(part);
      await vi.waitFor(() => expect(markup()).toBe(inDiv(mended)));
      await nextTick();
      expect(markup()).toBe(inDiv(mended));
      user.value = before;
      await nextTick();
      expect(markup()).toBe(inDiv(served));
      app.unmount();
    });
  });

  it("what mounts in the browser alone is for the new user at once", async () => {
    const seen: boolean[] = [];
    const Asking = {
      setup() {
        const may = useCan("publish.post-now", target.group);
        return () => void seen.push(may.value);
      },
    };
    const [user, isOpen] = [shallowRef(needs), ref(false)];
    const App = {
      setup() {
        provideGrants({ user });
        return () => (isOpen.value ? h(Asking) : null);
      },
    };
    const app = createApp(App);
    app.mount(document.createElement("div"));
    user.value = full;
    isOpen.value = true;
    await nextTick();
    expect(seen).toEqual([true]);
    app.unmount();
  });
});
