import {
  buffer,
  createMatrix,
  definePolicy,
  engage,
  type GrantInput,
  type GrantMatrix,
  type Policy,
} from "channel-grants";
import { areasOf, type Half, isFixed } from "./areas.js";
import { type Absence, type Case, type Choice, caseOf, type Post } from "./case.js";
import { withPendingPost } from "./flow.js";
import { offeredTo } from "./group.js";

/** A post to look at, and whom to look at it as. */
export interface Example {
  readonly title: string;
  readonly post: Post;
  readonly viewer: string;
}

/** The four worked examples of the Engage document: Facebook is its account A, the other connection its account B. */
export const examples: readonly Example[] = [
  ["Full access and view only", "instagram"],
  ["Full access and no access", "x"],
  ["Full access and needs approval", "linkedin"],
  ["Full access and full access", "youtube"],
].map(([title = "", other = ""]) => ({
  title,
  post: { author: "nora", connections: ["facebook", other] },
  viewer: "ana",
}));

const all = { conversations: "full-access", publish: "full-access", analytics: "full-access" } as const;
const write = { conversations: "view-only", publish: "needs-approval" } as const;
const client = { conversations: "view-only", publish: "view-only", approver: true, analytics: "full-access" } as const;
const release = { conversations: "full-access", publish: "full-access", approver: true } as const;

const engageAccount = createMatrix<Policy>(engage, {
  users: [
    {
      id: "ana",
      role: "viewer",
      grants: {
        facebook: { conversations: "full-access", publish: "full-access", analytics: "full-access" },
        instagram: { conversations: "view-only", publish: "view-only" },
        linkedin: { publish: "needs-approval" },
        youtube: { conversations: "full-access", publish: "full-access" },
      },
    },
    { id: "ben", role: "viewer", grants: { facebook: write, instagram: write, linkedin: write, youtube: write } },
    {
      id: "cleo",
      role: "viewer",
      grants: { facebook: client, instagram: client, x: client, linkedin: client, youtube: client },
    },
    { id: "dev", role: "viewer", grants: { facebook: release, youtube: release } },
    { id: "mia", role: "viewer", grants: { facebook: release, youtube: release } },
    { id: "finn", role: "viewer", grants: { facebook: client, youtube: client } },
    { id: "nora", role: "admin", grants: { facebook: all, instagram: all, x: all, linkedin: all, youtube: all } },
    { id: "olga", role: "admin" },
  ],
  connections: ["facebook", "instagram", "x", "linkedin", "youtube"],
});

const ask = { posting: "approval-required" } as const;
const post = { posting: "full-posting" } as const;

const bufferAccount = createMatrix<Policy>(buffer, {
  users: [
    { id: "olga", role: "owner" },
    { id: "ana", role: "member", grants: { "bakery-facebook": ask, "bakery-instagram": ask, "garage-facebook": ask } },
    { id: "ben", role: "member", grants: { "bakery-facebook": ask, "garage-facebook": post } },
    { id: "baker", role: "member", grants: { "bakery-facebook": post, "bakery-instagram": post } },
    { id: "mechanic", role: "member", grants: { "garage-facebook": post } },
  ],
  connections: ["bakery-facebook", "bakery-instagram", "garage-facebook"],
});

/** A third model, which is there until another one is pasted. */
const podcasts = definePolicy({
  name: "podcasts",
  levels: ["no-access", "listen", "draft", "release", "totals", "details"],
  areas: {
    episodes: {
      levels: ["no-access", "listen", "draft", "release"],
      flags: { lawyer: ["listen", "release"] },
      noAccessCountsAs: "listen",
    },
    numbers: { levels: ["no-access", "totals", "details"] },
  },
  roles: { publisher: { holds: { episodes: "release", numbers: "details" } }, producer: {} },
  actions: {
    "episodes.create": { target: "none", allow: { area: "episodes", some: "draft" } },
    "episodes.listen": { target: "group", allow: { area: "episodes", level: "listen" } },
    "episodes.edit": { target: "group", allow: { area: "episodes", level: "draft" } },
    "episodes.ask-release": { target: "group", allow: { area: "episodes", exactly: "draft" } },
    "episodes.clear": { target: "group", allow: { area: "episodes", every: "lawyer" } },
    "episodes.release": { target: "group", allow: { area: "episodes", level: "release" } },
    "numbers.totals": { target: "connection", allow: { area: "numbers", level: "totals" } },
    "numbers.export": { target: "connection", allow: { area: "numbers", level: "details" } },
    "feeds.add": { target: "none", allow: { role: "publisher" } },
  },
  approval: {
    select: "episodes.edit",
    submit: "episodes.ask-release",
    edit: "episodes.edit",
    approve: "episodes.clear",
    reject: "episodes.clear",
    release: "episodes.release",
    approvers: "anyone",
    steps: 1,
    authorMayApprove: false,
  },
});

