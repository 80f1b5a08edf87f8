import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buffer, definePolicy, engage, type Policy } from "../src/index.js";
import { organisation } from "./shapes/organisation.js";
import { pageRoles } from "./shapes/page-roles.js";
import { suite } from "./shapes/suite.js";
import { language, switchboard } from "./vectors/definitions.js";
import { questionsAboutEnds } from "./vectors/ends.js";
import { type Measure, questionsOf } from "./vectors/questions.js";
import { refused } from "./vectors/refused.js";
import { walksByFile } from "./vectors/walks.js";

// Cases with their answers, as JSON, so that an implementation in another language can be checked against this one. The
// page docs/vectors.md tells their format. `npm run tables` writes them.

const channels = ["facebook", "instagram", "x", "linkedin", "youtube", "tiktok"];
// Ids that break whoever keeps them in an object, or in a language where an empty string is nothing.
const oddIds = ["fb", "", "__proto__", "toString", "💥 ü", "a\nb", "li", "yt", "tt"];

const asked: readonly (readonly [policy: Policy, about: string, measure: Measure])[] = [
  [engage, "The model of docs/engage.md", { allowed: 3, denied: 5, connections: channels }],
  [buffer, "The model of docs/buffer.md", { allowed: 4, denied: 8, connections: channels.slice(0, 3) }],
  [suite, "Relations, flags and patterns", { allowed: 5, denied: 12, connections: channels }],
  [pageRoles, "Levels with a gap, and flags", { allowed: 4, denied: 10, connections: channels }],
  [
    organisation,
    "Areas of the account, more than fit one integer",
    { allowed: 1, denied: 2, connections: ["fb", "ig"] },
  ],
  [defined(language), "Every clause and pattern, and odd ids", { allowed: 5, denied: 12, connections: oddIds }],
  [defined(switchboard), "Many areas of connections", { allowed: 2, denied: 5, connections: ["fb", "ig", "x"] }],
];

function defined(definition: object): Policy {
  return definePolicy(definition as never) as unknown as Policy;
}

/** Every file of vectors, by its name, with its text. */
export function vectors(): ReadonlyMap<string, string> {
  const answers = asked.map(([policy, about, measure]): [string, object] => [
    policy.name,
    { about, policy, ...questionsOf(policy, measure) },
  ]);
  const ends: [string, object] = [
    "ends",
    { about: "Grants that end, asked at instants", policy: engage, ...questionsAboutEnds() },
  ];
  const walks = Object.entries(walksByFile).map(([name, { policy, account, walks: told }]): [string, object] => [
    name,
    { about: "Posts on their way through approval", policy, account, walks: told },
  ]);
  const wrong: [string, object] = ["refused", { about: "What is refused, and where", policy: "engage", ...refused }];
  return new Map(
    [...answers, ends, ...walks, wrong].map(([name, content]) => [
      `${name}.json`,
      `${text({ format: 1, ...content }, 3)}\n`,
    ]),
  );
}

/** Writes a value over as many lines as its parts need, down to a depth; what fits a line stands on one. */
function text(value: unknown, depth: number, indent = ""): string {
  const line = JSON.stringify(value);
  if (depth === 0 || line.length + indent.length <= 110 || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? // Each question stands on a line of its own, however long, so that a change shows which ones it is about.
      value.map((each) => text(each, isWalk(each) ? 2 : 0, inner))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${text(each, depth - 1, inner)}`);
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

function isWalk(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "steps") && Object.hasOwn(value, "about");
}

/** The folder of the vectors, in the repository and in the package. */
export const folder = new URL("../vectors/", import.meta.url);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of vectors()) writeFileSync(new URL(name, folder), content);
}
