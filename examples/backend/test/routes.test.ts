import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, type Service, startService } from "./service.js";

// Every route, asked by every kind of user. The statuses are written by hand: from the rules E4 to E21 of docs/engage.md,
// and where the post is in some status, from the table of events in docs/approval.md.

const both = (grant: NonNullable<Person["grants"]>[string]): Person => ({ grants: { fb: grant, ig: grant } });

const people: Readonly<Record<string, Person>> = {
  author: both({ publish: "needs-approval" }),
  none: {},
  analyst: both({ analytics: "full-access" }),
  talker: both({ conversations: "view-only" }),
  view: both({ publish: "view-only" }),
  "view+a": both({ publish: "view-only", approver: true }),
  needs: both({ publish: "needs-approval" }),
  full: both({ publish: "full-access" }),
  "full+a": both({ publish: "full-access", approver: true }),
  // On the group of both, that is view-only (E6).
  half: { grants: { fb: { publish: "full-access", approver: true } } },
  admin: { role: "admin" },
  "admin+f": { role: "admin", ...both({ publish: "full-access" }) },
};

// "nobody" has no token, "gone" one of the account without a row, and "other" is an admin of another account, who holds
// full access with approver there.
const table = `
route                                            nobody gone other none analyst talker view view+a needs full full+a half admin admin+f
GET /posts                                       401    401  200   200  200     200    200  200    200   200  200    200  200   200
POST /posts                                      401    401  403   403  403     403    403  403    201   201  201    403  403   201
GET /posts/:post                                 401    401  404   403  403     403    200  200    200   200  200    200  403   200
PATCH /posts/:post                               401    401  404   403  403     403    403  403    200   200  200    403  403   200
PATCH /posts/:post?of=pending                    401    401  404   403  403     403    403  403    403   403  200    403  403   403
PATCH /posts/:post?of=released                   401    401  404   403  403     403    403  403    409   409  409    403  403   409
DELETE /posts/:post                              401    401  404   403  403     403    403  403    204   204  204    403  403   204
DELETE /posts/:post?of=released                  401    401  404   403  403     403    403  403    409   409  409    403  403   409
GET /inbox                                       401    401  200   200  200     200    200  200    200   200  200    200  200   200
GET /posts/:post/approvers                       401    401  404   403  403     403    403  403    200   200  200    403  403   200
POST /posts/:post/submit                         401    401  404   403  403     403    403  403    200   200  200    403  403   200
POST /posts/:post/submit?of=pending              401    401  404   403  403     403    403  403    409   409  409    403  403   409
POST /posts/:post/approve                        401    401  404   403  403     403    403  409    403   403  409    403  403   403
POST /posts/:post/approve?of=pending             401    401  404   403  403     403    403  200    403   403  200    403  403   403
POST /posts/:post/reject                         401    401  404   403  403     403    403  409    403   403  409    403  403   403
POST /posts/:post/reject?of=pending              401    401  404   403  403     403    403  200    403   403  200    403  403   403
POST /posts/:post/withdraw                       401    401  404   403  403     403    409  409    409   409  409    409  403   409
POST /posts/:post/withdraw?of=pending            401    401  404   403  403     403    403  403    403   403  403    403  403   403
POST /posts/:post/reassign                       401    401  404   403  403     403    409  409    409   409  409    409  403   409
POST /posts/:post/reassign?of=pending            401    401  404   403  403     403    403  403    200   200  200    403  403   200
POST /posts/:post/schedule                       401    401  404   403  403     403    403  403    403   200  200    403  403   200
POST /posts/:post/schedule?of=pending            401    401  404   403  403     403    403  403    403   409  409    403  403   409
POST /posts/:post/schedule?of=approved           401    401  404   403  403     403    403  403    403   200  200    403  403   200
POST /posts/:post/post-now                       401    401  404   403  403     403    403  403    403   200  200    403  403   200
POST /posts/:post/post-now?of=pending            401    401  404   403  403     403    403  403    403   409  409    403  403   409
GET /compose/connections                         401    401  200   200  200     200    200  200    200   200  200    200  200   200
POST /connections                                401    401  201   403  403     403    403  403    403   403  403    403  201   201
POST /connections/:connection/reconnect          401    401  404   403  204     204    204  204    204   204  204    204  204   204
DELETE /connections/:connection                  401    401  404   403  403     403    403  403    403   403  403    403  204   204
GET /connections/:connection/assignments         401    401  404   403  403     403    403  403    403   403  403    403  200   200
PUT /connections/:connection/assignments/:user   401    401  404   403  403     403    403  403    403   403  200    200  200   200
POST /members                                    401    401  201   403  403     403    403  403    403   201  201    201  201   201
POST /members?of=admin                           401    401  201   403  403     403    403  403    403   403  403    403  201   201
PUT /members/:user/role                          401    401  404   403  403     403    403  403    403   403  403    403  200   200
GET /audit/decisions                             401    401  200   403  403     403    403  403    403   403  403    403  200   200
GET /audit/grants                                401    401  200   403  403     403    403  403    403   403  403    403  200   200
`;

