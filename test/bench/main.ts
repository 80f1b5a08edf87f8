import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { holders } from "./bytes.js";
import { loadTimes } from "./load.js";
import { growthIn, page, readmeWith, type Tables } from "./page.js";
import { middleOf, type Result, ratioOf } from "./result.js";
import { budgetTable, mainTable, otherTable, type Row } from "./table.js";
import { workloads } from "./workloads.js";

// `npm run bench` measures everything and writes docs/performance.md, and its first ratios into the README. `npm run bench -- --only check` measures one row,
// which may be named again for more rows, and `--quick` measures in fewer rounds: neither writes the page.

const { only, quick } = parseArgs({
  options: { only: { type: "string", multiple: true, default: [] }, quick: { type: "boolean", default: false } },
}).values;

/** What each row is measured by. */
const measures: Readonly<Record<string, () => Promise<Row>>> = {
  ...Object.fromEntries(Object.keys(workloads).map((name) => [name, () => timeRow(name)])),
  bytes: bytesRow,
  peak: peakRow,
  import: async () => ({ title: "the import", unit: "time", result: loadTimes(quick ? 5 : 15) }),
};

/** The rows that inform beside the others, in a table of their own. */
const beside = ["check-prepared-again", "small-anew"];
/** The rows that are figures in the text. */
const budgets = ["request", "page", "review"];

const unknown = only.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0) {
  throw new Error(`nothing is called ${unknown.join(" or ")}; expected one of ${Object.keys(measures).join(", ")}`);
}

// Another process at work makes even ratios untrue, for not all competitors need the processor's caches alike.
const [load = 0] = loadavg();
if (load > 0.5) process.stderr.write(`the machine is busy (load ${load.toFixed(1)}): measure again when it is not\n`);

const rows = new Map<string, Row>();
for (const [name, measureRow] of Object.entries(measures)) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.set(name, await measureRow());
}

const inMain = [...rows].filter(([name]) => !beside.includes(name) && !budgets.includes(name)).map(([, row]) => row);
const inSecond = [...rows].filter(([name]) => beside.includes(name)).map(([, row]) => row);
const tables: Tables = {
  main: mainTable(inMain),
  beside: mainTable(inSecond),
  others: otherTable([...rows].filter(([name]) => !budgets.includes(name)).map(([, row]) => row)),
  budgets: budgetTable(budgets.flatMap((name) => rows.get(name) ?? [])),
};
if (inMain.length > 0) console.log(`${tables.main}\n`);
if (inSecond.length > 0) console.log(`${tables.beside}\n`);
console.log(`${tables.others}\n\n${tables.budgets}`);

if (only.length === 0 && !quick) {
  const path = new URL("../../docs/performance.md", import.meta.url);
  const time = (name: string) => middleOf(rows.get(name)?.result ?? {}, "channel-grants") ?? Number.NaN;
  const growth = growthIn(readFileSync(path, "utf8"));
  writeFileSync(path, page({ tables, growth, time, bytes: time("bytes") }));
  const readme = new URL("../../README.md", import.meta.url);
  const ratios = ["check", "bar", "bytes"].map((name) =>
    ratioOf(rows.get(name)?.result ?? {}, "channel-grants", "limit"),
  );
  writeFileSync(
    readme,
    readmeWith(
      readFileSync(readme, "utf8"),
      ratios.map((ratio) => ratio?.median ?? Number.NaN),
    ),
  );
  console.log("\ndocs/performance.md was written, and its ratios into README.md.");
}

async function timeRow(name: string): Promise<Row> {
  const { title, target, most } = workloads[name] as (typeof workloads)[string];
  const goal = { ...(target !== undefined && { target }), ...(most !== undefined && { most }) };
  return { title, ...goal, unit: "time", result: await inChild("time", name) };
}

async function bytesRow(): Promise<Row> {
  const results: Result[] = [];
  for (const name of Object.keys(holders)) results.push(await inChild("bytes", name));
  return { title: "bytes for each grant", target: 0.5, unit: "bytes", result: Object.assign({}, ...results) };
}

/** What is in use at most while an account is built, beside what the account holds. */
async function peakRow(): Promise<Row> {
  return {
    title: "bytes at most while that account is built",
    target: 2,
    unit: "bytes",
    result: await inChild("peak", ""),
  };
}

/** Measures in a process of its own, which runs with the flags of this one. */
function inChild(kind: "time" | "bytes" | "peak", name: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL("child.ts", import.meta.url));
    // A million grants in CASL's larger form take more than the memory that V8 allows itself.
    const execArgv = [...process.execArgv, "--max-old-space-size=8192"];
    const child = fork(path, [kind, name, quick ? "quick" : "full"], { execArgv });
    let result: Result | undefined;
    child.on("message", (message) => {
      result = message as Result;
    });
    child.on("exit", () => {
      if (result) resolve(result);
      else reject(new Error(`measuring ${name} gave nothing`));
    });
  });
}
