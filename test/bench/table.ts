import { middleOf, type Ratio, type Result, ratioOf } from "./result.js";

export interface Row {
  readonly title: string;
  readonly target?: number;
  readonly unit: "time" | "bytes";
  readonly result: Result;
}

/** The table of everybody's times and bytes: one row for each workload. */
export function mainTable(rows: readonly Row[]): string {
  const targets = rows.some(({ target }) => target !== undefined);
  const heads = ["work", "channel-grants", "limit", "ratio"];
  if (targets) heads.push("target", "reached");
  heads.push("hand-written", "CASL", "ahead of both");
  return table(
    heads,
    rows.map((row) => {
      const { title, target, result } = row;
      const ratio = ratioOf(result, "channel-grants", "limit");
      const cells = [title, valueIn(row, "channel-grants"), valueIn(row, "limit"), show(ratio)];
      if (targets) cells.push(target === undefined ? "–" : `≤ ${target}`, isReached(ratio, target));
      return [...cells, valueIn(row, "hand-written"), valueIn(row, fasterCasl(result)), aheadOf(result)];
    }),
  );
}

function isReached(ratio: Ratio | undefined, target: number | undefined): string {
  if (!ratio || target === undefined) return "–";
  return ratio.median <= target ? "yes" : "no";
}

/** The table of what the other leaves out: both ways to use CASL, and further yardsticks. */
export function otherTable(rows: readonly Row[]): string {
  const inMain = ["channel-grants", "limit", "hand-written", "CASL"];
  return table(
    ["work", "by", "takes", "to the limit"],
    rows.flatMap((row) =>
      Object.keys(row.result)
        .filter((name) => !inMain.includes(name))
        .map((name) => [row.title, name, valueIn(row, name), show(ratioOf(row.result, name, "limit"))]),
    ),
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
    ["CASL", fasterCasl(result)],
  ] as const;
  const met = others.filter(([, name]) => result[name]);
  const ahead = met.filter(([, name]) => (ratioOf(result, "channel-grants", name)?.median ?? 1) < 1);
  if (ahead.length === met.length) return "yes";
  return ahead.length === 0 ? "no" : `only of ${ahead.map(([name]) => name).join(" and ")}`;
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
