import { type ParseArgsConfig, parseArgs } from "node:util";
import { buffer } from "./buffer.js";
import { checkPolicy } from "./check.js";
import { comparePolicies } from "./compare.js";
import { diffMatrices } from "./diff.js";
import { engage } from "./engage.js";
import { expected, PolicyError, show } from "./errors.js";
import { formatDecision } from "./format.js";
import type { Policy } from "./language.js";
import { createMatrix, type GrantMatrix } from "./matrix.js";
import { definePolicy } from "./policy.js";
import { isRecord } from "./record.js";
import { decisionOn } from "./report.js";
import { reviewAccess } from "./review.js";
import { matrixSchema, policySchema } from "./schema.js";
import type { TextForm } from "./text.js";
import { formatComparison, formatDiff, formatReport, formatReview } from "./words.js";

/** What a command has of the machine it runs on. */
export interface Surroundings {
  /** Reads a file as text. */
  read(file: string): string;
  write(text: string): void;
  /** Writes what is wrong. */
  complain(text: string): void;
  readonly colours: boolean;
}

/** What a command found: as data, as a text, and whether it is a reason to stop. */
interface Outcome {
  readonly data: unknown;
  text(form: TextForm): string;
  readonly isFinding: boolean;
}

interface Command {
  readonly usage: string;
  readonly help: string;
  readonly options: readonly string[];
  run(files: readonly string[], options: Options, read: Read): Outcome;
}

type Options = Readonly<Record<string, string | boolean | undefined>>;
type Read = (file: string) => unknown;

/** A mistake in what was typed, or in a file. */
interface Mistake {
  readonly mistake: string;
}

const shipped: Readonly<Record<string, { readonly policy: Policy; readonly properties: object }>> = {
  engage: { policy: engage as Policy, properties: {} },
  // Only approval-required asks for approval (B8): a higher level takes that away on purpose.
  buffer: { policy: buffer as Policy, properties: { exceptions: ["drafts.request-approval"] } },
};

const options = {
  policy: { type: "string", help: "engage, buffer, or a file with a definition, where the grants do not say" },
  properties: { type: "string", help: "a file with what is to be true: { exceptions, separate, claims }" },
  groups: { type: "string", help: "a file with post groups: [{ connections }]" },
  submissions: { type: "string", help: "a file with posts in the approval flow" },
  approve: { type: "string", help: "the action that approves, where the policy has no approval flow" },
  post: { type: "string", help: "the action that posts, where the policy has no approval flow" },
  user: { type: "string", help: "the id of the user" },
  action: { type: "string", help: "the action that is asked about" },
  on: { type: "string", help: "the connections, separated by commas; none for an action on the account" },
  json: { type: "boolean", help: "prints JSON" },
  markdown: { type: "boolean", help: "prints Markdown, for a pull request" },
  help: { type: "boolean", help: "prints this" },
} as const;

const everywhere = ["json", "markdown", "help"];

