import { ownValue } from "../core/base/readers.js";
import type { Area } from "../core/engine/area.js";
import { actionOf, type CompiledPolicy } from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { clausesOf, partsOf, type Role } from "../core/engine/rule.js";
import { statesIn } from "../core/engine/standing.js";
import type { TargetKind } from "../core/types/index.js";
import { standingsIn } from "./distinct-standings.js";
import { type RelationForms, relationsAskedOf } from "./relation-forms.js";

/** A question before it is about somebody: what the user holds on the first connections, and in the account. */
export interface Case {
  readonly role: Role;
  readonly held: readonly object[];
  readonly account: object;
  readonly action: string;
  readonly kind: TargetKind;
  /** The connections of the target; none, where there is no target. */
  readonly connections: readonly string[];
  readonly relations: RelationForms;
}

/** The number of states of an area up to which a group may have all of them. Beyond it, a group has two at most. */
const MOST_STATES = 8;

/** The most combinations of standings, and of what is held in the account, to try for an action about several areas. */
const MOST_COMBINATIONS = 1_000;

/** Lists the cases of an action for users of a role. */
export function casesOf(engine: CompiledPolicy, role: Role, action: string): readonly Case[] {
  const definition = actionOf(engine, action);
  const kind = definition.target;
  const named = areasNamed(engine, action);
  const { plain, further } = relationsAskedOf(engine, definition);
  const about = named.filter(({ isOfAccount }) => !(isOfAccount ? role.fixedAccount : role.fixed));
  const ofAccount = about.filter(({ isOfAccount }) => isOfAccount);
  const most = MOST_COMBINATIONS / plain.length;
  const nobody = role.fixedAccount ? [{ held: [], account: {} }] : accountsOf(engine, ofAccount, most);
  const somebody = role.fixed ? [] : heldBy(engine, role, about, kind, most);
  return [...nobody, ...somebody].flatMap(({ held, account }) =>
    targetsOf(kind, held.length).flatMap(({ connections, isWhole }) => {
      // How a relation is written has nothing to do with the standing: few connections are enough to find who misreads it.
      const forms = isWhole && held.length < 2 ? [...plain, ...further] : plain;
      return forms.map((relations) => ({ role, held, account, action, kind, connections, relations }));
    }),
  );
}

/** Lists the areas that an action is about, in the policy's order. */
export function areasNamed(engine: CompiledPolicy, action: string): readonly Area[] {
  const named = new Set(
    clausesOf(actionOf(engine, action)).flatMap((clause) => partsOf(clause).map((part) => ownValue(part, "area"))),
  );
  return engine.areas.filter(({ name }) => named.has(name));
}

/** What a user holds on the first connections, and in the account. */
interface Held {
  readonly held: readonly object[];
  readonly account: object;
}

/** Lists what a user may hold in the account who holds nothing on any connection. */
function accountsOf(engine: CompiledPolicy, about: readonly Area[], most: number): readonly Held[] {
  const others = (chosen: readonly Area[]) => engine.areas.filter((area) => area.isOfAccount && !chosen.includes(area));
  const all = heldIn(engine, about, others, "none", most);
  return all.map(({ account }) => ({ held: [], account }));
}

function heldBy(
  engine: CompiledPolicy,
  role: Role,
  about: readonly Area[],
  kind: TargetKind,
  most: number,
): readonly Held[] {
  const others = (chosen: readonly Area[]) =>
    engine.areas.filter((area) => !chosen.includes(area) && !(area.isOfAccount && role.fixedAccount));
  return heldIn(engine, about, others, kind, most);
}

/**
 * Lists what a user may hold, connection by connection, with the least and with the most in the areas not asked about.
 */
