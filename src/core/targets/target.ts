import { at, below, refuse } from "../base/faults.js";
import { sentenceList, showId, showValue } from "../base/message.js";
import { elementAt, lengthOf, readString } from "../base/readers.js";
import type { Bits } from "../engine/bits.js";
import type { TargetKind } from "../types/index.js";
import { type Holdings, standingOfAll, standingOn } from "../users/holdings.js";
import { type Asker, preparedGroups } from "./prepared-group.js";

const forms: Readonly<Record<TargetKind, string>> = {
  none: "no target",
  connection: "the id of a connection",
  group: "a post group, { connections: [ids] }",
};

/** The place of the connections of a post group. */
export const inGroup = /* @__PURE__ */ at("wrong-target", "connections");

/** Checks the form of a target and gives its connections, whose ids are checked as they are read. */
export function readTarget(
  target: unknown,
  kind: TargetKind,
  asked: string,
  accepted: readonly TargetKind[],
): readonly unknown[] {
  if (kind === "none" && target === undefined) return [];
  if (kind === "connection" && typeof target === "string") return [target];
  if (kind === "group" && typeof target === "object" && target !== null && !Array.isArray(target)) {
    // A host's own post may inherit its connections from its class, but what every object has was given by nobody.
    const given = !("connections" in Object.prototype) || Object.hasOwn(target, "connections");
    const { connections } = target as { readonly connections?: unknown };
    if (given && Array.isArray(connections)) return connections;
  }
  const what =
    target === undefined
      ? `no target for ${showId(asked)}`
      : `${showValue(target)} is not a target of ${showId(asked)}`;
  const form = accepted.map((each) => forms[each]);
  return refuse(at("wrong-target"), `${what}; expected ${sentenceList(form, "or")}`);
}

/** Copies the ids of a target, for what reads them more than once. A prepared group is one for who asks, if that is known. */
export function readIds(target: unknown, kind: TargetKind, asked: string, asker: Asker | undefined): readonly string[] {
  if (asker && kind === "group") {
    const group = preparedGroups.get(target as object);
    group?.ways.check(group, asker, asked);
  }
  const connections = readTarget(target, kind, asked, [kind]);
  const length = lengthOf(connections, inGroup);
  const ids: string[] = [];
  for (let index = 0; index < length; index++) ids.push(readId(elementAt(connections, index), index));
  return ids;
}

/** Checks an id, which may be an element of a group. */
export function readId(id: unknown, index?: number): string {
  // Only a fault needs its place.
  if (typeof id === "string") return id;
  return readString(id, index === undefined ? at("wrong-target") : below(inGroup, index), "a connection's id");
}

/** Reads a target, and gives the standing over it as `standingOver` does. A group that was prepared need not be read. */
export function standingOverTarget(
  holding: Holdings,
  kind: TargetKind,
  target: unknown,
  asked: string,
  words: readonly number[] = holding.engine.words,
  certain: readonly number[] = none,
  accepted: readonly TargetKind[] = [kind],
): Bits {
  const group = kind === "group" ? preparedGroups.get(target as object) : undefined;
  if (group === undefined)
    return standingOver(holding, kind, readTarget(target, kind, asked, accepted), words, certain);
  group.ways.check(group, holding, asked);
  return group.ways.standingOf(group, holding, words);
}

/**
 * Gives the standing over the connections of a target, or over all that the user holds where there is none: the one word
 * that is asked for, as a number, or several. It reads no further once it has any of the states that make an answer certain.
 */
export function standingOver(
  holding: Holdings,
  kind: TargetKind,
  connections: readonly unknown[],
  words: readonly number[] = holding.engine.words,
  certain: readonly number[] = none,
): Bits {
  if (kind === "none") return standingOfAll(holding, holding.member?.index);
  const length = lengthOf(connections, inGroup);
  if (holding.engine.words.length > 1) return standingInWords(holding, connections, length, words, certain);
  const enough = certain[0] ?? 0;
  let standing = 0;
  for (let index = 0; index < length && (standing & enough) === 0; index++) {
    standing |= standingOn(holding, readId(elementAt(connections, index), index)) as number;
  }
  return standing;
}

const none: readonly number[] = [];

/** Gives the standing in some words of several: a number if it is one of them. */
function standingInWords(
  holding: Holdings,
  connections: readonly unknown[],
  length: number,
  words: readonly number[],
  certain: readonly number[],
): Bits {
  const bitsAt = (index: number) =>
    standingOn(holding, readId(elementAt(connections, index), index)) as readonly number[];
  if (words.length === 1) {
    const word = words[0] as number;
    const enough = certain[0] ?? 0;
    let standing = 0;
    for (let index = 0; index < length && (standing & enough) === 0; index++) {
      standing |= bitsAt(index)[word] as number;
    }
    return standing;
  }
  const standing: number[] = new Array(holding.engine.words.length).fill(0);
  for (let index = 0; index < length; index++) {
    const bits = bitsAt(index);
    let decided = 0;
    // Not by an iterator, which takes twice as long.
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as number;
      const states = (standing[word] as number) | (bits[word] as number);
      standing[word] = states;
      decided |= states & (certain[at] ?? 0);
    }
    if (decided !== 0) break;
  }
  return standing;
}
