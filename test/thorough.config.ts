import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import config from "../vitest.config.js";

const tests = readdirSync("test", { recursive: true, encoding: "utf8" }).filter(
  (name) => /^(?!.*node_modules).*\.test\.tsx?$/.test(name) && /\/runs\.js"/.test(readFileSync(`test/${name}`, "utf8")),
);

/** The long run: only the tests that draw or enumerate more in it, because `npm test` has run all of the others. */
export default defineConfig({
  test: {
    ...config.test,
    include: tests.map((name) => `test/${name}`),
    env: { CHANNEL_GRANTS_THOROUGH: "1" },
  },
});
