import { type ActionOf, createUser, definePolicy, type Engage, engage } from "../../src/index.js";

// What the tests of every frontend show, so that React and Vue answer the same questions about the same users.

/** A user who needs approval on one of two connections, and the same user with full access on both. */
export const needs = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "needs-approval" }, ig: { publish: "full-access" } },
});
export const full = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "full-access" }, ig: { publish: "full-access" } },
});

/** A target of each kind, and every action. */
export const target = { none: undefined, connection: "fb", group: { connections: ["fb", "ig"] } } as const;
export const actions = Object.keys(engage.actions) as ActionOf<Engage>[];

/** A policy with a relation and an area of the account. */
export const desk = definePolicy({
  name: "desk",
  levels: ["none", "draft", "full"],
  areas: { posts: { levels: ["none", "draft", "full"] }, billing: { levels: ["none", "full"], of: "account" } },
  roles: { member: {} },
  relations: ["author"],
  actions: {
    edit: {
      target: "group",
      allow: [
        { area: "posts", level: "full" },
        { area: "posts", level: "draft", is: "author" },
      ],
    },
    pay: { target: "none", allow: { area: "billing", level: "full" } },
  },
});

const row = { id: "ben", role: "member", grants: { fb: { posts: "draft" } } } as const;

/** A user of the desk, and the same user with what is held in the account. */
export const ben = createUser(desk, row);
export const boss = createUser(desk, { ...row, account: { billing: "full" } });
