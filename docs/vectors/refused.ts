// What an implementation has to refuse, with the code of the error and the path to the fault: told here by the rules.

const sound = {
  name: "sound",
  levels: ["none", "see", "full"],
  areas: {
    posts: { levels: ["none", "see", "full"], flags: { approver: ["see"] }, noAccessCountsAs: "see" },
    team: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {} },
  relations: ["author"],
  actions: { act: { target: "group", allow: { area: "posts", level: "full" } } },
};

const allowing = (allow: unknown, target = "group") => ({ ...sound, actions: { act: { target, allow } } });
const withPosts = (posts: object) => ({
  ...sound,
  areas: { ...sound.areas, posts: { ...sound.areas.posts, ...posts } },
});
const clause = ["actions", "act", "allow"];

const definitions: readonly (readonly [about: string, definition: object, path: readonly (string | number)[]])[] = [
  ["an unknown key", { ...sound, version: 1 }, ["version"]],
  ["a level twice", { ...sound, levels: ["none", "see", "see"] }, ["levels", 2]],
  ["an area out of order", withPosts({ levels: ["none", "full", "see"] }), ["areas", "posts", "levels", 1]],
  ["an area without the lowest level", withPosts({ levels: ["see", "full"] }), ["areas", "posts", "levels", 0]],
  ["an unknown level of an area", withPosts({ levels: ["none", "all"] }), ["areas", "posts", "levels", 1]],
  [
    "a flag beside the lowest level",
    withPosts({ flags: { approver: ["none"] } }),
    ["areas", "posts", "flags", "approver", 0],
  ],
  ["a flag with the name of a level", withPosts({ flags: { see: ["full"] } }), ["areas", "posts", "flags", "see"]],
  ["a lift to the lowest level", withPosts({ noAccessCountsAs: "none" }), ["areas", "posts", "noAccessCountsAs"]],
  ["a relation named connections", { ...sound, relations: ["connections"] }, ["relations", 0]],
  ["no clause", allowing([]), clause],
  ["an empty clause", allowing({}), clause],
  ["an area alone", allowing({ area: "posts" }), [...clause, "area"]],
  ["a level without an area", allowing({ level: "full" }), [...clause, "level"]],
  ["an unknown area", allowing({ area: "post", level: "full" }), [...clause, "area"]],
  ["the lowest level", allowing({ area: "posts", level: "none" }), [...clause, "level"]],
  ["exactly the level of the lift", allowing({ area: "posts", exactly: "see" }), [...clause, "exactly"]],
  [
    "a state that there is not",
    allowing({ area: "posts", every: { level: "full", flags: ["approver"] } }),
    [...clause, "every"],
  ],
  ["an empty pattern", allowing({ area: "posts", every: [] }), [...clause, "every"]],
  ["an unknown flag", allowing({ area: "posts", every: "lead" }), [...clause, "every"]],
  ["an unknown role", allowing({ role: "guest" }), [...clause, "role"]],
  ["no role", allowing({ role: [] }), [...clause, "role"]],
  ["an unknown relation", allowing({ is: "assignee" }), [...clause, "is"]],
  ["a relation off a post", allowing({ is: "author" }, "connection"), [...clause, "is"]],
  ["a level of all connections", allowing({ area: "posts", level: "full" }, "none"), [...clause, "level"]],
  ["one part of an and", allowing({ and: [{ area: "posts", level: "full" }] }), [...clause, "and"]],
];

interface Call {
  readonly about: string;
  /** `user`, `account`, `question`, `submission` or `event`. */
  readonly [kind: string]: unknown;
  readonly code: string;
  readonly path?: readonly (string | number)[];
}

const ana = { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } };
const onFb = (grant: object) => ({ user: { ...ana, grants: { fb: grant } }, code: "invalid-grant" });
const pending = {
  ...{ connections: ["fb"], author: "ana", status: "pending", steps: [["ben"]], approvals: [], revision: 0 },
};

