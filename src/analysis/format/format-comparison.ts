import { sentenceList, showId } from "../../core/base/message.js";
import { ownCopy } from "../../core/base/readers.js";
import type { PolicyComparison } from "../policies/compare-policies.js";
import { grantInWords, inWords } from "./phrases.js";
import { type Block, type TextForm, write } from "./text-blocks.js";

/**
 * Writes the result of `comparePolicies` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { comparePolicies, formatComparison } from "channel-grants/analysis";
 *
 * formatComparison(comparePolicies(engage, engage)); // "engage and engage are equal\n"
 * ```
 */
export function formatComparison(comparison: PolicyComparison, form?: TextForm): string {
  return write(comparisonBlocks(comparison), form);
}

/** Puts the differences of two policies into blocks. */
export function comparisonBlocks(comparison: PolicyComparison): readonly Block[] {
  const { verdict, actions, roles, states } = comparison;
  const [first, second] = [showId(comparison.first), showId(comparison.second)];
  const heading = {
    equal: `${first} and ${second} are equal`,
    stricter: `the second, ${second}, is stricter than the first, ${first}`,
    looser: `the second, ${second}, is looser than the first, ${first}`,
    different: `the second, ${second}, is neither stricter nor looser than the first, ${first}`,
  }[verdict];
  const lines = actions.map(ownCopy).flatMap(({ action, only, looser, stricter, verdict: how }) => {
    if (only) return [`${only === "first" ? "-" : "+"} ${showId(action)}: only the ${only} has it`];
    if (how === "different" && !looser) return [`✗ ${showId(action)}: asked about another kind of target`];
    return [
      ...(looser ? [`+ ${showId(action)}: only the second allows ${inWords(looser)}`] : []),
      ...(stricter ? [`- ${showId(action)}: only the first allows ${inWords(stricter)}`] : []),
    ];
  });
  const others = [
    ...roles
      .map(ownCopy)
      .map(
        ({ role, only, grants }) =>
          [only, `role ${showId(role)}${grants ? ": only there it takes grants" : ""}`] as const,
      ),
    ...states.map(({ grant, only, allows }) => {
      const may = allows.length > 0 ? `, which allows ${sentenceList(allows.map(showId), "and")}` : "";
      return [
        only,
        `${grantInWords(Object.fromEntries(Object.entries(grant).filter(([, value]) => value !== false)))}${may}`,
      ] as const;
    }),
  ].map(([only, what]) => `${only === "first" ? "-" : "+"} only the ${only} has ${what}`);
  return [{ heading }, { lines: [...lines, ...others] }];
}
