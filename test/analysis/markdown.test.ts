import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import {
  checkPolicy,
  comparePolicies,
  diffMatrices,
  formatAccess,
  formatComparison,
  formatDiff,
  formatReport,
  formatReview,
  reviewAccess,
  whoCan,
} from "../../src/analysis/index.js";
import { createMatrix, engage, type Policy } from "../../src/index.js";
import { define } from "../support/arbitraries.js";

// What a pull request shows: Markdown as it is rendered, with the links that GitHub finds in plain text.

type Renderer = { render(text: string): string; readonly linkify: { set(options: object): void } };
const Markdown: new (options: object) => Renderer = createRequire(import.meta.url)("markdown-it");
const markdown = new Markdown({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false });

/** The elements of a rendered text, and its lines as a reader sees them. */
function shown(text: string): { readonly elements: ReadonlySet<string>; readonly lines: readonly string[] } {
  const html = markdown.render(text);
  const lines = html
    .split("\n")
    .map((line) => line.replaceAll(/<[^>]*>/g, ""))
    .map((line) =>
      line.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&"),
    )
    .filter((line) => line !== "");
  return { elements: new Set([...html.matchAll(/<([a-z0-9]+)/g)].map(([, name = ""]) => name)), lines };
}

const hostile = [
  ...["<script>", "a|b", "`c`", "*d*", "_e_", "~~f~~", "[g](h)", "![g](h)", "&lt;", "$i$", "# j", "- k", "l\\", "m\nn"],
  ...["http://evil.example", "https://evil.example/a_b", "www.evil.example", "a@b.example", "mailto:a@b.example"],
  ...["@octo-cat", "#1", "GH-1", "octo/cat#1", ":smile:", "| --- |", "1. o", "```", "http://p`q", "a@b|c\\"],
];

describe("a pull request", () => {
  const account = createMatrix(engage, {
    users: [
      { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
      { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
    ],
  });

  it("tells a gain from a loss", () => {
    const gained = account.assign("ana", "fb", { publish: "full-access" });
    const texts = [diffMatrices(account, gained), diffMatrices(gained, account)].map((diff) =>
      shown(formatDiff(diff, "markdown")),
    );
    expect(texts.map(({ lines }) => lines.filter((line) => line.includes("post-now")))).toEqual([
      ["+ publish.post-now on fb"],
      ["- publish.post-now on fb"],
    ]);
    for (const { elements } of texts) expect([...elements].sort()).toEqual(["h3", "li", "ul"]);
  });

  it("tells what only the first policy has from what only the second has", () => {
    const { "publish.tag": _, ...actions } = JSON.parse(JSON.stringify(engage)).actions;
    const fewer = define({ ...JSON.parse(JSON.stringify(engage)), actions });
    const { lines } = shown(formatComparison(comparePolicies(engage, fewer), "markdown"));
    expect(lines).toContain("- publish.tag: only the first has it");
    expect(shown(formatComparison(comparePolicies(fewer, engage), "markdown")).lines).toContain(
      "+ publish.tag: only the second has it",
    );
  });

  it("shows what was found beneath the check that it is against", () => {
    const report = checkPolicy(engage, { claims: [{ name: "c", never: ["publish.view"] }] });
    expect(markdown.render(formatReport(report, "markdown"))).toMatch(
      /✗ claim: c\s*<ul>\s*<li>✗ publish.view: not so for/,
    );
  });

  /** A policy, an account and a change of it, in which every name and id is the same hostile one. */
  function textsOf(id: string): readonly string[] {
    const policy = define({
      name: id,
      levels: ["none", "all"],
      areas: { area: { levels: ["none", "all"] } },
      roles: { [id]: {} },
      actions: { act: { target: "group", allow: { area: "area", level: "all" } } },
    });
    const other = define({ ...JSON.parse(JSON.stringify(policy)), roles: { [id]: {}, more: {} } });
    const matrix = createMatrix<Policy>(policy, {
      users: [{ id, role: id, grants: new Map([[id, { area: "all" }]]) }],
    });
    return [
      formatReport(checkPolicy(policy, { claims: [{ name: id, never: ["act"] }] } as never), "markdown"),
      formatComparison(comparePolicies(policy, other), "markdown"),
      formatDiff(
        diffMatrices(matrix, matrix.removeConnection(id), { approve: "act", post: "act" } as never),
        "markdown",
      ),
      formatReview(reviewAccess(matrix), "markdown"),
      formatAccess(whoCan(matrix, "act", ...([{ connections: [id] }] as never)), "markdown"),
    ];
  }

  it.each(hostile)("shows %j as it is, in every text", (id) => {
    for (const written of textsOf(id)) {
      const { elements, lines } = shown(written);
      for (const element of ["a", "em", "strong", "s", "img", "script", "hr", "pre", "ol"]) {
        expect([written, element, elements.has(element)]).toEqual([written, element, false]);
      }
      // GitHub finds these in the text that is rendered, everywhere but in code.
      const outside = markdown.render(written).replaceAll(/<code>.*?<\/code>|<[^>]*>/g, "");
      expect([written, /www\.|@\w|#\d|GH-\d|:\w+:/i.exec(outside)]).toEqual([written, null]);
      // An id that is more than a word stands in quotation marks, as JSON.
      const text = lines.join("\n");
      expect([written, text.includes(id) || text.includes(JSON.stringify(id))]).toEqual([written, true]);
    }
  });
});
