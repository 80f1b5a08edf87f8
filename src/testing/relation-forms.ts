import { ownValue } from "../core/base/readers.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import { type AnyAction, clausesOf } from "../core/engine/rule.js";

/** How who is in a relation to a post is written: about the user who is asked about, and others. */
export type RelationForm = "nobody" | "noOne" | "user" | "several" | "another" | "others";

/** The form of each relation that the target carries. */
export type RelationForms = readonly (readonly [relation: string, form: RelationForm])[];

/** Somebody else than the user who is asked about. */
export const ANOTHER = "somebody-else";

/** Relations of which more than these would make too many combinations: they are asked about one by one, and together. */
const MOST_RELATIONS = 3;

/**
 * Lists who is in which relation to the post: every combination of those that the action names, and, to find who misreads
 * them, other ways to write some of these. The target carries the others, too, as a host's own post does.
 */
export function relationsAskedOf(
  { relations }: CompiledPolicy,
  definition: AnyAction,
): { readonly plain: readonly RelationForms[]; readonly further: readonly RelationForms[] } {
  if (definition.target !== "group" || relations.length === 0) return { plain: [[]], further: [] };
  const named = relationsNamed(definition, relations);
  const sets = setsOf(named);
  const write = (form: (relation: string) => RelationForm): RelationForms =>
    relations.map((relation) => [relation, form(relation)]);
  return {
    plain: sets.map((set) => write((relation) => (set.includes(relation) ? "user" : "nobody"))),
    further: [
      // What is not asked must not count.
      ...sets.map((set) =>
        write((relation) => (set.includes(relation) ? "several" : named.includes(relation) ? "others" : "user")),
      ),
      write(() => "another"),
      write(() => "noOne"),
    ],
  };
}

/** Lists the relations that the clauses of an action name, in the policy's order. */
export function relationsNamed(definition: AnyAction, relations: readonly string[]): readonly string[] {
  const named = clausesOf(definition).flatMap((clause) => [
    ownValue(clause, "is") ?? [],
    ownValue(clause, "isNot") ?? [],
  ]);
  return relations.filter((relation) => named.flat().includes(relation));
}

/** Lists the sets of some names: all of them, or where these are too many, none, each alone, and all together. */
export function setsOf(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length > MOST_RELATIONS) return [[], ...names.map((name) => [name]), names];
  const sets: (readonly string[])[] = [[]];
  for (const name of names) for (const set of [...sets]) sets.push([...set, name]);
  return sets;
}

/** Writes who is in each relation to the post of a question about a user. */
export function relatedTo(
  user: string,
  forms: RelationForms,
): Readonly<Record<string, string | readonly string[] | null>> {
  const written = { nobody: null, noOne: [], user, several: [ANOTHER, user], another: ANOTHER, others: [ANOTHER] };
  return Object.fromEntries(forms.map(([relation, form]) => [relation, written[form]]));
}
