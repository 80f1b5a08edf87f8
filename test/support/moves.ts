import fc from "fast-check";
import type { GrantMapping } from "../../src/analysis/index.js";
import { smallDefinitions, statesOf } from "./arbitraries.js";
import type { Definition, GrantData } from "./reference-model.js";

/** Every grant there is on a connection, or in the account. */
export function grantsOf(definition: Definition, ofAccount: boolean): GrantData[] {
  return Object.entries(definition.areas)
    .filter(([, { of }]) => (of === "account") === ofAccount)
    .reduce<GrantData[]>(
      (all, [area]) => all.flatMap((grant) => statesOf(definition, area).map((state) => ({ ...grant, ...state }))),
      [{}],
    );
}

/** Two policies, and a mapping that says of each state what it becomes. */
export const moves = fc
  .tuple(smallDefinitions, smallDefinitions, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }))
  .map(([first, second, numbers]) => {
    const draw = <Item>(items: readonly Item[]) => items[(numbers.pop() ?? 0) % items.length] as Item;
    const free = new Set(Object.keys(second.areas));
    const areas = Object.fromEntries(
      Object.entries(first.areas).map(([name, { of }]) => {
        const next = draw([null, ...[...free].filter((other) => second.areas[other]?.of === of)]);
        if (next !== null) free.delete(next);
        return [name, next] as const;
      }),
    );
    const states = Object.entries(areas).flatMap(([name, next]) =>
      next === null
        ? []
        : statesOf(first, name)
            .slice(1)
            .map((from) => ({ from, to: draw(statesOf(second, next)) })),
    );
    const roles = Object.fromEntries(Object.keys(first.roles).map((role) => [role, draw(Object.keys(second.roles))]));
    return { first, second, mapping: { areas, roles, states } as GrantMapping };
  });
