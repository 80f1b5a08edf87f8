import * as fc from "fast-check";
import { at } from "../../core/base/faults.js";
import { readInstant } from "../../core/base/instant.js";
import { readLastArgument, readList } from "../../core/base/readers.js";
import { compiledPolicyOf } from "../../core/engine/compiled-policy.js";
import { decodeAbove, type Key, keysIn } from "../../core/engine/grant-bits.js";
import { statesIn } from "../../core/engine/standing.js";
import type { MatrixJSON } from "../../core/matrix/grant-matrix.js";
import type { GrantInput, GroupOf, Instant, Policy, PostGroup, UserRow } from "../../core/types/index.js";

/** The connections of one brand, by default. */
export const someConnections: readonly string[] = ["fb", "ig", "x", "li"];
const someIds: readonly string[] = ["ana", "ben", "cat", "dan", "eve", "fay"];

/**
 * Draws grants: any level in each area, with any of the flags that may stand beside it.
 *
 * They shrink to the lowest level without flags. An area at its lowest level is left out.
 *
 * @param last instants to draw ends from: then some of the grants end, and the account is asked about at an instant.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { createUser, engage } from "channel-grants";
 * import { grants } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(grants(engage), (grant) => {
 *     createUser(engage, { id: "ana", role: "viewer", grants: { fb: grant } });
 *   }),
 * );
 * ```
 */
export function grants<P extends Policy>(
  policy: P,
  ...last: readonly [ends?: readonly Instant[]]
): fc.Arbitrary<GrantInput<P>> {
  return grantsOf(compiledPolicyOf(policy).keys, readEnds(last)) as fc.Arbitrary<GrantInput<P>>;
}

/** Reads the instants to draw ends from. */
function readEnds(last: readonly [ends?: readonly Instant[]]): readonly string[] {
  const place = at("invalid-grant", "until");
  return readList(readLastArgument(last, place, []), place, readInstant);
}

/** Draws a state of each area that some keys are of, leaves out what is at its lowest, and ends some at one of the instants. */
function grantsOf(keys: readonly Key[], ends: readonly string[]): fc.Arbitrary<object> {
  const areas = [...new Set(keys.map(({ area }) => area))];
  const inArea = areas.map((area) => {
    const states = statesIn(area.states);
    // By its number: a state that fails shrinks to the lowest one that does.
    return fc.nat({ max: states.length - 1 }).map((index) => decodeAbove(keysIn(keys, area), states[index] as number));
  });
  const lasting = fc.tuple(...inArea).map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))));
  if (ends.length === 0) return lasting;
  const until = fc.oneof(
    fc.constant({}),
    fc.constantFrom(...ends).map((each) => ({ until: each })),
  );
  return fc.tuple(lasting, until).map(([grant, end]) => ({ ...grant, ...end }));
}

/**
 * Draws users, as input for `createUser`: any role, grants on some connections, further connections that they know, and
 * what they hold in the account.
 *
 * They shrink to the policy's first role, and to no grants.
 *
 * @param last the ids of connections to draw from, then instants to draw ends from: `createUser` needs `{ at }` for these.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { accessLevel, createUser, engage } from "channel-grants";
 * import { users } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(users(engage), (row) => accessLevel(createUser(engage, row), "publish", "stranger") === "no-access"),
 * );
 * ```
 */
export function users<P extends Policy>(
  policy: P,
  ...last: readonly [connections?: readonly string[], ends?: readonly Instant[]]
): fc.Arbitrary<UserRow<P>> {
  const connections = readConnections(last);
  const ends = last.slice(1) as [ends?: readonly Instant[]];
  const { roles, accountKeys } = compiledPolicyOf(policy);
  return fc
    .record({
      id: fc.constantFrom(...someIds),
      role: fc.constantFrom(...roles.values()),
      entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...connections), grants(policy, ...ends)), {
        selector: ([connection]) => connection,
        maxLength: connections.length,
      }),
      known: fc.subarray([...connections]),
      account: grantsOf(accountKeys, accountKeys.length > 0 ? readEnds(ends) : []),
    })
    .map(({ id, role, entries, known, account }) => {
      const above = role.fixed ? [] : entries.filter(([, grant]) => Object.keys(grant).length > 0);
      const granted = Object.fromEntries(above);
      const others = known.filter((connection) => !Object.hasOwn(granted, connection));
      return {
        id,
        role: role.name,
        ...(above.length > 0 && { grants: granted }),
        ...(others.length > 0 && { connections: others }),
        ...(!role.fixedAccount && Object.keys(account).length > 0 && { account }),
      } as unknown as UserRow<P>;
    });
}

