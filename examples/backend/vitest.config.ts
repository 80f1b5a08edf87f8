import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    // No test is judged by its time: a database is started for each file.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
