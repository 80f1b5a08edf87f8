import { describe, expect, it } from "vitest";
import { checkPolicy, comparePolicies, diffMatrices, reviewAccess, whoCan } from "../../src/analysis/index.js";
import {
  approversFor,
  availableEvents,
  draft,
  inbox,
  type Submission,
  timeline,
  transition,
} from "../../src/approval/index.js";
import {
  accessLevel,
  allowedActions,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  PolicyError,
} from "../../src/index.js";
import { createGrantsReact } from "../../src/react/index.js";
import { grantSchema, targetSchema } from "../../src/schema/index.js";
import { createGrantsSql } from "../../src/sql/index.js";
import { foldTeams, formatSource } from "../../src/teams/index.js";
import { grants, groups, histories, matrices, posts, users } from "../../src/testing/arbitraries/index.js";
import {
  decisionTable,
  distinctStandings,
  expectGate,
  matchers,
  person,
  questionsOf,
} from "../../src/testing/index.js";
import { createGrantsVue } from "../../src/vue/index.js";

// A value that was not found (a route without its id, a session without its user) is `undefined`. Wherever it could stand
// for "any", "all" or "nobody in particular", the call is refused.

const account = createMatrix(engage, {
  users: [
    { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
  ],
});
const ana = account.user("ana");
const approved: Submission = {
  connections: ["fb"],
  author: "ana",
  status: "approved",
  steps: [["ben"]],
  approvals: [{ by: "ben" }],
  revision: 0,
};
const started: Submission = { ...approved, status: "draft", steps: [], approvals: [] };
const post = { connections: ["fb"] };
const { groupsFor, usersFor, connectionsFor, groupLevels } = createGrantsSql(engage, { dialect: "sqlite" });
const feed = { account: "acme", user: "ana", action: "publish.view" } as const;
const approvers = { account: "acme", action: "publish.approve", group: "p1" } as const;
const { rowSecurity } = createGrantsSql(engage, { dialect: "postgresql" });
const session = {
  user: { setting: "app.user" },
  account: { setting: "app.account" },
  per: "row",
  role: "app",
  actions: { select: "publish.view" },
} as const;
const tables = (options: object) => createGrantsSql(engage, { dialect: "sqlite", ...options } as never);
const withClause = (clause: object) =>
  definePolicy({
    name: "blog",
    levels: ["none", "read", "write"],
    areas: { posts: { levels: ["none", "read", "write"], flags: { lead: ["write"] } } },
    roles: { member: {} },
    actions: { edit: { target: "group", allow: clause } },
  } as never);
const withClaims = (claim: object) => checkPolicy(engage, { claims: [{ name: "c", ...claim }] } as never);
const company = { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] } as const;
const absent = undefined as never;
const release = { type: "release", revision: 0 } as const;

