import type { DecisionTexts, RefusalTexts } from "./language.js";

/** The placeholders of each text about a decision, beside those of all. */
export const placeholdersOfDecisions: Readonly<Record<keyof DecisionTexts, string>> = {
  allowed: "",
  allowedOn: "connections",
  denied: "why",
  deniedOn: "connections why",
  notLoaded: "",
  emptyGroup: "",
  role: "roles",
  roleLimited: "roles",
  relation: "relations",
  notRelation: "relations",
  noConnection: "",
  unknown: "",
  fixed: "area",
  nothing: "area",
  change: "connections has needs needsIn",
  account: "has needs needsIn",
  has: "holds holdsIn",
  hasLimited: "holds holdsIn",
  also: "first next",
  moreChanges: "count",
  more: "count",
  withFlags: "level flags",
  inArea: "state area",
  name: "name",
};

/** The placeholders of each text about a refusal, beside those of all. */
export const placeholdersOfRefusals: Readonly<Record<keyof RefusalTexts, string>> = {
  "no-connections": "",
  "wrong-status": "",
  "stale-revision": "",
  "unknown-user": "",
  "not-allowed": "",
  "not-author": "",
  "is-author": "",
  "not-asked": "",
  "is-editor": "",
  "already-approved": "",
  expired: "",
  "wrong-steps": "",
  "not-an-approver": "",
  "no-approver": "",
  "approval-lapsed": "",
  "stand-in": "refusal",
};
