import { showId } from "../../core/base/message.js";
import { ownCopy } from "../../core/base/readers.js";
import { type Speech, speechIn } from "../language/speech.js";
import type { ActionComparison, PolicyComparison } from "../policies/compare-policies.js";
import type { Witness } from "../policies/witness.js";
import { grantText, labelList, titled, witnessText } from "./phrases.js";
import type { Block, TextForm } from "./text-blocks.js";
import { type TextOptions, writeWith } from "./text-options.js";

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
export function formatComparison(comparison: PolicyComparison, options?: TextForm | TextOptions): string {
  return writeWith(options, (speech) => comparisonBlocks(comparison, speech));
}

/** Turns the result of `comparePolicies` into blocks. */
export function comparisonBlocks(
  { first, second, verdict, actions, roles, states }: PolicyComparison,
  speech = speechIn(),
): readonly Block[] {
  const { label, list, say } = speech;
  const [one, other] = [first, second].map(showId) as [string, string];
  const heading =
    verdict === "equal"
      ? say("equal", { policies: list([one, other], "and") })
      : say("compared", { how: say(verdict), first: one, second: other });
  const lineOf = markedIn(speech);
  return [
    { heading },
    {
      lines: [
        ...actions.map(ownCopy).flatMap((action) => actionLines(speech, action)),
        ...roles.map(ownCopy).map(({ role, only, grants, account }) => {
          const key = grants ? "takesGrants" : account ? "takesGrantsInAccount" : undefined;
          return lineOf(only, (which) => {
            const has = say("onlyRole", { which, role: label("roles", role) });
            return key ? titled(speech, has, say(key)) : has;
          });
        }),
        ...states.map(({ grant, only, allows }) => {
          return lineOf(only, (which) => {
            const state = say("onlyState", { which, grant: grantText(speech, grant, true) });
            return allows.length > 0
              ? say("allowing", { state, actions: labelList(speech, "actions", allows) })
              : state;
          });
        }),
      ],
    },
  ];
}

function actionLines(
  speech: Speech,
  { action: id, only, looser, stricter, verdict }: ActionComparison,
): readonly string[] {
  const { label, say } = speech;
  const action = label("actions", id);
  const lineOf = markedIn(speech);
  if (only) return [lineOf(only, (which) => titled(speech, action, say("onlyAction", { which })))];
  if (verdict === "different" && !looser) return [`✗ ${titled(speech, action, say("otherTarget"))}`];
  const allows = (by: "first" | "second", witness: Witness | undefined) =>
    witness
      ? [
          lineOf(by, (which) =>
            titled(speech, action, say("onlyAllowed", { which, who: witnessText(speech, witness) })),
          ),
        ]
      : [];
  return [...allows("second", looser), ...allows("first", stricter)];
}

/** Marks a line as a loss if only the first policy has it, and as a gain if only the second has. */
function markedIn({ say }: Speech) {
  return (which: "first" | "second", text: (which: string) => string) =>
    `${which === "first" ? "-" : "+"} ${text(say(which))}`;
}