const commands: Readonly<Record<string, Command>> = {
  review: {
    usage: "review grants.json",
    help: "Who may do what on each connection, and through which clause. Finds connections on which nobody can approve or post.",
    options: ["policy", "approve", "post"],
    run(files, { policy, ...given }, read) {
      const [matrix] = accountsIn(files, policy, read).matrices as [GrantMatrix];
      const review = reviewAccess(matrix, picked(given, ["approve", "post"]));
      return {
        data: review,
        text: (form) => formatReview(review, form),
        isFinding: review.connections.some(({ nobody }) => nobody.length > 0),
      };
    },
  },
  check: {
    usage: "check policy.json",
    help: "What a policy means, over every standing. Finds each check that does not hold.",
    options: ["properties"],
    run([file], { properties }, read) {
      const { policy, properties: known } = policyIn(file, read);
      const report = checkPolicy(policy, properties === undefined ? known : (read(properties as string) as object));
      return { data: report, text: (form) => formatReport(report, form), isFinding: !report.holds };
    },
  },
  compare: {
    usage: "compare first.json second.json",
    help: "How the second of two policies differs from the first. Finds every difference.",
    options: [],
    run([first, second], _, read) {
      const comparison = comparePolicies(policyIn(first, read).policy, policyIn(second, read).policy);
      return {
        data: comparison,
        text: (form) => formatComparison(comparison, form),
        isFinding: comparison.verdict !== "equal",
      };
    },
  },
  diff: {
    usage: "diff before.json after.json",
    help: "Which grants and decisions change. Finds what is left with nobody who can approve or post.",
    options: ["policy", "groups", "submissions", "approve", "post"],
    run(files, { policy, ...given }, read) {
      const [before, after] = accountsIn(files, policy, read).matrices as [GrantMatrix, GrantMatrix];
      const lists = Object.entries(picked(given, ["groups", "submissions"])).map(([key, file]) => [key, read(file)]);
      const asked = { ...Object.fromEntries(lists), ...picked(given, ["approve", "post"]) };
      const diff = diffMatrices(before, after, asked);
      return {
        data: diff,
        text: (form) => formatDiff(diff, form),
        isFinding: diff.orphans.length + diff.submissions.length > 0,
      };
    },
  },
  explain: {
    usage: "explain grants.json --user ana --action publish.post-now --on fb,ig",
    help: "Whether a user may do an action, and why not. Finds a no.",
    options: ["policy", "user", "action", "on"],
    run(files, { policy: named, user, action, on }, read) {
      if (user === undefined || action === undefined) return fail("explain needs --user and --action");
      const { policy, matrices } = accountsIn(files, named, read);
      const [matrix] = matrices as [GrantMatrix];
      const ids = on === undefined ? undefined : String(on).split(",");
      const kind = policy.actions[action as string]?.target;
      const target = kind === "connection" && ids?.length === 1 ? ids[0] : ids && { connections: ids };
      const decision = decisionOn(matrix.user(user as string), action as string, target);
      return {
        data: decision,
        text: () => `${decision.allowed ? "✓" : "✗"} ${formatDecision(decision)}\n`,
        isFinding: !decision.allowed,
      };
    },
  },
};

/** Runs a command: gives 0, 1 where there is a finding, and 2 where it was called wrongly or a file is wrong. */
export function run(given: readonly string[], surroundings: Surroundings): 0 | 1 | 2 {
  const { write, complain } = surroundings;
  try {
    const [first, ...rest] = given;
    if (first === undefined || first === "--help" || first === "help") {
      write(overview());
      return first === undefined ? 2 : 0;
    }
    const command = Object.hasOwn(commands, first) ? (commands[first] as Command) : undefined;
    if (!command) return fail(`${show(first)} is no command; ${expected(Object.keys(commands))}`);
    const { files, values } = parse(command, rest);
    if (values.help) {
      write(helpOf(command));
      return 0;
    }
    const needed = command.usage.split(" ").filter((word) => word.endsWith(".json")).length;
    if (files.length !== needed) {
      return fail(`the number of files is ${files.length}; expected ${needed}: channel-grants ${command.usage}`);
    }
    const outcome = command.run(files, values, (file) => jsonIn(file, surroundings));
    if (values.json) write(`${JSON.stringify(outcome.data, undefined, 2)}\n`);
    else if (values.markdown) write(outcome.text("markdown"));
    else write(surroundings.colours ? coloured(outcome.text("text")) : outcome.text("text"));
    return outcome.isFinding ? 1 : 0;
  } catch (error) {
    if (!isMistake(error) && !(error instanceof PolicyError)) throw error;
    complain(`${isMistake(error) ? error.mistake : error.message}\n`);
    return 2;
  }
}

/** Gives up, saying what to do. */
function fail(mistake: string): never {
  throw { mistake } satisfies Mistake;
}

function isMistake(error: unknown): error is Mistake {
  return typeof error === "object" && error !== null && "mistake" in error;
}

