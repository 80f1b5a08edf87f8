import { compile } from "../engine/compiled-policy.js";

const draft = { area: "posting", level: "approval-required" } as const;
const post = { area: "posting", level: "full-posting" } as const;

const policy = /* @__PURE__ */ compile({
  name: "buffer",
  levels: ["no-access", "approval-required", "full-posting"],
  areas: { posting: { levels: ["no-access", "approval-required", "full-posting"] } },
  roles: { owner: { holds: { posting: "full-posting" } }, member: {} },
  actions: {
    "accounts.view": { target: "connection", allow: draft },
    "drafts.create": { target: "group", allow: draft },
    "drafts.edit": { target: "group", allow: draft },
    "drafts.request-approval": { target: "group", allow: { area: "posting", exactly: "approval-required" } },
    "drafts.approve": { target: "group", allow: post },
    "drafts.reject": { target: "group", allow: post },
    "queue.add": { target: "group", allow: post },
    "queue.edit": { target: "group", allow: post },
    "queue.set-time": { target: "group", allow: post },
    "queue.reorder": { target: "connection", allow: post },
    "schedule.configure": { target: "connection", allow: post },
    "reports.view": { target: "connection", allow: post },
    "reports.download": { target: "connection", allow: post },
    "accounts.connect": { target: "none", allow: { role: "owner" } },
    "team.manage": { target: "none", allow: { role: "owner" } },
  },
  approval: {
    select: "drafts.create",
    submit: "drafts.request-approval",
    edit: "drafts.edit",
    approve: "drafts.approve",
    reject: "drafts.reject",
    release: "queue.add",
    approvers: "anyone",
    steps: 1,
    authorMayApprove: false,
  },
});

type Inferred = typeof policy;

/**
 * The type of the `buffer` policy.
 *
 * @example
 * ```ts
 * import { type Buffer, buffer, can, createUser, type User } from "channel-grants";
 *
 * const mayConnect = (user: User<Buffer>) => can(user, "accounts.connect");
 * mayConnect(createUser(buffer, { id: "olga", role: "owner" })); // true
 * ```
 */
export interface Buffer extends Inferred {
  readonly approval: NonNullable<Inferred["approval"]> & { readonly approve: "drafts.approve" };
}

/**
 * Is the Buffer model: who drafts and who posts on each social account, and an owner who posts on all of
 * them (rules B1 to B13).
 *
 * A plain, deeply frozen `Policy`, so drop-downs and documents can be made from it.
 *
 * @example
 * ```ts
 * import { buffer, can, createUser } from "channel-grants";
 *
 * const olga = createUser(buffer, { id: "olga", role: "owner", connections: ["ig-acme"] });
 * can(olga, "queue.add", { connections: ["ig-acme"] }); // true
 * can(olga, "drafts.request-approval", { connections: ["ig-acme"] }); // false
 * ```
 */
export const buffer: Buffer = policy as Buffer;
