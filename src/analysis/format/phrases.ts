import { join, name } from "../../core/base/policy-error.js";
import { own, ownOf } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { ClauseDefinition } from "../../core/types/policy.js";
import type { DecisionChange, MatrixDiff } from "../accounts/matrix-diff.js";
import type { Access, AccessReview } from "../accounts/review-access.js";
import type { PolicyComparison } from "../policies/compare-policies.js";
import type { Finding, PolicyCheck, PolicyReport } from "../policies/policy-report.js";
import type { Witness } from "../policies/witness.js";
import { type Block, type TextForm, write } from "./text-blocks.js";

/**
 * Writes the result of `checkPolicy` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { checkPolicy, formatReport } from "channel-grants/analysis";
 *
 * formatReport(checkPolicy(engage)).split("\n")[0]; // "engage: every check holds"
 * ```
 */
export function formatReport(report: PolicyReport, form?: TextForm): string {
  return write(reportBlocks(report), form);
}

/** Puts what was checked of a policy into blocks. */
export function reportBlocks({ policy, holds, checks }: PolicyReport): readonly Block[] {
  const failed = checks.filter((check) => !check.holds).length;
  const verdict = holds ? "every check holds" : `${failed} of ${checks.length} checks fail`;
  const lines = checks.flatMap((check) => [
    `${check.holds ? "✓" : "✗"} ${titles[check.check]}${aboutOf(check)}`,
    ...inLines(check, check.findings).map((line) => `  ✗ ${line}`),
    ...inLines(check, check.exceptions).map((line) => `  except ${line}`),
  ]);
  return [{ heading: `${name(policy)}: ${verdict}` }, { lines }];
}

/** Names what a check is about. */
function aboutOf(check: PolicyCheck): string {
  const about = own(check, "about");
  if (about === undefined) return "";
  return `: ${check.check === "claim" ? name(about) : about}`;
}

const titles: Readonly<Record<PolicyCheck["check"], string>> = {
  "default-deny": "nothing is allowed without a grant",
  raising: "a higher level takes nothing away",
  nobody: "every action can be done by somebody",
  everybody: "no action can always be done by everybody",
  "told-apart": "every level and flag means something of its own",
  separate: "nobody does both",
  claim: "claim",
};

/** Says each finding in a line; what needs no grant, once for all that the same roles do. */
function inLines(check: PolicyCheck, findings: readonly Finding[]): readonly string[] {
  if (check.check !== "default-deny") return findings.map((finding) => findingIn(check, finding));
  const actionsOf = new Map<string, string[]>();
  for (const { action = "", roles = [] } of findings.map(ownOf)) {
    const who = join(roles.map(name), "and");
    actionsOf.set(who, [...(actionsOf.get(who) ?? []), name(action)]);
  }
  return [...actionsOf].map(([who, actions]) => `what ${who} may do by role: ${actions.join(", ")}`);
}

function findingIn({ check }: PolicyCheck, finding: Finding): string {
  const { action = "", names = [], area = "", condition, witness, raised } = ownOf(finding);
  if (check === "told-apart") {
    return names.length > 1
      ? `${join(names.map(name), "and")} in ${name(area)} mean the same`
      : `${join(names.map(name), "and")} in ${name(area)} makes no difference`;
  }
  if (raised && witness) {
    return `${name(action)}: ${inWords(witness)} loses it with ${grantText(raised.to)} on ${name(raised.connection)}`;
  }
  const part = check === "claim" && condition ? `${conditionInWords(condition)}: ` : "";
  return witness ? `${part}not so for ${inWords(witness)}` : name(action);
}

function conditionInWords(condition: NonNullable<Finding["condition"]>): string {
  return typeof condition === "string" ? name(condition) : clauseInWords(condition);
}

/** Names somebody by role and grants, and the connections that are asked about. */
function inWords({ user, connections }: Witness): string {
  const grants = Object.entries(own(user, "grants") ?? {}).map(
    ([id, grant]) => `${name(id)} at ${grantInWords(grant)}`,
  );
  const holding = grants.length > 0 ? ` with ${join(grants, "and")}` : "";
  return `${name(user.role)}${holding}${connections.length > 0 ? `, on ${join(connections.map(name), "and")}` : ""}`;
}

function grantInWords(grant: object = {}): string {
  const held = Object.entries(grant).map(([key, value]) =>
    value === true ? name(key) : `${name(key)} ${name(String(value))}`,
  );
  return held.join(" + ");
}

