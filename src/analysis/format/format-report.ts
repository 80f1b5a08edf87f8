import { getOrInsert } from "../../core/base/get-or-insert.js";
import { showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import { type Speech, speechIn } from "../language/speech.js";
import type { Finding, PolicyCheck, PolicyReport } from "../policies/policy-report.js";
import { clauseText, grantText, labelList, stateLabel, titled, witnessText } from "./phrases.js";
import type { Block, TextForm } from "./text-blocks.js";
import { type TextOptions, writeWith } from "./text-options.js";

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
export function formatReport(report: PolicyReport, options?: TextForm | TextOptions): string {
  return writeWith(options, (speech) => reportBlocks(report, speech));
}

/** Turns the result of `checkPolicy` into blocks. */
export function reportBlocks(
  { policy: name, holds, checks }: PolicyReport,
  speech: Speech = speechIn(),
): readonly Block[] {
  const { say } = speech;
  const failed = checks.filter((check) => !check.holds).length;
  const [policy, count] = [showId(name), checks.length];
  const heading = holds
    ? say("allHold", { policy })
    : say("someFail", { policy, failed: `${failed}`, count: `${count}` }, failed);
  const lines = checks.flatMap((check) => [
    `${check.holds ? "✓" : "✗"} ${titleOf(speech, check)}`,
    ...inLines(speech, check, check.findings).map((line) => `  ✗ ${line}`),
    ...inLines(speech, check, check.exceptions).map((finding) => `  ${say("except", { finding })}`),
  ]);
  return [{ heading }, { lines }];
}

/** Says what is checked, and names the claim or the pair of actions that it is about. */
function titleOf(speech: Speech, check: PolicyCheck): string {
  const { say } = speech;
  const title = say(check.check);
  const actions = ownValue(check, "actions");
  if (actions) return titled(speech, title, labelList(speech, "actions", actions));
  const about = ownValue(check, "about");
  return about === undefined ? title : titled(speech, title, showId(about));
}

/** Writes each finding in a line. Actions that the same roles may do without a grant share one line. */
function inLines(speech: Speech, { check }: PolicyCheck, findings: readonly Finding[]): readonly string[] {
  const { label, say } = speech;
  const all = findings.map(ownCopy);
  if (check !== "default-deny") return all.map((finding) => findingText(speech, check, finding));
  const actionsOf = new Map<string, string[]>();
  for (const { action = "", roles = [] } of all) {
    getOrInsert(actionsOf, labelList(speech, "roles", roles), () => []).push(label("actions", action));
  }
  return [...actionsOf].map(([roles, actions]) => say("byRole", { roles, actions: actions.join(", ") }));
}

function findingText(speech: Speech, check: PolicyCheck["check"], finding: Finding): string {
  const { label, list, say } = speech;
  const { action: id = "", names, area = "", condition, witness, raised, onGroup } = finding;
  const action = label("actions", id);
  if (names) {
    const alike = names.map((name) => stateLabel(speech, name, area));
    return say("alike", { names: list(alike, "and"), area: label("areas", area) }, names.length);
  }
  if (!witness) return action;
  const who = witnessText(speech, witness);
  if (raised) {
    const connection = ownValue(raised, "connection");
    const lost = { who, grant: grantText(speech, raised.to) };
    if (connection === undefined) return titled(speech, action, say("lostInAccount", lost));
    return titled(speech, action, say("lostOn", { ...lost, connection: label("connections", connection) }));
  }
  if (onGroup === "denied") return titled(speech, action, say("deniedOnGroup", { who }));
  if (onGroup) {
    const connection = label("connections", witness.connections[0] as string);
    return titled(speech, action, say("allowedOnGroup", { who, connection }));
  }
  if (check !== "claim" || condition === undefined) return say("notSo", { who });
  const claimed = typeof condition === "string" ? label("actions", condition) : clauseText(speech, condition);
  return titled(speech, claimed, say("notSo", { who }));
}
