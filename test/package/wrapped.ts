// What an application may export with its types inferred, so that a compiler has to name each type that a function of the
// package gives: every function of every entry, wrapped for any policy and asked of one. Not run, but compiled with its
// declarations: `entries.test.ts` and `consumers.ts` do.

import * as root from "channel-grants";
import * as analysis from "channel-grants/analysis";
import * as approval from "channel-grants/approval";
import * as authzen from "channel-grants/authzen";
import * as express from "channel-grants/express";
import * as fastify from "channel-grants/fastify";
import * as hono from "channel-grants/hono";
import * as http from "channel-grants/http";
import * as nestjs from "channel-grants/nestjs";
import * as react from "channel-grants/react";
import * as schema from "channel-grants/schema";
import * as sql from "channel-grants/sql";
import * as teams from "channel-grants/teams";
import * as testing from "channel-grants/testing";
import * as arbitraries from "channel-grants/testing/arbitraries";
import * as token from "channel-grants/token";
import * as vue from "channel-grants/vue";
import * as words from "channel-grants/words";

type AnyPolicy = root.Policy;
type Target = string | root.PostGroup | undefined;

export const own = root.definePolicy({
  name: "own",
  levels: ["none", "all"],
  areas: { posts: { levels: ["none", "all"], flags: { lead: ["all"] } } },
  roles: { author: {}, chief: { holds: { posts: "all", lead: true } } },
  actions: {
    "post.write": { target: "group", allow: { area: "posts", level: "all" } },
    "post.count": { target: "none", allow: [{ role: "chief" }, { area: "posts", some: "all" }] },
  },
});
export const define = root.definePolicy;
export const { name, levels, areas, roles, actions, approval: ownApproval } = own;
export const { "post.count": count } = own.actions;
export const countAllow = count.allow;
export const posts = own.areas.posts;
export const chief = own.roles.chief.holds;
export const { engage, buffer, PolicyError } = root;
export const engageActions = engage.actions;

export const userOf = <P extends AnyPolicy>(policy: P, input: root.UserInput<P>) => root.createUser(policy, input);
export const matrixOf = <P extends AnyPolicy>(policy: P, input: root.MatrixInput<P>) =>
  root.createMatrix(policy, input);
export const may = <P extends AnyPolicy, A extends root.ActionOf<P>>(
  user: root.User<P>,
  action: A,
  ...target: root.TargetOf<P, A>
) => root.can(user, action, ...target);
export const why = <P extends AnyPolicy, A extends root.ActionOf<P>>(
  user: root.User<P>,
  action: A,
  ...target: root.TargetOf<P, A>
) => root.explain(user, action, ...target);
export const prepared = <P extends AnyPolicy>(policy: P, post: root.GroupOf<P>) => root.prepareGroup(policy, post);
export const preparedIn = <P extends AnyPolicy>(matrix: root.GrantMatrix<P>, post: root.GroupOf<P>) =>
  matrix.group(post);
export const allowed = <P extends AnyPolicy, T extends Target = undefined>(user: root.User<P>, target?: T) =>
  root.allowedActions(user, target);
export const levelOf = <P extends AnyPolicy, A extends root.AreaOf<P>>(
  user: root.User<P>,
  area: A,
  ...target: root.LevelTargetOf<P, A>
) => root.accessLevel(user, area, ...target);
export const sentence = (decision: root.Decision) => root.formatDecision(decision);
export const sentRow = <P extends AnyPolicy>(user: root.User<P>) => root.frontendRow(user);

export const ana = userOf(own, { id: "ana", role: "author", grants: { fb: { posts: "all", lead: true } } });
export const row = ana.toJSON();
export const account = matrixOf(own, { users: [row] });
export const grant = account.grant("ana", "fb");
export const userFromAccount = account.user("ana");
export const stored = account.toJSON();
export const { assign, putUser, usersFor, connectionsFor } = account;
export const decision = why(ana, "post.write", { connections: ["fb"] });
export const blockers = decision.allowed ? [] : decision.blockers;
export const reason = decision.allowed ? undefined : decision.reason;
export const mine = allowed(ana, { connections: ["fb"] });
export const level = levelOf(ana, "posts", "fb");

