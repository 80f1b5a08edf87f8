import { at, below, refuse } from "../base/faults.js";
import { sentenceList, showId, showValue } from "../base/message.js";
import { elementAt, lengthOf, readString } from "../base/readers.js";
import { type Bits, wordOf } from "../engine/bits.js";
import type { TargetKind } from "../types/index.js";
import { type Holdings, standingOfAll, standingOn } from "../users/holdings.js";

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
  accepted: readonly TargetKind[] = [kind],
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

/** Copies the ids of a target, for what reads them more than once. */
export function readIds(target: unknown, kind: TargetKind, asked: string): readonly string[] {
  const connections = readTarget(target, kind, asked);
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

/**
 * Gives the standing over the connections of a target, or over all that the user holds where there is none: the one word
 * that is asked for, as a number, or several. It reads no further once it has any of the states that make an answer certain.
 */
export function standingOver(
  holding: Holdings,
  kind: TargetKind,
  connections: readonly unknown[],
  words: readonly number[] = holding.engine.words,
  certain = 0,
): Bits {
  if (kind === "none") return standingOfAll(holding);
  const length = lengthOf(connections, inGroup);
  if (words.length > 1) return standingInWords(holding, connections, words);
  const word = words[0] as number;
  let standing = 0;
  for (let index = 0; index < length && (standing & certain) === 0; index++) {
    standing |= wordOf(standingOn(holding, readId(elementAt(connections, index), index)), word);
  }
  return standing;
}

function standingInWords(
  holding: Holdings,
  connections: readonly unknown[],
  words: readonly number[],
): readonly number[] {
  const standing = holding.engine.words.map(() => 0);
  const length = lengthOf(connections, inGroup);
  for (let index = 0; index < length; index++) {
    const bits = standingOn(holding, readId(elementAt(connections, index), index));
    for (const word of words) standing[word] = (standing[word] as number) | wordOf(bits, word);
  }
  return standing;
}
