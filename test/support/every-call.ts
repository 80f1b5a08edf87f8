import { createRequire } from "node:module";
import type { Component } from "vue";
import type * as Analysis from "../../src/analysis/index.js";
import type * as Approval from "../../src/approval/index.js";
import type * as Authzen from "../../src/authzen/index.js";
import { run, wantsColours } from "../../src/cli/run.js";
import type * as Http from "../../src/http/index.js";
import type * as Library from "../../src/index.js";
import type * as ReactEntry from "../../src/react/index.js";
import type * as Schema from "../../src/schema/schemas.js";
import type * as Sql from "../../src/sql/create-grants-sql.js";
import type * as Migration from "../../src/sql/migration/migration-sql.js";
import type * as Teams from "../../src/teams/index.js";
import type * as Arbitraries from "../../src/testing/arbitraries/index.js";
import type * as Testing from "../../src/testing/index.js";
import type * as VueEntry from "../../src/vue/index.js";
import type * as Words from "../../src/words/index.js";

const require = createRequire(import.meta.url);
const entry = <Entry>(name: string): Entry => require(`../../dist/${name}.cjs`);

const {
  accessLevel,
  allowedActions,
  beyond,
  buffer,
  can,
  createMatrix,
  createUser,
  definePolicy,
  engage,
  explain,
  formatDecision,
  limit,
  prepareGroup,
} = entry<typeof Library>("index");
const { approversFor, availableEvents, draft, formatRefusal, inbox, timeline, transition } =
  entry<typeof Approval>("approval");
const analysis = entry<typeof Analysis>("analysis");
const { createGrantsSql } = entry<typeof Sql>("sql");
const { migrationSql } = entry<typeof Migration>("sql");
const { foldTeams, formatSource } = entry<typeof Teams>("teams");
const testing = entry<typeof Testing>("testing");
const arbitraries = entry<typeof Arbitraries>("arbitraries");
const schema = entry<typeof Schema>("schema");
const { createGrantsReact, formatDecision: formatInReact } = entry<typeof ReactEntry>("react");
const { createGrantsVue, formatDecision: formatInVue } = entry<typeof VueEntry>("vue");
const { createDecisionPoint } = entry<typeof Authzen>("authzen");
const { createGuard, problem } = entry<typeof Http>("http");
const { createWords, english, german } = entry<typeof Words>("words");
const { createElement } = require("react") as typeof import("react");
const { renderToString } = require("react-dom/server") as typeof import("react-dom/server");
const { createRenderer, h } = require("vue") as typeof import("vue");
const fc = require("fast-check") as typeof import("fast-check");

const blog = {
  name: "blog",
  levels: ["none", "read", "write"],
  areas: {
    posts: { levels: ["none", "read", "write"], flags: { lead: ["write"] } },
    notes: { levels: ["none", "write"] },
  },
  roles: { owner: { holds: { posts: "write" } }, member: {} },
  actions: {
    start: { target: "none", allow: { area: "posts", some: "write" } },
    invite: { target: "none", allow: { role: "owner" } },
    look: { target: "connection", allow: [{ role: "owner" }, { area: "posts", level: "read" }] },
    edit: { target: "group", allow: { area: "posts", exactly: "read" } },
    post: { target: "group", allow: { area: "posts", level: "write", every: "lead" } },
  },
} as const;

const desk = {
  name: "desk",
  levels: ["none", "all"],
  areas: { stories: { levels: ["none", "all"] }, billing: { levels: ["none", "all"], of: "account" } },
  roles: { member: {} },
  relations: ["author"],
  actions: {
    edit: { target: "group", allow: { area: "stories", level: "all", is: "author" } },
    pay: { target: "none", allow: { area: "billing", level: "all" } },
  },
} as const;

