import { describe, expect, it } from "vitest";
import { diffMatrices, formatDiff, formatReview, reviewAccess } from "../../src/analysis/index.js";
import { run } from "../../src/cli/run.js";
import { createMatrix, definePolicy, engage } from "../../src/index.js";
import { refusal } from "../support/refusal.js";

const agency = definePolicy({
  name: "agency",
  levels: ["none", "manage"],
  areas: { posts: { levels: ["none", "manage"] }, billing: { levels: ["none", "manage"], of: "account" } },
  roles: { member: {} },
  actions: {
    "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } },
    "posts.edit": { target: "group", allow: { area: "posts", level: "manage" } },
  },
});
const now = "2026-08-01T00:00:00.000Z";
const inAWeek = "2026-08-08T00:00:00.000Z";
const users = [
  {
    id: "ana",
    role: "member",
    grants: { fb: { posts: "manage", until: inAWeek }, ig: { posts: "manage", until: "2026-08-08T00:00:00.001Z" } },
    account: { billing: "manage", until: "2026-08-02T00:00:00.000Z" },
  },
  {
    id: "ben",
    role: "member",
    grants: { fb: { posts: "manage", until: "2026-07-01T00:00:00Z" }, ig: { posts: "manage" } },
  },
] as const;
const account = createMatrix(agency, { users, connections: ["fb", "ig"] }, { at: now });

describe("reviewAccess", () => {
  it("lists what ends within a time, the next one first, and nothing that has ended or ends later", () => {
    const onFb = { user: "ana", connection: "fb", until: inAWeek, holds: { posts: "manage" } };
    const inAccount = { user: "ana", until: "2026-08-02T00:00:00.000Z", holds: { billing: "manage" } };
    expect(reviewAccess(account, { endsWithin: "7d" }).ends).toEqual([inAccount, onFb]);
    expect(reviewAccess(account, { endsWithin: "168h" }).ends).toEqual([inAccount, onFb]);
    expect(reviewAccess(account, { endsWithin: "1w" }).ends).toEqual([inAccount, onFb]);
    expect(reviewAccess(account, { endsWithin: "1439m" }).ends).toEqual([]);
    expect(reviewAccess(account, { endsWithin: "8d" }).ends).toHaveLength(3);
    expect(reviewAccess(account.at(inAWeek), { endsWithin: "1m" }).ends).toHaveLength(1);
    expect(reviewAccess(account)).not.toHaveProperty("ends");
  });

  it("lists several that end together in the order of the account", () => {
    const grants = { fb: { posts: "manage", until: inAWeek } } as const;
    const both = createMatrix(
      agency,
      {
        users: [
          { id: "zoe", role: "member", grants },
          { id: "ana", role: "member", grants },
        ],
      },
      { at: now },
    );
    expect(reviewAccess(both, { endsWithin: "7d" }).ends?.map(({ user }) => user)).toEqual(["zoe", "ana"]);
  });

  it("writes them as a table", () => {
    const text = formatReview(reviewAccess(account, { endsWithin: "7d" }));
    expect(text).toContain("ends soon\n");
    expect(text).toMatch(/2026-08-02T00:00:00\.000Z +ana +the account +billing manage\n/);
    expect(text).toMatch(/2026-08-08T00:00:00\.000Z +ana +fb +posts manage\n/);
    expect(formatReview(reviewAccess(account, { endsWithin: "0m" }))).toContain("nothing ends soon\n");
  });

  it.each([undefined, null, "", "7", "d", "7 d", "1.5d", "-7d", "7y", "9999999d", 7])(
    "refuses %s as a time",
    (endsWithin) => {
      expect(refusal(() => reviewAccess(account, { endsWithin } as never))).toMatchObject({
        code: "wrong-target",
        path: ["endsWithin"],
      });
    },
  );

  it("refuses a time for a matrix at no instant", () => {
    const timeless = createMatrix(agency, { users: [] });
    expect(refusal(() => reviewAccess(timeless, { endsWithin: "7d" }))).toMatchObject({ code: "invalid-matrix" });
  });
});

