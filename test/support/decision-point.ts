import { createDecisionPoint, type DecisionPointOptions } from "../../src/authzen/index.js";
import { createMatrix, type Engage, engage, type Policy } from "../../src/index.js";

// A decision point on a small account, and requests to it.

export const account = createMatrix(engage, {
  users: [
    { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "needs-approval" } } },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
    { id: "cat", role: "admin" },
  ],
  connections: ["fb", "ig", "x"],
});
export const posts = new Map([
  ["own", { connections: ["fb"] }],
  ["mixed", { connections: ["fb", "ig"] }],
  ["empty", { connections: [] }],
]);

/** What failed: a test that expects nothing to fail finds it here. */
export const failures: unknown[] = [];

export const options: DecisionPointOptions<Engage> = {
  account: "acme",
  loadUser: (id) => (account.users().includes(id) ? account.user(id) : undefined),
  loadGroup: async (id) => posts.get(id),
  loadAccount: () => account,
  listGroups: () => posts,
  onError: (error) => failures.push(error),
};

/** Makes the decision point of that account, with some options instead. */
export const pointWith = (changed: Partial<DecisionPointOptions<Engage>> = {}) =>
  createDecisionPoint(engage, { ...options, ...changed });

export type Point = ReturnType<typeof createDecisionPoint<Policy>>;

/** Posts a body, which is JSON unless it is a string. */
export async function post(point: Point, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await point(
    new Request(`https://pdp.test${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export const user = (id: string) => ({ type: "user", id });
export const action = (name: string) => ({ name });
export const group = (id: string) => ({ type: "group", id });
export const connection = (id: string) => ({ type: "connection", id });

/** Asks for one decision. */
export async function evaluate(point: Point, subject: unknown, name: string, resource: unknown) {
  const { status, body } = await post(point, "/access/v1/evaluation", { subject, action: action(name), resource });
  return status === 200 ? body : status;
}

/** Searches, and gives the ids or names that were found. */
export async function search(point: Point, kind: "subject" | "resource" | "action", body: object) {
  const found = await post(point, `/access/v1/search/${kind}`, body);
  return found.status === 200
    ? found.body.results.map(({ id, name }: { id?: string; name?: string }) => id ?? name)
    : found.status;
}
