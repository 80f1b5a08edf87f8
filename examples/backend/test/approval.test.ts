import type { GrantInput } from "channel-grants";
import sql from "sql-template-tag";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { tokenFor } from "../src/auth.js";
import type { Queries } from "../src/database.js";
import { hold } from "../src/gate.js";
import { type Backend, loadUser } from "../src/policy.js";
import { findPost, lockPost, submissionOf, updatePost } from "../src/posts.js";
import { releaseDue } from "../src/scheduler.js";
import { type Answer, type Person, type Service, startService } from "./service.js";

const approver = { publish: "view-only", approver: true } as const;
const everywhere = (grant: GrantInput<Backend>): Person => ({ grants: { fb: grant, ig: grant } });

let service: Service;
let account: string;

beforeAll(async () => {
  service = await startService();
  account = await service.account(["fb", "ig"], {
    ana: everywhere({ publish: "needs-approval" }),
    ben: everywhere(approver),
    cleo: everywhere(approver),
    dan: everywhere({ publish: "full-access" }),
    finn: { grants: { fb: { publish: "full-access" } } },
    root: { role: "admin" },
  });
});
afterAll(() => service.stop());

const call = (user: string, route: string, body?: unknown): Promise<Answer> =>
  service.call(`${account}/${user}`, route, body);

const pending = (steps: readonly (readonly string[])[]): Promise<string> =>
  service.post(account, { connections: ["fb", "ig"], author: "ana", status: "pending", steps });

const statuses = (answers: readonly Answer[]): readonly number[] => answers.map(({ status }) => status).sort();

