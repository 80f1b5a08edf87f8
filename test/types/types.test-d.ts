import { describe, expect, expectTypeOf, it } from "vitest";
import { type AnalysisLanguage, germanAnalysis } from "../../src/analysis/index.js";
import type { ApprovalEvent, ApprovalResult, RefusalReason, Submission } from "../../src/approval/index.js";
import {
  type AccountAreaOf,
  type AccountGrant,
  type ActionOf,
  type AreaOf,
  accessLevel,
  allowedActions,
  type Buffer,
  type ConnectionAreaOf,
  can,
  createMatrix,
  createUser,
  type Decision,
  definePolicy,
  type Engage,
  engage,
  explain,
  type FlagOf,
  type Grant,
  type GroupOf,
  type LevelOf,
  type Policy,
  type PostGroup,
  type RelationOf,
  type RoleOf,
  type TargetOf,
  type Until,
  type User,
} from "../../src/index.js";
import { createGrantsSql, type SqlQuery } from "../../src/sql/index.js";
import { type FoldedTeams, foldTeams, type GrantSource, type PlacedGrants } from "../../src/teams/index.js";
import {
  expectGate,
  type GrantMatchers,
  type Person,
  person,
  type Question,
  questionsOf,
} from "../../src/testing/index.js";

// What the definitions below have in common.
const areas = { a: { levels: ["none", "all"], flags: { lead: ["all"] } } } as const;
const rest = { name: "n", levels: ["none", "all"], roles: { user: {} } } as const;

const newsroom = definePolicy({
  name: "newsroom",
  levels: ["none", "write", "publish"],
  areas: {
    stories: { levels: ["none", "write", "publish"], flags: { lead: ["publish"] } },
    photos: { levels: ["none", "publish"] },
  },
  roles: { editor: {}, chief: { holds: { stories: "publish", lead: true } } },
  actions: {
    "stories.draft": { target: "connection", allow: { area: "stories", level: "write" } },
    "stories.publish": {
      target: "group",
      allow: [{ area: "stories", level: "publish" }, { role: ["chief", "editor"] }],
    },
    "desk.open": { target: "none", allow: { role: "chief" } },
  },
});
type Inferred = typeof newsroom;
interface Newsroom extends Inferred {}

const eve = createUser(newsroom, { id: "eve", role: "editor" });
const ana = createUser(engage, { id: "ana", role: "viewer" });
const group = { connections: ["fb"] };

declare module "vitest" {
  interface Matchers<T> extends GrantMatchers<T> {}
}

