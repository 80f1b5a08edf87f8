import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { accessLevel, createUser, definePolicy } from "../src/index.js";

// The picture of the lowest level over a post group, with and without `noAccessCountsAs`. Every level of a group in it
// is an answer of `accessLevel`. `npm run tables` writes it.

/** The page that carries the picture, from the root of the package. */
export const page = "docs/decisions.md";

const levels = ["no-access", "view-only", "needs-approval", "full-access"] as const;
const plain = definePolicy({
  name: "plain",
  levels,
  areas: { publish: { levels } },
  roles: { viewer: {} },
  actions: { view: { target: "group", allow: { area: "publish", level: "view-only" } } },
});
const lifted = definePolicy({ ...plain, areas: { publish: { levels, noAccessCountsAs: "view-only" } } });

/** The groups of the picture: what its reader holds on each connection. */
const groups = [
  { fb: "full-access", ig: "needs-approval" },
  { fb: "full-access", ig: "no-access" },
  { fb: "no-access", ig: "no-access" },
] as const;

/** Gives a page with the picture in place of whatever stands between its two markers. */
export function withGroupLevels(markdown: string): string {
  const [start, end] = ["<!-- group-levels -->", "<!-- /group-levels -->"];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`no place for the picture; expected ${start} and, below it, ${end}`);
  const text = ["```mermaid", "flowchart LR", ...groups.flatMap(drawn), "```"].join("\n");
  return `${markdown.slice(0, from)}${start}\n\n${text}\n\n${markdown.slice(to)}`;
}

/** The lines of one group: its connections, and an arrow to its level under each of the two policies. */
function drawn(group: (typeof groups)[number], index: number): readonly string[] {
  const name = `group${index + 1}`;
  const held = Object.entries(group);
  const grants = held.map(([connection, publish]) => [connection, { publish }] as const);
  const level = (policy: typeof plain) =>
    accessLevel(createUser(policy, { id: "reader", role: "viewer", grants }), "publish", {
      connections: Object.keys(group),
    });
  return [
    `  subgraph ${name}["a post group"]`,
    ...held.map(([connection, own]) => `    ${name}-${connection}["${connection}: ${own}"]`),
    "  end",
    `  ${name} -- "without" --> ${name}-plain(["${level(plain)}"])`,
    `  ${name} -- "noAccessCountsAs: view-only" --> ${name}-lifted(["${level(lifted)}"])`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL(`../${page}`, import.meta.url);
  writeFileSync(path, withGroupLevels(readFileSync(path, "utf8")));
}
