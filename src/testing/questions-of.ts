import { at, refuse } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import { expected } from "../core/base/message.js";
import { ownValue, readLastArgument } from "../core/base/readers.js";
import type { Area } from "../core/engine/area.js";
import { actionOf, type CompiledPolicy, compiledPolicyOf, plainPolicy } from "../core/engine/compiled-policy.js";
import { decodeGrant } from "../core/engine/grant-bits.js";
import { clausesOf, type Role } from "../core/engine/rule.js";
import { statesIn } from "../core/engine/standing.js";
import { createMatrix } from "../core/matrix/create-matrix.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { ActionOf, MatrixInput, Policy, PostGroup, TargetKind, TargetOf, User } from "../core/types/index.js";
import { standingsIn } from "./distinct-standings.js";

/**
 * A question for a gate: whether this user may do this action on this target.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { type Question, questionsOf } from "channel-grants/testing";
 *
 * const [first]: readonly Question<Engage>[] = questionsOf(engage).questions;
 * first?.action; // "publish.create"
 * ```
 */
export interface Question<P extends Policy = Policy, A extends ActionOf<P> = ActionOf<P>> {
  readonly user: User<P>;
  readonly action: A;
  readonly target: TargetOf<P, A>[0];
}

/**
 * Lists the questions that represent all questions about a policy, smallest first, and the account that they are about.
 *
 * Each role and each action is asked about every standing in the areas that the action is about, once with nothing held
 * in the other areas and once with the most. Strangers, a connection named twice, an empty group, and groups that leave
 * out what is held elsewhere are asked about too. In an area of more than eight states, groups have up to two of them.
 * If an action is about several areas, as many combinations are asked as stay under a thousand. Every call returns the
 * same questions, so a test may load the account into a database first.
 *
 * @param last the actions to ask about; all of them by default.
 * @throws `PolicyError` `invalid-policy` or `unknown-action`.
 *
 * @example
 * ```ts
 * import { allowedActions, engage } from "channel-grants";
 * import { questionsOf } from "channel-grants/testing";
 *
 * const { matrix, questions } = questionsOf(engage, ["publish.approve"]);
 * matrix.user(questions[0]?.user.id ?? "") === questions[0]?.user; // true
 * questions.every(({ action }) => action === "publish.approve"); // true
 * ```
 */
export function questionsOf<P extends Policy, const A extends ActionOf<P> = ActionOf<P>>(
  policy: P,
  ...last: readonly [actions?: readonly A[]]
): { readonly matrix: GrantMatrix<P>; readonly questions: readonly Question<P, A>[] } {
  const engine = plainPolicy(compiledPolicyOf(policy), "questionsOf");
  const every: readonly string[] = [...engine.actions.keys()];
  const names = readLastArgument(last, at("unknown-action", "actions"), every);
  // A gate that is asked nothing would pass.
  if (names.length === 0) refuse(at("unknown-action"), `no action; ${expected(engine.actions.keys())}`);
  // The last role is mostly the plainest, and of questions of one size the first is reported.
  const roles = [...engine.roles.values()].reverse();
  const cases = names.flatMap((action) => roles.flatMap((role) => casesOf(engine, role, action)));
  const users = new Map<string, string>();
  const rows: object[] = [];
  const idOf = ({ role, held }: Case) => {
    const key = JSON.stringify([role.name, held]);
    const known = users.get(key);
    if (known !== undefined) return known;
    const id = `${role.name}-${users.size + 1}`;
    const grants = new Map(held.map((bits, index) => [nameOf(index), decodeGrant(engine.keys, bits)]));
    users.set(key, id);
    rows.push({ id, role: role.name, grants });
    return id;
  };
  const asked = cases.map((each) => ({ ...each, id: idOf(each) }));
  // Both connections are known, even if nobody has a grant on them.
  const connections = [nameOf(0), nameOf(1)];
  const matrix = createMatrix(policy, { users: rows, connections } as MatrixInput<P>);
  const questions = asked
    .toSorted((one, other) => sizeOf(one) - sizeOf(other))
    .map(({ id, action, target }) => Object.freeze({ user: matrix.user(id), action, target: freeze(target) }));
  return Object.freeze({ matrix, questions: Object.freeze(questions) }) as unknown as ReturnType<
    typeof questionsOf<P, A>
  >;
}

