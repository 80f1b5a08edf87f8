import { expect, it } from "vitest";

// Inside of a test: where an entry throws while it is loaded, the files that import it have no test that could fail.
it("every entry loads, and with it both policies", async () => {
  const { buffer, engage } = await import("../src/index.js");
  const { policySchema } = await import("../src/schema.js");
  expect([buffer.name, engage.name, typeof policySchema.parse]).toEqual(["buffer", "engage", "function"]);
  const others = await Promise.all([
    import("../src/approval.js"),
    import("../src/analysis.js"),
    import("../src/sql.js"),
    import("../src/testing.js"),
    import("../src/arbitraries.js"),
    import("../src/react.js"),
  ]);
  for (const entry of others) expect(Object.values(entry).some((value) => typeof value === "function")).toBe(true);
});
