import { definePolicy } from "channel-grants";

/** A policy to start a drawing from: one area, who writes and who approves, and an owner. */
export const smallPolicy = definePolicy({
  name: "my-policy",
  levels: ["no-access", "view", "draft", "publish"],
  areas: {
    posts: { levels: ["no-access", "view", "draft", "publish"], flags: { approver: ["view", "publish"] } },
  },
  roles: { owner: {}, member: {} },
  relations: ["author"],
  actions: {
    "posts.view": { target: "group", allow: { area: "posts", level: "view" } },
    "posts.edit": { target: "group", allow: { area: "posts", level: "draft" } },
    "posts.publish": { target: "group", allow: { area: "posts", level: "publish" } },
    "posts.approve": { target: "group", allow: { area: "posts", every: "approver", isNot: "author" } },
    "members.invite": { target: "none", allow: { role: "owner" } },
  },
  approval: {
    select: "posts.edit",
    submit: "posts.edit",
    edit: "posts.edit",
    approve: "posts.approve",
    reject: "posts.approve",
    release: "posts.publish",
    approvers: "named",
    steps: 2,
    authorMayApprove: false,
  },
});