const rows = {
  users: [
    {
      id: "ana",
      role: "viewer",
      grants: { fb: { publish: "full-access", conversations: "view-only" }, ig: { publish: "needs-approval" } },
    },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
    { id: "cat", role: "admin" },
  ],
  connections: ["fb", "ig", "x"],
} as const;
const tables = {
  users: [{ id: "ana", role: "viewer" }],
  connections: [{ id: "fb" }],
  grants: [{ user: "ana", connection: "fb", grant: { publish: "view-only" } }],
};
const both = { connections: ["fb", "ig"] };
const post = { connections: ["fb"] };
const waiting = { ...post, author: "ana", status: "pending", steps: [["ben"]], approvals: [], revision: 0 } as const;
const approved = { ...waiting, status: "approved", approvals: [{ by: "ben" }] } as const;

const noon = "2026-08-01T12:00:00Z";
const standIns = [{ for: "ben", by: "cat", from: "2026-08-01T00:00:00Z", until: "2026-08-02T00:00:00Z" }] as const;
const expiring = { ...waiting, expires: "2026-08-01T18:00:00Z" } as const;
const inSteps = { ...waiting, steps: [["ben"], { of: ["ben", "cat"], needs: 2 }], approvals: [{ by: "ben" }] } as const;

const files: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "grants.json": JSON.stringify({ policy: "engage", ...rows }),
    "after.json": JSON.stringify({ policy: "engage", ...rows, users: rows.users.slice(1) }),
    "unnamed.json": JSON.stringify(rows),
    "wrong.json": JSON.stringify({ policy: "engage", users: [{ id: 1, role: "boss" }] }),
    "blog.json": JSON.stringify(blog),
    "posts.json": JSON.stringify([waiting]),
    "twice.json": '{ "policy": "engage", "policy": "buffer" }',
    "comma.json": '{ "users": [], }',
    "remark.json": "{ /* nobody */ }",
    "empty.json": "",
  }),
);

/** What the command gives for what is typed, in one text. */
function printed(typed: string): unknown {
  const read = (file: string) => {
    const text = files.get(file);
    if (text === undefined) throw new Error("no such file");
    return text;
  };
  const { code, output, error } = run(typed.split(" "), {
    read,
    readBeside: (_, named) => read(named),
    colours: false,
  });
  return [code, [...output].join(""), error];
}

/** What a call comes to, also a refusal. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const account = createMatrix(engage, rows);
const less = account.assign("ben", "fb", { publish: "view-only" }).revoke("ana", "ig");
const [ana, ben] = [account.user("ana"), account.user("ben")];
const own = definePolicy(blog);
const words = {
  english: createWords(engage, {
    language: english,
    reader: "ana",
    actions: { "publish.post-now": "publish this now" },
    levels: (level, area) => (area === "publish" ? level.toUpperCase() : undefined),
    users: { ben: "Ben" },
  }),
  german: createWords(engage, { language: german, form: "long", connections: { fb: "Facebook" } }),
};
const stricter = definePolicy({
  ...blog,
  actions: { ...blog.actions, edit: { target: "group", allow: { role: "owner" } } },
});

const teams = {
  users: [
    { id: "ana", role: "viewer" },
    { id: "ben", role: "viewer", grants: { connections: { x: { publish: "full-access" } } } },
  ],
  connections: ["fb", "ig", "x"],
  brands: [{ id: "acme", connections: ["fb", "ig"] }],
  teams: [
    { id: "emea", members: ["ana"], grants: { brands: { acme: { publish: "view-only", approver: true } } } },
    { id: "all", members: ["ana", "ben"], grants: { everywhere: { analytics: "full-access" } } },
  ],
} as const;
const clashing = { brands: { acme: { publish: "needs-approval" } } } as const;
const ending = { publish: "view-only", until: "2026-08-02T00:00:00Z" } as const;
const company = {
  users: [{ id: "ana", role: "member" }],
  connections: [],
  teams: [{ id: "finance", members: ["ana"], account: { billing: "all" } }],
} as const;
const folded = foldTeams(engage, teams);

/** Renders a component of Vue at once, into nothing. */
export function renderNowhere(component: Component): void {
  const node = () => ({});
  const nothing = () => {};
  const nowhere = {
    createElement: node,
    createText: node,
    createComment: node,
    parentNode: node,
    nextSibling: () => null,
  };
  const changes = { insert: nothing, remove: nothing, setText: nothing, setElementText: nothing, patchProp: nothing };
  const app = createRenderer<object, object>({ ...nowhere, ...changes }).createApp(component);
  // What is thrown is for the caller, and what Vue warns of is for nobody.
  app.config.throwUnhandledErrorInProduction = true;
  app.config.warnHandler = nothing;
  app.mount({});
}

