import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Tables of what is refused and answered, which kill most mutants within milliseconds, before what draws its cases.
const order = [
  "load",
  "engage",
  "buffer",
  "policy",
  "calls",
  "explain",
  "matrix",
  "approval",
  "diagram",
  "schema",
  "tampering",
  "laws",
  "exhaustive",
  "sequences",
  "hostile",
];

const placeOf = ({ moduleId }: TestSpecification) => order.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => placeOf(a) - placeOf(b));
  }
}

/** What a mutant of `src` must not survive: the tests that run the sources themselves, with fewer drawn cases. */
export default defineConfig({
  test: {
    include: order.map((name) => `test/${name}.test.ts`),
    env: { FEWER_RUNS: "20" },
    testTimeout: 60_000,
    sequence: { sequencer: QuickFirst },
  },
});
