import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createMatrix, createUser, definePolicy, explain, type PolicyError } from "../../src/index.js";
import {
  accountGrantSchema,
  grantSchema,
  matrixRowsSchema,
  policySchema,
  targetSchema,
  userSchema,
} from "../../src/schema/index.js";
import { asked, define, postOf, wholeDefinitions, wholeWorlds } from "../support/arbitraries.js";
import { runs } from "../support/runs.js";

const desk = definePolicy({
  name: "desk",
  levels: ["none", "write", "manage"],
  areas: {
    posts: { levels: ["none", "write"] },
    billing: { levels: ["none", "manage"], flags: { invites: ["manage"] }, of: "account" },
  },
  roles: { member: {}, chief: { holds: { billing: "manage" } }, all: { holds: { posts: "write" } } },
  relations: ["author", "assignee"],
  actions: {
    edit: { target: "group", allow: { area: "posts", level: "write", is: "author" } },
    view: { target: "group", allow: { area: "posts", level: "write" } },
  },
});
const faults = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => [path.join("."), message]) ?? [];
const validator = (schema: z.ZodType) => new Ajv2020({ ownProperties: true }).compile(z.toJSONSchema(schema));
/** A schema and its JSON Schema agree. */
const accepts = (schema: z.ZodType, value: unknown): boolean => {
  const { success } = schema.safeParse(value);
  expect(validator(schema)(value), JSON.stringify(value)).toBe(success);
  return success;
};

describe("relations of a target", () => {
  it("are those that the action names, each an id, a list of ids or null for nobody", () => {
    const edit = targetSchema(desk, "edit");
    for (const author of [null, "ana", [], ["ana", "ben"]]) {
      const post = { connections: ["fb"], author };
      expect(edit.parse(post)).toEqual(post);
      expect(accepts(edit, post)).toBe(true);
    }
    for (const post of [{}, { author: 5 }, { author: [null] }, { author: "ana", assignee: null }, { author: {} }]) {
      expect(accepts(edit, { connections: ["fb"], ...post })).toBe(false);
    }
    expect(faults(edit, { connections: "fb", assignee: "ben" })).toEqual([
      ["assignee", 'unknown key "assignee"; expected "connections" or "author"'],
      ["connections", '"fb" is not accepted; expected an array'],
      ["author", "no author for edit; expected an id, a list of ids, or null for nobody"],
    ]);
    expect(accepts(targetSchema(desk, "view"), { connections: ["fb"] })).toBe(true);
    expect(accepts(targetSchema(desk, "view"), { connections: ["fb"], author: "ana" })).toBe(false);
  });

  it("are accepted exactly where explain accepts them, under policies of the whole language", () => {
    const spoilt = fc.constantFrom<unknown>(undefined, 5, [null], {}, "ana", null, ["ana"]);
    fc.assert(
      fc.property(wholeWorlds, fc.nat(4), spoilt, ({ definition, person }, choice, value) => {
        const policy = define(definition);
        const user = createUser(policy, { id: person.id, role: person.role });
        for (const [action, { target, allow }] of Object.entries(definition.actions)) {
          if (target !== "group") continue;
          const named = new Set([allow].flat().flatMap(({ is = [], isNot = [] }) => [is, isNot].flat()));
          const whole = postOf(definition, ["fb"], [person.id], choice);
          const entries = [...named].map((relation, index): [string, unknown] => [
            relation,
            index === 0 ? value : whole[relation],
          ]);
          const post = Object.fromEntries([...entries, ["connections", ["fb"]]]);
          const { success, error } = targetSchema(policy, action).safeParse(post);
          try {
            explain(user, action, ...asked(post as never));
            expect(success).toBe(true);
          } catch (thrown) {
            expect((thrown as PolicyError).code).toBe("wrong-target");
            expect(error?.issues.map(({ path }) => path)).toContainEqual((thrown as PolicyError).path);
          }
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

describe("areas of the account", () => {
  it("are read by a schema of their own, and not as a grant on a connection", () => {
    expect(accepts(accountGrantSchema(desk), { billing: "manage", invites: true })).toBe(true);
    for (const wrong of [{ billing: "write" }, { posts: "write" }, { invites: true }, null]) {
      expect(accepts(accountGrantSchema(desk), wrong)).toBe(false);
    }
    expect(accepts(grantSchema(desk), { posts: "write" })).toBe(true);
    expect(accepts(grantSchema(desk), { billing: "manage" })).toBe(false);
  });

  it("are what a user, or its row, holds where its role leaves that open: each half by itself", () => {
    const account = { billing: "manage" };
    const grants = { fb: { posts: "write" } };
    const user = (role: string, held: object) => accepts(userSchema(desk), { id: "ana", role, ...held });
    expect([user("member", { account, grants }), user("chief", { grants }), user("all", { account })]).toEqual([
      ...[true, true, true],
    ]);
    expect([user("chief", { account }), user("all", { grants }), user("chief", { account: {} })]).toEqual([
      ...[false, false, true],
    ]);
    const rows = (role: string, held?: object) => ({
      users: [{ id: "ana", role, ...held }],
      connections: [],
      grants: [],
    });
    expect(accepts(matrixRowsSchema(desk), rows("member", { account }))).toBe(true);
    expect(accepts(matrixRowsSchema(desk), rows("chief"))).toBe(true);
    expect(accepts(matrixRowsSchema(desk), rows("chief", { account }))).toBe(false);
    const data = matrixRowsSchema(desk).parse(rows("member", { account }));
    expect(createMatrix(desk, data).accountGrant("ana")).toEqual({ billing: "manage", invites: false });
  });
});

it("a definition of the whole language is what its JSON Schema states", () => {
  const validate = validator(policySchema);
  fc.assert(
    fc.property(wholeDefinitions, (definition) => {
      fc.pre(!/__proto__|\\ud800/.test(JSON.stringify(definition)));
      expect(policySchema.safeParse(definition).success).toBe(true);
      expect(validate(JSON.parse(JSON.stringify(definition)))).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});