/** A question before it is about somebody: what the user holds on the first connections of the account, as bits. */
interface Case {
  readonly role: Role;
  readonly held: readonly number[];
  readonly action: string;
  readonly target: string | PostGroup | undefined;
}

/** The number of states of an area up to which a group may have all of them. Beyond it, a group has two at most. */
const MOST_STATES = 8;

/** The most combinations of standings to try for an action about several areas. */
const MOST_COMBINATIONS = 1_000;

function casesOf(engine: CompiledPolicy, role: Role, action: string): readonly Case[] {
  const definition = actionOf(engine, action);
  const kind = definition.target;
  const named = new Set(clausesOf(definition).map((clause) => ownValue(clause, "area")));
  const about = engine.areas.filter(({ name }) => named.has(name));
  const nobody: Case[] = targetsOf(kind, 0).map((target) => ({ role, held: [], action, target }));
  if (role.fixed) return nobody;
  const somebody = heldBy(engine, about, kind).flatMap((held) =>
    targetsOf(kind, held.length).map((target) => ({ role, held, action, target })),
  );
  return [...nobody, ...somebody];
}

/**
 * Lists what a user may hold, connection by connection, with the least and with the most in the areas not asked about.
 */
function heldBy(engine: CompiledPolicy, about: readonly Area[], kind: TargetKind): readonly (readonly number[])[] {
  const { areas } = engine;
  const sets = setsOf(about, kind);
  if (!sets) return about.flatMap((area) => heldBy(engine, [area], kind));
  const choices = sets.reduce<readonly (readonly (readonly number[])[])[]>(
    (all, standings) => all.flatMap((chosen) => standings.map((set) => [...chosen, set])),
    [[]],
  );
  const others = areas.filter((area) => !about.includes(area));
  const most = others.reduce((bits, area) => bits | (statesIn(area.states).at(-1) as number), 0);
  return choices.flatMap((chosen) => {
    const length = Math.max(1, ...chosen.map((set) => set.length));
    // An area without a state is left out of the grant, and so at its lowest level.
    return [...new Set([0, most])].map((rest) =>
      Array.from({ length }, (_, index) =>
        chosen.reduce((bits, set) => bits | (set[index % set.length] as number), rest),
      ),
    );
  });
}

/**
 * Lists each area's standings, of as many states at once as leave few enough combinations; none where one is too many.
 */
function setsOf(about: readonly Area[], kind: TargetKind): readonly (readonly (readonly number[])[])[] | undefined {
  const upTo = (states: number) =>
    about.map((area) => standingsIn(area, statesIn(area.states).length > MOST_STATES ? Math.min(states, 2) : states));
  const attempts = kind === "connection" ? [1] : [MOST_STATES, 2, 1];
  return attempts.map(upTo).find((sets) => sets.reduce((count, { length }) => count * length, 1) <= MOST_COMBINATIONS);
}

/** Lists the targets to ask about for a user with so many grants. */
function targetsOf(kind: TargetKind, held: number): readonly (string | PostGroup | undefined)[] {
  const [first, second] = [nameOf(0), nameOf(1)];
  if (kind === "none") return [undefined];
  if (kind === "connection") return [first, STRANGE, second];
  const all = Array.from({ length: Math.max(1, held) }, (_, index) => nameOf(index));
  const whole = [all, [...all, STRANGE], [...all, first]];
  // What is held elsewhere must not count: few connections are enough to find a gate that counts it.
  const others = [
    [[], [STRANGE], [second], [first, second]],
    [[], [STRANGE], [second]],
    [[first], [second]],
  ];
  return [...(others.at(held) ?? []), ...whole].map((ids) => ({ connections: ids }));
}

/** A connection that is none of the account's. */
const STRANGE = "stranger";

function nameOf(index: number): string {
  return `c${index + 1}`;
}

/** A stranger is no plain case. */
function sizeOf({ held, target }: Case): number {
  if (typeof target !== "object") return held.length;
  return held.length + target.connections.length + (target.connections.includes(STRANGE) ? 2 : 0);
}
