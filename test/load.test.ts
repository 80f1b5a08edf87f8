import { expect, it } from "vitest";

// Inside of a test: where an entry throws while it is loaded, the files that import it have no test that could fail.
it("every entry loads, and with it both policies", async () => {
  const { buffer, engage } = await import("../src/index.js");
  const { draft } = await import("../src/approval.js");
  const { policySchema } = await import("../src/schema.js");
  expect([buffer.name, engage.name]).toEqual(["buffer", "engage"]);
  expect([typeof draft, typeof policySchema.parse]).toEqual(["function", "function"]);
});
