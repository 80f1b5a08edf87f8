import * as fc from "fast-check";
import { ownCopy } from "../../core/base/readers.js";
import { definePolicy } from "../../core/policies/define-policy.js";
import type { Policy } from "../../core/types/index.js";

/**
 * Draws policies of the whole language: up to three areas of connections and two of the account, with levels and flags,
 * roles, relations, and actions of every kind with every kind of clause. Some have more than 30 states in all.
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
 *     return allowedActions(nobody, "stranger").length === 0;
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
  readonly of?: "account";
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  readonly noAccessCountsAs?: string;
}

const levels = ["none", "view", "draft", "post", "own"];
const flagsIn = { posts: ["approver", "planner"], inbox: ["moderator"], reports: ["analyst"] };
const accountFlagsIn = { billing: ["auditor"], team: ["recruiter"] };
const relationNames = ["author", "assignee"];

/** An area of a policy: some of its levels, and flags beside some of them. */
function area(flags: readonly string[]): fc.Arbitrary<AreaShape> {
  return fc.subarray(levels.slice(1), { minLength: 1 }).chain((above) =>
    fc.record(
      {
        levels: fc.constant(["none", ...above]),
        flags: fc
          .tuple(fc.subarray([...flags], { minLength: 1 }), fc.subarray(above, { minLength: 1 }))
          .map(([some, beside]) => Object.fromEntries(some.map((flag) => [flag, beside]))),
        noAccessCountsAs: fc.constantFrom(...above),
      },
      { requiredKeys: ["levels"] },
    ),
  );
}

