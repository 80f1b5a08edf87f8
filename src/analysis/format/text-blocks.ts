import { columnLines, indent } from "../../core/base/columns.js";

/**
 * The form of a text: plain for a terminal, or Markdown for a pull request.
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
  | { readonly lines: Iterable<string> }
  | { readonly rows: readonly (readonly string[])[] };

/** Writes blocks as text for a terminal or as Markdown; without lines or rows, a block is left out. */
export function write(blocks: Iterable<Block>, form?: TextForm): string {
  return [...linesOf(blocks, form)].map((line) => `${line}\n`).join("");
}

/** Gives the lines of a text one by one, for the whole of it may be longer than a string can be. */
export function* linesOf(blocks: Iterable<Block>, form?: TextForm): Iterable<string> {
  if (form !== "markdown") {
    for (const block of blocks) yield* inText(block);
    return;
  }
  let isFirst = true;
  for (const block of blocks) {
    let isHead = true;
    for (const line of inMarkdown(block)) {
      if (isHead && !isFirst) yield "";
      isHead = isFirst = false;
      yield line;
    }
  }
}

/** Tells which block it is by its own key. */
function has<Key extends string>(block: Block, key: Key): block is Extract<Block, { readonly [K in Key]: unknown }> {
  return Object.hasOwn(block, key);
}

function* inText(block: Block): Iterable<string> {
  if (has(block, "heading")) yield block.heading;
  else if (has(block, "lines")) for (const line of block.lines) yield indent(line);
  else if (block.rows.length > 1) for (const line of columnLines(block.rows)) yield indent(line);
}

function* inMarkdown(block: Block): Iterable<string> {
  if (has(block, "heading")) yield `### ${escaped(block.heading)}`;
  else if (has(block, "lines")) for (const line of block.lines) yield inList(line);
  else if (block.rows.length > 1) {
    for (const [index, cells] of block.rows.entries()) {
      yield `| ${cells.map(escaped).join(" | ")} |`;
      if (index === 0) yield `|${" --- |".repeat(cells.length)}`;
    }
  }
}

/** Writes a line as an item of a list. A plus or a minus is escaped, because it would begin a list of its own. */
function inList(line: string): string {
  const item = line.trimStart();
  return `${" ".repeat(line.length - item.length)}- ${escaped(item).replace(/^[+-] /, "\\$&")}`;
}

/** Text that GitHub turns into a link, a mention or a picture, escaped or not: an address, `#1`, `@name`, `:name:`. */
const linked = /@|:\/\/|www\.|#\d|GH-\d|:[\w+-]+:/i;

/** Shows an id as it is, whatever Markdown would make of it. What escapes do not keep from being a link is set as code. */
function escaped(text: string): string {
  return text.replaceAll(/[^\s`|\\]+|[`|\\]/g, (part) => {
    if (!linked.test(part)) return part.replaceAll(/[\\`*_{}[\]<>|#~&$]/g, "\\$&");
    const end = /[,.:;]$/.test(part) ? part.slice(-1) : "";
    return `\`${end === "" ? part : part.slice(0, -1)}\`${end}`;
  });
}
