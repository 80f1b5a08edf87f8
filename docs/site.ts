import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { renderMermaidSVG } from "beautiful-mermaid";
import { JSDOM } from "jsdom";
import {
  Application,
  type CommentDisplayPart,
  Converter,
  type DocumentReflection,
  JSX,
  PackageJsonReader,
  type PageEvent,
  ReflectionKind,
  Renderer,
  TSConfigReader,
} from "typedoc";
import { build } from "vite";

// The site: the pages of `docs`, the reference made from the docstrings, and the playground. Every link in it is
// relative, so that it can be copied into any folder of any server. `npm run site` writes it to docs/site.

const root = fileURLToPath(new URL("..", import.meta.url));

/** Writes the whole site into a folder. */
export async function writeSite(folder: string): Promise<void> {
  await writePages(folder);
  const playground = join(root, "examples/playground");
  await build({
    root: playground,
    logLevel: "error",
    build: { outDir: join(folder, "playground"), emptyOutDir: true },
  });
  const dead = deadLinks(folder);
  if (dead.length > 0) throw new Error(`these links lead nowhere:\n${dead.join("\n")}`);
}

async function writePages(folder: string): Promise<void> {
  const pages = pagesOf(readFileSync(join(root, "README.md"), "utf8"));
  const groups = [...new Set(pages.map(({ group }) => group))];
  const app = await Application.bootstrapWithPlugins(
    {
      emit: "docs",
      out: folder,
      name: "channel-grants",
      readme: join(root, "README.md"),
      projectDocuments: pages.map(({ file }) => join(root, file)),
      sort: ["documents-first", "source-order"],
      groupOrder: [...groups, "*"],
      sortEntryPoints: false,
      navigation: { includeGroups: true },
      searchInDocuments: true,
      searchInComments: true,
      // Who searches for a word wants the page about it before the docstrings that use it.
      searchGroupBoosts: Object.fromEntries(groups.map((group) => [group, 8])),
      hideGenerator: true,
      // `npm run types` reads the types of everything; here they are needed only as far as the pages show them.
      skipErrorChecking: true,
      customCss: join(root, "docs/site.css"),
      highlightLanguages: [
        "ts",
        "tsx",
        "js",
        "json",
        "jsonc",
        "bash",
        "sh",
        "sql",
        "http",
        "css",
        "html",
        "vue",
        "svelte",
        "text",
      ],
    },
    [new PackageJsonReader(), new TSConfigReader()],
  );
  const titles = new Map<DocumentReflection, string>();
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const path = relative(root, document.project.files.getReflectionPath(document) ?? "");
    const page = pages.find(({ file }) => file === path);
    if (page === undefined) throw new Error(`${path} is no page that the README leads to`);
    document.name = nameOf(page.file);
    titles.set(document, page.title);
    document.frontmatter.group = page.group;
    document.content = document.content.map(withPicture);
  });
  app.internationalization.addTranslations("en", { kind_plural_module: "Reference" });
  // A page keeps the address of its file. A reader sees what the README calls it, and what code imports.
  app.renderer.on(Renderer.EVENT_BEGIN, ({ project }) => {
    for (const [document, title] of titles) document.name = title;
    for (const entry of project.getChildrenByKind(ReflectionKind.Module)) {
      entry.name = entry.name === "index" ? "channel-grants" : `channel-grants/${entry.name}`;
    }
  });
  // What the theme leaves out for those who use a keyboard or a screen reader.
  app.renderer.on(Renderer.EVENT_END_PAGE, (page: PageEvent) => {
    page.contents = (page.contents ?? "")
      .replace('<div class="col-content"', '<div class="col-content" role="main"')
      .replaceAll("<table>", '<table tabindex="0">');
  });
  app.renderer.hooks.on("head.end", () => JSX.createElement("link", { rel: "icon", href: "data:," }));
  app.renderer.hooks.on("sidebar.begin", (context) =>
    JSX.createElement(
      "a",
      { class: "site-playground", href: context.relativeURL("playground/index.html") ?? "" },
      "Try it in the playground",
    ),
  );
  const project = await app.convert();
  if (project === undefined) throw new Error("the sources do not compile");
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error("the pages have faults, named above");
}

/** A page that the README leads to, in the list that names it there. */
interface Page {
  readonly group: string;
  readonly title: string;
  readonly file: string;
}

function pagesOf(readme: string): readonly Page[] {
  const section = readme.slice(readme.indexOf("## Where to go"));
  const found: Page[] = [];
  let group = "";
  for (const line of section.split("\n")) {
    const heading = /^(?:## (.*)|([A-Z][^:]*):)/.exec(line);
    if (heading) group = heading[1] ?? heading[2] ?? "";
    for (const [, title = "", file = ""] of line.matchAll(/\[([^\]]+)\]\(([^):]+\.md)\)/g)) {
      if (!found.some((page) => page.file === file)) found.push({ group, title: capitalized(title), file });
    }
  }
  return found;
}

/** A page is named by its file, and the README of an example by its folder: that is the page's address. */
function nameOf(file: string): string {
  return basename(file, ".md") === "README" ? basename(dirname(file)) : basename(file, ".md");
}

function capitalized(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Draws the picture that a block of Mermaid describes; any other part of a page stays as it is. */
function withPicture(part: CommentDisplayPart): CommentDisplayPart {
  const source = part.kind === "code" && /^```mermaid\n([\s\S]*)\n```$/.exec(part.text)?.[1];
  if (!source) return part;
  const svg = renderMermaidSVG(source, { bg: "var(--color-background)", fg: "var(--color-text)", transparent: true });
  // The fonts are those of the page: the site asks nothing of another server.
  const text = svg.replaceAll(/@import url\([^)]*\);/g, "").replaceAll(/\s*\n\s*/g, " ");
  return { kind: "text", text: `<div class="site-picture">${text}</div>` };
}

/** Gives each link of each page that leads to nothing that a browser shows: no file, no place in it, or bare Markdown. */
function deadLinks(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));
  const pages = new Map(files.map((file) => [pathToFileURL(join(folder, file)).href, linksOf(join(folder, file))]));
  return [...pages].flatMap(([from, { links }]) =>
    links
      .filter((link) => {
        const { href, hash } = new URL(link, from);
        if (!href.startsWith("file:")) return false;
        const [path = ""] = href.split("#");
        const place = decodeURIComponent(hash.slice(1));
        const target = pages.get(path);
        return target
          ? place !== "" && !target.places.has(place)
          : path.endsWith(".md") || !statSync(new URL(path), { throwIfNoEntry: false })?.isFile();
      })
      .map((link) => `${relative(folder, fileURLToPath(from))}: ${link}`),
  );
}

function linksOf(file: string): { readonly links: readonly string[]; readonly places: ReadonlySet<string> } {
  const { document } = new JSDOM(readFileSync(file, "utf8")).window;
  const values = (attribute: string) =>
    [...document.querySelectorAll(`[${attribute}]`)].map((element) => element.getAttribute(attribute) ?? "");
  return { links: [...values("href"), ...values("src")], places: new Set(values("id")) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeSite(join(root, "docs/site"));
