import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    // No test is judged by its time: those of the gates ask some thousand questions.
    testTimeout: 300_000,
  },
});