function parse(
  command: Command,
  given: readonly string[],
): { readonly files: readonly string[]; readonly values: Options } {
  const taken = [...command.options, ...everywhere] as (keyof typeof options)[];
  const accepted = Object.fromEntries(taken.map((name) => [name, { type: options[name].type }]));
  const config: ParseArgsConfig = { args: [...given], options: accepted, allowPositionals: true };
  try {
    const { values, positionals } = parseArgs(config);
    return { files: positionals, values: values as Options };
  } catch (error) {
    return fail(`${(error as Error).message} (channel-grants ${command.usage.split(" ")[0]} --help)`);
  }
}

function overview(): string {
  const lines = Object.values(commands).map(({ usage, help }) => `  channel-grants ${usage}\n      ${help}\n`);
  const codes = "Ends with 0, with 1 where there is a finding, and with 2 where something given is wrong.\n";
  return `${lines.join("\n")}\n${codes}channel-grants <command> --help lists its options.\n`;
}

function helpOf({ usage, help, options: own }: Command): string {
  const names = [...own, ...everywhere] as (keyof typeof options)[];
  const lines = names.map((name) => `  --${name.padEnd(12)}${options[name].help}\n`);
  return `channel-grants ${usage}\n\n${help}\n\n${lines.join("")}`;
}

function jsonIn(file: string, { read }: Surroundings): unknown {
  const text = attempted(
    () => read(file),
    `${show(file)} cannot be read; expected a file, or engage or buffer for a policy`,
  );
  return attempted(() => JSON.parse(text), `${show(file)} is no JSON; expected an object`) as unknown;
}

function attempted<Value>(make: () => Value, mistake: string): Value {
  try {
    return make();
  } catch {
    return fail(mistake);
  }
}

/** Reads a value with a schema, and says all that is wrong with it, each with its path. */
function readWith<Value>(
  schema: { safeParse(value: unknown): { data?: Value; error?: { readonly issues: readonly Issue[] } | undefined } },
  value: unknown,
  file: string,
): Value {
  const { data, error } = schema.safeParse(value);
  if (!error) return data as Value;
  const lines = error.issues.map(({ path, message }) => `${path.map(String).join(" > ") || "the file"}: ${message}`);
  return fail(`${show(file)} is wrong:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function policyIn(given: unknown, read: Read): (typeof shipped)[string] {
  const file = String(given);
  if (Object.hasOwn(shipped, file)) return shipped[file] as (typeof shipped)[string];
  const definition = readWith(policySchema, read(file), file);
  return { policy: definePolicy(definition) as Policy, properties: {} };
}

/** Gives the policy that the first file of grants names. */
function policyNamedIn([first]: readonly { readonly file: string; readonly value: unknown }[]): string {
  const named: unknown = (first?.value as { readonly policy?: unknown } | null | undefined)?.policy;
  if (typeof named === "string") return named;
  return fail(`${show(first?.file)} names no policy; expected "policy" in it, or --policy`);
}

/** Reads the grants of files under one policy, so that they can be compared. */
function accountsIn(
  files: readonly string[],
  given: unknown,
  read: Read,
): { readonly policy: Policy; readonly matrices: readonly GrantMatrix[] } {
  const sources = files.map((file) => ({ file, value: read(file) }));
  const { policy } = policyIn(given ?? policyNamedIn(sources), read);
  const schema = matrixSchema(policy);
  const matrices = sources.map(({ file, value }) => {
    // What names the policy is no part of the account.
    const { policy: _, ...account } = Object(value) as { readonly policy?: unknown };
    return createMatrix(policy, readWith(schema, isRecord(value) ? account : value, file));
  });
  return { policy, matrices };
}

function picked(given: Options, keys: readonly string[]): Record<string, string> {
  const entries = keys.map((key) => [key, given[key]]).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

const colours: Readonly<Record<string, string>> = { "✓": "32", "+": "32", "✗": "31", "-": "31", "~": "33" };

/** Colours each line by its mark. */
function coloured(text: string): string {
  return text.replaceAll(
    /^( *)([✓✗+~-]) (.*)$/gm,
    (_, space, mark, rest) => `${space}\u001b[${colours[mark]}m${mark} ${rest}\u001b[0m`,
  );
}