describe("names are literal types, of the shipped policies and of a team's own", () => {
  it("areas, levels, flags, roles", () => {
    expectTypeOf<AreaOf<Engage>>().toEqualTypeOf<"conversations" | "publish" | "analytics">();
    expectTypeOf<RoleOf<Engage>>().toEqualTypeOf<"admin" | "viewer">();
    expectTypeOf<FlagOf<Engage>>().toEqualTypeOf<"approver">();
    expectTypeOf<LevelOf<Engage, "conversations">>().toEqualTypeOf<"no-access" | "view-only" | "full-access">();
    expectTypeOf<LevelOf<Engage, "analytics">>().toEqualTypeOf<"no-access" | "full-access">();
    expectTypeOf<RoleOf<Buffer>>().toEqualTypeOf<"owner" | "member">();
    expectTypeOf<FlagOf<Buffer>>().toEqualTypeOf<never>();
    expectTypeOf<LevelOf<Buffer>>().toEqualTypeOf<"no-access" | "approval-required" | "full-posting">();
    expectTypeOf<AreaOf<Newsroom>>().toEqualTypeOf<"stories" | "photos">();
    expectTypeOf<RoleOf<Newsroom>>().toEqualTypeOf<"editor" | "chief">();
    expectTypeOf<FlagOf<Newsroom>>().toEqualTypeOf<"lead">();
    expectTypeOf<LevelOf<Newsroom, "photos">>().toEqualTypeOf<"none" | "publish">();
  });

  it("actions, all of them or of one kind of target", () => {
    expectTypeOf<ActionOf<Newsroom>>().toEqualTypeOf<"stories.draft" | "stories.publish" | "desk.open">();
    expectTypeOf<ActionOf<Newsroom, "group">>().toEqualTypeOf<"stories.publish">();
    expectTypeOf<ActionOf<Newsroom, "group" | "none">>().toEqualTypeOf<"stories.publish" | "desk.open">();
    expectTypeOf<ActionOf<Engage, "none">>().toEqualTypeOf<
      "publish.create" | "connections.create" | "connections.assign-users"
    >();
  });

  it("grants, read and written", () => {
    expectTypeOf<Grant<Newsroom>>().toEqualTypeOf<{
      readonly stories: "none" | "write" | "publish";
      readonly photos: "none" | "publish";
      readonly lead: boolean;
    }>();
    const matrix = createMatrix(newsroom, { users: [] });
    expectTypeOf(matrix.grant("eve", "blog")).toEqualTypeOf<Grant<Inferred> & Until>();
    createUser(newsroom, {
      id: "p",
      role: "editor",
      grants: { blog: { stories: "publish", lead: true, photos: undefined } },
    });
    createUser(newsroom, { id: "p", role: "editor", grants: new Map([["blog", { stories: "publish" }]]) });
    createUser(newsroom, { id: "p", role: "editor", grants: [["blog", { stories: "publish" }]] });
    createUser(newsroom, { id: "p", role: "editor", grants: Object.entries({ blog: { lead: true } }) });
  });

  it("answers", () => {
    expectTypeOf(accessLevel(eve, "photos", "blog")).toEqualTypeOf<"none" | "publish">();
    expectTypeOf(accessLevel(ana, "analytics", group)).toEqualTypeOf<"no-access" | "full-access">();
    expectTypeOf(allowedActions(eve, "blog")).toEqualTypeOf<readonly "stories.draft"[]>();
    expectTypeOf(allowedActions(eve, group)).toEqualTypeOf<readonly "stories.publish"[]>();
    expectTypeOf(allowedActions(eve)).toEqualTypeOf<readonly "desk.open"[]>();
    const decision = explain(eve, "stories.publish", group);
    expectTypeOf(decision).toEqualTypeOf<Decision<Inferred>>();
    if (!decision.allowed) {
      expectTypeOf(decision.area).toEqualTypeOf<"stories" | "photos" | undefined>();
      expectTypeOf(decision.level).toEqualTypeOf<"none" | "write" | "publish" | undefined>();
      expectTypeOf(decision.roles).toEqualTypeOf<readonly ("editor" | "chief")[] | undefined>();
      const repair = { ...createMatrix(newsroom, { users: [] }).grant("eve", "blog"), ...decision.blockers[0]?.needs };
      createMatrix(newsroom, { users: [] }).assign("eve", "blog", repair);
      expectTypeOf(repair).toExtend<Grant<Inferred>>();
    }
  });

  it("a named policy keeps them, and is any policy", () => {
    expectTypeOf<User<Newsroom>>().toExtend<User<Inferred>>();
    expectTypeOf(engage).toExtend<Policy>();
    expectTypeOf<Newsroom>().toExtend<Policy>();
    const named: Newsroom = newsroom;
    expectTypeOf(createUser(named, { id: "p", role: "chief" })).toEqualTypeOf<User<Newsroom>>();
  });

  it("targets", () => {
    expectTypeOf<TargetOf<Engage, "publish.create">>().toEqualTypeOf<[target?: undefined]>();
    expectTypeOf<TargetOf<Engage, "publish.select">>().toEqualTypeOf<[connection: string]>();
    expectTypeOf<TargetOf<Engage, "publish.view">>().toEqualTypeOf<
      [group: { readonly connections: readonly string[] }]
    >();
  });
});

