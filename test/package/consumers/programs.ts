/** One question to each entry, in TypeScript that is JavaScript too, and the answer. */
export const questions: Readonly<Record<string, { readonly asks: string; readonly answer: unknown }>> = {
  "channel-grants": {
    asks: `
import { buffer, can, createMatrix, createUser, definePolicy, engage, explain, formatDecision } from "channel-grants";
const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
const account = createMatrix(buffer, { users: [{ id: "ben", role: "owner" }], connections: ["fb"] });
const own = definePolicy({
  name: "own",
  levels: ["none", "all"],
  areas: { posts: { levels: ["none", "all"] } },
  roles: { author: {} },
  actions: { post: { target: "group", allow: { area: "posts", level: "all" } } },
});
const cat = createUser(own, { id: "cat", role: "author", grants: { fb: { posts: "all" } } });
answers["channel-grants"] = [
  can(ana, "publish.edit", { connections: ["fb"] }),
  formatDecision(explain(ana, "publish.post-now", { connections: ["fb"] })),
  account.usersFor("queue.add", { connections: ["fb"] }),
  can(cat, "post", { connections: ["fb"] }),
];`,
    answer: [
      true,
      "ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access.",
      ["ben"],
      true,
    ],
  },
  "channel-grants/approval": {
    asks: `
import { availableEvents, draft } from "channel-grants/approval";
const team = createMatrix(buffer, {
  users: [{ id: "dan", role: "member", grants: { fb: { posting: "full-posting" } } }],
});
const post = draft(team, { author: "dan", connections: ["fb"] });
answers["channel-grants/approval"] = post.ok && availableEvents(team, post.submission, "dan");`,
    answer: ["edit", "release"],
  },
  "channel-grants/analysis": {
    asks: `
import { checkPolicy, diffMatrices } from "channel-grants/analysis";
const hired = account.putUser({ id: "eve", role: "member", grants: { fb: { posting: "approval-required" } } });
answers["channel-grants/analysis"] = [
  checkPolicy(engage).holds,
  diffMatrices(account, hired).decisions.map(({ action }) => action),
];`,
    answer: [true, ["accounts.view", "drafts.create", "drafts.edit", "drafts.request-approval"]],
  },
  "channel-grants/schema": {
    asks: `
import { grantSchema } from "channel-grants/schema";
const read = grantSchema(engage).safeParse({ publish: "all" });
answers["channel-grants/schema"] = read.error && read.error.issues.map(({ path }) => path);`,
    answer: [["publish"]],
  },
  "channel-grants/sql": {
    asks: `
import { createGrantsSql } from "channel-grants/sql";
const sql = createGrantsSql(buffer, { dialect: "sqlite" });
answers["channel-grants/sql"] = sql.connectionsFor({ account: 1, user: 2, action: "accounts.view" }).values;`,
    answer: [2, 1, "owner", "member", "approval-required", "full-posting"],
  },
  "channel-grants/teams": {
    asks: `
import { foldTeams, formatSource } from "channel-grants/teams";
const folded = foldTeams(engage, {
  users: [{ id: "ana", role: "viewer" }],
  connections: ["fb"],
  brands: [{ id: "acme", connections: ["fb"] }],
  teams: [{ id: "emea", members: ["ana"], grants: { brands: { acme: { publish: "view-only" } } } }],
});
answers["channel-grants/teams"] = [
  createMatrix(engage, folded.input).visibleConnections("ana", "publish"),
  folded.sources("ana", "fb").map((source) => formatSource(source)),
];`,
    answer: [["fb"], ["by team emea on brand acme"]],
  },
  "channel-grants/authzen": {
    asks: `
import { createDecisionPoint } from "channel-grants/authzen";
const point = createDecisionPoint(engage, { account: "a", loadUser: () => ana, onError: () => {} });
answers["channel-grants/authzen"] = typeof point;`,
    answer: "function",
  },
  "channel-grants/token": {
    asks: `
import { packUser, unpackUser } from "channel-grants/token";
answers["channel-grants/token"] = unpackUser(engage, packUser(ana)).toJSON();`,
    answer: { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
  },
  "channel-grants/testing": {
    asks: `
import { expectGate, matchers, person } from "channel-grants/testing";
const eve = person(engage).named("eve").on("fb", { publish: "view-only" });
expectGate(own, (user, action, target) => typeof target === "object" && can(user, action, target));
answers["channel-grants/testing"] = matchers.toBeAllowed(eve, "publish.edit", { connections: ["fb"] }).message();`,
    answer: [
      "eve may not publish.edit on fb: fb holds view-only in publish and needs needs-approval.\n",
      "  connection  holds      needs",
      "  fb          view-only  needs-approval",
    ].join("\n"),
  },
  "channel-grants/testing/arbitraries": {
    asks: `
import { sample } from "fast-check";
import { users } from "channel-grants/testing/arbitraries";
const drawn = sample(users(engage), 20);
answers["channel-grants/testing/arbitraries"] = drawn.filter((row) => createUser(engage, row).id === row.id).length;`,
    answer: 20,
  },
  "channel-grants/http": {
    asks: `
import { problem } from "channel-grants/http";
const no = explain(ana, "publish.post-now", { connections: ["fb"] });
answers["channel-grants/http"] = problem(no).status;`,
    answer: 403,
  },
  "channel-grants/express": {
    asks: `
import { createGrantsExpress } from "channel-grants/express";
answers["channel-grants/express"] = createGrantsExpress(engage, { user: () => ana }).gate("publish.create").length;`,
    answer: 3,
  },
  "channel-grants/fastify": {
    asks: `
import { createGrantsFastify } from "channel-grants/fastify";
answers["channel-grants/fastify"] = createGrantsFastify(engage, { user: () => ana }).gate("publish.create").length;`,
    answer: 2,
  },
  "channel-grants/hono": {
    asks: `
import { createGrantsHono } from "channel-grants/hono";
answers["channel-grants/hono"] = createGrantsHono(engage, { user: () => ana }).gate("publish.create").length;`,
    answer: 2,
  },
  "channel-grants/nestjs": {
    asks: `
import { createGrantsNest } from "channel-grants/nestjs";
answers["channel-grants/nestjs"] = typeof createGrantsNest(engage).RequireGrant("publish.create");`,
    answer: "function",
  },
  "channel-grants/react": {
    asks: `
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { createGrantsReact } from "channel-grants/react";
const { Can, GrantsProvider } = createGrantsReact(engage);
const edit = createElement(Can, { do: "publish.edit", on: { connections: ["fb"] } }, "Edit");
answers["channel-grants/react"] = renderToString(createElement(GrantsProvider, { user: ana }, edit));`,
    answer: "Edit",
  },
  "channel-grants/vue": {
    asks: `
import { createGrantsVue } from "channel-grants/vue";
answers["channel-grants/vue"] = typeof createGrantsVue(engage).useCan;`,
    answer: "function",
  },
  "channel-grants/words": {
    asks: `
import { createWords, english, german } from "channel-grants/words";
const why = explain(ana, "connections.create");
answers["channel-grants/words"] = [english, german].map((language) =>
  formatDecision(why, createWords(engage, { language, reader: "ana", roles: { admin: "Admin" } })),
);`,
    answer: [
      "You can't connections.create: this needs the role Admin.",
      "„connections.create“ ist dir nicht erlaubt: Dafür ist die Rolle „Admin“ nötig.",
    ],
  },
};

/** A program that asks all that the entries are asked, in each form that it is run in, and what it is to say. */
export interface Program {
  readonly esModule: string;
  readonly commonJs: string;
  readonly typed: string;
  readonly answers: unknown;
}

function programOf(entries: readonly string[]): Program {
  const asked = entries.map((entry) => questions[entry]?.asks).join("\n");
  const esModule = `const answers = {};\n${asked}\nconsole.log(JSON.stringify(answers));\n`;
  return {
    esModule,
    commonJs: esModule.replaceAll(/import (\{.*\}) from (".*");/g, "const $1 = require($2);"),
    typed: `${esModule.replace("answers =", "answers: Record<string, unknown> =")}${types}`,
    answers: Object.fromEntries(entries.map((entry) => [entry, questions[entry]?.answer])),
  };
}

const types = `
declare const console: { log(text: string): void };
import type { Engage, Policy, User } from "channel-grants";
export const user: User<Engage> = ana;
export const policies: readonly Policy[] = [engage, buffer, own];
export { account, cat, own, post, read };
export const refused = [
  // @ts-expect-error a misspelt action
  () => can(ana, "publish.edti", { connections: ["fb"] }),
  // @ts-expect-error a misspelt level
  () => createUser(own, { id: "cat", role: "author", grants: { fb: { posts: "al" } } }),
];
`;

export const entries = Object.keys(questions);
export const whole = programOf(entries);
/** What renders, and what loads a framework, is for servers, and not for bundles. */
export const bundled = programOf(entries.filter((entry) => !/\/(react|vue|nestjs)$/.test(entry)));
/** Nobody needs fast-check, React, Vue or a framework for anything but the entry that imports it. */
export const withoutPeers = programOf(
  entries.filter((entry) => !/\/(arbitraries|react|vue|express|fastify|hono|nestjs)$/.test(entry)),
);
const nest = (major: string) => [`@nestjs/common@${major}`, `@nestjs/core@${major}`, "reflect-metadata", "rxjs"];
export const peers = ["fast-check", "react", "react-dom", "vue", "express@5", "fastify@5", "hono@4", ...nest("12")];
export const oldestPeers = [
  ...["fast-check@3.20.0", "react@18.0.0", "react-dom@18.0.0", "vue@3.4.0"],
  ...["express@5.0.0", "fastify@5.0.0", "hono@4.0.0"],
  ...nest("11"),
];
export const typesOfPeers = ["@types/react", "@types/react-dom", "@types/express@5", "@types/node@20"];

/** For each entry a program that loads nothing else, and tells the names that it has. NestJS itself cannot be bundled. */
export const alone = Object.fromEntries(
  entries
    .filter((entry) => !entry.endsWith("/nestjs"))
    .map((entry) => [
      `${entry.replaceAll("/", "-")}.mjs`,
      `import * as all from "${entry}";\nconsole.log(JSON.stringify(Object.keys(all).length > 0));\n`,
    ]),
);
