import * as fc from "fast-check";
import { ownCopy } from "../../core/base/readers.js";
import { definePolicy } from "../../core/policies/define-policy.js";
import type { Policy } from "../../core/types/index.js";

/**
 * Draws policies: up to three areas with levels and flags, roles, and actions of every kind with every kind of clause.
 *
 * They shrink to few names and to the shortest clauses.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { createUser, allowedActions } from "channel-grants";
 * import { policies } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(policies(), (policy) => {
 *     const [role = ""] = Object.keys(policy.roles);
 *     const nobody = createUser(policy, { id: "nobody", role });
 *     return allowedActions(nobody, { connections: ["stranger"] }).length === 0;
 *   }),
 * );
 * ```
 */
export function policies(): fc.Arbitrary<Policy> {
  return definitions()
    .map(defined)
    .filter((policy) => policy !== undefined);
}

/**
 * Defines a policy, or returns `undefined`: a few drawn definitions have clauses that nothing satisfies, or too many
 * states.
 */
function defined(definition: unknown): Policy | undefined {
  try {
    return definePolicy(definition as never) as unknown as Policy;
  } catch {
    return undefined;
  }
}

interface AreaShape {
  readonly levels: readonly string[];
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  readonly noAccessCountsAs?: string;
}

const levels = ["none", "view", "draft", "post", "own"];
const flagNames = ["approver", "moderator", "analyst"];

/** An area of a policy: some of its levels, and a flag beside some of them. */
function area(flag: string): fc.Arbitrary<AreaShape> {
  return fc.subarray(levels.slice(1), { minLength: 1 }).chain((above) =>
    fc.record(
      {
        levels: fc.constant(["none", ...above]),
        flags: fc.subarray(above, { minLength: 1 }).map((beside) => ({ [flag]: beside })),
        noAccessCountsAs: fc.constantFrom(...above),
      },
      { requiredKeys: ["levels"] },
    ),
  );
}

function definitions(): fc.Arbitrary<unknown> {
  return fc
    .record({
      areas: fc
        .integer({ min: 1, max: 3 })
        .chain((count) =>
          fc
            .tuple(...flagNames.slice(0, count).map(area))
            .map((shapes) =>
              Object.fromEntries(shapes.map((shape, index) => [["posts", "inbox", "reports"][index] as string, shape])),
            ),
        ),
      roleNames: fc.subarray(["member", "manager", "owner"], { minLength: 1 }),
    })
    .chain(({ areas, roleNames }) =>
      fc.record({
        name: fc.constant("invented"),
        levels: fc.constant(levels),
        areas: fc.constant(areas),
        roles: fc
          .tuple(
            ...roleNames.map((name) => (name === "owner" ? fc.oneof(fc.constant({}), holds(areas)) : fc.constant({}))),
          )
          .map((roles) => Object.fromEntries(roles.map((role, index) => [roleNames[index] as string, role]))),
        actions: fc.dictionary(
          fc.constantFrom("view", "draft", "edit", "post", "approve", "report", "configure"),
          fc
            .constantFrom("none", "connection", "group")
            .chain((target) => fc.record({ target: fc.constant(target), allow: allow(areas, roleNames, target) })),
          { minKeys: 1, maxKeys: 5, noNullPrototype: true },
        ),
      }),
    );
}

type Areas = Readonly<Record<string, AreaShape>>;

/** A grant that a role holds everywhere: the highest level of some areas. */
function holds(areas: Areas): fc.Arbitrary<object> {
  return fc
    .subarray(Object.entries(areas))
    .map((some) => ({ holds: Object.fromEntries(some.map(([name, shape]) => [name, shape.levels.at(-1)])) }));
}

function allow(areas: Areas, roleNames: readonly string[], target: string): fc.Arbitrary<unknown> {
  const clause = fc.oneof(
    byLevel(areas, target),
    fc.constantFrom(...roleNames).map((role) => ({ role })),
  );
  const both = fc.tuple(byLevel(areas, target), fc.subarray([...roleNames], { minLength: 1 }));
  const any = fc.oneof(
    clause,
    both.map(([rest, role]) => ({ ...rest, role })),
  );
  return fc.oneof(any, fc.array(any, { minLength: 1, maxLength: 3 }));
}

/** A clause about an area: a level of one kind, a flag, or both. */
function byLevel(areas: Areas, target: string): fc.Arbitrary<object> {
  return fc.constantFrom(...Object.entries(areas)).chain(([name, shape]) => {
    const { levels: own, flags = {} } = ownCopy(shape);
    const kinds = target === "none" ? ["some"] : ["level", "exactly", "some"];
    const level = fc
      .tuple(fc.constantFrom(...kinds), fc.constantFrom(...own.slice(1)))
      .map(([kind, asked]) => ({ area: name, [kind]: asked }));
    const [flag] = Object.keys(flags);
    if (flag === undefined || target === "none") return level;
    return fc.oneof(
      level,
      fc.constant({ area: name, every: flag }),
      level.map((rest) => ({ ...rest, every: flag })),
    );
  });
}