export const checked = <P extends AnyPolicy>(policy: P, properties: analysis.PolicyProperties<P>) =>
  analysis.checkPolicy(policy, properties);
export const compared = () => analysis.comparePolicies(engage, buffer);
export const diffed = <P extends AnyPolicy>(before: root.GrantMatrix<P>, after: root.GrantMatrix<P>) =>
  analysis.diffMatrices(before, after);
export const listed = <P extends AnyPolicy, A extends root.ActionOf<P>>(
  matrix: root.GrantMatrix<P>,
  action: A,
  ...target: root.TargetOf<P, A>
) => analysis.whoCan(matrix, action, ...target);
export const reviewed = <P extends AnyPolicy>(matrix: root.GrantMatrix<P>) => analysis.reviewAccess(matrix, {});
export const texts = {
  report: () => analysis.formatReport(analysis.checkPolicy(own)),
  comparison: () => analysis.formatComparison(compared(), "markdown"),
  diff: () =>
    analysis.formatDiff(diffed(root.createMatrix(engage, { users: [] }), root.createMatrix(engage, { users: [] }))),
  review: analysis.formatReview,
  access: analysis.formatAccess,
  german: () => analysis.formatReport(analysis.checkPolicy(own), { language: analysis.germanAnalysis }),
  languages: [analysis.englishAnalysis, analysis.germanAnalysis] as readonly analysis.AnalysisLanguage[],
};
export const findings = analysis.checkPolicy(own).checks;
export const moved = <From extends AnyPolicy, To extends AnyPolicy>(from: From, to: To) =>
  analysis.migrateGrants(from, to);
export const movedText = (report: analysis.MigrationReport) => analysis.formatMigration(report);
export const movedRows = () => moved(own, own).gains;
export const changes = () => diffed(account, account).decisions;
export const accesses = () => analysis.reviewAccess(account);

export const begun = <P extends AnyPolicy>(matrix: root.GrantMatrix<P>, author: string) =>
  approval.draft(matrix, { author, connections: [] });
export const next = <P extends AnyPolicy>(
  matrix: root.GrantMatrix<P>,
  post: approval.Submission,
  event: approval.ApprovalEvent,
) => approval.transition(matrix, post, event);
export const eventsOf = <P extends AnyPolicy>(matrix: root.GrantMatrix<P>, post: approval.Submission, user: string) =>
  approval.availableEvents(matrix, post, user);
export const waiting = <P extends AnyPolicy>(
  matrix: root.GrantMatrix<P>,
  posts: readonly approval.Submission[],
  user: string,
  options: approval.ApprovalOptions,
) => approval.inbox(matrix, posts, user, options);
export const offered = <P extends AnyPolicy>(matrix: root.GrantMatrix<P>, post: approval.Submission) =>
  approval.approversFor(matrix, post);
export const refused = (refusal: approval.Refusal, by: root.Words) => approval.formatRefusal(refusal, by);
export const shown = <P extends AnyPolicy>(policy: P, post: approval.Submission) => approval.timeline(post, policy);

export const whoMayBeAsked = <P extends AnyPolicy>(matrix: root.GrantMatrix<P>, post: approval.Submission) =>
  approval.approversFor(matrix, post, { step: 0 });
export const waitingFor = <P extends AnyPolicy>(
  matrix: root.GrantMatrix<P>,
  posts: readonly approval.Submission[],
  user: string,
) => approval.inbox(matrix, posts, user);
export const progressOf = <P extends AnyPolicy>(post: approval.Submission, policy: P) =>
  approval.timeline(post, policy);

