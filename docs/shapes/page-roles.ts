import { definePolicy } from "../../src/index.js";

export const pageRoles = definePolicy({
  name: "page-roles",
  levels: ["none", "jobs-manager", "analyst", "moderator", "editor", "admin"],
  areas: {
    page: {
      levels: ["none", "jobs-manager", "analyst", "moderator", "editor", "admin"],
      flags: { ads: ["analyst", "moderator", "editor"], leads: ["analyst", "moderator", "editor"] },
    },
  },
  roles: { person: {} },
  actions: {
    "page.view": { target: "group", allow: { area: "page", level: "jobs-manager" } },
    "insights.read": { target: "group", allow: { area: "page", level: "analyst" } },
    "comments.reply": { target: "group", allow: { area: "page", level: "moderator" } },
    "posts.publish": { target: "group", allow: { area: "page", level: "editor" } },
    "jobs.post": { target: "group", allow: { area: "page", every: [{ exactly: "jobs-manager" }, "editor"] } },
    "ads.create": { target: "group", allow: { area: "page", every: ["admin", "ads"] } },
    "posts.boost": { target: "group", allow: { area: "page", every: ["admin", { level: "editor", flags: ["ads"] }] } },
    "leads.download": { target: "connection", allow: { area: "page", every: ["admin", "leads"] } },
    "people.manage": { target: "connection", allow: { area: "page", level: "admin" } },
  },
});
