import type { Denied, Policy } from "channel-grants";
import { formatDecision } from "channel-grants";
import type { Approval, EventType, Refusal, RefusalReason, StepInput } from "channel-grants/approval";
import type { Choice, LogEntry, Tab } from "./case.js";

/** The areas of a policy, also of one that is being drawn. */
export interface Ladders {
  readonly areas: Readonly<
    Record<
      string,
      { readonly levels: readonly string[]; readonly flags?: Readonly<Record<string, readonly string[] | undefined>> }
    >
  >;
}

export const tabTitles: Readonly<Record<Tab, string>> = {
  overview: "Overview",
  assign: "Assign users",
  compose: "Compose",
  approve: "Approve",
  policy: "Policy",
  data: "Data",
};

export const choiceTitles: Readonly<Record<Choice, string>> = { engage: "Engage", buffer: "Buffer", own: "Your own" };

/** Turns a name of a policy into a title: `needs-approval` into "Needs approval". */
export function title(name: string): string {
  const words = name.replaceAll(/[-_.]+/g, " ").trim();
  return words === "" ? quoted(name) : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Shows an id as it is, in quotes if it would otherwise not be visible. */
export function quoted(id: string): string {
  return id !== "" && id === id.trim() ? id : JSON.stringify(id);
}

/** Joins a list as a sentence does. */
export function listed(names: readonly string[], word = "and"): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}

/** Says what a grant, or a part of one, gives: "Publish: full access + approver". */
export function grantInWords(policy: Ladders, grant: Readonly<Record<string, unknown>>): string {
  const held = Object.keys(policy.areas).flatMap((area) => standInWords(policy, area, grant) ?? []);
  return listed(held);
}

/** Says what becomes of a grant, in the areas in which it changes. */
export function changeInWords(
  policy: Policy,
  before: Readonly<Record<string, unknown>> = {},
  after: Readonly<Record<string, unknown>> = {},
): string {
  const changes = Object.entries(policy.areas).flatMap(
    ([
      area,
      {
        levels: [lowest = ""],
      },
    ]) => {
      const [from, to] = [before, after].map((grant) =>
        standInWords(policy, area, { [area]: lowest, ...grant }, false),
      );
      return from === to ? [] : [`${title(area)} from ${from} to ${to}`];
    },
  );
  return listed(changes);
}

function standInWords(
  { areas }: Ladders,
  area: string,
  grant: Readonly<Record<string, unknown>>,
  isNamed = true,
): string | undefined {
  const level = grant[area];
  if (typeof level !== "string") return undefined;
  const flags = Object.keys(areas[area]?.flags ?? {}).filter((flag) => grant[flag] === true);
  const stand = [level, ...flags].map((name) => title(name).toLowerCase()).join(" + ");
  return isNamed ? `${title(area)}: ${stand}` : stand;
}

/** Says what would have to be given, in the account and on the connections in the way. */
export function repairInWords(policy: Policy, { account, blockers, unblock }: Denied): string | undefined {
  const inAccount = account ? [`${grantInWords(policy, account.needs)} in the account`] : [];
  if (unblock === undefined) return inAccount[0];
  const word = unblock === "every" ? "and" : "or";
  const whereNeeded = new Map<string, string[]>();
  for (const { connection, needs } of blockers) {
    const grant = grantInWords(policy, needs);
    whereNeeded.set(grant, [...(whereNeeded.get(grant) ?? []), quoted(connection)]);
  }
  const onConnections = listed(
    [...whereNeeded].map(([grant, where]) => `${grant} on ${listed(where, word)}`),
    word,
  );
  return listed([...inAccount, onConnections]);
}

/** Says why the flow refused, of a stand-in with both names. If a right is missing, the engine's own sentence follows. */
export function refusalInWords(refusal: Refusal): string {
  const who = quoted(refusal.user ?? "somebody");
  const sentence = refusals[refusal.reason](refusal.for === undefined ? who : `${who} (for ${quoted(refusal.for)})`);
  return refusal.decision ? `${sentence}: ${formatDecision(refusal.decision)}` : `${sentence}.`;
}

const refusals: Readonly<Record<RefusalReason, (who: string) => string>> = {
  "no-connections": () => "a post needs at least one connection",
  "wrong-status": () => "a post in this status does not take this event",
  "stale-revision": () => "the post was edited since",
  "unknown-user": (who) => `${who} is not in the account`,
  "not-allowed": (who) => `${who} lacks the right`,
  "not-author": (who) => `only the author may, and ${who} is not the author`,
  "is-author": (who) => `${who} wrote the post, and authors do not decide on their own posts`,
  "not-asked": (who) => `${who} was not asked`,
  "is-editor": (who) => `${who} edited the post, and editors do not approve here`,
  "already-approved": (who) => `${who} has approved it`,
  expired: () => "the deadline has passed",
  "wrong-steps": () => "each step must name the approvers that it needs, and keep those who have approved",
  "not-an-approver": (who) => `${who} cannot be asked`,
  "no-approver": () => "nobody in the account could approve it",
  "approval-lapsed": (who) => `${who} could not approve this post any more`,
};

export const eventTitles: Readonly<Record<EventType, string>> = {
  submit: "Submit",
  approve: "Approve",
  reject: "Reject",
  withdraw: "Withdraw",
  reassign: "Reassign",
  edit: "Edit",
  release: "Release",
  "auto-release": "Let the scheduler release",
};

const deeds: Readonly<Record<LogEntry["event"], string>> = {
  draft: "starts a draft",
  submit: "submits",
  approve: "approves",
  reject: "rejects",
  withdraw: "withdraws",
  edit: "edits",
  reassign: "asks somebody else",
  release: "releases",
  "auto-release": "releases",
};

/** Says who is asked in a step: "ben or cleo", "2 of ben, cleo and dev". */
export function stepInWords(step: StepInput): string {
  if (!("of" in step)) return listed(step.map(quoted), "or");
  const { of, needs = 1 } = step;
  return needs === 1 ? stepInWords(of) : `${needs} of ${listed(of.map(quoted))}`;
}

/** Says whose an approval is: "cy for ben". */
export function approvalInWords({ by, for: asked }: Approval): string {
  return asked === undefined ? quoted(by) : `${quoted(by)} for ${quoted(asked)}`;
}

/** Says what was done or tried. */
export function deedInWords({ by, event, asked = [] }: LogEntry): string {
  const who = by === undefined ? "The scheduler" : quoted(by);
  const steps = asked.map(stepInWords);
  return `${who} ${deeds[event]}${steps.length > 0 ? ` and asks ${steps.join(", then ")}` : ""}`;
}

/** How high a level stands on the ladder of its area, for its colour. */
export function toneOf(policy: Ladders, area: string, level: string): "none" | "low" | "middle" | "high" {
  const levels = policy.areas[area]?.levels ?? [];
  const rank = levels.indexOf(level);
  if (rank <= 0) return "none";
  if (rank === levels.length - 1) return "high";
  return rank === 1 ? "low" : "middle";
}