/** Sends a request while a transaction is open that changed what it will find, and commits once it has had its time. */
async function duringChange(
  change: (queries: Queries) => Promise<unknown>,
  send: () => Promise<Answer>,
): Promise<{ readonly waited: boolean; readonly answer: Answer }> {
  let answered = false;
  const { sent, waited } = await service.database.transaction(async (queries) => {
    await change(queries);
    const sent = send().finally(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    return { sent, waited: !answered };
  });
  return { waited, answer: await sent };
}

it("a step that needs two of its users is passed by two of them, and the post says who is awaited", async () => {
  const id = await service.post(account, { connections: ["fb", "ig"], author: "ana", status: "draft", steps: [] });
  const { version } = (await call("ana", `GET /posts/${id}`)).body;
  const submitted = await call("ana", `POST /posts/${id}/submit`, {
    version,
    steps: [{ of: ["ben", "cleo"], needs: 2 }],
  });
  expect(submitted.body).toMatchObject({ status: "pending", timeline: [{ needs: 2, awaited: ["ben", "cleo"] }] });
  const half = await call("cleo", `POST /posts/${id}/approve`, { version: submitted.body.version });
  expect(half.body).toMatchObject({ status: "pending", timeline: [{ approvals: [{ by: "cleo" }], awaited: ["ben"] }] });
  const again = await call("cleo", `POST /posts/${id}/approve`, { version: half.body.version });
  expect(again.body).toMatchObject({ status: 409, refusal: { reason: "already-approved", user: "cleo" } });
  const full = await call("ben", `POST /posts/${id}/approve`, { version: half.body.version });
  expect(full.body).toMatchObject({ status: "approved" });
});

it("a deadline is stored, stays while the post waits, is refused in the past, and goes with an edit", async () => {
  const id = await service.post(account, { connections: ["fb", "ig"], author: "ana" });
  const submit = (version: number, expires: string) =>
    call("ana", `POST /posts/${id}/submit`, { version, steps: [["ben"]], expires });
  expect((await submit(0, "2020-01-01T00:00:00Z")).body).toMatchObject({ status: 409, refusal: { reason: "expired" } });
  const submitted = await submit(0, "2990-01-01T01:00:00+01:00");
  expect(submitted.body).toMatchObject({ status: "pending", expires: "2990-01-01T00:00:00.000Z" });
  const reassigned = await call("ana", `POST /posts/${id}/reassign`, { version: 1, steps: [["cleo"]] });
  expect(reassigned.body).toMatchObject({ expires: "2990-01-01T00:00:00.000Z" });
  const edited = await call("ana", `PATCH /posts/${id}`, { version: 2, text: "Good evening" });
  expect(edited.body).toMatchObject({ status: "draft" });
  expect(edited.body).not.toHaveProperty("expires");
  expect(await service.stored(account, id)).toMatchObject({ expires: null, editors: null });
});

it("after the deadline a post is neither approved, nor released by a user, nor by the service", async () => {
  const own = await service.account(["fb"], {
    ana: { grants: { fb: { publish: "needs-approval" } } },
    ben: { grants: { fb: approver } },
    dan: { grants: { fb: { publish: "full-access" } } },
  });
  const expires = "2020-01-02T00:00:00.000Z";
  const asked = { connections: ["fb"], author: "ana", steps: [["ben"]], expires } as const;
  const waiting = await service.post(own, { ...asked, status: "pending" });
  expect((await service.call(`${own}/ben`, `GET /posts/${waiting}`)).body).toMatchObject({
    events: ["reject"],
    expires,
  });
  const late = await service.call(`${own}/ben`, `POST /posts/${waiting}/approve`, { version: 0 });
  expect(late.body).toMatchObject({ status: 409, refusal: { reason: "expired" } });

  const approved = { ...asked, status: "approved", approvals: [{ by: "ben" }] } as const;
  const due = await service.post(own, { ...approved, scheduledAt: new Date("2020-01-01") });
  const byUser = await service.call(`${own}/dan`, `POST /posts/${due}/post-now`, { version: 0 });
  expect(byUser.body).toMatchObject({ status: 409, refusal: { reason: "expired" } });
  await releaseDue(service.database);
  expect(await service.stored(own, due)).toMatchObject({ status: "approved", scheduled_at: null, version: 1 });
});

it("a post with its editors comes out of the rows as it went in", async () => {
  const editors = ["dan"];
  const post = { connections: ["fb"], author: "ana", status: "pending", steps: [["ben"]], editors } as const;
  const id = await service.post(account, post);
  expect(submissionOf(await findPost(service.database, account, id))).toEqual({ ...post, approvals: [], revision: 0 });
});

it("a stand-in approves within its period if it holds the right itself, and both names are kept", async () => {
  const own = await service.account(["fb"], {
    ana: { grants: { fb: { publish: "needs-approval" } } },
    ben: { grants: { fb: approver } },
    cy: { grants: { fb: approver } },
    late: { grants: { fb: approver } },
    viewer: { grants: { fb: { publish: "view-only" } } },
  });
  const standIn = (by: string, from: string | null, until: string | null) =>
    service.database.query(sql`
      INSERT INTO stand_ins (account_id, user_id, by_id, starts_at, ends_at) VALUES (${own}, 'ben', ${by}, ${from}, ${until})`);
  await standIn("cy", "2020-01-01T00:00:00Z", "2990-01-01T00:00:00Z");
  await standIn("late", null, "2020-01-01T00:00:00Z");
  await standIn("viewer", null, null);
  const waiting = { connections: ["fb"], author: "ana", status: "pending", steps: [["ben"]] } as const;
  const id = await service.post(own, waiting);
  const approve = (user: string) => service.call(`${own}/${user}`, `POST /posts/${id}/approve`, { version: 0 });
  expect((await approve("late")).body).toMatchObject({ status: 403, refusal: { reason: "not-asked", user: "late" } });
  expect((await approve("viewer")).status).toBe(403);
  expect((await service.call(`${own}/cy`, `GET /posts/${id}`)).body).toMatchObject({ events: ["approve", "reject"] });
  expect((await approve("cy")).body).toMatchObject({ status: "approved", approvals: [{ by: "cy", for: "ben" }] });
});

it("a post goes from draft to release, and each answer says what comes next", async () => {
  const written = await call("ana", "POST /posts", { text: "Good morning", connections: ["ig", "fb"] });
  expect(written.body).toMatchObject({
    status: "draft",
    level: "needs-approval",
    events: ["submit", "edit"],
    version: 0,
  });
  const path = written.headers.get("location");
  expect((await call("ana", `GET ${path}/approvers`)).body).toEqual({ items: ["ben", "cleo"] });

  const submitted = await call("ana", `POST ${path}/submit`, { version: 0, steps: [["ben"], ["cleo"]] });
  expect(submitted.body).toMatchObject({ status: "pending", events: ["withdraw", "edit", "reassign"], version: 1 });
  expect((await call("ben", `POST ${path}/approve`, { version: 1 })).body).toMatchObject({
    status: "pending",
    version: 2,
  });
  expect((await call("cleo", `POST ${path}/approve`, { version: 2 })).body).toMatchObject({ status: "approved" });
  const at = "2030-01-01T09:00:00.000Z";
  const released = await call("dan", `POST ${path}/schedule`, { version: 3, at });
  expect(released.body).toMatchObject({ status: "released", scheduledAt: at, events: [] });
  expect((await call("ana", `GET ${path}`)).body).toMatchObject({
    ...released.body,
    actions: expect.anything(),
    level: "needs-approval",
  });
});

it("of two approvers at once one succeeds, and the other is told to look again", async () => {
  for (let round = 0; round < 10; round++) {
    // In the second kind of post, one after the other could approve a step each: what counts is what they saw.
    const steps =
      round % 2 === 0
        ? [["ben", "cleo"]]
        : [
            ["ben", "cleo"],
            ["ben", "cleo"],
          ];
    const id = await pending(steps);
    const answers = await Promise.all(
      ["ben", "cleo"].map((by) => call(by, `POST /posts/${id}/approve`, { version: 0 })),
    );
    expect(statuses(answers)).toEqual([200, 409]);
    expect(await service.stored(account, id)).toMatchObject({ approvals: [expect.anything()], version: 1 });
  }
});

it("of an approval, a rejection and an edit at once, one alone succeeds", async () => {
  for (let round = 0; round < 5; round++) {
    const id = await pending([["ben", "cleo"]]);
    const answers = await Promise.all([
      call("ben", `POST /posts/${id}/approve`, { version: 0 }),
      call("cleo", `POST /posts/${id}/reject`, { version: 0 }),
      call("ana", `PATCH /posts/${id}`, { version: 0, text: "Good evening" }),
    ]);
    expect(statuses(answers)).toEqual([200, 409, 409]);
    expect(await service.stored(account, id)).toMatchObject({ version: 1 });
  }
});

it("of two edits at once one is kept whole", async () => {
  const id = await service.post(account, { connections: ["fb"], author: "ana" });
  const texts = ["one", "two", "three", "four", "five"];
  const answers = await Promise.all(texts.map((text) => call("dan", `PATCH /posts/${id}`, { version: 0, text })));
  expect(statuses(answers)).toEqual([200, 409, 409, 409, 409]);
  const winner = answers.findIndex(({ status }) => status === 200);
  expect(await service.stored(account, id)).toMatchObject({ text: texts[winner], revision: 1, version: 1 });
});

it("a grant that was revoked before an approval counts for nothing", async () => {
  const id = await pending([["ben", "cleo"]]);
  const path = "PUT /connections/ig/assignments/cleo";
  expect((await call("root", path, { publish: "view-only" })).status).toBe(200);
  const refused = await call("cleo", `POST /posts/${id}/approve`, { version: 0 });
  expect(refused.status).toBe(403);
  expect(refused.body.decision).toMatchObject({ reason: "flag-missing", blockers: [{ connection: "ig" }] });
  await call("root", path, approver);
  expect((await call("cleo", `POST /posts/${id}/approve`, { version: 0 })).status).toBe(200);
});

it("whoever acts waits for a change of grants that is under way, and goes by what became of it", async () => {
  const id = await pending([["ben", "cleo"]]);
  const held = { cleo: { publish: "view-only", approver: true }, dan: { publish: "full-access", approver: false } };
  // The flow reads the grants once more for an approval; for a deletion, the gate alone decides.
  const sent = {
    cleo: () => call("cleo", `POST /posts/${id}/approve`, { version: 0 }),
    dan: () => call("dan", `DELETE /posts/${id}`),
  };
  for (const user of ["cleo", "dan"] as const) {
    const set = (publish: string, approver: boolean) => sql`
      UPDATE grants SET publish = ${publish}, approver = ${approver} WHERE account_id = ${account} AND user_id = ${user}`;
    const { waited, answer } = await duringChange(async (queries) => {
      await hold(queries, account, "govern");
      await queries.query(set("view-only", false));
    }, sent[user]);
    expect([waited, answer.status], user).toEqual([true, 403]);
    await service.database.query(set(held[user].publish, held[user].approver));
  }
});

it("the author withdraws a post, and has it reassigned to others", async () => {
  const id = await pending([["ben"]]);
  const reassigned = await call("ana", `POST /posts/${id}/reassign`, { version: 0, steps: [["cleo"]] });
  expect(reassigned.body).toMatchObject({ status: "pending", steps: [["cleo"]], version: 1 });
  expect((await call("ben", `POST /posts/${id}/approve`, { version: 1 })).body.refusal?.reason).toBe("not-asked");
  const withdrawn = await call("ana", `POST /posts/${id}/withdraw`, { version: 1 });
  expect(withdrawn.body).toMatchObject({ status: "draft", steps: [], events: ["submit", "edit"] });
});

it("a change of grants waits for whoever acts by them", async () => {
  const { waited, answer } = await duringChange(
    (queries) => hold(queries, account, "act"),
    () => call("root", "PUT /connections/fb/assignments/cleo", approver),
  );
  expect([waited, answer.status]).toEqual([true, 200]);
});

it("whoever waits for a post decides about the connections that it has afterwards", async () => {
  const id = await service.post(account, { connections: ["fb"], author: "ana" });
  const { waited, answer } = await duringChange(
    async (queries) => {
      const post = await lockPost(queries, account, id);
      await updatePost(queries, account, { ...post, connections: ["fb", "ig"] });
    },
    () => call("finn", `DELETE /posts/${id}`),
  );
  expect([waited, answer.status]).toEqual([true, 403]);
});

// In this process the change would wait for the reader, as there is one connection.
it.skipIf(process.env.DATABASE_URL === undefined)("whoever reads sees the rows of one moment", async () => {
  const rows = (queries: Queries) => loadUser(queries, account, "finn").then((user) => user?.toJSON());
  const { before, after } = await service.database.transaction(async (queries) => {
    await hold(queries, account, "read");
    const before = await rows(queries);
    const put = await call("root", "PUT /connections/ig/assignments/finn", { publish: "view-only" });
    expect(put.status).toBe(200);
    return { before, after: await rows(queries) };
  });
  expect(after).toEqual(before);
  expect(await rows(service.database)).not.toEqual(before);
  await call("root", "PUT /connections/ig/assignments/finn", {});
});

it("a post that lost a connection is not allowed more for it", async () => {
  const alone = await service.account(["fb", "ig"], {
    dan: everywhere({ publish: "full-access" }),
    root: { role: "admin" },
  });
  const id = await service.post(alone, { connections: ["fb", "ig"], author: "dan" });
  expect((await service.call(`${alone}/root`, "DELETE /connections/ig")).status).toBe(204);
  const answer = await service.call(`${alone}/dan`, `GET /posts/${id}`);
  expect(answer.body).toMatchObject({ connections: ["fb", "ig"], level: "view-only" });
  expect((await service.call(`${alone}/dan`, `POST /posts/${id}/post-now`, { version: 0 })).status).toBe(403);
});

it("whoever names somebody who may not approve, nobody, or the author is told so", async () => {
  const id = await service.post(account, { connections: ["fb", "ig"], author: "ana" });
  const submit = async (steps: unknown) => {
    const { status, body } = await call("ana", `POST /posts/${id}/submit`, { version: 0, steps });
    return [status, body.refusal?.reason];
  };
  expect(await submit([["dan"]])).toEqual([400, "not-an-approver"]);
  expect(await submit([["nobody"]])).toEqual([400, "unknown-user"]);
  expect(await submit([])).toEqual([400, "wrong-steps"]);
  expect(await submit([["ana"]])).toEqual([403, "is-author"]);
  expect(await submit("ben")).toEqual([400, undefined]);
});

it("the service releases what was approved when its time has come, if the approval still holds", async () => {
  const scheduledAt = new Date("2020-01-01");
  const approved = { connections: ["fb"], author: "ana", status: "approved", scheduledAt } as const;
  const by = (user: string) => ({ ...approved, steps: [[user]], approvals: [{ by: user }] });
  const held = await service.post(account, by("dan"));
  const gone = await service.post(account, by("gone"));
  const due = await service.post(account, by("ben"));
  const later = await service.post(account, { ...by("ben"), scheduledAt: new Date("2100-01-01") });
  await Promise.all([releaseDue(service.database), releaseDue(service.database)]);

  expect(await service.stored(account, due)).toMatchObject({
    status: "released",
    scheduled_at: scheduledAt,
    version: 1,
  });
  expect(await service.stored(account, later)).toMatchObject({ status: "approved", version: 0 });
  for (const id of [held, gone]) {
    expect(await service.stored(account, id)).toMatchObject({ status: "approved", scheduled_at: null, version: 1 });
  }
  const log = await service.database.query(sql`
    SELECT refusal, allowed, decision->>'user' AS of FROM decisions
    WHERE account_id = ${account} AND request = 'scheduler' ORDER BY refusal`);
  expect(log).toEqual([
    { refusal: "approval-lapsed", allowed: false, of: "dan" },
    { refusal: null, allowed: true, of: "ben" },
  ]);
});

it("the inbox has what waits for the user now, alone or in place of somebody else", async () => {
  const own = await service.account(["fb", "ig"], {
    ana: everywhere({ publish: "needs-approval" }),
    ben: everywhere(approver),
    cy: { grants: { fb: approver } },
    dan: everywhere({ publish: "full-access" }),
  });
  const waiting = (steps: readonly string[][], connections = ["fb"]) =>
    service.post(own, { connections, author: "ana", status: "pending", steps });
  const first = await waiting([["ben"], ["cy"]]);
  const second = await waiting([["ben", "cy"]]);
  await waiting([["cy"]]);
  const wide = await waiting([["ben"]], ["fb", "ig"]);
  await service.post(own, { connections: ["fb"], author: "ana" });
  const inboxOf = async (user: string, query = "") => (await service.call(`${own}/${user}`, `GET /inbox${query}`)).body;
  const items = [wide, second, first].map((id) =>
    expect.objectContaining({ id, step: 0, events: ["approve", "reject"] }),
  );
  expect((await inboxOf("ben")).items).toEqual(items);
  expect((await inboxOf("dan")).items).toEqual([]);
  expect((await inboxOf("ana")).items).toEqual([]);

  await service.database.query(sql`
    INSERT INTO stand_ins (account_id, user_id, by_id) VALUES (${own}, 'ben', 'cy')`);
  // On the post that goes to ig, a stand-in who holds nothing there is not asked.
  const forBen = (await inboxOf("cy")).items.map((item) => [item.id, "for" in item ? item.for : undefined]);
  expect(forBen).toContainEqual([first, "ben"]);
  expect(forBen).toContainEqual([second, undefined]);
  expect(forBen.map(([id]) => id)).not.toContain(wide);

  // Pages are of what the user may approve; the flow picks within each.
  const page = await inboxOf("ben", "?limit=1");
  expect(page.items).toMatchObject([{ id: wide }]);
  expect((await inboxOf("ben", `?limit=3&before=${page.next}`)).items).toMatchObject([{ id: second }, { id: first }]);
});

it("a request whose sender goes away ends its transaction, and what it did is done or not, but whole", async () => {
  const id = await service.post(account, { connections: ["fb"], author: "ana" });
  const authorization = `Bearer ${tokenFor(service.server, { account, user: "dan" })}`;
  const leave = new AbortController();
  await service.database.transaction(async (queries) => {
    await lockPost(queries, account, id);
    const sent = fetch(`${service.address}/posts/${id}`, {
      method: "DELETE",
      headers: { authorization },
      signal: leave.signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    leave.abort();
    await expect(sent).rejects.toThrow("aborted");
  });
  // On the one connection of this process, whoever comes next would wait for ever.
  await vi.waitFor(async () => expect((await call("dan", `GET /posts/${id}`)).status).toBe(404), { timeout: 60_000 });
  expect((await call("root", "PUT /connections/fb/assignments/dan", { publish: "full-access" })).status).toBe(200);
});
