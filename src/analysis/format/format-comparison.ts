import { showId } from "../../core/base/message.js";
import { ownCopy } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { ActionComparison, PolicyComparison } from "../policies/compare-policies.js";
import type { Witness } from "../policies/witness.js";
import { idList, witnessText } from "./phrases.js";
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

/** Turns the result of `comparePolicies` into blocks. */
export function comparisonBlocks({
  first,
  second,
  verdict,
  actions,
  roles,
  states,
}: PolicyComparison): readonly Block[] {
  const how = verdict === "different" ? "neither stricter nor looser" : verdict;
  const heading =
    verdict === "equal"
      ? `${idList([first, second])} are equal`
      : `the second, ${showId(second)}, is ${how} than the first, ${showId(first)}`;
  return [
    { heading },
    {
      lines: [
        ...actions.map(ownCopy).flatMap(actionLines),
        ...roles.map(ownCopy).map(({ role, only, grants, account }) => {
          const taken = grants
            ? ": only there it takes grants"
            : account
              ? ": only there it takes grants in the account"
              : "";
          return lineOf(only, `only the ${only} has role ${showId(role)}${taken}`);
        }),
        ...states.map(({ grant, only, allows }) => {
          const may = allows.length > 0 ? `, which allows ${idList(allows)}` : "";
          return lineOf(only, `only the ${only} has ${grantText(grant, true)}${may}`);
        }),
      ],
    },
  ];
}

function actionLines({ action, only, looser, stricter, verdict }: ActionComparison): readonly string[] {
  if (only) return [lineOf(only, `${showId(action)}: only the ${only} has it`)];
  if (verdict === "different" && !looser) return [`✗ ${showId(action)}: asked about another kind of target`];
  const allows = (which: "first" | "second", witness: Witness | undefined) =>
    witness ? [lineOf(which, `${showId(action)}: only the ${which} allows ${witnessText(witness)}`)] : [];
  return [...allows("second", looser), ...allows("first", stricter)];
}

/** Marks a line as a loss if only the first policy has it, and as a gain if only the second has. */
function lineOf(which: "first" | "second", text: string): string {
  return `${which === "first" ? "-" : "+"} ${text}`;
}