describe("what is misspelt does not compile", () => {
  it("an action, and a missing, wrong or superfluous target", () => {
    // @ts-expect-error misspelt
    can(ana, "publish.postnow", group);
    // @ts-expect-error of another policy
    can(eve, "publish.post-now", group);
    // @ts-expect-error no target
    can(ana, "publish.post-now");
    // @ts-expect-error a connection is no group
    can(ana, "publish.post-now", "fb");
    // @ts-expect-error a list is no group
    can(ana, "publish.post-now", ["fb"]);
    // @ts-expect-error a group is no connection
    can(ana, "publish.select", group);
    // @ts-expect-error nothing to ask it of
    can(ana, "publish.create", "fb");
    // @ts-expect-error no target
    explain(eve, "stories.draft");
    // @ts-expect-error misspelt area
    accessLevel(eve, "story", "blog");
    // @ts-expect-error no target
    accessLevel(eve, "stories");
    // @ts-expect-error a look-alike
    can({ id: "ana", role: "viewer" }, "publish.create");
  });

  it("a level, flag, area or role in a grant or a user", () => {
    // @ts-expect-error not a level of the area
    createUser(engage, { id: "p", role: "viewer", grants: { fb: { analytics: "view-only" } } });
    // @ts-expect-error misspelt area
    createUser(engage, { id: "p", role: "viewer", grants: { fb: { publsh: "full-access" } } });
    // @ts-expect-error not a flag's value
    createUser(engage, { id: "p", role: "viewer", grants: { fb: { publish: "full-access", approver: "yes" } } });
    // @ts-expect-error misspelt role
    createUser(engage, { id: "p", role: "veiwer" });
    // @ts-expect-error misspelt key
    createUser(engage, { id: "p", role: "viewer", grant: {} });
    // @ts-expect-error not a level of the area, in entries
    createUser(newsroom, { id: "p", role: "editor", grants: [["blog", { photos: "write" }]] });
    // @ts-expect-error not a level of the area, in a map
    createUser(newsroom, { id: "p", role: "editor", grants: new Map([["blog", { photos: "write" as const }]]) });
    // @ts-expect-error misspelt role, in a matrix
    createMatrix(newsroom, { users: [{ id: "p", role: "boss" }] });
  });

  it("anything that a matrix is asked", () => {
    const matrix = createMatrix(engage, { users: [] });
    // @ts-expect-error misspelt action
    matrix.usersFor("publish.aprove", group);
    // @ts-expect-error no target
    matrix.usersFor("publish.approve");
    // @ts-expect-error of the account as a whole
    matrix.connectionsFor("ana", "publish.create");
    // @ts-expect-error misspelt area
    matrix.visibleConnections("ana", "analytic");
    // @ts-expect-error not a level of the area
    matrix.assign("ana", "fb", { conversations: "needs-approval" });
  });

  it("a name inside a definition", () => {
    // @ts-expect-error an unknown level of an area
    definePolicy({ ...rest, areas: { a: { levels: ["none", "al"] } }, actions: {} });
    // @ts-expect-error an unknown level of a lift
    definePolicy({ ...rest, areas: { a: { levels: ["none", "all"], noAccessCountsAs: "al" } }, actions: {} });
    // @ts-expect-error an unknown level of a flag
    definePolicy({ ...rest, areas: { a: { levels: ["none", "all"], flags: { lead: ["al"] } } }, actions: {} });
    // @ts-expect-error an unknown target
    definePolicy({ ...rest, areas, actions: { x: { target: "grup", allow: { role: "user" } } } });
    // @ts-expect-error an unknown area of a clause
    definePolicy({ ...rest, areas, actions: { x: { target: "group", allow: { area: "b", level: "all" } } } });
    // @ts-expect-error an unknown level of a clause
    definePolicy({ ...rest, areas, actions: { x: { target: "group", allow: { area: "a", level: "al" } } } });
    // @ts-expect-error an unknown flag of a clause
    definePolicy({ ...rest, areas, actions: { x: { target: "group", allow: { area: "a", every: "led" } } } });
    // @ts-expect-error an unknown role of a clause
    definePolicy({ ...rest, areas, actions: { x: { target: "group", allow: [{ role: "usr" }] } } });
    // @ts-expect-error an unknown role of a list
    definePolicy({ ...rest, areas, actions: { x: { target: "group", allow: { role: ["usr"] } } } });
    // @ts-expect-error an unknown key of a clause
    definePolicy({ ...rest, areas, actions: { x: { target: "group", allow: { area: "a", levels: "all" } } } });
    // @ts-expect-error an unknown level of what a role holds
    definePolicy({ ...rest, roles: { user: { holds: { a: "al" } } }, areas, actions: {} });
  });

  it("of the approval flow: its actions are the policy's, its events and reasons are closed", () => {
    const actions = { look: { target: "group", allow: { role: "user" } } } as const;
    const right = { select: "look", submit: "look", edit: "look", approve: "look", reject: "look" } as const;
    const how = { approvers: "named", steps: 2, authorMayApprove: false } as const;
    const policy = definePolicy({ ...rest, areas, actions, approval: { ...right, ...how, release: "look" } });
    expectTypeOf(policy.approval?.release).toEqualTypeOf<"look" | undefined>();
    // @ts-expect-error a misspelt action
    definePolicy({ ...rest, areas, actions, approval: { ...right, ...how, release: "lok" } });
    // @ts-expect-error neither named nor anyone
    definePolicy({ ...rest, areas, actions, approval: { ...right, ...how, release: "look", approvers: "all" } });
    // @ts-expect-error an event without somebody
    const nobody: ApprovalEvent = { type: "withdraw" };
    const application: ApprovalEvent = { type: "auto-release", revision: 0 };
    // @ts-expect-error a release of nobody
    const ofNobody: ApprovalEvent = { type: "release", revision: 0 };
    // @ts-expect-error a release of somebody who is not known
    const ofUnknown: ApprovalEvent = { type: "release", by: undefined, revision: 0 };
    // @ts-expect-error no such event
    const unknown: ApprovalEvent = { type: "publish", by: "ana" };
    expectTypeOf([nobody, application, ofNobody, ofUnknown, unknown]).toEqualTypeOf<ApprovalEvent[]>();
    const result = {} as ApprovalResult;
    if (result.ok) expectTypeOf(result.submission).toEqualTypeOf<Submission>();
    else expectTypeOf(result.reason).toEqualTypeOf<RefusalReason>();
  });

  it("one policy's user is not another's", () => {
    // @ts-expect-error another policy
    const wrong: User<Engage> = eve;
    expectTypeOf(wrong).toEqualTypeOf<User<Engage>>();
  });

  it("a gate's action and target are those that it is asked about", () => {
    const onGroup = (user: User<Engage>, action: "publish.edit", target: PostGroup) => can(user, action, target);
    const onConnection = (user: User<Engage>, action: "analytics.view", target: string) => can(user, action, target);
    expectGate(engage, onGroup, ["publish.edit"]);
    expectGate(engage, onConnection, ["analytics.view"]);
    expectGate(engage, (user, _, { connections }) => accessLevel(user, "publish", { connections }) === "full-access", [
      "publish.post-now",
    ]);
    // @ts-expect-error a gate on connections, asked about groups
    expectGate(engage, onConnection, ["publish.edit"]);
    // @ts-expect-error a misspelt action
    expectGate(engage, () => true, ["publish.pots"]);
    expectTypeOf(expectGate(engage, () => true)).toEqualTypeOf<undefined>();
    expectTypeOf(expectGate(engage, async () => true)).toEqualTypeOf<Promise<void>>();
  });
});

