import { buffer, engage } from "channel-grants";
import type { Definition } from "../../examples/playground/src/drawing/definition.js";
import { write } from "../../examples/playground/src/drawing/text.js";

const copy = (policy: unknown) => JSON.parse(write(policy)) as Definition;

/** A policy in which everything is said that a definition can say. */
export const studio: Definition = {
  name: "studio",
  levels: ["none", "view", "draft", "full", "manage"],
  areas: {
    publish: {
      levels: ["none", "view", "draft", "full"],
      flags: { approver: ["view", "draft"], legal: ["full"] },
      noAccessCountsAs: "view",
    },
    mail: { levels: ["none", "view"] },
    billing: { levels: ["none", "view", "manage"], of: "account" },
  },
  roles: { owner: { holds: { publish: "draft", approver: true, billing: "manage" } }, member: {} },
  relations: ["author", "assignee"],
  actions: {
    create: { target: "none", allow: { area: "publish", some: "draft" } },
    choose: { target: "connection", allow: { area: "publish", level: "draft" } },
    edit: {
      target: "group",
      allow: [
        { area: "publish", level: "full" },
        { area: "publish", level: "draft", is: ["author"] },
      ],
    },
    revise: { target: "group", allow: { area: "publish", level: "draft", is: ["author", "assignee"] } },
    comment: { target: "group", allow: { area: "publish", exactly: "draft", is: "assignee" } },
    approve: {
      target: "group",
      allow: {
        role: ["owner", "member"],
        area: "publish",
        every: ["full", "approver", { exactly: "view" }, { level: "draft", flags: ["legal"] }],
        isNot: "author",
      },
    },
    boost: {
      target: "group",
      allow: {
        and: [
          { area: "publish", level: "full" },
          { area: "billing", level: "view" },
        ],
      },
    },
    mute: { target: "connection", allow: { area: "mail", level: "view" } },
    pay: { target: "none", allow: { area: "billing", level: "manage" } },
    invite: { target: "none", allow: { role: "owner" } },
  },
  approval: {
    select: "choose",
    submit: "edit",
    edit: "edit",
    approve: ["edit", "approve"],
    reject: "approve",
    release: "approve",
    approvers: "named",
    steps: 2,
    authorMayApprove: false,
  },
};

/** Definitions to draw: the two that ship, and that one. */
export const definitions: readonly (readonly [string, Definition])[] = [
  ["engage", copy(engage)],
  ["buffer", copy(buffer)],
  ["studio", studio],
];
