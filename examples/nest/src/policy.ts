import { definePolicy } from "channel-grants";
import { createGrantsNest } from "channel-grants/nestjs";
import { createGrantsSql } from "channel-grants/sql";

const account = "organisationId";
const lead = { role: ["admin", "editor"], area: "posts" } as const;

/** A grant says on which channels a member writes. The role says what becomes of it: a writer's posts wait for approval. */
export const policy = definePolicy({
  name: "scheduler",
  levels: ["none", "view", "write"],
  areas: { posts: { levels: ["none", "view", "write"] } },
  roles: { admin: { holds: { posts: "write" } }, editor: {}, writer: {} },
  actions: {
    "posts.list": { target: "none", allow: { area: "posts", some: "view" } },
    "posts.view": { target: "group", allow: { area: "posts", level: "view" } },
    "posts.write": { target: "group", allow: { area: "posts", level: "write" } },
    "posts.review": { target: "none", allow: { ...lead, some: "write" } },
    "posts.publish": { target: "group", allow: { ...lead, level: "write" } },
    "channels.assign": { target: "connection", allow: { ...lead, level: "view" } },
    "keys.create": { target: "none", allow: { role: ["admin", "editor", "writer"] } },
  },
  approval: {
    ...{ select: "posts.write", submit: "posts.write", edit: "posts.write" },
    ...{ approve: "posts.publish", reject: "posts.publish", release: "posts.publish" },
    ...{ approvers: "anyone", steps: 1, authorMayApprove: false },
  },
});
export type Scheduler = typeof policy;

/** The policy as decorators and a guard. */
export const { RequireGrant, Granted, guard, assertGuarded } = createGrantsNest(policy);

/** The policy as SQL, over the tables of `schema.prisma`. */
export const grantsSql = createGrantsSql(policy, {
  dialect: "postgresql",
  users: { table: "Member", account },
  connections: { table: "Channel", account },
  grants: { table: "Grant", account, user: "userId", connection: "channelId", columns: { posts: "level" } },
  groups: { table: "Post", account },
  links: { table: "PostChannel", account, group: "postId", connection: "channelId" },
});
