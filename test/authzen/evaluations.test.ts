import { beforeEach, describe, expect, it } from "vitest";
import {
  account,
  action,
  connection,
  failures,
  group,
  pointWith,
  post,
  posts,
  user,
} from "../support/decision-point.js";

// Several decisions in one request.

const point = pointWith();
beforeEach(() => void failures.splice(0));

const evaluations = async (body: unknown, asked = point) => post(asked, "/access/v1/evaluations", body);
const decisions = async (body: unknown) =>
  (await evaluations(body)).body.evaluations.map(({ decision }: { decision: boolean }) => decision);

/** A decision point that notes what it loads. */
function counted() {
  const loaded: string[] = [];
  const noted = <Loaded>(id: string, value: Loaded) => {
    loaded.push(id);
    return value;
  };
  const counting = pointWith({
    loadUser: (id) => noted(id, account.user("ana")),
    loadGroup: (id) => noted(id, posts.get(id)),
  });
  return { loaded, counting };
}

const whole = { subject: user("ana"), action: action("publish.post-now"), resource: group("own") };

describe("defaults", () => {
  it("stand in for what an evaluation does not name", async () => {
    const items = [{}, { resource: group("mixed") }, { action: action("publish.edit"), resource: group("mixed") }];
    expect(await decisions({ ...whole, evaluations: items })).toEqual([true, false, true]);
  });

  it("are replaced whole, so that a type or an id is never taken from two places", async () => {
    const answer = await evaluations({
      ...whole,
      evaluations: [{ resource: { id: "own" } }, { subject: { type: "user" } }],
    });
    expect(answer.status).toBe(200);
    expect(answer.body.evaluations).toEqual([
      { decision: false, context: { error: { status: 400, message: expect.stringContaining('"resource" > "type"') } } },
      { decision: false, context: { error: { status: 400, message: expect.stringContaining('"subject" > "id"') } } },
    ]);
  });

  it("are not needed where each evaluation names all", async () => {
    expect(await decisions({ evaluations: [whole, { ...whole, subject: user("ben") }] })).toEqual([true, false]);
  });

  it("are not taken where an evaluation names null", async () => {
    expect(await decisions({ ...whole, evaluations: [{ subject: null }, { context: null }, {}] })).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("of another evaluation are not taken", async () => {
    expect(await decisions({ subject: user("ana"), evaluations: [whole, { subject: user("ana") }] })).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    ["subject", "ana"],
    ["action", { name: 5 }],
    ["resource", { type: "group" }],
    ["context", []],
    ["options", "execute_all"],
    ["options", { evaluations_semantic: "execute" }],
    ["options", { evaluations_semantic: null }],
    ["evaluations", {}],
    ["evaluations", null],
  ])("%s that is mistyped is 400 for the whole request: %j", async (name, value) => {
    expect((await evaluations({ evaluations: [whole], [name]: value })).status).toBe(400);
  });
});

describe("the three semantics", () => {
  const yes = {};
  const no = { resource: group("mixed") };
  const bad = { resource: "own" };
  it.each([
    [undefined, [no, yes, bad, yes], [false, true, false, true]],
    ["execute_all", [no, yes, bad, yes], [false, true, false, true]],
    ["deny_on_first_deny", [yes, no, yes], [true, false]],
    ["deny_on_first_deny", [yes, bad, yes], [true, false]],
    ["deny_on_first_deny", [yes, yes], [true, true]],
    ["permit_on_first_permit", [no, bad, yes, no], [false, false, true]],
    ["permit_on_first_permit", [no, bad], [false, false]],
    ["permit_on_first_permit", [yes, no], [true]],
  ])("%s", async (semantic, items, answers) => {
    const options = semantic === undefined ? { other: 1 } : { evaluations_semantic: semantic, other: 1 };
    expect(await decisions({ ...whole, options, evaluations: items })).toEqual(answers);
  });

  it("load nothing behind the decision that ends them", async () => {
    const { loaded, counting } = counted();
    const options = { evaluations_semantic: "deny_on_first_deny" };
    await evaluations({ ...whole, options, evaluations: [no, { resource: group("empty") }] }, counting);
    expect(loaded).toEqual(["ana", "mixed"]);
  });
});

describe("a request", () => {
  it.each([
    ["without evaluations", whole],
    ["with none", { ...whole, evaluations: [] }],
  ])("%s is answered as a single one", async (_, body) => {
    expect((await evaluations(body)).body).toEqual({ decision: true });
  });

  it.each([
    ["without evaluations", { ...whole, resource: undefined }],
    ["with none", { ...whole, resource: undefined, evaluations: [] }],
  ])("%s and without all members is 400", async (_, body) => {
    expect((await evaluations(body)).status).toBe(400);
  });

  it.each([5, "x", null, [], true])("has a no for an evaluation that is %j", async (item) => {
    expect(await decisions({ ...whole, evaluations: [{}, item, {}] })).toEqual([true, false, true]);
  });

  it("loads each user and each group once, however often they are named", async () => {
    const { loaded, counting } = counted();
    const items = Array.from({ length: 50 }, (_, index) => ({ resource: group(index % 2 ? "own" : "mixed") }));
    await evaluations({ ...whole, evaluations: [...items, { resource: connection("fb") }] }, counting);
    expect(loaded.sort()).toEqual(["ana", "mixed", "own"]);
  });

  it("has at most so many evaluations as the option says", async () => {
    const few = pointWith({ mostEvaluations: 2 });
    expect((await evaluations({ ...whole, evaluations: [{}, {}] }, few)).status).toBe(200);
    const answer = await evaluations({ ...whole, evaluations: [{}, {}, {}] }, few);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("expected at most 2")]);
    expect((await evaluations({ ...whole, evaluations: Array(1001).fill({}) })).status).toBe(400);
  });
});