/** Calls under Engage. A question is asked by `ana`, an event is sent to a pending post of hers. */
const calls: readonly Call[] = [
  { about: "a user without an id", user: { role: "viewer" }, code: "invalid-user", path: ["id"] },
  { about: "an unknown role", user: { id: "ana", role: "boss" }, code: "invalid-user", path: ["role"] },
  { about: "an unknown key of a user", user: { ...ana, admin: true }, code: "invalid-user", path: ["admin"] },
  { about: "a level that an area lacks", ...onFb({ analytics: "view-only" }), path: ["grants", "fb", "analytics"] },
  {
    ...{ about: "a flag beside a level that cannot carry it", ...onFb({ publish: "needs-approval", approver: true }) },
    path: ["grants", "fb", "approver"],
  },
  { about: "an unknown key of a grant", ...onFb({ colour: "red" }), path: ["grants", "fb", "colour"] },
  {
    about: "a flag that is no boolean",
    ...onFb({ publish: "view-only", approver: 1 }),
    path: ["grants", "fb", "approver"],
  },
  { about: "a user twice", account: { users: [ana, ana] }, code: "duplicate-user", path: ["users", 1, "id"] },
  { about: "an unknown action", question: ["publish.fly", { connections: ["fb"] }], code: "unknown-action" },
  { about: "a connection for a group", question: ["publish.edit", "fb"], code: "wrong-target" },
  {
    about: "a group for a connection",
    question: ["conversations.reply", { connections: ["fb"] }],
    code: "wrong-target",
  },
  { about: "no target for a group", question: ["publish.edit"], code: "wrong-target" },
  { about: "a target for the account", question: ["publish.create", "fb"], code: "wrong-target" },
  {
    about: "an element that is no id",
    question: ["publish.edit", { connections: ["fb", 5] }],
    code: "wrong-target",
    path: ["connections", 1],
  },
  {
    about: "too many approvals",
    submission: { ...pending, approvals: [{ by: "ben" }] },
    code: "invalid-submission",
    path: ["approvals"],
  },
  {
    about: "an approval of somebody else",
    submission: { ...pending, status: "approved", approvals: [{ by: "cat" }] },
    code: "invalid-submission",
    path: ["approvals", 0, "by"],
  },
  {
    about: "a step that asks its author",
    submission: { ...pending, steps: [["ana"]] },
    code: "invalid-submission",
    path: ["steps", 0],
  },
  {
    about: "a step that needs too many",
    submission: { ...pending, steps: [{ of: ["ben"], needs: 2 }] },
    code: "invalid-submission",
    path: ["steps", 0, "needs"],
  },
  { about: "an unknown event", event: { type: "publish", by: "ben" }, code: "invalid-event", path: ["type"] },
  { about: "an event without a user", event: { type: "approve", revision: 0 }, code: "invalid-event", path: ["by"] },
  {
    about: "an approval of no revision",
    event: { type: "approve", by: "ben" },
    code: "invalid-event",
    path: ["revision"],
  },
  {
    about: "a release by the application with a user",
    event: { type: "auto-release", by: "ben", revision: 0 },
    code: "invalid-event",
    path: ["by"],
  },
  {
    about: "a step that needs none",
    event: { type: "submit", by: "ana", steps: [{ of: ["ben"], needs: 0 }] },
    code: "invalid-event",
    path: ["steps", 0, "needs"],
  },
  {
    about: "an instant without a zone",
    event: { type: "withdraw", by: "ana", at: "2026-08-03T09:00:00" },
    code: "invalid-event",
    path: ["at"],
  },
  {
    about: "a day that there is not",
    event: { type: "withdraw", by: "ana", at: "2026-02-30T09:00:00Z" },
    code: "invalid-event",
    path: ["at"],
  },
];

export const refused = {
  policies: definitions.map(([about, definition, path]) => ({ about, definition, code: "invalid-policy", path })),
  user: ana,
  submission: pending,
  calls,
};