describe("the kit for tests is typed to the policy", () => {
  it("matchers", () => {
    () => {
      expect(ana).toBeAllowed("publish.edit", group);
      expect(ana).not.toBeAllowed("publish.create");
      expect(eve).toHaveAccess("photos", "fb", "publish");
      expect(person(newsroom)).toBeAllowedExactly(["stories.draft"], "fb");
      // @ts-expect-error a misspelt action
      expect(ana).toBeAllowed("publish.edti", group);
      // @ts-expect-error an action of another policy
      expect(eve).toBeAllowed("publish.edit", group);
      // @ts-expect-error a connection, where a group is asked for
      expect(ana).not.toBeAllowed("publish.edit", "fb");
      // @ts-expect-error no target
      expect(ana).toBeAllowed("publish.edit");
      // @ts-expect-error a target too many
      expect(ana).toBeAllowed("publish.create", group);
      // @ts-expect-error an action on another kind of target
      expect(ana).toBeAllowedExactly(["publish.select"], group);
      // @ts-expect-error a level that the area lacks
      expect(ana).toHaveAccess("analytics", group, "view-only");
      // @ts-expect-error an area that is none
      expect(ana).toHaveAccess("posts", group, "view-only");
      // @ts-expect-error nobody who could be asked about
      expect("ana").toBeAllowed("publish.create");
    };
  });

  it("people", () => {
    expectTypeOf(person(newsroom)).toEqualTypeOf<Person<typeof newsroom>>();
    expectTypeOf(person(engage).on("fb", {}).as("admin").named("ana").knowing("ig")).toEqualTypeOf<Person<Engage>>();
    () => {
      // @ts-expect-error a misspelt level
      person(engage).on("fb", { publish: "full-acces" });
      // @ts-expect-error a level that the area lacks
      person(engage).on("fb", { analytics: "view-only" });
      // @ts-expect-error a misspelt flag
      person(engage).on("fb", { publish: "view-only", aprover: true });
      // @ts-expect-error a role that is none
      person(engage).as("owner");
    };
  });

  it("gates: what answers at once gives nothing, and what answers later is waited for", () => {
    () => {
      expectTypeOf(expectGate(engage, () => true)).toEqualTypeOf<undefined>();
      expectTypeOf(expectGate(engage, async () => true)).toEqualTypeOf<Promise<void>>();
      // @ts-expect-error what is no answer
      expectGate(engage, () => "yes");
      // @ts-expect-error a misspelt action
      expectGate(engage, () => true, ["publish.edti"]);
    };
    expectTypeOf(questionsOf(engage).questions).toEqualTypeOf<readonly Question<Engage>[]>();
  });
});