function heldIn(
  engine: CompiledPolicy,
  about: readonly Area[],
  othersOf: (about: readonly Area[]) => readonly Area[],
  kind: TargetKind,
  most: number,
): readonly Held[] {
  const sets = setsOf(about, kind, most);
  if (!sets) return about.flatMap((area) => heldIn(engine, [area], othersOf, kind, most));
  const choices = sets.reduce<readonly (readonly (readonly number[])[])[]>(
    (all, standings) => all.flatMap((chosen) => standings.map((set) => [...chosen, set])),
    [[]],
  );
  const rests: readonly (readonly Area[])[] = [[], ...(othersOf(about).length > 0 ? [othersOf(about)] : [])];
  return choices.flatMap((chosen) => {
    const length = Math.max(1, ...chosen.map((set) => set.length));
    // An area without a state is left out of the grant, and so at its lowest level.
    return rests.map((rest) => {
      const grantOf = (index: number, ofAccount: boolean) => {
        const states = engine.areas.map((area): readonly [Area, number | undefined] => {
          const set = chosen[about.indexOf(area)];
          const highest = rest.includes(area) ? statesIn(area.states).at(-1) : undefined;
          return [area, set ? set[index % set.length] : highest];
        });
        return spelt(
          engine,
          states.filter(([area]) => area.isOfAccount === ofAccount),
        );
      };
      return { held: Array.from({ length }, (_, index) => grantOf(index, false)), account: grantOf(0, true) };
    });
  });
}

/** Spells out one state of each area. */
function spelt(engine: CompiledPolicy, states: readonly (readonly [Area, number | undefined])[]): object {
  return Object.fromEntries(
    states.flatMap(([area, state]) =>
      state === undefined ? [] : Object.entries(decodeGrant(keysIn(keysFor(engine, area), area), state)),
    ),
  );
}

function keysFor({ keys, accountKeys }: CompiledPolicy, { isOfAccount }: Area): CompiledPolicy["keys"] {
  return isOfAccount ? accountKeys : keys;
}

/**
 * Lists each area's standings, of as many states at once as leave few enough combinations; none where one is too many.
 * The account stands in one state of each of its areas.
 */
function setsOf(
  about: readonly Area[],
  kind: TargetKind,
  most: number,
): readonly (readonly (readonly number[])[])[] | undefined {
  const upTo = (states: number) =>
    about.map((area) => {
      const most = statesIn(area.states).length > MOST_STATES ? Math.min(states, 2) : states;
      return standingsIn(area, area.isOfAccount ? 1 : most);
    });
  const attempts = kind === "connection" ? [1] : [MOST_STATES, 2, 1];
  const sets = attempts.map(upTo);
  const few = sets.find((each) => each.reduce((count, { length }) => count * length, 1) <= most);
  return few ?? (about.length === 1 ? sets.at(-1) : undefined);
}

/** The connections of a target, and whether they are all that is held and nothing else. */
interface Connections {
  readonly connections: readonly string[];
  readonly isWhole: boolean;
}

/** Lists the targets to ask about for a user with so many grants. */
function targetsOf(kind: TargetKind, held: number): readonly Connections[] {
  const [first, second] = [nameOf(0), nameOf(1)];
  const part = (...connections: readonly string[]) => ({ connections, isWhole: false });
  if (kind === "none") return [part()];
  if (kind === "connection") return [part(first), part(STRANGE), part(second)];
  const all = Array.from({ length: Math.max(1, held) }, (_, index) => nameOf(index));
  const whole = [{ connections: all, isWhole: true }, part(...all, STRANGE), part(...all, first)];
  // What is held elsewhere must not count: few connections are enough to find a gate that counts it.
  const others = [
    [part(), part(STRANGE), part(second), part(first, second)],
    [part(), part(STRANGE), part(second)],
    [part(first), part(second)],
  ];
  return [...(others.at(held) ?? []), ...whole];
}

/** A connection that is none of the account's. */
export const STRANGE = "stranger";

/** Names a connection by its place. */
export function nameOf(index: number): string {
  return `c${index + 1}`;
}
