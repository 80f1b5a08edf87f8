import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { showId, showValue } from "../core/base/message.js";
import { ownCopy } from "../core/base/readers.js";
import { fail } from "./mistake.js";

/** Files of policies and grants have some ten levels; the parser needs a piece of the stack for each. */
const deepest = 100;

/**
 * Reads JSON as the standard has it, without comments and trailing commas, and refuses a key that is repeated: of two
 * that are equal, a reader sees the first and `JSON.parse` the last.
 *
 * A fault is told with file, line and column. Of the contents, only a key is shown.
 */
export function parseJson(text: string, file: string): unknown {
  const refuse = (problem: string, line: number, column: number): never =>
    fail(`${showId(file)}:${line + 1}:${column + 1}: ${problem}`);
  const open: Set<string>[] = [];
  const enter = (_offset: number, _length: number, line: number, column: number) => {
    if (open.push(new Set()) > deepest) refuse(`nested too deeply; expected at most ${deepest} levels`, line, column);
  };
  const leave = () => void open.pop();
  visit(
    text,
    ownCopy({
      onObjectBegin: enter,
      onArrayBegin: enter,
      onObjectEnd: leave,
      onArrayEnd: leave,
      onObjectProperty(key, _offset, _length, line, column) {
        const keys = open.at(-1) as Set<string>;
        if (keys.has(key)) refuse(`the key ${showValue(key)} is repeated; expected each key once`, line, column);
        keys.add(key);
      },
      onError: (code, _offset, _length, line, column) => refuse(`no JSON: ${problemOf(code)}`, line, column),
    }),
    ownCopy({ disallowComments: true }),
  );
  return JSON.parse(text);
}

/** Spells out the name of a syntax error: "comma expected". */
function problemOf(code: ParseErrorCode): string {
  return printParseErrorCode(code)
    .replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}
