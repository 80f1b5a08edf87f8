import { at, refuse } from "../core/base/faults.js";
import { expected, showValue } from "../core/base/message.js";
import type { Change, ReadDecision, State, Why } from "../core/decisions/read-decision.js";
import type { LabelKind, ReadRefusal, Words, Writer } from "../core/decisions/words.js";
import type { Text } from "../core/language/text.js";
import { fillText } from "../core/language/texts.js";
import type { DecisionTexts } from "./language.js";
import type { ReadLanguage } from "./read-language.js";

type Values = Readonly<Record<string, string>>;

/** What is said of one user, in a language and with labels. */
interface Speech {
  readonly grammar: ReadLanguage["grammar"];
  readonly isShort: boolean;
  readonly label: Writer["label"];
  /** Says a text about the decision, in the plural form of a count. */
  readonly say: (key: keyof DecisionTexts, values: Values, count?: number) => string;
}

/** Returns what writes in a language, with labels, for who reads. */
export function writerIn(
  language: ReadLanguage,
  label: Writer["label"],
  { form, reader }: Omit<Words, "locale">,
): Writer {
  const { grammar, decisions, refusals } = language;

  /** Writes a text about a user. If there is none, it is about who reads. */
  function write(text: Text, values: Values, user: string | undefined, count = 1): string {
    const person = user === undefined || user === reader ? "you" : "they";
    return fillText(text, [person, form, grammar.form(count), "other"], values);
  }

  function speechAbout(user: string | undefined, action: string): Speech {
    const nameOf: Writer["label"] = (kind, id, area) => {
      const name = label(kind, id, area);
      return unnamed.has(kind) ? name : write(decisions.name, { user: "", action: "", name }, user);
    };
    const shared = { user: user === undefined ? "" : label("users", user), action: nameOf("actions", action) };
    const say: Speech["say"] = (key, values, count) => write(decisions[key], { ...shared, ...values }, user, count);
    return { grammar, isShort: form === "short", label: nameOf, say };
  }

  function decision({ user, action, connections, why }: ReadDecision): string {
    const speech = speechAbout(user, action);
    const on = connections.length > 0 ? "On" : "";
    const values = { connections: listed(speech, "connections", connections, "and") };
    if (!why) return speech.say(`allowed${on}`, values);
    return speech.say(`denied${on}`, { ...values, why: because(speech, why, connections.length) });
  }

  function refusal({ reason, user, asked, decision: read }: ReadRefusal): string {
    const { "stand-in": standIn, ...texts } = refusals;
    const text = Object.entries(texts).find(([key]) => key === reason)?.[1];
    if (text === undefined)
      refuse(at("invalid-decision", "reason"), `${showValue(reason)} is not accepted; ${expected(Object.keys(texts))}`);
    const name = (id: string | undefined) => (id === undefined ? "" : label("users", id));
    const values = { user: name(user), for: name(asked), decision: read ? decision(read) : "" };
    const said = write(text, values, user).trim();
    return asked === undefined ? said : write(standIn, { ...values, refusal: said }, user);
  }

  return {
    label,
    decision,
    refusal,
    notLoaded: (action) => speechAbout(undefined, action).say("notLoaded", {}),
    readBy: (other) => writerIn(language, label, { form, reader: other }),
  };
}

/** What is a name already. Other labels are words of the application, which a language may set in quotation marks. */
const unnamed: ReadonlySet<LabelKind> = /* @__PURE__ */ new Set(["users", "connections", "relations"] as const);

function because(speech: Speech, why: Why, count: number): string {
  const { say, label } = speech;
  const { reason, isLimited, names, account: lacking, changes, isAnyOne } = why;
  if (reason === "empty-group") return say("emptyGroup", {});
  if (reason === "role-required")
    return say(isLimited ? "roleLimited" : "role", { roles: listed(speech, "roles", names, "or") });
  if (reason === "relation-required" || reason === "relation-excluded") {
    const relations = listed(speech, "relations", names, "or");
    return say(reason === "relation-required" ? "relation" : "notRelation", { relations });
  }
  if (reason === "unknown-connection") return say(count > 0 ? "unknown" : "noConnection", {}, count);
  const area = label("areas", why.area);
  if (reason === "fixed-by-role") return say("fixed", { area });
  const account = lacking && say("account", changeValues(speech, lacking));
  if (changes.length === 0) return account ?? say("nothing", { area });
  const onConnections = repairs(speech, changes, isAnyOne ? "or" : "and");
  return account === undefined ? onConnections : say("also", { first: account, next: onConnections });
}

/** Says what to change, of a tooltip no more than two things. */
function repairs(speech: Speech, changes: Why["changes"], conjunction: "and" | "or"): string {
  const { grammar, isShort, say } = speech;
  const clauses = changes.map((change) => {
    const connections = listed(speech, "connections", change.connections, conjunction);
    const count = conjunction === "and" ? change.connections.length : 1;
    return say("change", { connections, ...changeValues(speech, change, count) }, count);
  });
  const told = cut(speech, clauses, clauses.length, isShort ? 2 : 10, "moreChanges");
  return conjunction === "or" ? grammar.list(told, "or") : told.reduce((first, next) => say("also", { first, next }));
}

/** Puts in words what is held and needed. If there are several areas, they are always named. */
function changeValues(speech: Speech, { holds, needs, isLimited }: Change, count?: number): Values {
  const isOne = holds.length === 1;
  const [holdsIn, needsIn] = [statesText(speech, holds, true), statesText(speech, needs, true)];
  const held = { holdsIn, holds: isOne ? statesText(speech, holds, false) : holdsIn };
  return {
    has: speech.say(isLimited ? "hasLimited" : "has", held, count),
    needs: isOne ? statesText(speech, needs, false) : needsIn,
    needsIn,
  };
}

function statesText(speech: Speech, states: readonly State[], withAreas: boolean): string {
  const { grammar, label, say } = speech;
  const named = states.map(({ area, level: id, flags: ids }) => {
    const level = label("levels", id, area);
    const flags = listed(speech, "flags", ids, "and", area);
    const state = ids.length > 0 ? say("withFlags", { level, flags }) : level;
    return withAreas ? say("inArea", { state, area: label("areas", area) }) : state;
  });
  return grammar.list(named, "and");
}

/** Lists labels: of connections a handful, and most of what a policy names; few in a tooltip. */
function listed(
  speech: Speech,
  kind: LabelKind,
  ids: readonly string[],
  conjunction: "and" | "or",
  area?: string,
): string {
  const most = speech.isShort ? 3 : kind === "connections" ? 5 : 60;
  const names = ids.slice(0, most + 1).map((id) => speech.label(kind, id, area));
  return speech.grammar.list(cut(speech, names, ids.length, most, "more"), conjunction);
}

/** Shortens a list, and says how many more there are. One more is not worth that, and has a gender in some languages. */
function cut(
  { grammar, say }: Speech,
  items: readonly string[],
  length: number,
  most: number,
  key: "more" | "moreChanges",
): readonly string[] {
  const more = length - most;
  return more > 1 ? [...items.slice(0, most), say(key, { count: grammar.number(more) }, more)] : items;
}
