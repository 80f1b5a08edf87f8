import { at, refuse } from "../base/faults.js";
import { showId } from "../base/message.js";
import { registryOf } from "../base/registry.js";
import { type Bits, joinBits, wordOf } from "../engine/bits.js";
import { type CompiledPolicy, isSamePolicy } from "../engine/compiled-policy.js";
import { bitsOf, type Holdings, standingOn } from "../users/holdings.js";
import type { ConnectionIndex } from "../users/packed-user.js";

/** Who asks about a group: a user, or all users of an account. */
export interface Asker {
  readonly engine: CompiledPolicy;
  /** The account, if there is one. */
  readonly origin: object | undefined;
}

/** A post group that was looked up. What it knows is of things that never change, so it is never out of date. */
export interface Prepared extends Asker {
  readonly ids: readonly string[];
  /** Another engine of the same policy, if one has asked. */
  alike: CompiledPolicy | undefined;
  /** The connections of an account that asked last, by number: with each list of connections, a new one is made. */
  places: Places | undefined;
  /** The user in no matrix who asked last, with its standing. */
  asked: { readonly holding: Holdings; readonly standing: Bits } | undefined;
}

interface Places {
  readonly index: ConnectionIndex;
  readonly numbers: readonly number[];
  /** Whether a connection is not of the account. */
  readonly isStrange: boolean;
}

// Keyed by the group, so that a look-alike is read as the post group that it is.
const groups = /* @__PURE__ */ registryOf<Prepared>("group");

/** Keeps what was looked up for a group. */
export function keepPrepared(group: object, asker: Asker, ids: readonly string[]): void {
  const { engine, origin } = asker;
  groups.set(group, { engine, origin, ids, alike: undefined, places: undefined, asked: undefined });
}

/** Gives what was looked up for a target, if it was; refuses a group of another account, or of another policy. */
export function preparedFor({ engine, origin }: Asker, target: unknown, asked: string): Prepared | undefined {
  const group = groups.get(target as object);
  if (group === undefined) return undefined;
  if (group.origin !== undefined && group.origin !== origin) refuseOther("matrix", asked);
  if (group.engine !== engine && group.alike !== engine) {
    if (!isSamePolicy(group.engine, engine)) refuseOther("policy", asked);
    group.alike = engine;
  }
  return group;
}

function refuseOther(maker: "matrix" | "policy", asked: string): never {
  const made = maker === "matrix" ? "by the matrix of another account" : "for another policy";
  const expected = maker === "matrix" ? "of this account, or by prepareGroup" : "for this policy";
  refuse(
    at("wrong-target"),
    `a group prepared ${made} is not a target of ${showId(asked)}; expected one prepared ${expected}`,
  );
}

/** Gives a user's standing over a group: the one word that is asked for, as a number, or several. */
export function standingOverGroup(
  holding: Holdings,
  group: Prepared,
  words: readonly number[],
  certain: readonly number[],
): Bits {
  const { member, engine } = holding;
  const bits = member && bitsOf(member);
  if (!(bits instanceof Int32Array)) return inWords(standingByIds(holding, group), words);
  const { numbers, isStrange } = placesIn(group, (member as NonNullable<typeof member>).index);
  const enough = certain[0] ?? 0;
  let standing = isStrange ? (engine.stranger as number) : 0;
  for (let index = 0; index < numbers.length && (standing & enough) === 0; index++) {
    standing |= bits[numbers[index] as number] as number;
  }
  return standing;
}

function placesIn(group: Prepared, index: ConnectionIndex): Places {
  const known = group.places;
  if (known?.index === index) return known;
  const numbers = new Set(group.ids.map((id) => index.numbers.get(id)));
  const isStrange = numbers.delete(undefined);
  group.places = { index, numbers: [...numbers] as number[], isStrange };
  return group.places;
}

function standingByIds(holding: Holdings, group: Prepared): Bits {
  if (group.asked?.holding === holding) return group.asked.standing;
  const { words } = holding.engine;
  let standing: Bits = words.length > 1 ? words.map(() => 0) : 0;
  for (const id of group.ids) standing = joinBits(standing, standingOn(holding, id));
  group.asked = { holding, standing };
  return standing;
}

/** Gives of some bits what is asked for: of one word, a number. */
export function inWords(bits: Bits, words: readonly number[]): Bits {
  return words.length === 1 ? wordOf(bits, words[0] as number) : bits;
}
