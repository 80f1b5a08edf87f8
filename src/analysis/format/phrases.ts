import { showId } from "../../core/base/message.js";
import { ownCopy, ownValue } from "../../core/base/readers.js";
import type { LabelKind } from "../../core/decisions/words.js";
import { type AnyClause, type AnyPart, type AnyPattern, partsOf } from "../../core/engine/rule.js";
import type { StatesDefinition } from "../../core/types/index.js";
import type { Speech } from "../language/speech.js";
import type { Witness } from "../policies/witness.js";

/** Names something, and says something about it. */
export function titled({ say }: Speech, title: string, about: string): string {
  return say("titled", { title, about });
}

/** Lists what is called by labels, as a sentence does. */
export function labelList(
  { label, list }: Speech,
  kind: LabelKind,
  ids: readonly string[],
  conjunction: "and" | "or" = "and",
): string {
  return list(
    ids.map((id) => label(kind, id)),
    conjunction,
  );
}

/** Describes a grant: its levels, each after its area if asked for, the flags that are on, and its end. */
export function grantText({ label, say }: Speech, grant: object = {}, withAreas = false): string {
  let area = "";
  const held: string[] = [];
  for (const [key, value] of Object.entries(grant)) {
    if (key === "until") continue;
    if (typeof value === "string") {
      area = key;
      const state = label("levels", value, key);
      held.push(withAreas ? say("inArea", { area: label("areas", key), state }) : state);
    }
    // The flags of an area come after its level.
    if (value === true) held.push(label("flags", key, area));
  }
  const text = held.join(" + ");
  return Object.hasOwn(grant, "until")
    ? say("until", { grant: text, until: showId((grant as { readonly until: string }).until) })
    : text;
}

/** Describes a user by role and grants, and names the connections of the group. */
export function witnessText(speech: Speech, { user, connections, ...rest }: Witness): string {
  const { label, list, say } = speech;
  const grants = Object.entries(ownValue(user, "grants") ?? {}).map(([id, grant]) =>
    say("grantOn", { connection: label("connections", id), grant: grantText(speech, grant, true) }),
  );
  const account = ownValue(user, "account");
  const held = account ? [say("grantInAccount", { grant: grantText(speech, account, true) })] : [];
  const all = [...grants, ...held];
  const role = label("roles", user.role);
  const who = all.length > 0 ? say("holding", { role, grants: list(all, "and") }) : role;
  if (connections.length === 0) return who;
  const relations = Object.entries(ownValue(rest, "relations") ?? {})
    .filter(([, id]) => id !== null)
    .map(([relation]) => relation);
  const asked = say("onGroup", { who, connections: labelList(speech, "connections", connections) });
  if (relations.length === 0) return asked;
  return say("asRelated", { who: asked, relations: labelList(speech, "relations", relations) });
}

/** Joins texts, two at a time. */
function joined({ say }: Speech, key: "and" | "or" | "with", texts: readonly string[]): string {
  return texts.reduce((first, next) => (first === "" ? next : say(key, { first, next })), "");
}

/** Calls a level or a flag by its label: no flag has the name of a level. */
export function stateLabel({ label }: Speech, name: string, area: string): string {
  const level = label("levels", name, area);
  return level === showId(name) ? label("flags", name, area) : level;
}

/** Describes a set of states. */
function patternText(speech: Speech, pattern: AnyPattern, area: string): string {
  const { label, say } = speech;
  if (typeof pattern === "string") return stateLabel(speech, pattern, area);
  if (Array.isArray(pattern)) {
    return joined(
      speech,
      "or",
      pattern.map((each) => patternText(speech, each, area)),
    );
  }
  const { level, exactly, flags = [] } = ownCopy(pattern as StatesDefinition<string, string>);
  return joined(speech, "with", [
    ...(level === undefined ? [] : [say("atLeast", { level: label("levels", level, area) })]),
    ...(exactly === undefined ? [] : [say("exactly", { level: label("levels", exactly, area) })]),
    ...flags.map((flag) => label("flags", flag, area)),
  ]);
}

/** Describes what a clause requires. */
export function clauseText(speech: Speech, clause: AnyClause): string {
  const { role, is, isNot } = ownCopy(clause);
  const one = (
    key: "role" | "is" | "isNot",
    kind: "roles" | "relations",
    names: string | readonly string[] | undefined,
  ) =>
    names === undefined ? [] : [speech.say(key, { [kind]: labelList(speech, kind, [names].flat() as string[], "or") })];
  const parts = partsOf(clause).map((part) => partText(speech, part));
  return [
    ...one("role", "roles", role),
    ...one("is", "relations", is),
    ...one("isNot", "relations", isNot),
    ...(parts.length > 0 ? [joined(speech, "and", parts)] : []),
  ].join(", ");
}

/** Describes what is asked of one area. */
function partText(speech: Speech, asked: AnyPart): string {
  const { label, list, say } = speech;
  const { area = "", level, exactly, some, every } = ownCopy(asked);
  const all = [
    ...(level === undefined ? [] : [say("atLeast", { level: label("levels", level, area) })]),
    ...(exactly === undefined ? [] : [say("exactly", { level: label("levels", exactly, area) })]),
    ...(some === undefined ? [] : [say("somewhere", { pattern: patternText(speech, some, area) })]),
    ...(every === undefined ? [] : [say("everywhere", { pattern: patternText(speech, every, area) })]),
  ];
  return say("inArea", { area: label("areas", area), state: list(all, "and") });
}
