import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { jsonLanguage } from "@codemirror/lang-json";
import schema from "channel-grants/policy.schema.json";
import { getLocation, parse } from "jsonc-parser";

// Keys come from the JSON Schema of a policy, and names from the policy itself, which the schema knows nothing of.

/** What can be typed at a place of a definition. */
export function completionsAt(text: string, offset: number): { readonly from: number; readonly options: Completion[] } {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const isOnText = previousNode !== undefined && offset >= previousNode.offset && previousNode.type === "string";
  const from = isOnText && previousNode ? previousNode.offset : wordBefore(text, offset);
  const definition: unknown = parse(text);
  const place = isAtPropertyKey ? path.slice(0, -1) : path;
  const names = isAtPropertyKey ? keysAt(place, definition) : valuesAt(place, definition);
  const options = names.map(
    (name): Completion => ({ label: JSON.stringify(name), type: isAtPropertyKey ? "property" : "enum" }),
  );
  return { from, options };
}

export const completions = jsonLanguage.data.of({
  autocomplete: ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const { from, options } = completionsAt(state.doc.toString(), pos);
    return options.length === 0 || (from === pos && !explicit) ? null : { from, options };
  },
});

function wordBefore(text: string, offset: number): number {
  const word = /["\w.-]*$/.exec(text.slice(0, offset))?.[0] ?? "";
  return offset - word.length;
}

type Place = readonly (string | number)[];

/** The keys that an object at a place may have, and does not have yet. */
function keysAt(place: Place, definition: unknown): readonly string[] {
  const there = Object.keys(record(valueAt(place, definition)));
  const { areas } = record(definition);
  const ofPolicy =
    place.length === 3 && place[0] === "roles" && place[2] === "holds"
      ? Object.entries(record(areas)).flatMap(([area, each]) => [area, ...Object.keys(record(record(each).flags))])
      : [];
  return [
    ...new Set([...schemasAt(place).flatMap(({ properties = {} }) => Object.keys(properties)), ...ofPolicy]),
  ].filter((key) => !there.includes(key));
}

/** The values that fit at a place: those of the schema, and the names of the policy. */
function valuesAt(place: Place, definition: unknown): readonly string[] {
  const { levels, areas, roles, relations, actions } = record(definition);
  const fixed = schemasAt(place).flatMap((each) => each.enum ?? (each.const === undefined ? [] : [each.const]));
  const key = place.findLast((each) => typeof each === "string") ?? "";
  const flags = Object.values(record(areas)).flatMap((area) => Object.keys(record(record(area).flags)));
  const level = strings(levels);
  const named = (): readonly string[] => {
    if (place[0] === "approval") return Object.keys(record(actions));
    if (place[0] === "areas" || (place[0] === "roles" && place[2] === "holds")) return key === "of" ? [] : level;
    if (place[0] !== "actions") return [];
    if (key === "area") return Object.keys(record(areas));
    if (key === "role") return Object.keys(record(roles));
    if (key === "is" || key === "isNot") return strings(relations);
    if (key === "flags") return flags;
    if (key === "level" || key === "exactly") return level;
    return key === "some" || key === "every" ? [...level, ...flags] : [];
  };
  return [...new Set([...fixed.filter((each): each is string => typeof each === "string"), ...named()])];
}

/** A JSON Schema, as far as completion reads it. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** The schemas that a value at a place may fit. */
function schemasAt(place: Place): readonly Schema[] {
  return place.reduce<readonly Schema[]>(
    (schemas, key) =>
      schemas.flatMap((each) => {
        if (typeof key === "number") return alternatives(each.items);
        const rest = typeof each.additionalProperties === "object" ? each.additionalProperties : undefined;
        return alternatives(each.properties?.[key] ?? rest);
      }),
    alternatives(schema as Schema),
  );
}

function alternatives(one: Schema | undefined): readonly Schema[] {
  if (one === undefined) return [];
  return one.anyOf ? one.anyOf.flatMap(alternatives) : [one];
}

function valueAt(place: Place, value: unknown): unknown {
  return place.reduce<unknown>((at, key) => (Array.isArray(at) ? at[Number(key)] : record(at)[String(key)]), value);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
