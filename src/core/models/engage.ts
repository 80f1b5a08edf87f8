import { compile } from "../engine/compiled-policy.js";

const viewPublish = { area: "publish", level: "view-only" } as const;
const draftPublish = { area: "publish", level: "needs-approval" } as const;
const releasePublish = { area: "publish", level: "full-access" } as const;
const approvePublish = { area: "publish", every: "approver" } as const;
const viewConversation = { area: "conversations", level: "view-only" } as const;
const actInConversation = { area: "conversations", level: "full-access" } as const;

const policy = /* @__PURE__ */ compile({
  name: "engage",
  levels: ["no-access", "view-only", "needs-approval", "full-access"],
  areas: {
    conversations: { levels: ["no-access", "view-only", "full-access"] },
    publish: {
      levels: ["no-access", "view-only", "needs-approval", "full-access"],
      flags: { approver: ["view-only", "full-access"] },
      noAccessCountsAs: "view-only",
    },
    analytics: { levels: ["no-access", "full-access"] },
  },
  roles: { admin: {}, viewer: {} },
  actions: {
    "publish.create": { target: "none", allow: { area: "publish", some: "needs-approval" } },
    "publish.select": { target: "connection", allow: draftPublish },
    "publish.view": { target: "group", allow: viewPublish },
    "publish.tag": { target: "group", allow: viewPublish },
    "publish.assign": { target: "group", allow: viewPublish },
    "publish.clone": { target: "group", allow: viewPublish },
    "publish.edit": { target: "group", allow: draftPublish },
    "publish.delete": { target: "group", allow: draftPublish },
    "publish.submit": { target: "group", allow: draftPublish },
    "publish.schedule": { target: "group", allow: releasePublish },
    "publish.post-now": { target: "group", allow: releasePublish },
    "publish.approve": { target: "group", allow: approvePublish },
    "publish.reject": { target: "group", allow: approvePublish },
    "conversations.view": { target: "connection", allow: viewConversation },
    "conversations.view-profile": { target: "connection", allow: viewConversation },
    "conversations.tag": { target: "connection", allow: viewConversation },
    "conversations.assign": { target: "connection", allow: viewConversation },
    "conversations.reply": { target: "connection", allow: actInConversation },
    "conversations.like": { target: "connection", allow: actInConversation },
    "conversations.retweet": { target: "connection", allow: actInConversation },
    "conversations.mark-complete": { target: "connection", allow: actInConversation },
    "conversations.mark-new": { target: "connection", allow: actInConversation },
    "conversations.hide": { target: "connection", allow: actInConversation },
    "conversations.ban": { target: "connection", allow: actInConversation },
    "conversations.direct-message": { target: "connection", allow: actInConversation },
    "conversations.set-follow": { target: "connection", allow: actInConversation },
    "analytics.view": { target: "connection", allow: { area: "analytics", level: "full-access" } },
    "connections.create": { target: "none", allow: { role: "admin" } },
    "connections.assign-users": { target: "none", allow: { role: "admin" } },
    "connections.reconnect": {
      target: "connection",
      allow: [
        { role: "admin" },
        { role: "viewer", area: "conversations", level: "view-only" },
        { role: "viewer", area: "publish", level: "view-only" },
        { role: "viewer", area: "analytics", level: "full-access" },
      ],
    },
  },
  approval: {
    select: "publish.select",
    submit: "publish.submit",
    edit: "publish.edit",
    approve: "publish.approve",
    reject: "publish.reject",
    release: "publish.schedule",
    approvers: "named",
    steps: 5,
    authorMayApprove: false,
  },
});

type Inferred = typeof policy;

/**
 * The type of the `engage` policy.
 *
 * @example
 * ```ts
 * import { can, createUser, type Engage, engage, type User } from "channel-grants";
 *
 * const mayCreate = (user: User<Engage>) => can(user, "publish.create");
 * mayCreate(createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } })); // true
 * ```
 */
export interface Engage extends Inferred {
  readonly approval: NonNullable<Inferred["approval"]> & { readonly approve: "publish.approve" };
}

/**
 * Is the Engage model: conversations, publish and analytics, each with its own levels on each connection, and
 * approvers in publish (rules E1 to E24).
 *
 * A plain, deeply frozen `Policy`, so drop-downs and documents can be made from it.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 *
 * engage.areas.analytics.levels; // ["no-access", "full-access"]
 * engage.actions["publish.approve"]; // { target: "group", allow: { area: "publish", every: "approver" } }
 * ```
 */
export const engage: Engage = policy as Engage;