/**
 * Draws accounts, as input for `createMatrix`: up to six users on some of the connections.
 *
 * @param last the ids of connections to draw from, then instants to draw ends from: `createMatrix` needs `{ at }` for these.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { can, createMatrix, engage } from "channel-grants";
 * import { matrices } from "channel-grants/testing/arbitraries";
 *
 * fc.assert(
 *   fc.property(matrices(engage), (input) => {
 *     const account = createMatrix(engage, input);
 *     return account.usersFor("publish.create").every((id) => can(account.user(id), "publish.create"));
 *   }),
 * );
 * ```
 */
export function matrices<P extends Policy>(
  policy: P,
  ...last: readonly [connections?: readonly string[], ends?: readonly Instant[]]
): fc.Arbitrary<MatrixJSON<P>> {
  const connections = readConnections(last);
  const ends = last.slice(1) as [ends?: readonly Instant[]];
  return fc.record({
    users: fc.uniqueArray(users(policy, connections, ...ends), { selector: ({ id }) => id, maxLength: someIds.length }),
    connections: fc.subarray([...connections]),
  });
}

function readConnections(last: readonly [connections?: readonly string[], ...unknown[]]): readonly string[] {
  const given = last.slice(0, 1) as [connections?: readonly string[]];
  return readLastArgument(given, at("wrong-target", "connections"), someConnections);
}

/**
 * Draws post groups. Some are empty, name a connection twice, or have a connection that no account knows.
 *
 * @param last the ids to draw from.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { can, createUser, engage } from "channel-grants";
 * import { groups } from "channel-grants/testing/arbitraries";
 *
 * const nobody = createUser(engage, { id: "nobody", role: "admin" });
 * fc.assert(fc.property(groups(), (group) => !can(nobody, "publish.view", group)));
 * ```
 */
export function groups(...last: readonly [connections?: readonly string[]]): fc.Arbitrary<PostGroup> {
  const connections = readConnections(last);
  return fc.record({ connections: fc.array(fc.constantFrom(...connections, "stranger"), { maxLength: 6 }) });
}

/**
 * Draws posts of a policy: post groups that carry who is in each relation to the post: an id, a list of ids, or `null`.
 *
 * They shrink to posts of nobody. Some are of somebody who is none of the drawn users.
 *
 * @param last the ids of connections to draw from.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import * as fc from "fast-check";
 * import { can, createUser, definePolicy } from "channel-grants";
 * import { posts } from "channel-grants/testing/arbitraries";
 *
 * const desk = definePolicy({
 *   name: "desk",
 *   levels: ["none", "write"],
 *   areas: { stories: { levels: ["none", "write"] } },
 *   roles: { writer: {} },
 *   relations: ["author"],
 *   actions: { edit: { target: "group", allow: { area: "stories", level: "write", is: "author" } } },
 * });
 * const zoe = createUser(desk, { id: "zoe", role: "writer", grants: { fb: { stories: "write" } } });
 * fc.assert(fc.property(posts(desk), (post) => !can(zoe, "edit", post)));
 * ```
 */
export function posts<P extends Policy>(
  policy: P,
  ...last: readonly [connections?: readonly string[]]
): fc.Arbitrary<GroupOf<P>> {
  const { relations } = compiledPolicyOf(policy);
  const id = fc.constantFrom(...someIds, "somebody else");
  const related = fc.oneof(fc.constant(null), id, fc.uniqueArray(id, { maxLength: 3 }));
  return fc.tuple(groups(...last), fc.tuple(...relations.map(() => related))).map(([group, users]) => {
    const entries = relations.map((relation, index) => [relation, users[index]] as const);
    return { ...Object.fromEntries(entries), ...group } as GroupOf<P>;
  });
}
