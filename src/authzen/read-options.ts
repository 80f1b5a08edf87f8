import { at, below, type Place, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { readField, readFunction, readQuestion, readString } from "../core/base/readers.js";
import { type CompiledPolicy, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import type { Policy } from "../core/types/index.js";
import type { DecisionPointOptions, EntityTypes } from "./decision-point-types.js";

/** The options of a decision point, read. */
export interface CheckedOptions
  extends Pick<DecisionPointOptions, "account" | "loadUser" | "loadGroup" | "loadAccount" | "listGroups" | "onError"> {
  readonly engine: CompiledPolicy;
  readonly types: Required<EntityTypes>;
  readonly url: string | undefined;
  readonly mostBytes: number;
  readonly mostEvaluations: number;
  readonly mostResults: number;
}

const needed = ["account", "loadUser", "onError"] as const;
const loaders = ["loadGroup", "loadAccount", "listGroups"] as const;
const bounds = { mostBytes: 1_048_576, mostEvaluations: 1000, mostResults: 1000 } as const;
const kinds = ["user", "connection", "group", "account"] as const;

/** Reads the options of a decision point. */
export function readOptions(policy: Policy, source: unknown): CheckedOptions {
  const engine = compiledPolicyOf(policy);
  const place = at("invalid-decision-point");
  const known = [...needed, ...loaders, "url", "types", ...Object.keys(bounds)];
  const fields = readQuestion(source, place, known);
  const read = <Field>(key: string, reader: (value: unknown, place: Place) => Field) =>
    readField(fields, place, key, reader) as Field;
  const readIfGiven = <Field>(key: string, reader: (value: unknown, place: Place) => Field, otherwise?: Field) =>
    fields.has(key) ? read(key, reader) : otherwise;
  const most = (key: keyof typeof bounds) => readIfGiven(key, readBound, bounds[key]) as number;
  return {
    engine,
    account: read("account", readId),
    loadUser: read("loadUser", readFunction),
    loadGroup: readIfGiven("loadGroup", readFunction),
    loadAccount: readIfGiven("loadAccount", readFunction),
    listGroups: readIfGiven("listGroups", readFunction),
    onError: read("onError", readFunction),
    url: readIfGiven("url", readUrl),
    types: readTypes(fields.has("types") ? fields.get("types") : {}, below(place, "types")),
    mostBytes: most("mostBytes"),
    mostEvaluations: most("mostEvaluations"),
    mostResults: most("mostResults"),
  } as CheckedOptions;
}

function readId(value: unknown, place: Place): string {
  return readString(value, place) || refuse(place, `"" is not accepted; expected an id`);
}

function readBound(value: unknown, place: Place): number {
  return Number.isSafeInteger(value) && (value as number) > 0
    ? (value as number)
    : refuse(place, `${showValue(value)} is not accepted; expected a whole number above zero`);
}

/** Reads the identifier, to which paths are appended. */
function readUrl(value: unknown, place: Place): string {
  const text = readString(value, place);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && text === `${url.origin}${url.pathname.replace(/\/$/, "")}`) return text;
  return refuse(place, `${showValue(text)} is not accepted; expected an https URL like "https://pdp.example.com"`);
}

/** Reads the names of types. Resources of two kinds have two names. */
function readTypes(source: unknown, place: Place): Required<EntityTypes> {
  const fields = readQuestion(source, place, kinds);
  const types = Object.fromEntries(
    kinds.map((kind) => [kind, fields.has(kind) ? readField(fields, place, kind, readId) : kind]),
  ) as unknown as Required<EntityTypes>;
  const { user: _, ...resources } = types;
  const taken = new Set<string>();
  for (const [kind, name] of Object.entries(resources)) {
    if (taken.has(name)) refuse(place, `${showValue(name)} names two kinds of resources; expected one name each`, kind);
    taken.add(name);
  }
  return types;
}
