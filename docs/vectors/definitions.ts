// Two policies that the vectors add to those of the documents: all of the language in one, and many areas in the other.

export const language = {
  name: "language",
  levels: ["none", "see", "draft", "full", "own"],
  areas: {
    posts: {
      levels: ["none", "see", "draft", "full"],
      flags: { approver: ["see", "full"], planner: ["draft", "full"], star: ["see", "draft", "full"] },
      noAccessCountsAs: "see",
    },
    inbox: { levels: ["none", "see", "full"], flags: { moderator: ["full"] } },
    ads: { levels: ["none", "see", "own"] },
    billing: { levels: ["none", "see", "own"], flags: { auditor: ["see"] }, of: "account" },
    team: { levels: ["none", "own"], of: "account" },
  },
  roles: {
    owner: { holds: { posts: "full", approver: true, inbox: "full", ads: "own", billing: "own", team: "own" } },
    editor: { holds: { posts: "draft", planner: true, inbox: "full", moderator: true } },
    lead: { holds: { team: "own" } },
    member: {},
  },
  relations: ["author", "assignee"],
  actions: {
    "posts.create": { target: "none", allow: { area: "posts", some: "draft" } },
    "posts.list": { target: "none", allow: { area: "posts", some: [{ exactly: "see", flags: ["approver"] }, "full"] } },
    "ads.plan": {
      target: "none",
      allow: {
        and: [
          { area: "ads", some: "own" },
          { area: "billing", level: "see" },
        ],
      },
    },
    "billing.pay": { target: "none", allow: { area: "billing", level: "own" } },
    "billing.audit": { target: "none", allow: { area: "billing", every: [{ flags: ["auditor"] }, "own"] } },
    "team.invite": { target: "none", allow: [{ role: ["owner", "editor"] }, { area: "team", exactly: "own" }] },
    "inbox.reply": { target: "connection", allow: { area: "inbox", level: "full" } },
    "inbox.ban": { target: "connection", allow: { area: "inbox", level: "full", every: "moderator" } },
    "posts.peek": { target: "connection", allow: { area: "posts", level: "see" } },
    "ads.buy": {
      target: "connection",
      allow: {
        and: [
          { area: "ads", every: { exactly: "own" } },
          { area: "billing", exactly: "see" },
        ],
      },
    },
    "channel.rename": {
      target: "connection",
      allow: [{ role: "owner" }, { role: "member", area: "ads", level: "see" }],
    },
    "team.see": { target: "connection", allow: { area: "team", level: "own" } },
    "posts.view": { target: "group", allow: { area: "posts", level: "see" } },
    "posts.edit": {
      target: "group",
      allow: [
        { area: "posts", level: "full" },
        { area: "posts", level: "draft", is: ["author", "assignee"] },
      ],
    },
    "posts.approve": { target: "group", allow: { area: "posts", every: "approver", isNot: "author" } },
    "posts.plan": { target: "group", allow: { area: "posts", level: "draft", every: ["planner", "full"] } },
    "posts.release": { target: "group", allow: { area: "posts", some: "full", every: ["approver", "planner"] } },
    "posts.hand-in": { target: "group", allow: { area: "posts", exactly: "draft" } },
    "posts.gap": {
      target: "group",
      allow: { area: "posts", every: [{ exactly: "see", flags: ["approver"] }, "full"] },
    },
    "posts.feature": { target: "group", allow: { area: "posts", every: [{ flags: ["approver", "planner"] }, "star"] } },
    "posts.pin": { target: "group", allow: { area: "posts", some: { level: "see", flags: ["star"] } } },
    "posts.crosspost": {
      target: "group",
      allow: {
        and: [
          { area: "posts", level: "draft" },
          { area: "inbox", level: "see" },
          { area: "posts", every: ["planner", "star"] },
        ],
      },
    },
    "posts.boost": {
      target: "group",
      allow: {
        and: [
          { area: "ads", some: "own" },
          { area: "posts", level: "full" },
          { area: "billing", level: "see" },
        ],
      },
    },
    "posts.comment": { target: "group", allow: { is: "assignee" } },
    "posts.rate": {
      target: "group",
      allow: { role: ["member", "lead"], area: "posts", level: "see", isNot: ["author", "assignee"] },
    },
    "posts.purge": { target: "group", allow: { role: "owner" } },
    "posts.invoice": { target: "group", allow: { area: "billing", level: "see", every: ["auditor", "own"] } },
  },
} as const;

const switches = Array.from({ length: 40 }, (_, index) => `switch-${index + 1}`);

/** Forty switches beside each other on each connection, more than fit one integer, and a ladder with ten flags. */
export const switchboard = {
  name: "switchboard",
  levels: ["off", "on"],
  areas: Object.fromEntries(switches.map((name) => [name, { levels: ["off", "on"] }])),
  roles: { user: {}, operator: { holds: Object.fromEntries(switches.map((name) => [name, "on"])) } },
  actions: {
    ...Object.fromEntries(
      ["switch-1", "switch-15", "switch-16", "switch-30", "switch-31", "switch-40"].map((area) => [
        area,
        { target: "group", allow: { area, level: "on" } },
      ]),
    ),
    "first-and-last": {
      target: "group",
      allow: {
        and: [
          { area: "switch-1", level: "on" },
          { area: "switch-40", level: "on" },
        ],
      },
    },
    "any-of-two": {
      target: "connection",
      allow: [
        { area: "switch-2", level: "on" },
        { area: "switch-39", level: "on" },
      ],
    },
    "some-and-every": {
      target: "group",
      allow: {
        and: [
          { area: "switch-15", some: "on" },
          { area: "switch-16", every: "on" },
          { area: "switch-31", every: "on" },
        ],
      },
    },
    somewhere: { target: "none", allow: { area: "switch-40", some: "on" } },
  },
};