describe("what is there and undefined is refused, and named", () => {
  type Case = readonly [call: (() => unknown) | object, code: string, ...path: (string | number)[]];
  const cases: Readonly<Record<string, Case>> = {
    "the target of can": [() => can(ana, "publish.view", absent), "wrong-target"],
    "the connections of a target": [() => can(ana, "publish.view", { connections: absent }), "wrong-target"],
    "a connection of a target": [
      () => can(ana, "publish.view", { connections: [absent] }),
      "wrong-target",
      ...["connections", 0],
    ],
    "the target of explain": [() => explain(ana, "publish.view", absent), "wrong-target"],
    "the target of accessLevel": [() => accessLevel(ana, "publish", absent), "wrong-target"],
    "the user of a question": [() => allowedActions(absent), "invalid-user"],
    "the instant of a user": [
      () => createUser(engage, { id: "ana", role: "viewer" }, { at: absent }),
      ...(["invalid-user", "at"] as const),
    ],
    "the instant of a matrix": [() => createMatrix(engage, company, { at: absent }), "invalid-matrix", "at"],
    "the instant to which a matrix is brought": [() => account.at(absent), "invalid-matrix"],
    "the instant of a person": [() => person(engage, { at: absent }), "invalid-user", "at"],
    "the id of a user": [() => createUser(engage, { id: absent, role: "viewer" }), "invalid-user", "id"],
    "the role of a user": [() => createUser(engage, { id: "ana", role: absent }), "invalid-user", "role"],
    "the users of a matrix": [() => createMatrix(engage, { users: absent }), "invalid-matrix", "users"],
    "the id of a matrix' user": [() => account.user(absent), "unknown-user"],
    "the user of a picker": [() => account.connectionsFor(absent, "publish.select"), "unknown-user"],
    "the user of an account picker": [() => account.visibleConnections(absent, "publish"), "unknown-user"],
    "the connection of a grant": [() => account.grant("ana", absent), "wrong-target"],
    "the target of usersFor": [() => account.usersFor("publish.approve", absent), "wrong-target"],
    "the grant that is assigned": [() => account.assign("ana", "fb", absent), "invalid-grant"],
    "the user that is removed": [() => account.removeUser(absent), "unknown-user"],
    "the connection that is revoked": [() => account.revoke("ana", absent), "wrong-target"],
    "the connection that is removed": [() => account.removeConnection(absent), "wrong-target"],
    ...Object.fromEntries(
      ["role", "area", "level", "exactly", "some", "every"].map((key): [string, Case] => [
        `${key} of a clause`,
        [
          () => withClause({ role: "member", area: "posts", level: "read", [key]: undefined }),
          "invalid-policy",
          ...["actions", "edit", "allow", key],
        ],
      ]),
    ),

    "the user of a release": [() => transition(account, approved, { ...release, by: absent }), "invalid-event", "by"],
    "a release without a user": [() => transition(account, approved, release as never), "invalid-event", "by"],
    "the user of an application's own release": [
      () => transition(account, approved, { type: "auto-release", revision: 0, by: undefined } as never),
      "invalid-event",
      "by",
    ],
    "the revision of a release": [
      () => transition(account, approved, { type: "auto-release", revision: absent }),
      "invalid-event",
      "revision",
    ],
    "the user of an edit": [() => transition(account, approved, { type: "edit", by: absent }), "invalid-event", "by"],
    "the steps of a submit": [
      () => transition(account, approved, { type: "submit", by: "ana", steps: absent }),
      "invalid-event",
      "steps",
    ],
    "the user of buttons": [() => availableEvents(account, approved, absent), "invalid-event", "by"],
    ...Object.fromEntries(
      (["at", "expires"] as const).map((key): [string, Case] => [
        `${key} of a submit`,
        [
          () => transition(account, started, { type: "submit", by: "ana", steps: [["ben"]], [key]: absent }),
          "invalid-event",
          key,
        ],
      ]),
    ),
    ...Object.fromEntries(
      (["for", "by", "from", "until"] as const).map((key): [string, Case] => [
        `${key} of a stand-in`,
        [
          () =>
            transition(
              account,
              approved,
              { type: "auto-release", revision: 0, at: "2026-03-31T09:00:00Z" },
              { standIns: [{ for: "ben", by: "ana", [key]: absent }] },
            ),
          "invalid-event",
          ...["standIns", 0, key],
        ],
      ]),
    ),
    "the options of a transition": [
      () => transition(account, approved, { type: "auto-release", revision: 0 }, absent),
      "invalid-event",
    ],
    "the stand-ins of a transition": [
      () => transition(account, approved, { type: "auto-release", revision: 0 }, { standIns: absent }),
      "invalid-event",
      "standIns",
    ],
    ...Object.fromEntries(
      (["standIns", "at"] as const).flatMap((key): [string, Case][] => [
        [
          `${key} of buttons`,
          [() => availableEvents(account, approved, "ben", { [key]: absent }), "invalid-event", key],
        ],
        [`${key} of an inbox`, [() => inbox(account, [approved], "ben", { [key]: absent }), "invalid-event", key]],
        [`${key} of a drop-down`, [() => approversFor(account, approved, { [key]: absent }), "invalid-event", key]],
      ]),
    ),
    "the step of a drop-down": [() => approversFor(account, approved, { step: absent }), "invalid-event", "step"],
    "the user of an inbox": [() => inbox(account, [approved], absent), "invalid-event", "by"],
    "the policy of a timeline": [() => timeline(approved, absent), "invalid-policy"],
    "the deadline of a submission": [() => timeline({ ...approved, expires: absent }), "invalid-submission", "expires"],
    "the editors of a submission": [() => timeline({ ...approved, editors: absent }), "invalid-submission", "editors"],
    "the user for whom an approval was given": [
      () => timeline({ ...approved, approvals: [{ by: "ben", for: absent }] }),
      "invalid-submission",
      ...["approvals", 0, "for"],
    ],
    "the number of a step": [
      () => timeline({ ...approved, steps: [{ of: ["ben"], needs: absent }] }),
      "invalid-submission",
      ...["steps", 0, "needs"],
    ],
    "the author of a draft": [
      () => draft(account, { author: absent, connections: ["fb"] }),
      "invalid-submission",
      "author",
    ],
    "the connections of a draft": [
      () => draft(account, { author: "ana", connections: absent }),
      "invalid-submission",
      "connections",
    ],
    ...Object.fromEntries(
      Object.keys(approved).map((key): [string, Case] => [
        `${key} of a submission`,
        [
          () => transition(account, { ...approved, [key]: undefined }, { type: "auto-release", revision: 0 }),
          "invalid-submission",
          key,
        ],
      ]),
    ),

    ...Object.fromEntries(
      (["account", "user", "only"] as const).flatMap((key): [string, Case][] => [
        [`${key} of groupsFor`, [() => groupsFor({ ...feed, [key]: absent }), "invalid-query", key]],
        [`${key} of connectionsFor`, [() => connectionsFor({ ...feed, [key]: absent }), "invalid-query", key]],
        [
          `${key} of groupLevels`,
          [() => groupLevels({ account: "acme", user: "ana", area: "publish", [key]: absent }), "invalid-query", key],
        ],
      ]),
    ),
    "the account of usersFor": [() => usersFor({ ...approvers, account: absent }), "invalid-query", "account"],
    "the group of usersFor": [() => usersFor({ ...approvers, group: absent }), "invalid-query", "group"],
    "the user whom usersFor is to find": [() => usersFor({ ...approvers, only: absent }), "invalid-query", "only"],
    "the connection of usersFor": [
      () => usersFor({ account: "acme", action: "conversations.reply", connection: absent }),
      "invalid-query",
      "connection",
    ],
    "the user of usersFor in the account as a whole": [
      () => usersFor({ account: "acme", action: "connections.create", only: absent }),
      "invalid-query",
      "only",
    ],
    "the column of only": [
      () => groupsFor({ ...feed, only: { column: absent } }),
      "invalid-query",
      ...["only", "column"],
    ],
    "the action of groupsFor": [() => groupsFor({ ...feed, action: absent }), "invalid-query", "action"],
    "the area of groupLevels": [
      () => groupLevels({ account: "acme", user: "ana", area: absent }),
      "invalid-query",
      "area",
    ],
    ...Object.fromEntries(
      ["dialect", "levels", "users", "connections", "grants", "groups", "links"].map((key): [string, Case] => [
        `${key} of the tables`,
        [() => tables({ [key]: undefined }), "invalid-tables", key],
      ]),
    ),
    ...Object.fromEntries(
      ["user", "account", "per", "actions", "role", "schema", "views"].map((key): [string, Case] => [
        `${key} of rowSecurity`,
        [() => rowSecurity({ ...session, [key]: undefined }), "invalid-query", key],
      ]),
    ),
    ...Object.fromEntries(
      ["select", "insert", "update", "delete", "create", "manage"].map((key): [string, Case] => [
        `the action of rowSecurity to ${key}`,
        [
          () => rowSecurity({ ...session, actions: { ...session.actions, [key]: undefined } }),
          "invalid-query",
          ...["actions", key],
        ],
      ]),
    ),
    "the name of a table": [() => tables({ users: { table: undefined } }), "invalid-tables", "users", "table"],
    "the column of an account": [() => tables({ users: { account: undefined } }), "invalid-tables", "users", "account"],
    "the columns of grants": [
      () => tables({ grants: { columns: undefined } }),
      "invalid-tables",
      ...["grants", "columns"],
    ],
    "the column of a flag": [
      () => tables({ grants: { columns: { approver: undefined } } }),
      "invalid-tables",
      ...["grants", "columns", "approver"],
    ],

    ...Object.fromEntries(
      ["users", "connections", "teams", "brands"].map((key): [string, Case] => [
        `${key} of foldTeams`,
        [() => foldTeams(engage, { ...company, [key]: undefined }), "invalid-matrix", key],
      ]),
    ),
    ...Object.fromEntries(
      ["id", "members"].map((key): [string, Case] => [
        `${key} of a team`,
        [
          () => foldTeams(engage, { ...company, teams: [{ id: "t", members: ["ana"], [key]: absent }] }),
          "invalid-matrix",
          ...["teams", 0, key],
        ],
      ]),
    ),
    ...Object.fromEntries(
      ["id", "connections"].map((key): [string, Case] => [
        `${key} of a brand`,
        [
          () => foldTeams(engage, { ...company, brands: [{ id: "b", connections: ["fb"], [key]: absent }] }),
          "invalid-matrix",
          ...["brands", 0, key],
        ],
      ]),
    ),
    "the member of a team": [
      () => foldTeams(engage, { ...company, teams: [{ id: "t", members: [absent] }] }),
      "invalid-matrix",
      ...["teams", 0, "members", 0],
    ],
    "the connection of a brand": [
      () => foldTeams(engage, { ...company, brands: [{ id: "b", connections: [absent] }] }),
      "invalid-matrix",
      ...["brands", 0, "connections", 0],
    ],
    "the user of sources": [() => foldTeams(engage, company).sources(absent, "fb"), "unknown-user"],
    "the connection of sources": [() => foldTeams(engage, company).sources("ana", absent), "wrong-target"],
    "the user of accountSources": [() => foldTeams(engage, company).accountSources(absent), "unknown-user"],
    "the source of a sentence": [() => formatSource(absent), "invalid-grant"],

    "the target of whoCan": [() => whoCan(account, "publish.approve", absent), "wrong-target"],
    "the options of reviewAccess": [() => reviewAccess(account, absent), "wrong-target", "options"],
    "the action of reviewAccess that approves": [
      () => reviewAccess(account, { approve: absent }),
      "wrong-target",
      "approve",
    ],
    "the action of reviewAccess that posts": [() => reviewAccess(account, { post: absent }), "wrong-target", "post"],
    "the options of diffMatrices": [() => diffMatrices(account, account, absent), "wrong-target", "options"],
    ...Object.fromEntries(
      ["groups", "submissions", "approve", "post"].map((key): [string, Case] => [
        `${key} of diffMatrices`,
        [() => diffMatrices(account, account, { [key]: undefined }), "wrong-target", key],
      ]),
    ),
    "the matrix before": [() => diffMatrices(absent, account), "invalid-matrix"],
    "the properties of checkPolicy": [() => checkPolicy(engage, absent), "invalid-policy", "properties"],
    ...Object.fromEntries(
      ["exceptions", "separate", "claims"].map((key): [string, Case] => [
        `${key} of checkPolicy`,
        [() => checkPolicy(engage, { [key]: undefined }), "invalid-policy", key],
      ]),
    ),
    ...Object.fromEntries(
      ["name", "when", "always", "never"].map((key): [string, Case] => [
        `${key} of a claim`,
        [
          () => withClaims({ always: ["publish.view"], never: ["publish.edit"], [key]: undefined }),
          "invalid-policy",
          ...["claims", 0, key],
        ],
      ]),
    ),
    "the role of a claim's clause": [
      () => withClaims({ always: [{ role: undefined, area: "publish", level: "view-only" }] }),
      "invalid-policy",
      ...["claims", 0, "always", 0, "role"],
    ],
    "the second policy": [() => comparePolicies(engage, absent), "invalid-policy"],

    "the actions of questionsOf": [() => questionsOf(engage, absent), "unknown-action", "actions"],
    "the actions of expectGate": [() => expectGate(engage, () => true, absent), "unknown-action", "actions"],
    "the role of decisionTable": [
      () => decisionTable(engage, { area: "publish", role: absent }),
      "wrong-target",
      "role",
    ],
    "the area of decisionTable": [() => decisionTable(engage, { area: absent }), "wrong-target", "area"],
    ...Object.fromEntries(
      ["action", "users", "targets"].map((key): [string, Case] => [
        `${key} of decisionTable`,
        [
          () => decisionTable(engage, { action: "publish.view", users: [ana], targets: [post], [key]: undefined }),
          "wrong-target",
          key,
        ],
      ]),
    ),
    "the area of distinctStandings": [() => distinctStandings(engage, absent), "unknown-area"],
    "the connection of a person": [
      () => person(engage).on(absent, { publish: "view-only" }),
      "invalid-grant",
      ...["grants", 0],
    ],
    "the role of a person": [() => person(engage).as(absent), "invalid-user", "role"],
    "the id of a person": [() => person(engage).named(absent), "invalid-user", "id"],
    "the connection that a person knows": [() => person(engage).knowing(absent), "invalid-user", ...["connections", 0]],
    "the target of toBeAllowed": [() => matchers.toBeAllowed(ana, "publish.view", undefined), "wrong-target"],
    "the target of toHaveAccess": [() => matchers.toHaveAccess(ana, "publish", absent, "view-only"), "wrong-target"],
    "the connections of users": [() => users(engage, absent), "wrong-target", "connections"],
    "the ends of grants": [() => grants(engage, absent), "invalid-grant", "until"],
    "the ends of users": [() => users(engage, ["fb"], absent), "invalid-grant", "until"],
    "the connections of matrices": [() => matrices(engage, absent), "wrong-target", "connections"],
    "the connections of groups": [() => groups(absent), "wrong-target", "connections"],
    "the connections of posts": [() => posts(engage, absent), "wrong-target", "connections"],
    "the connections of histories": [() => histories(engage, absent), "wrong-target", "connections"],

    "the policy of a schema": [() => grantSchema(absent), "invalid-policy"],
    "the action of a target's schema": [() => targetSchema(engage, absent), "unknown-action"],
    "the policy of components": [() => createGrantsReact(absent), "invalid-policy"],
    "the policy of composables": [() => createGrantsVue(absent), "invalid-policy"],
  };

  it.each(Object.entries(cases))("%s", (_, [call, code, ...path]) => {
    let refused: unknown;
    try {
      (call as () => unknown)();
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(PolicyError);
    expect(refused).toMatchObject({ code, ...(path.length > 0 && { path }) });
  });
});

describe("what is there and undefined takes nothing for granted", () => {
  it("an absent target is allowed no action on a connection or a group, as it is on no target", () => {
    for (const user of [
      ana,
      account.user("ben"),
      createUser(engage, { id: "eve", role: "admin", connections: ["fb"] }),
    ]) {
      const allowed = allowedActions(user, undefined);
      expect(allowed).toEqual(allowedActions(user));
      expect(allowed.filter((action) => engage.actions[action].target !== "none")).toEqual([]);
    }
  });

  it("an action on the account as a whole has one target only, which may be spelt out", () => {
    expect(can(ana, "publish.create", undefined)).toBe(can(ana, "publish.create"));
    expect(account.usersFor("publish.create", undefined)).toEqual(account.usersFor("publish.create"));
  });

  it("grants and connections that are undefined give nothing", () => {
    const row = { id: "ana", role: "viewer", grants: absent, connections: absent } as const;
    expect(createUser(engage, row).toJSON()).toEqual({ id: "ana", role: "viewer" });
    expect(createUser(engage, { id: "ana", role: "viewer", grants: { fb: absent } }).toJSON().grants).toBeUndefined();
    expect(createMatrix(engage, { users: [], connections: absent }).connections()).toEqual([]);
  });

  it("an edit whose connections are undefined leaves them as they are", () => {
    const edited = transition(account, approved, { type: "edit", by: "ana", connections: undefined });
    expect(edited).toMatchObject({ ok: true, submission: { connections: ["fb"], status: "draft", revision: 1 } });
  });
});
