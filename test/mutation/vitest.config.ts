import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Which tests to run, in this order: first the tables, which kill most mutants within milliseconds. */
const tests = (process.env.MUTATION_TESTS ?? "").split(",");

/** A source to be read from elsewhere: the mutant that is tried again. */
const { MUTANT_OF = "", MUTANT_IN = "" } = process.env;

const placeOf = ({ moduleId }: TestSpecification) =>
  tests.findIndex((name) => new RegExp(`/${name}\\.test\\.tsx?$`).test(moduleId));

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => placeOf(a) - placeOf(b));
  }
}

/** What a mutant of `src` must not survive: tests that run the sources themselves, with fewer drawn cases. */
export default defineConfig({
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      load: (id) => (MUTANT_OF !== "" && id.endsWith(MUTANT_OF) ? readFileSync(MUTANT_IN, "utf8") : undefined),
    },
  ],
  test: {
    include: tests.map((name) => `test/${name}.test.{ts,tsx}`),
    env: { FEWER_RUNS: "20" },
    testTimeout: 60_000,
    sequence: { sequencer: InOrder },
  },
});