/**
 * Writes the result of `comparePolicies` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { comparePolicies, formatComparison } from "channel-grants/analysis";
 *
 * formatComparison(comparePolicies(engage, engage)); // "engage and engage are equal\n"
 * ```
 */
export function formatComparison(comparison: PolicyComparison, form?: TextForm): string {
  return write(comparisonBlocks(comparison), form);
}

/** Puts the differences of two policies into blocks. */
export function comparisonBlocks(comparison: PolicyComparison): readonly Block[] {
  const { verdict, actions, roles, states } = comparison;
  const [first, second] = [name(comparison.first), name(comparison.second)];
  const heading = {
    equal: `${first} and ${second} are equal`,
    stricter: `the second, ${second}, is stricter than the first, ${first}`,
    looser: `the second, ${second}, is looser than the first, ${first}`,
    different: `the second, ${second}, is neither stricter nor looser than the first, ${first}`,
  }[verdict];
  const lines = actions.map(ownOf).flatMap(({ action, only, looser, stricter, verdict: how }) => {
    if (only) return [`${only === "first" ? "-" : "+"} ${name(action)}: only the ${only} has it`];
    if (how === "different" && !looser) return [`✗ ${name(action)}: asked about another kind of target`];
    return [
      ...(looser ? [`+ ${name(action)}: only the second allows ${inWords(looser)}`] : []),
      ...(stricter ? [`- ${name(action)}: only the first allows ${inWords(stricter)}`] : []),
    ];
  });
  const others = [
    ...roles
      .map(ownOf)
      .map(
        ({ role, only, grants }) =>
          [only, `role ${name(role)}${grants ? ": only there it takes grants" : ""}`] as const,
      ),
    ...states.map(({ grant, only, allows }) => {
      const may = allows.length > 0 ? `, which allows ${join(allows.map(name), "and")}` : "";
      return [
        only,
        `${grantInWords(Object.fromEntries(Object.entries(grant).filter(([, value]) => value !== false)))}${may}`,
      ] as const;
    }),
  ].map(([only, what]) => `${only === "first" ? "-" : "+"} only the ${only} has ${what}`);
  return [{ heading }, { lines: [...lines, ...others] }];
}

/**
 * Writes the result of `diffMatrices` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { diffMatrices, formatDiff } from "channel-grants/analysis";
 *
 * const before = createMatrix(engage, { users: [{ id: "ana", role: "viewer" }], connections: ["fb"] });
 * formatDiff(diffMatrices(before, before.assign("ana", "fb", { analytics: "full-access" }))).split("\n");
 * // ["1 grant and 2 decisions change", "  + ana on fb: analytics full-access", "ana", "  + analytics.view on fb", "  + connections.reconnect on fb", ""]
 * ```
 */
export function formatDiff(diff: MatrixDiff, form?: TextForm): string {
  return write(diffBlocks(diff), form);
}

/** Puts a diff into blocks, one user after the other: the text of all may be longer than a string can be. */
export function* diffBlocks(diff: MatrixDiff): Iterable<Block> {
  const { grants, decisions, groups, submissions, orphans } = diff;
  const count = (list: readonly unknown[], one: string) => `${list.length} ${one}${list.length === 1 ? "" : "s"}`;
  yield { heading: `${count(grants, "grant")} and ${count(decisions, "decision")} change` };
  yield { lines: accountChanges(diff) };
  const changesOf = new Map<string, (readonly [DecisionChange, string])[]>();
  for (const each of [
    ...decisions.map((change) => [change, ""] as const),
    ...groups.map((change) => [change, "the post to "] as const),
  ]) {
    const known = changesOf.get(each[0].user);
    if (known) known.push(each);
    else changesOf.set(each[0].user, [each]);
  }
  for (const [id, changes] of changesOf) {
    yield { heading: name(id) };
    yield { lines: changes.map((change) => changeInWords(...change)) };
  }
  if (orphans.length + submissions.length > 0) {
    yield { heading: "left with nobody" };
    yield { lines: leftWithNobody(diff) };
  }
}

function* accountChanges({ users, connections, grants }: MatrixDiff): Iterable<string> {
  for (const id of users.added) yield `+ user ${name(id)}`;
  for (const id of users.removed) yield `- user ${name(id)}`;
  for (const { user, before, after } of users.roles) yield `~ ${name(user)}: ${name(before)} becomes ${name(after)}`;
  for (const id of connections.added) yield `+ connection ${name(id)}`;
  for (const id of connections.removed) yield `- connection ${name(id)}`;
  for (const { user, connection, change, before, after } of grants.map(ownOf)) {
    const where = `${name(user)} on ${name(connection)}`;
    if (change === "changed") yield `~ ${where}: ${grantInWords(before)} becomes ${grantInWords(after)}`;
    else yield change === "added" ? `+ ${where}: ${grantInWords(after)}` : `- ${where}: ${grantInWords(before)}`;
  }
}

