import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { eventTypes, flow } from "../src/approval/machine/flow.js";

// The state diagram of the approval flow's page, drawn from the table that the machine itself goes by. `npm run tables`
// writes it.

/** The page that carries the diagram, from the root of the package. */
export const page = "docs/approval.md";

/** Gives a page with the diagram in place of whatever stands between its two markers. */
export function withDiagram(markdown: string): string {
  const [start, end] = ["<!-- state-diagram -->", "<!-- /state-diagram -->"];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`no place for the diagram; expected ${start} and, below it, ${end}`);
  const text = ["```mermaid", ...diagram(), "```"].join("\n");
  return `${markdown.slice(0, from)}${start}\n\n${text}\n\n${markdown.slice(to)}`;
}

/** The lines of the diagram: one edge for all events that lead from one status to another. */
function diagram(): readonly string[] {
  const edges = new Map<string, string[]>();
  for (const type of eventTypes) {
    for (const [from, next] of Object.entries(flow[type].nextStatuses)) {
      for (const to of next) {
        const edge = `${from} --> ${to}`;
        edges.set(edge, [...(edges.get(edge) ?? []), type]);
      }
    }
  }
  const drawn = [...edges].map(([edge, types]) => `${edge}: ${types.join(", ")}`);
  const lines = ["[*] --> draft: draft", ...drawn, "released --> [*]"];
  return ["stateDiagram-v2", ...lines.map((line) => `  ${line}`)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL(`../${page}`, import.meta.url);
  writeFileSync(path, withDiagram(readFileSync(path, "utf8")));
}