describe("diffMatrices", () => {
  it("compares two instants of one account", () => {
    const { grants, accountGrants, decisions } = diffMatrices(account, account.at(inAWeek));
    expect(grants).toEqual([
      { user: "ana", connection: "fb", change: "removed", before: { posts: "manage", until: inAWeek } },
    ]);
    expect(accountGrants).toEqual([
      { user: "ana", change: "removed", before: { billing: "manage", until: "2026-08-02T00:00:00.000Z" } },
    ]);
    expect(decisions.map(({ action, change }) => [action, change])).toEqual([
      ["billing.pay", "lost"],
      ["posts.edit", "lost"],
    ]);
    expect(diffMatrices(account, account.at("2026-07-31T00:00:00Z")).grants).toEqual([]);
  });

  it("shows an end that comes, goes or moves, where no decision changes", () => {
    const lasting = account.assign("ana", "fb", { posts: "manage" });
    const change = { user: "ana", connection: "fb", change: "changed" };
    const before = { posts: "manage", until: inAWeek } as const;
    const diff = diffMatrices(account, lasting);
    expect(diff.grants).toEqual([{ ...change, before, after: { posts: "manage" } }]);
    expect(diff.decisions).toEqual([]);
    expect(formatDiff(diff)).toContain(`~ ana on fb: posts manage until ${inAWeek} becomes posts manage\n`);
    const inAccount = diffMatrices(account, account.assignAccount("ana", { billing: "manage" }));
    expect(inAccount.accountGrants).toMatchObject([{ user: "ana", change: "changed" }]);
    expect(diffMatrices(account, account.assign("ana", "fb", before)).grants).toEqual([]);
  });
});

describe("the command", () => {
  const file = JSON.stringify({
    policy: "engage",
    users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "full-access", approver: true, until: inAWeek } } }],
    connections: ["fb"],
  });
  const environment = { read: () => file, readBeside: () => file, colours: false };
  const printed = (typed: string) => {
    const { code, output, error } = run(typed.split(" "), environment);
    return { code, text: [...output].join(""), error };
  };
  const explained = "explain grants.json --user ana --action publish.post-now --on fb --at";

  it("asks at an instant, half open", () => {
    expect(printed(`${explained} 2026-08-07T23:59:59.999Z`).code).toBe(0);
    expect(printed(`${explained} ${inAWeek}`).code).toBe(1);
    expect(printed(`${explained} soon`)).toMatchObject({
      code: 2,
      error: expect.stringContaining('"soon" is not an instant'),
    });
  });

  it("serves the account at the instant of each request, or at the given one", async () => {
    const row = (until: string) => ({ publish: "full-access", approver: true, until });
    const text = JSON.stringify({
      policy: "engage",
      users: [
        { id: "ana", role: "viewer", grants: { fb: row("9999-12-31T00:00:00Z"), ig: row("2020-01-01T00:00:00Z") } },
      ],
      connections: ["fb", "ig"],
    });
    const ask = async (more: string, connection: string) => {
      const { serving } = run(`serve --grants grants.json${more}`.split(" "), { ...environment, read: () => text });
      const body = {
        subject: { type: "user", id: "ana" },
        action: { name: "publish.select" },
        resource: { type: "connection", id: connection },
      };
      const response = await serving?.point(
        new Request("http://127.0.0.1/access/v1/evaluation", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      );
      return ((await response?.json()) as { decision?: boolean } | undefined)?.decision;
    };
    expect([await ask("", "fb"), await ask("", "ig")]).toEqual([true, false]);
    expect(await ask(" --at 2019-12-31T23:59:59.999Z", "ig")).toBe(true);
  });

  it("asks now, if no instant is given", () => {
    const grants = {
      fb: { publish: "full-access", until: "9999-12-31T00:00:00Z" },
      ig: { publish: "full-access", until: "2020-01-01T00:00:00Z" },
    };
    const text = JSON.stringify({
      policy: "engage",
      users: [{ id: "ana", role: "viewer", grants }],
      connections: ["fb", "ig"],
    });
    const ask = (on: string) =>
      run(`explain grants.json --user ana --action publish.post-now --on ${on}`.split(" "), {
        ...environment,
        read: () => text,
      }).code;
    expect([ask("fb"), ask("ig")]).toEqual([0, 1]);
  });

  it("lists what ends within a time, and compares one file at two instants", () => {
    const review = printed(`review grants.json --at ${now} --ends-within 7d`);
    expect(review.text).toMatch(/2026-08-08T00:00:00\.000Z +ana +fb +publish full-access \+ approver\n/);
    expect(printed(`review grants.json --at ${now} --ends-within soon`)).toMatchObject({ code: 2 });
    const diff = printed(`diff grants.json grants.json --at ${now} --later ${inAWeek}`);
    expect(diff).toMatchObject({
      code: 1,
      text: expect.stringContaining("- ana on fb: publish full-access + approver until"),
    });
    expect(printed(`diff grants.json grants.json --at ${now}`).text).toContain("0 grants and 0 decisions change");
  });
});

it("a review and a diff of Engage say nothing of ends where nothing ends", () => {
  const matrix = createMatrix(engage, {
    users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }],
  });
  expect(JSON.stringify([reviewAccess(matrix), diffMatrices(matrix, matrix.revoke("ana", "fb"))])).not.toContain(
    "until",
  );
});
