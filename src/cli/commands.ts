import { diffMatrices } from "../analysis/accounts/diff-matrices.js";
import { reviewAccess } from "../analysis/accounts/review-access.js";
import { comparisonBlocks } from "../analysis/format/format-comparison.js";
import { diffBlocks } from "../analysis/format/format-diff.js";
import { migrationBlocks } from "../analysis/format/format-migration.js";
import { reportBlocks } from "../analysis/format/format-report.js";
import { reviewBlocks } from "../analysis/format/format-review.js";
import type { Block } from "../analysis/format/text-blocks.js";
import { migrateGrants } from "../analysis/migration/migrate-grants.js";
import { checkPolicy } from "../analysis/policies/check-policy.js";
import { comparePolicies } from "../analysis/policies/compare-policies.js";
import { at } from "../core/base/faults.js";
import { expected, showId, showValue } from "../core/base/message.js";
import { ownValue, readRecord, readStrings } from "../core/base/readers.js";
import { decisionOn } from "../core/decisions/explain.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Policy, PostGroup } from "../core/types/index.js";
import { accountsIn, jsonIn, policyIn, type Reader, withFile } from "./files.js";
import { fail } from "./mistake.js";
import { pointOf, portIn, type Serving } from "./serve.js";

/** The answer of a command: as data, as text, and whether it is a finding. */
interface Outcome {
  readonly data: unknown;
  readonly blocks: Iterable<Block>;
  readonly isFinding: boolean;
  /** What is to be served from now on. */
  readonly serving?: Serving;
}

export interface Command {
  readonly usage: string;
  readonly help: string;
  readonly options: readonly string[];
  run(files: readonly string[], options: Options, reader: Reader): Outcome;
}

export type Options = Readonly<Record<string, unknown>>;

export const options = {
  policy: {
    type: "string",
    help: "engage, buffer, or a file with a definition; by default, the policy that grants.json names",
  },
  properties: {
    type: "string",
    help: "a file with what must be true of the policy: { exceptions, separate, group, claims }",
  },
  groups: {
    type: "string",
    help: "a file with post groups to compare too, with their relations: [{ connections, author }, ...]",
  },
  submissions: {
    type: "string",
    help: "a file with posts in the approval flow: finds those that nobody can approve any more",
  },
  approve: { type: "string", help: "the action that approves, if the policy has no approval flow" },
  post: { type: "string", help: "the action that posts, if the policy has no approval flow" },
  user: { type: "string", help: "the id of the user" },
  action: { type: "string", help: "the action to explain" },
  on: { type: "string", multiple: true, help: "ids of connections, separated by commas; may be repeated" },
  group: {
    type: "string",
    help: "a file with the post group and its relations, instead of --on: { connections, author }",
  },
  connection: {
    type: "string",
    multiple: true,
    help: "the id of one connection, which may contain commas; may be repeated",
  },
  mapping: {
    type: "string",
    help: "a file with what becomes of the old names: { levels, areas, flags, roles, states }",
  },
  accept: {
    type: "string",
    multiple: true,
    help: "an action that users may gain; may be repeated",
  },
  grants: { type: "string", help: "a file of grants: to serve, or to move, which --json prints as they become" },
  posts: { type: "string", help: "a file with post groups and their relations by id: { id: { connections, author } }" },
  host: { type: "string", help: "the address to listen on; by default 127.0.0.1, which only this machine reaches" },
  port: { type: "string", help: "the port to listen on; by default 8080, and 0 for a free one" },
  at: { type: "string", help: "the instant for grants that end, such as 2026-08-31T12:00:00Z; by default, now" },
  later: { type: "string", help: "the instant for the second file; by default, the same as for the first" },
  "ends-within": { type: "string", help: "lists the grants that end within a time, such as 12h, 7d or 2w" },
  json: { type: "boolean", help: "prints JSON" },
  markdown: { type: "boolean", help: "prints Markdown, for a pull request" },
  help: { type: "boolean", help: "prints this help" },
} as const;

