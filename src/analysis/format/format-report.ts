import { sentenceList, showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { Finding, PolicyCheck, PolicyReport } from "../policies/policy-report.js";
import { clauseInWords, inWords } from "./phrases.js";
import { type Block, type TextForm, write } from "./text-blocks.js";

/**
 * Writes the result of `checkPolicy` as text, for a terminal or a pull request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { checkPolicy, formatReport } from "channel-grants/analysis";
 *
 * formatReport(checkPolicy(engage)).split("\n")[0]; // "engage: every check holds"
 * ```
 */
export function formatReport(report: PolicyReport, form?: TextForm): string {
  return write(reportBlocks(report), form);
}

/** Puts what was checked of a policy into blocks. */
export function reportBlocks({ policy, holds, checks }: PolicyReport): readonly Block[] {
  const failed = checks.filter((check) => !check.holds).length;
  const verdict = holds ? "every check holds" : `${failed} of ${checks.length} checks fail`;
  const lines = checks.flatMap((check) => [
    `${check.holds ? "✓" : "✗"} ${titles[check.check]}${aboutOf(check)}`,
    ...inLines(check, check.findings).map((line) => `  ✗ ${line}`),
    ...inLines(check, check.exceptions).map((line) => `  except ${line}`),
  ]);
  return [{ heading: `${showId(policy)}: ${verdict}` }, { lines }];
}

/** Names what a check is about. */
function aboutOf(check: PolicyCheck): string {
  const about = ownValue(check, "about");
  if (about === undefined) return "";
  return `: ${check.check === "claim" ? showId(about) : about}`;
}

const titles: Readonly<Record<PolicyCheck["check"], string>> = {
  "default-deny": "nothing is allowed without a grant",
  raising: "a higher level takes nothing away",
  nobody: "every action can be done by somebody",
  everybody: "no action can always be done by everybody",
  "told-apart": "every level and flag means something of its own",
  separate: "nobody does both",
  claim: "claim",
};

/** Says each finding in a line; what needs no grant, once for all that the same roles do. */
function inLines(check: PolicyCheck, findings: readonly Finding[]): readonly string[] {
  if (check.check !== "default-deny") return findings.map((finding) => findingIn(check, finding));
  const actionsOf = new Map<string, string[]>();
  for (const { action = "", roles = [] } of findings.map(ownCopy)) {
    const who = sentenceList(roles.map(showId), "and");
    actionsOf.set(who, [...(actionsOf.get(who) ?? []), showId(action)]);
  }
  return [...actionsOf].map(([who, actions]) => `what ${who} may do by role: ${actions.join(", ")}`);
}

function findingIn({ check }: PolicyCheck, finding: Finding): string {
  const { action = "", names = [], area = "", condition, witness, raised } = ownCopy(finding);
  if (check === "told-apart") {
    return names.length > 1
      ? `${sentenceList(names.map(showId), "and")} in ${showId(area)} mean the same`
      : `${sentenceList(names.map(showId), "and")} in ${showId(area)} makes no difference`;
  }
  if (raised && witness) {
    return `${showId(action)}: ${inWords(witness)} loses it with ${grantText(raised.to)} on ${showId(raised.connection)}`;
  }
  const part = check === "claim" && condition ? `${conditionInWords(condition)}: ` : "";
  return witness ? `${part}not so for ${inWords(witness)}` : showId(action);
}

function conditionInWords(condition: NonNullable<Finding["condition"]>): string {
  return typeof condition === "string" ? showId(condition) : clauseInWords(condition);
}
