import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { can, createUser, type Policy, type RelationsOf, type TargetOf, type UserInput } from "../src/index.js";
import { customRoles, organisation } from "./shapes/organisation.js";
import { pageRoles } from "./shapes/page-roles.js";
import { suite } from "./shapes/suite.js";
import { table } from "./table.js";

// The three shapes at the end of the page about policies: the definition as it stands in its file, and its table of
// answers. Every cell is an answer of `can` about a real user. `npm run tables` writes them.

/** The page that carries the shapes, from the root of the package. */
export const page = "docs/policies.md";

/** A column of a table: who asks, about which connections, and what users are to the post. */
export interface Column {
  readonly title: string;
  readonly user: UserInput<Policy>;
  readonly connections: readonly string[];
  readonly relations?: RelationsOf<Policy>;
}

export interface Shape {
  readonly name: string;
  readonly policy: Policy;
  readonly columns: readonly Column[];
}

type Held = Readonly<Record<string, string | boolean>>;

/** A column about a user who holds these, one on each connection. */
function holding(title: string, role: string, held: readonly Held[], rest: Partial<Column> = {}): Column {
  const grants = held.map((grant, index) => [`connection-${index + 1}`, grant] as const);
  return { title, user: { id: "u", role, grants }, connections: grants.map(([connection]) => connection), ...rest };
}

const others = { author: "v", assignee: null };
const own = { author: "u", assignee: null };
const inSuite = (title: string, held: readonly Held[], relations: RelationsOf<Policy> = others) =>
  holding(title, "member", held, { relations });
const onPages = (title: string, ...held: readonly Held[]) => holding(title, "person", held);
const known = { connections: ["fb"] };

export const shapes: readonly Shape[] = [
  {
    name: "suite",
    policy: suite,
    columns: [
      inSuite("view", [{ publish: "view" }]),
      inSuite("view + approver", [{ publish: "view", approver: true }]),
      inSuite("draft", [{ publish: "draft" }]),
      inSuite("draft, author", [{ publish: "draft" }], own),
      inSuite("draft, assignee", [{ publish: "draft" }], { author: "v", assignee: ["u"] }),
      inSuite("draft + approver, author", [{ publish: "draft", approver: true }], own),
      inSuite("full", [{ publish: "full" }]),
      inSuite("full, author", [{ publish: "full" }], own),
      inSuite("full; view + approver", [{ publish: "full" }, { publish: "view", approver: true }]),
      inSuite("full; draft", [{ publish: "full" }, { publish: "draft" }]),
    ],
  },
  {
    name: "page-roles",
    policy: pageRoles,
    columns: [
      onPages("jobs-manager", { page: "jobs-manager" }),
      onPages("analyst", { page: "analyst" }),
      onPages("analyst + ads", { page: "analyst", ads: true }),
      onPages("moderator + leads", { page: "moderator", leads: true }),
      onPages("editor", { page: "editor" }),
      onPages("editor + ads", { page: "editor", ads: true }),
      onPages("admin", { page: "admin" }),
      onPages("jobs-manager; editor", { page: "jobs-manager" }, { page: "editor" }),
      onPages("jobs-manager; moderator", { page: "jobs-manager" }, { page: "moderator" }),
      onPages("admin; editor + ads", { page: "admin" }, { page: "editor", ads: true }),
    ],
  },
  {
    name: "organisation",
    policy: organisation,
    columns: [
      { title: "owner", user: { id: "u", role: "owner", ...known }, ...known },
      ...Object.entries(customRoles).map(([title, account]) => ({
        title,
        user: { id: "u", role: "member", grants: { fb: { channel: "on" } }, account },
        ...known,
      })),
      {
        title: "copywriter, on another channel",
        user: { id: "u", role: "member", ...known, account: customRoles.copywriter },
        ...known,
      },
    ],
  },
];

/** Gives the page with each shape's definition and table in place of whatever stands between its two markers. */
export function withShapes(markdown: string): string {
  return shapes.reduce((text, shape) => {
    const [start, end] = [`<!-- shape: ${shape.name} -->`, `<!-- /shape: ${shape.name} -->`];
    const from = text.indexOf(start);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`no place for the shape; expected ${start} and, below it, ${end}`);
    const lines = [start, "", "```ts", definitionOf(shape), "```", "", ...answers(shape), "", ""];
    return `${text.slice(0, from)}${lines.join("\n")}${text.slice(to)}`;
  }, markdown);
}

/** The shape's own file, as an application would write it. */
function definitionOf({ name }: Shape): string {
  const source = readFileSync(new URL(`./shapes/${name}.ts`, import.meta.url), "utf8");
  return source.replace("../../src/index.js", "channel-grants").trimEnd();
}

/** One row for each action; single connections of an action that is about one are asked one by one. */
function answers({ policy, columns }: Shape): readonly string[] {
  const rows = Object.keys(policy.actions).map((action) => [
    `\`${action}\``,
    ...columns.map((column) => (isAllowed(policy, action, column) ? "yes" : "")),
  ]);
  return table(["action", ...columns.map(({ title }) => `\`${title}\``)], rows);
}

function isAllowed(policy: Policy, action: string, { user, connections, relations }: Column): boolean {
  const asked = createUser(policy, user);
  const targets: Readonly<Record<string, readonly TargetOf<Policy, string>[]>> = {
    none: [[]],
    connection: connections.map((connection) => [connection]),
    group: [[{ connections, ...relations }]],
  };
  return (targets[policy.actions[action]?.target ?? "none"] ?? []).every((target) => can(asked, action, ...target));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL(`../${page}`, import.meta.url);
  writeFileSync(path, withShapes(readFileSync(path, "utf8")));
}
