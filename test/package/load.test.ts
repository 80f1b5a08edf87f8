import { expect, it } from "vitest";

// Inside of a test: where an entry throws while it is loaded, the files that import it have no test that could fail.
it("every entry loads, and with it both policies", async () => {
  const { buffer, engage } = await import("../../src/index.js");
  const { policySchema } = await import("../../src/schema/index.js");
  expect([buffer.name, engage.name, typeof policySchema.parse]).toEqual(["buffer", "engage", "function"]);
  const others = await Promise.all([
    import("../../src/approval/index.js"),
    import("../../src/analysis/index.js"),
    import("../../src/sql/index.js"),
    import("../../src/teams/index.js"),
    import("../../src/authzen/index.js"),
    import("../../src/token/index.js"),
    import("../../src/testing/index.js"),
    import("../../src/testing/arbitraries/index.js"),
    import("../../src/react/index.js"),
    import("../../src/vue/index.js"),
    import("../../src/http/index.js"),
    import("../../src/express/index.js"),
    import("../../src/fastify/index.js"),
    import("../../src/hono/index.js"),
    import("../../src/nestjs/index.js"),
    import("../../src/words/index.js"),
  ]);
  for (const entry of others) expect(Object.values(entry).some((value) => typeof value === "function")).toBe(true);
});