/**
 * Makes an account for a policy of which nothing is known: somebody of each role, and where grants count, somebody at
 * each step of the ladder.
 */
function starterAccount(policy: Policy): GrantMatrix {
  const connections = ["first", "second", "third"];
  const tallest = Math.max(2, ...Object.values(policy.areas).map(({ levels }) => levels.length));
  const ladder: readonly number[] = Array.from({ length: tallest - 1 }, (_, index) => index + 1);
  const people = Object.keys(policy.roles).flatMap((role) => {
    const isFree = (half: Half) => areasOf(policy, half).length > 0 && !isFixed(policy, role, half);
    const steps = isFree("connection") || isFree("account") ? ladder : [0];
    return steps.map((step) => ({ role, step, isFree }));
  });
  const users = people.map(({ role, step, isFree }, index) => ({
    id: `${role}-${index + 1}`,
    role,
    grants: isFree("connection")
      ? connections.map((id, place) => [id, grantAt(policy, "connection", step + place)] as const)
      : [],
    ...(isFree("account") && { account: grantAt(policy, "account", step) }),
  }));
  return createMatrix(policy, { users, connections });
}

/** Makes the case that such an account begins with: a post of the first author who is offered two connections. */
export function starterCase(policy: Policy): Case {
  const saved = starterAccount(policy);
  const posts = saved.users().map((author) => ({
    author,
    connections: offeredTo({ policy, saved, post: { author, connections: [] } }).slice(0, 2),
  }));
  const isOfGrants = ({ author }: Post) => !isFixed(policy, saved.user(author).role, "connection");
  const post = posts.find((each) => each.connections.length === 2 && isOfGrants(each)) ?? posts[0];
  return withPendingPost(caseOf(saved, policy, post && { post, viewer: post.author }));
}

/** Gives a grant at one step of every ladder, at the top with every flag that goes there. */
function grantAt(policy: Policy, half: Half, step: number): GrantInput {
  const held = areasOf(policy, half).flatMap((area) => {
    const { levels = [], flags = {} } = policy.areas[area] ?? {};
    const level = levels[step % levels.length] ?? "";
    const carried = Object.keys(flags).filter((flag) => level === levels.at(-1) && flags[flag]?.includes(level));
    return [[area, level] as const, ...carried.map((flag) => [flag, true] as const)];
  });
  return Object.fromEntries(held);
}

const ben: Post = { author: "ben", connections: ["facebook", "youtube"] };
const holiday: Absence = {
  for: "mia",
  by: "finn",
  from: "2026-08-01T00:00:00.000Z",
  until: "2026-08-15T00:00:00.000Z",
};
const engageCase = caseOf(engageAccount, engage, {
  area: "publish",
  connection: "linkedin",
  viewer: "ana",
  post: ben,
  standIns: [holiday],
});

/** The cases that the page begins with, each with a post on its way. */
export const beginnings: Readonly<Record<Choice, Case>> = {
  engage: {
    ...withPendingPost(engageCase, "2026-08-07T18:00:00.000Z"),
    post: { author: "ana", connections: ["facebook", "linkedin"] },
  },
  buffer: withPendingPost(
    caseOf(bufferAccount, buffer, {
      viewer: "ana",
      post: { author: "ana", connections: ["bakery-facebook", "bakery-instagram"] },
    }),
  ),
  own: starterCase(podcasts),
};
