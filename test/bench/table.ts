import { middleOf, type Ratio, type Result, ratioOf } from "./result.js";

const us = "channel-grants";

export interface Row {
  readonly title: string;
  readonly target?: number;
  /** What one operation should take at most, in milliseconds. */
  readonly most?: number;
  readonly unit: "time" | "bytes";
  readonly result: Result;
}

/** The table of everybody's times and bytes: one row for each workload. */
export function mainTable(rows: readonly Row[]): string {
  const targets = rows.some(({ target, most }) => (target ?? most) !== undefined);
  const heads = ["work", "channel-grants", "limit", "ratio"];
  if (targets) heads.push("target", "reached");
  heads.push("hand-written", "naive", "CASL", "Permix", "ahead of all");
  return table(
    heads,
    rows.map((row) => {
      const { title, target, most, result } = row;
      const ratio = ratioOf(result, us, "limit");
      const cells = [title, valueIn(row, us), valueIn(row, "limit"), show(ratio)];
      const goal = target ?? (most === undefined ? undefined : showTime(most));
      const isReached =
        most === undefined ? (ratio?.median ?? 0) <= (target ?? 0) : (middleOf(result, us) ?? 0) <= most;
      if (targets)
        cells.push(goal === undefined ? "–" : `≤ ${goal}`, goal === undefined ? "–" : isReached ? "yes" : "no");
      const others = ["hand-written", "naive", fasterCasl(result), "Permix"];
      return [...cells, ...others.map((name) => valueIn(row, name)), aheadOf(result)];
    }),
  );
}

/** The table of what the other leaves out: both ways to use CASL, and further yardsticks. */
export function otherTable(rows: readonly Row[]): string {
  const inMain = [us, "limit", "hand-written", "naive", "CASL", "Permix"];
  return table(
    ["work", "by", "takes", "to the limit"],
    rows.flatMap((row) =>
      Object.keys(row.result)
        .filter((name) => !inMain.includes(name))
        .map((name) => [row.title, name, valueIn(row, name), show(ratioOf(row.result, name, "limit"))]),
    ),
  );
}

/** The table of the budgets: what each takes, and how many of them one core does in a second. */
export function budgetTable(rows: readonly Row[]): string {
  return table(
    ["work", "takes", "in a second on one core"],
    rows.map((row) => {
      const perSecond = 1000 / (middleOf(row.result, us) ?? Number.NaN);
      const shown = perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString("en");
      return [row.title, valueIn(row, us), shown];
    }),
  );
}

/** Gives the quicker of the two ways to use CASL. */
function fasterCasl(result: Result): string {
  if (result.CASL) return "CASL";
  const [bySubject = 0, byCondition = 0] = [middleOf(result, "CASL by subject"), middleOf(result, "CASL by condition")];
  return bySubject < byCondition ? "CASL by subject" : "CASL by condition";
}

/** Says whom the library is ahead of, among those that the row has. */
function aheadOf(result: Result): string {
  const others = [
    ["hand-written", "hand-written"],
    ["naive", "naive"],
    ["CASL", fasterCasl(result)],
    ["Permix", "Permix"],
  ] as const;
  const met = others.filter(([, name]) => result[name]);
  const behind = met.filter(([, name]) => (ratioOf(result, us, name)?.median ?? 1) >= 1);
  if (met.length === 0) return "–";
  return behind.length === 0 ? "yes" : `behind ${behind.map(([name]) => name).join(" and ")}`;
}

function valueIn({ unit, result }: Row, name: string): string {
  const value = middleOf(result, name);
  if (value === undefined) return "–";
  return unit === "bytes" ? `${value.toFixed(1)} B` : showTime(value);
}

/** Shows a time in its unit. */
export function showTime(milliseconds: number): string {
  const nanoseconds = milliseconds * 1e6;
  const [unit, length] = units.findLast(([, least]) => nanoseconds >= least) ?? ["ns", 1];
  return `${digits(nanoseconds / length)} ${unit}`;
}

const units = [
  ["ns", 1],
  ["µs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
] as const;

function show(ratio: Ratio | undefined): string {
  if (!ratio) return "–";
  const { median, from, to } = ratio;
  const same = digits(from) === digits(to);
  return same ? digits(median) : `${digits(median)} (${digits(from)}–${digits(to)})`;
}

function digits(value: number): string {
  return value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

/** Lays out a table of Markdown: words to the left, figures to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(heads), line(rule), ...rows.map(line)].join("\n");
}
