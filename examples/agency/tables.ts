import Table from "cli-table3";

/** A post as this application keeps it. The library reads `connections` and ignores the rest. */
export interface Post {
  readonly id: string;
  readonly title: string;
  readonly connections: readonly string[];
}

/** Gives the name of a user, of whom the library knows an id only. */
export type NameOf = (userId: string) => string;
export type PostOf = (postId: string) => Post;

export interface Column {
  readonly title: string;
  readonly width: number;
}

export function printHeading(title: string): void {
  console.log(`\n\n${title}\n${"=".repeat(title.length)}`);
}

export function printText(...lines: readonly string[]): void {
  console.log(`\n${lines.join("\n")}`);
}

/** Prints a table without colour, so that it reads the same in a terminal, in a file and in a build log. */
export function printTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: { readonly compact: boolean } = { compact: false },
): void {
  const titles = columns.map(({ title }) => title);
  const table = new Table({
    ...(titles.some((title) => title !== "") && { head: titles }),
    colWidths: columns.map(({ width }) => width),
    wordWrap: true,
    style: { head: [], border: [], ...style },
  });
  table.push(...rows.map((row) => [...row]));
  console.log(`\n${table.toString()}`);
}

/** Lists users in a cell, one to a line. */
export function nameLines(userIds: readonly string[], nameOf: NameOf): string {
  return userIds.length > 0 ? userIds.map(nameOf).join("\n") : "nobody";
}

/** Lists users in a sentence. */
export function namesInLine(userIds: readonly string[], nameOf: NameOf): string {
  return userIds.length > 0 ? userIds.map(nameOf).join(", ") : "nobody";
}

/** Lists posts below a sentence, one to a line. */
export function titleLines(posts: readonly Post[]): readonly string[] {
  return posts.length > 0 ? posts.map(({ title }) => `  - ${title}`) : ["  none"];
}

export function postCell({ title, connections }: Post): string {
  return `${title}\n(${connections.join(", ")})`;
}

export function yesOrNo(answer: boolean): string {
  return answer ? "yes" : "no";
}

/** Turns a name that appears in data into words for a person: `needs-approval` into "Needs Approval". */
export function label(name: string): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
