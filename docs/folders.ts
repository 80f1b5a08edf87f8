import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

// The folders of `src` and the imports between them, as a picture in docs/contributing.md. `npm run tables` writes it.

/** The page that carries the picture, from the root of the package. */
export const page = "docs/contributing.md";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.tsx?$/.test(file),
);

/** An import of one source by another, both as paths below `src`, or of a package or its manifest. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly isPackage: boolean;
}

/** Every import and re-export between the sources of the package, and of other packages. */
export const imports: readonly Import[] = sources.flatMap((from) => {
  // Examples in docstrings import the package by its name.
  const code = readFileSync(join(root, "src", from), "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
  const specifiers = [...code.matchAll(/(?<!")\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    ([, specifier]) => specifier as string,
  );
  return specifiers.map((specifier): Import => {
    if (!specifier.startsWith(".")) return { from, to: specifier, isPackage: true };
    if (specifier.endsWith("/package.json")) return { from, to: "package.json", isPackage: true };
    const path = join(dirname(from), specifier).replace(/\.js$/, "");
    const to = sources.find((source) => source.replace(/\.tsx?$/, "") === path);
    if (to === undefined) throw new Error(`src/${from} imports ${specifier}, which is no source`);
    return { from, to, isPackage: false };
  });
});

/** Gives the folder of a source below `src`; the list of names of the root is `index.ts` itself. */
export function folderOf(source: string): string {
  const folder = relative("", dirname(source));
  return folder === "" ? source : folder;
}

/** Gives a page with the picture in place of what stands between its two markers. */
export function withFolders(markdown: string): string {
  const [start, end] = ["<!-- folders -->", "<!-- /folders -->"];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`no place for the folders; expected ${start} and, below it, ${end}`);
  const text = ["```mermaid", ...picture(), "```"].join("\n");
  return `${markdown.slice(0, from)}${start}\n\n${text}\n\n${markdown.slice(to)}`;
}

/** What one sees on opening `src`, with the folders of `core` inside it, and an arrow for each import between them. */
function picture(): readonly string[] {
  const roomOf = (source: string) => /^core\/[^/]+|^[^/]+/.exec(source)?.[0] as string;
  const idOf = (room: string) => room.replaceAll(/[/.]/g, "-");
  const rooms = [...new Set(sources.map(roomOf))].sort();
  const inner = rooms.filter((room) => room.startsWith("core/"));
  const outer = rooms.filter((room) => !room.startsWith("core/"));
  const isWithin = ({ from, to }: Import) => roomOf(from).startsWith("core/") && roomOf(to).startsWith("core/");
  const edgeOf = (each: Import) => {
    const to = isWithin(each) || !each.to.startsWith("core/") ? roomOf(each.to) : "core";
    return `${idOf(roomOf(each.from))} --> ${idOf(to)}`;
  };
  const local = imports.filter(({ from, to, isPackage }) => !isPackage && roomOf(from) !== roomOf(to));
  const edges = [...new Set(local.map(edgeOf))].sort();
  return [
    "flowchart TD",
    ...outer.map((room) => `  ${idOf(room)}["${room}"]`),
    "  subgraph core",
    ...inner.map((room) => `    ${idOf(room)}["${room.slice("core/".length)}"]`),
    "  end",
    ...edges.map((edge) => `  ${edge}`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, page);
  writeFileSync(path, withFolders(readFileSync(path, "utf8")));
}
