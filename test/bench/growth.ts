import { readFileSync, writeFileSync } from "node:fs";
import { Bench } from "tinybench";
import { checkPolicy, diffMatrices, reviewAccess } from "../../src/analysis/index.js";
import {
  accessLevel,
  allowedActions,
  beyond,
  can,
  createMatrix,
  createUser,
  type Engage,
  engage,
  explain,
  formatDecision,
  frontendRow,
  type GrantMatrix,
  limit,
  prepareGroup,
} from "../../src/index.js";
import { matrixRowsSchema, matrixSchema, targetSchema, userSchema } from "../../src/schema/index.js";
import { foldTeams } from "../../src/teams/index.js";
import { packUser, unpackUser } from "../../src/token/index.js";
import { withGrowth } from "./page.js";
import { table } from "./table.js";

// How the time of each call grows with its input: `npm run growth`, which writes the table into docs/performance.md. An
// exponent of 1 is linear growth. The largest inputs fit into no memory cache, which adds to it: the first two rows are of
// plain loops, and show how much. `npm run growth -- assign` measures those with the word in their names, and writes nothing.

const [word] = process.argv.slice(2);

const sizes = [1_000, 10_000, 100_000];

/** Gives the calls that take `size` connections in a group, or grants of a user, or users of a matrix. */
function callsOn(size: number): Record<string, () => unknown> {
  const connections = Array.from({ length: size }, (_, index) => `connection-${index}`);
  const group = { connections };
  const grants = Object.fromEntries(connections.map((id) => [id, { publish: "full-access", approver: true } as const]));
  const input = { id: "ana", role: "viewer", grants } as const;
  const ana = createUser(engage, input);
  const users = connections.map((id) => ({ id, role: "viewer", grants: { fb: { publish: "view-only" } } }) as const);
  const account = createMatrix(engage, { users });
  const rows = {
    users: users.map(({ id, role }) => ({ id, role })),
    connections: [{ id: "fb" }],
    grants: users.map(({ id }) => ({ user: id, connection: "fb", grant: { publish: "view-only" } })),
  };
  const faulty = users.map((user) => ({ ...user, grants: { fb: { publish: "all" } } }));
  const sparse = new Array(size);
  const [held, lost] = [input, { ...input, grants: {} }].map((user) =>
    createMatrix(engage, { users: [user], connections }),
  ) as [GrantMatrix<Engage>, GrantMatrix<Engage>];
  const claim = {
    name: "all",
    when: connections.map(() => "connections.reconnect" as const),
    never: ["publish.edit" as const],
  };
  const looked = new Map(connections.map((id, index) => [id, index]));
  const viewOnly = { publish: "view-only" } as const;
  const people = connections.map((id) => ({ id, role: "viewer" }) as const);
  const brands = [{ id: "all", connections }];
  const members = connections;
  const own = connections.map((id) => ({ id, role: "viewer", grants: { everywhere: viewOnly } }) as const);
  const map = new Map(Object.entries(grants));
  const entries = Object.entries(grants);
  const many = createMatrix(engage, { users: [input] });
  const member = many.user("ana");
  const prepared = many.group(group);
  const forEverybody = prepareGroup(engage, group);
  const token = packUser(ana);
  const denied = explain(account.user("connection-0"), "publish.post-now", group);
  const first = account.user("connection-0");
  const one = account.group({ connections: ["fb"] });
  let next = 0;
  return {
    "(a Map looked up)": () => connections.reduce((sum, id) => sum | (looked.get(id) ?? 0), 0),
    "(a Map copied)": () => new Map(Object.entries(grants)),
    "can, a group": () => can(ana, "publish.post-now", group),
    "accessLevel, a group": () => accessLevel(ana, "publish", group),
    "allowedActions, a group": () => allowedActions(ana, group),
    "prepareGroup, a group": () => prepareGroup(engage, group),
    "group of a matrix, a group": () => many.group(group),
    "can, a prepared group": () => can(member, "publish.post-now", prepared),
    "can, a prepared group after a change": () =>
      can(many.assign("ana", "connection-0", viewOnly).user("ana"), "publish.post-now", prepared),
    "can, a prepared group of everybody and another user": () =>
      can(next++ % 2 === 0 ? ana : member, "publish.post-now", forEverybody),
    "allowedActions, a prepared group": () => allowedActions(member, prepared),
    "explain, a group": () => explain(ana, "publish.approve", group),
    "explain, a group all in the way": () => explain(account.user("connection-0"), "publish.post-now", group),
    "targetSchema, a group": () => targetSchema(engage, "publish.view").parse(group),
    "targetSchema, a group of holes": () => targetSchema(engage, "publish.view").safeParse({ connections: sparse }),
    "createUser, grants": () => createUser(engage, input),
    "userSchema, grants": () => userSchema(engage).parse(input),
    "createUser, grants in a Map": () => createUser(engage, { id: "ana", role: "viewer", grants: map }),
    "createUser, grants as entries": () => createUser(engage, { id: "ana", role: "viewer", grants: entries }),
    "limit, grants": () => limit(ana, { grants: viewOnly }),
    "frontendRow, grants": () => frontendRow(limit(member, { grants: { publish: "full-access", approver: true } })),
    "beyond, grants": () => beyond(ana, "connection-0", viewOnly),
    "packUser, grants": () => packUser(ana),
    "unpackUser, grants": () => unpackUser(engage, token),
    "formatDecision, a group all in the way": () => formatDecision(denied),
    "JSON of a user, grants": () => JSON.stringify(ana),
    "createMatrix, users": () => createMatrix(engage, { users }),
    "matrixSchema, users": () => matrixSchema(engage).parse({ users }),
    "matrixSchema, faulty users": () => matrixSchema(engage).safeParse({ users: faulty }),
    "matrixRowsSchema, users and grants": () => matrixRowsSchema(engage).parse(rows),
    "usersFor, users": () => account.usersFor("publish.view", { connections: ["fb"] }),
    "diffMatrices, grants lost": () => diffMatrices(held, lost),
    "reviewAccess, grants": () => reviewAccess(held),
    "checkPolicy, conditions of a claim": () => checkPolicy(engage, { claims: [claim] }),
    "foldTeams, members of a team on a brand of all connections": () =>
      foldTeams(engage, {
        users: people,
        connections,
        brands,
        teams: [{ id: "t", members, grants: { brands: { all: viewOnly } } }],
      }),
    "foldTeams, users with a grant of their own everywhere": () => foldTeams(engage, { users: own, connections }),
    "foldTeams, teams of one user": () =>
      foldTeams(engage, {
        users: [{ id: "ana", role: "viewer" }],
        connections: ["fb"],
        teams: connections.map((id) => ({ id, members: ["ana"], grants: { everywhere: viewOnly } })),
      }),
    "usersFor, users and a prepared group": () => account.usersFor("publish.view", one),
    "usersFor, users just after a change": () =>
      account.assign("connection-0", "fb", {}).usersFor("publish.view", { connections: ["fb"] }),
    "user of a matrix": () => account.user("connection-1"),
    "connectionsFor, grants": () => many.connectionsFor("ana", "publish.select"),
    "visibleConnections, grants": () => many.visibleConnections("ana", "publish"),
    "assign, users": () => account.assign("connection-0", "fb", {}),
    "assign, grants of the user": () => many.assign("ana", "connection-0", viewOnly),
    "revoke, grants of the user": () => many.revoke("ana", "connection-0"),
    "putUser, users": () => account.putUser(first),
    "putUser, users and a new one": () => account.putUser({ id: "new", role: "viewer" }),
    "removeUser, users": () => account.removeUser("connection-0"),
    "addConnection, connections": () => many.addConnection("new"),
    "removeConnection, users": () => account.removeConnection("fb"),
    "at, users": () => account.at("2026-08-01T00:00:00Z"),
    "JSON of a matrix, users": () => account.toJSON(),
  };
}

const medians = new Map<string, number[]>();
for (const size of sizes) {
  const bench = new Bench({ time: 50, iterations: 3, warmupTime: 50, warmupIterations: 1 });
  for (const [name, call] of Object.entries(callsOn(size))) if (!word || name.includes(word)) bench.add(name, call);
  for (const { name, result } of await bench.run()) {
    if (result.state !== "completed") throw new Error(`${name} did not complete`);
    medians.set(name, [...(medians.get(name) ?? []), result.latency.p50]);
  }
}

/** The slope of time over size, both as logarithms, by least squares. */
function exponentOf(times: readonly number[]): number {
  const points = times.map((time, index) => [Math.log(sizes[index] as number), Math.log(time)] as const);
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const rise = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return rise / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}

const heads = ["call", ...sizes.map((size) => size.toLocaleString("en")), "exponent"];
const shown = table(
  heads,
  [...medians].map(([name, times]) => [
    name,
    ...times.map((time) => String(Number(time.toPrecision(3)))),
    exponentOf(times).toFixed(2),
  ]),
);
console.log(shown);
if (!word) {
  const page = new URL("../../docs/performance.md", import.meta.url);
  writeFileSync(page, withGrowth(readFileSync(page, "utf8"), shown));
}