function changeInWords(decision: DecisionChange, post: string): string {
  const { action, change, connections: on } = ownOf(decision);
  return `${change === "gained" ? "+" : "-"} ${name(action)}${on ? ` on ${post}${join(on.map(name), "and")}` : ""}`;
}

function* leftWithNobody({ orphans, submissions }: MatrixDiff): Iterable<string> {
  for (const { connection, nobody } of orphans) yield `✗ ${name(connection)}: nobody is left who can ${nobody}`;
  for (const { submission, step, author, connections: on, lost } of submissions) {
    yield `✗ post ${submission + 1} by ${name(author)} to ${join(on.map(name), "and")}: step ${step + 1} loses ${join(lost.map(name), "and")} and has nobody left to approve it`;
  }
}

/**
 * Writes the result of `reviewAccess` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { buffer, createMatrix } from "channel-grants";
 * import { formatReview, reviewAccess } from "channel-grants/analysis";
 *
 * const account = createMatrix(buffer, {
 *   users: [{ id: "mia", role: "member", grants: { fb: { posting: "approval-required" } } }],
 * });
 * formatReview(reviewAccess(account)).split("\n").slice(0, 3); // ["fb", "  ✗ nobody can approve", "  ✗ nobody can post"]
 * ```
 */
export function formatReview(review: AccessReview, form?: TextForm): string {
  return write(reviewBlocks(review), form);
}

/** Puts a review into blocks, one connection after the other: the text of all may be longer than a string can be. */
export function* reviewBlocks({ account, connections }: AccessReview): Iterable<Block> {
  for (const { connection, users, nobody } of connections) {
    yield { heading: name(connection) };
    yield { lines: nobody.map((what) => `✗ nobody can ${what}`) };
    yield {
      rows: [
        ["user", "role", "holds", "through", "may"],
        ...users.flatMap(({ user, role, holds, allows }) =>
          allows.map(({ through, actions }, index) => [
            ...(index === 0 ? [name(user), name(role), grantInWords(holds)] : ["", "", ""]),
            clauseInWords(through),
            actions.map(name).join(", "),
          ]),
        ),
      ],
    };
  }
  const whole = account.flatMap(({ action, users }) => users.map((each): [string, Access] => [action, each]));
  const rows = whole.map(([action, { user, role, through }]) => [
    name(user),
    name(role),
    clauseInWords(through),
    name(action),
  ]);
  if (rows.length > 0) {
    yield { heading: "the account as a whole" };
    yield { rows: [["user", "role", "through", "may"], ...rows] };
  }
  if (connections.length + rows.length === 0) yield { heading: "no connections, and nobody who may do anything" };
}

/**
 * Writes the result of `whoCan` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { formatAccess, whoCan } from "channel-grants/analysis";
 *
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "admin" }] });
 * formatAccess(whoCan(account, "connections.create")); // "  user  role   through\n  ana   admin  role admin\n"
 * ```
 */
export function formatAccess(access: readonly Access[], form?: TextForm): string {
  const rows = access.map(({ user, role, through }) => [name(user), name(role), clauseInWords(through)]);
  return write(rows.length > 0 ? [{ rows: [["user", "role", "through"], ...rows] }] : [{ heading: "nobody" }], form);
}

/** Says what a clause asks for. */
function clauseInWords(clause: ClauseDefinition<string, string, string, string>): string {
  const { role, area, level, exactly, some, every } = ownOf(clause);
  const named = [role ?? []].flat().map((each) => name(each as string));
  const roles = named.length > 0 ? [`role ${join(named, "or")}`] : [];
  const asks = [
    ...(level === undefined ? [] : [`at least ${name(level)}`]),
    ...(exactly === undefined ? [] : [`exactly ${name(exactly)}`]),
    ...(some === undefined ? [] : [`somewhere ${name(some)}`]),
    ...(every === undefined ? [] : [`${name(every)} everywhere`]),
  ];
  return [...roles, ...(area === undefined ? [] : [`${name(area)} ${join(asks, "and")}`])].join(", ");
}
