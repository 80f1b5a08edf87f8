import { afterAll, describe, expect, it, vi } from "vitest";
import * as newest from "zod";
import * as oldest from "zod-4.0";
import * as second from "zod-4.1";
import type * as root from "../../src/index.js";
import type * as entry from "../../src/schema/index.js";

// An application has a zod of its own, which may be another than the one that the schemas are made with.

const zods: readonly (readonly [version: string, zod: typeof newest])[] = [
  ["4.0.0", oldest as unknown as typeof newest],
  ["4.1", second as unknown as typeof newest],
  ["the newest zod", newest],
];

/** Loads the entries anew, with another zod behind them. */
async function loadedWith(zod: typeof newest): Promise<typeof entry & typeof root> {
  vi.resetModules();
  vi.doMock("zod", () => zod);
  return { ...(await import("../../src/index.js")), ...(await import("../../src/schema/index.js")) };
}

afterAll(() => {
  vi.doUnmock("zod");
  vi.resetModules();
});

describe.each(zods)("schemas made with %s", async (_, maker) => {
  const { engage, grantSchema, matrixSchema, policySchema, targetSchema, userSchema } = await loadedWith(maker);
  const schemas = {
    grant: grantSchema(engage),
    user: userSchema(engage),
    matrix: matrixSchema(engage),
    target: targetSchema(engage, "publish.view"),
    definition: policySchema,
    checked: grantSchema(engage).refine(() => true),
    within: maker.object({ user: userSchema(engage), none: targetSchema(engage, "publish.create") }),
  };
  const expected = Object.entries(schemas).map(([name, schema]) => [name, newest.toJSONSchema(schema)]);

  it.each(zods)("are the same JSON Schema to %s", (_, reader) => {
    expect(Object.entries(schemas).map(([name, schema]) => [name, reader.toJSONSchema(schema)])).toEqual(expected);
    expect(reader.toJSONSchema(schemas.grant).properties).toHaveProperty("publish.enum");
    // What an application says of a schema is kept beside it, by the zod that made it.
    const described = userSchema(engage).describe("A colleague.");
    expect(reader.toJSONSchema(described)).toMatchObject({ required: ["id", "role"] });
  });

  it.each(zods)("are read in an object of %s, with the issues and their paths", (_, reader) => {
    const request = reader.object({ user: userSchema(engage), grants: reader.array(grantSchema(engage)) });
    const right = { user: { id: "ana", role: "viewer" }, grants: [{ publish: "full-access" }] };
    expect(request.parse(right)).toEqual(right);
    const wrong = request.safeParse({ user: { id: "ana", role: "boss" }, grants: [{ publish: "owner" }] });
    expect(wrong.error?.issues.map(({ path, code }) => [path.join("."), code])).toEqual([
      ["user.role", "custom"],
      ["grants.0.publish", "custom"],
    ]);
  });
});
