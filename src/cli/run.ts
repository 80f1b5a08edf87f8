import { type ParseArgsConfig, parseArgs } from "node:util";
import { diffMatrices } from "../analysis/accounts/diff-matrices.js";
import { reviewAccess } from "../analysis/accounts/review-access.js";
import { comparisonBlocks, diffBlocks, reportBlocks, reviewBlocks } from "../analysis/format/phrases.js";
import { type Block, linesOf, type TextForm } from "../analysis/format/text-blocks.js";
import { checkPolicy } from "../analysis/policies/check-policy.js";
import { comparePolicies } from "../analysis/policies/compare-policies.js";
import { escapeUnseen, expected, PolicyError, show } from "../core/base/policy-error.js";
import { own } from "../core/base/readers.js";
import { decisionOn } from "../core/decisions/explain.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import type { GrantMatrix } from "../core/matrix/create-matrix.js";
import type { Policy } from "../core/types/policy.js";
import { accountsIn, jsonIn, policyIn, type Reader, withFile } from "./files.js";
import { fail, isMistake } from "./mistake.js";
import { jsonOf } from "./write-json.js";

/** The parts of the machine that a command uses. */
export interface Surroundings extends Reader {
  readonly colours: boolean;
}

/** The result of a command. */
export interface Result {
  /** 0, or 1 for a finding, or 2 for a wrong call or a wrong file. */
  readonly code: 0 | 1 | 2;
  /** The output in pieces: the whole may be longer than a string can be. */
  readonly output: Iterable<string>;
  /** The message about a wrong call or a wrong file. */
  readonly complaint: string;
}

/** The answer of a command: as data, as text, and whether it is a finding. */
interface Outcome {
  readonly data: unknown;
  readonly blocks: Iterable<Block>;
  readonly isFinding: boolean;
}

interface Command {
  readonly usage: string;
  readonly help: string;
  readonly options: readonly string[];
  run(files: readonly string[], options: Options, reader: Reader): Outcome;
}

type Options = Readonly<Record<string, unknown>>;

const options = {
  policy: {
    type: "string",
    help: "engage, buffer, or a file with a definition; by default, the policy that grants.json names",
  },
  properties: { type: "string", help: "a file with what must be true of the policy: { exceptions, separate, claims }" },
  groups: { type: "string", help: "a file with post groups to compare too: [{ connections }, ...]" },
  submissions: {
    type: "string",
    help: "a file with posts in the approval flow: finds those that nobody can approve any more",
  },
  approve: { type: "string", help: "the action that approves, if the policy has no approval flow" },
  post: { type: "string", help: "the action that posts, if the policy has no approval flow" },
  user: { type: "string", help: "the id of the user" },
  action: { type: "string", help: "the action to explain" },
  on: { type: "string", multiple: true, help: "ids of connections, separated by commas; may be repeated" },
  connection: {
    type: "string",
    multiple: true,
    help: "the id of one connection, which may contain commas; may be repeated",
  },
  json: { type: "boolean", help: "prints JSON" },
  markdown: { type: "boolean", help: "prints Markdown, for a pull request" },
  help: { type: "boolean", help: "prints this help" },
} as const;

const everywhere = ["json", "markdown", "help"];

const commands: Readonly<Record<string, Command>> = {
  review: {
    usage: "review grants.json",
    help: "Shows who may do what on each connection, and why. A finding: nobody can approve or post on a connection.",
    options: ["policy", "approve", "post"],
    run(files, { policy, ...given }, reader) {
      const [matrix] = accountsIn(files, policy, reader).matrices as [GrantMatrix];
      const review = reviewAccess(matrix, picked(given, ["approve", "post"]));
      return {
        data: review,
        blocks: reviewBlocks(review),
        isFinding: review.connections.some(({ nobody }) => nobody.length > 0),
      };
    },
  },
  check: {
    usage: "check policy.json",
    help: "Checks what a policy means, for groups of every size. A finding: a check fails.",
    options: ["properties"],
    run([file], { properties }, reader) {
      const { policy, properties: known } = policyIn(file, reader);
      const report =
        typeof properties === "string"
          ? withFile(properties, () => checkPolicy(policy, jsonIn(properties, reader) as object))
          : checkPolicy(policy, known);
      return { data: report, blocks: reportBlocks(report), isFinding: !report.holds };
    },
  },
  compare: {
    usage: "compare first.json second.json",
    help: "Shows how the second policy differs from the first. A finding: they differ.",
    options: [],
    run([first, second], _, reader) {
      const comparison = comparePolicies(policyIn(first, reader).policy, policyIn(second, reader).policy);
      return {
        data: comparison,
        blocks: comparisonBlocks(comparison),
        isFinding: comparison.verdict !== "equal",
      };
    },
  },
  diff: {
    usage: "diff before.json after.json",
    help: "Shows which grants and decisions change. A finding: the last user who could approve or post is gone.",
    options: ["policy", "groups", "submissions", "approve", "post"],
    run(files, { policy, ...given }, reader) {
      const [before, after] = accountsIn(files, policy, reader).matrices as [GrantMatrix, GrantMatrix];
      const lists = Object.entries(picked(given, ["groups", "submissions"])).map(([key, file]) => [
        key,
        jsonIn(file, reader),
      ]);
      const asked = { ...Object.fromEntries(lists), ...picked(given, ["approve", "post"]) };
      const diff = diffMatrices(before, after, asked);
      return {
        data: diff,
        blocks: diffBlocks(diff),
        isFinding: diff.orphans.length + diff.submissions.length > 0,
      };
    },
  },
  explain: {
    usage: "explain grants.json --user ana --action publish.post-now --on fb,ig",
    help: "Shows whether a user may do an action, and if not, why. A finding: the user may not.",
    options: ["policy", "user", "action", "on", "connection"],
    run(files, { policy: named, user, action, on = [], connection = [] }, reader) {
      if (typeof user !== "string" || typeof action !== "string") return fail("explain needs --user and --action");
      const { policy, matrices } = accountsIn(files, named, reader);
      const [matrix] = matrices as [GrantMatrix];
      const ids = [...(on as string[]).flatMap((list) => list.split(",")), ...(connection as string[])];
      if (!matrix.users().includes(user)) fail(`${show(user)} is no user of the grants; ${expected(matrix.users())}`);
      const strange = ids.find((id) => !matrix.connections().includes(id));
      if (strange !== undefined) {
        fail(`${show(strange)} is no connection of the grants; ${expected(matrix.connections())}`);
      }
      const decision = decisionOn(matrix.user(user), action, targetOf(policy, action, ids));
      return {
        data: decision,
        blocks: [{ heading: `${decision.allowed ? "✓" : "✗"} ${formatDecision(decision)}` }],
        isFinding: !decision.allowed,
      };
    },
  },
};