it("a fold takes the levels, the flags and the roles of its policy, in every place", () => {
  const empty = { users: [], connections: ["fb"] } as const;
  const folded = foldTeams(engage, {
    users: [{ id: "ana", role: "viewer", grants: { connections: [["fb", { publish: "view-only", approver: true }]] } }],
    connections: ["fb"],
    brands: [{ id: "acme", connections: ["fb"] }],
    teams: [{ id: "emea", members: ["ana"], grants: { brands: new Map([["acme", { publish: "view-only" }]]) } }],
  });
  expectTypeOf(folded).toEqualTypeOf<FoldedTeams<Engage>>();
  expectTypeOf(folded.sources("ana", "fb")).toEqualTypeOf<readonly GrantSource<Engage>[]>();
  createMatrix(engage, folded.input);
  const give = (grants: PlacedGrants<Engage>) =>
    foldTeams(engage, { ...empty, teams: [{ id: "t", members: [], grants }] });
  // @ts-expect-error a level that its area lacks
  give({ everywhere: { analytics: "view-only" } });
  // @ts-expect-error a misspelt flag
  give({ brands: { acme: { aprover: true } } });
  // @ts-expect-error a misspelt level on a connection
  give({ connections: { fb: { publish: "all" } } });
  // @ts-expect-error a misspelt place
  give({ brand: { acme: {} } });
  // @ts-expect-error a role of another policy
  foldTeams(engage, { ...empty, users: [{ id: "ana", role: "member" }] });
  // @ts-expect-error a user's grants by connection
  foldTeams(engage, { ...empty, users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }] });
  // @ts-expect-error an area of the account in a policy without any
  foldTeams(engage, { ...empty, teams: [{ id: "t", members: [], account: { billing: "manage" } }] });
  // @ts-expect-error teams that may be undefined
  foldTeams(engage, { ...empty, teams: undefined });
});

