import { getOrInsert } from "../../core/base/get-or-insert.js";
import { showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import { grantText } from "../../core/decisions/grant-text.js";
import type { Finding, PolicyCheck, PolicyReport } from "../policies/policy-report.js";
import { clauseText, idList, witnessText } from "./phrases.js";
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

/** Turns the result of `checkPolicy` into blocks. */
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

/** Names the claim or the pair of actions that a check is about. */
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
  group: "a group is what each of its connections is",
  separate: "nobody does both",
  claim: "claim",
};

/** Writes each finding in a line. Actions that the same roles may do without a grant share one line. */
function inLines({ check }: PolicyCheck, findings: readonly Finding[]): readonly string[] {
  const all = findings.map(ownCopy);
  if (check !== "default-deny") return all.map((finding) => findingText(check, finding));
  const actionsOf = new Map<string, string[]>();
  for (const { action = "", roles = [] } of all) getOrInsert(actionsOf, idList(roles), () => []).push(showId(action));
  return [...actionsOf].map(([who, actions]) => `what ${who} may do by role: ${actions.join(", ")}`);
}

function findingText(check: PolicyCheck["check"], finding: Finding): string {
  const { action = "", names, area = "", condition, witness, raised, onGroup } = finding;
  if (names) return `${idList(names)} in ${showId(area)} ${names.length > 1 ? "mean the same" : "makes no difference"}`;
  if (!witness) return showId(action);
  const who = witnessText(witness);
  if (raised) {
    const connection = ownValue(raised, "connection");
    const where = connection === undefined ? "in the account" : `on ${showId(connection)}`;
    return `${showId(action)}: ${who} loses it with ${grantText(raised.to)} ${where}`;
  }
  if (onGroup === "denied") return `${showId(action)}: denied to ${who}, and allowed on each of them alone`;
  if (onGroup)
    return `${showId(action)}: allowed to ${who}, and denied on ${showId(witness.connections[0] as string)} alone`;
  if (check !== "claim" || condition === undefined) return `not so for ${who}`;
  return `${typeof condition === "string" ? showId(condition) : clauseText(condition)}: not so for ${who}`;
}
