import { definePolicy, type Policy } from "channel-grants";
import { checkPolicy, type Finding, type PolicyCheck } from "channel-grants/analysis";
import { policySchema } from "channel-grants/schema";
import { outcomeOf } from "../outcome.js";
import type { Definition } from "./definition.js";

/** What a definition is refused for, and where. */
export interface Refused {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type Verdict =
  | { readonly ok: true; readonly policy: Policy; readonly refused: readonly [] }
  | { readonly ok: false; readonly refused: readonly Refused[] };

/** Says whether a definition is a policy, and what of it is not. */
export function verdictOf(definition: Definition): Verdict {
  const { success, data, error } = policySchema.safeParse(definition);
  if (success) return { ok: true, policy: definePolicy(data), refused: [] };
  return { ok: false, refused: error.issues.slice(0, 100).map(({ path, message }) => ({ path, message })) };
}

/** Says what a text is refused for, also one that cannot be drawn; undefined where it is no JSON at all. */
export function refusedOf(text: string): readonly Refused[] | undefined {
  try {
    return verdictOf(JSON.parse(text)).refused;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Gives what stands at a place or below it. */
export function refusedAt(refused: readonly Refused[], ...place: readonly PropertyKey[]): readonly Refused[] {
  return refused.filter(({ path }) => place.every((key, depth) => path[depth] === key));
}

/** Something that was found about an action or an area. */
export interface Found {
  readonly check: PolicyCheck["check"];
  readonly finding: Finding;
  /** Whether it is as it should be, and good to know. */
  readonly isExpected: boolean;
}

export interface FoundByPlace {
  readonly actions: ReadonlyMap<string, readonly Found[]>;
  readonly areas: ReadonlyMap<string, readonly Found[]>;
}

export const nothingFound: FoundByPlace = { actions: new Map(), areas: new Map() };

/** Checks a policy, and says what was found where it belongs. That a group differs from its connections is good to know. */
export function findingsOf(policy: Policy): FoundByPlace {
  const worked = outcomeOf(() => checkPolicy(policy, { group: {} }).checks);
  if (!worked.ok) return nothingFound;
  const found = worked.value.flatMap(({ check, findings, exceptions }) => [
    ...findings.map((finding): Found => ({ check, finding, isExpected: check === "group" })),
    ...exceptions.map((finding): Found => ({ check, finding, isExpected: true })),
  ]);
  return {
    actions: byPlace(found, ({ action }) => action),
    areas: byPlace(found, ({ action, area }) => (action === undefined ? area : undefined)),
  };
}

function byPlace(
  found: readonly Found[],
  placeOf: (finding: Finding) => string | undefined,
): ReadonlyMap<string, readonly Found[]> {
  const places = new Map<string, Found[]>();
  for (const each of found) {
    const place = placeOf(each.finding);
    if (place !== undefined) places.set(place, [...(places.get(place) ?? []), each]);
  }
  return places;
}