export const grantOf = <P extends AnyPolicy>(policy: P) => schema.grantSchema(policy);
export const schemas = <P extends AnyPolicy, A extends root.ActionOf<P>>(policy: P, action: A) => ({
  account: schema.accountGrantSchema(policy),
  user: schema.userSchema(policy),
  matrix: schema.matrixSchema(policy),
  rows: schema.matrixRowsSchema(policy),
  target: schema.targetSchema(policy, action),
  submission: schema.submissionSchema(policy),
  event: schema.eventSchema(policy),
  definition: schema.policySchema,
});
export const ownGrant = schema.grantSchema(own);
export const ownTarget = schema.targetSchema(own, "post.write");

export const queriesOf = <P extends AnyPolicy>(policy: P) => sql.createGrantsSql(policy, { dialect: "sqlite" });
export const queries = queriesOf(own);
export const statements = <From extends AnyPolicy, To extends AnyPolicy>(
  from: From,
  to: To,
  plan: root.MigrationPlan,
) => sql.migrationSql(from, to, plan, { before: { dialect: "sqlite" }, after: { dialect: "sqlite" } });
export const feed = (user: string) => queries.groupsFor({ account: 1, user, action: "post.write" });

export const foldedOf = <P extends AnyPolicy>(policy: P, input: teams.TeamsInput<P>) => teams.foldTeams(policy, input);
export const folded = foldedOf(own, { users: [], connections: [] });
export const foldedRows = () => [...folded.rows(), ...folded.accountRows()];
export const saidOf = (user: string) => folded.sources(user, "fb").map((source) => teams.formatSource(source));
export const pointOf = <P extends AnyPolicy>(policy: P, options: authzen.DecisionPointOptions<P>) =>
  authzen.createDecisionPoint(policy, options);
export const point = pointOf(own, { account: "a", loadUser: () => null, onError: () => {} });

export const packed = <P extends AnyPolicy>(user: root.User<P>) => token.packUser(user);
export const unpacked = <P extends AnyPolicy>(policy: P, text: string) => token.unpackUser(policy, text);

export const limitedTo = <P extends AnyPolicy>(user: root.User<P>, cap: root.Cap<P>) => root.limit(user, cap);
export const partsBeyond = <P extends AnyPolicy>(user: root.User<P>, grant: root.GrantInput<P>) =>
  root.beyond(user, "fb", grant);
export const accountPartsBeyond = <P extends AnyPolicy>(user: root.User<P>, grant: root.AccountGrantInput<P>) =>
  root.beyondAccount(user, grant);

export const personOf = <P extends AnyPolicy>(policy: P) => testing.person(policy);
export const somebody = personOf(own).on("fb", { posts: "all" });
export const questions = <P extends AnyPolicy>(policy: P) => testing.questionsOf(policy);
export const compare = <P extends AnyPolicy, Answer extends boolean | PromiseLike<boolean>>(
  policy: P,
  gate: testing.Gate<P, Answer>,
) => testing.expectGate(policy, gate);
export const table = <P extends AnyPolicy>(policy: P, subject: testing.TableSubject<P>) =>
  testing.decisionTable(policy, subject);
export const standings = <P extends AnyPolicy>(policy: P, area: root.AreaOf<P>) =>
  testing.distinctStandings(policy, area);
export const ownQuestions = testing.questionsOf(own);
export const { toBeAllowed, toBeAllowedExactly, toHaveAccess } = testing.matchers;
export const matchers = { ...testing.matchers };
export const expectOf = <Received extends root.User>(matchersOf: testing.GrantMatchers<Received>) => ({
  ...matchersOf,
});

export const drawn = <P extends AnyPolicy>(policy: P) => ({
  grants: arbitraries.grants(policy),
  users: arbitraries.users(policy),
  matrices: arbitraries.matrices(policy),
  groups: arbitraries.groups(),
  posts: arbitraries.posts(policy),
  histories: arbitraries.histories(policy),
  policies: arbitraries.policies(),
});
export const ownUsers = arbitraries.users(own);

