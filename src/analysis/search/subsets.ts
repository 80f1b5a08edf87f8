import type { ConnectionLiteral } from "./literals.js";

/** Lists the lowest state of each kind: of those that the same literals forbid and require. */
export function kindsAmong(
  states: readonly number[],
  literals: readonly Pick<ConnectionLiteral, "forbid" | "require">[],
): readonly number[] {
  const kinds = new Map<string, number>();
  for (const state of states) {
    const kind = literals.map(({ forbid, require }) => `${state & forbid ? 1 : 0}${state & require ? 1 : 0}`).join();
    if (!kinds.has(kind)) kinds.set(kind, state);
  }
  return [...kinds.values()];
}

/** Lists the sets of so many states, the lowest first. */
export function* subsets(states: readonly number[], size: number): Generator<readonly number[]> {
  if (size === 0) yield [];
  else
    for (const [index, state] of states.entries()) {
      for (const rest of subsets(states.slice(index + 1), size - 1)) yield [state, ...rest];
    }
}

/** Lists the choices of one from each list, the first ones first. */
export function* tuples([first, ...rest]: readonly (readonly number[])[]): Generator<readonly number[]> {
  if (!first) yield [];
  else for (const one of first) for (const more of tuples(rest)) yield [one, ...more];
}
