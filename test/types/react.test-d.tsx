import type { ReactNode } from "react";
import { describe, expectTypeOf, it } from "vitest";
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
import {
  type CanProps,
  createGrantsReact,
  formatDecision,
  type GrantsReact,
  type NotLoaded,
} from "../../src/react/index.js";

const {
  Can,
  GrantsProvider,
  useAccessLevel,
  useAllowedActions,
  useCan,
  useConnections,
  useDecision,
  useMatrix,
  useUser,
  useWords,
} = createGrantsReact(engage);
const post = { text: "Good morning", connections: ["fb"] };

// Nothing here is run.
describe("what is wrong in JSX does not compile", () => {
  it("an action and its target go together", () => {
    const right = () => [
      <Can key="1" do="publish.create" />,
      <Can key="2" do="publish.select" on="fb" />,
      <Can key="3" do="publish.approve" on={post} fallback="no" />,
    ];
    const wrong = () => [
      // @ts-expect-error a misspelt action
      <Can key="1" do="publish.aprove" on={post} />,
      // @ts-expect-error no target
      <Can key="2" do="publish.approve" />,
      // @ts-expect-error a connection where a group belongs
      <Can key="3" do="publish.approve" on="fb" />,
      // @ts-expect-error a group where a connection belongs
      <Can key="4" do="publish.select" on={post} />,
      // @ts-expect-error a superfluous target
      <Can key="5" do="publish.create" on="fb" />,
      // @ts-expect-error no action
      <Can key="6" on={post} />,
    ];
    expectTypeOf(right).returns.toExtend<ReactNode>();
    expectTypeOf(wrong).returns.toExtend<ReactNode>();
  });

  it("a provider takes a user of its policy, or undefined until it is loaded", () => {
    const right = (user: User<Engage> | undefined) => <GrantsProvider user={user}>{post.text}</GrantsProvider>;
    const wrong = (user: User<Buffer>) => [
      // @ts-expect-error a user of another policy
      <GrantsProvider key="1" user={user} />,
      // @ts-expect-error a row
      <GrantsProvider key="2" user={{ id: "ana", role: "viewer" }} />,
      // @ts-expect-error no user
      <GrantsProvider key="3" />,
      // @ts-expect-error null is not undefined
      <GrantsProvider key="4" user={null} />,
    ];
    expectTypeOf(right).returns.toExtend<ReactNode>();
    expectTypeOf(wrong).returns.toExtend<ReactNode>();
  });

  it("a function of the decision has its type", () => {
    const element = () => (
      <Can do="publish.approve" on={post}>
        {(decision) => {
          expectTypeOf(decision).toEqualTypeOf<Decision<Engage> | NotLoaded<Engage>>();
          return formatDecision(decision);
        }}
      </Can>
    );
    // @ts-expect-error a function of something else
    const wrong = () => <Can do="publish.create">{(decision: string) => decision}</Can>;
    expectTypeOf([element, wrong]).items.returns.toExtend<ReactNode>();
  });
});

describe("hooks have the types of their functions", () => {
  it("useCan and useDecision", () => {
    const right = () => [useCan("publish.create"), useCan("publish.select", "fb"), useCan("publish.edit", post)];
    expectTypeOf(right).returns.items.toBeBoolean();
    const decision = () => useDecision("publish.edit", post);
    expectTypeOf(decision).returns.toEqualTypeOf<Decision<Engage> | NotLoaded<Engage>>();
    const wrong = () => [
      // @ts-expect-error a misspelt action
      useCan("publish.edti", post),
      // @ts-expect-error no target
      useCan("publish.edit"),
      // @ts-expect-error a superfluous target
      useCan("publish.create", "fb"),
      // @ts-expect-error a group where a connection belongs
      useDecision("publish.select", post),
    ];
    expectTypeOf(wrong).returns.toExtend<readonly unknown[]>();
  });

  it("useAllowedActions and useAccessLevel", () => {
    expectTypeOf(() => useAllowedActions()).returns.items.toEqualTypeOf<ActionOf<Engage, "none">>();
    expectTypeOf(() => useAllowedActions("fb")).returns.items.toEqualTypeOf<ActionOf<Engage, "connection">>();
    expectTypeOf(() => useAllowedActions(post)).returns.items.toEqualTypeOf<ActionOf<Engage, "group">>();
    expectTypeOf(() => useAccessLevel("analytics", "fb")).returns.toEqualTypeOf<"no-access" | "full-access">();
    // @ts-expect-error a misspelt area
    const wrong = () => useAccessLevel("analytic", "fb");
    expectTypeOf(wrong).returns.toExtend<string>();
  });

  it("useUser, useConnections and useWords", () => {
    expectTypeOf(() => useUser()).returns.toEqualTypeOf<User<Engage> | undefined>();
    expectTypeOf(() => useConnections("publish.select")).returns.toEqualTypeOf<readonly string[]>();
    expectTypeOf(() => useMatrix()).returns.toEqualTypeOf<GrantMatrix<Engage> | undefined>();
    expectTypeOf(() => useWords()).returns.toEqualTypeOf<Words | undefined>();
    // @ts-expect-error an action on the account as a whole
    const wrong = () => useConnections("publish.create");
    expectTypeOf(wrong).returns.toExtend<readonly string[]>();
  });

  it("before the user is loaded there is a decision of its own, which the root does not format", () => {
    type Reason = Extract<ReturnType<typeof useDecision>, { allowed: false }>["reason"];
    expectTypeOf<"not-loaded">().toExtend<Reason>();
    expectTypeOf<NotLoaded<Engage>>().not.toExtend<Decision<Engage>>();
    expectTypeOf(formatDecision).toBeCallableWith({} as Decision<Engage> | NotLoaded<Engage>);
  });
});

it("properties of a team's own button are passed on, and a team's own policy will do", () => {
  const Locked = (props: CanProps<Engage>) => <Can fallback="locked" {...props} />;
  expectTypeOf(() => <Locked do="publish.edit" on={post} />).returns.toExtend<ReactNode>();
  const own = definePolicy({
    name: "own",
    levels: ["none", "all"],
    areas: { a: { levels: ["none", "all"] } },
    roles: { user: {} },
    actions: { act: { target: "group", allow: { area: "a", level: "all" } } },
  });
  const team: GrantsReact<typeof own> = createGrantsReact(own);
  expectTypeOf(() => <team.Can do="act" on={post} />).returns.toExtend<ReactNode>();
  // @ts-expect-error an action of another policy
  const wrong = () => <team.Can do="publish.edit" on={post} />;
  expectTypeOf(wrong).returns.toExtend<ReactNode>();
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
  const team = createGrantsReact(desk);
  const own = { connections: ["fb"], author: "ana", text: "Good morning" };
  const right = () => [<team.Can key="1" do="act" on={own} />, team.useCan("act", own), team.useAccessLevel("billing")];
  expectTypeOf(right).returns.toExtend<readonly ReactNode[]>();
  expectTypeOf(() => team.useAccessLevel("billing")).returns.toEqualTypeOf<"none" | "all">();
  const wrong = () => [
    // @ts-expect-error not an id
    <team.Can key="1" do="act" on={{ connections: ["fb"], author: 1 }} />,
    // @ts-expect-error a misspelt relation
    team.useCan("act", { connections: ["fb"], auther: "ana" }),
    // @ts-expect-error no target of an area of connections
    team.useAccessLevel("a"),
  ];
  expectTypeOf(wrong).returns.toExtend<readonly unknown[]>();
});