export const reactOf = <P extends AnyPolicy>(policy: P) => react.createGrantsReact(policy);
export const { Can, GrantsProvider, useAccessLevel, useAllowedActions, useCan, useConnections, useDecision } =
  react.createGrantsReact(engage);
export const ownReact = react.createGrantsReact(own);
export const useMine = <T extends Target = undefined>(target?: T) => ownReact.useAllowedActions(target);
export const useButtons = () => useAllowedActions("fb");
export const usePicker = () => useConnections("publish.select");
export const useWhom = () => ownReact.useUser();
export const useOwnWords = () => ownReact.useWords();
export const useWhy = () => useDecision("publish.approve", { connections: ["fb"] });
export const useAccount = () => ownReact.useMatrix();
export const said = react.formatDecision;

export const vueOf = <P extends AnyPolicy>(policy: P) => vue.createGrantsVue(policy);
export const ownVue = vue.createGrantsVue(own);
export const { provideGrants } = ownVue;
export const VueCan = ownVue.Can;
export const computedMine = (target: () => Target) => ownVue.useAllowedActions(target);
export const computedMay = () => ownVue.useCan("post.write", () => ({ connections: ["fb"] }));
export const computedWhy = () => ownVue.useDecision("post.write", { connections: ["fb"] });
export const computedLevel = () => ownVue.useAccessLevel("posts", "fb");
export const computedPicker = () => ownVue.useConnections("post.write");
export const computedUser = () => ownVue.useUser();
export const computedAccount = () => ownVue.useMatrix();
export const computedWords = () => ownVue.useWords();
export const saidInVue = vue.formatDecision;

export const guardOf = <P extends AnyPolicy>(policy: P, user: root.User<P>) =>
  http.createGuard(policy, { user: (_: string) => user, onError: () => {} });
export const ownGuard = guardOf(own, ana);
export const answered = (path: string) => ownGuard(path, "post.write", () => ({ path, connections: ["fb"] }));
export const counted = () => ownGuard("/", "post.count");

export const told = <P extends AnyPolicy>(no: root.Denied<P>) => http.problem(no);
export const sent = <P extends AnyPolicy>(no: root.Denied<P>) => http.problemResponse(told(no));

export const expressOf = <P extends AnyPolicy>(policy: P, user: root.User<P>) =>
  express.createGrantsExpress(policy, { user: () => user });
export const ownExpress = expressOf(own, ana);
export const mayWriteInExpress = ownExpress.gate("post.write", () => ({ id: 1, connections: ["fb"] }));
export const passedInExpress = (request: object) => mayWriteInExpress.granted(request);

export const fastifyOf = <P extends AnyPolicy>(policy: P, user: root.User<P>) =>
  fastify.createGrantsFastify(policy, { user: () => user });
export const ownFastify = fastifyOf(own, ana);
export const mayWriteInFastify = ownFastify.gate("post.write", () => ({ id: 1, connections: ["fb"] }));
export const passedInFastify = (request: object) => mayWriteInFastify.granted(request);

export const honoOf = <P extends AnyPolicy>(policy: P, user: root.User<P>) =>
  hono.createGrantsHono(policy, { user: () => user });
export const ownHono = honoOf(own, ana);
export const mayWriteInHono = ownHono.gate("post.write", () => ({ id: 1, connections: ["fb"] }));
export const passedInHono = (request: object) => mayWriteInHono.granted(request);

export const wordsOf = <P extends AnyPolicy>(policy: P, input: words.WordsInput<P>) => words.createWords(policy, input);
export const { english, german } = words;
export const ownWords = words.createWords(own, { language: german, flags: { lead: "Leitung" } });
export const ownSentence = (decision: root.Decision<typeof own>) => root.formatDecision(decision, ownWords);

export const nestOf = <P extends AnyPolicy>(policy: P) => nestjs.createGrantsNest(policy);
export const ownNest = nestOf(own);
export const mayWriteInNest = ownNest.RequireGrant("post.write", "post");
export const nestGuard = ownNest.guard({ user: () => ana, targets: { post: () => "fb" } });
