import { performance } from "node:perf_hooks";
import { checkPolicy, comparePolicies, diffMatrices, reviewAccess, whoCan } from "../../src/analysis/index.js";
import { can, createMatrix, definePolicy, type Engage, engage, type GrantMatrix } from "../../src/index.js";
import { quantile } from "./result.js";
import { randomFrom } from "./world.js";

// How long analysis takes, as a ratio to asking `can` for every pair in the same run: npm run bench:analysis.

const users = 5000;
const connections = Array.from({ length: 200 }, (_, index) => `connection-${index}`);
const changedGrants = 1000;
const states = [
  {},
  { publish: "view-only" },
  { publish: "view-only", approver: true },
  { publish: "needs-approval" },
  { publish: "full-access", conversations: "full-access" },
] as const;

function accountOf(seed: number): { id: string; role: "viewer" | "admin"; grants: Record<string, object> }[] {
  const random = randomFrom(seed);
  return Array.from({ length: users }, (_, index) => ({
    id: `user-${index}`,
    role: random() < 0.02 ? "admin" : "viewer",
    grants: Object.fromEntries(
      connections.map((id) => [id, states[Math.floor(random() * states.length)] ?? {}] as const),
    ),
  }));
}

function timed<Result>(work: () => Result, rounds = 5): readonly [milliseconds: number, Result] {
  let result = work();
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    result = work();
    return performance.now() - start;
  });
  return [quantile(times, 0.5), result];
}

const start = performance.now();
checkPolicy(engage);
const cold = performance.now() - start;

const before = createMatrix(engage, { users: accountOf(1) as never, connections });
const random = randomFrom(2);
const edited = accountOf(1);
let derived: GrantMatrix<Engage> = before;
for (let count = 0; count < changedGrants; count++) {
  const user = Math.floor(random() * users);
  const connection = connections[Math.floor(random() * connections.length)] ?? "";
  const grant = states[Math.floor(random() * states.length)] ?? {};
  derived = derived.assign(`user-${user}`, connection, grant);
  (edited[user] as { grants: Record<string, object> }).grants[connection] = grant;
}
const apart = createMatrix(engage, { users: edited as never, connections });

const groupActions = ["publish.view", "publish.edit", "publish.post-now", "publish.approve"] as const;

/** What a host would do without analysis: ask before and after, for every pair and only these actions. */
function askedOneByOne(one: GrantMatrix<Engage>, other: GrantMatrix<Engage>): number {
  let flips = 0;
  for (const id of one.users()) {
    const [was, is] = [one.user(id), other.user(id)];
    for (const connection of connections) {
      const group = { connections: [connection] };
      for (const action of groupActions) if (can(was, action, group) !== can(is, action, group)) flips++;
    }
  }
  return flips;
}

const relaxed = definePolicy({
  ...engage,
  actions: { ...engage.actions, "publish.edit": { target: "group", allow: { area: "publish", level: "view-only" } } },
} as never);
const claims = [
  { name: "E16", when: [{ area: "publish", exactly: "needs-approval" }], never: ["publish.approve"] },
] as const;
const [baseline, flips] = timed(() => askedOneByOne(before, apart), 3);
const rows: [string, number][] = [
  ["checkPolicy(engage), the first time", cold],
  ["checkPolicy(engage)", timed(() => checkPolicy(engage, { claims }))[0]],
  ["comparePolicies(engage, another)", timed(() => comparePolicies(engage, relaxed as never))[0]],
  [`diffMatrices, ${changedGrants} grants, derived`, timed(() => diffMatrices(before, derived))[0]],
  [`diffMatrices, ${changedGrants} grants, built apart`, timed(() => diffMatrices(before, apart))[0]],
  [
    "whoCan(publish.approve) on ten",
    timed(() => whoCan(before, "publish.approve", { connections: connections.slice(0, 10) }))[0],
  ],
  ["reviewAccess", timed(() => reviewAccess(before), 1)[0]],
];

const said = diffMatrices(before, apart).decisions.flatMap(({ action, connections: on = [] }) =>
  (groupActions as readonly string[]).includes(action) ? on : [],
).length;
if (said !== flips) throw new Error(`the diff says ${said} flips and can says ${flips}`);
console.log(
  `${users} users × ${connections.length} connections; ${flips} answers flip in ${groupActions.length} actions`,
);
console.log(
  `can, asked before and after for every pair, ${groupActions.length} actions: ${baseline.toFixed(0)} ms = 1`,
);
for (const [what, time] of rows) {
  console.log(`${what.padEnd(42)}${time.toFixed(1).padStart(9)} ms   ${(time / baseline).toFixed(4)}`);
}