it("a query takes the actions, the target and the columns of its policy", () => {
  const sql = createGrantsSql(engage, { dialect: "postgresql", grants: { columns: { approver: "is_approver" } } });
  const ana = { account: "acme", user: "ana" };
  expectTypeOf(sql.groupsFor({ ...ana, action: "publish.edit" })).toEqualTypeOf<SqlQuery>();
  sql.usersFor({ account: "acme", action: "connections.create" });
  sql.usersFor({ account: "acme", action: "connections.reconnect", connection: "fb" });
  // @ts-expect-error an action that is asked about one connection
  sql.groupsFor({ ...ana, action: "conversations.reply" });
  // @ts-expect-error an action that is asked about the account
  sql.connectionsFor({ ...ana, action: "publish.create" });
  // @ts-expect-error a group for an action that is asked about one connection
  sql.usersFor({ account: "acme", action: "connections.reconnect", group: "p1" });
  // @ts-expect-error an unknown area
  sql.groupLevels({ ...ana, area: "posting" });
  // @ts-expect-error a column for what is no key of a grant
  createGrantsSql(engage, { dialect: "postgresql", grants: { columns: { aprover: "is_approver" } } });

  const desk = definePolicy({
    name: "desk",
    levels: ["none", "all"],
    areas: { stories: { levels: ["none", "all"] }, billing: { levels: ["none", "all"], of: "account" } },
    roles: { member: {} },
    relations: ["author"],
    actions: { edit: { target: "group", allow: { area: "stories", level: "all", is: "author" } } },
  });
  const related = createGrantsSql(desk, {
    dialect: "sqlite",
    users: { columns: { billing: "b" } },
    groups: { relations: { author: "a" } },
  });
  related.connectionsFor({ ...ana, action: "edit", relations: { author: ["ana", 7] } });
  related.usersFor({ account: "acme", action: "edit", group: "p1", relations: { author: null } });
  // @ts-expect-error an unknown relation
  related.connectionsFor({ ...ana, action: "edit", relations: { writer: "ana" } });
  // @ts-expect-error an area of the account has no level on a group
  related.groupLevels({ ...ana, area: "billing" });
  // @ts-expect-error a column of grants for an area of the account
  createGrantsSql(desk, { dialect: "sqlite", grants: { columns: { billing: "b" } } });
  // @ts-expect-error a column for an unknown relation
  createGrantsSql(desk, { dialect: "sqlite", groups: { relations: { writer: "w" } } });
});

const desk = definePolicy({
  name: "desk",
  levels: ["none", "draft", "full"],
  areas: {
    stories: { levels: ["none", "draft", "full"], flags: { lead: ["full"] } },
    billing: { levels: ["none", "full"], flags: { auditor: ["full"] }, of: "account" },
  },
  roles: { member: {}, chief: { holds: { billing: "full", auditor: true } } },
  relations: ["author", "assignee"],
  actions: {
    edit: { target: "group", allow: { area: "stories", every: ["full", { exactly: "draft" }], is: "author" } },
    sign: {
      target: "group",
      allow: {
        and: [
          { area: "stories", every: { level: "draft", flags: ["lead"] } },
          { area: "billing", level: "full" },
        ],
        isNot: ["author", "assignee"],
      },
    },
    pay: { target: "none", allow: { area: "billing", every: "auditor" } },
  },
});
type Desk = typeof desk;
const zoe = createUser(desk, { id: "zoe", role: "member", account: { billing: "full", auditor: true } });
const story = { text: "Good morning", connections: ["fb"], author: "zoe", assignee: null };

