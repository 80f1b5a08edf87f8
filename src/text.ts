import { columns, indent } from "./report.js";

/**
 * What a text is made for: a terminal, or a pull request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { comparePolicies, formatComparison, type TextForm } from "channel-grants/analysis";
 *
 * const form: TextForm = "markdown";
 * formatComparison(comparePolicies(engage, engage), form); // "### engage and engage are equal\n"
 * ```
 */
export type TextForm = "text" | "markdown";

/** A part of a text: a heading, lines of a list, or a table with its head. */
export type Block =
  | { readonly heading: string }
  | { readonly lines: readonly string[] }
  | { readonly rows: readonly (readonly string[])[] };

/** Writes blocks as text for a terminal or as Markdown; without lines or rows, a block is left out. */
export function write(blocks: readonly Block[], form?: TextForm): string {
  const parts = blocks.flatMap((block) => (form === "markdown" ? inMarkdown(block) : inText(block)));
  return `${parts.join(form === "markdown" ? "\n\n" : "\n")}\n`;
}

function inText(block: Block): readonly string[] {
  if ("heading" in block) return [block.heading];
  if ("lines" in block) return block.lines.map((line) => indent(line));
  return block.rows.length > 1 ? [indent(columns(block.rows))] : [];
}

function inMarkdown(block: Block): readonly string[] {
  if ("heading" in block) return [`### ${escaped(block.heading)}`];
  if ("lines" in block)
    return block.lines.length > 0 ? [block.lines.map((line) => `- ${escaped(line)}`).join("\n")] : [];
  if (block.rows.length < 2) return [];
  const [head, ...rows] = block.rows.map((cells) => `| ${cells.map(escaped).join(" | ")} |`);
  const rule = block.rows.slice(0, 1).map((cells) => `|${" --- |".repeat(cells.length)}`);
  return [[head, ...rule, ...rows].join("\n")];
}

/** An id is shown as it is, whatever Markdown would make of it; one that would call somebody is set as code. */
function escaped(text: string): string {
  return text.replaceAll(/(?<!\w)@[\w-]+|[\\`*_{}[\]<>|#~&]/g, (each) =>
    each.length > 1 ? `\`${each}\`` : `\\${each}`,
  );
}
