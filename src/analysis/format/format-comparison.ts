import { join, name } from "../../core/base/policy-error.js";
import { ownOf } from "../../core/base/readers.js";
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
  const [first, second] = [name(comparison.first), name(comparison.second)];
  const heading = {
    equal: `${first} and ${second} are equal`,
    stricter: `the second, ${second}, is stricter than the first, ${first}`,
    looser: `the second, ${second}, is looser than the first, ${first}`,
    different: `the second, ${second}, is neither stricter nor looser than the first, ${first}`,
  }[verdict];
  const lines = actions.map(ownOf).flatMap(({ action, only, looser, stricter, verdict: how }) => {
    if (only) return [`${only === "first" ? "-" : "+"} ${name(action)}: only the ${only} has it`];
    if (how === "different" && !looser) return [`✗ ${name(action)}: asked about another kind of target`];
    return [
      ...(looser ? [`+ ${name(action)}: only the second allows ${inWords(looser)}`] : []),
      ...(stricter ? [`- ${name(action)}: only the first allows ${inWords(stricter)}`] : []),
    ];
  });
  const others = [
    ...roles
      .map(ownOf)
      .map(
        ({ role, only, grants }) =>
          [only, `role ${name(role)}${grants ? ": only there it takes grants" : ""}`] as const,
      ),
    ...states.map(({ grant, only, allows }) => {
      const may = allows.length > 0 ? `, which allows ${join(allows.map(name), "and")}` : "";
      return [
        only,
        `${grantInWords(Object.fromEntries(Object.entries(grant).filter(([, value]) => value !== false)))}${may}`,
      ] as const;
    }),
  ].map(([only, what]) => `${only === "first" ? "-" : "+"} only the ${only} has ${what}`);
  return [{ heading }, { lines: [...lines, ...others] }];
}
