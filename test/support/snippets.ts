import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A TypeScript block of a page or a docstring. */
export interface Snippet {
  readonly name: string;
  readonly language: "ts" | "tsx";
  readonly code: string;
}

export const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");
const list = (folder: string, ending: RegExp) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name}`);

/** The page whose blocks are the files of one project, which `quick-start.test.ts` runs. */
export const quickStart = "docs/quick-start.md";

/** The README and the other documents. */
export const pages = ["README.md", ...list("docs", /\.md$/).filter((page) => page !== quickStart)];
const sources = list("src", /\.tsx?$/);

/** Every TypeScript block of the pages, and every example in a docstring. */
export const snippets: readonly Snippet[] = [
  ...pages.flatMap((file) => blocks(file, read(file))),
  ...sources.flatMap((file) => blocks(file, read(file).replaceAll(/^ \* ?/gm, ""))),
];

function blocks(file: string, text: string): Snippet[] {
  return [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```/gm)].map(([block, language, code], index) => {
    const line = text.slice(0, text.indexOf(block)).split("\n").length;
    return { name: `${file}:${line} #${index + 1}`, language: language as Snippet["language"], code: code as string };
  });
}