/** Some areas: the first few of these. */
function areasOf(flags: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Areas> {
  const names = Object.keys(flags);
  return fc
    .oneof({ weight: names.length, arbitrary: fc.integer({ min: 1, max: names.length }) }, fc.constant(0))
    .chain((count) => fc.tuple(...names.slice(0, count).map((name) => area(flags[name] as readonly string[]))))
    .map((shapes) => Object.fromEntries(shapes.map((shape, index) => [names[index] as string, shape])));
}

/** Areas of the account: nothing there counts as another level. */
function accountAreas(): fc.Arbitrary<Areas> {
  return fc
    .oneof(fc.constant({}), areasOf(accountFlagsIn))
    .map((areas: Areas) =>
      Object.fromEntries(
        Object.entries(areas).map(([name, { noAccessCountsAs: _, ...shape }]) => [name, { ...shape, of: "account" }]),
      ),
    );
}

/** Now and then so many areas of two levels that the policy has more than 30 states. */
function ticks(): fc.Arbitrary<Areas> {
  const sixteen = Array.from({ length: 16 }, (_, index) => [`tick-${index + 1}`, { levels: ["none", "own"] }]);
  return fc.oneof({ weight: 15, arbitrary: fc.constant({}) }, fc.constant(Object.fromEntries(sixteen)));
}

function definitions(): fc.Arbitrary<unknown> {
  return fc
    .record({
      areas: fc
        .tuple(areasOf(flagsIn), accountAreas(), ticks())
        .map(([some, ofAccount, many]): Areas => ({ ...some, ...ofAccount, ...many })),
      roleNames: fc.subarray(["member", "manager", "owner"], { minLength: 1 }),
      relations: fc.subarray(relationNames),
    })
    .chain(({ areas, roleNames, relations }) =>
      fc.record({
        name: fc.constant("invented"),
        levels: fc.constant(levels),
        areas: fc.constant(areas),
        roles: fc
          .tuple(
            ...roleNames.map((name) => (name === "owner" ? fc.oneof(fc.constant({}), holds(areas)) : fc.constant({}))),
          )
          .map((roles) => Object.fromEntries(roles.map((role, index) => [roleNames[index] as string, role]))),
        ...(relations.length > 0 && { relations: fc.constant(relations) }),
        actions: fc.dictionary(
          fc.constantFrom("view", "draft", "edit", "post", "approve", "report", "configure"),
          fc.constantFrom("none", "connection", "group").chain((target) =>
            fc.record({
              target: fc.constant(target),
              allow: allow(areas, roleNames, target === "group" ? relations : [], target),
            }),
          ),
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

function allow(
  areas: Areas,
  roleNames: readonly string[],
  relations: readonly string[],
  target: string,
): fc.Arbitrary<unknown> {
  const subjects = subjectsOf(areas, target);
  const role = fc.constantFrom(...roleNames).map((name) => ({ role: name }));
  const roles = fc.subarray([...roleNames], { minLength: 1 }).map((some) => ({ role: some }));
  const clauses = [
    ...subjects,
    role,
    ...subjects.map((subject) => fc.tuple(subject, roles).map(([rest, some]) => ({ ...rest, ...some }))),
  ];
  const plain = fc.oneof(...clauses);
  const any =
    relations.length > 0 ? fc.oneof(plain, relatedClause(fc.oneof(fc.constant({}), plain), relations)) : plain;
  return fc.oneof(any, fc.array(any, { minLength: 1, maxLength: 3 }));
}

/** A clause for users who are in a relation to the post, or in none. */
function relatedClause(clause: fc.Arbitrary<object>, relations: readonly string[]): fc.Arbitrary<object> {
  const some = fc.oneof(fc.constantFrom(...relations), fc.subarray([...relations], { minLength: 1 }));
  const keys = fc.oneof(
    some.map((is) => ({ is })),
    some.map((isNot) => ({ isNot })),
    fc.tuple(some, some).map(([is, isNot]) => ({ is, isNot })),
  );
  return fc.tuple(clause, keys).map(([rest, relation]) => ({ ...rest, ...relation }));
}

/** What a clause may ask of areas: of one, or of several at once. Of these, only the first asks of some connection. */
function subjectsOf(areas: Areas, target: string): readonly fc.Arbitrary<object>[] {
  const inAreas = Object.entries(areas);
  const firsts = inAreas.flatMap(([name, shape]) => partsOf(name, shape, target));
  const others = inAreas.flatMap(([name, shape]) => (target === "none" && !shape.of ? [] : [everyOf(name, shape)]));
  if (firsts.length === 0) return [];
  const first = fc.oneof(...firsts);
  if (others.length === 0) return [first];
  const several = fc.tuple(first, fc.array(fc.oneof(...others), { minLength: 1, maxLength: 2 }));
  return [first, several.map(([one, more]) => ({ and: [one, ...more] }))];
}

/** What may be asked of an area: a level of one kind, a pattern, or both. */
function partsOf(name: string, shape: AreaShape, target: string): readonly fc.Arbitrary<object>[] {
  const above = shape.levels.slice(1);
  const asking = (kind: string, what: fc.Arbitrary<unknown>) => what.map((asked) => ({ area: name, [kind]: asked }));
  const some = fc.oneof(asking("some", fc.constantFrom(...above)), asking("some", pattern(shape)));
  if (target === "none" && !shape.of) return [some];
  const level = fc.oneof(
    asking("level", fc.constantFrom(...above)),
    asking("exactly", fc.constantFrom(...above)),
    ...(shape.of ? [] : [some]),
  );
  const every = everyOf(name, shape);
  return [level, every, fc.tuple(level, every).map(([one, other]) => ({ ...one, ...other }))];
}

function everyOf(name: string, shape: AreaShape): fc.Arbitrary<object> {
  return pattern(shape).map((every) => ({ area: name, every }));
}

/** A set of states of an area. */
function pattern(shape: AreaShape): fc.Arbitrary<unknown> {
  const { levels: own, flags = {} } = ownCopy(shape);
  const above = own.slice(1);
  const flagged = Object.entries(flags);
  const level = fc.constantFrom(...above);
  const states = fc.oneof(
    level.map((each) => ({ level: each })),
    level.map((each) => ({ exactly: each })),
    ...flagged.flatMap(([flag, beside]) => [
      fc.constant({ flags: [flag] }),
      fc.constantFrom(...beside).map((each) => ({ level: each, flags: [flag] })),
      fc.constantFrom(...beside).map((each) => ({ exactly: each, flags: [flag] })),
    ]),
    ...(flagged.length > 1 ? [fc.constant({ flags: Object.keys(flags) })] : []),
  );
  const one = fc.oneof(fc.constantFrom(...Object.keys(flags), ...above), states);
  return fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 2 }));
}
