// Prints how many tests passed and failed, as the reports of Vitest in a folder say, and nothing else.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
// A file that cannot be loaded is a failure without a test.
const broken = reports
  .flatMap(({ testResults }) => testResults)
  .filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
const skipped = sum("numPendingTests") + sum("numTodoTests");
const failed = sum("numFailedTests") + broken.length;
process.stdout.write(`${sum("numPassedTests")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
