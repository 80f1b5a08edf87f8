import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  buffer,
  type ClauseDefinition,
  can,
  createUser,
  engage,
  type GrantInput,
  type Policy,
  type TargetKind,
  type TargetOf,
  type User,
} from "../src/index.js";
import { table } from "./table.js";

// The decision tables of the models' pages. Every cell is an answer of `can` about a real user: nothing here knows
// what a clause means. `npm run tables` writes them.

/** The pages that carry tables, from the root of the package, and the policy that is asked for each. */
export const pages: readonly { readonly file: string; readonly policy: Policy }[] = [
  { file: "docs/engage.md", policy: engage },
  { file: "docs/buffer.md", policy: buffer },
];

/** Gives a page with the tables of a policy in place of whatever stands between its two markers. */
export function withTables(markdown: string, policy: Policy): string {
  const [start, end] = ["<!-- decision-table -->", "<!-- /decision-table -->"];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`no place for the tables; expected ${start} and, below it, ${end}`);
  const tables = [...Object.keys(policy.areas).map((area) => areaTable(policy, area)), roleTable(policy)];
  const text = tables.flat().join("\n");
  return `${markdown.slice(0, from)}${start}\n\n${text}\n${markdown.slice(to)}`;
}

/** The actions that some clause gives for a level or a flag in the area, in each of its states. */
function areaTable(policy: Policy, area: string): readonly string[] {
  const states = statesOf(policy, area);
  // Grants do not apply to a role that holds the same everywhere, so there is no state for it to be in.
  const roles = Object.keys(policy.roles).filter((role) => !policy.roles[role]?.holds);
  const rows = actionsWhere(policy, (clause) => clause.area === area).flatMap((action) => {
    const rolesByCells = new Map<string, string[]>();
    for (const role of roles) {
      const users = states.map(({ grant }) => createUser(policy, { id: role, role, grants: [[connection, grant]] }));
      const cells = users.map((user) => answer(policy, user, action)).join();
      rolesByCells.set(cells, [...(rolesByCells.get(cells) ?? []), role]);
    }
    // One row will do where all roles are told the same; otherwise each row says for whom it is.
    const whose = (named: readonly string[]) => (rolesByCells.size > 1 ? ` (${named.join(", ")})` : "");
    return [...rolesByCells].map(([cells, named]) => [`${code(action)}${whose(named)}`, ...cells.split(",")]);
  });
  return titled(`Levels in ${code(area)}`, ["action", ...states.map(({ name }) => code(name))], rows);
}

/** The actions that some clause gives to a role, and all of them where a role holds something everywhere. */
function roleTable(policy: Policy): readonly string[] {
  const someHold = Object.values(policy.roles).some(({ holds }) => holds);
  const actions = actionsWhere(policy, (clause) => someHold || clause.role !== undefined);
  const columns = Object.keys(policy.roles).flatMap((role) => {
    const known = createUser(policy, { id: role, role, connections: [connection] });
    const stranger = createUser(policy, { id: role, role });
    const differs = actions.some((action) => answer(policy, known, action) !== answer(policy, stranger, action));
    const column = { name: code(role), user: known };
    return differs ? [column, { name: `${code(role)}, stranger`, user: stranger }] : [column];
  });
  const rows = actions.map((action) => [code(action), ...columns.map(({ user }) => answer(policy, user, action))]);
  return titled("Roles, without any grant", ["action", ...columns.map(({ name }) => name)], rows);
}

/** The one connection of every question; a user without any connection does not know it. */
const connection = "known";
const targets: Readonly<Record<TargetKind, TargetOf<Policy, string>>> = {
  none: [],
  connection: [connection],
  group: [{ connections: [connection] }],
};

function answer(policy: Policy, user: User, action: string): string {
  return can(user, action, ...targets[policy.actions[action]?.target ?? "none"]) ? "yes" : "";
}

type Clause = ClauseDefinition<string, string, string, string>;

function actionsWhere({ actions }: Policy, test: (clause: Clause) => boolean): readonly string[] {
  return Object.keys(actions).filter((action) => ([actions[action]?.allow].flat() as readonly Clause[]).some(test));
}

/** Every way to stand in an area on one connection: each level with no flag, with each one, and with several. */
function statesOf({ areas }: Policy, area: string): readonly { readonly name: string; readonly grant: GrantInput }[] {
  const { levels = [], flags = {} } = areas[area] ?? {};
  return levels.flatMap((level) => {
    const beside = Object.keys(flags).filter((flag) => flags[flag]?.includes(level));
    const sets = beside.reduce<string[][]>((all, flag) => all.concat(all.map((set) => [...set, flag])), [[]]);
    return sets.map((set) => ({
      name: [level, ...set].join(" + "),
      grant: Object.fromEntries<string | true>([[area, level], ...set.map((flag): [string, true] => [flag, true])]),
    }));
  });
}

/** A table under its title; nothing where there are no rows. */
function titled(title: string, head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length > 0 ? [`### ${title}`, "", ...table(head, rows), ""] : [];
}

function code(name: string): string {
  return `\`${name.replaceAll("|", "\\|")}\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, policy } of pages) {
    const path = new URL(`../${file}`, import.meta.url);
    writeFileSync(path, withTables(readFileSync(path, "utf8"), policy));
  }
}
