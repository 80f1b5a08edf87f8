import { describe, expectTypeOf, it } from "vitest";
import { type ComputedRef, h, type Ref, type VNode } from "vue";
import {
  type ActionOf,
  type Buffer,
  type Decision,
  definePolicy,
  type Engage,
  engage,
  type GrantMatrix,
  type User,
  type Words,
} from "../../src/index.js";
import { createGrantsVue, formatDecision, type GrantsVue, type NotLoaded } from "../../src/vue/index.js";

const { Can, provideGrants, useAccessLevel, useAllowedActions, useCan, useConnections, useDecision, ...others } =
  createGrantsVue(engage);
const { useMatrix, useUser, useWords } = others;
const post = { text: "Good morning", connections: ["fb"] };

// Nothing here is run.
describe("composables have the types of their functions", () => {
  it("useCan and useDecision, each argument as it is, in a ref or from a getter", () => {
    const right = (action: Ref<"publish.edit" | "publish.post-now">, group: Ref<typeof post>) => [
      useCan("publish.create"),
      useCan("publish.select", "fb"),
      useCan("publish.edit", post),
      useCan(action, group),
      useCan(
        () => "publish.edit" as const,
        () => post,
      ),
      useCan("publish.select", () => "fb"),
    ];
    expectTypeOf(right).returns.items.toEqualTypeOf<ComputedRef<boolean>>();
    const decision = () => useDecision("publish.edit", () => post);
    expectTypeOf(decision).returns.toEqualTypeOf<ComputedRef<Decision<Engage> | NotLoaded<Engage>>>();
    const wrong = () => [
      // @ts-expect-error a misspelt action
      useCan("publish.edti", post),
      // @ts-expect-error no target
      useCan("publish.edit"),
      // @ts-expect-error a superfluous target
      useCan("publish.create", "fb"),
      // @ts-expect-error a group where a connection belongs
      useDecision("publish.select", post),
      // @ts-expect-error a getter of a connection where a group belongs
      useDecision("publish.edit", () => "fb"),
    ];
    expectTypeOf(wrong).returns.toExtend<readonly unknown[]>();
  });

  it("useAllowedActions and useAccessLevel", () => {
    expectTypeOf(() => useAllowedActions().value).returns.items.toEqualTypeOf<ActionOf<Engage, "none">>();
    expectTypeOf(() => useAllowedActions("fb").value).returns.items.toEqualTypeOf<ActionOf<Engage, "connection">>();
    expectTypeOf(() => useAllowedActions(() => post).value).returns.items.toEqualTypeOf<ActionOf<Engage, "group">>();
    expectTypeOf(() => useAccessLevel("analytics", () => "fb").value).returns.toEqualTypeOf<
      "no-access" | "full-access"
    >();
    // @ts-expect-error a misspelt area
    const wrong = () => useAccessLevel("analytic", "fb");
    expectTypeOf(wrong).returns.toExtend<unknown>();
  });

  it("useUser, useConnections, useMatrix and useWords", () => {
    expectTypeOf(() => useUser()).returns.toEqualTypeOf<ComputedRef<User<Engage> | undefined>>();
    expectTypeOf(() => useConnections("publish.select")).returns.toEqualTypeOf<ComputedRef<readonly string[]>>();
    expectTypeOf(() => useMatrix()).returns.toEqualTypeOf<ComputedRef<GrantMatrix<Engage> | undefined>>();
    expectTypeOf(() => useWords()).returns.toEqualTypeOf<ComputedRef<Words | undefined>>();
    // @ts-expect-error an action on the account as a whole
    const wrong = () => useConnections("publish.create");
    expectTypeOf(wrong).returns.toExtend<unknown>();
  });

  it("a user of its policy is provided, or undefined until it is loaded", () => {
    const right = (user: User<Engage> | undefined, later: Ref<User<Engage> | undefined>) => [
      provideGrants({ user }),
      provideGrants({ user: later }),
      provideGrants({ user: () => later.value, words: undefined, matrix: () => undefined }),
    ];
    const wrong = (user: User<Buffer>, matrix: GrantMatrix<Buffer>) => [
      // @ts-expect-error a user of another policy
      provideGrants({ user }),
      // @ts-expect-error a row
      provideGrants({ user: { id: "ana", role: "viewer" } }),
      // @ts-expect-error no user
      provideGrants({}),
      // @ts-expect-error null is not undefined
      provideGrants({ user: null }),
      // @ts-expect-error a matrix of another policy
      provideGrants({ user: undefined, matrix }),
    ];
    expectTypeOf([right, wrong]).items.toExtend<(...given: never[]) => unknown>();
  });
});

describe("Can", () => {
  it("takes an action and its target, which go together", () => {
    type Props = InstanceType<typeof Can>["$props"];
    expectTypeOf<{ do: "publish.create" }>().toExtend<Props>();
    expectTypeOf<{ do: "publish.select"; on: string }>().toExtend<Props>();
    expectTypeOf<{ do: "publish.approve"; on: typeof post; class: string }>().toExtend<Props>();
    expectTypeOf<{ do: "publish.aprove"; on: typeof post }>().not.toExtend<Props>();
    expectTypeOf<{ do: "publish.approve" }>().not.toExtend<Props>();
    expectTypeOf<{ do: "publish.approve"; on: string }>().not.toExtend<Props>();
    expectTypeOf<{ do: "publish.select"; on: typeof post }>().not.toExtend<Props>();
    expectTypeOf<{ do: "publish.create"; on: string }>().not.toExtend<Props>();
  });

  it("gives its slots the decision, and can be rendered", () => {
    type Slots = InstanceType<typeof Can>["$slots"];
    type Given = readonly [decision: Decision<Engage> | NotLoaded<Engage>];
    expectTypeOf<NonNullable<Slots["either"]>>().parameters.toEqualTypeOf<[...Given]>();
    expectTypeOf<NonNullable<Slots["fallback"]>>().parameters.toEqualTypeOf<[...Given]>();
    expectTypeOf(() => h(Can, { do: "publish.edit", on: post }, () => "Edit")).returns.toExtend<VNode>();
    expectTypeOf(formatDecision).toBeCallableWith({} as Decision<Engage> | NotLoaded<Engage>);
  });
});

it("a policy with relations and areas of the account types its targets by them", () => {
  const desk = definePolicy({
    name: "desk",
    levels: ["none", "all"],
    areas: { a: { levels: ["none", "all"] }, billing: { levels: ["none", "all"], of: "account" } },
    roles: { user: {} },
    relations: ["author"],
    actions: { act: { target: "group", allow: { area: "a", level: "all", is: "author" } } },
  });
  const team: GrantsVue<typeof desk> = createGrantsVue(desk);
  expectTypeOf(() => team.useCan("act", () => ({ ...post, author: "ana" }))).returns.toEqualTypeOf<
    ComputedRef<boolean>
  >();
  expectTypeOf(() => team.useAccessLevel("billing").value).returns.toEqualTypeOf<"none" | "all">();
  const wrong = () => [
    // @ts-expect-error not an id
    team.useCan("act", { connections: ["fb"], author: 1 }),
    // @ts-expect-error no target of an area of connections
    team.useAccessLevel("a"),
  ];
  expectTypeOf(wrong).returns.toExtend<readonly unknown[]>();
});