/** Makes the target of an action from ids. */
function targetOf({ actions }: Policy, action: string, ids: readonly string[]): unknown {
  const kind = own(actions, action)?.target;
  if (kind === "none" && ids.length > 0) fail(`${show(action)} is about the account as a whole; expected no --on`);
  if (kind === "group" && ids.length === 0) fail(`${show(action)} is about a post group; expected --on fb,ig`);
  if (kind === "connection" && ids.length !== 1) fail(`${show(action)} is about one connection; expected --on fb`);
  return kind === "group" ? { connections: ids } : ids[0];
}

/** Runs a command. A mistake of the caller is in the result; anything thrown is a fault of the command. */
export function run(given: readonly string[], surroundings: Surroundings): Result {
  try {
    const [first, ...rest] = given;
    if (first === undefined || first === "--help" || first === "help") {
      return { code: first === undefined ? 2 : 0, output: [overview()], complaint: "" };
    }
    const command = Object.hasOwn(commands, first) ? (commands[first] as Command) : undefined;
    if (!command) return fail(`${show(first)} is no command; ${expected(Object.keys(commands))}`);
    const { files, values } = parse(command, rest);
    if (values.help) return { code: 0, output: [helpOf(command)], complaint: "" };
    const needed = command.usage.split(" ").filter((word) => word.endsWith(".json")).length;
    if (files.length !== needed) {
      return fail(`the number of files is ${files.length}; expected ${needed}: channel-grants ${command.usage}`);
    }
    const outcome = command.run(files, values, surroundings);
    const output = values.json
      ? jsonOf(outcome.data)
      : linesIn(outcome.blocks, values.markdown ? "markdown" : "text", surroundings.colours);
    return { code: outcome.isFinding ? 1 : 0, output, complaint: "" };
  } catch (error) {
    if (!isMistake(error) && !(error instanceof PolicyError)) throw error;
    return { code: 2, output: [], complaint: `${isMistake(error) ? error.mistake : error.message}\n` };
  }
}

function* linesIn(blocks: Iterable<Block>, form: TextForm, colours: boolean): Iterable<string> {
  for (const line of linesOf(blocks, form)) yield `${colours && form === "text" ? coloured(line) : line}\n`;
}

function parse(
  command: Command,
  given: readonly string[],
): { readonly files: readonly string[]; readonly values: Options } {
  const taken = [...command.options, ...everywhere] as (keyof typeof options)[];
  const accepted = Object.fromEntries(taken.map((name) => [name, options[name]]));
  const config: ParseArgsConfig = { args: [...given], options: accepted, allowPositionals: true };
  try {
    const { values, positionals } = parseArgs(config);
    return { files: positionals, values: values as Options };
  } catch (error) {
    return fail(`${escapeUnseen((error as Error).message)} (channel-grants ${command.usage.split(" ")[0]} --help)`);
  }
}

function overview(): string {
  const lines = Object.values(commands).map(({ usage, help }) => `  channel-grants ${usage}\n      ${help}\n`);
  const codes =
    "Exit codes: 0 nothing found, 1 a finding, 2 a wrong call or a wrong file, 3 a failure of the command itself.\n";
  return `${lines.join("\n")}\n${codes}Give - instead of a file to read standard input. channel-grants <command> --help lists the options.\n`;
}

function helpOf({ usage, help, options: own }: Command): string {
  const names = [...own, ...everywhere] as (keyof typeof options)[];
  const lines = names.map((name) => `  --${name.padEnd(12)}${options[name].help}\n`);
  return `channel-grants ${usage}\n\n${help}\n\n${lines.join("")}`;
}

function picked(given: Options, keys: readonly string[]): Record<string, string> {
  const entries = keys.map((key) => [key, given[key]]).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

const colours: Readonly<Record<string, string>> = { "✓": "32", "+": "32", "✗": "31", "-": "31", "~": "33" };

/** Tells whether to print colours: on a terminal, or if they are forced, unless they are declined. */
export function wantsColours(
  isTerminal: boolean,
  { FORCE_COLOR: forced, NO_COLOR: declined }: Readonly<Record<string, string | undefined>>,
): boolean {
  return forced ? forced !== "0" && forced !== "false" : isTerminal && !declined;
}

/** Adds the colour that belongs to the mark at the start of a line. */
function coloured(line: string): string {
  return line.replace(
    /^( *)([✓✗+~-]) (.*)$/,
    (_, space, mark, rest) => `${space}\u001b[${colours[mark]}m${mark} ${rest}\u001b[0m`,
  );
}
