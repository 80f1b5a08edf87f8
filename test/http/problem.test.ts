import { describe, expect, it } from "vitest";
import { problem, problemResponse } from "../../src/http/index.js";
import { createUser, type Decision, engage, explain, formatDecision } from "../../src/index.js";
import { isDeeplyFrozen } from "../support/frozen.js";
import { refusal } from "../support/refusal.js";

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "needs-approval" }, ig: { publish: "full-access" } },
});
const decision = explain(ana, "publish.post-now", { connections: ["fb", "ig", "secret"] });
const bare = { type: "about:blank", title: "Forbidden", status: 403 };
const reason = { allowed: false, action: "publish.post-now", reason: "level-too-low" };

describe("the problem of a decision", () => {
  it("is 403 with the sentence and the decision, whose needs are the repair", () => {
    expect(problem(decision)).toEqual({ ...bare, detail: formatDecision(decision), decision });
    expect(isDeeplyFrozen(problem(decision))).toBe(true);
  });

  it("is told in the application's own words", () => {
    expect(problem(decision, { describe: ({ action }) => `Not allowed: ${action}` }).detail).toBe(
      "Not allowed: publish.post-now",
    );
  });

  it("is told as its reason alone, or not at all, and then names no connection and no user", () => {
    expect(problem(decision, { tell: "reason" })).toEqual({ ...bare, decision: reason });
    expect(problem(decision, { tell: "nothing" })).toEqual(bare);
    expect(problem(decision, { tell: "decision" })).toEqual(problem(decision));
  });

  it("is told as one that is not found, the same as for what does not exist", () => {
    expect(problem(decision, { tell: "not-found" })).toEqual({ type: "about:blank", title: "Not Found", status: 404 });
  });

  it("is told as its reason alone if it names a connection that the reader may not learn of", () => {
    const shows = (connection: string) => connection !== "secret";
    expect(problem(decision, { shows })).toEqual({ ...bare, decision: reason });
    const visible = explain(ana, "publish.post-now", { connections: ["fb"] });
    expect(problem(visible, { shows })).toEqual(problem(visible));
    const onOne = explain(ana, "analytics.view", "secret");
    expect(problem(onOne, { shows }).decision).not.toHaveProperty("target");
    // Of the account as a whole, only the blockers name connections.
    const some = createUser(engage, { id: "ben", role: "viewer", grants: { secret: { publish: "view-only" } } });
    const inAccount = explain(some, "publish.create");
    expect(problem(inAccount).decision?.blockers).toHaveLength(1);
    expect(problem(inAccount, { shows }).decision).not.toHaveProperty("blockers");
    expect(problem(decision, { shows: (() => "yes") as never }).decision).toEqual(reason);
  });

  it("may come as JSON", () => {
    expect(problem(JSON.parse(JSON.stringify(decision)) as Decision<typeof engage>)).toEqual(problem(decision));
  });

  it.each([
    ["a yes", explain(ana, "publish.create")],
    ["no decision", {}],
    ["a no without blockers", { ...decision, blockers: undefined }],
    ["a text", "no"],
    ["nothing", undefined],
  ])("is refused for %s", (_, wrong) => {
    expect(refusal(() => problem(wrong as never))).toMatchObject({ code: "invalid-decision" });
  });

  it.each([
    ["another telling", { tell: "everything" }, ["tell"]],
    ["no telling", { tell: null }, ["tell"]],
    ["no sentence", { describe: "no" }, ["describe"]],
    ["a list of connections", { shows: ["fb"] }, ["shows"]],
    ["an unknown option", { hide: [] }, ["hide"]],
    // An option that your application did not find must not tell more.
    ["an option that is undefined", { tell: undefined }, ["tell"]],
    ["an option that is undefined, of what it shows", { shows: undefined }, ["shows"]],
  ])("is refused with %s", (_, options, path) => {
    expect(refusal(() => problem(decision, options as never))).toMatchObject({ code: "invalid-guard", path });
  });
});

describe("the response of a problem", () => {
  it("has its status and media type, and is kept by nobody", async () => {
    const response = problemResponse(problem(decision));
    expect(response.status).toBe(403);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(problem(decision))));
  });
});
