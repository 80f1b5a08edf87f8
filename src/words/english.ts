import type { Language } from "./language.js";

/**
 * English. Labels of actions are verbs that follow "can": `"publish this now"`.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain, formatDecision } from "channel-grants";
 * import { createWords, english } from "channel-grants/words";
 *
 * const decision = explain(createUser(engage, { id: "ana", role: "viewer" }), "connections.create");
 * const labels = { actions: { "connections.create": "connect an account" }, roles: { admin: "Admin" } };
 * formatDecision(decision, createWords(engage, { language: english, reader: "ana", ...labels })); // "You can't connect an account: this needs the role Admin."
 * ```
 */
export const english: Language = {
  locale: "en",
  decisions: {
    allowed: { you: "You can {action}.", they: "{user} can {action}." },
    allowedOn: {
      short: { you: "You can {action}.", they: "{user} can {action}." },
      long: { you: "You can {action} on {connections}.", they: "{user} can {action} on {connections}." },
    },
    denied: { you: "You can't {action}: {why}.", they: "{user} can't {action}: {why}." },
    deniedOn: {
      short: { you: "You can't {action}: {why}.", they: "{user} can't {action}: {why}." },
      long: {
        you: "You can't {action} on {connections}: {why}.",
        they: "{user} can't {action} on {connections}: {why}.",
      },
    },
    notLoaded: "You can't {action} yet: your permissions are still loading.",
    emptyGroup: "no connection is chosen",
    role: "this needs the role {roles}",
    roleLimited: {
      you: "this needs the role {roles}, which your limited access leaves out",
      they: "this needs the role {roles}, which the limited access of {user} leaves out",
    },
    relation: "only the {relations} of the post can do this",
    notRelation: "the {relations} of the post can't do this",
    noConnection: "the account has no connection",
    unknown: {
      one: "this connection is not part of the account",
      other: "not all of these connections are part of the account",
    },
    fixed: {
      you: "your role alone decides about your access to {area}",
      they: "the role of {user} alone decides about the access to {area}",
    },
    nothing: { you: "you have no access to {area}", they: "{user} has no access to {area}" },
    change: {
      short: { one: "{connections} needs {needs} ({has})", other: "{connections} need {needs} ({has})" },
      long: { one: "{connections} needs {needsIn} ({has})", other: "{connections} need {needsIn} ({has})" },
    },
    account: {
      short: { you: "in the account, you need {needs} ({has})", they: "in the account, {user} needs {needs} ({has})" },
      long: {
        you: "in the account, you need {needsIn} ({has})",
        they: "in the account, {user} needs {needsIn} ({has})",
      },
    },
    has: { you: "you have {holds}", they: "{user} has {holds}" },
    hasLimited: { you: "your access is limited to {holds}", they: "{user} is limited to {holds}" },
    also: "{first}; {next}",
    moreChanges: "{count} more changes",
    more: "{count} more",
    withFlags: "{level} with {flags}",
    inArea: "{state} in {area}",
    name: "{name}",
  },
  refusals: {
    "no-connections": "The post goes to no connection.",
    "wrong-status": "The status of the post does not allow this.",
    "stale-revision": {
      short: "The post was edited in the meantime.",
      long: "The post was edited in the meantime. Read it again first.",
    },
    "unknown-user": { you: "You are not a user of this account.", they: "{user} is not a user of this account." },
    "not-allowed": "{decision}",
    "not-author": "Only the author of the post can do this.",
    "is-author": { you: "You can't approve your own post.", they: "{user} can't approve a post of their own." },
    "not-asked": { you: "You are not asked to approve now.", they: "{user} is not asked to approve now." },
    "is-editor": {
      you: "You can't approve this post, because you edited it.",
      they: "{user} can't approve this post after editing it.",
    },
    "already-approved": { you: "You have already approved this post.", they: "{user} has already approved this post." },
    expired: "The deadline has passed.",
    "wrong-steps": {
      short: "These approval steps are not possible.",
      long: "These approval steps are not possible: there are too few or too many, one asks too few people, or one that is done was changed.",
    },
    "not-an-approver": {
      short: "{decision}",
      long: { you: "You are asked to approve. {decision}", they: "{user} is asked to approve. {decision}" },
    },
    "no-approver": "Nobody else can approve this post.",
    "approval-lapsed": {
      short: {
        you: "You approved this post, but can't approve it any more.",
        they: "{user} approved this post, but can't approve it any more.",
      },
      long: {
        you: "You approved this post, but can't approve it any more. {decision}",
        they: "{user} approved this post, but can't approve it any more. {decision}",
      },
    },
    "stand-in": {
      short: "{refusal}",
      long: { you: "{refusal} You stand in for {for}.", they: "{refusal} {user} stands in for {for}." },
    },
  },
};
