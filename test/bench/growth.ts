import { Bench } from "tinybench";
import { checkPolicy, diffMatrices, reviewAccess } from "../../src/analysis/index.js";
import {
  accessLevel,
  allowedActions,
  can,
  createMatrix,
  createUser,
  type Engage,
  engage,
  explain,
  type GrantMatrix,
} from "../../src/index.js";
import { matrixRowsSchema, matrixSchema, targetSchema, userSchema } from "../../src/schema/index.js";
import { foldTeams } from "../../src/teams/index.js";

// How the time of each call grows with its input: `npm run growth`. An exponent of 1 is linear growth. The largest inputs
// fit into no memory cache, which adds to it: the first two rows are of plain loops, and show how much.

const sizes = [1_000, 10_000, 100_000, 1_000_000];

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
  return {
    "(a Map looked up)": () => connections.reduce((sum, id) => sum | (looked.get(id) ?? 0), 0),
    "(a Map copied)": () => new Map(Object.entries(grants)),
    "can, a group": () => can(ana, "publish.post-now", group),
    "accessLevel, a group": () => accessLevel(ana, "publish", group),
    "allowedActions, a group": () => allowedActions(ana, group),
    "explain, a group": () => explain(ana, "publish.approve", group),
    "explain, a group all in the way": () => explain(account.user("connection-0"), "publish.post-now", group),
    "targetSchema, a group": () => targetSchema(engage, "publish.view").parse(group),
    "targetSchema, a group of holes": () => targetSchema(engage, "publish.view").safeParse({ connections: sparse }),
    "createUser, grants": () => createUser(engage, input),
    "userSchema, grants": () => userSchema(engage).parse(input),
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
    "assign, users": () => account.assign("connection-0", "fb", {}),
  };
}

const medians = new Map<string, number[]>();
for (const size of sizes) {
  const bench = new Bench({ time: 50, iterations: 3, warmup: size < 1_000_000, warmupTime: 50, warmupIterations: 1 });
  for (const [name, call] of Object.entries(callsOn(size))) bench.add(name, call);
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

console.table(
  Object.fromEntries(
    [...medians].map(([name, times]) => [
      name,
      {
        ...Object.fromEntries(times.map((time, index) => [`${sizes[index]} (ms)`, Number(time.toPrecision(3))])),
        exponent: Number(exponentOf(times).toFixed(2)),
      },
    ]),
  ),
);