const [[, ...kinds] = [], ...rows] = table
  .trim()
  .split("\n")
  .map((line) => line.split(/\s+/));
const cases = rows.map(([method, path, ...statuses]) => ({
  route: `${method} ${path}`,
  statuses: statuses.map(Number),
}));

const version = 0;
const bodies: Readonly<Record<string, unknown>> = {
  "POST /posts": { text: "Good morning", connections: ["fb", "ig"] },
  "PATCH /posts/:post": { version, text: "Good evening" },
  "POST /posts/:post/submit": { version, steps: [["view+a"]] },
  "POST /posts/:post/approve": { version },
  "POST /posts/:post/reject": { version },
  "POST /posts/:post/withdraw": { version },
  "POST /posts/:post/reassign": { version, steps: [["view+a"]] },
  "POST /posts/:post/schedule": { version, at: "2030-01-01T09:00:00Z" },
  "POST /posts/:post/post-now": { version },
  "POST /connections": { network: "Facebook", name: "A page" },
  "PUT /connections/:connection/assignments/:user": { publish: "view-only", approver: true },
  "POST /members": { role: "viewer" },
  "POST /members?of=admin": { role: "admin" },
  "PUT /members/:user/role": { role: "viewer" },
};

const steps = [["view+a", "full+a"]];
const situations = {
  draft: { status: "draft" },
  pending: { status: "pending", steps },
  approved: { status: "approved", steps, approvals: [{ by: "view+a" }] },
  released: { status: "released" },
} as const;

let service: Service;
let account: string;
let other: string;

beforeAll(async () => {
  service = await startService();
  account = await service.account(["fb", "ig"], people);
  const all = { publish: "full-access", approver: true } as const;
  other = await service.account(["tw"], { owner: { role: "admin", grants: { tw: all } } });
});
afterAll(() => service.stop());

/** Makes what a route is about anew, so that no case changes what another one finds. */
async function pathOf(path: string): Promise<string> {
  const [pattern = "", of = "draft"] = path.split("?of=");
  const situation = situations[of as keyof typeof situations];
  const post = await service.post(account, { connections: ["fb", "ig"], ...situation });
  return pattern.replace(":post", post).replace(":connection", "fb").replace(":user", "author");
}

/** A connection can be removed once: each case has its own. */
async function ownConnection(name: string): Promise<string> {
  await service.database.query(sql`
    INSERT INTO connections (account_id, id, network, name) VALUES (${account}, ${name}, 'X', 'A page')`);
  return name;
}

describe("each route answers each kind of user as the rules say", () => {
  it.each(cases)("$route", async ({ route, statuses }) => {
    const [method, path = ""] = route.split(" ");
    const found: Record<string, number> = {};
    for (const kind of kinds) {
      const by = kind === "nobody" ? undefined : kind === "other" ? `${other}/owner` : `${account}/${kind}`;
      const removed = route.startsWith("DELETE /connections") ? await ownConnection(`removed by ${kind}`) : undefined;
      const real = removed ? `/connections/${encodeURIComponent(removed)}` : await pathOf(path);
      const body = bodies[route] ?? bodies[route.replace(/\?.*/, "")];
      // Somebody is invited once.
      const sent =
        path.startsWith("/members") && method === "POST" ? { ...Object(body), id: `invited ${kind} ${path}` } : body;
      const answer = await service.call(by, `${method} ${real}`, sent);
      found[kind] = answer.status;
      // Every refusal is a problem document, and one by the policy carries its decision.
      if (answer.status >= 400) {
        expect(answer.type).toContain("application/problem+json");
        expect(answer.body).toMatchObject({ status: answer.status });
        if (answer.status === 403) expect(answer.body.decision ?? answer.body.refusal).toBeDefined();
      }
    }
    expect(found).toEqual(Object.fromEntries(kinds.map((kind, index) => [kind, statuses[index]])));
  });

  it("no registered route is missing in the table, and none in it is unknown", () => {
    const asked = new Set(cases.map(({ route }) => route.replace(/\?.*/, "")));
    expect([...asked].sort()).toEqual(registered(service.server.printRoutes({ commonPrefix: false })).sort());
  });

  it("the table has a status for every kind of user", () => {
    for (const { statuses } of cases) expect(statuses.filter(Boolean)).toHaveLength(kinds.length);
    expect(kinds).toEqual(["nobody", "gone", "other", ...Object.keys(people).filter((kind) => kind !== "author")]);
  });
});

/** Reads the tree that Fastify prints of its routes. */
function registered(tree: string): string[] {
  const above: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", segment = "", methods] = /^([│├└─\s]*)(\S+)(?: \((.*)\))?$/u.exec(line) ?? [];
    if (segment === "") return [];
    above.splice(indent.length / 4 - 1, Number.POSITIVE_INFINITY, segment);
    return (methods?.split(", ") ?? []).map((method) => `${method} ${above.join("")}`);
  });
}
