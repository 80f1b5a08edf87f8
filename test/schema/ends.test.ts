import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createMatrix, createUser, definePolicy, engage } from "../../src/index.js";
import { accountGrantSchema, grantSchema, matrixRowsSchema, matrixSchema, userSchema } from "../../src/schema/index.js";

const end = "2026-09-01T00:00:00.000Z";
const agency = definePolicy({
  name: "agency",
  levels: ["none", "manage"],
  areas: { posts: { levels: ["none", "manage"] }, billing: { levels: ["none", "manage"], of: "account" } },
  roles: { member: {}, owner: { holds: { posts: "manage", billing: "manage" } } },
  actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } } },
});

describe("schemas read grants that end", () => {
  it.each<[how: string, until: unknown]>([
    ["an ISO string", end],
    ["an ISO string of another zone", "2026-09-01T02:00:00+02:00"],
    ["a Date", new Date(end)],
  ])("the end as %s, and give it in UTC", (_, until) => {
    expect(grantSchema(engage).parse({ publish: "view-only", until })).toEqual({ publish: "view-only", until: end });
    expect(accountGrantSchema(agency).parse({ billing: "manage", until })).toEqual({ billing: "manage", until: end });
    const row = { id: "ana", role: "member", grants: { fb: { until } }, account: { until } };
    const user = userSchema(agency).parse(row);
    expect(user).toEqual({ id: "ana", role: "member", grants: { fb: { until: end } }, account: { until: end } });
    expect(createUser(agency, user, { at: "2026-08-01T00:00:00Z" }).validUntil).toBe(end);
    const account = matrixSchema(agency).parse({ users: [row] });
    expect(createMatrix(agency, account, { at: "2026-08-01T00:00:00Z" }).connections()).toEqual(["fb"]);
    const rows = matrixRowsSchema(agency).parse({
      users: [{ id: "ana", role: "member" }],
      connections: [{ id: "fb" }],
      grants: [{ user: "ana", connection: "fb", grant: { posts: "manage", until } }],
    });
    expect(createMatrix(agency, rows, { at: end }).grant("ana", "fb")).toEqual({ posts: "none" });
  });

  it.each<[what: string, until: unknown]>([
    ["a time without its zone", "2026-09-01T00:00:00"],
    ["a day that there is not", "2026-02-30T00:00:00Z"],
    ["a date that is none", new Date(Number.NaN)],
    ["null", null],
  ])("and refuse %s, with every other fault", (_, until) => {
    const result = grantSchema(engage).safeParse({ publish: "all", until });
    expect(result.error?.issues.map(({ path }) => path)).toEqual([["publish"], ["until"]]);
  });

  it("and any grant of a role that holds everywhere", () => {
    const row = { id: "o", role: "owner", grants: { fb: { until: end } }, account: { until: end } };
    expect(
      userSchema(agency)
        .safeParse(row)
        .error?.issues.map(({ path }) => path),
    ).toEqual([["grants", "fb"], ["account"]]);
  });

  it("an end that is undefined is none", () => {
    expect(grantSchema(engage).parse({ publish: "view-only", until: undefined })).toEqual({ publish: "view-only" });
  });

  it("and state them as JSON Schema", () => {
    const ajv = new Ajv2020({ strict: false });
    const validate = ajv.compile(z.toJSONSchema(userSchema(agency)));
    const row = (until: unknown) => ({ id: "a", role: "member", grants: { fb: { until } }, account: { until } });
    expect(validate(row(end))).toBe(true);
    expect(validate(row("2026-09-01T02:00+02:00"))).toBe(true);
    for (const wrong of ["2026-09-01", "2026-09-01T00:00:00", 0, null]) expect(validate(row(wrong))).toBe(false);
  });
});
