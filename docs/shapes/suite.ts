import { definePolicy } from "../../src/index.js";

export const suite = definePolicy({
  name: "suite",
  levels: ["none", "view", "draft", "full"],
  areas: { publish: { levels: ["none", "view", "draft", "full"], flags: { approver: ["view", "draft"] } } },
  roles: { member: {} },
  relations: ["author", "assignee"],
  actions: {
    "posts.create": { target: "none", allow: { area: "publish", some: "draft" } },
    "posts.view": { target: "group", allow: { area: "publish", level: "view" } },
    "posts.edit": {
      target: "group",
      allow: [
        { area: "publish", level: "full" },
        { area: "publish", level: "draft", is: ["author", "assignee"] },
      ],
    },
    "posts.approve": {
      target: "group",
      allow: { area: "publish", every: ["full", "approver"], isNot: "author" },
    },
    "posts.publish": { target: "group", allow: { area: "publish", level: "full" } },
    "approvals.open": { target: "none", allow: { area: "publish", some: ["full", "approver"] } },
  },
});