export const everywhere = ["json", "markdown", "help"];

export const commands: Readonly<Record<string, Command>> = {
  review: {
    usage: "review grants.json",
    help: "Shows who may do what on each connection, and why. A finding: nobody can approve or post on a connection.",
    options: ["policy", "approve", "post", "at", "ends-within"],
    run(files, { policy, at: instant, "ends-within": endsWithin, ...given }, reader) {
      const [matrix] = accountsIn(files, policy, reader, instant).matrices as [GrantMatrix];
      const soon = typeof endsWithin === "string" ? { endsWithin } : {};
      const review = reviewAccess(matrix, { ...picked(given, ["approve", "post"]), ...soon });
      return {
        data: review,
        blocks: reviewBlocks(review),
        isFinding: review.connections.some(({ nobody }) => nobody.length > 0),
      };
    },
  },
  check: {
    usage: "check policy.json",
    help: "Checks what a policy means, for groups of every size. A finding: a check fails.",
    options: ["properties"],
    run([file], { properties }, reader) {
      const { policy, properties: known } = policyIn(file, reader);
      const report =
        typeof properties === "string"
          ? withFile(properties, () => checkPolicy(policy, jsonIn(properties, reader) as object))
          : checkPolicy(policy, known);
      return { data: report, blocks: reportBlocks(report), isFinding: !report.holds };
    },
  },
  compare: {
    usage: "compare first.json second.json",
    help: "Shows how the second policy differs from the first. A finding: they differ.",
    options: [],
    run([first, second], _, reader) {
      const comparison = comparePolicies(policyIn(first, reader).policy, policyIn(second, reader).policy);
      return {
        data: comparison,
        blocks: comparisonBlocks(comparison),
        isFinding: comparison.verdict !== "equal",
      };
    },
  },
  migrate: {
    usage: "migrate first.json second.json",
    help: "Shows what grants become under another policy, and who gains or loses. A finding: a gain that --accept does not name.",
    options: ["mapping", "accept", "grants", "at"],
    run([first, second], { mapping, accept = [], grants, at: instant }, reader) {
      const [from, to] = [policyIn(first, reader).policy, policyIn(second, reader).policy];
      const migration =
        typeof mapping === "string"
          ? withFile(mapping, () => migrateGrants(from, to, jsonIn(mapping, reader) as object))
          : migrateGrants(from, to);
      const accepted = accept as string[];
      const strange = accepted.find((action) => !Object.hasOwn(to.actions, action));
      if (strange !== undefined)
        fail(`${showValue(strange)} is no action of the second policy; ${expected(Object.keys(to.actions))}`);
      const open = migration.gains.filter((action) => !accepted.includes(action));
      const lines = open.map((action) => `✗ a gain that is not accepted; expected --accept ${showId(action)}`);
      const { row: _, matrix, ...report } = migration;
      const [account] = typeof grants === "string" ? accountsIn([grants], first, reader, instant).matrices : [];
      return {
        data: account ? { ...report, grants: matrix(account).toJSON() } : report,
        blocks: [...migrationBlocks(report), { lines }],
        isFinding: open.length > 0,
      };
    },
  },
  diff: {
    usage: "diff before.json after.json",
    help: "Shows which grants and decisions change. A finding: the last user who could approve or post is gone.",
    options: ["policy", "groups", "submissions", "approve", "post", "at", "later"],
    run(files, { policy, at: instant, later, ...given }, reader) {
      const [before, second] = accountsIn(files, policy, reader, instant).matrices as [GrantMatrix, GrantMatrix];
      const after = typeof later === "string" ? second.at(later) : second;
      const lists = Object.entries(picked(given, ["groups", "submissions"])).map(([key, file]) => [
        key,
        jsonIn(file, reader),
      ]);
      const asked = { ...Object.fromEntries(lists), ...picked(given, ["approve", "post"]) };
      const diff = diffMatrices(before, after, asked);
      return {
        data: diff,
        blocks: diffBlocks(diff),
        isFinding: diff.orphans.length + diff.submissions.length > 0,
      };
    },
  },
  explain: {
    usage: "explain grants.json --user ana --action publish.post-now --on fb,ig",
    help: "Shows whether a user may do an action, and if not, why. A finding: the user may not.",
    options: ["policy", "user", "action", "on", "connection", "group", "at"],
    run(files, { policy: named, user, action, on = [], connection = [], group, at: instant }, reader) {
      if (typeof user !== "string" || typeof action !== "string") return fail("explain needs --user and --action");
      const { policy, matrices } = accountsIn(files, named, reader, instant);
      const [matrix] = matrices as [GrantMatrix];
      const listed = [...(on as string[]).flatMap((list) => list.split(",")), ...(connection as string[])];
      if (typeof group === "string" && listed.length > 0)
        fail("--group beside --on or --connection; expected one of them");
      const post = typeof group === "string" ? withFile(group, () => readPost(jsonIn(group, reader))) : undefined;
      const ids = post ? post.connections : listed;
      if (!matrix.users().includes(user))
        fail(`${showValue(user)} is no user of the grants; ${expected(matrix.users())}`);
      const strange = ids.find((id) => !matrix.connections().includes(id));
      if (strange !== undefined) {
        fail(`${showValue(strange)} is no connection of the grants; ${expected(matrix.connections())}`);
      }
      const decision = decisionOn(matrix.user(user), action, targetOf(policy, action, ids, post));
      return {
        data: decision,
        blocks: [{ heading: `${decision.allowed ? "✓" : "✗"} ${formatDecision(decision)}` }],
        isFinding: !decision.allowed,
      };
    },
  },
  serve: {
    usage: "serve --grants grants.json",
    help: "Answers AuthZEN 1.0 requests about an account, for trying out. It does not ask who calls it.",
    options: ["grants", "policy", "posts", "host", "port", "at"],
    run(_, { grants, policy: named, posts, host = "127.0.0.1", port = "8080", at: instant }, reader) {
      if (typeof grants !== "string") return fail("serve needs --grants");
      const { policy, matrices } = accountsIn([grants], named, reader, instant);
      const [account] = matrices as [GrantMatrix];
      const accountNow = () => (instant === undefined ? account.at(new Date()) : account);
      const groups = typeof posts === "string" ? withFile(posts, () => readPosts(jsonIn(posts, reader))) : new Map();
      const point = pointOf(policy, accountNow, groups);
      return { data: {}, blocks: [], isFinding: false, serving: { point, host: String(host), port: portIn(port) } };
    },
  },
};

