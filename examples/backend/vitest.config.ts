import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    globalSetup: "test/setup.ts",
    // One process, so that the database is started once.
    fileParallelism: false,
    isolate: false,
    // No test is judged by its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
