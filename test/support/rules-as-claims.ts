import type { Claim, Condition } from "../../src/analysis/index.js";
import type { Buffer, Engage, Policy } from "../../src/index.js";

// The rules of both models as claims: as far as they are about what is allowed, and one claim can say it.

type ActionsOf<P extends Policy> = readonly (Condition<P> & string)[];

/** What asks for a clause over the group: whoever fits it may, and nobody else. */
function takes<P extends Policy>(name: string, clause: Condition<P>, actions: ActionsOf<P>): Claim<P>[] {
  return [
    { name, when: [clause], always: actions },
    ...actions.map((action): Claim<P> => ({ name, when: [action], always: [clause] })),
  ];
}

/** What asks for a level on one connection: where the whole group has it, each does; and nobody may where none has. */
function takesOnOne<P extends Policy>(
  name: string,
  [all, some]: readonly [Condition<P>, Condition<P>],
  actions: ActionsOf<P>,
): Claim<P>[] {
  return [
    { name, when: [all], always: actions },
    ...actions.map((action): Claim<P> => ({ name, when: [action], always: [some] })),
  ];
}

const needs = { area: "publish", exactly: "needs-approval" } as const;
const viewer = { role: "viewer" } as const;

export const engageRules: readonly Claim<Engage>[] = [
  { name: "E6", when: [{ area: "publish", some: "view-only" }], always: ["publish.view"] },
  { name: "E10", when: [{ area: "publish", some: "needs-approval" }], always: ["publish.create"] },
  ...takesOnOne<Engage>(
    "E11",
    [
      { area: "publish", level: "needs-approval" },
      { area: "publish", some: "needs-approval" },
    ],
    ["publish.select"],
  ),
  ...takes<Engage>("E12", { area: "publish", level: "view-only" }, [
    "publish.view",
    "publish.tag",
    "publish.assign",
    "publish.clone",
  ]),
  ...takes<Engage>("E13", { area: "publish", level: "needs-approval" }, [
    "publish.edit",
    "publish.delete",
    "publish.submit",
  ]),
  { name: "E13", when: [needs], never: ["publish.schedule", "publish.post-now"] },
  ...takes<Engage>("E14", { area: "publish", level: "full-access" }, ["publish.schedule", "publish.post-now"]),
  ...takes<Engage>("E15", { area: "publish", every: "approver" }, ["publish.approve", "publish.reject"]),
  { name: "E16", when: [needs], never: ["publish.approve", "publish.reject"] },
  ...takesOnOne<Engage>(
    "E18",
    [
      { area: "conversations", level: "view-only" },
      { area: "conversations", some: "view-only" },
    ],
    ["conversations.view", "conversations.view-profile", "conversations.tag", "conversations.assign"],
  ),
  ...takesOnOne<Engage>(
    "E18",
    [
      { area: "conversations", level: "full-access" },
      { area: "conversations", some: "full-access" },
    ],
    [
      "conversations.reply",
      "conversations.like",
      "conversations.retweet",
      "conversations.mark-complete",
      "conversations.mark-new",
      "conversations.hide",
      "conversations.ban",
      "conversations.direct-message",
      "conversations.set-follow",
    ],
  ),
  ...takesOnOne<Engage>(
    "E19",
    [
      { area: "analytics", level: "full-access" },
      { area: "analytics", some: "full-access" },
    ],
    ["analytics.view"],
  ),
  ...takes<Engage>("E20", { role: "admin" }, ["connections.create", "connections.assign-users"]),
  { name: "E21", when: [{ role: "admin" }], always: ["connections.reconnect"] },
  { name: "E21", when: [viewer, { area: "conversations", level: "view-only" }], always: ["connections.reconnect"] },
  { name: "E21", when: [viewer, "publish.select"], always: ["connections.reconnect"] },
  { name: "E21", when: [viewer, { area: "analytics", level: "full-access" }], always: ["connections.reconnect"] },
];

const draft = [
  { area: "posting", level: "approval-required" },
  { area: "posting", some: "approval-required" },
] as const;
const post = [
  { area: "posting", level: "full-posting" },
  { area: "posting", some: "full-posting" },
] as const;

export const bufferRules: readonly Claim<Buffer>[] = [
  ...takes<Buffer>("B2", draft[0], ["drafts.create", "drafts.edit"]),
  ...takes<Buffer>("B3", post[0], ["drafts.approve", "drafts.reject", "queue.add", "queue.edit", "queue.set-time"]),
  { name: "B5", when: [{ role: "owner" }], always: ["queue.add", "reports.view"] },
  ...takesOnOne<Buffer>("B6", post, ["queue.reorder", "schedule.configure"]),
  ...takesOnOne<Buffer>("B7", post, ["reports.view", "reports.download"]),
  ...takes<Buffer>("B8", { area: "posting", exactly: "approval-required" }, ["drafts.request-approval"]),
  ...takes<Buffer>("B9", { role: "owner" }, ["accounts.connect", "team.manage"]),
  ...takesOnOne<Buffer>("B13", draft, ["accounts.view"]),
];