/** Calls of every entry, by its name: each gives what is to be the same whatever objects inherit. */
export const calls: Readonly<Record<string, readonly (() => unknown)[]>> = {
  root: [
    () => definePolicy(blog),
    () => createUser(engage, rows.users[0]),
    () => createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "all" as never } } }),
    () => createUser(engage, { id: "ana", role: "boss" as never }),
    () => createMatrix(engage, rows),
    () => [can(ana, "publish.post-now", both), can(ana, "publish.create"), can(ben, "conversations.reply", "fb")],
    () => [accessLevel(ana, "publish", both), accessLevel(ben, "analytics", "zz")],
    () => [allowedActions(ana), allowedActions(ana, "fb"), allowedActions(ana, both), allowedActions(ben, "zz")],
    () => [
      explain(ana, "publish.post-now", both),
      explain(ben, "publish.edit", post),
      explain(ben, "connections.create"),
    ],
    () => formatDecision(explain(ana, "publish.post-now", both)),
    () => account.usersFor("publish.approve", post),
    () => [account.connectionsFor("ana", "publish.select"), account.visibleConnections("ben", "publish")],
    () => [account.grant("ana", "zz"), account.assign("ben", "x", {}).revoke("ben", "fb")],
    () => [
      account.addConnection("y").removeConnection("fb"),
      account.removeUser("ana").putUser({ id: "eve", role: "viewer" }),
    ],
    () => account.user("nobody"),
    () => can(createUser(buffer, { id: "mia", role: "owner" }), "queue.add", post),
    () => formatDecision(explain(ana, "publish.post-now", both), words.english),
    () => [limit(ana, {}), limit(ana, { grants: { publish: "view-only" } }), limit(ana, { grants: [], role: "keep" })],
    () => explain(limit(ana, { grants: { fb: { publish: "view-only" } } }), "publish.post-now", both),
    () => limit(ana, { grants: { fb: { publish: "all" as never } } }),
    () => [account.group(waiting), prepareGroup(definePolicy(desk), { ...post, author: ["ana"] })],
    () =>
      [account.group(both), prepareGroup(engage, both)].map((group) => [
        can(ana, "publish.post-now", group),
        allowedActions(ana, group),
        accessLevel(ana, "publish", group),
        explain(ana, "publish.post-now", group),
        account.usersFor("publish.approve", group),
      ]),
    () => can(createUser(engage, rows.users[0]), "publish.view", account.group(both)),
    () => [
      can(createUser(engage, rows.users[0]), "publish.view", prepareGroup(engage, both)),
      prepareGroup(engage, { connections: [5 as never] }),
    ],
    () => [beyond(ben, "fb", { publish: "full-access", approver: true }), beyond(ana, "x", {})],
  ],
  approval: [
    () => draft(account, { author: "ana", ...post }),
    () => draft(account, { author: "cat", ...post }),
    () => transition(account, waiting, { type: "approve", by: "ben", revision: 0 }),
    () => transition(account, waiting, { type: "approve", by: "ana", revision: 0 }),
    () => transition(account, waiting, { type: "edit", by: "ana" }),
    () => transition(account, approved, { type: "auto-release", revision: 0 }),
    () => transition(account, approved, { type: "release", revision: 0 } as never),
    () => transition(account, waiting, { type: "withdraw", by: "ben" }),
    () => [availableEvents(account, waiting, "ana"), availableEvents(account, waiting, "ben")],
    () => availableEvents(account, expiring, "ben", { at: noon }),
    () => transition(account, expiring, { type: "approve", by: "ben", revision: 0, at: noon }),
    () => transition(account, expiring, { type: "approve", by: "ben", revision: 0 }),
    () => transition(account, waiting, { type: "approve", by: "cat", revision: 0, at: noon }, { standIns }),
    () =>
      transition(
        account,
        { ...waiting, status: "draft", steps: [] },
        { type: "submit", by: "ana", steps: [{ of: ["ben"] }] },
      ),
    () => [approversFor(account, inSteps), approversFor(account, waiting, { step: 1, standIns, at: noon })],
    () => [
      inbox(account, [waiting, inSteps, approved], "ben"),
      inbox(account, [waiting], "cat", { standIns, at: noon }),
    ],
    () => [timeline(inSteps), timeline(expiring, engage)],
  ],
  analysis: [
    () => analysis.whoCan(account, "publish.approve", post),
    () => analysis.whoCan(account, "connections.create"),
    () => analysis.reviewAccess(account),
    () => analysis.diffMatrices(account, less, { groups: [both], submissions: [waiting] }),
    () => analysis.diffMatrices(account, less),
    () =>
      analysis.checkPolicy(own, {
        separate: [["edit", "post"]],
        claims: [
          { name: "c", when: ["post"], never: ["edit"] },
          { name: "d", when: ["start"], always: ["invite"] },
        ],
      }),
    () => analysis.comparePolicies(own, stricter),
    () => analysis.migrateGrants(own, stricter, { levels: { read: "write" } }),
    () => analysis.migrateGrants(own, stricter, { flags: { lead: null }, states: [] }),
    () => analysis.migrateGrants(own, own).row({ id: "ana", role: "member", grants: { fb: { posts: "read" } } }),
    () => analysis.migrateGrants(engage, engage).matrix(account),
    ...[undefined, words.german].flatMap((each) => {
      const options = { form: "markdown", language: analysis.germanAnalysis, words: each } as const;
      return [
        () => analysis.formatReview(analysis.reviewAccess(account), options),
        () => analysis.formatReport(analysis.checkPolicy(buffer), options),
      ];
    }),
    () => analysis.formatAccess([], { language: { locale: "en" } } as never),
    ...(["text", "markdown"] as const).flatMap((form) => [
      () => analysis.formatReview(analysis.reviewAccess(account), form),
      () => analysis.formatDiff(analysis.diffMatrices(account, less, { submissions: [waiting] }), form),
      () => analysis.formatReport(analysis.checkPolicy(buffer), form),
      () => analysis.formatComparison(analysis.comparePolicies(own, stricter), form),
      () => analysis.formatMigration(analysis.migrateGrants(own, stricter), form),
      () => analysis.formatAccess(analysis.whoCan(account, "publish.approve", post), form),
    ]),
  ],
  sql: (["postgresql", "sqlite"] as const).flatMap((dialect) => {
    const grants = createGrantsSql(engage, { dialect });
    const feed = { account: "acme", user: "ana" } as const;
    const related = createGrantsSql(definePolicy(desk), { dialect });
    const held = { held0: "no-access", held1: "view-only", held2: "1", held3: "no-access" };
    const row = { user: "ana", role: "viewer", connection: "fb", ...held };
    const setting = { user: { setting: "app.user" }, account: { setting: "app.account" } };
    const session = { ...setting, per: "row", role: "app" } as const;
    return [
      () => createGrantsSql(definePolicy(desk), { dialect, groups: { relations: { author: "written_by" } } }),
      () => related.groupsFor({ ...feed, action: "edit" }),
      () => related.usersFor({ account: "acme", action: "pay" }),
      () => related.connectionsFor({ ...feed, action: "edit", relations: { author: ["ana", "ben"] } }),
      () => createGrantsSql(engage, { dialect, users: { table: "members" } }),
      () => createGrantsSql(own, { dialect, levels: "integer" }),
      () => {
        const [plan, tables] = [analysis.migrateGrants(own, stricter, { levels: { read: "write" } }), { dialect }];
        return migrationSql(own, stricter, plan, { before: tables, after: tables });
      },
      () => grants.groupsFor({ ...feed, action: "publish.view" }),
      () => grants.groupsFor({ ...feed, action: "publish.edit", only: { column: ["p", "id"] } }),
      () => grants.usersFor({ account: "acme", action: "publish.approve", group: "p1", only: "ben" }),
      () => grants.usersFor({ account: "acme", action: "connections.create" }),
      () => grants.connectionsFor({ ...feed, action: "publish.select" }),
      () => grants.groupLevels({ ...feed, area: "publish" }),
      () => grants.usersFor({ account: "acme", action: "publish.approve", groups: ["p1", "p2"] }),
      () => createGrantsSql(engage, { dialect, accounts: "one" }).loadUser({ user: "ana" }),
      () => grants.loadUser({ ...feed, connections: ["fb"] }).read([row]),
      () => grants.loadMatrix({ account: "acme" }).read([row]).toJSON(),
      () => grants.loadPage({ account: "acme", after: null, limit: 1 }).read([{ ...row, next: "ana" }]),
      () => grants.assign({ ...feed, connection: "fb", grant: { publish: "view-only", approver: true } }),
      () => grants.revoke({ ...feed, connection: "fb" }),
      () => related.assignAccount({ ...feed, grant: {} }),
      // Refused where there is none.
      () =>
        related.rowSecurity({ ...session, actions: { select: "edit", insert: "edit", update: "edit", manage: "pay" } }),
      () => grants.rowSecurity({ ...session, per: "statement", actions: { select: "publish.view" } }),
    ];
  }),
  teams: [
    () => folded.input,
    () => [folded.sources("ana", "ig"), folded.sources("ben", "x"), ...folded.rows()],
    () => [...foldTeams(definePolicy(desk), company).accountRows()],
    () => folded.sources("ana", "ig").map((source) => formatSource(source)),
    () => createMatrix(engage, folded.input),
    () => foldTeams(engage, { ...teams, brands: [{ id: "acme", connections: ["y"] }] }),
    () => foldTeams(engage, { ...teams, teams: [teams.teams[0], { ...teams.teams[0], id: "desk", grants: clashing }] }),
    () => foldTeams(engage, { ...teams, teams: [{ ...teams.teams[0], grants: { everywhere: ending } }] }),
    ...[noon, "2026-08-02T00:00:00Z"].map((at) => () => {
      const { input, validUntil } = foldTeams(
        engage,
        { ...teams, teams: [{ ...teams.teams[0], grants: { everywhere: ending } }, teams.teams[1]] },
        { at },
      );
      return [input, validUntil];
    }),
    () => formatSource({} as never),
  ],
  testing: [
    () => testing.person(engage).on(["fb", "ig"], { publish: "view-only" }).as("admin").named("eve").knowing("x"),
    () => testing.questionsOf(own, ["edit"]).questions.length,
    () => testing.expectGate(own, () => true, ["edit"]),
    () =>
      testing.expectGate(own, (user, action, target) => can(user, action, ...([target] as never)), ["edit", "start"]),
    () => testing.decisionTable(engage, { area: "publish" }),
    () => testing.decisionTable(own, { area: "posts", role: "owner" }),
    () => testing.decisionTable(engage, { action: "publish.view", users: [ana, ben], targets: [both, post] }),
    () => testing.distinctStandings(own, "posts"),
    ...[
      () => testing.matchers.toBeAllowed(ana, "publish.post-now", both),
      () => testing.matchers.toBeAllowed(ben, "publish.create"),
      () => testing.matchers.toBeAllowedExactly(ben, ["publish.view"], post),
      () => testing.matchers.toHaveAccess(ana, "publish", both, "full-access"),
    ].map((ask) => () => {
      const { pass, message } = ask();
      return [pass, message()];
    }),
  ],
  arbitraries: [
    () => fc.sample(arbitraries.grants(engage), { seed: 1, numRuns: 3 }),
    () => fc.sample(arbitraries.matrices(own), { seed: 2, numRuns: 3 }),
    () => fc.sample(arbitraries.groups(), { seed: 3, numRuns: 3 }),
    () => fc.sample(arbitraries.posts(own), { seed: 3, numRuns: 3 }),
    () => fc.sample(arbitraries.histories(engage), { seed: 4, numRuns: 3 }),
    () => fc.sample(arbitraries.policies(), { seed: 5, numRuns: 20 }),
  ],
  schema: [
    () => schema.grantSchema(engage).safeParse({ publish: "needs-approval", approver: true }).success,
    () => schema.userSchema(engage).parse(rows.users[0]),
    () => schema.matrixSchema(engage).parse(rows),
    () => schema.matrixRowsSchema(engage).parse(tables),
    () => schema.targetSchema(engage, "publish.view").parse(both),
    () => schema.submissionSchema(engage).parse(approved),
    () => schema.policySchema.parse(blog),
    () => schema.policySchema.safeParse({ ...blog, extra: 1 }).success,
    () =>
      schema.matrixSchema(engage).safeParse({ users: [{ id: "ana", role: "boss", grants: { fb: 1 } }] }).error?.issues,
    () => schema.matrixRowsSchema(engage).safeParse({ ...tables, users: [{ id: "ana" }] }).error?.issues,
    () => schema.userSchema(own).safeParse({ id: "ana", role: "owner", grants: { fb: {} } }).error?.issues,
  ],
  // Its answers come later: test/authzen asks for them.
  authzen: [
    () => typeof createDecisionPoint(engage, { account: "acme", loadUser: () => ana, onError: () => {} }),
    () => createDecisionPoint(engage, { account: "acme", loadUser: () => ana } as never),
    () =>
      createDecisionPoint(engage, {
        account: "acme",
        loadUser: () => ana,
        onError: () => {},
        types: { user: 5 },
      } as never),
  ],
  http: [
    () => problem(explain(ana, "publish.post-now", both)),
    () => problem(explain(ana, "publish.post-now", both), { tell: "reason" }),
    () => problem(explain(ana, "publish.post-now", both), { shows: (connection) => connection === "fb" }),
    () => problem(explain(ana, "conversations.reply", "fb"), { shows: () => true, describe: ({ reason }) => reason }),
    () => problem(explain(ana, "publish.create")),
    () => problem(explain(ana, "publish.post-now", both), { tell: "all" as never }),
    () => createGuard(engage, { user: () => ana } as never),
  ],
  command: [
    ...[
      "review grants.json",
      "review grants.json --json",
      "review unnamed.json",
      "review unnamed.json --policy engage --markdown",
      "review wrong.json",
      "review twice.json",
      "review comma.json --policy engage",
      "review remark.json --policy engage",
      "review empty.json --policy engage",
      "review none.json",
      "check blog.json",
      "check buffer --json",
      "compare engage blog.json",
      "diff grants.json after.json --submissions posts.json",
      "diff grants.json unnamed.json",
      "explain grants.json --user ana --action publish.post-now --on fb,ig",
      "explain grants.json --user ana --action publish.create",
      "explain grants.json --user ana",
      "migrate engage engage",
      "migrate engage buffer --accept",
      "migrate --help",
      "explain --help",
      "review --nothing",
      "nothing",
    ].map((typed) => () => printed(typed)),
    () => [wantsColours(true, {}), wantsColours(false, {})],
  ],
  words: [
    ...Object.values(words).map((each) => () => [
      each,
      formatDecision(explain(ana, "publish.post-now", both), each),
      formatDecision(explain(ben, "connections.create"), each),
      formatDecision(explain(ben, "publish.view", { connections: ["a", "b", "c", "d", "e", "f", "g"] }), each),
      formatRefusal({ reason: "is-author", user: "ana", for: "ben" }, each),
      formatInReact({ allowed: false, action: "publish.create", reason: "not-loaded", blockers: [] }, each),
    ]),
    () => createWords(engage, { language: { ...english, locale: "??" } }),
    () => createWords(engage, { language: { ...english, refusals: {} as never } }),
    () => formatDecision(explain(ana, "publish.create"), {} as never),
    () => formatRefusal({ reason: "bogus" as never }, words.english),
  ],
  react: [
    () => {
      const { GrantsProvider, useCan, useDecision, useAllowedActions, useAccessLevel, ...hooks } =
        createGrantsReact(engage);
      const answers: unknown[] = [];
      const Ask = () => {
        answers.push(useCan("publish.post-now", both), useDecision("publish.edit", both));
        answers.push(useAllowedActions("fb"), useAccessLevel("publish", both));
        answers.push(hooks.useConnections("publish.select"), hooks.useUser()?.id, hooks.useWords());
        return null;
      };
      for (const user of [ana, undefined]) {
        renderToString(createElement(GrantsProvider, { user }, createElement(Ask)));
        renderToString(createElement(GrantsProvider, { user, words: words.english }, createElement(Ask)));
      }
      return answers;
    },
    () => {
      const { Can, GrantsProvider } = createGrantsReact(engage);
      const shown = [
        createElement(Can, { do: "publish.edit", on: post, children: "edit" }),
        createElement(Can, { do: "publish.create", children: "create", fallback: "none" }),
        createElement(Can, { do: "connections.create", children: (decision) => formatInReact(decision) }),
      ];
      return [ana, ben, undefined].map((user) =>
        shown.map((each) => renderToString(createElement(GrantsProvider, { user }, each))),
      );
    },
    () => formatInReact({} as never),
    () => formatInReact({ allowed: false, reason: "not-loaded" } as never),
    () => formatInReact({ action: "publish.create", blockers: [] } as never),
  ],
  vue: [
    () => {
      const { Can, provideGrants, ...composables } = createGrantsVue(engage);
      const answers: unknown[] = [];
      const Ask = {
        setup() {
          const { useCan, useDecision, useAllowedActions, useAccessLevel } = composables;
          answers.push(useCan("publish.post-now", both).value, useDecision("publish.edit", () => both).value);
          answers.push(useAllowedActions("fb").value, useAccessLevel("publish", both).value);
          answers.push(composables.useConnections("publish.select").value, composables.useUser().value?.id);
          answers.push(composables.useWords().value, composables.useMatrix().value?.users());
          const shown = (name: string) => ({
            default: () => [answers.push(`${name} shown`)] as never,
            fallback: (decision: unknown) => [answers.push(`${name} denied`, decision)] as never,
          });
          return () => [
            h(Can, { do: "publish.edit", on: post }, shown("edit")),
            h(Can, { do: "publish.create" }, shown("create")),
            h(
              Can,
              { do: "connections.create" },
              {
                either: (decision: Parameters<typeof formatInVue>[0]) => [answers.push(formatInVue(decision))] as never,
              },
            ),
          ];
        },
      };
      for (const more of [{ user: ana, words: words.english, matrix: account }, { user: undefined }])
        renderNowhere({
          setup() {
            provideGrants(more);
            return () => h(Ask);
          },
        });
      return answers;
    },
    () => formatInVue({} as never),
  ],
};

/** What every call of an entry comes to while something is so, as text that is written once it is so no more. */
export function outcomesOf(name: string, while_: (work: () => void) => void = (work) => work()): readonly string[] {
  let found: readonly unknown[] = [];
  while_(() => {
    found = (calls[name] as readonly (() => unknown)[]).map(outcome);
  });
  return found.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
}
