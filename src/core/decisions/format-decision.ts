import { sentenceList, showId } from "../base/message.js";
import type { Decision } from "./decision.js";
import { type Change, readDecision, type State, type Why } from "./read-decision.js";
import { type Words, writerOf } from "./words.js";

const handful = 5;
/** Of what a policy names, and not its connections, most is told. */
const mostNames = 60;

/**
 * Puts a decision into one plain sentence, which names the connections: a handful, then how many more.
 *
 * It says what `explain` found and nothing else (law 7): it reads the decision alone, so one that came as JSON will do.
 *
 * @param words what `createWords` of `channel-grants/words` returns: a language, labels and who reads. Without them, the
 * sentence is plain English about ids. An index is ignored, so that `decisions.map(formatDecision)` works.
 * @throws `PolicyError` `invalid-decision` or `invalid-words`.
 *
 * @example
 * ```ts
 * import { createUser, engage, explain, formatDecision } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * formatDecision(explain(ana, "publish.edit", { connections: ["fb"] })); // "ana may publish.edit on fb."
 * formatDecision(explain(ana, "publish.post-now", { connections: ["fb"] })); // "ana may not publish.post-now on fb: fb holds needs-approval in publish and needs full-access."
 * formatDecision(explain(ana, "connections.create")); // "ana may not connections.create: it takes the role admin."
 * ```
 */
export function formatDecision(decision: Decision, words?: Words | number): string {
  const read = readDecision(decision);
  if (words !== undefined && typeof words !== "number") return writerOf(words).decision(read);
  const { user, action, connections, why } = read;
  const about = `${showId(action)}${connections.length > 0 ? ` on ${listed(connections, "and")}` : ""}`;
  if (!why) return `${showId(user)} may ${about}.`;
  return `${showId(user)} may not ${about}: ${because(why, connections.length)}.`;
}

function because({ reason, isLimited, names, area, account, changes, isAnyOne }: Why, count: number): string {
  const named = listed(names, "or", mostNames);
  if (reason === "empty-group") return "the post group has no connection";
  if (reason === "role-required") {
    return `it takes the role ${named}${isLimited ? ", which the limit of the user leaves out" : ""}`;
  }
  if (reason === "relation-required") return `it is for the ${named} of the post`;
  if (reason === "relation-excluded") return `it is not for the ${named} of the post`;
  if (reason === "unknown-connection") return strangers(count);
  if (reason === "fixed-by-role") return `what the role holds in ${showId(area)} is fixed, and no grant can change it`;
  const inAccount = account ? [`in the account, the user ${changeText(account, false)}`] : [];
  if (changes.length === 0) return inAccount[0] ?? `nothing is held in ${showId(area)}`;
  const onConnections = `${isAnyOne ? "it is enough to change one of these: " : ""}${repairs(changes, isAnyOne ? "or" : "and")}`;
  return [...inAccount, onConnections].join("; and ");
}

function strangers(count: number): string {
  if (count === 0) return "the account has no connection";
  if (count === 1) return "it is no connection of the account";
  return "not all of them are connections of the account";
}

function repairs(changes: Why["changes"], conjunction: "and" | "or"): string {
  const sentences = changes.map((change) => {
    const { connections } = change;
    const isMany = connections.length > 1 && conjunction === "and";
    return `${listed(connections, conjunction)} ${changeText(change, isMany)}`;
  });
  const more = sentences.length - mostNames;
  return [...sentences.slice(0, mostNames), ...(more > 0 ? [`${more} more in other ways`] : [])].join("; ");
}

/** Says what one or many hold and need. Of one area, the name is told once. */
function changeText({ holds, needs, isLimited }: Change, isMany: boolean): string {
  const s = isMany ? "" : "s";
  const has = isLimited ? `${isMany ? "are" : "is"} limited to` : `hold${s}`;
  return `${has} ${statesText(holds, true)} and need${s} ${statesText(needs, holds.length > 1)}`;
}

function statesText(states: readonly State[], withAreas: boolean): string {
  const named = states.map(({ area, level, flags }) => {
    const flagged = flags.length > 0 ? ` with ${listed(flags, "and", mostNames)}` : "";
    return `${showId(level)}${flagged}${withAreas ? ` in ${showId(area)}` : ""}`;
  });
  return sentenceList(named, "and");
}

function listed(ids: readonly string[], conjunction: "and" | "or", most = handful): string {
  const names = ids.slice(0, most).map(showId);
  return sentenceList(ids.length > most ? [...names, `${ids.length - most} more`] : names, conjunction);
}
