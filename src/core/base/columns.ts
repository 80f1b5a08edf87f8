import { elementAt } from "./readers.js";

/** Lays cells out in columns. */
export function columns(rows: readonly (readonly string[])[]): string {
  return [...columnLines(rows)].join("\n");
}

/** Lays cells out in columns, and gives the lines one by one. */
export function* columnLines(rows: readonly (readonly string[])[]): Iterable<string> {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries())
      widths[index] = Math.max((elementAt(widths, index) as number | undefined) ?? 0, cell.length);
  }
  for (const row of rows) {
    yield row
      .map((cell, index) => cell.padEnd(widths[index] as number))
      .join("  ")
      .trimEnd();
  }
}

/** Indents each line that is not empty. */
export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
