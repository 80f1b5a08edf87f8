import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { pages, quickStart, root } from "../support/snippets.js";

const examples = readdirSync(join(root, "examples")).map((folder) => `examples/${folder}/README.md`);
const documents = [...pages, quickStart, ...examples];

/** The parts of a page that a link can lead to, named as GitHub names them. */
function headings(markdown: string): readonly string[] {
  return [...markdown.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

it.each(documents)("every link of %s within the repository leads to a file and a heading", (document) => {
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const dead = links.filter(([, path, heading]) => {
    const file = path ? join(dirname(document), path) : document;
    return (
      !statSync(join(root, file), { throwIfNoEntry: false })?.isFile() ||
      (heading !== undefined && !headings(read(file)).includes(heading))
    );
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});
