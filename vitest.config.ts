import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: [...configDefaults.exclude, "test/e2e/**"],
    globalSetup: ["test/support/daily-seed.ts"],
    setupFiles: ["test/support/seed.ts"],
    // No test is judged by its time: the exhaustive ones take as long as the machine needs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Vitest leaves a core to others, which is half of them where there are two.
    maxWorkers: "100%",
    typecheck: { include: ["test/**/*.test-d.{ts,tsx}"], tsconfig: "test/tsconfig.json" },
    coverage: {
      provider: "v8",
      include: ["src/**"],
      // The drawing of the playground is tested here too, and its pages in a browser.
      exclude: ["examples/**"],
      reporter: ["json-summary"],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
