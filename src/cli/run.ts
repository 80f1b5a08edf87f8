import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Block, linesOf, type TextForm } from "../analysis/format/text-blocks.js";
import { escapeUnseen, expected, showValue } from "../core/base/message.js";
import { PolicyError } from "../core/base/policy-error.js";
import { ownValue } from "../core/base/readers.js";
import { type Command, commands, everywhere, type Options, options } from "./commands.js";
import type { Reader } from "./files.js";
import { fail, isMistake } from "./mistake.js";
import type { Serving } from "./serve.js";
import { jsonOf } from "./write-json.js";

/** The parts of the machine that a command uses. */
export interface CliEnvironment extends Reader {
  readonly colours: boolean;
}

/** The result of a command. */
export interface Result {
  /** 0, or 1 for a finding, or 2 for a wrong call or a wrong file. */
  readonly code: 0 | 1 | 2;
  /** The output in pieces: the whole may be longer than a string can be. */
  readonly output: Iterable<string>;
  /** The message about a wrong call or a wrong file. */
  readonly error: string;
  /** What is to be served from now on, instead of any output. */
  readonly serving?: Serving;
}

/** Runs a command. A mistake of the caller is in the result; anything thrown is a fault of the command. */
export function run(given: readonly string[], environment: CliEnvironment): Result {
  try {
    const [first, ...rest] = given;
    if (first === undefined || first === "--help" || first === "help") {
      return { code: first === undefined ? 2 : 0, output: [overview()], error: "" };
    }
    const command = Object.hasOwn(commands, first) ? (commands[first] as Command) : undefined;
    if (!command) return fail(`${showValue(first)} is no command; ${expected(Object.keys(commands))}`);
    const { files, values } = parse(command, rest);
    if (values.help) return { code: 0, output: [helpOf(command)], error: "" };
    const [words = ""] = command.usage.split(" --");
    const needed = words.split(" ").filter((word) => word.endsWith(".json")).length;
    if (files.length !== needed) {
      return fail(`the number of files is ${files.length}; expected ${needed}: channel-grants ${command.usage}`);
    }
    const outcome = command.run(files, values, environment);
    const serving = ownValue(outcome, "serving");
    if (serving) return { code: 0, output: [], error: "", serving };
    const output = values.json
      ? jsonOf(outcome.data)
      : linesIn(outcome.blocks, values.markdown ? "markdown" : "text", environment.colours);
    return { code: outcome.isFinding ? 1 : 0, output, error: "" };
  } catch (error) {
    if (!isMistake(error) && !(error instanceof PolicyError)) throw error;
    return { code: 2, output: [], error: `${isMistake(error) ? error.mistake : error.message}\n` };
  }
}

function* linesIn(blocks: Iterable<Block>, form: TextForm, colours: boolean): Iterable<string> {
  for (const line of linesOf(blocks, form)) yield `${colours && form === "text" ? withColours(line) : line}\n`;
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

const colours: Readonly<Record<string, string>> = { "✓": "32", "+": "32", "✗": "31", "-": "31", "~": "33" };

/** Tells whether to print colours: on a terminal, or if they are forced, unless they are declined. */
export function wantsColours(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const [forced, declined] = [ownValue(environment, "FORCE_COLOR"), ownValue(environment, "NO_COLOR")];
  return forced ? forced !== "0" && forced !== "false" : isTerminal && !declined;
}

/** Adds the colour that belongs to the mark at the start of a line. */
function withColours(line: string): string {
  return line.replace(
    /^( *)([✓✗+~-]) (.*)$/,
    (_, space, mark, rest) => `${space}\u001b[${colours[mark]}m${mark} ${rest}\u001b[0m`,
  );
}