function readPosts(source: unknown): ReadonlyMap<string, PostGroup> {
  return new Map([...readRecord(source, at("wrong-target"))].map(([id, post]) => [id, readPost(post)]));
}

/** Reads a post group, whose relations are read when an action is asked. */
function readPost(source: unknown): PostGroup {
  const post = Object.fromEntries(readRecord(source, at("wrong-target")));
  return { ...post, connections: readStrings(ownValue(post, "connections"), at("wrong-target", "connections")) };
}

/** Makes the target of an action from ids, or from a post group. */
function targetOf({ actions }: Policy, action: string, ids: readonly string[], post?: PostGroup): unknown {
  const kind = ownValue(actions, action)?.target;
  if (post && kind !== undefined && kind !== "group")
    fail(`${showValue(action)} is not about a post group; expected no --group`);
  if (kind === "none" && ids.length > 0) fail(`${showValue(action)} is about the account as a whole; expected no --on`);
  if (kind === "group" && ids.length === 0) fail(`${showValue(action)} is about a post group; expected --on fb,ig`);
  if (kind === "connection" && ids.length !== 1) fail(`${showValue(action)} is about one connection; expected --on fb`);
  const [id] = ids;
  return kind === "group" ? (post ?? { connections: ids }) : id;
}

function picked(given: Options, keys: readonly string[]): Record<string, string> {
  const entries = keys.map((key) => [key, ownValue(given, key)]).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
