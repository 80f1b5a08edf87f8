import { defineConfig } from "vitest/config";

/** The playground in a real browser; `npm test` does without one. */
export default defineConfig({
  test: {
    include: ["test/e2e/*.test.ts"],
    globalSetup: ["test/e2e/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: "100%",
  },
});