describe("relations, areas of the account and patterns", () => {
  it("are inferred", () => {
    expectTypeOf<RelationOf<Desk>>().toEqualTypeOf<"author" | "assignee">();
    expectTypeOf<RelationOf<Engage>>().toEqualTypeOf<never>();
    expectTypeOf<AccountAreaOf<Desk>>().toEqualTypeOf<"billing">();
    expectTypeOf<ConnectionAreaOf<Desk>>().toEqualTypeOf<"stories">();
    expectTypeOf<ConnectionAreaOf<Engage>>().toEqualTypeOf<AreaOf<Engage>>();
    expectTypeOf<GroupOf<Engage>>().toEqualTypeOf<PostGroup>();
    expectTypeOf<AccountGrant<Desk>["billing"]>().toEqualTypeOf<"none" | "full">();
    expectTypeOf<keyof Grant<Desk>>().toEqualTypeOf<"stories" | "lead" | "auditor">();
    expectTypeOf(accessLevel(zoe, "billing")).toEqualTypeOf<"none" | "full">();
    expectTypeOf(accessLevel(zoe, "stories", story)).toEqualTypeOf<"none" | "draft" | "full">();
    expectTypeOf(can(zoe, "edit", story)).toBeBoolean();
    const decision = () => explain(zoe, "edit", story);
    type Denial = Extract<ReturnType<typeof decision>, { allowed: false }>;
    expectTypeOf<Denial["relations"]>().toEqualTypeOf<readonly ("author" | "assignee")[] | undefined>();
    expectTypeOf<NonNullable<Denial["account"]>["needs"]>().toEqualTypeOf<Partial<AccountGrant<Desk>>>();
  });

  it("misspelt, do not compile", () => {
    () => {
      // @ts-expect-error a relation that is none
      can(zoe, "edit", { connections: ["fb"], auther: "zoe" });
      // @ts-expect-error not an id
      can(zoe, "edit", { connections: ["fb"], author: 1 });
      // @ts-expect-error no target of an area of connections
      accessLevel(zoe, "stories");
      // @ts-expect-error an area of the account, granted on a connection
      createUser(desk, { id: "p", role: "member", grants: { fb: { billing: "full" } } });
      // @ts-expect-error an area of connections, held in the account
      createUser(desk, { id: "p", role: "member", account: { stories: "full" } });
      // @ts-expect-error not a level of the area
      createUser(desk, { id: "p", role: "member", account: { billing: "draft" } });
      // @ts-expect-error an area of the account
      createMatrix(desk, { users: [] }).visibleConnections("zoe", "billing");
    };
    const b = { ...rest, areas } as const;
    const all = { area: "a", level: "all" } as const;
    const on = { target: "group" } as const;
    () => {
      // @ts-expect-error an unknown name in a pattern
      definePolicy({ ...b, actions: { x: { ...on, allow: { area: "a", every: ["all", "led"] } } } });
      // @ts-expect-error an unknown flag in a pattern
      definePolicy({ ...b, actions: { x: { ...on, allow: { area: "a", some: { flags: ["led"] } } } } });
      // @ts-expect-error an unknown key in a pattern
      definePolicy({ ...b, actions: { x: { ...on, allow: { area: "a", some: { levels: "all" } } } } });
      // @ts-expect-error an unknown area in a clause of several
      definePolicy({ ...b, actions: { x: { ...on, allow: { and: [all, { area: "b", level: "all" }] } } } });
      // @ts-expect-error a role in a part of a clause
      definePolicy({ ...b, actions: { x: { ...on, allow: { and: [all, { role: "user" }] } } } });
      // @ts-expect-error an unknown relation
      definePolicy({ ...b, relations: ["author"], actions: { x: { ...on, allow: { is: "auther" } } } });
      // @ts-expect-error a relation where the policy has none
      definePolicy({ ...b, actions: { x: { ...on, allow: { isNot: "author" } } } });
      // @ts-expect-error neither held on connections nor in the account
      definePolicy({ ...rest, areas: { a: { levels: ["none", "all"], of: "acount" } }, actions: {} });
    };
  });

  it("the kit for tests is typed by them", () => {
    () => {
      expect(zoe).toBeAllowed("edit", story);
      expect(zoe).toHaveAccess("billing", "full");
      expect(zoe).toHaveAccess("stories", story, "draft");
      // @ts-expect-error no target of an area of connections
      expect(zoe).toHaveAccess("stories", "full");
      // @ts-expect-error not a level of the area
      expect(zoe).toHaveAccess("billing", "draft");
      person(desk).on("fb", { stories: "full" }).holding({ billing: "full", auditor: true });
      // @ts-expect-error an area of connections, held in the account
      person(desk).holding({ stories: "full" });
      // @ts-expect-error an area of the account, granted on a connection
      person(desk).on("fb", { billing: "full" });
      expectGate(desk, (_user, _, { author }) => author === null, ["edit"]);
    };
  });
});

it("a language of the analysis is complete, or does not compile", () => {
  const { alike, ...others } = germanAnalysis.texts;
  // @ts-expect-error a text is missing
  const missing: AnalysisLanguage = { locale: "de", texts: others };
  // @ts-expect-error a text that nobody says
  const unknown: AnalysisLanguage = { locale: "de", texts: { ...germanAnalysis.texts, more: alike } };
  // @ts-expect-error not a text
  const wrong: AnalysisLanguage = { locale: "de", texts: { ...germanAnalysis.texts, alike: 5 } };
  expectTypeOf([missing, unknown, wrong]).items.toEqualTypeOf<AnalysisLanguage>();
});
